/* SPDX-License-Identifier: MIT */
#include "emu/base/mem.h"

#include "emu/base/check.h"

#include <stdlib.h>
#include <string.h>

void *mem_alloc(size_t size)
{
    void *memory = calloc(1, size ? size : 1);

    check(memory != NULL);
    return memory;
}

void *mem_alloc_pages(size_t size)
{
    size_t page = 4096, rounded = (size + page - 1) / page * page;
    void *memory = aligned_alloc(page, rounded ? rounded : page);

    check(memory != NULL);
    return memset(memory, 0, rounded ? rounded : page);
}

void *mem_realloc(void *old, size_t size)
{
    void *memory = realloc(old, size ? size : 1);

    check(memory != NULL);
    return memory;
}

void *mem_copy(const void *from, size_t size)
{
    void *memory = mem_alloc(size);

    if (size)
        memcpy(memory, from, size);
    return memory;
}

char *mem_strdup(const char *text)
{
    return text ? mem_copy(text, strlen(text) + 1) : NULL;
}
