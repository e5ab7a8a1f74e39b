/* SPDX-License-Identifier: MIT */
/* Every method that deals with snapshots, on a machine that is not well: too few rights, no
 * memory, an error inside. Learn: the page of each. */
#include "stage.h"

#define B(method, ...) call(stage->b, method, ##__VA_ARGS__)
#define C_ROOT         ((VSS_PWSZ)L"C:\\")

/* The next call of the method meets the condition. */
#define MEETS(itf, method, condition, code, expression)                               \
    do {                                                                              \
        EXPECT(vssemu_plan_condition(stage->world, condition, #itf "::" #method, 1)); \
        SHOWS(itf, method, code, expression);                                         \
    } while (0)
#define MEMORY(itf, method, expression) \
    MEETS(itf, method, VSSEMU_LOW_MEMORY, E_OUTOFMEMORY, expression)
#define INTERNAL(itf, method, expression) \
    MEETS(itf, method, VSSEMU_INTERNAL_ERROR, VSS_E_UNEXPECTED, expression)
#define FEW_RIGHTS(itf, method, expression)                    \
    do {                                                       \
        vssemu_set_caller(stage->world, VSSEMU_USER);          \
        SHOWS(itf, method, E_ACCESSDENIED, expression);        \
        vssemu_set_caller(stage->world, VSSEMU_ADMINISTRATOR); \
    } while (0)
#define NOT_WELL(itf, method, expression)    \
    do {                                     \
        MEMORY(itf, method, expression);     \
        INTERNAL(itf, method, expression);   \
        FEW_RIGHTS(itf, method, expression); \
    } while (0)
#define BASE(method, ...) NOT_WELL(IVssBackupComponents, method, B(method, __VA_ARGS__))

static void while_a_set_is_made(void)
{
    struct stage *stage = stage_at(AT_INITIALIZED);
    IVssAsync *async = NULL;
    BOOL is_supported;
    VSS_ID id;

    INTERNAL(IVssBackupComponents, SetContext, B(SetContext, VSS_CTX_BACKUP));
    MEMORY(IVssBackupComponents, StartSnapshotSet, B(StartSnapshotSet, &id));
    INTERNAL(IVssBackupComponents, StartSnapshotSet, B(StartSnapshotSet, &id));
    BASE(IsVolumeSupported, GUID_NULL, C_ROOT, &is_supported);
    stage_go(stage, AT_SET_OPEN);
    BASE(AddToSnapshotSet, C_ROOT, GUID_NULL, &id);
    stage_go(stage, AT_PREPARED);
    BASE(DoSnapshotSet, &async);
    stage_go(stage, AT_SNAPSHOT_DONE);
    stage_close(stage);
}

static void with_a_snapshot(void)
{
    struct stage *stage = stage_at(AT_SNAPSHOT_DONE);
    VSS_ID id = stage->snapshot_id, not_deleted;
    VSS_SNAPSHOT_PROP prop;
    IVssEnumObject *found = NULL;
    IVssAsync *async = NULL;
    VSS_PWSZ exposed = NULL;
    LONG n;

    BASE(GetSnapshotProperties, id, &prop);
    BASE(Query, GUID_NULL, VSS_OBJECT_NONE, VSS_OBJECT_SNAPSHOT, &found);
    BASE(DeleteSnapshots, id, VSS_OBJECT_SNAPSHOT, FALSE, &n, &not_deleted);
    BASE(BreakSnapshotSet, stage->set_id);
    BASE(ImportSnapshots, &async);
    BASE(ExposeSnapshot, id, NULL, VSS_VOLSNAP_ATTR_EXPOSED_REMOTELY, NULL, &exposed);
    NOT_WELL(IVssBackupComponentsEx2, UnexposeSnapshot, B(UnexposeSnapshot, id));
    NOT_WELL(IVssBackupComponentsEx2, BreakSnapshotSetEx,
             B(BreakSnapshotSetEx, stage->set_id, 0, &async));
    stage_close(stage);
}

/* The two about reverting say E_FAIL where others say VSS_E_UNEXPECTED, and ask for an
 * administrator. */
static void reverting(void)
{
    struct stage *stage = stage_at(AT_INITIALIZED);
    IVssAsync *async = NULL;

    MEMORY(IVssBackupComponents, RevertToSnapshot, B(RevertToSnapshot, stage->set_id, TRUE));
    MEMORY(IVssBackupComponents, QueryRevertStatus, B(QueryRevertStatus, C_ROOT, &async));
    MEETS(IVssBackupComponents, RevertToSnapshot, VSSEMU_INTERNAL_ERROR, E_FAIL,
          B(RevertToSnapshot, stage->set_id, TRUE));
    MEETS(IVssBackupComponents, QueryRevertStatus, VSSEMU_INTERNAL_ERROR, E_FAIL,
          B(QueryRevertStatus, C_ROOT, &async));
    vssemu_set_caller(stage->world, VSSEMU_BACKUP_OPERATOR);
    SHOWS(IVssBackupComponents, RevertToSnapshot, E_ACCESSDENIED,
          B(RevertToSnapshot, stage->set_id, TRUE));
    SHOWS(IVssBackupComponents, QueryRevertStatus, E_ACCESSDENIED,
          B(QueryRevertStatus, C_ROOT, &async));
    vssemu_set_caller(stage->world, VSSEMU_ADMINISTRATOR);
    stage_close(stage);
}

static void names_of_volumes(void)
{
    struct stage *stage = stage_at(AT_CREATED);
    VSS_PWSZ root = NULL, prefix = NULL;

    MEMORY(IVssBackupComponentsEx4, GetRootAndLogicalPrefixPaths,
           B(GetRootAndLogicalPrefixPaths, C_ROOT, &root, &prefix, FALSE));
    stage_close(stage);
}

static void functions(void)
{
    struct stage *stage = stage_open();
    BOOL is_present;
    boolean blocks;
    LONG mask;

    EXPECT(vssemu_plan_condition(stage->world, VSSEMU_LOW_MEMORY, "IsVolumeSnapshotted", 1));
    SHOWS(Function, IsVolumeSnapshotted, E_OUTOFMEMORY,
          IsVolumeSnapshotted(C_ROOT, &is_present, &mask));
    EXPECT(vssemu_plan_condition(stage->world, VSSEMU_INTERNAL_ERROR, "IsVolumeSnapshotted", 1));
    SHOWS(Function, IsVolumeSnapshotted, VSS_E_UNEXPECTED,
          IsVolumeSnapshotted(C_ROOT, &is_present, &mask));
    EXPECT(vssemu_plan_condition(stage->world, VSSEMU_LOW_MEMORY, "ShouldBlockRevert", 1));
    SHOWS(Function, ShouldBlockRevert, E_OUTOFMEMORY, ShouldBlockRevert(C_ROOT, &blocks));
    EXPECT(vssemu_plan_condition(stage->world, VSSEMU_INTERNAL_ERROR, "ShouldBlockRevert", 1));
    SHOWS(Function, ShouldBlockRevert, VSS_E_UNEXPECTED, ShouldBlockRevert(C_ROOT, &blocks));
    vssemu_set_caller(stage->world, VSSEMU_USER);
    SHOWS(Function, IsVolumeSnapshotted, E_ACCESSDENIED,
          IsVolumeSnapshotted(C_ROOT, &is_present, &mask));
    SHOWS(Function, ShouldBlockRevert, E_ACCESSDENIED, ShouldBlockRevert(C_ROOT, &blocks));
    vssemu_set_caller(stage->world, VSSEMU_ADMINISTRATOR);
    stage_close(stage);
}

static void lists_and_operations(void)
{
    struct stage *stage = stage_at(AT_SNAPSHOT_DONE);
    IVssEnumObject *found = NULL, *twin = NULL;
    IVssAsync *async = NULL;
    VSS_OBJECT_PROP prop;
    HRESULT status;
    ULONG n;

    MUST(B(Query, GUID_NULL, VSS_OBJECT_NONE, VSS_OBJECT_PROVIDER, &found));
    MEETS(IVssEnumObject, Next, VSSEMU_INTERNAL_ERROR, E_FAIL, call(found, Next, 1, &prop, &n));
    MEETS(IVssEnumObject, Skip, VSSEMU_INTERNAL_ERROR, E_FAIL, call(found, Skip, 1));
    MEETS(IVssEnumObject, Reset, VSSEMU_INTERNAL_ERROR, E_FAIL, call(found, Reset));
    MEETS(IVssEnumObject, Clone, VSSEMU_INTERNAL_ERROR, E_FAIL, call(found, Clone, &twin));
    MEMORY(IVssEnumObject, Clone, call(found, Clone, &twin));
    call(found, Release);

    MUST(B(GatherWriterStatus, &async));
    INTERNAL(IVssAsync, Cancel, call(async, Cancel));
    INTERNAL(IVssAsync, Wait, call(async, Wait, INFINITE));
    INTERNAL(IVssAsync, QueryStatus, call(async, QueryStatus, &status, NULL));
    vssemu_set_caller(stage->world, VSSEMU_USER);
    SHOWS(IVssAsync, Wait, E_ACCESSDENIED, call(async, Wait, INFINITE));
    SHOWS(IVssAsync, QueryStatus, E_ACCESSDENIED, call(async, QueryStatus, &status, NULL));
    vssemu_set_caller(stage->world, VSSEMU_ADMINISTRATOR);
    MUST(stage_finish(S_OK, &async));
    stage_close(stage);
}

int main(void)
{
    while_a_set_is_made();
    with_a_snapshot();
    reverting();
    names_of_volumes();
    functions();
    lists_and_operations();
    return contract_result();
}
