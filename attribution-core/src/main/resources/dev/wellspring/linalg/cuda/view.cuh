// What all kernels share: views of memory, their elements one by one and in packs, their rows.
//
// No header is included: NVRTC brings the intrinsics itself, and a plain C++ compiler gets them from the tests.
// Every kernel is there twice, NAME_f with arithmetic in float and NAME_d in double. The types of operands are read at
// run time, once for a pack of elements. Any number of blocks of THREADS threads is right: kernels loop. Nothing is
// atomic and all sums have a fixed order, so the same operands give the same bytes.
//
// NVRTC takes generic lambdas for host code; hence some small structs that are called.
#pragma once

// Threads of a kernel's blocks and, behind a comma, how many of these share a multiprocessor at the least, for which
// registers are cut.
#define BOUNDS THREADS
#ifndef KERNEL_OF
#define KERNEL_OF(kernel, function, parameters, arguments) \
    extern "C" __global__ void __launch_bounds__(BOUNDS) kernel parameters { function arguments; }
#endif
#define KERNEL(name, parameters, arguments)                   \
    KERNEL_OF(name##_f, name<float>, parameters, arguments)   \
    KERNEL_OF(name##_d, name<double>, parameters, arguments)

// Shared memory of as many bytes as the launch says.
#ifndef DYNAMIC_SHARED
#define DYNAMIC_SHARED(type, name) extern __shared__ type name[]
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

// ---- functions ----

// A double's functions are long programs: they are called instead of repeated for each element of a pack.
__device__ inline float exponential(float x) { return exp(x); }
__device__ inline float hyperbolicTangent(float x) { return tanh(x); }
__device__ inline float errorFunction(float x) { return erf(x); }
__device__ __attribute__((noinline)) double exponential(double x) { return exp(x); }
__device__ __attribute__((noinline)) double hyperbolicTangent(double x) { return tanh(x); }
__device__ __attribute__((noinline)) double errorFunction(double x) { return erf(x); }

// ---- elements by their type ----

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

template <typename S> struct LoadElement {
    Index offset;

    template <typename E> __device__ S operator()(const E* data) const { return widen<S>(data[offset]); }
};

template <typename S> struct StoreElement {
    Index offset;
    S value;

    template <typename E> __device__ void operator()(E* data) const { narrow(value, data[offset]); }
};

template <typename S> __device__ inline S load(const View& view, Index offset) {
    return withElements<S>(view, LoadElement<S>{offset});
}

template <typename S> __device__ inline void store(const View& view, Index offset, S value) {
    withElements<S>(view, StoreElement<S>{offset, value});
}

__device__ inline int& integer(const View& view, Index offset) { return reinterpret_cast<int*>(view.data)[offset]; }

// ---- packs: elements that lie side by side ----

// How many one thread takes at a time.
template <typename S> constexpr int PACK = 32 / sizeof(S);

// What one instruction loads or stores: 16 bytes, or a whole pack of less.
template <int BYTES> struct Words;
template <> struct Words<8> {
    typedef uint2 Type;
};
template <> struct Words<16> {
    typedef uint4 Type;
};

template <typename E, typename S> union Chunk {
    static constexpr int WIDTH = PACK<S> * sizeof(E) < 16 ? PACK<S> : 16 / sizeof(E);
    typedef typename Words<WIDTH * sizeof(E)>::Type Type;

    Type words;
    E element[WIDTH];

    __device__ static bool fits(const E* address, int count) {
        return count == PACK<S> && reinterpret_cast<unsigned long long>(address) % sizeof(Type) == 0;
    }
};

template <typename E, typename S> __device__ inline void loadPack(const E* from, int count, S (&x)[PACK<S>]) {
    typedef Chunk<E, S> Part;
    if (Part::fits(from, count)) {
#pragma unroll
        for (int k = 0; k < PACK<S>; k += Part::WIDTH) {
            Part part;
            part.words = *reinterpret_cast<const typename Part::Type*>(from + k);
#pragma unroll
            for (int i = 0; i < Part::WIDTH; i++) {
                x[k + i] = widen<S>(part.element[i]);
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
    typedef Chunk<E, S> Part;
    if (Part::fits(to, count)) {
#pragma unroll
        for (int k = 0; k < PACK<S>; k += Part::WIDTH) {
            Part part;
#pragma unroll
            for (int i = 0; i < Part::WIDTH; i++) {
                narrow(x[k + i], part.element[i]);
            }
            // A plain store: nvcc and NVRTC would cut an assignment in parts.
            __stwb(reinterpret_cast<typename Part::Type*>(to + k), part.words);
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

template <typename S> struct LoadPack {
    Index offset;
    int count;
    S (&x)[PACK<S>];

    template <typename E> __device__ void operator()(const E* data) const { loadPack(data + offset, count, x); }
};

template <typename S> struct StorePack {
    Index offset;
    int count;
    const S (&x)[PACK<S>];

    template <typename E> __device__ void operator()(E* data) const { storePack(data + offset, count, x); }
};

// The first `count` elements from `offset` on, and zeros behind them.
template <typename S> __device__ inline void load(const View& view, Index offset, int count, S (&x)[PACK<S>]) {
    withElements<S>(view, LoadPack<S>{offset, count, x});
}

template <typename S> __device__ inline void store(const View& view, Index offset, int count, const S (&x)[PACK<S>]) {
    withElements<S>(view, StorePack<S>{offset, count, x});
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

}  // namespace
