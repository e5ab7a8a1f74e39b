#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""House rules that no compiler checks (CONTRIBUTING.md, "Style"), over all files that git knows, and
those that it does not know yet if they are sources or documents: not over logs that lie about.

The lengths of files and functions are a ratchet: what is longer than the limit stands with its
length in ci/tidy_ratchet.txt and may shrink but not grow. `ci/tidy.py --accept` rewrites that file;
its difference is reviewed like code. Prints what is wrong and answers 1, or nothing and 0.
"""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
RATCHET = ROOT / "ci" / "tidy_ratchet.txt"

FILE_LINES = 500
FUNCTION_LINES = 70
LINE_COLUMNS = 100

# Documents whose tabs, line ends and missing last line end are what they are there for.
BYTES_AS_THEY_ARE = ("tests/fixtures/", "tests/fuzz/corpus/")

CODE = (".c", ".h", ".cpp", ".hpp", ".cc")
SCRIPTS = (".py", ".sh", ".cmake")

# Who may use what of the host: (words, what it is, folders that may).
HOST_FOLDERS = ("emu/host/", "emu/cli/", "fakes/windows/", "fakes/linux/", "provider_sim/fuse/",
                "tests/", "bench/", "examples/")
HOST_WORDS = (
    (r"time|clock_gettime|gettimeofday|clock|localtime|gmtime|timespec_get", "the host's clock",
     HOST_FOLDERS),
    (r"sleep|usleep|nanosleep|clock_nanosleep|alarm|setitimer", "sleeping", HOST_FOLDERS),
    (r"rand|srand|random|srandom|rand_r|drand48|getrandom|getentropy|arc4random",
     "random numbers of the host", HOST_FOLDERS),
    (r"open|openat|fopen|opendir|creat|mkstemp|mkdtemp|fdopen", "files of the host",
     HOST_FOLDERS + ("fakes/requester/", "emu/doc/xml.c")),    # configurations lie on the host
    (r"pthread_\w+|thrd_\w+|mtx_\w+|cnd_\w+|fork|vfork|posix_spawn|clone", "threads and processes",
     HOST_FOLDERS + ("provider_sim/cow/cow_port",)),           # files are used from any thread
)

MACHINE_PATHS = re.compile(r"(?<![\w.])/(?:work|home|root|Users)/[A-Za-z0-9_.-]+")
TODO = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b(?!\(#\d+\))")
GOTO = re.compile(r"^\s*goto\s+\w+\s*;")
TYPEDEF = re.compile(r"^\s*typedef\s+(?:struct|union|enum)\b")


def listed(*options):
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z", *options]
    listing = subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    for name in listing.stdout.decode(errors="surrogateescape").split("\0"):
        if name and (ROOT / name).is_file():
            yield name


def tracked_files():
    yield from listed("--cached")
    for name in listed("--others", "--exclude-standard"):
        if name.endswith(CODE + SCRIPTS + (".md", "CMakeLists.txt")):
            yield name


def without_comments_and_texts(text):
    """The same lines, with comments, strings and characters blanked out."""
    pattern = re.compile(r"//[^\n]*|/\*.*?\*/|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])+'", re.S)
    return pattern.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), text)


def functions(lines):
    """Yields (name, first line, number of lines) of each function: K&R, brace in column 0."""
    start = None
    for number, line in enumerate(lines):
        if line.startswith("{") and number and start is None:
            start = number
        elif line.startswith("}") and start is not None:
            if not line.startswith(("};", "} ")):
                head = start - 1
                while head > 0 and (lines[head].startswith((" ", "\t"))) and lines[head].strip():
                    head -= 1
                name = re.search(r"([A-Za-z_~]\w*)\s*\(", lines[head])
                if name:
                    yield name.group(1), head + 1, number - head + 1
            start = None


def check_lines(name, lines):
    is_code = name.endswith(CODE)
    is_table = False
    for number, line in enumerate(lines, 1):
        if "clang-format o" in line:
            is_table = "clang-format off" in line
        where = f"{name}:{number}:"
        if line != line.rstrip() and not name.endswith((".md", ".txt")):
            yield f"{where} blanks at the end of the line"
        if line.startswith(("<<<<<<< ", ">>>>>>> ")):
            yield f"{where} a conflict that was not resolved"
        if MACHINE_PATHS.search(line):
            yield f"{where} a path of somebody's machine"
        if name != "ci/tidy.py" and TODO.search(line) and is_code:
            yield f"{where} a to-do names its issue: TODO(#7)"
        if is_code and not is_table and len(line) > LINE_COLUMNS:
            yield f"{where} {len(line)} columns, {LINE_COLUMNS} is the limit"
        if is_code and "\t" in line:
            yield f"{where} a tab"


def check_code(name, lines):
    for number, line in enumerate(lines, 1):
        where = f"{name}:{number}:"
        if GOTO.match(line) and name.endswith(".c"):
            yield f"{where} goto: return early, let cleanup attributes work"
        if TYPEDEF.match(line) and not name.startswith(("emu/include/", "fakes/windows/", "tests/",
                                                        "examples/")):
            yield f"{where} typedef of a struct: write `struct name`"
        for words, what, folders in HOST_WORDS:
            found = re.search(rf"(?<![\w.>])(?:{words})\s*\(", line)
            if found and not name.startswith(folders):
                yield f"{where} {found.group()[:-1].strip()}: {what} come through emu/port"


def check_head(name, lines):
    if name.endswith(CODE + SCRIPTS) or name.endswith("CMakeLists.txt"):
        if not any("SPDX-License-Identifier: MIT" in line for line in lines[:3]):
            yield f"{name}:1: the line SPDX-License-Identifier: MIT is missing"


def lengths(name, plain):
    if len(plain) > FILE_LINES:
        yield f"file {name}", len(plain)
    for function, _, n_lines in functions(plain):
        if n_lines > FUNCTION_LINES:
            yield f"function {name} {function}", n_lines


def read_ratchet():
    accepted = {}
    if RATCHET.exists():
        for line in RATCHET.read_text().splitlines():
            if line and not line.startswith("#"):
                what, n_lines = line.rsplit(" ", 1)
                accepted[what] = int(n_lines)
    return accepted


def write_ratchet(long_ones):
    head = ("# What is longer than ci/tidy.py's limits, with its number of lines: may shrink, not grow.\n"
            "# Rewritten by ci/tidy.py --accept.\n")
    RATCHET.write_text(head + "".join(f"{what} {n}\n" for what, n in sorted(long_ones.items())))


def main():
    wrong, long_ones = [], {}
    for name in tracked_files():
        data = (ROOT / name).read_bytes()
        if b"\0" in data or name.endswith(".jsonl") or name.startswith(BYTES_AS_THEY_ARE):
            continue
        text = data.decode(errors="replace")
        lines = text.split("\n")[:-1] if text.endswith("\n") else text.split("\n")
        if text and not text.endswith("\n"):
            wrong.append(f"{name}:{len(lines)}: no newline at the end")
        wrong += check_head(name, lines)
        wrong += check_lines(name, lines)
        if name.endswith(CODE):
            plain = without_comments_and_texts(text).split("\n")
            wrong += check_code(name, plain)
            long_ones.update(lengths(name, plain))
    if "--accept" in sys.argv[1:]:
        write_ratchet(long_ones)
    accepted = read_ratchet()
    for what, n_lines in long_ones.items():
        if n_lines > accepted.get(what, 0):
            limit = FILE_LINES if what.startswith("file") else FUNCTION_LINES
            wrong.append(f"{what}: {n_lines} lines, {accepted.get(what, limit)} is the limit")
    print("\n".join(wrong), end="\n" if wrong else "")
    return 1 if wrong else 0


sys.exit(main())
