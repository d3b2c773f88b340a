// Sums over rows, columns and everything; rows taken from and added to a table by their numbers.
#include "loops.cuh"

namespace {

// β·old + value; with β = 0 the old value is not read.
template <typename S> __device__ inline void accumulate(const View& view, Index offset, double beta, S value) {
    store(view, offset, beta == 0 ? value : static_cast<S>(beta) * load<S>(view, offset) + value);
}

// The same for a pack.
template <typename S>
__device__ inline void accumulate(const View& view, Index offset, int count, double beta, S (&x)[PACK<S>]) {
    if (beta != 0) {
        S old[PACK<S>];
        load(view, offset, count, old);
        S kept = static_cast<S>(beta);
#pragma unroll
        for (int i = 0; i < PACK<S>; i++) {
            x[i] = kept * old[i] + x[i];
        }
    }
    store(view, offset, count, x);
}

// ---- sums ----

// out[s] = β·out[s] + Σ of x's rows offsets[s] to offsets[s + 1].
template <typename S> __device__ void segmentSum(View x, View offsets, double beta, View out) {
    Index n = x.size[1];
    Index across = (n + WARP - 1) / WARP;
    for (Index tile = blockIdx.x; tile < out.size[0] * across; tile += gridDim.x) {
        Index segment = tile / across;
        Index column = tile % across * WARP + threadIdx.x % WARP;
        Index first = integer(offsets, segment * offsets.stride[0]);
        Index last = integer(offsets, (segment + 1) * offsets.stride[0]);
        S all = sumOverRows<S>(first, last, [&](Index row) {
            return column < n ? load<S>(x, row * x.stride[0] + column) : S(0);
        });
        if (threadIdx.x < WARP && column < n) {
            accumulate(out, segment * out.stride[0] + column, beta, all);
        }
    }
}

// out[t, q] = β·out[t, q] + Σ_j x[t, q, j]·y[t, q, j].
template <typename S> __device__ void rowDot(View x, View y, double beta, View out) {
    forRows<S>(rowsOf(x), columnsOf(x), [&](Team team, Index number) {
        Row row(x, number);
        Index inX = row.in(x);
        Index inY = row.in(y);
        S part = 0;
        team.forPacks<S>([&](Index column, int count) {
            S a[PACK<S>];
            S b[PACK<S>];
            load(x, inX + column, count, a);
            load(y, inY + column, count, b);
#pragma unroll
            for (int i = 0; i < PACK<S>; i++) {
                part += a[i] * b[i];
            }
        });
        S all = sum(team, part);
        if (team.isFirst()) {
            accumulate(out, row.index[0] * out.stride[0] + row.index[1] * out.stride[1], beta, all);
        }
    });
}

// The products of two packs, added up in S.
template <typename S>
__device__ inline S packDot(const View& x, Index inX, const View& y, Index inY, int count) {
    S a[PACK<S>];
    S b[PACK<S>];
    load(x, inX, count, a);
    load(y, inY, count, b);
    S few = 0;
#pragma unroll
    for (int i = 0; i < PACK<S>; i++) {
        few += a[i] * b[i];
    }
    return few;
}

// partial[r, p] = the sum over row r of x[r]·y[r] in the packs of the blocks of threads whose number is p modulo `parts`;
// a pack's products are added up in S, these sums in double. For rows that are long: `parts` blocks take each.
template <typename S> __device__ void longRowDotPartial(View x, View y, double* partial, int parts) {
    Index columns = columnsOf(x);
    Index step = static_cast<Index>(parts) * THREADS * PACK<S>;
    for (Index number = blockIdx.x; number < rowsOf(x) * parts; number += gridDim.x) {
        Row row(x, number / parts);
        Index inX = row.in(x);
        Index inY = row.in(y);
        double part = 0;
        for (Index column = (number % parts * THREADS + threadIdx.x) * PACK<S>; column < columns; column += step) {
            int count = static_cast<int>(least(PACK<S>, columns - column));
            part += packDot<S>(x, inX + column, y, inY + column, count);
        }
        Team block{THREADS, static_cast<int>(threadIdx.x), 1, true};
        double all = sum(block, part);
        if (threadIdx.x == 0) {
            partial[number] = all;
        }
    }
}

// out[t, q] = β·out[t, q] + Σ partial[(t, q)], a thread to a row.
template <typename S> __device__ void longRowDotFinal(const double* partial, int parts, double beta, View out) {
    Index rows = rowsOf(out) * columnsOf(out);
    Index step = static_cast<Index>(gridDim.x) * THREADS;
    for (Index number = static_cast<Index>(blockIdx.x) * THREADS + threadIdx.x; number < rows; number += step) {
        double all = 0;
        for (int i = 0; i < parts; i++) {
            all += partial[number * parts + i];
        }
        Index columns = columnsOf(out);
        Index offset = number / columns * out.stride[0] + number % columns * out.stride[1];
        store(out, offset, beta == 0 ? all : beta * load<double>(out, offset) + all);
    }
}

// partial[p] = the sum of x·y over the packs whose number is p modulo `parts`; a pack's products are added up
// in S, these sums in double.
template <typename S> __device__ void dotPartial(View x, View y, double* partial, int parts) {
    bool oneRow = isOneRow(x) && isOneRow(y);
    Extent extent(x, oneRow);
    for (int number = blockIdx.x; number < parts; number += gridDim.x) {
        double part = 0;
        forPacks<S>(extent, number, parts, [&](Index line, Index column, int count) {
            Row row(x, line);
            part += packDot<S>(x, row.in(x) + column, y, row.in(y) + column, count);
        });
        Team block{THREADS, static_cast<int>(threadIdx.x), 1, true};
        double all = sum(block, part);
        if (threadIdx.x == 0) {
            partial[number] = all;
        }
    }
}

// partial[p] = the largest |x| in the packs whose number is p modulo `parts`, 0 where there are none; NaN wins.
template <typename S> __device__ void largest(View x, double* partial, int parts) {
    Extent extent(x, isOneRow(x));
    for (int number = blockIdx.x; number < parts; number += gridDim.x) {
        double part = 0;
        forPacks<S>(extent, number, parts, [&](Index line, Index column, int count) {
            S a[PACK<S>];
            load(x, Row(x, line).in(x) + column, count, a);
#pragma unroll
            for (int i = 0; i < PACK<S>; i++) {
                part = Larger()(fabs(static_cast<double>(a[i])), part);
            }
        });
        Team block{THREADS, static_cast<int>(threadIdx.x), 1, true};
        double all = combined(block, part, Larger());
        if (threadIdx.x == 0) {
            partial[number] = all;
        }
    }
}

// out (one element) = β·out + Σ partial, by one block.
template <typename S> __device__ void dotFinal(const double* partial, int parts, double beta, View out) {
    if (blockIdx.x > 0) {
        return;
    }
    double part = 0;
    for (int i = threadIdx.x; i < parts; i += THREADS) {
        part += partial[i];
    }
    Team block{THREADS, static_cast<int>(threadIdx.x), 1, true};
    double all = sum(block, part);
    if (threadIdx.x == 0) {
        store(out, 0, beta == 0 ? all : beta * load<double>(out, 0) + all);
    }
}

// ---- rows by their numbers ----

// out[i] = β·out[i] + table[indices[i]]; rows whose index is not in the table are left as they are.
template <typename S> __device__ void gather(View table, View indices, double beta, View out) {
    forPacks<S>(Extent(out, false), blockIdx.x, gridDim.x, [&](Index row, Index column, int count) {
        Index wanted = integer(indices, row * indices.stride[0]);
        if (wanted < 0 || wanted >= table.size[0]) {
            return;
        }
        S x[PACK<S>];
        load(table, wanted * table.stride[0] + column, count, x);
        accumulate(out, row * out.stride[0] + column, count, beta, x);
    });
}

// table[indices[i]] += α·x[i]. The block of the first row with an index adds all rows that have it, in order, and the
// table's number is rounded after each. Indices that are not in the table are left out. Compares each row's index with all others', O(R²) comparisons.
template <typename S> __device__ void scatterAdd(double alpha, View x, View indices, View table) {
    __shared__ bool same[THREADS];
    S factor = static_cast<S>(alpha);
    Index rows = x.size[0];
    Index n = x.size[1];
    for (Index row = blockIdx.x; row < rows; row += gridDim.x) {
        int wanted = integer(indices, row * indices.stride[0]);
        if (wanted < 0 || wanted >= table.size[0]) {
            continue;
        }
        int earlier = 0;
        for (Index other = threadIdx.x; other < row; other += THREADS) {
            earlier |= integer(indices, other * indices.stride[0]) == wanted;
        }
        if (__syncthreads_or(earlier)) {
            continue;
        }
        for (Index from = row; from < rows; from += THREADS) {
            Index mine = from + threadIdx.x;
            bool match = mine < rows && integer(indices, mine * indices.stride[0]) == wanted;
            same[threadIdx.x] = match;
            if (__syncthreads_or(match)) {
                for (int k = 0; k < THREADS; k++) {
                    for (Index column = threadIdx.x; same[k] && column < n; column += THREADS) {
                        Index offset = wanted * table.stride[0] + column;
                        S value = load<S>(x, (from + k) * x.stride[0] + column);
                        store(table, offset, load<S>(table, offset) + factor * value);
                    }
                }
            }
            __syncthreads();
        }
    }
}

// Looks for numbers outside of 0 to count − 1, by one block: result[0] becomes the first such place, or −1, and
// result[1] what stands there. Places whose weight is 0 are left out; `weights` may be absent.
template <typename S> __device__ void firstOutside(View indices, View weights, int count, int* result) {
    if (blockIdx.x > 0) {
        return;
    }
    int places = static_cast<int>(indices.size[0]);
    int first = places;
    for (int i = threadIdx.x; i < places && first == places; i += THREADS) {
        int index = integer(indices, i * indices.stride[0]);
        bool counts = weights.data == nullptr || load<double>(weights, i * weights.stride[0]) != 0;
        first = counts && (index < 0 || index >= count) ? i : first;
    }
    Team block{THREADS, static_cast<int>(threadIdx.x), 1, true};
    first = combined(block, first, Smaller());
    if (threadIdx.x == 0) {
        result[0] = first < places ? first : -1;
        result[1] = first < places ? integer(indices, first * indices.stride[0]) : 0;
    }
}

}  // namespace

KERNEL(segmentSum, (View x, View offsets, double beta, View out), (x, offsets, beta, out))
KERNEL(rowDot, (View x, View y, double beta, View out), (x, y, beta, out))
KERNEL(longRowDotPartial, (View x, View y, double* partial, int parts), (x, y, partial, parts))
KERNEL(longRowDotFinal, (const double* partial, int parts, double beta, View out), (partial, parts, beta, out))
KERNEL(dotPartial, (View x, View y, double* partial, int parts), (x, y, partial, parts))
KERNEL(largest, (View x, double* partial, int parts), (x, partial, parts))
KERNEL(dotFinal, (const double* partial, int parts, double beta, View out), (partial, parts, beta, out))
KERNEL(gather, (View table, View indices, double beta, View out), (table, indices, beta, out))
KERNEL(scatterAdd, (double alpha, View x, View indices, View table), (alpha, x, indices, table))
KERNEL(firstOutside, (View indices, View weights, int count, int* result), (indices, weights, count, result))
