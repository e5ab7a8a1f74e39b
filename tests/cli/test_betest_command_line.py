# SPDX-License-Identifier: MIT
"""What the built-in requester says to a command line that makes no sense: a sentence that tells what to
do instead, exit code 1, and nothing done."""
from support import CliTest, main

USAGE = 1

# Words of the sentence, and the command line that deserves it.
WRONG = [
    ("/B and /R exclude each other: leave both out", "/B /R /S doc.xml"),
    ("/BC and /NBC exclude each other", "/BC /NBC"),
    ("/X and /C exclude each other: name the components in one file", "/B /X a /C b"),
    ("/R needs the document of the backup: /S FILE", "/R"),
    ("needs /S FILE and /D DIR", ""),
    ("needs /S FILE and /D DIR", "/S doc.xml"),
    ("needs /S FILE and /D DIR", "/D store"),
    ("unknown option /Q", "/B /Q"),
    ('"doc.xml" is no option', "/B doc.xml"),
    ("/S needs a value as the next argument", "/B /S"),
    ("-D is given twice", "/B /D a -D b"),
    ("/T WEEKLY: there is no such type; FULL, INCREMENTAL", "/B /T WEEKLY"),
    ("/T needs a value", "/B /T"),
    ("/T INCREMENTAL needs the document of the backup that it builds on: /Pre FILE",
     "/B /T INCREMENTAL"),
    ("/T DIFFERENTIAL needs", "/B /T differential"),
    ("give /T INCREMENTAL, DIFFERENTIAL or LOG with it", "/B /Pre full.xml"),
    ("give /T INCREMENTAL, DIFFERENTIAL or LOG with it", "/B /T COPY /Pre full.xml"),
    ("a restore takes it from the document: leave /T out", "/R /S doc.xml /T FULL"),
    ("/Snapshot restores nothing: leave /R out", "/Snapshot /R /S doc.xml"),
    ("/Snapshot copies no files: leave /D out", "/Snapshot /D store"),
    ("leave one out", "/Snapshot /BC"),
    ("leave /R out", "/BC /R /S doc.xml"),
    ("leave /D out", "/BC /D store"),
    ("leave /P out", "/BC /P"),
    ("leave /Rollback out", "/BC /Rollback"),
    ("leave /Pre out", "/BC /T INCREMENTAL /Pre full.xml"),
    ("a restore has no BackupComplete", "/R /S doc.xml /NBC"),
    ("a restore makes no shadow copy", "/R /S doc.xml /P"),
    ("a restore makes no shadow copy", "/R /S doc.xml /Rollback"),
    ("/O belongs to a backup", "/R /S doc.xml /O"),
    ("/Auth belongs to a restore: give /R instead of /B", "/B /Auth"),
    ("/Auth belongs to a restore", "/Snapshot /Auth"),
    ("/Auth belongs to a restore", "/BC /Auth"),
    ("/NewTarget belongs to a restore", "/B /NewTarget C:\\a=C:\\b"),
    ("the old and the new directory with an equals sign", "/R /S doc.xml /NewTarget C:\\a"),
]

OPTIONS = ["/B", "/R", "/BC", "/NBC", "/Snapshot", "/S", "/D", "/X", "/C", "/T", "/Pre", "/P", "/O",
           "/Rollback", "/Auth", "/StopError", "/V"]


class CommandLine(CliTest):
    def betest(self, words):
        return self.vssemu("run", "--clock", "virtual", "--volume", f"C:={self.volume}", "--",
                           "betest", *words.split())

    def test_each_wrong_line_is_told_what_to_do(self):
        for sentence, words in WRONG:
            with self.subTest(words):
                code, out, err = self.betest(words)
                self.assertEqual(code, USAGE, out + err)
                self.assertEqual(out, "")
                self.assertIn(sentence, err)
                self.assertIn("/? explains", err)
        self.assertEqual([p.name for p in self.dir.iterdir()], ["volume"])

    def test_help_names_every_option_with_examples_and_exit_codes(self):
        code, out, err = self.betest("/?")
        self.assertEqual((code, err), (0, ""))
        for option in OPTIONS:
            self.assertRegex(out, rf"(?m)^  {option}\b")
        for word in ("examples", "exit:", "<BETest>", '" : "'):
            self.assertIn(word, out)
        self.assertLessEqual(max(map(len, out.splitlines())), 100)


if __name__ == "__main__":
    main()
