# SPDX-License-Identifier: MIT
"""Files and directories that cannot be used: a clear message that names them, an exit code of
vssemu's own, the program not started, and nothing changed."""
import os
import pathlib
import resource
import shutil
import signal
import subprocess

from support import BAD_USAGE, NO_PROGRAM, NO_WORLD, TRACE_LINE, VSSEMU, CliTest, main, needs_mount

TEST_WRITER = """<TestWriter usage="USER_DATA">
  <RestoreMethod method="RESTORE_IF_CAN_BE_REPLACED" writerRestore="always" rebootRequired="no"/>
  <Component componentType="filegroup" componentName="Files" selectable="yes">
    <ComponentFile path="C:\\files" filespec="*" recursive="yes"/>
  </Component>
</TestWriter>
"""

BETEST = """<BETest>
  <Writer writerid="5affb034-969f-4919-8875-88f830d0ef89">
    <Component componentName="Files"/>
  </Writer>
</BETest>
"""


class VolumeDirectories(CliTest):
    def refused(self, directory, words):
        self.assert_refused(NO_WORLD, ["volume C:", directory, *words], "--volume",
                            f"C:={directory}")

    def test_one_that_does_not_exist(self):
        self.refused(self.dir / "nowhere", ["does not exist"])
        self.assertFalse((self.dir / "nowhere").exists())

    def test_one_of_a_file_system_that_keeps_nothing(self):
        code, _, err = self.vssemu("run", "--volume", "C:=/proc", "--", "true")
        self.assertEqual(code, NO_WORLD)
        self.assertIn("volume C:", err)
        self.assertNotIn("does not exist", err)

    def test_one_that_is_a_file(self):
        path = self.write("file", "content")
        self.refused(path, ["is not a directory"])
        self.assertEqual(pathlib.Path(path).read_text(), "content")

    def test_one_that_cannot_be_written(self):
        self.volume.chmod(0o555)
        command = [VSSEMU, "run", "--volume", f"C:={self.volume}", "--", "true"]
        if os.geteuid() == 0:
            # Root may write anything: become somebody else, who must be able to reach all this.
            if not shutil.which("setpriv"):
                self.skipTest("root may write anything, and setpriv is not there")
            command = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", *command]
            self.dir.chmod(0o755)
            reach = subprocess.run(command[:4] + [VSSEMU, "--version"], capture_output=True)
            if reach.returncode != 0:
                self.skipTest("an unprivileged user cannot reach the build directory")
        done = subprocess.run(command, capture_output=True, text=True)
        self.assertEqual(done.returncode, NO_WORLD, done.stderr)
        self.assertIn(str(self.volume), done.stderr)
        self.assertIn("cannot be written", done.stderr)

    def test_one_given_for_two_volumes(self):
        self.assert_refused(NO_WORLD, [self.volume], "--volume", f"C:={self.volume}", "--volume",
                            f"D:={self.volume}")

    def test_one_inside_another(self):
        (self.volume / "below").mkdir()
        self.assert_refused(NO_WORLD, [self.volume / "below", "must not overlap"], "--volume",
                            f"C:={self.volume}", "--volume", f"D:={self.volume / 'below'}")

    @needs_mount
    def test_one_that_another_run_owns(self):
        first = self.start("run", "--mount", "--volume", f"C:={self.volume}", "--",
                           *self.python("print('up', flush=True); input()"))
        self.assertEqual(first.stdout.readline(), "up\n")
        self.refused(self.volume, ["in use by process", "one owner at a time"])
        first.communicate("\n")
        self.assertEqual(first.returncode, 0)
        code, _, err = self.vssemu("run", "--volume", f"C:={self.volume}", "--", "true")
        self.assertEqual(code, 0, err)


class ConfigurationFiles(CliTest):
    def every_beginning_is_refused(self, option, text):
        """Cut after each line and inside each, the file is refused with its name and a line."""
        cuts = [i for i, c in enumerate(text) if c in "\n<="][1:-1]
        for cut in cuts:
            path = self.write("cut.xml", text[:cut])
            self.assert_refused(BAD_USAGE, ["cut.xml", "line"], option, path)

    def test_truncated_test_writer(self):
        self.every_beginning_is_refused("--writer", TEST_WRITER)

    def test_truncated_betest(self):
        self.every_beginning_is_refused("--requester", BETEST)

    def test_malformed_test_writer(self):
        for old, new, word in (("<Component ", "<Komponent ", "Komponent"),
                               ('"USER_DATA"', '"NO_SUCH_USAGE"', "NO_SUCH_USAGE"),
                               ('"filegroup"', '"files"', "files"),
                               ("filespec=", "filespecs=", "filespecs"),
                               ('recursive="yes"', 'recursive="maybe"', "maybe")):
            path = self.write("bad.xml", TEST_WRITER.replace(old, new, 1))
            self.assert_refused(BAD_USAGE, ["bad.xml", "line", word], "--writer", path)

    def test_malformed_betest(self):
        for old, new, word in (("<Component ", "<Komponent ", "Komponent"),
                               ("writerid=", "writerId=", "writerId"),
                               ("5affb034-", "5affb03-", "5affb03-"),
                               ("componentName=", "name=", "name")):
            path = self.write("bad.xml", BETEST.replace(old, new, 1))
            self.assert_refused(BAD_USAGE, ["bad.xml", "line", word], "--requester", path)

    def test_one_that_is_not_there(self):
        for option in ("--writer", "--requester"):
            self.assert_refused(BAD_USAGE, ["nowhere.xml", "No such file"], option, "nowhere.xml")

    def test_one_that_is_a_directory(self):
        for option in ("--writer", "--requester"):
            self.assert_refused(BAD_USAGE, ["Is a directory"], option, self.volume)

    def test_good_ones_are_taken(self):
        code, out, err = self.vssemu(
            "run", "--writer", self.write("writer.xml", TEST_WRITER), "--requester",
            self.write("betest.xml", BETEST), "--", *self.python(
                TRACE_LINE + "print(world['writers'], world['requester'])"))
        self.assertEqual((code, err), (0, ""))
        self.assertEqual(out, f"['{self.dir}/writer.xml'] {{'betest': '{self.dir}/betest.xml'}}\n")


class BytesThatAreNoText(CliTest):
    """File names may be any bytes, but what a run is made of is written down as JSON."""
    ODD = b"caf\xe9"

    def refused(self, option, value, words):
        marker = self.dir / "program-was-started"
        done = subprocess.run([VSSEMU, "run", option, value, "--", "touch", marker],
                              capture_output=True, cwd=self.dir, stdin=subprocess.DEVNULL)
        self.assertEqual(done.returncode, BAD_USAGE, done.stderr)
        for word in [option.split("=")[0], "caf\\xe9", "UTF-8", *words]:
            self.assertIn(word, done.stderr.decode())
        self.assertFalse(marker.exists())

    def test_a_fault(self):
        self.refused("--fault", b"writer=" + self.ODD + b" event=Freeze do=hang", [])

    def test_files_and_directories(self):
        folder = os.fsencode(self.dir) + b"/" + self.ODD
        os.mkdir(folder)
        self.refused("--volume", b"C:=" + folder, [])
        for option, text in (("--writer", TEST_WRITER), ("--requester", BETEST),
                             ("--registry", "Windows Registry Editor Version 5.00\n")):
            with open(folder + b"/file", "w", encoding="ascii") as file:
                file.write(text)
            self.refused(option, folder + b"/file", [])
        self.refused("--registry-out", folder + b"/new.reg", [])

    def test_the_world_of_a_search(self):
        folder = os.fsencode(self.dir) + b"/" + self.ODD
        os.mkdir(folder)
        with open(folder + b"/w.yaml", "w", encoding="ascii") as file:
            file.write("volumes: [C]\n")
        done = subprocess.run([VSSEMU, "fuzz", "--runs", "1", "--world", folder + b"/w.yaml"],
                              capture_output=True, cwd=self.dir)
        self.assertEqual(done.returncode, BAD_USAGE, done.stderr)
        self.assertIn(b"not UTF-8", done.stderr)

    def test_a_service(self):
        done = subprocess.run([VSSEMU, "run", b"--service=" + self.ODD, "--", "true"],
                              capture_output=True)
        self.assertEqual(done.returncode, BAD_USAGE, done.stderr)
        self.assertIn(b"--service: caf\\xe9 is not UTF-8", done.stderr)

    def test_a_description_that_somebody_else_wrote(self):
        for text, words in (('{"faults":[null]}', "item 1 of faults is no text"),
                            ('{"writers":7}', "writers is no list")):
            done = subprocess.run([pathlib.Path(VSSEMU).with_name("betest"), "/B"],
                                  capture_output=True, text=True,
                                  env={**os.environ, "VSSEMU_WORLD": text})
            self.assertEqual(done.returncode, NO_WORLD, done.stderr)
            self.assertIn(words, done.stderr)


class Programs(CliTest):
    def refused(self, name, words):
        code, out, err = self.vssemu("run", "--trace", "run.jsonl", "--", name)
        self.assertEqual((code, out), (NO_PROGRAM, ""), err)
        for word in [str(name), *words]:
            self.assertIn(word, err)

    def test_one_that_is_not_in_the_path(self):
        self.refused("no-such-program", ["not in PATH"])
        self.refused("", [])

    def test_one_that_does_not_exist(self):
        self.refused(self.dir / "nowhere", ["No such file"])

    def test_one_that_is_not_executable(self):
        self.refused(self.write("script", "#!/bin/sh\n"), ["Permission denied"])
        self.assertEqual(self.trace()[-1]["verdict"], "harness")
        self.assertEqual(self.trace()[-1]["exit"], NO_PROGRAM)


class TraceFiles(CliTest):
    def test_one_that_cannot_be_written(self):
        self.assert_refused(NO_WORLD, ["nowhere/run.jsonl"], "--trace", "nowhere/run.jsonl")

    def test_one_without_room_for_its_first_line(self):
        self.assert_refused(NO_WORLD, ["/dev/full"], "--trace", "/dev/full")

    def test_one_that_becomes_too_long_is_no_success(self):
        """The limit of a file's size stands for a full disk."""
        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000))

        program = TRACE_LINE + """
line = {"t": 0, "kind": "note", "who": "program", "what": "x" * 40000}
trace(json.dumps(line) + chr(10))
raise SystemExit(CODE)"""
        for code, expected in ((0, NO_WORLD), (7, 7)):
            got, _, err = self.vssemu("run", "--trace", "run.jsonl", "--",
                                      *self.python(program.replace("CODE", str(code))),
                                      preexec_fn=limit)
            self.assertEqual(got, expected, err)
            self.assertIn("the trace run.jsonl cannot be written on", err)

    def test_the_old_one_stays_when_the_run_is_refused(self):
        path = self.write("run.jsonl", "precious\n")
        self.assert_refused(NO_WORLD, [], "--trace", path, "--volume", "C:=nowhere")
        self.assertEqual(pathlib.Path(path).read_text(), "precious\n")


if __name__ == "__main__":
    main()
