/* SPDX-License-Identifier: MIT */
/* See replay_as.h. */
#include "emu/cli/replay_as.h"

#include "emu/base/cleanup.h"
#include "emu/base/duration.h"
#include "emu/cli/input_files.h"
#include "emu/cli/say.h"
#include "emu/com/hresult.h"
#include "fakes/world/fault.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#define WRITER         "writer "
#define LEAST_DELAY_NS INT64_C(1000000) /* below, it is the machine that was slow */

static void change_world(struct trace_world *world, json_t *take_root)
{
    free(world->world);
    world->plan.recorded_world = world->world = json_dumps(take_root, JSON_COMPACT);
    json_decref(take_root);
}

void replay_as_requester(struct trace_world *world, const char *trace_path)
{
    json_t *root = json_loads(world->world, 0, NULL);
    auto_free char *absolute = input_absolute_path(trace_path);

    json_object_set_new(root, "requester",
                        json_pack("{s:s}", "replay", absolute ? absolute : trace_path));
    change_world(world, root);
}

bool replay_is_of_writer(const struct trace_record *record, const void *arg)
{
    (void)arg;
    return strncmp(record->who, WRITER, strlen(WRITER)) == 0 &&
           (record->kind == TRACE_EVENT || record->kind == TRACE_STATE ||
            record->kind == TRACE_CALL);
}

/* ---- as writers ---- */

/* The document that a writer gave first; NULL: nobody asked for it. */
static const char *metadata_of(const struct trace_file *trace, const char *who)
{
    for (size_t i = 0; i < trace->records.count; i++) {
        const struct trace_record *record = trace_file_record(trace, i);
        const char *text = trace_record_text(record, "metadata");

        if (text && record->kind == TRACE_EVENT && strcmp(record->who, who) == 0)
            return text;
    }
    return NULL;
}

static bool end_file(FILE *file, const char *path, bool is_good)
{
    if (file && fclose(file) != 0)
        is_good = false;
    if (!is_good)
        say("%s: %s", path, strerror(errno));
    return is_good;
}

static bool put_document(const char *path, const char *text)
{
    FILE *file = fopen(path, "we");

    return end_file(file, path, file && fputs(text, file) >= 0);
}

/* All that the trace says of this writer. */
static bool put_records(const char *path, const struct trace_file *trace, const char *who)
{
    FILE *file = fopen(path, "we");
    bool is_good = file != NULL;

    for (size_t i = 0; is_good && i < trace->records.count; i++) {
        const struct trace_file_record *record = &trace->records.items[i];

        if (strcmp(record->line.record.who, who) == 0)
            is_good = fwrite(record->text, record->length, 1, file) == 1 && putc('\n', file) >= 0;
    }
    return end_file(file, path, is_good);
}

/* Each that has subscribed, in this order. */
static bool add_writers(const struct trace_file *trace, const char *directory, json_t *documents)
{
    for (size_t i = 0; i < trace->records.count; i++) {
        const struct trace_record *record = trace_file_record(trace, i);
        const char *text;

        if (strcmp(record->what, "Subscribe") != 0 || strncmp(record->who, WRITER, 7) != 0)
            continue;
        text = metadata_of(trace, record->who);
        if (!text) {
            say("%s is left out: nobody asked for its metadata in this trace", record->who);
            continue;
        }
        auto_free char *path =
            str_printf("%s/writer-%zu.xml", directory, json_array_size(documents) + 1);
        auto_free char *answers = str_printf("%s.jsonl", path);
        if (!put_document(path, text) || !put_records(answers, trace, record->who))
            return false;
        json_array_append_new(
            documents,
            json_pack("{s:s, s:s, s:I, s:I}", "file", path, "answers", answers, "level",
                      (json_int_t)trace_record_number(record, "level", 0), "freeze_timeout_ms",
                      (json_int_t)trace_record_number(record, "freeze_timeout_ms", 0)));
    }
    return true;
}

/* The how-manieth event of this name of this writer, from 1. */
static unsigned nth_event(const struct trace_file *trace, size_t i, const char *what)
{
    const char *who = trace_file_record(trace, i)->who;
    unsigned n = 1;

    for (size_t k = 0; k < i; k++) {
        const struct trace_record *record = trace_file_record(trace, k);

        n += (record->kind == TRACE_EVENT || record->kind == TRACE_NOTE) &&
             strcmp(record->who, who) == 0 && strcmp(record->what, what) == 0;
    }
    return n;
}

/* Whether the handler whose time was over came back at all; *ret_ns: after so long. */
static bool came_back(const struct trace_file *trace, size_t i, const char *what, int64_t *ret_ns)
{
    const char *who = trace_file_record(trace, i)->who;

    for (size_t k = i + 1; k < trace->records.count; k++) {
        const struct trace_record *record = trace_file_record(trace, k);

        if (record->kind == TRACE_NOTE && strcmp(record->who, who) == 0 &&
            strcmp(record->what, what) == 0) {
            *ret_ns = record->took_ns;
            return true;
        }
    }
    return false;
}

static void add_fault(json_t *faults, const char *who, const char *event, unsigned nth,
                      const char *what)
{
    if (strchr(who, '"'))
        return;
    auto_free char *text =
        str_printf("writer=\"%s\" event=%s nth=%u %s", who + strlen(WRITER), event, nth, what);
    json_array_append_new(faults, json_string(text));
}

/* A time-out stands for what the handler did meanwhile. */
static void add_time_out(const struct trace_file *trace, size_t i, json_t *faults)
{
    const struct trace_record *record = trace_file_record(trace, i);
    bool is_freeze = strcmp(record->what, "freeze time-out") == 0;
    const char *event = is_freeze ? "Freeze" : record->detail;
    int64_t ns = 0;
    auto_free char *what = NULL;

    if ((!is_freeze && strcmp(record->what, "handler time-out") != 0) || !event ||
        (is_freeze && str_is_equal(record->before, "WAITING_FOR_THAW"))) /* Freeze had answered */
        return;
    if (came_back(trace, i, event, &ns))
        what = str_printf("do=delay for=%s", DURATION_TEXT(ns));
    else
        what = str_printf("do=hang");
    add_fault(faults, record->who, event, nth_event(trace, i, event), what);
}

static void add_answer(const struct trace_file *trace, size_t i, json_t *faults)
{
    const struct trace_record *record = trace_file_record(trace, i);
    bool has_failed = record->has_result && FAILED(record->result);
    bool returned = trace_record_number(record, "returned", 1);
    auto_free char *what = NULL;

    if (has_failed)
        what =
            str_printf("do=%s code=%s", returned ? "report" : "fail", HRESULT_NAME(record->result));
    else if (record->took_ns >= LEAST_DELAY_NS)
        what = str_printf("do=delay for=%s", DURATION_TEXT(record->took_ns));
    if (what)
        add_fault(faults, record->who, record->what, nth_event(trace, i, record->what), what);
}

/* What went wrong with provider, volumes and machine goes wrong again; what writers did has faults
 * of its own, and the requester is another one. */
static void keep_faults_of_others(const json_t *root, json_t *faults)
{
    const json_t *item;
    size_t i;

    json_array_foreach(json_object_get(root, "faults"), i, item)
    {
        auto_free char *error = NULL;
        struct fault fault;

        if (!fault_parse(json_string_value(item), &fault, &error))
            continue;
        if (fault.actor != FAULT_WRITER && fault.actor != FAULT_REQUESTER)
            json_array_append_new(faults, json_string(json_string_value(item)));
        fault_fini(&fault);
    }
}

bool replay_as_writers(struct trace_world *world, const struct trace_file *trace,
                       const char *directory)
{
    json_t *root = json_loads(world->world, 0, NULL), *documents = json_array();
    json_t *faults = json_array();
    bool is_good = add_writers(trace, directory, documents);

    keep_faults_of_others(root, faults);
    if (trace->header->version < 3)
        say("%s is a trace of version %d: what writers said of their components is not in it",
            trace->name, trace->header->version);

    for (size_t i = 0; i < trace->records.count; i++) {
        const struct trace_record *record = trace_file_record(trace, i);

        if (strncmp(record->who, WRITER, strlen(WRITER)) != 0)
            continue;
        if (record->kind == TRACE_EVENT)
            add_answer(trace, i, faults);
        else if (record->kind == TRACE_STATE)
            add_time_out(trace, i, faults);
    }
    json_object_del(root, "writers");
    json_object_del(root, "catalog_writers");
    json_object_del(root, "writer_metadata");
    json_object_set_new(root, "recorded_writers", documents);
    json_object_set_new(root, "faults", faults);
    json_object_set_new(root, "requester", json_null());
    change_world(world, root);
    return is_good;
}
