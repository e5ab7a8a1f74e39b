#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs the planted bugs of planted.tsv and their correct twins, each in a world of its own with the
options of its row, and prints what told them apart. Fails when a bug is missed or a twin is accused.

    tests/planted/run.py BUILD [--only r0] [--seeds N] [--valgrind] [--keep DIR]

A row is shown by
    finding NAME    the program breaks this rule (docs/findings.md)
    exit N          its exit code
    signal          it crashes
    stays           it is told to leave and does not
    hangs           nobody tells it to leave, and it does not end: shown by patience
    lost            it ends with 0 and a file of its writers is not in C:\\Backup as it was
    never           nothing in one run; column needs says what a search must bring
with one of the seeds 1 to (column seeds). The twin must end with the code of column twin, break no rule of level must, break no rule that shows a
bug, and lose nothing."""
import argparse
import concurrent.futures
import csv
import filecmp
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
LIMIT_S = 120       # real time of a run that should take none: nothing here waits for a clock
HANG_S = 3          # and of one that is known to have no end
STRICT = 119
LONG = "a-folder-with-quite-a-long-name-as-they-occur-in-the-profiles-of-users"


def make_volume(top):
    """The files of C:, the same for every run."""
    files = {"docs/one.txt": "one", "docs/deep/two.txt": "two", "boot.ini": "[boot]",
             f"docs/{LONG}/{LONG}/{LONG}/report.txt": "long", "pictures/cat.png": "cat",
             "mail/priv.edb": "database", "mail/e00.log": "log",
             "mail/mail.ini": "[mail]", "mail/index/0.idx": "index"}
    for name, text in files.items():
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def demanded(options):
    """The files of C: that the chosen simulated writers offer, by their configurations."""
    wanted = {"app.xml": ["docs"], "deletes.xml": ["docs"], "mail.xml": ["mail"],
              "root.xml": ["boot.ini"]}
    for option in options:
        yield from wanted.get(option, ["pictures"] if option.startswith("fails_") else [])


class Row:
    def __init__(self, cells):
        self.__dict__.update((key, value or "") for key, value in cells.items())
        self.twin = int(self.twin)
        self.options = shlex.split(self.options)


def parse(path):
    with open(path, newline="") as file:
        return [Row(cells) for cells in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]


class Run:
    """One run: exit code, findings, output, what is missing in the store."""

    def __init__(self, build, row, variant, seed, keep=None, valgrind=False):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix=f"planted-{row.id}-", dir=keep))
        volume = self.dir / "c"
        original = self.dir / "original"
        make_volume(volume)
        shutil.copytree(volume, original)
        options = [str(HERE / "writers" / o) if o.endswith(".xml") else o for o in row.options]
        for i, option in enumerate(options):
            if re.fullmatch("[D-Z]:=", option): # one more drive, with nothing on it
                (self.dir / option[0]).mkdir()
                options[i] = f"{option}{self.dir / option[0]}"
        command = [build / "bin/vssemu", "run", "--clock", "virtual", "--volume", f"C:={volume}",
                   "--strict", "--trace", self.dir / "trace.jsonl",
                   "--findings", self.dir / "findings.json"]
        if seed is not None:
            command += ["--seed", str(seed)]
        if valgrind:
            command += ["--valgrind=-q --error-exitcode=99 --leak-check=no"]
        command += options + ["--", build / "tests/planted" / f"{row.id}.{variant}"]
        self.command = [str(c) for c in command]
        hangs = row.shown_by == "hangs" and variant == "planted"
        limit = HANG_S if hangs else LIMIT_S
        begin = time.monotonic()
        try:
            done = subprocess.run(self.command, capture_output=True, text=True, errors="replace",
                                  cwd=self.dir, stdin=subprocess.DEVNULL,
                                  timeout=limit)
            self.exit, self.output = done.returncode, done.stdout + done.stderr
        except subprocess.TimeoutExpired as late:
            self.exit = None
            self.output = (late.stdout or b"").decode(errors="replace")[-2000:]
        self.seconds = time.monotonic() - begin
        self.findings = self.read_findings()
        self.missing = [] if row.kind == "writer" else self.compare(original, row.options)
        if not keep:
            shutil.rmtree(self.dir)

    def read_findings(self):
        try:
            found = json.loads((self.dir / "findings.json").read_text())
        except (OSError, ValueError):
            return []
        return [(f["rule"], f["level"]) for f in found["findings"]]

    def compare(self, original, options):
        store = self.dir / "c/Backup/files/C"
        missing = []
        for place in demanded(options):
            top = original / place
            for path in [top] if top.is_file() else sorted(top.rglob("*")):
                copy = store / path.relative_to(original)
                if path.is_file() and not (copy.is_file() and filecmp.cmp(path, copy, False)):
                    missing.append(str(path.relative_to(original)))
        return missing

    @property
    def succeeded(self):
        return self.exit in (0, STRICT)

    def shows(self, how):
        word, _, what = how.partition(" ")
        if word == "finding":
            return any(rule == what for rule, _ in self.findings)
        if word == "exit":
            return self.exit == int(what)
        if word == "signal":
            return self.exit is not None and (self.exit < 0 or self.exit > 128)
        if word == "hangs":
            return self.exit is None
        if word == "stays":
            return "was told to leave and is still there" in self.output
        if word == "lost":
            return self.succeeded and bool(self.missing)
        return word == "never" and self.exit == 0


def accused(run, row):
    """Why a twin is not silent, or nothing."""
    if run.exit != row.twin:
        return f"exit code {run.exit} instead of {row.twin}"
    must = [rule for rule, level in run.findings if level == "must"]
    if must:
        return "finding " + ", ".join(must)
    if row.shown_by.startswith("finding") and run.shows(row.shown_by):
        return row.shown_by
    if run.exit == 0 and run.missing:
        return "lost " + ", ".join(run.missing)
    return ""


def seeds_of(row):
    """The seeds that a row plans: 1, or from 1 to its column; any of them may show the bug."""
    return range(1, int(row.seeds or 1) + 1)


def judge(build, row, args):
    problem = ""
    tries = 0
    for tries, seed in enumerate(seeds_of(row), 1):
        planted = Run(build, row, "planted", seed, args.keep)
        if planted.shows(row.shown_by):
            break
    else:
        problem = (f"BUG MISSED: exit {planted.exit}, findings {planted.findings}, missing "
                   f"{planted.missing}\n{excerpt(planted)}")
    silent = 0
    for seed in range(1, args.seeds + 1):
        twin = Run(build, row, "twin", seed, args.keep, args.valgrind)
        why = accused(twin, row)
        if why:
            problem += f"TWIN ACCUSED (seed {seed}): {why}\n{excerpt(twin)}"
            break
        silent += 1
    return row, planted, tries, silent, problem


def excerpt(run):
    return f"  {' '.join(run.command)}\n" + "".join(
        f"  | {line}\n" for line in run.output.splitlines()[-25:])


def main():
    parser = argparse.ArgumentParser(description="planted bugs and their twins")
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--only", default="", help="rows whose id begins with this")
    parser.add_argument("--seeds", type=int, default=1, help="the twin with seeds 1 to N (1)")
    parser.add_argument("--valgrind", action="store_true", help="the twin under Valgrind")
    parser.add_argument("--keep", help="keep the worlds and traces below this directory")
    args = parser.parse_args()
    build = args.build.resolve()
    rows = [row for row in parse(HERE / "planted.tsv") if re.match(args.only, row.id)]
    jobs = int(os.environ.get("PLANTED_JOBS", "1"))
    bad = 0
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for row, planted, tries, silent, problem in pool.map(lambda r: judge(build, r, args), rows):
            verdict = "FAILED" if problem else "search" if row.shown_by == "never" else "told"
            print(f"{row.id:28} {verdict:6} {row.shown_by:38} runs {tries:2}, {planted.seconds:4.2f} s"
                  f" each; twin silent with {silent} seeds")
            if problem:
                print(problem)
                bad += 1
    told = sum(row.shown_by != "never" for row in rows)
    print(f"{len(rows)} pairs: {told} told by one run, {len(rows) - told} wait for the search, "
          f"{bad} failed")
    return 1 if bad or not rows else 0


if __name__ == "__main__":
    sys.exit(main())
