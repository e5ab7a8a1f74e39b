#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The registry from the command line: files that fill it (--registry), what is told of bad ones, and
the file that keeps it (--registry-out)."""
import os
import pathlib
import unittest

from support import BAD_USAGE, CliTest

BETEST = pathlib.Path(os.environ["VSSEMU"]).parent / "betest"
HEAD = "Windows Registry Editor Version 5.00\n\n"
KEY = "[HKEY_LOCAL_MACHINE\\SOFTWARE\\Example]\n"


class RegistryTest(CliTest):
    def end_state(self, *options):
        self.vssemu("run", "--clock", "virtual", *options, "--registry-out", "end.reg", "--",
                    BETEST, "/?")
        return (self.dir / "end.reg").read_text()

    def test_files_are_read_in_their_order_and_the_end_is_kept(self):
        self.write("a.reg", HEAD + KEY + '"first"="a"\n"second"=dword:00000001\n')
        self.write("b.reg", HEAD + KEY + '"first"="b"\n"second"=-\n')
        text = self.end_state("--registry", "a.reg", "--registry", "b.reg")
        self.assertIn(KEY + '"first"="b"\n\n', text)

    def test_what_was_kept_can_be_read_and_kept_again(self):
        first = self.end_state()
        (self.dir / "end.reg").rename(self.dir / "first.reg")
        self.assertEqual(first, self.end_state("--registry", "first.reg"))

    def test_utf16_as_the_editor_writes_it(self):
        (self.dir / "wide.reg").write_bytes(
            (HEAD + KEY + '@="\u00e4"\n').replace("\n", "\r\n").encode("utf-16"))
        self.assertIn(KEY + '@="\u00e4"\n', self.end_state("--registry", "wide.reg"))

    def test_a_bad_file_is_told_with_its_line_before_anything_starts(self):
        self.write("bad.reg", HEAD + KEY + '"x"=number\n')
        code, out, err = self.vssemu("run", "--registry", "bad.reg", "--", BETEST, "/?")
        self.assertEqual((code, out), (BAD_USAGE, ""))
        self.assertIn("bad.reg:4: the value of \"x\" is of no known kind; write", err)

    def test_files_that_are_not_there(self):
        code, _, err = self.vssemu("run", "--registry", "none.reg", "--", BETEST, "/?")
        self.assertEqual(code, BAD_USAGE)
        self.assertIn("none.reg", err)
        code, _, err = self.vssemu("run", "--registry-out", "no/dir.reg", "--", BETEST, "/?")
        self.assertEqual(code, BAD_USAGE)
        self.assertIn("no/dir.reg cannot be written", err)

    def test_the_version_of_windows_stands_in_it(self):
        text = self.end_state("--windows", "2016")
        self.assertIn('"CurrentBuildNumber"="14393"\n', text)
        self.assertIn('"ProductName"="Windows Server 2016 Standard"\n', text)


if __name__ == "__main__":
    unittest.main()
