// What softmaxes of attention and losses share: soft caps, and what a row sees.
#pragma once

#include "loops.cuh"

namespace {

template <typename S> __device__ inline S lowest() { return -static_cast<S>(__uint_as_float(0x7f800000u)); }

// c·tanh(s/c), or s without a cap.
template <typename S> __device__ inline S capped(S score, S softCap) {
    return softCap == 0 ? score : softCap * hyperbolicTangent(score / softCap);
}

// To about 2⁻²¹ of itself where −16 < x < 0.
__device__ inline float fastExponential(float x) { return __expf(x); }

template <typename S> __device__ inline S capDerivative(S score, S softCap) {
    if (softCap == 0) {
        return 1;
    }
    S t = hyperbolicTangent(score / softCap);
    return 1 - t * t;
}

__device__ inline Index firstVisible(Index row, Index window) {
    return window == 0 ? 0 : greatest(0, row - window + 1);
}

}  // namespace
