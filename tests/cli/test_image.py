#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A volume that is one file, an image: its snapshots as devices and as files. The program is
tests/cli/programs/read_device.c."""
import json
import os
import pathlib

from support import NO_WORLD, VSSEMU, CliTest, main, memory_folder, needs_mount

KEEPER = str(pathlib.Path(VSSEMU).parent.parent / "tests" / "keeper")
PARENT = str(pathlib.Path(VSSEMU).parent.parent / "tests" / "parent")
READ_DEVICE = str(pathlib.Path(VSSEMU).parent.parent / "tests" / "read-device")
SIZE = 100 << 30  # sparse
PLACE = 50 << 30


class ImageTest(CliTest):
    made_in = memory_folder()

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
    options = ()

    def device(self, code, *arguments):
        got, out, err = self.vssemu("run", *self.options, "--volume", f"D:={self.image}", "--", READ_DEVICE,
                                    *arguments)
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
        got, out, _ = self.vssemu("run", *self.options, "--volume", f"C:={self.volume}", "--", READ_DEVICE,
                                  r"\\.\C:", "0")
        self.assertEqual((got, out), (1, "ReadFile: error 50\n"))

    def test_is_read_by_a_program_that_the_program_starts(self):
        with open(self.image, "r+b") as file:
            file.write(b"begin")
        (self.dir / "sub").mkdir()
        link = self.dir / "sub" / "link.img"
        link.symlink_to("../disk.img")
        for path in (self.image, link):
            got, out, err = self.vssemu("run", *self.options, "--volume", f"D:={path}", "--", PARENT,
                                        f"{READ_DEVICE} \\\\.\\D: 0")
            self.assertEqual(got, 0, out + err)
            self.assertIn(f"{SIZE}: begin\n", out)

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

    def test_beside_a_volume_of_files_in_one_set(self):
        (self.volume / "a.txt").write_text("first")
        with open(self.image, "r+b") as file:
            file.write(b"begin")
        path = "\\\\?\\GLOBALROOT\\Device\\HarddiskVolumeShadowCopy"
        got, out, err = self.vssemu("run", *self.options, "--volume", f"C:={self.volume}", "--volume",
                                    f"D:={self.image}", "--", KEEPER, "make:nas_rollback:CD",
                                    "write:C:\\a.txt=second", f"read:{path}1\\a.txt",
                                    f"read:{path}2\\disk.img", f"read:{path}2\\other.img")
        self.assertEqual(got, 0, out + err)
        self.assertEqual([line.rstrip("\0") for line in out.splitlines()[1:]],
                         ["read first", "read begin", "read: error 2"])
        self.assertEqual(len(json.loads(self.ok("list", self.image, "--json"))), 1)

    def test_through_a_link_it_is_the_same_volume(self):
        (self.dir / "sub").mkdir()
        link = self.dir / "sub" / "link.img"
        link.symlink_to("../disk.img")
        made = json.loads(self.ok("snapshot", link, "--json"))
        self.put(self.image, b"later")
        for path in (self.image, link):
            self.assertEqual(json.loads(self.ok("list", path, "--json")), [{**made, "lost": True}])
        device = self.snapshot()["device"]
        self.image = link
        self.assertEqual(self.device(0, r"\\.\D:", PLACE), f"{SIZE}: later")
        self.assertEqual(self.device(0, device, PLACE), f"{SIZE}: later")
        self.assertEqual(os.listdir(self.dir / "sub"), ["link.img"])

    def test_of_half_a_sector_is_none(self):
        with open(self.image, "r+b") as file:
            file.truncate(700)
        code, _, err = self.vssemu("volume", "snapshot", self.image)
        self.assertEqual(code, NO_WORLD, err)
        self.assertIn("whole sectors of 512 bytes; this has 700 bytes", err)


@needs_mount
class DevicesMounted(Devices):
    """The launcher serves it; the program reaches it through the mount."""
    options = ("--mount",)

    def test_is_a_file_of_the_mount_for_a_linux_program(self):
        self.snapshot()
        self.device(0, r"\\.\D:", PLACE, "other")
        program = self.python("import json, os; mount = json.loads(os.environ['VSSEMU_WORLD'])['volumes'][0]['mount']\n"
                              "for name in ('disk.img', '.vss/HarddiskVolumeShadowCopy1'):\n"
                              "    with open(os.path.join(mount, name), 'rb') as file:\n"
                              f"        file.seek({PLACE}); print(file.read(5).decode())")
        got, out, err = self.vssemu("run", "--mount", "--volume", f"D:={self.image}", "--", *program)
        self.assertEqual((got, out), (0, "other\nfirst\n"), err)

    def test_survives_a_writer_that_changes_it_under_a_snapshot(self):
        self.device(0, r"\\.\D:", PLACE, "other")
        device = self.snapshot()["device"]
        self.device(0, r"\\.\D:", PLACE, "third")
        self.assertEqual(self.device(0, device, PLACE), f"{SIZE}: other")


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

    def test_through_a_link_its_server_is_asked(self):
        link = self.dir / "link.img"
        link.symlink_to("disk.img")
        self.ok("mount", self.image, self.mount)
        try:
            made = json.loads(self.ok("snapshot", link, "--json"))
            self.assertEqual(pathlib.Path(made["path"]).parent, self.mount / ".vss")
            self.assertEqual(json.loads(self.ok("list", self.image, "--json")), [made])
            self.assertTrue(self.ok("show", link, "1").endswith("disk.img\n"))
        finally:
            self.ok("unmount", self.mount)
        self.assertFalse((self.dir / "link.img.vssemu").exists())


if __name__ == "__main__":
    main()
