#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""pjdfstest on a mounted volume and on the file system beneath it: ours may fail nothing that the other does not fail.

    posix.py PROGRAM [--suite DIR] [--only NAME] [--in DIR]     PROGRAM: vssemu

The suite (https://github.com/pjd/pjdfstest) is not part of this project: --suite, or PJDFSTEST in the environment, is the
folder in which it was built. Exit code 77 without it, without root, or without FUSE; 1 if ours fails more."""
import argparse
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

LONGEST_S = 300  # a file of tests; a minute where it waits much


def skip(why):
    print(f"skipped: {why}")
    sys.exit(77)


def results_of(test, where):
    """{number: is it well} of one file; what did not come to its end has its missing tests as failures."""
    try:
        out = subprocess.run(["sh", test], cwd=where, capture_output=True, text=True, timeout=LONGEST_S).stdout
    except subprocess.TimeoutExpired as late:
        out = (late.stdout or b"").decode() if isinstance(late.stdout, bytes) else late.stdout or ""
    plan = re.search(r"^1\.\.(\d+)", out, re.M)
    results = {n: False for n in range(1, int(plan.group(1)) + 1 if plan else 2)}
    for word, number, expected in re.findall(r"^(not ok|ok) (\d+)( # TODO)?", out, re.M):
        results[int(number)] = word == "ok" or bool(expected)  # the suite itself does not expect it of Linux
    return results


def run(suite, only, where):
    """{(file, number): is it well}"""
    where.mkdir()
    where.chmod(0o755)
    found = {}
    for test in sorted((suite / "tests").rglob("*.t")):
        name = str(test.relative_to(suite / "tests"))
        if only in name:
            found.update({(name, number): well for number, well in results_of(test, where).items()})
    return found


def failures(found):
    return {test for test, well in found.items() if not well}


def mounted(program, folder, work):
    origin, mount = folder / "origin", folder / "mount"
    for path in origin, mount:
        path.mkdir()
        path.chmod(0o755)
    subprocess.run([program, "volume", "mount", origin, mount], check=True, timeout=60)
    try:
        subprocess.run([program, "volume", "snapshot", origin], timeout=60, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)  # with a snapshot to keep, where a served volume takes the order
        return work(mount / "work")
    finally:
        subprocess.run(["fusermount3", "-uz", mount], timeout=60)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program", type=Path)
    parser.add_argument("--suite", type=Path, default=os.environ.get("PJDFSTEST"))
    parser.add_argument("--only", default="", help="files of tests with this in their name")
    parser.add_argument("--in", dest="place", help="where the folders are made (TMPDIR)")
    options = parser.parse_args()
    if not options.suite or not (Path(options.suite) / "pjdfstest").exists():
        skip("PJDFSTEST names no folder with a built pjdfstest")
    if os.geteuid() != 0:
        skip("the suite is for root")
    if not os.access("/dev/fuse", os.R_OK | os.W_OK):
        skip("no /dev/fuse")
    suite = Path(options.suite).resolve()
    with tempfile.TemporaryDirectory(prefix="vssemu-posix-", dir=options.place) as place:
        folder = Path(place)
        folder.chmod(0o755)
        beneath = run(suite, options.only, folder / "beneath")
        ours = mounted(options.program.resolve(), folder, lambda where: run(suite, options.only, where))
    more = sorted(failures(ours) - failures(beneath))
    for name, n_wrong, found in ("beneath", failures(beneath), beneath), ("mounted", failures(ours), ours):
        print(f"{name}: {len(found) - len(n_wrong)} of {len(found)} passed")
    for name, number in more:
        print(f"only mounted: {name} {number} fails")
    both = failures(ours) & failures(beneath)
    if both:
        print(f"both: {len(both)} fail, in " + ", ".join(sorted({name for name, _ in both})))
    short = sorted({name for name, _ in beneath.keys() - ours.keys()})
    for name in short:
        print(f"only beneath: {name} has tests that did not run mounted")
    sys.exit(1 if more or not ours or short else 0)


main()
