// What all kernels share: views of memory, element types, packs of elements, teams of threads.
//
// No header is included: NVRTC brings the intrinsics itself, and a plain C++ compiler gets them from the tests.
// Every kernel is there twice, NAME_f with arithmetic in float and NAME_d in double. The types of operands are read at
// run time, once for a pack of elements. Any number of blocks of THREADS threads is right: kernels loop.
// Nothing here is atomic and all sums have a fixed order, so the same operands give the same bytes.
#pragma once

#ifndef KERNEL
#define KERNEL(name, parameters, arguments)                     \
    extern "C" __global__ void __launch_bounds__(THREADS)       \
    name##_f parameters { name<float> arguments; }              \
    extern "C" __global__ void __launch_bounds__(THREADS)       \
    name##_d parameters { name<double> arguments; }
#endif

typedef long long Index;

constexpr int THREADS = 256;  // of every block
constexpr int WARP = 32;
constexpr int WARPS = THREADS / WARP;
constexpr unsigned ALL_LANES = 0xffffffffu;

// A tensor: `data` is the address of its first element, sizes and strides are in elements.
struct View {
    char* data;
    int type;
    int rank;
    Index size[4];
    Index stride[4];
};

namespace {

// The ordinals of dev.wellspring.tensor.DType; then 16 bits that are only moved.
enum ElementType { FLOAT32, FLOAT64, BFLOAT16, FLOAT16, INT32, BITS16 };

// ---- element types ----

struct Bfloat16 {
    unsigned short bits;
};

struct Half {
    unsigned short bits;
};

struct Bits16 {
    unsigned short bits;
};

template <typename S> __device__ inline S widen(float value) { return value; }
template <typename S> __device__ inline S widen(double value) { return static_cast<S>(value); }
template <typename S> __device__ inline S widen(Bfloat16 value) {
    return __uint_as_float(static_cast<unsigned>(value.bits) << 16);
}
template <typename S> __device__ inline S widen(Half value) {
    unsigned sign = (value.bits & 0x8000u) << 16;
    unsigned size = value.bits & 0x7fffu;
    if (size >= 0x7c00u) {  // infinite or NaN
        return __uint_as_float(sign | 0x7f800000u | (size & 0x3ffu) << 13);
    }
    if (size < 0x400u) {  // subnormal: a multiple of 2^-24
        return __uint_as_float(sign | __float_as_uint(static_cast<float>(size) * 5.9604644775390625e-8f));
    }
    return __uint_as_float(sign | ((size << 13) + 0x38000000u));
}

template <typename S> __device__ inline S widen(Bits16 value) { return static_cast<S>(value.bits); }

// Rounding to the nearest, ties to even.
__device__ inline void narrow(float value, float& to) { to = value; }
__device__ inline void narrow(double value, float& to) { to = static_cast<float>(value); }
__device__ inline void narrow(float value, double& to) { to = value; }
__device__ inline void narrow(double value, double& to) { to = value; }

__device__ inline void narrow(float value, Bfloat16& to) {
    unsigned bits = __float_as_uint(value);
    to.bits = value != value ? 0x7fc0 : static_cast<unsigned short>((bits + 0x7fffu + (bits >> 16 & 1u)) >> 16);
}

// Rounded once: on the way through float the last bit remembers that something was cut off (rounding to odd).
__device__ inline void narrow(double value, Bfloat16& to) {
    float nearest = static_cast<float>(value);
    if (value == value && static_cast<double>(nearest) != value) {
        unsigned bits = __float_as_uint(nearest);
        bool away = fabs(static_cast<double>(nearest)) > fabs(value);
        nearest = __uint_as_float((away ? bits - 1 : bits) | 1u);
    }
    narrow(nearest, to);
}

__device__ inline void narrow(float value, Half& to) {
    unsigned bits = __float_as_uint(value);
    unsigned sign = bits >> 16 & 0x8000u;
    unsigned size = bits & 0x7fffffffu;
    unsigned rounded;
    if (size > 0x7f800000u) {
        rounded = 0x7e00u;
    } else if (size >= 0x47800000u) {  // 65536 and beyond
        rounded = 0x7c00u;
    } else if (size < 0x38800000u) {  // below 2^-14: the last place of a float between 0.5 and 1 is 2^-24
        rounded = __float_as_uint(__uint_as_float(size) + 0.5f) - 0x3f000000u;
    } else {
        rounded = (size + 0xfffu + (size >> 13 & 1u) - 0x38000000u) >> 13;
    }
    to.bits = static_cast<unsigned short>(sign | rounded);
}

__device__ inline void narrow(double value, Half& to) { narrow(static_cast<float>(value), to); }
__device__ inline void narrow(float value, Bits16& to) { to.bits = static_cast<unsigned short>(value); }
__device__ inline void narrow(double value, Bits16& to) { to.bits = static_cast<unsigned short>(value); }

// Calls f(pointer) with the view's data as pointers to its elements. The types that an operation in S may meet:
// FLOAT64 beside double only, which leaves floats a shorter program; the last two for conversions only.
template <typename S, typename F> __device__ inline auto withElements(const View& view, F f) {
    if (view.type == BFLOAT16) {
        return f(reinterpret_cast<Bfloat16*>(view.data));
    }
    if (sizeof(S) == sizeof(double) && view.type == FLOAT64) {
        return f(reinterpret_cast<double*>(view.data));
    }
    return f(reinterpret_cast<float*>(view.data));
}

// ---- single elements ----

template <typename S> __device__ inline S load(const View& view, Index offset) {
    return withElements<S>(view, [=](auto* data) { return widen<S>(data[offset]); });
}

template <typename S> __device__ inline void store(const View& view, Index offset, S value) {
    withElements<S>(view, [=](auto* data) { narrow(value, data[offset]); });
}

__device__ inline int& integer(const View& view, Index offset) { return reinterpret_cast<int*>(view.data)[offset]; }

// ---- packs: elements that lie side by side ----

// How many one thread takes at a time.
template <typename S> constexpr int PACK = 32 / sizeof(S);

// What one instruction loads or stores: 16 bytes, or a whole pack of less.
template <typename E, typename S> struct Chunk {
    static constexpr int WIDTH = PACK<S> * sizeof(E) < 16 ? PACK<S> : 16 / sizeof(E);

    alignas(WIDTH * sizeof(E)) E element[WIDTH];

    __device__ static bool fits(const E* address, int count) {
        return count == PACK<S> && reinterpret_cast<unsigned long long>(address) % sizeof(Chunk) == 0;
    }
};

template <typename E, typename S> __device__ inline void loadPack(const E* from, int count, S (&x)[PACK<S>]) {
    constexpr int WIDTH = Chunk<E, S>::WIDTH;
    if (Chunk<E, S>::fits(from, count)) {
#pragma unroll
        for (int k = 0; k < PACK<S>; k += WIDTH) {
            Chunk<E, S> chunk = *reinterpret_cast<const Chunk<E, S>*>(from + k);
#pragma unroll
            for (int i = 0; i < WIDTH; i++) {
                x[k + i] = widen<S>(chunk.element[i]);
            }
        }
    } else {
#pragma unroll
        for (int i = 0; i < PACK<S>; i++) {
            x[i] = i < count ? widen<S>(from[i]) : S(0);
        }
    }
}

template <typename E, typename S> __device__ inline void storePack(E* to, int count, const S (&x)[PACK<S>]) {
    constexpr int WIDTH = Chunk<E, S>::WIDTH;
    if (Chunk<E, S>::fits(to, count)) {
#pragma unroll
        for (int k = 0; k < PACK<S>; k += WIDTH) {
            Chunk<E, S> chunk;
#pragma unroll
            for (int i = 0; i < WIDTH; i++) {
                narrow(x[k + i], chunk.element[i]);
            }
            *reinterpret_cast<Chunk<E, S>*>(to + k) = chunk;
        }
    } else {
#pragma unroll
        for (int i = 0; i < PACK<S>; i++) {
            if (i < count) {
                narrow(x[i], to[i]);
            }
        }
    }
}

// The first `count` elements from `offset` on, and zeros behind them.
template <typename S> __device__ inline void load(const View& view, Index offset, int count, S (&x)[PACK<S>]) {
    withElements<S>(view, [&](auto* data) { loadPack(data + offset, count, x); });
}

template <typename S> __device__ inline void store(const View& view, Index offset, int count, const S (&x)[PACK<S>]) {
    withElements<S>(view, [&](auto* data) { storePack(data + offset, count, x); });
}

// ---- rows: all axes but the last ----

__device__ inline Index least(Index a, Index b) { return a < b ? a : b; }
__device__ inline Index greatest(Index a, Index b) { return a > b ? a : b; }

__device__ inline Index columnsOf(const View& view) {
    return view.rank == 4   ? view.size[3]
           : view.rank == 3 ? view.size[2]
           : view.rank == 2 ? view.size[1]
           : view.rank == 1 ? view.size[0]
                            : 1;
}

__device__ inline Index lastStride(const View& view) {
    return view.rank == 4   ? view.stride[3]
           : view.rank == 3 ? view.stride[2]
           : view.rank == 2 ? view.stride[1]
                            : view.stride[0];
}

__device__ inline Index rowsOf(const View& view) {
    return (view.rank > 1 ? view.size[0] : 1) * (view.rank > 2 ? view.size[1] : 1) * (view.rank > 3 ? view.size[2] : 1);
}

// Where a row lies on the axes before the last; the same for all operands of one shape.
struct Row {
    Index index[3];

    __device__ Row(const View& view, Index row) : index{row, 0, 0} {
        if (view.rank == 4) {
            index[2] = row % view.size[2];
            row /= view.size[2];
        }
        if (view.rank > 2) {
            index[1] = row % view.size[1];
            index[0] = row / view.size[1];
        }
    }

    // The offset of the row's first element.
    __device__ Index in(const View& view) const {
        Index offset = view.rank > 1 ? index[0] * view.stride[0] : 0;
        offset += view.rank > 2 ? index[1] * view.stride[1] : 0;
        return offset + (view.rank > 3 ? index[2] * view.stride[2] : 0);
    }
};

// Whether all elements lie one after the other, as one row.
__device__ inline bool isOneRow(const View& view) {
    Index expected = 1;
    bool dense = true;
#pragma unroll
    for (int axis = 3; axis >= 0; axis--) {
        if (axis < view.rank) {
            dense = dense && (view.stride[axis] == expected || view.size[axis] == 1);
            expected *= view.size[axis];
        }
    }
    return dense;
}

// ---- work without sums: packs of a block of rows by columns ----

struct Extent {
    Index rows;
    Index columns;

    __device__ Extent(Index rows, Index columns) : rows(rows), columns(columns) {}

    // Of a view, or of all its elements as one row.
    __device__ Extent(const View& view, bool oneRow)
        : rows(oneRow ? 1 : rowsOf(view)), columns(oneRow ? rowsOf(view) * columnsOf(view) : columnsOf(view)) {}
};

// Calls body(row, column, count) for packs of columns, each once, shared out over `blocks` blocks of which
// this is number `block`. Short rows lie side by side in one block.
template <typename S, typename Body>
__device__ inline void forPacks(Extent extent, Index block, Index blocks, Body body) {
    Index rows = extent.rows;
    Index columns = extent.columns;
    int across = 1;
    while (across < THREADS && across * PACK<S> < columns) {
        across *= 2;
    }
    int down = THREADS / across;
    Index chunks = (columns + across * PACK<S> - 1) / (across * PACK<S>);
    Index tiles = (rows + down - 1) / down * chunks;
    for (Index tile = block; tile < tiles; tile += blocks) {
        Index row = tile / chunks * down + threadIdx.x / across;
        Index column = (tile % chunks * across + threadIdx.x % across) * PACK<S>;
        if (row < rows && column < columns) {
            body(row, column, static_cast<int>(least(PACK<S>, columns - column)));
        }
    }
}

// Element by element: f(in, out) gets the N inputs' numbers and leaves those of the M outputs. All have one shape and
// last axes of stride 1. An output may be an input.
template <typename S, int N, int M, typename F>
__device__ inline void forElements(const View* const (&in)[N], const View* const (&out)[M], F f) {
    const View& shape = *out[0];
    bool oneRow = true;
#pragma unroll
    for (int k = 0; k < N; k++) {
        oneRow = oneRow && isOneRow(*in[k]);
    }
#pragma unroll
    for (int k = 0; k < M; k++) {
        oneRow = oneRow && isOneRow(*out[k]);
    }
    forPacks<S>(Extent(shape, oneRow), blockIdx.x, gridDim.x, [&](Index number, Index column, int count) {
        Row row(shape, number);
        S x[N][PACK<S>];
        S y[M][PACK<S>];
#pragma unroll
        for (int k = 0; k < N; k++) {
            load(*in[k], row.in(*in[k]) + column, count, x[k]);
        }
#pragma unroll
        for (int i = 0; i < PACK<S>; i++) {
            S from[N];
            S to[M];
#pragma unroll
            for (int k = 0; k < N; k++) {
                from[k] = x[k][i];
            }
            f(from, to);
#pragma unroll
            for (int k = 0; k < M; k++) {
                y[k][i] = to[k];
            }
        }
#pragma unroll
        for (int k = 0; k < M; k++) {
            store(*out[k], row.in(*out[k]) + column, count, y[k]);
        }
    });
}

// ---- work with sums: one team of threads to a row ----

// 1, 2, 4, … 32 threads of one warp, or all of the block. The size depends on the row's length alone.
struct Team {
    int size;
    int rank;       // of this thread in its team
    Index columns;  // of the team's row; 0 for a team that has no row, which still takes part in sums

    // Calls body(column, count) for this thread's packs of the columns from `from` to `to`.
    template <typename S, typename Body> __device__ void forPacks(Index from, Index to, Body body) const {
        Index end = least(to, columns);
        for (Index column = (from / PACK<S> + rank) * PACK<S>; column < end; column += size * PACK<S>) {
            body(column, static_cast<int>(least(PACK<S>, columns - column)));
        }
    }

    template <typename S, typename Body> __device__ void forPacks(Body body) const { forPacks<S>(0, columns, body); }

    __device__ bool isFirst() const { return rank == 0 && columns > 0; }
};

// Calls body(team, row) until all rows are done. All threads of a block come to it equally often.
template <typename S, typename Body> __device__ inline void forRows(Index rows, Index columns, Body body) {
    int size = 1;
    while (size < WARP && size * PACK<S> < columns) {
        size *= 2;
    }
    if (columns > 4 * WARP * PACK<S>) {
        size = THREADS;
    }
    Index teams = THREADS / size;
    for (Index first = blockIdx.x * teams; first < rows; first += gridDim.x * teams) {
        Index row = first + threadIdx.x / size;
        Team team{size, static_cast<int>(threadIdx.x % size), row < rows ? columns : 0};
        body(team, least(row, rows - 1));
    }
}

struct Sum {
    template <typename S> __device__ S operator()(S a, S b) const { return a + b; }
};

// NaN wins.
struct Larger {
    template <typename S> __device__ S operator()(S a, S b) const { return a > b || a != a ? a : b; }
};

struct Smaller {
    template <typename S> __device__ S operator()(S a, S b) const { return a < b || a != a ? a : b; }
};

// All the team's values combined, for each of its threads. All threads of the block have to call it.
template <typename S, typename Combine> __device__ inline S combined(const Team& team, S value, Combine combine) {
    for (int offset = (team.size < WARP ? team.size : WARP) / 2; offset > 0; offset /= 2) {
        value = combine(value, __shfl_xor_sync(ALL_LANES, value, offset));
    }
    if (team.size > WARP) {
        __shared__ S ofWarp[WARPS];
        __syncthreads();  // what was combined before has been read
        if (threadIdx.x % WARP == 0) {
            ofWarp[threadIdx.x / WARP] = value;
        }
        __syncthreads();
        value = ofWarp[0];
        for (int warp = 1; warp < WARPS; warp++) {
            value = combine(value, ofWarp[warp]);
        }
    }
    return value;
}

template <typename S> __device__ inline S sum(const Team& team, S value) { return combined(team, value, Sum()); }

// ---- sums over rows: a lane of each warp to a column ----

// term(first) + … + term(last − 1) of this thread's column, which is that of its lane: each of the warps takes every
// eighth row, then their sums are added. All threads of the block have to call it; each gets the sum.
template <typename S, typename Term> __device__ inline S sumOverRows(Index first, Index last, Term term) {
    __shared__ S ofWarp[WARPS][WARP];
    int warp = threadIdx.x / WARP;
    int lane = threadIdx.x % WARP;
    S part = 0;
    for (Index row = first + warp; row < last; row += WARPS) {
        part += term(row);
    }
    __syncthreads();
    ofWarp[warp][lane] = part;
    __syncthreads();
    S all = ofWarp[0][lane];
    for (int other = 1; other < WARPS; other++) {
        all += ofWarp[other][lane];
    }
    return all;
}

}  // namespace
