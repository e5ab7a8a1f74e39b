#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The compile drivers under CMake, Make and Meson, from the build tree: each test builds a small
project and runs it.   drivers_build.py BUILD_DIR"""
import os

from drivers_folder import BUILD, CC, CXX, DriverFolder, forget_settings, main

TOOLCHAIN = BUILD / "lib" / "cmake" / "vssemu" / "vssemu.cmake"

CMAKE_PROJECT = """cmake_minimum_required(VERSION 3.20)
project(sample C CXX)
include(CheckSymbolExists)
include(CheckCXXSourceCompiles)
check_symbol_exists(CreateFileW "windows.h" HAS_CREATE_FILE)
check_symbol_exists(NoSuchFunctionOfAnybody "windows.h" HAS_NOTHING)
check_cxx_source_compiles("#include <Windows.h>\\nint main() { static_assert(sizeof(L'x') == 2);
  return CreateMutexW(0, 0, 0) == 0; }" HAS_WIDE)
if(NOT VSSEMU OR NOT HAS_CREATE_FILE OR HAS_NOTHING OR NOT HAS_WIDE)
  message(FATAL_ERROR "${VSSEMU} ${HAS_CREATE_FILE} ${HAS_NOTHING} ${HAS_WIDE}")
endif()
add_library(fixed STATIC fixed.c)
add_library(moving SHARED moving.cpp moving.def)
add_library(pieces OBJECT pieces.c)
target_include_directories(pieces PUBLIC inc)
add_executable(app main.cpp app.rc)
target_compile_definitions(app PRIVATE VALUE=1)
target_compile_features(app PRIVATE cxx_std_11)
target_link_libraries(app PRIVATE fixed moving pieces ole32 vssapi)
find_package(vssemu REQUIRED)
enable_testing()
vssemu_add_test(NAME app COMMAND app OPTIONS --clock virtual --volume C:=${CMAKE_BINARY_DIR}/c)
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/c)
"""
MAIN = """#include "Common.H"
#include <string>
extern "C" int fixed(void);
std::wstring moving();
extern "C" int pieces(void);
int wmain(int, wchar_t **)
{
    CoInitialize(NULL);
    WCHAR path[] = L"C:\\\\made.txt";
    HANDLE file = CreateFileW(path, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    if (VALUE == 1 && file != INVALID_HANDLE_VALUE)
        CloseHandle(file);
    wprintf(L"%d %s %d %d\\n", fixed(), moving().c_str(), pieces(), COMMON);
    return 0;
}
"""
# C++ costs seconds a file where no precompiled header is ready: there is as little of it as shows it.
SOURCES = {
    "CMakeLists.txt": CMAKE_PROJECT,
    "main.cpp": MAIN,
    "app.rc": "1 ICON app.ico\n",
    "common.h": "#pragma once\n#include <Windows.h>\n#include <stdio.h>\n#define COMMON 7\n",
    "fixed.c": '#include "COMMON.h"\nint fixed(void) { return COMMON + 1; }\n',
    "moving.cpp": '#include <Windows.h>\n#include <string>\n'
                  'std::wstring moving() { return L"moving, and long enough for the heap"; }\n',
    "moving.def": "EXPORTS\n",
    "pieces.c": '#include <Part.h>\nint pieces(void) { return PART; }\n',
    "inc/part.h": "#define PART 9\n",
}
SAYS = "8 moving, and long enough for the heap 9 7\n"

MAKEFILE = """CPPFLAGS = -MMD -MP -DVALUE=1 -Iinc
app: main.o fixed.o moving.o pieces.o
\t$(CXX) $(LDFLAGS) $^ $(LDLIBS) -o $@
-include $(wildcard *.d)
"""
MESON = """project('sample', 'c', 'cpp', default_options: ['cpp_std=c++17', 'b_lundef=true'])
cc = meson.get_compiler('c')
assert(cc.has_function('CreateFileW', prefix: '#include <windows.h>'))
assert(cc.sizeof('wchar_t') == 2)
fixed = static_library('fixed', 'fixed.c')
moving = shared_library('moving', 'moving.cpp')
executable('app', 'main.cpp', 'pieces.c', cpp_args: '-DVALUE=1', include_directories: 'inc',
           link_with: [fixed, moving])
"""


class Projects(DriverFolder):
    def setUp(self):
        super().setUp()
        for name, text in SOURCES.items():
            self.write(name, text)
        forget_settings(self.environment)

    def rebuilds(self, build, program):
        """Changing a header that is named in another case builds again what names it."""
        self.assertEqual(SAYS, self.run_in_folder(program).stdout)
        self.write("common.h", self.read("common.h").replace("7", "70"))
        os.utime(self.path("common.h"), (4000000000, 4000000000))
        self.run_in_folder(*build)
        self.assertEqual("71 moving, and long enough for the heap 9 70\n",
                         self.run_in_folder(program).stdout)

    def cmake(self, generator):
        self.run_in_folder("cmake", "--toolchain", TOOLCHAIN, "-G", generator, "-S", ".", "-B", "out")
        self.run_in_folder("cmake", "--build", "out")
        done = self.run_in_folder("ctest", "--test-dir", "out", "--no-tests=error")
        self.assertIn("100% tests passed", done.stdout)
        self.assertTrue(os.path.exists(self.path("out/c/made.txt")))
        self.rebuilds(("cmake", "--build", "out"), "out/app")

    def test_of_cmake_with_ninja(self):
        self.need("ninja")
        self.cmake("Ninja")
        done = self.run_in_folder("ninja", "-C", "out", "-t", "deps")
        self.assertIn("common.h", done.stdout)
        self.assertNotIn("driver-cache", done.stdout)

    def test_of_cmake_with_makefiles(self):
        self.need("make")
        self.cmake("Unix Makefiles")

    def test_of_make_with_its_own_rules(self):
        self.need("make")
        self.environment["VSSEMU_PCH"] = "0"  # one would be made for these options and this test alone
        self.write("Makefile", MAKEFILE)
        build = ("make", "CC=" + str(CC), "CXX=" + str(CXX), "CXXFLAGS=-g -pipe")
        self.run_in_folder(*build)
        self.rebuilds(build, "./app")

    def test_of_meson(self):
        self.need("meson", "ninja")
        self.environment["VSSEMU_PCH"] = "0"
        self.write("meson.build", MESON)
        self.environment.update(CC=str(CC), CXX=str(CXX))
        self.run_in_folder("meson", "setup", "out")
        build = ("meson", "compile", "-C", "out")
        self.run_in_folder(*build)
        self.rebuilds(build, "out/app")

    def test_with_a_precompiled_header_of_cmake(self):
        self.need("ninja")
        self.write("CMakeLists.txt", "cmake_minimum_required(VERSION 3.20)\nproject(p CXX)\n"
                                     "add_executable(p p.cpp q.cpp)\n"
                                     "target_precompile_headers(p PRIVATE pch.h)\n")
        self.write("pch.h", "#include <Windows.h>\n#include <vector>\n#define FROM_PCH 3\n")
        self.write("p.cpp", "int q();\nint main() { return q() - FROM_PCH; }\n")
        self.write("q.cpp", "int q() { return (int)std::vector<int>(FROM_PCH).size(); }\n")
        self.run_in_folder("cmake", "--toolchain", TOOLCHAIN, "-G", "Ninja", "-S", ".", "-B", "out",
                           "-DCMAKE_CXX_FLAGS=-Winvalid-pch -Werror=invalid-pch")
        self.run_in_folder("cmake", "--build", "out")
        self.run_in_folder("out/p")


main()
