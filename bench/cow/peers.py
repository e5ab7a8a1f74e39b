# SPDX-License-Identifier: MIT
"""The systems that bench/cow compares: each begins with a fresh copy of the origin, gives a path (or an address) to write to,
takes a snapshot where it has such a thing, and ends without a trace. All of a system's files lie in its folder on tmpfs."""
import os
import shutil
import subprocess
import time
from pathlib import Path


class Missing(Exception):
    """What a system needs is not on this machine."""


def need(program):
    found = shutil.which(program)
    if not found:
        raise Missing(f"{program} is not installed")
    return found


def wait_for(what, process, seconds=20):
    end = time.monotonic() + seconds
    while not what():
        if process.poll() is not None:
            raise RuntimeError(f"{process.args[0]} ended with {process.returncode}")
        if time.monotonic() > end:
            raise RuntimeError(f"{process.args[0]} does not begin to serve")
        time.sleep(0.01)


class System:
    """The raw directory, without snapshot."""

    name = "raw tmpfs, no snapshot"
    is_unit = False
    is_peer = False  # keeps what a snapshot has
    has_files = True  # can be asked for metadata
    words_to = None  # its standard error; None: ours

    def __init__(self, folder, tools):
        self.folder, self.tools, self.process = Path(folder), tools, None
        self.origin, self.mount = self.folder / "origin", self.folder / "mount"
        self.origin.mkdir(parents=True)
        self.mount.mkdir()

    def begin(self):
        """Serves. The origin has its file `data` already, when one is wanted."""

    def target(self):
        return self.origin / "data"

    def directory(self):
        return self.origin

    def snapshot(self):
        pass

    def end(self):
        if self.process:
            self.process.terminate()
            self.process.wait()
        subprocess.run(["umount", "-q", "-l", self.mount], check=False, stderr=subprocess.DEVNULL)
        shutil.rmtree(self.folder)

    def serve(self, *words):
        self.process = subprocess.Popen([str(w) for w in words], stdout=subprocess.DEVNULL, stderr=self.words_to)


class Passthrough(System):
    """libfuse's example: the unit of the table."""

    name = "ll, no snapshot"
    is_unit = True
    words_to = subprocess.DEVNULL  # it warns of its own default
    options = ""

    def begin(self):
        self.serve(self.tools.passthrough_ll, "-f", "-o", f"source={self.origin}{self.options}", self.mount)
        wait_for(self.mount.is_mount, self.process)

    def target(self):
        return self.mount / "data"

    def directory(self):
        return self.mount


class PassthroughWriteback(Passthrough):
    name = "ll with writeback cache, no snapshot"
    is_unit = False
    options = ",writeback"


class PassthroughChecked(Passthrough):
    """As ours, the kernel checks who may do what: it asks for a folder's attributes again after each change of it."""

    name = "ll with default_permissions, no snapshot"
    is_unit = False
    options = ",default_permissions"


class Ours(System):
    """A volume of ours; snapshots live as long as the server."""

    name = "vssemu"
    words = []

    def begin(self):
        self.process = subprocess.Popen([self.tools.serve, self.origin, self.mount, *self.words], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        first = self.process.stdout.readline()
        if not first:
            raise Missing("volumes cannot be mounted here")
        self.server = int(first)

    def order(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().split()

    def snapshot(self):
        """Answers (number, microseconds)."""
        number, took = self.order("snapshot")
        return int(number), float(took)

    def target(self):
        return self.mount / "data"

    def directory(self):
        return self.mount

    def end(self):
        self.process.stdin.write("quit\n")
        self.process.stdin.close()
        self.process.wait()
        self.process = None
        super().end()


class OursWithout(Ours):
    name = "vssemu, no snapshot"

    def snapshot(self):
        pass


class OursWriteback(Ours):
    name = "vssemu with writeback cache"
    words = ["writeback"]


class Overlay(System):
    """fuse-overlayfs: a file is copied up whole when it is first opened for writing."""

    name = "fuse-overlayfs"
    is_peer = True

    def begin(self):
        for folder in "upper", "work":
            (self.folder / folder).mkdir()
        self.serve(need("fuse-overlayfs"), "-f", "-o",
                   f"lowerdir={self.origin},upperdir={self.folder}/upper,workdir={self.folder}/work", self.mount)
        wait_for(self.mount.is_mount, self.process)

    def target(self):
        return self.mount / "data"

    def directory(self):
        return self.mount


class Export(System):
    """A block export: no files in it."""

    is_peer, has_files = True, False


class NbdkitCow(Export):
    kib = 64

    def begin(self):
        if not self.tools.has_nbd:
            raise Missing("bench/cow/load was built without libnbd-dev")
        socket = self.folder / "socket"
        environment = dict(os.environ, TMPDIR=str(self.folder))  # where the filter keeps its overlay
        self.process = subprocess.Popen([need("nbdkit"), "-f", "-U", socket, "--filter=cow", "file",
                                         self.origin / "data", f"cow-block-size={self.kib}K"], env=environment)
        wait_for(socket.exists, self.process)

    def target(self):
        return f"nbd+unix:///?socket={self.folder}/socket"


class NbdkitCow64(NbdkitCow):
    name = "nbdkit cow, 64 KiB"


class NbdkitCow16(NbdkitCow):
    name, kib = "nbdkit cow, 16 KiB", 16


class Qemu(Export):
    """QEMU's storage daemon with its FUSE export, which stands over a file."""

    def nodes(self):
        raise NotImplementedError

    def begin(self):
        daemon = need("qemu-storage-daemon")
        self.export = self.folder / "export"
        self.export.touch()
        words = [w for node in self.nodes() for w in ("--blockdev", node)]
        before = os.stat(self.export).st_dev
        self.serve(daemon, *words, "--export", f"type=fuse,id=export,node-name=top,mountpoint={self.export},writable=on")
        wait_for(lambda: os.stat(self.export).st_dev != before, self.process)

    def target(self):
        return self.export

    def make(self, name, *options, size=""):
        path = self.folder / name
        subprocess.run([need("qemu-img"), "create", "-q", "-f", "qcow2", *options, path, *size.split()], check=True)
        return path


class QemuOverlay(Qemu):
    name = "QEMU, qcow2 overlay 64 KiB"

    def nodes(self):
        overlay = self.make("overlay.qcow2", "-b", f"{self.origin}/data", "-F", "raw")
        return [f"driver=file,node-name=file,filename={overlay}", "driver=qcow2,node-name=top,file=file"]


class QemuBeforeWrite(Qemu):
    """The closest to what Windows does: the old contents are copied away before a write."""

    name = "QEMU, copy before write 64 KiB"

    def nodes(self):
        kept = self.make("kept.qcow2", size=str(os.stat(self.origin / "data").st_size))
        return [f"driver=file,node-name=base,filename={self.origin}/data",
                f"driver=file,node-name=keptfile,filename={kept}", "driver=qcow2,node-name=kept,file=keptfile",
                "driver=copy-before-write,node-name=top,file=base,target=kept"]


class QemuInternal(Qemu):
    name = "QEMU, qcow2 internal snapshot 64 KiB"

    def nodes(self):
        image = self.folder / "image.qcow2"
        subprocess.run([need("qemu-img"), "convert", "-O", "qcow2", self.origin / "data", image], check=True)
        (self.origin / "data").unlink()
        subprocess.run([need("qemu-img"), "snapshot", "-c", "first", image], check=True)
        return [f"driver=file,node-name=file,filename={image}", "driver=qcow2,node-name=top,file=file"]


ALL = [System, Passthrough, PassthroughWriteback, PassthroughChecked, OursWithout, Ours, OursWriteback, NbdkitCow16,
       NbdkitCow64, QemuOverlay, QemuBeforeWrite, QemuInternal, Overlay]
