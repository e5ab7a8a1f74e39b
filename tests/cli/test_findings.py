# SPDX-License-Identifier: MIT
"""What a run tells of broken rules and of the Application log: --strict, --strict-api, --findings,
--eventlog, --eventlog-file, and the summary without any of them. And that the examples, betest and the demo
break no rule of level must, and of level should only those that are listed here with the reason."""
import json
import os
import pathlib
import pty
import sqlite3
import subprocess

from support import VSSEMU, CliTest, main

BIN = pathlib.Path(VSSEMU).resolve().parent
CARELESS = BIN.parent / "tests" / "careless-requester"
BROKEN_RULE = 119
HEAD = "vssemu: rules of the documentation that were broken: "
MUST, SHOULD = "status-after-prepare", "com-security-missing"
WRITER = """<TestWriter usage="USER_DATA" verbosity="low" supportsIncremental="yes" supportsCopy="yes">
  <RestoreMethod method="RESTORE_IF_CAN_BE_REPLACED" writerRestore="always" rebootRequired="no"/>
  <Component componentType="filegroup" componentName="Documents" selectable="yes">
    <ComponentFile path="C:\\docs" filespec="*" recursive="yes"/>
  </Component>
</TestWriter>
"""


class FindingsTest(CliTest):
    def setUp(self):
        super().setUp()
        (self.volume / "docs").mkdir()
        (self.volume / "docs" / "a.txt").write_text("one")
        self.writer = self.write("app.xml", WRITER)

    def run_program(self, *command, options=(), with_writer=True):
        writer = ["--writer", self.writer] if with_writer else []
        return self.vssemu("run", "--clock", "virtual", "--volume", f"C:={self.volume}", *writer,
                           *options, "--", *command)

    def json(self, name):
        return json.loads((self.dir / name).read_text())


class Options(FindingsTest):
    def test_without_options_a_broken_must_is_told_and_nothing_else_changes(self):
        code, out, err = self.run_program(CARELESS)
        self.assertEqual((code, out), (0, "DoSnapshotSet 0x0004230a\n"))
        lines = err.splitlines()
        self.assertEqual(lines[0], HEAD + "1 must, 1 should (docs/findings.md)")
        self.assertTrue(lines[1].startswith(f"vssemu:   must {MUST}: the requester "), lines[1])
        self.assertTrue(lines[1].endswith("[DoSnapshotSet]"), lines[1])
        self.assertIn("--findings FILE", lines[2])
        self.assertEqual(len(lines), 3)
        self.assertNotIn("\033", err)

    def test_colours_are_for_terminals(self):
        ours, programs = pty.openpty()
        self.addCleanup(os.close, ours)
        subprocess.run([VSSEMU, "run", "--clock", "virtual", "--volume", f"C:={self.volume}", "--writer",
                        self.writer, "--", CARELESS], stdin=subprocess.DEVNULL,
                       stdout=subprocess.DEVNULL, stderr=programs, check=True,
                       env={**{k: v for k, v in os.environ.items() if k != "NO_COLOR"}, "TERM": "xterm"})
        os.close(programs)
        self.assertIn(f"\033[31mmust\033[0m {MUST}", os.read(ours, 4096).decode())

    def test_without_a_broken_must_nothing_is_told(self):
        code, _, err = self.run_program("betest", "/Snapshot", "/P")
        self.assertEqual((code, HEAD in err), (0, False), err)

    def test_strict_tells_all_and_fails_the_run(self):
        code, _, err = self.run_program(CARELESS, options=["--strict"])
        self.assertEqual(code, BROKEN_RULE)
        self.assertIn(f"must {MUST}: ", err)
        self.assertIn(f"should {SHOULD}: ", err)

    def test_strict_keeps_the_code_of_a_program_that_failed(self):
        code, _, err = self.run_program(CARELESS, "7", options=["--strict"])
        self.assertEqual(code, 7)
        self.assertIn(f"must {MUST}: ", err)

    def test_strict_lets_a_should_pass(self):
        code, _, err = self.run_program("betest", "/Snapshot", "/P", options=["--strict"])
        self.assertEqual(code, 0)
        self.assertIn("should snapshot-left-behind: ", err)

    def test_strict_api_is_the_documented_error(self):
        code, out, err = self.run_program(CARELESS, options=["--strict-api", "--trace", "run.jsonl"])
        self.assertEqual((code, out), (0, "DoSnapshotSet 0x80042301\n"))
        self.assertIn(f"must {MUST}: ", err)
        found = [r for r in self.trace() if r.get("kind") == "finding" and r["what"] == MUST]
        self.assertEqual([r["result"] for r in found], ["VSS_E_BAD_STATE"])

    def test_both(self):
        code, _, _ = self.run_program(CARELESS, options=["--strict", "--strict-api"])
        self.assertEqual(code, BROKEN_RULE)

    def test_findings_are_kept_as_json(self):
        code, _, _ = self.run_program(CARELESS, options=["--findings", "found.json"])
        self.assertEqual(code, 0)
        document = self.json("found.json")
        self.assertEqual(document["vssemu_findings"], 1)
        found = {f["rule"]: f for f in document["findings"]}
        self.assertEqual(set(found), {MUST, SHOULD})
        must = found[MUST]
        self.assertIsInstance(must.pop("time_ns"), int)
        self.assertEqual(must, {"rule": MUST, "level": "must", "who": "requester",
                                "call": "DoSnapshotSet", "object": "", "count": 1,
                                "page": "Determining Writer Status"})
        self.assertEqual(found[SHOULD]["level"], "should")

    def test_a_correct_program_leaves_an_empty_list(self):
        code, _, err = self.run_program("betest", "/Snapshot", options=["--findings", "found.json"])
        self.assertEqual(code, 0, err)
        self.assertEqual(self.json("found.json"), {"vssemu_findings": 1, "findings": []})

    def test_a_file_that_cannot_be_written(self):
        for option in ("--findings", "--eventlog-file"):
            code, _, err = self.run_program(CARELESS, options=[option, "nowhere/found.json"])
            self.assertEqual(code, 121)
            self.assertIn("nowhere/found.json", err)

    def test_the_log_is_shown_as_windows_copies_it(self):
        code, _, err = self.run_program(CARELESS, options=["--eventlog"])
        self.assertEqual(code, 0)
        self.assertIn("Log Name:      Application\nSource:        VSS\n", err)
        self.assertIn("Event ID:      8194\nLevel:         Error\nDescription:\n", err)
        self.assertLess(err.index("Event ID:      8194"), err.index(HEAD))

    def test_the_log_is_not_shown_without_the_option(self):
        _, _, err = self.run_program(CARELESS)
        self.assertNotIn("Event ID", err)

    def test_the_log_is_kept_as_json(self):
        code, _, err = self.run_program(CARELESS, options=["--eventlog-file", "log.json"])
        self.assertEqual(code, 0)
        self.assertNotIn("Event ID", err)
        document = self.json("log.json")
        self.assertEqual(document["vssemu_eventlog"], 1)
        denied = [e for e in document["entries"] if e["id"] == 8194]
        self.assertEqual(len(denied), 1)
        self.assertEqual(set(denied[0]), {"source", "id", "level", "time_ns", "result", "text"})
        self.assertEqual((denied[0]["source"], denied[0]["level"]), ("VSS", "Error"))


class OurPrograms(FindingsTest):
    """Each run is strict; `expected` are the rules of level should that it may break."""

    def expect(self, expected, *command, **more):
        code, out, err = self.run_program(*command, options=["--strict", "--findings", "found.json"],
                                          **more)
        self.assertEqual(code, 0, out + err)
        found = {(f["level"], f["rule"]) for f in self.json("found.json")["findings"]}
        self.assertEqual(found, {("should", rule) for rule in expected}, err)

    def test_the_example_requester(self):
        self.expect([], BIN / "example-requester", "backup")
        self.expect([], BIN / "example-requester", "restore")

    def test_the_example_writer(self):
        self.expect([], BIN / "example-writer", with_writer=False)

    def test_the_sqlite_writer(self):
        path = self.volume / "shop.db"
        database = sqlite3.connect(path)
        database.execute("create table t(a)")
        database.commit()
        database.close()
        self.expect([], BIN / "example-sqlite-writer", "C:\\shop.db", path, with_writer=False)

    def test_betest(self):
        self.expect([], "betest", "/B", "/S", "full.xml", "/D", "full")
        (self.volume / "docs" / "b.txt").write_text("two")
        self.expect([], "betest", "/B", "/T", "INCREMENTAL", "/Pre", "full.xml", "/S", "inc.xml",
                    "/D", "inc")
        self.expect([], "betest", "/R", "/S", "inc.xml", "/D", "inc", "/Pre", "full.xml")
        self.expect([], "betest", "/R", "/S", "full.xml", "/D", "full")
        self.expect([], "betest", "/Snapshot")
        self.expect([], "betest", "/BC", "/S", "full.xml")

    def test_betest_leaves_what_it_is_told_to_leave(self):
        # /P makes snapshots that stay; nobody deletes them here.
        self.expect(["snapshot-left-behind"], "betest", "/Snapshot", "/P")

    def test_writers_of_another_machine_are_nobodys_fault(self):
        """Windows' own writers name no restore method, or no component: no program here wrote them."""
        code, out, err = self.vssemu("run", "--clock", "virtual", "--strict", "--simulate", "windows", "--",
                                     "betest", "/Snapshot")
        self.assertEqual(code, 0, out + err)
        self.assertNotIn("restore-method-missing", err)

    def test_the_demo(self):
        code, out, err = self.vssemu("demo", "--no-mount", "--dir", self.dir)
        self.assertEqual(code, 0, out + err)
        self.assertNotIn(HEAD, err)
        found = {r["what"] for r in self.trace("demo.trace.jsonl") if r.get("kind") == "finding"}
        # It counts the writers that have come up, as VSHADOW lists them: status before any event.
        self.assertEqual(found, {"status-before-events"})


if __name__ == "__main__":
    main()
