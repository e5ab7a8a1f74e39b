/* SPDX-License-Identifier: MIT */
/* The records of a snapshot. When it goes, the next older one needs what was preserved for it,
 * except where that one has a record of its own (it is older, and counts) or was never to see the
 * thing at all. The former are found by looking at the smaller of the two, the latter because
 * records stand together by the birth of their nodes; the others change hands all at once. */
#include "provider_sim/cow/cow_state.h"
#include "provider_sim/cow/first_from.h"

#include <string.h>

/* ---- births ---- */

static size_t birth_index(const struct cow_snapshot *s, unsigned born)
{
    return FIRST_FROM(s->births.count, born, i, s->births.items[i]->born);
}

static struct cow_births *births_of(struct cow_snapshot *s, unsigned born)
{
    size_t i = birth_index(s, born);

    if (i < s->births.count && s->births.items[i]->born == born)
        return s->births.items[i];
    struct cow_births *births = mem_new(struct cow_births);

    births->born = born;
    list_init(&births->records);
    array_push(&s->births);
    memmove(&s->births.items[i + 1], &s->births.items[i],
            (s->births.count - 1 - i) * sizeof(s->births.items[0]));
    s->births.items[i] = births;
    return births;
}

static struct cow_record *first_of(struct cow_births *births)
{
    return list_is_empty(&births->records)
               ? NULL
               : container_of(births->records.next, struct cow_record, in_epoch);
}

static void splice(struct list *to, struct list *from)
{
    if (list_is_empty(from))
        return;
    from->next->prev = to->prev;
    to->prev->next = from->next;
    from->prev->next = to;
    to->prev = from->prev;
    list_init(from);
}

/* ---- records come and go ---- */

void cow_epoch_add(struct cow_volume *v, struct cow_record *record, unsigned epoch)
{
    struct cow_snapshot *s = cow_snapshot_find(v, epoch);

    if (s->set == EPOCH_SET_NONE)
        s->set = epoch_sets_new(&v->epochs, s->number);
    record->set = s->set;
    epoch_sets_use(&v->epochs, s->set);
    s->n_records++;
    list_append(&births_of(s, record->node->born)->records, &record->in_epoch);
}

void cow_epoch_remove(struct cow_volume *v, struct cow_record *record)
{
    cow_snapshot_find(v, cow_record_epoch(v, record))->n_records--;
    epoch_sets_unuse(&v->epochs, record->set);
    list_remove(&record->in_epoch);
}

/* ---- a snapshot goes ---- */

#define BLOCKS_A_STEP 256u

/* Freeing one may free others. False: there is nothing more to be freed. */
static bool free_next(struct cow_volume *v, struct cow_dropping *d)
{
    struct cow_record *record = NULL;

    while (d->i < d->s->births.count && !(record = first_of(d->s->births.items[d->i])))
        d->i++;
    if (!record)
        return false;
    if (record->kind == COW_RECORD_STAT && record->attributes.runs.n_blocks > BLOCKS_A_STEP) {
        cow_blocks_release_some(v, record, BLOCKS_A_STEP);
        return true;
    }
    cow_record_free(v, record);
    cow_progress_step(v, 1);
    return true;
}

/* The older record counts; the newer one's blocks are wanted if that one has none of them. */
static void settle_conflict(struct cow_volume *v, struct cow_record *newer,
                            struct cow_record *older)
{
    if (newer->kind == COW_RECORD_STAT)
        cow_blocks_hand_down(v, newer, older);
    cow_record_free(v, newer);
}

/* The lists of the scanned one, which may become more meanwhile. */
static struct cow_births *next_births(struct cow_snapshot *scanned, const struct cow_births *last)
{
    size_t i = last ? birth_index(scanned, last->born) + 1 : 0;

    return i < scanned->births.count ? scanned->births.items[i] : NULL;
}

/* Looks for conflicts with snapshot `other` record by record: each is moved to a list of those
 * that were seen first, from which it may vanish like any. False: all have been looked at. */
static bool settle_next(struct cow_volume *v, struct cow_dropping *d)
{
    struct cow_record *record = d->births ? first_of(d->births) : NULL;

    if (!record) {
        if (d->births)
            splice(&d->births->records, &d->seen);
        d->births = next_births(d->scanned, d->births);
        return d->births != NULL;
    }
    list_remove(&record->in_epoch);
    list_append(&d->seen, &record->in_epoch);
    struct cow_record *found = cow_history_of(v, record, d->other);

    v->n_looked++;
    cow_progress_step(v, d->scanned == d->s);
    if (found && d->other < d->s->number)
        settle_conflict(v, record, found);
    else if (found)
        settle_conflict(v, found, record);
    return true;
}

static void free_births(struct cow_snapshot *s)
{
    for (size_t i = 0; i < s->births.count; i++)
        free(s->births.items[i]);
    array_free(&s->births);
}

/* All lists of the one become lists of the other. */
static void join(struct cow_volume *v, struct cow_snapshot *s, struct cow_snapshot *heir)
{
    if (s->births.count > heir->births.count) {
        __typeof__(s->births) longer = s->births;

        memcpy(&s->births, &heir->births, sizeof(longer));
        memcpy(&heir->births, &longer, sizeof(longer));
    }
    for (size_t i = 0; i < s->births.count; i++) {
        struct cow_births *births = s->births.items[i];

        if (!list_is_empty(&births->records))
            splice(&births_of(heir, births->born)->records, &births->records);
    }
    heir->n_records += s->n_records;
    heir->set =
        heir->set == EPOCH_SET_NONE ? s->set : epoch_sets_join(&v->epochs, s->set, heir->set);
    v->epochs.sets.items[heir->set].number = heir->number;
    s->set = EPOCH_SET_NONE;
    s->n_records = 0;
}

void cow_epoch_begin_drop(struct cow_volume *v, struct cow_snapshot *s, struct cow_snapshot *heir,
                          struct cow_dropping *d)
{
    *d = (struct cow_dropping){ .s = s, .heir = heir };
    d->i = birth_index(s, heir ? heir->number : 0);
    list_init(&d->seen);
    v->going = s->number;
}

/* Which of the two is looked at is decided when what nobody needs has gone. */
static void begin_settling(struct cow_dropping *d)
{
    bool is_heir_larger = d->s->n_records <= d->heir->n_records;

    d->scanned = is_heir_larger ? d->s : d->heir;
    d->other = is_heir_larger ? d->heir->number : d->s->number;
}

bool cow_epoch_drop_some(struct cow_volume *v, struct cow_dropping *d)
{
    struct cow_snapshot *s = d->s;

    if (!d->scanned) {
        if (free_next(v, d))
            return true;
        if (d->heir) {
            begin_settling(d);
            return true;
        }
    } else if (settle_next(v, d)) {
        return true;
    }
    if (d->heir && s->set != EPOCH_SET_NONE)
        join(v, s, d->heir);
    else if (s->set != EPOCH_SET_NONE)
        epoch_sets_unuse(&v->epochs, s->set);
    v->going = 0;
    s->set = EPOCH_SET_NONE;
    free_births(s);
    return false;
}

void cow_epoch_drop(struct cow_volume *v, struct cow_snapshot *s, struct cow_snapshot *heir)
{
    struct cow_dropping d;

    cow_epoch_begin_drop(v, s, heir, &d);
    while (cow_epoch_drop_some(v, &d))
        ;
}
