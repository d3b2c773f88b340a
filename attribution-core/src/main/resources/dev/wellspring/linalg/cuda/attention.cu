// Where the matrices of a batch lie whose batch has two strides, for cuBLAS to read.
#include "view.cuh"

namespace {

// to[i] = base + (i / inner)·outerStride + (i % inner / sharing)·innerStride, in bytes.
__device__ inline void writeAddresses(
    Index* to, Index base, Index outerStride, Index inner, Index sharing, Index innerStride, int count) {
    for (Index i = blockIdx.x * static_cast<Index>(THREADS) + threadIdx.x; i < count;
         i += static_cast<Index>(gridDim.x) * THREADS) {
        to[i] = base + i / inner * outerStride + i % inner / sharing * innerStride;
    }
}

}  // namespace

KERNEL_OF(addresses, writeAddresses,
    (Index* to, Index base, Index outerStride, Index inner, Index sharing, Index innerStride, int count),
    (to, base, outerStride, inner, sharing, innerStride, count))
