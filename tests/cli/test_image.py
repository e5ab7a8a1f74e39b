#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A volume that is one file, an image: its snapshots as devices and as files. The program is
tests/cli/programs/read_device.c."""
import json
import os
import pathlib

from support import BAD_USAGE, NO_WORLD, VSSEMU, CliTest, main, needs_mount

READ_DEVICE = str(pathlib.Path(VSSEMU).parent.parent / "tests" / "read-device")
SIZE = 100 << 30  # sparse
PLACE = 50 << 30


class ImageTest(CliTest):
    def setUp(self):
        super().setUp()
        self.image = self.dir / "disk.img"
        with open(self.image, "wb") as file:
            file.truncate(SIZE)
        self.put(self.image, b"first")

    def put(self, path, text):
        with open(path, "r+b") as file:
            file.seek(PLACE)
            file.write(text)

    def get(self, path, size=5):
        with open(path, "rb") as file:
            file.seek(PLACE)
            return file.read(size)

    def ok(self, *arguments):
        code, out, err = self.vssemu("volume", *arguments)
        self.assertEqual(code, 0, out + err)
        return out

    def snapshot(self):
        return json.loads(self.ok("snapshot", self.image, "--json"))

    def room(self):
        return sum(path.lstat().st_blocks * 512 for path in self.dir.rglob("*") if path.is_file())


class Devices(ImageTest):
    def device(self, code, *arguments):
        got, out, err = self.vssemu("run", "--volume", f"D:={self.image}", "--", READ_DEVICE, *arguments)
        self.assertEqual(got, code, out + err)
        return out.strip()

    def test_is_read_as_a_whole(self):
        device = self.snapshot()["device"]
        self.assertEqual(self.device(0, r"\\.\D:", PLACE), f"{SIZE}: first")
        self.device(0, r"\\.\D:", PLACE, "other")
        self.assertEqual(self.device(0, r"\\.\D:", PLACE), f"{SIZE}: other")
        self.assertEqual(self.device(0, device, PLACE), f"{SIZE}: first")
        self.assertEqual(self.get(self.image), b"other")

    def test_of_a_snapshot_cannot_be_written(self):
        device = self.snapshot()["device"]
        self.assertEqual(self.device(1, device, PLACE, "other"), "CreateFile: error 19")
        self.assertEqual(self.device(0, device, PLACE), f"{SIZE}: first")

    def test_of_a_volume_of_files_has_no_sectors(self):
        got, out, _ = self.vssemu("run", "--volume", f"C:={self.volume}", "--", READ_DEVICE, r"\\.\C:", "0")
        self.assertEqual((got, out), (1, "ReadFile: error 50\n"))

    def test_changed_by_nobody_we_know_loses_its_snapshots(self):
        self.snapshot()
        self.put(self.image, b"other")
        self.assertEqual([s.get("lost") for s in json.loads(self.ok("list", self.image, "--json"))], [True])

    def test_reverts(self):
        made = self.snapshot()["id"]
        self.device(0, r"\\.\D:", PLACE, "other")
        self.ok("revert", self.image, made)
        self.assertEqual(self.get(self.image), b"first")
        self.assertEqual(self.image.stat().st_size, SIZE)

    def test_holes_take_no_room(self):
        self.snapshot()
        self.device(0, r"\\.\D:", PLACE, "other")
        self.snapshot()
        self.assertLess(self.room(), 8 << 20)

    def test_is_not_mounted_for_a_program(self):
        self.assert_refused(BAD_USAGE, ["volume D:", "image", "--mount"], "--mount", "--volume",
                            f"D:={self.image}")

    def test_of_half_a_sector_is_none(self):
        with open(self.image, "r+b") as file:
            file.truncate(700)
        code, _, err = self.vssemu("volume", "snapshot", self.image)
        self.assertEqual(code, NO_WORLD, err)
        self.assertIn("Not a directory", err)


@needs_mount
class Mounted(ImageTest):
    def setUp(self):
        super().setUp()
        self.mount = self.dir / "mount"
        self.mount.mkdir()

    def test_is_a_file_and_each_snapshot_one(self):
        first = self.snapshot()
        self.ok("mount", self.image, self.mount)
        try:
            self.assertEqual(os.listdir(self.mount), ["disk.img"])
            self.put(self.mount / "disk.img", b"other")
            second = self.snapshot()  # its server makes it
            self.put(self.mount / "disk.img", b"third")
            place = self.mount / ".vss"
            listed = {s["id"]: pathlib.Path(s["path"]) for s in json.loads(self.ok("list", self.image, "--json"))}
            self.assertEqual(sorted(path.name for path in listed.values()), sorted(os.listdir(place)))
            self.assertEqual([self.get(listed[s["id"]]) for s in (first, second)], [b"first", b"other"])
            self.assertEqual([path.stat().st_size for path in listed.values()], [SIZE, SIZE])
            with self.assertRaises(OSError):
                self.put(listed[first["id"]], b"never")
            with self.assertRaises(PermissionError):
                (self.mount / "other.img").touch()
            with self.assertRaises(PermissionError):
                (self.mount / "disk.img").unlink()
        finally:
            self.ok("unmount", self.mount)
        self.assertEqual(self.get(self.image), b"third")


if __name__ == "__main__":
    main()
