#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What the compile drivers say of what cannot be had natively, and the options they share with
gcc's drivers.   drivers_foreign.py BUILD_DIR"""
import os

from drivers_folder import CC, CXX, DriverFolder, main

EMPTY = "int main(void) { return 0; }\n"


class Foreign(DriverFolder):
    def one_line(self, driver, name, text, line, what):
        self.write(name, text)
        done = self.run_in_folder(driver, "-c", name, ok=False)
        self.assertEqual(1, len(done.stderr.splitlines()), done.stderr)
        self.assertTrue(done.stderr.startswith("%s:%d: " % (name, line)), done.stderr)
        self.assertIn(what, done.stderr)
        self.assertIn("the Wine way (docs/windows-source.md)", done.stderr)

    def test_structured_exceptions(self):
        text = "#include <windows.h>\nint main()\n{\n    __try { return 1; }\n" \
               "    __except (EXCEPTION_EXECUTE_HANDLER) { return 2; }\n}\n"
        self.one_line(CXX, "a.cpp", text, 4, "structured exception handling (__try")
        self.one_line(CC, "a.c", text, 4, "structured exception handling (__try")

    def test_com_plus_catalogue(self):
        self.one_line(CXX, "a.cpp", "#include <windows.h>\n#include <ComAdmin.h>\n", 2, "COM+")

    def test_management_instrumentation(self):
        self.one_line(CXX, "a.cpp", "#include <windows.h>\n#include <wbemidl.h>\n"
                                    "int main() { return no_such_name; }\n", 2,
                      "Windows Management Instrumentation")

    def test_type_libraries(self):
        self.one_line(CXX, "a.cpp", "#include <windows.h>\n#import <msxml6.dll> no_namespace\n"
                                    "int main() { IXMLDOMDocumentPtr document; }\n", 2, "#import")

    def test_a_construct_that_is_left_out_does_no_harm(self):
        self.write("a.c", "#ifdef _MSC_VER\n__try {} __except (1) {}\n#include <comadmin.h>\n#endif\n"
                          "/* __try */ const char *s = \"__try\";\n" + EMPTY)
        done = self.run_in_folder(CC, "a.c", "-o", "a")
        self.assertEqual("", done.stderr)

    def test_verbose_shows_what_the_compiler_says(self):
        self.write("a.c", "int main(void) { __try { } __finally { } }\n")
        self.assertIn("error:", self.run_in_folder(CC, "-v", "-c", "a.c", ok=False).stderr)


class Options(DriverFolder):
    def test_come_from_response_files(self):
        self.write("main file.c", "#include <string.h>\n#include <stdio.h>\n"
                                  "int main(void) { puts(TEXT); return VALUE; }\n")
        self.write("all.rsp", "@more.rsp 'main file.c'\n-DVALUE=0 \"-o\" a\n")
        self.write("more.rsp", "-DTEXT='\"a\\ b@c\"'\n-Wall @absent.rsp -O1")
        done = self.run_in_folder(CC, "@all.rsp", ok=False)  # what names no file stays a word
        self.assertIn("@absent.rsp", done.stderr)
        self.write("more.rsp", '-DTEXT=\\"a\\ b\\" -Wall -O1')
        self.run_in_folder(CC, "@all.rsp")
        self.assertEqual("a b\n", self.run_in_folder("./a").stdout)
        self.write("loop.rsp", "@loop.rsp")
        self.assertIn("without an end", self.run_in_folder(CC, "@loop.rsp", ok=False).stderr)

    def test_that_ask_are_answered_by_the_compiler(self):
        for option in ("--version", "-dumpversion", "-dumpmachine", "-print-search-dirs",
                       "-print-prog-name=ld", "-print-file-name=libc.so.6"):
            expected = self.run_in_folder("gcc", option).stdout
            self.assertEqual(expected, self.run_in_folder(CC, option).stdout)
        self.assertIn("gcc version", self.run_in_folder(CXX, "-v").stderr)

    def test_that_only_show_build_nothing(self):
        self.write("a.c", EMPTY)
        self.assertIn("cc1", self.run_in_folder(CC, "-###", "a.c", "-o", "a").stderr)
        self.assertFalse(os.path.exists(self.path("a")))
        self.run_in_folder(CC, "-v", "-pipe", "a.c", "-o", "a")
        self.run_in_folder("./a")

    def test_of_language_linker_and_defaults(self):
        self.write("text.weird", "#include <string>\nint main() { return std::string(N).size(); }\n")
        self.write("plain.c", "int plain(void) { return 1; }\n")
        self.run_in_folder(CC, "-DN=\"\"", "-x", "c++", "text.weird", "-x", "none", "plain.c",
                           "-Xlinker", "--build-id=none", "-Wl,-Map,a.map", "-include", "string.h")
        self.run_in_folder("./a.out")
        self.assertIn("plain", self.read("a.map"))
        self.run_in_folder(CC, "-xc++", "-S", "text.weird", "-DN=\"\"", "-o", "t.s")
        self.run_in_folder(CC, "t.s", "-o", "t", "-lstdc++")
        self.run_in_folder("./t")
        self.run_in_folder(CC, "plain.c", "-std=c99", "-ansi", "-municode", "-c", "-o", "plain.obj")
        self.run_in_folder(CC, "-r", "plain.obj", "-o", "whole.o")

    def test_unicode_is_the_rule_and_can_be_undefined(self):
        self.write("a.c", "#include <windows.h>\n#include <tchar.h>\n"
                          "_Static_assert(sizeof(TCHAR) == WANT && sizeof(_T(\"\")) == WANT, \"\");\n")
        for words, size in (((), 2), (("-municode",), 2), (("-mno-unicode",), 1), (("-UUNICODE",), 1),
                            (("-U", "_UNICODE"), 1), (("-UUNICODE", "-DUNICODE", "-D_UNICODE"), 2)):
            self.run_in_folder(CC, f"-DWANT={size}", *words, "-fsyntax-only", "a.c")

    def test_undefining_and_relative_folders(self):
        self.write("inc/one/h.h", "#define FROM 1\n")
        self.write("inc/two/h.h", "#define FROM 2\n")
        self.write("a.c", "#include <h.h>\n#ifdef GONE\n#error\n#endif\n"
                          "int main(void) { return FROM - WANT; }\n")
        self.run_in_folder(CC, "-DGONE", "-UGONE", "-DWANT=2", "-isystem", "inc/one", "-I", "inc/two",
                           "a.c", "-o", "a")
        self.run_in_folder("./a")
        self.run_in_folder(CC, "-DWANT=1", "-iquote", "inc/two", "-Iinc/one", "a.c", "-o", "a")
        self.run_in_folder("./a")


main()
