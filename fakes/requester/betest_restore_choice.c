/* SPDX-License-Identifier: MIT */
/* What a restore restores (betest_restore_i.h). The document lists what was explicit in the backup;
 * what came with it can be restored by itself when it is selectable for restore (Learn: "Working
 * with Selectability for Restore and Subcomponents"). */
#include "fakes/requester/betest_restore_i.h"

#include "emu/base/str.h"
#include "fakes/requester/betest_new_target.h"

#include <string.h>

/* A component of the document. */
struct entry {
    size_t writer; /* the saved one */
    struct wmd_component *component;
    bool is_whole;     /* the whole set is wanted */
    bool is_for_parts; /* only subcomponents are */
};

struct part {
    struct wmd_component *component;
};

struct choice {
    struct restore *restore;
    ARRAY(struct entry) entries;
    struct text_index by_name;
    ARRAY(struct part) parts;
};

static char *entry_key(size_t writer, const char *logical_path, const char *name)
{
    return str_printf("%zu\x1f%s\x1f%s", writer, logical_path, name);
}

static struct entry *find_entry(struct choice *c, size_t writer, const char *logical_path,
                                const char *name)
{
    auto_free char *key = entry_key(writer, logical_path, name);
    size_t number;

    return text_index_find(&c->by_name, key, &number) ? &c->entries.items[number] : NULL;
}

/* The saved document of a writer in the backup, by instance, or else by class alone. */
static size_t find_saved(const struct selection *s, const VSS_ID *instance, const VSS_ID *class)
{
    size_t by_class = s->writers.count;

    for (size_t i = 0; i < s->writers.count; i++) {
        const struct wmd *wmd = s->writers.items[i].wmd;

        if (!IsEqualGUID(&wmd->writer_id, class))
            continue;
        if (IsEqualGUID(&wmd->instance_id, instance))
            return i;
        by_class = i;
    }
    return by_class;
}

static HRESULT add_entry(void *arg, const struct document_component *component)
{
    struct choice *c = arg;
    struct session *s = &c->restore->session;
    const char *path = component->logical_path, *name = component->name;
    bool is_wanted = !s->config || betest_config_names(s->config, component->class, path, name);
    size_t writer = find_saved(&s->selection, component->instance, component->class);
    struct wmd_component *described =
        writer < s->selection.writers.count
            ? wmd_find_component(s->selection.writers.items[writer].wmd, path, name)
            : NULL;

    if (described) {
        auto_free char *key = entry_key(writer, path, name);

        text_index_add(&c->by_name, key, c->entries.count);
        array_add(
            &c->entries,
            ((struct entry){ .writer = writer, .component = described, .is_whole = is_wanted }));
    } else if (is_wanted) {
        report_failure(s->report, BETEST_COMPONENT_FAILED,
                       "component \"%s%s%s\" of writer {%s} is in the backup, but no saved writer "
                       "document describes it",
                       path, *path ? "\\" : "", name, BETEST_GUID(component->class));
    }
    return S_OK;
}

/* ---- subcomponents ---- */

/* The component of the document that this one came with. */
static struct entry *entry_above(struct choice *c, size_t writer,
                                 const struct wmd_component *component)
{
    auto_free char *path = mem_strdup(component->logical_path);

    while (*path) {
        char *separator = strrchr(path, '\\');
        const char *name = separator ? separator + 1 : path;

        if (separator)
            *separator = 0;
        struct entry *above = find_entry(c, writer, separator ? path : "", name);
        if (above && above->component->selectable)
            return above;
        if (!separator)
            break;
    }
    return NULL;
}

/* Whether the component is a part of a set in the backup; chooses it then. */
static bool choose_part(struct choice *c, size_t writer, struct wmd_component *part)
{
    struct session *s = &c->restore->session;
    struct entry *above = entry_above(c, writer, part);

    if (!above)
        return false;
    if (above->is_whole)
        return true;
    if (!part->selectable_for_restore) {
        auto_free char *name = chosen_full_name(part), *set = chosen_full_name(above->component);

        report_failure(s->report, BETEST_COMPONENT_FAILED,
                       "component \"%s\" of '%s' cannot be restored by itself, only with \"%s\"",
                       name, s->selection.writers.items[writer].wmd->name, set);
        return true;
    }
    above->is_for_parts = true;
    array_add(&c->parts, ((struct part){ part }));
    return true;
}

static bool choose_component(struct choice *c, size_t writer, struct wmd_component *component)
{
    return find_entry(c, writer, component->logical_path, component->name) ||
           choose_part(c, writer, component);
}

/* Whether the backup has what the entry names: itself, or with its parent. */
static bool choose_of_writer(struct choice *c, size_t writer, const struct betest_component *wanted)
{
    struct wmd *wmd = c->restore->session.selection.writers.items[writer].wmd;
    bool is_found = false;

    if (wanted->logical_path) {
        struct wmd_component *component =
            wmd_find_component(wmd, wanted->logical_path, wanted->name);

        return component && choose_component(c, writer, component);
    }
    for (size_t i = 0; i < wmd->components.count; i++)
        if (str_is_equal(wmd->components.items[i].name, wanted->name))
            is_found |= choose_component(c, writer, &wmd->components.items[i]);
    return is_found;
}

static void choose_named(struct choice *c, const struct betest_writer *writer,
                         const struct betest_component *wanted)
{
    struct session *s = &c->restore->session;
    auto_free char *full_name = config_full_name(wanted);

    for (size_t w = 0; w < s->selection.writers.count; w++)
        if (IsEqualGUID(&s->selection.writers.items[w].wmd->writer_id, &writer->writer_id) &&
            choose_of_writer(c, w, wanted))
            return;
    if (history_chain_has(c->restore->chain, &writer->writer_id, wanted->logical_path,
                          wanted->name))
        return;
    report_failure(s->report, BETEST_COMPONENT_FAILED,
                   "component \"%s\" of writer {%s} is not in the backup", full_name,
                   BETEST_GUID(&writer->writer_id));
}

static bool is_part(const struct choice *c, const struct wmd_component *component)
{
    for (size_t i = 0; i < c->parts.count; i++)
        if (c->parts.items[i].component == component)
            return true;
    return false;
}

static bool is_below_part(const struct choice *c, const struct wmd *wmd,
                          const struct wmd_component *component)
{
    for (size_t i = 0; i < c->parts.count; i++) {
        const struct wmd_component *part = c->parts.items[i].component;
        bool is_of_writer =
            part >= wmd->components.items && part < wmd->components.items + wmd->components.count;

        if (is_of_writer &&
            component_is_below(component->logical_path, part->logical_path, part->name))
            return true;
    }
    return false;
}

/* Where parts of a set are named, the rest of it stays as it is. */
static void leave_out_the_rest(struct choice *c)
{
    struct selection *selection = &c->restore->session.selection;

    for (size_t i = 0; i < selection->components.count; i++) {
        struct chosen_component *chosen = &selection->components.items[i];
        const struct wmd_component *owner = selection->components.items[chosen->owner].component;
        const struct wmd *wmd = selection->writers.items[chosen->writer].wmd;
        const struct entry *entry = find_entry(c, chosen->writer, owner->logical_path, owner->name);

        if (!entry || !entry->is_for_parts)
            continue;
        chosen->is_subcomponent = is_part(c, chosen->component);
        chosen->is_left_out = !chosen->is_subcomponent && !is_below_part(c, wmd, chosen->component);
    }
}

static void choose_all_named(struct choice *c)
{
    const struct betest_config *config = c->restore->session.config;

    for (size_t i = 0; config && i < config->writers.count; i++)
        for (size_t j = 0; j < config->writers.items[i].components.count; j++)
            choose_named(c, &config->writers.items[i],
                         &config->writers.items[i].components.items[j]);
}

bool restore_choose(struct restore *r)
{
    struct session *s = &r->session;
    struct choice c = { .restore = r };
    const char *call = NULL;
    HRESULT hr = components_each(s->vss, add_entry, &c, &call);

    if (SUCCEEDED(hr)) {
        choose_all_named(&c);
        for (size_t i = 0; i < c.entries.count; i++) {
            const struct entry *entry = &c.entries.items[i];

            if (entry->is_whole || entry->is_for_parts)
                selection_add_explicit(&s->selection, entry->writer, entry->component->logical_path,
                                       entry->component->name);
        }
        selection_complete(&s->selection);
        leave_out_the_rest(&c);
    }
    array_free(&c.entries);
    array_free(&c.parts);
    text_index_free(&c.by_name);
    if (FAILED(hr))
        return session_did(s, call, hr);
    if (s->selection.components.count > 0)
        return true;
    if (r->chain)
        report_line(s->report, "it has nothing of what is to be restored");
    else
        report_failure(s->report, BETEST_COMPONENT_FAILED,
                       "the backup has no component to restore");
    return false;
}

/* ---- telling VSS ---- */

/* Which running writer a saved one is now: of its class, with its first component. Its instance
 * takes the place of the saved one, so that its status is recognised. */
static void adopt_instance(struct restore *r, struct wmd *saved,
                           const struct wmd_component *component)
{
    for (size_t i = 0; i < r->live.writers.count; i++) {
        struct wmd *live = r->live.writers.items[i].wmd;

        if (IsEqualGUID(&live->writer_id, &saved->writer_id) &&
            wmd_find_component(live, component->logical_path, component->name)) {
            saved->instance_id = live->instance_id;
            return;
        }
    }
}

static bool add_subcomponents(struct restore *r, size_t owner, const WCHAR *path, const WCHAR *name)
{
    struct session *s = &r->session;
    const struct chosen_component *set = &s->selection.components.items[owner];
    const struct wmd *wmd = s->selection.writers.items[set->writer].wmd;

    for_each_member(&s->selection, i, owner)
    {
        const struct chosen_component *chosen = &s->selection.components.items[i];

        if (!chosen->is_subcomponent)
            continue;
        auto_free char *full_name = chosen_full_name(chosen->component);
        auto_wide WCHAR *part_path = wide(chosen->component->logical_path);
        auto_wide WCHAR *part_name = wide(chosen->component->name);
        report_line(s->report, "of it only \"%s\"", full_name);
        if (!session_did(s, "AddRestoreSubcomponent",
                         IVssBackupComponents_AddRestoreSubcomponent(
                             s->vss, wmd->writer_id, set->component->type, path, name, part_path,
                             part_name, FALSE)))
            return false;
    }
    return true;
}

static bool set_authoritative(struct restore *r, const struct wmd *wmd,
                              const struct wmd_component *component, const WCHAR *path,
                              const WCHAR *name)
{
    struct session *s = &r->session;

    if (!s->options->authoritative)
        return true;
    if (!(wmd->backup_schema & VSS_BS_AUTHORITATIVE_RESTORE) || !s->vss_ex) {
        report_line(s->report, "\"%s\" is not restored authoritatively: '%s' does not support it",
                    component->name, wmd->name);
        return true;
    }
    return session_did(s, "SetAuthoritativeRestore",
                       IVssBackupComponentsEx3_SetAuthoritativeRestore(
                           s->vss_ex, wmd->writer_id, component->type, path, name, TRUE));
}

static bool select_one(struct restore *r, size_t i)
{
    struct session *s = &r->session;
    const struct chosen_component *chosen = &s->selection.components.items[i];
    const struct wmd_component *component = chosen->component;
    struct wmd *wmd = s->selection.writers.items[chosen->writer].wmd;
    auto_free char *full_name = chosen_full_name(component);
    auto_wide WCHAR *wide_path = wide(component->logical_path);
    auto_wide WCHAR *name = wide(component->name);
    WCHAR *path = *wide_path ? wide_path : NULL;

    adopt_instance(r, wmd, component);
    HRESULT hr = IVssBackupComponents_SetSelectedForRestore(s->vss, wmd->writer_id, component->type,
                                                            path, name, TRUE);
    /* Learn: "Restores without Writer Participation": its files come back all the same. */
    if (hr == VSS_E_OBJECT_NOT_FOUND) {
        report_line(s->report, "component \"%s\": its writer '%s' does not run; only its files",
                    full_name, wmd->name);
        return true;
    }
    report_line(s->report, "component \"%s\" of '%s'", full_name, wmd->name);
    if (!session_did(s, "SetSelectedForRestore", hr) || !add_subcomponents(r, i, path, name) ||
        !new_targets_tell(s, i) || !set_authoritative(r, wmd, component, path, name))
        return false;
    /* Learn: "Restoring Incremental and Differential Backups": all passes but the last say that
     * others follow. */
    return !r->has_more ||
           session_did(s, "SetAdditionalRestores",
                       IVssBackupComponents_SetAdditionalRestores(
                           s->vss, wmd->writer_id, component->type, path, name, TRUE));
}

bool restore_select(struct restore *r)
{
    struct session *s = &r->session;

    for (size_t i = 0; i < s->selection.components.count; i++)
        if (chosen_is_explicit(&s->selection, i) && !select_one(r, i))
            return false;
    return true;
}
