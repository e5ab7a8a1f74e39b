#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A writer in a service: vssemu run --service plays the service manager; what it tells of services that
do not begin or do not stop; signals; and what the program wrote into the log."""
import json
import os
import pathlib
import signal
import unittest

from support import BAD_USAGE, CliTest

SERVICE = pathlib.Path(os.environ["VSSEMU"]).parent.parent / "tests" / "service-writer"


@unittest.skipUnless(SERVICE.exists(), f"{SERVICE} is not built")
class ServiceTest(CliTest):
    def setUp(self):
        super().setUp()
        (self.volume / "data").mkdir()
        (self.volume / "data" / "file").write_text("text")

    def run_service(self, *words, options=("--service=BackupWriter",)):
        return self.vssemu("run", "--clock", "virtual", "--volume", f"C:={self.volume}",
                           "--eventlog-file", "log.json", *options, "--", SERVICE, *words)

    def entries(self, source):
        log = json.loads((self.dir / "log.json").read_text())
        return [entry for entry in log["entries"] if entry["source"] == source]

    def test_the_service_is_started_backed_up_and_stopped(self):
        code, out, err = self.run_service()
        self.assertEqual(code, 0, err)
        self.assertEqual(out.splitlines(),
                         ["service Backup", "stop for the writer", "left the dispatcher"])
        self.assertIn("betest: backup done", err)

    def test_what_it_reported_is_in_the_application_log(self):
        self.run_service()
        entry, = self.entries("ServiceWriter")
        self.assertEqual((entry["id"], entry["level"]), (7, "Warning"))
        self.assertTrue(entry["text"].startswith("BackupWriter\nis running"))

    def test_without_a_name_it_is_called_as_its_table_says(self):
        code, out, _ = self.run_service(options=["--service"])
        self.assertEqual((code, out.splitlines()[0]), (0, "service Backup"))
        code, out, _ = self.run_service(options=["--service=Other"])
        self.assertEqual((code, out.splitlines()[0]), (0, "service of another name"))

    def test_on_a_console_there_is_no_service_manager(self):
        code, out, _ = self.run_service(options=[])
        self.assertEqual((code, out), (5, "no service manager: 1063\n"))

    def test_one_that_never_says_running_is_told_and_ended(self):
        code, _, err = self.run_service("hangs")
        self.assertEqual(code, 1)
        self.assertIn("The BackupWriter service hung on starting: it is SERVICE_START_PENDING", err)
        self.assertEqual([e["id"] for e in self.entries("Service Control Manager")], [7022])

    def test_one_that_accepts_no_stop_is_told_and_ended(self):
        code, _, err = self.run_service("deaf")
        self.assertEqual(code, 1)
        self.assertIn("accepts neither SERVICE_CONTROL_STOP nor SERVICE_CONTROL_SHUTDOWN", err)

    def test_one_that_never_stops_is_told_and_ended(self):
        code, _, err = self.run_service("lingers")
        self.assertEqual(code, 1)
        self.assertIn("The BackupWriter service did not stop: it is SERVICE_STOP_PENDING", err)

    def test_one_that_connects_late_is_told(self):
        code, _, err = self.run_service("late")
        self.assertEqual(code, 0)
        self.assertIn("called StartServiceCtrlDispatcher too late", err)

    def test_a_program_that_is_no_service_is_told(self):
        betest = pathlib.Path(os.environ["VSSEMU"]).parent / "betest"
        _, _, err = self.vssemu("run", "--service", "--", betest, "/?")
        self.assertIn("the program has never called StartServiceCtrlDispatcher", err)

    def test_a_name_with_a_slash_is_no_service(self):
        code, _, err = self.vssemu("run", "--service=a/b", "--", SERVICE)
        self.assertEqual(code, BAD_USAGE)
        self.assertIn("--service takes the name of a service", err)

    def test_a_signal_becomes_a_stop(self):
        process = self.start("run", "--requester", self.write("none.xml", "<BETest></BETest>"),
                             "--volume", f"C:={self.volume}", "--service", "--", SERVICE)
        self.assertEqual(process.stdout.readline(), "service Backup\n")
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate()
        self.assertEqual(out.splitlines(), ["stop for the writer", "left the dispatcher"])


if __name__ == "__main__":
    unittest.main()
