# SPDX-License-Identifier: MIT
"""What is said of a program that cannot go on, on standard error and in the trace, and that loops
which only look so come to an end."""
import os
import pathlib
import re
import unittest

from support import VSSEMU, CliTest, main

STUCK = pathlib.Path(VSSEMU).resolve().parents[1] / "tests" / "stuck"
ABORTED = 134


class Stuck(CliTest):
    def run_stuck(self, way, *options):
        return self.vssemu("run", "--clock", "virtual", "--trace", self.dir / "t.jsonl", *options,
                           "--", STUCK, way)

    def finding(self):
        found, = [r for r in self.trace("t.jsonl") if r.get("who") == "scheduler" and r["kind"] == "finding"]
        self.assertEqual(found["kind"], "finding")
        return found

    def assert_reported(self, way, what, *patterns, options=()):
        """Twice: the same to the byte in the trace. Answers standard error."""
        code, out, err = self.run_stuck(way, *options)
        self.assertEqual(code, ABORTED, out + err)
        found = self.finding()
        self.assertEqual(found["what"], what)
        for pattern in patterns:
            self.assertRegex(found["detail"], pattern)
            self.assertRegex(err, pattern)
        self.assertNotRegex(found["detail"], "0x[0-9a-f]{4}")
        self.assertRegex(err, f"vssemu: {what} at [0-9.]+ s, seed 1, schedule random: ")
        first = (self.dir / "t.jsonl").read_bytes()
        self.run_stuck(way, *options)
        self.assertEqual((self.dir / "t.jsonl").read_bytes(), first)
        return err

    def test_a_circle_of_critical_sections(self):
        """Learn: "Critical Section Objects"."""
        err = self.assert_reported(
            "circle", "deadlock",
            r"thread main waits for critical section #2, held by thread Backwards since [0-9.]+ s, "
            r"since [0-9.]+ s\n    holds critical section #1 since",
            r"thread Backwards waits for critical section #1, held by thread main since",
            r"in a circle: thread main waits for Backwards, which waits for main\n")
        self.assertIn("stack of thread main:\n", err)
        self.assertIn("stack of thread Backwards:\n", err)
        self.assertGreater(len(re.findall(r"wait_in_a_circle|second_then_first", err)), 1, err)

    def test_objects_of_the_kernel_and_read_write_locks(self):
        self.assert_reported(
            "objects", "deadlock",
            r"thread main waits for mutex (Local\\)?The Mutex, held by thread 1 since",
            r"thread 1 waits for event #1, since",
            r"    holds SRW lock #1 since",
            r"thread 2 waits for SRW lock #1, held by thread 1 since")

    def test_a_section_that_went_down_with_its_thread(self):
        self.assert_reported(
            "dead", "deadlock",
            r"thread main waits for critical section #1, held by thread 1, which has ended, since")

    def test_yields_without_end(self):
        err = self.assert_reported("yields", "endless loop",
                                   "thread main goes round and round and never waits",
                                   "thread main runs")
        self.assertIn("stack of thread main:\n", err)

    def test_a_thread_that_calls_nothing(self):
        code, out, err = self.run_stuck("computes", "--watchdog", "300ms")
        self.assertEqual(code, ABORTED, out + err)
        self.assertEqual(self.finding()["what"], "watchdog")
        self.assertIn("thread main has the turn and computes without calling anything", err)
        self.assertIn("thread main has the turn", self.finding()["detail"])
        self.assertIn("stack of thread main:\n", err)
        self.assertIn("compute_for_ever", err)

    def test_a_thread_that_waits_in_the_kernel(self):
        code, out, err = self.run_stuck("blocks", "--watchdog", "300ms")
        self.assertEqual(code, ABORTED, out + err)
        self.assertEqual(self.finding()["what"], "watchdog")
        self.assertIn("thread main has the turn and waits in the kernel for something that is not "
                      "ours", err)
        self.assertIn("stack of thread main:\n", err)

    def test_loops_on_clocks_and_yields_end(self):
        for way, said in (("ten-minutes", "ten minutes"), ("minute", "a minute"), ("set", "set"),
                          ("busy", "computed")):
            code, out, err = self.run_stuck(way)
            self.assertEqual(code, 0, way + out + err)
            self.assertEqual(out, said + "\n")

    @unittest.skipIf(os.environ.get("VSSEMU_SANITIZE"), "-fvssemu-fine and a sanitizer exclude each other")
    def test_loops_on_a_variable_end_with_fine(self):
        for schedule in "random", "pct", "bounded":
            for way in "soon", "later":
                code, out, err = self.vssemu("run", "--clock", "virtual", "--fine", "--schedule",
                                             schedule, "--", STUCK.with_name("stuck-fine"), way)
                self.assertEqual((code, out), (0, "set\n"), schedule + way + err)
        code, _, err = self.vssemu("run", "--clock", "virtual", "--fine", "--", STUCK.with_name("stuck-fine"), "never")
        self.assertEqual(code, ABORTED, err)
        self.assertIn("endless loop", err)
        self.assertIn("thread main goes round and round and never waits", err)

    def test_the_watchdog_takes_a_time(self):
        for value in ("2", "10ms", "soon", "-2s"):
            code, _, err = self.vssemu("run", "--clock", "virtual", "--watchdog", value, "--",
                                       STUCK)
            self.assertEqual(code, 120)
            self.assertIn("--watchdog takes a time", err)


if __name__ == "__main__":
    main()
