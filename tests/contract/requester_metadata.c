/* SPDX-License-Identifier: MIT */
/* What a requester reads of a writer: IVssExamineWriterMetadata to Ex2, IVssWMComponent,
 * IVssWMFiledesc and IVssWMDependency, from the live document and from a saved one. Learn: the page
 * of each method. */
#include "stage.h"

#include <string.h>
#include <wchar.h>

#define EXAMINE(method, code, ...) \
    SHOWS(IVssExamineWriterMetadata, method, code, call(m, method, ##__VA_ARGS__))
#define EX2(method, code, ...) \
    SHOWS(IVssExamineWriterMetadataEx2, method, code, call(m, method, ##__VA_ARGS__))
#define COMPONENT(method, code, ...) \
    SHOWS(IVssWMComponent, method, code, call(c, method, ##__VA_ARGS__))
#define FILEDESC(method, code, ...) \
    SHOWS(IVssWMFiledesc, method, code, call(f, method, ##__VA_ARGS__))
#define DEPENDENCY(method, code, ...) \
    SHOWS(IVssWMDependency, method, code, call(d, method, ##__VA_ARGS__))

static const VSS_ID other_writer = { 0x0715, 1, 2, { 3 } };

/* A text result: shows the row, compares, frees. */
#define SAYS(kind, method, expected)               \
    do {                                           \
        BSTR text_ = NULL;                         \
        kind(method, S_OK, &text_);                \
        EXPECT(text_ && !wcscmp(text_, expected)); \
        SysFreeString(text_);                      \
    } while (0)

/* The writer says all that can be said. */
static bool say_much(struct stage *stage, const char *event, IVssCreateWriterMetadata *m,
                     IVssWriterComponents *components)
{
    (void)stage, (void)components;
    if (strcmp(event, "Identify") != 0)
        return true;
    MUST(call(m, AddDatabaseLogFiles, stage_db_path, stage_db_name, L"C:\\db", L"*.log",
              VSS_FSBT_LOG_BACKUP_REQUIRED));
    MUST(call(m, AddExcludeFiles, L"C:\\files\\tmp", L"*.tmp", true));
    MUST(call(m, AddAlternateLocationMapping, L"C:\\files", L"*", true, L"C:\\elsewhere"));
    MUST(call(m, AddComponentDependency, NULL, stage_files_name, other_writer, L"a\\b", L"base"));
    MUST(call(m, SetBackupSchema, VSS_BS_COPY));
    return true;
}

static IVssExamineWriterMetadataEx2 *newest_of(IVssExamineWriterMetadata *metadata)
{
    IVssExamineWriterMetadataEx2 *m = NULL;

    MUST(call(metadata, QueryInterface, &IID_IVssExamineWriterMetadataEx2, (void **)&m));
    call(metadata, Release);
    return m;
}

static void look_at_the_writer(IVssExamineWriterMetadataEx2 *m)
{
    VSS_ID instance, writer;
    BSTR name = NULL, instance_name = NULL, xml = NULL;
    VSS_USAGE_TYPE usage;
    VSS_SOURCE_TYPE source;
    UINT n_include = 7, n_exclude = 7, n_components = 7;
    DWORD mask = 7, major = 7, minor = 7;
    IVssWMFiledesc *file = NULL;

    EXAMINE(GetIdentity, S_OK, &instance, &writer, &name, &usage, &source);
    EXPECT(memcmp(&writer, &stage_writer_id, sizeof(writer)) == 0);
    EXPECT(!wcscmp(name, L"" STAGE_WRITER_NAME));
    EXPECT(usage == VSS_UT_USERDATA && source == VSS_ST_OTHER);
    SysFreeString(name);
    EXAMINE(GetIdentity, E_INVALIDARG, &instance, NULL, &name, &usage, &source);
    SHOWS(IVssExamineWriterMetadataEx, GetIdentityEx, S_OK,
          call(m, GetIdentityEx, &instance, &writer, &name, &instance_name, &usage, &source));
    SysFreeString(name);
    SysFreeString(instance_name);
    SHOWS(IVssExamineWriterMetadataEx, GetIdentityEx, E_INVALIDARG,
          call(m, GetIdentityEx, &instance, &writer, &name, NULL, &usage, &source));
    EXAMINE(GetFileCounts, S_OK, &n_include, &n_exclude, &n_components);
    EXPECT(n_include == 0 && n_exclude == 1 && n_components == 2);
    EXAMINE(GetFileCounts, E_INVALIDARG, &n_include, &n_exclude, NULL);
    EXAMINE(GetIncludeFile, E_NOTIMPL, 0, &file);
    EXAMINE(GetDocument, E_NOTIMPL, &(IXMLDOMDocument *){ NULL });
    EXAMINE(GetBackupSchema, S_OK, &mask);
    EXPECT(mask == VSS_BS_COPY);
    EXAMINE(GetBackupSchema, E_INVALIDARG, NULL);
    EXAMINE(SaveAsXML, S_OK, &xml);
    EXPECT(xml && wcsstr(xml, L"" STAGE_WRITER_NAME));
    SysFreeString(xml);
    EXAMINE(SaveAsXML, E_INVALIDARG, NULL);
    EX2(GetVersion, S_OK, &major, &minor);
    EXPECT(major == 0 && minor == 0); /* the writer named none */
    EX2(GetVersion, E_INVALIDARG, NULL, &minor);
}

static void look_at_the_restore_method(IVssExamineWriterMetadataEx2 *m)
{
    VSS_RESTOREMETHOD_ENUM method;
    VSS_WRITERRESTORE_ENUM participation;
    BSTR service = NULL, procedure = NULL;
    boolean reboot = TRUE;
    UINT n = 7;

    EXAMINE(GetRestoreMethod, S_OK, &method, &service, &procedure, &participation, &reboot, &n);
    EXPECT(method == VSS_RME_RESTORE_IF_CAN_REPLACE && participation == VSS_WRE_ALWAYS);
    EXPECT(!service && !procedure && !reboot && n == 1);
    EXAMINE(GetRestoreMethod, E_INVALIDARG, &method, &service, &procedure, &participation, &reboot,
            NULL);
}

/* ---- file sets ---- */

static void look_at_lists(IVssExamineWriterMetadataEx2 *m)
{
    IVssWMFiledesc *f = NULL;
    boolean recursive = FALSE;
    UINT n = 7;

    EXAMINE(GetExcludeFile, E_INVALIDARG, 0, NULL);
    EXAMINE(GetExcludeFile, VSS_E_OBJECT_NOT_FOUND, 1, &f);
    EXAMINE(GetExcludeFile, S_OK, 0, &f);
    SAYS(FILEDESC, GetPath, L"C:\\files\\tmp");
    SAYS(FILEDESC, GetFilespec, L"*.tmp");
    FILEDESC(GetRecursive, S_OK, &recursive);
    EXPECT(recursive);
    call(f, Release);
    EXAMINE(GetAlternateLocationMapping, E_INVALIDARG, 0, NULL);
    EXAMINE(GetAlternateLocationMapping, VSS_E_OBJECT_NOT_FOUND, 1, &f);
    EXAMINE(GetAlternateLocationMapping, S_OK, 0, &f);
    SAYS(FILEDESC, GetAlternateLocation, L"C:\\elsewhere");
    call(f, Release);
    EX2(GetExcludeFromSnapshotCount, E_INVALIDARG, NULL);
    EX2(GetExcludeFromSnapshotCount, S_OK, &n);
    EXPECT(n == 0);
    EX2(GetExcludeFromSnapshotFile, E_INVALIDARG, 0, &f); /* the only code for what is not there */
}

static void look_at_a_database_file(IVssWMComponent *c)
{
    IVssWMFiledesc *f = NULL;
    BSTR text = (BSTR)L"x";
    boolean recursive = TRUE;
    DWORD mask = 7;

    COMPONENT(GetDatabaseFile, E_INVALIDARG, 0, NULL);
    COMPONENT(GetDatabaseFile, VSS_E_OBJECT_NOT_FOUND, 1, &f);
    COMPONENT(GetDatabaseFile, S_OK, 0, &f);
    FILEDESC(GetPath, E_INVALIDARG, NULL);
    FILEDESC(GetFilespec, E_INVALIDARG, NULL);
    FILEDESC(GetRecursive, E_INVALIDARG, NULL);
    FILEDESC(GetRecursive, S_OK, &recursive);
    EXPECT(!recursive);
    FILEDESC(GetAlternateLocation, E_INVALIDARG, NULL);
    FILEDESC(GetAlternateLocation, S_FALSE, &text);
    EXPECT(!text);
    FILEDESC(GetBackupTypeMask, E_INVALIDARG, NULL);
    FILEDESC(GetBackupTypeMask, S_OK, &mask);
    EXPECT(mask == 0xf0f);
    call(f, Release);
    COMPONENT(GetDatabaseLogFile, E_INVALIDARG, 0, NULL);
    COMPONENT(GetDatabaseLogFile, VSS_E_OBJECT_NOT_FOUND, 1, &f);
    COMPONENT(GetDatabaseLogFile, S_OK, 0, &f);
    MUST(call(f, GetBackupTypeMask, &mask));
    EXPECT(mask == VSS_FSBT_LOG_BACKUP_REQUIRED);
    call(f, Release);
}

static void look_at_the_database(IVssExamineWriterMetadataEx2 *m)
{
    IVssWMComponent *c = NULL;
    PVSSCOMPONENTINFO info = NULL;

    EXAMINE(GetComponent, E_INVALIDARG, 0, NULL);
    EXAMINE(GetComponent, VSS_E_OBJECT_NOT_FOUND, 2, &c);
    EXAMINE(GetComponent, S_OK, 0, &c);
    COMPONENT(GetComponentInfo, E_INVALIDARG, NULL);
    COMPONENT(GetComponentInfo, S_OK, &info);
    EXPECT(info->type == VSS_CT_DATABASE && info->bSelectable);
    EXPECT(!wcscmp(info->bstrLogicalPath, stage_db_path));
    EXPECT(!wcscmp(info->bstrComponentName, stage_db_name));
    EXPECT(info->cFileCount == 0 && info->cDatabases == 1 && info->cLogFiles == 1);
    EXPECT(info->cDependencies == 0);
    COMPONENT(FreeComponentInfo, S_OK, info);
    look_at_a_database_file(c);
    call(c, Release);
}

static void look_at_a_dependency(IVssWMComponent *c)
{
    IVssWMDependency *d = NULL;
    VSS_ID writer;

    COMPONENT(GetDependency, E_INVALIDARG, 0, NULL);
    COMPONENT(GetDependency, VSS_E_OBJECT_NOT_FOUND, 1, &d);
    COMPONENT(GetDependency, S_OK, 0, &d);
    DEPENDENCY(GetWriterId, S_OK, &writer);
    EXPECT(memcmp(&writer, &other_writer, sizeof(writer)) == 0);
    DEPENDENCY(GetWriterId, E_INVALIDARG, NULL);
    SAYS(DEPENDENCY, GetLogicalPath, L"a\\b");
    DEPENDENCY(GetLogicalPath, E_INVALIDARG, NULL);
    SAYS(DEPENDENCY, GetComponentName, L"base");
    DEPENDENCY(GetComponentName, E_INVALIDARG, NULL);
    call(d, Release);
}

static void look_at_the_files(IVssExamineWriterMetadataEx2 *m)
{
    IVssWMComponent *c = NULL;
    IVssWMFiledesc *f = NULL;

    EXAMINE(GetComponent, S_OK, 1, &c);
    COMPONENT(GetFile, E_INVALIDARG, 0, NULL);
    COMPONENT(GetFile, VSS_E_OBJECT_NOT_FOUND, 1, &f);
    COMPONENT(GetFile, S_OK, 0, &f);
    SAYS(FILEDESC, GetPath, L"C:\\files");
    call(f, Release);
    look_at_a_dependency(c);
    call(c, Release);
}

static void look_at_everything(IVssExamineWriterMetadataEx2 *m)
{
    look_at_the_writer(m);
    look_at_the_restore_method(m);
    look_at_lists(m);
    look_at_the_database(m);
    look_at_the_files(m);
}

static void a_live_document_and_a_saved_one_say_the_same(void)
{
    struct stage *stage = stage_open();
    IVssExamineWriterMetadata *metadata = NULL, *saved = NULL;
    IVssExamineWriterMetadataEx2 *m;
    VSS_ID instance;
    BSTR xml = NULL;

    stage->handler = say_much;
    stage_go(stage, AT_GATHERED);
    MUST(call(stage->b, GetWriterMetadata, 0, &instance, &metadata));
    m = newest_of(metadata);
    look_at_everything(m);
    MUST(call(m, SaveAsXML, &xml));
    call(m, Release);
    SHOWS(Function, CreateVssExamineWriterMetadata, S_OK,
          CreateVssExamineWriterMetadata(xml, &saved));
    SysFreeString(xml); /* the document was copied */
    m = newest_of(saved);
    look_at_everything(m);
    call(m, Release);
    stage_close(stage);
}

/* ---- documents that say little, or nothing ---- */

#define DOCUMENT(inside)                                                            \
    L"<WRITER_METADATA version=\"1.1\"><IDENTIFICATION "                            \
    L"writerId=\"5ca1ab1e-57a6-4e00-b0a2-0c0ffee0c0de\" "                           \
    L"instanceId=\"00000000-0000-0000-0000-000000000001\" friendlyName=\"Little\" " \
    L"usage=\"OTHER\" "                                                             \
    L"dataSource=\"OTHER\"/>" inside L"</WRITER_METADATA>"

static IVssExamineWriterMetadataEx2 *examine(const WCHAR *text)
{
    IVssExamineWriterMetadata *metadata = NULL;
    BSTR xml = SysAllocString(text);

    MUST(CreateVssExamineWriterMetadata(xml, &metadata));
    SysFreeString(xml);
    return newest_of(metadata);
}

static void a_document_may_have_no_restore_method(void)
{
    IVssExamineWriterMetadataEx2 *m = examine(DOCUMENT(L""));
    VSS_RESTOREMETHOD_ENUM method = VSS_RME_CUSTOM;
    VSS_WRITERRESTORE_ENUM participation;
    BSTR service = NULL, procedure = NULL;
    boolean reboot = TRUE;
    UINT n = 7;

    EXAMINE(GetRestoreMethod, S_FALSE, &method, &service, &procedure, &participation, &reboot, &n);
    EXPECT(method == VSS_RME_UNDEFINED && !service && !procedure && n == 0);
    call(m, Release);
}

static void files_may_be_kept_out_of_the_copy(void)
{
    IVssExamineWriterMetadataEx2 *m = examine(DOCUMENT(
        L"<BACKUP_LOCATIONS><EXCLUDE_FILES_FROM_SNAPSHOT path=\"C:\\cache\" filespec=\"*\" "
        L"recursive=\"yes\"/></BACKUP_LOCATIONS>"));
    IVssWMFiledesc *f = NULL;
    UINT n = 0;

    EX2(GetExcludeFromSnapshotCount, S_OK, &n);
    EXPECT(n == 1);
    EX2(GetExcludeFromSnapshotFile, S_OK, 0, &f);
    SAYS(FILEDESC, GetPath, L"C:\\cache");
    call(f, Release);
    call(m, Release);
}

static void a_dependency_may_name_no_writer(void)
{
    IVssExamineWriterMetadataEx2 *m = examine(DOCUMENT(
        L"<BACKUP_LOCATIONS><FILE_GROUP componentName=\"a\" selectable=\"yes\"><DEPENDENCY "
        L"writerId=\"00000000-0000-0000-0000-000000000000\" componentName=\"b\"/></FILE_GROUP>"
        L"</BACKUP_LOCATIONS>"));
    IVssWMComponent *c = NULL;
    IVssWMDependency *d = NULL;
    BSTR text = NULL;
    VSS_ID id;

    MUST(call(m, GetComponent, 0, &c));
    MUST(call(c, GetDependency, 0, &d));
    DEPENDENCY(GetWriterId, S_FALSE, &id);
    DEPENDENCY(GetLogicalPath, S_FALSE, &text);
    SysFreeString(text);
    DEPENDENCY(GetComponentName, S_FALSE, &text);
    SysFreeString(text);
    call(d, Release);
    call(c, Release);
    call(m, Release);
}

static void what_is_no_document_is_refused(void)
{
    IVssExamineWriterMetadata *metadata = NULL;
    IVssExamineWriterMetadataEx2 *m = examine(DOCUMENT(L""));
    BSTR wrong = SysAllocString(L"<SOMETHING/>"), broken = SysAllocString(L"<SOME"),
         other = SysAllocString(DOCUMENT(L"<BACKUP_LOCATIONS><FILE_GROUP componentName=\"a\" "
                                         L"selectable=\"yes\"/></BACKUP_LOCATIONS>"));
    UINT n = 0;

    SHOWS(Function, CreateVssExamineWriterMetadata, E_INVALIDARG,
          CreateVssExamineWriterMetadata(NULL, &metadata));
    SHOWS(Function, CreateVssExamineWriterMetadata, E_INVALIDARG,
          CreateVssExamineWriterMetadata(other, NULL));
    SHOWS(Function, CreateVssExamineWriterMetadata, VSS_E_INVALID_XML_DOCUMENT,
          CreateVssExamineWriterMetadata(wrong, &metadata));
    SHOWS(Function, CreateVssExamineWriterMetadata, VSS_E_INVALID_XML_DOCUMENT,
          CreateVssExamineWriterMetadata(broken, &metadata));
    EXPECT(!metadata);
    EXAMINE(LoadFromXML, E_INVALIDARG, NULL);
    EXAMINE(LoadFromXML, S_FALSE, broken);
    EXAMINE(LoadFromXML, VSS_E_INVALID_XML_DOCUMENT, wrong);
    EXAMINE(LoadFromXML, S_OK, other);
    MUST(call(m, GetFileCounts, &n, &n, &n));
    EXPECT(n == 1);
    SysFreeString(wrong);
    SysFreeString(broken);
    SysFreeString(other);
    call(m, Release);
}

int main(void)
{
    struct stage *stage;

    a_live_document_and_a_saved_one_say_the_same();
    stage = stage_open();
    a_document_may_have_no_restore_method();
    files_may_be_kept_out_of_the_copy();
    a_dependency_may_name_no_writer();
    what_is_no_document_is_refused();
    stage_close(stage);
    return contract_result();
}
