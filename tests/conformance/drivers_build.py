#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The compile drivers under CMake, Make and Meson, from the build tree and installed: each test
builds a small project and runs it.   drivers_build.py BUILD_DIR"""
import os
import shutil
import subprocess
import tempfile

from drivers_folder import BUILD, CC, CXX, VSSEMU, DriverFolder, main

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
add_library(pieces OBJECT pieces.cpp)
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
int pieces();
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
SOURCES = {
    "CMakeLists.txt": CMAKE_PROJECT,
    "main.cpp": MAIN,
    "app.rc": "1 ICON app.ico\n",
    "common.h": "#pragma once\n#include <Windows.h>\n#include <stdio.h>\n#define COMMON 7\n",
    "fixed.c": '#include "COMMON.h"\nint fixed(void) { return COMMON + 1; }\n',
    "moving.cpp": '#include "Common.h"\n#include <string>\n'
                  'std::wstring moving() { return L"moving, and long enough for the heap"; }\n',
    "moving.def": "EXPORTS\n",
    "pieces.cpp": '#include <Part.h>\nint pieces() { return PART; }\n',
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
executable('app', 'main.cpp', 'pieces.cpp', cpp_args: '-DVALUE=1', include_directories: 'inc',
           link_with: [fixed, moving])
"""


class Projects(DriverFolder):
    def setUp(self):
        super().setUp()
        for name, text in SOURCES.items():
            self.write(name, text)
        for name in ("CC", "CXX", "CFLAGS", "CXXFLAGS", "LDFLAGS", "MAKEFLAGS", "DESTDIR"):
            self.environment.pop(name, None)

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
        self.write("Makefile", MAKEFILE)
        build = ("make", "CC=" + str(CC), "CXX=" + str(CXX), "CXXFLAGS=-g -pipe")
        self.run_in_folder(*build)
        self.rebuilds(build, "./app")

    def test_of_meson(self):
        self.need("meson", "ninja")
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


class Installed(Projects):
    """The same files below a prefix that was moved after the installation."""

    def install(self):
        done = subprocess.run(["cmake", "--install", str(BUILD), "--prefix", self.path("first")],
                              capture_output=True, text=True)
        self.assertEqual(0, done.returncode, done.stderr)
        os.rename(self.path("first"), self.path("prefix"))
        return self.path("prefix")

    # What Projects shows once is not shown again.
    test_of_cmake_with_ninja = test_of_cmake_with_makefiles = None
    test_of_make_with_its_own_rules = test_of_meson = None
    test_with_a_precompiled_header_of_cmake = None

    def test_drivers_use_what_lies_beside_them(self):
        prefix = self.install()
        self.run_in_folder(prefix + "/bin/vssemu-c++", "-Iinc", "-DVALUE=1", "main.cpp", "fixed.c",
                           "moving.cpp", "pieces.cpp", "-o", "app")
        self.assertEqual(SAYS, self.run_in_folder("./app").stdout)
        self.assertIn(prefix + "/lib/libvssapi.so", self.run_in_folder("ldd", "app").stdout)
        self.environment["VSSEMU_CACHE"] = self.path("cache")
        done = self.run_in_folder(prefix + "/bin/vssemu-c++", "-E", "-v", "main.cpp")
        self.assertNotIn(str(BUILD), done.stderr)
        self.run_in_folder(prefix + "/bin/vssemu", "run", "--volume", "C:=inc", "--", "./app")
        self.run_in_folder(prefix + "/bin/betest", "/?")

    def test_toolchain_file(self):
        prefix = self.install()
        self.run_in_folder("cmake", "--toolchain", prefix + "/lib/cmake/vssemu/vssemu.cmake",
                           "-S", ".", "-B", "out")
        self.run_in_folder("cmake", "--build", "out")
        self.run_in_folder("ctest", "--test-dir", "out", "--no-tests=error")

    def test_package_for_a_compiler_that_is_not_the_driver(self):
        prefix = self.install()
        self.write("plain/CMakeLists.txt", "cmake_minimum_required(VERSION 3.20)\nproject(p C CXX)\n"
                                           "find_package(vssemu 0.1 REQUIRED)\n"
                                           "add_executable(p ../plain.cpp ../plain.c)\n"
                                           "target_link_libraries(p PRIVATE vssemu::vssapi)\n")
        self.write_plain()
        self.run_in_folder("cmake", "-S", "plain", "-B", "out", "-DCMAKE_PREFIX_PATH=" + prefix)
        self.run_in_folder("cmake", "--build", "out")
        self.run_in_folder("out/p")

    def write_plain(self):
        self.write("plain.c", "#include <windows.h>\nint part(void) { return (int)wcslen(L\"1234\"); }\n")
        self.write("plain.cpp", "#include <windows.h>\n#include <vss.h>\n#include <vsbackup.h>\n"
                                "#include <vssemu.h>\n#include <string>\nextern \"C\" int part(void);\n"
                                "int wmain() { std::wstring s(L\"1234\");\n"
                                "vssemu_world *w = vssemu_world_new(NULL); IVssBackupComponents *b;\n"
                                "bool made = SUCCEEDED(CreateVssBackupComponents(&b));\n"
                                "if (made) b->Release();\n"
                                "vssemu_world_free(w); return made ? part() - s.length() : 9; }\n")

    def test_pkg_config(self):
        self.need("pkg-config")
        # It passes no blanks in paths on.
        folder = tempfile.TemporaryDirectory(prefix="vssemu-prefix-")
        self.addCleanup(folder.cleanup)
        prefix = shutil.move(self.install(), folder.name)
        self.write_plain()
        self.environment["PKG_CONFIG_PATH"] = prefix + "/lib/pkgconfig"
        driver = self.run_in_folder("pkg-config", "--variable=cc", "vssapi").stdout.strip()
        self.assertEqual(prefix + "/bin/vssemu-cc", os.path.normpath(driver))
        self.run_in_folder("sh", "-c", "gcc -c plain.c $(pkg-config --cflags vssapi) && "
                           "g++ -std=gnu++17 -fpermissive plain.cpp plain.o -o plain "
                           "$(pkg-config --cflags --libs vssapi)")
        self.run_in_folder("./plain")

    def test_with_destdir(self):
        self.environment["DESTDIR"] = self.path("stage")
        self.run_in_folder("cmake", "--install", BUILD, "--prefix", "/opt/v")
        self.write("a.c", "#include <Windows.h>\nint main(void) { return 0; }\n")
        self.run_in_folder(self.path("stage/opt/v/bin/vssemu-cc"), "a.c", "-o", "a")
        self.run_in_folder("./a")


if __name__ == "__main__":
    main()
