# SPDX-License-Identifier: MIT
"""The golden table of what each requester method answers in each phase (tests/golden/requester_calls.md)
against the table in the requester notes (section 3), every cell. What differs stands below with its
reason: rows of the notes stand for methods that are called here with one set of arguments.
Skipped, with a word, where the notes are not there."""
import pathlib
import re
import sys

source = pathlib.Path(sys.argv[1])
golden = source / "tests" / "golden" / "requester_calls.md"
notes = source.parent / "shared" / "spec" / "requester-notes.md"
if not notes.exists():
    print("skipped: ../shared/spec/requester-notes.md is not there")
    sys.exit(77)

# A phase of the notes has several columns here: what else was done before the call. G: metadata is
# gathered, W: status is, K: SetBackupState was called; n: a context without writers.
COLUMNS = {
    "N": {"N": ""},
    "I": {"I0": "", "I": "GWK"},
    "S": {"S0": "", "S": "GWK", "Sn": "n"},
    "P": {"P": "GWK"},
    "C": {"C": "GWK", "Cn": "n"},
    "D": {"D": "GWK"},
    "X": {"X": "GWK"},
    "R": {"R0": "", "R": "GWK"},
    "Q": {"Q": "GWK"},
    "T": {"T": "GWK"},
}
PENDING = "S~"

BARE = ("I0", "S0", "Sn")
NO_COMPONENT = "no component was added, which the notes' row takes for granted"
NO_SNAPSHOT = "the call names a snapshot or set that is not there (or not finished): the state is accepted"
EXPLAINED = {
    **{(m, c): ("none", NO_COMPONENT) for m in ("SetBackupOptions", "SetPreviousBackupStamp")
       for c in BARE},
    **{("GetWriterComponents", c): ("none", NO_COMPONENT) for c in (*BARE, "Cn")},
    ("SetBackupSucceeded", "Cn"): ("none", NO_COMPONENT),
    **{("GetSnapshotProperties", c): ("none", NO_SNAPSHOT) for c in (*BARE, "I", "S", "P", "X")},
    **{("DeleteSnapshots", c): ("none", NO_SNAPSHOT)
       for c in (*BARE, "I", "S", "P", "X", "R0", "R", "Q", "T")},
}
EXPLAINED["AddRestoreSubcomponent", "R0"] = ("BAD", "its component must have been selected before")
ALL = ("I0", "I", "S0", "S", "Sn", "P", "C", "Cn", "D", "X", "R0", "R", "Q", "T")
MADE = ("C", "Cn", "D")  # where the call's snapshot is there
for method, answer, reason in (
        ("BreakSnapshotSet", "VETO", "only snapshots of hardware can be broken off"),
        ("BreakSnapshotSetEx", "VETO", "only snapshots of hardware can be broken off"),
        ("RevertToSnapshot", "CTX", "only to a persistent snapshot"),
        ("QueryRevertStatus", "none", "no revert runs"),
        ("ExposeSnapshot", "ok", ""),
        ("UnexposeSnapshot", "none", "the snapshot is not exposed")):
    for column in ALL:
        if column in MADE and answer != "ok":
            EXPLAINED[method, column] = (answer, reason)
        elif column not in MADE and (column[0] not in "RQT" or "xpose" not in method):
            EXPLAINED[method, column] = ("none", NO_SNAPSHOT if answer != "none" else reason)
for column in ("I0", "I"):
    EXPLAINED["ImportSnapshots", column] = ("BCD", "no transportable set was loaded")
for method in ("AddSnapshotToRecoverySet", "RecoverSet"):
    for column in ("R0", "R", "Q"):
        EXPLAINED[method, column] = ("BAD", "no hardware provider that could do it is there")
# While an operation is pending, whatever is not BAD.
PASSES = {
    "SaveAsXML": "ok", "GetSessionId": "ok", "AbortBackup": "ok",  # as the notes say
    "GetRootAndLogicalPrefixPaths": "ok",  # asks nothing of the object, in any state
    "PreFastRecovery": "NI", "FastRecovery": "NI",  # not implemented in any state
}


def rows(text, n_cells):
    return [cells for cells in ([c.strip() for c in line.strip().strip("|").split("|")]
                                for line in text.splitlines() if line.startswith("|"))
            if len(cells) == n_cells and not cells[0].startswith("-")]


def section_3(text):
    return text[text.index("\n## 3. "):text.index("\n## 4. ")]


def methods_of(cell):
    """"GetWriterStatus(Ex), FreeWriterStatus (p, ...)": what the first cell of the notes names."""
    cell = re.sub(r"\((?!Ex\))[^()]*(\([^()]*\)[^()]*)*\)", "", cell)
    for name in re.findall(r"[A-Z][A-Za-z]{4,}(?:\(Ex\))?", cell.split(" in ")[0]):
        yield name.removesuffix("(Ex)")
        if name.endswith("(Ex)"):
            yield name.removesuffix("(Ex)") + "Ex"


def wanted(first, cell, flags):
    """What a cell of the notes asks of a call in that column."""
    cell = re.split(r"[*(:/ ]", cell)[0]
    has_writers = "n" not in flags
    if "no-writer context" in first:
        return None if has_writers else {">C": "ok", "n": "BAD"}.get(cell, cell)
    if "writer context" in first and not has_writers:
        # AddComponent, PrepareForBackup and BackupComplete always fail there; DoSnapshotSet has its row.
        return None if first.startswith("DoSnapshotSet") else "BAD"
    if cell in ("BAD", "BUSY", "NI"):
        return cell
    if cell == "G0":
        return "BAD" if "G" in flags else "ok"
    if cell in ("G", "W"):
        return "ok" if cell in flags else "BAD"
    if "G ready" in first and "G" not in flags:
        return "BAD"
    if re.search(r"\bK; else BAD", first) and "K" not in flags:
        return "BAD"
    if cell in ("ok", "nop", "G0n") or cell.startswith(">"):
        return "ok"
    return None


head, *table = rows(golden.read_text(encoding="utf-8"), 17)
answers = {row[0]: dict(zip(head[1:], row[1:])) for row in table}
wrong, unused, compared, seen = [], dict(EXPLAINED), 0, set()
for first, *cells in rows(section_3(notes.read_text(encoding="utf-8")), 11)[1:]:
    for method in methods_of(first):
        if method not in answers:
            wrong.append(f"{method}: in the notes, not in the golden table")
            continue
        seen.add(method)
        for phase, cell in zip("NISPCDXRQT", cells):
            for column, flags in COLUMNS[phase].items():
                want, have = wanted(first, cell, flags), answers[method][column]
                if want is None:
                    continue
                compared += 1
                explained = EXPLAINED.get((method, column))
                if have == want:
                    continue
                if explained and want == "ok" and explained[0] == have:
                    unused.pop((method, column), None)
                    continue
                wrong.append(f"{method} in {column}: {have}, the notes have '{cell}', that is {want}")
for method, row in answers.items():
    compared += 1
    if row[PENDING] != PASSES.get(method, "BAD"):
        wrong.append(f"{method} in {PENDING}: {row[PENDING]}, the notes let nothing pass but {sorted(PASSES)}")
    if method not in seen:
        wrong.append(f"{method}: in the golden table, not in the notes")
for method, column in unused:
    wrong.append(f"{method} in {column}: explained as a difference, and is none")
print(*wrong, sep="\n")
print(f"{compared} cells compared, {len(EXPLAINED)} differ with a reason, {len(wrong)} without")
sys.exit(1 if wrong or compared < 500 else 0)
