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
#define __launch_bounds__(threads)
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

template <typename T> inline void __stwb(T* address, T value) { *address = value; }
