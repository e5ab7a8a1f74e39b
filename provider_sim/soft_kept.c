/* SPDX-License-Identifier: MIT */
/* Snapshots that outlive the process: written down when their set is finished and when something
 * about them changes. soft_found.c finds them again.
 *
 * A set on several volumes is kept as a whole: its first volume decides. On all others the
 * snapshots are written down before, as pending, with the name of that volume; then the one on the
 * first, which is one write and the decision; then the others, as decided. Whoever is killed in
 * between leaves pending ones that the next process asks the first volume about. */
#include "provider_sim/soft_provider_state.h"

#include "emu/com/bstr.h"
#include "emu/port/volume.h"
#include "provider_sim/soft_record.h"

#include <string.h>

static bool is_to_be_kept(const struct soft_provider *p, const struct soft_snapshot *s)
{
    return (s->prop.m_lSnapshotAttributes & VSS_VOLSNAP_ATTR_PERSISTENT) && s->volume->ops->keep &&
           !s->volume->is_fleeting && !p->is_passing;
}

/* Under the lock: what is written of it, and where. decider NULL: it is kept for good. */
static void take_record(const struct soft_snapshot *s, const struct soft_decider *decider,
                        struct area_bytes *bytes, struct volume_kept *ret_kept)
{
    const VSS_SNAPSHOT_PROP *prop = &s->prop;
    struct soft_record record = { .set_id = prop->m_SnapshotSetId,
                                  .attributes = prop->m_lSnapshotAttributes,
                                  .n_in_set = prop->m_lSnapshotsCount,
                                  .originating = utf8_from_wide(prop->m_pwszOriginatingMachine),
                                  .service = utf8_from_wide(prop->m_pwszServiceMachine),
                                  .exposed_name = utf8_from_wide(prop->m_pwszExposedName),
                                  .exposed_path = utf8_from_wide(prop->m_pwszExposedPath) };

    if (decider) {
        record.is_pending = true;
        record.decider = *decider;
    }
    soft_record_put(bytes, &record);
    soft_record_free(&record);
    *ret_kept = (struct volume_kept){ .number = s->number,
                                      .created = prop->m_tsCreationTimestamp,
                                      .bytes = bytes->bytes.items,
                                      .size = bytes->bytes.count };
    memcpy(ret_kept->id, &prop->m_SnapshotId, sizeof(ret_kept->id));
}

static int keep(struct soft_provider *p, struct soft_snapshot *s,
                const struct soft_decider *decider)
{
    struct area_bytes bytes = { 0 };
    struct volume_kept kept;

    soft_provider_lock(p);
    take_record(s, decider, &bytes, &kept);
    soft_provider_unlock(p);
    int error = s->volume->ops->keep(s->volume, kept.number, &kept);

    array_free(&bytes.bytes);
    s->is_kept = s->is_kept || !error;
    if (error)
        soft_provider_note(p, "a snapshot cannot be kept", s->volume, error);
    return error;
}

static int name_decider(struct soft_provider *p, struct soft_snapshot *s,
                        struct soft_decider *ret_decider)
{
    unsigned char salt[sizeof(s->prop.m_SnapshotId)];

    memcpy(salt, &s->prop.m_SnapshotId, sizeof(salt));
    ret_decider->snapshot = s->prop.m_SnapshotId;
    int error = s->volume->ops->identify(s->volume, salt, ret_decider->volume);

    if (error)
        soft_provider_note(p, "a snapshot cannot be kept", s->volume, error);
    return error;
}

/* An error behind the decision takes nothing back: whoever finds the others asks for it. */
static int keep_all(struct soft_provider *p, struct soft_snapshot **set, size_t n)
{
    struct soft_decider decider;
    int error = n > 1 ? name_decider(p, set[0], &decider) : 0;

    if (n)
        set[0]->is_decider = n > 1;
    for (size_t i = 1; i < n && !error; i++)
        error = keep(p, set[i], &decider);
    if (!error && n)
        error = keep(p, set[0], NULL);
    for (size_t i = 1; i < n && !error; i++)
        keep(p, set[i], NULL);
    return error;
}

HRESULT soft_set_keep(struct soft_provider *p, const VSS_ID *set_id)
{
    ARRAY(struct soft_snapshot *) of_set = { 0 };

    soft_provider_lock(p);
    for (size_t i = 0; i < p->snapshots.count; i++) {
        struct soft_snapshot *s = p->snapshots.items[i];

        if (soft_snapshot_is_of(s, set_id, VSS_OBJECT_SNAPSHOT_SET) && is_to_be_kept(p, s))
            array_add(&of_set, s);
    }
    soft_provider_unlock(p);
    int error = keep_all(p, of_set.items, of_set.count);

    array_free(&of_set);
    return soft_hresult(error);
}

HRESULT soft_snapshot_keep_again(struct soft_provider *p, struct soft_snapshot *s)
{
    return s->is_kept ? soft_hresult(keep(p, s, NULL)) : S_OK;
}
