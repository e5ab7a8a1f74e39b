/* SPDX-License-Identifier: MIT */
/* The items are shared by clones, each of which has its place; what Next gives out is copied, since
 * it is the caller's (Learn: "IVssEnumObject::Next"). */
#include "emu/com/cursor.h"

#include "emu/base/mem.h"

#include <stdatomic.h>
#include <stdlib.h>

struct cursor_list {
    atomic_uint count; /* cursors over it */
    size_t n;
    char *items; /* owned */
};

void cursor_init(struct cursor *cursor, const struct cursor_kind *kind, void *take_items, size_t n,
                 enumerator_guard *guard)
{
    struct cursor_list *list = mem_new(struct cursor_list);

    atomic_init(&list->count, 1);
    list->n = n;
    list->items = take_items;
    *cursor = (struct cursor){ .kind = kind, .list = list, .guard = guard };
}

void cursor_fini(struct cursor *cursor)
{
    struct cursor_list *list = cursor->list;

    if (atomic_fetch_sub(&list->count, 1) != 1)
        return;
    for (size_t i = 0; i < list->n; i++)
        cursor->kind->clear(list->items + i * cursor->kind->size);
    free(list->items);
    free(list);
}

static HRESULT meet(const struct cursor *cursor, enum enumerator_call call)
{
    return cursor->guard ? cursor->guard(call) : S_OK;
}

HRESULT cursor_next(struct cursor *cursor, ULONG celt, void *ret_props, ULONG *ret_fetched)
{
    HRESULT met = meet(cursor, ENUMERATOR_NEXT);
    size_t size = cursor->kind->size;
    ULONG n = 0;

    if (met != S_OK)
        return met;
    if (!ret_props || !ret_fetched)
        return E_POINTER;
    while (n < celt && cursor->position < cursor->list->n)
        cursor->kind->copy(cursor->list->items + cursor->position++ * size,
                           (char *)ret_props + n++ * size);
    *ret_fetched = n;
    return n == celt ? S_OK : S_FALSE;
}

HRESULT cursor_skip(struct cursor *cursor, ULONG celt)
{
    HRESULT met = meet(cursor, ENUMERATOR_SKIP);
    size_t left = cursor->list->n - cursor->position;

    if (met != S_OK)
        return met;
    cursor->position += celt < left ? celt : left;
    return celt <= left ? S_OK : S_FALSE;
}

HRESULT cursor_reset(struct cursor *cursor)
{
    HRESULT met = meet(cursor, ENUMERATOR_RESET);

    if (met == S_OK)
        cursor->position = 0;
    return met;
}

HRESULT cursor_clone(struct cursor *cursor, const void *ret_face, struct cursor *ret_cursor)
{
    HRESULT met = meet(cursor, ENUMERATOR_CLONE);

    if (met != S_OK)
        return met;
    if (!ret_face)
        return E_POINTER;
    atomic_fetch_add(&cursor->list->count, 1);
    *ret_cursor = *cursor;
    return S_OK;
}
