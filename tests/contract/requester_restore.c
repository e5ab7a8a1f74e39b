/* SPDX-License-Identifier: MIT */
/* What a requester says in a restore: what to restore, how, where to, and what became of it; and
 * that the writer reads it. Learn: "Overview of Processing a Restore Under VSS" and the page of
 * each method. */
#include "stage.h"

#include <string.h>
#include <wchar.h>

#define B(method, ...)     call(stage->b, method, ##__VA_ARGS__)
#define BASE(m, code, ...) SHOWS(IVssBackupComponents, m, code, B(m, ##__VA_ARGS__))
#define EX(m, code, ...)   SHOWS(IVssBackupComponentsEx, m, code, B(m, ##__VA_ARGS__))
#define EX2(m, code, ...)  SHOWS(IVssBackupComponentsEx2, m, code, B(m, ##__VA_ARGS__))
#define FILES              stage_writer_id, VSS_CT_FILEGROUP, NULL, stage_files_name
#define ABSENT             stage_writer_id, VSS_CT_FILEGROUP, NULL, L"nothing"
#define NAMELESS           stage_writer_id, VSS_CT_FILEGROUP, NULL, NULL

/* ---- choosing ---- */

static void a_document_of_a_backup_is_needed(void)
{
    struct stage *stage = stage_at(AT_COMPLETE);
    BSTR xml = stage_saved_document(stage), broken = SysAllocString(L"<nonsense/>");

    call(stage->b, Release);
    stage->b = NULL;
    stage->next = AT_CREATED;
    stage_go(stage, AT_CREATED);
    BASE(InitializeForRestore, VSS_E_INVALID_XML_DOCUMENT, NULL);
    BASE(InitializeForRestore, VSS_E_INVALID_XML_DOCUMENT, broken);
    BASE(InitializeForRestore, S_OK, xml);
    SysFreeString(xml);
    SysFreeString(broken);
    stage_close(stage);
}

static void components_are_selected_when_their_writer_lives(void)
{
    struct stage *stage = stage_at(AT_RESTORE);
    VSS_ID instance = stage_instance(stage);
    const VSS_ID nobody = { 0xdead, 0, 0, { 0 } };

    BASE(SetSelectedForRestore, S_OK, FILES, TRUE);
    BASE(SetSelectedForRestore, S_OK, FILES, FALSE);
    BASE(SetSelectedForRestore, VSS_E_OBJECT_NOT_FOUND, ABSENT, TRUE);
    BASE(SetSelectedForRestore, E_INVALIDARG, NAMELESS, TRUE);
    EX(SetSelectedForRestoreEx, S_OK, FILES, TRUE, GUID_NULL);
    EX(SetSelectedForRestoreEx, S_OK, FILES, TRUE, instance);
    EX(SetSelectedForRestoreEx, VSS_E_OBJECT_NOT_FOUND, FILES, TRUE, nobody);
    EX(SetSelectedForRestoreEx, VSS_E_OBJECT_NOT_FOUND, ABSENT, TRUE, instance);
    EX(SetSelectedForRestoreEx, E_INVALIDARG, NAMELESS, TRUE, instance);
    stage_close(stage);
}

static void a_component_whose_writer_is_gone_cannot_be_selected(void)
{
    struct stage *stage = stage_at(AT_COMPLETE);

    MUST(vssemu_writer_unsubscribe(stage->writer));
    stage_go(stage, AT_RESTORE);
    BASE(SetSelectedForRestore, VSS_E_OBJECT_NOT_FOUND, FILES, TRUE);
    stage_close(stage);
}

static void without_metadata_nothing_is_selected_and_nothing_begins(void)
{
    struct stage *stage = stage_at(AT_RESTORE);
    IVssAsync *async = NULL;

    MUST(B(FreeWriterMetadata));
    BASE(SetSelectedForRestore, VSS_E_BAD_STATE, FILES, TRUE);
    BASE(PreRestore, VSS_E_BAD_STATE, &async);
    stage_close(stage);
}

/* ---- the setters ---- */

static void arguments_are_looked_at(struct stage *stage)
{
    BASE(SetRestoreState, E_INVALIDARG, VSS_RTYPE_UNDEFINED);
    BASE(SetRestoreState, E_INVALIDARG, (VSS_RESTORE_TYPE)99);
    BASE(SetRestoreOptions, E_INVALIDARG, FILES, NULL);
    BASE(SetAdditionalRestores, E_INVALIDARG, NAMELESS, TRUE);
    BASE(AddNewTarget, E_INVALIDARG, FILES, NULL, L"*", TRUE, L"D:\\new");
    BASE(AddNewTarget, E_INVALIDARG, FILES, L"C:\\files", L"*", TRUE, NULL);
    BASE(AddAlternativeLocationMapping, E_INVALIDARG, FILES, L"C:\\files", NULL, TRUE, L"D:\\x");
    BASE(AddRestoreSubcomponent, E_INVALIDARG, FILES, NULL, L"part", FALSE);
    BASE(AddRestoreSubcomponent, E_INVALIDARG, FILES, stage_files_name, NULL, FALSE);
    BASE(AddRestoreSubcomponent, E_INVALIDARG, NAMELESS, stage_files_name, L"part", FALSE);
    BASE(AddRestoreSubcomponent, E_INVALIDARG, FILES, stage_files_name, L"part", TRUE);
    BASE(SetRangesFilePath, E_INVALIDARG, FILES, 0, NULL);
    EX2(SetAuthoritativeRestore, E_INVALIDARG, NAMELESS, TRUE);
    EX2(SetRollForward, E_INVALIDARG, FILES, VSS_RF_UNDEFINED, NULL);
    EX2(SetRollForward, E_INVALIDARG, FILES, VSS_RF_PARTIAL, NULL);
    EX2(SetRestoreName, E_INVALIDARG, FILES, NULL);
}

static void components_are_looked_up(struct stage *stage)
{
    BASE(SetRestoreOptions, VSS_E_OBJECT_NOT_FOUND, ABSENT, L"x");
    BASE(SetAdditionalRestores, VSS_E_OBJECT_NOT_FOUND, ABSENT, TRUE);
    BASE(AddNewTarget, VSS_E_OBJECT_NOT_FOUND, ABSENT, L"C:\\files", L"*", TRUE, L"D:\\new");
    BASE(AddNewTarget, VSS_E_OBJECT_NOT_FOUND, FILES, L"C:\\else", L"*", TRUE, L"D:\\new");
    BASE(AddAlternativeLocationMapping, VSS_E_OBJECT_NOT_FOUND, ABSENT, L"C:\\files", L"*", TRUE,
         L"D:\\other");
    BASE(AddRestoreSubcomponent, VSS_E_OBJECT_NOT_FOUND, ABSENT, L"nothing", L"part", FALSE);
    BASE(SetRangesFilePath, VSS_E_OBJECT_NOT_FOUND, FILES, 7, L"C:\\ranges");
    EX2(SetAuthoritativeRestore, VSS_E_OBJECT_NOT_FOUND, ABSENT, TRUE);
    EX2(SetRollForward, VSS_E_OBJECT_NOT_FOUND, ABSENT, VSS_RF_ALL, NULL);
    EX2(SetRestoreName, VSS_E_OBJECT_NOT_FOUND, ABSENT, L"renamed");
}

static void the_requester_speaks(struct stage *stage)
{
    BASE(SetRestoreState, S_OK, VSS_RTYPE_IMPORT);
    BASE(AddRestoreSubcomponent, S_OK, FILES, stage_files_name, L"part", FALSE);
    BASE(SetRestoreOptions, S_OK, FILES, L"first");
    BASE(SetRestoreOptions, S_OK, FILES, L"\"Authoritative\"=\"All\""); /* replaces it */
    BASE(SetAdditionalRestores, S_OK, FILES, TRUE);
    BASE(AddNewTarget, S_OK, FILES, L"C:\\files", L"*", TRUE, L"C:\\new");
    BASE(AddAlternativeLocationMapping, S_OK, FILES, L"C:\\files", L"*", TRUE, L"C:\\other");
    BASE(SetRangesFilePath, S_OK, FILES, 0, L"C:\\other\\ranges");
    EX2(SetAuthoritativeRestore, S_OK, FILES, TRUE);
    EX2(SetRollForward, S_OK, FILES, VSS_RF_PARTIAL, L"mark 7");
    EX2(SetRestoreName, S_OK, FILES, L"renamed");
}

/* Reads a text of a component and compares. */
#define READS(component, method, expected)            \
    do {                                              \
        BSTR text_ = NULL;                            \
        MUST(call(component, method, &text_));        \
        EXPECT(text_ &&wcscmp(text_, expected) == 0); \
        SysFreeString(text_);                         \
    } while (0)

static void read_places(IVssComponent *component)
{
    IVssWMFiledesc *file = NULL;
    BSTR path = NULL, name = NULL, ranges = NULL, metadata = NULL;
    boolean repair = TRUE;

    MUST(call(component, GetNewTarget, 0, &file));
    READS(file, GetAlternateLocation, L"C:\\new");
    call(file, Release);
    MUST(call(component, GetAlternateLocationMapping, 0, &file));
    READS(file, GetAlternateLocation, L"C:\\other");
    call(file, Release);
    MUST(call(component, GetRestoreSubcomponent, 0, &path, &name, &repair));
    EXPECT(wcscmp(path, stage_files_name) == 0 && wcscmp(name, L"part") == 0 && !repair);
    SysFreeString(path);
    SysFreeString(name);
    MUST(call(component, GetPartialFile, 0, &path, &name, &ranges, &metadata));
    EXPECT(wcscmp(ranges, L"C:\\other\\ranges") == 0);
    SysFreeString(path);
    SysFreeString(name);
    SysFreeString(ranges);
    SysFreeString(metadata);
}

static bool read_everything(struct stage *stage, IVssComponent *component)
{
    boolean is_selected = FALSE, has_more = FALSE, is_authoritative = FALSE;
    VSS_ROLLFORWARD_TYPE how = VSS_RF_UNDEFINED;
    IVssComponentEx *ex = NULL;
    BSTR point = NULL;

    MUST(call(component, IsSelectedForRestore, &is_selected));
    MUST(call(component, GetAdditionalRestores, &has_more));
    EXPECT(is_selected && has_more);
    READS(component, GetRestoreOptions, L"\"Authoritative\"=\"All\"");
    read_places(component);
    MUST(call(component, QueryInterface, &IID_IVssComponentEx, (void **)&ex));
    MUST(call(ex, GetAuthoritativeRestore, &is_authoritative));
    MUST(call(ex, GetRollForward, &how, &point));
    EXPECT(is_authoritative && how == VSS_RF_PARTIAL && wcscmp(point, L"mark 7") == 0);
    SysFreeString(point);
    READS(ex, GetRestoreName, L"renamed");
    call(ex, Release);
    EXPECT(vssemu_writer_restore_type(stage->writer) == VSS_RTYPE_IMPORT);
    return true;
}

/* In a backup the file group has a partial file, in a restore the writer reads what it was told. */
static bool writer_of_partial_files(struct stage *stage, const char *event,
                                    IVssCreateWriterMetadata *metadata,
                                    IVssWriterComponents *components)
{
    IVssComponent *component = NULL;

    (void)metadata;
    if (strcmp(event, "PostSnapshot") != 0 && strcmp(event, "PreRestore") != 0)
        return true;
    MUST(call(components, GetComponent, 1, &component));
    if (strcmp(event, "PostSnapshot") == 0) {
        MUST(call(component, AddPartialFile, L"C:\\files", L"a.txt", L"0:2", NULL));
    } else {
        read_everything(stage, component);
        *(bool *)stage->own = true;
    }
    call(component, Release);
    return true;
}

static void what_a_requester_says_the_writer_reads(void)
{
    struct stage *stage = stage_open();
    IVssAsync *async = NULL;
    bool has_read = false;

    stage->handler = writer_of_partial_files;
    stage->own = &has_read;
    stage_go(stage, AT_RESTORE);
    BASE(AddRestoreSubcomponent, VSS_E_BAD_STATE, FILES, stage_files_name, L"part", FALSE);
    stage_go(stage, AT_SELECTED);
    arguments_are_looked_at(stage);
    components_are_looked_up(stage);
    the_requester_speaks(stage);
    BASE(PreRestore, E_INVALIDARG, NULL);
    MUST(stage_finish(BASE(PreRestore, S_OK, &async), &async));
    EXPECT(has_read);
    stage_close(stage);
}

/* ---- the end ---- */

static bool read_status(struct stage *stage, const char *event, IVssCreateWriterMetadata *metadata,
                        IVssWriterComponents *components)
{
    VSS_FILE_RESTORE_STATUS status = VSS_RS_UNDEFINED;
    IVssComponent *component = NULL;

    (void)metadata;
    if (strcmp(event, "PostRestore") != 0)
        return true;
    MUST(call(components, GetComponent, 1, &component));
    MUST(call(component, GetFileRestoreStatus, &status));
    EXPECT(status == VSS_RS_ALL);
    call(component, Release);
    *(bool *)stage->own = true;
    return true;
}

static void the_writer_learns_what_became_of_its_files(void)
{
    struct stage *stage = stage_open();
    IVssAsync *async = NULL;
    bool has_read = false;

    stage->handler = read_status;
    stage->own = &has_read;
    stage_go(stage, AT_PRE_RESTORED);
    BASE(SetFileRestoreStatus, E_INVALIDARG, FILES, (VSS_FILE_RESTORE_STATUS)9);
    BASE(SetFileRestoreStatus, VSS_E_OBJECT_NOT_FOUND, ABSENT, VSS_RS_ALL);
    BASE(SetFileRestoreStatus, S_OK, FILES, VSS_RS_FAILED);
    BASE(SetFileRestoreStatus, S_OK, FILES, VSS_RS_ALL);
    BASE(PostRestore, E_INVALIDARG, NULL);
    MUST(stage_finish(BASE(PostRestore, S_OK, &async), &async));
    EXPECT(has_read);
    BASE(PostRestore, VSS_E_BAD_STATE, &async);
    stage_close(stage);
}

int main(void)
{
    a_document_of_a_backup_is_needed();
    components_are_selected_when_their_writer_lives();
    a_component_whose_writer_is_gone_cannot_be_selected();
    without_metadata_nothing_is_selected_and_nothing_begins();
    what_a_requester_says_the_writer_reads();
    the_writer_learns_what_became_of_its_files();
    return contract_result();
}
