#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A revert of a directory that is served with --writeback: the kernel, which then believes its own
sizes, must not go on with those of files that were other ones before."""
import errno
import os
import subprocess
import sys
import unittest

from served import ServedTest
from support import main


class Revert(ServedTest):
    def setUp(self):
        super().setUp()
        code, _, err = self.vssemu("volume", "mount", "--writeback", self.volume, self.mount)
        self.assertEqual(code, 0, err)
        self.addCleanup(subprocess.run, ["fusermount3", "-u", "-q", self.mount])

    def assert_as_on_disk(self, *names):
        for name in names:
            there = (self.mount / name).read_bytes()
            self.assertEqual(there, (self.volume / name).read_bytes())
            self.assertEqual((self.mount / name).stat().st_size, len(there))

    def open(self, name, flags=os.O_RDWR):
        fd = os.open(self.mount / name, flags)
        self.addCleanup(os.close, fd)
        return fd

    def test_files_that_are_open_are_what_they_were_under_their_names_and_stale_else(self):
        (self.mount / "f").write_text("short\n")
        (self.mount / "g").write_text("looooooooong\n")
        self.snapshot()
        held = [self.open(name) for name in "fg"]
        os.pwrite(held[0], b"x" * 10000, 0)
        (self.mount / "g").write_text("")
        self.ok("revert", self.volume, "1")
        self.assertEqual((self.mount / "f").read_text(), "short\n")
        self.assertEqual((self.mount / "g").read_text(), "looooooooong\n")
        for fd in held:
            for ask in (lambda: os.fstat(fd), lambda: os.pwrite(fd, b"no", 0),
                        lambda: os.fsync(fd), lambda: os.ftruncate(fd, 1),
                        lambda: os.fchmod(fd, 0o600), lambda: os.listxattr(fd)):
                with self.assertRaises(OSError) as failed:
                    ask()
                self.assertEqual(failed.exception.errno, errno.ESTALE)
        with open(self.mount / "g", "a", encoding="ascii") as file:
            file.write("app\n")
        with open(self.mount / "f", "a", encoding="ascii") as file:
            file.write("end\n")
        self.snapshot()  # whatever the kernel has kept is written
        self.assertEqual((self.volume / "g").read_text(), "looooooooong\napp\n")
        self.assertEqual((self.volume / "f").read_text(), "short\nend\n")
        self.assert_as_on_disk("f", "g")

    def test_a_file_without_a_name_stays_with_who_has_it_open(self):
        self.snapshot()
        fd = self.open("passing", os.O_RDWR | os.O_CREAT)
        os.write(fd, b"mine")
        os.unlink(self.mount / "passing")
        self.ok("revert", self.volume, "1")
        os.write(fd, b" still")
        self.assertEqual(os.pread(fd, 20, 0), b"mine still")

    def test_while_files_are_written(self):
        (self.mount / "a.txt").write_text("contents\n")
        self.snapshot()
        stop = self.dir / "stop"
        busy = subprocess.Popen([sys.executable, "-c", """
import pathlib, sys
root, stop = map(pathlib.Path, sys.argv[1:])
i = 0
while not stop.exists():
    i += 1
    for name in ("a.txt", "sub/b.txt", "new"):
        try:
            with open(root / name, "r+b" if i % 3 else "ab", buffering=0) as file:
                file.write(b"x" * (i * 97 % 9000))
                file.truncate(i * 31 % 5000)
        except OSError:
            pass
""", self.mount, stop])
        self.addCleanup(busy.kill)
        for _ in range(10):
            self.ok("revert", self.volume, "1")
        stop.touch()
        self.assertEqual(busy.wait(), 0)
        self.snapshot()
        self.assert_as_on_disk("a.txt", "sub/b.txt")
        self.ok("revert", self.volume, "1")
        self.assertEqual((self.mount / "a.txt").read_text(), "contents\n")
        self.assertEqual((self.mount / "sub" / "b.txt").read_text(), "below\n")
        self.assert_as_on_disk("a.txt", "sub/b.txt")


del ServedTest

if __name__ == "__main__":
    main()
