#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks every #include "..." of the sources against ci/layers.txt.

Includes are written from the root of the repository, so the layer of each dependency stands in the
line itself. Run it from anywhere; it prints what is wrong and answers 1, or nothing and 0.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
FOLDERS = ("emu", "fakes", "provider_sim", "writer_sim", "examples", "bench", "tests")
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"')


def read_table(path):
    table = {}
    for line in path.read_text().splitlines():
        line = line.split("#")[0].strip()
        if line:
            who, whom = line.split(":")
            table[who.strip()] = whom.split()
    return table


def is_in(path, folder):
    """A rule names a folder, or a file without its suffix."""
    return path == folder or path.startswith(folder + "/") or path.startswith(folder + ".")


def row_of(table, path):
    rows = [who for who in table if is_in(path, who)]
    return max(rows, key=len) if rows else None


def check_file(table, path):
    name = path.relative_to(ROOT).as_posix()
    who = row_of(table, name)
    if who is None:
        yield f"{name}: no row of ci/layers.txt speaks of it"
        return
    if "*" in table[who]:
        return
    for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
        found = INCLUDE.match(line)
        if not found:
            continue
        target = found.group(1)
        if "/" not in target:
            # Beside the file itself: the headers that stand in for Windows ones do this.
            if not (path.parent / target).exists():
                yield f'{name}:{number}: include "{target}" is not written from the root'
            continue
        if not any(is_in(target, folder) for folder in table[who] + [who]):
            yield f'{name}:{number}: {who} may not include "{target}" (ci/layers.txt)'


def main():
    table = read_table(ROOT / "ci" / "layers.txt")
    wrong = []
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in (".c", ".h", ".cpp", ".cc", ".hpp"):
                wrong += check_file(table, path)
    print("\n".join(wrong), end="\n" if wrong else "")
    return 1 if wrong else 0


sys.exit(main())
