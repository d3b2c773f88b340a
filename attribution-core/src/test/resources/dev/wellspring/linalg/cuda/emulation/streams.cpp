// Streams and events. Each stream does its work in order, one as late and another as early as it may, so that work which
// does not wait for another stream's where it should comes too early or too late.
#include "streams.h"

#include <algorithm>
#include <cstdio>
#include <deque>
#include <map>

#include "device.h"
#include "emulation.h"

namespace emulation {

int failure;

}  // namespace emulation

namespace {

using emulation::Event;
using emulation::failure;

// Work, or a mark for an event, or a wait for one to have been reached so many times.
struct Step {
    std::function<int()> work;
    std::shared_ptr<Event> marked;
    std::shared_ptr<Event> awaited;
    const void* recordedOn;
    long count;

    bool isBlocked() const { return awaited != nullptr && awaited->reached < count; }
};

struct Stream {
    long number;
    std::deque<Step> steps;
};

// There is always the default stream.
std::map<const void*, Stream> streams{{nullptr, {0, {}}}};
long made;
unsigned hasty;

void take(const void* stream) {
    Step step = std::move(streams.at(stream).steps.front());
    streams.at(stream).steps.pop_front();
    if (step.marked != nullptr) {
        step.marked->reached = std::max(step.marked->reached, step.count);
    } else if (step.work != nullptr) {
        failure = step.work();
        if (failure != emulation::SUCCESS) {
            fprintf(stderr, "emulated CUDA: %s\n", emulation::message());
        }
    }
}

bool isDone(const void* stream) {
    auto found = streams.find(stream);
    return found == streams.end() || found->second.steps.empty() || failure != emulation::SUCCESS;
}

// Hasty streams take the steps that need no other stream's.
void hurry() {
    for (bool moved = true; moved;) {
        moved = false;
        for (auto& [handle, stream] : streams) {
            bool inHaste = hasty >> stream.number % 2 & 1;
            while (inHaste && !isDone(handle) && !stream.steps.front().isBlocked()) {
                take(handle);
                moved = true;
            }
        }
    }
}

void push(const void* stream, Step step) {
    streams.at(stream).steps.push_back(std::move(step));
    hurry();
}

// Takes the next step, or one that it waits for elsewhere. What a step waits for was asked for before it, so that
// streams do not wait for each other in a ring.
void advance(const void* stream) {
    const Step& first = streams.at(stream).steps.front();
    if (first.isBlocked() && !isDone(first.recordedOn)) {
        advance(first.recordedOn);
        return;
    }
    take(stream);
    hurry();
}

}  // namespace

namespace emulation {

void addStream(const void* stream) { streams[stream] = {++made, {}}; }

bool isStream(const void* stream) { return streams.count(stream) > 0; }

void removeStream(const void* stream) {
    finish(stream);
    streams.erase(stream);
}

void queue(const void* stream, std::function<int()> work) { push(stream, {std::move(work), nullptr, nullptr, nullptr, 0}); }

void record(const std::shared_ptr<Event>& event, const void* stream) {
    event->stream = stream;
    push(stream, {nullptr, event, nullptr, nullptr, ++event->recorded});
}

void wait(const void* stream, const std::shared_ptr<Event>& event) {
    push(stream, {nullptr, nullptr, event, event->stream, event->recorded});
}

int finish(const void* stream) {
    while (!isDone(stream)) {
        advance(stream);
    }
    if (failure != SUCCESS) {
        forgetWork();
    }
    return failure;
}

int reach(const std::shared_ptr<Event>& event) {
    while (event->reached < event->recorded && !isDone(event->stream)) {
        advance(event->stream);
    }
    return failure;
}

int finishAll() {
    for (auto& entry : streams) {
        finish(entry.first);
    }
    return failure;
}

void forgetWork() {
    for (auto& entry : streams) {
        entry.second.steps.clear();
    }
}

void makeHasty(unsigned which) { hasty = which; }

}  // namespace emulation
