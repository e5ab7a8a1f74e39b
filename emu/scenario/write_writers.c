/* SPDX-License-Identifier: MIT */
/* Writers as YAML (write_i.h). What brief_document and its kin would give is left out. */
#include "emu/scenario/write_i.h"

#include "emu/base/cleanup.h"
#include "emu/base/duration.h"
#include "emu/com/guid.h"
#include "emu/scenario/brief.h"
#include "emu/scenario/words.h"

#include <string.h>

static void add_word(struct str *out, const char *key, const struct enum_word *words, int value,
                     int usual)
{
    const struct enum_word *word = enum_word_of_value(words, value);

    if (value != usual && word)
        write_text(out, 4, key, word->word);
}

static void add_set(struct str *out, unsigned indent, const struct filespec *spec)
{
    bool is_plain = !spec->alternate_path && spec->backup_type_mask == FILESPEC_MASK_DEFAULT;
    auto_free char *text = brief_files_text(spec);

    str_addf(out, "%*s- ", (int)indent, "");
    if (is_plain) {
        write_quoted(out, text);
        str_add_char(out, '\n');
        return;
    }
    str_add(out, "path: ");
    write_quoted(out, spec->path);
    str_addf(out, "\n%*s  filespec: ", (int)indent, "");
    write_quoted(out, spec->filespec);
    str_add_char(out, '\n');
    write_flag(out, indent + 2, "recursive", spec->recursive);
    write_text(out, indent + 2, "alternate", spec->alternate_path);
    if (spec->backup_type_mask != FILESPEC_MASK_DEFAULT)
        str_addf(out, "%*s  mask: 0x%x\n", (int)indent, "", spec->backup_type_mask);
}

static void add_sets(struct str *out, unsigned indent, const char *key,
                     const struct filespecs *specs)
{
    if (specs->count)
        str_addf(out, "%*s%s:\n", (int)indent, "", key);
    for (size_t i = 0; i < specs->count; i++)
        add_set(out, indent + 2, &specs->items[i]);
}

static bool is_same_set(const struct filespecs *a, const struct filespecs *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++) {
        const struct filespec *x = &a->items[i], *y = &b->items[i];

        if (!filespec_is_same(x, y->path, y->filespec, y->recursive) ||
            !str_is_equal(x->alternate_path, y->alternate_path) ||
            x->backup_type_mask != y->backup_type_mask)
            return false;
    }
    return true;
}

/* Its files are those that it would get by itself. */
static bool has_usual_files(const struct wmd *wmd, const struct wmd_component *c)
{
    struct wmd_component usual = { .type = c->type, .name = c->name };

    brief_have_files(wmd, &usual);
    bool is_usual = is_same_set(&usual.files, &c->files) &&
                    is_same_set(&usual.database_files, &c->database_files) && !c->log_files.count;

    filespecs_free(&usual.files);
    filespecs_free(&usual.database_files);
    return is_usual;
}

static bool is_short(const struct wmd *wmd, const struct wmd_component *c)
{
    return c->type == VSS_CT_FILEGROUP && c->selectable && c->selectable_for_restore &&
           !c->notify_on_backup_complete && !c->caption && !c->flags && !c->dependencies.count &&
           has_usual_files(wmd, c);
}

static void add_dependencies(struct str *out, const struct wmd_component *c)
{
    if (c->dependencies.count)
        str_add(out, "        depends:\n");
    for (size_t i = 0; i < c->dependencies.count; i++) {
        const struct wmd_dependency *d = &c->dependencies.items[i];
        auto_free char *full = brief_full_name(d->logical_path, d->name);
        auto_free char *word = word_quoted(full);
        auto_free char *line = str_printf("%s %s", GUID_TEXT(&d->writer_id), word);

        str_add(out, "          - ");
        write_quoted(out, line);
        str_add_char(out, '\n');
    }
}

static void add_component(struct str *out, const struct wmd *wmd, const struct wmd_component *c)
{
    auto_free char *full = brief_full_name(c->logical_path, c->name);

    if (is_short(wmd, c)) {
        str_add(out, "      - ");
        write_scalar(out, full);
        str_add_char(out, '\n');
        return;
    }
    str_add(out, "      - name: ");
    write_scalar(out, full);
    str_add_char(out, '\n');
    if (c->type == VSS_CT_DATABASE)
        str_add(out, "        type: database\n");
    if (!c->selectable)
        str_add(out, "        selectable: no\n");
    if (!c->selectable_for_restore)
        str_add(out, "        selectable-for-restore: no\n");
    write_flag(out, 8, "notify", c->notify_on_backup_complete);
    write_text(out, 8, "caption", c->caption);
    if (c->flags)
        str_addf(out, "        flags: %u\n", c->flags);
    if (!has_usual_files(wmd, c)) {
        add_sets(out, 8, "files", c->type == VSS_CT_DATABASE ? &c->database_files : &c->files);
        add_sets(out, 8, "logs", &c->log_files);
    }
    add_dependencies(out, c);
}

static void add_components(struct str *out, const struct wmd *wmd)
{
    bool is_usual = wmd->components.count == 1 && is_short(wmd, &wmd->components.items[0]) &&
                    strcmp(wmd->components.items[0].name, "data") == 0 &&
                    !*wmd->components.items[0].logical_path;

    if (is_usual)
        return;
    str_addf(out, "    components:%s\n", wmd->components.count ? "" : " []");
    for (size_t i = 0; i < wmd->components.count; i++)
        add_component(out, wmd, &wmd->components.items[i]);
}

static void add_restore(struct str *out, const struct wmd *wmd)
{
    if (!wmd->has_restore_method) {
        str_add(out, "    restore:\n");
        return;
    }
    add_word(out, "restore", restore_method_words, (int)wmd->restore_method,
             VSS_RME_RESTORE_IF_CAN_REPLACE);
    add_word(out, "restore-events", writer_restore_words, (int)wmd->writer_restore, VSS_WRE_ALWAYS);
}

static void add_document(struct str *out, const struct scenario_writer *writer)
{
    const struct wmd *wmd = writer->document;
    GUID usual = brief_writer_id(wmd->name);

    str_add(out, "  - name: ");
    write_scalar(out, wmd->name);
    str_add_char(out, '\n');
    if (!guid_is_equal(&usual, &wmd->writer_id))
        write_text(out, 4, "id", GUID_TEXT(&wmd->writer_id));
    write_text(out, 4, "instance", wmd->instance_name);
    add_word(out, "usage", usage_words, (int)wmd->usage, VSS_UT_USERDATA);
    add_word(out, "source", source_words, (int)wmd->source, VSS_ST_OTHER);
    if (wmd->backup_schema)
        str_addf(out, "    schema: 0x%x\n", wmd->backup_schema);
    if (writer->level && writer->level != VSS_APP_FRONT_END)
        write_text(out, 4, "level", brief_level_name(writer->level));
    if (writer->freeze_timeout_ms)
        str_addf(out, "    freeze-timeout: %s\n",
                 DURATION_TEXT((int64_t)writer->freeze_timeout_ms * 1000000));
    add_restore(out, wmd);
    add_components(out, wmd);
    add_sets(out, 4, "exclude", &wmd->exclude_files);
    add_sets(out, 4, "exclude-from-snapshot", &wmd->exclude_files_from_snapshot);
}

void write_writers(struct str *out, const struct scenario *s)
{
    static const char *const keys[] = {
        [SCENARIO_WRITER_TEST] = "test-writer",  [SCENARIO_WRITER_TEST_XML] = "test-writer-xml",
        [SCENARIO_WRITER_METADATA] = "metadata", [SCENARIO_WRITER_CATALOG] = "simulate",
        [SCENARIO_WRITER_CAST] = "cast",
    };

    if (s->writers.count)
        str_add(out, "writers:\n");
    for (size_t i = 0; i < s->writers.count; i++) {
        const struct scenario_writer *writer = &s->writers.items[i];

        if (writer->kind == SCENARIO_WRITER_DOCUMENT) {
            add_document(out, writer);
            continue;
        }
        str_addf(out, "  - %s: ", keys[writer->kind]);
        write_quoted(out, writer->text);
        str_add_char(out, '\n');
    }
}
