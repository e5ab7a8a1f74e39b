#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Persistent snapshots in several runs: one makes them, the next finds them, a third deletes them,
also when a run is killed. The requester is tests/cli/programs/keeper.c."""
import json
import pathlib
import re

from support import CliTest, VSSEMU, main, memory_folder, needs_mount

KEEPER = str(pathlib.Path(VSSEMU).parent.parent / "tests" / "keeper")
DEVICE = "\\\\?\\GLOBALROOT\\Device\\HarddiskVolumeShadowCopy"
SYSTEM_PROVIDER = "{B5946137-7B9F-4925-AF80-51ABD60B20D5}"
NAMES = ("id", "set", "provider", "count", "attributes", "created", "state", "device", "volume",
         "originating", "service", "exposed_name", "exposed_path")
KILLED = 128 + 9
REGISTRY = r"""Windows Registry Editor Version 5.00

[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\VolSnap]
"MinDiffAreaFileSize"=dword:00000020
"""


class PersistentTest(CliTest):
    made_in = memory_folder()
    clock = "virtual"
    seed = 3
    options = []
    directories = {"C": "volume", "D": "other"}

    def setUp(self):
        super().setUp()
        (self.dir / "other").mkdir()
        self.write("volume/a.txt", "first")

    def run_keeper(self, *words, options=(), letters="CD", code=0):
        volumes = [part for letter in letters
                   for part in ("--volume", f"{letter}:={self.directories[letter]}")]
        got, out, err = self.vssemu("run", "--clock", self.clock, "--seed", self.seed, *volumes,
                                    *self.options, *options, "--", KEEPER, *words)
        self.assertEqual(got, code, out + err)
        self.last_errors = err
        return out

    def make(self, context, on, *words, **more):
        """Answers the id of the set and those of its snapshots."""
        out = self.run_keeper(f"make:{context}:{on}", *words, **more)
        return re.search(r"^made (.*)$", out, re.M).group(1).split()

    def list(self, *words, **more):
        out = self.run_keeper("list", *words, **more)
        return [dict(zip(NAMES, line.split()[1:])) for line in out.splitlines()
                if line.startswith("snapshot ")]

    def volume_list(self, directory="volume"):
        return json.loads(self.vssemu("volume", "list", directory, "--json")[1])


class ThreeRuns(PersistentTest):
    def test_made_found_and_deleted(self):
        self.make("app_rollback", "CD")
        found = self.list()
        self.assertEqual([s["attributes"] for s in found], ["0x00420009"] * 2)
        self.assertEqual({s["set"] for s in found}, {found[0]["set"]})
        self.assertEqual([s["count"] for s in found], ["2", "2"])
        self.assertEqual([s["device"] for s in found], [DEVICE + "1", DEVICE + "2"])
        for s in found:
            self.assertEqual((s["provider"], s["originating"], s["service"], s["state"]),
                             (SYSTEM_PROVIDER, "VSSEMU", "VSSEMU", "12"))
        self.assertEqual(self.run_keeper("delete-set:" + found[0]["set"], "list"), "deleted 2\n")
        self.assertEqual(self.list(), [])
        self.assertEqual(self.volume_list(), [])

    def test_everything_is_as_the_maker_saw_it(self):
        out = self.run_keeper("make:client_accessible:CD", "list")
        self.assertEqual(out.splitlines()[1:], self.run_keeper("list").splitlines())

    def test_each_persistent_context_and_no_other(self):
        for context in ("app_rollback", "nas_rollback", "client_accessible",
                        "client_accessible_writers", "backup"):
            self.run_keeper(f"make:{context}:C")
        self.assertEqual([s["attributes"][-2:] for s in self.list()], ["09", "19", "1d", "0d"])
        only = self.run_keeper("list:nas_rollback")
        self.assertEqual(len(only.splitlines()), 1)
        self.assertIn("0x00020019", only)

    def test_its_files_are_those_of_its_moment(self):
        self.make("nas_rollback", "C", "write:C:\\a.txt=second", "write:C:\\new=new")
        path = DEVICE + "1\\"
        out = self.run_keeper(f"read:{path}a.txt", f"read:{path}new", "read:C:\\a.txt",
                              "write:C:\\a.txt=third")
        self.assertEqual(out, "read first\nread: error 2\nread second\n")
        self.assertEqual(self.run_keeper(f"read:{path}a.txt", "read:C:\\a.txt"),
                         "read first\nread third\n")

    def test_one_that_was_never_queried_can_be_shown_deleted_and_reverted_to(self):
        first = self.make("app_rollback", "C", "write:C:\\a.txt=second")[1]
        self.assertIn(first, self.run_keeper("show:" + first))
        self.assertEqual(self.run_keeper("revert:" + first, "read:C:\\a.txt"),
                         "reverted\nread first\n")
        self.assertEqual((self.volume / "a.txt").read_text(), "first")
        self.assertEqual(self.run_keeper("delete:" + first, "list"), "deleted 1\n")

    def test_the_snapshots_of_a_set_of_which_one_volume_is_away(self):
        self.make("app_rollback", "CD")
        found = self.list(letters="D")
        self.assertEqual([(s["device"], s["count"]) for s in found], [(DEVICE + "2", "2")])
        self.assertEqual(len(self.list()), 2)

    def test_what_was_given_up_for_room_is_told_once_and_forgotten(self):
        registry = self.write("small.reg", REGISTRY)
        self.run_keeper("fill:C:\\big=40")
        out = self.run_keeper("make:nas_rollback:C", "make:nas_rollback:C", "area:C=32",
                              "fill:C:\\big=20", "make:nas_rollback:C", "fill:C:\\big=20",
                              "area:C=32", "list",  # whoever asks the server has heard its news
                              options=["--registry", registry, "--eventlog"])
        self.assertEqual(out.count("snapshot "), 1)
        self.assertEqual(self.last_errors.count("Event ID:      33"), 2)
        self.assertEqual([s["device"] for s in self.list()], [DEVICE + "3"])
        self.assertEqual(len(self.volume_list()), 1)


class RealClock(ThreeRuns):
    clock = "real"
    # A revert takes a second of this clock, which Mounted waits for.
    test_one_that_was_never_queried_can_be_shown_deleted_and_reverted_to = None


@needs_mount
class Mounted(ThreeRuns):
    clock = "real"
    options = ["--mount"]

    def test_a_killed_program_leaves_what_is_finished(self):
        kept = self.make("app_rollback", "C")[1]
        self.run_keeper("write:C:\\a.txt=second", "make:backup:C", "die", code=KILLED)
        self.assertEqual([s["id"] for s in self.list()], [kept])
        self.assertEqual(self.run_keeper(f"read:{DEVICE}1\\a.txt", "read:C:\\a.txt"),
                         "read first\nread second\n")


class Identifiers(PersistentTest):
    def test_the_same_seed_draws_no_id_and_no_device_twice(self):
        seen = [id for _ in range(3) for id in self.make("nas_rollback", "C")]
        self.assertEqual(len(set(seen)), 6)
        self.assertEqual([s["device"] for s in self.list()], [DEVICE + n for n in "123"])

    def test_not_even_after_deletion(self):
        first = self.make("nas_rollback", "C")
        self.run_keeper("delete:" + first[1])
        second = self.make("nas_rollback", "C")
        self.assertFalse(set(first) & set(second))
        self.assertEqual(self.list()[0]["device"], DEVICE + "2")

    def test_a_volume_without_history_has_the_seeds_ids(self):
        first = self.make("nas_rollback", "D", letters="D")
        (self.dir / "other").rename(self.dir / "gone")
        (self.dir / "other").mkdir()
        self.assertEqual(self.make("nas_rollback", "D", letters="D"), first)


class Twins(PersistentTest):
    """Volumes that were never in one run have the ids that their seed has drawn for each."""

    def setUp(self):
        super().setUp()
        self.write("other/a.txt", "of the other")

    def run_alone(self, letter, *words):
        return self.run_keeper(*words, letters=letter)

    def made_alone(self, context="nas_rollback"):
        made = [self.run_alone(letter, f"make:{context}:{letter}").split()[1:] for letter in "CD"]
        self.assertEqual(made[0], made[1])
        return made[0]

    def test_one_is_deleted_not_both(self):
        set_id, id = self.made_alone()
        found = self.list()
        self.assertEqual([s["device"] for s in found], [DEVICE + "1", DEVICE + "2"])
        self.assertEqual(len({s["volume"] for s in found}), 2)
        self.assertEqual((found[0]["set"], found[0]["id"]), (set_id, id))
        self.assertEqual(len({s[name] for s in found for name in ("set", "id")}), 4)
        out = self.run_keeper("show:" + found[1]["id"], f"read:{DEVICE}2\\a.txt")
        self.assertIn(found[1]["volume"], out)
        self.assertIn("read of the other", out)
        self.assertEqual(self.run_keeper("delete:" + id), "deleted 1\n")
        self.assertEqual((self.volume_list(), len(self.volume_list("other"))), ([], 1))

    def test_a_set_is_deleted_not_both(self):
        set_id, _ = self.made_alone("app_rollback")
        self.assertEqual(self.run_keeper("delete-set:" + set_id), "deleted 1\n")
        self.assertEqual((self.volume_list(), len(self.volume_list("other"))), ([], 1))

    def test_the_new_id_stays_and_is_told_once(self):
        _, id = self.made_alone()
        trace = self.dir / "trace"
        found = self.list(options=["--trace", trace])
        told = "another volume's snapshot has the same id"
        self.assertEqual(trace.read_text().count(told), 1)
        self.assertEqual(self.last_errors.count(f"vssemu: {told}: {{"), 1)
        self.assertIn(f"{{{id[1:-1].lower()}}} on D: is {{{found[1]['id'][1:-1].lower()}}} of set",
                      trace.read_text())
        self.assertEqual(self.list(options=["--trace", trace]), found)
        self.assertNotIn(told, trace.read_text() + self.last_errors)
        self.assertEqual(self.volume_list("other")[0]["id"], found[1]["id"].lower())
        self.assertEqual([s["id"] for s in self.list(letters="D")], [found[1]["id"]])

    def test_the_same_volumes_give_the_same_ids_and_the_same_trace(self):
        seen = []
        for turn in range(2):
            self.made_alone()
            trace = self.dir / f"trace{turn}"
            seen.append((self.list(options=["--trace", trace]), trace.read_bytes()))
            for name in ("volume", "other"):
                (self.dir / name).rename(self.dir / f"{name}{turn}")
                (self.dir / name).mkdir()
                self.write(f"{name}/a.txt", {"volume": "first", "other": "of the other"}[name])
        self.assertEqual(seen[0], seen[1])

    def test_a_set_of_both_stays_one_set(self):
        set_id, *ids = self.make("app_rollback", "CD")
        found = self.list()
        self.assertEqual([(s["set"], s["id"]) for s in found], [(set_id, id) for id in ids])

    def test_two_sets_of_two_volumes_stay_two_sets(self):
        set_id, *ids = self.make("app_rollback", "CD")
        first = self.directories
        self.directories = {"C": "third", "D": "fourth"}
        for name in self.directories.values():
            (self.dir / name).mkdir()
        self.assertEqual(self.make("app_rollback", "CD"), [set_id, *ids])
        self.directories = dict(first, E="third", F="fourth")
        found = self.list(letters="CDEF")
        self.assertEqual([s["set"] for s in found[:2]], [set_id] * 2)
        self.assertEqual(found[2]["set"], found[3]["set"])
        self.assertNotEqual(found[2]["set"], set_id)
        self.assertEqual(len({s["id"] for s in found}), 4)
        self.assertEqual(self.list(letters="CDEF"), found)
        self.assertEqual(self.run_keeper("delete-set:" + set_id, letters="CDEF"), "deleted 2\n")
        self.assertEqual([s["id"] for s in self.list(letters="EF")],
                         [s["id"] for s in found[2:]])

    def test_three_that_meet_one_after_the_other(self):
        (self.dir / "third").mkdir()
        self.directories = dict(self.directories, E="third")
        self.made_alone()
        self.run_alone("E", "make:nas_rollback:E")
        two = [s["id"] for s in self.list()]
        three = [s["id"] for s in self.list(letters="ECD")]
        self.assertEqual(len(set(three)), 3)
        self.assertEqual(three[0], two[0])
        self.assertEqual(three[2], two[1])
        self.assertEqual([s["id"] for s in self.list(letters="CDE")][1:], [two[1], two[0]])


class Exposed(PersistentTest):
    def test_one_stays_exposed(self):
        made = self.make("app_rollback", "C", "write:C:\\a.txt=second")[1]
        self.assertEqual(self.run_keeper("expose:X:=" + made, "read:X:\\a.txt"),
                         "exposed X:\\\nread first\n")
        self.assertEqual(self.list()[0]["exposed_name"], "X:\\")
        self.assertEqual(self.run_keeper("read:X:\\a.txt", "unexpose:" + made, "read:X:\\a.txt"),
                         "read first\nread: error 3\n")
        self.assertEqual(self.list()[0]["exposed_name"], "-")

    def test_a_share_and_a_folder(self):
        self.dir.joinpath("other", "empty").mkdir()
        made = self.make("app_rollback", "CD")
        self.run_keeper("expose:D:\\empty=" + made[1], "expose:shared=" + made[2])
        self.assertEqual([(s["exposed_name"], s["attributes"]) for s in self.list()],
                         [("D:\\empty\\", "0x00520009"), ("shared", "0x00620009")])
        self.assertEqual(self.run_keeper("read:D:\\empty\\a.txt"), "read first\n")

    def test_a_name_that_is_another_drives_by_now_is_gone(self):
        made = self.make("app_rollback", "C")[1]
        self.run_keeper("expose:D:=" + made, letters="C")
        self.assertEqual(self.list(letters="C")[0]["exposed_name"], "D:\\")
        found = self.list()[0]
        self.assertEqual((found["exposed_name"], found["attributes"]), ("-", "0x00420009"))


class Devices(PersistentTest):
    def test_volumes_that_meet_later_share_no_device(self):
        self.write("other/a.txt", "other")
        self.vssemu("volume", "snapshot", "volume")
        self.vssemu("volume", "snapshot", "volume")
        self.vssemu("volume", "snapshot", "other")
        found = self.list()
        self.assertEqual([s["device"] for s in found], [DEVICE + n for n in "123"])
        self.assertEqual(len({s["volume"] for s in found}), 2)
        out = self.run_keeper("make:nas_rollback:D", "list", *(f"read:{DEVICE}{n}\\a.txt" for n in "1345"))
        self.assertIn(DEVICE + "4 ", out)
        self.assertEqual([line for line in out.splitlines() if line.startswith("read")],
                         ["read first", "read other", "read other", "read: error 3"])
        self.run_keeper("delete:" + found[2]["id"])
        self.assertEqual([s["device"] for s in self.list()], [DEVICE + n for n in "124"])


class Killed(PersistentTest):
    def test_what_is_finished_stays_and_what_passes_goes(self):
        kept = self.make("app_rollback", "C")[1]
        self.run_keeper("make:nas_rollback:D", "write:C:\\a.txt=second", "make:backup:C", "die",
                        code=KILLED)
        found = self.list()
        self.assertEqual(len(found), 2)
        self.assertEqual(found[0]["id"], kept)
        self.assertEqual(self.run_keeper(f"read:{DEVICE}1\\a.txt", "read:C:\\a.txt"),
                         "read first\nread second\n")

    def test_at_every_call_of_the_requester_there_is_all_of_a_set_or_nothing(self):
        states = []
        for call in range(1, 17):
            out = self.run_keeper(f"die-after:{call}", "make:app_rollback:CD", code=KILLED)
            states.append(len(self.list()))
            self.assertEqual("made" in out, False)
            if states[-1]:
                self.run_keeper("delete-set:" + self.list()[0]["set"])
        self.assertEqual(sorted(states), states)  # from one call on it is there
        self.assertEqual(set(states), {0, 2})


class Lost(PersistentTest):
    def lose(self):
        self.make("app_rollback", "CD")
        self.write("volume/a.txt", "changed behind its back")

    def test_one_that_cannot_be_read_is_told_and_forgotten(self):
        self.lose()
        self.assertTrue(self.volume_list()[0]["lost"])
        out = self.run_keeper("list", options=["--eventlog"])
        self.assertEqual(len(re.findall("^snapshot", out, re.M)), 1)
        for word in ("Volsnap", "27", "snapshots of C:"):
            self.assertIn(word, self.last_errors)
        self.assertEqual(self.volume_list(), [])
        self.run_keeper("list", options=["--eventlog"])
        self.assertNotIn("Volsnap", self.last_errors)
        self.assertEqual(len(self.volume_list("other")), 1)

    def test_its_id_is_known_to_nobody(self):
        id = self.make("app_rollback", "C")[1]
        self.write("volume/a.txt", "changed behind its back")
        self.assertIn("0x80042308", self.run_keeper("show:" + id, code=2))


class OfVolumesByThemselves(PersistentTest):
    def test_a_requester_finds_them_each_a_set(self):
        made = json.loads(self.vssemu("volume", "snapshot", "volume", "--json")[1])
        self.vssemu("volume", "snapshot", "volume")
        found = self.list()
        self.assertEqual([s["device"] for s in found], [DEVICE + "1", DEVICE + "2"])
        self.assertEqual(found[0]["id"].lower(), made["id"])
        self.assertEqual((found[0]["count"], found[0]["attributes"]), ("1", "0x00020019"))
        self.assertEqual(len({s["set"] for s in found}), 2)
        self.run_keeper("delete-set:" + found[0]["set"])
        self.assertEqual(len(self.volume_list()), 1)

    def test_they_list_a_requesters(self):
        id = self.make("client_accessible", "C")[1]
        self.assertEqual([s["id"] for s in self.volume_list()], [id.lower()])
        self.assertEqual(self.vssemu("volume", "show", "volume", id, "a.txt")[1], "first")
        self.assertEqual(self.vssemu("volume", "delete", "volume", id)[0], 0)
        self.assertEqual(self.list(), [])


class Earlier(PersistentTest):
    def test_those_that_a_run_brings_along_go_with_it(self):
        words = ["--snapshot", "C:,context=app_rollback"]
        self.assertEqual(len(self.list(options=words)), 1)
        self.assertEqual(len(self.list(options=words)), 1)
        self.assertEqual(self.volume_list(), [])


if __name__ == "__main__":
    main()
