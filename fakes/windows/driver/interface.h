/* SPDX-License-Identifier: MIT */
/* Interface definitions (.idl) and message texts (.mc): what MIDL and the message compiler make of
 * them on Windows is made here by widl and windmc, when a source names a header that is nowhere but
 * such a file lies beside it or in a folder of the search path; or by hand. What is made on the fly
 * lies in the drivers' cache under a name made of the file's path and contents (for .idl also of
 * the files it imports). */
#pragma once

#include "fakes/windows/driver/search.h"

#include <stdbool.h>

struct interface_output {
    char *header; /* or NAME_i.c, made */
    char *origin; /* the .idl or .mc file */
};

/* Makes the header (foo.h of foo.idl or foo.mc, foo_i.c of foo.idl), if it is not there already.
 * False when there is no such file, or the tool is missing or fails: then *trouble is replaced by a
 * line that says so. The caller frees what it gets. */
bool interface_for_header(struct search *s, const char *name, const char *beside,
                          struct interface_output *ret, char **trouble);

/* By hand: foo.h and foo_i.c of an .idl, foo.h, foo.rc and the message tables of an .mc, into the
 * current folder. Answers the exit status. */
int interface_make_here(const struct driver_arguments *a, const char *path);
