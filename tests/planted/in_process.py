#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Planted requesters as functions of a fuzzer's process (vssemu_fuzz_requester), without a fuzzer: the
plans of tests/fuzz/corpus/plan, all in one process. The bug must be told, as it should be, and its twin
must come to the end of them in silence.

    tests/planted/in_process.py BUILD"""
import pathlib
import subprocess
import sys

TOLD = {"r01_late_backup_succeeded": "finding: requester broke backup-succeeded-missing",
        "r06_silent_fallback": "finding: requester broke live-file-read",
        "r21_objects_leaked": "finding: requester broke "}


def run(build, name, variant, plans):
    return subprocess.run([build / "tests/planted" / f"{name}.{variant}.fuzz", *plans], capture_output=True, text=True,
                          errors="replace", stdin=subprocess.DEVNULL, timeout=120)


def main():
    build = pathlib.Path(sys.argv[1])
    plans = sorted((pathlib.Path(__file__).resolve().parents[1] / "fuzz/corpus/plan").iterdir())
    bad = 0
    for name, told in TOLD.items():
        planted, twin = (run(build, name, variant, plans) for variant in ("planted", "twin"))
        if planted.returncode != -6 or f"vssemu: {told}" not in planted.stderr:
            print(f"{name}: BUG MISSED, code {planted.returncode}\n{planted.stderr[-800:]}")
            bad += 1
        if twin.returncode or f"{len(plans)} inputs" not in twin.stdout:
            print(f"{name}: TWIN ACCUSED, code {twin.returncode}\n{twin.stderr[-800:]}")
            bad += 1
    print(f"{len(TOLD)} pairs in one process each, {len(plans)} plans; {bad} wrong")
    return 1 if bad or not plans else 0


if __name__ == "__main__":
    sys.exit(main())
