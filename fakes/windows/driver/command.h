/* SPDX-License-Identifier: MIT */
/* A command line that grows word by word and is then run and waited for. Words are borrowed, except
 * those added by command_add_owned. Zeroed it is empty. */
#pragma once

#include "emu/base/array.h"
#include "emu/base/str.h"

#include <stdbool.h>

struct command {
    ARRAY(const char *) words;
    ARRAY(char *) owned;
};

/* The name under which messages speak: "vssemu-cc" or "vssemu-c++". */
extern const char *driver_name;
void driver_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

void command_add(struct command *c, const char *word);
void command_add_owned(struct command *c, char *word); /* freed with the command */
void command_add_all(struct command *c, char *const *words, size_t n);
/* A program given as several words: "ccache g++". */
void command_add_words(struct command *c, const char *words);
void command_free(struct command *c);

/* Answers the exit status, 1 when the program cannot be started (a message says so). */
int command_run(struct command *c);

/* The same; output of the descriptors that are not NULL is collected. output NULL and error NULL is
 * command_run. In the locale C, so that messages can be read by programs. */
int command_run_captured(struct command *c, struct str *output, struct str *error);

/* Whether a program of this name is in PATH (or is a path of an executable file). */
bool command_is_there(const char *program);
