# SPDX-License-Identifier: MIT
"""A folder for each test of the compile drivers, in which files are written and commands run. The
first argument of the test program is the build folder."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

BUILD = pathlib.Path(sys.argv.pop(1)).resolve()
CC, CXX = BUILD / "bin" / "vssemu-cc", BUILD / "bin" / "vssemu-c++"
VSSEMU = BUILD / "bin" / "vssemu"


class DriverFolder(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="drivers test ")
        self.addCleanup(self.folder.cleanup)
        # One for all, so that its precompiled headers serve many tests.
        self.environment = dict(os.environ, VSSEMU_CACHE=str(BUILD / "driver-cache"))

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def write(self, name, text):
        path = pathlib.Path(self.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def read(self, name):
        return pathlib.Path(self.path(name)).read_text()

    def run_in_folder(self, *words, ok=True, text=None, folder="."):
        done = subprocess.run([str(w) for w in words], cwd=self.path(folder), input=text,
                              stdin=None if text else subprocess.DEVNULL, env=self.environment,
                              capture_output=True, text=True)
        self.assertEqual(ok, done.returncode == 0, done.stderr + done.stdout)
        return done

    def need(self, *tools):
        """Skips the test where a tool is not installed."""
        for tool in tools:
            if not shutil.which(tool):
                self.skipTest(tool + " is not installed")


def forget_settings(environment):
    """Those of whoever runs the tests."""
    for name in ("CC", "CXX", "CFLAGS", "CXXFLAGS", "LDFLAGS", "MAKEFLAGS", "DESTDIR"):
        environment.pop(name, None)


def main():
    os.environ.setdefault("LC_ALL", "C.UTF-8")
    unittest.main()
