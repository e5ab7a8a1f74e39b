/* SPDX-License-Identifier: MIT */
/* The objects that show documents, on a machine that is not well: no memory, a damaged document, an
 * error inside. Learn: the page of each method. */
#include "conditions.h"

#include <string.h>

#define USUAL(itf, object, method, ...) \
    MEMORY_DOCUMENT_INTERNAL(stage->world, itf, method, call(object, method, ##__VA_ARGS__))

static bool depend(struct stage *stage, const char *event, IVssCreateWriterMetadata *m,
                   IVssWriterComponents *components)
{
    const VSS_ID other = { 0x0715, 1, 2, { 3 } };

    (void)stage, (void)components;
    if (strcmp(event, "Identify") == 0)
        MUST(call(m, AddComponentDependency, NULL, stage_files_name, other, NULL, L"base"));
    return true;
}

static void the_writers_document(struct stage *stage, IVssExamineWriterMetadataEx2 *m)
{
    VSS_RESTOREMETHOD_ENUM method;
    VSS_WRITERRESTORE_ENUM participation;
    VSS_ID instance, writer;
    VSS_USAGE_TYPE usage;
    VSS_SOURCE_TYPE source;
    BSTR a = NULL, b = NULL, xml = NULL;
    IVssWMComponent *component = NULL;
    IVssWMFiledesc *file = NULL;
    boolean reboot;
    DWORD mask;
    UINT n;

    MUST(call(m, SaveAsXML, &xml));
    USUAL(IVssExamineWriterMetadata, m, GetIdentity, &instance, &writer, &a, &usage, &source);
    USUAL(IVssExamineWriterMetadata, m, GetFileCounts, &n, &n, &n);
    USUAL(IVssExamineWriterMetadata, m, GetExcludeFile, 0, &file);
    USUAL(IVssExamineWriterMetadata, m, GetComponent, 0, &component);
    USUAL(IVssExamineWriterMetadata, m, GetRestoreMethod, &method, &a, &b, &participation, &reboot,
          &n);
    USUAL(IVssExamineWriterMetadata, m, GetAlternateLocationMapping, 0, &file);
    MEMORY(stage->world, IVssExamineWriterMetadata, GetBackupSchema,
           call(m, GetBackupSchema, &mask));
    DOCUMENT(stage->world, IVssExamineWriterMetadata, GetBackupSchema,
             call(m, GetBackupSchema, &mask));
    MEMORY_INTERNAL(stage->world, IVssExamineWriterMetadata, SaveAsXML, call(m, SaveAsXML, &a));
    USUAL(IVssExamineWriterMetadata, m, LoadFromXML, xml);
    USUAL(IVssExamineWriterMetadataEx, m, GetIdentityEx, &instance, &writer, &a, &b, &usage,
          &source);
    MEMORY_INTERNAL(stage->world, IVssExamineWriterMetadataEx2, GetVersion,
                    call(m, GetVersion, &mask, &mask));
    MEMORY_INTERNAL(stage->world, IVssExamineWriterMetadataEx2, GetExcludeFromSnapshotCount,
                    call(m, GetExcludeFromSnapshotCount, &n));
    MEMORY_INTERNAL(stage->world, IVssExamineWriterMetadataEx2, GetExcludeFromSnapshotFile,
                    call(m, GetExcludeFromSnapshotFile, 0, &file));
    EXPECT(!a && !b && !component && !file);
    SysFreeString(xml);
}

static void a_component(struct stage *stage, IVssWMComponent *c)
{
    PVSSCOMPONENTINFO info = NULL;
    IVssWMDependency *dependency = NULL;
    IVssWMFiledesc *file = NULL;

    USUAL(IVssWMComponent, c, GetComponentInfo, &info);
    USUAL(IVssWMComponent, c, GetFile, 0, &file);
    USUAL(IVssWMComponent, c, GetDatabaseFile, 0, &file);
    USUAL(IVssWMComponent, c, GetDatabaseLogFile, 0, &file);
    USUAL(IVssWMComponent, c, GetDependency, 0, &dependency);
    EXPECT(!info && !file && !dependency);
}

static void a_file_set(struct stage *stage, IVssWMFiledesc *f)
{
    BSTR text = NULL;
    boolean recursive;
    DWORD mask;

    USUAL(IVssWMFiledesc, f, GetPath, &text);
    USUAL(IVssWMFiledesc, f, GetFilespec, &text);
    USUAL(IVssWMFiledesc, f, GetRecursive, &recursive);
    USUAL(IVssWMFiledesc, f, GetAlternateLocation, &text);
    USUAL(IVssWMFiledesc, f, GetBackupTypeMask, &mask);
    EXPECT(!text);
}

static void a_dependency(struct stage *stage, IVssWMDependency *d)
{
    BSTR text = NULL;
    VSS_ID id;

    USUAL(IVssWMDependency, d, GetWriterId, &id);
    USUAL(IVssWMDependency, d, GetLogicalPath, &text);
    USUAL(IVssWMDependency, d, GetComponentName, &text);
    EXPECT(!text);
}

static void documents_of_writers_on_a_sick_machine(void)
{
    struct stage *stage = stage_open();
    IVssExamineWriterMetadata *metadata = NULL;
    IVssExamineWriterMetadataEx2 *m = NULL;
    IVssWMComponent *component = NULL;
    IVssWMDependency *dependency = NULL;
    IVssWMFiledesc *file = NULL;
    VSS_ID instance;

    stage->handler = depend;
    stage_go(stage, AT_GATHERED);
    MUST(call(stage->b, GetWriterMetadata, 0, &instance, &metadata));
    MUST(call(metadata, QueryInterface, &IID_IVssExamineWriterMetadataEx2, (void **)&m));
    the_writers_document(stage, m);
    MUST(call(m, GetComponent, 1, &component));
    a_component(stage, component);
    MUST(call(component, GetFile, 0, &file));
    a_file_set(stage, file);
    MUST(call(component, GetDependency, 0, &dependency));
    a_dependency(stage, dependency);
    call(dependency, Release);
    call(file, Release);
    call(component, Release);
    call(m, Release);
    call(metadata, Release);
    stage_close(stage);
}

static void the_function_on_a_sick_machine(void)
{
    struct stage *stage = stage_at(AT_GATHERED);
    IVssExamineWriterMetadata *metadata = NULL;
    BSTR xml = SysAllocString(L"<WRITER_METADATA/>");

#define PLAN(condition) \
    EXPECT(vssemu_plan_condition(stage->world, condition, "CreateVssExamineWriterMetadata", 1))
#define MAKE() CreateVssExamineWriterMetadata(xml, &metadata)
    PLAN(VSSEMU_LOW_MEMORY);
    SHOWS(Function, CreateVssExamineWriterMetadata, E_OUTOFMEMORY, MAKE());
    PLAN(VSSEMU_INTERNAL_ERROR);
    SHOWS(Function, CreateVssExamineWriterMetadata, VSS_E_UNEXPECTED, MAKE());
    vssemu_set_caller(stage->world, VSSEMU_USER);
    SHOWS(Function, CreateVssExamineWriterMetadata, E_ACCESSDENIED, MAKE());
    vssemu_set_caller(stage->world, VSSEMU_ADMINISTRATOR);
    EXPECT(!metadata);
    SysFreeString(xml);
    stage_close(stage);
}

static void components_of_a_document_on_a_sick_machine(void)
{
    struct stage *stage = stage_at(AT_CHOSEN);
    IVssWriterComponentsExt *components = NULL;
    IVssComponent *component = NULL;
    VSS_ID instance, writer;
    UINT n;

    MUST(call(stage->b, GetWriterComponents, 0, &components));
    MEMORY(stage->world, IVssWriterComponentsExt, GetComponentCount,
           call(components, GetComponentCount, &n));
    MEMORY(stage->world, IVssWriterComponentsExt, GetWriterInfo,
           call(components, GetWriterInfo, &instance, &writer));
    DOCUMENT(stage->world, IVssWriterComponentsExt, GetWriterInfo,
             call(components, GetWriterInfo, &instance, &writer));
    MEMORY(stage->world, IVssWriterComponentsExt, GetComponent,
           call(components, GetComponent, 0, &component));
    EXPECT(!component);
    stage_release_components(components);
    stage_close(stage);
}

int main(void)
{
    documents_of_writers_on_a_sick_machine();
    the_function_on_a_sick_machine();
    components_of_a_document_on_a_sick_machine();
    return contract_result();
}
