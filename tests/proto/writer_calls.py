# SPDX-License-Identifier: MIT
"""Every call of a writer in every handler, as it was made through the public API (writer_calls.c), compared
with tests/golden/writer_calls.md and, where ../shared is there, cell by cell with section 6 of the writer
notes. GOLDEN_UPDATE=1 ctest -R proto/writer_calls renews the golden text; review it like code."""
import difflib
import os
import pathlib
import subprocess
import sys

program, source = sys.argv[1], pathlib.Path(sys.argv[2]).resolve()
golden = source / "tests" / "golden" / "writer_calls.md"
notes = source.parent / "shared" / "spec" / "writer-notes.md"
COLUMNS = ("Identify", "PrepareForBackup", "PrepareForSnapshot", "Freeze", "Thaw", "PostSnapshot", "Abort",
           "BackupComplete", "BackupShutdown", "PreRestore", "PostRestore")
# Our calls by the row of the notes that speaks of them, where the name does not begin the row.
ROWS = {
    "SetWriterFailureEx": "SetWriterFailure(Ex)",
    "GetCurrentVolumeArray": "GetCurrentVolumeCount / Array",
    "IsBootableSystemStateBackedUp": "AreComponentsSelected",
    "IsPartialFileSupportEnabled": "AreComponentsSelected",
    "SetBackupStamp": "SetBackupMetadata",
    "AddPartialFile": "SetBackupMetadata",
    "AddDifferencedFilesByLastModifyTime": "SetBackupMetadata",
    "SetRestoreTarget": "SetRestoreMetadata",
    "AddDirectedTarget": "SetRestoreMetadata",
    "SetPreRestoreFailureMsg": "SetRestoreMetadata",
}
# No row of the notes' table, but their text: only in the handler that the name says.
NO_ROW = {"SetPrepareForBackupFailureMsg": "PrepareForBackup", "SetPostSnapshotFailureMsg": "PostSnapshot"}
# Cells where pages disagree or say nothing (?), and what we do there.
DECIDED = {
    ("GetCurrentSnapshotSetId", "Abort"): ("y", "the set is known until its end; a writer may log it"),
    ("IsPathAffected", "PrepareForBackup"): ("y", "pages disagree; the set has its volumes by then"),
    ("SetFailure", "BackupComplete"): ("y", "its page: any handler but OnIdentify"),
    ("SetFailure", "PostRestore"): ("y", "its page: any handler but OnIdentify"),
}


def table(text, n_columns):
    rows = {}
    for line in text.splitlines():
        cells = [c.strip() for c in line.strip().strip("|").split("|")]
        if line.startswith("|") and len(cells) == n_columns + 1 and not cells[0].startswith("--"):
            rows[cells[0]] = cells[1:]
    return rows


def compare_with_golden(printed):
    if os.environ.get("GOLDEN_UPDATE"):
        golden.write_text(printed)
    expected = golden.read_text() if golden.exists() else ""
    sys.stdout.writelines(difflib.unified_diff(expected.splitlines(True), printed.splitlines(True),
                                               "tests/golden/writer_calls.md", "writer_calls"))
    return printed == expected


def wanted_row(theirs, call):
    start = ROWS.get(call, call)
    found = [cells for name, cells in theirs.items() if name.startswith(start)]
    return found[0] if len(found) == 1 else None


def differing_cells(ours, theirs):
    used = set()
    for call, cells in ours.items():
        wanted = wanted_row(theirs, call)
        if call in NO_ROW:
            wanted = ["y" if column == NO_ROW[call] else "-" for column in COLUMNS]
        if wanted is None:
            yield f"{call}: no row, or more than one, in the notes"
            continue
        for column, have, want in zip(COLUMNS, cells, wanted):
            if want == "?" and (call, column) in DECIDED:
                used.add((call, column))
                want = DECIDED[call, column][0]
            if (have == "y") != (want == "y"):
                yield f"{call} in {column}: here {have}, in the notes {want}"
    for cell in sorted(set(DECIDED) - used):
        yield f"{cell[0]} in {cell[1]}: decided here, but the notes do not leave it open"


def main():
    head = ("# What a writer may call in which handler\n\n"
            "Printed by tests/proto/writer_calls.c, which makes each call. y: it does what its page says. A code: it\n"
            "is refused. -: it has no error to give and answers the neutral value (zero, NULL, false), or the event\n"
            "brings no object to call. Cells that pages leave open are in tests/proto/writer_calls.py.\n\n")
    printed = head + subprocess.run([program], check=True, capture_output=True, text=True).stdout
    good = compare_with_golden(printed)
    if not notes.exists():
        print("not compared with ../shared/spec/writer-notes.md, which is not there")
        return 0 if good else 1
    ours = table(printed, len(COLUMNS))
    ours.pop("call", None)
    section = notes.read_text().split("## 6.")[1].split("## 7.")[0]
    theirs = table(section, len(COLUMNS))
    theirs.pop("call", None)
    wrong = list(differing_cells(ours, theirs))
    for line in wrong:
        print(line)
    print(f"{len(ours) * len(COLUMNS)} cells, {len(DECIDED)} decided here, {len(wrong)} differ from the notes")
    return 0 if good and not wrong and len(ours) >= 28 else 1


sys.exit(main())
