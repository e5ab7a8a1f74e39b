#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The precompiled form of the forced header: when it is made and used, and that nothing depends on
it. In C, whose header is made in a second, not in five.   drivers_pch.py BUILD_DIR"""
import pathlib
import subprocess

from drivers_folder import CC, DriverFolder, main

LOG = """#include <windows.h>
#include <stdio.h>
#define SAY(format, ...) printf(format, __VA_ARGS__)
int main(void)
{
#ifdef NDEBUG
    SAY("no debug\\n");
#else
    SAY("debug\\n");
#endif
    return sizeof(HANDLE) - 8;
}
"""


class Precompiled(DriverFolder):
    def setUp(self):
        super().setUp()
        self.environment["VSSEMU_CACHE"] = self.path("cache")
        self.write("a.c", "#include <windows.h>\nint main(void) { return 0; }\n")

    def is_used(self, *words):
        done = self.run_in_folder(CC, "-H", *words, "-c", "a.c")
        return any(line.startswith("! ") for line in done.stderr.splitlines())

    def make(self, *words):
        self.assertEqual([False, False, True, True], [self.is_used(*words) for _ in range(4)])

    def test_is_made_for_the_third_use_of_the_same_options(self):
        self.make("-g")
        self.assertFalse(self.is_used("-O2"))
        self.assertTrue(self.is_used("-g", "-Wall", "-Werror", "-DMINE=1", "-I.", "-Winvalid-pch"))

    def test_is_made_again_when_a_header_changes(self):
        self.make()
        times, = pathlib.Path(self.path("cache/pch")).glob("*/times")
        text = times.read_text()
        self.assertIn("/windef.h\n", text)
        times.write_text(text.replace("/windef.h", "/changed.h", 1))
        self.assertTrue(self.is_used())
        self.assertEqual(text, times.read_text())

    def test_is_not_used_when_the_users_folder_hides_a_header(self):
        self.make()
        self.write("mine/sal.h", "#define MY_SAL\n#include_next <sal.h>\n")
        self.write("a.c", "#include <windows.h>\n#ifndef MY_SAL\n#error\n#endif\n")
        self.assertFalse(self.is_used("-I", "mine"))

    def test_holds_windows_h_only_where_nothing_comes_before_it(self):
        self.make()
        self.write("a.c", "#define INITGUID\n#include <windows.h>\nDEFINE_GUID(mine, 1, 2, 3, 4, 5, "
                          "6, 7, 8, 9, 10, 11);\nint main(void) { return mine.Data1 - 1; }\n")
        for _ in range(4):
            self.run_in_folder(CC, "a.c", "-o", "a")
            self.run_in_folder("./a")

    def test_changes_no_result(self):
        self.write("b.c", "#include <Windows.h>\n#include <string.h>\n" + LOG)
        for _ in range(4):
            self.run_in_folder(CC, "-Wall", "-Werror", "-DNDEBUG", "-g", "b.c", "-MMD", "-o", "b")
            self.assertEqual("no debug\n", self.run_in_folder("./b").stdout)
            self.assertNotIn("cache", self.read("b-b.d"))

    def test_is_done_without_where_it_cannot_be_written_or_is_unwanted(self):
        self.environment["VSSEMU_PCH"] = "0"
        self.assertFalse(any(self.is_used() for _ in range(4)))
        del self.environment["VSSEMU_PCH"]
        self.make()
        made, = pathlib.Path(self.path("cache/pch")).glob("*/first.h.gch")
        made.write_bytes(b"damaged")
        self.run_in_folder(CC, "a.c", "-o", "a")
        self.run_in_folder("./a")

    def test_of_the_users_own_is_made_again_over_the_old_one(self):
        self.write("first.c", "")
        self.write("b.c", "int main(void) { return VALUE; }\n")
        for value in 3, 0:
            self.write("own.h", "#include <windows.h>\n#define VALUE %d\n" % value)
            self.run_in_folder(CC, "-Winvalid-pch", "-Werror", "-x", "c-header", "-include",
                               self.path("own.h"), "-c", "first.c", "-o", "own.h.gch")
        self.run_in_folder(CC, "-include", self.path("own.h"), "b.c", "-o", "b")
        self.run_in_folder("./b")

    def test_survives_parallel_builds(self):
        jobs = [subprocess.Popen([str(CC), "-O1", "a.c", "-c", "-o", "a%d.o" % i],
                                 cwd=self.folder.name, env=self.environment) for i in range(8)]
        self.assertEqual([0] * 8, [job.wait() for job in jobs])
        self.assertEqual([], list(pathlib.Path(self.path("cache/pch")).glob("*/*.gch.*")))


main()
