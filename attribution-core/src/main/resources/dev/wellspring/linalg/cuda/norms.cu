// LayerNorm and RMSNorm over rows, forward and backward, and the gradients of their weights.
#include "loops.cuh"

namespace {

// The ordinals of dev.wellspring.linalg.NormKind.
enum NormKind { LAYER_NORM, RMS_NORM };

// A weight (n) is shared by all heads, a weight (H, n) has a row for each; without one, ones.
template <typename S>
__device__ inline void loadWeight(const View& weight, const Row& row, Index column, int count, S (&w)[PACK<S>]) {
    if (weight.data == nullptr) {
#pragma unroll
        for (int i = 0; i < PACK<S>; i++) {
            w[i] = 1;
        }
    } else {
        load(weight, (weight.rank == 2 ? row.index[1] * weight.stride[0] : 0) + column, count, w);
    }
}

// y = (x − mean)·inverse·weight + bias; statistics = (mean, inverse).
template <typename S>
__device__ void normForward(int kind, double epsilon, View x, View weight, View bias, View y, View statistics) {
    Index n = columnsOf(x);
    forRows<S>(rowsOf(x), n, [&](Team team, Index number) {
        Row row(x, number);
        Index inX = row.in(x);
        Index inY = row.in(y);
        S terms = static_cast<S>(greatest(n, 1));
        S mean = 0;
        if (kind == LAYER_NORM) {
            S part = 0;
            team.forPacks<S>([&](Index column, int count) {
                S a[PACK<S>];
                load(x, inX + column, count, a);
#pragma unroll
                for (int i = 0; i < PACK<S>; i++) {
                    part += a[i];
                }
            });
            mean = sum(team, part) / terms;
        }
        S part = 0;
        team.forPacks<S>([&](Index column, int count) {
            S a[PACK<S>];
            load(x, inX + column, count, a);
#pragma unroll
            for (int i = 0; i < PACK<S>; i++) {
                S centred = i < count ? a[i] - mean : S(0);
                part += centred * centred;
            }
        });
        S inverse = 1 / sqrt(sum(team, part) / terms + static_cast<S>(epsilon));
        team.forPacks<S>([&](Index column, int count) {
            S a[PACK<S>];
            S w[PACK<S>];
            S b[PACK<S>] = {};
            load(x, inX + column, count, a);
            loadWeight(weight, row, column, count, w);
            if (bias.data != nullptr) {
                load(bias, column, count, b);
            }
#pragma unroll
            for (int i = 0; i < PACK<S>; i++) {
                a[i] = (a[i] - mean) * inverse * w[i] + b[i];
            }
            store(y, inY + column, count, a);
        });
        if (team.isFirst()) {
            store(statistics, row.in(statistics), mean);
            store(statistics, row.in(statistics) + 1, inverse);
        }
    });
}

// With x̂ = (x − mean)·inverse and h = dy·weight: dx = β·dx + inverse·(h − mean(h) − x̂·mean(h·x̂)); without mean(h)
// for RMS. dx may be dy when β = 0.
template <typename S>
__device__ void normBackward(int kind, View dy, View x, View weight, View statistics, double beta, View dx) {
    Index n = columnsOf(x);
    forRows<S>(rowsOf(x), n, [&](Team team, Index number) {
        Row row(x, number);
        Index inX = row.in(x);
        Index inDy = row.in(dy);
        Index inDx = row.in(dx);
        S mean = load<S>(statistics, row.in(statistics));
        S inverse = load<S>(statistics, row.in(statistics) + 1);
        // x̂ and h of a pack.
        auto loadBoth = [&](Index column, int count, S(&normalised)[PACK<S>], S(&h)[PACK<S>]) {
            S w[PACK<S>];
            load(x, inX + column, count, normalised);
            load(dy, inDy + column, count, h);
            loadWeight(weight, row, column, count, w);
#pragma unroll
            for (int i = 0; i < PACK<S>; i++) {
                normalised[i] = (normalised[i] - mean) * inverse;
                h[i] *= w[i];
            }
        };
        S ones = 0;
        S along = 0;
        team.forPacks<S>([&](Index column, int count) {
            S normalised[PACK<S>];
            S h[PACK<S>];
            loadBoth(column, count, normalised, h);
#pragma unroll
            for (int i = 0; i < PACK<S>; i++) {
                ones += h[i];
                along += h[i] * normalised[i];
            }
        });
        ones = kind == LAYER_NORM ? sum(team, ones) / static_cast<S>(n) : S(0);
        along = sum(team, along) / static_cast<S>(n);
        team.forPacks<S>([&](Index column, int count) {
            S normalised[PACK<S>];
            S h[PACK<S>];
            loadBoth(column, count, normalised, h);
            S old[PACK<S>] = {};
            if (beta != 0) {
                load(dx, inDx + column, count, old);
            }
#pragma unroll
            for (int i = 0; i < PACK<S>; i++) {
                S gradient = inverse * (h[i] - ones - normalised[i] * along);
                h[i] = beta == 0 ? gradient : static_cast<S>(beta) * old[i] + gradient;
            }
            store(dx, inDx + column, count, h);
        });
    });
}

// target[g, j] += Σ term(row, column) over the rows of head g, or of all heads where the target has rank 1.
template <typename S, typename Term> __device__ inline void addOverRows(const View& x, const View& target, Term term) {
    Index n = columnsOf(x);
    Index across = (n + WARP - 1) / WARP;
    Index groups = target.rank == 2 ? target.size[0] : 1;
    for (Index tile = blockIdx.x; tile < groups * across; tile += gridDim.x) {
        Index group = tile / across;
        Index column = tile % across * WARP + threadIdx.x % WARP;
        S all = sumOverRows<S>(0, rowsOf(x) / groups, [&](Index number) {
            return column < n ? term(Row(x, number * groups + group), column) : S(0);
        });
        if (threadIdx.x < WARP && column < n) {
            Index offset = (target.rank == 2 ? group * target.stride[0] : 0) + column;
            store(target, offset, load<S>(target, offset) + all);
        }
    }
}

// dweight += Σ dy·x̂ and dbias += Σ dy over the rows.
template <typename S> __device__ void normWeightBackward(View dy, View x, View statistics, View dweight, View dbias) {
    addOverRows<S>(x, dweight, [&](const Row& row, Index column) {
        S mean = load<S>(statistics, row.in(statistics));
        S inverse = load<S>(statistics, row.in(statistics) + 1);
        return load<S>(dy, row.in(dy) + column) * ((load<S>(x, row.in(x) + column) - mean) * inverse);
    });
    if (dbias.data != nullptr) {
        addOverRows<S>(x, dbias, [&](const Row& row, Index column) { return load<S>(dy, row.in(dy) + column); });
    }
}

}  // namespace

KERNEL(normForward, (int kind, double epsilon, View x, View weight, View bias, View y, View statistics),
    (kind, epsilon, x, weight, bias, y, statistics))
KERNEL(normBackward, (int kind, View dy, View x, View weight, View statistics, double beta, View dx),
    (kind, dy, x, weight, statistics, beta, dx))
KERNEL(normWeightBackward, (View dy, View x, View statistics, View dweight, View dbias),
    (dy, x, statistics, dweight, dbias))
