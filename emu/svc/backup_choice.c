/* SPDX-License-Identifier: MIT */
/* The components of a backup: how they get into its document, and how a setter finds them there.
 * Identity is writer class, logical path and name (Learn: "Use of Components by the Requestor"). */
#include "emu/svc/report_hook.h"
#include "emu/svc/backup.h"

#include "emu/com/guid.h"
#include "emu/doc/bcd.h"
#include "emu/doc/wmd.h"
#include "emu/lint/lint_selection.h"
#include "emu/proto/context_rules.h"
#include "emu/svc/backup_writers.h"

/* "" is no name of a component: writers cannot declare one. */
static bool is_good(const struct component_key *key)
{
    return key->name && *key->name &&
           (key->type == VSS_CT_DATABASE || key->type == VSS_CT_FILEGROUP);
}

/* What a document says against an addition. A selectable component below an added one is accepted
 * (Windows: published requesters add every selectable component). */
static HRESULT find_candidate(struct backup *backup, const struct component_key *key,
                              struct wmd **ret_wmd)
{
    struct wmd *wmd = backup_find_metadata(backup, &key->class_id, key->instance_id);
    struct wmd_component *known = wmd ? wmd_find_component(wmd, key->path, key->name) : NULL;

    if (!known)
        return VSS_E_OBJECT_NOT_FOUND;
    if (!known->selectable && wmd_has_selectable_ancestor(wmd, known))
        return E_INVALIDARG;
    *ret_wmd = wmd;
    return S_OK;
}

HRESULT backup_add_component(struct backup *backup, const struct component_key *key)
{
    HRESULT hr = backup_enter(backup, CALL_ADD_COMPONENT);
    struct wmd *wmd = NULL;

    if (FAILED(hr))
        return hr;
    /* Learn: "Shadow Copy Creation Details". */
    if (!context_has_writers(backup->context))
        return backup_leave(backup, CALL_ADD_COMPONENT, VSS_E_BAD_STATE,
                            "a context without writers");
    hr = is_good(key) ? find_candidate(backup, key, &wmd) : E_INVALIDARG;
    if (FAILED(hr))
        return backup_leave(backup, CALL_ADD_COMPONENT, hr, key->name);
    struct bcd_writer *writer = bcd_find_writer(backup->document, &key->class_id, key->instance_id);
    hr = lint_selection_adds(&backup->lint, writer, wmd,
                             wmd_find_component(wmd, key->path, key->name));
    if (FAILED(hr))
        return backup_leave(backup, CALL_ADD_COMPONENT, hr, key->name);
    if (!writer)
        writer = bcd_add_writer(backup->document, &key->class_id, key->instance_id,
                                wmd->instance_name, wmd->backup_schema);
    hr = bcd_add_component(writer, key->type, key->path, key->name) ? S_OK
                                                                    : VSS_E_OBJECT_ALREADY_EXISTS;
    return backup_leave(backup, CALL_ADD_COMPONENT, hr, key->name);
}

/* A setter that names no instance speaks of every entry of the class with this path and name
 * (normally one: names are unique over all instances). It succeeds when one could be changed. */
static HRESULT change_all(struct backup *backup, const struct component_key *key,
                          component_change *apply, const void *value)
{
    HRESULT result = VSS_E_OBJECT_NOT_FOUND;

    struct bcd_writer *writer = bcd_find_writer(backup->document, &key->class_id, key->instance_id);

    for (; writer; writer = key->instance_id ? NULL : writer->next_of_class) {
        struct bcd_component *found = bcd_writer_find(writer, key->path, key->name);

        if (!found)
            continue;
        HRESULT hr = apply(found, value);

        if (result != S_OK)
            result = hr;
    }
    return result;
}

HRESULT backup_change_components(struct backup *backup, enum backup_call call,
                                 const struct component_key *key, component_change *apply,
                                 const void *value)
{
    HRESULT hr = backup_enter(backup, call);

    if (FAILED(hr))
        return hr;
    hr = is_good(key) && apply ? change_all(backup, key, apply, value) : E_INVALIDARG;
    if (hr == S_OK && call == CALL_SET_RESTORE_OPTIONS)
        lint_session_set_options(&backup->lint, &key->class_id, key->path, key->name);
    if (hr == S_OK && call == CALL_SET_BACKUP_SUCCEEDED && report_hook)
        report_hook(backup, key);
    return backup_leave(backup, call, hr, key->name);
}

/* ---- file sets ---- */

static bool has_file_set(const struct wmd_component *component, const char *path,
                         const char *filespec, bool recursive)
{
    return filespecs_find(&component->files, path, filespec, recursive) ||
           filespecs_find(&component->database_files, path, filespec, recursive) ||
           filespecs_find(&component->log_files, path, filespec, recursive);
}

bool backup_may_have_file_set(struct backup *backup, const VSS_ID *class_id,
                              const struct bcd_component *component, const char *path,
                              const char *filespec, bool recursive)
{
    bool is_known = false;

    for (size_t i = 0; i < backup->metadata.count; i++) {
        struct wmd *wmd = backup->metadata.items[i];
        struct wmd_component *live;

        if (!guid_is_equal(&wmd->writer_id, class_id))
            continue;
        live = wmd_find_component(wmd, component->logical_path, component->name);
        if (!live)
            continue;
        is_known = true;
        if (has_file_set(live, path, filespec, recursive))
            return true;
        for (size_t k = 0; k < wmd->components.count; k++) {
            const struct wmd_component *below = &wmd->components.items[k];

            if (component_is_below(below->logical_path, live->logical_path, live->name) &&
                has_file_set(below, path, filespec, recursive))
                return true;
        }
    }
    return !is_known;
}
