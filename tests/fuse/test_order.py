# SPDX-License-Identifier: MIT
"""The same scenario on the real clock, against a volume that is mounted through FUSE, and on the
virtual clock without a mount: each participant gets the same events and calls in the same order,
with the same results, and goes through the same states."""
import pathlib
import shutil
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "cli"))

from support import VSSEMU, CliTest, main, needs_mount    # noqa: E402 (the path comes first)
from test_trace import WRITER                             # noqa: E402

BIN = pathlib.Path(VSSEMU).parent


@needs_mount
class Order(CliTest):
    def record(self, name, code, *arguments):
        shutil.rmtree(self.volume)
        (self.volume / "docs").mkdir(parents=True)
        (self.volume / "docs" / "a.txt").write_text("hello")
        got, out, err = self.vssemu("run", "--volume", f"C:={self.volume}", "--trace", name,
                                    *arguments)
        self.assertEqual(got, code, out + err)
        return self.trace(name)

    def assert_same_order(self, code, *arguments):
        virtual = self.record("virtual.jsonl", code, "--clock", "virtual", *arguments)
        real = self.record("real.jsonl", code, "--mount", *arguments)
        self.assertEqual((virtual[0]["clock"], real[0]["clock"]), ("virtual", "real"))
        self.assertIs(real[0]["world"]["mounted"], True)
        events = [r for r in real if r.get("kind") == "event"]
        self.assertIn("Freeze", {r["what"] for r in events})
        got, out, err = self.vssemu("trace", "diff", "--order", "virtual.jsonl", "real.jsonl")
        self.assertEqual(got, 0, out + err)
        return len({r["who"] for r in events}), len(events)

    def test_of_a_native_writer_beside_simulated_ones(self):
        writer = self.write("app.xml", WRITER % "")
        n, events = self.assert_same_order(0, "--writer", writer, "--simulate", "registry", "--",
                                           BIN / "example-writer")
        print(f"example-writer and {n - 1} simulated: {events} events in the same order")

    def test_of_a_native_writer_beside_one_that_fails(self):
        writer = self.write("app.xml", WRITER % '<FailEvent writerEvent="Freeze" retryable="no"/>')
        self.assert_same_order(3, "--writer", writer, "--", BIN / "example-writer")

    def test_of_a_native_requester(self):
        writer = self.write("app.xml", WRITER % "")
        n, events = self.assert_same_order(0, "--writer", writer, "--simulate", "registry", "--",
                                           BIN / "example-requester", "backup")
        print(f"example-requester and {n} simulated writers: {events} events in the same order")


if __name__ == "__main__":
    main()
