// What the emulated libraries share: the device's memory and its queue of work.
#pragma once

#include <cstddef>
#include <functional>

namespace emulation {

// Whether these bytes lie in one allocation.
bool isDeviceMemory(const void* address, size_t byteSize);

// Whether the device has as much memory left as libraries and kernels take on their own, which the tests say.
bool hasRoom();

// Counts a product that tensor cores take slowly, or not at all.
void countUnaligned();

// Work of a stream is done in order, but only when somebody waits for it: what is overwritten too early is then wrong,
// as it may be on a real device. Returns a CUresult: that of earlier work that failed, else success.
int enqueue(const void* stream, std::function<int()> work);

// Does all that is queued on any stream. Returns a CUresult.
int flush();

constexpr int SUCCESS = 0;
constexpr int INVALID_VALUE = 1;
constexpr int OUT_OF_MEMORY = 2;
constexpr int NOT_INITIALIZED = 3;
constexpr int INVALID_DEVICE = 101;
constexpr int INVALID_IMAGE = 200;
constexpr int INVALID_CONTEXT = 201;
constexpr int NO_BINARY_FOR_GPU = 209;
constexpr int INVALID_HANDLE = 400;
constexpr int NOT_FOUND = 500;
constexpr int ILLEGAL_ADDRESS = 700;
constexpr int LAUNCH_FAILED = 719;

}  // namespace emulation
