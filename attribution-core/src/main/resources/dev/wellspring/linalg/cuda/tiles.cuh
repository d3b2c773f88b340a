// Products of small tiles on tensor cores: a warp multiplies 16 × 16 numbers in bfloat16 with 16 × 8 and adds to sums in
// float. Tiles lie in shared memory, row-major. Needs compute capability 8.0; before that these functions do nothing,
// and nobody calls them.
//
// Of a product's sums a thread holds two pairs: columns 2t and 2t + 1 of row g, and the same of row g + 8, where g is its
// lane over 4 and t the rest.
#pragma once

#include "loops.cuh"

namespace {

// d += a·b.
__device__ inline void multiplyAdd(float (&d)[4], const unsigned (&a)[4], unsigned b0, unsigned b1) {
#if defined(EMULATED_TENSOR_CORES)
    emulation::multiplyAdd(d, a, b0, b1, EMULATED_SITE);
#elif __CUDA_ARCH__ >= 800
    asm volatile(
        "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
        : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
#endif
}

// Four matrices of 8 × 8: lane l says where row l % 8 of number l / 8 lies, and gets its pair of each.
__device__ inline void loadMatrices(unsigned (&x)[4], const Bfloat16* row) {
#if defined(EMULATED_TENSOR_CORES)
    emulation::loadMatrices(x, row, false, EMULATED_SITE);
#elif __CUDA_ARCH__ >= 800
    unsigned address = static_cast<unsigned>(__cvta_generic_to_shared(row));
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];"
                 : "=r"(x[0]), "=r"(x[1]), "=r"(x[2]), "=r"(x[3])
                 : "r"(address)
                 : "memory");
#endif
}

// The same, each matrix transposed.
__device__ inline void loadTransposed(unsigned (&x)[4], const Bfloat16* row) {
#if defined(EMULATED_TENSOR_CORES)
    emulation::loadMatrices(x, row, true, EMULATED_SITE);
#elif __CUDA_ARCH__ >= 800
    unsigned address = static_cast<unsigned>(__cvta_generic_to_shared(row));
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0, %1, %2, %3}, [%4];"
                 : "=r"(x[0]), "=r"(x[1]), "=r"(x[2]), "=r"(x[3])
                 : "r"(address)
                 : "memory");
#endif
}

// Sixteen bytes to shared memory, both at multiples of that, some time before waitForCopies.
__device__ inline void copyLater(uint4* to, const void* from) {
#if defined(EMULATED_TENSOR_CORES)
    emulation::copy(to, from);
#elif __CUDA_ARCH__ >= 800
    unsigned address = static_cast<unsigned>(__cvta_generic_to_shared(to));
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16;" ::"r"(address), "l"(from) : "memory");
#endif
}

// What this thread has asked to be copied since the last time is one group.
__device__ inline void endGroup() {
#if !defined(EMULATED_TENSOR_CORES) && __CUDA_ARCH__ >= 800
    asm volatile("cp.async.commit_group;" ::: "memory");
#endif
}

// Until this thread's groups have arrived, but for the latest LATEST ones.
template <int LATEST> __device__ inline void waitForCopies() {
#if !defined(EMULATED_TENSOR_CORES) && __CUDA_ARCH__ >= 800
    asm volatile("cp.async.wait_group %0;" ::"n"(LATEST) : "memory");
#endif
}

__device__ inline int lane() { return threadIdx.x % WARP; }
__device__ inline int warp() { return threadIdx.x / WARP; }

// Eight numbers, as they are moved.
union Eight {
    uint4 words;
    Bfloat16 number[8];
};

__device__ inline bool isWhole(const Bfloat16* address, int count) {
    return count >= 8 && reinterpret_cast<unsigned long long>(address) % 16 == 0;
}

// Two sums as a pair of factors.
__device__ inline unsigned pair(float first, float second) {
    Bfloat16 low;
    Bfloat16 high;
    narrow(first, low);
    narrow(second, high);
    return static_cast<unsigned>(low.bits) | static_cast<unsigned>(high.bits) << 16;
}

// Numbers from one row of a tile to the next: eight more than it has, so that rows lie in different banks.
template <int COLUMNS> constexpr int PITCH = COLUMNS + 8;

template <int N> __device__ inline void clear(float (&s)[N][4]) {
#pragma unroll
    for (int n = 0; n < N; n++) {
#pragma unroll
        for (int i = 0; i < 4; i++) {
            s[n][i] = 0;
        }
    }
}

// s += A·Bᵀ of 16 rows of A, at `a`, and N rows of B, at `b`, both of K numbers.
template <int N, int K> __device__ inline void addRowsByRows(float (&s)[N / 8][4], const Bfloat16* a, const Bfloat16* b) {
    const Bfloat16* ofA = a + lane() % 16 * PITCH<K> + lane() / 16 * 8;
    const Bfloat16* ofB = b + (lane() / 16 * 8 + lane() % 8) * PITCH<K> + lane() / 8 % 2 * 8;
#pragma unroll
    for (int k = 0; k < K; k += 16) {
        unsigned left[4];
        loadMatrices(left, ofA + k);
#pragma unroll
        for (int n = 0; n < N; n += 16) {
            unsigned right[4];
            loadMatrices(right, ofB + n * PITCH<K> + k);
            multiplyAdd(s[n / 8], left, right[0], right[1]);
            multiplyAdd(s[n / 8 + 1], left, right[2], right[3]);
        }
    }
}

// o += P·B of 16 rows of K numbers, which are a product's sums, and K rows of B with N numbers, at `b`.
template <int N, int K>
__device__ inline void addProduct(float (&o)[N / 8][4], const float (&p)[K / 8][4], const Bfloat16* b) {
    const Bfloat16* ofB = b + (lane() / 8 % 2 * 8 + lane() % 8) * PITCH<N> + lane() / 16 * 8;
#pragma unroll
    for (int k = 0; k < K; k += 16) {
        const float (&first)[4] = p[k / 8];
        const float (&second)[4] = p[k / 8 + 1];
        unsigned left[4] = {pair(first[0], first[1]), pair(first[2], first[3]), pair(second[0], second[1]),
            pair(second[2], second[3])};
#pragma unroll
        for (int n = 0; n < N; n += 16) {
            unsigned right[4];
            loadTransposed(right, ofB + k * PITCH<N> + n);
            multiplyAdd(o[n / 8], left, right[0], right[1]);
            multiplyAdd(o[n / 8 + 1], left, right[2], right[3]);
        }
    }
}

// Copies `rowsThere` rows of `columnsThere` numbers into a tile of `rows` by COLUMNS, zeros behind them; `stride` numbers
// lie from one row to the next. Arrives with the thread's group of copies.
template <int COLUMNS>
__device__ inline void loadRows(
    const Bfloat16* data, Index stride, int rowsThere, int columnsThere, int rows, Bfloat16* tile) {
    constexpr int ACROSS = COLUMNS / 8;
    for (int i = threadIdx.x; i < rows * ACROSS; i += THREADS) {
        int row = i / ACROSS;
        int column = i % ACROSS * 8;
        int count = row < rowsThere ? columnsThere - column : 0;
        const Bfloat16* source = data + row * stride + column;
        uint4* target = reinterpret_cast<uint4*>(tile + row * PITCH<COLUMNS> + column);
        if (isWhole(source, count)) {
            copyLater(target, source);
        } else {
            Eight eight;
            eight.words = uint4{0, 0, 0, 0};
#pragma unroll
            for (int k = 0; k < 8; k++) {
                if (k < count) {
                    eight.number[k] = source[k];
                }
            }
            *target = eight.words;
        }
    }
}

// load(at, buffer) and then use(at, buffer) for `begin`, `begin` + STEP and so on: with two buffers the next is loaded
// while one is used.
template <int STEP, int BUFFERS, typename Load, typename Use>
__device__ inline void overSteps(int begin, int end, Load load, Use use) {
    __syncthreads();  // what the buffers held has been used
    if (BUFFERS == 2) {
        load(begin, 0);
        endGroup();
    }
    int buffer = 0;
    for (int at = begin; at < end; at += STEP) {
        if (BUFFERS == 1) {
            load(at, 0);
        } else if (at + STEP < end) {
            load(at + STEP, 1 - buffer);
        }
        endGroup();
        waitForCopies<BUFFERS - 1>();
        __syncthreads();
        use(at, buffer);
        __syncthreads();
        buffer = BUFFERS - 1 - buffer;
    }
}

}  // namespace
