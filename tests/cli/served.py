# SPDX-License-Identifier: MIT
"""What tests of a served directory share: a volume with a few files, and where it is mounted."""
import json
import os
import pathlib
import signal
import socket
import struct
import subprocess

from support import CliTest, memory_folder, needs_mount

# emu/port/volume_wire.h
NEXT_NUMBER, HOLD, DELETE, SNAPSHOT, AFTER = 1, 2, 5, 9, 10
REVERT, WHERE, CHECK, LEAVE = 11, 12, 13, 18
GOING_ON = 2


@needs_mount
class ServedTest(CliTest):
    made_in = memory_folder()

    def setUp(self):
        super().setUp()
        (self.volume / "sub").mkdir()
        (self.volume / "a.txt").write_text("contents\n")
        (self.volume / "sub" / "b.txt").write_text("below\n")
        self.mount = self.dir / "mount"
        self.mount.mkdir()

    def ok(self, *arguments):
        code, out, err = self.vssemu("volume", *arguments)
        self.assertEqual((code, err), (0, ""), out)
        return out

    def snapshot(self, directory=None):
        return json.loads(self.ok("snapshot", directory or self.volume, "--json"))

    def list(self):
        return json.loads(self.ok("list", self.volume, "--json"))

    def serve(self, directory=None):
        code, out, err = self.vssemu("volume", "mount", directory or self.volume, self.mount)
        self.assertEqual((code, out), (0, ""), err)
        self.addCleanup(subprocess.run, ["fusermount3", "-u", "-q", self.mount])

    def unmount(self):
        self.ok("unmount", self.mount)

    def folder(self):
        return self.volume / "System Volume Information"

    @staticmethod
    def server_of(parent):
        """The process that serves the volumes, a child of who has started it."""
        children = pathlib.Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        return next(int(pid) for pid in children
                    if pathlib.Path(f"/proc/{pid}/comm").read_text() == "vssemu-volumes\n")

    @staticmethod
    def go_on(pid):
        try:
            os.kill(pid, signal.SIGCONT)
        except ProcessLookupError:
            pass

    def connect(self, folder=None):
        """A client of the server that speaks no more than it is told to."""
        fd = os.open(folder or self.folder(), os.O_PATH)
        client = socket.socket(socket.AF_UNIX)
        self.addCleanup(client.close)
        client.settimeout(20)
        client.connect(f"/proc/self/fd/{fd}/vssemu.socket")
        os.close(fd)
        return client

    @staticmethod
    def ask(client, operation, argument=0):
        client.sendall(struct.pack("=IIII", 16, operation, argument, 0))
        return struct.unpack("=IiII", client.recv(16, socket.MSG_WAITALL))
