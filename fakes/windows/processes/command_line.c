/* SPDX-License-Identifier: MIT */
/* See command_line.h. And CommandLineToArgvW. */
#include "fakes/windows/processes/command_line.h"

#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/base/utf.h"
#include "emu/include/vssemu_types.h"
#include "fakes/windows/last_error.h"

#include <stdbool.h>
#include <string.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

char *command_line_program(const char *text, const char **ret_rest)
{
    struct str word = { 0 };
    bool is_quoted = false;

    for (; *text && (is_quoted || !is_blank(*text)); text++) {
        if (*text == '"')
            is_quoted = !is_quoted;
        else
            str_add_char(&word, *text);
    }
    *ret_rest = text;
    return str_take(&word);
}

/* 2n backslashes and a quote are n backslashes and a mark; 2n + 1 are n and a quote. Two quotes
 * inside a quoted part are one quote, which stays quoted. */
static char *take_word(const char **at)
{
    struct str word = { 0 };
    const char *c = *at;
    bool is_quoted = false;

    while (*c && (is_quoted || !is_blank(*c))) {
        size_t n = strspn(c, "\\");
        c += n;
        for (size_t i = 0; i < (*c == '"' ? n / 2 : n); i++)
            str_add_char(&word, '\\');
        if (n && *c != '"')
            continue;
        if (*c == '"' && n % 2 == 0) {
            if (is_quoted && c[1] == '"')
                str_add_char(&word, *c++);
            else
                is_quoted = !is_quoted;
            c++;
        } else {
            str_add_char(&word, *c++);
        }
    }
    *at = c;
    return str_take(&word);
}

struct words command_line_split(const char *text)
{
    ARRAY(char *) words = { 0 };

    array_add(&words, command_line_program(text, &text));
    for (;;) {
        text += strspn(text, " \t");
        if (!*text)
            break;
        array_add(&words, take_word(&text));
    }
    array_add(&words, (char *)NULL);
    return (struct words){ words.items, words.count - 1 };
}

void command_line_free(struct words *words)
{
    for (size_t i = 0; i < words->count; i++)
        free(words->items[i]);
    free(words->items);
}

/* One block, which LocalFree gives back. */
static LPWSTR *pack(const struct words *words)
{
    size_t size = (words->count + 1) * sizeof(LPWSTR);

    for (size_t i = 0; i < words->count; i++)
        size += (strlen(words->items[i]) + 1) * sizeof(WCHAR);
    LPWSTR *block = LocalAlloc(LMEM_FIXED | LMEM_ZEROINIT, size);
    WCHAR *text = (WCHAR *)(block + words->count + 1);
    for (size_t i = 0; i < words->count; i++) {
        block[i] = text;
        text += utf16_put((uint16_t *)text, words->items[i]) + 1;
    }
    return block;
}

LPWSTR *WINAPI CommandLineToArgvW(LPCWSTR line, INT *ret_n)
{
    auto_free char *utf8 = utf8_from_utf16((const uint16_t *)line);

    if (!utf8 || !ret_n) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    struct words words = *utf8 ? command_line_split(utf8) : (struct words){ 0 };
    if (!*utf8) { /* Learn: an empty line gives the program's own path */
        WCHAR own[MAX_PATH];
        GetModuleFileNameW(NULL, own, MAX_PATH);
        ARRAY(char *) alone = { 0 };
        array_add(&alone, utf8_from_utf16((const uint16_t *)own));
        array_add(&alone, (char *)NULL);
        words = (struct words){ alone.items, 1 };
    }
    LPWSTR *block = pack(&words);
    *ret_n = (INT)words.count;
    command_line_free(&words);
    return block;
}
