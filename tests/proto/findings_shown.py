#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every rule of `vssemu states findings` has been broken by a story that saw its finding: runs the
programs of stories, which tell the file VSSEMU_FINDINGS_SHOWN what they saw, and compares.

    findings_shown.py VSSEMU PROGRAM..."""
import os
import re
import subprocess
import sys
import tempfile

# Rules that no story can break, with the reason.
UNSHOWN = {}


def rules(vssemu):
    text = subprocess.run([vssemu, "states", "findings"], check=True, capture_output=True,
                          text=True).stdout
    return re.findall(r"^\| *`?([a-z][a-z-]+)`? *\|", text, re.M)


def shown(programs):
    with tempfile.NamedTemporaryFile("r") as file:
        for program in programs:
            done = subprocess.run([program], env={**os.environ, "VSSEMU_FINDINGS_SHOWN": file.name},
                                  capture_output=True, text=True, cwd=os.path.dirname(program))
            if done.returncode:
                sys.exit(f"{program} failed:\n{done.stdout}{done.stderr}")
        return set(file.read().split())


def main():
    table = [rule for rule in rules(sys.argv[1]) if rule != "rule"]
    seen = shown(sys.argv[2:])
    missing = [rule for rule in table if rule not in seen and rule not in UNSHOWN]
    for rule in missing:
        print(f"no story breaks {rule}")
    for rule in sorted(set(UNSHOWN) & seen):
        print(f"{rule} is said to have no story and has one")
    for rule in sorted((seen | set(UNSHOWN)) - set(table)):
        print(f"there is no rule {rule}")
    print(f"{len(seen)} of {len(table)} rules are broken by a story")
    sys.exit(bool(missing or set(UNSHOWN) & seen or (seen | set(UNSHOWN)) - set(table)
                  or len(table) < 50))


main()
