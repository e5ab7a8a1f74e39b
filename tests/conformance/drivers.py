#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The compile drivers as commands: options, languages, what is refused, and that nothing of 16-bit
text leaves a program.   drivers.py BUILD_DIR"""
import pathlib

from drivers_folder import CC, CXX, DriverFolder, main

WIDE = '#include <windows.h>\n#include <string>\nint wmain() { std::wstring s(L"wide"); ' \
       's += L" text that is long enough for the heap"; return s.length() == 42 ? 0 : 1; }\n'
MARK = "vssemu_link_this_program_with_vssemu_cc_or_vssemu_cxx"


class Drivers(DriverFolder):
    def test_a_program_exports_and_imports_no_wide_string(self):
        self.write("a.cpp", WIDE)
        for level in ("-O0", "-O2"):
            self.run_in_folder(CXX, level, "a.cpp", "-o", "a")
            self.run_in_folder("./a")
            names = self.run_in_folder("nm", "-D", "a").stdout
            self.assertNotRegex(names, "Iw")
            defined = self.run_in_folder("nm", "-D", "--defined-only", "a").stdout
            self.assertNotRegex(defined, "w16_")

    def test_an_object_of_another_compiler_is_refused_with_the_reason(self):
        self.write("a.c", "int main(void) { return 0; }\n")
        self.run_in_folder("gcc", "-c", "a.c")
        done = self.run_in_folder(CC, "a.o", "-o", "a", ok=False)
        self.assertIn("a.o was not compiled by vssemu-cc", done.stderr)

    def test_linking_without_the_driver_fails_on_a_name_that_says_it(self):
        self.write("a.c", "int main(void) { return 0; }\n")
        self.run_in_folder(CC, "-c", "a.c")
        done = self.run_in_folder("gcc", "a.o", "-o", "a", ok=False)
        self.assertIn(MARK, done.stderr)

    def test_the_headers_refuse_another_compiler(self):
        self.write("a.c", "#include <vss.h>\n")
        folders = ["-I" + str(pathlib.Path(__file__).resolve().parents[2] / "fakes/windows/include")]
        done = self.run_in_folder("gcc", *folders, "-c", "a.c", ok=False)
        self.assertIn("vssemu-cc", done.stderr)

    def test_objects_are_compiled_and_linked_in_steps(self):
        self.write("main.c", "int other(void);\nint wmain(void) { return other() - VALUE; }\n")
        self.write("other.c", "int other(void) { return 5; }\n")
        self.run_in_folder(CC, "-c", "main.c", "other.c", "-DVALUE=5")
        self.run_in_folder(CC, "main.o", "other.o", "-o", "a")
        self.run_in_folder("./a")
        self.run_in_folder(CC, "-O2", "-g", "main.c", "other.o", "-D", "VALUE=5", "-o", "b")
        self.run_in_folder("./b")

    def test_wmain_may_be_declared_in_the_usual_ways(self):
        for form in ("int wmain(int n, wchar_t *v[])", "int wmain(int n, const wchar_t *v[])",
                     "int wmain(int n, wchar_t *v[], wchar_t **)",
                     'extern "C" int __cdecl wmain(int n, WCHAR **v)'):
            self.write("a.cpp", "#include <windows.h>\n%s { return n == 2 && !wcscmp(v[1], "
                                'L"caf\\u00e9 \\U0001f600") ? 0 : 1; }\n' % form)
            self.run_in_folder(CXX, "a.cpp", "-o", "a")
            self.run_in_folder("./a", "caf\u00e9 \U0001f600")

    def test_a_program_without_main_says_so(self):
        self.write("a.c", "int nothing;\n")
        self.run_in_folder(CC, "a.c", "-o", "a")
        self.assertIn("neither main nor wmain", self.run_in_folder("./a", ok=False).stderr)

    def test_preprocessing_dependencies_and_standard_input(self):
        self.write("include dir/mine.h", "#define MINE 7\n")
        self.write("a.c", '#include "mine.h"\nint value = MINE;\n')
        done = self.run_in_folder(CC, "-E", "-P", "-I", "include dir", "a.c")
        self.assertIn("int value = 7;", done.stdout)
        self.run_in_folder(CC, "-MMD", "-MF", "a.d", "-I", "include dir", "-c", "a.c")
        self.assertIn("mine.h", (pathlib.Path(self.folder.name) / "a.d").read_text())
        self.run_in_folder(CXX, "-x", "c++", "-fsyntax-only", "-", text="class A {};\n")

    def test_windows_libraries_are_all_ours(self):
        self.write("a.c", "int main(void) { return 0; }\n")
        self.run_in_folder(CC, "a.c", "-lole32", "-luuid", "vssapi.lib", "-l", "kernel32", "-o", "a")

    def test_header_names_ignore_case(self):
        self.write("a.c", "#define COBJMACROS\n#include <Windows.h>\n#include <VsBackup.h>\n"
                          "int main(void) { return sizeof(VSS_ID) == 16 ? 0 : 1; }\n")
        self.run_in_folder(CC, "a.c", "-o", "a")
        self.run_in_folder("./a")

    def test_an_error_in_the_source_is_the_drivers_error(self):
        self.write("a.c", "int main(void) { return x; }\n")
        done = self.run_in_folder(CC, "a.c", "-o", "a", ok=False)
        self.assertIn("a.c", done.stderr)
        self.assertFalse((pathlib.Path(self.folder.name) / "a").exists())


main()
