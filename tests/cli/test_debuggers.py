# SPDX-License-Identifier: MIT
"""vssemu run --valgrind and --gdb: the program's exit code and output stay, errors are found where
they are and only there, and gdb shows the types of Windows."""
import os
import pathlib
import shutil
import signal
import subprocess
import unittest

from support import BAD_USAGE, NO_PROGRAM, VSSEMU, CliTest, main

PROGRAM = str(pathlib.Path(VSSEMU).parent.parent / "tests" / "debugged")
SHARE = pathlib.Path(VSSEMU).parent.parent / "share" / "vssemu"
is_sanitized = bool(os.environ.get("VSSEMU_SANITIZE"))


@unittest.skipIf(is_sanitized or not shutil.which("valgrind"), "no Valgrind, or a sanitizer's build")
class Valgrind(CliTest):
    def run_it(self, *arguments, options="--error-exitcode=99", clock="virtual"):
        return self.vssemu("run", "--clock", clock, f"--valgrind={options}", "--", PROGRAM,
                           *arguments)

    def test_a_clean_program_keeps_its_exit_code(self):
        for clock in ("virtual", "real"):
            code, out, err = self.run_it(clock=clock)
            self.assertEqual((code, out), (7, "done\n"), err)
            self.assertIn("ERROR SUMMARY: 0 errors", err)

    def test_a_read_of_freed_memory_is_found(self):
        code, _, err = self.run_it("read")
        self.assertEqual(code, 99)
        self.assertIn("Invalid read of size 4", err)
        self.assertIn("read_after_free", err)

    def test_a_leak_is_found_where_it_was_made(self):
        code, _, err = self.run_it("leak")
        self.assertEqual(code, 99)
        self.assertIn("200 bytes in 1 blocks are definitely lost", err)
        self.assertIn("leak()", err)

    def test_an_hour_of_the_virtual_clock_is_no_hour(self):
        code, out, err = self.run_it("wait")
        self.assertEqual((code, out), (7, "done\n"), err)

    def test_another_tool_and_no_options(self):
        code, out, err = self.vssemu("run", "--valgrind=--tool=none -q", "--", PROGRAM)
        self.assertEqual((code, out), (7, "done\n"), err)
        code, out, err = self.vssemu("run", "--valgrind", "--", PROGRAM)
        self.assertEqual((code, out), (7, "done\n"), err)


@unittest.skipIf(is_sanitized or not shutil.which("gdb"), "no gdb, or a sanitizer's build")
class Gdb(CliTest):
    def run_it(self, *commands, arguments=(), clock="virtual"):
        script = self.write("commands", "set pagination off\nset confirm off\n"
                            "set breakpoint pending on\nset disable-randomization off\n"
                            + "\n".join(commands) + "\n")
        # gdb 13 now and then loses a process with threads at the moment of its exit, and says so:
        # that run says nothing about us.
        for _ in range(5):
            result = self.vssemu("run", "--clock", clock, f"--gdb=-nx -batch -x '{script}'", "--",
                                 PROGRAM, *arguments, env={**os.environ, "DEBUGINFOD_URLS": ""})
            if "Couldn't get registers: No such process" not in result[2]:
                break
        return result

    def at_show(self, *commands):
        code, out, err = self.run_it("break show", "run", *commands, "continue")
        self.assertEqual(code, 7, out + err)
        self.assertIn("done\n", out)
        return out

    def test_the_types_of_windows(self):
        out = self.at_show("print result", "print other", "print id", "print text", "print name",
                           "print bstr", "print wrapped", "print none", "print state")
        self.assertIn("$1 = 0x800423f2 (VSS_E_WRITERERROR_TIMEOUT)", out)
        self.assertIn("$2 = 0x80070002 (HRESULT_FROM_WIN32(2))", out)
        self.assertRegex(out, r"\$3 = .*\(IID_IUnknown\)")
        self.assertRegex(out, r'\$4 = .*L"plain text"')
        self.assertIn('$5 = L"a \\"quoted\\" näme"', out)
        self.assertRegex(out, r'\$6 = .*L"of the heap"')
        self.assertIn('$7 = L"wrapped"', out)
        self.assertIn("$8 = (IUnknown *) NULL", out)
        self.assertIn("$9 = VSS_WS_STABLE", out)

    def test_stepping_and_a_real_clock(self):
        code, out, err = self.run_it("break show", "run", "next", "next", "bt 1", "continue",
                                     clock="real")
        self.assertEqual(code, 7, out + err)
        self.assertIn("show (result=result@entry=0x800423f2 (VSS_E_WRITERERROR_TIMEOUT)", out)

    def test_plain_gdb_loads_the_printers_by_hand(self):
        done = subprocess.run(
            ["gdb", "-nx", "-batch", "-ex", f"source {SHARE}/vssemu-gdb.py", "-ex",
             "break show", "-ex", "run", "-ex", "print result", PROGRAM], capture_output=True,
            text=True, check=False, env={**os.environ, "DEBUGINFOD_URLS": ""})
        self.assertIn("$1 = 0x800423f2 (VSS_E_WRITERERROR_TIMEOUT)", done.stdout)

    def test_an_interrupt_is_gdbs(self):
        """Ctrl+C reaches everybody who is in the foreground; the launcher must outlive it."""
        script = self.write("commands", "set pagination off\nset confirm off\nbreak show\nrun\n"
                            "shell kill -INT $PPID\nshell echo after\ncontinue\n")
        code, out, err = self.vssemu("run", "--clock", "virtual", f"--gdb=-nx -batch -x '{script}'",
                                     "--", PROGRAM, env={**os.environ, "DEBUGINFOD_URLS": ""})
        self.assertNotEqual(code, 128 + signal.SIGINT, err)
        self.assertNotIn("was ended by", err)


class CommandLine(CliTest):
    def test_both_at_once_make_no_sense(self):
        code, _, err = self.vssemu("run", "--gdb", "--valgrind", "--", "true")
        self.assertEqual(code, BAD_USAGE)
        self.assertIn("one of them", err)

    def test_an_open_quote_is_said(self):
        code, _, err = self.vssemu("run", "--gdb=-ex 'run", "--", "true")
        self.assertNotEqual(code, 0)
        self.assertIn("a quote is not closed", err)

    def test_a_missing_tool_names_its_package(self):
        code, _, err = self.vssemu("run", "--valgrind", "--", "/bin/true",
                                   env={**os.environ, "PATH": str(self.dir)})
        self.assertEqual(code, NO_PROGRAM)
        self.assertIn("package valgrind", err)


if __name__ == "__main__":
    main()
