/* SPDX-License-Identifier: MIT */
#include "contract.h"

#include <vss.h>
#include <vssemu.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned n_failures, n_shown;
static bool is_planned;
static FILE *shown; /* kept until the story has passed */
static char *shown_text;
static size_t shown_size;

/* interface, method, code, words and place, tab between; words may be empty. */
static void record(const char *interface_name, const char *method, const char *code,
                   const char *words, const char *file, int line)
{
    const char *slash = strrchr(file, '/');

    n_shown++;
    if (!shown)
        shown = open_memstream(&shown_text, &shown_size);
    fprintf(shown, "%s\t%s\t%s\t%s\t%s:%d%s\n", interface_name, method, code, words,
            slash ? slash + 1 : file, line, is_planned ? "\tplanned" : "");
    is_planned = false;
}

void contract_is_planned(void)
{
    is_planned = true;
}

static void write_shown(const char *path)
{
    FILE *out = fopen(path, "a");

    if (!out || fwrite(shown_text, shown_size, 1, out) != 1 || fclose(out)) {
        fprintf(stderr, "VSSEMU_CONTRACT: %s cannot be written\n", path);
        n_failures++;
    }
}

/* A story's own macro around SHOWS hands over what the header made of the code's name. */
static const char *name_of(const char *code, HRESULT value)
{
    return code[0] == '(' ? vssemu_result_name(value) : code;
}

HRESULT contract_shows(const char *file, int line, const char *interface_name, const char *method,
                       const char *code, const char *words, HRESULT expected, HRESULT got)
{
    code = name_of(code, expected);
    if (got == expected) {
        record(interface_name, method, code, words, file, line);
    } else {
        fprintf(stderr, "%s:%d: %s::%s answered %s, expected %s\n", file, line, interface_name,
                method, vssemu_result_name(got), code);
        n_failures++;
    }
    return got;
}

bool contract_effect(const char *file, int line, const char *interface_name, const char *method,
                     const char *code, const char *words, const char *text, bool is_seen)
{
    if (is_seen) {
        record(interface_name, method, code, words, file, line);
    } else {
        fprintf(stderr, "%s:%d: %s::%s (%s): expected %s\n", file, line, interface_name, method,
                code, text);
        n_failures++;
    }
    return is_seen;
}

HRESULT contract_off_list(const char *file, int line, const char *what, HRESULT expected,
                          HRESULT got)
{
    if (got != expected) {
        fprintf(stderr, "%s:%d: %s answered %s, ", file, line, what, vssemu_result_name(got));
        fprintf(stderr, "expected %s\n", vssemu_result_name(expected));
        n_failures++;
    }
    return got;
}

bool contract_expect(const char *file, int line, const char *text, bool is_true)
{
    if (!is_true) {
        fprintf(stderr, "%s:%d: expected %s\n", file, line, text);
        n_failures++;
    }
    return is_true;
}

bool contract_has_failed(void)
{
    return n_failures > 0;
}

int contract_result(void)
{
    const char *path = getenv("VSSEMU_CONTRACT");

    if (!n_shown)
        fprintf(stderr, "no row was shown\n");
    if (shown)
        fclose(shown);
    if (path && n_shown && !n_failures)
        write_shown(path);
    free(shown_text);
    return n_failures || !n_shown;
}
