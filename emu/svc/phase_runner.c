/* SPDX-License-Identifier: MIT */
/* See phase_runner.h. One phase at a time: ask its members in the order that the row says, wait
 * until the last has answered, go to the next row. A writer's veto fails the writer, not the set
 * (choice writer_veto); a provider's or volume's failure, a missed window or a cancel
 * unwinds: writes are released, Abort to the writers, AbortSnapshots to the providers, then the
 * operation ends. Answers that come after that are ignored. */
#include "emu/svc/phase_runner.h"

#include "emu/base/check.h"
#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/com/hresult.h"
#include "emu/doc/bcd.h"
#include "emu/port/volume.h"
#include "emu/proto/set_phases.h"
#include "emu/svc/backup.h"
#include "emu/svc/backup_writers.h"
#include "emu/svc/event_log.h"
#include "emu/svc/service.h"
#include "emu/svc/snapshot_delete.h"
#include "emu/svc/snapshot_set.h"
#include "emu/svc/volume_steps.h"

#include <stdlib.h>

struct phase_runner {
    struct backup *backup;    /* a reference */
    struct snapshot_set *set; /* the backup's */
    const struct set_phase *phase;
    ARRAY(struct writer_session *) writers; /* participants in freeze order */
    ARRAY(struct provider *) committed;     /* those whose copies exist */
    size_t next_writer;     /* ONE_BY_ONE: how many are left; BY_LEVEL: next to ask */
    unsigned n_awaited;     /* members that have not answered in this phase */
    unsigned n_outstanding; /* requests of ours that have not come back at all */
    enum volume_step step;
    bool is_unwinding, is_holding, is_paused;
    HRESULT failure;
    struct sched_task window_timer; /* of flush and hold */
    struct sched_task transaction_timer;
};

struct runner_request {
    struct provider_request request;
    struct phase_runner *runner;
    struct provider *provider;
    const struct set_phase *phase;
};

struct runner_volume {
    struct volume_done done;
    struct phase_runner *runner;
    struct volume *volume;
    enum volume_step step;
};

static void run_phase(struct phase_runner *runner);
static void unwind(struct phase_runner *runner, HRESULT failure);
static void ask_volumes(struct phase_runner *runner, enum volume_step step);

static struct service *service_of(struct phase_runner *runner)
{
    return runner->backup->service;
}

/* ---- begin and end ---- */

static void sort_writers(struct phase_runner *runner)
{
    for (unsigned rank = 0; rank < N_FREEZE_RANKS; rank++) {
        list_each (struct writer_session, session, &runner->backup->sessions, link) {
            if (session->is_participating && freeze_rank(session->writer->level) == rank)
                array_add(&runner->writers, session);
        }
    }
}

static void forget_if_over(struct phase_runner *runner)
{
    struct backup *backup = runner->backup;

    if (backup->runner == runner || runner->n_outstanding)
        return;
    array_free(&runner->writers);
    array_free(&runner->committed);
    free(runner);
    backup_unref(backup);
}

/* Nothing is awaited any more: the backup goes on. */
static void end(struct phase_runner *runner, HRESULT result)
{
    struct backup *backup = runner->backup;
    struct sched *sched = backup->service->ports->sched;

    sched_cancel(sched, &runner->window_timer);
    sched_cancel(sched, &runner->transaction_timer);
    if (result == S_OK)
        backup_keep_set(backup);
    backup_drop_set(backup);
    runner->set = NULL;
    backup->runner = NULL;
    backup_ref(backup);
    backup_end_operation(backup, result);
    forget_if_over(runner);
    backup_unref(backup);
}

static void member_answered(struct phase_runner *runner)
{
    check(runner->n_awaited > 0);
    if (--runner->n_awaited)
        return;
    if (runner->is_unwinding) {
        end(runner, runner->failure);
        return;
    }
    if (runner->phase->actor == ACTOR_VOLUMES && runner->step == STEP_FLUSH) {
        ask_volumes(runner, STEP_HOLD);
        return;
    }
    if (runner->phase->actor == ACTOR_VOLUMES && runner->step == STEP_RELEASE)
        sched_cancel(service_of(runner)->ports->sched, &runner->window_timer);
    if (runner->phase->actor == ACTOR_WRITERS && runner->next_writer) {
        run_phase(runner); /* the next level or the next writer of the same phase */
        return;
    }
    runner->phase++;
    run_phase(runner);
}

/* ---- writers ---- */

static void writer_answered(struct writer_session *session)
{
    struct phase_runner *runner = session->backup->runner;

    if (!runner || runner->is_unwinding)
        return;
    if (choices_value(&service_of(runner)->choices, CHOICE_WRITER_VETO) == WRITER_VETO_FAILS_SET &&
        writer_session_has_failed(session) && session->failure != S_OK &&
        runner->phase->what != ON_POST_SNAPSHOT) {
        unwind(runner, VSS_E_UNEXPECTED_WRITER_ERROR);
        return;
    }
    member_answered(runner);
}

static void send_to_writer(struct phase_runner *runner, struct writer_session *session)
{
    runner->n_awaited++;
    writer_session_send(session, (enum writer_event)runner->phase->what, writer_answered);
}

/* Sends to the next writers in the order of the phase; next_writer tells member_answered whether
 * there are more. A guard counts as awaited until all have been sent. */
static void ask_writers(struct phase_runner *runner)
{
    size_t n = runner->writers.count;

    runner->n_awaited = 1;
    switch (runner->phase->order) {
    case ALL_AT_ONCE:
        for (size_t i = 0; i < n; i++)
            send_to_writer(runner, runner->writers.items[i]);
        break;
    case BY_LEVEL: {
        size_t i = runner->next_writer;
        unsigned rank = i < n ? freeze_rank(runner->writers.items[i]->writer->level) : 0;
        size_t end_of_level = i;

        while (end_of_level < n &&
               freeze_rank(runner->writers.items[end_of_level]->writer->level) == rank)
            end_of_level++;
        runner->next_writer = end_of_level < n ? end_of_level : 0;
        for (; i < end_of_level && !runner->is_unwinding; i++)
            send_to_writer(runner, runner->writers.items[i]);
        break;
    }
    case ONE_BY_ONE:
        if (!n)
            break;
        if (!runner->next_writer)
            runner->next_writer = n;
        runner->next_writer--;
        send_to_writer(runner, runner->writers.items[runner->next_writer]);
        break;
    }
    if (!runner->is_unwinding)
        member_answered(runner);
}

/* ---- providers ---- */

/* AbortSnapshots is for copies that are not there yet: those that are, are deleted. */
static void delete_committed(struct phase_runner *runner, struct provider_request *request,
                             struct provider *provider)
{
    bool is_late = request->call == COMMIT_SNAPSHOTS && runner->is_unwinding;

    for (size_t i = 0; !is_late && i < runner->committed.count; i++)
        is_late = request->call == ABORT_SNAPSHOTS && runner->committed.items[i] == provider;
    if (is_late)
        snapshot_delete_of_provider(service_of(runner), provider, &request->set_id);
    else if (request->call == COMMIT_SNAPSHOTS)
        array_add(&runner->committed, provider);
}

static HRESULT take_answer(struct phase_runner *runner, struct provider *provider,
                           struct provider_request *request)
{
    const char *what = provider_call_name(request->call);
    HRESULT hr = request->result;

    if (request->call != ABORT_SNAPSHOTS) /* its result is ignored */
        hr = provider_translate(service_of(runner), provider, what, hr);
    provider_trace(service_of(runner), provider, what, hr, NULL);
    if (request->call == ABORT_SNAPSHOTS || hr == S_OK)
        delete_committed(runner, request, provider);
    snapshot_set_take_devices(runner->set, service_of(runner), provider, request);
    return hr;
}

static void request_answered(struct provider_request *request)
{
    struct runner_request *wrapper = container_of(request, struct runner_request, request);
    struct phase_runner *runner = wrapper->runner;
    bool is_awaited = wrapper->phase == runner->phase && runner->set &&
                      runner->is_unwinding == (request->call == ABORT_SNAPSHOTS);
    HRESULT hr = take_answer(runner, wrapper->provider, request);

    free(wrapper);
    service_of(runner)->n_unfinished--;
    if (is_awaited && FAILED(hr) && !runner->is_unwinding)
        unwind(runner, hr);
    else if (is_awaited)
        member_answered(runner);
    runner->n_outstanding--;
    forget_if_over(runner);
}

static void ask_provider(struct phase_runner *runner, struct provider *provider,
                         enum provider_call call)
{
    struct runner_request *wrapper = mem_new(struct runner_request);

    wrapper->runner = runner;
    wrapper->provider = provider;
    wrapper->phase = runner->phase;
    wrapper->request = (struct provider_request){ .call = call,
                                                  .set_id = runner->set->id,
                                                  .n_snapshots = (LONG)runner->set->snapshots.count,
                                                  .done = request_answered };
    if (call == POST_COMMIT_SNAPSHOTS)
        snapshot_set_ask_devices(runner->set, provider, &wrapper->request);
    runner->n_awaited++;
    runner->n_outstanding++;
    service_of(runner)->n_unfinished++;
    provider_call_begins(service_of(runner), provider, provider_call_name(call));
    provider->link->send(provider->link, &wrapper->request);
}

static void ask_providers(struct phase_runner *runner, enum provider_call call)
{
    bool was_unwinding = runner->is_unwinding;

    runner->n_awaited = 1;
    for (size_t i = 0; runner->set && i < runner->set->providers.count; i++) {
        if (runner->is_unwinding != was_unwinding)
            return;
        ask_provider(runner, runner->set->providers.items[i], call);
    }
    if (runner->is_unwinding == was_unwinding)
        member_answered(runner);
}

/* ---- volumes ---- */

static void volume_answered(struct volume_done *done, int error)
{
    struct runner_volume *asked = container_of(done, struct runner_volume, done);
    struct phase_runner *runner = asked->runner;
    enum volume_step step = asked->step;
    bool is_awaited = runner->set && !runner->is_unwinding &&
                      runner->phase->actor == ACTOR_VOLUMES && runner->step == step;

    volume_step_ended(service_of(runner), asked->volume, step, error);
    free(asked);
    service_of(runner)->n_unfinished--;
    if (is_awaited && error)
        unwind(runner, volume_failure(step == STEP_FLUSH, error));
    else if (is_awaited)
        member_answered(runner);
    runner->n_outstanding--;
    forget_if_over(runner);
}

static void ask_volume(struct phase_runner *runner, struct volume *volume, enum volume_step step)
{
    struct runner_volume *asked = mem_new(struct runner_volume);

    asked->done.fn = volume_answered;
    asked->runner = runner;
    asked->volume = volume;
    asked->step = step;
    runner->n_outstanding++;
    service_of(runner)->n_unfinished++;
    volume_step_begins(service_of(runner), volume, step);
    if (step == STEP_FLUSH)
        volume->ops->flush(volume, &asked->done);
    else if (step == STEP_HOLD)
        volume->ops->hold(volume, &asked->done);
    else
        volume->ops->release(volume, &asked->done);
}

static void ask_volumes(struct phase_runner *runner, enum volume_step step)
{
    struct sched *sched = service_of(runner)->ports->sched;

    runner->step = step;
    runner->n_awaited = 1;
    if (step != STEP_RELEASE) /* the window of the hold goes on until the release has come back */
        sched_post(sched, &runner->window_timer, sched_now(sched) + HOLD_WINDOW_MS * SCHED_MS);
    if (step == STEP_HOLD)
        runner->is_holding = true;
    for (size_t i = 0; !runner->is_unwinding && i < runner->set->snapshots.count; i++) {
        runner->n_awaited++;
        ask_volume(runner, runner->set->snapshots.items[i]->volume, step);
    }
    if (runner->is_unwinding)
        return;
    if (step == STEP_RELEASE) /* a failure on the way unwinds, which releases them all */
        runner->is_holding = false;
    member_answered(runner);
}

/* Learn: "Shadow Copy Creation for Providers": after 10 s the hold is released and the set
 * fails. */
static void window_missed(struct sched_task *task)
{
    struct phase_runner *runner = container_of(task, struct phase_runner, window_timer);
    bool is_flush = runner->phase->actor == ACTOR_VOLUMES && runner->step == STEP_FLUSH;
    HRESULT hr = is_flush ? VSS_E_FLUSH_WRITES_TIMEOUT : VSS_E_HOLD_WRITES_TIMEOUT;

    service_trace(service_of(runner),
                  &(struct trace_record){ .kind = TRACE_STATE,
                                          .who = "VSS",
                                          .what = is_flush ? "flush time-out" : "hold time-out",
                                          .has_result = true,
                                          .result = hr });
    event_log_write_of_set(service_of(runner), hr, runner->set);
    unwind(runner, hr);
}

/* ---- transaction managers ---- */

#define TRANSACTION_WINDOW_MS 60000 /* Unsure: no page has a figure; as for writers */

static void transactions_missed(struct sched_task *task)
{
    struct phase_runner *runner = container_of(task, struct phase_runner, transaction_timer);
    bool is_freeze = runner->phase->what == ON_FREEZE;

    unwind(runner, is_freeze ? VSS_E_TRANSACTION_FREEZE_TIMEOUT : VSS_E_TRANSACTION_THAW_TIMEOUT);
}

/* Managers freeze with the first writers and thaw with them, unless the context says that nothing
 * is transacted. Those that are in time cost none. True: they are too late, the set will fail. */
static bool waits_for_transactions(struct phase_runner *runner)
{
    struct service *service = service_of(runner);
    bool is_freeze = runner->phase->what == ON_FREEZE;
    int64_t ms = is_freeze ? service->transaction_freeze_ms : service->transaction_thaw_ms;

    if (runner->phase->actor != ACTOR_WRITERS || runner->next_writer ||
        (!is_freeze && runner->phase->what != ON_THAW) || ms <= TRANSACTION_WINDOW_MS ||
        (runner->backup->context & VSS_VOLSNAP_ATTR_NOT_TRANSACTED))
        return false;
    struct sched *sched = service->ports->sched;

    runner->transaction_timer.run = transactions_missed;
    sched_post(sched, &runner->transaction_timer,
               sched_now(sched) + TRANSACTION_WINDOW_MS * SCHED_MS);
    return true;
}

/* ---- the walk ---- */

static bool pauses_here(struct phase_runner *runner)
{
    const struct set_phase *last = runner->phase - 1;

    return runner->phase != snapshot_phases && last->actor == ACTOR_WRITERS &&
           !runner->next_writer && (int)service_of(runner)->pause_after == last->what;
}

static void run_phase(struct phase_runner *runner)
{
    if (pauses_here(runner)) {
        runner->is_paused = true;
        sched_notify(service_of(runner)->ports->sched);
        return;
    }
    if (!runner->phase->page) {
        end(runner, S_OK);
        return;
    }
    if (waits_for_transactions(runner))
        return;
    runner->n_outstanding++; /* keeps the runner while its members answer at once */
    switch (runner->phase->actor) {
    case ACTOR_WRITERS:
        ask_writers(runner);
        break;
    case ACTOR_PROVIDERS:
        ask_providers(runner, (enum provider_call)runner->phase->what);
        break;
    case ACTOR_VOLUMES:
        ask_volumes(runner, runner->phase->what == FLUSH_AND_HOLD ? STEP_FLUSH : STEP_RELEASE);
        break;
    }
    runner->n_outstanding--;
    forget_if_over(runner);
}

bool phase_runner_is_paused(const struct backup *backup)
{
    return backup->runner && backup->runner->is_paused;
}

void phase_runner_resume(struct backup *backup, enum writer_event pause_after)
{
    backup->service->pause_after = pause_after;
    backup->runner->is_paused = false;
    run_phase(backup->runner);
}

static void unwind(struct phase_runner *runner, HRESULT failure)
{
    struct sched *sched = service_of(runner)->ports->sched;

    runner->is_unwinding = true;
    runner->is_paused = false;
    runner->failure = failure;
    sched_cancel(sched, &runner->window_timer);
    sched_cancel(sched, &runner->transaction_timer);
    for (size_t i = 0; runner->is_holding && i < runner->set->snapshots.count; i++)
        ask_volume(runner, runner->set->snapshots.items[i]->volume, STEP_RELEASE);
    runner->is_holding = false;
    for (size_t i = 0; i < runner->writers.count; i++) {
        struct writer_session *session = runner->writers.items[i];

        session->answered = NULL;
        session->current = NULL;
        if (!session->was_aborted)
            writer_session_abort(session);
    }
    ask_providers(runner, ABORT_SNAPSHOTS);
}

/* Too late, the set goes on to its end, and Cancel says so. */
static void cancel(struct operation *operation)
{
    struct phase_runner *runner = operation->owner;

    if (!runner->is_unwinding && !set_phase_is_past_commit(runner->phase))
        unwind(runner, VSS_S_ASYNC_CANCELLED);
}

void phase_runner_start(struct backup *backup)
{
    struct phase_runner *runner = mem_new(struct phase_runner);

    runner->backup = backup_ref(backup);
    runner->set = backup->set;
    runner->phase = snapshot_phases;
    runner->window_timer.run = window_missed;
    backup->runner = runner;
    backup->operation->owner = runner;
    backup->operation->cancel = cancel;
    sort_writers(runner);
    run_phase(runner);
}
