# SPDX-License-Identifier: MIT
"""The protocol's tables as people see them, compared with tests/golden/states.md, and the open questions
with what docs/deviations.md says of them. A change of the protocol changes the texts: GOLDEN_UPDATE=1
ctest -R proto/states, then review them like code."""
import difflib
import os
import pathlib
import subprocess
import sys

BEGIN, END = "<!-- printed by `vssemu states choices`", "<!-- end -->"


def states(*tables):
    return subprocess.run([vssemu, "states", *tables], check=True, capture_output=True, text=True).stdout


def check(name, expected, printed):
    if printed != expected:
        sys.stdout.writelines(difflib.unified_diff(expected.splitlines(True), printed.splitlines(True), name,
                                                   "vssemu states"))
    return printed == expected


vssemu, source = sys.argv[1], pathlib.Path(sys.argv[2])
golden = source / "tests" / "golden" / "states.md"
printed, choices = states(), states("choices")
page = source / "docs" / "deviations.md"
head, _, rest = page.read_text().partition(BEGIN)
mark, _, rest = rest.partition("\n")
told, _, tail = rest.partition(END)
if os.environ.get("GOLDEN_UPDATE"):
    golden.parent.mkdir(exist_ok=True)
    golden.write_text(printed)
    page.write_text(head + BEGIN + mark + "\n" + choices + END + tail)
    told = choices
is_good = check("tests/golden/states.md", golden.read_text(), printed)
is_good = check("docs/deviations.md", told, choices) and is_good
sys.exit(0 if is_good else 1)
