#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""vssemu test and vssemu run --world: what is reported and how, exit codes, and that one scenario
that crashes loses no other."""
import os
import pathlib
import unittest
import xml.etree.ElementTree

from support import BAD_USAGE, CliTest

BETEST = pathlib.Path(os.environ["VSSEMU"]).parent / "betest"

EXAMPLE = BETEST.parent / "example-writer"

GOOD = """
volumes: {C: {files: {'docs\\a.txt': hello}}}
writers: [Sql]
steps: backup
expect:
  status: {Sql: STABLE S_OK}
  findings: none
  files: {'C:\\docs\\a.txt': hello}
"""
BAD = """
about: never true
volumes: [C]
writers: [Sql]
steps: backup
expect:
  status: {Sql: FAILED_AT_FREEZE VSS_E_WRITERERROR_TIMEOUT}
"""


class ScenarioTest(CliTest):
    def test_all_as_expected_is_one_line_and_zero(self):
        self.write("a.yaml", GOOD)
        code, out, err = self.vssemu("test", ".")
        self.assertEqual((code, err), (0, ""))
        self.assertIn("1 scenarios: 1 passed, 0 failed, 0 not run", out)

    def test_a_failure_is_told_with_a_difference_a_timeline_and_how_to_repeat_it(self):
        self.write("a.yaml", GOOD)
        self.write("bad.yaml", BAD)
        code, out, _ = self.vssemu("test", "--jobs", "2", ".")
        self.assertEqual(code, 1)
        self.assertIn("line 7: status of Sql\n"
                      "      - expected FAILED_AT_FREEZE, VSS_E_WRITERERROR_TIMEOUT\n"
                      "      + got      STABLE, S_OK\n", out)
        self.assertRegex(out, r"\n +[0-9.]+ writer Sql +Freeze ")
        self.assertIn("repeat: vssemu run --world ./bad.yaml --verbose", out)
        self.assertIn("2 scenarios: 1 passed, 1 failed", out)

    def test_a_command_checks_the_files_of_the_snapshot(self):
        for name, check in (("good", "grep -qx hello {}/C/docs/a.txt"),
                            ("other", "grep -qx 'another' \"$VSSEMU_CHECK_DIR\"/C/docs/a.txt"),
                            ("ended", "kill -9 $$")):
            self.write(f"{name}.yaml", GOOD + f"  check: |\n    test -d {{}}/C\n    {check}\n")
        self.write("none.yaml", GOOD.replace("steps: backup", "steps: begin").replace(
            "  status: {Sql: STABLE S_OK}\n", "") + "  check: 'true'\n")
        for name, check in (("program", "test -e {}/C/docs"), ("no-program", "'! test -e {}/C/docs'")):
            self.write(f"{name}.yaml", "volumes: {C: {files: {'docs\\a.txt': hello}}}\n"
                       f"program: {EXAMPLE}\nexpect:\n  check: {check}\n")
        temporary = self.dir / "temporary"
        temporary.mkdir()
        code, out, err = self.vssemu("test", "--verbose", ".",
                                     env={**os.environ, "TMPDIR": str(temporary)})
        self.assertEqual(code, 1, out + err)
        for name in "good", "program":
            self.assertRegex(out, f"(?m)^ok +{name}\\b")
        self.assertIn("snapshot or restore 1 does not pass the check: grep -qx 'another' "
                      "\"$VSSEMU_CHECK_DIR\"/C/docs/a.txt ended with 1", out)
        self.assertIn("""--check 'test -d {}/C' --check 'grep -qx '\\''another'\\'' "$VSSEMU""", out)
        self.assertIn("kill -9 $$ ended with 137", out)
        self.assertIn("check: no set with all volumes of the world was made, and nothing was restored", out)
        self.assertIn("the exit code is 117: a check was not passed", out)
        self.assertIn("! test -e {}/C/docs ended with 1", out)
        self.assertIn("6 scenarios: 2 passed, 4 failed", out)
        self.assertEqual(os.listdir(temporary), [])

    def test_a_step_that_does_not_end_as_it_should_is_named_with_its_line(self):
        self.write("a.yaml", "volumes: [C]\nsteps: |\n  begin\n  DoSnapshotSet\n")
        code, out, _ = self.vssemu("test", ".")
        self.assertEqual(code, 1)
        self.assertIn("line 4: DoSnapshotSet gave VSS_E_BAD_STATE; expected success", out)

    def test_a_fault_that_does_not_happen_fails_the_scenario(self):
        self.write("a.yaml", "volumes: [C]\nwriters: [Sql]\nsteps: backup\n"
                   "faults: writer=Sql event=Freeze nth=7 do=veto\n")
        code, out, _ = self.vssemu("test", ".")
        self.assertEqual(code, 1)
        self.assertIn("a planned fault did not happen: writer=Sql event=Freeze nth=7 do=veto", out)
        self.write("a.yaml", "volumes: [C]\nwriters: [Sql]\nsteps: backup\n"
                   "faults: writer=Sql event=Freeze nth=7 do=veto\nexpect: {unfired: 'writer=*'}\n")
        self.assertEqual(self.vssemu("test", ".")[0], 0)

    def test_a_file_that_makes_no_sense_is_told_and_the_others_run(self):
        self.write("a.yaml", GOOD)
        self.write("b.yaml", "volums: [C]\n")
        code, out, _ = self.vssemu("test", ".")
        self.assertEqual(code, BAD_USAGE)
        self.assertIn("b.yaml:1:1: a world file has no key volums; did you mean volumes?", out)
        self.assertIn("1 passed, 0 failed, 1 not run", out)

    def test_a_recorded_trace_is_judged_by_the_same_expectations(self):
        self.write("a.yaml", GOOD)
        self.write("bad.yaml", BAD)
        self.vssemu("run", "--world", "a.yaml", "--trace", "t.jsonl")
        self.assertEqual(self.vssemu("test", "--recorded", "t.jsonl", "a.yaml")[0], 0)
        code, out, _ = self.vssemu("test", "--recorded", "t.jsonl", "bad.yaml")
        self.assertEqual(code, 1)
        self.assertIn("+ got      STABLE, S_OK", out)
        self.assertEqual(self.vssemu("test", "--recorded", "a.yaml", "a.yaml")[0], BAD_USAGE)
        self.assertEqual(self.vssemu("test", "--recorded", "t.jsonl", ".")[0], BAD_USAGE)
        text = (self.dir / "t.jsonl").read_text()
        self.write("t.jsonl", text.replace('"what":"Freeze"', '"what":"Thaw"'))
        code, out, _ = self.vssemu("test", "--recorded", "t.jsonl", "a.yaml")
        self.assertEqual(code, BAD_USAGE)
        self.assertRegex(out, "t.jsonl:[0-9]+: the line is not what was written here")

    def test_strict_fails_for_a_broken_rule(self):
        text = "volumes: [C]\nwriters: [Sql]\nsteps: |\n  begin\n  snapshot\n  Release\n"
        self.write("a.yaml", text)
        self.assertEqual(self.vssemu("test", ".")[0], 0)
        self.write("a.yaml", text + "strict: yes\n")
        code, out, _ = self.vssemu("test", ".")
        self.assertEqual(code, 1)
        self.assertIn("strict: backup-complete-missing was broken", out)

    def test_findings_are_compared_by_name(self):
        text = "volumes: [C]\nwriters: [Sql]\nsteps: |\n  begin\n  snapshot\n  Release\nexpect:\n"
        self.write("a.yaml", text + "  findings: [backup-complete-missing]\n")
        code, out, _ = self.vssemu("test", ".")
        self.assertEqual(code, 0, out)
        self.write("a.yaml", text + "  findings: [status-not-freed]\n")
        code, out, _ = self.vssemu("test", ".")
        self.assertEqual(code, 1)
        self.assertIn("- expected status-not-freed", out)
        self.assertIn("+ got      backup-complete-missing", out)

    def test_tap(self):
        self.write("a.yaml", GOOD)
        self.write("bad.yaml", BAD)
        code, out, _ = self.vssemu("test", "--tap", ".")
        lines = out.splitlines()
        self.assertEqual(lines[:3], ["TAP version 13", "1..2", "ok 1 - a"])
        self.assertEqual(lines[3], "not ok 2 - bad")
        self.assertTrue(all(line.startswith("# ") for line in lines[4:]))

    def test_junit(self):
        self.write("a.yaml", GOOD)
        self.write("bad.yaml", BAD)
        self.vssemu("test", "--junit", "out.xml", ".")
        suite = xml.etree.ElementTree.parse(self.dir / "out.xml").getroot()
        self.assertEqual((suite.get("tests"), suite.get("failures"), suite.get("errors")),
                         ("2", "1", "0"))
        self.assertIn("expected", suite.find("testcase/failure").text)

    def test_a_junit_report_that_cannot_be_written_is_told(self):
        self.write("a.yaml", GOOD)
        code, _, err = self.vssemu("test", "--junit", "/dev/full", "a.yaml")
        self.assertEqual(code, 120)
        self.assertIn("--junit /dev/full cannot be written: No space left on device", err)

    def test_annotations_for_github(self):
        self.write("bad.yaml", BAD)
        _, out, _ = self.vssemu("test", "--github", ".")
        self.assertIn("::error file=./bad.yaml,line=7::bad: line 7: status of Sql", out)

    def test_annotations_name_the_line_of_a_mistake(self):
        self.write("bad.yaml", "name: x\nvolums: [C]\n")
        _, out, _ = self.vssemu("test", "--github", ".")
        self.assertIn("::error file=./bad.yaml,line=2::bad: ./bad.yaml:2:1: a world file", out)

    def test_no_trace_is_named_that_is_gone(self):
        self.write("a.yaml", "volumes: [C]\nprogram: [sh, '-c', 'kill -9 $$']\n")
        code, out, _ = self.vssemu("test", ".")
        self.assertEqual(code, 1)
        self.assertIn("was ended by SIGKILL", out)
        self.assertNotIn("vssemu-test-", out)

    def test_filter_takes_names_and_paths(self):
        self.write("a.yaml", "name: First\n" + GOOD)
        self.write("b.yaml", GOOD)
        self.assertIn("1 scenarios: 1 passed", self.vssemu("test", "--filter", "fir*", ".")[1])
        self.assertIn("1 scenarios: 1 passed", self.vssemu("test", "--filter", "*/b.yaml", ".")[1])
        self.assertEqual(self.vssemu("test", "--filter", "none", ".")[0], BAD_USAGE)

    def test_a_program_is_judged_by_its_trace_and_its_exit_code(self):
        self.write("a.yaml", "volumes: [C]\nwriters: [Sql]\n"
                   f"program: {BETEST} /B\n"
                   "faults: writer=Sql event=Freeze do=fail code=VSS_E_WRITERERROR_RETRYABLE\n"
                   "expect:\n  exit: 3\n  results: {DoSnapshotSet: S_OK}\n"
                   "  events: {Sql: [Identify, PrepareForBackup, PrepareForSnapshot, Freeze!, Abort, "
                   "BackupShutdown]}\n")
        code, out, _ = self.vssemu("test", ".")
        self.assertEqual(code, 0, out)
        self.write("a.yaml", f"volumes: [C]\nprogram: {BETEST} /B\nexpect: {{exit: 9}}\n")
        code, out, _ = self.vssemu("test", ".")
        self.assertEqual(code, 1)
        self.assertIn("- expected 9", out)

    def test_steps_are_the_requester_of_a_writer_program(self):
        self.write("a.yaml", f"""
volumes: [C]
program: {EXAMPLE}
faults: writer="Example Writer" event=Freeze do=delay for=70s
steps: |
  begin
  snapshot
  Status "Example Writer" FAILED_AT_FREEZE VSS_E_WRITERERROR_TIMEOUT
  Release
expect:
  status: {{Example Writer: FAILED_AT_FREEZE VSS_E_WRITERERROR_TIMEOUT}}
  log: [VSS 8229 VSS_E_WRITERERROR_TIMEOUT]
""")
        code, out, _ = self.vssemu("test", ".")
        self.assertEqual(code, 0, out)
        self.write("a.yaml", f"volumes: [C]\nprogram: {EXAMPLE}\nsteps: |\n  begin\n"
                   "  DoSnapshotSet\n")
        code, out, _ = self.vssemu("test", ".")
        self.assertEqual(code, 1)
        self.assertIn("line 5: DoSnapshotSet gave VSS_E_BAD_STATE; expected success", out)

    def test_a_program_that_is_not_there_is_no_failure_of_a_program(self):
        self.write("a.yaml", "program: ./missing\nexpect: {exit: 0}\n")
        code, out, _ = self.vssemu("test", ".")
        self.assertEqual(code, BAD_USAGE)
        self.assertIn("missing cannot be started", out)

    def test_a_program_that_crashes_fails_alone(self):
        self.write("crash.yaml", "program: ['/bin/sh', '-c', 'kill -SEGV $$']\n")
        self.write("good.yaml", GOOD)
        code, out, _ = self.vssemu("test", "--jobs", "1", ".")
        self.assertEqual(code, 1)
        self.assertIn("the exit code is 139", out)
        self.assertIn("1 passed, 1 failed", out)

    def test_two_runs_of_the_tests_say_the_same(self):
        self.write("bad.yaml", BAD)
        first, second = (self.vssemu("test", "--tap", ".")[1] for _ in range(2))
        self.assertEqual(first, second)


class WorldTest(CliTest):
    def test_a_program_runs_in_the_world_of_the_file(self):
        self.write("w.yaml", GOOD)
        code, _, err = self.vssemu("run", "--world", "w.yaml", "--", BETEST, "/B")
        self.assertEqual(code, 0)
        self.assertIn('component "data" of \'Sql\'', err + _)

    def test_without_a_program_the_steps_are_played(self):
        self.write("w.yaml", GOOD)
        code, _, err = self.vssemu("run", "--world", "w.yaml", "--verbose")
        self.assertEqual(code, 0)
        self.assertRegex(err, r"writer Sql +Freeze ")

    def test_options_add_to_the_file_and_override_it(self):
        self.write("w.yaml", "seed: 5\nvolumes: [C]\nwriters: [Sql]\nsteps: backup\n")
        self.vssemu("run", "--world", "w.yaml", "--trace", "a.jsonl")
        self.vssemu("run", "--world", "w.yaml", "--seed", "6", "--trace", "b.jsonl",
                    "--simulate", "registry")
        first, second = ((self.dir / name).read_text() for name in ("a.jsonl", "b.jsonl"))
        self.assertIn('"seed":5', first)
        self.assertIn('"seed":6', second)
        self.assertNotIn("Registry Writer", first)
        self.assertIn("Registry Writer", second)

    def test_a_directory_of_the_file_is_a_volume(self):
        (self.volume / "a.txt").write_text("hello")
        self.write("w.yaml", "volumes: {C: ./volume}\nsteps: |\n  Read C:\\a.txt hello\n")
        self.assertEqual(self.vssemu("run", "--world", "w.yaml")[0], 0)

    def test_mistakes_are_told_before_anything_starts(self):
        self.write("w.yaml", "steps: [Snapshots]\n")
        code, _, err = self.vssemu("run", "--world", "w.yaml")
        self.assertEqual(code, BAD_USAGE)
        self.assertIn("w.yaml:1:9: there is no step Snapshots; did you mean snapshot?", err)


if __name__ == "__main__":
    unittest.main()
