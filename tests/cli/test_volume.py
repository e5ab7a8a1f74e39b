# SPDX-License-Identifier: MIT
"""vssemu volume: snapshots of a directory that nobody serves."""
import fcntl
import json
import os
import pathlib
import signal
import subprocess

from support import BAD_USAGE, NO_WORLD, CliTest, main, memory_folder, needs_mount

GUID = r"\{[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\}"


class VolumeTest(CliTest):
    made_in = memory_folder()

    def setUp(self):
        super().setUp()
        (self.volume / "sub").mkdir()
        (self.volume / "a.txt").write_text("contents\n")
        (self.volume / "sub" / "b.txt").write_text("below\n")

    def ok(self, *arguments):
        code, out, err = self.vssemu("volume", *arguments)
        self.assertEqual((code, err), (0, ""), out)
        return out

    def snapshot(self):
        return json.loads(self.ok("snapshot", self.volume, "--json"))

    def list(self):
        return json.loads(self.ok("list", self.volume, "--json"))


class Snapshots(VolumeTest):
    def test_one_is_made_and_found_again(self):
        made = self.snapshot()
        self.assertRegex(made["id"], rf"\A{GUID}\Z")
        self.assertEqual(made["device"], r"\\?\GLOBALROOT\Device\HarddiskVolumeShadowCopy1")
        self.assertRegex(made["created"], r"\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\Z")
        self.assertEqual(self.list(), [made])

    def test_ids_and_devices_never_repeat(self):
        seen = []
        for _ in range(3):
            made = self.snapshot()
            seen += [made["id"], made["device"]]
            self.ok("delete", self.volume, made["id"])
        self.assertEqual(len(set(seen)), 6)
        self.assertEqual(self.list(), [])

    def test_its_files_can_be_read(self):
        one = self.snapshot()["id"]
        self.assertEqual(self.ok("show", self.volume, one, "a.txt"), "contents\n")
        self.assertEqual(self.ok("show", self.volume, "1", "sub/b.txt"), "below\n")
        self.assertRegex(self.ok("show", self.volume, one, "sub"), r"\A-\d{4} +6  .*  b\.txt\n\Z")
        shown = self.ok("show", self.volume, one)
        for word in (one, "HarddiskVolumeShadowCopy1", "a.txt", "sub"):
            self.assertIn(word, shown)
        self.assertNotIn("System Volume Information", shown)

    def test_a_change_that_nobody_preserved_loses_it(self):
        self.snapshot()
        (self.volume / "a.txt").write_text("changed!\n")
        self.assertTrue(self.list()[0]["lost"])
        code, out, err = self.vssemu("volume", "show", self.volume, "1", "a.txt")
        self.assertEqual((code, out), (NO_WORLD, ""))
        self.assertIn("lost", err)
        self.assertEqual((self.volume / "a.txt").read_text(), "changed!\n")
        self.ok("delete", self.volume, "1")
        self.assertEqual(self.list(), [])

    def test_new_and_removed_names_are_changes_too(self):
        for change in (lambda: (self.volume / "new").touch(),
                       lambda: (self.volume / "sub" / "b.txt").unlink(),
                       lambda: os.chmod(self.volume / "a.txt", 0o600)):
            self.snapshot()
            change()
            self.assertTrue(self.list()[-1]["lost"])

    def test_reading_is_no_change(self):
        self.snapshot()
        (self.volume / "a.txt").read_text()
        list(os.scandir(self.volume / "sub"))
        self.assertNotIn("lost", self.list()[0])

    def test_revert_to_the_present_state_changes_nothing(self):
        made = self.snapshot()
        self.ok("revert", self.volume, made["id"])
        self.assertEqual((self.volume / "a.txt").read_text(), "contents\n")
        self.assertEqual(self.list(), [made])

    def test_of_many_each_is_deleted_by_itself(self):
        made = [self.snapshot() for _ in range(5)]
        for i in (3, 0, 4):
            self.ok("delete", self.volume, made[i]["device"])
        self.assertEqual(self.list(), [made[1], made[2]])


class Check(VolumeTest):
    def area(self, name):
        return self.volume / "System Volume Information" / name

    def check(self, code):
        got, out, err = self.vssemu("volume", "check", self.volume, "--json")
        self.assertEqual((got, err), (code, ""), out)
        return json.loads(out)

    def test_a_directory_without_snapshots_is_right(self):
        self.assertIn("Snapshots: 0", self.ok("check", self.volume))

    def test_a_volume_is_durable_until_it_is_told_otherwise(self):
        self.assertRegex(self.ok("durable", self.volume), "^off: ")
        self.assertEqual([e.name for e in self.volume.iterdir() if "System" in e.name], [])
        for word, is_durable in (None, False), ("on", True), ("off", False):
            self.ok("durable", self.volume, word) if word else self.snapshot()
            self.assertEqual(self.check(0)["durable"], is_durable)

    def test_it_explains_what_is_there(self):
        made = self.snapshot()
        found = self.check(0)
        self.assertEqual((found["ended"], found["log"], found["right"]), ("in order", "whole", True))
        self.assertEqual((found["records"]["BEGIN"], found["records"]["SNAPSHOT"]), (1, 1))
        self.assertEqual(found["snapshots"], [made])
        text = self.ok("check", self.volume)
        for word in ("ended in order", "1 SNAPSHOT", "Snapshots: 1, 0 of them lost", made["id"]):
            self.assertIn(word, text)

    def test_a_damaged_log_is_told_and_its_snapshots_are_lost(self):
        self.snapshot()
        self.snapshot()
        log = self.area("vssemu.log.1")
        data = bytearray(log.read_bytes())
        data[60] ^= 1
        log.write_bytes(data)
        found = self.check(1)
        self.assertEqual(found["log"], "damaged")
        self.assertFalse(found["right"])
        self.snapshot()
        self.assertNotIn("lost", self.list()[-1])

    def test_a_damaged_header_leaves_the_other_one(self):
        self.snapshot()
        self.snapshot()
        catalogue = self.area("vssemu.catalogue")
        data = bytearray(catalogue.read_bytes())
        data[20] ^= 1  # turn 2 stands in the first place
        catalogue.write_bytes(data)
        found = self.check(1)
        self.assertEqual(found["catalogue"], "one header damaged")
        self.assertEqual(len(found["snapshots"]), 2)
        self.assertIn("one of its two headers is damaged", self.vssemu("volume", "check", self.volume)[1])
        self.assertGreater(self.snapshot()["number"], 2)
        self.assertEqual(self.check(int(any("lost" in s for s in self.list())))["catalogue"], "whole")


class Damage(VolumeTest):
    """What was there is told, whatever is damaged, and no word that only reads changes anything."""

    def setUp(self):
        super().setUp()
        self.made = [self.snapshot() for _ in range(3)]
        self.folder = self.volume / "System Volume Information"
        self.catalogue = self.folder / "vssemu.catalogue"
        self.log = self.folder / "vssemu.log.1"

    def flip(self, file, *places):
        data = bytearray(file.read_bytes())
        for place in places:
            data[place] ^= 0x55
        file.write_bytes(data)

    def files(self):
        return {str(p): (p.stat().st_mtime_ns, p.read_bytes() if p.is_file() else sorted(os.listdir(p)))
                for p in (self.folder, *sorted(self.folder.rglob("*")))}

    def check(self):
        before = self.files()
        code, out, err = self.vssemu("volume", "check", self.volume, "--json")
        self.assertEqual((code, err), (1, ""), out)
        self.list()
        self.assertEqual(self.files(), before)
        return json.loads(out)

    def assert_all_are_lost(self, catalogue):
        lost = [dict(s, lost=True) for s in self.made]
        found = self.check()
        self.assertEqual((found["catalogue"], found["right"]), (catalogue, False))
        self.assertEqual(found["snapshots"], lost)
        self.assertEqual(self.list(), lost)
        new = self.snapshot()
        self.assertGreater(new["number"], 3)
        self.assertEqual(self.list(), lost + [new])
        for number in "1", "2", "3":
            self.ok("delete", self.volume, number)
        self.ok("check", self.volume)
        self.assertEqual(self.list(), [new])
        self.assertEqual((self.volume / "a.txt").read_text(), "contents\n")

    def test_both_headers(self):
        self.flip(self.catalogue, 20, 532)
        self.assert_all_are_lost("damaged")

    def test_zeroes_for_a_catalogue(self):
        self.catalogue.write_bytes(bytes(4096))
        self.assert_all_are_lost("damaged")

    def test_no_catalogue(self):
        self.catalogue.unlink()
        self.assert_all_are_lost("damaged")

    def test_a_byte_in_the_middle_of_the_log(self):
        for place, unnamed in (20, 0), (50, 1), (100, 2), (150, 3):  # BEGIN, then the records of the snapshots
            with self.subTest(place):
                self.flip(self.log, place)
                found = self.check()
                names = [s["id"] for s in found["snapshots"]]
                self.assertEqual(names, [s["id"] for s in self.made if s["number"] != unnamed])
                self.assertTrue(all(s["lost"] for s in found["snapshots"]))
                self.flip(self.log, place)
        self.flip(self.log, 20)
        self.assert_all_are_lost("whole")

    def test_no_log_but_a_catalogue_that_names_one(self):
        self.log.unlink()
        found = self.check()
        self.assertEqual(found["log"], "missing")
        self.assertEqual([s["lost"] for s in found["snapshots"]], [True])
        self.assertGreater(self.snapshot()["number"], 3)

    def test_neither(self):
        (self.folder / "vssemu.diff").write_bytes(bytes(16384))
        self.log.unlink()
        self.catalogue.unlink()
        found = self.check()
        self.assertEqual([s["lost"] for s in found["snapshots"]], [True])
        self.assertGreater(self.snapshot()["number"], 1000)
        self.assertEqual(len(self.list()), 2)


class Reading(VolumeTest):
    def test_a_directory_without_snapshots_stays_as_it_is(self):
        for word in ("list",), ("check",):
            self.ok(*word, self.volume)
        self.assertEqual(self.vssemu("volume", "show", self.volume, "1")[0], BAD_USAGE)
        self.assertEqual(sorted(os.listdir(self.volume)), ["a.txt", "sub"])
        image = self.dir / "disk.img"
        image.write_bytes(bytes(4096))
        self.assertEqual(self.ok("list", image), "")
        self.ok("check", image)
        self.assertFalse((self.dir / "disk.img.vssemu").exists())

    def test_what_cannot_be_written_can_be_read(self):
        user = {"user": 65534, "group": 65534} if os.geteuid() == 0 else {}
        os.chmod(self.dir, 0o755)
        for path in (self.volume, *self.volume.rglob("*")) if user else ():
            os.chown(path, 65534, 65534)
        made = self.snapshot()
        area = self.volume / "System Volume Information"
        for path in (*area.rglob("*"), area):
            mode = path.stat().st_mode
            path.chmod(mode & ~0o222)
            self.addCleanup(path.chmod, mode)
        self.assertEqual(self.vssemu("volume", "snapshot", self.volume, **user)[0], NO_WORLD)
        code, out, err = self.vssemu("volume", "list", self.volume, "--json", **user)
        self.assertEqual((code, json.loads(out), err), (0, [made], ""))
        self.assertEqual(self.vssemu("volume", "show", self.volume, "1", "a.txt", **user)[:2], (0, "contents\n"))
        self.assertEqual(self.vssemu("volume", "check", self.volume, **user)[0], 0)

    def test_readers_need_not_wait_for_each_other_and_are_no_owners(self):
        self.snapshot()
        lock = (self.volume / "System Volume Information" / "vssemu.lock").open()
        self.addCleanup(lock.close)
        fcntl.flock(lock, fcntl.LOCK_SH)
        self.assertEqual(len(self.list()), 1)
        self.ok("check", self.volume)
        fcntl.flock(lock, fcntl.LOCK_EX)
        code, out, err = self.vssemu("volume", "list", self.volume)
        self.assertEqual((code, out), (NO_WORLD, ""))
        self.assertIn("one owner at a time", err)


@needs_mount
class Mounted(VolumeTest):
    def setUp(self):
        super().setUp()
        self.mount = self.dir / "mount"
        self.mount.mkdir()

    def serve(self):
        code, out, err = self.vssemu("volume", "mount", self.volume, self.mount)
        self.assertEqual((code, out), (0, ""), err)
        self.addCleanup(subprocess.run, ["fusermount3", "-u", "-q", self.mount])

    def change(self):
        (self.mount / "a.txt").write_text("changed\n")
        (self.mount / "sub" / "b.txt").unlink()
        (self.mount / "new.txt").write_text("new\n")

    def assert_as_it_was(self):
        self.assertNotIn("lost", self.list()[0])
        self.assertEqual(self.ok("show", self.volume, "1", "a.txt"), "contents\n")
        self.assertEqual(self.ok("show", self.volume, "1", "sub/b.txt"), "below\n")
        self.assertEqual((self.volume / "a.txt").read_text(), "changed\n")
        self.assertEqual((self.volume / "new.txt").read_text(), "new\n")

    def test_what_changes_through_the_mount_is_preserved(self):
        self.snapshot()
        self.serve()
        self.change()
        then = self.mount / ".vss" / "HarddiskVolumeShadowCopy1"
        self.assertEqual((then / "a.txt").read_text(), "contents\n")
        self.ok("unmount", self.mount)
        self.assert_as_it_was()
        self.ok("revert", self.volume, "1")
        self.assertEqual((self.volume / "a.txt").read_text(), "contents\n")
        self.assertEqual((self.volume / "sub" / "b.txt").read_text(), "below\n")
        self.assertFalse((self.volume / "new.txt").exists())

    def test_nothing_is_lost_when_the_server_is_killed(self):
        self.snapshot()
        self.serve()
        self.change()
        lock = self.volume / "System Volume Information" / "vssemu.lock"
        keeper = lock.read_text().strip()
        children = pathlib.Path(f"/proc/{keeper}/task/{keeper}/children").read_text().split()
        server = next(int(pid) for pid in children
                      if pathlib.Path(f"/proc/{pid}/comm").read_text() == "vssemu-volumes\n")
        os.kill(server, signal.SIGKILL)
        self.assert_as_it_was()
        self.ok("check", self.volume)

    def test_places_where_nothing_can_be_mounted(self):
        for where, word in ((self.volume / "sub", "in itself"), (self.volume, "itself"),
                            (self.dir / "nowhere", "No such file")):
            code, out, err = self.vssemu("volume", "mount", self.volume, where)
            self.assertEqual((code, out), (NO_WORLD, ""))
            self.assertIn(word, err)


class Misuse(VolumeTest):
    def refused(self, code, words, *arguments):
        got, out, err = self.vssemu("volume", *arguments)
        self.assertEqual((got, out), (code, ""), err)
        for word in words:
            self.assertIn(word, err)

    def test_words_that_make_no_sense(self):
        self.refused(BAD_USAGE, ["which of"], "frob", self.volume)
        self.refused(BAD_USAGE, ["which of"])
        self.refused(BAD_USAGE, ["missing"], "list")
        self.refused(BAD_USAGE, ["on or off"], "durable", self.volume, "perhaps")
        self.refused(BAD_USAGE, ["missing"], "delete", self.volume)
        self.refused(BAD_USAGE, ["too many"], "list", self.volume, "x")
        self.refused(BAD_USAGE, ["no snapshot 7"], "delete", self.volume, "7")

    def test_places_that_are_no_volume(self):
        self.refused(NO_WORLD, ["No such file"], "list", self.dir / "nowhere")
        self.refused(NO_WORLD, ["whole sectors", "9 bytes"], "list", self.volume / "a.txt")
        self.snapshot()
        self.refused(NO_WORLD, ["nothing", "No such file"], "show", self.volume, "1", "nothing")

    def test_one_owner_at_a_time(self):
        self.snapshot()
        with open(self.volume / "System Volume Information" / "vssemu.lock", "r+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.refused(NO_WORLD, ["in use by process"], "list", self.volume)
        self.assertEqual(len(self.list()), 1)


if __name__ == "__main__":
    main()
