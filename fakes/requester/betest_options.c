/* SPDX-License-Identifier: MIT */
/* The command line of betest. Options as the SDK's tool has them; their values are the next
 * argument. What the tool knows and this one does not yet is said, never ignored. */
#include "fakes/requester/betest.h"

#include "emu/base/str.h"

#include <string.h>

static const char help_text[] =
    "usage: betest [/B | /R] [/S FILE] [/D DIR] [/X CONFIG] [/V]\n"
    "  /B         back up only          /R  restore only (needs /S); neither: one after the other\n"
    "  /S FILE    the backup components document to save or to restore from; the writers'\n"
    "             metadata documents lie beside it (FILE with .writers before its suffix)\n"
    "  /D DIR     where copied files are kept; a backup wants it empty or not there\n"
    "  /X CONFIG  which components (BETest XML); without it: all\n"
    "  /V         say more\n"
    "  Options may also begin with a minus. File names are the host's.\n"
    "exit: 0 done, 1 wrong command line, 2 a VSS call failed, 3 a writer or component failed,\n"
    "      4 a document, configuration or store cannot be used\n";

/* The rest of the SDK tool's options (Learn: "BETest Tool"). */
static const char *const later_options[] = {
    "C", "T", "Pre", "P", "O", "Rollback", "Snapshot", "BC", "NBC", "Auth", "StopError",
};

static bool complain(const char *format, const char *word)
{
    auto_str struct str line = { 0 };

    str_add(&line, "betest: ");
    str_addf(&line, format, word);
    fprintf(stderr, "%s\nbetest: /? explains\n", line.text);
    return false;
}

/* Where the value of the option named `name` goes; NULL if it takes none. */
static const char **value_of(struct betest_options *options, const char *name)
{
    if (str_is_equal_nocase(name, "S"))
        return &options->document;
    if (str_is_equal_nocase(name, "D"))
        return &options->store;
    if (str_is_equal_nocase(name, "X"))
        return &options->configuration;
    return NULL;
}

static bool *switch_of(struct betest_options *options, const char *name)
{
    if (str_is_equal_nocase(name, "B"))
        return &options->backup;
    if (str_is_equal_nocase(name, "R"))
        return &options->restore;
    if (str_is_equal_nocase(name, "V"))
        return &options->verbose;
    return NULL;
}

static bool is_later(const char *name)
{
    for (size_t i = 0; i < sizeof(later_options) / sizeof(*later_options); i++)
        if (str_is_equal_nocase(name, later_options[i]))
            return true;
    return false;
}

static bool check_whole(struct betest_options *options)
{
    if (options->backup && options->restore)
        return complain("%s exclude each other (leave both out to do both)", "/B and /R");
    if (options->restore && !options->document)
        return complain("%s needs the document of the backup: /S FILE", "/R");
    if (!options->backup && !options->restore) {
        if (!options->document || !options->store)
            return complain("%s needs /S FILE and /D DIR",
                            "a backup with restore (neither /B nor /R)");
        options->backup = options->restore = true;
    }
    return true;
}

bool betest_options_parse(int argc, char **argv, struct betest_options *ret_options, bool *ret_help)
{
    *ret_options = (struct betest_options){ 0 };
    *ret_help = false;

    for (int i = 1; i < argc; i++) {
        const char *name = argv[i] + 1 + str_starts_with(argv[i], "--");

        if (argv[i][0] != '/' && argv[i][0] != '-')
            return complain("\"%s\" is no option", argv[i]);
        if (str_is_equal(name, "?") || str_is_equal_nocase(name, "help")) {
            fputs(help_text, stdout);
            *ret_help = true;
            return false;
        }
        const char **value = value_of(ret_options, name);
        bool *on = switch_of(ret_options, name);
        if (value) {
            if (*value)
                return complain("%s is given twice", argv[i]);
            if (i + 1 >= argc || !argv[i + 1][0])
                return complain("%s needs a value as the next argument", argv[i]);
            *value = argv[++i];
        } else if (on) {
            *on = true;
        } else if (is_later(name)) {
            return complain("%s is an option of BETest that is not there yet", argv[i]);
        } else {
            return complain("unknown option %s", argv[i]);
        }
    }
    return check_whole(ret_options);
}
