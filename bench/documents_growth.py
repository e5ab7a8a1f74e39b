#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Twice the rows of a document cost about twice: instructions counted by Valgrind's callgrind, so the
answer is the same on every machine and at every load.
   documents_growth.py DOCUMENTS"""
import re
import shutil
import subprocess
import sys

LIMIT = 2.3  # 2 is linear, 4 quadratic
SKIP = 77
ROWS = 2000


def instructions(program, what, rows):
    done = subprocess.run(
        ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null",
         "--toggle-collect=documents_measured", program, what, str(rows)],
        capture_output=True, text=True)
    found = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode or not found or found.group(1) == "0":
        sys.exit("documents_growth.py: callgrind failed:\n" + done.stderr)
    return int(found.group(1))


def main():
    if not shutil.which("valgrind"):
        print("skipped: there is no valgrind")
        return SKIP
    is_good = True
    for what in ("load", "save", "backup", "simulate"):
        small, large = (instructions(sys.argv[1], what, rows) for rows in (ROWS, 2 * ROWS))
        print(f"{what}: {ROWS} rows: {small} instructions, {2 * ROWS} rows: {large}, "
              f"ratio {large / small:.2f}")
        is_good = is_good and large / small < LIMIT
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
