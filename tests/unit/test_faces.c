/* SPDX-License-Identifier: MIT */
/* The COM faces of the documents: every result their pages list, in the order of the interfaces.
 * Facts: writer-contract and requester-contract. */
#include "tests/support/cmocka_vss.h"

#include "emu/api/component_face.h"
#include "emu/api/create_metadata.h"
#include "emu/api/examine_metadata.h"
#include "emu/api/writer_components.h"
#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/com/bstr.h"
#include "emu/com/guid.h"
#include "emu/com/object.h"

#include <string.h>

#define MASK FILESPEC_MASK_DEFAULT
#define auto_bstr __attribute__((cleanup(free_bstr)))

static void free_bstr(BSTR *bstr)
{
    bstr_free(*bstr);
}

static void expect_text(BSTR bstr, const char *expected)
{
    auto_free char *text = utf8_from_wide(bstr);

    assert_non_null(text);
    assert_string_equal(text, expected);
    bstr_free(bstr);
}

static int nothing_is_left(void **state)
{
    auto_free char *names = NULL;

    (void)state;
    if (com_object_count_live(&names))
        fail_msg("left alive: %s", names);
    return 0;
}

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

static HRESULT add_component(struct identify *i, VSS_COMPONENT_TYPE type, LPCWSTR path, LPCWSTR name)
{
    return i->face->lpVtbl->AddComponent(i->face, type, path, name, NULL, NULL, 0, false, false, true,
                                         false, 0);
}

static HRESULT add_files(struct identify *i, LPCWSTR name, LPCWSTR path, LPCWSTR filespec)
{
    return i->face->lpVtbl->AddFilesToFileGroup(i->face, NULL, name, path, filespec, true, NULL, MASK);
}

static void a_component_needs_a_type_and_a_name_and_is_added_once(void **state)
{
    struct identify i = identify_begin();

    (void)state;
    assert_int_equal(add_component(&i, VSS_CT_UNDEFINED, NULL, L"c"), E_INVALIDARG);
    assert_int_equal(add_component(&i, VSS_CT_FILEGROUP, NULL, NULL), E_INVALIDARG);
    assert_int_equal(add_component(&i, VSS_CT_FILEGROUP, NULL, L""), E_INVALIDARG);
    assert_int_equal(add_component(&i, VSS_CT_FILEGROUP, NULL, L"a\\b"), E_INVALIDARG);
    assert_int_equal(i.face->lpVtbl->AddComponent(i.face, VSS_CT_FILEGROUP, NULL, L"c", NULL, NULL, 4,
                                                  false, false, true, false, 0), E_INVALIDARG);
    assert_int_equal(i.face->lpVtbl->AddComponent(i.face, VSS_CT_FILEGROUP, NULL, L"c", NULL, NULL, 0,
                                                  false, false, true, false, 0x80), E_INVALIDARG);
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
    assert_int_equal(m->lpVtbl->AddFilesToFileGroup(m, NULL, L"g", L"C:\\e", L"*", false, L"C:\\spit",
                                                    0x40000000), E_INVALIDARG);
    assert_int_equal(m->lpVtbl->AddDatabaseFiles(m, NULL, L"d", L"C:\\d", L"*.db", MASK), S_OK);
    assert_int_equal(m->lpVtbl->AddDatabaseFiles(m, NULL, L"x", L"C:\\d", L"*", MASK),
                     VSS_E_OBJECT_NOT_FOUND);
    assert_int_equal(m->lpVtbl->AddDatabaseFiles(m, NULL, L"g", L"C:\\d", L"*", MASK), E_INVALIDARG);
    assert_int_equal(m->lpVtbl->AddDatabaseLogFiles(m, NULL, L"d", L"C:\\d", L"*.db", MASK), S_OK);
    assert_int_equal(m->lpVtbl->AddDatabaseLogFiles(m, NULL, L"g", L"C:\\d", L"*", MASK), E_INVALIDARG);
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
    assert_int_equal(m->lpVtbl->SetRestoreMethod(m, VSS_RME_UNDEFINED, NULL, NULL, VSS_WRE_NEVER, false),
                     E_INVALIDARG);
    assert_int_equal(m->lpVtbl->SetRestoreMethod(m, VSS_RME_CUSTOM, NULL, NULL, VSS_WRE_UNDEFINED, false),
                     E_INVALIDARG);
    assert_int_equal(m->lpVtbl->SetRestoreMethod(m, VSS_RME_STOP_RESTORE_START, NULL, NULL,
                                                 VSS_WRE_ALWAYS, false), E_INVALIDARG);
    assert_int_equal(m->lpVtbl->SetRestoreMethod(m, VSS_RME_STOP_RESTORE_START, L"svc", NULL,
                                                 VSS_WRE_ALWAYS, true), S_OK);
    assert_int_equal(m->lpVtbl->AddAlternateLocationMapping(m, L"C:\\d", L"*", true, NULL), E_INVALIDARG);
    assert_int_equal(m->lpVtbl->AddAlternateLocationMapping(m, L"C:\\d", L"*", true, L"D:\\d"), S_OK);
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
    assert_int_equal(m->lpVtbl->AddComponentDependency(m, NULL, L"c", other, L"\\\\pc\\p", L"t"), S_OK);
    assert_int_equal(m->lpVtbl->AddComponentDependency(m, NULL, L"c", none, NULL, L"t"), E_INVALIDARG);
    assert_int_equal(m->lpVtbl->AddComponentDependency(m, NULL, L"c", i.wmd->writer_id, NULL, L"t"),
                     E_INVALIDARG);
    assert_int_equal(m->lpVtbl->AddComponentDependency(m, NULL, L"c", other, NULL, NULL), E_INVALIDARG);
    assert_int_equal(m->lpVtbl->AddComponentDependency(m, NULL, NULL, other, NULL, L"t"), E_INVALIDARG);
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
    assert_int_equal(ex->lpVtbl->AddExcludeFilesFromSnapshot(ex, NULL, L"*.tmp", true), E_INVALIDARG);
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
    m->lpVtbl->AddComponent(m, VSS_CT_DATABASE, NULL, L"d", L"caption", (const BYTE *)"ic", 2, false,
                            true, true, true, VSS_CF_BACKUP_RECOVERY);
    m->lpVtbl->AddFilesToFileGroup(m, L"p", L"g", L"C:\\d", L"*.x", true, L"C:\\spit", 0x101);
    m->lpVtbl->AddDatabaseFiles(m, NULL, L"d", L"C:\\db", L"*.db", MASK);
    m->lpVtbl->AddDatabaseLogFiles(m, NULL, L"d", L"C:\\log", L"*.log", MASK);
    m->lpVtbl->AddComponentDependency(m, L"p", L"g", other, L"tp", L"t");
    m->lpVtbl->AddExcludeFiles(m, L"C:\\d", L"*.tmp", true);
    m->lpVtbl->SetRestoreMethod(m, VSS_RME_RESTORE_IF_CAN_REPLACE, L"ignored", NULL, VSS_WRE_ALWAYS, true);
    m->lpVtbl->AddAlternateLocationMapping(m, L"C:\\d", L"*.x", true, L"D:\\r");
    m->lpVtbl->SetBackupSchema(m, VSS_BS_COPY);
    create_metadata_free(i.object);
    examine_metadata_new(i.wmd, &examine);
    assert_int_equal(examine->lpVtbl->QueryInterface(examine, &IID_IVssExamineWriterMetadataEx2,
                                                     (void **)&ex2), S_OK);
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
    assert_int_equal(e->lpVtbl->GetIdentityEx(e, &instance, &writer, &name, &instance_name, &usage,
                                              &source), S_OK);
    expect_text(name, "W");
    expect_text(instance_name, "inst");
    assert_int_equal(e->lpVtbl->GetIdentity(e, NULL, &writer, &name, &usage, &source), E_INVALIDARG);
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

static void expect_filedesc(IVssWMFiledesc *take, const char *path, const char *filespec,
                            const char *alternate, DWORD mask)
{
    BSTR text = NULL;
    boolean recursive;
    DWORD got;

    assert_int_equal(take->lpVtbl->GetPath(take, &text), S_OK);
    expect_text(text, path);
    assert_int_equal(take->lpVtbl->GetFilespec(take, &text), S_OK);
    expect_text(text, filespec);
    assert_int_equal(take->lpVtbl->GetRecursive(take, &recursive), S_OK);
    assert_int_equal(take->lpVtbl->GetAlternateLocation(take, &text), alternate ? S_OK : S_FALSE);
    if (alternate)
        expect_text(text, alternate);
    else
        assert_null(text);
    assert_int_equal(take->lpVtbl->GetBackupTypeMask(take, &got), S_OK);
    assert_int_equal(got, mask);
    assert_int_equal(take->lpVtbl->GetPath(take, NULL), E_INVALIDARG);
    assert_int_equal(take->lpVtbl->GetFilespec(take, NULL), E_INVALIDARG);
    assert_int_equal(take->lpVtbl->GetRecursive(take, NULL), E_INVALIDARG);
    assert_int_equal(take->lpVtbl->GetAlternateLocation(take, NULL), E_INVALIDARG);
    assert_int_equal(take->lpVtbl->GetBackupTypeMask(take, NULL), E_INVALIDARG);
    take->lpVtbl->Release(take);
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
    assert_int_equal(database->lpVtbl->GetDatabaseLogFile(database, 1, &file), VSS_E_OBJECT_NOT_FOUND);

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
    assert_int_equal(e->lpVtbl->GetRestoreMethod(e, &method, &service, &procedure, &writer_restore,
                                                 &reboot, &n), S_OK);
    assert_int_equal(method, VSS_RME_RESTORE_IF_CAN_REPLACE);
    assert_null(service);
    assert_null(procedure);
    assert_int_equal(writer_restore, VSS_WRE_ALWAYS);
    assert_true(reboot);
    assert_int_equal(n, 1);
    assert_int_equal(e->lpVtbl->GetRestoreMethod(e, &method, &service, &procedure, &writer_restore,
                                                 &reboot, NULL), E_INVALIDARG);
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
                   bare = bstr_from_utf8("<WRITER_METADATA><IDENTIFICATION "
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
    assert_int_equal(CreateVssExamineWriterMetadataInternal(no_xml, &loaded), VSS_E_INVALID_XML_DOCUMENT);
    assert_int_equal(CreateVssExamineWriterMetadataInternal(other, &loaded), VSS_E_INVALID_XML_DOCUMENT);
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
                                                      &writer_restore, &reboot, &n), S_FALSE);
    assert_int_equal(method, VSS_RME_UNDEFINED);
    assert_int_equal(n, 0);
}

/* ---- IVssWriterComponents and IVssComponent ---- */

struct handler {
    struct bcd *bcd;
    struct bcd_writer *writer;
    struct components_lease *lease;
    struct writer_components *components;
    IVssComponentEx2 *c;
};

static struct handler handler_begin(enum components_access access)
{
    static const GUID writer_id = { .Data1 = 1 }, instance_id = { .Data1 = 2 };
    struct handler h = { .bcd = bcd_new() };
    IVssWriterComponents *face;
    IVssComponent *component;

    h.writer = bcd_add_writer(h.bcd, &writer_id, &instance_id, NULL, 0);
    bcd_add_component(h.writer, VSS_CT_FILEGROUP, "p", "c");
    h.lease = components_lease_new(access, NULL);
    h.components = writer_components_new(h.lease, h.writer);
    face = writer_components_face(h.components);
    assert_int_equal(face->lpVtbl->GetComponent(face, 0, &component), S_OK);
    assert_int_equal(component->lpVtbl->QueryInterface(component, &IID_IVssComponentEx2,
                                                       (void **)&h.c), S_OK);
    component->lpVtbl->Release(component);
    return h;
}

static struct bcd_component *stored(struct handler *h)
{
    return h->writer->components.items[0];
}

static void handler_end(struct handler *h)
{
    components_lease_end(h->lease);
    bcd_free(h->bcd);
    writer_components_free(h->components);
    h->c->lpVtbl->Release(h->c);
}

static void a_writer_finds_its_components(void **state)
{
    struct handler h = handler_begin(COMPONENTS_PREPARE_BACKUP);
    IVssWriterComponents *face = writer_components_face(h.components);
    struct writer_components *empty;
    IVssComponent *component;
    VSS_ID instance, writer;
    VSS_COMPONENT_TYPE type;
    BSTR text;
    UINT n;

    (void)state;
    assert_int_equal(face->lpVtbl->GetComponentCount(face, &n), S_OK);
    assert_int_equal(n, 1);
    assert_int_equal(face->lpVtbl->GetComponentCount(face, NULL), E_INVALIDARG);
    assert_int_equal(face->lpVtbl->GetWriterInfo(face, &instance, &writer), S_OK);
    assert_int_equal(instance.Data1, 2);
    assert_int_equal(writer.Data1, 1);
    assert_int_equal(face->lpVtbl->GetWriterInfo(face, NULL, &writer), E_INVALIDARG);
    assert_int_equal(face->lpVtbl->GetComponent(face, 1, &component), VSS_E_OBJECT_NOT_FOUND);
    assert_null(component);
    assert_int_equal(face->lpVtbl->GetComponent(face, 0, NULL), E_INVALIDARG);
    assert_int_equal(h.c->lpVtbl->GetLogicalPath(h.c, &text), S_OK);
    expect_text(text, "p");
    assert_int_equal(h.c->lpVtbl->GetComponentName(h.c, &text), S_OK);
    expect_text(text, "c");
    assert_int_equal(h.c->lpVtbl->GetComponentType(h.c, &type), S_OK);
    assert_int_equal(type, VSS_CT_FILEGROUP);
    assert_int_equal(h.c->lpVtbl->GetComponentType(h.c, NULL), E_INVALIDARG);

    empty = writer_components_new_empty(h.lease, &writer, &instance);
    face = writer_components_face(empty);
    assert_int_equal(face->lpVtbl->GetComponentCount(face, &n), S_OK);
    assert_int_equal(n, 0);
    assert_int_equal(face->lpVtbl->GetComponent(face, 0, &component), VSS_E_OBJECT_NOT_FOUND);
    writer_components_free(empty);
    handler_end(&h);
}

/* The setters of writer-notes, section 6, by the handlers in which they work. */
enum setter {
    SET_BACKUP_METADATA, SET_BACKUP_STAMP, ADD_PARTIAL, ADD_DIFFERENCED, SET_PREPARE_MSG,
    SET_POST_SNAPSHOT_MSG, SET_RESTORE_METADATA, SET_RESTORE_TARGET, ADD_DIRECTED, SET_PRE_RESTORE_MSG,
    SET_POST_RESTORE_MSG, SET_FAILURE, N_SETTERS
};

static HRESULT call_setter(IVssComponentEx2 *c, enum setter setter)
{
    FILETIME time = { 1, 2 };

    switch (setter) {
    case SET_BACKUP_METADATA: return c->lpVtbl->SetBackupMetadata(c, L"x");
    case SET_BACKUP_STAMP: return c->lpVtbl->SetBackupStamp(c, L"x");
    case ADD_PARTIAL: return c->lpVtbl->AddPartialFile(c, L"C:\\d", L"f", L"0:1", NULL);
    case ADD_DIFFERENCED:
        return c->lpVtbl->AddDifferencedFilesByLastModifyTime(c, L"C:\\d", L"*", TRUE, time);
    case SET_PREPARE_MSG: return c->lpVtbl->SetPrepareForBackupFailureMsg(c, L"x");
    case SET_POST_SNAPSHOT_MSG: return c->lpVtbl->SetPostSnapshotFailureMsg(c, L"x");
    case SET_RESTORE_METADATA: return c->lpVtbl->SetRestoreMetadata(c, L"x");
    case SET_RESTORE_TARGET: return c->lpVtbl->SetRestoreTarget(c, VSS_RT_DIRECTED);
    case ADD_DIRECTED:
        return c->lpVtbl->AddDirectedTarget(c, L"C:\\s", L"f", L"0:1", L"D:\\s", L"g", L"5:1");
    case SET_PRE_RESTORE_MSG: return c->lpVtbl->SetPreRestoreFailureMsg(c, L"x");
    case SET_POST_RESTORE_MSG: return c->lpVtbl->SetPostRestoreFailureMsg(c, L"x");
    default:
        return c->lpVtbl->SetFailure(c, VSS_E_WRITERERROR_RETRYABLE, E_FAIL, L"why", 0);
    }
}

static void setters_work_in_their_handlers_and_nowhere_else(void **state)
{
    static const char *const allowed[] = {
        /* a column a setter, in the order of the enumeration */
        [COMPONENTS_REQUESTER_BACKUP] =  "------------",
        [COMPONENTS_REQUESTER_RESTORE] = "------------",
        [COMPONENTS_PREPARE_BACKUP] =    "yyyyy------y",
        [COMPONENTS_POST_SNAPSHOT] =     "yyyy-y-----y",
        [COMPONENTS_BACKUP_COMPLETE] =   "-----------y",
        [COMPONENTS_PRE_RESTORE] =       "------yyyy-y",
        [COMPONENTS_POST_RESTORE] =      "----------yy",
    };

    (void)state;
    for (size_t access = 0; access < sizeof(allowed) / sizeof(allowed[0]); access++) {
        struct handler h = handler_begin((enum components_access)access);

        for (size_t setter = 0; setter < N_SETTERS; setter++) {
            HRESULT expected = allowed[access][setter] == 'y' ? S_OK : VSS_E_BAD_STATE;

            assert_int_equal(call_setter(h.c, (enum setter)setter), expected);
        }
        handler_end(&h);
    }
}

static void setters_refuse_arguments_that_make_no_sense(void **state)
{
    struct handler h = handler_begin(COMPONENTS_PREPARE_BACKUP);
    IVssComponentEx2 *c = h.c;
    FILETIME time = { 0 };

    (void)state;
    assert_int_equal(c->lpVtbl->SetBackupMetadata(c, NULL), E_INVALIDARG);
    assert_int_equal(c->lpVtbl->SetBackupMetadata(c, L"one"), S_OK);
    assert_int_equal(c->lpVtbl->SetBackupMetadata(c, L"two"), VSS_E_OBJECT_ALREADY_EXISTS);
    assert_string_equal(stored(&h)->backup_metadata, "one");
    assert_int_equal(c->lpVtbl->SetBackupStamp(c, L"one"), S_OK);
    assert_int_equal(c->lpVtbl->SetBackupStamp(c, L"two"), S_OK);
    assert_string_equal(stored(&h)->backup_stamp, "two");
    assert_int_equal(c->lpVtbl->AddPartialFile(c, NULL, L"f", L"0:1", NULL), E_INVALIDARG);
    assert_int_equal(c->lpVtbl->AddPartialFile(c, L"C:\\", L"f*", L"0:1", NULL), E_INVALIDARG);
    assert_int_equal(c->lpVtbl->AddPartialFile(c, L"C:\\", L"f", NULL, NULL), E_INVALIDARG);
    assert_int_equal(c->lpVtbl->AddDifferencedFilesByLastModifyTime(c, NULL, L"*", TRUE, time),
                     E_INVALIDARG);
    assert_int_equal(c->lpVtbl->AddDifferencedFilesByLastModifyLSN(c, L"C:\\", L"*", TRUE, NULL),
                     E_NOTIMPL);
    assert_int_equal(c->lpVtbl->SetRestoreTarget(c, VSS_RT_UNDEFINED), E_INVALIDARG);
    assert_int_equal(c->lpVtbl->AddDirectedTarget(c, L"C:\\", L"*", L"0:1", L"D:\\", L"g", L"0:1"),
                     E_INVALIDARG);
    assert_int_equal(c->lpVtbl->SetFailure(c, E_FAIL, 0, NULL, 0), E_INVALIDARG);
    handler_end(&h);
}

typedef HRESULT text_getter(IVssComponentEx2 *, BSTR *);

static void texts_are_s_false_until_somebody_says_them(void **state)
{
    struct handler h = handler_begin(COMPONENTS_POST_RESTORE);
    IVssComponentEx2 *c = h.c;
    struct bcd_component *s = stored(&h);
    const struct {
        text_getter *get;
        char **field;
    } texts[] = {
        { c->lpVtbl->GetBackupMetadata, &s->backup_metadata },
        { c->lpVtbl->GetRestoreMetadata, &s->restore_metadata },
        { c->lpVtbl->GetPreRestoreFailureMsg, &s->pre_restore_failure_msg },
        { c->lpVtbl->GetPostRestoreFailureMsg, &s->post_restore_failure_msg },
        { c->lpVtbl->GetBackupStamp, &s->backup_stamp },
        { c->lpVtbl->GetPreviousBackupStamp, &s->previous_backup_stamp },
        { c->lpVtbl->GetBackupOptions, &s->backup_options },
        { c->lpVtbl->GetRestoreOptions, &s->restore_options },
        { c->lpVtbl->GetPrepareForBackupFailureMsg, &s->prepare_backup_failure_msg },
        { c->lpVtbl->GetPostSnapshotFailureMsg, &s->post_snapshot_failure_msg },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        BSTR text = (BSTR)(void *)&text;

        assert_int_equal(texts[i].get(c, NULL), E_INVALIDARG);
        assert_int_equal(texts[i].get(c, &text), S_FALSE);
        assert_null(text);
        bcd_set_text(texts[i].field, "said");
        assert_int_equal(texts[i].get(c, &text), S_OK);
        expect_text(text, "said");
    }
    handler_end(&h);
}

static void what_a_restore_needs_is_told_in_a_restore(void **state)
{
    struct handler h = handler_begin(COMPONENTS_PRE_RESTORE);
    struct handler backup = handler_begin(COMPONENTS_BACKUP_COMPLETE);
    IVssComponentEx2 *c = h.c;
    VSS_FILE_RESTORE_STATUS status;
    VSS_RESTORE_TARGET target;
    VSS_ROLLFORWARD_TYPE type;
    boolean yes = true;
    BSTR text;

    (void)state;
    assert_int_equal(c->lpVtbl->IsSelectedForRestore(c, &yes), S_OK);
    assert_false(yes);
    stored(&h)->selected_for_restore = BCD_YES;
    assert_int_equal(c->lpVtbl->IsSelectedForRestore(c, &yes), S_OK);
    assert_true(yes);
    assert_int_equal(c->lpVtbl->IsSelectedForRestore(c, NULL), E_INVALIDARG);
    assert_int_equal(c->lpVtbl->GetAdditionalRestores(c, &yes), S_FALSE);
    assert_false(yes);
    stored(&h)->additional_restores = BCD_YES;
    assert_int_equal(c->lpVtbl->GetAdditionalRestores(c, &yes), S_OK);
    assert_true(yes);
    assert_int_equal(c->lpVtbl->GetRestoreTarget(c, &target), S_OK);
    assert_int_equal(target, VSS_RT_ORIGINAL);
    stored(&h)->restore_status = VSS_RS_ALL;
    assert_int_equal(c->lpVtbl->GetFileRestoreStatus(c, &status), S_OK);
    assert_int_equal(status, VSS_RS_ALL);
    assert_int_equal(c->lpVtbl->GetAuthoritativeRestore(c, &yes), S_OK);
    assert_false(yes);
    stored(&h)->roll_forward = VSS_RF_PARTIAL;
    bcd_set_text(&stored(&h)->roll_forward_point, "noon");
    assert_int_equal(c->lpVtbl->GetRollForward(c, &type, &text), S_OK);
    expect_text(text, "noon");
    assert_int_equal(c->lpVtbl->GetRollForward(c, NULL, &text), E_INVALIDARG);

    c = backup.c;
    assert_int_equal(c->lpVtbl->IsSelectedForRestore(c, &yes), VSS_E_BAD_STATE);
    assert_int_equal(c->lpVtbl->GetFileRestoreStatus(c, &status), VSS_E_BAD_STATE);
    assert_int_equal(c->lpVtbl->GetBackupSucceeded(c, &yes), S_FALSE);
    stored(&backup)->backup_succeeded = BCD_YES;
    assert_int_equal(c->lpVtbl->GetBackupSucceeded(c, &yes), S_OK);
    assert_true(yes);
    handler_end(&backup);
    handler_end(&h);
}

static void lists_are_told_entry_by_entry(void **state)
{
    static const char *const target[6] = { "1", "2", "3", "4", "5", "6" };
    struct handler h = handler_begin(COMPONENTS_REQUESTER_RESTORE);
    IVssComponentEx2 *c = h.c;
    struct bcd_component *s = stored(&h);
    BSTR t[6];
    IVssWMFiledesc *file;
    FILETIME time;
    boolean repair;
    BOOL recursive;
    UINT n;

    (void)state;
    bcd_add_partial_file(s, "C:\\d", "f", "0:1", NULL);
    assert_int_equal(c->lpVtbl->GetPartialFileCount(c, &n), S_OK);
    assert_int_equal(n, 1);
    assert_int_equal(c->lpVtbl->GetPartialFile(c, 0, &t[0], &t[1], &t[2], &t[3]), S_OK);
    expect_text(t[0], "C:\\d");
    expect_text(t[1], "f");
    expect_text(t[2], "0:1");
    assert_null(t[3]);
    assert_int_equal(c->lpVtbl->GetPartialFile(c, 1, &t[0], &t[1], &t[2], &t[3]), VSS_E_OBJECT_NOT_FOUND);
    assert_int_equal(c->lpVtbl->GetPartialFile(c, 0, &t[0], NULL, &t[2], &t[3]), E_INVALIDARG);

    bcd_add_differenced_file(s, "C:\\d", "*", true, UINT64_C(0x200000001));
    assert_int_equal(c->lpVtbl->GetDifferencedFilesCount(c, &n), S_OK);
    assert_int_equal(n, 1);
    assert_int_equal(c->lpVtbl->GetDifferencedFile(c, 0, &t[0], &t[1], &recursive, &t[2], &time), S_OK);
    expect_text(t[0], "C:\\d");
    expect_text(t[1], "*");
    assert_true(recursive);
    assert_int_equal(time.dwHighDateTime, 2);
    assert_int_equal(time.dwLowDateTime, 1);
    assert_int_equal(c->lpVtbl->GetDifferencedFile(c, 1, &t[0], &t[1], &recursive, NULL, &time),
                     VSS_E_OBJECT_NOT_FOUND);
    assert_int_equal(c->lpVtbl->GetDifferencedFile(c, 0, &t[0], &t[1], NULL, NULL, &time), E_INVALIDARG);

    bcd_add_directed_target(s, target);
    assert_int_equal(c->lpVtbl->GetDirectedTargetCount(c, &n), S_OK);
    assert_int_equal(c->lpVtbl->GetDirectedTarget(c, 0, &t[0], &t[1], &t[2], &t[3], &t[4], &t[5]), S_OK);
    for (int i = 0; i < 6; i++)
        expect_text(t[i], target[i]);
    assert_int_equal(c->lpVtbl->GetDirectedTarget(c, 1, &t[0], &t[1], &t[2], &t[3], &t[4], &t[5]),
                     VSS_E_OBJECT_NOT_FOUND);
    assert_int_equal(c->lpVtbl->GetDirectedTarget(c, 0, &t[0], &t[1], &t[2], &t[3], &t[4], NULL),
                     E_INVALIDARG);

    bcd_add_subcomponent(s, "p\\c", "sub", true);
    assert_int_equal(c->lpVtbl->GetRestoreSubcomponentCount(c, &n), S_OK);
    assert_int_equal(c->lpVtbl->GetRestoreSubcomponent(c, 0, &t[0], &t[1], &repair), S_OK);
    expect_text(t[0], "p\\c");
    expect_text(t[1], "sub");
    assert_true(repair);
    assert_int_equal(c->lpVtbl->GetRestoreSubcomponent(c, 1, &t[0], &t[1], &repair),
                     VSS_E_OBJECT_NOT_FOUND);
    assert_int_equal(c->lpVtbl->GetRestoreSubcomponent(c, 0, &t[0], &t[1], NULL), E_INVALIDARG);

    filespecs_add(&s->alternate_mappings, "C:\\a", "*", false, "D:\\a", MASK);
    filespecs_add(&s->new_targets, "C:\\b", "*", false, "D:\\b", MASK);
    assert_int_equal(c->lpVtbl->GetAlternateLocationMappingCount(c, &n), S_OK);
    assert_int_equal(n, 1);
    assert_int_equal(c->lpVtbl->GetAlternateLocationMapping(c, 0, &file), S_OK);
    expect_filedesc(file, "C:\\a", "*", "D:\\a", MASK);
    assert_int_equal(c->lpVtbl->GetAlternateLocationMapping(c, 1, &file), VSS_E_OBJECT_NOT_FOUND);
    assert_int_equal(c->lpVtbl->GetNewTargetCount(c, &n), S_OK);
    assert_int_equal(c->lpVtbl->GetNewTargetCount(c, NULL), E_INVALIDARG);
    assert_int_equal(c->lpVtbl->GetNewTarget(c, 0, &file), S_OK);
    expect_filedesc(file, "C:\\b", "*", "D:\\b", MASK);
    assert_int_equal(c->lpVtbl->GetNewTarget(c, 1, &file), VSS_E_OBJECT_NOT_FOUND);
    assert_int_equal(c->lpVtbl->GetNewTarget(c, 0, NULL), E_INVALIDARG);
    handler_end(&h);
}

static void a_component_failure_is_read_back_in_a_backup(void **state)
{
    struct handler h = handler_begin(COMPONENTS_POST_SNAPSHOT);
    struct handler restore = handler_begin(COMPONENTS_REQUESTER_RESTORE);
    HRESULT hr, application;
    BSTR message;
    DWORD reserved;

    (void)state;
    assert_int_equal(h.c->lpVtbl->SetFailure(h.c, VSS_E_WRITERERROR_TIMEOUT, E_ABORT, L"why", 0), S_OK);
    assert_int_equal(h.c->lpVtbl->GetFailure(h.c, &hr, &application, &message, &reserved), S_OK);
    assert_int_equal(hr, VSS_E_WRITERERROR_TIMEOUT);
    assert_int_equal(application, E_ABORT);
    expect_text(message, "why");
    assert_int_equal(h.c->lpVtbl->GetFailure(h.c, &hr, &application, &message, NULL), E_INVALIDARG);
    assert_int_equal(restore.c->lpVtbl->GetFailure(restore.c, &hr, &application, &message, &reserved),
                     VSS_E_BAD_STATE);
    handler_end(&restore);
    handler_end(&h);
}

static void objects_of_an_ended_lease_touch_nothing(void **state)
{
    struct handler h = handler_begin(COMPONENTS_PREPARE_BACKUP);
    IVssWriterComponents *face = writer_components_face(h.components);
    IVssComponentEx2 *c = h.c;
    IVssComponent *component;
    IVssWMFiledesc *file;
    VSS_ID id;
    BSTR text;
    UINT n = 7;

    (void)state;
    components_lease_end(h.lease);
    bcd_free(h.bcd);      /* Valgrind and ASan see any later access */
    assert_int_equal(face->lpVtbl->GetComponentCount(face, &n), VSS_E_BAD_STATE);
    assert_int_equal(n, 0);
    assert_int_equal(face->lpVtbl->GetWriterInfo(face, &id, &id), VSS_E_BAD_STATE);
    assert_int_equal(face->lpVtbl->GetComponent(face, 0, &component), VSS_E_BAD_STATE);
    assert_int_equal(c->lpVtbl->GetComponentName(c, &text), VSS_E_BAD_STATE);
    assert_null(text);
    assert_int_equal(c->lpVtbl->GetPartialFileCount(c, &n), VSS_E_BAD_STATE);
    assert_int_equal(c->lpVtbl->GetNewTarget(c, 0, &file), VSS_E_BAD_STATE);
    assert_null(file);
    for (size_t setter = 0; setter < N_SETTERS; setter++)
        assert_int_equal(call_setter(c, (enum setter)setter), VSS_E_BAD_STATE);
    writer_components_free(h.components);
    c->lpVtbl->Release(c);
}

static void a_requesters_object_is_two_tables_and_counts_references(void **state)
{
    struct handler h = handler_begin(COMPONENTS_REQUESTER_BACKUP);
    IVssWriterComponentsExt *ext;
    IVssComponent *component;
    IUnknown *unknown, *same;
    UINT n;

    (void)state;
    writer_components_ext_new(h.lease, h.writer, &ext);
    unknown = writer_components_ext_unknown(ext);
    assert_int_equal(unknown->lpVtbl->QueryInterface(unknown, &IID_IUnknown, (void **)&same), S_OK);
    assert_ptr_equal(same, unknown);
    assert_int_equal(same->lpVtbl->Release(same), 1);
    assert_int_equal(ext->lpVtbl->GetComponentCount(ext, &n), S_OK);
    assert_int_equal(n, 1);
    assert_int_equal(ext->lpVtbl->GetComponent(ext, 0, &component), S_OK);
    component->lpVtbl->Release(component);
    assert_int_equal(ext->lpVtbl->GetComponent(ext, 1, &component), VSS_E_OBJECT_NOT_FOUND);
    assert_int_equal(unknown->lpVtbl->Release(unknown), 0);
    handler_end(&h);
}

#define FACE_TEST(name) cmocka_unit_test_setup_teardown(name, NULL, nothing_is_left)

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
        FACE_TEST(a_writer_finds_its_components),
        FACE_TEST(setters_work_in_their_handlers_and_nowhere_else),
        FACE_TEST(setters_refuse_arguments_that_make_no_sense),
        FACE_TEST(texts_are_s_false_until_somebody_says_them),
        FACE_TEST(what_a_restore_needs_is_told_in_a_restore),
        FACE_TEST(lists_are_told_entry_by_entry),
        FACE_TEST(a_component_failure_is_read_back_in_a_backup),
        FACE_TEST(objects_of_an_ended_lease_touch_nothing),
        FACE_TEST(a_requesters_object_is_two_tables_and_counts_references),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
