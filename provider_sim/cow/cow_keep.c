/* SPDX-License-Identifier: MIT */
/* A snapshot becomes persistent after it was made: what had been preserved for it goes into a log,
 * which may be there already for others. So a set of snapshots is kept when it is finished, and one
 * whose maker is killed before that was never there. */
#include "provider_sim/cow/cow_journal.h"

#include <errno.h>
#include <string.h>

void cow_snapshot_describe(struct cow_snapshot *s, const struct cow_snapshot_info *info)
{
    const void *before = s->info.properties;

    s->info = *info;
    s->info.properties =
        info->properties_size ? mem_copy(info->properties, info->properties_size) : NULL;
    free((void *)before);
}

/* What this one sees stands in the records of its own epoch and of all newer ones. */
static bool is_needed_in_log(const struct cow_snapshot *of, const struct cow_snapshot *s)
{
    return of->number >= s->number || (of->info.is_persistent && of->is_lost);
}

static void restore_old_log(struct cow_volume *v, const struct area_log *old,
                            struct cow_snapshot **marked, size_t n)
{
    uint64_t generation = v->log.generation;

    if (v->log.file) {
        area_log_close(&v->log);
        area_log_remove(v->cs.store, v->cs.system, generation);
    }
    cow_journal_unlog(v, v->cs.catalogue.header.generation + 1);
    v->log = *old;
    for (size_t i = 0; i < n; i++)
        marked[i]->is_logged = false;
}

/* A new log has it and all that the old one had; until the catalogue names it nothing is lost. */
static int begin_log(struct cow_volume *v, const struct cow_snapshot *s)
{
    ARRAY(struct cow_snapshot *) marked = { 0 };
    struct area_log old = v->log;

    for (size_t i = 0; i < v->snapshots.count; i++) {
        struct cow_snapshot *other = v->snapshots.items[i];

        if (other->is_logged || !is_needed_in_log(other, s))
            continue;
        other->is_logged = true;
        array_add(&marked, other);
    }
    v->log = (struct area_log){ 0 };
    int error =
        area_log_create(v->cs.store, v->cs.system, v->cs.catalogue.header.generation + 1, &v->log);

    if (!error)
        error = cow_journal_write_state(v);
    if (!error)
        error = cow_journal_settle(v, NULL);
    if (error) {
        restore_old_log(v, &old, marked.items, marked.count);
    } else if (old.file) {
        uint64_t generation = old.generation;

        area_log_close(&old);
        area_log_remove(v->cs.store, v->cs.system, generation);
    }
    array_free(&marked);
    return error;
}

static int write_it(struct cow_volume *v, const struct cow_snapshot *s, bool is_new)
{
    int error = cow_journal_flush(v);

    if (error)
        return error;
    if (!cow_journal_is_on(v) || !s->is_logged)
        return begin_log(v, s);
    if (is_new) /* the record must not be there without what it stands for */
        error = v->cs.store->ops->sync(v->cs.store, NULL);
    if (error)
        return error;
    cow_journal_kept(v, s);
    error = cow_journal_settle(v, NULL);
    if (error && v->log.pending.bytes.count)
        area_log_forget(&v->log);
    return error;
}

int cow_volume_identify(struct cow_volume *v, const unsigned char *salt, unsigned char ret_id[16])
{
    struct area_catalogue *c = &v->cs.catalogue;
    int error = c->has_identity ? 0 : salt ? area_catalogue_identify(c, salt) : -ENOENT;

    if (!error)
        memcpy(ret_id, c->identity, sizeof(c->identity));
    return error;
}

int cow_volume_keep(struct cow_volume *v, unsigned number, const struct cow_snapshot_info *info)
{
    cow_deletion_finish(v);
    struct cow_snapshot *s = cow_snapshot_find(v, number);

    if (!s)
        return -ENOENT;
    if (s->is_lost)
        return -ENXIO;
    if (info->properties_size > COW_PROPERTIES_MAX)
        return -E2BIG;
    struct cow_snapshot_info before = s->info;

    s->info.properties = NULL;
    cow_snapshot_describe(s, info);
    s->info.is_persistent = true;
    int error = write_it(v, s, !before.is_persistent);

    if (error) {
        free((void *)s->info.properties);
        s->info = before;
    } else {
        free((void *)before.properties);
    }
    return error;
}

/* ---- of the volume itself ---- */

_Static_assert(AREA_SETTINGS_MAX == VOLUME_SETTINGS_MAX, "one size of settings");

int cow_volume_keep_settings(struct cow_volume *v, const void *bytes, size_t size)
{
    return area_catalogue_put_settings(&v->cs.catalogue, bytes, size);
}

ssize_t cow_volume_settings(struct cow_volume *v, void *buffer)
{
    return area_catalogue_settings(&v->cs.catalogue, buffer);
}
