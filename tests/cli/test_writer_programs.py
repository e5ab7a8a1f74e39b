# SPDX-License-Identifier: MIT
"""How the run of a writer program ends: the built-in requester backs it up, tells it to leave, and
ends it when it stays. Both clocks, where the clock matters."""
import pathlib

from support import VSSEMU, CliTest, main

TESTS = pathlib.Path(VSSEMU).resolve().parents[1] / "tests"
STUBBORN, LINUX = TESTS / "stubborn-writer", TESTS / "linux-writer"
CTRL_CLOSE_EVENT = 2
COMPONENT_FAILED = 3
BETEST = """<BETest>
  <Writer writerid="0000057b-0001-0001-0100-000000000000">
    <Component componentName="Two"/>
  </Writer>
</BETest>
"""


class WriterPrograms(CliTest):
    def setUp(self):
        super().setUp()
        files = self.volume / "files"
        files.mkdir()
        (files / "One").write_text("1")
        (files / "Two").write_text("2")

    def run_writer(self, *program, options=(), clock="virtual"):
        return self.vssemu("run", "--clock", clock, "--seed", 1, "--volume", f"C:={self.volume}",
                           "--trace", "run.jsonl", *options, "--", *program)

    def added(self):
        return [r["detail"] for r in self.trace() if r.get("what") == "AddComponent"]

    def test_without_a_configuration_every_component_is_backed_up(self):
        code, out, err = self.run_writer(STUBBORN, "leaves")
        self.assertEqual(code, 0, err)
        self.assertEqual(out, f"component One\ncomponent Two\ntold: {CTRL_CLOSE_EVENT}\n")
        self.assertEqual(self.added(), ["One", "Two"])

    def test_with_one_only_what_it_names(self):
        code, out, err = self.run_writer(
            STUBBORN, "leaves", options=["--requester", self.write("sel.xml", BETEST)])
        self.assertEqual(code, 0, err)
        self.assertEqual(out, f"component Two\ntold: {CTRL_CLOSE_EVENT}\n")
        self.assertEqual(self.added(), ["Two"])

    def test_the_writers_own_exit_code_counts(self):
        code, _, err = self.run_writer(STUBBORN, "leaves", 9)
        self.assertEqual(code, 9, err)
        self.assertEqual(self.trace()[-1]["exit"], 9)

    def test_a_failed_requester_is_the_runs_exit_code(self):
        nobody = self.write("sel.xml", BETEST.replace("Two", "Nobody"))
        code, _, err = self.run_writer(STUBBORN, "leaves", options=["--requester", nobody])
        self.assertEqual(code, COMPONENT_FAILED, err)
        self.assertIn("Nobody", err)

    def stays(self, mode):
        """Ended 5 s after the requester had finished, with a word and an exit code of its own."""
        code, out, err = self.run_writer(STUBBORN, mode)
        self.assertEqual(code, 1, err)
        self.assertIn(f"told: {CTRL_CLOSE_EVENT}\n", out)
        self.assertIn("was told to leave and is still there 5 s later", err)
        finished, ended = [r for r in self.trace() if r.get("who") == "built-in requester"]
        self.assertEqual(finished["what"], "finished")
        self.assertEqual(ended["what"], "the program has not left; ended")
        self.assertAlmostEqual((ended["t"] - finished["t"]) / 1e9, 5, places=2)

    def test_one_whose_handler_returns_but_that_stays(self):
        self.stays("ignores")

    def test_one_whose_handler_never_returns(self):
        self.stays("hangs")

    def test_a_plain_linux_writer_gets_sigterm(self):
        for clock in ("real", "virtual"):
            code, out, err = self.run_writer(LINUX, "handler", clock=clock)
            self.assertEqual((code, out), (5, "linux-writer: left\n"), err)

    def test_one_without_a_handler_leaves_by_it(self):
        for clock in ("real", "virtual"):
            code, out, err = self.run_writer(LINUX, "default", clock=clock)
            self.assertEqual((code, out), (0, ""), err)
            self.assertNotIn("SIGTERM", err)
        nobody = self.write("sel.xml", BETEST)
        code, _, err = self.run_writer(LINUX, "default", options=["--requester", nobody])
        self.assertEqual(code, COMPONENT_FAILED, err)


if __name__ == "__main__":
    main()
