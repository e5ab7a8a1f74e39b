#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""vssemu scenario from-bytes and to-bytes: what another fuzzer found becomes a scenario file, which
can be run, and an input again."""
import pathlib
import subprocess
import unittest

import support
from support import BAD_USAGE, CliTest

CORPUS = sorted((pathlib.Path(__file__).parent.parent / "fuzz/corpus/plan").iterdir())


class ScenarioBytesTest(CliTest):
    def scenario_of(self, path, out):
        code, _, err = self.vssemu("scenario", "from-bytes", path, "--out", out)
        self.assertEqual((code, err), (0, ""), path)
        return (self.dir / out).read_text()

    def bytes_of(self, path, out):
        code, _, err = self.vssemu("scenario", "to-bytes", path, "--out", out)
        self.assertEqual((code, err), (0, ""), path)
        return (self.dir / out).read_bytes()

    def test_an_input_becomes_a_scenario_and_that_the_same_input_again(self):
        self.assertGreaterEqual(len(CORPUS), 20)
        for seed in CORPUS:
            text = self.scenario_of(seed, "first.yaml")
            self.assertEqual(self.vssemu("scenario", "check", "first.yaml"), (0, "", ""), seed)
            data = self.bytes_of("first.yaml", "again.bin")
            self.assertEqual(self.scenario_of("again.bin", "second.yaml"), text, seed)
            self.assertEqual(self.bytes_of("second.yaml", "third.bin"), data, seed)

    def test_what_a_crash_left_is_a_plan_whatever_the_bytes_are(self):
        for name, data in {"empty": b"", "ones": b"\xff" * 300, "text": b"FUZZ" * 50,
                           "cut": CORPUS[0].read_bytes()[:11]}.items():
            (self.dir / name).write_bytes(data)
            text = self.scenario_of(name, name + ".yaml")
            self.bytes_of(name + ".yaml", name + ".bin")
            self.assertEqual(self.scenario_of(name + ".bin", "again.yaml"), text, name)

    def test_the_scenario_of_an_input_runs(self):
        for seed in CORPUS[:3]:
            self.scenario_of(seed, "a.yaml")
            code, _, err = self.vssemu("run", "--world", "a.yaml", "--trace", "a.jsonl")
            self.assertEqual(code, 0, err)
            calls = [record for record in self.trace("a.jsonl") if record.get("kind") == "call"]
            self.assertTrue(calls, seed)

    def test_a_pipe_goes_through(self):
        done = subprocess.run([support.VSSEMU, "scenario", "from-bytes", "-"], timeout=60,
                              input=CORPUS[0].read_bytes(), capture_output=True)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        self.assertEqual(done.stdout.decode(), self.scenario_of(CORPUS[0], "a.yaml"))

    def test_what_no_input_can_say_is_told(self):
        self.write("a.yaml", "volumes: {C: {files: {'a.txt': hello}}}\nsteps: backup\n")
        code, _, err = self.vssemu("scenario", "to-bytes", "a.yaml", "--out", "a.bin")
        self.assertEqual(code, BAD_USAGE)
        self.assertTrue(err.startswith("vssemu: a.yaml: "), err)
        self.assertFalse((self.dir / "a.bin").exists())

    def test_an_input_that_is_not_there_is_told(self):
        code, _, err = self.vssemu("scenario", "from-bytes", "nothing.bin")
        self.assertEqual(code, BAD_USAGE)
        self.assertIn("nothing.bin", err)


if __name__ == "__main__":
    support.main()
