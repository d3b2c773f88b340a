// libcuda.so.1: one device whose memory is the host's. Each allocation has a guard on both sides and is full of NaN.
#include <dlfcn.h>
#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "device.h"
#include "emulation.h"
#include "streams.h"

using emulation::enqueue;
using emulation::failure;
using emulation::isStream;
using emulation::flush;
using emulation::setMessage;

namespace {

constexpr size_t GUARD = 256;
constexpr char GUARD_BYTE = 0x5a;
constexpr int PLAIN_SHARED = 48 << 10;
constexpr int MOST_SHARED = 227 << 10;

// What a CUfunction is.
struct Function {
    std::string name;
    int sharedLimit;
};

std::recursive_mutex mutex;
typedef std::lock_guard<std::recursive_mutex> Lock;

bool initialised;
int devices = 1;
int capability = 90;
int driverVersion = 12080;
size_t totalBytes = size_t(4) << 30;
size_t usedBytes;
size_t neededBytes;
int retained;
std::map<char*, size_t> allocations;
std::map<char*, size_t> pinned;
long unalignedProducts = 0;
long queued = 0;
std::set<const void*> handles;
std::map<const void*, Function> functions;
std::map<const void*, std::shared_ptr<emulation::Event>> events;

// Not thread_local: see __shared__.
pthread_key_t keyOfContext() {
    static const pthread_key_t key = [] {
        pthread_key_t made;
        pthread_key_create(&made, nullptr);
        return made;
    }();
    return key;
}

char context;

// The allocation that these bytes lie in, or null.
char* find(const std::map<char*, size_t>& blocks, const void* address, size_t byteSize) {
    char* from = static_cast<char*>(const_cast<void*>(address));
    auto next = blocks.upper_bound(from);
    if (next == blocks.begin()) {
        return nullptr;
    }
    auto block = std::prev(next);
    return from + byteSize <= block->first + block->second ? block->first : nullptr;
}

bool isWhole(const char* data, size_t byteSize) {
    static const std::string intact(GUARD, GUARD_BYTE);
    return memcmp(data - GUARD, intact.data(), GUARD) == 0 && memcmp(data + byteSize, intact.data(), GUARD) == 0;
}

bool guardsHold(const char* whom) {
    for (auto& [data, byteSize] : allocations) {
        if (!isWhole(data, byteSize)) {
            setMessage("kernel %s wrote outside of an allocation of %zu bytes", whom, byteSize);
            return false;
        }
    }
    return true;
}

int refuse(const char* function, const char* what, const void* address, size_t byteSize) {
    setMessage("%s: %s %p with %zu bytes does not lie in an allocation", function, what, address, byteSize);
    return emulation::INVALID_VALUE;
}

// What every function asks first.
int ready() {
    if (!initialised) {
        return emulation::NOT_INITIALIZED;
    }
    return pthread_getspecific(keyOfContext()) == nullptr ? emulation::INVALID_CONTEXT : failure;
}

const void* newHandle() {
    const void* handle = malloc(1);
    handles.insert(handle);
    return handle;
}

int destroyHandle(const void* handle) {
    if (handles.erase(handle) == 0) {
        return emulation::INVALID_HANDLE;
    }
    free(const_cast<void*>(handle));
    return emulation::SUCCESS;
}

}  // namespace

namespace emulation {

bool isDeviceMemory(const void* address, size_t byteSize) {
    Lock lock(mutex);
    return find(allocations, address, byteSize) != nullptr;
}

bool hasRoom() {
    Lock lock(mutex);
    return neededBytes <= totalBytes - std::min(usedBytes, totalBytes);
}

void countUnaligned() {
    Lock lock(mutex);
    unalignedProducts++;
}

int enqueue(const void* stream, std::function<int()> work) {
    Lock lock(mutex);
    queued++;
    if (int status = ready()) {
        return status;
    }
    if (!isStream(stream)) {
        return INVALID_HANDLE;
    }
    queue(stream, std::move(work));
    return SUCCESS;
}

int flush() {
    Lock lock(mutex);
    return finishAll();
}

}  // namespace emulation

extern "C" {

// ---- for the tests ----

void emulationConfigure(int deviceCount, int computeCapability, int version, size_t memory) {
    Lock lock(mutex);
    devices = deviceCount;
    capability = computeCapability;
    driverVersion = version;
    totalBytes = memory;
}

// How much memory has to be free whenever a library works or a kernel is started.
void emulationNeed(size_t bytes) {
    Lock lock(mutex);
    neededBytes = bytes;
}

long emulationLiveAllocations() { return static_cast<long>(allocations.size()); }
long emulationPinnedAllocations() { return static_cast<long>(pinned.size()); }
long emulationContextsRetained() { return retained; }
long emulationUnalignedProducts() { return unalignedProducts; }
long emulationQueued() { return queued; }
const char* emulationMessage() { return emulation::message(); }

// Forgets a failure, after which a real device would have to be opened anew.
void emulationForgive() {
    Lock lock(mutex);
    failure = 0;
    emulation::forgetWork();
}

// See emulation::makeHasty.
void emulationMakeHasty(unsigned which) {
    Lock lock(mutex);
    emulation::makeHasty(which);
}

// ---- device ----

int cuInit(unsigned flags) {
    if (flags != 0) {
        return emulation::INVALID_VALUE;
    }
    initialised = true;
    return devices > 0 ? emulation::SUCCESS : 100;
}

int cuDriverGetVersion(int* version) {
    *version = driverVersion;
    return emulation::SUCCESS;
}

int cuDeviceGetCount(int* count) {
    *count = devices;
    return initialised ? emulation::SUCCESS : emulation::NOT_INITIALIZED;
}

int cuDeviceGet(int* device, int ordinal) {
    if (!initialised) {
        return emulation::NOT_INITIALIZED;
    }
    *device = ordinal;
    return ordinal >= 0 && ordinal < devices ? emulation::SUCCESS : emulation::INVALID_DEVICE;
}

int cuDeviceGetName(char* name, int length, int device) {
    snprintf(name, static_cast<size_t>(length), "Emulated GPU %d", device);
    return emulation::SUCCESS;
}

int cuDeviceGetAttribute(int* value, int attribute, int) {
    switch (attribute) {
        case 1:  // most threads of a block
            *value = 1024;
            return emulation::SUCCESS;
        case 8:  // shared memory of a block
            *value = PLAIN_SHARED;
            return emulation::SUCCESS;
        case 10:  // threads of a warp
            *value = 32;
            return emulation::SUCCESS;
        case 16:  // multiprocessors
            *value = 2;
            return emulation::SUCCESS;
        case 75:
            *value = capability / 10;
            return emulation::SUCCESS;
        case 76:
            *value = capability % 10;
            return emulation::SUCCESS;
        case 97:  // shared memory of a block that asks for it
            *value = MOST_SHARED;
            return emulation::SUCCESS;
        default:
            setMessage("cuDeviceGetAttribute: attribute %d is not emulated", attribute);
            return emulation::INVALID_VALUE;
    }
}

int cuDeviceTotalMem_v2(size_t* bytes, int) {
    *bytes = totalBytes;
    return emulation::SUCCESS;
}

int cuDevicePrimaryCtxRetain(const void** retainedContext, int device) {
    Lock lock(mutex);
    if (!initialised) {
        return emulation::NOT_INITIALIZED;
    }
    if (device < 0 || device >= devices) {
        return emulation::INVALID_DEVICE;
    }
    retained++;
    *retainedContext = &context;
    return emulation::SUCCESS;
}

int cuDevicePrimaryCtxRelease_v2(int) {
    Lock lock(mutex);
    if (retained == 0) {
        return emulation::INVALID_CONTEXT;
    }
    if (--retained == 0) {
        flush();
        failure = 0;
    }
    return emulation::SUCCESS;
}

int cuCtxSetCurrent(const void* wanted) {
    pthread_setspecific(keyOfContext(), wanted);
    return wanted == nullptr || (wanted == &context && retained > 0) ? emulation::SUCCESS : emulation::INVALID_CONTEXT;
}

// ---- memory ----

int cuMemGetInfo_v2(size_t* freeBytes, size_t* total) {
    Lock lock(mutex);
    *total = totalBytes;
    *freeBytes = totalBytes - std::min(usedBytes, totalBytes);
    return ready();
}

int cuMemAlloc_v2(char** address, size_t byteSize) {
    Lock lock(mutex);
    if (int status = ready()) {
        return status;
    }
    if (byteSize == 0) {
        return emulation::INVALID_VALUE;
    }
    size_t room = (byteSize + 255) / 256 * 256 + 2 * GUARD;
    char* block = byteSize <= totalBytes - std::min(usedBytes, totalBytes)
                      ? static_cast<char*>(aligned_alloc(256, room))
                      : nullptr;
    if (block == nullptr) {
        return emulation::OUT_OF_MEMORY;
    }
    memset(block, GUARD_BYTE, room);
    *address = block + GUARD;
    memset(*address, 0xff, byteSize);
    allocations[*address] = byteSize;
    usedBytes += byteSize;
    return emulation::SUCCESS;
}

int cuMemFree_v2(char* address) {
    Lock lock(mutex);
    if (address == nullptr) {
        return emulation::SUCCESS;
    }
    auto block = allocations.find(address);
    if (block == allocations.end()) {
        return refuse("cuMemFree", "address", address, 0);
    }
    int status = flush();
    bool whole = guardsHold("before this");
    usedBytes -= block->second;
    memset(address, 0xff, block->second);
    allocations.erase(block);
    free(address - GUARD);
    return status != emulation::SUCCESS ? status : whole ? emulation::SUCCESS : emulation::ILLEGAL_ADDRESS;
}

int cuMemAllocHost_v2(void** address, size_t byteSize) {
    Lock lock(mutex);
    if (int status = ready()) {
        return status;
    }
    char* block = static_cast<char*>(aligned_alloc(256, (byteSize + 255) / 256 * 256));
    memset(block, 0xff, byteSize);
    pinned[block] = byteSize;
    *address = block;
    return block == nullptr ? emulation::OUT_OF_MEMORY : emulation::SUCCESS;
}

int cuMemFreeHost(void* address) {
    Lock lock(mutex);
    int status = flush();
    if (pinned.erase(static_cast<char*>(address)) == 0) {
        return refuse("cuMemFreeHost", "address", address, 0);
    }
    free(address);
    return status;
}

// Pageable memory is read at once, pinned memory when its turn comes.
int cuMemcpyHtoDAsync_v2(char* to, const void* from, size_t byteSize, const void* stream) {
    Lock lock(mutex);
    if (!isStream(stream) || from == nullptr) {
        return emulation::INVALID_VALUE;
    }
    if (find(allocations, to, byteSize) == nullptr) {
        return refuse("cuMemcpyHtoD", "target", to, byteSize);
    }
    if (find(pinned, from, byteSize) != nullptr) {
        return enqueue(stream, [=] {
            memcpy(to, from, byteSize);
            return emulation::SUCCESS;
        });
    }
    std::vector<char> bytes(static_cast<const char*>(from), static_cast<const char*>(from) + byteSize);
    return enqueue(stream, [=] {
        memcpy(to, bytes.data(), byteSize);
        return emulation::SUCCESS;
    });
}

// To pageable memory it waits.
int cuMemcpyDtoHAsync_v2(void* to, const char* from, size_t byteSize, const void* stream) {
    Lock lock(mutex);
    if (!isStream(stream) || to == nullptr) {
        return emulation::INVALID_VALUE;
    }
    if (find(allocations, from, byteSize) == nullptr) {
        return refuse("cuMemcpyDtoH", "source", from, byteSize);
    }
    int status = enqueue(stream, [=] {
        memcpy(to, from, byteSize);
        return emulation::SUCCESS;
    });
    return status != emulation::SUCCESS || find(pinned, to, byteSize) != nullptr ? status : emulation::finish(stream);
}

int cuMemcpyDtoDAsync_v2(char* to, const char* from, size_t byteSize, const void* stream) {
    Lock lock(mutex);
    if (!isStream(stream)) {
        return emulation::INVALID_VALUE;
    }
    if (find(allocations, to, byteSize) == nullptr) {
        return refuse("cuMemcpyDtoD", "target", to, byteSize);
    }
    if (find(allocations, from, byteSize) == nullptr) {
        return refuse("cuMemcpyDtoD", "source", from, byteSize);
    }
    if (from < to + byteSize && to < from + byteSize) {
        setMessage("cuMemcpyDtoD: source and target overlap");
        return emulation::INVALID_VALUE;
    }
    return enqueue(stream, [=] {
        memcpy(to, from, byteSize);
        return emulation::SUCCESS;
    });
}

int cuMemsetD8Async(char* address, unsigned char value, size_t byteSize, const void* stream) {
    Lock lock(mutex);
    if (!isStream(stream)) {
        return emulation::INVALID_VALUE;
    }
    if (find(allocations, address, byteSize) == nullptr) {
        return refuse("cuMemsetD8", "target", address, byteSize);
    }
    return enqueue(stream, [=] {
        memset(address, value, byteSize);
        return emulation::SUCCESS;
    });
}

// ---- streams and events ----

int cuStreamCreate(const void** stream, unsigned) {
    Lock lock(mutex);
    if (int status = ready()) {
        return status;
    }
    *stream = newHandle();
    emulation::addStream(*stream);
    return emulation::SUCCESS;
}

int cuStreamDestroy_v2(const void* stream) {
    Lock lock(mutex);
    if (stream == nullptr || !isStream(stream)) {
        return emulation::INVALID_HANDLE;
    }
    emulation::removeStream(stream);
    return destroyHandle(stream);
}

int cuStreamSynchronize(const void* stream) {
    Lock lock(mutex);
    if (!isStream(stream)) {
        return emulation::INVALID_HANDLE;
    }
    int status = ready();
    return status != emulation::SUCCESS ? status : emulation::finish(stream);
}

int cuStreamWaitEvent(const void* stream, const void* event, unsigned flags) {
    Lock lock(mutex);
    auto found = events.find(event);
    if (!isStream(stream) || found == events.end()) {
        return emulation::INVALID_HANDLE;
    }
    if (flags != 0) {
        return emulation::INVALID_VALUE;
    }
    int status = ready();
    if (status == emulation::SUCCESS) {
        emulation::wait(stream, found->second);
    }
    return status;
}

int cuCtxSynchronize() {
    int status = ready();
    return status != emulation::SUCCESS ? status : flush();
}

int cuEventCreate(const void** event, unsigned) {
    Lock lock(mutex);
    if (int status = ready()) {
        return status;
    }
    *event = newHandle();
    events[*event] = std::make_shared<emulation::Event>();
    return emulation::SUCCESS;
}

int cuEventDestroy_v2(const void* event) {
    Lock lock(mutex);
    return events.erase(event) == 0 ? emulation::INVALID_HANDLE : destroyHandle(event);
}

int cuEventRecord(const void* event, const void* stream) {
    Lock lock(mutex);
    auto found = events.find(event);
    if (!isStream(stream) || found == events.end()) {
        return emulation::INVALID_HANDLE;
    }
    int status = ready();
    if (status == emulation::SUCCESS) {
        emulation::record(found->second, stream);
    }
    return status;
}

int cuEventSynchronize(const void* event) {
    Lock lock(mutex);
    auto found = events.find(event);
    return found == events.end() ? emulation::INVALID_HANDLE : emulation::reach(found->second);
}

int cuEventQuery(const void* event) { return cuEventSynchronize(event); }

int cuEventElapsedTime(float* milliseconds, const void*, const void*) {
    *milliseconds = 0;
    return flush();
}

// ---- kernels ----

// The image is what the emulated NVRTC made: a word and the architecture.
int cuModuleLoadData(const void** module, const void* image) {
    Lock lock(mutex);
    if (int status = ready()) {
        return status;
    }
    int architecture = 0;
    char kind[8] = {};
    if (sscanf(static_cast<const char*>(image), "emulated %7[a-z] %d", kind, &architecture) != 2) {
        setMessage("cuModuleLoadData: the image does not come from the emulated NVRTC");
        return emulation::INVALID_IMAGE;
    }
    bool fits = std::string(kind) == "ptx" ? architecture <= capability
                                           : architecture / 10 == capability / 10 && architecture <= capability;
    if (!fits) {
        return emulation::NO_BINARY_FOR_GPU;
    }
    *module = newHandle();
    return emulation::SUCCESS;
}

int cuModuleUnload(const void* module) {
    Lock lock(mutex);
    flush();
    return destroyHandle(module);
}

int cuModuleGetFunction(const void** function, const void* module, const char* name) {
    Lock lock(mutex);
    if (handles.count(module) == 0) {
        return emulation::INVALID_HANDLE;
    }
    Dl_info self;
    dladdr(reinterpret_cast<const void*>(&cuModuleGetFunction), &self);
    void* library = dlopen(self.dli_fname, RTLD_NOW | RTLD_NOLOAD);
    *function = library == nullptr ? nullptr : dlsym(library, (std::string("emulate_") + name).c_str());
    if (library != nullptr) {
        dlclose(library);
    }
    if (*function == nullptr) {
        return emulation::NOT_FOUND;
    }
    functions.emplace(*function, Function{name, PLAIN_SHARED});
    return emulation::SUCCESS;
}

int cuFuncSetAttribute(const void* function, int attribute, int value) {
    Lock lock(mutex);
    if (functions.count(function) == 0) {
        return emulation::INVALID_HANDLE;
    }
    if (attribute == 8) {
        if (value < 0 || value > MOST_SHARED) {
            return emulation::INVALID_VALUE;
        }
        functions.at(function).sharedLimit = value;
    }
    return emulation::SUCCESS;
}

int cuLaunchKernel(const void* function, unsigned gridX, unsigned gridY, unsigned gridZ, unsigned blockX,
    unsigned blockY, unsigned blockZ, unsigned sharedBytes, const void* stream, void** parameters, void** extra) {
    Lock lock(mutex);
    auto found = functions.find(function);
    if (found == functions.end() || !isStream(stream)) {
        return emulation::INVALID_HANDLE;
    }
    if (!emulation::hasRoom()) {
        return emulation::OUT_OF_MEMORY;
    }
    bool sizes = gridX > 0 && gridX <= 0x7fffffff && gridY == 1 && gridZ == 1 && blockX > 0 && blockX <= 1024 &&
                 blockY == 1 && blockZ == 1;
    if (!sizes || extra != nullptr || sharedBytes > static_cast<unsigned>(found->second.sharedLimit)) {
        setMessage("cuLaunchKernel: %u by %u by %u blocks of %u by %u by %u threads with %u bytes cannot be launched",
            gridX, gridY, gridZ, blockX, blockY, blockZ, sharedBytes);
        return emulation::INVALID_VALUE;
    }
    emulation::Launch launch;
    typedef void (*Prepare)(unsigned, unsigned, unsigned, void**, emulation::Launch*);
    reinterpret_cast<Prepare>(const_cast<void*>(function))(gridX, blockX, sharedBytes, parameters, &launch);
    const char* name = found->second.name.c_str();
    return enqueue(stream, [=] {
        if (!launch()) {
            return emulation::LAUNCH_FAILED;
        }
        return guardsHold(name) ? emulation::SUCCESS : emulation::ILLEGAL_ADDRESS;
    });
}

// ---- words ----

struct Word {
    int status;
    const char* name;
    const char* text;
};

static const Word WORDS[] = {
    {0, "CUDA_SUCCESS", "no error"},
    {1, "CUDA_ERROR_INVALID_VALUE", "invalid argument"},
    {2, "CUDA_ERROR_OUT_OF_MEMORY", "out of memory"},
    {3, "CUDA_ERROR_NOT_INITIALIZED", "initialization error"},
    {100, "CUDA_ERROR_NO_DEVICE", "no CUDA-capable device is detected"},
    {101, "CUDA_ERROR_INVALID_DEVICE", "invalid device ordinal"},
    {200, "CUDA_ERROR_INVALID_IMAGE", "device kernel image is invalid"},
    {201, "CUDA_ERROR_INVALID_CONTEXT", "invalid device context"},
    {209, "CUDA_ERROR_NO_BINARY_FOR_GPU", "no kernel image is available for execution on the device"},
    {400, "CUDA_ERROR_INVALID_HANDLE", "invalid resource handle"},
    {500, "CUDA_ERROR_NOT_FOUND", "named symbol not found"},
    {700, "CUDA_ERROR_ILLEGAL_ADDRESS", "an illegal memory access was encountered"},
    {719, "CUDA_ERROR_LAUNCH_FAILED", "unspecified launch failure"},
};

int cuGetErrorName(int status, const char** name) {
    for (const Word& word : WORDS) {
        if (word.status == status) {
            *name = word.name;
            return emulation::SUCCESS;
        }
    }
    *name = nullptr;
    return emulation::INVALID_VALUE;
}

int cuGetErrorString(int status, const char** text) {
    for (const Word& word : WORDS) {
        if (word.status == status) {
            *text = word.text;
            return emulation::SUCCESS;
        }
    }
    *text = nullptr;
    return emulation::INVALID_VALUE;
}

}  // extern "C"
