#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What the compile drivers do at a link: objects that were compiled without them, functions of
Windows that are not there yet, shared and static libraries.   drivers_link.py BUILD_DIR"""
import ctypes
import json

from drivers_folder import CC, CXX, DriverFolder, VSSEMU, main

MARK = "vssemu_link_this_program_with_vssemu_cc_or_vssemu_cxx"
EMPTY = "int main(void) { return 0; }\n"
# Functions of Windows that backup software has no use for, so that they stay missing: one that
# answers a BOOL, one a handle, one an HRESULT; and an interface that is not ours.
MISSING = """#include <windows.h>
#include <wingdi.h>
#include <uxtheme.h>
#include <wbemcli.h>
#include <stdio.h>
int main(void)
{
    BOOL flag;
    SetLastError(0);
    HDC dc = CreateMetaFileW(L"x");
    DWORD error = GetLastError();
    HRESULT hr = GetThemeBool(NULL, 1, 2, 3, &flag);
    printf("%d %u %08x %08x\\n", dc != NULL, (unsigned)error, (unsigned)hr,
           (unsigned)IID_IWbemLocator.Data1);
    return 0;
}
"""


# One of each kind of answer: name and arguments, what it fails with (Learn, "Return value"), as is
# printed. Each must stay missing; one that is added leaves the list.
FAILING = [
    ("NetShareEnum(NULL, 2, NULL, 0, NULL, NULL, NULL)", "lm.h", 120),
    ("RegQueryReflectionKey(NULL, NULL)", "winreg.h", 120),
    ("SHCopyKeyA(NULL, NULL, NULL, 0)", "shlwapi.h", 120),
    ("WNetGetConnectionW(NULL, NULL, NULL)", "winnetwk.h", 120),
    ("PdhCloseQuery(NULL)", "pdh.h", 0xC0000BD3 - (1 << 32)),
    ("MsiCloseHandle(0)", "msi.h", 120),
    ("SetupDiGetClassDevsW(NULL, NULL, NULL, 0)", "setupapi.h", -1),
    ("SetupOpenInfFileW(NULL, NULL, 0, NULL)", "setupapi.h", -1),
    ("CreateMailslotW(NULL, 0, 0, NULL)", "windows.h", -1),
    ("FindFirstPrinterChangeNotification(NULL, 0, 0, NULL)", "winspool.h", -1),
    ("WSAAsyncSelect(0, NULL, 0, 0)", "winsock2.h", -1),
    ("LsaClose(NULL)", "ntsecapi.h", 0xC0000002 - (1 << 32)),
    ("GetThemeSysFont(NULL, 0, NULL)", "uxtheme.h", 0x80004001 - (1 << 32)),
    ("CreatePen(0, 0, 0)", "wingdi.h", 0),
    ("EmptyWorkingSet(NULL)", "psapi.h", 0),
]


class Marks(DriverFolder):
    def refused(self, *words, text):
        done = self.run_in_folder(*words, ok=False)
        self.assertIn(text + " was not compiled by vssemu-cc", done.stderr)

    def test_of_objects_are_asked_for(self):
        self.write("a.c", EMPTY)
        self.run_in_folder("gcc", "-c", "a.c")
        self.refused(CC, "a.o", "-o", "a", text="a.o")
        self.refused(CC, "-shared", "a.o", "-o", "a.so", text="a.o")
        self.run_in_folder(CC, "--foreign-objects", "a.o", "-o", "a")
        self.run_in_folder("./a")

    def test_of_members_of_static_libraries_are_asked_for(self):
        self.write("a.c", "int good(void); int main(void) { return good(); }\n")
        self.write("good.c", "int good(void) { return 0; }\n")
        self.write("bad_one_with_a_long_name.c", "int bad(void) { return 0; }\n")
        self.run_in_folder(CC, "-c", "good.c")
        self.run_in_folder("gcc", "-c", "bad_one_with_a_long_name.c")
        for options in ("cr", "crT"):  # a thin one, as Meson makes
            self.run_in_folder("rm", "-f", "libmine.a", "libfine.a")
            self.run_in_folder("ar", options, "libmine.a", "good.o", "bad_one_with_a_long_name.o")
            self.run_in_folder("ar", options, "libfine.a", "good.o")
            name = "bad_one_with_a_long_name.o" if "T" in options else \
                "libmine.a(bad_one_with_a_long_name.o)"
            self.refused(CC, "a.c", "libmine.a", "-o", "a", text=name)
            self.refused(CC, "a.c", "-L.", "-lmine", "-o", "a", text="./" + name)
            self.run_in_folder(CC, "a.c", "-L.", "-lfine", "-o", "a")
            self.run_in_folder("./a")

    def test_of_assembler_are_not(self):
        self.write("a.c", "int five(void); int main(void) { return five() - 5; }\n")
        self.write("five.S", "#define FIVE 5\n.globl five\nfive: mov $FIVE, %eax\nret\n"
                             ".section .note.GNU-stack\n")
        self.run_in_folder(CC, "-c", "five.S")
        self.run_in_folder(CC, "a.c", "five.o", "-o", "a")
        self.run_in_folder("./a")
        self.run_in_folder(CC, "a.c", "five.S", "-o", "a")
        self.run_in_folder("./a")

    def test_make_another_linker_fail_with_a_name_that_says_it(self):
        self.write("a.cpp", 'extern "C" int part() { return 0; }\n' + EMPTY)
        self.run_in_folder(CXX, "-fPIC", "-c", "a.cpp")
        library = ["-L" + str(CC.parents[1] / "lib"), "-lvssapi"]
        done = self.run_in_folder("g++", "a.o", *library, "-o", "a", ok=False)
        self.assertIn(MARK, done.stderr)
        self.run_in_folder("g++", "-shared", "a.o", *library, "-o", "liba.so")
        self.write("b.c", "int part(void); int main(void) { return part(); }\n")
        done = self.run_in_folder("gcc", "b.c", "./liba.so", *library, "-o", "b", ok=False)
        self.assertIn(MARK, done.stderr)
        with self.assertRaisesRegex(OSError, MARK):
            ctypes.CDLL(self.path("liba.so"))

    def test_survive_link_time_optimization(self):
        self.write("a.cpp", '#include <windows.h>\n#include <string>\n'
                            'std::wstring part(); int wmain() { return part() != L"xxxx"; }\n')
        self.write("b.cpp", "#include <string>\nstd::wstring part() { return std::wstring(4, L'x'); }\n")
        self.run_in_folder(CXX, "-O2", "-flto", "-c", "a.cpp", "b.cpp")
        self.run_in_folder(CXX, "-O2", "-flto", "a.o", "b.o", "-o", "a")
        self.run_in_folder("./a")
        self.assertNotRegex(self.run_in_folder("nm", "-D", "a").stdout, "Iw")


class Missing(DriverFolder):
    def test_functions_of_windows_are_stubs_that_fail_and_say_so(self):
        self.write("a.c", MISSING)
        done = self.run_in_folder(CC, "-g", "a.c", "-o", "a")
        self.assertIn("CreateMetaFileW, GetThemeBool", done.stderr)
        done = self.run_in_folder(VSSEMU, "run", "--clock", "virtual", "--seed", "1", "--trace",
                                  "t.jsonl", "--volume", "C:=" + self.path("c"), "--", "./a") \
            if self.make("c") else None
        self.assertEqual("0 120 80004001 dc12a687\n", done.stdout)
        self.assertRegex(done.stderr, r"CreateMetaFileW \(wingdi\.h\) is not there yet: called from "
                                      r"main \(a\.c:10\)")
        self.assertRegex(done.stderr, r"GetThemeBool \(uxtheme\.h\) .* main \(a\.c:12\)")
        notes = [r for r in map(json.loads, self.read("t.jsonl").splitlines())
                 if r.get("kind") == "note" and r.get("who") == "program"]
        self.assertEqual(["CreateMetaFileW", "GetThemeBool"], [r["what"] for r in notes])
        self.assertIn("main (a.c:12)", notes[1]["detail"])

    def test_functions_fail_as_their_declarations_say(self):
        headers = dict.fromkeys(["winsock2.h", "windows.h", *(row[1] for row in FAILING)])
        lines = ["SetLastError(0); printf(\"%lld \", (long long)" + call + "); "
                 "puts(GetLastError() == 120 ? \"\" : \"last error\");"
                 for call, *_ in FAILING]
        self.write("a.c", "".join("#include <%s>\n" % h for h in headers) +
                   "#include <stdio.h>\n"
                   "int main(void)\n{\n    " + "\n    ".join(lines) + "\n    return 0;\n}\n")
        done = self.run_in_folder(CC, "-w", "a.c", "-o", "a")
        for call, *_ in FAILING:
            self.assertIn(call.split("(")[0], done.stderr)
        answers = self.run_in_folder("./a").stdout.splitlines()
        self.assertEqual(["%s %d " % (call, answer) for call, _, answer in FAILING],
                         ["%s %s" % (row[0], answer) for row, answer in zip(FAILING, answers)])

    def make(self, folder):
        self.run_in_folder("mkdir", "-p", folder)
        return True

    def test_functions_in_cpp_and_in_a_shared_library(self):
        self.write("part.cpp", '#include <windows.h>\n#include <wingdi.h>\n'
                               'extern "C" HDC part() { return CreateMetaFileW(0); }\n')
        self.write("a.cpp", '#include <windows.h>\nextern "C" HDC part();\n'
                            "int main() { return part() == NULL && GetLastError() == 120 ? 0 : 1; }\n")
        self.run_in_folder(CXX, "-shared", "-fPIC", "part.cpp", "-o", "libpart.so")
        done = self.run_in_folder(CXX, "a.cpp", "./libpart.so", "-o", "a")
        self.assertEqual("", done.stderr)
        done = self.run_in_folder("./a")
        self.assertIn("called from part", done.stderr)

    def test_functions_are_listed_by_report(self):
        self.write("a.c", MISSING)
        done = self.run_in_folder(CC, "-g", "--report", "a.c", "-o", "a")
        self.assertIn("a: 3 names of Windows are not there yet", done.stdout)
        self.assertRegex(done.stdout, r"GetThemeBool +uxtheme\.h +E_NOTIMPL +a\.c:12")
        self.run_in_folder(CC, "-g", "--report=missing.tsv", "a.c", "-o", "a")
        self.assertIn("CreateMetaFileW\twingdi.h\t0\ta.c:10\n", self.read("missing.tsv"))
        self.write("b.c", EMPTY)
        done = self.run_in_folder(CC, "--report", "b.c", "-o", "b")
        self.assertEqual("b: 0 names of Windows are not there yet\n", done.stdout)

    def test_report_without_a_source_says_what_it_is_for(self):
        self.assertIn("SOURCES -o PROGRAM", self.run_in_folder(CXX, "--report", ok=False).stderr)

    def test_functions_of_the_user_stay_an_error(self):
        self.write("a.c", MISSING.replace("SetLastError(0)", "int my_own(int); my_own(1)"))
        done = self.run_in_folder(CC, "a.c", "-o", "a", ok=False)
        self.assertIn("undefined reference to `my_own'", done.stderr)
        self.assertNotIn("undefined reference to `CreateMetaFileW'", done.stderr)
        self.write("b.cpp", "int my_own(int); int main() { return my_own(1); }\n")
        done = self.run_in_folder(CXX, "b.cpp", "-o", "b", ok=False)
        self.assertIn("my_own(int)", done.stderr)


class Libraries(DriverFolder):
    def test_shared_ones_keep_wide_strings_inside_and_throw_them(self):
        self.write("part.cpp", '#include <windows.h>\n#include <string>\n#include <vector>\n'
                               'std::wstring part(int n) { std::vector<std::wstring> v(2, L"ab");\n'
                               'if (n) throw v[0] + L" thrown, and long enough for the heap";\n'
                               'return v[0] + v[1]; }\n')
        self.write("a.cpp", '#include <windows.h>\n#include <string>\nstd::wstring part(int n);\n'
                            'int wmain() { if (part(0) != L"abab") return 1;\n'
                            'try { part(1); } catch (std::wstring &s)\n'
                            '{ return s != L"ab thrown, and long enough for the heap"; }\n'
                            'return 2; }\n')
        for level in ("-O0", "-O2"):
            self.run_in_folder(CXX, level, "-g", "-shared", "-fPIC", "part.cpp", "-o", "libpart.so")
            self.run_in_folder(CXX, level, "a.cpp", "-L.", "-lpart", "-Wl,-rpath,$ORIGIN", "-o", "a")
            self.run_in_folder("./a")
            for name in ("a", "libpart.so"):
                names = self.run_in_folder("nm", "-D", "--defined-only", name).stdout
                self.assertNotRegex(names, r" \w*Iw\w*$")

    def test_a_component_can_be_loaded_by_name(self):
        self.write("dll.cpp", "#include <windows.h>\nextern \"C\" HRESULT WINAPI "
                              "DllGetClassObject(REFCLSID, REFIID, void **p) { *p = 0; return 7; }\n"
                              "BOOL WINAPI DllMain(HINSTANCE, DWORD, void *) { return TRUE; }\n")
        self.write("a.c", "#include <windows.h>\ntypedef HRESULT (*get)(void *, void *, void **);\n"
                          "int main(void) { HMODULE m = LoadLibraryW(L\"./dll.so\"); void *p;\n"
                          "get g = m ? (get)GetProcAddress(m, \"DllGetClassObject\") : 0;\n"
                          "return g ? g(0, 0, &p) - 7 : 1; }\n")
        self.write("dll.def", "EXPORTS\n")
        self.run_in_folder(CXX, "-shared", "-fPIC", "dll.cpp", "dll.def", "-lole32", "-o", "dll.so")
        self.run_in_folder(CC, "a.c", "-o", "a")
        self.run_in_folder("./a")

    def test_a_fully_static_program_is_refused(self):
        self.write("a.c", EMPTY)
        done = self.run_in_folder(CC, "-static", "a.c", "-o", "a", ok=False)
        self.assertIn("libvssapi is a shared library", done.stderr)

    def test_sanitizers_are_passed_on(self):
        self.write("a.cpp", "#include <windows.h>\n#include <string>\nint wmain(int n, wchar_t **)\n"
                            "{ std::wstring s(L\"text\"); int *p = new int[2]; n += p[n]; "
                            "delete[] p; return 0; }\n")
        self.environment["ASAN_OPTIONS"] = "detect_leaks=0"
        self.run_in_folder(CXX, "-fsanitize=address,undefined", "-g", "a.cpp", "-o", "a")
        self.run_in_folder("./a")
        done = self.run_in_folder("./a", "x", ok=False)
        self.assertIn("heap-buffer-overflow", done.stderr)


main()
