#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""How many runs the search makes in a second of processor time, and where that goes: simulated casts of
exactly 1, 5 and 20 writers in one process; native programs of three threads through the fork server;
beside them what any fork server costs. All kinds take turns, round by round, so that a busy machine
slows all of them alike; of each the median is shown and the least.

    bench/fuzz.py BUILD [--rounds 5] [--runs 400] [--json] [--quick]

What is measured is processor time, user and system, of the whole search (the one that draws and judges as
well as the program); on an idle machine pinned to a core the wall says the same. --quick makes a few runs of
each kind and only says whether all were made."""
import argparse
import json
import os
import pathlib
import re
import resource
import statistics
import subprocess
import sys
import tempfile

RUNS = re.compile(r"^(\d+) runs", re.MULTILINE)


def cpu_s():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


class Kind:
    """Something that makes runs; parts: what it told of where the time went. plans_by: what writes the file
    "plans" before."""

    def __init__(self, name, command, reads_json, plans_by=None):
        self.name, self.command, self.reads_json, self.plans_by = name, command, reads_json, plans_by
        self.ms, self.parts = [], {}

    def prepare(self, folder, n_runs):
        if self.plans_by:
            with open(pathlib.Path(folder) / "plans", "wb") as plans:
                subprocess.run([self.plans_by, "bytes", str(n_runs)], stdout=plans, check=True)

    def measure(self, n_runs, folder, core):
        command = [str(part).replace("RUNS", str(n_runs)) for part in self.command]
        self.prepare(folder, n_runs)
        begin = cpu_s()
        done = subprocess.run(command, capture_output=True, text=True, cwd=folder, stdin=subprocess.DEVNULL,
                              preexec_fn=lambda: os.sched_setaffinity(0, {core}))
        spent = cpu_s() - begin
        n = RUNS.search(done.stdout)
        told = json.loads(done.stdout.splitlines()[-1]) if self.reads_json and done.returncode == 0 else {}
        n = told.get("runs", 0) if self.reads_json else int(n[1]) if n else 0
        if done.returncode or n < n_runs:
            sys.exit(f"bench/fuzz: {' '.join(command)}\n{done.stdout}{done.stderr}")
        parts = {key: value / n / 1e6 for key, value in told.items() if key != "runs"}
        # Of a cast the plans that are drawn in vain do not count, nor does the start of the process.
        self.ms.append(sum(parts.values()) if parts else spent / n * 1000)
        for key, value in parts.items():
            self.parts.setdefault(key, []).append(value)

    def median(self):
        return statistics.median(self.ms)

    def row(self):
        return {"kind": self.name, "ms": self.median(), "least_ms": min(self.ms),
                "runs_a_cpu_second": 1000 / self.median(), "rounds": len(self.ms),
                "parts_ms": {key: statistics.median(value) for key, value in self.parts.items()}}


def kinds_of(build):
    def fuzz(program):
        return [build / "bin/vssemu", "fuzz", "--jobs", "1", "--runs", "RUNS", "--no-faults", "--out", "found",
                "--", build / "bench" / program]

    folder = build / "bench"
    return [
        Kind("floor: fork, exit", [folder / "fuzz-floor", "RUNS", "0"], True),
        Kind("floor: fork, 3 threads, 200 hand-overs", [folder / "fuzz-floor", "RUNS", "200"], True),
        Kind("the same fork with libvssapi loaded", [folder / "fuzz-floor-linked", "RUNS", "0"], True),
        Kind("a program that does nothing", fuzz("fuzz-nothing"), False),
        Kind("a requester of 3 threads", fuzz("fuzz-requester"), False),
        Kind("the same as a function, in one process", [folder / "fuzz-in-process", "plans", "RUNS"], True,
             folder / "fuzz-plans"),
        Kind("a writer of 3 threads, busy every second", fuzz("fuzz-writer"), False),
        Kind("a writer of 3 threads, busy every 20 ms", fuzz("fuzz-busy-writer"), False),
        *(Kind(f"cast of {n}, inline", [folder / "fuzz-plans", n, "RUNS", "no-faults"], True)
          for n in (1, 5, 20)),
        Kind("cast of 5, inline, with faults", [folder / "fuzz-plans", 5, "RUNS"], True),
    ]


def print_shares(rows):
    by_kind = {row["kind"]: row["ms"] for row in rows}
    fork = by_kind["the same fork with libvssapi loaded"]
    world = by_kind["a program that does nothing"]
    print("\nof a native program's run, in ms: fork and exit of a process with libvssapi; its world, the plan, "
          "the judge;\nwhat it does itself (differences of the medians above)")
    for kind, ms in by_kind.items():
        if kind.startswith(("a requester", "a writer")):
            print(f"  {kind:<42} {fork:6.3f} {world - fork:6.3f} {ms - world:6.3f}")
    print("\nof a cast's run, in ms")
    for row in rows:
        if row["kind"].startswith("cast"):
            print(f"  {row['kind']:<42} "
                  + ", ".join(f"{key} {value:.3f}" for key, value in row["parts_ms"].items()))


def print_table(rows):
    floor = next(row["ms"] for row in rows if "200 hand-overs" in row["kind"])
    print(f"{'':<44} {'ms/run':>8} {'least':>8} {'runs/CPU s':>11} {'of floor':>9}")
    for row in rows:
        print(f"{row['kind']:<44} {row['ms']:8.3f} {row['least_ms']:8.3f} {row['runs_a_cpu_second']:11.0f} "
              f"{row['ms'] / floor:8.2f}x")
    print_shares(rows)


def main():
    parser = argparse.ArgumentParser(description="how fast the search is")
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--runs", type=int, default=400, help="of each kind in a round (400)")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--quick", action="store_true", help="a few runs of each")
    args = parser.parse_args()
    if args.quick:
        args.rounds, args.runs = 1, 12
    kinds = kinds_of(args.build.resolve())
    core = max(os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory(prefix="vssemu-bench-") as folder:
        for _ in range(args.rounds):
            for kind in kinds:
                kind.measure(args.runs, folder, core)
    rows = [kind.row() for kind in kinds]
    print(json.dumps(rows, indent=2)) if args.json else print_table(rows)


if __name__ == "__main__":
    main()
