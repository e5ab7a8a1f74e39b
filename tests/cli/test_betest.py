# SPDX-License-Identifier: MIT
"""The built-in requester on a directory that is mounted nowhere: command line, a backup whose restore
is another process, and documents that are damaged."""
import os
import unittest

from support import CliTest, main

CLASS_ID = "5affb034-969f-4919-8875-88f830d0ef89"
DONE, USAGE, VSS_FAILED, COMPONENT_FAILED, FILE_FAILED = range(5)


def test_writer(component, folder, fail_event=""):
    return f"""<TestWriter usage="USER_DATA">
  <RestoreMethod method="RESTORE_IF_CAN_BE_REPLACED" writerRestore="always" rebootRequired="no"/>
  <ExcludeFile path="C:\\{folder}" filespec="*.tmp" recursive="yes"/>
  {fail_event}
  <Component componentType="filegroup" logicalPath="App" componentName="{component}"
             selectable="yes">
    <ComponentFile path="C:\\{folder}" filespec="*" recursive="yes"/>
  </Component>
</TestWriter>
"""


def betest(*components):
    names = "".join(f'<Component logicalPath="App" componentName="{c}"/>' for c in components)
    return f'<BETest><Writer writerid="{CLASS_ID}">{names}</Writer></BETest>'


class BetestTest(CliTest):
    def setUp(self):
        super().setUp()
        files = {
            "files/plain.txt": b"some text\n",
            "files/empty": b"",
            "files/big.bin": bytes(range(256)) * 1000,
            "files/deep/er/gr\u00fc\u00df dich.txt": "gr\u00fc\u00df".encode(),
            "files/deep/scratch.tmp": b"not in the backup",
            "other/one.txt": b"one",
        }
        for name, data in files.items():
            path = self.volume / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        self.writers = [self.write("files.xml", test_writer("Files", "files"))]

    def betest(self, *arguments):
        writers = [word for path in self.writers for word in ("--writer", path)]
        return self.vssemu("run", "--volume", f"C:={self.volume}", *writers, "--", "betest",
                           *arguments)

    def contents(self, below="."):
        top = self.volume / below
        return {str(p.relative_to(self.volume)): p.read_bytes()
                for p in sorted(top.rglob("*"))
                if p.is_file() and "System Volume Information" not in p.parts}

    def back_up(self, *more):
        code, out, err = self.betest("/B", "/S", "doc.xml", "/D", "store", *more)
        self.assertEqual(code, DONE, out + err)
        return out


class Configurations(BetestTest):
    def test_a_configuration_that_is_not_there(self):
        code, out, _ = self.betest("/B", "/X", "nowhere.xml")
        self.assertEqual(code, FILE_FAILED)
        self.assertIn("nowhere.xml", out)

    def test_a_configuration_cut_in_two(self):
        text = betest("Files")
        path = self.write("sel.xml", text[:len(text) // 2])
        code, out, _ = self.betest("/B", "/S", "doc.xml", "/D", "store", "/X", path)
        self.assertEqual(code, FILE_FAILED, out)
        self.assertIn("sel.xml", out)
        self.assertFalse((self.dir / "doc.xml").exists())


class Backup(BetestTest):
    def test_restore_in_a_later_process_brings_every_byte_back(self):
        before = self.contents("files")
        kept = before.pop("files/deep/scratch.tmp")
        self.back_up()
        for i, name in enumerate(before):
            path = self.volume / name
            if i % 2:
                path.unlink()
            else:
                path.write_bytes(b"damaged")
        code, out, err = self.betest("/R", "/S", "doc.xml", "/D", "store")
        self.assertEqual(code, DONE, out + err)
        after = self.contents("files")
        self.assertEqual(after.pop("files/deep/scratch.tmp"), kept)
        self.assertEqual(after, before)

    def test_excluded_files_are_not_in_the_store(self):
        self.back_up()
        stored = [p.name for p in (self.dir / "store").rglob("*") if p.is_file()]
        self.assertEqual(sorted(stored), sorted(["plain.txt", "empty", "big.bin",
                                                 "gr\u00fc\u00df dich.txt"]))

    def test_without_b_or_r_it_does_both(self):
        before = self.contents()
        code, out, err = self.betest("/S", "doc.xml", "/D", "store", "/V")
        self.assertEqual(code, DONE, out + err)
        self.assertEqual(self.contents(), before)

    def test_a_store_that_holds_something_is_left_alone(self):
        self.back_up()
        stored = {p: p.read_bytes() for p in (self.dir / "store").rglob("*") if p.is_file()}
        (self.volume / "files/plain.txt").write_text("newer")
        code, out, _ = self.betest("/B", "/S", "doc.xml", "/D", "store")
        self.assertEqual(code, FILE_FAILED)
        self.assertIn("not empty", out)
        self.assertEqual(stored, {p: p.read_bytes() for p in stored})

    def test_a_store_that_is_a_file_is_said_before_the_backup(self):
        (self.dir / "store").write_text("dear")
        code, out, _ = self.betest("/B", "/S", "doc.xml", "/D", "store")
        self.assertEqual(code, FILE_FAILED, out)
        self.assertIn("store is not a directory; nothing was done", out)
        self.assertNotIn("snapshot", out)
        self.assertEqual((self.dir / "store").read_text(), "dear")

    def test_a_store_behind_a_link_is_a_store(self):
        (self.dir / "place").mkdir()
        (self.dir / "store").symlink_to("place")
        self.back_up()

    def test_a_document_that_would_replace_something_else(self):
        os.mkfifo(self.dir / "pipe")
        (self.dir / "link").symlink_to("pipe")
        (self.dir / "folder").mkdir()
        for name in ("pipe", "link", "folder"):
            code, out, _ = self.betest("/B", "/S", name, "/D", "store")
            self.assertEqual(code, FILE_FAILED, out)
            self.assertIn(f"{name} is no plain file and would be replaced; nothing was done", out)
            self.assertNotIn("snapshot", out)
        self.assertTrue((self.dir / "pipe").is_fifo())
        self.assertTrue((self.dir / "link").is_symlink())
        self.assertFalse((self.dir / "store").exists())

    def test_a_document_that_is_there_is_replaced(self):
        (self.dir / "doc.xml").write_text("old")
        self.back_up()
        self.assertNotEqual((self.dir / "doc.xml").read_text(), "old")

    def test_only_what_the_configuration_names(self):
        self.writers.append(self.write("other.xml", test_writer("Other", "other")))
        self.back_up("/X", self.write("sel.xml", betest("Other")))
        stored = [p.name for p in (self.dir / "store").rglob("*") if p.is_file()]
        self.assertEqual(stored, ["one.txt"])

    def test_a_component_that_nobody_offers(self):
        code, out, _ = self.betest("/B", "/X", self.write("sel.xml", betest("Nobody", "Files")))
        self.assertEqual(code, COMPONENT_FAILED)
        self.assertIn("Nobody", out)

    def test_a_writer_that_fails_at_freeze_is_said_and_the_other_kept(self):
        veto = '<FailEvent writerEvent="Freeze" retryable="no" numFailures="1"/>'
        self.writers.append(self.write("other.xml", test_writer("Other", "other", veto)))
        code, out, _ = self.betest("/B", "/S", "doc.xml", "/D", "store")
        self.assertEqual(code, COMPONENT_FAILED, out)
        self.assertIn("failed at freeze", out)
        self.assertIn("VSS_E_WRITERERROR_NONRETRYABLE", out)
        stored = [p.name for p in (self.dir / "store").rglob("*") if p.is_file()]
        self.assertIn("plain.txt", stored)
        self.assertNotIn("one.txt", stored)


class DamagedDocuments(BetestTest):
    def refused(self, name):
        """A restore with this document fails with its name, and no file is touched."""
        (self.volume / "files/plain.txt").write_text("newer")
        before = self.contents()
        code, out, err = self.betest("/R", "/S", "doc.xml", "/D", "store")
        self.assertEqual(code, FILE_FAILED, out + err)
        self.assertIn(name, out)
        self.assertEqual(self.contents(), before)

    def cut_everywhere(self, name):
        self.back_up()
        text = (self.dir / name).read_bytes()
        for part in range(8):
            (self.dir / name).write_bytes(text[:len(text) * part // 8])
            self.refused(name)

    def test_a_components_document_cut_short(self):
        self.cut_everywhere("doc.xml")

    def test_a_file_of_writers_cut_short(self):
        self.cut_everywhere("doc.writers.xml")

    def test_a_document_that_is_something_else(self):
        self.back_up()
        self.write("doc.xml", "<html><body>no</body></html>")
        self.refused("doc.xml")

    def test_a_document_that_means_harm(self):
        entity = '<!DOCTYPE d [<!ENTITY a %s>]><BACKUP_COMPONENTS>&a;</BACKUP_COMPONENTS>'
        bomb = "".join(f'<!ENTITY {b} "{10 * f"&{a};"}">' for a, b in zip("abcdefgh", "bcdefghi"))
        self.back_up()
        good = (self.dir / "doc.xml").read_bytes()
        for text in (entity % f'SYSTEM "file://{self.dir}/files.xml"',
                     f'<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa">{bomb}]><BACKUP_COMPONENTS>&i;'
                     '</BACKUP_COMPONENTS>', "<a>" * 200000, "\ud7ff" * 5000):
            self.write("doc.xml", text)
            self.refused("doc.xml")
        (self.dir / "doc.xml").write_bytes(b'<!DOCTYPE d [<!ENTITY a "a">]>' + good)
        self.refused("doc.xml")
        for part in (0, len(good) // 2):
            (self.dir / "doc.xml").write_bytes(good[:part] + bytes(100) + good[part:])
            self.refused("doc.xml")

    def test_a_path_that_climbs_out_of_the_volume_stays_in_it(self):
        """As on Windows, `..` leads nowhere from the root of a volume."""
        before = self.contents("files")
        self.back_up()
        (self.volume / "files/plain.txt").unlink()
        path = self.dir / "doc.writers.xml"
        text = path.read_text()
        path.write_text(text.replace('path="C:\\files"', 'path="C:\\..\\..\\files"'))
        self.assertNotEqual(path.read_text(), text)
        beside = sorted(os.listdir(self.dir))
        code, out, err = self.betest("/R", "/S", "doc.xml", "/D", "store")
        self.assertEqual(code, DONE, out + err)
        self.assertEqual(self.contents("files"), before)
        self.assertEqual(sorted(os.listdir(self.dir)), beside)

    def test_documents_that_are_not_there(self):
        self.back_up()
        os.remove(self.dir / "doc.writers.xml")
        self.refused("doc.writers.xml")
        os.remove(self.dir / "doc.xml")
        self.refused("doc.xml")


if __name__ == "__main__":
    main()
