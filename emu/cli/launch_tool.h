/* SPDX-License-Identifier: MIT */
/* Running the program under Valgrind or gdb (--valgrind, --gdb): the command line that does it,
 * with what ships for it (share/vssemu: suppressions, pretty-printers). */
#pragma once

#include <stdbool.h>

enum launch_tool {
    LAUNCH_PLAIN,
    LAUNCH_VALGRIND,
    LAUNCH_GDB,
};

/* The words of a command line as a shell would split it, quotes and backslashes included; NULL when
 * a quote is not closed. Free with launch_tool_free. */
char **launch_tool_split(const char *text);

/* The tool with its options, then argv. NULL after saying why. Free with launch_tool_free. */
char **launch_tool_argv(enum launch_tool tool, const char *options, char *const *argv);
void launch_tool_free(char **words);

/* How much longer than alone the program may take to leave; 0: as long as it likes, because a
 * person may be looking at it. */
int launch_tool_patience(enum launch_tool tool);
