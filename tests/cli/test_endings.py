# SPDX-License-Identifier: MIT
"""How a run ends: whose exit code it has, and what is left of trace and mounts when the program
crashes or somebody kills it or the launcher."""
import json
import os
import pathlib
import re
import signal
import subprocess
import time

from support import TRACE_LINE, VSSEMU, CliTest, main, needs_mount

RECORD = '{"t":1000,"kind":"note","who":"requester","what":"Hello"}\\n'


def mounts_below(directory):
    return [line for line in pathlib.Path("/proc/self/mounts").read_text().splitlines()
            if str(directory) in line]


class ExitCodes(CliTest):
    def test_the_programs_exit_code_is_the_runs(self):
        for wanted in (0, 1, 7, 255):
            code, _, err = self.vssemu("run", "--", "sh", "-c", f"exit {wanted}")
            self.assertEqual((code, err), (wanted, ""))

    def test_a_crash_is_told_with_its_signal(self):
        for number, name in ((signal.SIGSEGV, "SIGSEGV"), (signal.SIGABRT, "SIGABRT"),
                             (signal.SIGKILL, "SIGKILL")):
            code, _, err = self.vssemu("run", "--", "sh", "-c", f"kill -{number} $$")
            self.assertEqual(code, 128 + number)
            self.assertIn(f"sh was ended by {name}", err)


class Interrupted(CliTest):
    """Nothing temporary is left, whoever is interrupted."""
    def interrupt(self, name, *arguments):
        (self.dir / "tmp").mkdir(exist_ok=True)
        for number in (signal.SIGINT, signal.SIGTERM):
            process = subprocess.Popen([VSSEMU, *map(str, arguments)], cwd=self.dir, stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL, env={**os.environ, "TMPDIR": str(self.dir / "tmp")})
            while not list((self.dir / "tmp").glob(f"vssemu-{name}-*")) and process.poll() is None:
                time.sleep(0.001)
            process.send_signal(number)
            process.wait()
            self.assertEqual(list((self.dir / "tmp").iterdir()), [], number)
            yield number, process.returncode

    def test_tests(self):
        self.write("a.yaml", "volumes: [C]\nprogram: [sh, '-c', 'sleep 1000; true']\n")
        for number, code in self.interrupt("test", "test", "a.yaml"):
            self.assertEqual(code, -number)

    def test_programs_of_scenarios_end_too(self):
        """At once, or after the five seconds that whoever is told to close has."""
        for name, trap in (("plain", ":"), ("deaf", "trap : TERM INT HUP")):
            with self.subTest(name=name):
                pid_file = self.dir / f"{name}.pid"
                self.write(f"{name}.yaml", "clock: real\nprogram: [sh, '-c', "
                           f"'{trap}; echo $$ > {pid_file}; while :; do sleep 0.1; done']\n")
                process = subprocess.Popen([VSSEMU, "test", f"{name}.yaml"], cwd=self.dir, stdout=subprocess.DEVNULL,
                                           stderr=subprocess.DEVNULL)
                while not (pid_file.exists() and pid_file.read_text().endswith("\n")) and process.poll() is None:
                    time.sleep(0.001)
                process.send_signal(signal.SIGTERM)
                self.assertEqual(process.wait(), -signal.SIGTERM)
                self.assertFalse(self.is_running(int(pid_file.read_text())))

    def is_running(self, pid):
        try:
            return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
        except FileNotFoundError:
            return False

    def test_the_demo(self):
        for number, code in self.interrupt("demo", "demo", "--no-mount"):
            self.assertNotEqual(code, 0)


class ThePrograms(CliTest):
    def test_input_output_directory_and_environment_are_the_programs(self):
        code, out, err = self.vssemu("run", "--", "sh", "-c", "pwd; echo $MINE; echo e >&2",
                                     env={**os.environ, "MINE": "yes"})
        self.assertEqual((code, out, err), (0, f"{os.path.realpath(self.dir)}\nyes\n", "e\n"))

    def test_standard_input_reaches_it(self):
        process = self.start("run", "--", "cat")
        out, _ = process.communicate("through\n")
        self.assertEqual((process.returncode, out), (0, "through\n"))

    def test_it_gets_no_descriptor_but_its_own_and_the_trace(self):
        code, out, _ = self.vssemu("run", "--volume", f"C:={self.volume}", "--", *self.python(
            TRACE_LINE + "fds = {int(fd) for fd in os.listdir('/proc/self/fd')}\n"
            "print(sorted(fd for fd in fds - {0, 1, 2, world['trace_fd']} "
            "if os.path.exists(f'/proc/self/fd/{fd}')))"))
        self.assertEqual((code, out), (0, "[]\n"))

    def test_its_world_is_what_the_command_line_says(self):
        code, out, _ = self.vssemu(
            "run", "--clock", "virtual", "--seed", "0x2a", "--volume", f"c:={self.volume}", "--",
            *self.python(TRACE_LINE + "world['trace_fd'] = None; del world['objects']; print(json.dumps(world))"))
        self.assertEqual(code, 0)
        self.assertEqual(out, '{"clock": "virtual", "seed": 42, "volumes": [{"name": "C:", "dir": "'
                         f'{self.volume}", "mount": null, "control_fd": null}}], "writers": [], '
                         '"requester": null, "trace_fd": null, "watchdog_ns": 2000000000}\n')

    def test_a_signal_for_the_launcher_is_passed_on(self):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            process = self.start("run", "--", *self.python(
                "import signal, sys\n"
                f"signal.signal({int(number)}, lambda *_: sys.exit(42))\n"
                "print('up', flush=True)\n"
                "signal.pause()"))
            self.assertEqual(process.stdout.readline(), "up\n")
            process.send_signal(number)
            self.assertEqual(process.wait(), 42)


class Traces(CliTest):
    def run_traced(self, text):
        return self.vssemu("run", "--clock", "virtual", "--seed", "5", "--trace", "run.jsonl", "--",
                           *self.python(TRACE_LINE + text))

    def test_header_records_and_verdict(self):
        code, _, err = self.run_traced(f"trace('{RECORD}'); trace('{RECORD}')")
        self.assertEqual((code, err), (0, ""))
        header, rest = (self.dir / "run.jsonl").read_text().split("\n", 1)
        header = json.loads(header)
        self.assertEqual((header["vssemu_trace"], header["clock"], header["seed"]),
                         (3, "virtual", 5))
        record = RECORD.replace("\\n", "\n")
        checks = re.findall('"check":"([0-9a-f]{16})"', rest)
        self.assertEqual(len(set(checks)), 3)   # each has the line before in it
        self.assertEqual(re.sub(',"check":"[^"]*"', "", rest), record.replace("{", '{"n":1,') + record.replace("{", '{"n":2,')
                         + '{"verdict":"exit","exit":0,"records":2}\n')

    def test_a_crash_loses_nothing_that_was_written(self):
        code, _, err = self.run_traced(
            f"[trace('{RECORD}') for i in range(500)]; os.kill(os.getpid(), {int(signal.SIGSEGV)})")
        self.assertEqual(code, 128 + signal.SIGSEGV)
        self.assertIn("run.jsonl", err)
        lines = self.trace()
        self.assertEqual(len(lines), 502)
        self.assertEqual(lines[-1]["verdict"], "signal")
        self.assertEqual(lines[-1]["signal"], "SIGSEGV")
        self.assertEqual(lines[-1]["records"], 500)

    def test_half_a_line_and_rubbish_do_not_spoil_the_file(self):
        code, _, _ = self.run_traced(
            f"trace('rubbish\\n'); trace('{RECORD}'); trace('{RECORD}'[:20])")
        self.assertEqual(code, 0)
        self.assertEqual(len(self.trace()), 3)

    def test_lines_that_arrive_in_pieces_are_put_together(self):
        code, _, _ = self.run_traced(f"[trace(c) for c in '{RECORD}' * 3]")
        self.assertEqual(code, 0)
        self.assertEqual(self.trace()[-1]["records"], 3)

    def test_a_child_that_outlives_the_program_does_not_hold_up_the_run(self):
        code, out, _ = self.run_traced(
            "import subprocess; print(subprocess.Popen(['sleep', '1000'], "
            "pass_fds=[world['trace_fd']], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, "
            f"start_new_session=True).pid); trace('{RECORD}')")
        os.kill(int(out), signal.SIGKILL)
        self.assertEqual(code, 0)
        self.assertEqual(self.trace()[-1]["records"], 1)

    def test_verbose_shows_a_line_for_each_record(self):
        code, out, err = self.vssemu("run", "--verbose", "--", *self.python(
            TRACE_LINE + f"trace('{RECORD}')"))
        self.assertEqual((code, out), (0, ""))
        heading, line = err.splitlines()
        self.assertIn("state before -> after", heading)
        self.assertEqual(line, "   0.000001 requester              Hello")


@needs_mount
class Mounts(CliTest):
    def arguments(self, text):
        return ["run", "--mount", "--volume", f"C:={self.volume}", "--",
                *self.python(TRACE_LINE + "mount = world['volumes'][0]['mount']\n" + text)]

    def assert_gone(self, mount):
        """Unmounted and removed soon: whoever does it is another process."""
        for _ in range(1000):
            if not mounts_below(mount) and not pathlib.Path(mount).parent.exists():
                return
            time.sleep(0.01)
        self.fail(f"{mount} is still there")

    def test_the_program_works_in_the_mount(self):
        (self.volume / "old").write_text("old")
        code, out, err = self.vssemu(*self.arguments(
            "print(open(mount + '/old').read()); open(mount + '/new', 'w').write('new'); print(mount)"))
        self.assertEqual(code, 0, err)
        self.assertEqual(out.splitlines()[0], "old")
        self.assertIn(out.splitlines()[1], err)
        self.assertEqual((self.volume / "new").read_text(), "new")
        self.assertEqual(mounts_below(out.splitlines()[1]), [])

    def test_a_crash_leaves_no_mount_and_whole_data(self):
        code, out, err = self.vssemu(*self.arguments(
            "print(mount, flush=True); file = open(mount + '/data', 'w'); file.write('x' * 100000); "
            f"file.flush(); os.kill(os.getpid(), {int(signal.SIGKILL)})"))
        self.assertEqual(code, 128 + signal.SIGKILL, err)
        self.assertEqual(mounts_below(out.strip()), [])
        self.assertFalse(pathlib.Path(out.strip()).exists())
        self.assertEqual((self.volume / "data").read_text(), "x" * 100000)

    def test_a_killed_launcher_leaves_no_mount(self):
        process = self.start(*self.arguments("print(mount, flush=True); import time; time.sleep(100)"))
        mount = process.stdout.readline().strip()
        self.assertNotEqual(mounts_below(mount), [])
        process.kill()
        self.assertEqual(process.wait(), -signal.SIGKILL)
        self.assert_gone(mount)

    def test_launcher_and_server_killed_together_leave_no_mount(self):
        process = self.start(*self.arguments("print(mount, flush=True); import time; time.sleep(100)"))
        mount = process.stdout.readline().strip()
        children = pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        servers = [int(pid) for pid in children
                   if pathlib.Path(f"/proc/{pid}/comm").read_text() == "vssemu-volumes\n"]
        self.assertEqual(len(servers), 1)
        os.kill(servers[0], signal.SIGSTOP)  # so that neither can tidy up after the other
        process.kill()
        self.assertEqual(process.wait(), -signal.SIGKILL)
        os.kill(servers[0], signal.SIGKILL)
        self.assert_gone(mount)

    def test_a_terminated_launcher_leaves_no_mount(self):
        process = self.start(*self.arguments("print(mount, flush=True); import time; time.sleep(100)"))
        mount = process.stdout.readline().strip()
        process.terminate()
        self.assertEqual(process.wait(), 128 + signal.SIGTERM)
        self.assertEqual(mounts_below(mount), [])


if __name__ == "__main__":
    main()
