# SPDX-License-Identifier: MIT
"""Programs that do not link libvssapi on the virtual clock (`vssemu run --preload`): long sleeps
take no time, one seed gives one output, and neither wrappers nor children live in it."""
import os
import pathlib
import subprocess
import sys
import time
import unittest

from support import CliTest, main

PYTHON = os.path.realpath(sys.executable)
MEDLEY = """
import os, threading, time
begin = time.time()
lock, event = threading.Lock(), threading.Event()
log = []
def work(n):
    for i in range(20):
        with lock:
            log.append((n, i, time.time() - begin))
        time.sleep(0.001 * (n + 1))
        event.wait(0.01)
threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
for t in threads: t.start()
for t in threads: t.join()
time.sleep(3600)
print(begin, time.monotonic(), os.urandom(8).hex(), log)
"""

SIGNALS = """
import os, signal, threading, time
begin = time.time()
def seconds(): return round(time.time() - begin)
signal.signal(signal.SIGALRM, lambda *_: print("alarm", seconds()))
signal.alarm(3600)
signal.pause()
signal.setitimer(signal.ITIMER_REAL, 10, 5)
for i in range(3):
    time.sleep(7)
    print("slept", seconds())
signal.setitimer(signal.ITIMER_REAL, 0)
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
def later():
    time.sleep(100)
    os.kill(os.getpid(), signal.SIGUSR1)
threading.Thread(target=later).start()
print(int(signal.sigwait([signal.SIGUSR1])) == signal.SIGUSR1, seconds())
print(signal.sigtimedwait([signal.SIGUSR1], 50), seconds())
"""
SIGNALS_SEEN = """alarm 3600
slept 3607
alarm 3610
slept 3614
alarm 3615
alarm 3620
slept 3621
True 3721
None 3771
"""


class Preload(CliTest):
    def preload(self, *words, seed=1, options=(), env=None):
        begin = time.monotonic()
        done = subprocess.run([*map(str, (self.program, "run", "--clock", "virtual", "--seed", seed,
                                          "--preload", *options, "--", *words))],
                              capture_output=True, text=True, env=env, timeout=120)
        self.took = time.monotonic() - begin
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def setUp(self):
        super().setUp()
        self.program = os.environ["VSSEMU"]

    def test_a_sleep_of_ten_days_ends_at_once(self):
        self.preload("sleep", "10d")

    def test_one_seed_gives_one_output_of_a_program_with_threads(self):
        first = self.preload(PYTHON, "-c", MEDLEY, seed=7)
        self.assertTrue(first.startswith("1767225600."), first)
        self.assertEqual(first, self.preload(PYTHON, "-c", MEDLEY, seed=7))
        self.assertNotEqual(first, self.preload(PYTHON, "-c", MEDLEY, seed=8))
        few = self.preload(PYTHON, "-c", MEDLEY, seed=7, options=["--schedule", "bounded:1"])
        self.assertNotEqual(first, few)

    def test_alarms_and_waits_for_signals_are_virtual(self):
        self.assertEqual(self.preload(PYTHON, "-c", SIGNALS), SIGNALS_SEEN)

    def test_children_live_in_real_time_and_see_nothing(self):
        out = self.preload("sh", "-c", "echo \"[$LD_PRELOAD$VSSEMU_TIME]\"; date +%s; sleep 0.1")
        self.assertEqual(out.split("\n")[0], "[]")
        self.assertGreater(abs(int(out.split("\n")[1]) - 1767225600), 86400)
        self.assertGreater(self.took, 0.1)

    @unittest.skipIf(os.environ.get("VSSEMU_SANITIZE"), "a sanitizer must be first itself")
    def test_what_was_preloaded_before_stays(self):
        maps = pathlib.Path("/proc/self/maps").read_text().splitlines()
        before = next(line.split()[-1] for line in maps if "/libm.so" in line or "/libc.so" in line)
        out = self.preload(PYTHON, "-c", "import os; print(os.environ['LD_PRELOAD'])",
                           env={**os.environ, "LD_PRELOAD": before})
        self.assertEqual(out, before + "\n")

    def test_a_script_is_its_interpreter(self):
        for first in (f"#!{PYTHON}", "#!/usr/bin/env sh"):
            script = self.dir / "script"
            is_python = first.endswith(PYTHON)
            script.write_text(f"{first}\n" + ("import time; time.sleep(86400); print(time.time())"
                                              if is_python else "echo \"[$VSSEMU_TIME]\""))
            script.chmod(0o755)
            out = self.preload(script)
            self.assertTrue(out.startswith("17673120" if is_python else "[]"), out)

    def test_a_deadlock_of_a_foreign_program_is_told(self):
        deadlock = "import threading; a = threading.Lock(); a.acquire(); a.acquire()"
        code, _, err = self.vssemu("run", "--clock", "virtual", "--preload", "--trace",
                                   self.dir / "t.jsonl", "--", PYTHON, "-c", deadlock)
        self.assertEqual(code, 134, err)
        self.assertRegex(err, r"(?s)vssemu: deadlock at .*\nthread main waits for")
        found, = [r for r in self.trace("t.jsonl") if r.get("who") == "scheduler"]
        self.assertEqual(found["what"], "deadlock")


if __name__ == "__main__":
    main()
