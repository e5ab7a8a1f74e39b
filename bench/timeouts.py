#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""How much real time a missed time limit costs: bench/timeouts.cpp with many worlds less the same with none,
the runs of all kinds in turn; median and least of the rounds. Target: under 5 ms each.

    timeouts.py build/bench/timeouts [ROUNDS [WORLDS]]"""
import statistics
import subprocess
import sys
import time

KINDS = {"freeze": "60 s freeze window", "hold": "10 s flush and hold", "handler": "10 min handler limit"}


def seconds(kind, worlds):
    begin = time.perf_counter()
    subprocess.run([program, kind, str(worlds)], check=True)
    return time.perf_counter() - begin


program = sys.argv[1]
rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
worlds = int(sys.argv[3]) if len(sys.argv) > 3 else 100
cost = {kind: [] for kind in KINDS}
for _ in range(rounds):
    for kind in KINDS:
        cost[kind].append((seconds(kind, worlds) - seconds(kind, 0)) / worlds * 1000)
print(f"{'real time of one world with its missed limit':<46} median  least")
for kind, what in KINDS.items():
    print(f"{what:<46} {statistics.median(cost[kind]):6.3f} {min(cost[kind]):6.3f} ms")
