# SPDX-License-Identifier: MIT
"""vssemu fuzz: what it finds in programs with a planted bug and not in their twins, that a failure is
short and can be repeated, that shards joined have met what one process has met, exit codes, and plans
as bytes."""
import os
import pathlib
import re
import signal
import subprocess
import time
import unittest

from support import BAD_USAGE, NO_PROGRAM, VSSEMU, CliTest, main

PLANTED = pathlib.Path(VSSEMU).resolve().parents[1] / "tests/planted"
PROGRAMS = PLANTED.parent
FOUND = 1
CHECK_FAILED = 117
NOTES = "the program begins|never read from the snapshot| laid out |who waits for what"


@unittest.skipUnless((PLANTED / "r10_no_abort.planted").exists(), "the planted bugs are not built")
class Fuzz(CliTest):
    def fuzz(self, *options, out="found"):
        code, text, err = self.vssemu("fuzz", "--jobs", 1, "--out", out, *options)
        return code, text, err

    def failures(self, text):
        return re.findall(r"^failure (\S+): ", text, re.MULTILINE)

    def test_a_requesters_bug_is_told_short_and_repeats_and_its_twin_is_silent(self):
        code, text, err = self.fuzz("--runs", 60, "--failures", 1, "--", PLANTED / "r10_no_abort.planted")
        self.assertEqual(code, FOUND, err)
        name = self.failures(text)[0]
        scenario = self.dir / "found" / f"{name}.yaml"
        lines = [line for line in scenario.read_text().splitlines() if line]
        self.assertLess(len(lines), 8, lines)
        timeline = (self.dir / "found" / f"{name}.txt").read_text()
        rule = re.search(r"broke ([a-z-]+)", timeline.splitlines()[0])
        self.assertIsNotNone(rule, timeline)
        self.vssemu("run", "--clock", "virtual", "--world", scenario, "--trace", "run.jsonl", "--",
                    PLANTED / "r10_no_abort.planted")
        self.assertIn(rule[1], [r["what"] for r in self.trace() if r.get("kind") == "finding"])
        code, text, err = self.fuzz("--runs", 200, "--", PLANTED / "r10_no_abort.twin", out="silent")
        self.assertEqual(code, 0, text + err)

    def records(self, shown):
        """The lines of a timeline, but for what only a search notes."""
        return [line for line in shown.splitlines()
                if re.match(r" *\d+\.\d{6} ", line) and not re.search(NOTES, line)]

    def test_a_failure_repeats_to_the_microsecond(self):
        for program in ("r10_no_abort.planted", "r13_query_status_ignored.planted",
                        "w06_abort_without_freeze.planted", "w01_frozen_too_long.planted"):
            with self.subTest(program=program):
                code, text, err = self.fuzz("--runs", 300, "--failures", 1, "--check", "true", "--check-every", 1,
                                            "--", PLANTED / program, out=program)
                self.assertEqual(code, FOUND, text + err)
                found = self.dir / program / self.failures(text)[0]
                self.vssemu("run", "--clock", "virtual", "--world", found.with_suffix(".yaml"), "--trace",
                            f"{program}.jsonl", "--", PLANTED / program)
                code, shown, err = self.vssemu("trace", "show", "--part", f"{program}.jsonl")
                self.assertEqual(code, 0, err)
                self.assertEqual(self.records(shown), self.records(found.with_suffix(".txt").read_text()))

    def test_what_does_not_repeat_by_itself_is_told(self):
        code, text, err = self.fuzz("--runs", 1, "--no-faults", "--", PROGRAMS / "exits", "chance", "never")
        self.assertEqual(code, FOUND, text + err)
        told = "the program left with code 9; does not repeat by itself (memory error?), vssemu run: code 0"
        self.assertIn(told, err)
        self.assertRegex(text, r"failure exit-code-.*\.yaml does not repeat by itself \(memory error\?\)\n")
        found = self.dir / "found" / self.failures(text)[0]
        self.assertIn(f"about: '{told}'", found.with_suffix(".yaml").read_text())
        self.assertIn(told, found.with_suffix(".txt").read_text())

    def test_a_failure_is_made_short_only_as_far_as_it_repeats(self):
        """In the search it fails without E:, by itself it does not: so E: stays where there was one."""
        has_e = []
        for seed in range(4):
            code, text, err = self.fuzz("--seed", seed, "--runs", 1, "--no-faults", "--", PROGRAMS / "exits", "chance",
                                        out=f"seed{seed}")
            self.assertEqual(code, FOUND, text + err)
            found = self.dir / f"seed{seed}" / f"{self.failures(text)[0]}.yaml"
            has_e.append("  E:" in found.read_text())
            self.assertEqual(has_e[-1], "does not repeat" not in err, err)
            command = found.with_suffix(".txt").read_text().splitlines()[1].split("; vssemu ")[1].split()
            code = self.vssemu(*command[:2], found, *command[3:])[0]
            self.assertEqual(code, 9 if has_e[-1] else 0)
        self.assertEqual(set(has_e), {True, False})
        code, text, err = self.fuzz("--runs", 6, "--no-faults", "--", PROGRAMS / "exits", "chance", out="all")
        kept = (self.dir / "all" / f"{self.failures(text)[0]}.yaml").read_text()
        self.assertIn("  E:", kept)  # whichever seed came first
        self.assertNotIn("does not repeat", kept + text)

    def test_a_writers_bug_is_told_and_its_twin_is_silent(self):
        code, text, err = self.fuzz("--runs", 200, "--failures", 1, "--",
                                    PLANTED / "w06_abort_without_freeze.planted")
        self.assertEqual(code, FOUND, err)
        self.assertIn("crash-", text)
        code, text, err = self.fuzz("--runs", 40, "--", PLANTED / "w06_abort_without_freeze.twin",
                                    out="silent")
        self.assertEqual(code, 0, text + err)

    def test_a_writer_without_a_control_handler_leaves_in_good_order(self):
        code, text, err = self.fuzz("--runs", 20, "--no-faults", "--", PROGRAMS / "linux-writer")
        self.assertEqual(code, 0, text + err)

    def test_who_is_late_because_of_the_program_is_no_failure_of_its_own(self):
        code, text, err = self.fuzz("--runs", 200, "--", PLANTED / "w01_frozen_too_long.planted")
        late = [name for name in self.failures(text) if name.startswith("late-")]
        self.assertIn(len(late), (1, 2), text + err)
        self.assertNotIn("writer Cast", err)

    def test_a_budget_ends_a_run_that_does_not_end(self):
        code, text, err = self.fuzz("--budget", "1s", "--stuck", "1h", "--", PROGRAMS / "exits", "stay")
        self.assertEqual(code, 0, text + err)  # what is given up is no failure

    @unittest.skipIf(os.environ.get("VSSEMU_SANITIZE"), "a sanitizer's library must come first")
    def test_a_budget_is_what_it_says(self):
        """On a clock that is ten seconds later at each look: so on any machine the same."""
        done = subprocess.run([VSSEMU, "fuzz", "--jobs", "1", "--budget", "1000s", "--out", self.dir / "hasty"],
                              env={**os.environ, "LD_PRELOAD": str(PROGRAMS / "hasty-clock.so")}, text=True,
                              capture_output=True)
        took = re.search(r"^\d+ runs in (\d+)\.", done.stdout + done.stderr, re.MULTILINE)
        self.assertIsNotNone(took, done.stdout + done.stderr)
        self.assertTrue(1000 <= int(took[1]) < 3000, took[0])

    def test_a_run_may_take_a_day_of_its_clock(self):
        """Rule endless: a program is still there after 24 hours."""
        code, text, err = self.fuzz("--runs", 2, "--no-faults", "--", PROGRAMS / "exits", "wait", 23)
        self.assertEqual(code, 0, text + err)
        code, text, err = self.fuzz("--runs", 2, "--no-faults", "--failures", 1, "--", PROGRAMS / "exits",
                                    "wait", 25, out="longer")
        self.assertEqual(code, FOUND, text + err)
        self.assertIn("endless", self.failures(text)[0])

    def test_a_programs_exit_code_is_not_the_searchs(self):
        code, text, err = self.fuzz("--runs", 4, "--failures", 1, "--", PROGRAMS / "exits", 121)
        self.assertEqual(code, FOUND, text + err)
        self.assertTrue(self.failures(text)[0].startswith("exit-code-"), text)

    def search_in_background(self, out):
        """A search that goes on until it is ended, when it has found something."""
        search = subprocess.Popen([VSSEMU, "fuzz", "--jobs", "1", "--budget", "1h", "--out", self.dir / out, "--",
                                   PLANTED / "w06_abort_without_freeze.planted"], stdout=subprocess.PIPE, text=True)
        self.addCleanup(search.wait)
        self.addCleanup(search.kill)
        while not list((self.dir / out).glob("job0/*.yaml")):
            self.assertIsNone(search.poll())
            time.sleep(0.05)
        return search

    def test_an_interrupted_search_keeps_what_it_has_found(self):
        search = self.search_in_background("stopped/by/hand")
        search.send_signal(signal.SIGINT)
        self.assertIn("failure crash-", search.communicate()[0])
        self.assertEqual(search.returncode, 128 + signal.SIGINT)
        self.assertTrue(list((self.dir / "stopped/by/hand").glob("crash-*.yaml")))

    def test_a_killed_search_can_be_merged(self):
        search = self.search_in_background("killed")
        search.kill()
        search.wait()
        while not (self.dir / "killed/job0/summary.json").exists():
            time.sleep(0.05)  # the job hears of it when it next has something to say
        code, text, err = self.vssemu("fuzz", "merge", "--out", "all", "killed")
        self.assertEqual(code, FOUND, text + err)
        self.assertIn("failure crash-", text)

    def test_a_check_finds_what_is_torn_in_the_snapshot_and_its_twin_is_silent(self):
        check = ("--check-every", 4, "--check", "cmp {}/C/shop/a $VSSEMU_CHECK_DIR/C/shop/b")
        code, text, err = self.fuzz("--runs", 100, *check, "--", PROGRAMS / "torn-writer", "good")
        self.assertEqual(code, 0, text + err)
        code, text, err = self.fuzz("--runs", 200, *check, "--failures", 1, "--", PROGRAMS / "torn-writer",
                                    "torn", out="torn")
        self.assertEqual(code, FOUND, text + err)
        self.assertIn("check-", self.failures(text)[0])
        self.assertIn("the snapshot does not pass the check, which ended with 1", err)
        for argument, expected in (("torn", CHECK_FAILED), ("good", 0)):
            code, _, err = self.vssemu("run", "--clock", "virtual", "--world",
                                       self.dir / "torn" / f"{self.failures(text)[0]}.yaml", *check[2:], "--",
                                       PROGRAMS / "torn-writer", argument)
            self.assertEqual(code, expected, err)

    def test_a_check_sees_what_a_requester_has_restored(self):
        # The store is on C:, and a snapshot is older than it.
        code, text, err = self.fuzz("--runs", 8, "--check-every", 1, "--check", "! test -d {}/C/Backup", "--failures",
                                    1, "--", PLANTED / "r19_pre_restore_status.twin")
        self.assertEqual(code, FOUND, text + err)
        self.assertIn("the restored volumes do not pass the check", err)

    def test_simulated_casts_are_checked_and_a_check_ends_in_time(self):
        code, text, err = self.fuzz("--runs", 20, "--check-every", 1, "--check", "test -d {}/C")
        self.assertEqual(code, 0, text + err)
        code, text, err = self.fuzz("--runs", 20, "--check-every", 1, "--failures", 1, "--check",
                                    "! test -d {}/C", out="no")
        self.assertEqual(code, FOUND, text + err)
        self.assertIn("the snapshot does not pass the check, which ended with 1", err)
        name = self.failures(text)[0]
        code, _, err = self.vssemu("run", "--world", self.dir / "no" / f"{name}.yaml", "--check",
                                   "! test -d {}/C")
        self.assertEqual(code, CHECK_FAILED, err)
        self.assertIn("snapshot or restore 1 does not pass the check: ! test -d {}/C ended with 1", err)
        code, _, err = self.vssemu("run", "--world", self.dir / "no" / f"{name}.yaml", "--check",
                                   "sleep 1000; true", "--check-limit", "100ms")
        self.assertEqual(code, CHECK_FAILED, err)
        self.assertIn("sleep 1000; true was not over after 100ms and was killed", err)

    def test_a_check_that_cannot_be_made_is_refused(self):
        code, _, err = self.fuzz("--check", "true", "--check-limit", "soon", "--runs", 1)
        self.assertEqual(code, BAD_USAGE, err)
        code, _, err = self.fuzz("--check", "true", "--check-every", 0, "--", PROGRAMS / "torn-writer")
        self.assertEqual(code, BAD_USAGE, err)

    def test_a_search_without_a_run_is_refused(self):
        code, _, err = self.fuzz("--runs", 0)
        self.assertEqual(code, BAD_USAGE, err)
        self.assertIn("--runs takes a number from 1 on", err)

    def test_threads_that_share_one_of_the_kernels_do_not_notice(self):
        for what in ("own", "throw", "numbers", "masks", "kill", "identity", "leave-main", "detached", "cancelled",
                     "exit", "forks"):
            with self.subTest(what=what):
                code, text, err = self.fuzz("--runs", 40, "--no-faults", "--", PROGRAMS / "riding", what, out=what)
                self.assertEqual(code, 0, text + err)

    def test_what_the_kernel_keeps_for_a_thread_is_its_own_as_without_a_search(self):
        rows = [("riding", what) for what in ("last-is-detached", "last-is-main")]
        rows += [("kernel-state", what) for what in (
            "mask-of-stack", "mask-of-name", "mask-of-kill", "own-mask", "mask-of-attributes", "kill-self",
            "identity-beside-stack", "overflow-handled", "names", "priorities")]
        for program, what in rows:
            with self.subTest(what=what):
                code, text, err = self.fuzz("--runs", 8, "--no-faults", "--", PROGRAMS / program, what, out=what)
                self.assertEqual(code, 0, text + err)
                code, text, err = self.vssemu("run", "--clock", "virtual", "--", PROGRAMS / program, what)
                self.assertEqual(code, 0, text + err)

    def test_threads_that_wait_for_each_other_are_a_deadlock_told_with_who_holds_what(self):
        for program in ("w03_deadlock_two_writers.planted", PROGRAMS / "riding"):
            with self.subTest(program=program):
                code, text, err = self.fuzz("--runs", 150, "--failures", 1, "--", PLANTED / program, "deadlock",
                                            out=pathlib.Path(program).stem)
                self.assertEqual(code, FOUND, text + err)
                found = self.failures(text)[0]
                self.assertTrue(found.startswith("deadlock-"), text)
                timeline = (self.dir / pathlib.Path(program).stem / f"{found}.txt").read_text()
                self.assertIn("in a circle: thread ", timeline.splitlines()[0])
                self.assertRegex(timeline, r"holds (mutex|critical section)")

    def test_an_endless_loop_is_found_although_others_have_most_of_the_processor(self):
        first = min(os.sched_getaffinity(0))
        others = [subprocess.Popen(["taskset", "-c", str(first), "sh", "-c", "while :; do :; done"])
                  for _ in range(3)]
        try:
            code, text, err = self.fuzz("--runs", 1, "--stuck", "300ms", "--no-faults", "--", PROGRAMS / "riding",
                                        "endless-once")
        finally:
            for other in others:
                other.kill()
                other.wait()
        self.assertEqual(code, FOUND, text + err)
        self.assertTrue(self.failures(text)[0].startswith("stuck-"), text)

    def test_runs_that_are_given_up_are_counted(self):
        code, text, err = self.fuzz("--runs", 1, "--stuck", "100ms", "--no-faults", "--", PROGRAMS / "riding", "slow")
        self.assertEqual(code, 0, text + err)
        self.assertRegex(err, r"\d+ runs of job 0 were given up")

    def test_what_a_program_does_at_its_end_is_done(self):
        for what in ("destructor-fails", "handler-fails"):
            with self.subTest(what=what):
                code, text, err = self.fuzz("--runs", 2, "--no-faults", "--", PROGRAMS / "riding", what, out=what)
                self.assertEqual(code, FOUND, text + err)
                self.assertTrue(self.failures(text)[0].startswith("exit-code"), text)

    def test_the_examples_are_silent(self):
        for program in ("example-requester", "example-writer"):
            with self.subTest(program=program):
                code, text, err = self.fuzz("--runs", 600, "--seed", 0, "--",
                                            pathlib.Path(VSSEMU).with_name(program), out=program)
                self.assertEqual(code, 0, text + err)

    def test_each_kind_of_failure_has_its_name_and_no_twin_has_it(self):
        for program, rule, runs in (("r04_double_backup_complete", "exit-code", 60),
                                    ("r13_query_status_ignored", "false-success", 90),
                                    ("r16_aborted_set_blocks", "finding", 250),
                                    ("r23_short_path_buffer", "false-success", 60),
                                    ("r05_leftover_snapshots", "left-behind", 150),
                                    ("w05_state_in_identify", "not-listed", 150)):
            with self.subTest(program=program):
                code, text, err = self.fuzz("--runs", runs, "--failures", 1, "--",
                                            PLANTED / f"{program}.planted", out=program)
                self.assertEqual(code, FOUND, text + err)
                self.assertTrue(self.failures(text)[0].startswith(rule + "-"), text)
                code, text, err = self.fuzz("--runs", runs, "--", PLANTED / f"{program}.twin",
                                            out=program + ".twin")
                self.assertEqual(code, 0, text + err)

    def test_a_writer_of_the_world_file_makes_no_writer_of_a_requester(self):
        (self.dir / "world.yaml").write_text("writers:\n  - cast: documents\n")
        code, text, err = self.fuzz("--world", self.dir / "world.yaml", "--runs", 60, "--failures", 1, "--",
                                    PLANTED / "r06_silent_fallback.planted")
        self.assertEqual(code, FOUND, text + err)
        self.assertIn("false-success-", text)

    def test_shards_joined_have_met_what_one_process_has_met(self):
        self.fuzz("--runs", 60, out="whole")
        for i in 0, 1:
            self.fuzz("--runs", 60, "--shard", f"{i}/2", out=f"part{i}")
        self.vssemu("fuzz", "merge", "--out", "joined", "part0", "part1")
        whole, joined = ((self.dir / folder / "coverage.txt").read_text() for folder in ("whole", "joined"))
        self.assertEqual(joined, whole)

    def test_of_two_files_of_one_failure_the_shorter_stays(self):
        for name, text in ("a", "about: long and longer\n"), ("b", "about: short\n"), ("c", "about: middling\n"):
            folder = self.dir / name
            folder.mkdir()
            (folder / "summary.json").write_text('{"runs": 5, "failures": ["late-1"], "seconds": 1.0}')
            (folder / "coverage.txt").write_text("2 volume hold -\n")
            (folder / "late-1.yaml").write_text(text)
            (folder / "late-1.txt").write_text(f"timeline of {name}")
        code, text, _ = self.vssemu("fuzz", "merge", "--out", "all", "a", "b", "c")
        self.assertEqual(code, FOUND)
        self.assertIn("15 runs", text)
        self.assertEqual(self.failures(text), ["late-1"])
        self.assertEqual((self.dir / "all/late-1.yaml").read_text(), "about: short\n")
        self.assertEqual((self.dir / "all/late-1.txt").read_text(), "timeline of b")
        self.assertEqual((self.dir / "all/coverage.txt").read_text(), "6 volume hold -\n")
        (self.dir / "b/late-1.yaml").write_text("about: x; does not repeat by itself (memory error?)\n")
        (self.dir / "c/late-1.yaml").write_text("about: longer than what does not repeat, which does not count here\n")
        for order in ("bc", "cb"):
            self.vssemu("fuzz", "merge", "--out", order, *order)
            self.assertIn("longer", (self.dir / order / "late-1.yaml").read_text())

    def test_a_failure_whose_name_leads_elsewhere_is_refused(self):
        folder = self.dir / "a"
        folder.mkdir()
        (folder / "summary.json").write_text('{"runs": 1, "failures": ["../x"]}')
        (folder / "coverage.txt").write_text("")
        (self.dir / "x.yaml").write_text("about: somebody else's\n")
        self.assertEqual(self.vssemu("fuzz", "merge", "--out", "all", "a")[0], BAD_USAGE)

    def test_what_cannot_be_joined_is_named(self):
        (self.dir / "nothing").mkdir()
        code, _, err = self.vssemu("fuzz", "merge", "--out", "joined", "nothing")
        self.assertEqual(code, BAD_USAGE)
        self.assertIn("nothing holds no search", err)

    def test_bad_usage_and_programs_that_are_none(self):
        self.assertEqual(self.fuzz("--shard", "2/2")[0], BAD_USAGE)
        self.assertEqual(self.fuzz("--budget", "soon")[0], BAD_USAGE)
        self.assertEqual(self.fuzz("--", "no-such-program")[0], NO_PROGRAM)
        code, _, err = self.fuzz("--runs", 5, "--", "/bin/true")
        self.assertEqual(code, NO_PROGRAM)
        self.assertIn("no program linked with libvssapi", err)


if __name__ == "__main__":
    main()
