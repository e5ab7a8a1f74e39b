#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Snapshots that are there before the program (--snapshot), and a program that queries, deletes,
exposes, breaks and reverts to them (tests/compat/administration.cpp)."""
import pathlib
import re
import tempfile
import unittest

from support import BAD_USAGE, NO_WORLD, CliTest, VSSEMU, main, needs_mount

PROGRAM = str(pathlib.Path(VSSEMU).parent.parent / "tests" / "compat_administration")
OLD = ["--snapshot", "C:,label=old,then=later"]
NEW = ["--snapshot", "C:,D:,context=app_rollback,label=new"]
WRITER = """<TestWriter usage="USER_DATA">
  <RestoreMethod method="RESTORE_IF_CAN_BE_REPLACED" writerRestore="always" rebootRequired="no"/>
  <Component componentType="filegroup" componentName="Documents" selectable="yes">
    <ComponentFile path="C:\\" filespec="*"/>
  </Component>%s
</TestWriter>
"""


class EarlierSnapshotsTest(CliTest):
    def setUp(self):
        super().setUp()
        for directory in ("volume", "other", "later", "later/below"):
            (self.dir / directory).mkdir(exist_ok=True)
        self.write("volume/a.txt", "first")
        self.write("later/a.txt", "second")
        self.write("later/below/b.txt", "new")

    def run_in(self, options, *arguments, clock="virtual"):
        return self.vssemu("run", "--clock", clock, "--seed", "3", "--volume", "C:=volume",
                           "--volume", "D:=other", *options, "--", PROGRAM, *arguments)

    def administer(self, *arguments, options=(), clock="virtual"):
        code, out, err = self.run_in([*options, *OLD, *NEW], *arguments, clock=clock)
        self.assertEqual(code, 0, out + err)
        return out

    def test_each_set_is_listed_with_its_own_files(self):
        out = self.administer("list")
        self.assertEqual(len(re.findall(r"1 in set, attributes 0x0002001d, state 12", out)), 1)
        self.assertEqual(len(re.findall(r"2 in set, attributes 0x00420009, state 12", out)), 2)
        self.assertEqual(re.findall(r"a.txt: (\w+)", out), ["first", "second"])
        self.assertEqual((self.dir / "volume/below/b.txt").read_text(), "new")
        self.assertTrue(out.endswith("3 snapshots\n"))

    def test_a_run_repeats_its_ids_and_another_seed_has_others(self):
        def ids(seed):
            with tempfile.TemporaryDirectory() as fresh:  # on one volume ids never repeat
                return self.vssemu("run", "--clock", "virtual", "--seed", seed, "--volume",
                                   f"C:={fresh}", "--snapshot", "C:", "--", PROGRAM,
                                   "list")[1][:38]
        self.assertRegex(ids(1), r"^\{[0-9A-F-]{36}\}$")
        self.assertEqual(ids(1), ids(1))
        self.assertNotEqual(ids(1), ids(2))

    def test_arguments_name_sets_and_snapshots(self):
        out = self.administer("line", "{new}", "x={old.C},{new.d}", "{other} {0123}")
        self.assertRegex(out, r"line (\{[0-9a-f-]{36}\}) x=(\{[0-9a-f-]{36}\}),(\{[0-9a-f-]{36}\}) "
                              r'"\{other\} \{0123\}"')
        self.assertEqual(len(set(re.findall(r"\{[0-9a-f-]{36}\}", out))), 3)

    def test_arguments_name_devices(self):
        out = self.administer("line", "{old.C.device}\\a.txt", "{new.d.device}", "{old.device}",
                              "{old.C.devices}")
        device = r"\\\\\?\\GLOBALROOT\\Device\\HarddiskVolumeShadowCopy"
        self.assertRegex(out, r"line " + device + r"1\\a.txt " + device + r"[23] \{old.device\} "
                              r"\{old.C.devices\}")

    def test_none_is_found_with_either_answer_of_query(self):
        for choice in ("S_OK", "S_FALSE"):
            code, out, _ = self.run_in(["--choice", "query_without_match=" + choice], "list")
            self.assertEqual((code, out), (0, "0 snapshots\n"))

    def test_one_and_the_snapshots_of_a_set(self):
        self.assertRegex(self.administer("one", "{old.C}"), r"^\{.* 1 in set")
        self.assertTrue(self.administer("list", "{new}").endswith("2 snapshots\n"))

    def test_delete_one_a_set_and_the_oldest(self):
        self.assertIn("1 deleted", self.administer("delete", "{old.C}"))
        out = self.administer("delete-set", "{new}")
        self.assertIn("2 deleted", out)
        self.assertTrue(out.endswith("1 snapshots\n"))
        out = self.administer("delete-oldest", "C:\\")
        self.assertNotIn("first", out)
        self.assertTrue(out.endswith("2 snapshots\n"))

    def test_expose_as_drive_folder_and_share(self):
        (self.dir / "volume/mnt").mkdir()
        out = self.administer("expose", "{new.C}", "X:\\")
        self.assertIn("exposed as X:\\\n  a.txt: second", out)
        self.assertIn("exposed as C:\\mnt\\\n  a.txt: second",
                      self.administer("expose", "{new.C}", "C:\\mnt\\"))
        self.assertIn("exposed as share\n", self.administer("expose", "{new.C}", "share"))
        # Client-accessible ones are never exposed.
        code, out, _ = self.run_in([*OLD], "expose", "{old.C}", "X:\\")
        self.assertEqual((code, out.splitlines()[-1]), (2, "failed: 0x80070057"))

    def test_break_is_refused_by_the_system_provider_and_revert_brings_files_back(self):
        self.assertIn("reverted: 0x0004230a\n  a.txt: first", self.administer("revert", "{old.C}"))
        self.assertEqual((self.dir / "volume/a.txt").read_text(), "first")
        code, out, _ = self.run_in([*OLD, *NEW], "break", "{new}")
        self.assertEqual((code, out.splitlines()[-1]), (2, "failed: 0x80042306"))

    def test_the_same_on_the_real_clock(self):
        self.assertTrue(self.administer("list", clock="real").endswith("3 snapshots\n"))

    @needs_mount
    def test_the_same_on_mounted_volumes(self):
        out = self.administer("list", options=["--mount"], clock="real")
        self.assertEqual(re.findall(r"a.txt: (\w+)", out), ["first", "second"])
        self.assertTrue(out.endswith("3 snapshots\n"))

    def test_writers_take_part_when_asked(self):
        self.write("app.xml", WRITER % "")
        self.run_in(["--writer", "app.xml", "--trace", "run.jsonl", "--snapshot",
                     "C:,context=nas_rollback,writers", "--snapshot", "C:"], "list")
        events = [line.get("what") for line in self.trace() if line.get("kind") == "event" and
                  "Test Writer" in line.get("who", "")]
        self.assertEqual(events.count("Freeze"), 1)
        self.assertEqual(events.count("BackupShutdown"), 1)
        self.assertTrue(any(line.get("kind") == "note" and "VSS_CTX_APP_ROLLBACK" in
                            line.get("detail", "") for line in self.trace()))

    def test_a_writer_that_vetoes_the_set_ends_the_run_before_the_program(self):
        self.write("app.xml", WRITER % '<FailEvent writerEvent="Freeze" retryable="no"/>')
        code, out, err = self.run_in(["--writer", "app.xml", "--choice", "writer_veto=fail-set",
                                      "--snapshot", "C:,writers"], "list")
        self.assertEqual((code, out), (NO_WORLD, ""))
        self.assertIn("no snapshot has been made", err)

    def test_they_are_nobodys_leftovers(self):
        code, _, err = self.run_in(["--strict", *NEW], "list")
        self.assertEqual(code, 0)
        self.assertNotIn("snapshot-left", err)

    def test_what_makes_no_sense_is_told_before_anything_starts(self):
        for value, words in {
                "context=nas_rollback": ["names no volume"],
                "C:,context=backup": ["backup is no context", "app_rollback"],
                "C:,C:": ["stands there twice"],
                "C:,label=1": ["one word"],
                "C:,then=none": ["no directory", "No such file"],
                "C:,then=volume/a.txt": ["no directory", "Not a directory"],
                "C:,D:,then=later": ["onto which volume"],
                "C:,then=E:=later": ["there is no volume E:"],
                "E:": ["there is no volume E:"],
                "C:,oops": ["'oops'", "label=NAME"]}.items():
            self.assert_refused(BAD_USAGE, ["--snapshot", *words], "--volume", "C:=volume",
                                "--volume", "D:=other", "--snapshot", value)
        self.assert_refused(BAD_USAGE, ["label x is given twice"], "--volume", "C:=volume",
                            "--snapshot", "C:,label=x", "--snapshot", "C:,label=x")
        code, _, err = self.run_in(OLD, "one", "{old.D}")
        self.assertEqual(code, BAD_USAGE)
        self.assertIn("the set old has no snapshot of D:", err)


if __name__ == "__main__":
    main()
