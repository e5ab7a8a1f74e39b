#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs a program files_*.c on one kind of volume and compares what it prints with its golden, which
is the same for every kind. GOLDEN_UPDATE=1 writes the golden.

usage: files_run.py BUILD KIND PROGRAM GOLDEN      KIND: memory, directory, mounted
"""
import difflib
import os
import pathlib
import subprocess
import sys
import tempfile

SKIPPED = 77


def command(build, kind, program, scratch):
    if kind == "memory":
        return [program]
    volumes = []
    for letter in "CD":
        (scratch / letter).mkdir()
        volumes += ["--volume", f"{letter}:={scratch / letter}"]
    how = ["--mount"] if kind == "mounted" else ["--clock", "virtual", "--seed", "1"]
    return [build / "bin" / "vssemu", "run", *how, *volumes, "--", program]


def main():
    build, kind, program, golden = sys.argv[1:5]
    golden = pathlib.Path(golden)
    if kind == "mounted" and not os.access("/dev/fuse", os.R_OK | os.W_OK):
        return SKIPPED
    with tempfile.TemporaryDirectory() as scratch:
        run = subprocess.run(command(pathlib.Path(build), kind, program, pathlib.Path(scratch)),
                             stdout=subprocess.PIPE, check=False)
    text = run.stdout.decode()
    if run.returncode:
        sys.stdout.write(text)
        print(f"{program} ended with {run.returncode}")
        return 1
    if os.environ.get("GOLDEN_UPDATE"):
        golden.write_text(text)
        return 0
    wanted = golden.read_text()
    sys.stdout.writelines(difflib.unified_diff(wanted.splitlines(True), text.splitlines(True),
                                               str(golden), kind))
    return 0 if text == wanted else 1


if __name__ == "__main__":
    sys.exit(main())
