/* SPDX-License-Identifier: MIT */
/* The functions of vssemu.h over emu/setup/world and emu/setup/script. */
#include "emu/include/vssemu.h"

#include "emu/api/writer_adapter.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/com/hresult.h"
#include "emu/com/object.h"
#include "emu/port/volume.h"
#include "emu/setup/test_world.h"
#include "emu/setup/trace_memory.h"
#include "emu/svc/backup.h"
#include "emu/svc/snapshot_set.h"
#include "emu/trace/trace_text.h"
#include "fakes/world/vsched.h"
#include "writer_sim/test_writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- life ---- */

struct vssemu_world *vssemu_world_new(const struct vssemu_options *options)
{
    struct world_options o = { .is_virtual = !options || !options->real_clock,
                               .seed = options ? options->seed : 1,
                               .trace_fd = -1,
                               .keeps_trace = !options || !options->keeps_no_trace };
    struct vsched_schedule schedule = { 0 };
    char *error = NULL;

    if (options && options->schedule &&
        !vsched_schedule_parse(options->schedule, &schedule, &error)) {
        fprintf(stderr, "vssemu: vssemu_world_new: %s\n", error);
        abort();
    }
    o.schedule = &schedule;
    o.is_fine = options && options->fine;
    struct test_world *t = mem_new(struct test_world);

    t->world = world_new(&o);
    t->world->test = t;
    script_init(&t->script, t->world);
    world_use(t->world);
    return t->world;
}

/* A writer of the test's own that outlived its world would use it after the end. */
static void refuse_subscribed_writers(struct vssemu_world *w)
{
    size_t n_own = writer_adapter_count_native(&w->service);

    if (!n_own)
        return;
    fprintf(stderr,
            "vssemu: vssemu_world_free: %zu of your writers are still subscribed; call Unsubscribe "
            "or free them first\n",
            n_own);
    abort();
}

unsigned vssemu_world_free(struct vssemu_world *w)
{
    struct test_world *t = w->test;

    if (!w->ports.is_virtual)
        world_lift_faults(w); /* or what hangs would hang in real time */
    script_fini(&t->script);
    refuse_subscribed_writers(w);
    world_end_sessions(w);
    world_lift_faults(w);
    world_drain(w, 600 * SCHED_SECOND);
    unsigned n_objects = world_free(w);
    str_free(&t->answer);
    free(t->error);
    free(t->device);
    free(t);
    return n_objects;
}

void vssemu_world_use(struct vssemu_world *w)
{
    world_use(w);
}

uint64_t vssemu_switch_points(struct vssemu_world *w)
{
    return w->vsched ? vsched_switch_points(w->vsched) : 0;
}

static bool fail(struct vssemu_world *w, char *take_text)
{
    free(w->test->error);
    w->test->error = take_text;
    return false;
}

const char *vssemu_error(struct vssemu_world *w)
{
    return w->test->error ? w->test->error : "";
}

/* ---- the cast ---- */

bool vssemu_add_volume(struct vssemu_world *w, const char *name, const char *directory)
{
    char *error = NULL;

    if (name && (!name[0] || name[1] != ':'))
        return fail(w, str_printf("a volume is named like \"C:\""));
    return !world_add_volume(w, name ? name[0] : 0, directory, &error) || fail(w, error);
}

bool vssemu_add_writer_file(struct vssemu_world *w, const char *path)
{
    char *error = NULL;

    return !world_add_test_writer(w, path, &error) || fail(w, error);
}

bool vssemu_add_writer_xml(struct vssemu_world *w, const char *xml)
{
    struct test_writer *writer = NULL;
    char *error = NULL;

    if (test_writer_new_from_text(&w->ports, xml, strlen(xml), "(text)", &error, &writer))
        return fail(w, error);
    array_add(&w->writers, writer);
    return true;
}

/* ---- the requester ---- */

static void have_provider(struct vssemu_world *w)
{
    world_requester_comes(&w->service);
}

HRESULT vssemu_backup(struct vssemu_world *w, enum vssemu_until until)
{
    have_provider(w);
    return script_backup(&w->test->script, until);
}

HRESULT vssemu_restore(struct vssemu_world *w, enum vssemu_until until)
{
    have_provider(w);
    return script_restore(&w->test->script, until);
}

void vssemu_requester_dies(struct vssemu_world *w)
{
    script_release(&w->test->script);
}

/* ---- questions ---- */

const char *vssemu_snapshot_device(struct vssemu_world *w, const char *volume_name)
{
    char *device = NULL;

    sched_enter(w->ports.sched);
    list_each (struct snapshot, snapshot, &w->service.snapshots, link) {
        if (snapshot->volume->letter == volume_name[0])
            device = snapshot->device;
    }
    free(w->test->device);
    w->test->device = mem_strdup(device);
    sched_leave(w->ports.sched);
    return w->test->device;
}

/* A writer's last record that says something about it: the trace outlives the session. */
static const struct trace_record *last_record_of(struct vssemu_world *w, const char *writer_name)
{
    auto_str struct str who = { 0 };

    str_addf(&who, "writer %s", writer_name);
    for (size_t i = trace_memory_count(w->memory); i-- > 0;) {
        const struct trace_record *record = trace_memory_get(w->memory, i);

        if (record->after && strcmp(record->who, who.text) == 0 &&
            (record->kind == TRACE_EVENT || record->kind == TRACE_STATE))
            return record;
    }
    return NULL;
}

static struct writer_session *find_session(struct vssemu_world *w, const char *writer_name)
{
    list_each (struct backup, backup, &w->service.backups, link) {
        list_each (struct writer_session, session, &backup->sessions, link) {
            if (strcmp(session->writer->name, writer_name) == 0)
                return session;
        }
    }
    return NULL;
}

VSS_WRITER_STATE vssemu_writer_state(struct vssemu_world *w, const char *writer_name)
{
    VSS_WRITER_STATE state = VSS_WS_UNKNOWN;

    sched_enter(w->ports.sched);
    struct writer_session *session = find_session(w, writer_name);
    const struct trace_record *record = last_record_of(w, writer_name);
    if (session) {
        state = session->state;
    } else if (record) {
        for (int s = VSS_WS_UNKNOWN; s < VSS_WS_COUNT; s++) {
            if (strcmp(writer_state_name((VSS_WRITER_STATE)s) + strlen("VSS_WS_"), record->after) ==
                0)
                state = (VSS_WRITER_STATE)s;
        }
    }
    sched_leave(w->ports.sched);
    return state;
}

HRESULT vssemu_writer_failure(struct vssemu_world *w, const char *writer_name)
{
    HRESULT failure = S_OK;

    sched_enter(w->ports.sched);
    struct writer_session *session = find_session(w, writer_name);
    if (session)
        failure = session->failure;
    sched_leave(w->ports.sched);
    return failure;
}

const char *vssemu_writer_events(struct vssemu_world *w, const char *writer_name)
{
    auto_str struct str who = { 0 };
    struct str *out = &w->test->answer;

    str_addf(&who, "writer %s", writer_name);
    str_free(out);
    sched_enter(w->ports.sched);
    for (size_t i = 0; i < trace_memory_count(w->memory); i++) {
        const struct trace_record *record = trace_memory_get(w->memory, i);

        if (record->kind == TRACE_EVENT && strcmp(record->who, who.text) == 0)
            str_addf(out, "%s%s%s", out->length ? " " : "", record->what,
                     record->result == S_OK ? "" : "!");
    }
    sched_leave(w->ports.sched);
    return out->text ? out->text : "";
}

const char *vssemu_trace(struct vssemu_world *w)
{
    struct str *out = &w->test->answer;

    str_free(out);
    sched_enter(w->ports.sched);
    for (size_t i = 0; i < trace_memory_count(w->memory); i++) {
        trace_text_add_record(out, trace_memory_get(w->memory, i),
                              &(struct trace_text_style){ false });
    }
    sched_leave(w->ports.sched);
    return out->text ? out->text : "";
}

/* ---- time ---- */

static bool never(void *arg)
{
    (void)arg;
    return false;
}

void vssemu_run_for(struct vssemu_world *w, int64_t ms)
{
    struct sched *sched = w->ports.sched;

    sched_enter(sched);
    sched_wait(sched, never, NULL, sched_now(sched) + ms * SCHED_MS);
    sched_leave(sched);
}

int64_t vssemu_now_ms(struct vssemu_world *w)
{
    return sched_now(w->ports.sched) / SCHED_MS;
}

const char *vssemu_state_name(VSS_WRITER_STATE state)
{
    return writer_state_name(state);
}

const char *vssemu_result_name(HRESULT result)
{
    static _Thread_local char buffer[HRESULT_NAME_SIZE];

    return hresult_name(result, buffer);
}
