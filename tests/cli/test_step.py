# SPDX-License-Identifier: MIT
"""vssemu run --step: the world stops before an event, tells how things are, lets one look into
volumes and snapshots, and goes on as if nothing had been."""
import os
import pathlib
import pty
import re
import shutil

from support import BAD_USAGE, VSSEMU, CliTest, main, needs_mount
from test_trace import WRITER

EXAMPLE = pathlib.Path(VSSEMU).with_name("example-writer")


class Step(CliTest):
    def setUp(self):
        super().setUp()
        self.write("app.xml", WRITER % "")

    def run_with(self, *arguments, program=("betest", "/B"), code=0):
        shutil.rmtree(self.volume)
        (self.volume / "docs").mkdir(parents=True)
        (self.volume / "docs" / "a.txt").write_text("hello\n")
        got, out, err = self.vssemu("run", "--volume", "C:=volume", "--writer", "app.xml",
                                    *arguments, "--", *program)
        self.assertEqual(got, code, out + err)
        return out + err

    def step(self, commands, *arguments, clock=("--clock", "virtual"), **more):
        self.write("commands", "".join(c + "\n" for c in commands))
        return self.run_with(*clock, "--step", "--step-commands", "commands", *arguments, **more)

    def stops(self, text):
        return re.findall(r"^stopped at [\d.]+ s before (.*)$", text, re.M)

    def test_it_stops_before_an_event_and_shows_the_states(self):
        text = self.step(["go"], "--until", "Freeze")
        self.assertEqual(self.stops(text), ["writer Test Writer: Freeze"])
        self.assertIn("  requester: prepared, DoSnapshotSet runs\n", text)
        self.assertIn("    writer Test Writer: WAITING_FOR_FREEZE", text)
        self.assertIn("  volume C: writes go on\n", text)
        self.assertIn("betest: backup done", text)

    def test_writes_are_held_between_hold_and_release(self):
        text = self.step(["until volume *:release", "next", "go"], "--until", "volume C::hold")
        self.assertEqual(self.stops(text), ["volume C:: hold", "volume C:: release",
                                            "system provider: PostCommitSnapshots"])
        self.assertEqual(re.findall(r"^  volume C: (.*)$", text, re.M),
                         ["writes go on", "writes are held", "writes go on"])

    def test_an_event_of_one_writer_is_meant(self):
        text = self.step(["until Nobody:*"], "--until", "Registry Writer:Thaw", "--simulate",
                         "registry")
        self.assertEqual(self.stops(text), ["writer Registry Writer: Thaw"])

    def test_next_stops_before_each(self):
        text = self.step(["next", "", "next", "go"])
        self.assertEqual(self.stops(text)[:2], ["requester: InitializeForBackup",
                                                "requester: SetBackupState"])
        self.assertEqual(len(self.stops(text)), 4)

    def test_the_end_of_the_commands_goes_on(self):
        text = self.step([], "--until", "Freeze")
        self.assertIn("betest: backup done", text)

    def test_one_looks_into_volumes_and_snapshots(self):
        text = self.step(["ls C:\\", "cat C:\\docs\\a.txt", "ls C:\\nowhere", "ls Z:\\",
                          "until PostSnapshot", "cat HarddiskVolumeShadowCopy1\\docs\\a.txt",
                          "ls \\\\?\\GLOBALROOT\\Device\\HarddiskVolumeShadowCopy1/docs", "states",
                          "bogus", "help", "go"], "--until", "Freeze")
        self.assertIn("  docs\n", text)
        self.assertEqual(text.count("\nhello\n"), 2)
        self.assertIn("C:\\nowhere: No such file or directory\n", text)
        self.assertIn("Z:\\: no volume or snapshot of this world", text)
        self.assertIn("  a.txt\n", text)
        self.assertIn("  snapshot of C: is HarddiskVolumeShadowCopy1\n", text)
        self.assertIn("bogus? `help` lists what there is\n", text)
        self.assertIn("  until   EVENT or WHO:EVENT", text)

    def test_a_run_that_was_stopped_is_the_same_run(self):
        """Looking costs no time of the world, on whatever event it stops."""
        self.step(["ls C:\\docs", "cat C:\\docs\\a.txt", "states"] + ["next"] * 200, "--trace",
                  "stepped.jsonl", program=(EXAMPLE,))
        self.run_with("--clock", "virtual", "--trace", "plain.jsonl", program=(EXAMPLE,))
        code, out, err = self.vssemu("trace", "diff", "plain.jsonl", "stepped.jsonl")
        self.assertEqual(code, 0, out + err)

    def test_the_real_clock_stands_as_well(self):
        text = self.step(["states"] * 3 + ["go"], "--until", "Freeze", "--until", "Thaw", clock=())
        self.assertEqual(self.stops(text)[0], "writer Test Writer: Freeze")

    @needs_mount
    def test_a_mounted_volume_is_shown_with_its_path(self):
        text = self.step(["until PostSnapshot", "go"], "--until", "Freeze", "--mount", clock=())
        self.assertRegex(text, r"  volume C: writes go on, files in /\S+/C\n")
        self.assertRegex(text, r"  snapshot of C: is HarddiskVolumeShadowCopy1, files in "
                               r"/\S+/C/.vss/HarddiskVolumeShadowCopy1\n")

    def test_nobody_steps_unasked(self):
        """Standard input is the program's, also when it is a terminal or a socket."""
        process = self.start("run", "--clock", "virtual", "--volume", "C:=volume", "--", "betest",
                             "/B")
        out, err = process.communicate("until Freeze\n", timeout=60)
        self.assertNotIn("stopped at", out + err)

    def test_a_person_is_asked_at_the_terminal(self):
        """The program's standard input and output stay its own, here /dev/null."""
        pid, terminal = pty.fork()
        if pid == 0:
            os.dup2(0, 50)    # the terminal stays open meanwhile
            null = os.open("/dev/null", os.O_RDWR)
            for fd in (0, 1, 2):
                os.dup2(null, fd)
            os.chdir(self.dir)
            os.execv(VSSEMU, [VSSEMU, "run", "--step", "--until", "Freeze", "--clock", "virtual",
                              "--volume", "C:=volume", "--writer", "app.xml", "--", "betest", "/B"])
        shown = b""
        for command in (b"states\n", b"until Thaw\n", b"go\n"):
            while not shown.endswith(b"step> "):
                shown += os.read(terminal, 4096)
            os.write(terminal, command)
            shown += os.read(terminal, len(command))    # the terminal's echo
        status = os.waitpid(pid, 0)[1]
        os.close(terminal)
        self.assertEqual(os.waitstatus_to_exitcode(status), 0)
        self.assertEqual(self.stops(shown.decode().replace("\r", "")),
                         ["writer Test Writer: Freeze", "writer Test Writer: Thaw"])

    def test_without_a_terminal_commands_come_from_a_file(self):
        code, _, err = self.vssemu("run", "--step", "--volume", "C:=volume", "--", "betest", "/B",
                                   start_new_session=True)
        self.assertEqual(code, BAD_USAGE)
        self.assertIn("give commands with --step-commands FILE", err)

    def test_an_event_that_there_is_not_is_refused_at_the_prompt_too(self):
        text = self.step(["until Freez", "until Thaw", "go"], "--until", "Freeze")
        self.assertIn("there is no event Freez; did you mean Freeze?", text)

    def test_quit_ends_the_program(self):
        text = self.step(["quit"], "--until", "Freeze", code=128 + 9)
        self.assertIn("quit: betest gets SIGKILL", text)

    def test_bad_command_lines_are_refused_with_words(self):
        self.assert_refused(BAD_USAGE, ["--until", "go with --step"], "--until", "Freeze")
        for until, near in (("Freez", "Freeze"), ("writer Sql:Thawed", "Thaw"),
                            ("DoSnapshotSets", "DoSnapshotSet"), ("volume C::hol", "hold")):
            self.assert_refused(BAD_USAGE, [f"--until {until}", f"did you mean {near}?"], "--step",
                                "--until", until)
        self.assert_refused(BAD_USAGE, ["there is no event Breakfast"], "--step", "--until", "Breakfast")
        self.assert_refused(BAD_USAGE, ["nowhere", "No such file"], "--step", "--step-commands",
                            "nowhere")


if __name__ == "__main__":
    main()
