// How kernels share out their work: packs of elements, teams of threads to a row, lanes to a column; and the sums of
// teams and columns.
#pragma once

#include "view.cuh"

namespace {

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
    bool hasRow;

    // Calls body(column, count) for this thread's packs of the columns from `from` to `to`.
    template <typename S, typename Body> __device__ void forPacks(Index from, Index to, Body body) const {
        Index end = least(to, columns);
        for (Index column = (from / PACK<S> + rank) * PACK<S>; column < end; column += size * PACK<S>) {
            body(column, static_cast<int>(least(PACK<S>, columns - column)));
        }
    }

    template <typename S, typename Body> __device__ void forPacks(Body body) const { forPacks<S>(0, columns, body); }

    __device__ bool isFirst() const { return rank == 0 && hasRow; }
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
        bool hasRow = row < rows;
        Team team{size, static_cast<int>(threadIdx.x % size), hasRow ? columns : 0, hasRow};
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
