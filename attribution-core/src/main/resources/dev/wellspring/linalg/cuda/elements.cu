// Element by element: conversions, fills, sums of multiples, quotients, one step of AdamW; the mirrored triangle.
#include "loops.cuh"

namespace {

// ---- copies ----

// As withElements, for all types that are stored. 32-bit integers go as floats, which are only moved.
template <typename S, typename F> __device__ inline auto withStored(const View& view, F f) {
    if (view.type == FLOAT16) {
        return f(reinterpret_cast<Half*>(view.data));
    }
    if (view.type == BITS16) {
        return f(reinterpret_cast<Bits16*>(view.data));
    }
    return withElements<S>(view, f);
}

template <typename S> __device__ inline S loadStored(const View& view, Index offset) {
    return withStored<S>(view, LoadElement<S>{offset});
}

template <typename S> __device__ inline void storeStored(const View& view, Index offset, S value) {
    withStored<S>(view, StoreElement<S>{offset, value});
}

// Packs, where both have stride 1 on the last axis.
template <typename S> __device__ void convertRows(const View& source, const View& target) {
    Extent extent(target, isOneRow(source) && isOneRow(target));
    forPacks<S>(extent, blockIdx.x, gridDim.x, [&](Index number, Index column, int count) {
        Row row(target, number);
        S x[PACK<S>];
        withStored<S>(source, LoadPack<S>{row.in(source) + column, count, x});
        withStored<S>(target, StorePack<S>{row.in(target) + column, count, x});
    });
}

// One element at a time, over any strides.
template <typename S> __device__ void convertScattered(const View& source, const View& target) {
    Index columns = columnsOf(target);
    Index count = rowsOf(target) * columns;
    Index step = static_cast<Index>(gridDim.x) * THREADS;
    for (Index i = static_cast<Index>(blockIdx.x) * THREADS + threadIdx.x; i < count; i += step) {
        Row row(target, i / columns);
        Index column = i % columns;
        S value = loadStored<S>(source, row.in(source) + column * lastStride(source));
        storeStored(target, row.in(target) + column * lastStride(target), value);
    }
}

// Tiles of 32 by 32 through shared memory, where the source has its stride 1 on the last axis but one: both sides are
// then read and written along memory.
template <typename S> __device__ void convertTransposed(const View& source, const View& target) {
    __shared__ S tile[WARP][WARP + 1];
    int warp = threadIdx.x / WARP;
    int lane = threadIdx.x % WARP;
    Index columns = columnsOf(target);
    Index rows = target.rank == 2 ? target.size[0] : target.rank == 3 ? target.size[1] : target.size[2];
    Index down = (rows + WARP - 1) / WARP;
    Index across = (columns + WARP - 1) / WARP;
    Index tiles = rowsOf(target) / rows * down * across;
    for (Index number = blockIdx.x; number < tiles; number += gridDim.x) {
        Index left = number % across * WARP;
        Index top = number / across % down * WARP;
        Index matrix = number / across / down * rows;
        for (int j = warp; j < WARP; j += WARPS) {
            if (top + lane < rows && left + j < columns) {
                Row row(target, matrix + top + lane);
                tile[lane][j] = loadStored<S>(source, row.in(source) + (left + j) * lastStride(source));
            }
        }
        __syncthreads();
        for (int i = warp; i < WARP; i += WARPS) {
            if (top + i < rows && left + lane < columns) {
                Row row(target, matrix + top + i);
                storeStored(target, row.in(target) + left + lane, tile[i][lane]);
            }
        }
        __syncthreads();
    }
}

__device__ inline bool isTransposed(const View& view) {
    return (view.rank == 2 && view.stride[0] == 1) || (view.rank == 3 && view.stride[1] == 1) ||
           (view.rank == 4 && view.stride[2] == 1);
}

// target = source, over any strides. Equal types keep their bits.
template <typename S> __device__ void convert(View source, View target) {
    if (source.type == target.type && (source.type == BFLOAT16 || source.type == FLOAT16)) {
        source.type = BITS16;
        target.type = BITS16;
    }
    bool oneColumn = columnsOf(target) == 1;
    bool alongTarget = oneColumn || lastStride(target) == 1;
    if (alongTarget && (oneColumn || lastStride(source) == 1)) {
        convertRows<S>(source, target);
    } else if (alongTarget && isTransposed(source)) {
        convertTransposed<S>(source, target);
    } else {
        convertScattered<S>(source, target);
    }
}

// Every element of the target becomes the value, rounded once.
template <typename S> __device__ void fill(View target, double value) {
    Index columns = columnsOf(target);
    Index count = rowsOf(target) * columns;
    Index step = static_cast<Index>(gridDim.x) * THREADS;
    for (Index i = static_cast<Index>(blockIdx.x) * THREADS + threadIdx.x; i < count; i += step) {
        Index offset = Row(target, i / columns).in(target) + i % columns * lastStride(target);
        if (target.type == INT32) {
            integer(target, offset) = static_cast<int>(value);
        } else {
            storeStored(target, offset, value);
        }
    }
}

// ---- arithmetic ----

// y += α·x.
template <typename S> __device__ void add(double alpha, View x, View y) {
    S factor = static_cast<S>(alpha);
    forElements<S>({&x, &y}, {&y}, [=](const S* in, S* out) { out[0] = factor * in[0] + in[1]; });
}

// y = factor·x.
template <typename S> __device__ void scale(double factor, View x, View y) {
    S by = static_cast<S>(factor);
    forElements<S>({&x}, {&y}, [=](const S* in, S* out) { out[0] = by * in[0]; });
}

// y += α·x², for x and those that follow it at `step`, `several` in all, one after the other.
template <typename S> __device__ void addSquared(double alpha, View x, Index several, Index step, View y) {
    S factor = static_cast<S>(alpha);
    forPacks<S>(Extent(y, isOneRow(x) && isOneRow(y)), blockIdx.x, gridDim.x, [&](Index number, Index column, int count) {
        Row row(y, number);
        S sums[PACK<S>];
        load(y, row.in(y) + column, count, sums);
        for (Index k = 0; k < several; k++) {
            S numbers[PACK<S>];
            load(x, row.in(x) + column + k * step, count, numbers);
#pragma unroll
            for (int i = 0; i < PACK<S>; i++) {
                sums[i] += factor * (numbers[i] * numbers[i]);
            }
        }
        store(y, row.in(y) + column, count, sums);
    });
}

// y = α·x + β·y; with β = 0 the old value is not read.
template <typename S> __device__ void combine(double alpha, View x, double beta, View y) {
    if (beta == 0) {
        return scale<S>(alpha, x, y);
    }
    S factor = static_cast<S>(alpha);
    S kept = static_cast<S>(beta);
    forElements<S>({&x, &y}, {&y}, [=](const S* in, S* out) { out[0] = factor * in[0] + kept * in[1]; });
}

// y = x / (λ + damping).
template <typename S> __device__ void divideDamped(View x, View lambda, double damping, View y) {
    S more = static_cast<S>(damping);
    forElements<S>({&x, &lambda}, {&y}, [=](const S* in, S* out) { out[0] = in[0] / (in[1] + more); });
}

__device__ inline double power(double base, int exponent) {
    double result = 1;
    for (; exponent > 0; exponent /= 2) {
        result = exponent % 2 == 1 ? result * base : result;
        base *= base;
    }
    return result;
}

// One step of AdamW: see dev.wellspring.linalg.AdamStep, whose fields come first. What is left of 1 is found in double.
template <typename S>
__device__ void adam(int number, double rate, double gradientScale, double meanDecay, double squareDecay,
    double epsilon, double decay, View gradient, View mean, View square, View weight) {
    __shared__ double corrections[2];
    if (threadIdx.x == 0) {
        corrections[0] = 1 / (1 - power(meanDecay, number));
        corrections[1] = 1 / (1 - power(squareDecay, number));
    }
    __syncthreads();
    S scaled = static_cast<S>(gradientScale);
    S oldMean = static_cast<S>(meanDecay);
    S newMean = static_cast<S>(1 - meanDecay);
    S oldSquare = static_cast<S>(squareDecay);
    S newSquare = static_cast<S>(1 - squareDecay);
    S ofMean = static_cast<S>(corrections[0]);
    S ofSquare = static_cast<S>(corrections[1]);
    S least = static_cast<S>(epsilon);
    S pace = static_cast<S>(rate);
    S lost = static_cast<S>(decay);
    forElements<S>({&gradient, &mean, &square, &weight}, {&mean, &square, &weight}, [=](const S* in, S* out) {
        S g = scaled * in[0];
        out[0] = oldMean * in[1] + newMean * g;
        out[1] = oldSquare * in[2] + newSquare * g * g;
        S root = sqrt(out[1] * ofSquare);
        out[2] = in[3] - pace * (lost * in[3] + out[0] * ofMean / (root + least));
    });
}

// ---- the symmetric matrix ----

// The triangle below the diagonal over the one above, in tiles of 32 by 32 through shared memory.
template <typename S> __device__ void mirror(View c) {
    __shared__ S tile[WARP][WARP + 1];
    int warp = threadIdx.x / WARP;
    int lane = threadIdx.x % WARP;
    Index n = c.size[0];
    Index side = (n + WARP - 1) / WARP;
    for (Index number = blockIdx.x; number < side * side; number += gridDim.x) {
        Index top = number / side * WARP;
        Index left = number % side * WARP;
        if (left > top) {
            continue;
        }
        for (int i = warp; i < WARP; i += WARPS) {
            if (top + i < n && left + lane < n) {
                tile[i][lane] = load<S>(c, (top + i) * c.stride[0] + left + lane);
            }
        }
        __syncthreads();
        for (int j = warp; j < WARP; j += WARPS) {
            if (left + j < n && top + lane < n && top + lane > left + j) {
                store(c, (left + j) * c.stride[0] + top + lane, tile[lane][j]);
            }
        }
        __syncthreads();
    }
}

}  // namespace

KERNEL(convert, (View source, View target), (source, target))
KERNEL(fill, (View target, double value), (target, value))
KERNEL(add, (double alpha, View x, View y), (alpha, x, y))
KERNEL(scale, (double factor, View x, View y), (factor, x, y))
KERNEL(addSquared, (double alpha, View x, Index several, Index step, View y), (alpha, x, several, step, y))
KERNEL(combine, (double alpha, View x, double beta, View y), (alpha, x, beta, y))
KERNEL(divideDamped, (View x, View lambda, double damping, View y), (x, lambda, damping, y))
KERNEL(adam,
    (int number, double rate, double gradientScale, double meanDecay, double squareDecay, double epsilon, double decay,
        View gradient, View mean, View square, View weight),
    (number, rate, gradientScale, meanDecay, squareDecay, epsilon, decay, gradient, mean, square, weight))
KERNEL(mirror, (View c), (c))
