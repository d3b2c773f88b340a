// The streams of the emulated device. Callers hold the driver's lock.
#pragma once

#include <functional>
#include <memory>

namespace emulation {

// What an event was recorded behind, and how far its stream has come.
struct Event {
    const void* stream = nullptr;
    long recorded = 0;
    long reached = 0;
};

// A CUresult: of the first work that failed, after which there is no more.
extern int failure;

void addStream(const void* stream);
bool isStream(const void* stream);
// What is queued there is done first.
void removeStream(const void* stream);

void queue(const void* stream, std::function<int()> work);
void record(const std::shared_ptr<Event>& event, const void* stream);
// The stream goes no further until the event, as it was recorded last, is reached.
void wait(const void* stream, const std::shared_ptr<Event>& event);

// Does all that is queued on one stream, and on others what it waits for.
int finish(const void* stream);
int reach(const std::shared_ptr<Event>& event);
int finishAll();
void forgetWork();

// A stream does nothing until somebody waits for it, unless it is hasty: then it does everything at once, as far as it
// may. Bit 0 says so for every other stream, in the order they were made, and bit 1 for those between.
void makeHasty(unsigned which);

}  // namespace emulation
