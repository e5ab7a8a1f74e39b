/* SPDX-License-Identifier: MIT */
/* A seed draws the same identifiers for each volume that has no history yet. Volumes that were
 * never in one world before may so have snapshots with one id, or sets with one id that are not one
 * set: then a call about one would hit the other. All but the first get an id that follows from
 * the one they had, and their volumes keep it; the next world finds nothing to do.
 *
 * The snapshots of a set of several volumes share its id rightly. They are told from another set by
 * what cannot be within one: more snapshots than it has, two of one volume, two with one id. */
#include "provider_sim/soft_leftovers.h"

#include "emu/base/cleanup.h"
#include "emu/base/hash.h"
#include "emu/base/list.h"
#include "emu/base/str.h"
#include "emu/com/guid.h"
#include "emu/port/trace.h"
#include "emu/port/volume.h"
#include "emu/port/world.h"
#include "provider_sim/soft_provider_state.h"

#include <string.h>

/* Whoever has an id: a snapshot, or the snapshots of a set. */
struct owner {
    struct hash_link link;
    VSS_ID id;
    ARRAY(const struct leftover *) snapshots;
};

struct owners {
    struct hash table;
};

static uint64_t hash_id(const VSS_ID *id)
{
    uint64_t halves[2];

    memcpy(halves, id, sizeof(halves));
    return hash_number(hash_number(halves[0]) + halves[1]);
}

static struct owner *find_owner(const struct owners *o, const VSS_ID *id)
{
    struct hash_link *link = hash_chain(&o->table, hash_id(id));

    while (link && !guid_is_equal(&container_of(link, struct owner, link)->id, id))
        link = link->next;
    return link ? container_of(link, struct owner, link) : NULL;
}

static struct owner *add_owner(struct owners *o, const VSS_ID *id)
{
    struct owner *owner = mem_new(struct owner);

    owner->id = *id;
    hash_add(&o->table, &owner->link, hash_id(id));
    return owner;
}

static void owners_free(struct owners *o)
{
    for (size_t i = 0; i < o->table.n_buckets; i++) {
        while (o->table.buckets[i]) {
            struct owner *owner = container_of(o->table.buckets[i], struct owner, link);

            o->table.buckets[i] = owner->link.next;
            array_free(&owner->snapshots);
            free(owner);
        }
    }
    hash_free(&o->table);
}

/* Nothing of the host, and nothing of the seed: the same in every world. */
VSS_ID soft_id_after(const VSS_ID *id)
{
    uint64_t halves[2];
    VSS_ID after;

    memcpy(halves, id, sizeof(halves));
    uint64_t first = hash_number(hash_number(halves[0] ^ halves[1]) + halves[1]);
    uint64_t second = hash_number(hash_number(first ^ halves[1]) + halves[0]);

    memcpy(&after, (const uint64_t[]){ first, second }, sizeof(after));
    after.Data3 = (unsigned short)((after.Data3 & 0x0FFF) | 0x4000);
    after.Data4[0] = (unsigned char)((after.Data4[0] & 0x3F) | 0x80);
    return after;
}

static VSS_ID id_of(const struct leftover *it)
{
    VSS_ID id;

    memcpy(&id, it->kept.id, sizeof(id));
    return id;
}

/* Requesters are shown it. */
static bool is_found(const struct leftover *it)
{
    return it->is_readable && !it->kept.is_lost && !it->is_forgotten && !it->record.is_pending;
}

bool leftover_is_companion(const struct leftover *a, const struct leftover *b)
{
    return a->record.n_in_set == b->record.n_in_set && a->volume != b->volume &&
           memcmp(a->kept.id, b->kept.id, sizeof(a->kept.id)) != 0;
}

/* ---- sets ---- */

static bool join(struct owners *sets, const struct leftover *it)
{
    struct owner *set = find_owner(sets, &it->record.set_id);

    if (!set)
        set = add_owner(sets, &it->record.set_id);
    else if ((LONG)set->snapshots.count >= it->record.n_in_set)
        return false;
    for (size_t i = 0; i < set->snapshots.count; i++) {
        if (!leftover_is_companion(set->snapshots.items[i], it))
            return false;
    }
    array_add(&set->snapshots, it);
    return true;
}

/* Those that are told apart come last: a set that was renamed before keeps its name. */
static void part_sets(struct leftovers *l, bool *are_new)
{
    struct owners sets = { 0 };

    for (size_t i = 0; i < l->all.count; i++)
        are_new[i] = is_found(&l->all.items[i]) && !join(&sets, &l->all.items[i]);
    for (size_t i = 0; i < l->all.count; i++) {
        struct leftover *it = &l->all.items[i];
        bool has_joined = !are_new[i];

        while (!has_joined) {
            it->record.set_id = soft_id_after(&it->record.set_id);
            has_joined = join(&sets, it);
        }
    }
    owners_free(&sets);
}

/* ---- snapshots ---- */

/* False: it is another's. */
static bool take_id(struct owners *ids, const VSS_ID *id)
{
    if (find_owner(ids, id))
        return false;
    add_owner(ids, id);
    return true;
}

static void part_snapshots(struct leftovers *l, bool *are_new)
{
    ARRAY(struct leftover *) twins = { 0 };
    struct owners ids = { 0 };

    for (size_t i = 0; i < l->all.count; i++) {
        const VSS_ID id = id_of(&l->all.items[i]);

        if (!is_found(&l->all.items[i]) || take_id(&ids, &id))
            continue;
        array_add(&twins, &l->all.items[i]);
        are_new[i] = true;
    }
    for (size_t i = 0; i < l->all.count; i++) { /* nor that of one that may be shown later */
        const VSS_ID id = id_of(&l->all.items[i]);

        take_id(&ids, &id);
    }
    for (size_t i = 0; i < twins.count; i++) {
        VSS_ID id = id_of(twins.items[i]);

        do
            id = soft_id_after(&id);
        while (!take_id(&ids, &id));
        memcpy(twins.items[i]->kept.id, &id, sizeof(id));
    }
    array_free(&twins);
    owners_free(&ids);
}

/* ---- both ---- */

static void tell(struct soft_provider *p, const struct leftover *it, const VSS_ID *before)
{
    const VSS_ID id = id_of(it);
    const char letter[] = { it->volume->letter, ':', 0 };
    auto_free char *detail =
        str_printf("{%s} on %s is {%s} of set {%s} from now on", GUID_TEXT(before),
                   it->volume->letter ? letter : it->volume->guid_name, GUID_TEXT(&id),
                   GUID_TEXT(&it->record.set_id));

    trace_write(p->world->trace, &(struct trace_record){ .kind = TRACE_NOTE,
                                                         .who = "provider System",
                                                         .what = VOLUME_KEPT_RENAMED,
                                                         .detail = detail });
}

void leftovers_part_twins(struct soft_provider *p, struct leftovers *l)
{
    if (!l->all.count)
        return;
    auto_free VSS_ID *before = mem_alloc(l->all.count * sizeof(*before));
    auto_free bool *are_new = mem_alloc(l->all.count * sizeof(*are_new));

    for (size_t i = 0; i < l->all.count; i++)
        before[i] = id_of(&l->all.items[i]);
    part_sets(l, are_new); /* which are told apart by the ids that snapshots had */
    part_snapshots(l, are_new);
    for (size_t i = 0; i < l->all.count; i++) {
        if (!are_new[i])
            continue;
        leftover_write(p, &l->all.items[i]);
        tell(p, &l->all.items[i], &before[i]);
    }
}
