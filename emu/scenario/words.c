/* SPDX-License-Identifier: MIT */
#include "emu/scenario/words.h"

#include "emu/base/str.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

#define LONGEST_WORD 64 /* that somebody may have misspelt */

/* The word at *at, which moves behind it; NULL: a quote is open. */
static char *take_word(const char **at)
{
    struct str word = { 0 };
    const char *p = *at;
    bool is_quoted = *p == '"';

    for (p += is_quoted; *p; p++) {
        if (is_quoted && *p == '"' && p[1] == '"')
            p++;
        else if (is_quoted ? *p == '"' : isspace((unsigned char)*p))
            break;
        str_add_char(&word, *p);
    }
    if (is_quoted && *p != '"') {
        str_free(&word);
        return NULL;
    }
    *at = p + is_quoted;
    return str_take(&word);
}

bool words_split(const char *line, struct words *ret)
{
    *ret = (struct words){ 0 };
    for (;;) {
        while (isspace((unsigned char)*line))
            line++;
        if (!*line)
            return true;
        char *word = take_word(&line);

        if (!word) {
            words_free(ret);
            return false;
        }
        array_add(ret, word);
    }
}

void words_free(struct words *words)
{
    for (size_t i = 0; i < words->count; i++)
        free(words->items[i]);
    array_free(words);
}

char *word_quoted(const char *word)
{
    struct str out = { 0 };

    if (*word && *word != '"' && !strpbrk(word, " \t\n"))
        return mem_strdup(word);
    str_add_char(&out, '"');
    for (; *word; word++) {
        if (*word == '"')
            str_add_char(&out, '"');
        str_add_char(&out, *word);
    }
    str_add_char(&out, '"');
    return str_take(&out);
}

static unsigned least(unsigned a, unsigned b, unsigned c)
{
    unsigned ab = a < b ? a : b;

    return ab < c ? ab : c;
}

/* How many letters have to be added, dropped or changed. */
static unsigned distance(const char *a, const char *b)
{
    unsigned row[LONGEST_WORD + 1];
    size_t n = strlen(b);

    if (strlen(a) > LONGEST_WORD || n > LONGEST_WORD)
        return LONGEST_WORD;
    for (size_t j = 0; j <= n; j++)
        row[j] = (unsigned)j;
    for (size_t i = 1; a[i - 1]; i++) {
        unsigned diagonal = row[0];

        row[0] = (unsigned)i;
        for (size_t j = 1; j <= n; j++) {
            unsigned cost = tolower((unsigned char)a[i - 1]) != tolower((unsigned char)b[j - 1]);
            unsigned above = row[j];

            row[j] = least(above + 1, row[j - 1] + 1, diagonal + cost);
            diagonal = above;
        }
    }
    return row[n];
}

const char *word_nearest(const char *word, const char *(*get)(const void *arg, size_t i),
                         const void *arg)
{
    const char *nearest = NULL, *candidate;
    unsigned least_far = (unsigned)(strlen(word) / 3) + 1;

    for (size_t i = 0; (candidate = get(arg, i)); i++) {
        unsigned far = distance(word, candidate);

        if (far > least_far || (nearest && far == least_far))
            continue;
        nearest = candidate;
        least_far = far;
    }
    return nearest;
}
