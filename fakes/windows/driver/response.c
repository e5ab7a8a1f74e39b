/* SPDX-License-Identifier: MIT */
#include "fakes/windows/driver/response.h"
#include "fakes/windows/driver/command.h"

#include "emu/base/cleanup.h"
#include "emu/base/str.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define DEEPEST 100

static bool read_file(const char *path, struct str *text)
{
    FILE *file = fopen(path, "rb");
    char buffer[16384];
    size_t n;

    if (!file)
        return false;
    while ((n = fread(buffer, 1, sizeof(buffer), file)) > 0)
        str_add_bytes(text, buffer, n);
    bool failed = ferror(file); /* a folder */
    fclose(file);
    return !failed;
}

/* Takes the next word; NULL at the end. The caller frees. */
static char *next_word(const char **at)
{
    struct str word = { 0 };
    const char *s = *at;
    char quote = 0;

    while (isspace((unsigned char)*s))
        s++;
    if (!*s)
        return NULL;
    for (; *s && (quote || !isspace((unsigned char)*s)); s++) {
        if (*s == '\\' && s[1])
            str_add_char(&word, *++s);
        else if (quote ? *s == quote : *s == '\'' || *s == '"')
            quote = quote ? 0 : *s;
        else
            str_add_char(&word, *s);
    }
    *at = s;
    return str_take(&word);
}

static bool add_word(struct word_list *list, const char *word, unsigned depth)
{
    auto_str struct str text = { 0 };

    if (word[0] != '@' || !read_file(word + 1, &text)) {
        array_add(&list->words, mem_strdup(word));
        return true;
    }
    if (depth > DEEPEST) {
        driver_say("%s: response files name each other without an end", word);
        return false;
    }
    const char *at = text.text ?: "";
    char *inner;
    while ((inner = next_word(&at))) {
        bool is_fine = add_word(list, inner, depth + 1);
        free(inner);
        if (!is_fine)
            return false;
    }
    return true;
}

bool response_expand(struct word_list *list, int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (!add_word(list, argv[i], 0))
            return false;
    return true;
}

void word_list_free(struct word_list *list)
{
    for (size_t i = 0; i < list->words.count; i++)
        free(list->words.items[i]);
    array_free(&list->words);
}
