# SPDX-License-Identifier: MIT
"""The protocol's tables as people see them, compared with tests/golden/states.md. A change of the
protocol changes the golden text: GOLDEN_UPDATE=1 ctest -R proto/states, then review it like code."""
import difflib
import os
import pathlib
import subprocess
import sys

vssemu, source = sys.argv[1], pathlib.Path(sys.argv[2])
golden = source / "tests" / "golden" / "states.md"
printed = subprocess.run([vssemu, "states"], check=True, capture_output=True, text=True).stdout
if os.environ.get("GOLDEN_UPDATE"):
    golden.parent.mkdir(exist_ok=True)
    golden.write_text(printed)
expected = golden.read_text()
if printed != expected:
    sys.stdout.writelines(difflib.unified_diff(expected.splitlines(True), printed.splitlines(True),
                                               "tests/golden/states.md", "vssemu states"))
    sys.exit(1)
