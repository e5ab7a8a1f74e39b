/* SPDX-License-Identifier: MIT */
/* See command.h. */
#include "emu/cli/command.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/cli/say.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#define FIRST_OPTION 256 /* values of getopt_long, above every character */
#define TEXT_COLUMN  30  /* of the help: two blanks after the longest option */

static size_t count_options(const struct command *command)
{
    size_t n = 0;

    while (command->options && command->options[n].name)
        n++;
    return n;
}

static struct option *getopt_table(const struct command *command, size_t n_options)
{
    struct option *table = mem_alloc((n_options + 1) * sizeof(*table));

    for (size_t i = 0; i < n_options; i++) {
        table[i].name = command->options[i].name;
        const char *value = command->options[i].value;
        table[i].has_arg = !value            ? no_argument
                           : value[0] == '[' ? optional_argument
                                             : required_argument;
        table[i].val = FIRST_OPTION + (int)i;
    }
    return table;
}

/* The row of what getopt_long has found, NULL: none. */
static const struct option_row *row_of(const struct command *command, int found)
{
    if (found >= FIRST_OPTION)
        return &command->options[found - FIRST_OPTION];
    for (size_t i = 0; i < count_options(command); i++) {
        if (command->letters && strchr(command->letters, found) &&
            command->options[i].name[0] == found)
            return &command->options[i];
    }
    return NULL;
}

static void say_what_is_wrong(const struct command *command, int found, char **argv)
{
    const char *word = argv[optind - 1];

    if (found == ':')
        say("%s needs a value; `vssemu help %s` explains it", word, command->name);
    else if (optopt >= FIRST_OPTION)
        say("%s takes no value; `vssemu help %s` explains it", word, command->name);
    else
        say("%s has no option %s; `vssemu help %s` lists them", command->name, word, command->name);
}

static int parse(const struct command *command, int argc, char **argv, void *target,
                 const char *style)
{
    size_t n_options = count_options(command);
    auto_free struct option *table = getopt_table(command, n_options);
    auto_free char *letters = str_printf("%s%s", style, command->letters ? command->letters : "");
    int found;

    optind = 0;
    opterr = 0;
    while ((found = getopt_long(argc, argv, letters, table, NULL)) != -1) {
        const struct option_row *row = row_of(command, found);

        if (!row)
            say_what_is_wrong(command, found, argv);
        if (!row || !row->set(target, optarg))
            return -1;
    }
    return optind;
}

int command_parse(const struct command *command, int argc, char **argv, void *target)
{
    return parse(command, argc, argv, target, "+:");
}

int command_parse_mixed(const struct command *command, int argc, char **argv, void *target)
{
    return parse(command, argc, argv, target, ":");
}

void command_print_help(const struct command *command)
{
    bool has_usage = command->usage && *command->usage;

    printf("vssemu %s - %s\n\nUsage: vssemu %s%s%s\n", command->name, command->summary,
           command->name, has_usage ? " " : "", has_usage ? command->usage : "");
    if (count_options(command))
        printf("\nOptions:\n");
    for (size_t i = 0; i < count_options(command); i++) {
        const struct option_row *row = &command->options[i];
        const char *gap = row->value && row->value[0] == '[' ? "" : " ";
        int width = printf("  --%s%s%s", row->name, gap, row->value ? row->value : "");

        printf("%*s%s\n", width < TEXT_COLUMN ? TEXT_COLUMN - width : 1, "", row->help);
    }
    if (command->more)
        printf("\n%s", command->more);
}
