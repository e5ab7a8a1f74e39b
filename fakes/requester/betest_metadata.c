/* SPDX-License-Identifier: MIT */
/* Reads a writer metadata document by IVssExamineWriterMetadata, IVssWMComponent and
 * IVssWMFiledesc. Each function answers the first failure; the name of the call that failed is
 * kept in the reading, so that the report can say it. */
#include "fakes/requester/betest_metadata.h"

struct reading {
    IVssExamineWriterMetadata *examine;
    struct wmd *wmd;
    const char *call;
};

static HRESULT read_filespec(struct reading *r, IVssWMFiledesc *desc, struct filespecs *specs,
                             bool is_mapping)
{
    auto_bstr BSTR path = NULL, filespec = NULL, alternate = NULL;
    boolean recursive = 0;
    DWORD mask = FILESPEC_MASK_DEFAULT;

    r->call = "IVssWMFiledesc";
    HRESULT hr = IVssWMFiledesc_GetPath(desc, &path);
    if (SUCCEEDED(hr))
        hr = IVssWMFiledesc_GetFilespec(desc, &filespec);
    if (SUCCEEDED(hr))
        hr = IVssWMFiledesc_GetRecursive(desc, &recursive);
    if (SUCCEEDED(hr))
        hr = IVssWMFiledesc_GetAlternateLocation(desc, &alternate);
    if (SUCCEEDED(hr) && !is_mapping)
        hr = IVssWMFiledesc_GetBackupTypeMask(desc, &mask);
    if (FAILED(hr))
        return hr;

    auto_free char *path8 = utf8_from_utf16(path), *filespec8 = utf8_from_utf16(filespec);
    auto_free char *alternate8 = utf8_from_utf16(alternate);
    filespecs_add(specs, path8 ? path8 : "", filespec8 ? filespec8 : "", recursive != 0, alternate8,
                  mask);
    return S_OK;
}

/* `get` is a method of a component that answers the i-th descriptor of one kind. */
static HRESULT read_filespecs(struct reading *r, IVssWMComponent *component,
                              HRESULT (*get)(IVssWMComponent *, UINT, IVssWMFiledesc **),
                              UINT count, struct filespecs *specs)
{
    for (UINT i = 0; i < count; i++) {
        auto_com IVssWMFiledesc *desc = NULL;

        r->call = "IVssWMComponent";
        HRESULT hr = get(component, i, &desc);
        if (SUCCEEDED(hr))
            hr = read_filespec(r, desc, specs, false);
        if (FAILED(hr))
            return hr;
    }
    return S_OK;
}

static HRESULT read_dependency(IVssWMDependency *face, struct wmd_component *component)
{
    auto_bstr BSTR path = NULL, name = NULL;
    VSS_ID writer;
    HRESULT hr = IVssWMDependency_GetWriterId(face, &writer);

    if (SUCCEEDED(hr))
        hr = IVssWMDependency_GetLogicalPath(face, &path);
    if (SUCCEEDED(hr))
        hr = IVssWMDependency_GetComponentName(face, &name);
    if (FAILED(hr))
        return hr;
    auto_free char *path8 = utf8_from_utf16(path), *name8 = utf8_from_utf16(name);
    *array_push(&component->dependencies) =
        (struct wmd_dependency){ .writer_id = writer,
                                 .logical_path = mem_strdup(path8 ? path8 : ""),
                                 .name = mem_strdup(name8 ? name8 : "") };
    return S_OK;
}

static HRESULT read_dependencies(struct reading *r, IVssWMComponent *face, UINT count,
                                 struct wmd_component *component)
{
    for (UINT i = 0; i < count; i++) {
        auto_com IVssWMDependency *dependency = NULL;

        r->call = "IVssWMComponent::GetDependency";
        HRESULT hr = IVssWMComponent_GetDependency(face, i, &dependency);
        if (SUCCEEDED(hr)) {
            r->call = "IVssWMDependency";
            hr = read_dependency(dependency, component);
        }
        if (FAILED(hr))
            return hr;
    }
    return S_OK;
}

static HRESULT read_component_info(struct reading *r, IVssWMComponent *face, PVSSCOMPONENTINFO info)
{
    auto_free char *path = utf8_from_utf16(info->bstrLogicalPath);
    auto_free char *name = utf8_from_utf16(info->bstrComponentName);
    struct wmd_component *component = wmd_add_component(r->wmd, info->type, path, name ? name : "");

    r->call = "two components of one name";
    if (!component)
        return VSS_E_OBJECT_ALREADY_EXISTS;
    component->selectable = info->bSelectable != 0;
    component->selectable_for_restore = info->bSelectableForRestore != 0;
    component->flags = info->dwComponentFlags;

    const IVssWMComponentVtbl *get = face->lpVtbl;
    HRESULT hr = read_filespecs(r, face, get->GetFile, info->cFileCount, &component->files);
    if (SUCCEEDED(hr))
        hr = read_filespecs(r, face, get->GetDatabaseFile, info->cDatabases,
                            &component->database_files);
    if (SUCCEEDED(hr))
        hr = read_filespecs(r, face, get->GetDatabaseLogFile, info->cLogFiles,
                            &component->log_files);
    if (SUCCEEDED(hr))
        hr = read_dependencies(r, face, info->cDependencies, component);
    return hr;
}

static HRESULT read_components(struct reading *r, UINT count)
{
    for (UINT i = 0; i < count; i++) {
        auto_com IVssWMComponent *face = NULL;
        PVSSCOMPONENTINFO info = NULL;

        r->call = "IVssExamineWriterMetadata::GetComponent";
        HRESULT hr = IVssExamineWriterMetadata_GetComponent(r->examine, i, &face);
        if (FAILED(hr))
            return hr;
        r->call = "IVssWMComponent::GetComponentInfo";
        hr = IVssWMComponent_GetComponentInfo(face, &info);
        if (FAILED(hr))
            return hr;
        hr = read_component_info(r, face, info);
        IVssWMComponent_FreeComponentInfo(face, info);
        if (FAILED(hr))
            return hr;
    }
    return S_OK;
}

static HRESULT read_exclusions(struct reading *r, UINT count)
{
    for (UINT i = 0; i < count; i++) {
        auto_com IVssWMFiledesc *desc = NULL;

        r->call = "IVssExamineWriterMetadata::GetExcludeFile";
        HRESULT hr = IVssExamineWriterMetadata_GetExcludeFile(r->examine, i, &desc);
        if (SUCCEEDED(hr))
            hr = read_filespec(r, desc, &r->wmd->exclude_files, true);
        if (FAILED(hr))
            return hr;
    }
    return S_OK;
}

/* S_FALSE of GetRestoreMethod: the writer named none (requester-notes: OQ-33). */
static HRESULT read_restore_method(struct reading *r)
{
    auto_bstr BSTR service = NULL, procedure = NULL;
    boolean reboot = 0;
    UINT n_mappings = 0;

    r->call = "IVssExamineWriterMetadata::GetRestoreMethod";
    HRESULT hr = IVssExamineWriterMetadata_GetRestoreMethod(
        r->examine, &r->wmd->restore_method, &service, &procedure, &r->wmd->writer_restore, &reboot,
        &n_mappings);
    if (hr == S_FALSE || FAILED(hr))
        return FAILED(hr) ? hr : S_OK;
    r->wmd->has_restore_method = true;
    r->wmd->reboot_required = reboot != 0;
    r->wmd->service = utf8_from_utf16(service);

    for (UINT i = 0; i < n_mappings; i++) {
        auto_com IVssWMFiledesc *desc = NULL;

        r->call = "IVssExamineWriterMetadata::GetAlternateLocationMapping";
        hr = IVssExamineWriterMetadata_GetAlternateLocationMapping(r->examine, i, &desc);
        if (SUCCEEDED(hr))
            hr = read_filespec(r, desc, &r->wmd->alternate_mappings, true);
        if (FAILED(hr))
            return hr;
    }
    return S_OK;
}

static HRESULT read_identity(struct reading *r)
{
    BSTR name = NULL;

    r->call = "IVssExamineWriterMetadata::GetIdentity";
    HRESULT hr =
        IVssExamineWriterMetadata_GetIdentity(r->examine, &r->wmd->instance_id, &r->wmd->writer_id,
                                              &name, &r->wmd->usage, &r->wmd->source);
    if (SUCCEEDED(hr)) {
        free(r->wmd->name);
        r->wmd->name = betest_take_bstr(name);
    }
    return hr;
}

static HRESULT read_schema(struct reading *r)
{
    DWORD schema = 0;

    r->call = "IVssExamineWriterMetadata::GetBackupSchema";
    HRESULT hr = IVssExamineWriterMetadata_GetBackupSchema(r->examine, &schema);
    if (SUCCEEDED(hr))
        r->wmd->backup_schema = schema;
    return hr;
}

HRESULT metadata_read(IVssExamineWriterMetadata *examine, struct wmd **ret, const char **ret_call)
{
    struct reading r = { .examine = examine, .wmd = wmd_new() };
    UINT n_includes = 0, n_excludes = 0, n_components = 0;

    HRESULT hr = read_identity(&r);
    if (SUCCEEDED(hr)) {
        r.call = "IVssExamineWriterMetadata::GetFileCounts";
        hr = IVssExamineWriterMetadata_GetFileCounts(examine, &n_includes, &n_excludes,
                                                     &n_components);
    }
    if (SUCCEEDED(hr))
        hr = read_components(&r, n_components);
    if (SUCCEEDED(hr))
        hr = read_exclusions(&r, n_excludes);
    if (SUCCEEDED(hr))
        hr = read_restore_method(&r);
    if (SUCCEEDED(hr))
        hr = read_schema(&r);

    *ret_call = r.call;
    if (FAILED(hr)) {
        wmd_free(r.wmd);
        return hr;
    }
    *ret = r.wmd;
    return S_OK;
}
