# SPDX-License-Identifier: MIT
"""What the tests of the command line share: a directory of their own, running vssemu, reading a
trace, and the programs that they run in it (small Python programs that know VSSEMU_WORLD)."""
import contextlib
import json
import os
import pathlib
import pty
import shutil
import subprocess
import sys
import tempfile
import unittest

VSSEMU = os.environ["VSSEMU"]
BAD_USAGE, NO_WORLD, NO_PROGRAM = 120, 121, 122

# Writes lines into the trace as libvssapi does: through the descriptor that the launcher names.
TRACE_LINE = """
import json, os
world = json.loads(os.environ["VSSEMU_WORLD"])
def trace(line):
    os.write(world["trace_fd"], line.encode())
"""


def can_mount():
    try:
        os.close(os.open("/dev/fuse", os.O_RDWR))
    except OSError:
        return False
    return shutil.which("fusermount3") is not None


needs_mount = unittest.skipUnless(can_mount(), "/dev/fuse cannot be opened here")


def memory_folder():
    """Where a test that makes many persistent snapshots does not wait for a disk at each; None: nowhere. A kill shows
    the same there, and what a loss of power costs is shown by tests/cow."""
    try:
        room = os.statvfs("/dev/shm")
    except OSError:
        return None
    return "/dev/shm" if room.f_bavail * room.f_frsize > 1 << 30 and os.access("/dev/shm", os.W_OK) else None


@contextlib.contextmanager
def terminal():
    """Gives one end of a terminal for programs, and a list in which, when they have ended, stands what they wrote."""
    ours, programs = pty.openpty()
    shown = []
    yield programs, shown
    os.close(programs)
    try:
        while more := os.read(ours, 65536):
            shown.append(more)
    except OSError:
        pass  # nobody has the other end
    os.close(ours)


class CliTest(unittest.TestCase):
    made_in = None  # of its directory; None: as tempfile has it

    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix="vssemu-cli-", dir=self.made_in)
        self.addCleanup(temporary.cleanup)
        self.dir = pathlib.Path(temporary.name)
        self.volume = self.dir / "volume"
        self.volume.mkdir()

    def write(self, name, text):
        path = self.dir / name
        path.write_text(text)
        return str(path)

    def vssemu(self, *arguments, **more):
        """Runs vssemu to its end; answers exit code, standard output and standard error."""
        done = subprocess.run([VSSEMU, *map(str, arguments)], capture_output=True, text=True,
                              cwd=self.dir, stdin=subprocess.DEVNULL, **more)
        return done.returncode, done.stdout, done.stderr

    def start(self, *arguments):
        """Starts vssemu; the test talks to it through pipes and must see it end."""
        process = subprocess.Popen([VSSEMU, *map(str, arguments)], cwd=self.dir, text=True,
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE)
        self.addCleanup(self.end, process)
        return process

    @staticmethod
    def end(process):
        if process.poll() is None:
            process.kill()
        process.communicate()

    def python(self, text):
        """The command of a Python program, to stand behind `--`."""
        return [sys.executable, "-c", text]

    def trace(self, name="run.jsonl"):
        return [json.loads(line) for line in (self.dir / name).read_text().splitlines()]

    def assert_refused(self, code, words, *arguments):
        """vssemu says `words` (all of them) on standard error and answers `code`; the program that
        it should have run was not started."""
        marker = self.dir / "program-was-started"
        got, out, err = self.vssemu("run", *arguments, "--", "touch", marker)
        self.assertEqual(got, code, err)
        self.assertEqual(out, "")
        for word in words:
            self.assertIn(str(word), err)
        for line in err.splitlines():
            self.assertTrue(line.startswith("vssemu: "), line)
        self.assertFalse(marker.exists())
        return err


def main():
    """As unittest.main; answers 77 (skipped) when every test was skipped."""
    program = unittest.main(exit=False, verbosity=1)
    result = program.result
    if not result.wasSuccessful():
        sys.exit(1)
    sys.exit(77 if result.testsRun and len(result.skipped) == result.testsRun else 0)
