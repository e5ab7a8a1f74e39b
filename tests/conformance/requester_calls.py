# SPDX-License-Identifier: MIT
"""What every method of the requester answers in every phase, compared with the golden table that people
read. A change of it is a change of the protocol: GOLDEN_UPDATE=1 ctest -R requester_calls, then review it
like code. tests/proto/requester_calls.py holds the table against the notes."""
import difflib
import os
import pathlib
import subprocess
import sys

program, source = sys.argv[1], pathlib.Path(sys.argv[2])
golden = source / "tests" / "golden" / "requester_calls.md"
done = subprocess.run([program], capture_output=True, text=True, check=False)
if done.returncode:
    print(done.stderr, f"{program}: exit code {done.returncode}", sep="\n")
    sys.exit(1)
if os.environ.get("GOLDEN_UPDATE"):
    golden.write_text(done.stdout, encoding="utf-8")
expected = golden.read_text(encoding="utf-8")
if done.stdout != expected:
    sys.stdout.writelines(difflib.unified_diff(expected.splitlines(True), done.stdout.splitlines(True),
                                               str(golden.relative_to(source)), "requester_calls"))
    sys.exit(1)
