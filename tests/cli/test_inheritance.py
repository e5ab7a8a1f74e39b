# SPDX-License-Identifier: MIT
"""What children inherit beyond what tests/conformance/windows/inherit.c compares with Wine: programs
that nobody has launched, files of volumes, programs of Linux between the two, and what cannot be
handed down."""
import os
import pathlib
import subprocess

from support import VSSEMU, CliTest, main, needs_mount

PROGRAM = str(pathlib.Path(VSSEMU).parent.parent / "tests" / "inheriting")
ENVIRONMENT = "no list in the environment: yes"


class Inheritance(CliTest):
    def parent(self, *words, options=("--clock", "virtual")):
        code, out, err = self.vssemu("run", *options, "--volume", f"C:={self.volume}", "--",
                                     PROGRAM, "parent", *words)
        self.assertEqual(code, 0, err)
        return out.splitlines(), err

    def test_an_event_on_both_clocks(self):
        for clock in ("real", "virtual"):
            with self.subTest(clock=clock):
                out, err = self.parent("event", "", f"{PROGRAM} child event %d",
                                       options=("--clock", clock))
                self.assertEqual((sorted(out), err), (sorted(
                    ["set: yes", ENVIRONMENT, "set by the child: yes", "code 0"]), ""))

    def test_a_program_that_nobody_launched(self):
        run = subprocess.run([PROGRAM, "parent", "event", "", f"{PROGRAM} child event %d"],
                             capture_output=True, text=True, check=False,
                             env={k: v for k, v in os.environ.items() if k != "VSSEMU_WORLD"})
        self.assertEqual((run.returncode, run.stderr), (0, ""))
        self.assertIn("set by the child: yes", run.stdout)

    def test_through_a_shell(self):
        out, _ = self.parent("event", "", f"sh -c '{PROGRAM} child event %d'".replace("'", '"'))
        self.assertIn("set by the child: yes", out)

    def test_a_file_of_the_host_has_one_position(self):
        out, err = self.parent("file", str(self.dir / "log"), f"{PROGRAM} child file %d")
        self.assertEqual((out, err), (["written: yes", ENVIRONMENT, "at 13", "code 0"], ""))
        self.assertEqual((self.dir / "log").read_text(), "parent\nchild\n")

    def test_a_program_of_linux_has_the_descriptor(self):
        """The first that it gets is 4, behind that of its program."""
        out, _ = self.parent("file", str(self.dir / "log"), 'sh -c "echo shell >&4"')
        self.assertEqual(out, ["at 13", "code 0"])
        self.assertEqual((self.dir / "log").read_text(), "parent\nshell\n")

    @needs_mount
    def test_a_file_of_a_mounted_volume(self):
        out, _ = self.parent("file", "C:\\log", f"{PROGRAM} child file %d", options=("--mount",))
        self.assertEqual(out, ["written: yes", ENVIRONMENT, "at 13", "code 0"])
        self.assertEqual((self.volume / "log").read_text(), "parent\nchild\n")

    def test_a_file_of_a_volume_without_a_mount_is_refused_with_a_line(self):
        out, err = self.parent("file", "C:\\log", f"{PROGRAM} child file %d")
        self.assertEqual(out, ["written: no, error 6", ENVIRONMENT, "at 7", "code 0"])
        self.assertIn("file of a volume that is not mounted cannot be handed down", err)

    def test_what_else_cannot_be_handed_down(self):
        out, err = self.parent("timer", "", f"{PROGRAM} child timer %d")
        self.assertEqual(out, ["cancelled: no, error 6", ENVIRONMENT, "duplicated: no, error 50",
                               "code 0"])
        self.assertIn("a waitable timer cannot be handed down to another process", err)
        self.assertIn("DuplicateHandle: handles of another process are out of reach", err)


if __name__ == "__main__":
    main()
