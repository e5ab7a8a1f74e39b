#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What snapshots cost: making one with 1, 100 and 500 others there (over one large file, and over many small ones), reading the
oldest of 512 beside the newest, deleting the oldest, and the memory of the server for what they have preserved.

    snapshots.py [--size MIB] [--files N] [--json FILE]
    snapshots.py --quick     small: whether all of it works

Then the targets, and whether they are met. Exit code 77: no FUSE here."""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import peers

CHANGED_MIB = 1  # overwritten between two snapshots


class Tools:
    def __init__(self, build):
        self.load, self.serve = build / "load", build / "serve"

    def run(self, *words):
        return json.loads(subprocess.check_output([str(self.load), *(str(w) for w in words)]))


def read_bytes(pid):
    """What the process has read from files, by the kernel's count."""
    return int(Path(f"/proc/{pid}/io").read_text().split()[1])


def resident_kib(pid):
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1])


def creation(volume, marks, change):
    """Snapshots up to the last mark, with a change before each; answers {how many were there: microseconds}."""
    took, numbers = {}, []
    for there in range(max(marks) + 12):
        change(there)
        number, us = volume.snapshot()
        numbers.append(number)
        took[there] = us
    around = {mark: statistics.median(took[n] for n in range(mark, mark + 11)) for mark in marks}
    return around, numbers


def one_large_file(volume, marks):
    def change(there):
        tools.run("overwrite", volume.target(), CHANGED_MIB << 20, there)

    took, numbers = creation(volume, marks, change)
    result = {"create us": took, "snapshots": len(numbers), "resident KiB": resident_kib(volume.server)}
    # Each is read once before: opening and looking up are not what is compared.
    for which, number in ("oldest", numbers[0]), ("newest", numbers[-1]):
        path = volume.mount / ".vss" / f"HarddiskVolumeShadowCopy{number}" / "data"
        before = read_bytes(volume.server)
        told = tools.run("read", path)
        result[which] = {"bytes": read_bytes(volume.server) - before, "mib_s": told["mib_s"]}
    result["delete oldest us"] = float(volume.order(f"delete {numbers[0]}")[0])
    return result


def many_files(volume, marks, n):
    folder = volume.mount / "files"
    folder.mkdir()
    for i in range(n):
        (folder / f"{i}").write_bytes(b"x")

    def change(there):
        (folder / f"{there}").write_bytes(b"y")

    took, _ = creation(volume, marks, change)
    return {"create us": took, "resident KiB": resident_kib(volume.server)}


def show(large, many):
    print(f"{'snapshots there before':<44} " + " ".join(f"{mark:>8}" for mark in large["create us"]))
    print(f"{f'making one, us ({options.size} MiB in a file)':<44} " + " ".join(f"{us:8.0f}" for us in large["create us"].values()))
    print(f"{f'making one, us ({options.files} files)':<44} " + " ".join(f"{us:8.0f}" for us in many["create us"].values()))
    oldest, newest = large["oldest"], large["newest"]
    print(f"oldest of {large['snapshots']}: {oldest['bytes'] / newest['bytes']:.3f} times the bytes of the newest, "
          f"{oldest['mib_s'] / newest['mib_s']:.2f} times its speed")
    print(f"deleting the oldest: {large['delete oldest us']:.0f} us")
    preserved = large["snapshots"] * CHANGED_MIB
    print(f"memory of the server: {large['resident KiB']} KiB with {preserved} MiB changed between the snapshots, "
          f"{many['resident KiB']} KiB with the files")


def show_targets(large, many):
    slowest = max(*large["create us"].values(), *many["create us"].values())
    more = large["oldest"]["bytes"] / large["newest"]["bytes"]
    print(f"\n{'targets':<56} {'reached':>8}")
    for what, reached, most in (("making a snapshot, the slowest of these, ms", slowest / 1000, 1.0),
                                ("oldest read, times the bytes of the newest", more, 1.05)):
        print(f"{what:<56} {reached:8.3f}  at most {most:<5} {'met' if reached <= most else 'MISSED'}")


def read_options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=1024)
    parser.add_argument("--files", type=int, default=100000)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json")
    parser.add_argument("--build", default=Path(__file__).resolve().parents[2] / "build/bench/cow", type=Path)
    given = parser.parse_args()
    given.marks = [1, 5] if given.quick else [1, 100, 500]
    if given.quick:
        given.size, given.files = 16, 100
    return given


options = read_options()
if not os.access("/dev/fuse", os.R_OK | os.W_OK):
    print("skipped: no /dev/fuse")
    sys.exit(77)
with tempfile.TemporaryDirectory(prefix="vssemu-bench-", dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as space:
    tools = Tools(options.build)
    figures = {}
    for name in "large", "many":
        volume = peers.Ours(f"{space}/{name}", tools)
        tools.run("fill", volume.origin / "data", options.size << 20) if name == "large" else None
        volume.begin()
        try:
            figures[name] = one_large_file(volume, options.marks) if name == "large" else many_files(
                volume, options.marks, options.files)
        finally:
            volume.end()
    show(figures["large"], figures["many"])
    show_targets(figures["large"], figures["many"])
    if options.json:
        Path(options.json).write_text(json.dumps(figures, indent=1))
