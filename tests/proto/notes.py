# SPDX-License-Identifier: MIT
"""The table of calls and phases against the one in the requester notes (section 3): every cell.
Skipped, with a word, where the notes are not there."""
import pathlib
import re
import subprocess
import sys

vssemu, source = sys.argv[1], pathlib.Path(sys.argv[2])
notes = source.parent / "shared" / "spec" / "requester-notes.md"
if not notes.exists():
    print("skipped: ../shared/spec/requester-notes.md is not there")
    sys.exit(77)

# Calls that share a row with others, or whose row says in words what the table says by a flag.
NAMES = {
    "EnableWriterClasses": "EnableWriterClasses, DisableWriterClasses",
    "GetWriterMetadata": "GetWriterMetadata(Ex)",
    "SetBackupOptions": "SetBackupOptions, SetPreviousBackupStamp",
    "GetWriterStatus": "GetWriterStatus(Ex)",
    "GetWriterComponents": "GetWriterComponentsCount",
    "SaveAsXML": "SaveAsXML, GetSessionId",
    "Query": "IsVolumeSupported, Query",
    "BreakSnapshotSet": "BreakSnapshotSet(Ex)",
    "SetSelectedForRestore": "SetSelectedForRestore(Ex)",
    "SetRestoreOptions": "AddRestoreSubcomponent, SetRestoreOptions",
    "AddAlternativeLocationMapping": "AddAlternativeLocationMapping, SetRangesFilePath",
    "DoSnapshotSet": "DoSnapshotSet (async), writer context",
    "DoSnapshotSet (no writers)": "DoSnapshotSet (async), no-writer context",
}


def rows(text):
    return {cells[0]: cells[1:11] for cells in
            ([c.strip() for c in line.strip().strip("|").split("|")]
             for line in text.splitlines() if line.startswith("|")) if len(cells) == 11}


def meaning(cell, call):
    """What a cell says, in one form for both tables."""
    cell = cell.replace("*", "").split("(")[0].split(":")[0].split("/")[0].strip()
    if cell == "ok once":
        cell = "ok"
    if cell == "n":
        cell = "BAD"                   # n/a: cannot happen
    if call == "PreRestore" and cell == ">Q":
        return "G>Q"
    return cell


def wanted_row(table, call):
    start = NAMES.get(call, call)
    for name, cells in table.items():
        if name.startswith(start) and (call in NAMES or re.match(rf"{re.escape(start)}\b", name)):
            return cells
    return None


printed = subprocess.run([vssemu, "states"], check=True, capture_output=True, text=True).stdout
ours, theirs = rows(printed), rows(notes.read_text())
wrong = compared = 0
for call, cells in ours.items():
    if call in ("call", "in phase") or not re.match(r"[A-Z]", call) or cells[0][0:1] == "-":
        continue
    wanted = wanted_row(theirs, call)
    if wanted is None:
        print(f"{call}: no row in the notes")
        wrong += 1
        continue
    for phase, have, want in zip("NISPCDXRQT", cells, wanted):
        compared += 1
        if meaning(have, call).removeprefix("G") != meaning(want, call).removeprefix("G"):
            print(f"{call} in phase {phase}: here {have}, in the notes {want}")
            wrong += 1
print(f"{compared} cells compared, {wrong} differ")
sys.exit(1 if wrong or compared < 300 else 0)
