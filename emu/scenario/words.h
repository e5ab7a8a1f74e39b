/* SPDX-License-Identifier: MIT */
/* A line of words: separated by blanks; a word with blanks stands in double quotes, where a doubled
 * quote is one. And the word that somebody may have meant. */
#pragma once

#include "emu/base/array.h"

#include <stdbool.h>
#include <stddef.h>

struct words {
    char **items;
    size_t count, capacity;
};

/* False: a quote is open. *ret (uninitialised) is empty then. */
bool words_split(const char *line, struct words *ret);
void words_free(struct words *words);
/* In quotes where it has to be; the caller frees. */
char *word_quoted(const char *word);

#define auto_words __attribute__((cleanup(words_free)))

/* The candidate (get answers NULL behind the last) that is hardly different from the word, or
 * NULL. */
const char *word_nearest(const char *word, const char *(*get)(const void *arg, size_t i),
                         const void *arg);
