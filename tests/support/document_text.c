/* SPDX-License-Identifier: MIT */
/* See document_text.h. */
#include "tests/support/document_text.h"

#include "emu/base/base64.h"
#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/com/guid.h"

#include <inttypes.h>
#include <string.h>

/* A line `what` = value; line breaks of a value would be lines of their own. */
static void fact(struct str *out, const char *what, const char *value)
{
    str_addf(out, "%s = ", what);
    for (; value && *value; value++) {
        if (*value == '\n' || *value == '\\')
            str_add_char(out, '\\');
        str_add_char(out, *value == '\n' ? 'n' : *value);
    }
    str_add(out, value ? "\n" : "(none)\n");
}

static void number(struct str *out, const char *what, uint64_t value)
{
    str_addf(out, "%s = %" PRIu64 "\n", what, value);
}

static void guid(struct str *out, const char *what, const GUID *value)
{
    str_addf(out, "%s = %s\n", what, GUID_TEXT(value));
}

static void specs(struct str *out, const char *what, const struct filespecs *list)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct filespec *spec = &list->items[i];

        str_addf(out, "%s %zu\n", what, i);
        fact(out, "  path", spec->path);
        fact(out, "  filespec", spec->filespec);
        fact(out, "  alternate path", spec->alternate_path);
        number(out, "  recursive", spec->recursive);
        number(out, "  mask", spec->backup_type_mask);
    }
}

static void wmd_component_text(struct str *out, const struct wmd_component *component)
{
    auto_free char *icon =
        component->icon ? base64_encode(component->icon, component->icon_size) : NULL;

    str_add(out, "component\n");
    number(out, " type", component->type);
    fact(out, " logical path", component->logical_path);
    fact(out, " name", component->name);
    fact(out, " caption", component->caption && *component->caption ? component->caption : NULL);
    fact(out, " icon", icon);
    number(out, " restore metadata", component->restore_metadata);
    number(out, " notify on backup complete", component->notify_on_backup_complete);
    number(out, " selectable", component->selectable);
    number(out, " selectable for restore", component->selectable_for_restore);
    number(out, " flags", component->flags);
    specs(out, " file set", &component->files);
    specs(out, " database file set", &component->database_files);
    specs(out, " log file set", &component->log_files);
    for (size_t i = 0; i < component->dependencies.count; i++) {
        str_add(out, " dependency\n");
        guid(out, "  writer", &component->dependencies.items[i].writer_id);
        fact(out, "  logical path", component->dependencies.items[i].logical_path);
        fact(out, "  name", component->dependencies.items[i].name);
    }
}

/* An empty text and none are written alike, so they are the same. */
static const char *given(const char *text)
{
    return text && *text ? text : NULL;
}

char *wmd_text(const struct wmd *wmd, bool without_instance)
{
    struct str out = { 0 };

    guid(&out, "writer", &wmd->writer_id);
    if (!without_instance)
        guid(&out, "instance", &wmd->instance_id);
    fact(&out, "instance name", given(wmd->instance_name));
    fact(&out, "name", wmd->name);
    number(&out, "usage", wmd->usage);
    number(&out, "source", wmd->source);
    number(&out, "major version", wmd->major_version);
    number(&out, "minor version", wmd->minor_version);
    number(&out, "backup schema", wmd->backup_schema);
    if (wmd->has_restore_method) {
        number(&out, "restore method", wmd->restore_method);
        fact(&out, "service", given(wmd->service));
        fact(&out, "user procedure", given(wmd->user_procedure));
        number(&out, "writer restore", wmd->writer_restore);
        number(&out, "reboot required", wmd->reboot_required);
    }
    specs(&out, "alternate location", &wmd->alternate_mappings);
    for (size_t i = 0; i < wmd->components.count; i++)
        wmd_component_text(&out, &wmd->components.items[i]);
    specs(&out, "excluded", &wmd->exclude_files);
    specs(&out, "excluded from the snapshot", &wmd->exclude_files_from_snapshot);
    return str_take(&out);
}

static void lists(struct str *out, const struct bcd_component *component)
{
    for (size_t i = 0; i < component->partial_files.count; i++) {
        str_add(out, "  partial file\n");
        fact(out, "   path", component->partial_files.items[i].path);
        fact(out, "   name", component->partial_files.items[i].filename);
        fact(out, "   ranges", component->partial_files.items[i].ranges);
        fact(out, "   metadata", component->partial_files.items[i].metadata);
    }
    for (size_t i = 0; i < component->differenced_files.count; i++) {
        str_add(out, "  differenced file\n");
        fact(out, "   path", component->differenced_files.items[i].path);
        fact(out, "   filespec", component->differenced_files.items[i].filespec);
        number(out, "   recursive", component->differenced_files.items[i].recursive);
        number(out, "   time", component->differenced_files.items[i].last_modify_time);
    }
    specs(out, "  alternate location", &component->alternate_mappings);
    specs(out, "  new target", &component->new_targets);
    for (size_t i = 0; i < component->directed_targets.count; i++) {
        str_add(out, "  directed target\n");
        fact(out, "   source path", component->directed_targets.items[i].source_path);
        fact(out, "   source name", component->directed_targets.items[i].source_filename);
        fact(out, "   source ranges", component->directed_targets.items[i].source_ranges);
        fact(out, "   path", component->directed_targets.items[i].destination_path);
        fact(out, "   name", component->directed_targets.items[i].destination_filename);
        fact(out, "   ranges", component->directed_targets.items[i].destination_ranges);
    }
    for (size_t i = 0; i < component->subcomponents.count; i++) {
        str_add(out, "  subcomponent\n");
        fact(out, "   logical path", component->subcomponents.items[i].logical_path);
        fact(out, "   name", component->subcomponents.items[i].name);
        number(out, "   repair", component->subcomponents.items[i].repair);
    }
}

static void bcd_component_text(struct str *out, const struct bcd_component *component)
{
    str_add(out, " component\n");
    number(out, "  type", component->type);
    fact(out, "  logical path", component->logical_path);
    fact(out, "  name", component->name);
    fact(out, "  caption", component->caption);
    number(out, "  backup succeeded", component->backup_succeeded);
    fact(out, "  stamp", component->backup_stamp);
    fact(out, "  previous stamp", component->previous_backup_stamp);
    fact(out, "  backup options", component->backup_options);
    fact(out, "  backup metadata", component->backup_metadata);
    fact(out, "  prepare failure", component->prepare_backup_failure_msg);
    fact(out, "  post snapshot failure", component->post_snapshot_failure_msg);
    number(out, "  selected for restore", component->selected_for_restore);
    guid(out, "  restore instance", &component->restore_instance_id);
    number(out, "  additional restores", component->additional_restores);
    fact(out, "  restore options", component->restore_options);
    fact(out, "  restore metadata", component->restore_metadata);
    number(out, "  restore target", component->restore_target);
    number(out, "  restore status", component->restore_status);
    number(out, "  authoritative", component->authoritative_restore);
    number(out, "  roll forward", component->roll_forward);
    fact(out, "  roll forward point", component->roll_forward_point);
    fact(out, "  restore name", component->restore_name);
    fact(out, "  pre restore failure", component->pre_restore_failure_msg);
    fact(out, "  post restore failure", component->post_restore_failure_msg);
    lists(out, component);
}

char *bcd_text(const struct bcd *bcd)
{
    struct str out = { 0 };

    if (bcd->has_backup_state) {
        number(&out, "select components", bcd->select_components);
        number(&out, "bootable system state", bcd->bootable_system_state);
        number(&out, "backup type", bcd->backup_type);
        number(&out, "partial file support", bcd->partial_file_support);
    }
    guid(&out, "snapshot set", &bcd->snapshot_set_id);
    number(&out, "restore type", bcd->restore_type);
    for (size_t i = 0; i < bcd->writers.count; i++) {
        const struct bcd_writer *writer = bcd->writers.items[i];

        if (!writer->components.count) /* such writers are left out on purpose */
            continue;
        str_add(&out, "writer\n");
        guid(&out, " instance", &writer->instance_id);
        guid(&out, " writer", &writer->writer_id);
        fact(&out, " instance name", writer->instance_name);
        number(&out, " backup schema", writer->backup_schema);
        for (size_t j = 0; j < writer->components.count; j++)
            bcd_component_text(&out, writer->components.items[j]);
    }
    for (size_t i = 0; i < bcd->snapshots.count; i++) {
        str_add(&out, "snapshot\n");
        guid(&out, " id", &bcd->snapshots.items[i].id);
        guid(&out, " provider", &bcd->snapshots.items[i].provider_id);
        fact(&out, " volume", bcd->snapshots.items[i].original_volume);
        number(&out, " attributes", bcd->snapshots.items[i].attributes);
    }
    return str_take(&out);
}

char *first_difference(const char *a, const char *b)
{
    for (unsigned line = 1; *a || *b; line++) {
        size_t a_length = strcspn(a, "\n"), b_length = strcspn(b, "\n");

        if (a_length != b_length || memcmp(a, b, a_length) != 0)
            return str_printf("line %u: `%.*s` and `%.*s`", line, (int)a_length, a, (int)b_length,
                              b);
        a += a_length + (a[a_length] != '\0');
        b += b_length + (b[b_length] != '\0');
    }
    return NULL;
}
