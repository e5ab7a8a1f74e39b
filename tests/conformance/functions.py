#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Which of the names in functions.tsv are there: a program that takes the address of each is
compiled and linked by the drivers. Prints `functions N/M` and what is missing; fails when a name is
missing that functions_missing.txt does not list.   functions.py BUILD_DIR"""
import collections
import pathlib
import re
import subprocess
import sys

from drivers_folder import CC, CXX, DriverFolder, main

HERE = pathlib.Path(__file__).resolve().parent
HEADERS = """windows winioctl winsvc shlwapi shellapi sddl aclapi clusapi resapi vds vss vsadmin vsbackup vswriter
strsafe tchar objbase oleauto rpc psapi winternl versionhelpers io direct process conio errno time
fcntl malloc stdio stdlib string wchar wctype sys/stat ctype winreg crtdbg locale""".split()
CXX_HEADERS = """windows vss vswriter atlbase atlcom atlstr atlconv comdef comutil versionhelpers
iostream fstream sstream regex string""".split()


def read_names():
    names = collections.OrderedDict()
    for line in (HERE / "functions.tsv").read_text().splitlines():
        if not line.startswith("#"):
            category, name, kind, weight = line.split("\t")
            names[name] = (category, kind, weight)
    return names


def includes(headers):
    text = "#define WIN32_NO_STATUS\n"
    for name in headers:
        for form in (name + ".h", name):
            text += "#if __has_include(<%s>)\n#include <%s>\n#endif\n" % (form, form)
            if "/" in name:
                break
    return text


class Functions(DriverFolder):
    def wrong_lines(self, driver, name, text):
        """The numbers of the lines behind #line 1 that do not compile."""
        self.write(name, text)
        done = self.run_any(driver, "-fsyntax-only", "-fmax-errors=0", "-w", name)
        self.assertNotIn("fatal error", done.stderr)
        return {int(n) for n in re.findall(r"^probe:(\d+):\d*:? error", done.stderr, re.M)}, done

    def run_any(self, *words):
        return subprocess.run([str(w) for w in words], cwd=self.folder.name, text=True,
                              env=self.environment, capture_output=True)

    def probe(self, driver, file_name, headers, names, form):
        text = includes(headers) + "#line 1 \"probe\"\n"
        text += "".join(form % {"n": name, "i": i} + "\n" for i, name in enumerate(names, 1))
        wrong, done = self.wrong_lines(driver, file_name, text)
        if done.returncode:
            self.assertTrue(wrong, done.stderr)
        return {name for i, name in enumerate(names, 1) if i in wrong}

    def missing_at_link(self, names):
        text = includes(HEADERS) + "const void *volatile all[] = {\n"
        text += "".join("(const void *)&%s,\n" % name for name in names)
        self.write("all.c", text + "};\nint main(void) { return all[0] == 0; }\n")
        done = self.run_any(CC, "-w", "--report=stubs.tsv", "all.c", "-o", "all")
        missing = set(re.findall(r"undefined reference to `(\w+)'", done.stderr))
        if missing:  # not declared by a header that the driver knows
            return missing | self.missing_at_link([n for n in names if n not in missing])
        self.assertEqual(0, done.returncode, done.stderr)
        self.run_in_folder("./all")
        return {line.split("\t")[0] for line in self.read("stubs.tsv").splitlines()[1:]}

    def test_are_there(self):
        names = read_names()
        of_kind = lambda *kinds: [n for n, row in names.items() if row[1] in kinds]
        missing = self.probe(CC, "c.c", HEADERS, of_kind("constant"),
                             "static const unsigned long constant_%(i)d = %(n)s;")
        missing |= self.missing_in_headers(of_kind("header"))
        linked = of_kind("function", "data")
        undeclared = self.probe(CC, "f.c", HEADERS, linked,
                                "static const void *address_%(i)d = (const void *)&%(n)s;")
        missing |= undeclared
        missing |= self.missing_at_link([n for n in linked if n not in undeclared])
        self.say(names, missing, undeclared)
        known = set((HERE / "functions_missing.txt").read_text().split())
        self.assertEqual(set(), missing - known)

    def missing_in_headers(self, names):
        text = includes(CXX_HEADERS) + "namespace probe {\n"
        for i, name in enumerate(names, 1):
            full = name if "::" in name else "::" + name
            text += "#ifndef %s\n#line %d \"probe\"\nusing %s;\n#endif\n" % (
                name.split("::")[-1], i, full)
        wrong, _ = self.wrong_lines(CXX, "h.cpp", text + "}\n")
        return {name for i, name in enumerate(names, 1) if i in wrong}

    def say(self, names, missing, undeclared):
        counted = [n for n, row in names.items() if row[1] != "yours"]
        for weight, text in (("often", "functions %d/%d"), ("also", "what else is known to be used %d/%d")):
            some = [n for n in counted if names[n][2] == weight]
            print(text % (len([n for n in some if n not in missing]), len(some)))
        by_category = collections.OrderedDict()
        for name in counted:
            if name in missing:
                by_category.setdefault(names[name][0], []).append(
                    name + (" (often)" if names[name][2] == "often" else "") +
                    (" (not declared)" if name in undeclared else ""))
        for category, some in by_category.items():
            print("  %s: %s" % (category, ", ".join(some)))
        sys.stdout.flush()


main()
