// Everything that exponentiates and normalises: causal softmax, cross-entropy, sampling from a softmax.
#include "softmax.cuh"

namespace {

// ---- attention ----

// probabilities = softmax over each row's visible columns; the others become exactly 0 and are not read. May be in place.
template <typename S>
__device__ void causalSoftmax(View scores, Index window, double softCap, View probabilities) {
    Index size = scores.size[2];
    S cap = static_cast<S>(softCap);
    forRows<S>(rowsOf(scores), size, [&](Team team, Index number) {
        Row row(scores, number);
        Index at = row.in(scores);
        Index from = firstVisible(row.index[1], window);
        Index to = row.index[1] + 1;
        S largest = lowest<S>();
        team.forPacks<S>(from, to, [&](Index column, int count) {
            S s[PACK<S>];
            load(scores, at + column, count, s);
#pragma unroll
            for (int i = 0; i < PACK<S>; i++) {
                bool visible = column + i >= from && column + i < to;
                largest = visible ? Larger()(largest, capped(s[i], cap)) : largest;
            }
        });
        largest = combined(team, largest, Larger());
        S part = 0;
        team.forPacks<S>(from, to, [&](Index column, int count) {
            S s[PACK<S>];
            load(scores, at + column, count, s);
#pragma unroll
            for (int i = 0; i < PACK<S>; i++) {
                bool visible = column + i >= from && column + i < to;
                part += visible ? exponential(capped(s[i], cap) - largest) : S(0);
            }
        });
        S factor = 1 / sum(team, part);
        team.forPacks<S>([&](Index column, int count) {
            S s[PACK<S>] = {};
            if (column + count > from && column < to) {
                load(scores, at + column, count, s);
            }
#pragma unroll
            for (int i = 0; i < PACK<S>; i++) {
                bool visible = column + i >= from && column + i < to;
                s[i] = visible ? exponential(capped(s[i], cap) - largest) * factor : S(0);
            }
            store(probabilities, row.in(probabilities) + column, count, s);
        });
    });
}

// ds = p·(dp − Σ dp·p), times 1 − tanh²(s/softCap) under a soft cap; exactly 0 where nothing is seen. May be in place
// of dp.
template <typename S>
__device__ void causalSoftmaxBackward(
    View probabilities, View scores, Index window, double softCap, View gradients, View scoreGradients) {
    Index size = gradients.size[2];
    S cap = static_cast<S>(softCap);
    forRows<S>(rowsOf(gradients), size, [&](Team team, Index number) {
        Row row(gradients, number);
        Index at = row.in(gradients);
        Index inP = row.in(probabilities);
        Index from = firstVisible(row.index[1], window);
        Index to = row.index[1] + 1;
        S part = 0;
        team.forPacks<S>(from, to, [&](Index column, int count) {
            S p[PACK<S>];
            S dp[PACK<S>];
            load(probabilities, inP + column, count, p);
            load(gradients, at + column, count, dp);
#pragma unroll
            for (int i = 0; i < PACK<S>; i++) {
                part += column + i >= from && column + i < to ? dp[i] * p[i] : S(0);
            }
        });
        S mean = sum(team, part);
        team.forPacks<S>([&](Index column, int count) {
            S p[PACK<S>] = {};
            S dp[PACK<S>] = {};
            S s[PACK<S>] = {};
            if (column + count > from && column < to) {
                load(probabilities, inP + column, count, p);
                load(gradients, at + column, count, dp);
                if (cap != 0) {
                    load(scores, row.in(scores) + column, count, s);
                }
            }
#pragma unroll
            for (int i = 0; i < PACK<S>; i++) {
                bool visible = column + i >= from && column + i < to;
                dp[i] = visible ? p[i] * (dp[i] - mean) * capDerivative(s[i], cap) : S(0);
            }
            store(scoreGradients, row.in(scoreGradients) + column, count, dp);
        });
    });
}

// ---- losses ----

// The largest z of a row and the mass Σ exp(z − largest), in one pass over the row, for each thread of its team. A
// thread that has only seen −∞ adds nothing; a row of nothing else, and one with +∞ or NaN, gives NaN in the end.
template <typename S> struct Normaliser {
    S largest;
    S mass;

    __device__ Normaliser(const Team& team, const View& logits, Index at, S cap) : largest(lowest<S>()), mass(0) {
        team.forPacks<S>([&](Index column, int count) {
            S z[PACK<S>];
            load(logits, at + column, count, z);
            S before = largest;
#pragma unroll
            for (int i = 0; i < PACK<S>; i++) {
                z[i] = i < count ? capped(z[i], cap) : lowest<S>();
                largest = Larger()(largest, z[i]);
            }
            mass *= before == largest ? S(1) : exponential(before - largest);
#pragma unroll
            for (int i = 0; i < PACK<S>; i++) {
                mass += z[i] == lowest<S>() ? S(0) : exponential(z[i] - largest);
            }
        });
        S before = largest;
        largest = combined(team, largest, Larger());
        mass = sum(team, before == lowest<S>() ? S(0) : mass * exponential(before - largest));
    }
};

// losses = −weight·ln softmax(z)[label], and ∂loss/∂logits in place of the logits. S goes by the logits' type alone;
// the losses' last steps are in double.
template <typename S>
__device__ void crossEntropy(View logits, View labels, View weights, double softCap, View losses) {
    S cap = static_cast<S>(softCap);
    forRows<S>(logits.size[0], logits.size[1], [&](Team team, Index row) {
        Index at = row * logits.stride[0];
        double weight = load<double>(weights, row * weights.stride[0]);
        Index label = integer(labels, row * labels.stride[0]);
        bool counts = weight != 0 && label >= 0 && label < logits.size[1];
        // A row that is left out takes part in the sums without being read.
        Team reading{team.size, team.rank, counts ? team.columns : 0, team.hasRow};
        Normaliser<S> normaliser(reading, logits, at, cap);
        if (team.isFirst()) {
            double loss = 0;
            if (counts) {
                double z = capped(load<S>(logits, at + label), cap);
                loss = weight * (log(static_cast<double>(normaliser.mass)) + normaliser.largest - z);
            }
            store(losses, row * losses.stride[0], loss);
        }
        if (team.size > WARP) {
            __syncthreads();  // the label's logit has been read
        } else {
            __syncwarp();
        }
        S factor = 1 / normaliser.mass;
        S scale = static_cast<S>(weight);
        team.forPacks<S>([&](Index column, int count) {
            S z[PACK<S>] = {};
            if (counts) {
                load(logits, at + column, count, z);
#pragma unroll
                for (int i = 0; i < PACK<S>; i++) {
                    S p = exponential(capped(z[i], cap) - normaliser.largest) * factor;
                    z[i] = scale * (column + i == label ? p - 1 : p) * capDerivative(z[i], cap);
                }
            }
            store(logits, at + column, count, z);
        });
    });
}

// The sum of the values of all threads of a block before this one; `all` becomes the sum of all of them.
__device__ inline double sumBefore(double value, double& all) {
    __shared__ double ofWarp[WARPS];
    int warp = threadIdx.x / WARP;
    int lane = threadIdx.x % WARP;
    double upTo = value;
    for (int offset = 1; offset < WARP; offset *= 2) {
        double other = __shfl_up_sync(ALL_LANES, upTo, offset);
        upTo = lane >= offset ? other + upTo : upTo;
    }
    double before = __shfl_up_sync(ALL_LANES, upTo, 1);
    before = lane == 0 ? 0 : before;
    __syncthreads();  // what was summed before has been read
    if (lane == WARP - 1) {
        ofWarp[warp] = upTo;
    }
    __syncthreads();
    double below = 0;
    all = 0;
    for (int other = 0; other < WARPS; other++) {
        below += other < warp ? ofWarp[other] : 0;
        all += ofWarp[other];
    }
    return below + before;
}

// labels[i] = the first v whose cumulated probability exceeds uniforms[i]; when rounding leaves none, the last one
// that has any probability. Masses exp(z − largest) are in S, which goes by the logits' type alone, and cumulated in
// double from the first column on: a block takes a row, 2048 columns at a time in float.
template <typename S> __device__ void sampleLabels(View logits, double softCap, View uniforms, View labels) {
    S cap = static_cast<S>(softCap);
    Index n = logits.size[1];
    constexpr int NONE = 0x7fffffff;
    constexpr int STEP = THREADS * PACK<S>;
    for (Index row = blockIdx.x; row < logits.size[0]; row += gridDim.x) {
        Index at = row * logits.stride[0];
        Team block{THREADS, static_cast<int>(threadIdx.x), n, true};
        S largest = lowest<S>();
        block.forPacks<S>([&](Index column, int count) {
            S z[PACK<S>];
            load(logits, at + column, count, z);
#pragma unroll
            for (int i = 0; i < PACK<S>; i++) {
                largest = i < count ? Larger()(largest, capped(z[i], cap)) : largest;
            }
        });
        largest = combined(block, largest, Larger());
        // The masses of a pack of columns, and their sum.
        auto masses = [&](Index column, double (&mass)[PACK<S>]) {
            int count = static_cast<int>(greatest(0, least(PACK<S>, n - column)));
            S z[PACK<S>];
            load(logits, at + column, count, z);
            double few = 0;
#pragma unroll
            for (int i = 0; i < PACK<S>; i++) {
                mass[i] = i < count ? static_cast<double>(exponential(capped(z[i], cap) - largest)) : 0;
                few += mass[i];
            }
            return few;
        };
        double part = 0;
        block.forPacks<S>([&](Index column, int) {
            double mass[PACK<S>];
            part += masses(column, mass);
        });
        double threshold = load<double>(uniforms, row * uniforms.stride[0]) * sum(block, part);
        double cumulated = 0;
        int found = NONE;
        int lastPossible = 0;
        for (Index first = 0; first < n && found == NONE; first += STEP) {
            Index column = first + threadIdx.x * PACK<S>;
            double mass[PACK<S>];
            double all;
            double running = cumulated + sumBefore(masses(column, mass), all);
            int possible = 0;
#pragma unroll
            for (int i = 0; i < PACK<S>; i++) {
                running += mass[i];
                if (mass[i] > 0) {
                    possible = static_cast<int>(column) + i;
                    found = found == NONE && running > threshold ? possible : found;
                }
            }
            cumulated += all;
            found = combined(block, found, Smaller());
            lastPossible = possible > lastPossible ? possible : lastPossible;
        }
        lastPossible = combined(block, lastPossible, Larger());
        if (threadIdx.x == 0) {
            integer(labels, row * labels.stride[0]) = found == NONE ? lastPossible : found;
        }
    }
}

}  // namespace

KERNEL(causalSoftmax, (View scores, Index window, double softCap, View probabilities),
    (scores, window, softCap, probabilities))
KERNEL(causalSoftmaxBackward,
    (View probabilities, View scores, Index window, double softCap, View gradients, View scoreGradients),
    (probabilities, scores, window, softCap, gradients, scoreGradients))
KERNEL(crossEntropy, (View logits, View labels, View weights, double softCap, View losses),
    (logits, labels, weights, softCap, losses))
KERNEL(sampleLabels, (View logits, double softCap, View uniforms, View labels), (logits, softCap, uniforms, labels))
