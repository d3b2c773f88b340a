// The non-linearities, alone and as gates; rotary embeddings.
#include "loops.cuh"

namespace {

// The ordinals of dev.wellspring.linalg.Activation, whose formulas these are.
enum Activation { SILU, GELU, GELU_TANH, RELU };

template <typename S> __device__ inline S sigmoid(S x) { return 1 / (1 + exponential(-x)); }

template <typename S> __device__ inline S normalDistribution(S x) {
    return (1 + errorFunction(x * static_cast<S>(0.70710678118654752440))) / 2;
}

template <typename S> __device__ inline S tanhOfCubic(S x) {
    S scaled = static_cast<S>(0.79788456080286535588);  // √(2/π)
    return hyperbolicTangent(scaled * (x + static_cast<S>(0.044715) * x * x * x));
}

template <typename S> __device__ inline S activate(int f, S x) {
    switch (f) {
        case SILU:
            return x * sigmoid(x);
        case GELU:
            return x * normalDistribution(x);
        case GELU_TANH:
            return x / 2 * (1 + tanhOfCubic(x));
        default:
            return x > 0 || x != x ? x : S(0);
    }
}

template <typename S> __device__ inline S derivative(int f, S x) {
    switch (f) {
        case SILU:
            return sigmoid(x) * (1 + x * sigmoid(-x));
        case GELU: {
            S density = exponential(-x * x / 2) * static_cast<S>(0.39894228040143267794);
            return normalDistribution(x) + x * density;
        }
        case GELU_TANH: {
            S t = tanhOfCubic(x);
            S inner = static_cast<S>(0.79788456080286535588) * (1 + static_cast<S>(3 * 0.044715) * x * x);
            return (1 + t) / 2 + x / 2 * (1 - t * t) * inner;
        }
        default:
            return x > 0 ? S(1) : S(0);
    }
}

// y = f(x).
template <typename S> __device__ void activationForward(int f, View x, View y) {
    forElements<S>({&x}, {&y}, [=](const S* in, S* out) { out[0] = activate(f, in[0]); });
}

// dx = dy·f′(x).
template <typename S> __device__ void activationBackward(int f, View x, View dy, View dx) {
    forElements<S>({&x, &dy}, {&dx}, [=](const S* in, S* out) { out[0] = in[1] * derivative(f, in[0]); });
}

// y = f(gate)·up.
template <typename S> __device__ void gatedForward(int f, View gate, View up, View y) {
    forElements<S>({&gate, &up}, {&y}, [=](const S* in, S* out) { out[0] = activate(f, in[0]) * in[1]; });
}

// dgate = dy·up·f′(gate), dup = dy·f(gate).
template <typename S> __device__ void gatedBackward(int f, View gate, View up, View dy, View dgate, View dup) {
    forElements<S>({&gate, &up, &dy}, {&dgate, &dup}, [=](const S* in, S* out) {
        out[0] = in[2] * in[1] * derivative(f, in[0]);
        out[1] = in[2] * activate(f, in[0]);
    });
}

// ---- rotary embeddings ----

// Turns the pairs (x₁, x₂) of a pack of angles.
template <typename S>
__device__ inline void turn(
    const S (&cos)[PACK<S>], const S (&sin)[PACK<S>], S (&x1)[PACK<S>], S (&x2)[PACK<S>]) {
#pragma unroll
    for (int i = 0; i < PACK<S>; i++) {
        S first = x1[i] * cos[i] - x2[i] * sin[i];
        x2[i] = x2[i] * cos[i] + x1[i] * sin[i];
        x1[i] = first;
    }
}

// (x₁, x₂) becomes (x₁cos − x₂sin, x₂cos + x₁sin), in place; the inverse turns the other way. Pairs are (j, j + m),
// or (2j, 2j + 1) when interleaved.
template <typename S>
__device__ void rotary(View x, View cosines, View sines, View positions, int interleaved, int inverse) {
    Index m = cosines.size[1];
    forPacks<S>(Extent(rowsOf(x), m), blockIdx.x, gridDim.x, [&](Index number, Index column, int count) {
        Row row(x, number);
        Index position = integer(positions, row.index[0] * positions.stride[0]);
        S cos[PACK<S>];
        S sin[PACK<S>];
        load(cosines, position * cosines.stride[0] + column, count, cos);
        load(sines, position * sines.stride[0] + column, count, sin);
#pragma unroll
        for (int i = 0; i < PACK<S>; i++) {
            sin[i] = inverse ? -sin[i] : sin[i];
        }
        S x1[PACK<S>];
        S x2[PACK<S>];
        if (!interleaved) {
            Index at = row.in(x) + column;
            load(x, at, count, x1);
            load(x, at + m, count, x2);
            turn(cos, sin, x1, x2);
            store(x, at, count, x1);
            store(x, at + m, count, x2);
            return;
        }
        Index at = row.in(x) + 2 * column;
        int low = count < PACK<S> / 2 ? 2 * count : PACK<S>;
        int high = 2 * count - low;
        S below[PACK<S>];
        S above[PACK<S>] = {};
        load(x, at, low, below);
        if (high > 0) {
            load(x, at + PACK<S>, high, above);
        }
#pragma unroll
        for (int i = 0; i < PACK<S> / 2; i++) {
            x1[i] = below[2 * i];
            x2[i] = below[2 * i + 1];
            x1[i + PACK<S> / 2] = above[2 * i];
            x2[i + PACK<S> / 2] = above[2 * i + 1];
        }
        turn(cos, sin, x1, x2);
#pragma unroll
        for (int i = 0; i < PACK<S> / 2; i++) {
            below[2 * i] = x1[i];
            below[2 * i + 1] = x2[i];
            above[2 * i] = x1[i + PACK<S> / 2];
            above[2 * i + 1] = x2[i + PACK<S> / 2];
        }
        store(x, at, low, below);
        if (high > 0) {
            store(x, at + PACK<S>, high, above);
        }
    });
}

}  // namespace

KERNEL(activationForward, (int f, View x, View y), (f, x, y))
KERNEL(activationBackward, (int f, View x, View dy, View dx), (f, x, dy, dx))
KERNEL(gatedForward, (int f, View gate, View up, View y), (f, gate, up, y))
KERNEL(gatedBackward, (int f, View gate, View up, View dy, View dgate, View dup), (f, gate, up, dy, dgate, dup))
KERNEL(rotary, (View x, View cosines, View sines, View positions, int interleaved, int inverse),
    (x, cosines, sines, positions, interleaved, inverse))
