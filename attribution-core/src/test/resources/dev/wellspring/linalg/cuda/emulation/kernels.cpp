// The kernels themselves, and some that try the emulation.
#include "emulation.h"

#include "kernels.cu"

namespace {

// out[b] = Σ x over block b's share of 256 numbers, by a tree in shared memory; without its barriers when asked.
void treeSum(const float* x, float* out, int barriers) {
    __shared__ float part[THREADS];
    int me = static_cast<int>(threadIdx.x);
    part[me] = x[blockIdx.x * THREADS + threadIdx.x];
    for (int half = THREADS / 2; half > 0; half /= 2) {
        if (barriers) {
            __syncthreads();
        }
        if (me < half) {
            part[me] += part[me + half];
        }
    }
    if (me == 0) {
        out[blockIdx.x] = part[0];
    }
}

// As treeSum, in dynamic shared memory.
void dynamicSum(const float* x, float* out) {
    DYNAMIC_SHARED(float, part);
    part[threadIdx.x] = x[blockIdx.x * THREADS + threadIdx.x];
    __syncthreads();
    if (threadIdx.x == 0) {
        float all = 0;
        for (int i = 0; i < THREADS; i++) {
            all += part[i];
        }
        out[blockIdx.x] = all;
    }
}

// Two sums one after the other through the same shared number; a barrier between them is needed.
void twoSums(float* out, int barrier) {
    __shared__ int number;
    for (int round = 1; round <= 2; round++) {
        if (threadIdx.x == 0) {
            number = round;
        }
        __syncthreads();
        out[(round - 1) * THREADS + threadIdx.x] = static_cast<float>(number);
        if (barrier) {
            __syncthreads();
        }
    }
}

// out = shared memory that nobody has written.
template <typename S> void unwritten(S* out) {
    __shared__ S part[THREADS];
    out[threadIdx.x] = part[threadIdx.x];
    __syncthreads();
    part[threadIdx.x] = 1;
}

void readUnwritten(float* out) { unwritten(out); }

// out = each lane's value from a shuffle: xor 1, up 1, down 1, from lane 5, one after the other.
void shuffles(int* out) {
    int me = static_cast<int>(threadIdx.x);
    out[4 * me] = __shfl_xor_sync(ALL_LANES, me, 1);
    out[4 * me + 1] = __shfl_up_sync(ALL_LANES, me, 1);
    out[4 * me + 2] = __shfl_down_sync(ALL_LANES, me, 1);
    out[4 * me + 3] = __shfl_sync(ALL_LANES, me, 5);
}

// Half of each warp shuffles as if all did.
void halfShuffle(int* out) {
    if (threadIdx.x % WARP < 16) {
        out[threadIdx.x] = __shfl_xor_sync(ALL_LANES, 1, 1);
    }
}

// Even and odd threads wait at different barriers.
void splitBarrier(int* out) {
    if (threadIdx.x % 2 == 0) {
        __syncthreads();
    } else {
        __syncthreads();
    }
    out[threadIdx.x] = 1;
}

// Some threads end before the barrier.
void earlyEnd(int* out) {
    if (threadIdx.x < 5) {
        return;
    }
    __syncthreads();
    out[threadIdx.x] = 1;
}

// Writes one element before or behind what it got.
void strayWrite(float* out, int place) {
    if (threadIdx.x == 0) {
        out[place] = 1;
    }
}

}  // namespace

EMULATED(treeSum)
EMULATED(dynamicSum)
EMULATED(twoSums)
EMULATED(readUnwritten)
EMULATED(shuffles)
EMULATED(halfShuffle)
EMULATED(splitBarrier)
EMULATED(earlyEnd)
EMULATED(strayWrite)
