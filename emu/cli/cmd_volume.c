/* SPDX-License-Identifier: MIT */
/* vssemu volume: the provider by itself: snapshots of a directory that nobody serves, and serving
 * one. */
#include "emu/cli/command.h"
#include "emu/cli/say.h"
#include "emu/cli/volume_directory.h"
#include "emu/cli/volume_mount.h"
#include "emu/cli/volume_report.h"
#include "emu/cli/volume_show.h"
#include "provider_sim/cow/cow_check.h"
#include "provider_sim/cow/cow_volume.h"

#include <errno.h>
#include <string.h>

#define EXIT_NOT_RIGHT 1

/* Bit by bit: an option, and what a word takes. */
enum { JSON = 1, FOREGROUND = 2, WRITEBACK = 4 };

struct volume_options {
    unsigned given;
};

static bool set_json(void *target, const char *value)
{
    (void)value;
    ((struct volume_options *)target)->given |= JSON;
    return true;
}

static bool set_foreground(void *target, const char *value)
{
    (void)value;
    ((struct volume_options *)target)->given |= FOREGROUND;
    return true;
}

static bool set_writeback(void *target, const char *value)
{
    (void)value;
    ((struct volume_options *)target)->given |= WRITEBACK;
    return true;
}

static bool is_json(const struct volume_options *options)
{
    return options->given & JSON;
}

static const struct option_row volume_rows[] = {
    { "json", NULL, "snapshot, list, show, check: print JSON", set_json },
    { "foreground", NULL, "mount, also -f: stay until it is unmounted", set_foreground },
    { "writeback", NULL, "mount: the kernel may keep writes for a while; faster, less safe",
      set_writeback },
    { NULL, NULL, NULL, NULL },
};

/* What one word does with an open volume; answers the exit code. */
typedef int volume_work(struct volume_directory *d, const struct volume_options *options,
                        char **words);

static int make_snapshot(struct volume_directory *d, const struct volume_options *options,
                         char **words)
{
    struct volume_snapshot snapshot;

    (void)words;
    if (!volume_directory_snapshot(d, &snapshot))
        return EXIT_NO_WORLD;
    volume_report_snapshot(&snapshot, is_json(options));
    return 0;
}

static int list(struct volume_directory *d, const struct volume_options *options, char **words)
{
    (void)words;
    volume_report_list(d, is_json(options));
    return 0;
}

static int show(struct volume_directory *d, const struct volume_options *options, char **words)
{
    struct volume_snapshot snapshot;

    if (!volume_directory_find(d, words[0], &snapshot))
        return EXIT_BAD_USAGE;
    if (words[1])
        return volume_show_path(d, &snapshot, words[1], is_json(options));
    volume_report_snapshot(&snapshot, is_json(options));
    return is_json(options) || snapshot.is_lost ? 0 : volume_show_path(d, &snapshot, "", false);
}

static int revert(struct volume_directory *d, const struct volume_options *options, char **words)
{
    struct volume_snapshot snapshot;

    (void)options;
    if (!volume_directory_find(d, words[0], &snapshot))
        return EXIT_BAD_USAGE;
    int error = volume_directory_revert(d, snapshot.number);
    if (error == -ENXIO)
        say("snapshot %s is lost", snapshot.id);
    else if (error == -ENOSPC)
        say("there is no room to keep what later snapshots have, so the volume is put back to "
            "snapshot "
            "%s in part only; no snapshot is lost. Make room, or delete later ones, and revert "
            "again",
            snapshot.id);
    else if (error)
        say("the volume cannot be put back to snapshot %s: %s", snapshot.id,
            volume_directory_reason(error));
    return error ? EXIT_NO_WORLD : 0;
}

static int delete (struct volume_directory *d, const struct volume_options *options, char **words)
{
    struct volume_snapshot snapshot;

    (void)options;
    if (!volume_directory_find(d, words[0], &snapshot))
        return EXIT_BAD_USAGE;
    int error = volume_directory_delete(d, snapshot.number);
    if (error)
        say("snapshot %s cannot be deleted: %s", snapshot.id, volume_directory_reason(error));
    return error ? EXIT_NO_WORLD : 0;
}

static int tell_durable(struct volume_directory *d)
{
    bool is_on = false;
    int error = volume_directory_is_durable(d, &is_on);

    if (error)
        say("%s: %s", d->directory, volume_directory_reason(error));
    else
        volume_report_durable(is_on);
    return error ? EXIT_NO_WORLD : 0;
}

static int durable(struct volume_directory *d, const struct volume_options *options, char **words)
{
    bool is_on = words[0] && strcmp(words[0], "on") == 0;

    (void)options;
    if (words[0] && !is_on && strcmp(words[0], "off") != 0) {
        say("volume durable: on or off?");
        return EXIT_BAD_USAGE;
    }
    int error = words[0] ? volume_directory_set_durable(d, is_on) : 0;
    if (error) {
        say("%s: %s", d->directory, volume_directory_reason(error));
        return EXIT_NO_WORLD;
    }
    return tell_durable(d);
}

static int mount_it(const char *directory, const struct volume_options *options, char **arguments)
{
    return volume_mount(directory, arguments[0], options->given & FOREGROUND,
                        options->given & WRITEBACK);
}

static int unmount_it(const char *mount_point, const struct volume_options *options,
                      char **arguments)
{
    (void)options;
    (void)arguments;
    return volume_unmount(mount_point);
}

static int check(const char *directory, const struct volume_options *options, char **arguments)
{
    struct cow_area_report area;
    struct cow_block_report blocks = { 0 };
    struct volume_directory d;
    int code = volume_directory_lock_to_read(directory, &d);

    (void)arguments;
    if (!code)
        code = volume_directory_check(&d, &area, &blocks);
    if (!code && !volume_report_check(&d, &area, &blocks, is_json(options)))
        code = EXIT_NOT_RIGHT;
    volume_directory_close(&d);
    return code;
}

static const struct word {
    const char *name;
    volume_work *work; /* on an open volume; or else: */
    int (*by_itself)(const char *directory, const struct volume_options *options, char **arguments);
    int n_least, n_most; /* words behind the directory */
    unsigned takes;      /* options */
    int n_reads;         /* with so many words at most it changes nothing; -1: it always may */
} words[] = {
    { "snapshot", make_snapshot, NULL, 0, 0, JSON, -1 },
    { "list", list, NULL, 0, 0, JSON, 0 },
    { "show", show, NULL, 1, 2, JSON, 2 },
    { "revert", revert, NULL, 1, 1, 0, -1 },
    { "delete", delete, NULL, 1, 1, 0, -1 },
    { "durable", durable, NULL, 0, 1, 0, 0 },
    { "check", NULL, check, 0, 0, JSON, 0 },
    { "mount", NULL, mount_it, 1, 1, FOREGROUND | WRITEBACK, -1 },
    { "unmount", NULL, unmount_it, 0, 0, 0, -1 },
};

/* An option that another word has makes no sense here: says so. */
static bool is_of_word(const struct word *word, const struct volume_options *options)
{
    static const struct {
        unsigned option;
        const char *text;
    } rows[] = {
        { JSON, "--json belongs to snapshot, list, show and check" },
        { FOREGROUND, "--foreground belongs to mount" },
        { WRITEBACK, "--writeback belongs to mount" },
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (options->given & ~word->takes & rows[i].option) {
            say("volume %s: %s", word->name, rows[i].text);
            return false;
        }
    }
    return true;
}

static const struct word *find_word(const char *name)
{
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcmp(words[i].name, name) == 0)
            return &words[i];
    }
    return NULL;
}

static int on_open_volume(const char *directory, const struct word *word,
                          const struct volume_options *options, char **arguments)
{
    struct volume_directory d;
    int n = 0;

    while (arguments[n])
        n++;
    int code = n <= word->n_reads ? volume_directory_lock_to_read(directory, &d)
                                  : volume_directory_lock(directory, &d);

    if (!code)
        code = volume_directory_open(&d);
    if (!code)
        code = word->work(&d, options, arguments);
    volume_directory_close(&d);
    return code;
}

static int run_volume(const struct command *command, int argc, char **argv)
{
    struct volume_options options = { 0 };
    int first = command_parse_mixed(command, argc, argv, &options);

    if (first < 0)
        return EXIT_BAD_USAGE;
    const struct word *word = first < argc ? find_word(argv[first]) : NULL;
    int n = argc - first - 2;

    if (!word) {
        say("volume: which of snapshot, list, show, revert, delete, durable, check, mount, "
            "unmount?");
        return EXIT_BAD_USAGE;
    }
    if (n < word->n_least || n > word->n_most) {
        say("volume %s: %s; `vssemu help volume` shows how", word->name,
            n < word->n_least ? "something is missing" : "there is a word too many");
        return EXIT_BAD_USAGE;
    }
    if (!is_of_word(word, &options))
        return EXIT_BAD_USAGE;
    const char *directory = argv[first + 1];

    return word->work ? on_open_volume(directory, word, &options, argv + first + 2)
                      : word->by_itself(directory, &options, argv + first + 2);
}

const struct command cmd_volume = {
    .name = "volume",
    .summary = "snapshots of a directory: make, list, look into, put back, check; mounts one",
    .usage = "snapshot|list|check DIR\n"
             "       vssemu volume show DIR ID [PATH]\n"
             "       vssemu volume revert|delete DIR ID\n"
             "       vssemu volume durable DIR [on|off]\n"
             "       vssemu volume mount [-f] [--writeback] DIR MOUNTPOINT\n"
             "       vssemu volume unmount MOUNTPOINT",
    .options = volume_rows,
    .letters = "f",
    .more =
        "A volume is any directory, or one file of whole sectors: an image of a disk, whose\n"
        "snapshots are files. Snapshots made here are persistent: they stay until they\n"
        "are deleted, also after a kill, and are kept in `System Volume Information` of the\n"
        "directory (docs/diff-area-format.md). What changes in a directory that nobody serves\n"
        "is not preserved: the snapshots that may see it are reported lost.\n\n"
        "  snapshot  makes one, and prints its id and device\n"
        "  list      prints all, oldest first\n"
        "  show      prints one and what its root holds; with PATH, what a folder holds, or\n"
        "            the contents of a file; with --json an array of what a folder holds, or\n"
        "            what is known of a file\n"
        "  revert    puts the directory back to what the snapshot has; all snapshots stay\n"
        "  delete    gives up one\n"
        "  durable   whether snapshots outlast a loss of power, not only a kill: each first\n"
        "            change waits for the disk twice then; off at first, kept with the volume;\n"
        "            without on or off: says which it is\n"
        "  check     explains what is on disk, verifies every record and block, and says\n"
        "            which snapshots are right: 0 if all are, else 1\n"
        "  mount     serves the directory in the background: what is changed through the\n"
        "            mount is preserved for its snapshots, which stand in MOUNTPOINT/.vss;\n"
        "            with --writeback, what is not synced is lost when the server is killed\n"
        "  unmount   ends that, as fusermount3 -u does\n\n"
        "ID is what `list` prints: the id, the device, or its number. While a directory is\n"
        "served, by `volume mount` or `run --mount`, its server does all of this: what was\n"
        "written before, mapped pages too, is in a snapshot, and `path` of --json is where\n"
        "its files can be read. Only the server's user and root can ask.\n\n"
        "Exit code: 0; 1 check found something wrong; 120 the words make no sense, or there\n"
        "is no such snapshot; 121 the directory or snapshot cannot be used.",
    .run = run_volume,
};
