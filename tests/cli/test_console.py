# SPDX-License-Identifier: MIT
"""Console control handlers: what signals become, newest first, and what ends the program."""
import pathlib
import signal

from support import VSSEMU, CliTest, main

PROGRAM = str(pathlib.Path(VSSEMU).parent.parent / "tests" / "controlled")


class Console(CliTest):
    def begin(self, *arguments):
        process = self.start("run", "--", PROGRAM, *arguments)
        self.assertEqual(process.stdout.readline(), "ready\n")
        return process

    def end_of(self, process):
        out, err = process.communicate()
        return process.returncode, out, err

    def test_ctrl_c_is_taken_and_the_program_goes_on(self):
        process = self.begin()
        for _ in range(2):
            process.send_signal(signal.SIGINT)
            self.assertEqual(process.stdout.readline(), "newer: 0\n")
        process.send_signal(signal.SIGTERM)
        code, out, _ = self.end_of(process)
        self.assertEqual((code, out), (128 + signal.SIGTERM, "newer: 2\nolder: 2\n"))

    def test_an_event_that_nobody_takes_ends_it(self):
        process = self.begin()
        process.send_signal(signal.SIGQUIT)
        code, out, err = self.end_of(process)
        self.assertEqual((code, out), (128 + signal.SIGQUIT, "newer: 1\nolder: 1\n"))
        self.assertIn("was ended by SIGQUIT", err)

    def test_ctrl_c_is_ignored_when_asked_for(self):
        process = self.begin("ignore")
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGTERM)
        code, out, _ = self.end_of(process)
        self.assertEqual((code, out), (128 + signal.SIGTERM, "newer: 2\nolder: 2\n"))


if __name__ == "__main__":
    main()
