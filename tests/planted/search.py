#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs `vssemu fuzz` on every planted bug and on its correct twin, and prints what the search needed:
runs and seconds until it told the bug, and that it said nothing about the twin. Fails when a twin is
accused, or a bug is missed.

    tests/planted/search.py BUILD [--only r0] [--budget 60s] [--twin-runs 2000] [--jobs 2] [--seed N]"""
import argparse
import pathlib
import re
import subprocess
import sys
import tempfile
import time

import run

FAILURE = re.compile(r"^failure (\S+): ", re.MULTILINE)
RUNS = re.compile(r"^(\d+) runs", re.MULTILINE)
HARNESS = range(120, 124)


class Search:
    """One `vssemu fuzz` of one program, in a folder of its own."""

    def __init__(self, build, program, options, patience_s):
        with tempfile.TemporaryDirectory(prefix="planted-search-") as folder:
            command = [build / "bin/vssemu", "fuzz", "--out", f"{folder}/found", "--stuck", "5s",
                       *options, "--", build / "tests/planted" / program]
            self.command = " ".join(map(str, command))
            begin = time.monotonic()
            try:
                done = subprocess.run([*map(str, command)], capture_output=True, text=True,
                                      errors="replace", cwd=folder, stdin=subprocess.DEVNULL,
                                      timeout=patience_s)
                self.exit, self.output = done.returncode, done.stdout + done.stderr
            except subprocess.TimeoutExpired:
                self.exit, self.output = None, "the search has not ended"
            self.seconds = time.monotonic() - begin
            self.files = {path.stem: path.read_text() for path in
                          sorted(pathlib.Path(folder, "found").glob("*.yaml"))}
        runs = RUNS.search(self.output)
        self.runs = int(runs[1]) if runs else 0
        self.failures = FAILURE.findall(self.output)


def judge(build, row, args):
    """A line of the table, and what is wrong."""
    common = ["--jobs", args.jobs, "--seed", args.seed]
    bug = Search(build, f"{row.id}.planted", ["--budget", args.budget, "--failures", 1, *common],
                 args.patience)
    twin = Search(build, f"{row.id}.twin",
                  ["--runs", args.twin_runs, "--budget", args.budget, *common], args.patience)
    problem = ""
    if bug.exit is None or bug.exit in HARNESS:
        problem += f"  {bug.command}\n{bug.output[-1500:]}"
    if twin.exit != 0:
        problem += f"  TWIN ACCUSED: {twin.command}\n{twin.output[-1500:]}\n"
        problem += "".join(twin.files.values())
    told = bug.failures[0] if bug.failures else "missed"
    line = (f"{row.id:28} {told:26} {bug.runs:6} {bug.seconds:6.1f}   "
            f"{'silent' if twin.exit == 0 else 'ACCUSED':8} {twin.runs:6} {twin.seconds:6.1f}")
    return line, bool(bug.failures), problem


def main():
    parser = argparse.ArgumentParser(description="the search against the planted bugs")
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--only", default="", help="rows whose id begins with this")
    parser.add_argument("--budget", default="60s", help="of each search (60s)")
    parser.add_argument("--twin-runs", type=int, default=2000, help="of each twin (2000)")
    parser.add_argument("--jobs", type=int, default=2, help="of each search (2)")
    parser.add_argument("--seed", type=int, default=0, help="the first (0)")
    parser.add_argument("--patience", type=int, default=600, help="seconds until a search is given up")
    args = parser.parse_args()
    rows = [row for row in run.parse(run.HERE / "planted.tsv") if re.match(args.only, row.id)]
    print(f"{'id':28} {'found by':26} {'runs':>6} {'s':>6}   {'twin':8} {'runs':>6} {'s':>6}")
    n_found = n_bad = 0
    for row in rows:
        line, is_found, problem = judge(args.build.resolve(), row, args)
        n_found += is_found
        n_bad += bool(problem)
        print(line, flush=True)
        if problem:
            print(problem, flush=True)
    print(f"{len(rows)} bugs: {n_found} found by the search; {n_bad} twins accused or searches failed")
    return 1 if n_bad or n_found < len(rows) else 0


if __name__ == "__main__":
    sys.exit(main())
