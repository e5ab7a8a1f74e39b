/* SPDX-License-Identifier: MIT */
/* See metadata_builder.h. Learn: "IVssCreateWriterMetadata", "IVssCreateWriterMetadataEx". What the
 * documentation forbids with a code is refused with it; what it only advises against passes. */
#include "emu/api/metadata_builder.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/com/bstr.h"
#include "emu/com/guid.h"
#include "emu/lint/lint.h"

#include <string.h>

#define ALL_COMPONENT_FLAGS \
    (VSS_CF_BACKUP_RECOVERY | VSS_CF_APP_ROLLBACK_RECOVERY | VSS_CF_NOT_SYSTEM_STATE)
#define ALL_MASK_BITS \
    (VSS_FSBT_ALL_BACKUP_REQUIRED | VSS_FSBT_ALL_SNAPSHOT_REQUIRED | VSS_FSBT_CREATED_DURING_BACKUP)
#define ALL_SCHEMA_BITS 0xf7ffu /* every VSS_BS_ constant */

/* Called out of order, for what is not there yet. */
static HRESULT not_found(struct metadata_builder *builder)
{
    builder->refused = lint_method();
    return VSS_E_OBJECT_NOT_FOUND;
}

/* ---- what express writers may not do: Learn, "IVssCreateExpressWriterMetadata" ---- */

#define RECOVERY_FLAGS      (VSS_CF_BACKUP_RECOVERY | VSS_CF_APP_ROLLBACK_RECOVERY)
#define EXPRESS_SCHEMA_BITS ((DWORD)(VSS_BS_COPY | VSS_BS_INDEPENDENT_SYSTEM_STATE))

/* Unsure: the default mask has all the bits that the page forbids; as a whole it passes. */
static bool is_express_mask(DWORD mask)
{
    DWORD partial = VSS_FSBT_DIFFERENTIAL_BACKUP_REQUIRED | VSS_FSBT_INCREMENTAL_BACKUP_REQUIRED |
                    VSS_FSBT_LOG_BACKUP_REQUIRED;

    return !(mask & partial) ||
           (mask & VSS_FSBT_ALL_BACKUP_REQUIRED) == VSS_FSBT_ALL_BACKUP_REQUIRED;
}

static bool is_express_method(VSS_RESTOREMETHOD_ENUM method, VSS_WRITERRESTORE_ENUM writer_restore)
{
    return method != VSS_RME_RESTORE_TO_ALTERNATE_LOCATION && method != VSS_RME_CUSTOM &&
           writer_restore == VSS_WRE_NEVER;
}

static bool is_express_component(const struct wmd_component *component)
{
    if (component->type != VSS_CT_FILEGROUP || (component->flags & RECOVERY_FLAGS))
        return false;
    for (size_t i = 0; i < component->files.count; i++) {
        const struct filespec *files = &component->files.items[i];

        if (files->alternate_path || !is_express_mask(files->backup_type_mask))
            return false;
    }
    return true;
}

bool metadata_is_express(const struct wmd *wmd)
{
    for (size_t i = 0; i < wmd->components.count; i++) {
        if (!is_express_component(&wmd->components.items[i]))
            return false;
    }
    return is_express_usage(wmd->usage) && !(wmd->backup_schema & ~EXPRESS_SCHEMA_BITS) &&
           !wmd->exclude_files_from_snapshot.count && !wmd->alternate_mappings.count &&
           (!wmd->has_restore_method ||
            is_express_method(wmd->restore_method, wmd->writer_restore));
}

bool is_express_usage(VSS_USAGE_TYPE usage)
{
    return usage == VSS_UT_BOOTABLESYSTEMSTATE || usage == VSS_UT_SYSTEMSERVICE ||
           usage == VSS_UT_USERDATA;
}

/* ---- files that belong to the writer ---- */

/* A path and a pattern in UTF-8, or E_INVALIDARG. The caller frees both in either case. */
static HRESULT take_file_names(LPCWSTR path, LPCWSTR filespec, char **ret_path, char **ret_filespec)
{
    *ret_path = utf8_from_wide(path);
    *ret_filespec = utf8_from_wide(filespec);
    return filespec_path_is_valid(*ret_path) && filespec_pattern_is_valid(*ret_filespec)
               ? S_OK
               : E_INVALIDARG;
}

static HRESULT add_exclude(struct metadata_builder *builder, struct filespecs *specs, LPCWSTR path,
                           LPCWSTR filespec, boolean recursive)
{
    auto_free char *own_path = NULL, *own_filespec = NULL;
    HRESULT hr = take_file_names(path, filespec, &own_path, &own_filespec);

    if (!builder->wmd)
        return VSS_E_BAD_STATE;
    if (hr == S_OK)
        filespecs_add(specs, own_path, own_filespec, recursive, NULL, FILESPEC_MASK_DEFAULT);
    return hr;
}

HRESULT metadata_builder_AddExcludeFiles(struct metadata_builder *builder, LPCWSTR path,
                                         LPCWSTR filespec, boolean recursive)
{
    struct wmd *wmd = builder->wmd;

    return add_exclude(builder, wmd ? &wmd->exclude_files : NULL, path, filespec, recursive);
}

HRESULT metadata_builder_AddExcludeFilesFromSnapshot(struct metadata_builder *builder, LPCWSTR path,
                                                     LPCWSTR filespec, boolean recursive)
{
    struct wmd *wmd = builder->wmd;

    return add_exclude(builder, wmd ? &wmd->exclude_files_from_snapshot : NULL, path, filespec,
                       recursive);
}

HRESULT metadata_builder_AddComponent(struct metadata_builder *builder, VSS_COMPONENT_TYPE type,
                                      LPCWSTR logical_path, LPCWSTR name, LPCWSTR caption,
                                      const BYTE *icon, UINT icon_size, boolean restore_metadata,
                                      boolean notify_on_backup_complete, boolean selectable,
                                      boolean selectable_for_restore, DWORD flags)
{
    auto_free char *own_path = utf8_from_wide(logical_path), *own_name = utf8_from_wide(name);
    struct wmd *wmd = builder->wmd;
    struct wmd_component *component;

    if (!wmd)
        return VSS_E_BAD_STATE;
    if ((type != VSS_CT_DATABASE && type != VSS_CT_FILEGROUP) || (icon_size && !icon) ||
        !component_name_is_valid(own_name) || (flags & ~(DWORD)ALL_COMPONENT_FLAGS))
        return E_INVALIDARG;
    if (builder->is_express && (type != VSS_CT_FILEGROUP || (flags & RECOVERY_FLAGS)))
        return VSS_E_NOT_SUPPORTED;
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
static bool is_new_set(struct metadata_builder *builder, const struct wmd_component *component,
                       const struct file_request *request, const char *path, const char *filespec)
{
    size_t i = (size_t)(component - builder->wmd->components.items);
    auto_free char *key =
        str_printf("%zu %zu %d %s\x1f%s", i, request->list, request->recursive, path, filespec);

    return text_index_add(&builder->files, key, 0);
}

static HRESULT add_files(struct metadata_builder *builder, const struct file_request *request)
{
    auto_free char *logical_path = utf8_from_wide(request->logical_path);
    auto_free char *name = utf8_from_wide(request->name);
    auto_free char *alternate = utf8_from_wide(request->alternate_location);
    auto_free char *path = NULL, *filespec = NULL;
    HRESULT hr = take_file_names(request->path, request->filespec, &path, &filespec);
    struct wmd_component *component;
    bool has_alternate = alternate && *alternate;

    if (!builder->wmd)
        return VSS_E_BAD_STATE;
    if (hr != S_OK || !component_name_is_valid(name) || (request->mask & ~(DWORD)ALL_MASK_BITS) ||
        (has_alternate && !filespec_path_is_valid(alternate)))
        return E_INVALIDARG;
    if (builder->is_express && (has_alternate || !is_express_mask(request->mask)))
        return VSS_E_NOT_SUPPORTED;
    component = wmd_find_component(builder->wmd, logical_path, name);
    if (!component)
        return not_found(builder);
    if (component->type != request->type)
        return E_INVALIDARG;
    if (!is_new_set(builder, component, request, path, filespec))
        return VSS_E_OBJECT_ALREADY_EXISTS;
    filespecs_add((struct filespecs *)(void *)((char *)component + request->list), path, filespec,
                  request->recursive, alternate, request->mask);
    return S_OK;
}

HRESULT metadata_builder_AddDatabaseFiles(struct metadata_builder *builder, LPCWSTR logical_path,
                                          LPCWSTR name, LPCWSTR path, LPCWSTR filespec, DWORD mask)
{
    return add_files(
        builder, &(struct file_request){ .logical_path = logical_path,
                                         .name = name,
                                         .path = path,
                                         .filespec = filespec,
                                         .mask = mask,
                                         .type = VSS_CT_DATABASE,
                                         .list = offsetof(struct wmd_component, database_files) });
}

HRESULT metadata_builder_AddDatabaseLogFiles(struct metadata_builder *builder, LPCWSTR logical_path,
                                             LPCWSTR name, LPCWSTR path, LPCWSTR filespec,
                                             DWORD mask)
{
    return add_files(builder,
                     &(struct file_request){ .logical_path = logical_path,
                                             .name = name,
                                             .path = path,
                                             .filespec = filespec,
                                             .mask = mask,
                                             .type = VSS_CT_DATABASE,
                                             .list = offsetof(struct wmd_component, log_files) });
}

HRESULT metadata_builder_AddFilesToFileGroup(struct metadata_builder *builder, LPCWSTR logical_path,
                                             LPCWSTR name, LPCWSTR path, LPCWSTR filespec,
                                             boolean recursive, LPCWSTR alternate_location,
                                             DWORD mask)
{
    return add_files(builder,
                     &(struct file_request){ .logical_path = logical_path,
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

HRESULT metadata_builder_SetRestoreMethod(struct metadata_builder *builder,
                                          VSS_RESTOREMETHOD_ENUM method, LPCWSTR service,
                                          LPCWSTR user_procedure,
                                          VSS_WRITERRESTORE_ENUM writer_restore,
                                          boolean reboot_required)
{
    struct wmd *wmd = builder->wmd;

    if (!wmd)
        return VSS_E_BAD_STATE;
    if (method < VSS_RME_RESTORE_IF_NOT_THERE || method > VSS_RME_RESTORE_STOP_START ||
        writer_restore < VSS_WRE_NEVER || writer_restore > VSS_WRE_ALWAYS ||
        (method_has_service(method) && (!service || !*service)))
        return E_INVALIDARG;
    if (builder->is_express && !is_express_method(method, writer_restore))
        return VSS_E_NOT_SUPPORTED;
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

HRESULT metadata_builder_AddAlternateLocationMapping(struct metadata_builder *builder,
                                                     LPCWSTR source_path, LPCWSTR source_filespec,
                                                     boolean recursive, LPCWSTR destination)
{
    auto_free char *path = NULL, *filespec = NULL, *target = utf8_from_wide(destination);
    HRESULT hr = take_file_names(source_path, source_filespec, &path, &filespec);
    struct wmd *wmd = builder->wmd;

    if (!wmd)
        return VSS_E_BAD_STATE;
    if (hr != S_OK || !filespec_path_is_valid(target))
        return E_INVALIDARG;
    if (!wmd->has_restore_method)
        return not_found(builder);
    filespecs_add(&wmd->alternate_mappings, path, filespec, recursive, target,
                  FILESPEC_MASK_DEFAULT);
    return S_OK;
}

/* A dependency on the writer itself is not permitted, unless to express writers, whose page does
 * not say so. */
HRESULT metadata_builder_AddComponentDependency(struct metadata_builder *builder, LPCWSTR for_path,
                                                LPCWSTR for_name, VSS_ID on_writer_id,
                                                LPCWSTR on_path, LPCWSTR on_name)
{
    auto_free char *own_path = utf8_from_wide(for_path), *own_name = utf8_from_wide(for_name);
    auto_free char *target_path = utf8_from_wide(on_path), *target_name = utf8_from_wide(on_name);
    struct wmd *wmd = builder->wmd;
    struct wmd_component *component;

    if (!wmd)
        return VSS_E_BAD_STATE;
    if (!component_name_is_valid(own_name) || !target_name || !*target_name ||
        guid_is_null(&on_writer_id) ||
        (!builder->is_express && guid_is_equal(&on_writer_id, &wmd->writer_id)))
        return E_INVALIDARG;
    component = wmd_find_component(wmd, own_path, own_name);
    if (!component)
        return not_found(builder);
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

HRESULT metadata_builder_SetBackupSchema(struct metadata_builder *builder, DWORD schema)
{
    struct wmd *wmd = builder->wmd;

    if (!wmd)
        return VSS_E_BAD_STATE;
    if (!schema_is_valid(schema))
        return E_INVALIDARG;
    if (builder->is_express && (schema & ~EXPRESS_SCHEMA_BITS))
        return VSS_E_NOT_SUPPORTED;
    wmd->backup_schema = schema;
    return S_OK;
}

HRESULT metadata_builder_SaveAsXML(struct metadata_builder *builder, BSTR *ret_xml)
{
    auto_free char *text = NULL;

    if (!ret_xml)
        return E_INVALIDARG;
    *ret_xml = NULL;
    if (!builder->wmd)
        return VSS_E_BAD_STATE;
    text = wmd_to_xml(builder->wmd);
    *ret_xml = bstr_from_utf8(text);
    return S_OK;
}

void metadata_builder_fini(struct metadata_builder *builder)
{
    text_index_free(&builder->files);
}
