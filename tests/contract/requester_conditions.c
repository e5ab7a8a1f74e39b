/* SPDX-License-Identifier: MIT */
/* Every method of IVssBackupComponents that does not deal with snapshots, on a machine that is not
 * well: too few rights, no memory, a damaged document, an error inside. Learn: the page of each. */
#include "meets.h"

#define B(method, ...) call(stage->b, method, ##__VA_ARGS__)
/* The file group of the stage, as setters name it. */
#define FILES stage_writer_id, VSS_CT_FILEGROUP, NULL, stage_files_name

static void at_the_beginning(void)
{
    struct stage *stage = stage_at(AT_CREATED);
    IVssBackupComponents *b = NULL;

    MEETS_MEMORY_AND_INTERNAL(stage, IVssBackupComponents, InitializeForBackup,
                              B(InitializeForBackup, NULL));
    MEETS_FEW_RIGHTS(stage, IVssBackupComponents, InitializeForBackup,
                     B(InitializeForBackup, NULL));
    MEETS_MEMORY_AND_INTERNAL(stage, IVssBackupComponents, InitializeForRestore,
                              B(InitializeForRestore, NULL));
    MEETS_FEW_RIGHTS(stage, IVssBackupComponents, InitializeForRestore,
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

    MEETS_MEMORY_DOCUMENT_AND_INTERNAL(stage, IVssBackupComponents, SetBackupState,
                                       B(SetBackupState, TRUE, FALSE, VSS_BT_FULL, FALSE));
    MEETS_MEMORY_AND_INTERNAL(stage, IVssBackupComponents, EnableWriterClasses,
                              B(EnableWriterClasses, &stage_writer_id, 1));
    MEETS_FEW_RIGHTS(stage, IVssBackupComponents, EnableWriterClasses,
                     B(EnableWriterClasses, &stage_writer_id, 1));
    MEETS_MEMORY_AND_INTERNAL(stage, IVssBackupComponents, DisableWriterClasses,
                              B(DisableWriterClasses, &stage_writer_id, 1));
    MEETS_FEW_RIGHTS(stage, IVssBackupComponents, DisableWriterClasses,
                     B(DisableWriterClasses, &stage_writer_id, 1));
    MEETS_MEMORY_AND_INTERNAL(stage, IVssBackupComponents, DisableWriterInstances,
                              B(DisableWriterInstances, &stage_writer_id, 1));
    MEETS_FEW_RIGHTS(stage, IVssBackupComponents, DisableWriterInstances,
                     B(DisableWriterInstances, &stage_writer_id, 1));
    MEETS_MEMORY_AND_INTERNAL(stage, IVssBackupComponents, GatherWriterMetadata,
                              B(GatherWriterMetadata, &async));
    MEETS_FEW_RIGHTS(stage, IVssBackupComponents, GatherWriterMetadata,
                     B(GatherWriterMetadata, &async));
    MEETS_NO_MESSAGES(stage, IVssBackupComponents, GatherWriterMetadata,
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

    MEETS_INTERNAL(stage, IVssBackupComponents, GetWriterMetadataCount,
                   B(GetWriterMetadataCount, &n));
    MEETS_MEMORY_DOCUMENT_AND_INTERNAL(stage, IVssBackupComponents, GetWriterMetadata,
                                       B(GetWriterMetadata, 0, &id, &metadata));
    MEETS_MEMORY_DOCUMENT_AND_INTERNAL(stage, IVssBackupComponentsEx, GetWriterMetadataEx,
                                       B(GetWriterMetadataEx, 0, &id, &metadata_ex));
    MEETS_MEMORY_DOCUMENT_AND_INTERNAL(
        stage, IVssBackupComponents, AddComponent,
        B(AddComponent, instance, stage_writer_id, VSS_CT_FILEGROUP, NULL, stage_files_name));
    MEETS_MEMORY_DOCUMENT_AND_INTERNAL(stage, IVssBackupComponents, SetBackupOptions,
                                       B(SetBackupOptions, FILES, L"deep"));
    MEETS_MEMORY_DOCUMENT_AND_INTERNAL(stage, IVssBackupComponents, SetPreviousBackupStamp,
                                       B(SetPreviousBackupStamp, FILES, L"monday"));
    MEETS_MEMORY_AND_INTERNAL(stage, IVssBackupComponents, GetWriterComponentsCount,
                              B(GetWriterComponentsCount, &n));
    MEETS_MEMORY_AND_INTERNAL(stage, IVssBackupComponents, GetWriterComponents,
                              B(GetWriterComponents, 0, &components));
    MEETS_MEMORY_AND_INTERNAL(stage, IVssBackupComponents, SaveAsXML, B(SaveAsXML, &xml));
    MEETS_MEMORY_AND_INTERNAL(stage, IVssBackupComponents, GatherWriterStatus,
                              B(GatherWriterStatus, &async));
    MEETS_FEW_RIGHTS(stage, IVssBackupComponents, GatherWriterStatus,
                     B(GatherWriterStatus, &async));
    MEETS_NO_MESSAGES(stage, IVssBackupComponents, GatherWriterStatus,
                      B(GatherWriterStatus, &async));
    EXPECT(!async && !xml && !components && !metadata && !metadata_ex);
    MUST(stage_finish(B(GatherWriterStatus, &async), &async));
    MEETS_INTERNAL(stage, IVssBackupComponents, GetWriterStatusCount, B(GetWriterStatusCount, &n));
    MEETS_MEMORY(stage, IVssBackupComponents, FreeWriterStatus, B(FreeWriterStatus));
    MUST(B(GetWriterStatusCount, &n)); /* nothing was freed */
    EXPECT(n == 1);
    stage_close(stage);
}

static void from_the_open_set_to_the_end(void)
{
    struct stage *stage = stage_at(AT_SET_OPEN);
    VSS_ID instance = stage_instance(stage);
    IVssAsync *async = NULL;

    MEETS_MEMORY_AND_INTERNAL(stage, IVssBackupComponents, PrepareForBackup,
                              B(PrepareForBackup, &async));
    stage_go(stage, AT_PREPARED);
    MEETS_MEMORY_AND_INTERNAL(stage, IVssBackupComponents, AbortBackup, B(AbortBackup));
    stage_go(stage, AT_SNAPSHOT_DONE); /* nothing was aborted */
    MEETS_MEMORY_DOCUMENT_AND_INTERNAL(stage, IVssBackupComponents, SetBackupSucceeded,
                                       B(SetBackupSucceeded, instance, FILES, TRUE));
    MEETS_MEMORY_AND_INTERNAL(stage, IVssBackupComponents, BackupComplete,
                              B(BackupComplete, &async));
    MEETS(stage, VSSEMU_NO_MESSAGES, IVssBackupComponents, BackupComplete,
          VSS_E_UNEXPECTED_WRITER_ERROR, B(BackupComplete, &async));
    EXPECT(!async);
    stage_go(stage, AT_COMPLETE);
    stage_close(stage);
}

static void the_setters_of_a_restore(struct stage *stage)
{
    MEETS_MEMORY_DOCUMENT_AND_INTERNAL(stage, IVssBackupComponents, SetRestoreState,
                                       B(SetRestoreState, VSS_RTYPE_BY_COPY));
    MEETS_MEMORY_DOCUMENT_AND_INTERNAL(stage, IVssBackupComponents, SetSelectedForRestore,
                                       B(SetSelectedForRestore, FILES, TRUE));
    MEETS_MEMORY_DOCUMENT_AND_INTERNAL(stage, IVssBackupComponentsEx, SetSelectedForRestoreEx,
                                       B(SetSelectedForRestoreEx, FILES, TRUE, GUID_NULL));
    MEETS_MEMORY_DOCUMENT_AND_INTERNAL(
        stage, IVssBackupComponents, AddRestoreSubcomponent,
        B(AddRestoreSubcomponent, FILES, stage_files_name, L"part", FALSE));
    MEETS_MEMORY_DOCUMENT_AND_INTERNAL(stage, IVssBackupComponents, SetRestoreOptions,
                                       B(SetRestoreOptions, FILES, L"\"Authoritative\"=\"All\""));
    MEETS_MEMORY_DOCUMENT_AND_INTERNAL(stage, IVssBackupComponents, SetAdditionalRestores,
                                       B(SetAdditionalRestores, FILES, TRUE));
    MEETS_MEMORY_DOCUMENT_AND_INTERNAL(
        stage, IVssBackupComponents, AddNewTarget,
        B(AddNewTarget, FILES, L"C:\\files", L"*", TRUE, L"C:\\new"));
    MEETS_MEMORY_DOCUMENT_AND_INTERNAL(
        stage, IVssBackupComponents, AddAlternativeLocationMapping,
        B(AddAlternativeLocationMapping, FILES, L"C:\\files", L"*", TRUE, L"C:\\other"));
    MEETS_MEMORY_DOCUMENT_AND_INTERNAL(stage, IVssBackupComponents, SetRangesFilePath,
                                       B(SetRangesFilePath, FILES, 0, L"C:\\ranges"));
    MEETS_MEMORY_AND_INTERNAL(stage, IVssBackupComponentsEx2, SetAuthoritativeRestore,
                              B(SetAuthoritativeRestore, FILES, TRUE));
    MEETS_MEMORY_AND_INTERNAL(stage, IVssBackupComponentsEx2, SetRollForward,
                              B(SetRollForward, FILES, VSS_RF_ALL, NULL));
    MEETS_MEMORY_AND_INTERNAL(stage, IVssBackupComponentsEx2, SetRestoreName,
                              B(SetRestoreName, FILES, L"renamed"));
}

static void in_a_restore(void)
{
    struct stage *stage = stage_at(AT_RESTORE);
    IVssAsync *async = NULL;

    the_setters_of_a_restore(stage);
    MEETS_MEMORY_AND_INTERNAL(stage, IVssBackupComponents, PreRestore, B(PreRestore, &async));
    stage_go(stage, AT_PRE_RESTORED);
    MEETS_MEMORY_DOCUMENT_AND_INTERNAL(stage, IVssBackupComponents, SetFileRestoreStatus,
                                       B(SetFileRestoreStatus, FILES, VSS_RS_ALL));
    MEETS_MEMORY_AND_INTERNAL(stage, IVssBackupComponents, PostRestore, B(PostRestore, &async));
    MEETS_FEW_RIGHTS(stage, IVssBackupComponents, PostRestore, B(PostRestore, &async));
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

    MEETS_MEMORY(stage, IVssBackupComponents, SaveAsXML, B(SaveAsXML, &xml));
    MEETS_MEMORY(stage, IVssBackupComponents, GetWriterComponents,
                 B(GetWriterComponents, 0, &components));
    MEETS_MEMORY(stage, IVssBackupComponents, GetWriterComponentsCount,
                 B(GetWriterComponentsCount, &n));
    MEETS_FEW_RIGHTS(stage, IVssBackupComponents, GatherWriterStatus,
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
