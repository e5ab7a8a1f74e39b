# SPDX-License-Identifier: MIT
"""Restores on directories, with Test Writer files that check them: restore methods, alternate locations, new
targets, files that a writer puts aside for the backup, and options of the course."""
import shutil

from support import CliTest, main

DONE, USAGE, VSS_FAILED, COMPONENT_FAILED, FILE_FAILED = range(5)
CHECKS = 'checkIncludes="yes" checkExcludes="yes"'
MAPPING = ('<AlternateLocationMapping path="C:\\app" filespec="*" recursive="yes" '
           'alternatePath="C:\\aside"/>')


def test_writer(method="RESTORE_IF_CAN_BE_REPLACED", mapping="", attributes="deleteFiles=\"yes\"",
                fail="", files='<ComponentFile path="C:\\app" filespec="*" recursive="yes"/>'):
    return f"""<TestWriter usage="USER_DATA" {CHECKS} {attributes}>
  <RestoreMethod method="{method}" writerRestore="always" rebootRequired="no">{mapping}</RestoreMethod>
  {fail}
  <Component componentType="filegroup" componentName="Files" selectable="yes">
    {files}
  </Component>
</TestWriter>
"""


class RestoreTest(CliTest):
    def setUp(self):
        super().setUp()
        self.app = self.volume / "app"
        for name in ("a.txt", "deep/b.dat", "deep/c.txt"):
            path = self.app / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(name)
        (self.app / "empty").mkdir()
        self.expected = self.contents(self.app)

    def contents(self, top):
        return {str(p.relative_to(top)): p.read_text() for p in top.rglob("*") if p.is_file()}

    def betest(self, writer, *words):
        code, out, err = self.vssemu("run", "--clock", "virtual", "--volume", f"C:={self.volume}",
                                     "--writer", self.write("writer.xml", writer),
                                     "--trace", "run.jsonl", "--", "betest", *words)
        self.out = out + err
        return code

    def both(self, writer, *words):
        return self.betest(writer, "/S", "doc.xml", "/D", "store", *words)

    def back_up_and_empty(self, writer):
        self.assertEqual(self.betest(writer, "/B", "/S", "doc.xml", "/D", "store"), DONE, self.out)
        shutil.rmtree(self.app)

    def restore(self, writer, *words):
        return self.betest(writer, "/R", "/S", "doc.xml", "/D", "store", *words)

    def writer_events(self):
        return [r["what"] for r in self.trace() if r.get("who") == "writer Test Writer" and
                r.get("kind") == "event"]


class Methods(RestoreTest):
    def test_what_the_writer_deleted_is_replaced_and_checked(self):
        self.assertEqual(self.both(test_writer()), DONE, self.out)
        self.assertEqual(self.contents(self.app), self.expected)
        self.assertTrue((self.app / "empty").is_dir())

    def test_if_not_there_goes_to_the_alternate_location(self):
        writer = test_writer("RESTORE_IF_NOT_THERE", MAPPING, "")
        self.assertEqual(self.betest(writer, "/B", "/S", "doc.xml", "/D", "store"), DONE, self.out)
        self.assertEqual(self.restore(writer), DONE, self.out)
        self.assertIn("to their alternate location", self.out)
        self.assertEqual(self.contents(self.volume / "aside"), self.expected)
        self.assertEqual(self.contents(self.app), self.expected)

    def test_to_alternate_location_is_recorded_and_accepted_by_the_writer(self):
        writer = test_writer("RESTORE_TO_ALTERNATE_LOCATION", MAPPING)
        self.assertEqual(self.both(writer), DONE, self.out)
        self.assertEqual(self.contents(self.volume / "aside"), self.expected)
        self.assertTrue((self.volume / "aside/empty").is_dir())
        self.assertEqual(self.contents(self.app), {})

    def test_a_new_target_is_accepted_by_the_writer(self):
        self.assertEqual(self.both(test_writer(), "/NewTarget", "C:\\app=C:\\new\\place"), DONE,
                         self.out)
        self.assertEqual(self.contents(self.volume / "new/place"), self.expected)
        self.assertEqual(self.contents(self.app), {})

    def test_a_custom_method_restores_nothing(self):
        self.back_up_and_empty(test_writer("CUSTOM", attributes=""))
        self.assertEqual(self.restore(test_writer("CUSTOM", attributes="")), COMPONENT_FAILED)
        self.assertIn("its writer has a method of its own", self.out)
        self.assertFalse(self.app.exists())


class Files(RestoreTest):
    def test_files_put_aside_are_read_there_and_come_back_to_their_place(self):
        files = ('<ComponentFile path="C:\\app" filespec="*" recursive="yes" '
                 'alternatePath="C:\\spit"/>')
        self.assertEqual(self.both(test_writer(files=files)), DONE, self.out)
        self.assertEqual(self.contents(self.app), self.expected)

    def test_only_what_the_pattern_matches(self):
        files = '<ComponentFile path="C:\\app" filespec="?.txt" recursive="yes"/>'
        self.assertEqual(self.both(test_writer(files=files)), DONE, self.out)
        stored = sorted(p.name for p in (self.dir / "store").rglob("*") if p.is_file())
        self.assertEqual(stored, ["a.txt", "c.txt"])
        self.assertEqual(self.contents(self.app), self.expected)

    def test_only_the_directory_itself_without_recursion(self):
        files = '<ComponentFile path="C:\\app" filespec="*" recursive="no"/>'
        self.assertEqual(self.both(test_writer(files=files)), DONE, self.out)
        stored = sorted(p.name for p in (self.dir / "store").rglob("*") if p.is_file())
        self.assertEqual(stored, ["a.txt"])

    def test_a_file_that_is_named_and_missing_fails_the_component(self):
        files = '<ComponentFile path="C:\\app" filespec="gone.txt" recursive="no"/>'
        self.assertEqual(self.betest(test_writer(files=files), "/B", "/D", "store"),
                         COMPONENT_FAILED)
        self.assertIn("cannot back up C:\\app\\gone.txt", self.out)

    def test_nothing_is_read_from_the_live_volume(self):
        """The writer deletes its files once the snapshot is there; all of them are in the store."""
        self.assertEqual(self.betest(test_writer(), "/B", "/S", "doc.xml", "/D", "store"), DONE)
        self.assertEqual(self.contents(self.app), {})
        stored = {p.name for p in (self.dir / "store").rglob("*") if p.is_file()}
        self.assertEqual(stored, {"a.txt", "b.dat", "c.txt"})


class Course(RestoreTest):
    def test_without_the_writer_only_its_files_come_back(self):
        self.back_up_and_empty(test_writer(attributes=""))
        code, out, err = self.vssemu("run", "--clock", "virtual", "--volume", f"C:={self.volume}",
                                     "--", "betest", "/R", "/S", "doc.xml", "/D", "store")
        self.assertEqual(code, DONE, out + err)
        self.assertIn("its writer 'Test Writer' does not run; only its files", out)
        self.assertEqual(self.contents(self.app), self.expected)

    def test_a_writer_that_wants_a_restart_is_named(self):
        writer = test_writer().replace('rebootRequired="no"', 'rebootRequired="yes"')
        self.assertEqual(self.both(writer), DONE, self.out)
        self.assertIn("'Test Writer' wants a restart of the system after its restore", self.out)

    def test_a_persistent_snapshot_stays_on_its_volume(self):
        writer = test_writer(attributes="")
        self.assertEqual(self.betest(writer, "/Snapshot", "/P"), DONE, self.out)
        self.assertRegex(self.out, r"it stays, as snapshot \{[^}]+\}, until this program ends")
        self.assertEqual(self.betest(writer, "/Snapshot"), DONE, self.out)
        self.assertIn("HarddiskVolumeShadowCopy2", self.out)

    def test_without_volumes_the_way_to_one_is_said(self):
        code, out, err = self.vssemu("run", "--clock", "virtual", "--", "betest", "/Snapshot")
        self.assertEqual(code, 3, out + err)
        self.assertIn("there is no volume", out)
        self.assertIn("vssemu run --volume C:=DIR", out)

    VETO = '<FailEvent writerEvent="{}" retryable="no"/>'

    def test_a_snapshot_alone(self):
        code, out, err = self.vssemu("run", "--clock", "virtual", "--volume", f"C:={self.volume}",
                                     "--trace", "run.jsonl", "--", "betest", "/Snapshot")
        self.assertEqual(code, DONE, out + err)
        self.assertIn("volume C:\\ joins the snapshot set", out)
        self.assertIn("HarddiskVolumeShadowCopy1", out)

    def test_stop_error_ends_the_run_at_once(self):
        writer = test_writer(fail=self.VETO.format("PrepareForBackup"))
        self.assertEqual(self.both(writer, "/StopError"), COMPONENT_FAILED)
        self.assertIn("stopped, because of /StopError", self.out)
        self.assertFalse((self.dir / "store").exists())
        self.assertEqual(self.contents(self.app), self.expected)

    def test_a_writer_that_refuses_pre_restore_gets_no_files(self):
        self.back_up_and_empty(test_writer(attributes=""))
        writer = test_writer(attributes="", fail=self.VETO.format("PreRestore"))
        self.assertEqual(self.restore(writer), COMPONENT_FAILED)
        self.assertIn("failed at pre-restore after PreRestore", self.out)
        self.assertFalse(self.app.exists())

    def test_a_restore_that_the_writer_finds_wanting_is_a_failure(self):
        writer = test_writer(fail=self.VETO.format("PostRestore"))
        self.assertEqual(self.both(writer), COMPONENT_FAILED)
        self.assertIn("failed at post-restore after PostRestore", self.out)


if __name__ == "__main__":
    main()
