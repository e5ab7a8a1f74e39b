# SPDX-License-Identifier: MIT
"""A program that links libvssapi and is started without a launcher: an empty world that says what to
do; the same program in another directory, uninstalled."""
import pathlib
import subprocess

from support import VSSEMU, CliTest, main

BIN = pathlib.Path(VSSEMU).parent


class Alone(CliTest):
    def run_alone(self, *command):
        done = subprocess.run([str(c) for c in command], cwd=self.dir, capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr

    def test_the_empty_world_says_what_to_do(self):
        code, said = self.run_alone(BIN / "example-requester", "backup")
        self.assertNotEqual(code, 0)
        self.assertEqual(said.count("this world is empty"), 1)
        self.assertIn("vssemu run --volume C:=DIR -- PROGRAM", said)
        self.assertIn("vssemu.h", said)


if __name__ == "__main__":
    main()
