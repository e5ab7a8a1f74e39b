/* SPDX-License-Identifier: MIT */
/* The services that are installed: keys of the registry, HKLM\SYSTEM\CurrentControlSet\Services,
 * so that a .reg file installs one, too. */
#pragma once

#include "emu/include/vssemu_types.h"

#include <stdbool.h>
#include <stddef.h>

struct service_entry {
    char *name; /* as it was installed */
    DWORD type, start, error_control;
    char *path, *group, *account, *display_name, *description; /* NULL: none */
    WCHAR *dependencies; /* texts with a zero each, and one more; NULL: none */
    size_t dependencies_size;
};

bool service_books_has(const char *name);
/* False: not on the books. */
bool service_books_read(const char *name, struct service_entry *ret);
void service_entry_fini(struct service_entry *entry);
/* Writes what is not NULL and no SERVICE_NO_CHANGE. */
void service_books_write(const char *name, const struct service_entry *entry);
void service_books_delete(const char *name);
/* The name of service `index` in the order of the registry; the caller frees; NULL: no more. Keys
 * that are no services (without a type) are passed over. */
char *service_books_next(size_t *index);
