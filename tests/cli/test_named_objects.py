# SPDX-License-Identifier: MIT
"""Named events, mutexes and semaphores between the processes of one run, on both clocks; a run beside
it sees none of them."""
import pathlib

from support import VSSEMU, CliTest, main

PROGRAM = str(pathlib.Path(VSSEMU).parent.parent / "tests" / "named-objects")


class NamedObjects(CliTest):
    def run_both(self, first, second, clock):
        """Two processes of one run, each with its own output."""
        script = f'{PROGRAM} {first} > first & {PROGRAM} {second} > second; wait'
        code, _, err = self.vssemu("run", "--clock", clock, "--", "sh", "-c", script)
        self.assertEqual((code, err), (0, ""))
        return [(self.dir / name).read_text().splitlines() for name in ("first", "second")]

    def on_both_clocks(self, first, second, wanted):
        for clock in ("real", "virtual"):
            with self.subTest(clock=clock):
                self.assertEqual(self.run_both(first, second, clock), wanted)

    def test_an_event_set_by_one_reaches_the_other(self):
        self.on_both_clocks("make first wait", "second quiet set", [["event: new", "wait: got it"], []])

    def test_who_comes_second_is_told_and_other_kinds_are_refused(self):
        self.on_both_clocks("make first wait", "second make kinds set",
                            [["event: new", "wait: got it"],
                             ["event: there", "another kind: refused, error 6",
                              "another kind: refused, error 6"]])

    def test_many_rounds_without_a_lost_signal(self):
        self.on_both_clocks("first ping", "second pong", [["200 rounds"], ["200 rounds"]])

    def test_a_wait_for_all_takes_local_and_shared_objects(self):
        self.on_both_clocks("make first all", "second quiet post",
                            [["event: new", "all: got it"], []])

    def test_the_mutex_of_a_killed_process_is_abandoned(self):
        self.on_both_clocks("make first wait lock", "second quiet lock set die",
                            [["event: new", "wait: got it", "lock: abandoned"], ["lock: got it"]])

    def test_virtual_time_waits_for_the_other_process(self):
        """The first may wait five seconds, the other sleeps three and then signals: with one time
        for both that is no time-out, however fast each of them is."""
        self.assertEqual(self.run_both("make first wait timed", "second quiet set sleep set", "virtual"),
                         [["event: new", "wait: got it", "timed: got it", "after 3 s"], []])

    def test_virtual_time_goes_on_when_the_other_is_gone(self):
        self.assertEqual(self.run_both("make first wait timed", "second quiet set", "virtual"),
                         [["event: new", "wait: got it", "timed: timed out", "after 5 s"], []])

    def test_another_run_sees_nothing(self):
        script = (f"{PROGRAM} make first wait & {VSSEMU} run -- {PROGRAM} make kinds > inner; "
                  f"{PROGRAM} second quiet set; wait")
        code, out, err = self.vssemu("run", "--", "sh", "-c", script)
        self.assertEqual((code, out, err), (0, "event: new\nwait: got it\n", ""))
        self.assertEqual((self.dir / "inner").read_text().splitlines(),
                         ["event: new", "another kind: refused, error 6",
                          "another kind: refused, error 6"])


if __name__ == "__main__":
    main()
