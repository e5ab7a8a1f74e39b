#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What libvssapi exports, and why: every name belongs to one of the groups below, each of which is
checked against something that is not ours or that users read. cmake/libvssapi.map makes it so.
   exports.py BUILD_DIR SOURCE_DIR"""
import pathlib
import re
import subprocess
import sys
import unittest

BUILD, SOURCE = (pathlib.Path(word).resolve() for word in sys.argv[1:3])
del sys.argv[1:3]
WINDOWS = [pathlib.Path("/usr/include/wine/wine/windows"), pathlib.Path("/usr/include/wine/windows"),
           pathlib.Path("/usr/share/mingw-w64/include")]
LEFT_OUT = {"CreateVssExpressWriterInternal"}  # of vswriter.h: mingw-w64 has it not, our wrapper does
FINE = ("vssemu_n_fine", "vssemu_fine_point")     # what driver/fine.c asks and calls
PROGRAMS = {"betest_main", "betest_run", "vssemu_play_main"}  # betest, examples/demo, vssemu-play
LIBC_NAMES = ["libc.so.6", "libstdc++.so.6"]


def names_of(*words):
    done = subprocess.run(["nm", *words], capture_output=True, text=True, check=True)
    # A name may carry its version: "clock_gettime@@GLIBC_2.17".
    return {line.split()[-1].split("@")[0] for line in done.stdout.splitlines()
            if len(line.split()) >= 2 and not line.endswith(":")}


def words_in(paths):
    words = set()
    for path in paths:
        words.update(re.findall(r"\w+", path.read_text(errors="replace")))
    return words


def of_these_in(names, paths):
    """Those of the names that are a word of some file; the folders are large, so grep looks."""
    done = subprocess.run(["grep", "-howF", "-f", "-", "--", *map(str, paths)],
                          input="\n".join(names), capture_output=True, text=True)
    return set(done.stdout.split())


def system_library(name):
    done = subprocess.run(["gcc", "-print-file-name=" + name], capture_output=True, text=True,
                          check=True)
    return done.stdout.strip()


class Exports(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.exported = names_of("-D", "--defined-only", BUILD / "lib" / "libvssapi.so")
        cls.libc = set()
        for name in LIBC_NAMES:
            cls.libc |= names_of("-D", "--defined-only", system_library(name))
        cls.microsoft = of_these_in(
            {name.removeprefix("w16_") for name in cls.exported},
            [p for folder in WINDOWS if folder.is_dir() for p in folder.glob("*.h")])
        cls.public = words_in((SOURCE / "emu/include").glob("vssemu*.h"))
        cls.wide = words_in((SOURCE / "fakes/windows/include").rglob("*.h"))

    def reason(self, name):
        if name in self.microsoft and (name[0].isupper() or name.startswith(("lstr", "wsprintf", "wvsprintf", "_"))):
            return "Windows headers declare it"
        if name.startswith("vssemu_") and name in self.public:
            return "vssemu.h or vssemu_writer.h declares it"
        if name.startswith("vssemu_") and (name in self.wide or name in FINE):
            return "Interlocked functions of our headers look at it"
        if name.startswith("w16_") and name[len("w16_"):] in self.wide | self.microsoft:
            return "the wide C library of compiled programs"
        if name in self.libc:
            return "libc's, on the world's clock"
        if (name in LEFT_OUT or "Vds" in name) and name in self.wide:
            return "Microsoft's header declares it, the ones here do not"
        return "our own programs call it" if name in PROGRAMS else None

    def test_every_exported_name_has_a_reason(self):
        without = sorted(name for name in self.exported if not self.reason(name))
        self.assertEqual([], without)

    def test_no_internal_name_is_exported(self):
        for name in ("backup_new", "sched_enter", "world_use", "mem_alloc", "str_add", "xml_next"):
            self.assertNotIn(name, self.exported)

    def test_every_function_of_our_headers_is_exported(self):
        for header in ("vssemu.h", "vssemu_writer.h"):
            text = (SOURCE / "emu/include" / header).read_text()
            text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
            declared = set(re.findall(r"\b(vssemu_\w+)\(", text))
            self.assertTrue(declared)
            self.assertEqual(set(), declared - self.exported)

    def test_every_function_of_libc_that_the_folder_defines_is_exported(self):
        objects = [str(p) for p in BUILD.glob("CMakeFiles/fakes_linux.dir/fakes/linux/*.o")]
        self.assertTrue(objects)
        ours = names_of("-g", "--defined-only", *objects) & self.libc
        self.assertIn("pthread_mutex_lock", ours)
        self.assertEqual(set(), ours - self.exported)

    def test_the_functions_of_vss_are_there(self):
        for name in ("CreateVssBackupComponentsInternal", "CreateVssExamineWriterMetadataInternal",
                     "IsVolumeSnapshottedInternal", "VssFreeSnapshotPropertiesInternal"):
            self.assertIn(name, self.exported)


if __name__ == "__main__":
    unittest.main()
