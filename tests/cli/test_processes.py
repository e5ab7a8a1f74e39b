#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Programs that a program of a world starts (CreateProcess): where they are found, what they see, how
long they take on the world's clock, and what cannot be started."""
import os
import pathlib
import unittest

from support import CliTest, needs_mount

INHERITING = pathlib.Path(os.environ["VSSEMU"]).parent.parent / "tests" / "inheriting"
PARENT = pathlib.Path(os.environ["VSSEMU"]).parent.parent / "tests" / "parent"


@unittest.skipUnless(PARENT.exists(), f"{PARENT} is not built")
class ProcessTest(CliTest):
    def parent(self, *words, options=("--clock", "virtual")):
        code, out, err = self.vssemu("run", *options, "--volume", f"C:={self.volume}", "--", PARENT,
                                     *words)
        return code, out.splitlines(), err

    def script(self, name, text):
        path = self.volume / name
        path.write_text(text)
        path.chmod(0o755)

    def test_a_program_of_the_host_along_the_path(self):
        self.assertEqual(self.parent('sh -c "echo said; exit 3"')[1],
                         ["said", "wait 0, code 3, 0 ms"])

    def test_the_virtual_clock_does_not_run_away_from_a_child(self):
        # 60 s of the world are over in no time when nobody waits for the outside.
        self.assertEqual(self.parent('sh -c "for i in 1 2 3 4 5; do sh -c :; done; exit 4"')[1],
                         ["wait 0, code 4, 0 ms"])

    def test_a_program_on_a_volume(self):
        self.script("hello.sh", "#!/bin/sh\necho hello $1\n")
        self.assertEqual(self.parent("C:\\hello.sh you")[1], ["hello you", "wait 0, code 0, 0 ms"])
        self.assertEqual(self.parent("x you", "c:\\HELLO.SH")[1],
                         ["hello you", "wait 0, code 0, 0 ms"])

    def test_an_unquoted_name_with_blanks(self):
        (self.volume / "my tools").mkdir()
        self.script("my tools/t.sh", "#!/bin/sh\necho tool\n")
        self.assertEqual(self.parent("C:\\my tools\\t.sh")[1][0], "tool")

    def test_a_child_can_read_volumes_that_are_not_mounted(self):
        (self.volume / "Data").write_text("of the parent")
        _, out, err = self.parent(f"{INHERITING} child world C:\\DATA")
        self.assertEqual(out[:5], ["read: yes", "text: of the parent", "changed: no, error 19",
                                   "made: no, error 19", "process 4100"])
        self.assertIn("volume C: belongs to the process that started this one: without a mount", err)

    @needs_mount
    def test_a_child_has_mounted_volumes(self):
        (self.volume / "Data").write_text("of the parent")
        _, out, _ = self.parent(f"{INHERITING} child world C:\\DATA", options=("--mount",))
        self.assertEqual(out[:4], ["read: yes", "text: of the parent", "changed: yes", "made: yes"])
        self.assertTrue((self.volume / "of the child").exists())

    def test_what_is_not_there(self):
        self.assertEqual(self.parent("nobody here")[1], ["error 2"])
        self.assertEqual(self.parent("C:\\none.sh")[1], ["error 2"])

    def test_batch_files_are_refused_with_a_line(self):
        for line in ("c:\\x\\backup.CMD", "cmd.exe /c dir"):
            code, out, err = self.parent(line)
            self.assertEqual((code, out), (1, ["error 193"]))
            self.assertIn("there is no cmd.exe here to run batch files", err)

    def test_a_suspended_start_is_refused_with_a_line(self):
        _, out, err = self.parent("suspended")
        self.assertEqual(out, ["error 50"])
        self.assertIn("CREATE_SUSPENDED is not supported", err)

    def test_a_directory_that_linux_does_not_see(self):
        _, out, err = self.parent("sh -c pwd", "", "C:\\")
        self.assertEqual(out, ["error 267"])
        self.assertIn("mount the volume", err)

    def test_a_directory_of_the_host(self):
        self.assertEqual(self.parent("sh -c pwd", "", str(self.dir))[1][0], str(self.dir))

    @needs_mount
    def test_a_script_finds_mounted_volumes(self):
        (self.volume / "data").write_text("text")
        _, out, _ = self.parent('sh -c "cat $VSSEMU_MOUNT_C/data; pwd"', "", "C:\\",
                                options=("--mount",))
        self.assertTrue(out[0].startswith("text/"), out)


if __name__ == "__main__":
    unittest.main()
