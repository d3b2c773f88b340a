"""Prints, as one line of JSON, the operations a second of torch's square product in each type asked for.

    ceiling.py THREADS ROWS TYPE...
"""

import json
import statistics
import sys
import time

import torch

ROUNDS = 5
SECONDS_A_ROUND = 0.5
SLOW_SECONDS = 5


def rate(rows, dtype):
    a = torch.rand(rows, rows).to(dtype)
    b = torch.rand(rows, rows).to(dtype)
    c = torch.empty(rows, rows, dtype=dtype)
    begin = time.perf_counter()
    torch.mm(a, b, out=c)
    first = time.perf_counter() - begin
    if first > SLOW_SECONDS:  # a type that the processor does not multiply; once is enough
        return 2 * rows**3 / first
    rates = []
    for _ in range(ROUNDS):
        count = 0
        begin = time.perf_counter()
        while count == 0 or time.perf_counter() - begin < SECONDS_A_ROUND:
            torch.mm(a, b, out=c)
            count += 1
        rates.append(2 * count * rows**3 / (time.perf_counter() - begin))
    return statistics.median(rates)


torch.set_num_threads(int(sys.argv[1]))
print(json.dumps({name: rate(int(sys.argv[2]), getattr(torch, name)) for name in sys.argv[3:]}))
