#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What the compile drivers do before the compiler sees a source: header names in any case, headers
from .idl and .mc files, the comma before empty __VA_ARGS__.   drivers_headers.py BUILD_DIR"""
from drivers_folder import CC, CXX, DriverFolder, main

IDL = """import "oaidl.idl";
import "Base Part.idl";
[object, uuid(12345678-1234-1234-1234-123456789abc), pointer_default(unique)]
interface IThing : IBase { HRESULT Do([in] long n, [out, retval] long *r); };
[uuid(12345678-1234-1234-1234-123456789abd), version(1.0)]
library ThingLib {
    importlib("stdole2.tlb");
    [uuid(12345678-1234-1234-1234-123456789abe)] coclass Thing { [default] interface IThing; };
};
"""
BASE_IDL = """import "unknwn.idl";
[object, uuid(12345678-1234-1234-1234-123456789abf)]
interface IBase : IUnknown { HRESULT Base%s(); };
"""
MESSAGES = """MessageIdTypedef=DWORD
SeverityNames=(Success=0x0:STATUS_SEVERITY_SUCCESS Error=0x3:STATUS_SEVERITY_ERROR)
FacilityNames=(System=0x0FF:FACILITY_SYSTEM)
LanguageNames=(English=0x409:MSG00409)

MessageId=0x1
Severity=Error
Facility=System
SymbolicName=MSG_BAD
Language=English
It is bad: %1
.
"""
LOG = """#include <windows.h>
#include <stdio.h>
static int n_arguments(const char *format, ...) { return (int)strlen(format); }
#define COUNT(format, ...) n_arguments(format, __VA_ARGS__)
#define OUTER(format, ...) COUNT(format, __VA_ARGS__)
"""
SOCKETS = """int main(void)
{
    WSADATA data;
    SOCKET s = socket(AF_INET, SOCK_STREAM, 0);
    SOCKADDR_IN name = { 0 };
    ADDRINFOA *found = NULL;
    name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (WSAStartup(MAKEWORD(2, 2), &data) || s == INVALID_SOCKET || found ||
        bind(s, (SOCKADDR *)&name, sizeof(name)) == SOCKET_ERROR)
        return WSAGetLastError();
    _ReadWriteBarrier();
    return closesocket(s) + WSACleanup();
}
"""


class Names(DriverFolder):
    def test_of_system_headers_ignore_case(self):
        self.write("a.c", "#define COBJMACROS\n#include <Windows.h>\n#include <VsBackup.h>\n"
                          "#include <StdIO.h>\n#include \"OleAuto.H\"\n#include <Sys\\Types.h>\n"
                          "int main(void) { return sizeof(VSS_ID) == 16 ? 0 : 1; }\n")
        self.run_in_folder(CC, "a.c", "-o", "a")
        self.run_in_folder("./a")

    def test_on_the_command_line_ignore_case(self):
        self.write("inc/My.h", "#include <Windows.h>\n#define MINE 1\n")
        self.write("a.c", "DWORD n = MINE;\nDIR *folder;\n")
        self.run_in_folder(CC, "-include", "DirEnt.h", "-Iinc", "-include", "my.H", "-c", "a.c")

    def test_of_the_sdk_need_no_windows_h_before_them(self):
        for language in "c", "c++":
            self.write("a." + language, "#include <winsock2.h>\n#include <ws2tcpip.h>\n"
                       "#include <processthreadsapi.h>\n#include <handleapi.h>\n"
                       "#include <memoryapi.h>\n#include <intrin.h>\n#include <windows.h>\n" + SOCKETS)
            self.run_in_folder(CXX, "-Werror", "-fsyntax-only", "-x", language, "a." + language)
        for header in "fileapi.h", "synchapi.h", "memoryapi.h", "mswsock.h":
            self.write("b.c", "#include <%s>\n#include <windows.h>\nHANDLE h;\n" % header)
            self.run_in_folder(CC, "-fsyntax-only", "b.c")

    def write_project(self):
        self.write("src/main.cpp", '#include "StdAfx.h"\n#include "Parts\\Inner.H"\n'
                                   '#include <Public.h>\n#include "..\\Other\\Far.h"\n'
                                   'int main() { return INNER + PUBLIC + DEEP + FAR - 15; }\n')
        self.write("src/stdafx.h", "#pragma once\n#include <Windows.h>\n")
        self.write("src/parts/inner.h", '#include "DEEPER/deep.h"\n#include "..\\STDAFX.H"\n'
                                        "#define INNER 1\n")
        self.write("src/parts/deeper/Deep.h", "#define DEEP 2\n")
        self.write("inc lude/public.h", "#define PUBLIC 4\n")
        self.write("other/far.h", "#define FAR 8\n")

    def test_of_the_users_headers_ignore_case_and_may_have_backslashes(self):
        self.write_project()
        for folder, source in (("src", "main.cpp"), (".", "src/main.cpp")):
            option = self.path("inc lude")
            self.run_in_folder(CXX, "-I", option, source, "-o", "prog", folder=folder)
            self.run_in_folder("./prog", folder=folder)

    def test_in_dependency_files_are_those_of_the_real_files(self):
        self.write_project()
        self.run_in_folder(CXX, "-Iinc lude", "-MMD", "-MP", "-c", "src/main.cpp", "-o", "m.o")
        text = self.read("m.d")
        for name in ("src/parts/inner.h", "src/parts/deeper/Deep.h", "src/stdafx.h",
                     "inc\\ lude/public.h", "other/far.h"):
            self.assertIn(name, text)
        self.assertNotIn("driver-cache", text)
        self.assertNotIn("forced.h", text)
        self.assertTrue(text.startswith("m.o: src/main.cpp"), text)
        text = self.run_in_folder(CXX, "-Iinc lude", "-MM", "src/main.cpp").stdout
        self.assertIn("src/parts/inner.h", text)
        self.assertNotIn("driver-cache", text)

    def test_warnings_are_those_of_the_real_headers(self):
        self.write("a.c", '#include "PART.H"\nint main(void) { return part(); }\n')
        self.write("part.h", "static int part(void) { int unused = 0; return 0; }\n")
        done = self.run_in_folder(CC, "-Wall", "a.c", "-o", "a")
        self.assertRegex(done.stderr, r"part\.h:1:\d+: warning: unused variable")

    def test_two_headers_of_names_that_differ_by_case_keep_theirs(self):
        self.write("a.c", '#include "Part.h"\n#include "part.h"\nint main(void) { return A + B; }\n')
        self.write("Part.h", "#define A 1\n")
        self.write("part.h", "#define B -1\n")
        self.run_in_folder(CC, "a.c", "-o", "a")
        self.run_in_folder("./a")

    def test_that_are_nowhere_are_the_compilers_error(self):
        self.write("a.c", '#include "Nowhere.h"\nint main(void) { return 0; }\n')
        done = self.run_in_folder(CC, "a.c", "-o", "a", ok=False)
        self.assertRegex(done.stderr, r"a\.c:1:\d+: fatal error: Nowhere\.h")

    def test_in_comments_and_texts_are_no_includes(self):
        self.write("a.cpp", '/*\n#include "A.H"\n*/\nauto s = R"(\n#include "A.H"\n)";\n'
                            'int main() { return 0; }\n')
        self.write("a.h", "")
        self.environment["VSSEMU_CACHE"] = self.path("cache")
        self.run_in_folder(CXX, "a.cpp", "-o", "a")
        self.run_in_folder("test", "!", "-d", "cache/headers")


class Interfaces(DriverFolder):
    def test_give_headers_and_identifiers_on_the_fly(self):
        self.need("widl")
        self.write("Thing.idl", IDL)
        self.write("idl/base part.idl", BASE_IDL % "One")
        self.write("a.cpp", '#include "thing.h"\n#include "Thing_i.c"\nstruct C : IThing {\n'
                            "HRESULT WINAPI QueryInterface(REFIID, void **) { return S_OK; }\n"
                            "ULONG WINAPI AddRef() { return 1; } ULONG WINAPI Release() { return 1; }\n"
                            "HRESULT WINAPI BaseOne() { return S_OK; }\n"
                            "HRESULT WINAPI Do(LONG n, LONG *r) { *r = n + 1; return S_OK; } };\n"
                            "int main() { C c; LONG r; c.Do(1, &r);\n"
                            "return r == 2 && IID_IThing.Data1 == 0x12345678 &&"
                            " CLSID_Thing.Data4[7] == 0xbe ? 0 : 1; }\n")
        self.run_in_folder(CXX, "-I", "idl", "-MMD", "a.cpp", "-c")
        self.run_in_folder(CXX, "a.o", "-o", "a")
        self.run_in_folder("./a")
        text = self.read("a.d")
        self.assertIn("Thing.idl", text)
        self.assertNotIn("driver-cache", text)
        self.write("idl/base part.idl", BASE_IDL % "Two")  # changed: made again
        done = self.run_in_folder(CXX, "-I", "idl", "a.cpp", "-c", ok=False)
        self.assertIn("BaseTwo", done.stderr)

    def test_with_a_mistake_say_what_the_tool_says(self):
        self.need("widl")
        self.write("bad.idl", "interface\n")
        self.write("a.c", '#include "bad.h"\n')
        done = self.run_in_folder(CC, "-c", "a.c", ok=False)
        self.assertRegex(done.stderr, r"bad\.idl: .*widl fails")

    def test_by_hand(self):
        self.need("widl", "x86_64-w64-mingw32-windmc")
        self.write("in/Part.idl", BASE_IDL % "One")
        self.write("in/texts.mc", MESSAGES)
        self.run_in_folder(CXX, "in/Part.idl", "in/texts.mc")
        self.assertIn("IBase", self.read("Part.h"))
        self.assertIn("IID_IBase", self.read("Part_i.c"))
        self.assertIn("MSG_BAD", self.read("texts.h"))

    def test_without_the_tool_name_the_package(self):
        self.write("part.idl", BASE_IDL % "One")
        self.write("texts.mc", MESSAGES)
        self.write("tools/gcc", "#!/bin/sh\nexec /usr/bin/gcc \"$@\"\n")
        self.run_in_folder("chmod", "+x", "tools/gcc")
        self.environment["PATH"] = self.path("tools")
        done = self.run_in_folder(CC, "texts.mc", ok=False)
        self.assertIn("binutils-mingw-w64-x86-64", done.stderr)

    def test_of_messages_give_headers_on_the_fly(self):
        self.need("x86_64-w64-mingw32-windmc")
        self.write("Texts.mc", MESSAGES)
        self.write("a.c", "#include <windows.h>\n#include \"texts.h\"\n"
                          "int main(void) { return MSG_BAD == 0xc0ff0001 ? 0 : 1; }\n")
        self.run_in_folder(CC, "a.c", "-o", "a")
        self.run_in_folder("./a")

    def test_resources_and_definition_files_are_left_out_with_a_note(self):
        self.write("a.c", "int main(void) { return 0; }\n")
        done = self.run_in_folder(CC, "a.c", "a.rc", "A.DEF", "a.exe.manifest", "-o", "a")
        for name in ("a.rc", "A.DEF", "a.exe.manifest"):
            self.assertIn(name + " is left out", done.stderr)
        self.run_in_folder("./a")


class Comma(DriverFolder):
    def test_before_no_arguments_is_dropped(self):
        self.write("log.h", LOG)
        for name, driver in (("a.c", CC), ("a.cpp", CXX)):
            self.write(name, '#include "log.h"\nint main(void) { const char *s = "a, ) b";\n'
                             'return COUNT("xx") + OUTER("yyy") + COUNT("z", 1, 2) +\n'
                             ' (s[1] == \',\' ? 0 : 100) - 6; }\n')
            for options in ((), ("-O2", "-g"), ("-g3",), ("-std=gnu11",) if name == "a.c" else ()):
                self.run_in_folder(driver, *options, name, "-o", "a")
                self.run_in_folder("./a")

    def test_is_kept_where_it_means_something(self):
        self.write("a.cpp", LOG + "struct C { int operator,(int b) { return b; } };\n"
                                  "static int call(int (C::*m)(int)) { C c; return (c.*m)(3); }\n"
                                  "int main() { int a[] = { 1, 2, };\n"
                                  'return call(&C::operator,) + COUNT("") + a[1] - 5; }\n')
        self.run_in_folder(CXX, "a.cpp", "-o", "a")
        self.run_in_folder("./a")

    def test_leaves_lines_warnings_and_debug_information_right(self):
        self.write("log.h", LOG)
        self.write("a.c", '#include "log.h"\n\nint main(void)\n{\n    int unused = COUNT("x");\n'
                          '    return OUTER("") + wrong_name;\n}\n')
        done = self.run_in_folder(CC, "-Wall", "-g", "-c", "a.c", ok=False)
        self.assertRegex(done.stderr, r"a\.c:6:\d+: error: .*wrong_name")
        self.write("a.c", self.read("a.c").replace("wrong_name", "0"))
        done = self.run_in_folder(CC, "-Wall", "-Wextra", "-g", "-MD", "-c", "a.c")
        self.assertRegex(done.stderr, r"a\.c:5:\d+: warning: unused variable")
        self.assertNotIn("include/", done.stderr)  # no warning from a system header
        self.assertIn("log.h", self.read("a.d"))
        self.assertTrue(self.read("a.d").startswith("a.o:"))
        lines = self.run_in_folder("objdump", "-dl", "a.o").stdout
        self.assertIn("/a.c:5", lines)

    def test_is_dropped_in_what_is_printed_too(self):
        self.write("a.c", LOG + 'int f(void) { return COUNT("q"); }\n')
        self.assertRegex(self.run_in_folder(CC, "-E", "a.c").stdout, r'n_arguments\("q" *\)')
        self.run_in_folder(CC, "-E", "a.c", "-o", "a.i")
        self.assertRegex(self.read("a.i"), r'n_arguments\("q" *\)')
        self.run_in_folder(CC, "-S", "a.c", "-DCHANGED")
        self.assertIn("n_arguments", self.read("a.s"))
        self.run_in_folder(CC, "-fsyntax-only", "a.c")


main()
