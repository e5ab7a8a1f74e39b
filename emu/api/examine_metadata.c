/* SPDX-License-Identifier: MIT */
/* See examine_metadata.h. Learn: "IVssExamineWriterMetadata", "IVssExamineWriterMetadataEx2". One
 * vtable, the longest, serves the three interfaces: each begins with the one before. */
#include "emu/api/examine_metadata.h"

#include "emu/api/guard.h"
#include "emu/api/give.h"
#include "emu/api/wm_component.h"
#include "emu/api/wm_filedesc.h"
#include "emu/base/cleanup.h"
#include "emu/base/utf.h"
#include "emu/com/object.h"

struct examine_metadata {
    struct com_object com;
    IVssExamineWriterMetadataEx2 IVssExamineWriterMetadataEx2;
    struct wmd *wmd; /* a reference; LoadFromXML replaces it */
};

COM_UNKNOWN_METHODS(examine_metadata, IVssExamineWriterMetadataEx2)

static struct wmd *wmd_of(IVssExamineWriterMetadataEx2 *face)
{
    return examine_metadata_from_IVssExamineWriterMetadataEx2(face)->wmd;
}

static HRESULT examine_metadata_GetIdentity(IVssExamineWriterMetadataEx2 *face,
                                            VSS_ID *ret_instance_id, VSS_ID *ret_writer_id,
                                            BSTR *ret_name, VSS_USAGE_TYPE *ret_usage,
                                            VSS_SOURCE_TYPE *ret_source)
{
    GUARD(IVssExamineWriterMetadata_GetIdentity);
    const struct wmd *wmd = wmd_of(face);

    if (!ret_instance_id || !ret_writer_id || !ret_name || !ret_usage || !ret_source)
        return E_INVALIDARG;
    *ret_instance_id = wmd->instance_id;
    *ret_writer_id = wmd->writer_id;
    *ret_name = bstr_from_utf8(wmd->name);
    *ret_usage = wmd->usage;
    *ret_source = wmd->source;
    return S_OK;
}

static HRESULT examine_metadata_GetIdentityEx(IVssExamineWriterMetadataEx2 *face,
                                              VSS_ID *ret_instance_id, VSS_ID *ret_writer_id,
                                              BSTR *ret_name, BSTR *ret_instance_name,
                                              VSS_USAGE_TYPE *ret_usage,
                                              VSS_SOURCE_TYPE *ret_source)
{
    GUARD(IVssExamineWriterMetadataEx_GetIdentityEx);
    HRESULT hr;

    if (!ret_instance_name)
        return E_INVALIDARG;
    *ret_instance_name = NULL;
    hr = examine_metadata_GetIdentity(face, ret_instance_id, ret_writer_id, ret_name, ret_usage,
                                      ret_source);
    if (hr == S_OK)
        *ret_instance_name = text_or_null(wmd_of(face)->instance_name);
    return hr;
}

static HRESULT examine_metadata_GetFileCounts(IVssExamineWriterMetadataEx2 *face,
                                              UINT *ret_n_include_files, UINT *ret_n_exclude_files,
                                              UINT *ret_n_components)
{
    GUARD(IVssExamineWriterMetadata_GetFileCounts);
    const struct wmd *wmd = wmd_of(face);

    if (!ret_n_include_files || !ret_n_exclude_files || !ret_n_components)
        return E_INVALIDARG;
    *ret_n_include_files = 0; /* reserved */
    *ret_n_exclude_files = (UINT)wmd->exclude_files.count;
    *ret_n_components = (UINT)wmd->components.count;
    return S_OK;
}

/* "Reserved for future use": Learn, "IVssExamineWriterMetadata::GetIncludeFile". */
static HRESULT examine_metadata_GetIncludeFile(IVssExamineWriterMetadataEx2 *face, UINT i,
                                               IVssWMFiledesc **ret)
{
    (void)face, (void)i;
    if (ret)
        *ret = NULL;
    return E_NOTIMPL;
}

static HRESULT examine_metadata_GetExcludeFile(IVssExamineWriterMetadataEx2 *face, UINT i,
                                               IVssWMFiledesc **ret)
{
    GUARD_OUT(IVssExamineWriterMetadata_GetExcludeFile, ret);
    return wm_filedesc_of(&wmd_of(face)->exclude_files, i, VSS_E_OBJECT_NOT_FOUND, ret);
}

static HRESULT examine_metadata_GetComponent(IVssExamineWriterMetadataEx2 *face, UINT i,
                                             IVssWMComponent **ret)
{
    GUARD_OUT(IVssExamineWriterMetadata_GetComponent, ret);
    struct wmd *wmd = wmd_of(face);

    if (!ret)
        return E_INVALIDARG;
    if (i >= wmd->components.count)
        return VSS_E_OBJECT_NOT_FOUND;
    wm_component_new(wmd, &wmd->components.items[i], ret);
    return S_OK;
}

/* Without a method in the document: S_FALSE with empty results (requester-notes: OQ-33). */
static HRESULT examine_metadata_GetRestoreMethod(IVssExamineWriterMetadataEx2 *face,
                                                 VSS_RESTOREMETHOD_ENUM *ret_method,
                                                 BSTR *ret_service, BSTR *ret_user_procedure,
                                                 VSS_WRITERRESTORE_ENUM *ret_writer_restore,
                                                 boolean *ret_reboot_required, UINT *ret_n_mappings)
{
    GUARD(IVssExamineWriterMetadata_GetRestoreMethod);
    const struct wmd *wmd = wmd_of(face);

    if (!ret_method || !ret_service || !ret_user_procedure || !ret_writer_restore ||
        !ret_reboot_required || !ret_n_mappings)
        return E_INVALIDARG;
    *ret_method = wmd->restore_method;
    *ret_service = text_or_null(wmd->service);
    *ret_user_procedure = text_or_null(wmd->user_procedure);
    *ret_writer_restore = wmd->writer_restore;
    *ret_reboot_required = wmd->reboot_required;
    *ret_n_mappings = (UINT)wmd->alternate_mappings.count;
    return wmd->has_restore_method ? S_OK : S_FALSE;
}

static HRESULT examine_metadata_GetAlternateLocationMapping(IVssExamineWriterMetadataEx2 *face,
                                                            UINT i, IVssWMFiledesc **ret)
{
    GUARD_OUT(IVssExamineWriterMetadata_GetAlternateLocationMapping, ret);
    return wm_filedesc_of(&wmd_of(face)->alternate_mappings, i, VSS_E_OBJECT_NOT_FOUND, ret);
}

static HRESULT examine_metadata_GetBackupSchema(IVssExamineWriterMetadataEx2 *face,
                                                DWORD *ret_schema)
{
    GUARD_OUT(IVssExamineWriterMetadata_GetBackupSchema, ret_schema);
    if (!ret_schema)
        return E_INVALIDARG;
    *ret_schema = wmd_of(face)->backup_schema;
    return S_OK;
}

/* "Reserved for future use": Learn, "IVssExamineWriterMetadata::GetDocument". */
static HRESULT examine_metadata_GetDocument(IVssExamineWriterMetadataEx2 *face,
                                            IXMLDOMDocument **ret)
{
    (void)face;
    if (ret)
        *ret = NULL;
    return E_NOTIMPL;
}

static HRESULT examine_metadata_SaveAsXML(IVssExamineWriterMetadataEx2 *face, BSTR *ret_xml)
{
    GUARD_OUT(IVssExamineWriterMetadata_SaveAsXML, ret_xml);
    auto_free char *text = NULL;

    if (!ret_xml)
        return E_INVALIDARG;
    text = wmd_to_xml(wmd_of(face));
    *ret_xml = bstr_from_utf8(text);
    return S_OK;
}

static HRESULT wmd_from_bstr(BSTR xml, struct wmd **ret)
{
    auto_free char *text = utf8_from_utf16_n((const uint16_t *)xml, bstr_length(xml));

    return wmd_from_xml(text, strlen(text), ret, NULL);
}

/* S_FALSE: no XML; the old content stays on any failure (requester-notes: OQ-32). */
static HRESULT examine_metadata_LoadFromXML(IVssExamineWriterMetadataEx2 *face, BSTR xml)
{
    GUARD(IVssExamineWriterMetadata_LoadFromXML);
    struct examine_metadata *examine = examine_metadata_from_IVssExamineWriterMetadataEx2(face);
    struct wmd *loaded;
    HRESULT hr;

    if (!xml)
        return E_INVALIDARG;
    hr = wmd_from_bstr(xml, &loaded);
    if (hr == S_FALSE && api_choice(CHOICE_MALFORMED_METADATA) == MALFORMED_METADATA_INVALID)
        return VSS_E_INVALID_XML_DOCUMENT;
    if (hr != S_OK)
        return hr;
    wmd_free(examine->wmd);
    examine->wmd = loaded;
    return S_OK;
}

static HRESULT examine_metadata_GetVersion(IVssExamineWriterMetadataEx2 *face, DWORD *ret_major,
                                           DWORD *ret_minor)
{
    GUARD(IVssExamineWriterMetadataEx2_GetVersion);
    if (!ret_major || !ret_minor)
        return E_INVALIDARG;
    *ret_major = wmd_of(face)->major_version;
    *ret_minor = wmd_of(face)->minor_version;
    return S_OK;
}

static HRESULT examine_metadata_GetExcludeFromSnapshotCount(IVssExamineWriterMetadataEx2 *face,
                                                            UINT *ret_n)
{
    GUARD_OUT(IVssExamineWriterMetadataEx2_GetExcludeFromSnapshotCount, ret_n);
    if (!ret_n)
        return E_INVALIDARG;
    *ret_n = (UINT)wmd_of(face)->exclude_files_from_snapshot.count;
    return S_OK;
}

/* The page lists no code for an index out of range but this one (requester-notes: OQ-34). */
static HRESULT examine_metadata_GetExcludeFromSnapshotFile(IVssExamineWriterMetadataEx2 *face,
                                                           UINT i, IVssWMFiledesc **ret)
{
    GUARD_OUT(IVssExamineWriterMetadataEx2_GetExcludeFromSnapshotFile, ret);
    return wm_filedesc_of(&wmd_of(face)->exclude_files_from_snapshot, i, E_INVALIDARG, ret);
}

static void examine_metadata_destroy(void *object)
{
    wmd_free(((struct examine_metadata *)object)->wmd);
}

static const IVssExamineWriterMetadataEx2Vtbl examine_metadata_vtbl = {
    COM_UNKNOWN_SLOTS(examine_metadata, IVssExamineWriterMetadataEx2),
    .GetIdentity = examine_metadata_GetIdentity,
    .GetFileCounts = examine_metadata_GetFileCounts,
    .GetIncludeFile = examine_metadata_GetIncludeFile,
    .GetExcludeFile = examine_metadata_GetExcludeFile,
    .GetComponent = examine_metadata_GetComponent,
    .GetRestoreMethod = examine_metadata_GetRestoreMethod,
    .GetAlternateLocationMapping = examine_metadata_GetAlternateLocationMapping,
    .GetBackupSchema = examine_metadata_GetBackupSchema,
    .GetDocument = examine_metadata_GetDocument,
    .SaveAsXML = examine_metadata_SaveAsXML,
    .LoadFromXML = examine_metadata_LoadFromXML,
    .GetIdentityEx = examine_metadata_GetIdentityEx,
    .GetVersion = examine_metadata_GetVersion,
    .GetExcludeFromSnapshotCount = examine_metadata_GetExcludeFromSnapshotCount,
    .GetExcludeFromSnapshotFile = examine_metadata_GetExcludeFromSnapshotFile,
};

COM_CLASS(examine_metadata, examine_metadata_destroy,
          COM_FACE(examine_metadata, IVssExamineWriterMetadataEx2),
          COM_FACE_AS(examine_metadata, IVssExamineWriterMetadata, IVssExamineWriterMetadataEx2),
          COM_FACE_AS(examine_metadata, IVssExamineWriterMetadataEx, IVssExamineWriterMetadataEx2));

void examine_metadata_new(struct wmd *take, IVssExamineWriterMetadata **ret)
{
    struct examine_metadata *examine = COM_NEW(examine_metadata);

    examine->IVssExamineWriterMetadataEx2.lpVtbl = &examine_metadata_vtbl;
    examine->wmd = take;
    *ret = (IVssExamineWriterMetadata *)&examine->IVssExamineWriterMetadataEx2;
}

HRESULT STDAPICALLTYPE CreateVssExamineWriterMetadataInternal(BSTR xml,
                                                              IVssExamineWriterMetadata **ret)
{
    GUARD_OUT(Function_CreateVssExamineWriterMetadata, ret);
    struct wmd *wmd;

    if (!ret)
        return E_INVALIDARG;
    if (!xml)
        return E_INVALIDARG;
    if (wmd_from_bstr(xml, &wmd) != S_OK)
        return VSS_E_INVALID_XML_DOCUMENT;
    examine_metadata_new(wmd, ret);
    return S_OK;
}
