// All kernels, as one program.
#include "activations.cu"
#include "attention.cu"
#include "elements.cu"
#include "fused.cu"
#include "gradients.cu"
#include "norms.cu"
#include "reductions.cu"
#include "softmax.cu"
