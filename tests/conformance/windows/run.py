#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs the conformance programs of the fakes (README.md beside this file).

usage: run.py BUILD NAME            this project's Windows: prints differences from golden/NAME.txt
       run.py --wine [NAME]...      another Windows: compiles with mingw, runs under Wine, applies
                                    differences.tsv and compares with the same golden
       run.py --update NAME...      as --wine, and writes the golden: the difference is reviewed
       run.py --seeds BUILD FIRST LAST
                                    the programs that say "random" with many seeds, here and there

Answers 0 when everything is the same, 1 when not, 77 when Wine or mingw is not installed.
"""
import concurrent.futures
import difflib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
SKIPPED = 77
WINE = "/usr/lib/wine/wine64"
MINGW = {".c": "x86_64-w64-mingw32-gcc", ".cpp": "x86_64-w64-mingw32-g++"}
# The C library of Visual Studio since 2015; "msvcrt" in a program's first comment takes the old one.
UCRT = ["-D_UCRT", "-lucrt"]
FLAGS = ["-O1", "-w", "-DUNICODE", "-D_UNICODE", "-D_WIN32_WINNT=0x0601",
         "-D__USE_MINGW_ANSI_STDIO=0"]
LIBRARIES = ["-lole32", "-loleaut32", "-luuid", "-lshlwapi", "-lrpcrt4", "-ladvapi32", "-lversion",
             "-lsynchronization", "-luser32", "-luserenv", "-lpsapi"]


def source_of(name):
    for suffix in MINGW:
        path = HERE / (name + suffix)
        if path.exists():
            return path
    sys.exit(f"run.py: there is no program {name}")


def all_names():
    return sorted(path.stem for path in HERE.iterdir() if path.suffix in MINGW)


def ways(name):
    """The words after "run:" in the program's first comment, README.md says which."""
    with open(source_of(name), encoding="utf-8") as source:
        for line in source:
            found = re.match(r"/\* run: (.*?) \*/", line)
            if found:
                return found.group(1).split()
    return ["world"]


def letters(name):
    return [word[0] for word in ways(name) if re.fullmatch("[A-Z]:", word)]


def lines_of(output):
    return output.decode("utf-8", "replace").replace("\r\n", "\n").splitlines()


def show_difference(wanted, lines, wanted_name, name):
    difference = list(difflib.unified_diff(wanted, lines, wanted_name, name, lineterm="", n=1))
    print("\n".join(difference), end="\n" if difference else "")
    return not difference


def compare(name, lines, who):
    golden = HERE / "golden" / f"{name}.txt"
    wanted = golden.read_text(encoding="utf-8").splitlines() if golden.exists() else []
    is_same = show_difference(wanted, lines, str(golden.relative_to(HERE)), f"{name}: {who}")
    return is_same and golden.exists()


# ---- this project's Windows ----

def native(build, name, **environment):
    """Answers exit code and lines."""
    program = [build / "tests" / f"windows_{name}"]
    with tempfile.TemporaryDirectory() as scratch:
        if "alone" not in ways(name):
            clock = ["--clock", "real"] if "real" in ways(name) else ["--clock", "virtual"]
            volumes = []
            for letter in letters(name):
                (pathlib.Path(scratch) / letter).mkdir()
                volumes += ["--volume", f"{letter}:={scratch}/{letter}"]
            program = [build / "bin" / "vssemu", "run", *clock, "--seed", "1", *volumes, "--",
                       *program]
        run = subprocess.run(program, cwd=scratch, stdin=subprocess.DEVNULL, check=False,
                             stdout=subprocess.PIPE, env=dict(os.environ, **environment))
    if run.returncode:
        print(f"{name} ended with {run.returncode}")
    return run.returncode, lines_of(run.stdout)


def run_native(build, name):
    code, lines = native(build, name)
    return compare(name, lines, "vssemu") and code == 0


# ---- Wine ----

class Prefix:
    """A Windows of Wine's in a temporary directory, for all programs of one run."""

    def __init__(self, scratch):
        self.scratch = pathlib.Path(scratch)
        self.prefix = self.scratch / "prefix"
        self.prefix.mkdir()
        self.environment = dict(
            os.environ, WINEPREFIX=str(self.prefix), WINEDEBUG="-all", HOME=scratch, TZ="UTC",
            LC_ALL="C.UTF-8",
            WINEDLLOVERRIDES="mscoree,mshtml,winemenubuilder.exe,explorer.exe=d")
        self.environment.pop("DISPLAY", None)
        # Letters are known to the server from its start: all that programs ask for, made before.
        devices = self.prefix / "dosdevices"
        devices.mkdir()
        (self.prefix / "drive_c").mkdir()
        (devices / "c:").symlink_to("../drive_c")
        (devices / "z:").symlink_to("/")
        for letter in sorted({a for name in all_names() for a in letters(name) if a != "C"}):
            (self.scratch / letter).mkdir()
            (devices / f"{letter.lower()}:").symlink_to(self.scratch / letter)
        self.run([WINE, "wineboot", "-i"])

    def run(self, command):
        """A program that crashes would wait for a debugger for ever: it gets a minute."""
        try:
            return subprocess.run(command, env=self.environment, cwd=self.scratch, check=False,
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                  stderr=subprocess.DEVNULL, timeout=60)
        except subprocess.TimeoutExpired as late:
            return subprocess.CompletedProcess(command, 124, late.stdout or b"")

    def empty_drives(self, name):
        for letter in letters(name):
            folder = self.scratch / letter
            if folder.exists():
                for entry in folder.iterdir():
                    shutil.rmtree(entry) if entry.is_dir() and not entry.is_symlink() \
                        else entry.unlink()

    def end(self):
        server = shutil.which("wineserver", path="/usr/lib/wine:" + os.environ.get("PATH", ""))
        self.run([server or "/usr/lib/wine/wineserver64", "-k"])


def compile_for_wine(name, folder):
    source = source_of(name)
    command = [MINGW[source.suffix], *FLAGS, source, "-o", folder / f"{name}.exe", *LIBRARIES]
    if "wmain" in source.read_text(encoding="utf-8"):
        command.append("-municode")
    if "msvcrt" not in ways(name):
        command += UCRT
    if source.suffix == ".cpp":
        command += ["-static-libstdc++", "-static-libgcc", "-fpermissive"]
    run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if run.returncode:
        print(f"{name} does not compile with mingw:\n{run.stdout.decode()}")
    return run.returncode == 0


class Differences:
    """differences.tsv: program, Wine's line (a * stands for any text), our line, reason."""

    def __init__(self):
        self.rows = []
        for number, line in enumerate((HERE / "differences.tsv").read_text(
                encoding="utf-8").splitlines(), 1):
            if line and not line.startswith("#"):
                fields = line.split("\t")
                if len(fields) != 4 or not all(fields):
                    sys.exit(f"differences.tsv:{number}: program, Wine's line, ours, reason")
                program, wine, ours, _ = fields
                pattern = re.compile(re.escape(wine).replace(r"\*", ".*"))
                self.rows.append([number, program, pattern, ours, 0])

    def apply(self, name, lines):
        result = []
        for line in lines:
            for row in self.rows:
                if row[1] == name and row[2].fullmatch(line) and row[3] != line:
                    row[4] += 1
                    line = row[3]
                    break
            result += [line] if line != "-" else []
        return result

    def unused(self, names):
        rows = [row for row in self.rows if row[1] in names and not row[4]]
        for row in rows:
            print(f"differences.tsv:{row[0]}: {row[1]}: Wine prints no such line any more")
        rows += [row for row in self.rows if row[1] not in all_names()]
        return rows


def can_use_wine():
    if os.access(WINE, os.X_OK) and shutil.which(MINGW[".c"]):
        return True
    print("run.py: skipped: wine64 or mingw is not installed (ci/setup wine installs them)")
    return False


def run_wine(names, is_update):
    if not can_use_wine():
        return SKIPPED
    differences, bad = Differences(), []
    with tempfile.TemporaryDirectory() as scratch:
        prefix = Prefix(scratch)
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            compiled = dict(zip(names, pool.map(lambda n: compile_for_wine(n, prefix.scratch),
                                                names)))
        for name in names:
            if not compiled[name]:
                bad.append(name)
                continue
            prefix.empty_drives(name)
            run = prefix.run([WINE, f"{name}.exe"])
            lines = differences.apply(name, lines_of(run.stdout))
            if run.returncode:
                print(f"{name} ended with {run.returncode} under Wine")
            if is_update and not run.returncode:
                (HERE / "golden" / f"{name}.txt").write_text("".join(f"{line}\n" for line in lines),
                                                             encoding="utf-8")
            if not compare(name, lines, "Wine") or run.returncode:
                bad.append(name)
        prefix.end()
    unused = differences.unused(names)
    print(f"wine: {len(names) - len(bad)}/{len(names)} programs print the same as here, "
          f"{len(differences.rows)} listed differences" + (f"; not: {' '.join(bad)}" if bad else ""))
    return 1 if bad or unused else 0


def run_seeds(build, first, last):
    if not can_use_wine():
        return SKIPPED
    names, differences, bad = [n for n in all_names() if "random" in ways(n)], Differences(), 0
    with tempfile.TemporaryDirectory() as scratch:
        prefix = Prefix(scratch)
        for name in names:
            if not compile_for_wine(name, prefix.scratch):
                return 1
        for seed in range(first, last + 1):
            prefix.environment["SAY_SEED"] = str(seed)
            for name in names:
                run = prefix.run([WINE, f"{name}.exe"])
                wanted = differences.apply(name, lines_of(run.stdout))
                code, lines = native(build, name, SAY_SEED=str(seed))
                is_same = show_difference(wanted, lines, f"Wine, seed {seed}", name)
                bad += not is_same or code != 0 or run.returncode != 0
        prefix.end()
    print(f"wine: {' '.join(names)}: {bad} of {last - first + 1} seeds differ")
    return 1 if bad else 0


def main():
    words = sys.argv[1:]
    if words and words[0] in ("--wine", "--update"):
        return run_wine(words[1:] or all_names(), words[0] == "--update")
    if len(words) == 4 and words[0] == "--seeds":
        return run_seeds(pathlib.Path(words[1]).resolve(), int(words[2]), int(words[3]))
    if len(words) != 2:
        sys.exit(__doc__)
    return 0 if run_native(pathlib.Path(words[0]).resolve(), words[1]) else 1


if __name__ == "__main__":
    sys.exit(main())
