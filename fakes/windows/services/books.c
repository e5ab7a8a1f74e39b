/* SPDX-License-Identifier: MIT */
/* See books.h. */
#include "fakes/windows/services/books.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "fakes/windows/registry/registry.h"

#include <stdlib.h>
#include <string.h>

#define SERVICES "HKLM\\SYSTEM\\CurrentControlSet\\Services"

static char *path_of(const char *name)
{
    return str_printf(SERVICES "\\%s", name);
}

static DWORD read_number(const char *path, const char *name, DWORD usual)
{
    auto_free void *data = NULL;
    uint32_t type;
    size_t size;

    if (registry_read(registry_current(), path, name, &type, &data, &size) || type != REG_DWORD ||
        size != sizeof(DWORD))
        return usual;
    return *(DWORD *)data;
}

bool service_books_has(const char *name)
{
    auto_free char *path = path_of(name);

    return *name && !strchr(name, '\\') && read_number(path, "Type", 0);
}

/* REG_EXPAND_SZ as it is written. */
static char *read_path(const char *path)
{
    return registry_read_text(registry_current(), path, "ImagePath");
}

bool service_books_read(const char *name, struct service_entry *ret)
{
    struct registry *registry = registry_current();
    auto_free char *path = path_of(name);
    void *list = NULL;
    uint32_t type;
    size_t size;

    if (!service_books_has(name))
        return false;
    *ret =
        (struct service_entry){ .name = mem_strdup(name),
                                .type = read_number(path, "Type", 0),
                                .start = read_number(path, "Start", SERVICE_DEMAND_START),
                                .error_control = read_number(path, "ErrorControl", 1),
                                .path = read_path(path),
                                .group = registry_read_text(registry, path, "Group"),
                                .account = registry_read_text(registry, path, "ObjectName"),
                                .display_name = registry_read_text(registry, path, "DisplayName"),
                                .description = registry_read_text(registry, path, "Description") };
    if (!registry_read(registry, path, "DependOnService", &type, &list, &size)) {
        ret->dependencies = list;
        ret->dependencies_size = size;
    }
    return true;
}

void service_entry_fini(struct service_entry *entry)
{
    free(entry->name);
    free(entry->path);
    free(entry->group);
    free(entry->account);
    free(entry->display_name);
    free(entry->description);
    free(entry->dependencies);
}

static void write_number(const char *path, const char *name, DWORD value)
{
    if (value != SERVICE_NO_CHANGE)
        registry_write(registry_current(), path, name, REG_DWORD, &value, sizeof(value));
}

static void write_text(const char *path, const char *name, const char *text)
{
    if (text)
        registry_write_text(registry_current(), path, name, text);
}

void service_books_write(const char *name, const struct service_entry *entry)
{
    auto_free char *path = path_of(name);

    write_number(path, "Type", entry->type);
    write_number(path, "Start", entry->start);
    write_number(path, "ErrorControl", entry->error_control);
    write_text(path, "ImagePath", entry->path);
    write_text(path, "Group", entry->group);
    write_text(path, "ObjectName", entry->account);
    write_text(path, "DisplayName", entry->display_name);
    write_text(path, "Description", entry->description);
    if (entry->dependencies)
        registry_write(registry_current(), path, "DependOnService", REG_MULTI_SZ,
                       entry->dependencies, entry->dependencies_size);
}

void service_books_delete(const char *name)
{
    auto_free char *path = path_of(name);

    registry_delete_tree(registry_current(), path);
}

char *service_books_next(size_t *index)
{
    for (;;) {
        char *name = registry_subkey(registry_current(), SERVICES, (*index)++);

        if (!name || service_books_has(name))
            return name;
        free(name);
    }
}
