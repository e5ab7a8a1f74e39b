/* SPDX-License-Identifier: MIT */
#include "fakes/windows/driver/stubs.h"

#include "emu/base/cleanup.h"

#include <ctype.h>
#include <string.h>

static struct missing_symbol *add_symbol(struct stubs *s, const char *name, size_t n)
{
    for (size_t i = 0; i < s->missing.count; i++)
        if (strncmp(s->missing.items[i].name, name, n) == 0 && !s->missing.items[i].name[n])
            return &s->missing.items[i];
    struct missing_symbol symbol = { .name = str_printf("%.*s", (int)n, name) };
    array_add(&s->missing, symbol);
    return &s->missing.items[s->missing.count - 1];
}

/* Adds the place that a line begins with, "x/a.cpp:12: undefined ...", if it has a line number. */
static void add_place(struct missing_symbol *symbol, const char *line, const char *message)
{
    const char *end = message;

    while (end > line && (end[-1] == ' ' || end[-1] == ':'))
        end--;
    const char *start = end;
    while (start > line && start[-1] != ' ' && start[-1] != '/')
        start--;
    const char *colon = memchr(start, ':', (size_t)(end - start));
    if (!colon || !isdigit((unsigned char)colon[1]))
        return;
    auto_free char *place = str_printf("%.*s", (int)(end - start), start);
    if (symbol->places.text && strstr(symbol->places.text, place))
        return;
    str_addf(&symbol->places, "%s%s", symbol->places.length ? " " : "", place);
}

/* The name that a message of the linker is about, and its length; NULL for other lines. */
static const char *missing_name(const char *line, size_t n, const char **ret_message,
                                size_t *ret_length)
{
    static const char *const messages[] = { "undefined reference to ", "undefined symbol: " };

    for (int i = 0; i < 2; i++) {
        const char *at = memmem(line, n, messages[i], strlen(messages[i]));
        if (!at)
            continue;
        const char *name = at + strlen(messages[i]), *end = line + n;
        name += *name == '`' || *name == '\'';
        const char *stop = name;
        while (stop < end && (isalnum((unsigned char)*stop) || *stop == '_'))
            stop++;
        /* A C++ name goes on: "Foo(int)'". */
        if (stop == name || (stop < end && !isspace((unsigned char)*stop) && *stop != '\''))
            return NULL;
        *ret_message = at;
        *ret_length = (size_t)(stop - name);
        return name;
    }
    return NULL;
}

void stubs_read(struct stubs *s, const char *said)
{
    *s = (struct stubs){ 0 };
    for (const char *line = said; *line;) {
        size_t n = strcspn(line, "\n"), length;
        const char *message, *name = missing_name(line, n, &message, &length);
        if (name)
            add_place(add_symbol(s, name, length), line, message);
        line += n + (line[n] == '\n');
    }
    s->declarations = mem_alloc((s->missing.count + 1) * sizeof(*s->declarations));
    for (size_t i = 0; i < s->missing.count; i++) {
        const char *name = s->missing.items[i].name;
        /* Our names of C functions that meet 16-bit characters. */
        s->declarations[i].name = str_starts_with(name, "w16_") ? name + 4 : name;
    }
    if (s->missing.count)
        declarations_find(s->declarations, s->missing.count);
}

void stubs_free(struct stubs *s)
{
    if (s->declarations)
        declarations_free(s->declarations, s->missing.count);
    free(s->declarations);
    for (size_t i = 0; i < s->missing.count; i++) {
        free(s->missing.items[i].name);
        str_free(&s->missing.items[i].places);
    }
    array_free(&s->missing);
}

size_t stubs_count(const struct stubs *s)
{
    size_t n = 0;

    for (size_t i = 0; i < s->missing.count; i++)
        n += s->declarations[i].kind != DECLARED_NOWHERE;
    return n;
}

void stubs_write_source(const struct stubs *s, struct str *source)
{
    /* A structure of an integer and a double comes in the registers of both, so one form answers
     * for every simple type. */
    str_add(source, "extern long vssemu_missing_function(const char *, const char *, long, "
                    "const void *);\n"
                    "struct zero { long integer; double number; };\n"
                    "struct guid { unsigned a; unsigned short b, c; unsigned char d[8]; };\n");
    for (size_t i = 0; i < s->missing.count; i++) {
        const struct declaration *d = &s->declarations[i];
        const char *symbol = s->missing.items[i].name;
        if (d->kind == DECLARED_FUNCTION)
            str_addf(source,
                     "struct zero stub_%zu(void) __asm__(\"%s\");\nstruct zero stub_%zu(void)\n{\n"
                     "    struct zero z = { vssemu_missing_function(\"%s\", \"%s\", %ld, "
                     "__builtin_return_address(0)), 0 };\n    return z;\n}\n",
                     i, symbol, i, d->name, d->header, d->failing.value);
        else if (d->kind == DECLARED_GUID)
            str_addf(source,
                     "extern const struct guid guid_%zu __asm__(\"%s\");\n"
                     "const struct guid guid_%zu = { %s };\n",
                     i, symbol, i, d->value);
    }
}

void stubs_write_report(const struct stubs *s, bool is_for_people, struct str *report)
{
    const char *form = is_for_people ? "%-32s %-20s %-26s %s\n" : "%s\t%s\t%s\t%s\n";

    str_addf(report, form, "name", "header", "stub", "called from");
    for (size_t i = 0; i < s->missing.count; i++) {
        const struct declaration *d = &s->declarations[i];
        if (d->kind == DECLARED_NOWHERE)
            continue;
        const char *answer = d->kind == DECLARED_GUID ? "its value" : d->failing.says;
        auto_free char *text =
            str_printf(form, d->name, d->header, answer, s->missing.items[i].places.text ?: "");
        str_add(report, text);
    }
}
