# SPDX-License-Identifier: MIT
"""Writer programs on the virtual clock, backed up by the built-in requester: one seed gives one
trace to the byte, a sleep of 70 s in OnFreeze meets the window of 60 s at once, and threads that
fight for locks do not hang the world."""
import pathlib
import time

from support import VSSEMU, CliTest, main

EXAMPLE = pathlib.Path(VSSEMU).with_name("example-writer")
TESTS = pathlib.Path(VSSEMU).resolve().parents[1] / "tests"
TIMES = 10
COMPONENT_FAILED = 3    # the built-in requester's word for a writer that failed


class VirtualTime(CliTest):
    def run_writer(self, name, seed, program, wanted=0, options=()):
        """In a volume of its own; answers the trace's bytes behind the header, which says where it
        lay."""
        volume = self.dir / name
        volume.mkdir()
        trace = self.dir / f"{name}.jsonl"
        code, out, err = self.vssemu("run", "--clock", "virtual", "--seed", seed, "--volume",
                                     f"C:={volume}", "--trace", trace, *options, "--", *program)
        self.assertEqual(code, wanted, out + err)
        self.out = out
        return trace.read_bytes().split(b"\n", 1)[1]

    def assert_seed_decides(self, program_of):
        first = self.run_writer("first", 7, program_of("first"))
        self.assertGreater(first.count(b"\n"), 40)
        same = sum(self.run_writer(f"again-{i}", 7, program_of(f"again-{i}")) == first
                   for i in range(1, TIMES))
        self.assertEqual(same + 1, TIMES)
        other = self.run_writer("other", 8, program_of("other"))
        self.assertNotEqual(other, first)
        return f"{same + 1} of {TIMES} traces are the same, {len(first)} bytes each"

    def test_one_seed_gives_one_trace_of_the_example(self):
        print("example-writer:", self.assert_seed_decides(lambda _: [EXAMPLE]))

    def test_a_sleep_in_freeze_meets_the_window_at_once(self):
        """Learn: "CVssWriter::Initialize" (dwTimeoutFreeze), "Aborting VSS Operations"."""
        begin = time.monotonic()
        self.run_writer("sleepy", 7, [TESTS / "sleepy-writer"], COMPONENT_FAILED)
        took = time.monotonic() - begin
        mine = [r for r in self.trace("sleepy.jsonl") if r.get("who") == "writer Example Writer"]
        ready, = [r for r in mine if r["what"] == "PrepareForSnapshot"]
        timeout, = [r for r in mine if r.get("after") == "FAILED_AT_FREEZE"
                    and r.get("before") != "FAILED_AT_FREEZE"]
        self.assertEqual(timeout["result"], "VSS_E_WRITERERROR_TIMEOUT")
        self.assertGreaterEqual(timeout["t"] - ready["t"], 60 * 10**9)
        self.assertLess(timeout["t"] - ready["t"], 61 * 10**9)
        afterwards = [r["what"] for r in mine if r["what"] in ("Abort", "Thaw", "PostSnapshot")]
        self.assertEqual(afterwards, ["Abort"])
        self.assertIn("example-writer: Abort\n", self.out)
        done, = [r for r in self.trace("sleepy.jsonl") if r.get("what") == "DoSnapshotSet"
                 and r.get("after")]
        self.assertEqual(done["result"], "VSS_S_ASYNC_FINISHED")
        print(f"sleepy-writer: 60 s passed in {took * 1000:.0f} ms, process and all")

    def test_three_kinds_of_locks_do_not_hang_the_world(self):
        def program(name):
            return [TESTS / "busy-writer", self.dir / f"{name}.db"]

        words = self.assert_seed_decides(program)
        self.assertIn("n = 400\n", self.out)
        print("busy-writer:", words)

    def test_each_schedule_repeats_and_differs(self):
        def run(name, schedule):
            options = ["--schedule", schedule] if schedule else []
            return self.run_writer(name, 7, [EXAMPLE], options=options)

        plain = run("plain", None)
        self.assertEqual(run("random", "random").split(b"\n", 1)[1], plain.split(b"\n", 1)[1])
        for schedule in ("pct:3", "bounded:2,length=200", "mix"):
            name = schedule.replace(",", "-")
            self.assertEqual(run(name, schedule), run(name + "-again", schedule), schedule)
        self.assertNotEqual(run("few", "bounded:0").split(b"\n", 1)[1], plain.split(b"\n", 1)[1])

    def test_a_schedule_that_is_none_is_refused(self):
        for schedule, word in (("fair", "random, pct[:DEPTH], bounded[:N] or mix"),
                               ("pct:99", "from 1 to 16"), ("mix,len=3", ",length=")):
            code, _, err = self.vssemu("run", "--clock", "virtual", "--schedule", schedule, "--",
                                       EXAMPLE)
            self.assertEqual(code, 120, err)
            self.assertIn(word, err)
        code, _, err = self.vssemu("run", "--schedule", "mix", "--", EXAMPLE)
        self.assertEqual(code, 120, err)
        self.assertIn("--clock virtual", err)


if __name__ == "__main__":
    main()
