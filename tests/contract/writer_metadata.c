/* SPDX-License-Identifier: MIT */
/* A writer describes itself in OnIdentify. Learn: "IVssCreateWriterMetadata",
 * "IVssCreateWriterMetadataEx". */
#include "conditions.h"

#include <stdlib.h>
#include <wchar.h>

#define FULL (VSS_FSBT_ALL_BACKUP_REQUIRED | VSS_FSBT_ALL_SNAPSHOT_REQUIRED)

/* {0ddba11c-0de5-4b1d-9a11-5ca1ab1e0001}: a writer class that is not there. */
static const VSS_ID other_writer = {
    0x0ddba11c, 0x0de5, 0x4b1d, { 0x9a, 0x11, 0x5c, 0xa1, 0xab, 0x1e, 0x00, 0x01 }
};

static const VSS_ID own_writer = {
    0x0ddba11c, 0x0de5, 0x4b1d, { 0x9a, 0x11, 0x5c, 0xa1, 0xab, 0x1e, 0x00, 0x02 }
};

static IVssCreateWriterMetadataEx *extended(IVssCreateWriterMetadata *m)
{
    return (IVssCreateWriterMetadataEx *)m;
}

static HRESULT add_component(IVssCreateWriterMetadata *m, VSS_COMPONENT_TYPE type, LPCWSTR path,
                             LPCWSTR name)
{
    return call(m, AddComponent, type, path, name, L"Caption", NULL, 0, false, false, true, false,
                0);
}

static void components(struct stage *stage, IVssCreateWriterMetadata *m)
{
    SHOWS(IVssCreateWriterMetadata, AddComponent, S_OK,
          add_component(m, VSS_CT_FILEGROUP, L"top", L"group"));
    MUST(add_component(m, VSS_CT_DATABASE, NULL, L"database"));
    SHOWS(IVssCreateWriterMetadata, AddComponent, VSS_E_OBJECT_ALREADY_EXISTS,
          add_component(m, VSS_CT_FILEGROUP, L"top", L"group"));
    SHOWS(IVssCreateWriterMetadata, AddComponent, E_INVALIDARG,
          add_component(m, VSS_CT_FILEGROUP, L"top", L"back\\slash"));
    OFF_LIST(E_INVALIDARG, add_component(m, VSS_CT_FILEGROUP, L"top", NULL));
    OFF_LIST(E_INVALIDARG, add_component(m, VSS_CT_UNDEFINED, L"top", L"x"));
    MEMORY_DOCUMENT_INTERNAL(stage->world, IVssCreateWriterMetadata, AddComponent,
                             add_component(m, VSS_CT_FILEGROUP, NULL, L"never"));
}

static HRESULT add_files(IVssCreateWriterMetadata *m, LPCWSTR name, LPCWSTR path, LPCWSTR filespec)
{
    return call(m, AddFilesToFileGroup, L"top", name, path, filespec, true, L"C:\\other", FULL);
}

static void files(struct stage *stage, IVssCreateWriterMetadata *m)
{
    SHOWS(IVssCreateWriterMetadata, AddFilesToFileGroup, S_OK,
          add_files(m, L"group", L"%ProgramData%\\group\\", L"*.d?t"));
    SHOWS(IVssCreateWriterMetadata, AddFilesToFileGroup, E_INVALIDARG,
          add_files(m, L"group", L"C:\\wild*", L"*"));
    OFF_LIST(E_INVALIDARG, add_files(m, L"group", L"C:\\group", L"sub\\*"));
    OFF_LIST(E_INVALIDARG, call(m, AddFilesToFileGroup, NULL, L"database", L"C:\\d", L"*", false,
                                NULL, FULL)); /* no file group */
    SHOWS(IVssCreateWriterMetadata, AddFilesToFileGroup, VSS_E_OBJECT_NOT_FOUND,
          add_files(m, L"nobody", L"C:\\group", L"*"));
    MEMORY_DOCUMENT_INTERNAL(stage->world, IVssCreateWriterMetadata, AddFilesToFileGroup,
                             add_files(m, L"group", L"C:\\never", L"*"));
}

static void databases(struct stage *stage, IVssCreateWriterMetadata *m)
{
    SHOWS(IVssCreateWriterMetadata, AddDatabaseFiles, S_OK,
          call(m, AddDatabaseFiles, NULL, L"database", L"C:\\d", L"*.mdb", FULL));
    SHOWS(IVssCreateWriterMetadata, AddDatabaseFiles, E_INVALIDARG,
          call(m, AddDatabaseFiles, NULL, L"database", NULL, L"*.mdb", FULL));
    OFF_LIST(E_INVALIDARG, call(m, AddDatabaseFiles, L"top", L"group", L"C:\\d", L"*", FULL));
    SHOWS(IVssCreateWriterMetadata, AddDatabaseFiles, VSS_E_OBJECT_NOT_FOUND,
          call(m, AddDatabaseFiles, NULL, L"nobody", L"C:\\d", L"*.mdb", FULL));
    MEMORY_DOCUMENT_INTERNAL(stage->world, IVssCreateWriterMetadata, AddDatabaseFiles,
                             call(m, AddDatabaseFiles, NULL, L"database", L"C:\\n", L"*", FULL));

    SHOWS(IVssCreateWriterMetadata, AddDatabaseLogFiles, S_OK,
          call(m, AddDatabaseLogFiles, NULL, L"database", L"C:\\d", L"*.log", FULL));
    SHOWS(IVssCreateWriterMetadata, AddDatabaseLogFiles, E_INVALIDARG,
          call(m, AddDatabaseLogFiles, L"top", L"group", L"C:\\d", L"*.log", FULL));
    SHOWS(IVssCreateWriterMetadata, AddDatabaseLogFiles, VSS_E_OBJECT_NOT_FOUND,
          call(m, AddDatabaseLogFiles, NULL, L"nobody", L"C:\\d", L"*.log", FULL));
    MEMORY_DOCUMENT_INTERNAL(stage->world, IVssCreateWriterMetadata, AddDatabaseLogFiles,
                             call(m, AddDatabaseLogFiles, NULL, L"database", L"C:\\n", L"*", FULL));
}

static void excluded_files(struct stage *stage, IVssCreateWriterMetadata *m)
{
    IVssCreateWriterMetadataEx *ex = extended(m);

    SHOWS(IVssCreateWriterMetadata, AddExcludeFiles, S_OK,
          call(m, AddExcludeFiles, L"C:\\group\\tmp", L"*.tmp", true));
    SHOWS(IVssCreateWriterMetadata, AddExcludeFiles, E_INVALIDARG,
          call(m, AddExcludeFiles, NULL, L"*.tmp", true));
    MEMORY_DOCUMENT_INTERNAL(stage->world, IVssCreateWriterMetadata, AddExcludeFiles,
                             call(m, AddExcludeFiles, L"C:\\n", L"*", false));
    SHOWS(IVssCreateWriterMetadataEx, AddExcludeFilesFromSnapshot, S_OK,
          call(ex, AddExcludeFilesFromSnapshot, L"C:\\group\\cache", L"*", true));
    SHOWS(IVssCreateWriterMetadataEx, AddExcludeFilesFromSnapshot, E_INVALIDARG,
          call(ex, AddExcludeFilesFromSnapshot, L"C:\\group", L"a\\b", true));
    MEMORY_DOCUMENT_INTERNAL(stage->world, IVssCreateWriterMetadataEx, AddExcludeFilesFromSnapshot,
                             call(ex, AddExcludeFilesFromSnapshot, L"C:\\n", L"*", false));
}

static HRESULT set_method(IVssCreateWriterMetadata *m, VSS_RESTOREMETHOD_ENUM method,
                          LPCWSTR service)
{
    return call(m, SetRestoreMethod, method, service, NULL, VSS_WRE_ALWAYS, true);
}

static HRESULT add_mapping(IVssCreateWriterMetadata *m, LPCWSTR path, LPCWSTR destination)
{
    return call(m, AddAlternateLocationMapping, path, L"*.d?t", true, destination);
}

static void restore_methods(struct stage *stage, IVssCreateWriterMetadata *m)
{
    SHOWS(IVssCreateWriterMetadata, AddAlternateLocationMapping, VSS_E_OBJECT_NOT_FOUND,
          add_mapping(m, L"%ProgramData%\\group\\", L"C:\\else"));
    SHOWS(IVssCreateWriterMetadata, SetRestoreMethod, E_INVALIDARG,
          set_method(m, VSS_RME_STOP_RESTORE_START, NULL));
    OFF_LIST(E_INVALIDARG, set_method(m, VSS_RME_UNDEFINED, NULL));
    MEMORY_DOCUMENT_INTERNAL(stage->world, IVssCreateWriterMetadata, SetRestoreMethod,
                             set_method(m, VSS_RME_CUSTOM, NULL));
    SHOWS(IVssCreateWriterMetadata, SetRestoreMethod, S_OK,
          set_method(m, VSS_RME_STOP_RESTORE_START, L"GroupService"));
    SHOWS(IVssCreateWriterMetadata, AddAlternateLocationMapping, S_OK,
          add_mapping(m, L"%ProgramData%\\group\\", L"C:\\else"));
    SHOWS(IVssCreateWriterMetadata, AddAlternateLocationMapping, E_INVALIDARG,
          add_mapping(m, L"%ProgramData%\\group\\", NULL));
    MEMORY_DOCUMENT_INTERNAL(stage->world, IVssCreateWriterMetadata, AddAlternateLocationMapping,
                             add_mapping(m, L"C:\\n", L"C:\\else"));
}

static HRESULT depend(IVssCreateWriterMetadata *m, LPCWSTR name, VSS_ID on)
{
    return call(m, AddComponentDependency, L"top", name, on, L"\\\\host\\path", L"target");
}

static void dependencies_and_schema(struct stage *stage, IVssCreateWriterMetadata *m)
{
    SHOWS(IVssCreateWriterMetadata, AddComponentDependency, S_OK,
          depend(m, L"group", other_writer));
    SHOWS(IVssCreateWriterMetadata, AddComponentDependency, E_INVALIDARG,
          depend(m, L"group", own_writer));
    SHOWS(IVssCreateWriterMetadata, AddComponentDependency, VSS_E_OBJECT_NOT_FOUND,
          depend(m, L"nobody", other_writer));
    MEMORY_DOCUMENT_INTERNAL(stage->world, IVssCreateWriterMetadata, AddComponentDependency,
                             depend(m, L"group", other_writer));

    SHOWS(IVssCreateWriterMetadata, SetBackupSchema, S_OK,
          call(m, SetBackupSchema, VSS_BS_DIFFERENTIAL | VSS_BS_TIMESTAMPED));
    SHOWS(IVssCreateWriterMetadata, SetBackupSchema, E_INVALIDARG,
          call(m, SetBackupSchema, VSS_BS_EXCLUSIVE_INCREMENTAL_DIFFERENTIAL));
    MEMORY_DOCUMENT(stage->world, IVssCreateWriterMetadata, SetBackupSchema,
                    call(m, SetBackupSchema, VSS_BS_COPY));
}

static void the_document(struct stage *stage, IVssCreateWriterMetadata *m)
{
    IXMLDOMDocument *dom = (IXMLDOMDocument *)stage;
    BSTR xml = NULL;

    SHOWS(IVssCreateWriterMetadata, SaveAsXML, E_INVALIDARG, call(m, SaveAsXML, NULL));
    MEMORY_DOCUMENT_INTERNAL(stage->world, IVssCreateWriterMetadata, SaveAsXML,
                             call(m, SaveAsXML, &xml));
    SHOWS(IVssCreateWriterMetadata, SaveAsXML, S_OK, call(m, SaveAsXML, &xml));
    EXPECT(xml && wcsstr(xml, L"GroupService") && !wcsstr(xml, L"never"));
    /* Reserved: they do nothing, and the document stays as it is. */
    call(m, AddIncludeFiles, L"C:\\include", L"*", false, NULL);
    call(m, GetDocument, &dom);
    BSTR again = NULL;
    MUST(call(m, SaveAsXML, &again));
    SHOWS_EFFECT(IVssCreateWriterMetadata, AddIncludeFiles, void,
                 xml &&again &&wcscmp(xml, again) == 0);
    SHOWS_EFFECT(IVssCreateWriterMetadata, GetDocument, void, !dom);
    SysFreeString(xml);
    SysFreeString(again);
}

static bool identify(void *self, IVssCreateWriterMetadata *m)
{
    struct stage *stage = self;

    components(stage, m);
    files(stage, m);
    databases(stage, m);
    excluded_files(stage, m);
    restore_methods(stage, m);
    dependencies_and_schema(stage, m);
    the_document(stage, m);
    return true;
}

/* A second writer beside the stage's, which has said something before its handler is asked. */
static struct vssemu_writer *subscribe(struct stage *stage)
{
    static const struct vssemu_writer_ops ops = { .OnIdentify = identify };
    struct vssemu_writer *writer = vssemu_writer_new(&ops, stage, VSSEMU_WRITER_INLINE);
    struct vssemu_writer_identity identity;

    vssemu_writer_identity_init(&identity);
    identity.writer_id = own_writer;
    identity.name = L"Talkative";
    identity.usage = VSS_UT_USERDATA;
    identity.source = VSS_ST_OTHER;
    MUST(vssemu_writer_initialize(writer, &identity));
    MUST(vssemu_writer_subscribe(writer, 0, VSS_SM_BACKUP_EVENTS_FLAG));
    return writer;
}

/* What was said is what a requester reads. */
static void requester_reads(struct stage *stage)
{
    IVssExamineWriterMetadata *metadata = NULL;
    UINT n_include = 0, n_exclude = 0, n_components = 0;
    DWORD schema = 0;
    VSS_ID instance;

    MUST(call(stage->b, GetWriterMetadata, 1, &instance, &metadata));
    MUST(call(metadata, GetFileCounts, &n_include, &n_exclude, &n_components));
    EXPECT(n_components == 2 && n_exclude == 1);
    MUST(call(metadata, GetBackupSchema, &schema));
    EXPECT(schema == (VSS_BS_DIFFERENTIAL | VSS_BS_TIMESTAMPED));
    call(metadata, Release);
}

int main(void)
{
    struct stage *stage = stage_open();
    struct vssemu_writer *writer = subscribe(stage);

    stage_go(stage, AT_GATHERED);
    requester_reads(stage);
    vssemu_writer_free(writer);
    stage_close(stage);
    return contract_result();
}
