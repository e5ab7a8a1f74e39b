#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Providers from the command line: the example takes part in one step, its calls are in the trace, and
what is wrong with one is said in words that tell what to do (docs/providers.md)."""
import json
import os
import pathlib
import subprocess
import unittest

from support import BAD_USAGE, CliTest

BIN = pathlib.Path(os.environ["VSSEMU"]).parent
EXAMPLE = BIN / "example-provider.so"
THROWING = BIN.parent / "tests" / "dlls" / "throwing.so"
CLASS = "{e5ce9710-7a0b-4d5c-9f0e-0123456789ab}"
WRITER = """<TestWriter usage="USER_DATA">
  <RestoreMethod method="RESTORE_IF_CAN_BE_REPLACED" writerRestore="always" rebootRequired="no"/>
  <Component componentType="filegroup" componentName="Documents" selectable="yes">
    <ComponentFile path="C:\\docs" filespec="*" recursive="yes"/>
  </Component>
</TestWriter>
"""


class ProviderTest(CliTest):
    def setUp(self):
        super().setUp()
        for name in ("c/docs", "d"):
            (self.dir / name).mkdir(parents=True)
        self.write("c/docs/a.txt", "words\n")
        self.write("app.xml", WRITER)

    def run_backup(self, *options, clock="virtual"):
        return self.vssemu("run", "--clock", clock, "--volume", "C:=c", "--volume", "D:=d", "--writer",
                           "app.xml", "--trace", "run.jsonl", *options, "--",
                           BIN / "example-requester", "backup")

    def calls(self):
        lines = [json.loads(line) for line in (self.dir / "run.jsonl").read_text().splitlines()]
        return [line["what"] for line in lines
                if line.get("kind") == "provider" and line["who"] == "provider Example Provider"]

    def test_the_example_in_one_step(self):
        for clock in ("virtual", "real"):
            code, out, err = self.run_backup("--provider", EXAMPLE, clock=clock)
            self.assertEqual(code, 0, out + err)
            self.assertIn("\\\\?\\ExampleSnapshot1\n    C:\\docs\\* and below: 1 files", out)
            self.assertEqual(self.calls(), [
                "RegisterProvider", "OnLoad", "SetContext", "IsVolumeSupported",
                "BeginPrepareSnapshot", "EndPrepareSnapshots", "PreCommitSnapshots",
                "CommitSnapshots", "PostCommitSnapshots", "GetSnapshotProperties",
                "PreFinalCommitSnapshots", "PostFinalCommitSnapshots", "GetSnapshotProperties",
                "DeleteSnapshots", "OnUnload"])
            self.assertEqual(list((self.dir / "d" / "ExampleCopies").iterdir()), [])

    def test_a_class_that_is_named(self):
        code, _, err = self.run_backup("--provider", f"{THROWING},class={CLASS},name=Mine,version=2")
        self.assertEqual(code, 0, err)
        self.assertIn('"provider Mine"', (self.dir / "run.jsonl").read_text())

    def bad(self, spec, *words):
        code, out, err = self.run_backup("--provider", spec)
        self.assertEqual((code, out), (BAD_USAGE, ""), err)
        for word in words:
            self.assertIn(word, err)

    def test_what_is_wrong_is_said(self):
        self.bad("none.so", "none.so", "vssemu-c++ -shared -fPIC makes one")
        self.write("text.so", "no object\n")
        self.bad("text.so", "text.so: it cannot be loaded: ")
        self.bad(THROWING, "it registers neither a provider", f"--provider {THROWING},class={{CLSID}}")
        self.bad(f"{THROWING},class=7", "7 is no identifier like {0")
        self.bad(f"{THROWING},colour=red", "colour=red: it takes PATH[,class={CLSID}]")

    def test_one_whose_registration_fails(self):
        self.write("refusing.c", "#include <windows.h>\nHRESULT DllRegisterServer(void)\n"
                                 "{\n    return E_ACCESSDENIED;\n}\n")
        subprocess.run([BIN / "vssemu-cc", "-shared", "-fPIC", "refusing.c", "-o", "refusing.so"],
                       cwd=self.dir, check=True)
        self.bad("refusing.so", "its DllRegisterServer answered 0x80070005 (E_ACCESSDENIED)")


if __name__ == "__main__":
    unittest.main()
