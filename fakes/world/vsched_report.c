/* SPDX-License-Identifier: MIT */
/* What is told when a world cannot go on: who waits for what, who has it and since when, and whom a
 * circle goes through. Times, names and numbers only, so that a seed gives one text. */
#include "fakes/world/vsched_inside.h"

#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/port/trace.h"

#include <stdio.h>
#include <stdlib.h>

#define CARRIER "of the service" /* the thread that runs tasks: no code under test */

/* While a report is written: things without a label get letters in the order of their mention. */
struct report {
    struct vsched *vs;
    struct str text;
    ARRAY(const void *) lettered;
};

static double seconds(int64_t ns)
{
    return (double)ns / 1e9;
}

static struct vsched_thread *thread_known_as(const struct vsched *vs, const void *key)
{
    for (size_t i = 0; i < vs->threads.count; i++) {
        struct vsched_thread *thread = vs->threads.items[i];

        if (thread == key || (key && thread->os_data == key))
            return thread;
    }
    return NULL;
}

static unsigned letter_of(struct report *report, const void *key)
{
    size_t i = 0;

    while (i < report->lettered.count && report->lettered.items[i] != key)
        i++;
    if (i == report->lettered.count)
        array_add(&report->lettered, key);
    return (unsigned)i;
}

static void add_letter(struct str *text, unsigned i)
{
    if (i >= 26)
        add_letter(text, i / 26 - 1);
    str_add_char(text, (char)('A' + i % 26));
}

/* "critical section #3", "event Global\\Go", "mutex B". */
static void add_thing(struct report *report, const void *key, const char *kind)
{
    const struct label *label = vsched_label_of(report->vs, key);

    if (label && label->name) {
        str_addf(&report->text, "%s %s", label->kind, label->name);
    } else if (label) {
        str_addf(&report->text, "%s #%u", label->kind, label->ordinal);
    } else {
        str_addf(&report->text, "%s ", kind);
        add_letter(&report->text, letter_of(report, key));
    }
}

static const struct vsched_hold *hold_of(const struct vsched_thread *thread, const void *key)
{
    for (size_t i = 0; i < thread->holds.count; i++) {
        if (thread->holds.items[i].key == key)
            return &thread->holds.items[i];
    }
    return NULL;
}

static struct vsched_thread *holder_of(const struct vsched *vs, const void *key,
                                       const struct vsched_hold **ret_hold)
{
    for (size_t i = 0; i < vs->threads.count; i++) {
        const struct vsched_hold *found = hold_of(vs->threads.items[i], key);

        if (found) {
            *ret_hold = found;
            return vs->threads.items[i];
        }
    }
    return NULL;
}

static void add_since(struct report *report, int64_t since_ns, const char *about)
{
    str_addf(&report->text, " since %.6f s", seconds(since_ns));
    if (about)
        str_addf(&report->text, " (%s)", about);
}

static void add_holder(struct report *report, const void *key)
{
    const struct vsched_hold *held = NULL;
    struct vsched_thread *holder = holder_of(report->vs, key, &held);

    if (holder) {
        str_addf(&report->text, ", held by thread %s", holder->name);
        add_since(report, held->since_ns, held->about);
        return;
    }
    for (size_t i = 0; i < report->vs->left.count; i++) {
        if (report->vs->left.items[i].hold.key == key) {
            str_addf(&report->text, ", held by thread %s, which has ended",
                     report->vs->left.items[i].name);
            return;
        }
    }
}

static void add_key(struct report *report, const void *key, const char *kind)
{
    const struct vsched_thread *thread = thread_known_as(report->vs, key);

    if (thread) {
        str_addf(&report->text, "thread %s to end", thread->name);
        return;
    }
    add_thing(report, key, kind);
    add_holder(report, key);
}

static bool is_thing(const struct vsched *vs, const struct vsched_wait *wait)
{
    const struct vsched_hold *held;

    return wait->key && (thread_known_as(vs, wait->key) || vsched_label_of(vs, wait->key) ||
                         holder_of(vs, wait->key, &held));
}

static void add_wait(struct report *report, const struct vsched_wait *wait)
{
    const struct vsched_thread *thread = wait->thread;

    str_add(&report->text, " waits for ");
    for (size_t i = 0; i < thread->n_things; i++) {
        if (i)
            str_add(&report->text, ", ");
        add_key(report, thread->things[i], "object");
    }
    if (!thread->n_things && is_thing(report->vs, wait)) {
        const char *kind = wait->what; /* "a mutex" */

        add_key(report, wait->key, kind[0] == 'a' && kind[1] == ' ' ? kind + 2 : kind);
    } else if (!thread->n_things) {
        str_add(&report->text, wait->what);
    }
    if (wait->deadline.place)
        str_addf(&report->text, ", until %.6f s", seconds(wait->deadline.at_ns));
    str_add_char(&report->text, ',');
    add_since(report, wait->since_ns, thread->about);
    if (thread == report->vs->in_service)
        str_add(&report->text, " (inside the service)");
}

static void add_thread(struct report *report, const struct vsched_thread *thread)
{
    str_addf(&report->text, "thread %s", thread->name);
    if (thread == report->vs->running && !thread->wait)
        str_add(&report->text, " runs");
    else if (!thread->wait || thread->wait->is_over)
        str_add(&report->text, " can run");
    else
        add_wait(report, thread->wait);
    str_add_char(&report->text, '\n');
    for (size_t i = 0; i < thread->holds.count; i++) {
        const struct vsched_hold *held = &thread->holds.items[i];

        str_add(&report->text, "    holds ");
        add_thing(report, held->key, held->kind);
        add_since(report, held->since_ns, held->about);
        str_add_char(&report->text, '\n');
    }
}

/* The one thread on which that one's wait depends; NULL: nobody, or several. */
static struct vsched_thread *awaited_by(const struct vsched *vs, const struct vsched_thread *thread)
{
    const struct vsched_wait *wait = thread->wait;
    const struct vsched_hold *held;

    if (!wait || wait->is_over || wait->deadline.place || thread->n_things > 1)
        return NULL;
    const void *key = thread->n_things ? thread->things[0] : wait->key;
    struct vsched_thread *other = thread_known_as(vs, key);
    return other ? other : key ? holder_of(vs, key, &held) : NULL;
}

static bool add_circle(struct report *report, struct vsched_thread *first)
{
    struct vsched_thread *at = first;
    size_t n = 0;

    do {
        at = awaited_by(report->vs, at);
    } while (at && at != first && ++n < report->vs->threads.count);
    if (at != first)
        return false;
    str_addf(&report->text, "in a circle: thread %s", first->name);
    do {
        at = awaited_by(report->vs, at);
        str_addf(&report->text, " waits for %s%s", at->name, at == first ? "" : ", which");
    } while (at != first);
    str_add_char(&report->text, '\n');
    return true;
}

char *vsched_describe(struct vsched *vs)
{
    struct report report = { .vs = vs };

    for (size_t i = 0; i < vs->threads.count; i++) {
        if (!str_is_equal(vs->threads.items[i]->name, CARRIER))
            add_thread(&report, vs->threads.items[i]);
    }
    for (size_t i = 0; i < vs->threads.count; i++) {
        if (add_circle(&report, vs->threads.items[i]))
            break;
    }
    array_free(&report.lettered);
    return str_take(&report.text);
}

/* Each waits for the next for ever, but perhaps somebody else ends one of them: no more than a
 * note, once. */
void vsched_note_circle(struct vsched *vs)
{
    struct vsched_thread *self = vs->running, *at = self;
    size_t n = 0;

    do {
        at = awaited_by(vs, at);
    } while (at && at != self && ++n < vs->threads.count);
    if (at != self || vs->has_circle)
        return;
    vs->has_circle = true;
    auto_free char *who = vsched_describe(vs);

    trace_write(vs->trace, &(struct trace_record){ .at_ns = vsched_now(vs),
                                                   .kind = TRACE_NOTE,
                                                   .who = "scheduler",
                                                   .what = VSCHED_NOTE_CIRCLE,
                                                   .detail = who });
}

void vsched_report(struct vsched *vs, const char *what, const char *why)
{
    vs->running->inside++; /* nobody has a turn any more; what is called from here on is real */
    auto_free char *who = vsched_describe(vs);
    auto_free char *schedule = vsched_schedule_text(&vs->strategy.schedule);
    auto_free char *detail = str_printf("%s\n%s", why, who);
    struct trace_record record = {
        .at_ns = vsched_now(vs),
        .kind = TRACE_FINDING,
        .who = "scheduler",
        .what = what,
        .detail = detail,
    };

    fprintf(stderr, "vssemu: %s at %.6f s, seed %llu, schedule %s: %s\n%s", what,
            seconds(vsched_now(vs)), (unsigned long long)vs->seed, schedule, why, who);
    trace_write(vs->trace, &record);
    if (vs->os && vs->os->show_stacks)
        vs->os->show_stacks(vs);
    fflush(NULL);
}

void vsched_report_deadlock(struct vsched *vs)
{
    vsched_report(vs, "deadlock", "nobody can run and nothing is due");
    abort();
}

void vsched_report_spin(struct vsched *vs)
{
    auto_free char *why =
        str_printf("thread %s goes round and round and never waits", vs->running->name);

    vsched_report(vs, "endless loop", why);
    abort();
}
