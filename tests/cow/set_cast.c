/* SPDX-License-Identifier: MIT */
/* See set_cast.h. */
#include "tests/cow/set_cast.h"

#include "tests/support/cmocka_vss.h"

#include "emu/com/bstr.h"
#include "emu/com/enumerator.h"
#include "emu/com/guid.h"
#include "emu/port/store.h"
#include "emu/port/volume.h"
#include "fakes/world/vsched.h"
#include "provider_sim/cow/cow_port.h"
#include "provider_sim/cow/cow_port_state.h"
#include "provider_sim/cow/cow_state.h"
#include "provider_sim/soft_provider.h"
#include "provider_sim/soft_record.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

static const VSS_ID provider_id = { .Data1 = 0xb5946137 };

static VSS_ID id_of(unsigned n)
{
    return (VSS_ID){ .Data1 = n, .Data2 = 1 };
}

/* ---- its life ---- */

static void close_volumes(struct cast *c, bool is_killed)
{
    for (size_t i = 0; i < c->n; i++) {
        if (is_killed)
            cow_port_of(c->volumes[i])->cow->is_closing = true;
        c->volumes[i]->ops->free(c->volumes[i]);
    }
    vsched_free(c->vsched);
}

static bool is_of_set(const struct volume_kept *kept, bool *ret_is_pending)
{
    const VSS_ID set = id_of(CAST_SET);
    struct soft_record record;

    assert_true(soft_record_get(kept->bytes, kept->size, kept->id, &record));
    bool is_it = guid_is_equal(&record.set_id, &set);

    if (is_it)
        *ret_is_pending = record.is_pending;
    soft_record_free(&record);
    return is_it;
}

static size_t count_lost(struct volume *v)
{
    struct volume_kept kept;
    bool is_pending;
    size_t n = 0;

    for (size_t i = 0; v->ops->kept(v, i, &kept); i++)
        n += kept.is_lost && is_of_set(&kept, &is_pending);
    return n;
}

bool cast_begin(struct cast *c, struct store *const *stores, size_t n, struct clock *clock)
{
    *c = (struct cast){ .vsched = vsched_new(1, NULL) };
    for (; c->n < n; c->n++) {
        if (cow_port_new(vsched_port(c->vsched), (char)('C' + c->n), stores[c->n],
                         &c->volumes[c->n]) < 0) {
            close_volumes(c, true);
            return false;
        }
        c->n_lost += count_lost(c->volumes[c->n]);
    }
    c->world = (struct world_ports){ .sched = vsched_port(c->vsched),
                                     .clock = clock,
                                     .volumes = c->volumes,
                                     .n_volumes = n,
                                     .is_virtual = true };
    soft_provider_new(&c->world, &provider_id, &c->provider);
    assert_int_equal(c->provider->lpVtbl->QueryInterface(
                         c->provider, &IID_IVssProviderCreateSnapshotSet, (void **)&c->set),
                     S_OK);
    soft_provider_called_inside(c->provider, true);
    soft_provider_find_kept(c->provider);
    return true;
}

static void close_all(struct cast *c, bool is_killed)
{
    c->set->lpVtbl->Release(c->set);
    c->provider->lpVtbl->Release(c->provider);
    close_volumes(c, is_killed);
}

void cast_end(struct cast *c)
{
    close_all(c, false);
}

void cast_kill(struct cast *c)
{
    close_all(c, true);
}

/* ---- what it does ---- */

static void put(struct cast *c, const char *text)
{
    for (size_t i = 0; i < c->n; i++) {
        struct volume *v = c->volumes[i];
        struct volume_file *file;

        assert_int_equal(
            v->ops->open(v, VOLUME_ORIGIN, "f", O_RDWR | O_CREAT | O_TRUNC, 0644, &file), 0);
        assert_int_equal(v->ops->write(file, text, strlen(text), 0), strlen(text));
        v->ops->close(file);
    }
}

static void commit(struct cast *c)
{
    for (size_t i = 0; i < c->n; i++) {
        WCHAR name[] = { (WCHAR)('C' + i), ':', '\\', 0 };

        assert_int_equal(c->provider->lpVtbl->BeginPrepareSnapshot(
                             c->provider, id_of(CAST_SET), id_of(CAST_SET * 10 + (unsigned)i), name,
                             VSS_CTX_NAS_ROLLBACK),
                         S_OK);
    }
    assert_int_equal(c->set->lpVtbl->EndPrepareSnapshots(c->set, id_of(CAST_SET)), S_OK);
    assert_int_equal(c->set->lpVtbl->PreCommitSnapshots(c->set, id_of(CAST_SET)), S_OK);
    assert_int_equal(c->set->lpVtbl->CommitSnapshots(c->set, id_of(CAST_SET)), S_OK);
}

static const struct situation situations[] = {
    { 2, 0, false, false }, { 2, 3, false, false }, { 2, 1, false, false }, { 2, 2, false, true },
    { 2, 3, true, false },  { 3, 0, false, false }, { 3, 7, false, true },
};

bool cast_situation(size_t i, struct situation *ret_situation)
{
    size_t n = getenv("TEST_SIZES") ? 2 : sizeof(situations) / sizeof(situations[0]);

    if (i < n)
        *ret_situation = situations[i];
    return i < n;
}

void cast_prepare(struct cast *c, const struct situation *s)
{
    const struct cow_snapshot_info info = { .is_persistent = true, .id = "earlier" };
    unsigned char id[16];

    put(c, "earlier");
    for (size_t i = 0; i < s->n; i++) {
        struct cow_volume *v = cow_port_of(c->volumes[i])->cow;

        assert_int_equal(cow_volume_set_durable(v, s->is_durable), 0);
        if (s->is_known)
            assert_int_equal(cow_volume_identify(v, (unsigned char[16]){ (unsigned char)i }, id),
                             0);
        if (s->earlier >> i & 1)
            assert_int_equal(cow_volume_commit_as(v, 1, &info), 0);
    }
    put(c, CAST_TEXT);
    commit(c);
    put(c, "later");
}

HRESULT cast_finish(struct cast *c)
{
    assert_int_equal(c->set->lpVtbl->PostCommitSnapshots(c->set, id_of(CAST_SET), (LONG)c->n),
                     S_OK);
    assert_int_equal(c->set->lpVtbl->PreFinalCommitSnapshots(c->set, id_of(CAST_SET)), S_OK);
    return c->set->lpVtbl->PostFinalCommitSnapshots(c->set, id_of(CAST_SET));
}

void cast_abort(struct cast *c)
{
    assert_int_equal(c->set->lpVtbl->AbortSnapshots(c->set, id_of(CAST_SET)), S_OK);
}

/* ---- what it sees ---- */

static size_t count_shown(struct cast *c)
{
    const VSS_ID set = id_of(CAST_SET), none = { 0 };
    IVssEnumObject *list;
    VSS_OBJECT_PROP prop;
    ULONG n_got;
    size_t n = 0;

    assert_int_equal(
        c->provider->lpVtbl->Query(c->provider, none, VSS_OBJECT_NONE, VSS_OBJECT_SNAPSHOT, &list),
        S_OK);
    while (list->lpVtbl->Next(list, 1, &prop, &n_got) == S_OK) {
        n += guid_is_equal(&prop.Obj.Snap.m_SnapshotSetId, &set);
        snapshot_prop_clear(&prop.Obj.Snap);
    }
    list->lpVtbl->Release(list);
    return n;
}

static void assert_content(struct volume *v, unsigned view, const char *text)
{
    char buffer[64] = { 0 };
    struct volume_file *file;

    assert_int_equal(v->ops->open(v, view, "f", O_RDONLY, 0, &file), 0);
    assert_true(v->ops->read(file, buffer, sizeof(buffer) - 1, 0) >= 0);
    v->ops->close(file);
    assert_string_equal(buffer, text);
}

size_t cast_check(struct cast *c, bool is_one_away)
{
    size_t n_shown = count_shown(c), n_there = 0;
    struct volume_kept kept;

    for (size_t i = 0; i < c->n; i++) {
        struct volume *v = c->volumes[i];

        for (size_t k = 0; v->ops->kept(v, k, &kept); k++) {
            bool is_pending = false;

            if (!is_of_set(&kept, &is_pending))
                continue;
            assert_true(!is_pending || is_one_away);
            assert_content(v, kept.number, CAST_TEXT);
            n_there += !is_pending;
        }
    }
    assert_int_equal(n_there, n_shown);
    return n_shown;
}
