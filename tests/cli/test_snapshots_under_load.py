# SPDX-License-Identifier: MIT
"""A database that is written as fast as it goes while snapshot after snapshot is taken: the one in
each snapshot passes SQLite's integrity check and its own invariant, mounted and not.
And what copies of it are worth, with and without its writer."""
import pathlib
import re
import unittest

from support import VSSEMU, CliTest, main, memory_folder, needs_mount

PROGRAM = pathlib.Path(VSSEMU).with_name("vssemu-demo-program")

# Hands the mount of C: to the program, as a user's shell line would do.
WITH_MOUNT = """
import json, os, sys
volume, = json.loads(os.environ["VSSEMU_WORLD"])["volumes"]
os.execv(sys.argv[1], sys.argv[1:] + ["--mount", volume["mount"]])
"""


@unittest.skipUnless(PROGRAM.exists(), "vssemu-demo-program is not built")
class DemoTest(CliTest):
    def command(self, n):
        return [PROGRAM, "--database", "C:\\data\\bank.db", "--snapshots", n]

    def check(self, n, *words):
        code, out, err = self.vssemu("run", "--volume", f"C:={self.volume}", *words)
        self.assertEqual(code, 0, out[-4000:] + err[-4000:])
        said = re.search(r"(\d+ of \d+) databases in snapshots are sound; (\d+) transfers", out)
        self.assertEqual(said[1], f"{n} of {n}")
        # Under load: the bank was at work between any two snapshots.
        seen = [int(t) for t in re.findall(r"in the snapshot is sound: (\d+) transfers", out)]
        self.assertEqual(len(seen), n)
        self.assertTrue(all(a < b for a, b in zip(seen, seen[1:])), seen)
        print(f"{said[1]}, {' '.join(map(str, words[:2]))}: {said[2]} transfers in all")


class OnDisk(DemoTest):
    @needs_mount
    def test_50_on_a_mounted_volume(self):
        self.check(50, "--mount", "--", *self.python(WITH_MOUNT), *self.command(50))


class InMemory(DemoTest):
    """Where no transfer waits for a disk: there are more of them between two snapshots."""
    made_in = memory_folder()

    def test_50_without_a_mount(self):
        self.check(50, "--", *self.command(50))

    def test_50_in_virtual_time(self):
        self.check(50, "--clock", "virtual", "--seed", 1, "--", *self.command(50), "--pause", 1)


class Worth(DemoTest):
    made_in = memory_folder()

    def check_worth(self, text, n):
        """What is certain of n copies of each kind; answers the names of the rows."""
        rows = re.findall(r"^ +(database|the database)(.*?)  +(\d+) +(\d+) +(\d+)$", text, re.M)
        whole, kept, complete = ([int(row[2 + i]) for row in rows] for i in range(3))
        self.assertEqual(len(rows), 6)
        # A snapshot is one moment: what is in it is sound. With the writer the file alone is complete; without it only
        # with its log. Copied while it changes, nothing is, whatever integrity_check finds.
        self.assertEqual([v for vs in (whole, kept) for i, v in enumerate(vs) if i % 3 < 2], [n] * 8, text[-1500:])
        self.assertEqual((complete[0], complete[1], complete[4]), (n, n, n), text[-1500:])
        self.assertTrue(complete[3] < n, text[-1500:])
        for i in (2, 5):
            self.assertTrue(complete[i] <= kept[i] < n, text[-1500:])
        return [row[:2] for row in rows]

    def test_what_copies_are_worth(self):
        code, out, err = self.vssemu("run", "--volume", f"C:={self.volume}", "--clock", "virtual", "--seed", 1, "--",
                                     PROGRAM, "--database", "C:\\data\\bank.db", "--worth", 4, "--pause", 1)
        self.assertEqual(code, 0, out[-4000:] + err[-4000:])
        readme = (pathlib.Path(__file__).parents[2] / "README.md").read_text()
        self.assertEqual(self.check_worth(out, 4), self.check_worth(readme, 50))


if __name__ == "__main__":
    main()
