# SPDX-License-Identifier: MIT
"""The catalogue of Windows' writers, and writers made from documents on the command line."""
import json
import pathlib

from support import BAD_USAGE, CliTest, main

FIXTURES = pathlib.Path(__file__).resolve().parent.parent / "fixtures" / "wmd"


class Catalogue(CliTest):
    def test_the_list_has_a_line_for_each_writer(self):
        code, out, err = self.vssemu("writers")
        self.assertEqual((code, err), (0, ""))
        self.assertRegex(out, r"(?m)^registry +Registry Writer +afbab4a2-367d-4d15-a586-71dbb18f8485 "
                              r"+BOOTABLE_SYSTEM_STATE +1\* observed")

    def test_json_says_the_same_and_more(self):
        code, out, _ = self.vssemu("writers", "--json")
        self.assertEqual(code, 0)
        writers = {row["key"]: row for row in json.loads(out)}
        self.assertEqual(sum(row["is_in_idle_set"] for row in writers.values()), 10)
        self.assertEqual(writers["wmi"]["restore_method"], "REPLACE_AT_REBOOT")
        self.assertEqual(writers["ntds"]["components"][0]["type"], "database")
        self.assertNotIn("restore_method", writers["bits"])
        _, out, _ = self.vssemu("writers", "--json", "WMI Writer")
        self.assertEqual(json.loads(out), writers["wmi"])

    def test_a_name_shows_its_document_which_is_a_file_for_a_run(self):
        code, out, _ = self.vssemu("writers", "Registry Writer")
        self.assertEqual(code, 0)
        self.assertIn('friendlyName="Registry Writer"', out)
        file = self.write("registry.xml", out)
        code, _, err = self.vssemu("run", "--clock", "virtual", "--writer-metadata", file, "--",
                                   *self.python(""))
        self.assertEqual(code, 0, err)

    def test_an_unknown_writer_is_refused(self):
        for arguments in (("writers", "Coffee Writer"), ("writers", "a", "b"),
                          ("run", "--simulate", "Coffee Writer", "--", "true")):
            code, _, err = self.vssemu(*arguments)
            self.assertEqual(code, BAD_USAGE)
            self.assertTrue(err.startswith("vssemu: "), err)


class Documents(CliTest):
    def description(self, *arguments):
        program = "import os; print(os.environ['VSSEMU_WORLD'])"
        code, out, err = self.vssemu("run", *arguments, "--", *self.python(program))
        self.assertEqual(code, 0, err)
        return json.loads(out)

    def test_files_and_names_reach_the_program(self):
        world = self.description("--writer-metadata", FIXTURES / "express.xml", "--simulate", "wmi",
                                 "--simulate", "windows", "--writer-metadata",
                                 FIXTURES / "utf16.xml")
        self.assertEqual([pathlib.Path(path).name for path in world["writer_metadata"]],
                         ["express.xml", "utf16.xml"])
        self.assertEqual(world["catalog_writers"], ["wmi", "windows"])

    TWO_NAMES = """<WRITER_METADATA version="1.2"><IDENTIFICATION
        writerId="a1b2c3d4-0001-4002-8003-000000000004" friendlyName="Two Names"
        instanceId="a1b2c3d4-0001-4002-8003-0000000000fc" usage="USER_DATA" dataSource="OTHER"/>
        <BACKUP_LOCATIONS><FILE_GROUP componentName="a"><FILE_LIST path="C:\\x" filespec="a"/>
        <FILE_LIST path="\\\\?\\Volume{5653532d-0000-4000-8000-000000000043}\\y" filespec="b"/>
        </FILE_GROUP></BACKUP_LOCATIONS></WRITER_METADATA>"""

    def test_a_volume_under_two_names_is_copied_once_and_a_backup_gives_its_writers_back(self):
        for n, file in enumerate((self.write("two.xml", self.TWO_NAMES), "saved0.writers.xml")):
            code, out, err = self.vssemu("run", "--clock", "virtual", "--writer-metadata", file,
                                         "--", "betest", "/B", "/S", f"saved{n}.xml", "/D",
                                         f"out{n}")
            self.assertEqual(code, 0, out + err)
            self.assertEqual(out.count("joins the snapshot set"), 1)
            self.assertIn('"a": 2 files', out)
            self.assertIn("the document names C:, which this world lacks", err)

    def test_a_document_that_is_none_is_refused_with_file_and_line(self):
        file = self.write("bad.xml", "<WRITER_METADATA>\n<IDENTIFICATION/></WRITER_METADATA>")
        self.assert_refused(BAD_USAGE, ["bad.xml, line 2", "IDENTIFICATION"], "--writer-metadata",
                            file)
        self.assert_refused(BAD_USAGE, ["nowhere.xml"], "--writer-metadata", "nowhere.xml")


if __name__ == "__main__":
    main()
