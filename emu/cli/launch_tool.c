/* SPDX-License-Identifier: MIT */
/* See launch_tool.h. */
#include "emu/cli/launch_tool.h"

#include "emu/base/array.h"
#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/cli/program_path.h"
#include "emu/cli/say.h"

#include <string.h>
#include <unistd.h>

typedef ARRAY(char *) words_array; /* NOLINT: a name for the type of a parameter */

/* One word; *text moves behind it. NULL: a quote is open. */
static char *take_word(const char **text)
{
    struct str word = { 0 };
    char quote = 0;
    const char *at = *text;

    for (; *at && (quote || !strchr(" \t\n", *at)); at++) {
        bool is_escape = *at == '\\' && quote != '\'' && at[1];

        if (is_escape)
            str_add_char(&word, *++at);
        else if (quote ? *at == quote : *at == '"' || *at == '\'')
            quote = quote ? 0 : *at;
        else
            str_add_char(&word, *at);
    }
    *text = at;
    char *taken = str_take(&word);
    if (!quote)
        return taken ? taken : mem_strdup("");
    free(taken);
    return NULL;
}

char **launch_tool_split(const char *text)
{
    words_array words = { 0 };

    while (*(text += strspn(text, " \t\n"))) {
        char *word = take_word(&text);

        if (!word) {
            array_add(&words, NULL);
            launch_tool_free(words.items);
            return NULL;
        }
        array_add(&words, word);
    }
    array_add(&words, NULL);
    return words.items;
}

void launch_tool_free(char **words)
{
    for (char **word = words; word && *word; word++)
        free(*word);
    free(words);
}

/* What ships beside the program: PREFIX/bin/vssemu has PREFIX/share/vssemu, a build as well. */
static char *shipped(const char *name)
{
    auto_free char *own = program_own_directory();

    return str_printf("%s/../share/vssemu/%s", own, name);
}

/* Leaks are memcheck's affair; the other tools know no such option. */
static bool is_memcheck(char *const *options)
{
    for (; *options; options++) {
        if (strncmp(*options, "--tool=", 7) == 0)
            return strcmp(*options + 7, "memcheck") == 0;
    }
    return true;
}

static void add_valgrind(words_array *words, char *const *options)
{
    auto_free char *suppressions = shipped("valgrind.supp");

    array_add(words, str_printf("--suppressions=%s", suppressions));
    if (is_memcheck(options))
        array_add(words, mem_strdup("--leak-check=full"));
    for (; *options; options++)
        array_add(words, mem_strdup(*options));
    array_add(words, mem_strdup("--"));
}

/* The printers are read before the program, so that options such as -ex find them. */
static void add_gdb(words_array *words, char *const *options)
{
    array_add(words, mem_strdup("--quiet"));
    array_add(words, mem_strdup("--return-child-result"));
    array_add(words, mem_strdup("-x"));
    array_add(words, shipped("vssemu-gdb.py"));
    for (; *options; options++)
        array_add(words, mem_strdup(*options));
    array_add(words, mem_strdup("--args"));
}

char **launch_tool_argv(enum launch_tool tool, const char *options, char *const *argv)
{
    const char *name = tool == LAUNCH_VALGRIND ? "valgrind" : "gdb";
    char **extra = launch_tool_split(options ? options : "");
    char *path = program_find(name);
    words_array words = { 0 };

    if (!extra)
        say("--%s=%s: a quote is not closed", name, options);
    else if (!path || access(path, X_OK) != 0)
        say("there is no %s here; on Debian it is in the package %s", name, name);
    if (!extra || !path) {
        launch_tool_free(extra);
        free(path);
        return NULL;
    }
    array_add(&words, path);
    if (tool == LAUNCH_VALGRIND)
        add_valgrind(&words, extra);
    else
        add_gdb(&words, extra);
    for (; *argv; argv++)
        array_add(&words, mem_strdup(*argv));
    array_add(&words, NULL);
    launch_tool_free(extra);
    return words.items;
}

int launch_tool_patience(enum launch_tool tool)
{
    return tool == LAUNCH_PLAIN ? 1 : tool == LAUNCH_VALGRIND ? 20 : 0;
}
