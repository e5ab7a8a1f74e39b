# SPDX-License-Identifier: MIT
"""A program that links libvssapi and is started without a launcher: an empty world that says what to
do; the same program in another directory, uninstalled; a method that is not there yet."""
import os
import pathlib
import subprocess
import unittest

from support import VSSEMU, CliTest, main

BIN = pathlib.Path(VSSEMU).parent

EXPOSE = """
#include <windows.h>
#include <vss.h>
#include <vswriter.h>
#include <vsbackup.h>
int main()
{
    IVssBackupComponents *vss = NULL;
    if (FAILED(CreateVssBackupComponents(&vss)) || FAILED(vss->InitializeForBackup()))
        return 1;
    vss->ExposeSnapshot(GUID_NULL, NULL, 0, NULL, NULL);
    return 0;
}
"""


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

    @unittest.skipIf(os.environ.get("VSSEMU_SANITIZE"), "compiles a program without the sanitizer")
    def test_a_method_that_is_not_there_yet_ends_the_program_with_its_name(self):
        source = self.write("expose.cpp", EXPOSE)
        subprocess.run([str(BIN / "vssemu-c++"), source, "-o", "expose"], cwd=self.dir, check=True)
        code, _, err = self.vssemu("run", "--volume", f"C:={self.volume}", "--", "./expose")
        self.assertEqual(code, 134)
        self.assertIn("IVssBackupComponents::ExposeSnapshot is not there yet", err)


if __name__ == "__main__":
    main()
