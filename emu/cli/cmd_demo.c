/* SPDX-License-Identifier: MIT */
/* vssemu demo: a complete backup of real files that one can watch. This file prepares the scene and
 * tells the reader what to look at; what happens in it does build/bin/vssemu-demo-program
 * (examples/demo), which is a program under test like any other and gets
 *
 *     --files 'C:\files'                the folder whose backup the Test Writer offers
 *     --database 'C:\database\bank.db'  made, kept busy, and guarded by the SQLite writer
 *     --configuration FILE              BETest file: what to back up
 *     --document demo.backup.xml        where the documents go (and demo.backup.writers.xml)
 *     --store DIR                       where the copies go, outside the volume
 *     --mount DIR                       where C: is mounted; left out when it is not
 *
 * and answers 0 when everything came back byte for byte. */
#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/cli/command.h"
#include "emu/cli/demo_files.h"
#include "emu/cli/input_files.h"
#include "emu/cli/interrupt.h"
#include "emu/cli/launch.h"
#include "emu/cli/program_path.h"
#include "emu/cli/say.h"
#include "provider_sim/fuse/cow_server.h"
#include "emu/host/host_tree.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEMO_PROGRAM  "vssemu-demo-program"
#define DEMO_FILES    2200
#define TRACE_FILE    "demo.trace.jsonl"
#define DOCUMENT_FILE "demo.backup.xml"
#define WRITERS_FILE  "demo.backup.writers.xml"

struct demo_options {
    const char *directory;
    bool has_no_mount;
    bool is_kept;
};

/* Everything lies in one folder of its own: volume (C:), mount, store, and the two XML files. */
struct demo {
    struct demo_options options;
    char *folder, *volume, *files, *database, *mount, *store, *writer_file, *requester_file;
    bool is_mounted;
};

static bool set_directory(void *target, const char *value)
{
    ((struct demo_options *)target)->directory = value;
    return true;
}

static bool set_no_mount(void *target, const char *value)
{
    (void)value;
    ((struct demo_options *)target)->has_no_mount = true;
    return true;
}

static bool set_keep(void *target, const char *value)
{
    (void)value;
    ((struct demo_options *)target)->is_kept = true;
    return true;
}

static const struct option_row demo_rows[] = {
    { "dir", "DIR", "where the demo's folder is made (the directory for temporary files)",
      set_directory },
    { "no-mount", NULL, "do not use FUSE even where it works", set_no_mount },
    { "keep", NULL, "keep the folder: the volume, its copies, the configurations", set_keep },
    { NULL, NULL, NULL, NULL },
};

static const char test_writer_text[] =
    "<TestWriter usage=\"USER_DATA\" verbosity=\"low\" supportsCopy=\"yes\">\n"
    "  <RestoreMethod method=\"RESTORE_IF_CAN_BE_REPLACED\" writerRestore=\"always\" "
    "rebootRequired=\"no\"/>\n"
    "  <Component componentType=\"filegroup\" logicalPath=\"Demo\" componentName=\"Files\" "
    "selectable=\"yes\">\n"
    "    <ComponentFile path=\"C:\\files\" filespec=\"*\" recursive=\"yes\"/>\n"
    "  </Component>\n"
    "</TestWriter>\n";

/* The class of every Test Writer, those of examples/sqlite_writer.cpp and examples/writer.cpp. */
static const char requester_text[] =
    "<BETest>\n"
    "  <Writer writerid=\"5affb034-969f-4919-8875-88f830d0ef89\">\n"
    "    <Component logicalPath=\"Demo\" componentName=\"Files\"/>\n"
    "  </Writer>\n"
    "  <Writer writerid=\"2b6c0d35-8a51-4f7e-9d11-3e5247c06a94\">\n"
    "    <Component componentName=\"bank.db\"/>\n"
    "  </Writer>\n"
    "  <Writer writerid=\"8a1c5f30-2d8e-4f43-9b61-3e70c4d215aa\">\n"
    "    <Component componentName=\"Journal\"/>\n"
    "  </Writer>\n"
    "</BETest>\n";

static bool write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "we");

    if (!file || fputs(text, file) < 0 || fclose(file) != 0) {
        say("%s cannot be written: %s", path, strerror(errno));
        return false;
    }
    return true;
}

static bool make_directory(const char *path)
{
    if (mkdir(path, 0755) == 0)
        return true;
    say("%s cannot be made: %s", path, strerror(errno));
    return false;
}

static void demo_fini(struct demo *demo)
{
    if (demo->folder && !demo->options.is_kept)
        host_tree_remove(demo->folder);
    free(demo->folder);
    free(demo->volume);
    free(demo->files);
    free(demo->database);
    free(demo->mount);
    free(demo->store);
    free(demo->writer_file);
    free(demo->requester_file);
}

static bool make_folder(struct demo *demo)
{
    auto_free char *folder = input_temporary(demo->options.directory, "demo");

    if (!mkdtemp(folder)) {
        say("%s cannot be made: %s", folder, strerror(errno));
        return false;
    }
    demo->folder = input_absolute_path(folder);
    demo->volume = str_printf("%s/volume-c", demo->folder);
    demo->files = str_printf("%s/files", demo->volume);
    demo->database = str_printf("%s/database", demo->volume);
    demo->mount = str_printf("%s/mount-c", demo->folder);
    demo->store = str_printf("%s/store", demo->folder);
    demo->writer_file = str_printf("%s/test-writer.xml", demo->folder);
    demo->requester_file = str_printf("%s/betest.xml", demo->folder);
    return make_directory(demo->volume) && make_directory(demo->files) &&
           make_directory(demo->database) && make_directory(demo->mount) &&
           make_directory(demo->store) && write_text(demo->writer_file, test_writer_text) &&
           write_text(demo->requester_file, requester_text);
}

static bool fill_volume(struct demo *demo)
{
    struct demo_files files;
    int error = demo_files_make(demo->files, DEMO_FILES, &files);

    if (interrupt_came())
        return false;
    if (error < 0) {
        say("the demo's files cannot be made in %s: %s", demo->files, strerror(-error));
        return false;
    }
    printf("Volume C: is the directory %s:\n"
           "  %zu files of this machine%s in %zu folders, %.1f MB.\n",
           demo->volume, files.n_copied, files.n_made ? " (and some made up)" : "", files.n_folders,
           (double)files.n_bytes / 1e6);
    return true;
}

/* Mounted where that is possible; if not, the reader is told why. */
static void choose_mount(struct demo *demo)
{
    const char *obstacle = cow_server_obstacle();

    demo->is_mounted = !demo->options.has_no_mount && !obstacle;
    if (demo->is_mounted)
        printf("It is mounted through FUSE at %s.\n", demo->mount);
    else
        printf("It is not mounted (%s): the copy-on-write store works inside the program, and\n"
               "SQLite reaches the database through a small VFS over the volume.\n",
               demo->options.has_no_mount ? "--no-mount" : obstacle);
}

static int run_program(struct demo *demo)
{
    const char *writers[] = { demo->writer_file };
    char *argv[] = { DEMO_PROGRAM,
                     "--files",
                     "C:\\files",
                     "--database",
                     "C:\\database\\bank.db",
                     "--configuration",
                     demo->requester_file,
                     "--document",
                     DOCUMENT_FILE,
                     "--store",
                     demo->store,
                     demo->is_mounted ? "--mount" : NULL,
                     demo->mount,
                     NULL };
    struct launch_plan plan = {
        .volumes = { { .letter = 'C', .directory = demo->volume, .mount_path = demo->mount } },
        .n_volumes = 1,
        .is_mounted = demo->is_mounted,
        .writers = writers,
        .n_writers = 1,
        .trace_path = TRACE_FILE,
        .protocol = stdout,
        .has_colours = isatty(STDOUT_FILENO),
        .argv = argv,
    };

    printf("\nWhat happens, one line each (writers' states as VSS_WS_...):\n\n");
    fflush(stdout);
    return launch(&plan);
}

static void print_summary(const struct demo *demo, int code)
{
    auto_free char *bin = program_own_directory();

    printf("\n%s\n\nLeft here:\n"
           "  %-25s what you saw, a line of JSON each (docs/trace-format.md)\n"
           "  %-25s the backup components document that the requester saved\n"
           "  %-25s what the writers told about themselves\n",
           code == 0 ? "The backup is complete: everything came back byte for byte."
                     : "The demo FAILED; the lines above and the trace say where.",
           TRACE_FILE, DOCUMENT_FILE, WRITERS_FILE);
    if (demo->options.is_kept)
        printf("  %s\n  %-25s volume, store and configurations (--keep)\n", demo->folder, "");
    printf(
        "\nTry next:\n"
        "  grep '\"writer SQLite' " TRACE_FILE "\n"
        "      one thread of the story: what the database's writer was told\n"
        "  %s/vssemu states\n"
        "      the rules behind it, as tables\n"
        "  mkdir c && %s/vssemu run --verbose --clock virtual --volume C:=c -- %s/example-writer\n"
        "      a writer alone: the built-in requester backs it up (examples/writer.cpp)\n"
        "  %s/vssemu help run\n"
        "      your own requester or writer in such a world\n",
        bin, bin, bin, bin);
}

static int run(const struct command *command, int argc, char **argv)
{
    struct demo demo = { 0 };
    int first = command_parse(command, argc, argv, &demo.options);
    int code = EXIT_NO_WORLD;

    if (first < 0)
        return EXIT_BAD_USAGE;
    if (first < argc) {
        say("demo takes no argument %s; `vssemu help demo` explains it", argv[first]);
        return EXIT_BAD_USAGE;
    }
    interrupt_begin();
    if (make_folder(&demo) && fill_volume(&demo)) {
        choose_mount(&demo);
        code = run_program(&demo);
        print_summary(&demo, code);
    }
    demo_fini(&demo);
    interrupt_end();
    return code;
}

const struct command cmd_demo = {
    .name = "demo",
    .summary = "shows a complete backup and restore of real files",
    .usage = "[OPTIONS]",
    .options = demo_rows,
    .more =
        "Makes a volume with over two thousand files of this machine and a busy SQLite database,\n"
        "backs it up with three writers while the database goes on working, reads the copies from\n"
        "the snapshot, damages and deletes originals, restores and compares. Leaves\n" TRACE_FILE
        ", " DOCUMENT_FILE " and " WRITERS_FILE "\nin the current directory.\n",
    .run = run,
};
