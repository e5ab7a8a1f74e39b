/* SPDX-License-Identifier: MIT */
/* The command line of betest. Options as the SDK's tool has them (Learn: "BETest Tool"); a value is
 * the next argument. One table says what there is, two others what does not go together and what
 * needs what; each row is the sentence that a user reads, with what to do instead. */
#include "fakes/requester/betest.h"
#include "fakes/requester/betest_help.h"

#include "emu/base/str.h"

#include <stddef.h>
#include <string.h>

enum option_kind { SWITCH, VALUE, TYPE };

/* The order of option_rows. */
enum option {
    OPT_B,
    OPT_R,
    OPT_BC,
    OPT_NBC,
    OPT_SNAPSHOT,
    OPT_S,
    OPT_D,
    OPT_X,
    OPT_C,
    OPT_T,
    OPT_PRE,
    OPT_P,
    OPT_O,
    OPT_ROLLBACK,
    OPT_AUTH,
    OPT_NEW_TARGET,
    OPT_STOP_ERROR,
    OPT_V,
    N_OPTIONS
};

#define FIELD(name) offsetof(struct betest_options, name)
/* clang-format off */
static const struct {
    const char *name;
    enum option_kind kind;
    size_t field;
} option_rows[N_OPTIONS] = {
    [OPT_B]          = { "B",         SWITCH, FIELD(backup) },
    [OPT_R]          = { "R",         SWITCH, FIELD(restore) },
    [OPT_BC]         = { "BC",        SWITCH, FIELD(complete_only) },
    [OPT_NBC]        = { "NBC",       SWITCH, FIELD(never_complete) },
    [OPT_SNAPSHOT]   = { "Snapshot",  SWITCH, FIELD(snapshot_only) },
    [OPT_S]          = { "S",         VALUE,  FIELD(document) },
    [OPT_D]          = { "D",         VALUE,  FIELD(store) },
    [OPT_X]          = { "X",         VALUE,  FIELD(configuration) },
    [OPT_C]          = { "C",         VALUE,  FIELD(component_list) },
    [OPT_T]          = { "T",         TYPE,   FIELD(type) },
    [OPT_PRE]        = { "Pre",       VALUE,  FIELD(previous) },
    [OPT_P]          = { "P",         SWITCH, FIELD(persistent) },
    [OPT_O]          = { "O",         SWITCH, FIELD(bootable_state) },
    [OPT_ROLLBACK]   = { "Rollback",  SWITCH, FIELD(rollback) },
    [OPT_AUTH]       = { "Auth",      SWITCH, FIELD(authoritative) },
    [OPT_NEW_TARGET] = { "NewTarget", VALUE,  FIELD(new_target) },
    [OPT_STOP_ERROR] = { "StopError", SWITCH, FIELD(stop_at_error) },
    [OPT_V]          = { "V",         SWITCH, FIELD(verbose) },
};

static const struct {
    enum option one, other;
    const char *sentence;
} exclusions[] = {
    { OPT_B, OPT_R, "/B and /R exclude each other: leave both out to back up and then restore" },
    { OPT_BC, OPT_NBC, "/BC and /NBC exclude each other: one is only BackupComplete, the other all "
                       "but it" },
    { OPT_X, OPT_C, "/X and /C exclude each other: name the components in one file" },
    { OPT_SNAPSHOT, OPT_R, "/Snapshot restores nothing: leave /R out" },
    { OPT_SNAPSHOT, OPT_D, "/Snapshot copies no files: leave /D out, or back up with /B" },
    { OPT_SNAPSHOT, OPT_BC, "/Snapshot makes a shadow copy and /BC makes none: leave one out" },
    { OPT_SNAPSHOT, OPT_AUTH, "/Auth belongs to a restore, and /Snapshot restores nothing" },
    { OPT_SNAPSHOT, OPT_NEW_TARGET, "/NewTarget belongs to a restore, and /Snapshot restores "
                                    "nothing" },
    { OPT_BC, OPT_R, "/BC ends a backup: leave /R out" },
    { OPT_BC, OPT_D, "/BC copies no files: leave /D out" },
    { OPT_BC, OPT_P, "/BC makes no shadow copy that could be persistent: leave /P out" },
    { OPT_BC, OPT_ROLLBACK, "/BC makes no shadow copy: leave /Rollback out" },
    { OPT_BC, OPT_PRE, "/BC copies no files that /Pre could be compared with: leave /Pre out" },
    { OPT_BC, OPT_AUTH, "/Auth belongs to a restore, and /BC restores nothing" },
    { OPT_BC, OPT_NEW_TARGET, "/NewTarget belongs to a restore, and /BC restores nothing" },
    { OPT_R, OPT_NBC, "/NBC belongs to a backup: leave it out, a restore has no BackupComplete" },
    { OPT_R, OPT_T, "/T is the type of a backup; a restore takes it from the document: leave /T "
                    "out" },
    { OPT_R, OPT_P, "/P belongs to a backup: a restore makes no shadow copy" },
    { OPT_R, OPT_ROLLBACK, "/Rollback belongs to a backup: a restore makes no shadow copy" },
    { OPT_R, OPT_O, "/O belongs to a backup: leave it out" },
    { OPT_B, OPT_AUTH, "/Auth belongs to a restore: give /R instead of /B" },
    { OPT_B, OPT_NEW_TARGET, "/NewTarget belongs to a restore: give /R instead of /B" },
};
/* clang-format on */

static const char *const type_words[BETEST_N_TYPES] = {
    [BETEST_FULL] = "FULL",
    [BETEST_INCREMENTAL] = "INCREMENTAL",
    [BETEST_DIFFERENTIAL] = "DIFFERENTIAL",
    [BETEST_LOG] = "LOG",
    [BETEST_COPY] = "COPY",
};

const char *betest_type_word(enum betest_type type)
{
    return type_words[type];
}

bool betest_type_of_word(const char *word, enum betest_type *ret)
{
    for (int i = 0; i < BETEST_N_TYPES; i++) {
        if (!str_is_equal_nocase(word, type_words[i]))
            continue;
        *ret = (enum betest_type)i;
        return true;
    }
    return false;
}

struct parsing {
    struct betest_options *options;
    bool is_given[N_OPTIONS];
};

static bool complain(const char *format, ...) __attribute__((format(printf, 1, 2)));
static bool complain(const char *format, ...)
{
    auto_str struct str line = { 0 };
    va_list args;

    va_start(args, format);
    str_add(&line, "betest: ");
    str_vaddf(&line, format, args);
    va_end(args);
    fprintf(stderr, "%s\nbetest: /? explains\n", line.text);
    return false;
}

static bool find_option(const char *name, enum option *ret)
{
    for (int i = 0; i < N_OPTIONS; i++) {
        if (!str_is_equal_nocase(name, option_rows[i].name))
            continue;
        *ret = (enum option)i;
        return true;
    }
    return false;
}

static bool take_value(struct parsing *p, enum option option, const char *word, char *value)
{
    void *field = (char *)p->options + option_rows[option].field;

    if (p->is_given[option])
        return complain("%s is given twice", word);
    if (!value || !value[0])
        return complain("%s needs a value as the next argument", word);
    if (option_rows[option].kind == VALUE)
        *(const char **)field = value;
    else if (!betest_type_of_word(value, field))
        return complain("%s %s: there is no such type; FULL, INCREMENTAL, DIFFERENTIAL, LOG or "
                        "COPY is expected",
                        word, value);
    return true;
}

/* ---- the line as a whole ---- */

static bool check_exclusions(const struct parsing *p)
{
    for (size_t i = 0; i < sizeof(exclusions) / sizeof(*exclusions); i++)
        if (p->is_given[exclusions[i].one] && p->is_given[exclusions[i].other])
            return complain("%s", exclusions[i].sentence);
    return true;
}

static bool builds_on_another(enum betest_type type)
{
    return type == BETEST_INCREMENTAL || type == BETEST_DIFFERENTIAL;
}

static bool check_needs(const struct parsing *p)
{
    const struct betest_options *options = p->options;
    const char *equals = options->new_target ? strchr(options->new_target, '=') : NULL;

    if (p->is_given[OPT_R] && !options->document)
        return complain("/R needs the document of the backup: /S FILE");
    if (builds_on_another(options->type) && !options->previous)
        return complain("/T %s needs the document of the backup that it builds on: /Pre FILE",
                        betest_type_word(options->type));
    if (options->previous && !options->restore && !builds_on_another(options->type) &&
        options->type != BETEST_LOG)
        return complain("/Pre names what another backup builds on: give /T INCREMENTAL, "
                        "DIFFERENTIAL or LOG with it, or /R");
    if (options->new_target && (!equals || equals == options->new_target || !equals[1]))
        return complain("/NewTarget %s: the old and the new directory with an equals sign between "
                        "are expected, such as C:\\data=D:\\restored",
                        options->new_target);
    return true;
}

static bool check_whole(struct parsing *p)
{
    struct betest_options *options = p->options;
    bool is_all =
        !options->backup && !options->restore && !options->snapshot_only && !options->complete_only;

    if (!check_exclusions(p) || !check_needs(p))
        return false;
    if (is_all && (!options->document || !options->store))
        return complain("a backup with restore (neither /B nor /R) needs /S FILE and /D DIR");
    if (!options->restore)
        options->backup = true;
    if (is_all)
        options->restore = true;
    /* A shadow copy alone saves nothing that writers could rely on. */
    if (options->snapshot_only && !p->is_given[OPT_T])
        options->type = BETEST_COPY;
    return true;
}

static bool is_help_word(const char *name)
{
    return str_is_equal(name, "?") || str_is_equal_nocase(name, "help") ||
           str_is_equal_nocase(name, "h");
}

bool betest_options_parse(int argc, char **argv, struct betest_options *ret_options, bool *ret_help)
{
    struct parsing p = { .options = ret_options };

    *ret_options = (struct betest_options){ 0 };
    *ret_help = false;
    for (int i = 1; i < argc; i++) {
        const char *name = argv[i] + 1 + str_starts_with(argv[i], "--");
        enum option option;

        if (argv[i][0] != '/' && argv[i][0] != '-')
            return complain("\"%s\" is no option: options begin with / or -", argv[i]);
        if (is_help_word(name)) {
            fputs(betest_help_text, stdout);
            *ret_help = true;
            return false;
        }
        if (!find_option(name, &option))
            return complain("unknown option %s", argv[i]);
        if (option_rows[option].kind == SWITCH) {
            *(bool *)((char *)ret_options + option_rows[option].field) = true;
        } else {
            char *value = i + 1 < argc ? argv[i + 1] : NULL;

            if (!take_value(&p, option, argv[i], value))
                return false;
            i++;
        }
        p.is_given[option] = true;
    }
    return check_whole(&p);
}
