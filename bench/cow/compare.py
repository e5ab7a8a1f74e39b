#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What a write costs while a snapshot is there: ours and each peer in turn, in one run, on tmpfs.

    compare.py [--rounds N] [--size MIB] [--bytes MIB] [--only NAME]... [--json FILE]
    compare.py --quick       64 MiB, one round: whether all of it works

w1: random blocks of 4 KiB overwritten for the first time after the snapshot, w2: the same blocks again; space: what w1 took
on the file system per byte written; sequential: 128 KiB a write, the first time after a snapshot. Each figure is the best of
its rounds: whatever else the machine does only adds to it. `x ll` is the ratio to libfuse's example passthrough_ll. Then each
target with what was reached, and where the time goes. What is not installed is named and left out. Exit code 77: no FUSE here."""
import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import peers

METADATA = ["create_us", "stat_us", "readdir_us", "unlink_us"]
PEERS = {kind.name for kind in peers.ALL if kind.is_peer}
EXAMPLE = "/usr/share/doc/libfuse3-dev/examples/passthrough_ll.c"


class Tools:
    """The programs of this folder, and libfuse's example compiled as its text says."""

    def __init__(self, build, folder):
        self.load, self.serve = build / "load", build / "serve"
        for program in self.load, self.serve:
            if not program.exists():
                sys.exit(f"compare.py: {program} is not built")
        self.has_nbd = b"nbd_create" in self.load.read_bytes()
        self.passthrough_ll = Path(folder) / "passthrough_ll"
        flags = subprocess.check_output(["pkg-config", "fuse3", "--cflags", "--libs"], text=True).split()
        subprocess.run(["gcc", "-O2", "-Wno-everything", EXAMPLE, *flags, "-o", self.passthrough_ll], check=True,
                       stderr=subprocess.DEVNULL)

    def run(self, *words):
        return json.loads(subprocess.check_output([str(self.load), *(str(w) for w in words)]))


def used(path):
    st = os.statvfs(path)
    return (st.f_blocks - st.f_bfree) * st.f_frsize


class Fresh:
    """A system with a fresh origin, served and with a snapshot."""

    def __init__(self, kind, with_data=True):
        self.kind, self.with_data = kind, with_data

    def __enter__(self):
        self.system = self.kind(f"{space}/{self.kind.__name__}", tools)
        if self.with_data:
            shutil.copyfile(f"{space}/data", self.system.origin / "data")
        try:
            self.system.begin()
            self.system.snapshot()
        except BaseException:
            self.__exit__()
            raise
        return self.system

    def __exit__(self, *_):
        self.system.end()


def writes_of(kind):
    """One round of one system."""
    row = {}
    with Fresh(kind) as system:
        before = used(space)
        row["w1"] = tools.run("overwrite", system.target(), options.bytes << 20, 11)["us"]
        row["space"] = (used(space) - before) / (options.bytes << 20)
        row["w2"] = tools.run("overwrite", system.target(), options.bytes << 20, 11)["us"]
    with Fresh(kind) as system:
        row["sequential"] = tools.run("sequential", system.target(), min(options.size, 256) << 20)["mib_s"]
    if kind.has_files:
        with Fresh(kind, with_data=False) as system:
            row.update(tools.run("metadata", system.directory(), options.files))
    return row


class Figures:
    """The best of each figure of each system."""

    def __init__(self, rounds, unit):
        self.rounds, self.unit = rounds, unit

    def of(self, name, figure):
        return (max if figure == "sequential" else min)(self.rounds[name][figure])

    def times(self, name, figure):
        return self.of(name, figure) / self.of(self.unit, figure)


def print_table(f):
    print(f"{'':<40} {'w1 us':>7} {'x ll':>5} {'w2 us':>7} {'x ll':>5} {'space':>6} {'seq MiB/s':>9} {'x ll':>5}")
    for name in f.rounds:
        print(f"{name:<40} {f.of(name, 'w1'):7.1f} {f.times(name, 'w1'):5.2f} {f.of(name, 'w2'):7.1f} {f.times(name, 'w2'):5.2f} "
              f"{f.of(name, 'space'):6.2f} {f.of(name, 'sequential'):9.0f} {f.times(name, 'sequential'):5.2f}")
    print(f"\n{'metadata, us a file (x ll)':<40} " + " ".join(f"{n[:-3]:>16}" for n in METADATA))
    for name in f.rounds:
        if METADATA[0] in f.rounds[name]:
            print(f"{name:<40} " + " ".join(f"{f.of(name, n):8.2f} ({f.times(name, n):4.2f})" + " " for n in METADATA))


def targets(f, name):
    """(what, reached, target, whether it is met) of each."""
    def at_most(what, reached, most):
        return what, f"{reached:.2f}", f"at most {most}", reached <= most

    yield at_most("first overwrite of 4 KiB, times passthrough", f.times(name, "w1"), 1.6)
    rivals = {peer: f.of(peer, "w1") for peer in f.rounds if peer in PEERS}
    if rivals:
        fastest = min(rivals, key=rivals.get)
        yield at_most(f"the same, times the fastest peer ({fastest})", f.of(name, "w1") / rivals[fastest], 0.99)
    yield at_most("second overwrite, times passthrough", f.times(name, "w2"), 1.15)
    reached = f.times(name, "sequential")
    yield "sequential first overwrite, of passthrough's speed", f"{reached:.2f}", "at least 0.9", reached >= 0.9
    yield at_most("space, bytes a byte", f.of(name, "space"), 4.0)
    for figure in METADATA:
        yield at_most(f"{figure[:-3]}, times passthrough", f.times(name, figure), 1.2)


def print_targets(f, name):
    print(f"\n{name + ': targets':<70} {'reached':>8}")
    for what, reached, target, is_met in targets(f, name):
        print(f"{what:<70} {reached:>8}  {target:<13} {'met' if is_met else 'MISSED'}")


def print_rest(f, name, floor):
    """Where the time goes beside what passthrough takes: the file calls of copy on write, measured alone, and the rest."""
    sequential_us = {n: 1e6 / 8 / f.of(n, "sequential") for n in (name, f.unit)}
    print(f"\nwhere the time goes, us                       {'random 4 KiB':>14} {'128 KiB':>9}")
    rows = [("passthrough (the trip through FUSE, the write)", f.of(f.unit, "w1"), sequential_us[f.unit]),
            ("the old contents read", floor["random"]["read"], floor["sequential"]["read"]),
            ("and written aside", floor["random"]["aside"], floor["sequential"]["aside"])]
    least = [sum(row[i] for row in rows) for i in (1, 2)]
    rows += [("together: the floor of copy before write", *least), (name, f.of(name, "w1"), sequential_us[name])]
    for what, random, sequential in rows:
        print(f"{what:<46} {random:14.1f} {sequential:9.1f}")
    print(f"{'times passthrough at the floor, and reached':<46} {least[0] / rows[0][1]:7.2f} {f.times(name, 'w1'):6.2f} "
          f"{least[1] / rows[0][2]:4.2f} {sequential_us[name] / rows[0][2]:4.2f}")

    if peers.PassthroughChecked.name in f.rounds:
        checked = f.of(peers.PassthroughChecked.name, "unlink_us")
        print(f"\nunlink where the kernel checks rights, as for ours (two requests): passthrough {checked:.1f} us, {checked / f.of(f.unit, 'unlink_us'):.2f} "
              f"of the unit; {name} {f.of(name, 'unlink_us') / checked:.2f} of that")


def collect():
    rounds, missing = {}, {}
    kinds = [k for k in peers.ALL if not options.only or k.is_unit or any(o in k.name for o in options.only)]
    for turn in range(options.rounds):
        for kind in kinds[turn % len(kinds):] + kinds[:turn % len(kinds)]:
            if kind.name in missing:
                continue
            print(f"round {turn + 1} of {options.rounds}: {kind.name}", file=sys.stderr)
            try:
                row = writes_of(kind)
            except peers.Missing as reason:
                missing[kind.name] = str(reason)
                continue
            for figure, value in row.items():
                rounds.setdefault(kind.name, {}).setdefault(figure, []).append(value)
    return {k.name: rounds[k.name] for k in kinds if k.name in rounds}, missing


def read_options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--size", type=int, default=1024, help="MiB of the origin (1024)")
    parser.add_argument("--bytes", type=int, default=64, help="MiB that w1 overwrites (64)")
    parser.add_argument("--files", type=int, default=5000, help="files of the metadata part (5000)")
    parser.add_argument("--only", action="append", default=[], help="systems whose name has this in it")
    parser.add_argument("--quick", action="store_true", help="64 MiB, one round")
    parser.add_argument("--json", help="writes all figures to this file")
    parser.add_argument("--build", default=Path(__file__).resolve().parents[2] / "build/bench/cow", type=Path)
    given = parser.parse_args()
    if given.quick:
        given.rounds, given.size, given.bytes, given.files = 1, 64, 2, 200
    return given


options = read_options()
if not os.access("/dev/fuse", os.R_OK | os.W_OK) or not Path(EXAMPLE).exists():
    print("skipped: no /dev/fuse, or no example of libfuse's to compare with")
    sys.exit(77)
where = "/dev/shm" if os.path.isdir("/dev/shm") else None
with tempfile.TemporaryDirectory(prefix="vssemu-bench-", dir=where) as space:
    tools = Tools(options.build, space)
    tools.run("fill", f"{space}/data", options.size << 20)
    figures, left_out = collect()
    best = Figures(figures, peers.Passthrough.name)
    print_table(best)
    if peers.Ours.name in figures:
        print_targets(best, peers.Ours.name)
        floors = [tools.run("floor", f"{space}/data", options.bytes << 20) for _ in range(options.rounds)]
        print_rest(best, peers.Ours.name, {part: {call: min(f[part][call] for f in floors) for call in floors[0][part]}
                                           for part in floors[0]})
    for name, reason in left_out.items():
        print(f"left out: {name}: {reason}")
    if options.json:
        Path(options.json).write_text(json.dumps({"figures": figures, "left out": left_out}, indent=1))
