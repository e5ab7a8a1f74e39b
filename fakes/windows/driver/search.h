/* SPDX-License-Identifier: MIT */
/* Where the compiler looks for headers, and where it would find one if file names had no case, as
 * on Windows. Each folder is listed once, when it is first needed. */
#pragma once

#include "fakes/windows/driver/arguments.h"

#include "emu/base/hash.h"

#include <stdbool.h>

enum search_kind {
    SEARCH_QUOTED, /* -iquote: for "" only */
    SEARCH_USER,   /* -I */
    SEARCH_OTHER,  /* -isystem, -idirafter of the user */
    SEARCH_OURS    /* Windows's and Linux's headers */
};

struct search_folder {
    char *path;
    enum search_kind kind;
};

struct search {
    ARRAY(struct search_folder) folders; /* in the order in which they are tried */
    struct hash listings;                /* folders by path */
};

/* The folders of the user's options, then ours. */
void search_init(struct search *s, const struct driver_arguments *a);
void search_fini(struct search *s);

struct search_result {
    char *path;                         /* of the file, real spelling; NULL if not found; owned */
    const char *name;                   /* path, without the folder: what <> would say */
    const struct search_folder *folder; /* NULL: found beside the file that includes it */
    bool is_exact;                      /* the compiler finds it under this spelling by itself */
};

/* Looks for a header as #include names it; beside is the folder of the including file, "" for the
 * current one, and counts for quoted names only. The caller frees the path. */
struct search_result search_find(struct search *s, const char *name, bool is_quoted,
                                 const char *beside);

/* The file of this name in a folder, ignoring case; '/' and '\' both separate. NULL if none. The
 * caller frees. */
char *search_folded(struct search *s, const char *folder, const char *name);

/* "" for a path without a slash. The caller frees. */
char *search_folder_of(const char *path);
