/* SPDX-License-Identifier: MIT */
#include "emu/scenario/scenario.h"

#include "emu/base/mem.h"
#include "emu/base/str.h"

#include <stdlib.h>
#include <string.h>

/* ---- texts ---- */

void scenario_texts_add(struct scenario_texts *texts, const char *text)
{
    array_add(texts, mem_strdup(text));
}

void scenario_texts_copy(const struct scenario_texts *from, struct scenario_texts *to)
{
    *to = (struct scenario_texts){ 0 };
    for (size_t i = 0; i < from->count; i++)
        scenario_texts_add(to, from->items[i]);
}

void scenario_texts_free(struct scenario_texts *texts)
{
    for (size_t i = 0; i < texts->count; i++)
        free(texts->items[i]);
    array_free(texts);
}

/* ---- making one ---- */

struct scenario *scenario_new(void)
{
    return mem_new(struct scenario);
}

struct scenario_volume *scenario_add_volume(struct scenario *s, char letter)
{
    struct scenario_volume *volume = array_push(&s->volumes);

    *volume = (struct scenario_volume){ .letter = letter };
    return volume;
}

struct scenario_file *scenario_add_file(struct scenario_volume *volume, const char *path,
                                        const char *text, uint64_t size)
{
    struct scenario_file *file = array_push(&volume->files);

    *file = (struct scenario_file){ .path = mem_strdup(path), .text = mem_strdup(text) };
    if (text)
        file->text_size = strlen(text);
    else
        file->size = size;
    return file;
}

struct scenario_writer *scenario_add_writer(struct scenario *s, enum scenario_writer_kind kind,
                                            const char *text)
{
    struct scenario_writer *writer = array_push(&s->writers);

    *writer = (struct scenario_writer){ .kind = kind, .text = mem_strdup(text) };
    return writer;
}

struct scenario_writer *scenario_add_document(struct scenario *s, struct wmd *take_wmd)
{
    struct scenario_writer *writer = scenario_add_writer(s, SCENARIO_WRITER_DOCUMENT, NULL);

    writer->document = take_wmd;
    return writer;
}

void scenario_add_step(struct scenario *s, const char *text)
{
    s->requester = SCENARIO_REQUESTER_STEPS;
    *array_push(&s->steps) = (struct scenario_step){ .text = mem_strdup(text) };
}

bool scenario_add_fault(struct scenario *s, const char *text, char **ret_error)
{
    struct fault fault;

    if (!fault_parse(text, &fault, ret_error))
        return false;
    array_add(&s->faults, fault);
    return true;
}

struct expectation *scenario_expect(struct scenario *s, enum expectation_kind kind,
                                    const char *subject, const char *value)
{
    struct expectation *expectation = array_push(&s->expectations);

    *expectation = (struct expectation){ .kind = kind, .subject = mem_strdup(subject) };
    if (value)
        scenario_texts_add(&expectation->values, value);
    return expectation;
}

/* ---- copies ---- */

static void copy_volume(const struct scenario_volume *from, struct scenario_volume *to)
{
    *to = *from;
    to->directory = mem_strdup(from->directory);
    to->label = mem_strdup(from->label);
    memset(&to->files, 0, sizeof(to->files));
    for (size_t i = 0; i < from->files.count; i++) {
        const struct scenario_file *file = &from->files.items[i];
        struct scenario_file *copy = array_push(&to->files);

        *copy = *file;
        copy->path = mem_strdup(file->path);
        copy->text = file->text ? mem_copy(file->text, file->text_size + 1) : NULL;
    }
}

static void copy_machine(const struct scenario *from, struct scenario *to)
{
    scenario_texts_copy(&from->providers, &to->providers);
    scenario_texts_copy(&from->registry_files, &to->registry_files);
    memset(&to->registry, 0, sizeof(to->registry));
    memset(&to->snapshots, 0, sizeof(to->snapshots));
    memset(&to->faults, 0, sizeof(to->faults));
    for (size_t i = 0; i < from->registry.count; i++) {
        const struct scenario_registry_value *value = &from->registry.items[i];

        array_add(&to->registry, ((struct scenario_registry_value){
                                     mem_strdup(value->key),
                                     mem_strdup(value->name),
                                     mem_strdup(value->text),
                                 }));
    }
    for (size_t i = 0; i < from->snapshots.count; i++) {
        const struct scenario_snapshot *snapshot = &from->snapshots.items[i];
        struct scenario_snapshot *copy = array_push(&to->snapshots);

        *copy = *snapshot;
        copy->context = mem_strdup(snapshot->context);
        scenario_texts_copy(&snapshot->volumes, &copy->volumes);
    }
    for (size_t i = 0; i < from->faults.count; i++)
        fault_copy(&from->faults.items[i], array_push(&to->faults));
}

static void copy_cast(const struct scenario *from, struct scenario *to)
{
    memset(&to->volumes, 0, sizeof(to->volumes));
    memset(&to->writers, 0, sizeof(to->writers));
    for (size_t i = 0; i < from->volumes.count; i++)
        copy_volume(&from->volumes.items[i], array_push(&to->volumes));
    for (size_t i = 0; i < from->writers.count; i++) {
        struct scenario_writer *copy = array_push(&to->writers);

        *copy = from->writers.items[i];
        copy->text = mem_strdup(copy->text);
        copy->document = copy->document ? wmd_ref(copy->document) : NULL;
    }
}

static void copy_play(const struct scenario *from, struct scenario *to)
{
    memset(&to->steps, 0, sizeof(to->steps));
    memset(&to->expectations, 0, sizeof(to->expectations));
    scenario_texts_copy(&from->program, &to->program);
    for (size_t i = 0; i < from->steps.count; i++) {
        array_add(&to->steps, ((struct scenario_step){ mem_strdup(from->steps.items[i].text),
                                                       from->steps.items[i].line }));
    }
    for (size_t i = 0; i < from->expectations.count; i++) {
        struct expectation *copy = array_push(&to->expectations);

        *copy = from->expectations.items[i];
        copy->subject = mem_strdup(copy->subject);
        scenario_texts_copy(&from->expectations.items[i].values, &copy->values);
    }
}

/* The members that are one text each. */
static const size_t texts_at[] = {
    offsetof(struct scenario, name),      offsetof(struct scenario, catalogue),
    offsetof(struct scenario, about),     offsetof(struct scenario, path),
    offsetof(struct scenario, directory), offsetof(struct scenario, schedule),
    offsetof(struct scenario, windows),   offsetof(struct scenario, caller),
    offsetof(struct scenario, service),   offsetof(struct scenario, betest),
};

static char **text_at(struct scenario *s, size_t i)
{
    return (char **)((char *)s + texts_at[i]);
}

void scenario_copy(const struct scenario *from, struct scenario *to)
{
    *to = *from;
    for (size_t i = 0; i < sizeof(texts_at) / sizeof(*texts_at); i++)
        *text_at(to, i) = mem_strdup(*text_at(to, i));
    scenario_texts_copy(&from->choices, &to->choices);
    copy_machine(from, to);
    copy_cast(from, to);
    copy_play(from, to);
}

/* ---- the end ---- */

void scenario_file_fini(struct scenario_file *file)
{
    free(file->path);
    free(file->text);
}

void scenario_volume_fini(struct scenario_volume *volume)
{
    for (size_t i = 0; i < volume->files.count; i++)
        scenario_file_fini(&volume->files.items[i]);
    array_free(&volume->files);
    free(volume->directory);
    free(volume->label);
}

void scenario_writer_fini(struct scenario_writer *writer)
{
    free(writer->text);
    wmd_free(writer->document);
}

void scenario_snapshot_fini(struct scenario_snapshot *snapshot)
{
    scenario_texts_free(&snapshot->volumes);
    free(snapshot->context);
}

static void free_volumes(struct scenario *s)
{
    for (size_t i = 0; i < s->volumes.count; i++)
        scenario_volume_fini(&s->volumes.items[i]);
    array_free(&s->volumes);
}

static void free_machine(struct scenario *s)
{
    scenario_texts_free(&s->choices);
    scenario_texts_free(&s->providers);
    scenario_texts_free(&s->registry_files);
    for (size_t i = 0; i < s->registry.count; i++) {
        free(s->registry.items[i].key);
        free(s->registry.items[i].name);
        free(s->registry.items[i].text);
    }
    array_free(&s->registry);
    for (size_t i = 0; i < s->snapshots.count; i++)
        scenario_snapshot_fini(&s->snapshots.items[i]);
    array_free(&s->snapshots);
    for (size_t i = 0; i < s->faults.count; i++)
        fault_fini(&s->faults.items[i]);
    array_free(&s->faults);
}

static void free_play(struct scenario *s)
{
    for (size_t i = 0; i < s->writers.count; i++)
        scenario_writer_fini(&s->writers.items[i]);
    array_free(&s->writers);
    for (size_t i = 0; i < s->steps.count; i++)
        free(s->steps.items[i].text);
    array_free(&s->steps);
    scenario_texts_free(&s->program);
    for (size_t i = 0; i < s->expectations.count; i++) {
        free(s->expectations.items[i].subject);
        scenario_texts_free(&s->expectations.items[i].values);
    }
    array_free(&s->expectations);
}

void scenario_fini(struct scenario *s)
{
    for (size_t i = 0; i < sizeof(texts_at) / sizeof(*texts_at); i++)
        free(*text_at(s, i));
    free_volumes(s);
    free_machine(s);
    free_play(s);
    *s = (struct scenario){ 0 };
}

void scenario_free(struct scenario *s)
{
    if (!s)
        return;
    scenario_fini(s);
    free(s);
}

/* ---- questions ---- */

const char *const *scenario_checks(const struct scenario *s, size_t *ret_n)
{
    *ret_n = 0;
    for (size_t i = 0; i < s->expectations.count; i++) {
        const struct expectation *e = &s->expectations.items[i];

        if (e->kind != EXPECT_CHECK)
            continue;
        *ret_n = e->values.count;
        return (const char *const *)e->values.items;
    }
    return NULL;
}

char *scenario_path(const struct scenario *s, const char *path)
{
    if (*path == '/' || !s->directory)
        return mem_strdup(path);
    return str_printf("%s/%s", s->directory, path);
}
