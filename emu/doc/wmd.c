/* SPDX-License-Identifier: MIT */
/* The structure of wmd.h: making, copying, finding. Its XML form is wmd_xml.c. */
#include "emu/doc/wmd.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"

#include <string.h>

struct wmd *wmd_new(void)
{
    struct wmd *wmd = mem_new(struct wmd);

    atomic_init(&wmd->n_references, 1);
    wmd->name = mem_strdup("");
    return wmd;
}

struct wmd *wmd_ref(struct wmd *wmd)
{
    atomic_fetch_add(&wmd->n_references, 1);
    return wmd;
}

static void free_component(struct wmd_component *component)
{
    free(component->logical_path);
    free(component->name);
    free(component->caption);
    free(component->icon);
    filespecs_free(&component->files);
    filespecs_free(&component->database_files);
    filespecs_free(&component->log_files);
    for (size_t i = 0; i < component->dependencies.count; i++) {
        free(component->dependencies.items[i].logical_path);
        free(component->dependencies.items[i].name);
    }
    array_free(&component->dependencies);
}

void wmd_free(struct wmd *wmd)
{
    if (!wmd || atomic_fetch_sub(&wmd->n_references, 1) > 1)
        return;
    for (size_t i = 0; i < wmd->components.count; i++)
        free_component(&wmd->components.items[i]);
    array_free(&wmd->components);
    filespecs_free(&wmd->alternate_mappings);
    filespecs_free(&wmd->exclude_files);
    filespecs_free(&wmd->exclude_files_from_snapshot);
    text_index_free(&wmd->component_index);
    free(wmd->instance_name);
    free(wmd->name);
    free(wmd->service);
    free(wmd->user_procedure);
    free(wmd);
}

static void copy_component(struct wmd_component *to, const struct wmd_component *from)
{
    to->caption = mem_strdup(from->caption);
    if (from->icon) {
        to->icon = mem_copy(from->icon, from->icon_size);
        to->icon_size = from->icon_size;
    }
    to->restore_metadata = from->restore_metadata;
    to->notify_on_backup_complete = from->notify_on_backup_complete;
    to->selectable = from->selectable;
    to->selectable_for_restore = from->selectable_for_restore;
    to->flags = from->flags;
    filespecs_copy(&to->files, &from->files);
    filespecs_copy(&to->database_files, &from->database_files);
    filespecs_copy(&to->log_files, &from->log_files);
    for (size_t i = 0; i < from->dependencies.count; i++) {
        const struct wmd_dependency *dependency = &from->dependencies.items[i];

        array_add(&to->dependencies, ((struct wmd_dependency){ dependency->writer_id,
                                                               mem_strdup(dependency->logical_path),
                                                               mem_strdup(dependency->name) }));
    }
}

struct wmd *wmd_copy(const struct wmd *wmd)
{
    struct wmd *copy = wmd_new();

    free(copy->name);
    copy->writer_id = wmd->writer_id;
    copy->instance_id = wmd->instance_id;
    copy->instance_name = mem_strdup(wmd->instance_name);
    copy->name = mem_strdup(wmd->name);
    copy->usage = wmd->usage;
    copy->source = wmd->source;
    copy->major_version = wmd->major_version;
    copy->minor_version = wmd->minor_version;
    copy->backup_schema = wmd->backup_schema;
    copy->has_restore_method = wmd->has_restore_method;
    copy->restore_method = wmd->restore_method;
    copy->service = mem_strdup(wmd->service);
    copy->user_procedure = mem_strdup(wmd->user_procedure);
    copy->writer_restore = wmd->writer_restore;
    copy->reboot_required = wmd->reboot_required;
    filespecs_copy(&copy->alternate_mappings, &wmd->alternate_mappings);
    filespecs_copy(&copy->exclude_files, &wmd->exclude_files);
    filespecs_copy(&copy->exclude_files_from_snapshot, &wmd->exclude_files_from_snapshot);
    for (size_t i = 0; i < wmd->components.count; i++) {
        const struct wmd_component *from = &wmd->components.items[i];
        struct wmd_component *to =
            wmd_add_component(copy, from->type, from->logical_path, from->name);

        if (to)
            copy_component(to, from);
    }
    return copy;
}

struct wmd_component *wmd_add_component(struct wmd *wmd, VSS_COMPONENT_TYPE type,
                                        const char *logical_path, const char *name)
{
    struct wmd_component *component;

    if (!component_index_add(&wmd->component_index, logical_path, name, wmd->components.count))
        return NULL;
    component = array_push(&wmd->components);
    *component = (struct wmd_component){
        .type = type,
        .logical_path = mem_strdup(component_path(logical_path)),
        .name = mem_strdup(name),
    };
    return component;
}

struct wmd_component *wmd_find_component(struct wmd *wmd, const char *logical_path,
                                         const char *name)
{
    size_t i;

    return component_index_find(&wmd->component_index, logical_path, name, &i)
               ? &wmd->components.items[i]
               : NULL;
}

bool wmd_has_selectable_ancestor(struct wmd *wmd, const struct wmd_component *component)
{
    auto_free char *path = mem_strdup(component->logical_path);

    while (*path) {
        char *separator = strrchr(path, '\\');
        struct wmd_component *ancestor;

        if (separator)
            *separator = '\0';
        ancestor = separator ? wmd_find_component(wmd, path, separator + 1)
                             : wmd_find_component(wmd, "", path);
        if (ancestor && ancestor->selectable)
            return true;
        if (!separator)
            return false;
    }
    return false;
}
