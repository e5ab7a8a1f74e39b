/* SPDX-License-Identifier: MIT */
/* Deleting a snapshot: the next owner is told first; then it is no heir and no view any more, and
 * gives up what was preserved for it in steps. Changes meanwhile find the volume as it will be: the
 * next older snapshot is the newest if this one was, and what this one has will be handed down. */
#include "provider_sim/cow/cow_journal.h"
#include "provider_sim/cow/cow_work.h"

#include <errno.h>

enum stage { DROPPING, TRIMMING, COMPACTING, OVER };

struct cow_deletion {
    struct cow_work work;
    struct cow_snapshot *s;
    struct cow_dropping dropping;
    enum stage stage;
    bool is_trimming;
};

static bool is_last_persistent(const struct cow_volume *v, const struct cow_snapshot *s)
{
    for (size_t i = 0; i < v->snapshots.count; i++) {
        if (v->snapshots.items[i]->info.is_persistent && v->snapshots.items[i] != s)
            return false;
    }
    return s->info.is_persistent;
}

/* The next owner must know before anything that the snapshot needed is given away. */
static int tell_deletion(struct cow_volume *v, struct cow_snapshot *s)
{
    if (!cow_journal_is_on(v))
        return 0;
    int error = cow_journal_flush(v);

    if (error)
        return error;
    if (is_last_persistent(v, s)) {
        struct area_header header = v->cs.catalogue.header;

        header.state = AREA_EMPTY;
        error = area_catalogue_put(&v->cs.catalogue, &header);
        if (!error)
            cow_journal_end(v);
        return error;
    }
    cow_journal_gone(v, s, AREA_DELETED);
    error = cow_journal_flush(v);
    if (error)
        area_log_forget(&v->log);
    return error;
}

/* It has dropped what it had. */
static void remove_it(struct cow_deletion *d)
{
    struct cow_volume *v = d->work.volume;
    struct cow_snapshot *s = d->s;

    d->stage = TRIMMING;
    v->deletion = NULL;
    cow_snapshot_remove(v, s);
}

void cow_deletion_finish(struct cow_volume *v)
{
    struct cow_deletion *d = v->deletion;

    if (!d)
        return;
    while (cow_epoch_drop_some(v, &d->dropping))
        ;
    cow_snapshot_dropped(v);
    remove_it(d);
}

/* As cow_journal_trim. A hole costs as much as what was there: many small ones, so that nobody
 * waits for a large one. */
static void trim_some(struct cow_deletion *d)
{
    struct cow_volume *v = d->work.volume;

    if (v->is_closing)
        d->is_trimming = false;
    else if (d->is_trimming)
        d->is_trimming = cow_store_trim_some(&v->cs);
    else
        d->is_trimming = cow_journal_flush(v) == 0 && cow_store_begin_trim(&v->cs);
    if (d->is_trimming)
        return;
    if (!v->is_closing && !extent_map_count(v->extents))
        cow_store_empty(&v->cs);
    d->stage = COMPACTING;
}

static bool step(struct cow_work *work)
{
    struct cow_deletion *d = container_of(work, struct cow_deletion, work);
    struct cow_volume *v = work->volume;

    switch (d->stage) {
    case DROPPING:
        if (!cow_epoch_drop_some(v, &d->dropping)) {
            cow_snapshot_dropped(v);
            remove_it(d);
        }
        return true;
    case TRIMMING:
        trim_some(d);
        return true;
    case COMPACTING:
        cow_journal_compact(v);
        cow_progress_end(v);
        d->stage = OVER;
        return false;
    case OVER:
        break;
    }
    return false;
}

static int end(struct cow_work *work)
{
    struct cow_deletion *d = container_of(work, struct cow_deletion, work);

    while (step(work))
        ;
    free(d);
    return 0;
}

int cow_volume_begin_deletion(struct cow_volume *v, unsigned number, struct cow_work **ret_work)
{
    cow_deletion_finish(v);
    struct cow_snapshot *s = cow_snapshot_find(v, number);

    if (!s)
        return -ENOENT;
    int error = tell_deletion(v, s);
    if (error)
        return error;
    struct cow_deletion *d = mem_new(struct cow_deletion);

    d->work = (struct cow_work){ v, step, end };
    d->s = s;
    cow_progress_begin(v, s->n_records + 1);
    *ret_work = &d->work;
    if (s->is_lost) {
        remove_it(d);
        return 0;
    }
    cow_epoch_begin_drop(v, s, cow_snapshot_resign(v, s), &d->dropping);
    v->deletion = d;
    return 0;
}

int cow_volume_delete_snapshot(struct cow_volume *v, unsigned number)
{
    struct cow_work *work;
    int error = cow_volume_begin_deletion(v, number, &work);

    return error ? error : cow_work_do(work);
}
