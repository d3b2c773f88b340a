/// The backend for NVIDIA GPUs: the driver, cuBLAS, cuSOLVER and NVRTC through `java.lang.foreign`, and kernels in CUDA
/// C++ that are compiled when a [Gpu] is opened.
@NullMarked
package dev.wellspring.linalg.cuda;

import org.jspecify.annotations.NullMarked;
