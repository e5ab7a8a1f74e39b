/* SPDX-License-Identifier: MIT */
/* Volumes that meet with snapshots or sets of one identifier: which of them are one set, whatever
 * their records say, and that a set whose keeping was interrupted is still found as a whole when it
 * got another name meanwhile. The command line's test_persistent.py has the usual case. */
#include "tests/support/cmocka_vss.h"

#include "emu/base/list.h"
#include "emu/com/enumerator.h"
#include "emu/com/guid.h"
#include "emu/port/clock.h"
#include "emu/port/store.h"
#include "emu/port/volume.h"
#include "fakes/world/memstore.h"
#include "provider_sim/cow/cow_volume.h"
#include "provider_sim/soft_record.h"
#include "tests/cow/set_cast.h"

#include <stdlib.h>
#include <string.h>

#define SET    7u
#define FIRST  1u
#define SECOND 2u

struct place {
    struct clock clock;
    struct store *stores[CAST_MOST];
};

static int64_t place_time(struct clock *clock)
{
    (void)clock;
    return INT64_C(1700000000000000000);
}

static int begin(void **state)
{
    struct place *p = calloc(1, sizeof(*p));

    p->clock.unix_ns = place_time;
    for (size_t i = 0; i < CAST_MOST; i++) {
        p->stores[i] = memstore_new(&p->clock);
        memstore_keep_on_free(p->stores[i], true);
    }
    *state = p;
    return 0;
}

static int end(void **state)
{
    struct place *p = *state;

    for (size_t i = 0; i < CAST_MOST; i++) {
        memstore_keep_on_free(p->stores[i], false);
        p->stores[i]->ops->free(p->stores[i]);
    }
    free(p);
    return 0;
}

static VSS_ID id_of(unsigned n)
{
    return (VSS_ID){ .Data1 = n, .Data2 = 1 };
}

/* The volume gets a snapshot of set SET, which has so many; decider: the volume that decides. */
static void keep(struct place *p, size_t which, unsigned id, LONG n_in_set,
                 const struct soft_decider *decider)
{
    const VSS_ID snapshot = id_of(id);
    struct soft_record record = { .set_id = id_of(SET),
                                  .attributes = SOFT_RECORD_ATTRIBUTES,
                                  .n_in_set = n_in_set,
                                  .is_pending = decider != NULL };
    struct area_bytes bytes = { 0 };
    struct cow_volume *v;

    if (decider)
        record.decider = *decider;
    soft_record_put(&bytes, &record);
    struct cow_snapshot_info info = { .is_persistent = true,
                                      .properties = (const char *)bytes.bytes.items,
                                      .properties_size = bytes.bytes.count };
    memcpy(info.id, &snapshot, sizeof(info.id));
    assert_int_equal(cow_volume_open(p->stores[which], &v), 0);
    assert_int_equal(cow_volume_commit_as(v, 1, &info), 0);
    cow_volume_free(v);
    array_free(&bytes.bytes);
}

static struct soft_decider decider_on(struct place *p, size_t which, unsigned id)
{
    struct soft_decider decider = { .snapshot = id_of(id) };
    struct cow_volume *v;

    assert_int_equal(cow_volume_open(p->stores[which], &v), 0);
    assert_int_equal(cow_volume_identify(v, (unsigned char[16]){ 1 }, decider.volume), 0);
    cow_volume_free(v);
    return decider;
}

struct seen {
    size_t n;
    VSS_ID ids[CAST_MOST], sets[CAST_MOST];
};

/* What a process with these volumes is shown, in their order. */
static void look(struct place *p, const char *which, struct seen *seen)
{
    struct store *stores[CAST_MOST];
    const VSS_ID none = { 0 };
    struct cast c;
    IVssEnumObject *list;
    VSS_OBJECT_PROP prop;
    ULONG n_got;

    *seen = (struct seen){ 0 };
    for (size_t i = 0; which[i]; i++)
        stores[i] = p->stores[which[i] - '0'];
    assert_true(cast_begin(&c, stores, strlen(which), &p->clock));
    assert_int_equal(
        c.provider->lpVtbl->Query(c.provider, none, VSS_OBJECT_NONE, VSS_OBJECT_SNAPSHOT, &list),
        S_OK);
    while (list->lpVtbl->Next(list, 1, &prop, &n_got) == S_OK) {
        seen->ids[seen->n] = prop.Obj.Snap.m_SnapshotId;
        seen->sets[seen->n++] = prop.Obj.Snap.m_SnapshotSetId;
        snapshot_prop_clear(&prop.Obj.Snap);
    }
    list->lpVtbl->Release(list);
    cast_end(&c);
}

static bool is_named(const VSS_ID *is, unsigned n)
{
    const VSS_ID id = id_of(n);

    return guid_is_equal(is, &id);
}

static void sets_of_one_are_two_sets(void **state)
{
    struct place *p = *state;
    struct seen seen, again;

    keep(p, 0, FIRST, 1, NULL);
    keep(p, 1, SECOND, 1, NULL);
    look(p, "01", &seen);
    assert_int_equal(seen.n, 2);
    assert_true(is_named(&seen.ids[0], FIRST) && is_named(&seen.ids[1], SECOND));
    assert_true(is_named(&seen.sets[0], SET) && !is_named(&seen.sets[1], SET));
    look(p, "10", &again);
    assert_true(guid_is_equal(&again.sets[0], &seen.sets[1]));
    assert_true(is_named(&again.sets[1], SET));
}

static void sets_of_different_sizes_are_two_sets(void **state)
{
    struct place *p = *state;
    struct seen seen;

    keep(p, 0, FIRST, 3, NULL);
    keep(p, 1, SECOND, 2, NULL);
    look(p, "01", &seen);
    assert_true(is_named(&seen.sets[0], SET) && !is_named(&seen.sets[1], SET));
}

/* Its first volume met one with the same identifiers while the second was away. */
static void renamed_set_is_still_found_as_a_whole(void **state)
{
    struct place *p = *state;
    struct soft_decider decider = decider_on(p, 0, FIRST);
    struct seen seen;

    keep(p, 0, FIRST, 2, NULL);
    keep(p, 1, SECOND, 2, &decider);
    keep(p, 2, FIRST, 1, NULL);
    look(p, "20", &seen);
    assert_int_equal(seen.n, 2);
    assert_true(!is_named(&seen.sets[1], SET) && !is_named(&seen.ids[1], FIRST));
    look(p, "01", &seen);
    assert_int_equal(seen.n, 2);
    assert_true(guid_is_equal(&seen.sets[0], &seen.sets[1]));
}

/* The name alone decides nothing about a set that waits for a volume. */
static void other_set_of_its_name_decides_nothing(void **state)
{
    struct place *p = *state;
    struct soft_decider decider = decider_on(p, 0, FIRST);
    struct seen seen;

    keep(p, 1, SECOND, 2, &decider);
    keep(p, 2, FIRST, 1, NULL);
    look(p, "12", &seen);
    assert_int_equal(seen.n, 1);
    assert_true(is_named(&seen.ids[0], FIRST));
    look(p, "10", &seen); /* the volume that knows has none: it was never kept */
    assert_int_equal(seen.n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(sets_of_one_are_two_sets, begin, end),
        cmocka_unit_test_setup_teardown(sets_of_different_sizes_are_two_sets, begin, end),
        cmocka_unit_test_setup_teardown(renamed_set_is_still_found_as_a_whole, begin, end),
        cmocka_unit_test_setup_teardown(other_set_of_its_name_decides_nothing, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
