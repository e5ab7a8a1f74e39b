/* SPDX-License-Identifier: MIT */
/* See create_metadata.h. Learn: "IVssCreateWriterMetadata", "IVssCreateWriterMetadataEx". What the
 * documentation forbids with a code is refused with it; what it only advises against passes. */
#include "emu/api/create_metadata.h"

#include "emu/api/guard.h"
#include "emu/api/give.h"
#include "emu/base/cleanup.h"
#include "emu/base/list.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/com/guid.h"

#include <string.h>

struct create_metadata {
    IVssCreateWriterMetadataEx face;
    struct wmd *wmd;         /* NULL: OnIdentify is over */
    struct text_index files; /* which file sets there are, for exact duplicates */
};

#define ALL_COMPONENT_FLAGS \
    (VSS_CF_BACKUP_RECOVERY | VSS_CF_APP_ROLLBACK_RECOVERY | VSS_CF_NOT_SYSTEM_STATE)
#define ALL_MASK_BITS \
    (VSS_FSBT_ALL_BACKUP_REQUIRED | VSS_FSBT_ALL_SNAPSHOT_REQUIRED | VSS_FSBT_CREATED_DURING_BACKUP)
#define ALL_SCHEMA_BITS 0xf7ffu /* every VSS_BS_ constant */

static struct wmd *wmd_of(IVssCreateWriterMetadataEx *face)
{
    return container_of(face, struct create_metadata, face)->wmd;
}

/* A path and a pattern in UTF-8, or E_INVALIDARG. The caller frees both in either case. */
static HRESULT take_file_names(LPCWSTR path, LPCWSTR filespec, char **ret_path, char **ret_filespec)
{
    *ret_path = utf8_from_wide(path);
    *ret_filespec = utf8_from_wide(filespec);
    return filespec_path_is_valid(*ret_path) && filespec_pattern_is_valid(*ret_filespec)
               ? S_OK
               : E_INVALIDARG;
}

static HRESULT create_metadata_AddIncludeFiles(IVssCreateWriterMetadataEx *face, LPCWSTR path,
                                               LPCWSTR filespec, boolean recursive,
                                               LPCWSTR alternate_location)
{
    (void)face, (void)path, (void)filespec, (void)recursive, (void)alternate_location;
    return E_NOTIMPL; /* "not supported": Learn, "IVssCreateWriterMetadata::AddIncludeFiles" */
}

static HRESULT add_exclude(IVssCreateWriterMetadataEx *face, struct filespecs *specs, LPCWSTR path,
                           LPCWSTR filespec, boolean recursive)
{
    auto_free char *own_path = NULL, *own_filespec = NULL;
    HRESULT hr = take_file_names(path, filespec, &own_path, &own_filespec);

    if (!wmd_of(face))
        return VSS_E_BAD_STATE;
    if (hr == S_OK)
        filespecs_add(specs, own_path, own_filespec, recursive, NULL, FILESPEC_MASK_DEFAULT);
    return hr;
}

static HRESULT create_metadata_AddExcludeFiles(IVssCreateWriterMetadataEx *face, LPCWSTR path,
                                               LPCWSTR filespec, boolean recursive)
{
    GUARD(IVssCreateWriterMetadata_AddExcludeFiles);
    struct wmd *wmd = wmd_of(face);

    return add_exclude(face, wmd ? &wmd->exclude_files : NULL, path, filespec, recursive);
}

static HRESULT create_metadata_AddExcludeFilesFromSnapshot(IVssCreateWriterMetadataEx *face,
                                                           LPCWSTR path, LPCWSTR filespec,
                                                           boolean recursive)
{
    GUARD(IVssCreateWriterMetadataEx_AddExcludeFilesFromSnapshot);
    struct wmd *wmd = wmd_of(face);

    return add_exclude(face, wmd ? &wmd->exclude_files_from_snapshot : NULL, path, filespec,
                       recursive);
}

static HRESULT create_metadata_AddComponent(IVssCreateWriterMetadataEx *face,
                                            VSS_COMPONENT_TYPE type, LPCWSTR logical_path,
                                            LPCWSTR name, LPCWSTR caption, const BYTE *icon,
                                            UINT icon_size, boolean restore_metadata,
                                            boolean notify_on_backup_complete, boolean selectable,
                                            boolean selectable_for_restore, DWORD flags)
{
    GUARD(IVssCreateWriterMetadata_AddComponent);
    auto_free char *own_path = utf8_from_wide(logical_path), *own_name = utf8_from_wide(name);
    struct wmd *wmd = wmd_of(face);
    struct wmd_component *component;

    if (!wmd)
        return VSS_E_BAD_STATE;
    if ((type != VSS_CT_DATABASE && type != VSS_CT_FILEGROUP) || (icon_size && !icon) ||
        !component_name_is_valid(own_name) || (flags & ~(DWORD)ALL_COMPONENT_FLAGS))
        return E_INVALIDARG;
    component = wmd_add_component(wmd, type, own_path, own_name);
    if (!component)
        return VSS_E_OBJECT_ALREADY_EXISTS;
    component->caption = utf8_from_wide(caption);
    if (icon_size) {
        component->icon = mem_copy(icon, icon_size);
        component->icon_size = icon_size;
    }
    component->restore_metadata = restore_metadata;
    component->notify_on_backup_complete = notify_on_backup_complete;
    component->selectable = selectable;
    component->selectable_for_restore = selectable_for_restore;
    component->flags = flags;
    return S_OK;
}

/* ---- files ---- */

struct file_request {
    LPCWSTR logical_path, name, path, filespec, alternate_location;
    bool recursive;
    DWORD mask;
    VSS_COMPONENT_TYPE type; /* which components may hold it */
    size_t list;             /* offset of the struct filespecs in the component */
};

/* Sets may overlap, but not be the same twice (writer-notes: question 21). */
static bool is_new_set(struct create_metadata *metadata, const struct wmd_component *component,
                       const struct file_request *request, const char *path, const char *filespec)
{
    size_t i = (size_t)(component - metadata->wmd->components.items);
    auto_free char *key =
        str_printf("%zu %zu %d %s\x1f%s", i, request->list, request->recursive, path, filespec);

    return text_index_add(&metadata->files, key, 0);
}

static HRESULT add_files(IVssCreateWriterMetadataEx *face, const struct file_request *request)
{
    struct create_metadata *metadata = container_of(face, struct create_metadata, face);
    auto_free char *logical_path = utf8_from_wide(request->logical_path);
    auto_free char *name = utf8_from_wide(request->name);
    auto_free char *alternate = utf8_from_wide(request->alternate_location);
    auto_free char *path = NULL, *filespec = NULL;
    HRESULT hr = take_file_names(request->path, request->filespec, &path, &filespec);
    struct wmd_component *component;
    bool has_alternate = alternate && *alternate;

    if (!metadata->wmd)
        return VSS_E_BAD_STATE;
    if (hr != S_OK || !component_name_is_valid(name) || (request->mask & ~(DWORD)ALL_MASK_BITS) ||
        (has_alternate && !filespec_path_is_valid(alternate)))
        return E_INVALIDARG;
    component = wmd_find_component(metadata->wmd, logical_path, name);
    if (!component)
        return VSS_E_OBJECT_NOT_FOUND;
    if (component->type != request->type)
        return E_INVALIDARG;
    if (!is_new_set(metadata, component, request, path, filespec))
        return VSS_E_OBJECT_ALREADY_EXISTS;
    filespecs_add((struct filespecs *)(void *)((char *)component + request->list), path, filespec,
                  request->recursive, alternate, request->mask);
    return S_OK;
}

static HRESULT create_metadata_AddDatabaseFiles(IVssCreateWriterMetadataEx *face,
                                                LPCWSTR logical_path, LPCWSTR name, LPCWSTR path,
                                                LPCWSTR filespec, DWORD mask)
{
    GUARD(IVssCreateWriterMetadata_AddDatabaseFiles);
    return add_files(
        face, &(struct file_request){ .logical_path = logical_path,
                                      .name = name,
                                      .path = path,
                                      .filespec = filespec,
                                      .mask = mask,
                                      .type = VSS_CT_DATABASE,
                                      .list = offsetof(struct wmd_component, database_files) });
}

static HRESULT create_metadata_AddDatabaseLogFiles(IVssCreateWriterMetadataEx *face,
                                                   LPCWSTR logical_path, LPCWSTR name, LPCWSTR path,
                                                   LPCWSTR filespec, DWORD mask)
{
    GUARD(IVssCreateWriterMetadata_AddDatabaseLogFiles);
    return add_files(face,
                     &(struct file_request){ .logical_path = logical_path,
                                             .name = name,
                                             .path = path,
                                             .filespec = filespec,
                                             .mask = mask,
                                             .type = VSS_CT_DATABASE,
                                             .list = offsetof(struct wmd_component, log_files) });
}

static HRESULT create_metadata_AddFilesToFileGroup(IVssCreateWriterMetadataEx *face,
                                                   LPCWSTR logical_path, LPCWSTR name, LPCWSTR path,
                                                   LPCWSTR filespec, boolean recursive,
                                                   LPCWSTR alternate_location, DWORD mask)
{
    GUARD(IVssCreateWriterMetadata_AddFilesToFileGroup);
    return add_files(face, &(struct file_request){ .logical_path = logical_path,
                                                   .name = name,
                                                   .path = path,
                                                   .filespec = filespec,
                                                   .alternate_location = alternate_location,
                                                   .recursive = recursive,
                                                   .mask = mask,
                                                   .type = VSS_CT_FILEGROUP,
                                                   .list = offsetof(struct wmd_component, files) });
}

/* ---- restore, dependencies, schema ---- */

static bool method_has_service(VSS_RESTOREMETHOD_ENUM method)
{
    return method == VSS_RME_STOP_RESTORE_START || method == VSS_RME_RESTORE_STOP_START;
}

static HRESULT create_metadata_SetRestoreMethod(IVssCreateWriterMetadataEx *face,
                                                VSS_RESTOREMETHOD_ENUM method, LPCWSTR service,
                                                LPCWSTR user_procedure,
                                                VSS_WRITERRESTORE_ENUM writer_restore,
                                                boolean reboot_required)
{
    GUARD(IVssCreateWriterMetadata_SetRestoreMethod);
    struct wmd *wmd = wmd_of(face);

    if (!wmd)
        return VSS_E_BAD_STATE;
    if (method < VSS_RME_RESTORE_IF_NOT_THERE || method > VSS_RME_RESTORE_STOP_START ||
        writer_restore < VSS_WRE_NEVER || writer_restore > VSS_WRE_ALWAYS ||
        (method_has_service(method) && (!service || !*service)))
        return E_INVALIDARG;
    free(wmd->service);
    free(wmd->user_procedure);
    wmd->has_restore_method = true;
    wmd->restore_method = method;
    wmd->service = method_has_service(method) ? utf8_from_wide(service) : NULL;
    wmd->user_procedure = utf8_from_wide(user_procedure);
    wmd->writer_restore = writer_restore;
    wmd->reboot_required = reboot_required;
    return S_OK;
}

static HRESULT create_metadata_AddAlternateLocationMapping(IVssCreateWriterMetadataEx *face,
                                                           LPCWSTR source_path,
                                                           LPCWSTR source_filespec,
                                                           boolean recursive, LPCWSTR destination)
{
    GUARD(IVssCreateWriterMetadata_AddAlternateLocationMapping);
    auto_free char *path = NULL, *filespec = NULL, *target = utf8_from_wide(destination);
    HRESULT hr = take_file_names(source_path, source_filespec, &path, &filespec);
    struct wmd *wmd = wmd_of(face);

    if (!wmd)
        return VSS_E_BAD_STATE;
    if (hr != S_OK || !filespec_path_is_valid(target))
        return E_INVALIDARG;
    if (!wmd->has_restore_method)
        return VSS_E_OBJECT_NOT_FOUND;
    filespecs_add(&wmd->alternate_mappings, path, filespec, recursive, target,
                  FILESPEC_MASK_DEFAULT);
    return S_OK;
}

/* A dependency on the writer itself is not permitted (writer-notes: question 17). */
static HRESULT create_metadata_AddComponentDependency(IVssCreateWriterMetadataEx *face,
                                                      LPCWSTR for_path, LPCWSTR for_name,
                                                      VSS_ID on_writer_id, LPCWSTR on_path,
                                                      LPCWSTR on_name)
{
    GUARD(IVssCreateWriterMetadata_AddComponentDependency);
    auto_free char *own_path = utf8_from_wide(for_path), *own_name = utf8_from_wide(for_name);
    auto_free char *target_path = utf8_from_wide(on_path), *target_name = utf8_from_wide(on_name);
    struct wmd *wmd = wmd_of(face);
    struct wmd_component *component;

    if (!wmd)
        return VSS_E_BAD_STATE;
    if (!component_name_is_valid(own_name) || !target_name || !*target_name ||
        guid_is_null(&on_writer_id) || guid_is_equal(&on_writer_id, &wmd->writer_id))
        return E_INVALIDARG;
    component = wmd_find_component(wmd, own_path, own_name);
    if (!component)
        return VSS_E_OBJECT_NOT_FOUND;
    array_add(&component->dependencies,
              ((struct wmd_dependency){ on_writer_id, mem_strdup(component_path(target_path)),
                                        take_ptr(&target_name) }));
    return S_OK;
}

/* Which bits need which others: Learn, "VSS_BACKUP_SCHEMA" (writer-notes: question 19). */
static bool schema_is_valid(DWORD schema)
{
    DWORD types = schema & (VSS_BS_DIFFERENTIAL | VSS_BS_INCREMENTAL);

    if (schema & ~ALL_SCHEMA_BITS)
        return false;
    if ((schema & VSS_BS_EXCLUSIVE_INCREMENTAL_DIFFERENTIAL) &&
        types != (VSS_BS_DIFFERENTIAL | VSS_BS_INCREMENTAL))
        return false;
    return types || !(schema & (VSS_BS_TIMESTAMPED | VSS_BS_LAST_MODIFY));
}

static HRESULT create_metadata_SetBackupSchema(IVssCreateWriterMetadataEx *face, DWORD schema)
{
    GUARD(IVssCreateWriterMetadata_SetBackupSchema);
    struct wmd *wmd = wmd_of(face);

    if (!wmd)
        return VSS_E_BAD_STATE;
    if (!schema_is_valid(schema))
        return E_INVALIDARG;
    wmd->backup_schema = schema;
    return S_OK;
}

static HRESULT create_metadata_GetDocument(IVssCreateWriterMetadataEx *face, IXMLDOMDocument **ret)
{
    (void)face;
    if (ret)
        *ret = NULL;
    return E_NOTIMPL; /* "not supported": Learn, "IVssCreateWriterMetadata::GetDocument" */
}

static HRESULT create_metadata_SaveAsXML(IVssCreateWriterMetadataEx *face, BSTR *ret_xml)
{
    GUARD(IVssCreateWriterMetadata_SaveAsXML);
    auto_free char *text = NULL;

    if (!ret_xml)
        return E_INVALIDARG;
    *ret_xml = NULL;
    if (!wmd_of(face))
        return VSS_E_BAD_STATE;
    text = wmd_to_xml(wmd_of(face));
    *ret_xml = bstr_from_utf8(text);
    return S_OK;
}

/* ---- the object ---- */

static const IVssCreateWriterMetadataExVtbl create_metadata_vtbl = {
    .AddIncludeFiles = create_metadata_AddIncludeFiles,
    .AddExcludeFiles = create_metadata_AddExcludeFiles,
    .AddComponent = create_metadata_AddComponent,
    .AddDatabaseFiles = create_metadata_AddDatabaseFiles,
    .AddDatabaseLogFiles = create_metadata_AddDatabaseLogFiles,
    .AddFilesToFileGroup = create_metadata_AddFilesToFileGroup,
    .SetRestoreMethod = create_metadata_SetRestoreMethod,
    .AddAlternateLocationMapping = create_metadata_AddAlternateLocationMapping,
    .AddComponentDependency = create_metadata_AddComponentDependency,
    .SetBackupSchema = create_metadata_SetBackupSchema,
    .GetDocument = create_metadata_GetDocument,
    .SaveAsXML = create_metadata_SaveAsXML,
    .AddExcludeFilesFromSnapshot = create_metadata_AddExcludeFilesFromSnapshot,
};

struct create_metadata *create_metadata_new(struct wmd *borrowed)
{
    struct create_metadata *metadata = mem_new(struct create_metadata);

    metadata->face.lpVtbl = &create_metadata_vtbl;
    metadata->wmd = borrowed;
    return metadata;
}

IVssCreateWriterMetadata *create_metadata_face(struct create_metadata *metadata)
{
    return (IVssCreateWriterMetadata *)&metadata->face;
}

void create_metadata_end(struct create_metadata *metadata)
{
    metadata->wmd = NULL;
}

void create_metadata_free(struct create_metadata *metadata)
{
    if (!metadata)
        return;
    text_index_free(&metadata->files);
    free(metadata);
}
