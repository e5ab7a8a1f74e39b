# SPDX-License-Identifier: MIT
"""--fault: what goes wrong in a run of a program, what its writer and requester make of it, and what is
said of a fault that never happened. Written texts are refused before anything starts."""
import os
import pathlib

from support import BAD_USAGE, VSSEMU, CliTest, main, needs_mount

TESTS = pathlib.Path(VSSEMU).resolve().parents[1] / "tests"
STUBBORN = TESTS / "stubborn-writer"
WRITER_FAILED, UNFIRED, SIGKILL = 3, 118, 128 + 9
SIGSEGV = 1 if "address" in os.environ.get("VSSEMU_SANITIZE", "") else 128 + 11  # it is reported
TEST_WRITER = """<TestWriter usage="USER_DATA">
  <RestoreMethod method="RESTORE_IF_CAN_REPLACE" writerRestore="always" rebootRequired="no"/>
  <Component componentType="filegroup" componentName="files" selectable="yes">
    <ComponentFile path="C:\\files" filespec="*" recursive="yes"/>
  </Component>
</TestWriter>
"""


class Faults(CliTest):
    def setUp(self):
        super().setUp()
        files = self.volume / "files"
        files.mkdir()
        (files / "One").write_text("1")
        (files / "Two").write_text("2")

    def run_with(self, faults, *program, options=()):
        words = [word for fault in faults for word in ("--fault", fault)]
        return self.vssemu("run", "--clock", "virtual", "--seed", 1, "--volume", f"C:={self.volume}",
                           "--trace", "run.jsonl", *words, *options, "--", *program)

    def fired(self):
        return [r["detail"] for r in self.trace() if r.get("what") == "fault"]

    def events(self, writer):
        return [r["what"] for r in self.trace() if r.get("kind") == "event" and r["who"] == f"writer {writer}"]

    def test_a_text_that_makes_no_sense_is_refused_at_once(self):
        self.assert_refused(BAD_USAGE, ["no event Freese"], "--fault", "writer=Sql event=Freese do=hang")
        self.assert_refused(BAD_USAGE, ["begins with who"], "--fault", "wirter=Sql event=Freeze do=hang")
        self.assert_refused(BAD_USAGE, ["needs code="], "--fault", "provider=* call=CommitSnapshots do=fail")

    def test_a_native_writer_vetoes(self):
        fault = "writer=* event=Freeze do=fail code=VSS_E_WRITERERROR_RETRYABLE"
        code, _, err = self.run_with([fault], STUBBORN, "leaves")
        self.assertEqual(code, WRITER_FAILED, err)
        self.assertEqual(self.fired(), [fault])
        self.assertIn("Abort", self.events(self.writer()))

    def writer(self):
        """The name of the one writer of the run."""
        return next(r["who"] for r in self.trace() if r.get("what") == "Subscribe").removeprefix("writer ")

    def test_a_native_writer_hangs_and_the_run_ends(self):
        for event in "Identify", "PrepareForBackup", "Freeze", "Thaw", "BackupShutdown":
            with self.subTest(event=event):
                fault = f"writer=* event={event} do=hang"
                code, out, err = self.run_with([fault], STUBBORN, "leaves")
                self.assertEqual(self.fired(), [fault], err)
                self.assertIn("told:", out)
                self.assertIn(code, (0, WRITER_FAILED, 1), err)

    def test_a_native_writers_process_crashes_in_its_handler(self):
        code, _, err = self.run_with(["writer=* event=Freeze do=crash"], STUBBORN, "leaves")
        self.assertEqual(code, SIGSEGV, err)
        self.assertEqual(self.fired(), ["writer=* event=Freeze do=crash"])

    def test_a_native_writers_process_ends_at_a_time(self):
        for action, code in (("crash", SIGSEGV), ("die", SIGKILL)):
            with self.subTest(action=action):
                fault = f"writer=Stub* at=100ms do={action}"
                self.assertEqual(self.run_with([fault], STUBBORN, "leaves")[0], code)
                self.assertEqual(self.fired(), [fault])

    def test_a_native_writer_dies_and_its_program_is_started_again(self):
        """Another process, ten seconds later: a new instance, whose backup goes well."""
        fault = "writer=* event=Freeze do=die for=10s"
        code, out, err = self.run_with([fault, "writer=* event=Thaw do=delay for=1s"], STUBBORN,
                                       "leaves", options=["--trace-volumes"])
        self.assertEqual(code, 0, out + err)
        lines = self.trace()
        self.assertEqual(self.fired(), [fault, "writer=* event=Thaw do=delay for=1s"])
        died, = [r["t"] for r in lines if r.get("what") == "its process has ended"]
        again, = [r["t"] for r in lines if r.get("what") == "the program starts again"]
        self.assertEqual(again - died, 10_000_000_000)
        instances = [r["args"]["instance"] for r in lines if r.get("what") == "Subscribe"]
        self.assertEqual(len(set(instances)), 2)
        sets = [r["args"]["set"] for r in lines if r.get("what") == "StartSnapshotSet"]
        self.assertEqual(len(set(sets)), 2)
        self.assertEqual([r["what"] for r in lines if r.get("what") in ("Freeze", "BackupComplete")
                          and r["kind"] == "event"], ["Freeze", "BackupComplete"])
        code, out, err = self.vssemu("replay", "run.jsonl")
        self.assertEqual((code, out.splitlines()[-1]), (0, f"identical, {len(lines) - 2} records"), err)

    @needs_mount
    def test_its_volume_is_mounted_again(self):
        code, out, err = self.vssemu("run", "--mount", "--volume", f"C:={self.volume}", "--trace",
                                     "run.jsonl", "--fault", "writer=* event=Freeze do=die for=100ms",
                                     "--", STUBBORN, "leaves")
        self.assertEqual(code, 0, out + err)
        self.assertEqual([r["what"] for r in self.trace() if r.get("what") in ("Freeze", "Thaw")],
                         ["Freeze", "Thaw"])

    def test_a_program_that_dies_every_time_is_given_up(self):
        code, _, err = self.run_with(["writer=* event=Identify nth=every do=die for=1s"], STUBBORN,
                                     "leaves")
        self.assertEqual(code, SIGKILL)
        self.assertIn("has ended the program 100 times: it is not started again", err)

    def test_a_requester_dies_and_its_writers_hear_of_it(self):
        fault = "requester call=DoSnapshotSet do=die"
        code, _, err = self.run_with([fault], "betest", "/B",
                                     options=["--writer", self.write("app.xml", TEST_WRITER)])
        self.assertEqual(code, SIGKILL, err)
        self.assertEqual(self.fired(), [fault])
        self.assertEqual(self.events("Test Writer")[-1], "BackupShutdown")

    def test_the_built_in_requester_dies_beside_a_writer_that_goes_on(self):
        code, out, err = self.run_with(["requester call=DoSnapshotSet do=die"], STUBBORN, "leaves")
        self.assertNotEqual(code, SIGKILL, err)
        self.assertIn("told:", out)
        self.assertEqual(self.events(self.writer())[-1], "BackupShutdown")

    def test_what_only_steps_do_is_not_told_as_happened(self):
        fault = "requester call=DoSnapshotSet do=abort"
        code, _, err = self.run_with([fault], STUBBORN, "leaves")
        self.assertEqual(code, UNFIRED, err)
        self.assertEqual(self.fired(), [])
        self.assertIn("only a requester of steps (docs/world-file.md) does that", err)

    def test_the_built_in_requester_gives_up_what_hangs_for_ever(self):
        fault = "provider=* call=PreFinalCommitSnapshots do=hang"
        code, out, err = self.run_with([fault], STUBBORN, "leaves")
        self.assertNotEqual(code, 0)
        self.assertLess(code, 118, err)
        self.assertEqual(self.fired(), [fault])
        self.assertIn("told:", out)

    def test_the_machine_is_short_of_memory(self):
        code, _, err = self.run_with(["machine call=AddToSnapshotSet do=low-memory"], "betest", "/B",
                                     options=["--writer", self.write("app.xml", TEST_WRITER)])
        self.assertNotEqual(code, 0)
        self.assertIn("8007000e", err.lower() + _.lower())

    def test_a_fault_that_never_happened_is_an_error(self):
        fault = "writer=Sqk event=Freeze do=hang"
        code, _, err = self.run_with([fault, "writer=* event=Freeze do=delay for=1s"], STUBBORN, "leaves")
        self.assertEqual(code, UNFIRED, err)
        self.assertIn(f'the fault "{fault}" never happened: its place was met 0 times: no writer is called '
                      f"Sqk; there are: {self.writer()}", err)
        self.assertNotIn("for=1s", err)

    def test_one_of_a_world_file_as_well(self):
        text = "volumes: [C]\nwriters: [Sql]\nfaults: writer=Nobody event=Freeze do=hang\n"
        line = 'the fault "writer=Nobody event=Freeze do=hang" never happened: its place was met 0 times'
        for rest, program in (("", ["--", STUBBORN, "leaves"]), ("steps: backup\n", [])):
            with self.subTest(rest=rest):
                self.write("w.yaml", text + rest)
                code, _, err = self.vssemu("run", "--world", "w.yaml", *program)
                self.assertEqual(code, UNFIRED, err)
                self.assertEqual(err.count(line), 1, err)
        self.write("w.yaml", text + "steps: backup\nexpect: {unfired: 'writer=Nobody*'}\n")
        self.assertEqual(self.vssemu("run", "--world", "w.yaml")[::2], (0, ""))


if __name__ == "__main__":
    main()
