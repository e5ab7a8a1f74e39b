# SPDX-License-Identifier: MIT
"""What the pages of docs/ show is what happens: files of ```xml NAME blocks are made, commands of ```console
blocks ("$ command") are run, and their output is compared with the lines below them. "..." stands for any
lines; blanks count as one; seconds in front of a line may differ."""
import pathlib
import re
import subprocess
import sys
import tempfile

BLOCK = re.compile(r"^```(xml|console|c|cpp)(?: (\S+))?\n(.*?)^```$", re.S | re.M)


def plain(line):
    return re.sub(r"^\d+\.\d{6} ", "T ", " ".join(line.split()))


def matches(expected, got):
    """Lines against lines; "..." in expected swallows any number."""
    if not expected:
        return not got
    if expected[0].strip() == "...":
        return any(matches(expected[1:], got[i:]) for i in range(len(got) + 1))
    return bool(got) and plain(expected[0]) == plain(got[0]) and matches(expected[1:], got[1:])


def run_block(text, folder, environment):
    steps = re.split(r"^\$ ", text, flags=re.M)[1:]
    for step in steps:
        command, _, output = step.partition("\n")
        done = subprocess.run(["bash", "-c", command], cwd=folder, env=environment, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120)
        if not matches(output.splitlines(), done.stdout.splitlines()):
            print(f"$ {command}\nexpected:\n{output}\ngot:\n{done.stdout}")
            return False
    return True


def main():
    bin_folder, page = sys.argv[1], pathlib.Path(sys.argv[2])
    n_commands = 0
    with tempfile.TemporaryDirectory() as folder:
        environment = {"PATH": f"{bin_folder}:/usr/bin:/bin", "HOME": folder, "LANG": "C.UTF-8"}
        for kind, name, text in BLOCK.findall(page.read_text()):
            if name:
                (pathlib.Path(folder) / name).write_text(text)
            elif kind == "console":
                n_commands += text.count("$ ")
                if not run_block(text, folder, environment):
                    sys.exit(f"{page.name}: the page shows something else")
    if not n_commands:
        sys.exit(f"{page.name} shows no command")


main()
