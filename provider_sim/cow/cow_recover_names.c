/* SPDX-License-Identifier: MIT */
/* Snapshots that are known by name only: the catalogue or the log is damaged, and what can still be
 * read names them. They are lost; that they were there must not be. */
#include "provider_sim/cow/cow_recover.h"

#include "emu/base/checksum.h"

#include <errno.h>
#include <string.h>

/* Where it belongs; the snapshots' order is that of their numbers. */
static void add_lost(struct cow_volume *v, unsigned number, const struct cow_snapshot_info *info)
{
    unsigned epoch = v->epoch;
    struct cow_snapshot *s = cow_snapshot_add(v, number, info);
    size_t i = v->snapshots.count - 1;

    for (; i && v->snapshots.items[i - 1]->number > number; i--)
        v->snapshots.items[i] = v->snapshots.items[i - 1];
    v->snapshots.items[i] = s;
    s->is_lost = true;
    v->epoch = epoch;
}

/* There were snapshots, and nothing says how many or which: one stands for them. */
static void add_nameless(struct cow_volume *v)
{
    unsigned number = v->cs.catalogue.header.next_number++;
    struct cow_snapshot_info info = { .is_persistent = true };
    struct store_node *file = v->cs.catalogue.file ? v->cs.catalogue.file : v->cs.system;
    struct stat st = { 0 };

    v->cs.store->ops->stat(v->cs.store, file, &st);
    const uint64_t salt[] = { number, st.st_ino, (uint64_t)st.st_mtim.tv_sec,
                              (uint64_t)st.st_mtim.tv_nsec };

    for (size_t i = 0; i < 2; i++) {
        uint64_t half = checksum_of(salt, sizeof(salt), i);

        memcpy(info.id + i * sizeof(half), &half, sizeof(half));
    }
    add_lost(v, number, &info);
}

static void add_missing(struct recovery *r)
{
    for (size_t i = 0; i < r->salvage.names.count; i++) {
        const struct cow_announced *name = &r->salvage.names.items[i];

        if (cow_snapshot_find(r->v, name->number))
            continue;
        add_lost(r->v, name->number, &name->info);
        cow_journal_snapshot(r->v, cow_snapshot_find(r->v, name->number));
    }
}

/* Behind what is damaged it says that they were deleted. */
static void remove_deleted(struct recovery *r)
{
    struct cow_volume *v = r->v;

    for (size_t i = v->snapshots.count; i; i--) {
        struct cow_snapshot *s = v->snapshots.items[i - 1];

        if (s->info.is_persistent && !cow_salvage_find(&r->salvage, s->number))
            cow_snapshot_remove(v, s);
    }
}

/* A new log names them all, so that they can be deleted as others are. Where it cannot be written
 * what is on disk stays, and tells the next owner the same. */
static void renew_log(struct recovery *r)
{
    struct cow_volume *v = r->v;
    struct area_catalogue *c = &v->cs.catalogue;
    struct area_header before = c->header;

    c->header.generation = r->salvage.next_generation - 1;
    int error = cow_journal_begin(v);
    if (!error)
        error = cow_journal_settle(v, NULL);
    if (!error) /* the other place of the header, too */
        error = area_catalogue_put(c, &c->header);
    if (!error)
        return;
    area_log_close(&v->log);
    for (size_t i = 0; i < v->snapshots.count; i++)
        v->snapshots.items[i]->is_logged = false;
    c->header = before;
}

void cow_recovery_tell_names(struct recovery *r)
{
    if (!r->salvage.next_generation)
        return;
    add_missing(r);
    if (!r->found.is_damaged)
        return;
    remove_deleted(r);
    if (!r->v->snapshots.count)
        add_nameless(r->v);
    if (!r->v->is_reading)
        renew_log(r);
}

int cow_recovery_look_for_names(struct recovery *r)
{
    struct cow_volume *v = r->v;
    struct area_catalogue *c = &v->cs.catalogue;
    unsigned newest = v->snapshots.count ? v->snapshots.items[v->snapshots.count - 1]->number : 0;

    if (!r->found.is_damaged && !c->n_bad_headers)
        return 0;
    int error = cow_salvage_read(v->cs.store, v->cs.system, c, &r->salvage);

    if (error)
        return error;
    c->header.next_number = cow_salvage_next_number(&r->salvage, c);
    for (size_t i = 0; i < r->salvage.names.count; i++) {
        unsigned number = r->salvage.names.items[i].number;

        if (number < newest && !cow_snapshot_find(v, number))
            r->found.is_damaged = true; /* a log names them in their order */
    }
    if (r->found.is_damaged)
        r->found.replacing = NULL;
    return 0;
}

/* Where nothing at all is named, only time tells numbers apart: seconds since 2020 of when what is
 * there was changed last, so that it stays the same until an owner has written it down. */
static unsigned number_of_moment(const struct cow_volume *v)
{
    const time_t since = 1577836800, most = COW_NUMBER_MAX;
    struct store *s = v->cs.store;
    struct stat folder = { 0 }, file = { 0 };

    s->ops->stat(s, v->cs.system, &folder);
    if (v->cs.catalogue.file)
        s->ops->stat(s, v->cs.catalogue.file, &file);
    time_t later =
        folder.st_mtim.tv_sec > file.st_mtim.tv_sec ? folder.st_mtim.tv_sec : file.st_mtim.tv_sec;

    return later < since || later - since > most ? 0 : (unsigned)(later - since);
}

int cow_recover_unknown(struct recovery *r, bool *ret_is_done)
{
    struct cow_volume *v = r->v;
    struct area_catalogue *c = &v->cs.catalogue;
    bool is_any = cow_salvage_has_leavings(v->cs.store, v->cs.system);

    if (c->is_fresh && !is_any)
        return 0;
    int error = cow_salvage_read(v->cs.store, v->cs.system, c, &r->salvage);

    if (error)
        return error;
    *ret_is_done = r->salvage.names.count || (c->is_blank && is_any);
    c->header.next_number = cow_salvage_next_number(&r->salvage, c);
    if (c->is_blank && !r->salvage.names.count && c->header.next_number <= number_of_moment(v))
        c->header.next_number = number_of_moment(v) + 1;
    if (*ret_is_done && !r->salvage.names.count)
        add_nameless(v);
    r->found.is_damaged = true;
    add_missing(r);
    if (v->is_reading)
        return 0;
    if (*ret_is_done) {
        renew_log(r);
    } else if (area_catalogue_put(c, &c->header) == 0) {
        area_catalogue_put(c, &c->header);
    }
    return 0;
}
