// CUDA as far as the kernels need it, for a plain C++ compiler: every source of kernels is compiled behind this header.
//
// The threads of a block are fibers that take turns. A thread runs until it ends or waits at a barrier or a shuffle, so
// that one which does not wait where it should reads what others have not written yet. Shared memory is full of NaN
// when a block starts. Blocks run one after the other.
#pragma once

#include <math.h>
#include <cstddef>
#include <cstring>
#include <functional>
#include <tuple>
#include <type_traits>
#include <utility>

#define __global__
#define __device__
#define __launch_bounds__(...)
// No thread of this library has other variables of its own, so that all shared memory is found and filled anew for
// each block.
#define __shared__ static thread_local
#define DYNAMIC_SHARED(type, name) type* name = static_cast<type*>(emulation::dynamicShared())

struct Coordinates {
    unsigned x, y, z;
};
extern Coordinates threadIdx, blockIdx, blockDim, gridDim;

struct uint2 {
    unsigned x, y;
};
struct alignas(16) uint4 {
    unsigned x, y, z, w;
};

namespace emulation {

// Where in the sources a thread waits.
struct Site {
    const char* file;
    int line;
};

void* dynamicShared();
void waitForBlock(Site site);
int waitForBlockOr(int value, Site site);
void waitForWarp(unsigned mask, Site site);

// Gives `size` bytes to the other lanes, waits for theirs, and takes those of lane `source`.
void exchange(unsigned mask, const void* mine, void* taken, size_t size, int source, Site site);

int lane();

template <typename T> T shuffle(unsigned mask, T value, int source, Site site) {
    T taken;
    exchange(mask, &value, &taken, sizeof(T), source, site);
    return taken;
}

// Runs a whole grid; false when a thread waits in vain or reads from a lane that does not take part. See message().
bool run(const char* kernel, unsigned blocks, unsigned threads, unsigned sharedBytes, const std::function<void()>& body);

// What went wrong last, for people.
const char* message();
void setMessage(const char* format, ...) __attribute__((format(printf, 1, 2)));

// ---- kernels by name ----

// A launch that has its arguments and waits for its turn.
typedef std::function<bool()> Launch;

template <typename... A> struct Kernel {
    const char* name;
    void (*function)(A...);

    template <size_t... I> std::tuple<A...> arguments(void** parameters, std::index_sequence<I...>) const {
        return std::tuple<A...>(*static_cast<std::remove_const_t<A>*>(parameters[I])...);
    }

    Launch prepared(unsigned blocks, unsigned threads, unsigned sharedBytes, void** parameters) const {
        auto taken = arguments(parameters, std::index_sequence_for<A...>());
        Kernel kernel = *this;
        return [=] {
            return run(kernel.name, blocks, threads, sharedBytes, [&] { std::apply(kernel.function, taken); });
        };
    }
};

template <typename... A> Kernel<A...> kernelOf(const char* name, void (*function)(A...)) { return {name, function}; }

}  // namespace emulation

// emulate_NAME reads the arguments by the types of the kernel's own parameters.
#define EMULATED(name)                                                                                           \
    extern "C" void emulate_##name(                                                                              \
        unsigned blocks, unsigned threads, unsigned sharedBytes, void** parameters, emulation::Launch* launch) { \
        *launch = emulation::kernelOf(#name, name).prepared(blocks, threads, sharedBytes, parameters);           \
    }

#define KERNEL_OF(kernel, function, parameters, arguments)      \
    extern "C" void kernel parameters { function arguments; } \
    EMULATED(kernel)

// ---- intrinsics ----

#define EMULATED_SITE (emulation::Site{__FILE__, __LINE__})
#define __syncthreads() emulation::waitForBlock(EMULATED_SITE)
#define __syncthreads_or(value) emulation::waitForBlockOr(value, EMULATED_SITE)
#define __syncwarp() emulation::waitForWarp(0xffffffffu, EMULATED_SITE)
#define __shfl_sync(mask, value, from) emulation::shuffle(mask, value, (from) & 31, EMULATED_SITE)
#define __shfl_xor_sync(mask, value, bits) emulation::shuffle(mask, value, emulation::lane() ^ (bits), EMULATED_SITE)
// Beyond the ends a lane gets its own value.
#define __shfl_up_sync(mask, value, by)                                                                      \
    emulation::shuffle(                                                                                      \
        mask, value, emulation::lane() - (by) < 0 ? emulation::lane() : emulation::lane() - (by), EMULATED_SITE)
#define __shfl_down_sync(mask, value, by)                                                                     \
    emulation::shuffle(                                                                                       \
        mask, value, emulation::lane() + (by) > 31 ? emulation::lane() : emulation::lane() + (by), EMULATED_SITE)

namespace emulation {
template <typename To, typename From> inline To sameBits(From from) {
    static_assert(sizeof(To) == sizeof(From), "one size");
    To to;
    memcpy(&to, &from, sizeof(To));
    return to;
}
}  // namespace emulation

inline unsigned __float_as_uint(float value) { return emulation::sameBits<unsigned>(value); }
inline float __uint_as_float(unsigned bits) { return emulation::sameBits<float>(bits); }

inline float __expf(float x) { return expf(x); }

template <typename T> inline void __stwb(T* address, T value) { *address = value; }

// ---- tensor cores ----

#define EMULATED_TENSOR_CORES

namespace emulation {

// What a lane brings to a product of its warp, and where its rows lie.
struct Brought {
    unsigned a[4];
    unsigned b[2];
    const void* row;
};

// All that the lanes of this warp bring, once they all have. Each waits again before it brings something else.
inline const Brought* broughtByAll(const Brought& mine, Site site) {
    static thread_local Brought all[32][32];
    Brought* ofWarp = all[threadIdx.x / 32];
    ofWarp[lane()] = mine;
    waitForWarp(0xffffffffu, site);
    return ofWarp;
}

inline float halfOf(unsigned pair, unsigned number) { return __uint_as_float(number % 2 == 0 ? pair << 16 : pair & 0xffff0000u); }

// mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32, as the PTX manual says where each number lies.
inline void multiplyAdd(float (&d)[4], const unsigned (&a)[4], unsigned b0, unsigned b1, Site site) {
    const Brought* all = broughtByAll(Brought{{a[0], a[1], a[2], a[3]}, {b0, b1}, nullptr}, site);
    for (unsigned i = 0; i < 4; i++) {
        unsigned row = static_cast<unsigned>(lane()) / 4 + i / 2 * 8;
        unsigned column = static_cast<unsigned>(lane()) % 4 * 2 + i % 2;
        for (unsigned k = 0; k < 16; k++) {
            unsigned left = all[row % 8 * 4 + k % 8 / 2].a[row / 8 + k / 8 * 2];
            unsigned right = all[column * 4 + k % 8 / 2].b[k / 8];
            d[i] += halfOf(left, k) * halfOf(right, k);
        }
    }
    waitForWarp(0xffffffffu, site);
}

// cp.async of 16 bytes, which arrive at once here; NaN from or to an address that a device refuses.
inline void copy(void* to, const void* from) {
    bool refused = (reinterpret_cast<size_t>(to) | reinterpret_cast<size_t>(from)) % 16 != 0;
    if (refused) {
        memset(to, 0xff, 16);
    } else {
        memcpy(to, from, 16);
    }
}

// ldmatrix.sync.aligned.m8n8.x4, with .trans or without.
inline void loadMatrices(unsigned (&x)[4], const void* row, bool transposed, Site site) {
    const Brought* all = broughtByAll(Brought{{}, {}, row}, site);
    unsigned me = static_cast<unsigned>(lane());
    for (unsigned matrix = 0; matrix < 4; matrix++) {
        unsigned short numbers[2];
        for (unsigned i = 0; i < 2; i++) {
            unsigned from = transposed ? me % 4 * 2 + i : me / 4;
            unsigned column = transposed ? me / 4 : me % 4 * 2 + i;
            memcpy(&numbers[i], static_cast<const char*>(all[matrix * 8 + from].row) + 2 * column, 2);
        }
        x[matrix] = static_cast<unsigned>(numbers[0]) | static_cast<unsigned>(numbers[1]) << 16;
    }
    if (reinterpret_cast<size_t>(row) % 16 != 0) {
        memset(x, 0xff, sizeof(x));  // NaN: a device refuses such an address
    }
    waitForWarp(0xffffffffu, site);
}

}  // namespace emulation
