#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Accuses the correct twins of planted.tsv: runs each many times with faults, casts and schedules drawn
from a number, and says which of them a search would call failed. There must be none: what it prints is a
defect of a twin or of vssemu.

    tests/planted/soak.py BUILD [--only r0] [--runs N] [--first K]"""
import argparse
import pathlib
import random
import re
import shlex
import sys

import run

EVENTS = ("Identify PrepareForBackup PrepareForSnapshot Freeze Thaw PostSnapshot BackupComplete "
          "BackupShutdown Abort").split()
CODES = [f"VSS_E_WRITERERROR_{name}" for name in
         ("RETRYABLE", "NONRETRYABLE", "TIMEOUT", "OUTOFRESOURCES", "INCONSISTENTSNAPSHOT")]
CALLS = ("IsVolumeSupported BeginPrepareSnapshot EndPrepareSnapshots PreCommitSnapshots "
         "CommitSnapshots PostCommitSnapshots PreFinalCommitSnapshots PostFinalCommitSnapshots "
         "GetSnapshotProperties DeleteSnapshots").split()
METHODS = ("InitializeForBackup SetBackupState GatherWriterMetadata GetWriterMetadata AddComponent "
           "StartSnapshotSet AddToSnapshotSet PrepareForBackup GatherWriterStatus GetWriterStatus "
           "DoSnapshotSet GetSnapshotProperties SetBackupSucceeded BackupComplete SaveAsXML").split()
CASTS = [["--writer", "app.xml"], ["--writer", "mail.xml"],
         ["--writer", "app.xml", "--writer", "fails_freeze.xml"],
         ["--writer", "app.xml", "--writer", "fails_once.xml"],
         ["--writer", "app.xml", "--writer", "fails_post_snapshot.xml"],
         ["--writer", "deletes.xml"], ["--writer", "root.xml", "--writer", "mail.xml"], []]
HARNESS = range(120, 124)


def writer_fault(draw, name):
    event = draw.choice(EVENTS)
    action = draw.choice(["fail", "fail", "report", "veto", "delay", "hang", "throw"])
    more = {"fail": f" code={draw.choice(CODES)}", "report": f" code={draw.choice(CODES)}",
            "delay": f" for={draw.choice(['300ms', '5s', '40s', '70s', '11m'])}"}.get(action, "")
    return f"writer={name} event={event} do={action}{more}"


def provider_fault(draw):
    code = draw.choice(["VSS_E_PROVIDER_VETO", "E_FAIL", "VSS_E_INSUFFICIENT_STORAGE",
                        "VSS_E_OBJECT_NOT_FOUND", "E_OUTOFMEMORY"])
    what = draw.choice([f"fail code={code}", f"fail code={code}", "delay for=11s", "delay for=3s",
                        "crash"])
    return f"provider=* call={draw.choice(CALLS)} do={what}"


def volume_fault(draw):
    return draw.choice([
        "op=flush do=delay for=15s", "op=flush do=delay for=2s", "op=flush do=hang",
        "op=hold do=delay for=12s", "op=hold do=fail code=EIO", "op=commit do=fail code=ENOSPC",
        "op=read-copy nth=1 do=fail code=EIO", "op=read-copy nth=3 do=fail code=EIO",
        "op=write nth=2 do=fail code=EIO", "op=write nth=30 do=fill", "op=hold do=lose-hold",
        "op=commit do=vanish", "op=read-copy nth=2 do=vanish", "op=release do=delay for=3s"])


def machine_fault(draw):
    return draw.choice([
        f"call={draw.choice(METHODS)} do=low-memory", f"call=* nth={draw.randint(1, 40)} do=low-memory",
        f"at={draw.randint(0, 700)}ms do=clock-jump by={draw.choice(['2h', '-3h', '40s'])}",
        f"call={draw.choice(METHODS)} do=restart", "call=GatherWriterMetadata do=no-messages"])


def faults_of(draw, row):
    name = '"Ledger Writer"' if row.kind == "writer" and draw.random() < 0.6 else "*"
    for _ in range(draw.choice([0, 1, 1, 1, 2, 3])):
        kind = draw.random()
        if kind < 0.4:
            yield writer_fault(draw, name)
        elif kind < 0.65:
            yield provider_fault(draw)
        elif kind < 0.85:
            yield "volume=C: " + volume_fault(draw)
        else:
            yield "machine " + machine_fault(draw)


def plan(row, number):
    """The options of one run."""
    draw = random.Random(f"{row.id} {number}")
    extra = ["--volume", "D:="] if row.id[:3] in ("w18", "w19") else []
    options = extra + draw.choice(CASTS)
    for fault in faults_of(draw, row):
        options += ["--fault", fault]
    if draw.random() < 0.3:
        options += ["--choice", "writer_veto=fail-set"]
    return options + ["--schedule", draw.choice(["random", "mix", "pct", "bounded"])]


# What a writer can break; the program is not blamed for its partner's.
WRITER_RULES = {"components-kept", "handler-exception", "failure-in-identify", "veto-without-failure",
                "setter-refusal-ignored", "value-unpredictable", "writer-not-unsubscribed",
                "restore-method-missing", "identify-refusal-ignored", "mapping-without-file-set",
                "alternate-location-without-mapping", "log-schema-without-logs", "file-sets-overlap",
                "instance-name-missing", "writer-schema-bit-missing", "partial-file-unsupported",
                "directed-target-alone"}


def is_hidden(options):
    """Whether a writer may be on no list, so that nobody could choose its files."""
    return any(word in option for option in options
               for word in ("event=Identify", "call=*", "do=hang", "deletes.xml"))


def accused(done, row, options):
    """What a search would say of this run, or nothing."""
    side = "requester" if row.kind == "requester" else "writer"
    must = [rule for rule, level in done.findings
            if level == "must" and (rule in WRITER_RULES) == (side == "writer")]
    has_fault = "--fault" in options or "--choice" in options or any(
        "fails" in o or "deletes" in o for o in options)
    if done.exit is None:
        return "does not end"
    if done.exit in HARNESS:
        return f"vssemu: {done.exit}"
    if done.exit > 128:
        return f"signal {done.exit - 128}"
    if must:
        return "finding " + ", ".join(must)
    if side == "requester" and done.exit not in (0, 1, 118, 119):
        return f"exit {done.exit}"
    if side == "requester" and done.exit == 1 and not has_fault:
        return "exit 1 without a fault"
    if side == "requester" and done.exit in (0, 118) and done.missing and not is_hidden(options):
        return "lost " + ", ".join(done.missing)
    if side == "writer" and done.shows("stays"):
        return "stays"
    return ""


def main():
    parser = argparse.ArgumentParser(description="twins under many faults")
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--only", default="", help="rows whose id begins with this")
    parser.add_argument("--runs", type=int, default=20, help="of each twin (20)")
    parser.add_argument("--first", type=int, default=1, help="number of the first plan (1)")
    args = parser.parse_args()
    rows = [row for row in run.parse(run.HERE / "planted.tsv") if re.match(args.only, row.id)]
    bad = total = 0
    for row in rows:
        for number in range(args.first, args.first + args.runs):
            row.options = plan(row, number)
            done = run.Run(args.build.resolve(), row, "twin", number)
            why = accused(done, row, row.options)
            total += 1
            if why:
                bad += 1
                print(f"{row.id} {number}: {why} (exit {done.exit})\n  {shlex.join(done.command)}",
                      flush=True)
    print(f"{total} runs of {len(rows)} twins: {bad} accused")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
