# SPDX-License-Identifier: MIT
"""vssemu trace show|diff|stats on what runs have recorded."""
import json
import shutil

from support import BAD_USAGE, CliTest, main

WRITER = """<TestWriter usage="USER_DATA">
  <RestoreMethod method="RESTORE_IF_CAN_BE_REPLACED" writerRestore="always" rebootRequired="no"/>
  <Component componentType="filegroup" componentName="Documents" selectable="yes">
    <ComponentFile path="C:\\docs" filespec="*" recursive="yes"/>
  </Component>
  %s
</TestWriter>
"""


class Trace(CliTest):
    def record(self, name, fails="", *options):
        """A backup of one simulated writer on a fresh volume, recorded in NAME.jsonl."""
        shutil.rmtree(self.volume)
        (self.volume / "docs").mkdir(parents=True)
        (self.volume / "docs" / "a.txt").write_text("hello")
        writer = self.write("app.xml", WRITER % fails)
        self.vssemu("run", "--clock", "virtual", "--seed", 7, "--volume", f"C:={self.volume}",
                    "--writer", writer, "--trace", f"{name}.jsonl", *options, "--", "betest", "/B")
        return f"{name}.jsonl"

    def test_calls_and_events_carry_what_is_needed_to_do_them_again(self):
        lines = self.trace(self.record("run"))
        subscribed, = [r for r in lines if r.get("what") == "Subscribe"]
        self.assertEqual(subscribed["args"]["name"], "Test Writer")
        added, = [r for r in lines if r.get("what") == "AddComponent"]
        self.assertEqual(list(added["args"]), ["instance", "writer", "type", "path", "name"])
        self.assertEqual(added["args"]["instance"], subscribed["args"]["instance"])
        self.assertEqual(added["args"]["writer"], subscribed["args"]["class"])
        begun, = [r for r in lines if r.get("what") == "StartSnapshotSet"]
        self.assertEqual(len(begun["args"]["set"]), 36)
        volume, = [r for r in lines if r.get("what") == "AddToSnapshotSet"]
        self.assertEqual(volume["args"]["volume"], "C:\\")
        identify, = [r for r in lines if r.get("what") == "Identify"]
        self.assertIn("<WRITER_METADATA", identify["args"]["metadata"])
        self.assertEqual([r["n"] for r in lines[1:-1]], list(range(1, len(lines) - 1)))
        self.assertEqual([r["what"] for r in lines if r.get("kind") == "call"][-1], "Release")

    def test_show_prints_what_a_run_printed(self):
        shutil.rmtree(self.volume)
        self.volume.mkdir()
        writer = self.write("app.xml", WRITER % "")
        code, _, err = self.vssemu("run", "--clock", "virtual", "--verbose", "--volume",
                                   f"C:={self.volume}", "--writer", writer, "--trace", "run.jsonl",
                                   "--", "betest", "/B")
        self.assertEqual(code, 0, err)
        code, out, errors = self.vssemu("trace", "show", "run.jsonl")
        self.assertEqual((code, errors), (0, ""))
        *shown, last = out.splitlines()
        self.assertEqual(last, "exit 0")
        self.assertEqual(shown, [line for line in err.splitlines()
                                 if not line.startswith(("vssemu: ", "betest: "))])

    def test_show_filters_by_who_kind_and_time(self):
        trace = self.record("run")
        code, out, err = self.vssemu("trace", "show", "--json", trace, "--who", "writer *",
                                     "--kind", "event")
        self.assertEqual(code, 0, err)
        shown = json.loads(out)
        self.assertEqual(shown["header"]["vssemu_trace"], 3)
        self.assertEqual(shown["verdict"]["exit"], 0)
        self.assertEqual({(r["who"], r["kind"]) for r in shown["records"]},
                         {("writer Test Writer", "event")})
        middle = shown["records"][3]["t"]
        out = self.vssemu("trace", "show", "--json", "--from", f"{middle}ns", trace)[1]
        self.assertGreaterEqual(min(r["t"] for r in json.loads(out)["records"]), middle)
        out = self.vssemu("trace", "show", "--json", "--to", f"{middle}ns", trace)[1]
        self.assertLessEqual(max(r["t"] for r in json.loads(out)["records"]), middle)

    def test_lanes_show_who_was_frozen_and_held(self):
        code, out, err = self.vssemu("trace", "show", "--lanes", "--ascii", self.record("run"))
        self.assertEqual(code, 0, err)
        head, *rows = out.splitlines()
        lane = head.index("writer Test Writer")
        cells = [row[lane:].split("  ")[0].strip() for row in rows]
        freeze, thaw = cells.index("Freeze"), cells.index("Thaw")
        between = cells[freeze + 1:thaw]
        self.assertIn("#", between)
        self.assertLessEqual(set(between), {"#", "event received"})
        self.assertNotIn("#", cells[:freeze] + cells[thaw:])

    def test_diff_says_the_first_difference_and_answers_1(self):
        good = self.record("good")
        bad = self.record("bad", '<FailEvent writerEvent="Freeze" retryable="no"/>')
        code, out, err = self.vssemu("trace", "diff", "--kind", "event,call", good, bad)
        self.assertEqual((code, err), (1, ""))
        self.assertIn("the result differs: good.jsonl, line ", out)
        self.assertRegex(out, r"\n  - +\d+\.\d+ writer Test Writer +Freeze .* S_OK\n")
        self.assertRegex(out, r"\n  \+ +\d+\.\d+ writer Test Writer +Freeze .*FAILED_AT_FREEZE")
        code, out, err = self.vssemu("trace", "diff", "--json", good, bad)
        self.assertEqual((code, json.loads(out)["same"]), (1, False))
        code, out, err = self.vssemu("trace", "diff", "--who", "VSS", "--kind", "event", good, bad)
        self.assertIn("the runs end otherwise", out)

    def test_diff_of_two_runs_of_one_seed_finds_nothing(self):
        first, second = self.record("first"), self.record("second")
        code, out, err = self.vssemu("trace", "diff", first, second)
        self.assertEqual(code, 0, out + err)
        self.assertRegex(out, r"^the same, \d+ records\n$")

    def test_stats_count_and_add_up(self):
        trace = self.record("run", '<FailEvent writerEvent="Freeze" retryable="no"/>')
        code, out, err = self.vssemu("trace", "stats", "--json", trace)
        self.assertEqual(code, 0, err)
        stats = json.loads(out)
        lines = self.trace(trace)
        self.assertEqual(sum(stats["kinds"].values()), len(lines) - 2)
        self.assertEqual(stats["failures"], [{"count": 1, "name": "writer Test Writer",
                                              "result": "VSS_E_WRITERERROR_NONRETRYABLE"}])
        rows = {(r["who"], r["what"]): r for r in stats["handlers"]}
        self.assertEqual(rows["writer Test Writer", "Freeze"]["count"], 1)
        self.assertIn("freeze", [r["what"] for r in stats["phases"]])
        code, out, err = self.vssemu("trace", "stats", trace)
        self.assertIn("writers that failed\n", out)

    def test_a_damaged_trace_is_refused_at_its_line(self):
        lines = (self.dir / self.record("run")).read_text().splitlines(keepends=True)
        damaged = {
            "cut": (lines[:-1], f"cut.jsonl:{len(lines)}: the trace ends without its verdict"),
            "missing": (lines[:4] + lines[5:], "missing.jsonl:5: record 4 is missing"),
            "moved": (lines[:4] + [lines[5], lines[4]] + lines[6:], "moved.jsonl:5: "),
            "broken": (lines[:4] + ['{"n":4,\n'] + lines[5:], "broken.jsonl:5: no JSON"),
            "headless": (lines[1:], "headless.jsonl:1: the header is missing"),
        }
        for name, (text, words) in damaged.items():
            self.write(f"{name}.jsonl", "".join(text))
            for arguments in (["show", f"{name}.jsonl"], ["stats", f"{name}.jsonl"],
                              ["diff", "run.jsonl", f"{name}.jsonl"]):
                code, out, err = self.vssemu("trace", *arguments)
                self.assertEqual((code, out), (BAD_USAGE, ""))
                self.assertIn(words, err)
        whole = "".join(lines)
        for line, part in ((1, '"seed":7'), (5, '"result":"S_OK"'), (len(lines), '"exit":0')):
            before = "".join(lines[:line - 1])
            rest = whole[len(before):]
            at = rest.index(part) + len(part) - 2
            number = line + rest[:at].count("\n")
            self.write("edited.jsonl", before + rest[:at] + "9" + rest[at + 1:])
            code, out, err = self.vssemu("trace", "show", "edited.jsonl")
            self.assertEqual((code, out), (BAD_USAGE, ""))
            self.assertIn(f"edited.jsonl:{number}: ", err)
        self.write("edited.jsonl", whole.replace('"detail":"Documents"', '"detail":"documents"'))
        code, out, err = self.vssemu("trace", "stats", "edited.jsonl")
        self.assertEqual((code, out), (BAD_USAGE, ""))
        self.assertRegex(err, "edited.jsonl:[0-9]+: the line is not what was written here: its "
                              "check does not fit .--edited reads it all the same")
        for arguments in (["show", "edited.jsonl"], ["stats", "edited.jsonl"],
                          ["diff", "run.jsonl", "edited.jsonl"]):
            code, out, err = self.vssemu("trace", arguments[0], "--edited", *arguments[1:])
            self.assertEqual((code, err), (1 if arguments[0] == "diff" else 0, ""))
        self.assertIn("the details differs", out)
        code, out, err = self.vssemu("trace", "show", "--part", "cut.jsonl")
        self.assertEqual((code, err), (0, ""))

    def test_bad_command_lines_are_refused_with_words(self):
        for arguments, words in ((["look", "x"], "trace show, trace diff or trace stats?"),
                                 (["show"], "trace show takes one file"),
                                 (["diff", "a"], "trace diff takes two files"),
                                 (["show", "--kind", "odd", "a"], "--kind takes call, event"),
                                 (["show", "--from", "soon", "a"], "--from takes a time"),
                                 (["show", "nowhere"], "nowhere: No such file")):
            code, out, err = self.vssemu("trace", *arguments)
            self.assertEqual((code, out), (BAD_USAGE, ""))
            self.assertIn(words, err)


if __name__ == "__main__":
    main()
