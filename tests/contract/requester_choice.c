/* SPDX-License-Identifier: MIT */
/* How a requester chooses: writers, components, what it says of them, and what it reads back of
 * its own document. Learn: "Overview of Pre-Backup Tasks" and the page of each method. */
#include "stage.h"

#include <string.h>
#include <wchar.h>

#define B(method, ...)          call(stage->b, method, ##__VA_ARGS__)
#define BASE(method, code, ...) SHOWS(IVssBackupComponents, method, code, B(method, ##__VA_ARGS__))
#define FILES                   stage_writer_id, VSS_CT_FILEGROUP, NULL, stage_files_name
#define ABSENT                  stage_writer_id, VSS_CT_FILEGROUP, NULL, L"nothing"
#define NAMELESS                stage_writer_id, VSS_CT_FILEGROUP, NULL, NULL

/* ---- writers ---- */

static UINT gather_and_count(struct stage *stage)
{
    IVssAsync *async = NULL;
    UINT n = 99;

    MUST(stage_finish(BASE(GatherWriterMetadata, S_OK, &async), &async));
    BASE(GetWriterMetadataCount, S_OK, &n);
    return n;
}

static void a_disabled_class_is_not_asked(void)
{
    struct stage *stage = stage_at(AT_INITIALIZED);

    BASE(DisableWriterClasses, S_OK, &stage_writer_id, 1);
    EXPECT(gather_and_count(stage) == 0);
    EXPECT(strcmp(vssemu_writer_events(stage->world, STAGE_WRITER_NAME), "") == 0);
    stage_close(stage);
}

/* Lists of DisableWriterClasses are forgotten at the first EnableWriterClasses. */
static void enabling_one_class_disables_the_others(void)
{
    const VSS_ID another = { 0xa0, 0, 0, { 0 } };
    struct stage *stage = stage_at(AT_INITIALIZED);

    BASE(DisableWriterClasses, S_OK, &stage_writer_id, 1);
    BASE(EnableWriterClasses, S_OK, &another, 1);
    BASE(EnableWriterClasses, S_OK, &stage_writer_id, 1);
    EXPECT(gather_and_count(stage) == 1);
    MUST(B(DisableWriterClasses, &stage_writer_id, 1)); /* too late: without effect */
    MUST(B(FreeWriterMetadata));
    stage_close(stage);
}

static void an_enabled_class_can_be_taken_off_again(void)
{
    struct stage *stage = stage_at(AT_INITIALIZED);

    MUST(B(EnableWriterClasses, &stage_writer_id, 1));
    MUST(B(DisableWriterClasses, &stage_writer_id, 1));
    EXPECT(gather_and_count(stage) == 0);
    stage_close(stage);
}

/* Ids of instances come from another object, here from the same scene's first one. */
static void a_disabled_instance_is_not_asked(void)
{
    struct stage *stage = stage_at(AT_GATHERED);
    VSS_ID instance = stage_instance(stage);

    call(stage->b, Release);
    stage->next = AT_CREATED;
    stage_go(stage, AT_INITIALIZED);
    BASE(DisableWriterInstances, S_OK, &instance, 1);
    EXPECT(gather_and_count(stage) == 0);
    stage_close(stage);
}

/* A gather of status before the metadata does not fix who takes part. */
static void status_may_be_asked_first(void)
{
    struct stage *stage = stage_at(AT_INITIALIZED);
    IVssAsync *async = NULL;
    UINT n = 99;

    MUST(stage_finish(BASE(GatherWriterStatus, S_OK, &async), &async));
    BASE(GetWriterStatusCount, S_OK, &n);
    EXPECT(n == 1);
    BASE(FreeWriterStatus, S_OK);
    BASE(GetWriterStatusCount, VSS_E_BAD_STATE, &n);
    MUST(B(DisableWriterClasses, &stage_writer_id, 1));
    MUST(stage_finish(B(GatherWriterStatus, &async), &async));
    MUST(B(GetWriterStatusCount, &n));
    EXPECT(n == 0);
    EXPECT(gather_and_count(stage) == 0);
    stage_close(stage);
}

/* ---- metadata ---- */

static void metadata_is_read_by_index_and_given_back(void)
{
    struct stage *stage = stage_at(AT_GATHERED);
    IVssExamineWriterMetadata *metadata = NULL;
    IVssExamineWriterMetadataEx *metadata_ex = NULL;
    IVssAsync *async = NULL;
    VSS_ID instance = { 0 }, again = { 0 };

    BASE(GatherWriterMetadata, E_INVALIDARG, NULL);
    BASE(GatherWriterMetadata, VSS_E_BAD_STATE, &async); /* once for each object */
    BASE(GetWriterMetadataCount, E_INVALIDARG, NULL);
    BASE(GetWriterMetadata, S_OK, 0, &instance, &metadata);
    SHOWS(IVssBackupComponentsEx, GetWriterMetadataEx, S_OK,
          B(GetWriterMetadataEx, 0, &again, &metadata_ex));
    EXPECT(memcmp(&instance, &again, sizeof(again)) == 0);
    BASE(GetWriterMetadata, VSS_E_OBJECT_NOT_FOUND, 1, &again, &(IVssExamineWriterMetadata *){ 0 });
    BASE(GetWriterMetadata, E_INVALIDARG, 0, NULL, &(IVssExamineWriterMetadata *){ 0 });
    BASE(GetWriterMetadata, E_INVALIDARG, 0, &again, NULL);
    SHOWS(IVssBackupComponentsEx, GetWriterMetadataEx, VSS_E_OBJECT_NOT_FOUND,
          B(GetWriterMetadataEx, 1, &again, &(IVssExamineWriterMetadataEx *){ 0 }));
    SHOWS(IVssBackupComponentsEx, GetWriterMetadataEx, E_INVALIDARG,
          B(GetWriterMetadataEx, 0, &again, NULL));
    BASE(FreeWriterMetadata, S_OK);
    BASE(FreeWriterMetadata, VSS_E_BAD_STATE);
    BASE(GatherWriterMetadata, VSS_E_BAD_STATE, &async);
    /* What was handed out stays good. */
    MUST(call(metadata, GetFileCounts, &(UINT){ 0 }, &(UINT){ 0 }, &(UINT){ 0 }));
    call(metadata, Release);
    call(metadata_ex, Release);
    stage_close(stage);
}

/* ---- the kind of backup ---- */

static void every_type_of_backup_can_be_asked_for(void)
{
    struct stage *stage = stage_at(AT_CREATED);

    BASE(InitializeForBackup, S_OK, NULL);
    for (int type = VSS_BT_FULL; type <= VSS_BT_OTHER; type++)
        BASE(SetBackupState, S_OK, TRUE, FALSE, (VSS_BACKUP_TYPE)type, TRUE);
    BASE(SetBackupState, E_INVALIDARG, TRUE, FALSE, VSS_BT_UNDEFINED, FALSE);
    BASE(SetBackupState, E_INVALIDARG, TRUE, FALSE, (VSS_BACKUP_TYPE)(VSS_BT_OTHER + 1), FALSE);
    stage_close(stage);
}

static void a_saved_document_can_be_loaded(void)
{
    struct stage *stage = stage_at(AT_COMPLETE);
    BSTR xml = stage_saved_document(stage), broken = SysAllocString(L"<nonsense/>");
    UINT n = 0;

    call(stage->b, Release);
    stage->b = NULL;
    stage->next = AT_CREATED;
    stage_go(stage, AT_CREATED);
    BASE(InitializeForBackup, VSS_E_INVALID_XML_DOCUMENT, broken);
    BASE(InitializeForBackup, S_OK, xml);
    MUST(B(GetWriterComponentsCount, &n));
    EXPECT(n == 1);
    SysFreeString(xml);
    SysFreeString(broken);
    stage_close(stage);
}

/* ---- components ---- */

static void components_are_added_once_by_path_and_name(void)
{
    struct stage *stage = stage_at(AT_GATHERED);
    VSS_ID instance = stage_instance(stage);

    BASE(AddComponent, S_OK, instance, FILES);
    BASE(AddComponent, VSS_E_OBJECT_ALREADY_EXISTS, instance, FILES);
    BASE(AddComponent, VSS_E_OBJECT_ALREADY_EXISTS, instance, stage_writer_id, VSS_CT_FILEGROUP,
         L"", stage_files_name); /* "" is the root, too */
    BASE(AddComponent, E_INVALIDARG, instance, NAMELESS);
    BASE(AddComponent, E_INVALIDARG, instance, stage_writer_id, VSS_CT_UNDEFINED, NULL,
         stage_files_name);
    OFF_LIST(VSS_E_OBJECT_NOT_FOUND, B(AddComponent, instance, ABSENT));
    OFF_LIST(VSS_E_OBJECT_NOT_FOUND,
             B(AddComponent, stage_writer_id, FILES)); /* no such instance */
    stage_close(stage);
}

static void a_context_without_writers_takes_no_component(void)
{
    struct stage *stage = stage_open();
    IVssAsync *async = NULL;

    stage->context = VSS_CTX_NAS_ROLLBACK;
    stage_go(stage, AT_GATHERED);
    BASE(AddComponent, VSS_E_BAD_STATE, stage_instance(stage), FILES);
    MUST(B(StartSnapshotSet, &stage->set_id));
    BASE(PrepareForBackup, VSS_E_BAD_STATE, &async);
    BASE(BackupComplete, VSS_E_BAD_STATE, &async);
    stage_close(stage);
}

static void options_and_stamps_are_kept_for_the_writer(void)
{
    struct stage *stage = stage_at(AT_CHOSEN);
    IVssWriterComponentsExt *components = NULL;
    IVssComponent *component = NULL;
    BSTR text = NULL;

    BASE(SetBackupOptions, S_OK, FILES, L"deep");
    BASE(SetBackupOptions, VSS_E_OBJECT_NOT_FOUND, ABSENT, L"deep");
    BASE(SetBackupOptions, E_INVALIDARG, NAMELESS, L"deep");
    BASE(SetBackupOptions, E_INVALIDARG, FILES, NULL);
    BASE(SetPreviousBackupStamp, S_OK, FILES, L"monday");
    BASE(SetPreviousBackupStamp, VSS_E_OBJECT_NOT_FOUND, ABSENT, L"monday");
    BASE(SetPreviousBackupStamp, E_INVALIDARG, FILES, NULL);
    BASE(GetWriterComponents, S_OK, 0, &components);
    MUST(call(components, GetComponent, 1, &component));
    MUST(call(component, GetBackupOptions, &text));
    EXPECT(wcscmp(text, L"deep") == 0);
    SysFreeString(text);
    MUST(call(component, GetPreviousBackupStamp, &text));
    EXPECT(wcscmp(text, L"monday") == 0);
    SysFreeString(text);
    call(component, Release);
    stage_release_components(components);
    stage_close(stage);
}

/* ---- reading the document ---- */

static void writers_of_the_document_are_counted(void)
{
    struct stage *stage = stage_at(AT_GATHERED);
    IVssWriterComponentsExt *components = NULL;
    VSS_ID instance = stage_instance(stage), writer = { 0 }, saved = { 0 };
    IVssComponent *component = NULL;
    UINT n = 99;

    BASE(GetWriterComponentsCount, S_OK, &n);
    EXPECT(n == 0); /* nothing was chosen */
    BASE(GetWriterComponents, VSS_E_OBJECT_NOT_FOUND, 0, &components);
    stage_go(stage, AT_CHOSEN);
    BASE(GetWriterComponentsCount, E_INVALIDARG, NULL);
    BASE(GetWriterComponentsCount, S_OK, &n);
    EXPECT(n == 1);
    BASE(GetWriterComponents, E_INVALIDARG, 0, NULL);
    BASE(GetWriterComponents, VSS_E_OBJECT_NOT_FOUND, 1, &components);
    BASE(GetWriterComponents, S_OK, 0, &components);
    SHOWS(IVssWriterComponentsExt, GetComponentCount, S_OK,
          call(components, GetComponentCount, &n));
    EXPECT(n == 2);
    SHOWS(IVssWriterComponentsExt, GetComponentCount, E_INVALIDARG,
          call(components, GetComponentCount, NULL));
    SHOWS(IVssWriterComponentsExt, GetWriterInfo, S_OK,
          call(components, GetWriterInfo, &saved, &writer));
    EXPECT(memcmp(&saved, &instance, sizeof(saved)) == 0);
    EXPECT(memcmp(&writer, &stage_writer_id, sizeof(writer)) == 0);
    SHOWS(IVssWriterComponentsExt, GetWriterInfo, E_INVALIDARG,
          call(components, GetWriterInfo, NULL, &writer));
    SHOWS(IVssWriterComponentsExt, GetComponent, S_OK,
          call(components, GetComponent, 0, &component));
    call(component, Release);
    SHOWS(IVssWriterComponentsExt, GetComponent, E_INVALIDARG,
          call(components, GetComponent, 0, NULL));
    SHOWS(IVssWriterComponentsExt, GetComponent, VSS_E_OBJECT_NOT_FOUND,
          call(components, GetComponent, 2, &component));
    /* PrepareForBackup ends them; they must not be used then, and do no harm. */
    stage_go(stage, AT_PREPARED);
    OFF_LIST(VSS_E_BAD_STATE, call(components, GetComponentCount, &n));
    OFF_LIST(VSS_E_BAD_STATE, call(components, GetComponent, 0, &component));
    stage_release_components(components);
    stage_close(stage);
}

int main(void)
{
    a_disabled_class_is_not_asked();
    enabling_one_class_disables_the_others();
    an_enabled_class_can_be_taken_off_again();
    a_disabled_instance_is_not_asked();
    status_may_be_asked_first();
    metadata_is_read_by_index_and_given_back();
    every_type_of_backup_can_be_asked_for();
    a_saved_document_can_be_loaded();
    components_are_added_once_by_path_and_name();
    a_context_without_writers_takes_no_component();
    options_and_stamps_are_kept_for_the_writer();
    writers_of_the_document_are_counted();
    return contract_result();
}
