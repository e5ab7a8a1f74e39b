#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What `cmake --install` puts below a prefix: drivers, toolchain file, package, pkg-config file.
drivers_installed.py BUILD_DIR"""
import os
import subprocess
import tempfile

from drivers_folder import BUILD, DriverFolder, forget_settings, main

# The toolchain file is the same for both languages, and its C compiler is the one that costs little.
INSTALLED_PROJECT = """cmake_minimum_required(VERSION 3.20)
project(sample C)
file(WRITE ${CMAKE_BINARY_DIR}/compilers "C++ is ${CMAKE_CXX_COMPILER}\\n")
find_package(vssemu REQUIRED)
add_executable(app app.c)
target_link_libraries(app PRIVATE ole32 vssapi)
enable_testing()
vssemu_add_test(NAME app COMMAND app OPTIONS --clock virtual --volume C:=${CMAKE_BINARY_DIR}/c)
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/c)
"""
INSTALLED_MAIN = """#include <Windows.h>
int wmain(int n, wchar_t **words)
{
    HANDLE file = CreateFileW(L"C:\\made.txt", GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    return file == INVALID_HANDLE_VALUE || !CloseHandle(file) || n != 1 || !words;
}
"""


def install(place):
    """Installs below a folder that is moved afterwards; where it then is."""
    done = subprocess.run(["cmake", "--install", str(BUILD), "--prefix", place + "/first"],
                          capture_output=True, text=True,
                          env={name: value for name, value in os.environ.items() if name != "DESTDIR"})
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    os.rename(place + "/first", place + "/prefix")
    return place + "/prefix"


class Installed(DriverFolder):
    """Below a prefix that was moved after the installation, one for all tests. Its cache is not that of
    the build, because no precompiled header is good for both."""

    @classmethod
    def setUpClass(cls):
        cls.place = tempfile.TemporaryDirectory(prefix="drivers prefix ")
        cls.addClassCleanup(cls.place.cleanup)
        cls.prefix = install(cls.place.name)

    def setUp(self):
        super().setUp()
        self.environment.update(VSSEMU_CACHE=self.place.name + "/cache", VSSEMU_PCH="0")
        forget_settings(self.environment)

    def test_drivers_use_what_lies_beside_them(self):
        prefix = self.prefix
        self.write("app.cpp", '#include "PART.H"\nextern "C" int fixed(void);\nint wmain()\n{\n'
                              '    std::wstring text(L"text that is long enough for the heap");\n'
                              '    wprintf(L"%s %d\\n", text.c_str(), fixed());\n    return 0;\n}\n')
        self.write("inc/part.h", "#include <Windows.h>\n#include <stdio.h>\n#include <string>\n")
        self.write("fixed.c", "#include <Windows.h>\nint fixed(void) { return VALUE; }\n")
        self.run_in_folder(prefix + "/bin/vssemu-c++", "-Iinc", "-DVALUE=1", "app.cpp", "fixed.c", "-o", "app")
        self.assertEqual("text that is long enough for the heap 1\n", self.run_in_folder("./app").stdout)
        self.assertIn(prefix + "/lib/libvssapi.so", self.run_in_folder("ldd", "app").stdout)
        done = self.run_in_folder(prefix + "/bin/vssemu-c++", "-Iinc", "-E", "-v", "app.cpp")
        self.assertNotIn(str(BUILD), done.stderr)
        self.run_in_folder(prefix + "/bin/vssemu", "run", "--volume", "C:=inc", "--", "./app")
        self.run_in_folder(prefix + "/bin/betest", "/?")

    def test_toolchain_file(self):
        self.write("CMakeLists.txt", INSTALLED_PROJECT)
        self.write("app.c", INSTALLED_MAIN)
        self.run_in_folder("cmake", "--toolchain", self.prefix + "/lib/cmake/vssemu/vssemu.cmake",
                           "-S", ".", "-B", "out")
        self.assertIn(f"C++ is {self.prefix}/bin/vssemu-c++\n", self.read("out/compilers"))
        self.run_in_folder("cmake", "--build", "out")
        self.run_in_folder("ctest", "--test-dir", "out", "--no-tests=error")
        self.assertTrue(os.path.exists(self.path("out/c/made.txt")))

    def test_package_for_a_compiler_that_is_not_the_driver(self):
        self.write("plain/CMakeLists.txt", "cmake_minimum_required(VERSION 3.20)\nproject(p C CXX)\n"
                                           "find_package(vssemu 0.1 REQUIRED)\n"
                                           "add_executable(p ../plain.cpp ../plain.c)\n"
                                           "target_link_libraries(p PRIVATE vssemu::vssapi)\n")
        self.write_plain()
        self.run_in_folder("cmake", "-S", "plain", "-B", "out", "-DCMAKE_PREFIX_PATH=" + self.prefix)
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
        prefix = install(folder.name)
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


main()
