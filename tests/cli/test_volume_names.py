#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Names of any bytes, in what vssemu volume prints for people and for programs."""
import json
import os
import subprocess
import unittest
import urllib.parse

from served import ServedTest
from support import BAD_USAGE, NO_WORLD, VSSEMU, CliTest, main, memory_folder, terminal

WILD = (b"plain.txt", b"gr\xc3\xbcn", b"caf\xe9", b"two\nlines", b"\x1b[31mred", b"back\\slash", b"50%", b"\xc2\x9bcsi")


def bytes_of(entry, key="name"):
    """docs/volume.md: what a program gets back."""
    return urllib.parse.unquote_to_bytes(entry[key + "_bytes"]) if key + "_bytes" in entry else os.fsencode(entry[key])


class NamesTest(CliTest):
    made_in = memory_folder()

    def setUp(self):
        super().setUp()
        for i, name in enumerate(WILD):
            with open(os.fsencode(self.volume) + b"/" + name, "wb") as file:
                file.write(b"x" * i)
        os.symlink(b"caf\xe9", os.fsencode(self.volume) + b"/to")
        (self.volume / "sub").mkdir()
        os.chmod(self.volume / "plain.txt", 0o640)
        os.utime(self.volume / "plain.txt", ns=(0, 1234567890123456789))
        self.ok("snapshot", self.volume)

    def ok(self, *arguments):
        code, out, err = self.vssemu("volume", *arguments)
        self.assertEqual((code, err), (0, ""), out)
        return out

    def show(self, *path):
        return json.loads(self.ok("show", self.volume, "1", *path, "--json"))


class Listing(NamesTest):
    def test_a_folder_is_an_array_that_gives_every_name_back(self):
        for root in (".", "/"):
            found = {bytes_of(entry): entry for entry in self.show(root)}
            self.assertEqual(set(found), {*WILD, b"to", b"sub"})
            self.assertEqual([found[name]["size"] for name in WILD], list(range(len(WILD))))
        self.assertEqual([found[name]["type"] for name in (b"to", b"sub", b"50%")], ["link", "directory", "file"])
        self.assertEqual(bytes_of(found[b"to"], "target"), b"caf\xe9")
        self.assertEqual((found[b"caf\xe9"]["name"], found[b"caf\xe9"]["name_bytes"]), ("caf\\xe9", "caf%E9"))
        self.assertEqual([name for name in WILD if "name_bytes" in found[name]], [b"caf\xe9"])
        plain = found[b"plain.txt"]
        st = os.stat(self.volume / "plain.txt")
        self.assertEqual({key: plain[key] for key in ("mode", "uid", "gid", "links", "mtime")},
                         {"mode": "0640", "uid": st.st_uid, "gid": st.st_gid, "links": 1,
                          "mtime": "2009-02-13T23:31:30.123456789Z"})
        self.assertEqual(self.show("sub"), [])

    def test_a_file_is_what_is_known_of_it(self):
        entry = self.show("plain.txt")
        self.assertEqual((entry["name"], entry["type"], entry["size"]), ("plain.txt", "file", 0))
        self.assertEqual(entry, next(one for one in self.show(".") if one["name"] == "plain.txt"))

    def test_what_is_not_there_prints_nothing(self):
        code, out, err = self.vssemu("volume", "show", self.volume, "1", "nothing", "--json")
        self.assertEqual((code, out), (121, ""))
        self.assertIn("No such file", err)

    def test_on_a_terminal_no_name_does_anything(self):
        shown = self.on_a_terminal("show", self.volume, "1", ".")
        for name in (b"caf\\351\r\n", b"two\\nlines", b"\\033[31mred", b"back\\\\slash", "grün".encode(), b"50%", b"\\302\\233csi",
                     b"to -> caf\\351"):
            self.assertIn(name, shown)
        self.assertEqual(shown.count(b"\n"), len(WILD) + 2)
        self.assertNotIn(b"\x1b", shown)

    def test_elsewhere_they_are_as_they_are(self):
        done = subprocess.run([VSSEMU, "volume", "show", self.volume, "1", "."], capture_output=True, check=True)
        for name in WILD:
            self.assertIn(b"  " + name + b"\n", done.stdout)

    def on_a_terminal(self, *arguments):
        with terminal() as (programs, shown):
            subprocess.run([VSSEMU, "volume", *map(str, arguments)], stdout=programs, check=True)
        return b"".join(shown)


class Served(ServedTest):
    def test_what_is_listed_is_the_same(self):
        self.snapshot()
        before = [json.loads(self.ok("show", self.volume, "1", path, "--json")) for path in (".", "/", "sub", "a.txt")]
        self.serve()
        for path, entries in zip((".", "/", "sub", "a.txt"), before):
            now = json.loads(self.ok("show", self.volume, "1", path, "--json"))
            for entry in [*entries, *now] if isinstance(now, list) else [entries, now]:
                if entry["type"] == "directory":
                    del entry["size"], entry["links"]
            self.assertEqual(now, entries)
        self.unmount()

    def test_a_mount_point_of_any_bytes(self):
        mount = os.fsencode(self.dir) + b"/m\xffount"
        os.mkdir(mount)
        subprocess.run([VSSEMU, "volume", "mount", self.volume, mount], check=True, capture_output=True)
        try:
            made = self.snapshot()
            self.assertEqual(bytes_of(made, "path"), mount + b"/.vss/HarddiskVolumeShadowCopy1")
            self.assertTrue(made["path"].endswith("/m\\xffount/.vss/HarddiskVolumeShadowCopy1"))
            self.assertEqual(self.list(), [made])
        finally:
            subprocess.run(["fusermount3", "-u", mount], check=True)


class Words(NamesTest):
    def test_an_option_of_another_word_is_refused(self):
        for word, option, belongs in (("list", "--writeback", "mount"), ("check", "-f", "mount"),
                                      ("mount", "--json", "snapshot, list, show and check"),
                                      ("delete", "--json", "snapshot, list, show and check")):
            rest = [] if word in ("list", "check") else ["1"]
            code, out, err = self.vssemu("volume", word, option, self.volume, *rest)
            self.assertEqual((code, out), (BAD_USAGE, ""))
            self.assertIn("belongs to " + belongs, err)

    def test_durable_says_what_it_is(self):
        self.assertTrue(self.ok("durable", self.volume).startswith("off"))
        self.assertIn(", not durable", self.ok("check", self.volume))
        self.assertTrue(self.ok("durable", self.volume, "on").startswith("on"))
        self.assertTrue(self.ok("durable", self.volume).startswith("on"))
        self.assertIn(", durable", self.ok("check", self.volume))


class ServedWords(ServedTest):
    def test_durable_says_what_it_is(self):
        self.serve()
        self.assertTrue(self.ok("durable", self.volume).startswith("off"))
        self.assertTrue(self.ok("durable", self.volume, "on").startswith("on"))
        self.assertTrue(self.ok("durable", self.volume).startswith("on"))


class Places(CliTest):
    """What is said of places that are no volume, and whose the folder is."""

    def refused(self, *arguments, **more):
        code, out, err = self.vssemu("volume", *arguments, **more)
        self.assertEqual((code, out), (NO_WORLD, ""), err)
        return err

    def test_a_directory_to_mount_that_is_not_there(self):
        (self.dir / "m").mkdir()
        self.assertIn("nodir cannot be used as a volume: No such file", self.refused("mount", "nodir", "m"))

    def test_a_file_where_the_folder_should_be(self):
        (self.volume / "System Volume Information").touch()
        self.assertIn("must be a directory", self.refused("list", self.volume))

    def test_a_folder_that_the_mount_would_hide(self):
        (self.dir / "m").mkdir()
        (self.volume / ".vss").mkdir()
        self.assertIn("has a `.vss` of its own", self.refused("mount", self.volume, "m"))

    @unittest.skipIf(os.geteuid(), "only root can give files away")
    def test_roots_snapshots_are_the_directorys_owners(self):
        os.chmod(self.dir, 0o755)
        (self.volume / "a.txt").write_text("contents")
        for path in (self.volume, self.volume / "a.txt"):
            os.chown(path, 65534, 65534)
        self.assertEqual(self.vssemu("volume", "snapshot", self.volume)[0], 0)
        self.assertEqual({path.stat().st_uid for path in self.volume.rglob("*")}, {65534})
        listed = json.loads(self.vssemu("volume", "list", self.volume, "--json", user=65534, group=65534)[1])
        self.assertEqual([s["number"] for s in listed], [1])
        code, _, err = self.vssemu("volume", "snapshot", self.volume, user=65534, group=65534)
        self.assertEqual(code, 0, err)
        self.assertEqual(self.vssemu("volume", "delete", self.volume, "1")[0], 0)
        self.assertEqual({path.stat().st_uid for path in self.volume.rglob("*")}, {65534})

    @unittest.skipIf(os.geteuid(), "only root can give files away")
    def test_a_folder_of_roots_is_told_from_a_served_one(self):
        os.chmod(self.dir, 0o755)
        self.assertEqual(self.vssemu("volume", "snapshot", self.volume)[0], 0)
        os.chown(self.volume, 65534, 65534)
        err = self.refused("list", self.volume, user=65534, group=65534)
        self.assertIn("`System Volume Information` belongs to root", err)
        self.assertNotIn("served", err)


class Mounts(ServedTest):
    def test_where_it_is_mounted_is_no_volume(self):
        self.serve()
        for word in ("list", "snapshot"):
            code, out, err = self.vssemu("volume", word, self.mount)
            self.assertEqual((code, out), (NO_WORLD, ""))
            self.assertIn("is where a volume is mounted", err)

    @unittest.skipIf(os.geteuid(), "only root can be another user")
    def test_nor_to_root_where_a_user_has_mounted_it(self):
        for path in (self.dir, self.volume, self.mount, *self.volume.rglob("*")):
            os.chown(path, 65534, 65534)
        code, _, err = self.vssemu("volume", "mount", self.volume, self.mount, user=65534, group=65534)
        if code:
            self.skipTest(err)
        try:
            self.assertIn("is where a volume is mounted", self.vssemu("volume", "list", self.mount)[2])
        finally:
            self.unmount()


if __name__ == "__main__":
    main()
