/* SPDX-License-Identifier: MIT */
/* See express_metadata.h. The methods are the builder's, with the limits of express writers. */
#include "emu/api/express_metadata.h"

#include "emu/api/guard.h"
#include "emu/api/metadata_builder.h"
#include "emu/com/object.h"

struct express_metadata {
    struct com_object com;
    IVssCreateExpressWriterMetadata IVssCreateExpressWriterMetadata;
    struct metadata_builder builder; /* its document is a reference */
};

COM_UNKNOWN_METHODS(express_metadata, IVssCreateExpressWriterMetadata)

static struct metadata_builder *builder_of(IVssCreateExpressWriterMetadata *face)
{
    return &express_metadata_from_IVssCreateExpressWriterMetadata(face)->builder;
}

static HRESULT express_metadata_AddExcludeFiles(IVssCreateExpressWriterMetadata *face, LPCWSTR path,
                                                LPCWSTR filespec, boolean recursive)
{
    GUARD(IVssCreateExpressWriterMetadata_AddExcludeFiles);
    return metadata_builder_AddExcludeFiles(builder_of(face), path, filespec, recursive);
}

static HRESULT express_metadata_AddComponent(IVssCreateExpressWriterMetadata *face,
                                             VSS_COMPONENT_TYPE type, LPCWSTR logical_path,
                                             LPCWSTR name, LPCWSTR caption, const BYTE *icon,
                                             UINT icon_size, boolean restore_metadata,
                                             boolean notify_on_backup_complete, boolean selectable,
                                             boolean selectable_for_restore, DWORD flags)
{
    GUARD(IVssCreateExpressWriterMetadata_AddComponent);
    return metadata_builder_AddComponent(builder_of(face), type, logical_path, name, caption, icon,
                                         icon_size, restore_metadata, notify_on_backup_complete,
                                         selectable, selectable_for_restore, flags);
}

static HRESULT express_metadata_AddFilesToFileGroup(IVssCreateExpressWriterMetadata *face,
                                                    LPCWSTR logical_path, LPCWSTR name,
                                                    LPCWSTR path, LPCWSTR filespec,
                                                    boolean recursive, LPCWSTR alternate_location,
                                                    DWORD mask)
{
    GUARD(IVssCreateExpressWriterMetadata_AddFilesToFileGroup);
    return metadata_builder_AddFilesToFileGroup(builder_of(face), logical_path, name, path,
                                                filespec, recursive, alternate_location, mask);
}

static HRESULT express_metadata_SetRestoreMethod(IVssCreateExpressWriterMetadata *face,
                                                 VSS_RESTOREMETHOD_ENUM method, LPCWSTR service,
                                                 LPCWSTR user_procedure,
                                                 VSS_WRITERRESTORE_ENUM writer_restore,
                                                 boolean reboot_required)
{
    GUARD(IVssCreateExpressWriterMetadata_SetRestoreMethod);
    return metadata_builder_SetRestoreMethod(builder_of(face), method, service, user_procedure,
                                             writer_restore, reboot_required);
}

static HRESULT express_metadata_AddComponentDependency(IVssCreateExpressWriterMetadata *face,
                                                       LPCWSTR for_path, LPCWSTR for_name,
                                                       VSS_ID on_writer_id, LPCWSTR on_path,
                                                       LPCWSTR on_name)
{
    GUARD(IVssCreateExpressWriterMetadata_AddComponentDependency);
    return metadata_builder_AddComponentDependency(builder_of(face), for_path, for_name,
                                                   on_writer_id, on_path, on_name);
}

static HRESULT express_metadata_SetBackupSchema(IVssCreateExpressWriterMetadata *face, DWORD schema)
{
    GUARD(IVssCreateExpressWriterMetadata_SetBackupSchema);
    return metadata_builder_SetBackupSchema(builder_of(face), schema);
}

static HRESULT express_metadata_SaveAsXML(IVssCreateExpressWriterMetadata *face, BSTR *ret_xml)
{
    GUARD(IVssCreateExpressWriterMetadata_SaveAsXML);
    return metadata_builder_SaveAsXML(builder_of(face), ret_xml);
}

static void express_metadata_destroy(void *object)
{
    struct express_metadata *metadata = object;

    metadata_builder_fini(&metadata->builder);
    wmd_free(metadata->builder.wmd);
}

#define SLOT(method) .method = express_metadata_##method

static const IVssCreateExpressWriterMetadataVtbl express_metadata_vtbl = {
    COM_UNKNOWN_SLOTS(express_metadata, IVssCreateExpressWriterMetadata),
    SLOT(AddExcludeFiles),
    SLOT(AddComponent),
    SLOT(AddFilesToFileGroup),
    SLOT(SetRestoreMethod),
    SLOT(AddComponentDependency),
    SLOT(SetBackupSchema),
    SLOT(SaveAsXML),
};

COM_CLASS(express_metadata, express_metadata_destroy,
          COM_FACE(express_metadata, IVssCreateExpressWriterMetadata));

void express_metadata_new(struct wmd *take, IVssCreateExpressWriterMetadata **ret)
{
    struct express_metadata *metadata = COM_NEW(express_metadata);

    metadata->IVssCreateExpressWriterMetadata.lpVtbl = &express_metadata_vtbl;
    metadata->builder.wmd = take;
    metadata->builder.is_express = true;
    *ret = &metadata->IVssCreateExpressWriterMetadata;
}
