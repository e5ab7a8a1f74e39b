# SPDX-License-Identifier: MIT
"""vssemu replay: a trace holds everything to run again, and a difference is told in words."""
import json
import os
import pathlib
import re
import shutil
import signal

from support import BAD_USAGE, NO_PROGRAM, NO_WORLD, VSSEMU, CliTest, main
from test_trace import WRITER

EXAMPLE = pathlib.Path(VSSEMU).with_name("example-writer")
REQUESTER = pathlib.Path(VSSEMU).with_name("example-requester")
TESTS = pathlib.Path(VSSEMU).resolve().parents[1] / "tests"
SLEEPY = TESTS / "sleepy-writer"
ANSWERING = TESTS / "answering-writer"


class Replay(CliTest):
    def setUp(self):
        super().setUp()
        (self.volume / "docs").mkdir()
        (self.volume / "docs" / "a.txt").write_text("hello")
        self.write("app.xml", WRITER % "")

    def record(self, *arguments):
        code, out, err = self.vssemu("run", "--volume", "C:=volume", "--trace", "run.jsonl",
                                     *arguments)
        self.assertEqual(code, 0, out + err)
        return self.trace()

    def replay(self, *arguments):
        code, out, err = self.vssemu("replay", *arguments, "run.jsonl")
        return code, out.splitlines()[-1] if out else "", out, err

    def test_the_header_tells_the_world(self):
        header = self.record("--clock", "virtual", "--seed", 5, "--writer", "app.xml", "--simulate",
                             "registry", "--windows", "2016", "--choice", "writer_veto=fail-set",
                             "--strict", "--", "betest", "/B")[0]
        self.assertEqual(header["program"], ["betest", "/B"])
        world = header["world"]
        self.assertEqual(world["volumes"], [{"name": "C:", "dir": "./volume"}])
        self.assertEqual(world["writers"], ["./app.xml"])
        self.assertEqual(world["catalog_writers"], ["registry"])
        self.assertEqual(world["windows"], "2016")
        self.assertEqual(world["choices"], ["writer_veto=fail-set"])
        self.assertIs(world["strict"], True)
        self.assertEqual(world["fresh"], ["C:"])
        self.assertEqual(set(world["files"]), {"./app.xml", "program"})
        self.assertNotIn(str(self.dir), json.dumps(header["world"]["volumes"]))

    def test_a_requester_runs_again_and_is_identical(self):
        lines = self.record("--clock", "virtual", "--seed", 5, "--writer", "app.xml", "--windows",
                            "2016", "--", "betest", "/B")
        code, last, _, err = self.replay()
        self.assertEqual((code, last), (0, f"identical, {len(lines) - 2} records"), err)
        self.assertFalse((self.volume / "System Volume Information" / "vssemu.diff").exists())

    def test_a_writer_that_changes_its_files_is_identical_on_kept_volumes(self):
        lines = self.record("--clock", "virtual", "--trace-volumes", "--", EXAMPLE)
        code, last, _, err = self.replay()
        self.assertEqual((code, last), (0, f"identical, {len(lines) - 2} records"), err)
        self.assertEqual((self.dir / "run.jsonl.volumes/C/docs/a.txt").read_text(), "hello")

    def test_a_trace_can_be_moved_with_what_it_names(self):
        self.record("--clock", "virtual", "--writer", "app.xml", "--", "betest", "/B")
        moved = self.dir / "moved"
        moved.mkdir()
        for name in ("run.jsonl", "app.xml", "volume"):
            shutil.move(self.dir / name, moved / name)
        code, out, err = self.vssemu("replay", "moved/run.jsonl")
        self.assertEqual(code, 0, out + err)

    def test_a_difference_is_told_in_words(self):
        self.record("--clock", "virtual", "--writer", "app.xml", "--", "betest", "/B")
        self.write("app.xml", WRITER % '<FailEvent writerEvent="Freeze" retryable="no"/>')
        code, _, out, err = self.replay("--trace", "again.jsonl")
        self.assertEqual(code, 1)
        self.assertIn("app.xml is not what it was when the trace was recorded", err)
        self.assertIn("run.jsonl, line ", out)
        self.assertIn("failing as configured", out)
        self.assertEqual(self.vssemu("trace", "diff", "run.jsonl", "again.jsonl")[0], 1)

    def test_a_program_that_was_changed_is_told(self):
        program = self.dir / "program"
        program.write_text("#!/bin/sh\nexit 0\n")
        program.chmod(0o755)
        self.record("--clock", "virtual", "--", "./program")
        self.assertEqual(self.replay()[0], 0)
        program.write_text("#!/bin/sh\nexit 5\n")
        code, _, out, err = self.replay()
        self.assertEqual(code, 1)
        self.assertIn("program is not what it was when the trace was recorded", err)
        self.assertIn("the runs end otherwise: exit 0, and exit 5\n", out)

    def test_a_run_of_the_real_clock_has_the_same_order(self):
        self.record("--writer", "app.xml", "--", "betest", "/B")
        code, last, _, err = self.replay()
        self.assertEqual(code, 0, err)
        self.assertIn("the same order of calls, events and states for everybody", last)

    def test_what_cannot_be_run_again_is_refused_with_words(self):
        self.record("--clock", "virtual", "--", "true")
        header = json.loads((self.dir / "run.jsonl").read_text().splitlines()[0])
        rest = (self.dir / "run.jsonl").read_text().split("\n", 1)[1]
        del header["world"]
        self.write("bare.jsonl", json.dumps(header) + "\n" + rest)
        unchecked = re.sub(r',"check":"[0-9a-f]+"', "", rest)
        self.write("old.jsonl", '{"vssemu_trace":1,"clock":"virtual","seed":1}\n' + unchecked)
        header |= {"program": ["no-such-program"], "world": {"volumes": []}}
        self.write("gone.jsonl", json.dumps(header) + "\n" + rest)
        for arguments, code, words in (
                (["gone.jsonl"], BAD_USAGE, "gone.jsonl:1: the line does not end with its check"),
                (["--edited", "bare.jsonl"], BAD_USAGE, "its header has no world or no program"),
                (["old.jsonl"], BAD_USAGE, "a trace of version 1 cannot be run again"),
                (["--edited", "gone.jsonl"], NO_PROGRAM, "there is no program no-such-program"),
                (["--volume", "D:=volume", "run.jsonl"], BAD_USAGE, "the trace has no volume D:"),
                ([], BAD_USAGE, "which trace?"),
                (["nowhere.jsonl"], BAD_USAGE, "nowhere.jsonl: No such file")):
            got, out, err = self.vssemu("replay", *arguments)
            self.assertEqual((got, out), (code, ""), err)
            self.assertIn(words, err)

    def test_a_recorded_requester_drives_a_writer(self):
        """Calls, arguments and pauses are those of the trace; another writer of
        this class answers them the same."""
        before = self.record("--clock", "virtual", "--trace-volumes", "--", EXAMPLE)
        code, out, err = self.vssemu("replay", "--as", "requester", "--trace", "again.jsonl",
                                     "run.jsonl", "--", EXAMPLE)
        self.assertEqual(code, 0, out + err)
        self.assertIn("the writers answered as the recorded ones did\n", out)
        after = self.trace("again.jsonl")

        def calls(lines):
            return [r for r in lines if r.get("who") == "requester"]

        self.assertEqual([(r["what"], r.get("result")) for r in calls(before)],
                         [(r["what"], r.get("result")) for r in calls(after)])
        added, = [r["args"] for r in calls(after) if r["what"] == "AddComponent"]
        self.assertEqual(added["name"], "Journal")
        self.assertNotIn("betest", err)

        def gaps(lines):
            times = [r["t"] for r in calls(lines)]
            return [round((b - a) / 1e6) for a, b in zip(times, times[1:])]

        self.assertEqual(gaps(before), gaps(after))

    def test_two_sessions_overlap_as_they_did(self):
        before = self.record("--clock", "virtual", "--writer", "app.xml", "--",
                             TESTS / "two-sessions")
        self.assertEqual({r.get("args", {}).get("session", 1) for r in before
                          if r.get("kind") == "call"}, {1, 2})
        self.assertEqual(self.replay()[0], 0)
        self.vssemu("replay", "--as", "requester", "--trace", "again.jsonl", "run.jsonl", "--",
                    EXAMPLE)
        code, out, err = self.vssemu("trace", "diff", "--order", "--who", "requester", "--who",
                                     "writer Test Writer", "run.jsonl", "again.jsonl")
        self.assertEqual(code, 0, out + err)

    def test_a_restore_is_replayed(self):
        self.vssemu("run", "--clock", "virtual", "--volume", "C:=volume", "--writer", "app.xml",
                    "--", "betest", "/B", "/S", "saved.xml", "/D", "store")
        (self.volume / "docs" / "a.txt").unlink()
        lines = self.record("--clock", "virtual", "--trace-volumes", "--writer", "app.xml", "--",
                            "betest", "/R", "/S", "saved.xml", "/D", "store")
        self.assertIn("PostRestore", [r.get("what") for r in lines])
        code, last, out, err = self.replay()
        self.assertEqual((code, last), (0, f"identical, {len(lines) - 2} records"), out + err)
        code, out, err = self.vssemu("replay", "--as", "requester", "run.jsonl", "--", EXAMPLE)
        self.assertNotIn("answered", err)

    def test_a_writer_that_answers_otherwise_is_told(self):
        self.record("--clock", "virtual", "--trace-volumes", "--", EXAMPLE)
        code, out, err = self.vssemu("replay", "--as", "requester", "run.jsonl", "--", SLEEPY)
        self.assertEqual(code, 1, out + err)
        self.assertIn("writer Example Writer: after ", out)
        self.assertIn("Freeze  ", out)
        self.assertIn("freeze time-out", out)

    def test_identifiers_are_those_of_the_new_run(self):
        """Another seed, other identifiers, the same calls."""
        self.record("--clock", "virtual", "--writer", "app.xml", "--", "betest", "/B")
        lines = (self.dir / "run.jsonl").read_text().splitlines(keepends=True)
        header = json.loads(lines[0])
        header["seed"] = 99
        self.write("run.jsonl", json.dumps(header) + "\n" + "".join(lines[1:]))
        code, out, err = self.vssemu("replay", "--as", "requester", "--edited", "--trace",
                                     "again.jsonl", "run.jsonl", "--", EXAMPLE)
        self.assertEqual(code, 1, out + err)    # of the example's class nobody was there
        self.assertNotIn("answered", err)
        self.assertEqual(self.vssemu("trace", "show", "again.jsonl")[0], 0)
        before, after = self.trace("run.jsonl"), self.trace("again.jsonl")

        def ids(lines):
            return [v for r in lines for k, v in r.get("args", {}).items()
                    if k in ("instance", "set", "snapshot") and r["who"] == "requester"]

        self.assertEqual(len(ids(before)), 4)
        self.assertFalse(set(ids(before)) & set(ids(after)))

    def test_recorded_writers_answer_a_requester(self):
        self.record("--clock", "virtual", "--writer", "app.xml", "--", "betest", "/B")
        code, out, err = self.vssemu("replay", "--as", "writers", "--trace", "again.jsonl",
                                     "run.jsonl", "--", REQUESTER, "backup")
        self.assertEqual(code, 0, out + err)
        self.assertIn("writer Test Writer: state 5", out)
        told = [r for r in self.trace("again.jsonl") if r.get("who") == "writer Test Writer"]
        self.assertIn("Freeze", [r["what"] for r in told])

    def test_recorded_writers_fail_as_they_did(self):
        """A requester meets the failure at Freeze, with its code, and the one that took 70 s."""
        def events(name):
            return [(r["who"], r["what"], r.get("after"), r.get("result"))
                    for r in self.trace(name) if r.get("who", "").startswith("writer ")
                    and r["kind"] in ("event", "state")]

        def identities(name):
            return [{k: v for k, v in r["args"].items() if k != "instance"}
                    for r in self.trace(name) if r.get("what") == "Subscribe"]

        self.write("app.xml", WRITER % '<FailEvent writerEvent="Freeze" retryable="yes"/>')
        for arguments in (["--writer", "app.xml", "--", "betest", "/B"], ["--", SLEEPY]):
            self.vssemu("run", "--clock", "virtual", "--volume", "C:=volume", "--trace",
                        "run.jsonl", *arguments)
            code, out, err = self.vssemu("replay", "--as", "writers", "--trace", "again.jsonl",
                                         "run.jsonl", "--", "betest", "/B")
            self.assertEqual(code, 3, out + err)
            self.assertIn("FAILED_AT_FREEZE", [after for _, _, after, _ in events("run.jsonl")])
            self.assertEqual(events("run.jsonl"), events("again.jsonl"))
            self.assertEqual(identities("run.jsonl"), identities("again.jsonl"))

    def test_recorded_writers_say_of_components_what_they_said(self):
        """Whatever IVssComponentEx2 lets a handler set, event by event, in two backups and a
        restore; the second Identify gives another document."""
        code, before, err = self.vssemu("run", "--clock", "virtual", "--volume", "C:=volume",
                                        "--trace", "run.jsonl", "--", ANSWERING)
        self.assertEqual(code, 0, err)
        for words in ('BackupMetadata: page "12" \u00e9', "BackupStamp: stamp 7", "0x1d7ffff",
                      "RestoreMetadata: restored by hand", "PostRestoreFailureMsg: torn",
                      "failure 0x800423f3 17", "directed: b.txt", "excludes 1",
                      "0x800423f3 77", "message: the log is too long"):
            self.assertIn(words, before)
        code, after, err = self.vssemu("replay", "--as", "writers", "--trace", "again.jsonl",
                                       "run.jsonl", "--", ANSWERING, "alone")
        self.assertEqual((code, after), (0, before), err)

        def said(name):
            return [(r["what"], r.get("result"), r["args"]) for r in self.trace(name)
                    if r.get("kind") == "call" and r["who"] == "writer Answering Writer"]

        self.assertEqual(said("run.jsonl"), said("again.jsonl"))
        self.assertEqual(len(said("run.jsonl")), 21)

    def test_a_trace_before_component_answers_is_replayed(self):
        lines = self.record("--clock", "virtual", "--trace-volumes", "--", EXAMPLE)
        old = [line for line in lines if line.get("what") != "SetBackupMetadata"]
        self.assertEqual(len(old), len(lines) - 1)
        for n, line in enumerate(old):
            line.pop("check")
            if "n" in line:
                line["n"] = n
        old[0]["vssemu_trace"] = 2
        old[-1]["records"] -= 1
        self.write("run.jsonl", "".join(json.dumps(line, separators=(",", ":"), ensure_ascii=False) + "\n" for line in old))
        code, last, out, err = self.replay()
        self.assertEqual((code, last), (0, f"identical, {len(old) - 2} records"), out + err)

    def test_a_trace_before_component_answers_says_so(self):
        lines = self.record("--clock", "virtual", "--writer", "app.xml", "--", "betest", "/B")
        for line in lines:
            line.pop("check")
        lines[0]["vssemu_trace"] = 2
        self.write("old.jsonl", "".join(json.dumps(line) + "\n" for line in lines))
        code, out, err = self.vssemu("replay", "--as", "writers", "old.jsonl", "--", "betest", "/B")
        self.assertEqual(code, 0, out + err)
        self.assertIn("old.jsonl is a trace of version 2: what writers said of their components is "
                      "not in it", err)

    def test_recorded_writers_stand_for_those_of_the_world_file(self):
        """Its other faults, and those of the command line, go wrong again."""
        self.write("world.yaml", "volumes: {C: {files: {'docs\\\\a.txt': hello}}}\nwriters: [Sql]\n"
                   "faults: |\n  writer=Sql event=PostSnapshot do=fail code=VSS_E_WRITERERROR_RETRYABLE\n"
                   "  volume=C: op=flush do=delay for=1s\n")
        arguments = ["--fault", "provider=* call=CommitSnapshots do=delay for=2s"]
        self.vssemu("run", "--world", "world.yaml", *arguments, "--trace", "run.jsonl", "--", "betest", "/B")
        code, out, err = self.vssemu("replay", "--as", "writers", "--trace", "again.jsonl",
                                     "run.jsonl", "--", "betest", "/B")
        self.assertEqual(code, 3, out + err)
        self.assertIn("1 writer answered", out)

        def told(name):
            return [(r["t"] // 1_000_000_000, r["who"], r["what"], r.get("result"))
                    for r in self.trace(name) if r.get("kind") in ("event", "volume", "provider")]

        self.assertEqual(told("run.jsonl"), told("again.jsonl"))
        self.assertEqual(max(t for t, *_ in told("run.jsonl")), 3)

    def test_what_a_writer_says_of_its_component_is_a_call_of_its_trace(self):
        lines = self.record("--clock", "virtual", "--", EXAMPLE)
        said, = [r for r in lines if r.get("what") == "SetBackupMetadata"]
        self.assertEqual((said["kind"], said["who"], said["result"], said["detail"]),
                         ("call", "writer Example Writer", "S_OK", "Journal"))
        self.assertRegex(said["args"].pop("text"), "^records=[0-9]+$")
        self.assertEqual(said["args"], {"event": "PrepareForBackup", "type": 2, "path": "",
                                        "name": "Journal"})
        i = lines.index(said)
        ended = [r["what"] for r in lines[i:] if r.get("kind") == "event"]
        self.assertEqual(ended[0], "PrepareForBackup")

    def test_level_and_freeze_window_are_the_recorded_ones(self):
        """Learn: "CVssWriter::Initialize": writers of the back end freeze behind the front end."""
        lines = self.record("--clock", "virtual", "--simulate", "registry", "--writer", "app.xml",
                            "--", "betest", "/B")
        changed = [json.dumps(r) for r in lines]
        for i, r in enumerate(lines):
            if r.get("what") == "Subscribe" and r["who"] == "writer Test Writer":
                r["args"] |= {"level": 2, "freeze_timeout_ms": 1000}
                changed[i] = json.dumps(r)
        self.write("run.jsonl", "\n".join(changed) + "\n")
        code, out, err = self.vssemu("replay", "--as", "writers", "--edited", "--trace",
                                     "again.jsonl", "run.jsonl", "--", "betest", "/B")
        self.assertEqual(code, 0, out + err)
        frozen = [r["who"] for r in self.trace("again.jsonl") if r.get("what") == "Freeze"
                  and r["kind"] == "event"]
        self.assertEqual(frozen, ["writer Registry Writer", "writer Test Writer"])
        told = [r["args"]["freeze_timeout_ms"] for r in self.trace("again.jsonl")
                if r.get("what") == "Subscribe"]
        self.assertEqual(sorted(told), [1000, 60000])

    def test_faults_of_the_command_line_happen_again(self):
        self.vssemu("run", "--clock", "virtual", "--volume", "C:=volume", "--writer", "app.xml",
                    "--fault", "writer=* event=PostSnapshot do=fail code=E_FAIL", "--trace",
                    "run.jsonl", "--", "betest", "/B")
        self.assertIn("fault", [r.get("what") for r in self.trace()])
        code, last, out, err = self.replay()
        self.assertEqual(code, 0, out + err)
        self.assertIn("identical, ", last)

    def test_a_side_needs_a_program_and_a_program_a_side(self):
        self.record("--clock", "virtual", "--", "true")
        for arguments, words in ((["--as", "judge", "run.jsonl", "--", "true"], "--as is requester"),
                                 (["--as", "writers", "run.jsonl"], "--as needs the program"),
                                 (["run.jsonl", "--", "true"], "takes the other side")):
            code, out, err = self.vssemu("replay", *arguments)
            self.assertEqual((code, out), (BAD_USAGE, ""))
            self.assertIn(words, err)


class DamagedHeaders(CliTest):
    def setUp(self):
        super().setUp()
        (self.volume / "docs").mkdir()
        (self.volume / "docs" / "a.txt").write_text("hello")
        self.write("app.xml", WRITER % "")
        self.temporary = self.dir / "temporary"
        self.temporary.mkdir()
        code, out, err = self.vssemu("run", "--clock", "virtual", "--volume", "C:=volume", "--writer",
                                     "app.xml", "--trace", "run.jsonl", "--", "betest", "/B")
        self.assertEqual(code, 0, out + err)

    def replay(self, **environment):
        return self.vssemu("replay", "--edited", "run.jsonl",
                           env={**os.environ, "TMPDIR": str(self.temporary), **environment})

    def test_each_is_refused_with_its_line_and_key(self):
        header, rest = (self.dir / "run.jsonl").read_text().split("\n", 1)
        volume = {"name": "C:", "dir": "./volume"}
        for change, words in (({"volumes": [{"name": "C:", "dir": ""}]}, '"dir"'),
                              ({"volumes": [{"name": "C:", "dir": "volume"}]}, '"dir"'),
                              ({"volumes": [{"name": "CC", "dir": "./volume"}]}, '"name"'),
                              ({"volumes": [volume, volume]}, '"volumes" has C: twice'),
                              ({"volumes": 7}, '"volumes"'), ({"volumes": [7]}, '"volumes"'),
                              ({"watchdog_ns": -5}, '"watchdog_ns"'), ({"plan": "zz"}, '"plan"'),
                              ({"schedule": "best"}, '"schedule"'), ({"windows": "95"}, '"windows"'),
                              ({"faults": ["writer=*"]}, '"faults"'), ({"faults": [7]}, '"faults"'),
                              ({"choices": ["a=b"]}, '"choices"'), ({"strict": 1}, '"strict"')):
            with self.subTest(change=change):
                changed = json.loads(header)
                changed["world"].update(change)
                self.write("run.jsonl", json.dumps(changed) + "\n" + rest)
                code, out, err = self.replay()
                self.assertEqual((code, out), (BAD_USAGE, ""), err)
                self.assertIn("run.jsonl:1: ", err)
                self.assertIn(words, err)
                self.assertEqual(os.listdir(self.temporary), [])

    def test_a_directory_that_would_be_copied_into_itself_is_refused(self):
        (self.volume / "temporary").mkdir()
        code, _, err = self.replay(TMPDIR=str(self.volume / "temporary"))
        self.assertEqual(code, NO_WORLD)
        self.assertIn("volume C:", err)
        self.assertEqual(os.listdir(self.volume / "temporary"), [])

    def test_a_replay_that_is_ended_removes_its_copies(self):
        """While it copies: the copying program sends the signal itself, and would never end."""
        tools = self.dir / "tools"
        tools.mkdir()
        copier = tools / "cp"
        for number in signal.SIGTERM, signal.SIGINT:
            copier.write_text(f"#!/bin/sh\nkill -{int(number)} $PPID\nexec sleep 1000\n")
            copier.chmod(0o755)
            code, out, _ = self.replay(PATH=f"{tools}:{os.environ['PATH']}")
            self.assertEqual((code, out), (-number, ""))
            self.assertEqual(os.listdir(self.temporary), [])


if __name__ == "__main__":
    main()
