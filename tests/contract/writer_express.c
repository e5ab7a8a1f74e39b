/* SPDX-License-Identifier: MIT */
/* Writers that are nothing but a document. Learn: "IVssExpressWriter",
 * "IVssCreateExpressWriterMetadata", "CreateVssExpressWriter". */
#include "conditions.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#define M    IVssCreateExpressWriterMetadata
#define FULL (VSS_FSBT_FULL_BACKUP_REQUIRED | VSS_FSBT_ALL_SNAPSHOT_REQUIRED)

/* {0e79e550-57a6-4e00-b0a2-0c0ffee0c0de} */
static const VSS_ID express_id = {
    0x0e79e550, 0x57a6, 0x4e00, { 0xb0, 0xa2, 0x0c, 0x0f, 0xfe, 0xe0, 0xc0, 0xde }
};
#define EXPRESS_NAME L"Express Writer"

static void the_function(struct stage *stage)
{
    IVssExpressWriter *writer = NULL;

    SHOWS(Function, CreateVssExpressWriter, S_OK, CreateVssExpressWriter(&writer));
    EXPECT(call(writer, Release) == 0);
    SHOWS(Function, CreateVssExpressWriterInternal, S_OK, CreateVssExpressWriterInternal(&writer));
    EXPECT(call(writer, Release) == 0);
    SHOWS(Function, CreateVssExpressWriter, E_INVALIDARG, CreateVssExpressWriter(NULL));
    SHOWS(Function, CreateVssExpressWriterInternal, E_INVALIDARG,
          CreateVssExpressWriterInternal(NULL));
    vssemu_set_caller(stage->world, VSSEMU_BACKUP_OPERATOR);
    SHOWS(Function, CreateVssExpressWriter, E_ACCESSDENIED, CreateVssExpressWriter(&writer));
    SHOWS(Function, CreateVssExpressWriterInternal, E_ACCESSDENIED,
          CreateVssExpressWriterInternal(&writer));
    SHOWS_EFFECT(Function, CreateVssExpressWriter, HRESULT,
                 FAILED(CreateVssExpressWriter(&writer)));
    SHOWS_EFFECT(Function, CreateVssExpressWriterInternal, HRESULT,
                 FAILED(CreateVssExpressWriterInternal(&writer)));
    vssemu_set_caller(stage->world, VSSEMU_ADMINISTRATOR);
}

static IVssCreateExpressWriterMetadata *create(IVssExpressWriter *writer)
{
    IVssCreateExpressWriterMetadata *m = NULL;

    SHOWS(IVssExpressWriter, CreateMetadata, S_OK,
          call(writer, CreateMetadata, express_id, EXPRESS_NAME, VSS_UT_USERDATA, 2, 1, 0, &m));
    return m;
}

/* Learn: "IVssExpressWriter::CreateMetadata": three usage types; the last number is reserved. */
static void what_makes_no_metadata(IVssExpressWriter *writer)
{
    IVssCreateExpressWriterMetadata *m = NULL;

    SHOWS_EFFECT(
        IVssExpressWriter, CreateMetadata, HRESULT,
        FAILED(call(writer, CreateMetadata, express_id, EXPRESS_NAME, VSS_UT_OTHER, 0, 0, 0, &m)));
    OFF_LIST(E_INVALIDARG,
             call(writer, CreateMetadata, express_id, EXPRESS_NAME, VSS_UT_USERDATA, 0, 0, 1, &m));
    OFF_LIST(E_INVALIDARG,
             call(writer, CreateMetadata, express_id, NULL, VSS_UT_USERDATA, 0, 0, 0, &m));
    EXPECT(!m);
    OFF_LIST(VSS_E_BAD_STATE, call(writer, Register)); /* nothing to register yet */
}

/* ---- the document ---- */

static HRESULT add_component(M *m, VSS_COMPONENT_TYPE type, LPCWSTR name, DWORD flags)
{
    return call(m, AddComponent, type, NULL, name, NULL, NULL, 0, false, false, true, false, flags);
}

static HRESULT add_files(M *m, LPCWSTR name, LPCWSTR filespec, LPCWSTR alternate, DWORD mask)
{
    return call(m, AddFilesToFileGroup, NULL, name, L"C:\\express", filespec, true, alternate,
                mask);
}

static void components(struct stage *stage, M *m)
{
    SHOWS(IVssCreateExpressWriterMetadata, AddComponent, S_OK,
          add_component(m, VSS_CT_FILEGROUP, L"files", 0));
    SHOWS(IVssCreateExpressWriterMetadata, AddComponent, VSS_E_OBJECT_ALREADY_EXISTS,
          add_component(m, VSS_CT_FILEGROUP, L"files", 0));
    SHOWS(IVssCreateExpressWriterMetadata, AddComponent, E_INVALIDARG,
          add_component(m, VSS_CT_FILEGROUP, NULL, 0));
    OFF_LIST(VSS_E_NOT_SUPPORTED, add_component(m, VSS_CT_DATABASE, L"database", 0));
    OFF_LIST(VSS_E_NOT_SUPPORTED,
             add_component(m, VSS_CT_FILEGROUP, L"recovered", VSS_CF_BACKUP_RECOVERY));
    MEMORY_DOCUMENT_INTERNAL(stage->world, IVssCreateExpressWriterMetadata, AddComponent,
                             add_component(m, VSS_CT_FILEGROUP, L"never", 0));
}

static void files(struct stage *stage, M *m)
{
    SHOWS(IVssCreateExpressWriterMetadata, AddFilesToFileGroup, S_OK,
          add_files(m, L"files", L"*", NULL, FULL));
    SHOWS(IVssCreateExpressWriterMetadata, AddFilesToFileGroup, E_INVALIDARG,
          add_files(m, L"files", NULL, NULL, FULL));
    SHOWS(IVssCreateExpressWriterMetadata, AddFilesToFileGroup, VSS_E_OBJECT_NOT_FOUND,
          add_files(m, L"nobody", L"*", NULL, FULL));
    MEMORY_DOCUMENT_INTERNAL(stage->world, IVssCreateExpressWriterMetadata, AddFilesToFileGroup,
                             add_files(m, L"files", L"never", NULL, FULL));
    /* The page of the full interface has the code for what express writers may not do. */
    SHOWS(IVssCreateWriterMetadata, AddFilesToFileGroup, VSS_E_NOT_SUPPORTED,
          add_files(m, L"files", L"*.a", L"C:\\other", FULL));
    OFF_LIST(VSS_E_NOT_SUPPORTED,
             add_files(m, L"files", L"*.a", NULL, FULL | VSS_FSBT_LOG_BACKUP_REQUIRED));
    /* The header's default mask has to pass. */
    MUST(add_files(m, L"files", L"*.d", NULL,
                   VSS_FSBT_ALL_BACKUP_REQUIRED | VSS_FSBT_ALL_SNAPSHOT_REQUIRED));

    SHOWS(IVssCreateExpressWriterMetadata, AddExcludeFiles, S_OK,
          call(m, AddExcludeFiles, L"C:\\express\\tmp", L"*", true));
    SHOWS(IVssCreateExpressWriterMetadata, AddExcludeFiles, E_INVALIDARG,
          call(m, AddExcludeFiles, L"C:\\express\\*", L"*", true));
    MEMORY_DOCUMENT_INTERNAL(stage->world, IVssCreateExpressWriterMetadata, AddExcludeFiles,
                             call(m, AddExcludeFiles, L"C:\\n", L"*", false));
}

static HRESULT set_method(M *m, VSS_RESTOREMETHOD_ENUM method, VSS_WRITERRESTORE_ENUM when)
{
    return call(m, SetRestoreMethod, method, NULL, NULL, when, false);
}

static void restore_and_schema(struct stage *stage, M *m)
{
    SHOWS(IVssCreateExpressWriterMetadata, SetRestoreMethod, S_OK,
          set_method(m, VSS_RME_RESTORE_IF_CAN_REPLACE, VSS_WRE_NEVER));
    SHOWS(IVssCreateExpressWriterMetadata, SetRestoreMethod, E_INVALIDARG,
          set_method(m, VSS_RME_UNDEFINED, VSS_WRE_NEVER));
    MEMORY_DOCUMENT_INTERNAL(stage->world, IVssCreateExpressWriterMetadata, SetRestoreMethod,
                             set_method(m, VSS_RME_RESTORE_IF_NOT_THERE, VSS_WRE_NEVER));
    SHOWS(IVssCreateWriterMetadata, SetRestoreMethod, VSS_E_NOT_SUPPORTED,
          set_method(m, VSS_RME_RESTORE_IF_NOT_THERE, VSS_WRE_ALWAYS));
    OFF_LIST(VSS_E_NOT_SUPPORTED, set_method(m, VSS_RME_CUSTOM, VSS_WRE_NEVER));

    SHOWS(IVssCreateExpressWriterMetadata, SetBackupSchema, S_OK,
          call(m, SetBackupSchema, VSS_BS_COPY | VSS_BS_INDEPENDENT_SYSTEM_STATE));
    SHOWS(IVssCreateExpressWriterMetadata, SetBackupSchema, E_INVALIDARG,
          call(m, SetBackupSchema, 0x80000000));
    MEMORY_DOCUMENT(stage->world, IVssCreateExpressWriterMetadata, SetBackupSchema,
                    call(m, SetBackupSchema, VSS_BS_COPY));
    SHOWS(IVssCreateWriterMetadata, SetBackupSchema, VSS_E_NOT_SUPPORTED,
          call(m, SetBackupSchema, VSS_BS_INCREMENTAL));
}

static HRESULT depend(M *m, LPCWSTR name, LPCWSTR on)
{
    return call(m, AddComponentDependency, NULL, name, stage_writer_id, NULL, on);
}

static BSTR dependencies_and_text(struct stage *stage, M *m)
{
    BSTR xml = NULL;

    SHOWS(IVssCreateExpressWriterMetadata, AddComponentDependency, S_OK,
          depend(m, L"files", stage_files_name));
    SHOWS(IVssCreateExpressWriterMetadata, AddComponentDependency, E_INVALIDARG,
          depend(m, L"files", NULL));
    SHOWS(IVssCreateExpressWriterMetadata, AddComponentDependency, VSS_E_OBJECT_NOT_FOUND,
          depend(m, L"nobody", stage_files_name));
    MEMORY_DOCUMENT_INTERNAL(stage->world, IVssCreateExpressWriterMetadata, AddComponentDependency,
                             depend(m, L"files", stage_files_name));
    SHOWS(IVssCreateExpressWriterMetadata, SaveAsXML, E_INVALIDARG, call(m, SaveAsXML, NULL));
    MEMORY_DOCUMENT_INTERNAL(stage->world, IVssCreateExpressWriterMetadata, SaveAsXML,
                             call(m, SaveAsXML, &xml));
    SHOWS(IVssCreateExpressWriterMetadata, SaveAsXML, S_OK, call(m, SaveAsXML, &xml));
    EXPECT(xml && wcsstr(xml, EXPRESS_NAME));
    return xml;
}

/* ---- the store ---- */

/* The gathered metadata of the express writer, or NULL. */
static bool is_reported(struct stage *stage, UINT *ret_n)
{
    bool is_found = false;

    MUST(call(stage->b, GetWriterMetadataCount, ret_n));
    for (UINT i = 0; i < *ret_n; i++) {
        IVssExamineWriterMetadata *metadata = NULL;
        VSS_USAGE_TYPE usage;
        VSS_SOURCE_TYPE source;
        VSS_ID instance, of_document, writer;
        BSTR name = NULL;

        MUST(call(stage->b, GetWriterMetadata, i, &instance, &metadata));
        MUST(call(metadata, GetIdentity, &of_document, &writer, &name, &usage, &source));
        is_found = is_found || (memcmp(&writer, &express_id, sizeof(writer)) == 0 &&
                                memcmp(&instance, &of_document, sizeof(instance)) == 0 &&
                                usage == VSS_UT_USERDATA && wcscmp(name, EXPRESS_NAME) == 0);
        SysFreeString(name);
        call(metadata, Release);
    }
    return is_found;
}

/* A whole backup with it: metadata, status, no event, no process. */
static void reported_in_a_backup(struct stage *stage)
{
    IVssAsync *async = NULL;
    UINT n_metadata = 0, n_status = 0;

    stage_go(stage, AT_GATHERED);
    EXPECT(is_reported(stage, &n_metadata));
    stage_go(stage, AT_COMPLETE);
    MUST(stage_finish(call(stage->b, GatherWriterStatus, &async), &async));
    MUST(call(stage->b, GetWriterStatusCount, &n_status));
    EXPECT(n_status == n_metadata && n_status == 2);
    EXPECT(strcmp(vssemu_writer_events(stage->world, "Express Writer"), "") == 0);
}

static void register_and_unregister(struct stage *stage, IVssExpressWriter *writer, BSTR xml)
{
    IVssExpressWriter *another = NULL;

    SHOWS(IVssExpressWriter, Register, S_OK, call(writer, Register));
    SHOWS(IVssExpressWriter, Register, VSS_E_OBJECT_ALREADY_EXISTS, call(writer, Register));
    EXPECT(call(writer, Release) == 0); /* whoever registered it is not needed any more */
    reported_in_a_backup(stage);

    MUST(CreateVssExpressWriter(&another));
    SHOWS(IVssExpressWriter, Unregister, S_OK, call(another, Unregister, express_id));
    SHOWS(IVssExpressWriter, Unregister, VSS_E_OBJECT_NOT_FOUND,
          call(another, Unregister, express_id));
    SHOWS(IVssExpressWriter, LoadMetadata, VSS_E_INVALID_XML_DOCUMENT,
          call(another, LoadMetadata, L"<no", 0));
    OFF_LIST(E_INVALIDARG, call(another, LoadMetadata, NULL, 0));
    SHOWS(IVssExpressWriter, LoadMetadata, S_OK, call(another, LoadMetadata, xml, 0));
    MUST(call(another, Register));
    EXPECT(call(another, Release) == 0);
}

static void a_full_writers_document_is_none_for_an_express_writer(struct stage *stage)
{
    IVssExpressWriter *writer = NULL;
    IVssExamineWriterMetadata *metadata = NULL;
    BSTR xml = NULL;
    VSS_ID instance;

    MUST(call(stage->b, GetWriterMetadata, 0, &instance, &metadata));
    MUST(call(metadata, SaveAsXML, &xml)); /* it has a database */
    call(metadata, Release);
    MUST(CreateVssExpressWriter(&writer));
    OFF_LIST(VSS_E_NOT_SUPPORTED, call(writer, LoadMetadata, xml, 0));
    call(writer, Release);
    SysFreeString(xml);
}

int main(void)
{
    struct stage *stage = stage_open();
    IVssExpressWriter *writer = NULL;
    UINT n = 0;

    the_function(stage);
    MUST(CreateVssExpressWriter(&writer));
    what_makes_no_metadata(writer);
    M *m = create(writer);
    components(stage, m);
    files(stage, m);
    restore_and_schema(stage, m);
    BSTR xml = dependencies_and_text(stage, m);
    call(m, Release);
    register_and_unregister(stage, writer, xml);
    SysFreeString(xml);
    a_full_writers_document_is_none_for_an_express_writer(stage);

    call(stage->b, Release); /* the next requester sees it, too */
    stage->b = NULL;
    stage->next = AT_CREATED;
    stage_go(stage, AT_GATHERED);
    EXPECT(is_reported(stage, &n) && n == 2);
    stage_close(stage);
    return contract_result();
}
