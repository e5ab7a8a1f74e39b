/* SPDX-License-Identifier: MIT */
/* Response files: the word @FILE on a command line stands for the words in that file, by gcc's
 * rules: blanks separate, ' and " quote, a backslash takes the next character as it is, files may
 * name further files, and a word whose file cannot be read stays a word. */
#pragma once

#include "emu/base/array.h"

#include <stdbool.h>

struct word_list {
    ARRAY(char *) words; /* the list's own */
};

/* Adds argv[1..] with every file replaced. False when files name each other in a circle. */
bool response_expand(struct word_list *list, int argc, char **argv);
void word_list_free(struct word_list *list);
