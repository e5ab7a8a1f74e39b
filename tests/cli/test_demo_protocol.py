# SPDX-License-Identifier: MIT
"""The protocol that `vssemu demo` leaves in its trace is the documented one, line by line:
tests/golden/demo_protocol.tsv, which names the row and the page of each line. The file itself is held
against the tables that it follows, where ../shared/spec/requester-notes.md can be reached."""
import json
import pathlib
import re
import unittest

from support import CliTest, main, needs_mount

ROOT = pathlib.Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "tests/golden/demo_protocol.tsv"
KINDS = ("call", "event", "provider", "volume")
MEMBERS = ("who", "what", "before", "after", "result")


def requester_notes():
    """The notes on requesters: beside the project or, in a second work tree, one folder higher."""
    for folder in (ROOT.parent, ROOT.parent.parent):
        path = folder / "shared/spec/requester-notes.md"
        if path.exists():
            return path.read_text()
    raise unittest.SkipTest("../shared/spec/requester-notes.md is not there")


def golden_groups():
    """Lists of (record, where) whose order within the list is open; most have one member."""
    groups, together = [], None
    for line in GOLDEN.read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        if line == "{any":
            together = []
        elif line == "}":
            groups.append(together)
            together = None
        else:
            *record, where = line.split("\t")
            if together is None:
                groups.append([(tuple(record), where)])
            else:
                together.append((tuple(record), where))
    return groups


def protocol(lines):
    """The records that the golden file speaks of, in the order of the trace. Release is no row of
    the tables, nor is what a writer's handler says of its components."""
    return [tuple(line.get(member, "-") for member in MEMBERS)
            for line in lines if line.get("kind") in KINDS and line.get("what") != "Release"
            and not (line["kind"] == "call" and line["who"].startswith("writer "))]


def without_looking_for_writers(records):
    """Leaves out the sessions before the backup that do nothing but gather status."""
    sessions = [[]]
    for record in records:
        if record[1].startswith("InitializeFor"):
            sessions.append([])
        sessions[-1].append(record)
    looking = {"InitializeForBackup", "GatherWriterStatus", "FreeWriterStatus"}
    return [record for session in sessions if not {r[1] for r in session} <= looking
            for record in session]


class GoldenFile(unittest.TestCase):
    def test_every_line_names_its_row_and_page(self):
        for group in golden_groups():
            for record, where in group:
                self.assertEqual(len(record), len(MEMBERS), record)
                self.assertRegex(where, r"^(5|5\.1|6) row \d+, \w.+")

    def test_it_follows_the_documented_tables_row_by_row(self):
        """Rows never go back (5.1 happens inside row 11 of 5), each row speaks of its line's call or
        event, and no row with an event or a provider's call of ours is passed over."""
        notes = requester_notes()
        rows, numbers, seen = {}, [], set()
        for section, start in (("5", "## 5. "), ("5.1", "### 5.1 "), ("6", "## 6. ")):
            text = re.split(r"\n##", notes[notes.index("\n" + start) + 3:])[0]
            for number, rest in re.findall(r"^\| (\d+) \|(.*)$", text, re.M):
                rows[section, int(number)] = rest
        self.assertEqual(len(rows), 16 + 13 + 12)
        for record, where in (pair for group in golden_groups() for pair in group):
            section, number = re.match(r"(\S+) row (\d+)", where).groups()
            number = int(number)
            if record[1] != "FreeWriterStatus":      # section 12: what was gathered is freed
                self.assertIn(record[1], rows[section, number], where)
            seen.add((section, number))
            numbers.append({"5": (5, number, 0), "5.1": (5, 11, number), "6": (6, number, 0)}[section])
        # Behind 5.1, row 11 of 5 goes on: the call is finished.
        last = max(i for i, n in enumerate(numbers) if n[:2] == (5, 11) and n[2])
        numbers = [(5, 11, 99) if i > last and n == (5, 11, 0) else n for i, n in enumerate(numbers)]
        self.assertEqual(numbers, sorted(numbers))
        optional_or_silent = {("5", n) for n in (2, 3, 5, 12)} | {("5.1", 10)} | \
                             {("6", n) for n in (2, 4, 8, 9, 12)}
        self.assertEqual(set(rows) - seen, optional_or_silent)

    def test_thaw_is_freeze_backwards(self):
        records = [record for group in golden_groups() for record, _ in group]
        order = {event: [r[0] for r in records if r[1] == event]
                 for event in ("Freeze", "Thaw", "PostSnapshot")}
        self.assertEqual(len(order["Freeze"]), 3)
        self.assertEqual(order["Thaw"], order["Freeze"][::-1])
        self.assertEqual(order["PostSnapshot"], order["Freeze"][::-1])


class Demo(CliTest):
    def check(self, *words):
        code, out, err = self.vssemu("demo", "--dir", self.dir, *words)
        self.assertEqual(code, 0, out[-4000:] + err[-4000:])
        lines = [json.loads(line)
                 for line in (self.dir / "demo.trace.jsonl").read_text().splitlines()]
        self.assertEqual(lines[-1]["verdict"], "exit")
        records = without_looking_for_writers(protocol(lines))
        n_compared = 0
        for group in golden_groups():
            got = records[n_compared:n_compared + len(group)]
            wanted = [record for record, _ in group]
            where = group[0][1]
            self.assertEqual(sorted(got), sorted(wanted),
                             f"line {n_compared + 1} of the protocol ({where})")
            n_compared += len(group)
        self.assertEqual(records[n_compared:], [], "the protocol is over")
        print(f"demo {' '.join(words) or 'mounted'}: {n_compared} lines as documented")

    def test_not_mounted(self):
        self.check("--no-mount")

    @needs_mount
    def test_mounted(self):
        self.check()


if __name__ == "__main__":
    main()
