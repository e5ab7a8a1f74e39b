/* SPDX-License-Identifier: MIT */
/* See replay_requester.h. */
#include "emu/setup/replay_requester.h"

#include "emu/base/cleanup.h"
#include "emu/com/bstr.h"
#include "emu/com/guid.h"
#include "emu/com/hresult.h"
#include "emu/host/host_trace.h"
#include "emu/setup/replay_calls.h"
#include "emu/setup/world.h"

#include <string.h>

#define EXIT_OTHERWISE 1
#define EXIT_NO_TRACE  2

struct replaying {
    struct vssemu_world *world;
    const struct trace_file *trace;
    FILE *out;
    ARRAY(struct replay_session) sessions;
    struct replay_ids ids;
    int64_t recorded_ns, ours_ns; /* when the last call ended, then and now */
    unsigned n_otherwise;
};

static bool never(void *arg)
{
    (void)arg;
    return false;
}

/* As long as the recorded requester waited before this call, counted from the end of its last. */
static void pause_before(struct replaying *r, const struct trace_record *record)
{
    struct sched *sched = r->world->ports.sched;
    int64_t until = r->ours_ns + record->at_ns - r->recorded_ns;

    if (until <= sched_now(sched))
        return;
    sched_enter(sched);
    sched_wait(sched, never, NULL, until);
    sched_leave(sched);
}

static void call_has_ended(struct replaying *r, const struct trace_record *record)
{
    r->recorded_ns = record->at_ns;
    r->ours_ns = sched_now(r->world->ports.sched);
}

static void hold_against(struct replaying *r, const struct trace_file_record *line, HRESULT hr)
{
    const struct trace_record *record = &line->line.record;

    if (!record->has_result || hr == record->result)
        return;
    r->n_otherwise++;
    fprintf(r->out, "vssemu: line %u: %s answered %s then, %s now\n", line->number, record->what,
            HRESULT_NAME(record->result), HRESULT_NAME(hr));
}

/* ---- writers ---- */

struct identity {
    VSS_ID class_id, instance_id;
    char *name;
};

/* The i-th that has answered; false: there is none. */
static bool identity_of(struct replay_session *session, UINT i, struct identity *ret)
{
    auto_release(IVssExamineWriterMetadata) *metadata = NULL;
    VSS_ID session_id;
    VSS_USAGE_TYPE usage;
    VSS_SOURCE_TYPE source;
    BSTR name = NULL;

    if (FAILED(session->vss->lpVtbl->GetWriterMetadata(session->vss, i, &session_id, &metadata)) ||
        FAILED(metadata->lpVtbl->GetIdentity(metadata, &ret->instance_id, &ret->class_id, &name,
                                             &usage, &source)))
        return false;
    ret->name = utf8_from_wide(name);
    bstr_free(name);
    return true;
}

/* Writers of one class stand for each other in the order of their subscription. */
static void learn_instance(struct replaying *r, const struct identity *ours, unsigned nth)
{
    for (size_t i = 0; i < r->trace->records.count; i++) {
        const struct trace_record *record = trace_file_record(r->trace, i);
        const char *class_text = trace_record_text(record, "class");
        const char *instance_text = trace_record_text(record, "instance");
        VSS_ID class_id, instance_id;

        if (strcmp(record->what, "Subscribe") != 0 || !class_text || !instance_text ||
            !guid_from_text(class_text, &class_id) || !guid_from_text(instance_text, &instance_id))
            continue;
        if (guid_is_equal(&class_id, &ours->class_id) && nth-- == 0) {
            replay_ids_add(&r->ids, &instance_id, &ours->instance_id);
            return;
        }
    }
}

/* The recorded instances are these now. */
static void learn_writers(struct replaying *r, struct replay_session *session)
{
    struct {
        struct identity *items;
        size_t count, capacity;
    } seen = { 0 };
    struct identity identity;

    for (UINT i = 0; identity_of(session, i, &identity); i++) {
        unsigned nth = 0;

        for (size_t k = 0; k < seen.count; k++)
            nth += guid_is_equal(&seen.items[k].class_id, &identity.class_id);
        learn_instance(r, &identity, nth);
        array_add(&seen, identity);
    }
    for (size_t i = 0; i < seen.count; i++)
        free(seen.items[i].name);
    array_free(&seen);
}

/* ---- sessions ---- */

static struct replay_session *session_of(struct replaying *r, const struct trace_record *record)
{
    unsigned number = (unsigned)trace_record_number(record, "session", 1);
    IVssBackupComponents *vss = NULL;

    for (size_t i = 0; i < r->sessions.count; i++) {
        if (r->sessions.items[i].number == number)
            return &r->sessions.items[i];
    }
    if (FAILED(CreateVssBackupComponentsInternal(&vss)))
        return NULL;
    /* What the recorded requester did wrong was found then. */
    backup_components_of((backup_face *)vss)->backup->lint.is_muted = true;
    array_add(&r->sessions, ((struct replay_session){ number, (backup_face *)vss, NULL }));
    return &r->sessions.items[r->sessions.count - 1];
}

static void drop_pending(struct replay_session *session)
{
    if (session->pending)
        session->pending->lpVtbl->Release(session->pending);
    session->pending = NULL;
}

static void release(struct replay_session *session)
{
    drop_pending(session);
    if (session->vss)
        session->vss->lpVtbl->Release(session->vss);
    session->vss = NULL;
}

/* The record that says how an operation ended: we wait for ours. */
static void end_operation(struct replaying *r, struct replay_session *session,
                          const struct trace_file_record *line)
{
    HRESULT status = S_OK;

    session->pending->lpVtbl->Wait(session->pending, INFINITE);
    session->pending->lpVtbl->QueryStatus(session->pending, &status, NULL);
    hold_against(r, line, status);
    if (strcmp(line->line.record.what, "GatherWriterMetadata") == 0)
        learn_writers(r, session);
    drop_pending(session);
}

static void step(struct replaying *r, const struct trace_file_record *line)
{
    const struct trace_record *record = &line->line.record;
    struct replay_session *session = session_of(r, record);
    bool is_end =
        session && session->pending && !str_is_equal(record->detail, "started") &&
        str_is_equal(backup_components_of(session->vss)->backup->operation->call, record->what);
    HRESULT hr;

    if (!session || !session->vss)
        return;
    if (is_end) {
        end_operation(r, session, line);
    } else {
        pause_before(r, record);
        if (strcmp(record->what, "Release") == 0)
            release(session);
        else if (replay_call(session, &r->ids, record, &hr))
            hold_against(r, line, hr);
        else
            fprintf(r->out, "vssemu: line %u: %s is left out: it cannot be made again\n",
                    line->number, record->what);
    }
    call_has_ended(r, record);
}

int replay_requester_run(struct vssemu_world *world, const char *trace_path, FILE *out)
{
    struct replaying r = { .world = world, .out = out };
    struct trace_file trace;
    auto_free char *error = NULL;

    /* The launcher has checked it, or was told not to. */
    if (!host_trace_load(trace_path, TRACE_FILE_EDITED, &trace, &error)) {
        fprintf(out, "vssemu: %s\n", error);
        return EXIT_NO_TRACE;
    }
    r.trace = &trace;
    for (size_t i = 0; i < trace.records.count; i++) {
        const struct trace_record *record = trace_file_record(&trace, i);

        if (record->kind != TRACE_CALL || strcmp(record->who, "requester") != 0)
            continue;
        if (!r.recorded_ns)
            call_has_ended(&r, record); /* the first comes when the writers are there */
        step(&r, &trace.records.items[i]);
    }
    for (size_t i = 0; i < r.sessions.count; i++)
        release(&r.sessions.items[i]);
    array_free(&r.sessions);
    array_free(&r.ids.items);
    trace_file_free(&trace);
    return r.n_otherwise ? EXIT_OTHERWISE : 0;
}
