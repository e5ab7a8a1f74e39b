/* SPDX-License-Identifier: MIT */
/* What all enumerations of VSS do (Learn: "IVssEnumObject"): a place in a list of properties that
 * clones share. enumerator.c and mgmt_enumerator.c give it their interface and their properties. */
#pragma once

#include "emu/include/vss.h"

#include <stddef.h>

enum enumerator_call { ENUMERATOR_NEXT, ENUMERATOR_SKIP, ENUMERATOR_RESET, ENUMERATOR_CLONE };

/* Asked before each call: anything but S_OK is what the call answers. */
typedef HRESULT enumerator_guard(enum enumerator_call call);

/* A kind of properties. */
struct cursor_kind {
    size_t size;
    void (*copy)(const void *from, void *ret_prop); /* strings become the receiver's */
    void (*clear)(void *prop);                      /* frees the strings */
};

struct cursor {
    const struct cursor_kind *kind;
    struct cursor_list *list; /* counted */
    size_t position;
    enumerator_guard *guard; /* may be NULL */
};

/* Takes the items' strings and the array (malloc memory; may be NULL when n is 0). */
void cursor_init(struct cursor *cursor, const struct cursor_kind *kind, void *take_items, size_t n,
                 enumerator_guard *guard);
void cursor_fini(struct cursor *cursor);

/* The methods; each asks the guard first. */
HRESULT cursor_next(struct cursor *cursor, ULONG celt, void *ret_props, ULONG *ret_fetched);
HRESULT cursor_skip(struct cursor *cursor, ULONG celt);
HRESULT cursor_reset(struct cursor *cursor);
/* ret_face: the caller's out pointer, for its NULL. On S_OK *ret_cursor has the list, too. */
HRESULT cursor_clone(struct cursor *cursor, const void *ret_face, struct cursor *ret_cursor);
