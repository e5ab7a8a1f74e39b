/* SPDX-License-Identifier: MIT */
/* Functions of Windows that a link misses because they are not there yet: the program gets a stub
 * for each, which says so when it is called (emu/include/vssemu_missing.h), and interface
 * identifiers get the value that their header gives. What the headers of Windows do not declare is
 * the user's own, and stays the linker's error. */
#pragma once

#include "fakes/windows/driver/declarations.h"

#include "emu/base/str.h"

struct missing_symbol {
    char *name;
    struct str places; /* "a.cpp:12 a.cpp:20" as the linker tells them */
};

struct stubs {
    ARRAY(struct missing_symbol) missing;
    struct declaration *declarations; /* one for each missing symbol */
};

/* Reads what the linker said (GNU ld, gold or lld, locale C) and looks the names up. */
void stubs_read(struct stubs *s, const char *linker_said);
void stubs_free(struct stubs *s);

/* How many of them have a declaration. */
size_t stubs_count(const struct stubs *s);

/* The source in C of the stubs. */
void stubs_write_source(const struct stubs *s, struct str *source);

/* A line each: name, header, what it answers, where it is called; for --report. As a table for
 * people, or separated by tabs. */
void stubs_write_report(const struct stubs *s, bool is_for_people, struct str *report);
