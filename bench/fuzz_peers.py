#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What other fuzzers find of the planted requesters' bugs in the time that our own search has: libFuzzer and
AFL++ (persistent mode) with the requester as a function of their process (vssemu_fuzz_requester), and `vssemu
fuzz` with it as a program.

    bench/fuzz_peers.py BUILD [--seconds 30] [--only r0] [--json]

Of each bug all three have their turn, one after the other, each alone on one core for the same seconds or until it has
found it. All vary the same plans, judge by the same rules and begin with the same plan, that of no bytes; the library
is built for each fuzzer with its coverage, -O1, no sanitizer (build-fuzz-plain, build-afl). The seconds are those of
the whole program, start included. A bug that has stayed in the process from a run before is not found: what was
saved must show it again alone."""
import argparse
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

TOP = pathlib.Path(__file__).resolve().parents[1]
PLANTED = TOP / "tests/planted"
LEFT_OUT = {"r20_full_instead_of_copy": "keeps its bug in a static variable, for all later runs of a process"}
SLACK_S = 2 # for the start and the end of a program
PLAIN = "-O1 -gline-tables-only"


def call(command, **more):
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, errors="replace", **more)
    if done.returncode:
        sys.exit(f"bench/fuzz_peers: {' '.join(map(str, command))}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")


def make_library(preset, folder, *options):
    launcher = shutil.which("ccache")
    if launcher:
        options += tuple(f"-DCMAKE_{language}_COMPILER_LAUNCHER=ccache" for language in ("C", "CXX"))
    call(["cmake", "--preset", preset, "-B", folder, *options], cwd=TOP)
    call(["ninja", "-C", folder, "-j", os.environ.get("JOBS", os.cpu_count()), "vssapi", "vssemu-cc", "vssemu_start",
          "vssemu_fine"], cwd=TOP)


def make_target(folder, compiler, name, output, *options):
    environment = {**os.environ, "VSSEMU_CC": compiler, "AFL_QUIET": "1", "VSSEMU_CACHE": str(folder / "driver-cache")}
    call([folder / "bin/vssemu-cc", "-O1", "-g1", *options, "-DPLANTED", "-DREQUESTER=requester_main",
          "-Dwmain=requester_main", TOP / "examples/fuzz_target.c", PLANTED / f"{name}.c", "-o", output], env=environment)


class Contest:
    """One bug: who found it, after how many seconds and runs."""

    def __init__(self, args, name, folder):
        self.args, self.name, self.folder = args, name, folder
        self.corpus = folder / "corpus"
        self.corpus.mkdir()
        (self.corpus / "nothing").write_bytes(b"\0")

    def spend(self, command, **environment):
        """Runs it on the chosen core; answers its output and seconds."""
        begin = time.monotonic()
        try:
            done = subprocess.run([*map(str, command)], capture_output=True, text=True, errors="replace",
                                  cwd=self.folder, stdin=subprocess.DEVNULL, env={**os.environ, **environment},
                                  timeout=self.args.seconds + 60,
                                  preexec_fn=lambda: os.sched_setaffinity(0, {self.args.core}))
            output = done.stdout + done.stderr
        except subprocess.TimeoutExpired as late:
            output = (late.stderr or b"").decode(errors="replace")
        return output, time.monotonic() - begin

    def shows(self, target, crash):
        """Whether the input alone shows the bug, and by what."""
        with open(crash, "rb") as data:
            done = subprocess.run([str(part) for part in target], stdin=data, capture_output=True, text=True,
                                  errors="replace", timeout=60, check=False, cwd=self.folder)
        told = re.search(r"^vssemu: (\S+):", done.stderr, re.MULTILINE)
        return (told[1] if told else "crash") if done.returncode else ""

    def libfuzzer(self):
        target = self.folder / "libfuzzer"
        make_target(self.args.libfuzzer, "clang", self.name, target, "-fsanitize=fuzzer")
        output, seconds = self.spend([target, f"-max_total_time={self.args.seconds}", "-max_len=512", "-timeout=0",
                                      "-close_fd_mask=1", "-seed=1", "-print_final_stats=1", "-artifact_prefix=lf-",
                                      self.corpus])
        found = [how for crash in sorted(self.folder.glob("lf-*"))
                 if (how := self.shows([target, crash, "-close_fd_mask=1"], crash))]
        runs = re.search(r"number_of_executed_units: (\d+)", output)
        return self.result(found, seconds, int(runs[1]) if runs else 0)

    def afl(self):
        target, out = self.folder / "afl", self.folder / "afl-out"
        make_target(self.args.afl, "afl-clang-fast", self.name, target, "-DWITH_AFL")
        quiet = {key: "1" for key in ("AFL_NO_UI", "AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES", "AFL_SKIP_CPUFREQ",
                                      "AFL_NO_AFFINITY", "AFL_BENCH_UNTIL_CRASH")}
        _, seconds = self.spend(["afl-fuzz", "-V", self.args.seconds, "-t", "10000", "-G", "512", "-s", "1",
                                 "-i", self.corpus, "-o", out, "--", target], **quiet)
        found = [how for crash in sorted(out.glob("default/crashes/id*")) if (how := self.shows([target], crash))]
        stats = out / "default/fuzzer_stats"
        runs = re.search(r"execs_done\s*: (\d+)", stats.read_text() if stats.exists() else "")
        if not runs: # it does not begin with an input that fails already
            found = [how for seed in self.corpus.iterdir() if (how := self.shows([target], seed))]
            return self.result(found, seconds, 1 if found else 0)
        return self.result(found, seconds, int(runs[1]) if runs else 0)

    def search(self):
        output, seconds = self.spend([self.args.build / "bin/vssemu", "fuzz", "--out", "found", "--jobs", "1",
                                      "--failures", "1", "--budget", f"{self.args.seconds}s", "--stuck", "5s", "--",
                                      self.args.build / f"tests/planted/{self.name}.planted"])
        runs = re.search(r"^(\d+) runs", output, re.MULTILINE)
        return self.result(re.findall(r"^failure ([a-z-]+?)(?:-[0-9a-f]+)?: ", output, re.MULTILINE), seconds,
                           int(runs[1]) if runs else 0)

    def result(self, found, seconds, runs):
        if seconds > self.args.seconds + SLACK_S: # AFL++ may end late
            found = []
        return {"found": found[0] if found else "", "seconds": round(seconds, 2), "runs": runs}


WAYS = ("libfuzzer", "afl", "search")


def cell(result):
    return f"{result['found'] or '-':17}{result['seconds']:6.1f} s {result['runs']:7}"


def main():
    parser = argparse.ArgumentParser(description="other fuzzers and our search on the planted bugs")
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--seconds", type=int, default=30, help="for each fuzzer and bug (30)")
    parser.add_argument("--only", default="r", help="bugs whose name begins with this")
    parser.add_argument("--core", type=int, default=min(os.sched_getaffinity(0)))
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    args.build, args.libfuzzer, args.afl = args.build.resolve(), TOP / "build-fuzz-plain", TOP / "build-afl"
    names = [path.stem for path in sorted(PLANTED.glob("r*.c"))
             if path.stem.startswith(args.only) and path.stem not in LEFT_OUT]
    call([TOP / "ci/setup", "fuzz"])
    call(["ninja", "-C", args.build, "vssemu", *(f"program_{name}.planted" for name in names)])
    make_library("fuzz", args.libfuzzer, "-DVSSEMU_SANITIZE=", "-DCMAKE_BUILD_TYPE=", "-DVSSEMU_TESTS=OFF",
                 *(f"-DCMAKE_{language}_FLAGS={PLAIN} -fsanitize=fuzzer-no-link" for language in ("C", "CXX")))
    make_library("afl", args.afl)
    rows = []
    if not args.json:
        print(f"{'':28} {'libFuzzer':34}{'AFL++':34}vssemu fuzz")
    for name in names:
        with tempfile.TemporaryDirectory(prefix="fuzz-peers-") as folder:
            contest = Contest(args, name, pathlib.Path(folder))
            rows.append({"bug": name, **{way: getattr(contest, way)() for way in WAYS}})
        if not args.json:
            print(f"{name:28} {'  '.join(cell(rows[-1][way]) for way in WAYS)}", flush=True)
    found = {way: sum(bool(row[way]["found"]) for row in rows) for way in WAYS}
    if args.json:
        print(json.dumps({"seconds": args.seconds, "found": found, "bugs": rows}, indent=2))
        return
    print(f"{len(rows)} bugs, {args.seconds} s each: "
          f"libFuzzer {found['libfuzzer']}, AFL++ {found['afl']}, vssemu fuzz {found['search']}")
    for name, why in LEFT_OUT.items():
        print(f"left out: {name} {why}")


if __name__ == "__main__":
    main()
