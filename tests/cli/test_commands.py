# SPDX-License-Identifier: MIT
"""Help, and command lines that make no sense."""
import subprocess

from support import BAD_USAGE, NO_PROGRAM, VSSEMU, CliTest, main


class Help(CliTest):
    def test_help_names_every_command(self):
        code, out, err = self.vssemu("--help")
        self.assertEqual((code, err), (0, ""))
        for command in ("run", "demo", "states", "help"):
            self.assertRegex(out, rf"(?m)^  {command} ")

    def test_help_of_a_command_explains_its_options(self):
        code, out, _ = self.vssemu("help", "run")
        self.assertEqual(code, 0)
        for option in ("volume", "mount", "writer", "requester", "clock", "seed", "trace", "verbose"):
            self.assertIn(f"--{option} ", out)

    def test_no_line_of_help_ends_in_blanks_or_runs_into_its_text(self):
        for command in ("run", "demo", "states", "writers", "help"):
            for line in self.vssemu("help", command)[1].splitlines():
                self.assertEqual(line, line.rstrip())
                if line.startswith("  --"):
                    self.assertRegex(line, r"^  --[a-z-]+( \S+|\[=\S+\])?  +\S")

    def test_both_ways_to_ask_for_help_answer_the_same(self):
        for command in ("run", "demo", "states"):
            self.assertEqual(self.vssemu("help", command), self.vssemu(command, "--help"))

    def test_help_names_every_exit_code_of_vssemu(self):
        for code in range(118, 124):
            self.assertRegex(self.vssemu("help")[1], rf"(?m)^  {code}  ")

    def test_output_that_has_no_room_is_no_success(self):
        for command in (["help"], ["help", "run"], ["--version"], ["states"], ["writers"],
                        ["fuzz", "--never-met", "--runs", "10", "--out", "found"]):
            with open("/dev/full", "w", encoding="ascii") as full:
                done = subprocess.run([VSSEMU, *command], stdout=full, stderr=subprocess.PIPE,
                                      text=True, cwd=self.dir)
            self.assertEqual(done.returncode, 123, command)
            self.assertIn("standard output cannot be written: No space left", done.stderr)

    def test_version_is_one_line(self):
        code, out, _ = self.vssemu("--version")
        self.assertEqual(code, 0)
        self.assertRegex(out, r"\Avssemu \d+\.\d+\.\d+\n\Z")

    def test_states_prints_every_table(self):
        code, out, _ = self.vssemu("states")
        self.assertEqual(code, 0)
        for word in ("DoSnapshotSet", "WAITING_FOR_FREEZE", "CommitSnapshots"):
            self.assertIn(word, out)

    def test_states_prints_one_table_alone(self):
        code, out, _ = self.vssemu("states", "snapshot")
        self.assertEqual(code, 0)
        self.assertIn("CommitSnapshots", out)
        self.assertNotIn("InitializeForBackup", out)


class CommandLinesThatMakeNoSense(CliTest):
    def refused(self, words, *arguments):
        code, out, err = self.vssemu(*arguments)
        self.assertEqual((code, out), (BAD_USAGE, ""), err)
        for word in words:
            self.assertIn(word, err)

    def test_no_command(self):
        self.refused(["which command"])

    def test_a_directory_has_no_bytes(self):
        self.refused(["Is a directory"], "scenario", "from-bytes", str(self.dir))

    def test_what_no_job_can_run_is_said_once(self):
        code, _, err = self.vssemu("fuzz", "--jobs", 2, "--runs", 10, "--", "true")
        self.assertEqual(code, NO_PROGRAM, err)
        self.assertEqual(err.count("cannot be run"), 1, err)

    def test_what_preload_does_not_go_with(self):
        self.refused(["--fault goes with programs that link libvssapi"], "run", "--clock", "virtual",
                     "--preload", "--fault", "writer=* event=Freeze do=hang", "--", "true")
        self.write("faults.yaml", "faults:\n  - writer=* event=Freeze do=hang\n")
        self.refused(["faults of a world file go with programs that link libvssapi"], "run", "--clock", "virtual",
                     "--preload", "--world", "faults.yaml", "--", "true")
        self.refused(["--preload needs --clock virtual, which"], "run", "--preload", "--", "true")

    def test_unknown_command(self):
        self.refused(["frob", "vssemu --help"], "frob")
        self.refused(["frob"], "help", "frob")

    def test_unknown_option(self):
        self.refused(["--frob", "vssemu help run"], "run", "--frob", "--", "true")
        self.refused(["-x"], "run", "-x")
        self.refused(["--frob"], "demo", "--frob")

    def test_choice_without_its_value(self):
        self.refused(["--choice writer_veto", "lacks a value", "status-only, fail-set"],
                     "run", "--choice", "writer_veto", "--", "true")
        self.refused(["no choice foo", "vssemu states choices"], "run", "--choice", "foo", "--",
                     "true")

    def test_option_without_its_value(self):
        self.refused(["--seed needs a value"], "run", "--seed")

    def test_option_with_a_value_that_it_does_not_take(self):
        self.refused(["takes no value"], "run", "--mount=yes", "--", "true")

    def test_no_program(self):
        self.refused(["which program"], "run")
        self.refused(["which program"], "run", "--seed", "1", "--")

    def test_argument_where_none_belongs(self):
        self.refused(["extra"], "demo", "extra")
        self.refused(["extra"], "states", "extra")

    def test_bad_values(self):
        self.refused(["--clock", "sundial"], "run", "--clock", "sundial", "--", "true")
        for seed in ("-1", "many", "", "9223372036854775808", "1x"):
            self.refused(["--seed"], "run", "--seed", seed, "--", "true")
        for volume in ("C", "C:", "C:=", "CC:=/tmp", "1:=/tmp", "/tmp"):
            self.refused(["--volume"], "run", "--volume", volume, "--", "true")

    def test_values_that_contradict_each_other(self):
        self.refused(["C:", "twice"], "run", "--volume", "C:=a", "--volume", "c:=b", "--", "true")
        self.refused(["--mount", "real clock"], "run", "--clock", "virtual", "--mount", "--volume",
                     "C:=a", "--", "true")
        self.refused(["--mount", "--volume"], "run", "--mount", "--", "true")


main()
