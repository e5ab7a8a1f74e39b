# SPDX-License-Identifier: MIT
"""Backups that build on each other, on a directory, with Test Writer files that delete what was copied and
check what comes back: full, incremental and differential chains, copies, lists of the older form."""
import os
import unittest

from support import CliTest, main

CLASS_ID = "5affb034-969f-4919-8875-88f830d0ef89"
DONE, USAGE, VSS_FAILED, COMPONENT_FAILED, FILE_FAILED = range(5)

SUPPORTS = 'supportsIncremental="yes" supportsDifferential="yes" supportsCopy="yes"'
DELETES = ('deleteFiles="yes" deletePartialFiles="yes" deleteDifferencedFiles="yes" '
           'checkIncludes="yes" checkExcludes="yes" ')


def test_writer(attributes, inside="", files=""):
    return f"""<TestWriter usage="USER_DATA" {attributes}>
  <RestoreMethod method="RESTORE_IF_CAN_BE_REPLACED" writerRestore="always" rebootRequired="no"/>
  <ExcludeFile path="C:\\app" filespec="*.tmp" recursive="yes"/>
  <Component componentType="filegroup" logicalPath="App" componentName="Files" selectable="yes">
    <ComponentFile path="C:\\app" filespec="*" recursive="yes" {files}/>
    {inside}
  </Component>
</TestWriter>
"""


class ChainTest(CliTest):
    def setUp(self):
        super().setUp()
        self.app = self.volume / "app"
        self.put("big.bin", bytes(range(256)) * 40)
        self.put("one.txt", b"one")
        self.put("deep/two.txt", b"two")
        self.put("scratch.tmp", b"not in any backup")
        (self.app / "empty/er").mkdir(parents=True)

    def put(self, name, data):
        path = self.app / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    def betest(self, writer, *words):
        code, out, err = self.vssemu("run", "--clock", "virtual", "--volume", f"C:={self.volume}",
                                     "--writer", self.write("writer.xml", writer),
                                     "--trace", "run.jsonl", "--", "betest", *words)
        self.out = out + err
        return code

    def done(self, writer, *words):
        code = self.betest(writer, *words)
        self.assertEqual(code, DONE, self.out)
        self.assertEqual(self.mistakes(), [])

    def mistakes(self):
        return [r for r in self.trace() if r.get("what") == "requester mistake"]

    def contents(self):
        return {str(p.relative_to(self.app)): p.read_bytes() for p in self.app.rglob("*")
                if p.is_file() and p.suffix != ".tmp"}

    def stored(self, store):
        return sorted(p.name for p in (self.dir / store).rglob("*") if p.is_file())

    def lose_everything(self):
        for path in sorted(self.app.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()


class Chains(ChainTest):
    def test_full_incremental_incremental_come_back_byte_for_byte(self):
        writer = test_writer(SUPPORTS)
        self.done(writer, "/B", "/S", "full.xml", "/D", "full")
        self.put("one.txt", b"one, changed")
        self.done(writer, "/B", "/T", "INCREMENTAL", "/Pre", "full.xml", "/S", "i1.xml", "/D", "i1")
        self.put("three.txt", b"three")
        self.done(writer, "/B", "/T", "INCREMENTAL", "/Pre", "i1.xml", "/S", "i2.xml", "/D", "i2")
        expected = self.contents()
        self.lose_everything()
        self.done(writer, "/R", "/S", "i2.xml", "/D", "i2", "/Pre", "i1.xml")
        self.assertEqual(self.contents(), expected)
        self.assertTrue((self.app / "empty/er").is_dir())
        self.assertFalse((self.app / "scratch.tmp").exists())
        for document in ("full.xml", "i1.xml"):
            self.assertIn(f"{document}, which later backups build on", self.out)

    def test_a_chain_that_was_moved_is_found_beside_its_document(self):
        writer = test_writer(SUPPORTS)
        self.done(writer, "/B", "/S", "full.xml", "/D", "full")
        self.put("one.txt", b"one, changed")
        self.done(writer, "/B", "/T", "INCREMENTAL", "/Pre", "full.xml", "/S", "i1.xml", "/D", "i1")
        self.done(writer, "/B", "/T", "INCREMENTAL", "/Pre", "i1.xml", "/S", "i2.xml", "/D", "i2")
        expected = self.contents()
        self.lose_everything()
        (self.dir / "kept").mkdir()
        for path in list(self.dir.iterdir()):
            if path.stem.split(".")[0] in ("full", "i1", "i2"):
                path.rename(self.dir / "kept" / path.name)
        self.done(writer, "/R", "/S", "kept/i2.xml", "/D", "kept/i2", "/Pre", "kept/i1.xml")
        self.assertEqual(self.contents(), expected)

    def test_what_the_writer_deletes_and_checks_comes_back_from_partial_backups(self):
        self.done(test_writer(SUPPORTS), "/B", "/S", "full.xml", "/D", "full")
        data = bytearray(self.contents()["big.bin"])
        data[100:108] = b"CHANGED!"
        data[4096:4100] = b"here"
        self.put("big.bin", data)
        self.put("one.txt", b"one, changed")
        expected = self.contents()
        part = '<PartialFile path="C:\\app" filespec="big.bin" ranges="100:8,0x1000:4"/>'
        self.done(test_writer(SUPPORTS + " " + DELETES, part), "/T", "INCREMENTAL", "/Pre",
                  "full.xml", "/S", "inc.xml", "/D", "inc")
        self.assertEqual(self.contents(), expected)
        self.assertIn("of 1 of them the parts that its writer named", self.out)
        stored = next((self.dir / "inc").rglob("big.bin"))
        self.assertEqual(stored.read_bytes()[100:108], b"CHANGED!")
        self.assertEqual(stored.read_bytes()[:100], bytes(100))

    def test_of_differenced_files_only_what_changed_since_their_time(self):
        self.done(test_writer(SUPPORTS), "/B", "/S", "full.xml", "/D", "full")
        os.utime(self.app / "one.txt", (946684800, 946684800))
        os.utime(self.app / "deep/two.txt", (946684800, 946684800))
        self.put("deep/new.txt", b"new")
        expected = self.contents()
        since = ('<DifferencedFile path="C:\\app" filespec="*" recursive="yes" year="2010" '
                 'month="1" day="1" hour="0" minute="0" second="0"/>')
        self.done(test_writer(SUPPORTS + " " + DELETES, since), "/T", "DIFFERENTIAL", "/Pre",
                  "full.xml", "/S", "diff.xml", "/D", "diff")
        self.assertEqual(self.contents(), expected)
        self.assertEqual(self.stored("diff"), ["big.bin", "new.txt"])

    def test_a_set_that_only_full_backups_need_stays_out(self):
        writer = test_writer(SUPPORTS, files='incBackupRequired="no"')
        self.done(writer, "/B", "/S", "full.xml", "/D", "full")
        self.done(writer, "/B", "/T", "INCREMENTAL", "/Pre", "full.xml", "/S", "inc.xml", "/D",
                  "inc")
        self.assertEqual(self.stored("inc"), [])
        self.done(writer, "/B", "/T", "DIFFERENTIAL", "/Pre", "full.xml", "/S", "d.xml", "/D", "d")
        self.assertEqual(self.stored("d"), self.stored("full"))

    def test_an_unsupported_type_is_a_full_backup_and_is_told(self):
        writer = test_writer("")
        self.done(writer, "/B", "/S", "full.xml", "/D", "full")
        code = self.betest(writer, "/B", "/T", "INCREMENTAL", "/Pre", "full.xml", "/S", "inc.xml",
                           "/D", "inc")
        self.assertEqual(code, DONE, self.out)
        self.assertIn("is backed up in full: 'Test Writer' supports no INCREMENTAL backups",
                      self.out)
        self.assertEqual(self.stored("inc"), self.stored("full"))

    def test_a_copy_comes_back_and_nothing_builds_on_it(self):
        expected = self.contents()
        writer = test_writer(SUPPORTS + " " + DELETES)
        self.done(writer, "/T", "COPY", "/S", "copy.xml", "/D", "copy")
        self.assertEqual(self.contents(), expected)
        code = self.betest(writer, "/B", "/T", "INCREMENTAL", "/Pre", "copy.xml", "/S", "i.xml")
        self.assertEqual(code, FILE_FAILED, self.out)
        self.assertIn("copy.xml is of type COPY", self.out)

    def test_a_chain_that_is_broken_restores_nothing_on_top(self):
        writer = test_writer(SUPPORTS)
        self.done(writer, "/B", "/S", "full.xml", "/D", "full")
        self.done(writer, "/B", "/T", "INCREMENTAL", "/Pre", "full.xml", "/S", "i1.xml", "/D", "i1")
        os.remove(self.dir / "full.xml")
        self.put("one.txt", b"newer")
        code = self.betest(writer, "/R", "/S", "i1.xml", "/D", "i1", "/Pre", "full.xml")
        self.assertEqual(code, FILE_FAILED, self.out)
        self.assertIn("full.xml", self.out)
        self.assertEqual(self.contents()["one.txt"], b"newer")

    def test_documents_that_build_on_each_other_are_no_chain(self):
        writer = test_writer(SUPPORTS)
        self.done(writer, "/B", "/S", "full.xml", "/D", "full")
        side = self.dir / "full.writers.xml"
        side.write_text(side.read_text().replace("<BETestWriters ",
                                                 '<BETestWriters previous="full.xml" '))
        code = self.betest(writer, "/R", "/S", "full.xml", "/D", "full", "/Pre", "full.xml")
        self.assertEqual(code, FILE_FAILED, self.out)
        self.assertIn("and so on without end", self.out)


class Chosen(ChainTest):
    """Chains in which not every backup has every component."""
    LATE = ('</Component><Component componentType="filegroup" componentName="Late" '
            'selectable="yes"><ComponentFile path="C:\\late" filespec="*" recursive="yes"/>')

    def setUp(self):
        super().setUp()
        self.done(test_writer(SUPPORTS), "/B", "/S", "full.xml", "/D", "full")
        (self.volume / "late").mkdir()
        (self.volume / "late/l.txt").write_text("late")
        self.done(test_writer(SUPPORTS, self.LATE), "/B", "/T", "INCREMENTAL", "/Pre", "full.xml",
                  "/S", "inc.xml", "/D", "inc")
        self.assertIn('component "Late" is backed up in full', self.out)
        (self.volume / "late/l.txt").unlink()
        self.put("one.txt", b"newer")

    def restore(self, name, path=""):
        chosen = self.write("sel.xml", f'<BETest><Writer writerid="{CLASS_ID}"><Component {path} '
                                       f'componentName="{name}"/></Writer></BETest>')
        return self.betest(test_writer(SUPPORTS, self.LATE), "/R", "/S", "inc.xml", "/D", "inc",
                           "/Pre", "full.xml", "/X", chosen)

    def test_what_a_later_backup_added(self):
        self.assertEqual(self.restore("Late"), DONE, self.out)
        self.assertEqual((self.volume / "late/l.txt").read_text(), "late")
        self.assertEqual(self.contents()["one.txt"], b"newer")

    def test_what_was_there_from_the_beginning(self):
        self.assertEqual(self.restore("Files", 'logicalPath="App"'), DONE, self.out)
        self.assertEqual(self.contents()["one.txt"], b"one")
        self.assertFalse((self.volume / "late/l.txt").exists())

    def test_what_none_of_them_has(self):
        self.assertEqual(self.restore("Never"), COMPONENT_FAILED, self.out)
        self.assertIn('component "Never" of writer', self.out)


class Logs(ChainTest):
    DATABASE = """<WRITER_METADATA xmlns="x-schema:#VssWriterMetadataInfo" version="1.2" backupSchema="8">
<IDENTIFICATION writerId="11111111-2222-4333-8444-555555555555" friendlyName="Database"
  instanceId="11111111-2222-4333-8444-555555555556" usage="USER_DATA" dataSource="TRANSACTION_DB"
  majorVersion="0" minorVersion="0"/>
<RESTORE_METHOD method="RESTORE_IF_CAN_BE_REPLACED" writerRestore="always" rebootRequired="no"/>
<BACKUP_LOCATIONS><DATABASE componentName="Bank" restoreMetadata="no" notifyOnBackupComplete="no"
  selectable="yes" selectableForRestore="no" componentFlags="0">
<DATABASE_FILES path="C:\\app" filespec="bank.db" filespecBackupType="3855"/>
<DATABASE_LOGFILES path="C:\\app" filespec="*.log" filespecBackupType="3855"/>
</DATABASE></BACKUP_LOCATIONS></WRITER_METADATA>"""

    def database(self, *words):
        code, out, err = self.vssemu("run", "--clock", "virtual", "--volume", f"C:={self.volume}",
                                     "--writer-metadata", self.write("bank.xml", self.DATABASE),
                                     "--", "betest", *words)
        self.assertEqual(code, DONE, out + err)

    def test_a_database_comes_back_from_a_full_backup_and_its_logs(self):
        self.put("bank.db", b"balance")
        self.put("1.log", b"first")
        self.database("/B", "/S", "full.xml", "/D", "full")
        self.put("2.log", b"second")
        self.put("bank.db", b"balance, changed")
        self.database("/B", "/T", "LOG", "/Pre", "full.xml", "/S", "log.xml", "/D", "log")
        self.assertEqual(self.stored("log"), ["1.log", "2.log"])
        self.lose_everything()
        self.database("/R", "/S", "log.xml", "/D", "log", "/Pre", "full.xml")
        self.assertEqual(self.contents(), {"bank.db": b"balance", "1.log": b"first",
                                           "2.log": b"second"})


class Lists(ChainTest):
    def choose(self, text):
        return self.betest(test_writer(SUPPORTS), "/B", "/S", "doc.xml", "/D", "store", "/C",
                           self.write("list.txt", text))

    def test_the_older_form_names_components(self):
        for names in ('"Files"', '"App\\Files"'):
            with self.subTest(names):
                self.assertEqual(self.choose(f'"{CLASS_ID}" : {names};\r\n'), DONE, self.out)
                self.assertIn("one.txt", self.stored("store"))
                for path in sorted((self.dir / "store").rglob("*"), reverse=True):
                    path.rmdir() if path.is_dir() else path.unlink()

    def test_what_is_wrong_in_it_is_told_with_its_line(self):
        good = f'"{CLASS_ID}" : "Files";\n'
        for text, words in ((good + good.replace(";", ""), "line 2, column 49: a comma or a "
                                                           "semicolon is expected"),
                            (f'{CLASS_ID} : "Files";', "line 1, column 1: a writer's GUID in "
                                                       "quotation marks is expected"),
                            (f'"{CLASS_ID}": "Files";', "a colon with blanks on both sides"),
                            (f'"{CLASS_ID}" : Files;', "a component name in quotation marks"),
                            (good + "\n\u00e4", "line 3, column 1: ASCII text is expected"),
                            (good + " " * (1 << 20), "longer than 1 MB")):
            with self.subTest(words):
                self.assertEqual(self.choose(text), FILE_FAILED)
                self.assertIn(words, self.out)
                self.assertFalse((self.dir / "store").exists())

    def test_a_component_that_nobody_offers_is_told_and_the_rest_goes_on(self):
        self.assertEqual(self.choose(f'"{CLASS_ID}" : "Nobody", "Files";'), COMPONENT_FAILED)
        self.assertIn('offers component "Nobody"', self.out)
        self.assertIn("one.txt", self.stored("store"))


if __name__ == "__main__":
    main()
