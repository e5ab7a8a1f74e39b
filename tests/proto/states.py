# SPDX-License-Identifier: MIT
"""The protocol's tables as people see them: all of them against tests/golden/states.md, and those that stand
in the pages of docs/ between `<!-- vssemu states NAME -->` and `<!-- end -->`. A change of the protocol changes
the texts: GOLDEN_UPDATE=1 ctest -R proto/states, then review them like code."""
import difflib
import os
import pathlib
import re
import subprocess
import sys

PLACE = re.compile(r"(<!-- vssemu states (\w+) -->\n)(.*?)(<!-- end -->)", re.S)


def states(*tables):
    return subprocess.run([vssemu, "states", *tables], check=True, capture_output=True, text=True).stdout


def check(name, expected, printed):
    if os.environ.get("GOLDEN_UPDATE"):
        (source / name).write_text(printed)
    elif printed != expected:
        sys.stdout.writelines(difflib.unified_diff(expected.splitlines(True), printed.splitlines(True), name,
                                                   "vssemu states"))
        return False
    return True


vssemu, source = sys.argv[1], pathlib.Path(sys.argv[2])
golden = source / "tests" / "golden" / "states.md"
is_good = check("tests/golden/states.md", golden.read_text(), states())
n_places = 0
for page in sorted((source / "docs").glob("*.md")):
    text = page.read_text()
    n_places += len(PLACE.findall(text))
    renewed = PLACE.sub(lambda m: m[1] + states(m[2]) + m[4], text)
    is_good = check(f"docs/{page.name}", text, renewed) and is_good
if not n_places:
    sys.exit("no page of docs/ has a table: the marks are lost")
sys.exit(0 if is_good else 1)
