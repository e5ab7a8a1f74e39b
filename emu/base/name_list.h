/* SPDX-License-Identifier: MIT */
/* Names of a directory on their way into order. Zeroed it is empty. */
#pragma once

#include "emu/base/array.h"

#include <string.h>

struct name_list {
    ARRAY(char *) names;
};

static inline void name_list_add(struct name_list *list, const char *name)
{
    array_add(&list->names, mem_strdup(name));
}

static inline int name_list_compare_(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* By bytes: the same on every machine. */
static inline void name_list_sort(struct name_list *list)
{
    if (list->names.count)
        qsort(list->names.items, list->names.count, sizeof(char *), name_list_compare_);
}

static inline void name_list_free(struct name_list *list)
{
    for (size_t i = 0; i < list->names.count; i++)
        free(list->names.items[i]);
    array_free(&list->names);
}
