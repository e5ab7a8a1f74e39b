/* SPDX-License-Identifier: MIT */
/* See write_i.h. */
#include "emu/scenario/write_i.h"

#include <ctype.h>
#include <string.h>

void write_bytes(struct str *out, const char *bytes, size_t size)
{
    str_add_char(out, '"');
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)bytes[i];

        if (c == '"' || c == '\\')
            str_addf(out, "\\%c", c);
        else if (c == '\n')
            str_add(out, "\\n");
        else if (c < ' ' || c == 0x7f)
            str_addf(out, "\\x%02x", c);
        else
            str_add_char(out, (char)c);
    }
    str_add_char(out, '"');
}

void write_quoted(struct str *out, const char *text)
{
    bool is_simple = true;

    for (const char *p = text; *p; p++)
        is_simple = is_simple && *p != '\'' && (unsigned char)*p >= ' ' && *p != 0x7f;
    if (!is_simple) {
        write_bytes(out, text, strlen(text));
        return;
    }
    str_addf(out, "'%s'", text); /* a backslash is a backslash there */
}

/* Letters, digits, and what never means anything to YAML inside of a word. */
static bool is_plain(const char *text)
{
    static const char *const taken[] = { "true", "false", "yes", "no", "on", "off", "null", "~" };

    if (!isalnum((unsigned char)*text) && *text != '/' && *text != '.')
        return false;
    for (size_t i = 0; i < sizeof(taken) / sizeof(*taken); i++) {
        if (str_is_equal_nocase(text, taken[i]))
            return false;
    }
    for (const char *p = text; *p; p++) {
        bool is_inner_blank = *p == ' ' && p[1] && p[1] != ' ' && p[1] != '#';

        if (!isalnum((unsigned char)*p) && !strchr("._/\\-=+()%", *p) && !is_inner_blank)
            return false;
    }
    return true;
}

void write_scalar(struct str *out, const char *text)
{
    if (is_plain(text))
        str_add(out, text);
    else
        write_quoted(out, text);
}

void write_text(struct str *out, unsigned indent, const char *key, const char *text)
{
    if (!text)
        return;
    str_addf(out, "%*s%s: ", (int)indent, "", key);
    write_scalar(out, text);
    str_add_char(out, '\n');
}

void write_flag(struct str *out, unsigned indent, const char *key, bool flag)
{
    if (flag)
        str_addf(out, "%*s%s: yes\n", (int)indent, "", key);
}

void write_texts(struct str *out, unsigned indent, const char *key,
                 const struct scenario_texts *texts)
{
    str_addf(out, "%*s%s: [", (int)indent, "", key);
    for (size_t i = 0; i < texts->count; i++) {
        str_add(out, i ? ", " : "");
        write_quoted(out, texts->items[i]);
    }
    str_add(out, "]\n");
}
