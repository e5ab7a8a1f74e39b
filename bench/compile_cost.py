#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Seconds of processor time per translation unit through the compile drivers, with and without the
precompiled header, and plain gcc with none of it: each source in turn, repeated, medians.
   compile_cost.py BUILD_DIR [REPETITIONS]"""
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile

BUILD = pathlib.Path(sys.argv[1]).resolve()
REPETITIONS = int(sys.argv[2]) if len(sys.argv) > 2 else 7
CC, CXX = BUILD / "bin" / "vssemu-cc", BUILD / "bin" / "vssemu-c++"
BODY = "int part(void) { return 1; }\n"
SOURCES = (  # what it is, file, text
    ("C, nothing included", "empty.c", BODY),
    ("C, windows.h", "windows.c", "#include <windows.h>\n" + BODY),
    ("C++, nothing included", "empty.cpp", BODY),
    ("C++, windows.h", "windows.cpp", "#include <windows.h>\n" + BODY),
    ("C++, <windows.h> behind a macro, <string>, vss.h, vswriter.h", "writer.cpp",
     "#define STRICT_OF_MINE 1\n#include <windows.h>\n#include <string>\n#include <vss.h>\n"
     "#include <vswriter.h>\n" + BODY),
    ("the same, with a comma before __VA_ARGS__", "comma.cpp",
     "#define SAY(f, ...) part(f, __VA_ARGS__)\n#include <windows.h>\n#include <string>\n"
     "#include <vss.h>\n#include <vswriter.h>\n" + BODY),
    ("the same, every header in another case", "case.cpp",
     "#define STRICT_OF_MINE 1\n#include <Windows.h>\n#include <string>\n#include <VSS.h>\n"
     "#include <VsWriter.h>\n" + BODY),
)


def seconds(driver, name, folder, **environment):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([str(driver), "-O1", "-g", "-c", name, "-o", "x.o"], cwd=folder, check=True,
                   env=dict(os.environ, VSSEMU_CACHE=folder + "/cache", **environment))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main():
    with tempfile.TemporaryDirectory(prefix="compile-cost-") as folder:
        print("%-64s %8s %8s %8s" % ("seconds per source, median of %d" % REPETITIONS, "without",
                                     "with", "making"))
        for what, name, text in SOURCES:
            pathlib.Path(folder, name).write_text(text)
            driver = CXX if name.endswith("pp") else CC
            making = max(seconds(driver, name, folder) for _ in range(3))
            pairs = [(seconds(driver, name, folder, VSSEMU_PCH="0"), seconds(driver, name, folder))
                     for _ in range(REPETITIONS)]
            print("%-64s %8.2f %8.2f %8.2f" % (what, statistics.median(p[0] for p in pairs),
                                               statistics.median(p[1] for p in pairs), making))


main()
