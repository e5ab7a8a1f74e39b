#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""vssemu volume on a directory that is served: by `volume mount`, or by `run --mount`."""
import fcntl
import json
import mmap
import os
import pathlib
import signal
import socket
import struct
import subprocess
import sys
import time
import unittest

from served import AFTER, CHECK, HOLD, LEAVE, NEXT_NUMBER, REVERT, SNAPSHOT, ServedTest
from support import NO_WORLD, VSSEMU, main

CLOCK_REALTIME_COARSE = 5  # what files are stamped with
KEEPER = str(pathlib.Path(VSSEMU).parent.parent / "tests" / "keeper")


class Words(ServedTest):
    def test_snapshots_are_made_listed_shown_and_deleted(self):
        first = self.snapshot()
        self.assertIsNone(first["path"])
        self.serve()
        (self.mount / "a.txt").write_text("changed\n")
        second = self.snapshot()
        for made, number in ((first, 1), (second, 2)):
            path = str(self.mount / ".vss" / f"HarddiskVolumeShadowCopy{number}")
            self.assertEqual(self.list()[number - 1], {**made, "path": path})
        self.assertEqual(pathlib.Path(second["path"], "a.txt").read_text(), "changed\n")
        self.assertEqual(self.ok("show", self.volume, "1", "a.txt"), "contents\n")
        self.assertIn(second["path"], self.ok("show", self.volume, second["id"]))
        self.assertEqual(self.ok("show", self.volume, "2", "sub/b.txt"), "below\n")
        self.ok("delete", self.volume, first["id"])
        self.assertFalse((self.mount / ".vss" / "HarddiskVolumeShadowCopy1").exists())
        self.unmount()
        self.assertEqual(self.list(), [{**second, "path": None}])
        self.assertEqual(self.ok("show", self.volume, "2", "a.txt"), "changed\n")

    def test_what_is_shown_is_the_same_as_without_a_server(self):
        os.symlink("a.txt", self.volume / "link")
        self.snapshot()
        before = [self.ok("show", self.volume, "1", *path) for path in ([], ["sub"], ["a.txt"])]
        self.serve()
        lines = [self.ok("show", self.volume, "1", *path) for path in ([], ["sub"], ["a.txt"])]
        lines[0] = "".join(line for line in lines[0].splitlines(True) if "path  " not in line)
        self.assertEqual(lines, before)

    def test_an_image_is_shown_as_without_a_server(self):
        image = self.dir / "disk.img"
        image.write_bytes(b"1" * 4096)
        self.snapshot(image)
        before = [self.ok("show", image, "1", *path) for path in ([], ["disk.img"])]
        self.serve(image)
        (self.mount / "disk.img").write_bytes(b"2" * 4096)
        lines = [self.ok("show", image, "1", *path) for path in ([], ["disk.img"])]
        lines[0] = "".join(line for line in lines[0].splitlines(True) if "path  " not in line)
        self.assertEqual(lines, before)
        self.assertEqual(self.snapshot(image)["number"], 2)
        self.ok("revert", image, "1")
        self.assertEqual((self.mount / "disk.img").read_bytes(), b"1" * 4096)

    def test_check_asks_the_server(self):
        self.snapshot()
        self.serve()
        (self.mount / "a.txt").write_text("changed\n")
        found = json.loads(self.ok("check", self.volume, "--json"))
        self.assertEqual((found["ended"], found["log"], found["right"]), ("served", "whole", True))
        self.assertEqual((found["blocks"], found["records"]["SNAPSHOT"]), (1, 1))
        self.assertIn("it is served now", self.ok("check", self.volume))

    def test_it_becomes_durable_while_it_is_served(self):
        self.serve()
        self.snapshot()
        for word in ("on", "off", "on"):
            self.ok("durable", self.volume, word)
            found = json.loads(self.ok("check", self.volume, "--json"))
            self.assertEqual(found["durable"], word == "on")
            (self.mount / "a.txt").write_text(word)
        self.unmount()
        self.assertTrue(json.loads(self.ok("check", self.volume, "--json"))["durable"])
        self.assertEqual(self.ok("show", self.volume, "1", "a.txt"), "contents\n")

    def test_a_program_and_its_server_answer_too(self):
        run = self.start("run", "--mount", "--volume", f"C:={self.volume}", "--", KEEPER,
                         "make:app_rollback:C", "wait", "list")
        made = run.stdout.readline().split()[2].lower()
        self.assertEqual(run.stdout.readline(), "waiting\n")
        found = self.list()
        self.assertEqual([s["id"] for s in found], [made])
        self.assertEqual(pathlib.Path(found[0]["path"], "a.txt").read_text(), "contents\n")
        self.snapshot()
        run.stdin.write("\n")
        run.stdin.flush()
        self.assertEqual(len(run.stdout.read().splitlines()), 1)  # it knows what it has made
        self.assertEqual(run.wait(), 0)
        self.assertEqual(len(self.list()), 2)

    def test_a_revert_is_pending_for_a_requester_until_the_server_is_through(self):
        run = self.start("run", "--mount", "--volume", f"C:={self.volume}", "--", KEEPER,
                         "make:app_rollback:C", "write:C:\\a.txt=second", "wait")
        snapshot = run.stdout.readline().split()[2]
        self.assertEqual(run.stdout.readline(), "waiting\n")
        run.communicate("\n")
        run = self.start("run", "--mount", "--volume", f"C:={self.volume}", "--", KEEPER, "wait",
                         "watch:" + snapshot, "read:C:\\a.txt")
        self.assertEqual(run.stdout.readline(), "waiting\n")
        server = self.server_of(run.pid)
        os.kill(server, signal.SIGSTOP)
        self.addCleanup(self.go_on, server)
        run.stdin.write("\n")
        run.stdin.flush()
        self.assertEqual(run.stdout.readline(), "status 0x00042309\n")  # VSS_S_ASYNC_PENDING
        self.assertEqual(run.stdout.readline(), "again 0x80042325\n")  # VSS_E_REVERT_IN_PROGRESS
        os.kill(server, signal.SIGCONT)
        out, _ = run.communicate("\n")
        self.assertEqual(out, "status 0x0004230a\nread contents\n\n")  # VSS_S_ASYNC_FINISHED
        self.assertEqual(run.returncode, 0)

    def test_wrong_words_are_told_as_ever(self):
        self.serve()
        for arguments, words in ((("show", self.volume, "7"), "no snapshot 7"),
                                 (("delete", self.volume, "x"), "no snapshot x")):
            code, out, err = self.vssemu("volume", *arguments)
            self.assertEqual((code, out), (120, ""))
            self.assertIn(words, err)
        self.snapshot()
        code, out, err = self.vssemu("volume", "show", self.volume, "1", "../..")
        self.assertEqual((code, out), (NO_WORLD, ""))
        code, out, err = self.vssemu("volume", "mount", self.volume, self.dir / "volume2")
        self.assertEqual((code, out), (NO_WORLD, ""))


class Revert(ServedTest):
    def setUp(self):
        super().setUp()
        (self.volume / "sub" / "deep").mkdir()
        (self.volume / "big").write_bytes(b"1" * 300000)
        self.serve()
        self.made = self.snapshot()

    def tree(self, root):
        return {str(path.relative_to(root)): path.is_dir() or path.read_bytes()
                for path in root.rglob("*") if ".vss" not in path.parts}

    def test_what_the_kernel_knew_is_forgotten(self):
        before = self.tree(self.mount)
        (self.mount / "a.txt").write_text("changed, and longer\n")
        (self.mount / "sub" / "b.txt").unlink()
        self.assertFalse((self.mount / "sub" / "b.txt").exists())  # a missing name is known, too
        (self.mount / "sub" / "deep").rename(self.mount / "moved")
        (self.mount / "moved" / "new").write_text("new\n")
        with open(self.mount / "big", "r+b") as file:
            file.seek(200000)
            file.write(b"2" * 10)
        self.assertNotEqual(self.tree(self.mount), before)
        held = open(self.mount / "a.txt", encoding="ascii")
        self.addCleanup(held.close)
        self.assertEqual(held.read(), "changed, and longer\n")
        self.ok("revert", self.volume, self.made["id"])
        self.assertEqual(self.tree(self.mount), before)
        self.assertEqual((self.mount / "a.txt").stat().st_size, 9)
        held.seek(0)
        self.assertEqual(held.read(), "contents\n")
        held.close()
        self.unmount()
        self.assertEqual((self.volume / "sub" / "b.txt").read_text(), "below\n")

    def test_while_it_is_in_use(self):
        stop = self.dir / "stop"
        busy = self.start_python("""
import pathlib, sys
root, stop = map(pathlib.Path, sys.argv[1:])
i = 0
while not stop.exists():
    i += 1
    for name in ("sub/x", "sub/y"):
        (root / name).write_text(str(i) * 1000)
    (root / "sub/x").rename(root / "sub/z")
    (root / "sub/y").unlink()
    list((root / "sub").iterdir())
""", self.mount, stop)
        for _ in range(10):
            self.ok("revert", self.volume, self.made["id"])
        stop.touch()
        _, err = busy.communicate()
        # What it was about to rename may have gone under its hands.
        self.assertTrue(busy.returncode == 0 or "FileNotFoundError" in err, err)
        self.ok("revert", self.volume, self.made["id"])
        self.assertEqual(sorted(os.listdir(self.mount / "sub")), ["b.txt", "deep"])

    def start_python(self, text, *arguments):
        process = subprocess.Popen([sys.executable, "-c", text, *map(str, arguments)], text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(self.end, process)
        return process

    def test_of_one_that_is_not_there_any_more(self):
        client = self.connect()
        self.assertEqual(self.ask(client, REVERT, 7)[1], -2)  # ENOENT
        self.assertEqual(self.ask(client, NEXT_NUMBER)[2], 2)


class Progress(ServedTest):
    def test_long_work_tells_how_far_it_is_if_it_is_asked_to(self):
        (self.volume / "big").write_bytes(b"1" * 16384 * 200)
        self.serve()
        made = self.snapshot()
        (self.mount / "big").write_bytes(b"2" * 16384 * 200)
        for operation in (CHECK, REVERT):
            client = self.connect()
            client.sendall(struct.pack("=IIII", 16, operation, made["number"], 1))
            told = []
            while True:
                length, error, value, detail = struct.unpack(
                    "=IiII", client.recv(16, socket.MSG_WAITALL))
                if error != 2:
                    break
                self.assertEqual((length, detail), (16, 100))
                told.append(value)
            self.assertEqual(error, 0)
            self.assertEqual(told, sorted(told))
            self.assertGreater(len(told), 2)
            self.assertLessEqual(told[-1], 100)
        client = self.connect()
        self.assertEqual(self.ask(client, CHECK)[1], 0)  # not asked to: nothing but the reply


class Flush(ServedTest):
    def test_pages_that_nobody_has_written_yet_are_in_the_snapshot(self):
        self.serve()
        path = self.mount / "mapped"
        path.write_bytes(b"old" * 5000)
        with open(path, "r+b") as file, mmap.mmap(file.fileno(), 0) as pages:
            self.snapshot()
            pages[0:3] = pages[9000:9003] = b"NEW"
            made = self.snapshot()
            pages[0:3] = b"xxx"
            copy = pathlib.Path(made["path"], "mapped").read_bytes()
        self.assertEqual((copy[0:6], copy[8997:9006]), (b"NEWold", b"oldNEWold"))
        self.assertNotIn(b"NEW", pathlib.Path(self.list()[0]["path"], "mapped").read_bytes())


class Clients(ServedTest):
    def setUp(self):
        super().setUp()
        self.serve()

    def assert_well(self):
        (self.mount / "written").write_text("after all\n")
        self.assertEqual(pathlib.Path(self.snapshot()["path"], "written").read_text(),
                         "after all\n")

    def assert_cut_off(self, client):
        try:
            self.assertEqual(client.recv(1), b"")
        except ConnectionResetError:
            pass  # what it said was not even read

    def test_many_at_once(self):
        makers = [self.start("volume", "snapshot", self.volume, "--json") for _ in range(8)]
        made = [json.loads(maker.communicate()[0]) for maker in makers]
        self.assertEqual(len({s["id"] for s in made}), 8)
        self.assertEqual({s["number"] for s in made}, set(range(1, 9)))
        self.assertEqual(len(self.list()), 8)

    def test_each_deletes_one_of_many(self):
        made = [self.snapshot() for _ in range(24)]
        deleters = [self.start("volume", "delete", self.volume, str(s["number"])) for s in made[1:]]
        for deleter in deleters:
            self.assertEqual((deleter.communicate()[1], deleter.returncode), ("", 0))
        self.assertEqual(self.list(), made[:1])

    def test_who_lists_while_others_delete_misses_none(self):
        for _ in range(4):
            self.snapshot()
        client = self.connect()
        seen = 0
        for number in (1, 2, 3, 4, 0):
            length, error, seen, _ = self.ask(client, AFTER, seen)
            client.recv(length - 16, socket.MSG_WAITALL)
            self.assertEqual((error, seen), (0, number))
            if number:
                self.ok("delete", self.volume, number)
        self.assertEqual(self.ask(client, AFTER, 0xFFFFFFFF)[1:3], (0, 0))

    def test_one_that_goes_while_it_holds_the_volume(self):
        client = self.connect()
        self.assertEqual(self.ask(client, HOLD)[1], 0)
        self.assertEqual(self.ask(self.connect(), HOLD)[1], -16)  # EBUSY
        client.close()
        self.assert_well()

    def test_a_snapshot_of_a_volume_that_somebody_holds(self):
        client = self.connect()
        self.ask(client, HOLD)
        self.assertEqual(self.snapshot()["number"], 1)
        client.close()
        self.assert_well()

    def test_ones_that_go_in_the_middle_of_a_message_or_speak_another_language(self):
        for text in (b"\x10\0", struct.pack("=IIII", 7, 1, 0, 0),
                     struct.pack("=IIII", 0xFFFFFFFF, 1, 0, 0), b"GET / HTTP/1.1\r\n\r\n"):
            client = self.connect()
            client.sendall(text)
            client.shutdown(socket.SHUT_WR)
            self.assert_cut_off(client)
        self.assertEqual(self.ask(self.connect(), 999)[1], -38)  # ENOSYS
        self.assertEqual(self.ask(self.connect(), LEAVE)[1], -1)  # EPERM: the program's alone
        client = self.connect()
        client.sendall(struct.pack("=IIII", 20, SNAPSHOT, 0, 0) + b"four")  # a snapshot without a record
        self.assertEqual(struct.unpack("=IiII", client.recv(16))[1], -22)  # EINVAL
        self.assert_well()

    def test_more_than_are_served_at_a_time_wait(self):
        clients = [self.connect() for _ in range(70)]
        for client in clients[:60]:
            self.assertEqual(self.ask(client, NEXT_NUMBER)[:3], (16, 0, 1))
        for client in clients:
            client.close()
        self.assert_well()

    def test_one_that_asks_while_the_server_ends(self):
        client = self.connect()
        self.unmount()
        self.assertEqual(client.recv(1), b"")
        self.assertEqual(self.list(), [])

    @unittest.skipUnless(os.geteuid() == 0, "only root can be another user")
    def test_another_user_gives_no_orders(self):
        os.chmod(self.dir, 0o755)
        os.chmod(self.folder(), 0o755)
        os.chmod(self.folder() / "vssemu.socket", 0o666)
        program = ("import os, socket, sys; os.setgid(65534); os.setuid(65534); "
                   "os.chdir(sys.argv[1]); s = socket.socket(socket.AF_UNIX); "
                   "s.connect('vssemu.socket'); print(s.recv(1))")
        done = subprocess.run([sys.executable, "-c", program, str(self.folder())],
                              capture_output=True, text=True, timeout=60)
        self.assertEqual((done.stdout, done.returncode), ("b''\n", 0), done.stderr)
        self.assert_well()


class Ends(ServedTest):
    def test_one_that_stays_until_it_is_unmounted(self):
        for option in ("-f", "--foreground"):
            server = self.start("volume", "mount", option, self.volume, self.mount)
            while not (self.mount / "a.txt").exists():
                self.assertIsNone(server.poll())
            self.snapshot()
            self.unmount()
            self.assertEqual(server.wait(), 0)
        self.assertEqual(len(self.list()), 2)

    def keeper(self):
        return int((self.folder() / "vssemu.lock").read_text())

    def server(self):
        return self.server_of(self.keeper())

    def kill_server(self):
        os.kill(self.server(), signal.SIGKILL)

    def test_unmount_returns_when_the_server_has_ended(self):
        (self.volume / "big").write_bytes(b"1" * 50_000_000)
        self.snapshot()
        self.serve()
        (self.mount / "big").write_bytes(b"2" * 50_000_000)
        client = self.connect()
        client.sendall(struct.pack("=IIII", 16, REVERT, 1, 1))
        client.recv(16, socket.MSG_WAITALL)  # it has begun, and will be finished
        self.unmount()
        with open(self.folder() / "vssemu.lock", encoding="ascii") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        self.assertEqual((self.volume / "big").read_bytes()[-5:], b"11111")
        self.assertFalse(self.list()[0].get("lost"))

    def test_what_changes_after_the_last_request_is_noticed_however_late_the_server_ends(self):
        self.assert_noticed_after(
            lambda: subprocess.run(["fusermount3", "-u", self.mount], check=True))

    def test_or_who_has_started_it_is_killed(self):
        self.assert_noticed_after(lambda: os.kill(self.keeper(), signal.SIGKILL))

    def assert_noticed_after(self, end):
        self.snapshot()
        self.serve()
        (self.mount / "a.txt").write_text("ours\n")
        self.assertFalse(self.list()[0].get("lost"))
        server = self.server()
        os.kill(server, signal.SIGSTOP)
        self.addCleanup(self.go_on, server)
        ours = time.time_ns()
        end()
        while time.clock_gettime_ns(CLOCK_REALTIME_COARSE) <= ours:
            pass
        (self.volume / "sub" / "b.txt").write_text("foreign\n")
        os.kill(server, signal.SIGCONT)
        with open(self.folder() / "vssemu.lock", encoding="ascii") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
        self.assertTrue(self.list()[0].get("lost"))

    @staticmethod
    def catches(pid, number):
        status = pathlib.Path(f"/proc/{pid}/status").read_text()
        mask = next(line for line in status.splitlines() if line.startswith("SigCgt:"))
        return int(mask.split()[1], 16) >> (number - 1) & 1

    def test_an_unmount_that_takes_long_says_so_and_goes_on(self):
        self.serve()
        server = self.server()
        os.kill(server, signal.SIGSTOP)
        self.addCleanup(self.go_on, server)
        unmount = self.start("volume", "unmount", self.mount)
        while not self.catches(unmount.pid, signal.SIGALRM):
            self.assertIsNone(unmount.poll())
        os.kill(unmount.pid, signal.SIGALRM)  # that it has been long
        self.assertIn("has not ended yet", unmount.stderr.readline())
        self.assertIsNone(unmount.poll())
        os.kill(server, signal.SIGCONT)
        self.assertEqual(unmount.wait(), 0)

    def test_a_killed_servers_socket_is_nobodys(self):
        self.serve()
        made = self.snapshot()
        self.kill_server()
        self.assertEqual(self.list(), [{**made, "path": None}])
        self.assertTrue((self.folder() / "vssemu.socket").exists())
        self.serve()
        self.assertEqual(self.list(), [made])

    def test_an_orderly_end_leaves_none(self):
        self.serve()
        self.unmount()
        self.list()
        self.assertFalse((self.folder() / "vssemu.socket").exists())

    def test_a_directory_whose_path_is_longer_than_a_sockets(self):
        deep = self.dir / ("d" * 100) / ("e" * 100)
        deep.mkdir(parents=True)
        (deep / "a.txt").write_text("deep\n")
        self.serve(deep)
        made = self.snapshot(deep)
        self.assertEqual(pathlib.Path(made["path"], "a.txt").read_text(), "deep\n")


del ServedTest

if __name__ == "__main__":
    main()
