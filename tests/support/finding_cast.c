/* SPDX-License-Identifier: MIT */
/* See finding_cast.h. */
#include "tests/support/cmocka_vss.h"

#include "tests/support/finding_cast.h"

#include "emu/include/vssemu_writer.h"

#include <stdlib.h>

#define call(object, method, ...) (object)->lpVtbl->method((object), ##__VA_ARGS__)
#define FULL                      (VSS_FSBT_ALL_BACKUP_REQUIRED | VSS_FSBT_ALL_SNAPSHOT_REQUIRED)

const VSS_ID cast_id = { 0x77, 1, 2, { 3 } }, cast_other_id = { 0x78, 1, 2, { 3 } };

struct cast {
    enum story_cast kind;
    struct vssemu_writer *writer, *other; /* other: only with CAST_DEPENDENCY */
};

static void add_component(IVssCreateWriterMetadata *m, LPCWSTR path, LPCWSTR name, LPCWSTR folder,
                          bool is_selectable)
{
    assert_int_equal(call(m, AddComponent, VSS_CT_FILEGROUP, path, name, NULL, NULL, 0, false,
                          false, is_selectable, true, 0),
                     S_OK);
    assert_int_equal(call(m, AddFilesToFileGroup, path, name, folder, L"*", false, NULL, FULL),
                     S_OK);
}

static bool identify(void *self, IVssCreateWriterMetadata *m)
{
    const struct cast *cast = self;
    bool is_elsewhere = cast->kind == CAST_ALTERNATE;

    add_component(m, NULL, L"docs", L"C:\\docs", true);
    if (cast->kind == CAST_TREE)
        add_component(m, L"docs", L"part", L"C:\\docs\\part", true);
    if (cast->kind == CAST_MANDATORY)
        add_component(m, NULL, L"config", L"C:\\config", false);
    if (cast->kind == CAST_ON_D)
        call(m, AddFilesToFileGroup, NULL, L"docs", L"D:\\docs", L"*", false, NULL, FULL);
    if (cast->kind == CAST_DEPENDENCY)
        call(m, AddComponentDependency, NULL, L"docs", cast_other_id, NULL, L"content");
    if (cast->kind == CAST_SCHEMA)
        call(m, SetBackupSchema,
             VSS_BS_INCREMENTAL | VSS_BS_TIMESTAMPED | VSS_BS_WRITER_SUPPORTS_NEW_TARGET |
                 VSS_BS_ROLLFORWARD_RESTORE | VSS_BS_RESTORE_RENAME | VSS_BS_AUTHORITATIVE_RESTORE);
    call(m, SetRestoreMethod,
         is_elsewhere ? VSS_RME_RESTORE_TO_ALTERNATE_LOCATION : VSS_RME_RESTORE_IF_CAN_REPLACE,
         NULL, NULL, VSS_WRE_ALWAYS, false);
    if (is_elsewhere)
        call(m, AddAlternateLocationMapping, L"C:\\docs", L"*", false, L"C:\\elsewhere");
    return true;
}

static bool identify_other(void *self, IVssCreateWriterMetadata *m)
{
    (void)self;
    add_component(m, NULL, L"content", L"C:\\content", true);
    call(m, SetRestoreMethod, VSS_RME_RESTORE_IF_CAN_REPLACE, NULL, NULL, VSS_WRE_ALWAYS, false);
    return true;
}

static bool post_snapshot(void *self, IVssWriterComponents *components)
{
    struct cast *cast = self;

    (void)components;
    if (cast->kind != CAST_FAILS)
        return true;
    vssemu_writer_set_failure(cast->writer, VSS_E_WRITERERROR_NONRETRYABLE);
    return false;
}

static const struct vssemu_writer_ops writer_ops = { .OnIdentify = identify,
                                                     .OnPostSnapshot = post_snapshot };

static const struct vssemu_writer_ops other_ops = { .OnIdentify = identify_other };

static struct vssemu_writer *subscribe(const struct vssemu_writer_ops *ops, struct cast *cast,
                                       VSS_ID id, LPCWSTR name)
{
    struct vssemu_writer_identity identity;
    struct vssemu_writer *writer = vssemu_writer_new(ops, cast, VSSEMU_WRITER_INLINE);
    DWORD events = VSS_SM_BACKUP_EVENTS_FLAG | VSS_SM_RESTORE_EVENTS_FLAG;

    vssemu_writer_identity_init(&identity);
    identity.writer_id = id;
    identity.name = name;
    identity.usage = VSS_UT_USERDATA;
    identity.source = VSS_ST_OTHER;
    assert_int_equal(vssemu_writer_initialize(writer, &identity), S_OK);
    assert_int_equal(vssemu_writer_subscribe(writer, 0, events), S_OK);
    return writer;
}

struct cast *cast_new(enum story_cast kind)
{
    struct cast *cast = calloc(1, sizeof(*cast));

    assert_non_null(cast);
    cast->kind = kind;
    cast->writer = subscribe(&writer_ops, cast, cast_id, L"Cast");
    if (kind == CAST_DEPENDENCY)
        cast->other = subscribe(&other_ops, cast, cast_other_id, L"Other");
    return cast;
}

void cast_free(struct cast *cast)
{
    vssemu_writer_free(cast->writer);
    vssemu_writer_free(cast->other);
    free(cast);
}
