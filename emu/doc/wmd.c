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

void wmd_copy_content(struct wmd *to, const struct wmd *from)
{
    to->backup_schema = from->backup_schema;
    to->has_restore_method = from->has_restore_method;
    to->restore_method = from->restore_method;
    to->service = mem_strdup(from->service);
    to->user_procedure = mem_strdup(from->user_procedure);
    to->writer_restore = from->writer_restore;
    to->reboot_required = from->reboot_required;
    filespecs_copy(&to->alternate_mappings, &from->alternate_mappings);
    filespecs_copy(&to->exclude_files, &from->exclude_files);
    filespecs_copy(&to->exclude_files_from_snapshot, &from->exclude_files_from_snapshot);
    for (size_t i = 0; i < from->components.count; i++) {
        const struct wmd_component *component = &from->components.items[i];
        struct wmd_component *copy =
            wmd_add_component(to, component->type, component->logical_path, component->name);

        if (copy)
            copy_component(copy, component);
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
    wmd_copy_content(copy, wmd);
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
