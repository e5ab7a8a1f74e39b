/* SPDX-License-Identifier: MIT */
/* A scenario as YAML (scenario_read.h). What has its usual value is left out. */
#include "emu/scenario/scenario_read.h"

#include "emu/base/cleanup.h"
#include "emu/base/duration.h"
#include "emu/scenario/brief.h"
#include "emu/scenario/expect_rows.h"
#include "emu/scenario/write_i.h"

#include <string.h>

static void add_machine(struct str *out, const struct scenario *s)
{
    write_text(out, 0, "name", s->name);
    write_text(out, 0, "catalogue", s->catalogue);
    write_text(out, 0, "about", s->about);
    if (s->is_real_clock)
        str_add(out, "clock: real\n");
    if (s->has_seed)
        str_addf(out, "seed: %llu\n", (unsigned long long)s->seed);
    write_text(out, 0, "schedule", s->schedule);
    write_flag(out, 0, "fine", s->is_fine);
    write_text(out, 0, "windows", s->windows);
    if (s->choices.count)
        write_texts(out, 0, "choices", &s->choices);
    write_text(out, 0, "caller", s->caller);
    if (s->document_limit)
        str_addf(out, "document-limit: %llu\n", (unsigned long long)s->document_limit);
    write_flag(out, 0, "strict", s->is_strict);
    write_flag(out, 0, "strict-api", s->is_strict_api);
    if (s->is_service && !s->service)
        str_add(out, "service:\n");
    write_text(out, 0, "service", s->service);
    if (s->transaction_freeze_ns || s->transaction_thaw_ns)
        str_add(out, "transactions:\n");
    if (s->transaction_freeze_ns)
        str_addf(out, "  freeze: %s\n", DURATION_TEXT(s->transaction_freeze_ns));
    if (s->transaction_thaw_ns)
        str_addf(out, "  thaw: %s\n", DURATION_TEXT(s->transaction_thaw_ns));
}

static void add_volume(struct str *out, const struct scenario_volume *volume)
{
    bool is_plain =
        !volume->label && !volume->files.count && !volume->size && !volume->diff_area_on;

    str_addf(out, "  %c:", volume->letter);
    if (is_plain && volume->directory) {
        str_add_char(out, ' ');
        write_scalar(out, volume->directory);
    }
    str_add_char(out, '\n');
    if (is_plain)
        return;
    write_text(out, 4, "directory", volume->directory);
    write_text(out, 4, "label", volume->label);
    if (volume->size)
        str_addf(out, "    size: %llu\n", (unsigned long long)volume->size);
    if (volume->diff_area_on)
        str_addf(out, "    diff-area: {on: %c", volume->diff_area_on);
    if (volume->diff_area_on && volume->diff_area_maximum != INT64_MAX)
        str_addf(out, ", maximum: %llu", (unsigned long long)volume->diff_area_maximum);
    if (volume->diff_area_on)
        str_add(out, "}\n");
    if (volume->files.count)
        str_add(out, "    files:\n");
    for (size_t i = 0; i < volume->files.count; i++) {
        const struct scenario_file *file = &volume->files.items[i];

        str_add(out, "      ");
        write_scalar(out, file->path);
        str_add(out, ": ");
        if (file->text)
            write_bytes(out, file->text, file->text_size);
        else
            str_addf(out, "{size: %llu}", (unsigned long long)file->size);
        str_add_char(out, '\n');
    }
}

static void add_volumes(struct str *out, const struct scenario *s)
{
    size_t n_unnamed = 0;

    for (size_t i = 0; i < s->volumes.count; i++)
        n_unnamed += !s->volumes.items[i].letter;
    if (s->volumes.count > n_unnamed)
        str_add(out, "volumes:\n");
    for (size_t i = 0; i < s->volumes.count; i++) {
        if (s->volumes.items[i].letter)
            add_volume(out, &s->volumes.items[i]);
    }
    if (n_unnamed)
        str_addf(out, "unnamed-volumes: %zu\n", n_unnamed);
}

static void add_registry(struct str *out, const struct scenario *s)
{
    if (s->registry_files.count || s->registry.count)
        str_add(out, "registry:\n");
    if (s->registry_files.count)
        write_texts(out, 2, "files", &s->registry_files);
    for (size_t i = 0; i < s->registry.count; i++) {
        const struct scenario_registry_value *value = &s->registry.items[i];

        /* Values of one key stand together. */
        if (!i || strcmp(s->registry.items[i - 1].key, value->key) != 0) {
            str_add(out, "  ");
            write_scalar(out, value->key);
            str_add(out, ":\n");
        }
        if (!value->name)
            continue;
        str_add(out, "    ");
        write_scalar(out, value->name);
        str_add(out, ": ");
        write_quoted(out, value->text);
        str_add_char(out, '\n');
    }
}

static void add_snapshots(struct str *out, const struct scenario *s)
{
    if (s->snapshots.count)
        str_add(out, "snapshots:\n");
    for (size_t i = 0; i < s->snapshots.count; i++) {
        const struct scenario_snapshot *snapshot = &s->snapshots.items[i];

        str_add(out, "  - volumes: [");
        for (size_t v = 0; v < snapshot->volumes.count; v++) {
            str_add(out, v ? ", " : "");
            write_quoted(out, snapshot->volumes.items[v]);
        }
        str_add(out, "]\n");
        write_text(out, 4, "context", snapshot->context);
        if (snapshot->count)
            str_addf(out, "    count: %u\n", snapshot->count);
    }
}

static void add_faults(struct str *out, const struct scenario *s)
{
    if (s->faults.count)
        str_add(out, "faults: |\n");
    for (size_t i = 0; i < s->faults.count; i++) {
        auto_free char *text = fault_text(&s->faults.items[i]);

        str_addf(out, "  %s\n", text);
    }
}

static void add_play(struct str *out, const struct scenario *s)
{
    if (s->requester == SCENARIO_REQUESTER_STEPS && s->steps.count)
        str_add(out, "steps: |\n");
    for (size_t i = 0; i < s->steps.count; i++)
        str_addf(out, "  %s\n", s->steps.items[i].text);
    if (s->requester == SCENARIO_REQUESTER_BETEST && s->betest)
        write_text(out, 0, "betest", s->betest);
    else if (s->requester == SCENARIO_REQUESTER_BETEST)
        str_add(out, "betest:\n");
    if (s->program.count)
        write_texts(out, 0, "program", &s->program);
}

/* ---- expectations ---- */

static void add_values(struct str *out, const struct expectation *e)
{
    const struct expect_row *row = &expect_rows[e->kind];

    if (row->form == EXPECT_TEXT) {
        if (e->values.count)
            write_quoted(out, e->values.items[0]);
        else
            str_add_char(out, '~');
    } else if (!e->values.count) {
        str_add(out, "none");
    } else {
        str_add_char(out, '[');
        for (size_t i = 0; i < e->values.count; i++) {
            str_add(out, i ? ", " : "");
            if (row->form == EXPECT_WORDS)
                write_scalar(out, e->values.items[i]);
            else
                write_quoted(out, e->values.items[i]);
        }
        str_add_char(out, ']');
    }
    str_add_char(out, '\n');
}

/* Those of a kind stand together, whatever their order. */
static void add_expectations(struct str *out, const struct scenario *s)
{
    if (s->expectations.count)
        str_add(out, "expect:\n");
    for (unsigned kind = 0; kind < N_EXPECTATION_KINDS; kind++) {
        const struct expect_row *row = &expect_rows[kind];
        bool has_head = false;

        for (size_t i = 0; i < s->expectations.count; i++) {
            const struct expectation *e = &s->expectations.items[i];

            if (e->kind != kind)
                continue;
            if (!has_head)
                str_addf(out, "  %s:%s", row->key, row->of == EXPECT_OF_ALL ? " " : "\n");
            has_head = true;
            if (row->of == EXPECT_OF_SUBJECTS) {
                str_add(out, "    ");
                write_scalar(out, e->subject);
                str_add(out, ": ");
            }
            add_values(out, e);
        }
    }
}

void scenario_write(const struct scenario *s, struct str *out)
{
    add_machine(out, s);
    add_volumes(out, s);
    write_writers(out, s);
    if (s->providers.count)
        write_texts(out, 0, "providers", &s->providers);
    add_registry(out, s);
    add_snapshots(out, s);
    add_faults(out, s);
    add_play(out, s);
    add_expectations(out, s);
}
