#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Twice the writers, or twice the components, cost about twice: instructions of one backup, counted
by Valgrind's callgrind, so the answer is the same on every machine and at every load.
   growth.py PROTOCOL"""
import re
import shutil
import subprocess
import sys

LIMIT = 2.3  # 2 is linear, 4 quadratic
SKIP = 77


def instructions(program, writers, components):
    done = subprocess.run(
        ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null",
         "--toggle-collect=load_backup", program, "--repeat", "1", str(writers), str(components)],
        capture_output=True, text=True)
    found = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode or not found or found.group(1) == "0":
        sys.exit("growth.py: callgrind failed:\n" + done.stderr)
    return int(found.group(1))


def compare(what, program, small, large):
    a, b = instructions(program, *small), instructions(program, *large)
    good = b / a < LIMIT
    print(f"{what}: {small[0]} x {small[1]}: {a}, {large[0]} x {large[1]}: {b}, "
          f"ratio {b / a:.2f}{'' if good else f', but less than {LIMIT} is expected'}")
    return good


def main():
    program = sys.argv[1]
    if not shutil.which("valgrind"):
        print("skipped: there is no valgrind")
        return SKIP
    good = [compare("writers", program, (1000, 1), (2000, 1)),
            compare("components", program, (1, 1000), (1, 2000))]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
