"""Runs a process within a budget and measures it: seconds, memory over time, and what others took of the processors."""

import os
import shlex
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

SAMPLE_SECONDS = 0.05
TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


class Failed(Exception):
    """A process that did not end well, said in one line."""


class Measured:
    """What one process did.

    seconds        by the clock
    cpu_seconds    of all its threads
    peak           the most that was resident, in bytes
    samples        pairs of seconds of the epoch and resident bytes, twenty a second
    others         what other processes took of the processors meanwhile, from 0 to 1
    output         what it printed
    """

    def __init__(self, seconds, cpu_seconds, peak, samples, others, output):
        self.seconds = seconds
        self.cpu_seconds = cpu_seconds
        self.peak = peak
        self.samples = samples
        self.others = others
        self.output = output

    def peak_between(self, begin, end):
        return max((resident for at, resident in self.samples if begin <= at <= end), default=0)


def busy_seconds():
    """Seconds that all processors together were busy since the machine started."""
    user, nice, system, _, _, interrupts, soft = map(int, Path("/proc/stat").read_text().split("\n")[0].split()[1:8])
    return (user + nice + system + interrupts + soft) / TICKS


def run(command, threads, memory, environment=None):
    """Runs a command on the first `threads` processors; one that is resident in more than `memory` bytes is ended."""
    processors = sorted(os.sched_getaffinity(0))[:threads]
    limits = {name: str(threads) for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS")}
    busy = busy_seconds()
    begin = time.time()
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(
            command,
            stdout=output,
            stderr=None,
            env={**os.environ, **limits, **(environment or {})},
            preexec_fn=lambda: os.sched_setaffinity(0, processors),
        )
        watch = Watch(process, memory)
        watch.start()
        try:
            _, status, used = os.wait4(process.pid, 0)
        except BaseException:
            process.kill()
            raise
        finally:
            watch.stop()
        seconds = time.time() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        printed = output.read()
    name = " ".join(shlex.quote(word) for word in command[:3])
    if watch.exceeded:
        raise Failed(f"{name} ...: took more than {memory / 2**30:.1f} GiB of memory; allow more with --memory")
    if process.returncode != 0:
        raise Failed(f"{name} ...: ended with status {process.returncode}")
    cpu = used.ru_utime + used.ru_stime
    others = max(0, (busy_seconds() - busy - cpu) / (seconds * os.cpu_count()))
    return Measured(seconds, cpu, used.ru_maxrss * 1024, watch.samples, others, printed)


class Watch(threading.Thread):
    """Samples the resident memory of a process until it is stopped."""

    def __init__(self, process, memory):
        super().__init__(daemon=True)
        self.process = process
        self.memory = memory
        self.samples = []
        self.exceeded = False
        self.ended = threading.Event()

    def run(self):
        statm = Path(f"/proc/{self.process.pid}/statm")
        while not self.ended.wait(SAMPLE_SECONDS):
            try:
                resident = int(statm.read_text().split()[1]) * PAGE
            except (OSError, IndexError):
                return
            self.samples.append((time.time(), resident))
            if resident > self.memory and not self.exceeded:
                self.exceeded = True
                self.process.kill()

    def stop(self):
        self.ended.set()
        self.join()


def wait_for_rest(minutes):
    """Waits until other processes take less than 3 % of the processors for ten seconds, at most that long."""
    end = time.time() + 60 * minutes
    while time.time() < end:
        busy = busy_seconds()
        begin = time.time()
        time.sleep(10)
        if (busy_seconds() - busy) / ((time.time() - begin) * os.cpu_count()) < 0.03:
            return
        print("waiting for other work on this machine to end ...", file=sys.stderr)
