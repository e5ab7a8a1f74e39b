#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Long work on a served directory: what programs see of the volume while it goes on."""
import errno
import mmap
import os
import pathlib
import re
import select
import signal
import struct
import subprocess
import threading

from served import CHECK, DELETE, GOING_ON, HOLD, NEXT_NUMBER, REVERT, WHERE, ServedTest
from support import VSSEMU, main, terminal

SIZE = 64 << 20  # so much that a look at a few files is over before the work is, whatever the machine does
TRIES = 20


class Work:
    """Something long that a client has asked for, and that has begun."""

    def __init__(self, client, operation, argument=0):
        self.client = client
        self.reply = None
        client.sendall(struct.pack("=IIII", 16, operation, argument, 1))
        self.take()

    def receive(self, size):
        got = b""
        while len(got) < size:
            more = self.client.recv(size - len(got))
            assert more, "the server has ended"
            got += more
        return got

    def take(self):
        length, error, _, _ = struct.unpack("=IiII", self.receive(16))
        if error != GOING_ON:
            self.receive(length - 16)
            self.reply = error

    def is_over(self):
        while self.reply is None and select.select([self.client], [], [], 0)[0]:
            self.take()
        return self.reply is not None

    def end(self):
        while self.reply is None:
            self.take()
        return self.reply


class LongWorkTest(ServedTest):
    def serve_large(self):
        (self.volume / "big").write_bytes(b"1" * SIZE)
        (self.volume / "sub" / "goes").write_text("goes\n")
        self.serve()
        self.made = self.snapshot()
        self.view = pathlib.Path(self.made["path"])

    def change(self):
        (self.mount / "a.txt").write_text("changed\n")
        (self.mount / "sub" / "new").write_text("new\n")
        (self.mount / "sub" / "goes").unlink(missing_ok=True)
        (self.mount / "big").write_bytes(b"2" * SIZE)

    def in_the_middle(self, prepare, operation, look):
        """Calls look() until once the work was not over when it came back."""
        for _ in range(TRIES):
            work = Work(self.connect(), operation, prepare())
            look()
            was_over = work.is_over()
            self.assertEqual(work.end(), 0)
            if not was_over:
                return
        self.fail("nothing was answered before the work was over")


class Revert(LongWorkTest):
    def prepare(self):
        self.change()
        return self.made["number"]

    def test_programs_read_what_the_volume_is_to_become(self):
        self.serve_large()

        def look():
            self.assertEqual((self.mount / "a.txt").read_text(), "contents\n")
            self.assertEqual(sorted(os.listdir(self.mount / "sub")), ["b.txt", "goes"])
            self.assertFalse((self.mount / "sub" / "new").exists())
            with open(self.mount / "big", "rb") as file:
                for at in (0, SIZE // 2, SIZE - 1):
                    self.assertEqual(os.pread(file.fileno(), 1, at), b"1")
            self.assertEqual((self.view / "a.txt").read_text(), "contents\n")
            self.assertEqual(self.ask(self.connect(), NEXT_NUMBER)[1:3], (0, 2))

        self.in_the_middle(self.prepare, REVERT, look)
        self.assertEqual((self.mount / "sub" / "goes").read_text(), "goes\n")
        self.unmount()
        self.assertEqual((self.volume / "big").read_bytes(), b"1" * SIZE)
        self.assertEqual(sorted(os.listdir(self.volume / "sub")), ["b.txt", "goes"])

    def test_what_a_program_has_open_is_read_so_too(self):
        self.serve_large()
        with open(self.mount / "big", "rb") as file:

            def look():
                self.assertEqual(os.pread(file.fileno(), 1, SIZE - 1), b"1")
                self.assertEqual(os.pread(file.fileno(), 1, 0), b"1")

            for _ in range(2):
                self.change()
                self.assertEqual(os.pread(file.fileno(), 1, SIZE - 1), b"2")
                self.in_the_middle(self.prepare, REVERT, look)

    def test_changes_wait_and_are_made_afterwards(self):
        self.serve_large()
        self.change()
        steps = []

        def write():
            (self.mount / "a.txt").write_text("after all\n")
            (self.mount / "sub" / "goes").write_text("found again\n")
            steps.append(self.ask(self.connect(), NEXT_NUMBER)[1])

        work = Work(self.connect(), REVERT, self.made["number"])
        writer = threading.Thread(target=write)
        writer.start()
        self.assertEqual(work.end(), 0)
        writer.join()
        self.assertEqual(steps, [0])
        self.assertEqual((self.mount / "a.txt").read_text(), "after all\n")
        self.assertEqual((self.mount / "sub" / "goes").read_text(), "found again\n")
        self.unmount()
        self.assertEqual((self.volume / "a.txt").read_text(), "after all\n")
        self.assertEqual((self.volume / "sub" / "goes").read_text(), "found again\n")
        self.assertEqual(self.ok("show", self.volume, "1", "a.txt"), "contents\n")

    def test_a_snapshot_meanwhile_is_of_what_it_has_become(self):
        self.serve_large()
        self.change()
        work = Work(self.connect(), REVERT, self.made["number"])
        second = pathlib.Path(self.snapshot()["path"])  # waits
        self.assertTrue(work.is_over())
        self.assertEqual((second / "big").read_bytes(), b"1" * SIZE)
        self.assertEqual(sorted(os.listdir(second / "sub")), ["b.txt", "goes"])

    def test_one_whose_asker_goes_is_finished(self):
        self.serve_large()
        self.change()
        Work(self.connect(), REVERT, self.made["number"]).client.close()
        self.assertEqual(self.ask(self.connect(), HOLD)[1], 0)  # waits
        self.assertEqual((self.volume / "big").read_bytes(), b"1" * SIZE)

    def test_an_unmount_waits_for_it(self):
        self.serve_large()
        self.change()
        work = Work(self.connect(), REVERT, self.made["number"])
        self.unmount()
        work.client.close()
        self.assertEqual(self.ok("show", self.volume, "1", "sub/goes"), "goes\n")  # nobody's now
        self.assertEqual((self.volume / "big").read_bytes(), b"1" * SIZE)


    def test_a_server_killed_in_the_middle_leaves_every_snapshot_right(self):
        self.serve_large()
        self.change()
        second = self.snapshot()
        work = Work(self.connect(), REVERT, self.made["number"])
        keeper = (self.folder() / "vssemu.lock").read_text().strip()
        os.kill(self.server_of(keeper), signal.SIGKILL)
        work.client.close()
        self.assertEqual([s.get("lost") for s in self.list()], [None, None])
        self.assertEqual(self.ok("show", self.volume, "1", "sub/goes"), "goes\n")
        self.ok("revert", self.volume, second["id"])
        self.assertEqual((self.volume / "big").read_bytes(), b"2" * SIZE)
        self.assertEqual(sorted(os.listdir(self.volume / "sub")), ["b.txt", "new"])
        self.ok("revert", self.volume, self.made["id"])
        self.assertEqual((self.volume / "big").read_bytes(), b"1" * SIZE)
        self.assertEqual(sorted(os.listdir(self.volume / "sub")), ["b.txt", "goes"])


class Pages(LongWorkTest):
    """What the kernel still has when the order comes was written before it."""

    def test_of_a_mapping(self):
        self.serve_large()
        with open(self.mount / "big", "r+b") as file, mmap.mmap(file.fileno(), 0) as pages:
            self.assertEqual(pages[SIZE - 1:], b"1")
            pages[0:1] = pages[SIZE - 1:SIZE] = b"2"
            self.assertEqual(self.ask(self.connect(), REVERT, 1)[1], 0)
            self.assertEqual((pages[0:1], pages[SIZE - 1:SIZE]), (b"1", b"1"))
            pages[4096:4097] = b"3"  # and this is after it
            pages.flush()
        self.unmount()
        content = (self.volume / "big").read_bytes()
        self.assertEqual((content[:1], content[4096:4097], content[-1:]), (b"1", b"3", b"1"))

    def write_and_revert(self, name):
        """What was written and has not come to the server is lost, and the writer is told."""
        fd = os.open(self.mount / name, os.O_RDWR)
        os.write(fd, b"2" * 5000)
        self.assertEqual(self.ask(self.connect(), REVERT, 1)[1], 0)
        with self.assertRaises(OSError) as failed:
            os.pread(fd, 9, 0)
        self.assertEqual(failed.exception.errno, errno.ESTALE)
        with self.assertRaises(OSError):
            os.close(fd)

    def test_of_a_writeback_cache(self):
        (self.volume / "sub" / "c.txt").write_bytes(b"1" * 10000)
        code, out, err = self.vssemu("volume", "mount", "--writeback", self.volume, self.mount)
        self.assertEqual((code, out), (0, ""), err)
        self.snapshot()
        self.write_and_revert("sub/c.txt")
        self.assertEqual((self.mount / "sub" / "c.txt").read_bytes(), b"1" * 10000)
        self.unmount()
        self.assertEqual((self.volume / "sub" / "c.txt").read_bytes(), b"1" * 10000)

    def test_of_one_behind_the_end_that_the_file_has_again(self):
        code, out, err = self.vssemu("volume", "mount", "--writeback", self.volume, self.mount)
        self.assertEqual((code, out), (0, ""), err)
        self.snapshot()
        self.write_and_revert("a.txt")
        self.assertEqual((self.mount / "a.txt").read_text(), "contents\n")
        self.unmount()
        self.assertEqual((self.volume / "a.txt").read_text(), "contents\n")


class Others(LongWorkTest):
    def write_one(self):
        self.assertEqual(os.pwrite(self.file.fileno(), b"changed", 0), 7)

    def open_one(self):
        self.file = open(self.mount / "sub" / "b.txt", "r+b", buffering=0)
        self.addCleanup(self.file.close)

    def assert_right(self):
        self.assertEqual((self.mount / "sub" / "b.txt").read_text(), "changed")
        self.assertEqual((self.view / "sub" / "b.txt").read_text(), "below\n")
        self.assertEqual(os.listdir(self.mount / ".vss"), [self.view.name])
        self.file.close()

    def test_a_volume_is_used_while_its_blocks_are_checked(self):
        self.serve_large()
        self.change()
        self.open_one()
        self.in_the_middle(lambda: 0, CHECK, self.write_one)
        self.assert_right()

    def test_and_while_a_snapshot_is_deleted(self):
        self.serve()
        self.view = pathlib.Path(self.snapshot()["path"])
        self.open_one()

        def prepare():
            for i in range(40):
                (self.mount / f"f{i}").write_bytes(b"1" * (4 << 20))
            made = self.snapshot()
            for i in range(40):
                (self.mount / f"f{i}").unlink()
            return made["number"]

        self.in_the_middle(prepare, DELETE, self.write_one)
        self.assert_right()


class OfOneServer(LongWorkTest):
    def where(self, directory):
        client = self.connect(directory / "System Volume Information")
        client.sendall(struct.pack("=IIII", 16, WHERE, 0, 0))
        length = struct.unpack("=IiII", client.recv(16))[0]
        return pathlib.Path(client.recv(length - 16).decode())

    def test_another_volume_is_served_while_one_is_reverted(self):
        other = self.dir / "other"
        other.mkdir()
        (self.volume / "big").write_bytes(b"1" * SIZE)
        run = self.start("run", "--mount", "--volume", f"C:={self.volume}", "--volume",
                         f"D:={other}", "--", "sh", "-c", "echo begun; read line")
        self.assertEqual(run.stdout.readline(), "begun\n")
        made = self.snapshot()
        self.mount = self.where(self.volume)
        with open(self.where(other) / "file", "wb", buffering=0) as file:

            def prepare():
                self.change()
                return made["number"]

            self.in_the_middle(prepare, REVERT, lambda: os.pwrite(file.fileno(), b"x", 0))
        run.communicate("\n")
        self.assertEqual(run.returncode, 0)
        self.assertEqual((self.volume / "big").read_bytes(), b"1" * SIZE)
        self.assertEqual((other / "file").read_bytes(), b"x")


class Terminal(ServedTest):
    """Long work shows how far it is, on one line that is gone at the end."""

    def on_a_terminal(self, *arguments):
        with terminal() as (programs, shown):
            subprocess.run([VSSEMU, "volume", *map(str, arguments)], stdout=subprocess.DEVNULL,
                           stderr=programs, env={**os.environ, "VSSEMU_PROGRESS_MS": "0"},
                           check=True)
        return b"".join(shown).decode()

    def assert_shown(self, what, shown):
        self.assertRegex(shown, rf"\A(\r{what}: \d+ %)+\r\x1b\[K\Z")
        told = [int(percent) for percent in re.findall(r"(\d+) %", shown)]
        self.assertEqual(told, sorted(set(told)))
        self.assertGreater(len(told), 3)
        self.assertLessEqual(told[-1], 100)

    def change(self, root):
        (root / "big").write_bytes(b"2" * 16384 * 500)
        for i in range(500):
            (root / f"f{i}").write_text("changed\n")

    def prepare(self):
        (self.volume / "big").write_bytes(b"1" * 16384 * 500)
        for i in range(500):
            (self.volume / f"f{i}").write_text("before\n")

    def show_all(self, root, number):
        for what, word in ("checking", ["check"]), ("reverting", ["revert", number]):
            self.assert_shown(what, self.on_a_terminal(word[0], self.volume, *word[1:]))
        self.assertEqual((root / "f7").read_text(), "before\n")
        self.assert_shown("deleting", self.on_a_terminal("delete", self.volume, number))
        self.assertEqual(self.list(), [])

    def test_of_a_served_volume(self):
        self.prepare()
        self.serve()
        made = self.snapshot()
        self.change(self.mount)
        self.show_all(self.mount, made["number"])

    def test_of_an_idle_one(self):
        self.prepare()
        self.serve()
        made = self.snapshot()
        self.change(self.mount)
        self.unmount()
        self.show_all(self.volume, made["number"])


del ServedTest, LongWorkTest

if __name__ == "__main__":
    main()
