#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The storage of snapshots as its managers leave it: what one run has said of a volume's area holds
in the next. The manager is tests/cli/programs/storage.c, the requester keeper.c."""
import json
import pathlib
import resource

from support import CliTest, VSSEMU, main, memory_folder, needs_mount

PROGRAMS = pathlib.Path(VSSEMU).parent.parent / "tests"
DEVICE = "\\\\?\\GLOBALROOT\\Device\\HarddiskVolumeShadowCopy"
NAME = "\\\\?\\Volume{5653532d-0000-4000-8000-00000000004"
SMALL = r"""Windows Registry Editor Version 5.00

[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\VolSnap]
"MinDiffAreaFileSize"=dword:00000020
"""
CATALOGUE = "volume/System Volume Information/vssemu.catalogue"
SETTINGS, PLACE = 2048, 512
GONE = "read: error 433\n"


class StorageTest(CliTest):
    made_in = memory_folder()
    options = ("--clock", "virtual", "--seed", "5")

    def setUp(self):
        super().setUp()
        (self.dir / "other").mkdir()
        self.registry = self.write("small.reg", SMALL)
        self.write("volume/a.txt", "first")

    def run_in(self, program, words, letters="CD", code=0, **more):
        directories = {"C": "volume", "D": "other"}
        volumes = [part for letter in letters
                   for part in ("--volume", f"{letter}:={directories[letter]}")]
        got, out, self.errors = self.vssemu("run", *self.options, *volumes, "--registry",
                                            self.registry, "--eventlog", "--verbose", "--",
                                            PROGRAMS / program, *words, **more)
        self.assertEqual(got, code, out + self.errors)
        return out

    def manage(self, *words, **more):
        return self.run_in("storage", words, **more)

    def keep(self, *words, **more):
        return self.run_in("keeper", words, **more)

    def devices(self, **more):
        return [line.split()[8].replace(DEVICE, "") for line in
                self.keep("list", **more).splitlines()]


class ThreeRuns(StorageTest):
    def test_said_in_one_run_told_in_the_next_held_in_the_third(self):
        self.assertEqual(self.manage("add:C:D:32"), "add 0x00000000\n")
        self.assertEqual(self.manage("areas:C", "on:D", "areas:D", "protection:C"),
                         "area of C: on D:, 32 MB\n" * 2 + "no area\n" +
                         "protection 0, offline 0, fault 0, status 0x00000000\n")
        self.keep("fill:C:\\big=40", "make:nas_rollback:C", "fill:C:\\big=20",
                  "make:nas_rollback:C", "fill:C:\\big=20", "make:nas_rollback:C")
        self.assertEqual(self.errors.count("Event ID:      33"), 1)
        self.assertEqual(self.devices(), ["2", "3"])

    def test_a_change_and_the_end_of_an_area(self):
        self.manage("add:C:C:64", "change:C:C:-1")
        self.assertEqual(self.manage("areas:C"), "area of C: on C:, -1 MB\n")
        self.manage("change:C:C:0")
        self.assertEqual(self.manage("areas:C"), "no area\n")

    def test_one_that_came_by_itself_goes_with_the_last_snapshot(self):
        self.keep("make:nas_rollback:C")
        self.assertIn("area of C: on C:, ", self.manage("areas:C"))
        self.vssemu("volume", "delete", "volume", "1")
        self.assertEqual(self.manage("areas:C"), "no area\n")

    def test_a_volatile_change_ends_with_the_run(self):
        self.assertEqual(self.manage("add:C:D:64", "passing:C:D:96", "areas:C"),
                         "add 0x00000000\npassing 0x00000000\narea of C: on D:, 96 MB\n")
        self.assertEqual(self.manage("areas:C"), "area of C: on D:, 64 MB\n")

    def test_what_is_refused_changes_nothing(self):
        self.manage("add:C:D:64")
        self.assertEqual(self.manage("add:C:D:96", "add:C:C:96", "change:C:D:1"),
                         "add 0x8004230d\nadd 0x8004231e\nchange 0x8004231f\n")
        self.assertEqual(self.manage("areas:C"), "area of C: on D:, 64 MB\n")

    def test_an_area_on_the_volume_itself_follows_it_to_another_letter(self):
        self.manage("add:C:C:64", letters="C")
        got, out, err = self.vssemu("run", *self.options, "--volume", "D:=volume", "--",
                                    PROGRAMS / "storage", "areas:D")
        self.assertEqual((got, out), (0, "area of D: on D:, 64 MB\n"), err)

    def test_protected_snapshots_take_the_volume_offline_in_a_later_run(self):
        self.assertEqual(self.manage("add:C:D:32", "level:C:1"),
                         "add 0x00000000\nlevel 0x00000000\n")
        out = self.keep("fill:C:\\big=40", "make:nas_rollback:C", "fill:C:\\big=40", code=2)
        self.assertIn("fill: error", out)
        self.assertEqual(self.manage("protection:C", "level:C:0", "protection:C"),
                         "protection 1, offline 0, fault 0, status 0x00000000\n"
                         "level 0x00000000\n"
                         "protection 0, offline 0, fault 0, status 0x00000000\n")
        self.assertIn("protection 0", self.manage("protection:C"))
        self.assertEqual(self.devices(), ["1"])


@needs_mount
class Mounted(ThreeRuns):
    options = ("--clock", "real", "--mount")


class PlaceMissing(StorageTest):
    def setUp(self):
        super().setUp()
        self.manage("add:C:D:64")
        self.keep("make:nas_rollback:C", "write:C:\\a.txt=second")

    def test_snapshots_are_offline_until_it_is_back(self):
        self.assertEqual(self.devices(letters="C"), [])
        self.assertIn("C: their storage is on what is not there: " + NAME + "4}\\", self.errors)
        self.assertEqual(self.keep(f"read:{DEVICE}1\\a.txt", "read:C:\\a.txt",
                                   "write:C:\\a.txt=third", letters="C"),
                         "read: error 3\nread second\n")
        self.assertEqual(self.devices(), ["1"])
        self.assertEqual(self.keep(f"read:{DEVICE}1\\a.txt", "read:C:\\a.txt"),
                         "read first\nread third\n")

    def test_no_snapshot_can_be_made_meanwhile(self):
        self.assertIn("0x8004231f", self.keep("make:nas_rollback:C", letters="C", code=2))
        self.assertEqual(self.devices(), ["1"])

    def test_the_area_is_reported_and_stays_while_snapshots_need_it(self):
        self.assertEqual(self.manage("areas:C", "on:D", "change:C:?:0", "change:C:?:96",
                                     "add:C:C:96", letters="C"),
                         "area of C: on D:, 64 MB\nareas 0x80042308\nchange 0x8004231d\n"
                         "change 0x00000000\nadd 0x8004231e\n")
        self.assertEqual(self.manage("areas:C"), "area of C: on D:, 96 MB\n")

    def test_without_snapshots_it_can_be_taken_away(self):
        self.vssemu("volume", "delete", "volume", "1")
        self.assertEqual(self.manage("change:C:?:0", "areas:C", letters="C"),
                         "change 0x00000000\nno area\n")
        self.assertEqual(self.manage("areas:C"), "no area\n")

    def test_a_protected_volume_is_offline_with_its_fault(self):
        self.manage("level:C:1")
        self.assertEqual(self.manage("protection:C", letters="C"),
                         "protection 1, offline 1, fault 1, status 0xc000000e\n")
        self.assertEqual(self.keep("read:C:\\a.txt", letters="C"), GONE)
        self.assertEqual(self.manage("clear:C", "protection:C", letters="C"),
                         "clear 0x00000000\nprotection 1, offline 0, fault 0, status 0x00000000\n")
        self.assertEqual(self.manage("level:C:0", "protection:C", letters="C"),
                         "level 0x00000000\nprotection 0, offline 0, fault 0, status 0x00000000\n")
        self.assertEqual(self.keep("read:C:\\a.txt", letters="C"), "read second\n")
        self.assertEqual(self.devices(), ["1"])

    def test_the_volume_that_has_the_name_is_not_the_source_itself(self):
        got, out, err = self.vssemu("run", *self.options, "--volume", "D:=volume", "--",
                                    PROGRAMS / "keeper", "list")
        self.assertEqual((got, out), (0, ""), err)


@needs_mount
class PlaceMissingMounted(PlaceMissing):
    options = ("--clock", "real", "--mount")


@needs_mount
class NothingServed(StorageTest):
    """Of a volume that is served without any program."""

    def test_the_server_knows_what_was_said(self):
        self.manage("add:C:D:32", "level:C:1")
        (self.dir / "mount").mkdir()
        self.assertEqual(self.vssemu("volume", "mount", "volume", "mount")[0], 0)
        self.addCleanup(self.vssemu, "volume", "unmount", "mount")
        self.assertEqual(self.vssemu("volume", "list", "volume")[1],
                         "Storage: on D:, at most 33554432 bytes; the snapshots are protected\n")
        out = json.loads(self.vssemu("volume", "check", "volume", "--json")[1])
        self.assertEqual(out["storage"], {"protected": True, "on": "D:", "maximum": 32 << 20})


class Damaged(StorageTest):
    def setUp(self):
        super().setUp()
        self.manage("add:C:D:32")
        self.keep("make:nas_rollback:C", "write:C:\\a.txt=second")

    def overwrite(self, offset, data):
        with open(self.dir / CATALOGUE, "r+b") as file:
            file.seek(offset)
            file.write(data)

    def check(self):
        code, out, _ = self.vssemu("volume", "check", "volume", "--json")
        return code, json.loads(out)["storage"]

    def test_snapshots_stay_and_everybody_is_told(self):
        self.overwrite(SETTINGS + PLACE + 30, b"\xff" * 8)
        self.assertEqual(self.devices(), ["1"])
        self.assertIn("the storage of snapshots is not known", self.errors)
        self.assertIn("vssemu: C: what was said of the storage of its snapshots is not known: what "
                      "is written of it is damaged", self.errors)
        self.assertEqual(self.check(), (1, {"error": "what is written of it is damaged"}))
        self.assertIn("Storage: not known; what is written of it is damaged\n",
                      self.vssemu("volume", "list", "volume")[1])
        self.assertEqual(self.keep(f"read:{DEVICE}1\\a.txt"), "read first\n")
        self.manage("change:C:C:64")
        self.assertEqual(self.check(), (0, {"protected": False, "on": "the volume itself",
                                            "maximum": 64 << 20}))

    def test_a_half_written_one_leaves_the_one_before(self):
        self.manage("change:C:D:64")
        self.overwrite(SETTINGS + 40, b"\xff" * 100)
        self.assertEqual(self.manage("areas:C"), "area of C: on D:, 32 MB\n")
        self.assertNotIn("not known", self.errors)


class Unwritable(StorageTest):
    def test_what_cannot_be_written_down_is_refused_and_changes_nothing(self):
        self.manage("add:C:D:32")
        self.keep("make:nas_rollback:C")

        def no_settings():  # the catalogue's header can be written, what stands behind it cannot
            resource.setrlimit(resource.RLIMIT_FSIZE, (SETTINGS, SETTINGS))

        out = self.manage("change:C:D:64", "areas:C", "level:C:1", "protection:C",
                          preexec_fn=no_settings, restore_signals=False)
        self.assertEqual(out, "change 0x80042306\narea of C: on D:, 32 MB\nlevel 0x80042306\n"
                              "protection 0, offline 0, fault 0, status 0x00000000\n")
        self.assertEqual(self.errors.count("Event ID:      12293"), 2, self.errors)
        self.assertEqual(self.manage("areas:C"), "area of C: on D:, 32 MB\n")
        self.assertEqual(self.devices(), ["1"])


class ByThemselves(StorageTest):
    def test_check_and_list_tell(self):
        self.manage("add:C:D:32", "level:C:1")
        self.assertEqual(self.vssemu("volume", "list", "volume")[1],
                         "Storage: on D:, at most 33554432 bytes; the snapshots are protected\n")
        out = json.loads(self.vssemu("volume", "check", "volume", "--json")[1])
        self.assertEqual(out["storage"], {"protected": True, "on": "D:", "maximum": 32 << 20})
        self.assertEqual(self.vssemu("volume", "list", "other")[1], "")

    @needs_mount
    def test_a_served_volume_keeps_the_limit_without_any_program(self):
        self.manage("add:C:C:32")
        (self.dir / "mount").mkdir()
        self.assertEqual(self.vssemu("volume", "mount", "volume", "mount")[0], 0)
        self.addCleanup(self.vssemu, "volume", "unmount", "mount")
        big = self.dir / "mount" / "big"
        big.touch()
        for content in (b"1", b"2", b"3", b"4"):
            with open(big, "r+b") as file:
                file.write(content * (20 << 20))
            if content != b"4":
                self.vssemu("volume", "snapshot", "volume")
        lost = [s["number"] for s in json.loads(
            self.vssemu("volume", "list", "volume", "--json")[1]) if s.get("lost")]
        self.assertEqual(lost, [1, 2])


if __name__ == "__main__":
    main()
