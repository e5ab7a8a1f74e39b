/* SPDX-License-Identifier: MIT */
#include "bench/load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define call(object, method, ...) (object)->lpVtbl->method((object), ##__VA_ARGS__)
#define MUST(expression)          must((expression), #expression, __LINE__)

static void must(HRESULT hr, const char *what, int line)
{
    if (hr == S_OK)
        return;
    fprintf(stderr, "bench/load.c:%d: %s: %s\n", line, what, vssemu_result_name(hr));
    exit(1);
}

/* ---- the world ---- */

/* A writer in the form of a Test Writer file; one file set to each component, none on the disk. */
static char *writer_text(unsigned number, unsigned n_components)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    fprintf(out,
            "<TestWriter usage='USER_DATA' instanceName='instance %u'>"
            "<RestoreMethod method='RESTORE_IF_CAN_REPLACE' writerRestore='always'"
            " rebootRequired='no'/>",
            number);
    for (unsigned i = 0; i < n_components; i++)
        fprintf(out,
                "<Component componentType='filegroup' logicalPath='group %u'"
                " componentName='component %u' selectable='yes'>"
                "<ComponentFile path='C:\\data\\writer %u\\%u' filespec='*.dat'"
                " recursive='yes'/></Component>",
                i % 4, i, number, i);
    fprintf(out, "</TestWriter>");
    fclose(out);
    return text;
}

struct vssemu_world *load_world_new(const struct load *load, uint64_t seed)
{
    struct vssemu_world *world =
        vssemu_world_new(&(struct vssemu_options){ .seed = seed, .keeps_no_trace = true });
    bool is_good = vssemu_add_volume(world, "C:", NULL);

    for (unsigned i = 0; is_good && i < load->n_writers; i++) {
        char *text = writer_text(i, load->n_components);

        is_good = vssemu_add_writer_xml(world, text);
        free(text);
    }
    if (!is_good) {
        fprintf(stderr, "bench: %s\n", vssemu_error(world));
        exit(1);
    }
    return world;
}

/* ---- the requester ---- */

static void finish(IVssAsync *async)
{
    HRESULT result = E_FAIL;

    MUST(call(async, Wait, INFINITE));
    MUST(call(async, QueryStatus, &result, NULL));
    MUST(result == VSS_S_ASYNC_FINISHED ? S_OK : result);
    call(async, Release);
}

#define RUN(object, method)                  \
    do {                                     \
        IVssAsync *async_ = NULL;            \
        MUST(call(object, method, &async_)); \
        finish(async_);                      \
    } while (0)

static size_t take_size(BSTR take_text)
{
    size_t size = SysStringByteLen(take_text);

    SysFreeString(take_text);
    return size;
}

static IVssBackupComponents *gather(void)
{
    IVssBackupComponents *backup = NULL;

    MUST(CreateVssBackupComponentsInternal(&backup));
    MUST(call(backup, InitializeForBackup, NULL));
    MUST(call(backup, SetBackupState, TRUE, FALSE, VSS_BT_FULL, FALSE));
    RUN(backup, GatherWriterMetadata);
    return backup;
}

static void save_metadata(IVssBackupComponents *backup, struct load_result *result)
{
    UINT n = 0;

    MUST(call(backup, GetWriterMetadataCount, &n));
    for (UINT i = 0; i < n; i++) {
        IVssExamineWriterMetadata *metadata = NULL;
        VSS_ID instance;
        BSTR xml = NULL;

        MUST(call(backup, GetWriterMetadata, i, &instance, &metadata));
        MUST(call(metadata, SaveAsXML, &xml));
        result->metadata_bytes += take_size(xml);
        call(metadata, Release);
    }
}

static void add_components(IVssBackupComponents *backup, VSS_ID instance,
                           IVssExamineWriterMetadata *metadata, struct load_result *result)
{
    UINT n_includes, n_excludes, n_components = 0;
    VSS_ID own_instance, writer;
    VSS_USAGE_TYPE usage;
    VSS_SOURCE_TYPE source;
    BSTR name = NULL;

    MUST(call(metadata, GetIdentity, &own_instance, &writer, &name, &usage, &source));
    SysFreeString(name);
    MUST(call(metadata, GetFileCounts, &n_includes, &n_excludes, &n_components));
    for (UINT i = 0; i < n_components; i++) {
        IVssWMComponent *component = NULL;
        PVSSCOMPONENTINFO info = NULL;

        MUST(call(metadata, GetComponent, i, &component));
        MUST(call(component, GetComponentInfo, &info));
        MUST(call(backup, AddComponent, instance, writer, info->type, info->bstrLogicalPath,
                  info->bstrComponentName));
        result->n_components++;
        call(component, FreeComponentInfo, info);
        call(component, Release);
    }
}

static void choose(IVssBackupComponents *backup, struct load_result *result)
{
    UINT n = 0;

    MUST(call(backup, GetWriterMetadataCount, &n));
    for (UINT i = 0; i < n; i++) {
        IVssExamineWriterMetadata *metadata = NULL;
        VSS_ID instance;

        MUST(call(backup, GetWriterMetadata, i, &instance, &metadata));
        add_components(backup, instance, metadata, result);
        call(metadata, Release);
    }
}

static void make_snapshot(IVssBackupComponents *backup)
{
    WCHAR volume[] = L"C:\\";
    VSS_ID set, snapshot;

    MUST(call(backup, StartSnapshotSet, &set));
    MUST(call(backup, AddToSnapshotSet, volume, GUID_NULL, &snapshot));
    RUN(backup, PrepareForBackup);
    RUN(backup, DoSnapshotSet);
}

static unsigned count_writers_in(IVssBackupComponents *backup, VSS_WRITER_STATE wanted)
{
    unsigned n_found = 0;
    UINT n = 0;

    RUN(backup, GatherWriterStatus);
    MUST(call(backup, GetWriterStatusCount, &n));
    for (UINT i = 0; i < n; i++) {
        VSS_ID instance, writer;
        BSTR name = NULL;
        VSS_WRITER_STATE state;
        HRESULT failure;

        MUST(call(backup, GetWriterStatus, i, &instance, &writer, &name, &state, &failure));
        MUST(failure);
        SysFreeString(name);
        n_found += state == wanted;
    }
    MUST(call(backup, FreeWriterStatus));
    return n_found;
}

static void succeed(IVssBackupComponents *backup, IVssWriterComponentsExt *components)
{
    VSS_ID instance, writer;
    UINT n = 0;

    MUST(call(components, GetWriterInfo, &instance, &writer));
    MUST(call(components, GetComponentCount, &n));
    for (UINT i = 0; i < n; i++) {
        IVssComponent *component = NULL;
        BSTR path = NULL, name = NULL;
        VSS_COMPONENT_TYPE type;

        MUST(call(components, GetComponent, i, &component));
        MUST(call(component, GetLogicalPath, &path));
        MUST(call(component, GetComponentType, &type));
        MUST(call(component, GetComponentName, &name));
        MUST(call(backup, SetBackupSucceeded, instance, writer, type, path, name, TRUE));
        SysFreeString(path);
        SysFreeString(name);
        call(component, Release);
    }
}

/* The header's C form has no Release: IUnknown stands one table behind, as in a C++ object. */
static void release_components(IVssWriterComponentsExt *components)
{
    IUnknown *face = (IUnknown *)(void *)((void **)components + 1);

    call(face, Release);
}

static void succeed_all(IVssBackupComponents *backup)
{
    UINT n = 0;

    MUST(call(backup, GetWriterComponentsCount, &n));
    for (UINT i = 0; i < n; i++) {
        IVssWriterComponentsExt *components = NULL;

        MUST(call(backup, GetWriterComponents, i, &components));
        succeed(backup, components);
        release_components(components);
    }
}

static size_t save(IVssBackupComponents *backup)
{
    BSTR xml = NULL;

    MUST(call(backup, SaveAsXML, &xml));
    return take_size(xml);
}

/* ---- the whole ---- */

const char *load_part_name(enum load_part part)
{
    static const char *const names[] = {
        "GatherWriterMetadata",
        "SaveAsXML of metadata",
        "AddComponent",
        "to DoSnapshotSet",
        "GatherWriterStatus",
        "SetBackupSucceeded",
        "BackupComplete",
        "SaveAsXML",
        "Release",
    };

    return names[part];
}

void load_backup_in_parts(struct load_result *ret, void (*after)(void *arg, enum load_part part),
                          void *arg)
{
    *ret = (struct load_result){ 0 };
    IVssBackupComponents *backup = gather();
    after(arg, LOAD_GATHER);
    save_metadata(backup, ret);
    after(arg, LOAD_METADATA);
    choose(backup, ret);
    after(arg, LOAD_CHOOSE);
    make_snapshot(backup);
    after(arg, LOAD_SNAPSHOT);
    count_writers_in(backup, VSS_WS_WAITING_FOR_BACKUP_COMPLETE);
    after(arg, LOAD_STATUS);
    succeed_all(backup);
    after(arg, LOAD_SUCCEEDED);
    RUN(backup, BackupComplete);
    after(arg, LOAD_COMPLETE);
    ret->n_stable_writers = count_writers_in(backup, VSS_WS_STABLE);
    after(arg, LOAD_STATUS);
    ret->document_bytes = save(backup);
    after(arg, LOAD_SAVE);
    call(backup, Release);
    after(arg, LOAD_RELEASE);
}

static void nothing(void *arg, enum load_part part)
{
    (void)arg, (void)part;
}

void load_backup(struct load_result *ret)
{
    load_backup_in_parts(ret, nothing, NULL);
}
