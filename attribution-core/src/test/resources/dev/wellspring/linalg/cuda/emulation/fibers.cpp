// The threads of a block as fibers: each has a stack of its own and is left and entered by setjmp and longjmp.
#undef _FORTIFY_SOURCE  // which forbids to jump between stacks
#include "emulation.h"

#include <link.h>
#include <setjmp.h>
#include <sys/mman.h>
#include <ucontext.h>

#include <cstdarg>
#include <cstdio>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

Coordinates threadIdx, blockIdx, blockDim, gridDim;

namespace emulation {
namespace {

constexpr size_t STACK = 256 << 10;
constexpr unsigned LANES = 32;
constexpr size_t LARGEST_VALUE = 16;
constexpr size_t GUARD = 64;

struct Fiber {
    ucontext_t start;
    jmp_buf place;
    bool started = false;
    unsigned thread = 0;
    char* stack;

    Fiber()
        : stack(static_cast<char*>(
              mmap(nullptr, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0))) {}
    ~Fiber() { munmap(stack, STACK); }
};

struct Warp {
    unsigned arrived = 0;
    Fiber* waiting[LANES];
    unsigned mask[LANES];
    Site site[LANES];
    // A lane can be one exchange ahead of another that has not read yet, so there are two sets of values.
    unsigned turn[LANES] = {};
    char value[2][LANES][LARGEST_VALUE];
};

// What __shared__ variables of the calling thread lie in.
struct SharedMemory {
    char* data = nullptr;
    size_t byteSize = 0;
};

std::mutex oneAtATime;
std::string lastMessage;

// ---- the block that runs ----

SharedMemory sharedMemory;
const char* kernelName;
const std::function<void()>* threadBody;
unsigned threads;
unsigned started;
unsigned ended;
bool failed;
std::vector<char> dynamicMemory;
std::vector<Warp> warps;

jmp_buf scheduler;
Fiber* current;
std::vector<std::unique_ptr<Fiber>> fibers;
std::vector<Fiber*> idle;
std::vector<Fiber*> ready;
std::vector<Fiber*> atBarrier;
std::vector<Site> barrierSites;
int anyValue;
int releasedValue;

std::string text(Site site) {
    const char* name = strrchr(site.file, '/');
    return std::string(name ? name + 1 : site.file) + ":" + std::to_string(site.line);
}

void toScheduler() {
    Fiber* self = current;
    if (_setjmp(self->place) == 0) {
        _longjmp(scheduler, 1);
    }
    current = self;
    threadIdx.x = self->thread;
}

[[noreturn]] void fail(const std::string& reason) {
    setMessage("kernel %s, block %u, thread %u: %s", kernelName, blockIdx.x, threadIdx.x, reason.c_str());
    failed = true;
    _longjmp(scheduler, 1);
}

// A fiber runs one thread after the other until one has to wait; then it belongs to that thread.
void fiberMain() {
    while (true) {
        while (started < threads) {
            unsigned number = started++;
            // Every other block starts its last thread first.
            current->thread = blockIdx.x % 2 == 0 ? number : threads - 1 - number;
            threadIdx.x = current->thread;
            (*threadBody)();
            ended++;
        }
        idle.push_back(current);
        toScheduler();
    }
}

void enter(Fiber* fiber) {
    current = fiber;
    if (_setjmp(scheduler) != 0) {
        return;
    }
    threadIdx.x = fiber->thread;
    if (fiber->started) {
        _longjmp(fiber->place, 1);
    }
    fiber->started = true;
    getcontext(&fiber->start);
    fiber->start.uc_stack.ss_sp = fiber->stack;
    fiber->start.uc_stack.ss_size = STACK;
    fiber->start.uc_link = nullptr;
    makecontext(&fiber->start, fiberMain, 0);
    setcontext(&fiber->start);
}

Fiber* takeIdle() {
    if (idle.empty()) {
        fibers.push_back(std::make_unique<Fiber>());
        return fibers.back().get();
    }
    Fiber* fiber = idle.back();
    idle.pop_back();
    return fiber;
}

// Asked of each library: is it this one, and where are its variables of this thread?
int findSharedMemory(dl_phdr_info* library, size_t, void* found) {
    bool here = false;
    size_t byteSize = 0;
    auto self = reinterpret_cast<ElfW(Addr)>(&findSharedMemory);
    for (int i = 0; i < library->dlpi_phnum; i++) {
        const ElfW(Phdr)& part = library->dlpi_phdr[i];
        ElfW(Addr) from = library->dlpi_addr + part.p_vaddr;
        here = here || (part.p_type == PT_LOAD && self >= from && self < from + part.p_memsz);
        byteSize = part.p_type == PT_TLS ? part.p_memsz : byteSize;
    }
    if (here) {
        *static_cast<SharedMemory*>(found) = {static_cast<char*>(library->dlpi_tls_data), byteSize};
    }
    return here;
}

// Which threads wait for others that have ended or wait elsewhere.
std::string whoWaits() {
    std::string all;
    if (!atBarrier.empty()) {
        all += std::to_string(atBarrier.size()) + " of " + std::to_string(threads) + " threads wait at the barrier " +
               text(barrierSites[0]);
    }
    for (size_t w = 0; w < warps.size(); w++) {
        for (unsigned lane = 0; lane < LANES; lane++) {
            if (warps[w].arrived >> lane & 1) {
                return all + (all.empty() ? "" : ", ") + "warp " + std::to_string(w) + " waits at " +
                       text(warps[w].site[lane]) + " with lanes " + std::to_string(warps[w].arrived) + " of " +
                       std::to_string(warps[w].mask[lane]);
            }
        }
    }
    return all;
}

bool runBlock() {
    started = ended = 0;
    failed = false;
    warps.assign((threads + LANES - 1) / LANES, Warp());
    memset(sharedMemory.data, 0xff, sharedMemory.byteSize);
    std::fill(dynamicMemory.begin(), dynamicMemory.end(), static_cast<char>(0xff));
    while (!failed && (!ready.empty() || started < threads)) {
        Fiber* fiber;
        if (ready.empty()) {
            fiber = takeIdle();
        } else {
            fiber = ready.back();
            ready.pop_back();
        }
        enter(fiber);
    }
    if (!failed && ended < threads) {
        setMessage("kernel %s, block %u: %s for threads that never come", kernelName, blockIdx.x, whoWaits().c_str());
        failed = true;
    }
    for (size_t i = dynamicMemory.size() - GUARD; !failed && i < dynamicMemory.size(); i++) {
        if (dynamicMemory[i] != static_cast<char>(0xff)) {
            setMessage("kernel %s, block %u: wrote behind its %zu bytes of dynamic shared memory", kernelName,
                blockIdx.x, dynamicMemory.size() - GUARD);
            failed = true;
        }
    }
    return !failed;
}

// After a failure fibers stand somewhere in the kernel: they are given up.
void forgetFibers() {
    ready.clear();
    idle.clear();
    atBarrier.clear();
    barrierSites.clear();
    fibers.clear();
}

}  // namespace

void setMessage(const char* format, ...) {
    char buffer[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(buffer, sizeof(buffer), format, arguments);
    va_end(arguments);
    lastMessage = buffer;
}

const char* message() { return lastMessage.c_str(); }

void* dynamicShared() { return dynamicMemory.data(); }

int lane() { return static_cast<int>(threadIdx.x % LANES); }

void waitForBlock(Site site) { waitForBlockOr(0, site); }

int waitForBlockOr(int value, Site site) {
    if (!barrierSites.empty() && (barrierSites[0].line != site.line || strcmp(barrierSites[0].file, site.file) != 0)) {
        fail("waits at the barrier " + text(site) + ", others at " + text(barrierSites[0]));
    }
    anyValue = atBarrier.empty() ? value != 0 : anyValue || value != 0;
    if (atBarrier.size() + 1 < threads) {
        atBarrier.push_back(current);
        barrierSites.assign(1, site);
        toScheduler();
        return releasedValue;
    }
    // The last to come goes on first.
    releasedValue = anyValue;
    ready.insert(ready.end(), atBarrier.begin(), atBarrier.end());
    atBarrier.clear();
    barrierSites.clear();
    return anyValue;
}

void waitForWarp(unsigned mask, Site site) {
    Warp& warp = warps[threadIdx.x / LANES];
    unsigned self = threadIdx.x % LANES;
    if (!(mask >> self & 1)) {
        fail("takes part at " + text(site) + " without being in its mask");
    }
    for (unsigned other = 0; other < LANES; other++) {
        if (warp.arrived >> other & mask >> other & 1 &&
            (warp.mask[other] != mask || warp.site[other].line != site.line)) {
            fail("is at " + text(site) + ", lane " + std::to_string(other) + " of its warp at " +
                 text(warp.site[other]));
        }
    }
    warp.arrived |= 1u << self;
    warp.waiting[self] = current;
    warp.mask[self] = mask;
    warp.site[self] = site;
    if ((warp.arrived & mask) != mask) {
        toScheduler();
        return;
    }
    warp.arrived &= ~mask;
    for (unsigned other = 0; other < LANES; other++) {
        if (mask >> other & 1 && other != self) {
            ready.push_back(warp.waiting[other]);
        }
    }
}

void exchange(unsigned mask, const void* mine, void* taken, size_t size, int source, Site site) {
    Warp& warp = warps[threadIdx.x / LANES];
    unsigned self = threadIdx.x % LANES;
    if (source < 0 || source >= static_cast<int>(LANES) || !(mask >> source & 1)) {
        fail("reads at " + text(site) + " from lane " + std::to_string(source) + ", which does not take part");
    }
    unsigned turn = warp.turn[self]++ % 2;
    memcpy(warp.value[turn][self], mine, size);
    waitForWarp(mask, site);
    memcpy(taken, warp.value[turn][source], size);
}

bool run(
    const char* kernel, unsigned blocks, unsigned blockThreads, unsigned sharedBytes, const std::function<void()>& body) {
    std::lock_guard<std::mutex> lock(oneAtATime);
    // The first use of one has the loader make all.
    __shared__ volatile char first;
    first = 1;
    static_cast<void>(first);
    dl_iterate_phdr(findSharedMemory, &sharedMemory);
    kernelName = kernel;
    threadBody = &body;
    threads = blockThreads;
    blockDim = {threads, 1, 1};
    gridDim = {blocks, 1, 1};
    blockIdx = threadIdx = {0, 0, 0};
    dynamicMemory.resize(sharedBytes + GUARD);
    for (unsigned block = 0; block < blocks; block++) {
        blockIdx.x = block;
        if (!runBlock()) {
            forgetFibers();
            return false;
        }
    }
    return true;
}

}  // namespace emulation
