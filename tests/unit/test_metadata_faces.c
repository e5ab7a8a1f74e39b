/* SPDX-License-Identifier: MIT */
/* The COM faces of the Writer Metadata Document: every result their pages list. Facts:
 * writer-contract (IVssCreateWriterMetadata) and requester-contract (IVssExamineWriterMetadata,
 * IVssWMComponent, IVssWMFiledesc, IVssWMDependency). */
#include "tests/support/face_checks.h"

#include "emu/api/create_metadata.h"
#include "emu/api/examine_metadata.h"
#include "emu/base/mem.h"
#include "emu/com/guid.h"

#include <string.h>

/* ---- IVssCreateWriterMetadata ---- */

struct identify {
    struct wmd *wmd;
    struct create_metadata *object;
    IVssCreateWriterMetadata *face;
};

static struct identify identify_begin(void)
{
    struct identify i = { .wmd = wmd_new() };

    i.wmd->writer_id.Data1 = 0x11;
    i.wmd->usage = VSS_UT_USERDATA;
    i.wmd->source = VSS_ST_OTHER;
    i.object = create_metadata_new(i.wmd);
    i.face = create_metadata_face(i.object);
    return i;
}

static void identify_end(struct identify *i)
{
    create_metadata_free(i->object);
    wmd_free(i->wmd);
}

static HRESULT add_component(struct identify *i, VSS_COMPONENT_TYPE type, LPCWSTR path,
                             LPCWSTR name)
{
    return i->face->lpVtbl->AddComponent(i->face, type, path, name, NULL, NULL, 0, false, false,
                                         true, false, 0);
}

static HRESULT add_files(struct identify *i, LPCWSTR name, LPCWSTR path, LPCWSTR filespec)
{
    return i->face->lpVtbl->AddFilesToFileGroup(i->face, NULL, name, path, filespec, true, NULL,
                                                MASK);
}

static void a_component_needs_a_type_and_a_name_and_is_added_once(void **state)
{
    struct identify i = identify_begin();

    (void)state;
    assert_int_equal(add_component(&i, VSS_CT_UNDEFINED, NULL, L"c"), E_INVALIDARG);
    assert_int_equal(add_component(&i, VSS_CT_FILEGROUP, NULL, NULL), E_INVALIDARG);
    assert_int_equal(add_component(&i, VSS_CT_FILEGROUP, NULL, L""), E_INVALIDARG);
    assert_int_equal(add_component(&i, VSS_CT_FILEGROUP, NULL, L"a\\b"), E_INVALIDARG);
    assert_int_equal(i.face->lpVtbl->AddComponent(i.face, VSS_CT_FILEGROUP, NULL, L"c", NULL, NULL,
                                                  4, false, false, true, false, 0),
                     E_INVALIDARG);
    assert_int_equal(i.face->lpVtbl->AddComponent(i.face, VSS_CT_FILEGROUP, NULL, L"c", NULL, NULL,
                                                  0, false, false, true, false, 0x80),
                     E_INVALIDARG);
    assert_int_equal(add_component(&i, VSS_CT_FILEGROUP, L"p\\q", L"c"), S_OK);
    assert_int_equal(add_component(&i, VSS_CT_FILEGROUP, NULL, L"c"), S_OK);
    assert_int_equal(add_component(&i, VSS_CT_DATABASE, L"", L"c"), VSS_E_OBJECT_ALREADY_EXISTS);
    assert_int_equal(i.wmd->components.count, 2);
    identify_end(&i);
}

static void files_need_their_component_first_and_of_the_right_type(void **state)
{
    struct identify i = identify_begin();
    IVssCreateWriterMetadata *m = i.face;

    (void)state;
    assert_int_equal(add_files(&i, L"g", L"C:\\d", L"*"), VSS_E_OBJECT_NOT_FOUND);
    add_component(&i, VSS_CT_FILEGROUP, NULL, L"g");
    add_component(&i, VSS_CT_DATABASE, NULL, L"d");
    assert_int_equal(add_files(&i, L"g", L"C:\\d", L"*"), S_OK);
    assert_int_equal(add_files(&i, L"g", L"C:\\d", L"*"), VSS_E_OBJECT_ALREADY_EXISTS);
    assert_int_equal(add_files(&i, L"g", NULL, L"*"), E_INVALIDARG);
    assert_int_equal(add_files(&i, L"g", L"C:\\d*", L"*"), E_INVALIDARG);
    assert_int_equal(add_files(&i, L"g", L"C:\\d", NULL), E_INVALIDARG);
    assert_int_equal(add_files(&i, L"g", L"C:\\d", L"e\\*"), E_INVALIDARG);
    assert_int_equal(add_files(&i, NULL, L"C:\\d", L"*"), E_INVALIDARG);
    assert_int_equal(add_files(&i, L"d", L"C:\\d", L"*"), E_INVALIDARG);
    assert_int_equal(add_files(&i, L"g", L"\\\\?\\Volume{1}\\d", L"*"), S_OK);
    assert_int_equal(m->lpVtbl->AddFilesToFileGroup(m, NULL, L"g", L"C:\\e", L"*", false,
                                                    L"C:\\spit", 0x40000000),
                     E_INVALIDARG);
    assert_int_equal(m->lpVtbl->AddDatabaseFiles(m, NULL, L"d", L"C:\\d", L"*.db", MASK), S_OK);
    assert_int_equal(m->lpVtbl->AddDatabaseFiles(m, NULL, L"x", L"C:\\d", L"*", MASK),
                     VSS_E_OBJECT_NOT_FOUND);
    assert_int_equal(m->lpVtbl->AddDatabaseFiles(m, NULL, L"g", L"C:\\d", L"*", MASK),
                     E_INVALIDARG);
    assert_int_equal(m->lpVtbl->AddDatabaseLogFiles(m, NULL, L"d", L"C:\\d", L"*.db", MASK), S_OK);
    assert_int_equal(m->lpVtbl->AddDatabaseLogFiles(m, NULL, L"g", L"C:\\d", L"*", MASK),
                     E_INVALIDARG);
    assert_int_equal(m->lpVtbl->AddDatabaseLogFiles(m, L"p", L"d", L"C:\\d", L"*", MASK),
                     VSS_E_OBJECT_NOT_FOUND);
    identify_end(&i);
}

static void mappings_come_after_the_restore_method(void **state)
{
    struct identify i = identify_begin();
    IVssCreateWriterMetadata *m = i.face;

    (void)state;
    assert_int_equal(m->lpVtbl->AddAlternateLocationMapping(m, L"C:\\d", L"*", true, L"D:\\d"),
                     VSS_E_OBJECT_NOT_FOUND);
    assert_int_equal(
        m->lpVtbl->SetRestoreMethod(m, VSS_RME_UNDEFINED, NULL, NULL, VSS_WRE_NEVER, false),
        E_INVALIDARG);
    assert_int_equal(
        m->lpVtbl->SetRestoreMethod(m, VSS_RME_CUSTOM, NULL, NULL, VSS_WRE_UNDEFINED, false),
        E_INVALIDARG);
    assert_int_equal(m->lpVtbl->SetRestoreMethod(m, VSS_RME_STOP_RESTORE_START, NULL, NULL,
                                                 VSS_WRE_ALWAYS, false),
                     E_INVALIDARG);
    assert_int_equal(m->lpVtbl->SetRestoreMethod(m, VSS_RME_STOP_RESTORE_START, L"svc", NULL,
                                                 VSS_WRE_ALWAYS, true),
                     S_OK);
    assert_int_equal(m->lpVtbl->AddAlternateLocationMapping(m, L"C:\\d", L"*", true, NULL),
                     E_INVALIDARG);
    assert_int_equal(m->lpVtbl->AddAlternateLocationMapping(m, L"C:\\d", L"*", true, L"D:\\d"),
                     S_OK);
    assert_string_equal(i.wmd->service, "svc");
    identify_end(&i);
}

static void dependencies_need_an_own_component_and_another_writer(void **state)
{
    struct identify i = identify_begin();
    IVssCreateWriterMetadata *m = i.face;
    GUID other = { .Data1 = 0x22 }, none = { 0 };

    (void)state;
    assert_int_equal(m->lpVtbl->AddComponentDependency(m, NULL, L"c", other, NULL, L"t"),
                     VSS_E_OBJECT_NOT_FOUND);
    add_component(&i, VSS_CT_FILEGROUP, NULL, L"c");
    assert_int_equal(m->lpVtbl->AddComponentDependency(m, NULL, L"c", other, L"\\\\pc\\p", L"t"),
                     S_OK);
    assert_int_equal(m->lpVtbl->AddComponentDependency(m, NULL, L"c", none, NULL, L"t"),
                     E_INVALIDARG);
    assert_int_equal(m->lpVtbl->AddComponentDependency(m, NULL, L"c", i.wmd->writer_id, NULL, L"t"),
                     E_INVALIDARG);
    assert_int_equal(m->lpVtbl->AddComponentDependency(m, NULL, L"c", other, NULL, NULL),
                     E_INVALIDARG);
    assert_int_equal(m->lpVtbl->AddComponentDependency(m, NULL, NULL, other, NULL, L"t"),
                     E_INVALIDARG);
    identify_end(&i);
}

static void a_schema_must_be_consistent(void **state)
{
    struct identify i = identify_begin();
    IVssCreateWriterMetadata *m = i.face;

    (void)state;
    assert_int_equal(m->lpVtbl->SetBackupSchema(m, VSS_BS_EXCLUSIVE_INCREMENTAL_DIFFERENTIAL),
                     E_INVALIDARG);
    assert_int_equal(m->lpVtbl->SetBackupSchema(m, VSS_BS_TIMESTAMPED), E_INVALIDARG);
    assert_int_equal(m->lpVtbl->SetBackupSchema(m, 0x80000000), E_INVALIDARG);
    assert_int_equal(m->lpVtbl->SetBackupSchema(m, VSS_BS_UNDEFINED), S_OK);
    assert_int_equal(m->lpVtbl->SetBackupSchema(m, 881), S_OK);
    identify_end(&i);
}

static void after_identify_the_object_is_dead_but_harmless(void **state)
{
    struct identify i = identify_begin();
    IVssCreateWriterMetadata *m = i.face;
    IVssCreateWriterMetadataEx *ex = (IVssCreateWriterMetadataEx *)m;
    auto_bstr BSTR xml = NULL;

    (void)state;
    assert_int_equal(m->lpVtbl->AddExcludeFiles(m, L"C:\\d", L"*.tmp", true), S_OK);
    assert_int_equal(m->lpVtbl->AddExcludeFiles(m, L"C:\\d", L"", true), E_INVALIDARG);
    assert_int_equal(ex->lpVtbl->AddExcludeFilesFromSnapshot(ex, L"C:\\d", L"*.tmp", true), S_OK);
    assert_int_equal(ex->lpVtbl->AddExcludeFilesFromSnapshot(ex, NULL, L"*.tmp", true),
                     E_INVALIDARG);
    assert_int_equal(m->lpVtbl->SaveAsXML(m, NULL), E_INVALIDARG);
    assert_int_equal(m->lpVtbl->SaveAsXML(m, &xml), S_OK);
    assert_int_equal(m->lpVtbl->AddIncludeFiles(m, L"C:\\", L"*", true, NULL), E_NOTIMPL);
    assert_int_equal(m->lpVtbl->GetDocument(m, NULL), E_NOTIMPL);
    create_metadata_end(i.object);
    assert_int_equal(add_component(&i, VSS_CT_FILEGROUP, NULL, L"c"), VSS_E_BAD_STATE);
    assert_int_equal(add_files(&i, L"c", L"C:\\d", L"*"), VSS_E_BAD_STATE);
    assert_int_equal(m->lpVtbl->AddExcludeFiles(m, L"C:\\d", L"*.tmp", true), VSS_E_BAD_STATE);
    assert_int_equal(m->lpVtbl->SetBackupSchema(m, 0), VSS_E_BAD_STATE);
    identify_end(&i);
}

/* ---- IVssExamineWriterMetadata and what it gives out ---- */

static IVssExamineWriterMetadataEx2 *examined_example(void)
{
    struct identify i = identify_begin();
    IVssCreateWriterMetadata *m = i.face;
    IVssExamineWriterMetadataEx2 *ex2 = NULL;
    IVssExamineWriterMetadata *examine;
    GUID other = { .Data1 = 0x22 };

    free(i.wmd->name);
    i.wmd->name = mem_strdup("W");
    i.wmd->instance_name = mem_strdup("inst");
    i.wmd->major_version = 3;
    add_component(&i, VSS_CT_FILEGROUP, L"p", L"g");
    m->lpVtbl->AddComponent(m, VSS_CT_DATABASE, NULL, L"d", L"caption", (const BYTE *)"ic", 2,
                            false, true, true, true, VSS_CF_BACKUP_RECOVERY);
    m->lpVtbl->AddFilesToFileGroup(m, L"p", L"g", L"C:\\d", L"*.x", true, L"C:\\spit", 0x101);
    m->lpVtbl->AddDatabaseFiles(m, NULL, L"d", L"C:\\db", L"*.db", MASK);
    m->lpVtbl->AddDatabaseLogFiles(m, NULL, L"d", L"C:\\log", L"*.log", MASK);
    m->lpVtbl->AddComponentDependency(m, L"p", L"g", other, L"tp", L"t");
    m->lpVtbl->AddExcludeFiles(m, L"C:\\d", L"*.tmp", true);
    m->lpVtbl->SetRestoreMethod(m, VSS_RME_RESTORE_IF_CAN_REPLACE, L"ignored", NULL, VSS_WRE_ALWAYS,
                                true);
    m->lpVtbl->AddAlternateLocationMapping(m, L"C:\\d", L"*.x", true, L"D:\\r");
    m->lpVtbl->SetBackupSchema(m, VSS_BS_COPY);
    create_metadata_free(i.object);
    examine_metadata_new(i.wmd, &examine);
    assert_int_equal(
        examine->lpVtbl->QueryInterface(examine, &IID_IVssExamineWriterMetadataEx2, (void **)&ex2),
        S_OK);
    examine->lpVtbl->Release(examine);
    return ex2;
}

static void identity_counts_and_schema_are_told(void **state)
{
    auto_release(IVssExamineWriterMetadataEx2) *e = examined_example();
    VSS_ID instance, writer;
    VSS_USAGE_TYPE usage;
    VSS_SOURCE_TYPE source;
    BSTR name, instance_name;
    UINT n_include, n_exclude, n_components;
    DWORD schema, major, minor;

    (void)state;
    assert_int_equal(e->lpVtbl->GetIdentity(e, &instance, &writer, &name, &usage, &source), S_OK);
    assert_int_equal(writer.Data1, 0x11);
    expect_text(name, "W");
    assert_int_equal(usage, VSS_UT_USERDATA);
    assert_int_equal(
        e->lpVtbl->GetIdentityEx(e, &instance, &writer, &name, &instance_name, &usage, &source),
        S_OK);
    expect_text(name, "W");
    expect_text(instance_name, "inst");
    assert_int_equal(e->lpVtbl->GetIdentity(e, NULL, &writer, &name, &usage, &source),
                     E_INVALIDARG);
    assert_int_equal(e->lpVtbl->GetIdentityEx(e, &instance, &writer, &name, NULL, &usage, &source),
                     E_INVALIDARG);
    assert_int_equal(e->lpVtbl->GetFileCounts(e, &n_include, &n_exclude, &n_components), S_OK);
    assert_int_equal(n_include, 0);
    assert_int_equal(n_exclude, 1);
    assert_int_equal(n_components, 2);
    assert_int_equal(e->lpVtbl->GetFileCounts(e, NULL, &n_exclude, &n_components), E_INVALIDARG);
    assert_int_equal(e->lpVtbl->GetBackupSchema(e, &schema), S_OK);
    assert_int_equal(schema, VSS_BS_COPY);
    assert_int_equal(e->lpVtbl->GetBackupSchema(e, NULL), E_INVALIDARG);
    assert_int_equal(e->lpVtbl->GetVersion(e, &major, &minor), S_OK);
    assert_int_equal(major, 3);
    assert_int_equal(e->lpVtbl->GetVersion(e, &major, NULL), E_INVALIDARG);
}

static void a_component_tells_its_files_and_outlives_the_document_object(void **state)
{
    IVssExamineWriterMetadataEx2 *e = examined_example();
    auto_release(IVssWMComponent) *group = NULL, *database = NULL;
    IVssWMDependency *dependency = NULL;
    IVssWMFiledesc *file = NULL;
    PVSSCOMPONENTINFO info;
    VSS_ID id;
    BSTR text;

    (void)state;
    assert_int_equal(e->lpVtbl->GetComponent(e, 0, NULL), E_INVALIDARG);
    assert_int_equal(e->lpVtbl->GetComponent(e, 2, &group), VSS_E_OBJECT_NOT_FOUND);
    assert_null(group);
    assert_int_equal(e->lpVtbl->GetComponent(e, 0, &group), S_OK);
    assert_int_equal(e->lpVtbl->GetComponent(e, 1, &database), S_OK);
    e->lpVtbl->Release(e);

    assert_int_equal(group->lpVtbl->GetComponentInfo(group, NULL), E_INVALIDARG);
    assert_int_equal(group->lpVtbl->GetComponentInfo(group, &info), S_OK);
    assert_int_equal(info->cFileCount, 1);
    assert_int_equal(info->cDependencies, 1);
    assert_null(info->bstrCaption);
    group->lpVtbl->FreeComponentInfo(group, info);
    assert_int_equal(database->lpVtbl->GetComponentInfo(database, &info), S_OK);
    assert_null(info->bstrLogicalPath);
    assert_int_equal(info->cFileCount, 0);
    assert_int_equal(info->cDatabases, 1);
    assert_int_equal(info->cLogFiles, 1);
    assert_int_equal(info->cbIcon, 2);
    assert_memory_equal(info->pbIcon, "ic", 2);
    assert_true(info->bNotifyOnBackupComplete && info->bSelectableForRestore);
    assert_int_equal(info->dwComponentFlags, VSS_CF_BACKUP_RECOVERY);
    database->lpVtbl->FreeComponentInfo(database, info);

    assert_int_equal(group->lpVtbl->GetFile(group, 0, &file), S_OK);
    expect_filedesc(file, "C:\\d", "*.x", "C:\\spit", 0x101);
    assert_int_equal(group->lpVtbl->GetFile(group, 1, &file), VSS_E_OBJECT_NOT_FOUND);
    assert_null(file);
    assert_int_equal(group->lpVtbl->GetFile(group, 0, NULL), E_INVALIDARG);
    assert_int_equal(database->lpVtbl->GetDatabaseFile(database, 0, &file), S_OK);
    expect_filedesc(file, "C:\\db", "*.db", NULL, MASK);
    assert_int_equal(database->lpVtbl->GetDatabaseFile(database, 1, &file), VSS_E_OBJECT_NOT_FOUND);
    assert_int_equal(database->lpVtbl->GetDatabaseLogFile(database, 0, &file), S_OK);
    expect_filedesc(file, "C:\\log", "*.log", NULL, MASK);
    assert_int_equal(database->lpVtbl->GetDatabaseLogFile(database, 1, &file),
                     VSS_E_OBJECT_NOT_FOUND);

    assert_int_equal(group->lpVtbl->GetDependency(group, 1, &dependency), VSS_E_OBJECT_NOT_FOUND);
    assert_int_equal(group->lpVtbl->GetDependency(group, 0, NULL), E_INVALIDARG);
    assert_int_equal(group->lpVtbl->GetDependency(group, 0, &dependency), S_OK);
    assert_int_equal(dependency->lpVtbl->GetWriterId(dependency, &id), S_OK);
    assert_int_equal(id.Data1, 0x22);
    assert_int_equal(dependency->lpVtbl->GetLogicalPath(dependency, &text), S_OK);
    expect_text(text, "tp");
    assert_int_equal(dependency->lpVtbl->GetComponentName(dependency, &text), S_OK);
    expect_text(text, "t");
    assert_int_equal(dependency->lpVtbl->GetWriterId(dependency, NULL), E_INVALIDARG);
    assert_int_equal(dependency->lpVtbl->GetLogicalPath(dependency, NULL), E_INVALIDARG);
    assert_int_equal(dependency->lpVtbl->GetComponentName(dependency, NULL), E_INVALIDARG);
    dependency->lpVtbl->Release(dependency);
}

static void restore_method_mappings_and_excludes_are_told(void **state)
{
    auto_release(IVssExamineWriterMetadataEx2) *e = examined_example();
    VSS_RESTOREMETHOD_ENUM method;
    VSS_WRITERRESTORE_ENUM writer_restore;
    BSTR service, procedure;
    IVssWMFiledesc *file;
    boolean reboot;
    UINT n;

    (void)state;
    assert_int_equal(
        e->lpVtbl->GetRestoreMethod(e, &method, &service, &procedure, &writer_restore, &reboot, &n),
        S_OK);
    assert_int_equal(method, VSS_RME_RESTORE_IF_CAN_REPLACE);
    assert_null(service);
    assert_null(procedure);
    assert_int_equal(writer_restore, VSS_WRE_ALWAYS);
    assert_true(reboot);
    assert_int_equal(n, 1);
    assert_int_equal(e->lpVtbl->GetRestoreMethod(e, &method, &service, &procedure, &writer_restore,
                                                 &reboot, NULL),
                     E_INVALIDARG);
    assert_int_equal(e->lpVtbl->GetAlternateLocationMapping(e, 0, &file), S_OK);
    expect_filedesc(file, "C:\\d", "*.x", "D:\\r", MASK);
    assert_int_equal(e->lpVtbl->GetAlternateLocationMapping(e, 1, &file), VSS_E_OBJECT_NOT_FOUND);
    assert_int_equal(e->lpVtbl->GetExcludeFile(e, 0, &file), S_OK);
    expect_filedesc(file, "C:\\d", "*.tmp", NULL, MASK);
    assert_int_equal(e->lpVtbl->GetExcludeFile(e, 1, &file), VSS_E_OBJECT_NOT_FOUND);
    assert_int_equal(e->lpVtbl->GetExcludeFile(e, 0, NULL), E_INVALIDARG);
    assert_int_equal(e->lpVtbl->GetExcludeFromSnapshotCount(e, &n), S_OK);
    assert_int_equal(n, 0);
    assert_int_equal(e->lpVtbl->GetExcludeFromSnapshotCount(e, NULL), E_INVALIDARG);
    assert_int_equal(e->lpVtbl->GetExcludeFromSnapshotFile(e, 0, &file), E_INVALIDARG);
    assert_int_equal(e->lpVtbl->GetIncludeFile(e, 0, &file), E_NOTIMPL);
    assert_int_equal(e->lpVtbl->GetDocument(e, NULL), E_NOTIMPL);
}

static void a_document_goes_out_as_xml_and_comes_in_again(void **state)
{
    auto_release(IVssExamineWriterMetadataEx2) *e = examined_example();
    auto_bstr BSTR xml = NULL, again = NULL, no_xml = bstr_from_utf8("<a>"),
                   other = bstr_from_utf8("<a/>"),
                   bare = bstr_from_utf8(
                       "<WRITER_METADATA><IDENTIFICATION "
                       "writerId='11111111-2222-4333-8444-555555555555' "
                       "instanceId='11111111-2222-4333-8444-555555555555' usage='USER_DATA' "
                       "dataSource='OTHER'/></WRITER_METADATA>");
    auto_release(IVssExamineWriterMetadata) *loaded = NULL;
    VSS_RESTOREMETHOD_ENUM method;
    VSS_WRITERRESTORE_ENUM writer_restore;
    BSTR service, procedure;
    boolean reboot;
    UINT n;

    (void)state;
    assert_int_equal(e->lpVtbl->SaveAsXML(e, NULL), E_INVALIDARG);
    assert_int_equal(e->lpVtbl->SaveAsXML(e, &xml), S_OK);
    assert_int_equal(CreateVssExamineWriterMetadataInternal(NULL, &loaded), E_INVALIDARG);
    assert_int_equal(CreateVssExamineWriterMetadataInternal(xml, NULL), E_INVALIDARG);
    assert_int_equal(CreateVssExamineWriterMetadataInternal(no_xml, &loaded),
                     VSS_E_INVALID_XML_DOCUMENT);
    assert_int_equal(CreateVssExamineWriterMetadataInternal(other, &loaded),
                     VSS_E_INVALID_XML_DOCUMENT);
    assert_null(loaded);
    assert_int_equal(CreateVssExamineWriterMetadataInternal(xml, &loaded), S_OK);
    assert_int_equal(loaded->lpVtbl->LoadFromXML(loaded, NULL), E_INVALIDARG);
    assert_int_equal(loaded->lpVtbl->LoadFromXML(loaded, no_xml), S_FALSE);
    assert_int_equal(loaded->lpVtbl->LoadFromXML(loaded, other), VSS_E_INVALID_XML_DOCUMENT);
    assert_int_equal(loaded->lpVtbl->SaveAsXML(loaded, &again), S_OK);
    assert_int_equal(bstr_length(again), bstr_length(xml));
    assert_memory_equal(again, xml, bstr_length(xml) * sizeof(WCHAR));
    assert_int_equal(loaded->lpVtbl->LoadFromXML(loaded, bare), S_OK);
    assert_int_equal(loaded->lpVtbl->GetRestoreMethod(loaded, &method, &service, &procedure,
                                                      &writer_restore, &reboot, &n),
                     S_FALSE);
    assert_int_equal(method, VSS_RME_UNDEFINED);
    assert_int_equal(n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FACE_TEST(a_component_needs_a_type_and_a_name_and_is_added_once),
        FACE_TEST(files_need_their_component_first_and_of_the_right_type),
        FACE_TEST(mappings_come_after_the_restore_method),
        FACE_TEST(dependencies_need_an_own_component_and_another_writer),
        FACE_TEST(a_schema_must_be_consistent),
        FACE_TEST(after_identify_the_object_is_dead_but_harmless),
        FACE_TEST(identity_counts_and_schema_are_told),
        FACE_TEST(a_component_tells_its_files_and_outlives_the_document_object),
        FACE_TEST(restore_method_mappings_and_excludes_are_told),
        FACE_TEST(a_document_goes_out_as_xml_and_comes_in_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
