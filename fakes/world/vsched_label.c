/* SPDX-License-Identifier: MIT */
/* For reports: names of things, who has what, what a wait is really for. A thing's number is its
 * place among those of its kind, in the order of their making, so that it repeats with the seed. */
#include "fakes/world/vsched_inside.h"

#include "emu/base/str.h"

#include <stdlib.h>
#include <string.h>

static struct vsched *from_port(struct sched *sched)
{
    return container_of(sched, struct vsched, port);
}

/* Threads unknown to the world label nothing: they have no turn in which to do it. */
static bool is_known(const struct vsched *vs)
{
    return vs->running && (!vs->os || vs->os->has_turn(vs));
}

/* ---- labels ---- */

static uint64_t hash_of(const void *key)
{
    return hash_number((uint64_t)(uintptr_t)key);
}

static struct label *find_label(const struct vsched *vs, const void *key)
{
    uint64_t hash = hash_of(key);

    for (struct hash_link *at = hash_chain(&vs->labels, hash); at; at = at->next) {
        struct label *label = container_of(at, struct label, link);

        if (label->key == key)
            return label;
    }
    return NULL;
}

const struct label *vsched_label_of(const struct vsched *vs, const void *key)
{
    return find_label(vs, key);
}

static unsigned next_of_kind(struct vsched *vs, const char *kind)
{
    for (size_t i = 0; i < vs->kinds.count; i++) {
        if (str_is_equal(vs->kinds.items[i].name, kind))
            return ++vs->kinds.items[i].n;
    }
    array_add(&vs->kinds, ((struct vsched_kind){ .name = kind, .n = 1 }));
    return 1;
}

static void free_label(struct label *label)
{
    free(label->name);
    free(label);
}

static void add_label(struct vsched *vs, struct label *label, const void *key, const char *kind,
                      const char *name)
{
    if (!label) {
        label = mem_new(struct label);
        label->key = key;
        hash_add(&vs->labels, &label->link, hash_of(key));
    }
    if (!label->kind || !str_is_equal(label->kind, kind))
        label->ordinal = next_of_kind(vs, kind);
    label->kind = kind;
    free(label->name);
    label->name = mem_strdup(name);
}

static void label_thing(struct sched *sched, const void *thing, const char *kind, const char *name)
{
    struct vsched *vs = from_port(sched);

    if (!is_known(vs))
        return;
    vs->running->inside++;
    vsched_acquire(&vs->labels); /* ThreadSanitizer sees what allocates and frees */
    struct label *label = find_label(vs, thing);
    if (kind) {
        add_label(vs, label, thing, kind, name);
    } else if (label) {
        hash_remove(&vs->labels, &label->link);
        free_label(label);
    }
    vsched_release(&vs->labels);
    vs->running->inside--;
}

void vsched_labels_free(struct vsched *vs)
{
    for (size_t i = 0; i < vs->labels.n_buckets; i++) {
        for (struct hash_link *at = vs->labels.buckets[i], *next; at; at = next) {
            next = at->next;
            free_label(container_of(at, struct label, link));
        }
    }
    free(vs->labels.buckets);
    array_free(&vs->kinds);
    array_free(&vs->left);
}

/* ---- who has what ---- */

static void hold(struct vsched_thread *thread, const void *key, const char *kind)
{
    struct vsched *vs = thread->vs;

    vs->running->inside++;
    array_add(&thread->holds,
              ((struct vsched_hold){
                  .key = key, .kind = kind, .about = thread->about, .since_ns = vsched_now(vs) }));
    vs->running->inside--;
}

static bool drop(struct vsched_thread *thread, const void *key)
{
    for (size_t i = thread->holds.count; i-- > 0;) {
        if (thread->holds.items[i].key == key) {
            /* Not by memmove, which ThreadSanitizer sees. */
            thread->holds.items[i] = thread->holds.items[--thread->holds.count];
            return true;
        }
    }
    return false;
}

void vsched_hold(struct vsched *vs, const void *key, const char *kind)
{
    hold(vs->running, key, kind);
}

/* Some locks may be given back by another thread than had them. */
void vsched_drop(struct vsched *vs, const void *key)
{
    if (drop(vs->running, key))
        return;
    for (size_t i = 0; i < vs->threads.count; i++) {
        if (drop(vs->threads.items[i], key))
            return;
    }
}

void vsched_thread_forget(struct vsched_thread *thread)
{
    for (size_t i = 0; i < thread->holds.count; i++) {
        struct vsched_left left = { .hold = thread->holds.items[i] };

        memcpy(left.name, thread->name, sizeof(left.name));
        array_add(&thread->vs->left, left);
    }
    array_free(&thread->holds);
}

/* ---- the port ---- */

static void *port_self(struct sched *sched)
{
    struct vsched *vs = from_port(sched);

    return is_known(vs) ? vs->running : NULL;
}

static void port_hold(struct sched *sched, void *thread, const void *thing, const char *kind)
{
    struct vsched *vs = from_port(sched);

    if (is_known(vs))
        hold(thread ? thread : vs->running, thing, kind);
}

static void port_drop(struct sched *sched, const void *thing)
{
    struct vsched *vs = from_port(sched);

    if (is_known(vs))
        vsched_drop(vs, thing);
}

static void waits_for(struct sched *sched, const void *const *things, size_t n)
{
    struct vsched *vs = from_port(sched);

    if (!is_known(vs))
        return;
    vs->running->things = things;
    vs->running->n_things = n;
}

static void name_thread(struct sched *sched, void *thread, const char *name)
{
    if (is_known(from_port(sched)) && *name)
        vsched_thread_rename(thread, name);
}

static void is_about(struct sched *sched, const char *what)
{
    struct vsched *vs = from_port(sched);

    if (is_known(vs))
        vs->running->about = what;
}

const struct sched_report_ops vsched_report_ops = {
    .self = port_self,
    .label = label_thing,
    .hold = port_hold,
    .drop = port_drop,
    .waits_for = waits_for,
    .name_thread = name_thread,
    .is_about = is_about,
};
