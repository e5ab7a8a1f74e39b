/* SPDX-License-Identifier: MIT */
#include "fakes/windows/driver/comma.h"

#include <ctype.h>
#include <string.h>

static char *skip_text(char *at, const char *end)
{
    char quote = *at++;

    while (at < end && *at != quote) {
        if (*at == '\\')
            at++;
        else if (*at == '\n')
            return at; /* a lone quote in a part of the text that is no code */
        at++;
    }
    return at < end ? at + 1 : at;
}

/* R"x(...)x", from the quote on. */
static char *skip_raw(char *at, const char *end)
{
    char close[20] = ")";
    char *open = memchr(at, '(', (size_t)(end - at));
    size_t n = open ? (size_t)(open - at) - 1 : 17;

    if (n > 16)
        return at + 1;
    memcpy(close + 1, at + 1, n);
    close[n + 1] = '"';
    char *found = memmem(open, (size_t)(end - open), close, n + 2);
    return found ? found + n + 2 : open;
}

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_' || (c & 0x80);
}

/* A number, identifier or keyword. Answers its end. */
static char *skip_word(char *at, const char *end)
{
    char *start = at;

    while (at < end && (is_word(*at) || (*at == '\'' && isdigit((unsigned char)*start))))
        at++;
    if (at < end && *at == '"' && at[-1] == 'R' && at - start < 4)
        return skip_raw(at, end);
    return at;
}

static char *skip_line(char *at, const char *end)
{
    char *newline = memchr(at, '\n', (size_t)(end - at));
    return newline ? newline : at + (end - at);
}

size_t comma_drop(struct str *text)
{
    char *at = text->text, *end = at ? at + text->length : at;
    char *comma = NULL; /* the last token, if it is a comma */
    bool is_line_start = true, is_after_operator = false;
    size_t n = 0;

    while (at < end) {
        char *token = at;
        if (*at == '\n') {
            is_line_start = true;
            at++;
            continue;
        }
        if (isspace((unsigned char)*at)) {
            at++;
            continue;
        }
        if (*at == '#' && is_line_start) {
            at = skip_line(at, end);
            continue;
        }
        is_line_start = false;
        if (*at == '"' || *at == '\'')
            at = skip_text(at, end);
        else if (is_word(*at))
            at = skip_word(at, end);
        else
            at++;
        if (*token == ')' && comma) {
            *comma = ' ';
            n++;
        }
        comma = *token == ',' && !is_after_operator ? token : NULL;
        is_after_operator = at - token == 8 && memcmp(token, "operator", 8) == 0;
    }
    return n;
}
