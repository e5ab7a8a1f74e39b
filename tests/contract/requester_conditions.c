/* SPDX-License-Identifier: MIT */
/* Every method of IVssBackupComponents that does not deal with snapshots, on a machine that is not
 * well: too few rights, no memory, a damaged document, an error inside. Learn: the page of each. */
#include "conditions.h"

#define B(method, ...) call(stage->b, method, ##__VA_ARGS__)
/* The file group of the stage, as setters name it. */
#define FILES stage_writer_id, VSS_CT_FILEGROUP, NULL, stage_files_name

static void at_the_beginning(void)
{
    struct stage *stage = stage_at(AT_CREATED);
    IVssBackupComponents *b = NULL;

    MEMORY_INTERNAL(stage->world, IVssBackupComponents, InitializeForBackup,
                    B(InitializeForBackup, NULL));
    FEW_RIGHTS(stage->world, IVssBackupComponents, InitializeForBackup,
               B(InitializeForBackup, NULL));
    MEMORY_INTERNAL(stage->world, IVssBackupComponents, InitializeForRestore,
                    B(InitializeForRestore, NULL));
    FEW_RIGHTS(stage->world, IVssBackupComponents, InitializeForRestore,
               B(InitializeForRestore, NULL));
    EXPECT(vssemu_plan_condition(stage->world, VSSEMU_LOW_MEMORY, "CreateVssBackupComponents", 1));
    SHOWS(Function, CreateVssBackupComponents, E_OUTOFMEMORY, CreateVssBackupComponents(&b));
    EXPECT(
        vssemu_plan_condition(stage->world, VSSEMU_INTERNAL_ERROR, "CreateVssBackupComponents", 1));
    SHOWS(Function, CreateVssBackupComponents, VSS_E_UNEXPECTED, CreateVssBackupComponents(&b));
    vssemu_set_caller(stage->world, VSSEMU_USER);
    SHOWS(Function, CreateVssBackupComponents, E_ACCESSDENIED, CreateVssBackupComponents(&b));
    vssemu_set_caller(stage->world, VSSEMU_ADMINISTRATOR);
    SHOWS(Function, CreateVssBackupComponents, E_INVALIDARG, CreateVssBackupComponents(NULL));
    EXPECT(!b);
    stage_close(stage);
}

/* A backup operator holds all rights that a backup takes. */
static void a_backup_operator_is_enough(void)
{
    struct stage *stage = stage_open();
    IVssBackupComponents *b = NULL;

    vssemu_set_caller(stage->world, VSSEMU_BACKUP_OPERATOR);
    SHOWS(Function, CreateVssBackupComponents, S_OK, CreateVssBackupComponents(&b));
    MUST(call(b, InitializeForBackup, NULL));
    call(b, Release);
    vssemu_set_caller(stage->world, VSSEMU_ADMINISTRATOR);
    stage_close(stage);
}

static void before_the_gather(void)
{
    struct stage *stage = stage_at(AT_INITIALIZED);
    IVssAsync *async = NULL;

    MEMORY_DOCUMENT_INTERNAL(stage->world, IVssBackupComponents, SetBackupState,
                             B(SetBackupState, TRUE, FALSE, VSS_BT_FULL, FALSE));
    MEMORY_INTERNAL(stage->world, IVssBackupComponents, EnableWriterClasses,
                    B(EnableWriterClasses, &stage_writer_id, 1));
    FEW_RIGHTS(stage->world, IVssBackupComponents, EnableWriterClasses,
               B(EnableWriterClasses, &stage_writer_id, 1));
    MEMORY_INTERNAL(stage->world, IVssBackupComponents, DisableWriterClasses,
                    B(DisableWriterClasses, &stage_writer_id, 1));
    FEW_RIGHTS(stage->world, IVssBackupComponents, DisableWriterClasses,
               B(DisableWriterClasses, &stage_writer_id, 1));
    MEMORY_INTERNAL(stage->world, IVssBackupComponents, DisableWriterInstances,
                    B(DisableWriterInstances, &stage_writer_id, 1));
    FEW_RIGHTS(stage->world, IVssBackupComponents, DisableWriterInstances,
               B(DisableWriterInstances, &stage_writer_id, 1));
    MEMORY_INTERNAL(stage->world, IVssBackupComponents, GatherWriterMetadata,
                    B(GatherWriterMetadata, &async));
    FEW_RIGHTS(stage->world, IVssBackupComponents, GatherWriterMetadata,
               B(GatherWriterMetadata, &async));
    NO_MESSAGES(stage->world, IVssBackupComponents, GatherWriterMetadata,
                B(GatherWriterMetadata, &async));
    EXPECT(!async);
    stage_go(stage, AT_GATHERED); /* none of them used the one gather up */
    stage_close(stage);
}

static void with_metadata(void)
{
    struct stage *stage = stage_at(AT_CHOSEN);
    VSS_ID instance = stage_instance(stage), id;
    IVssExamineWriterMetadata *metadata = NULL;
    IVssExamineWriterMetadataEx *metadata_ex = NULL;
    IVssWriterComponentsExt *components = NULL;
    IVssAsync *async = NULL;
    BSTR xml = NULL;
    UINT n;

    INTERNAL(stage->world, IVssBackupComponents, GetWriterMetadataCount,
             B(GetWriterMetadataCount, &n));
    MEMORY_DOCUMENT_INTERNAL(stage->world, IVssBackupComponents, GetWriterMetadata,
                             B(GetWriterMetadata, 0, &id, &metadata));
    MEMORY_DOCUMENT_INTERNAL(stage->world, IVssBackupComponentsEx, GetWriterMetadataEx,
                             B(GetWriterMetadataEx, 0, &id, &metadata_ex));
    MEMORY_DOCUMENT_INTERNAL(
        stage->world, IVssBackupComponents, AddComponent,
        B(AddComponent, instance, stage_writer_id, VSS_CT_FILEGROUP, NULL, stage_files_name));
    MEMORY_DOCUMENT_INTERNAL(stage->world, IVssBackupComponents, SetBackupOptions,
                             B(SetBackupOptions, FILES, L"deep"));
    MEMORY_DOCUMENT_INTERNAL(stage->world, IVssBackupComponents, SetPreviousBackupStamp,
                             B(SetPreviousBackupStamp, FILES, L"monday"));
    MEMORY_INTERNAL(stage->world, IVssBackupComponents, GetWriterComponentsCount,
                    B(GetWriterComponentsCount, &n));
    MEMORY_INTERNAL(stage->world, IVssBackupComponents, GetWriterComponents,
                    B(GetWriterComponents, 0, &components));
    MEMORY_INTERNAL(stage->world, IVssBackupComponents, SaveAsXML, B(SaveAsXML, &xml));
    MEMORY_INTERNAL(stage->world, IVssBackupComponents, GatherWriterStatus,
                    B(GatherWriterStatus, &async));
    FEW_RIGHTS(stage->world, IVssBackupComponents, GatherWriterStatus,
               B(GatherWriterStatus, &async));
    NO_MESSAGES(stage->world, IVssBackupComponents, GatherWriterStatus,
                B(GatherWriterStatus, &async));
    EXPECT(!async && !xml && !components && !metadata && !metadata_ex);
    MUST(stage_finish(B(GatherWriterStatus, &async), &async));
    INTERNAL(stage->world, IVssBackupComponents, GetWriterStatusCount, B(GetWriterStatusCount, &n));
    MEMORY(stage->world, IVssBackupComponents, FreeWriterStatus, B(FreeWriterStatus));
    MUST(B(GetWriterStatusCount, &n)); /* nothing was freed */
    EXPECT(n == 1);
    stage_close(stage);
}

static void from_the_open_set_to_the_end(void)
{
    struct stage *stage = stage_at(AT_SET_OPEN);
    VSS_ID instance = stage_instance(stage);
    IVssAsync *async = NULL;

    MEMORY_INTERNAL(stage->world, IVssBackupComponents, PrepareForBackup,
                    B(PrepareForBackup, &async));
    stage_go(stage, AT_PREPARED);
    MEMORY_INTERNAL(stage->world, IVssBackupComponents, AbortBackup, B(AbortBackup));
    stage_go(stage, AT_SNAPSHOT_DONE); /* nothing was aborted */
    MEMORY_DOCUMENT_INTERNAL(stage->world, IVssBackupComponents, SetBackupSucceeded,
                             B(SetBackupSucceeded, instance, FILES, TRUE));
    MEMORY_INTERNAL(stage->world, IVssBackupComponents, BackupComplete, B(BackupComplete, &async));
    MEETS(stage->world, IVssBackupComponents, BackupComplete, VSSEMU_NO_MESSAGES,
          VSS_E_UNEXPECTED_WRITER_ERROR, B(BackupComplete, &async));
    EXPECT(!async);
    stage_go(stage, AT_COMPLETE);
    stage_close(stage);
}

static void the_setters_of_a_restore(struct stage *stage)
{
    MEMORY_DOCUMENT_INTERNAL(stage->world, IVssBackupComponents, SetRestoreState,
                             B(SetRestoreState, VSS_RTYPE_BY_COPY));
    MEMORY_DOCUMENT_INTERNAL(stage->world, IVssBackupComponents, SetSelectedForRestore,
                             B(SetSelectedForRestore, FILES, TRUE));
    MEMORY_DOCUMENT_INTERNAL(stage->world, IVssBackupComponentsEx, SetSelectedForRestoreEx,
                             B(SetSelectedForRestoreEx, FILES, TRUE, GUID_NULL));
    MEMORY_DOCUMENT_INTERNAL(stage->world, IVssBackupComponents, AddRestoreSubcomponent,
                             B(AddRestoreSubcomponent, FILES, stage_files_name, L"part", FALSE));
    MEMORY_DOCUMENT_INTERNAL(stage->world, IVssBackupComponents, SetRestoreOptions,
                             B(SetRestoreOptions, FILES, L"\"Authoritative\"=\"All\""));
    MEMORY_DOCUMENT_INTERNAL(stage->world, IVssBackupComponents, SetAdditionalRestores,
                             B(SetAdditionalRestores, FILES, TRUE));
    MEMORY_DOCUMENT_INTERNAL(stage->world, IVssBackupComponents, AddNewTarget,
                             B(AddNewTarget, FILES, L"C:\\files", L"*", TRUE, L"C:\\new"));
    MEMORY_DOCUMENT_INTERNAL(
        stage->world, IVssBackupComponents, AddAlternativeLocationMapping,
        B(AddAlternativeLocationMapping, FILES, L"C:\\files", L"*", TRUE, L"C:\\other"));
    MEMORY_DOCUMENT_INTERNAL(stage->world, IVssBackupComponents, SetRangesFilePath,
                             B(SetRangesFilePath, FILES, 0, L"C:\\ranges"));
    MEMORY_INTERNAL(stage->world, IVssBackupComponentsEx2, SetAuthoritativeRestore,
                    B(SetAuthoritativeRestore, FILES, TRUE));
    MEMORY_INTERNAL(stage->world, IVssBackupComponentsEx2, SetRollForward,
                    B(SetRollForward, FILES, VSS_RF_ALL, NULL));
    MEMORY_INTERNAL(stage->world, IVssBackupComponentsEx2, SetRestoreName,
                    B(SetRestoreName, FILES, L"renamed"));
}

static void in_a_restore(void)
{
    struct stage *stage = stage_at(AT_RESTORE);
    IVssAsync *async = NULL;

    the_setters_of_a_restore(stage);
    MEMORY_INTERNAL(stage->world, IVssBackupComponents, PreRestore, B(PreRestore, &async));
    stage_go(stage, AT_PRE_RESTORED);
    MEMORY_DOCUMENT_INTERNAL(stage->world, IVssBackupComponents, SetFileRestoreStatus,
                             B(SetFileRestoreStatus, FILES, VSS_RS_ALL));
    MEMORY_INTERNAL(stage->world, IVssBackupComponents, PostRestore, B(PostRestore, &async));
    FEW_RIGHTS(stage->world, IVssBackupComponents, PostRestore, B(PostRestore, &async));
    EXPECT(!async);
    stage_go(stage, AT_POST_RESTORED);
    stage_close(stage);
}

/* Whatever goes wrong, results are NULL or 0. */
static void failures_leave_nothing_behind(void)
{
    struct stage *stage = stage_at(AT_CHOSEN);
    IVssAsync *async = (IVssAsync *)stage;
    IVssWriterComponentsExt *components = (IVssWriterComponentsExt *)stage;
    BSTR xml = (BSTR)stage;
    UINT n = 7;

    MEMORY(stage->world, IVssBackupComponents, SaveAsXML, B(SaveAsXML, &xml));
    MEMORY(stage->world, IVssBackupComponents, GetWriterComponents,
           B(GetWriterComponents, 0, &components));
    MEMORY(stage->world, IVssBackupComponents, GetWriterComponentsCount,
           B(GetWriterComponentsCount, &n));
    FEW_RIGHTS(stage->world, IVssBackupComponents, GatherWriterStatus,
               B(GatherWriterStatus, &async));
    EXPECT(!xml && !components && !n && !async);
    stage_close(stage);
}

int main(void)
{
    at_the_beginning();
    a_backup_operator_is_enough();
    before_the_gather();
    with_metadata();
    from_the_open_set_to_the_end();
    in_a_restore();
    failures_leave_nothing_behind();
    return contract_result();
}
