/* SPDX-License-Identifier: MIT */
/* See create_metadata.h. The methods are the builder's; here is what belongs to the interface. */
#include "emu/api/create_metadata.h"

#include "emu/api/guard.h"
#include "emu/api/metadata_builder.h"
#include "emu/base/list.h"
#include "emu/base/mem.h"
#include "emu/doc/wmd_tell.h"

#include <stdlib.h>

struct create_metadata {
    IVssCreateWriterMetadataEx face;
    struct metadata_builder builder;
};

static struct metadata_builder *builder_of(IVssCreateWriterMetadataEx *face)
{
    return &container_of(face, struct create_metadata, face)->builder;
}

static HRESULT create_metadata_AddExcludeFiles(IVssCreateWriterMetadataEx *face, LPCWSTR path,
                                               LPCWSTR filespec, boolean recursive)
{
    GUARD(IVssCreateWriterMetadata_AddExcludeFiles);
    return metadata_builder_AddExcludeFiles(builder_of(face), path, filespec, recursive);
}

static HRESULT create_metadata_AddExcludeFilesFromSnapshot(IVssCreateWriterMetadataEx *face,
                                                           LPCWSTR path, LPCWSTR filespec,
                                                           boolean recursive)
{
    GUARD(IVssCreateWriterMetadataEx_AddExcludeFilesFromSnapshot);
    return metadata_builder_AddExcludeFilesFromSnapshot(builder_of(face), path, filespec,
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
    return metadata_builder_AddComponent(builder_of(face), type, logical_path, name, caption, icon,
                                         icon_size, restore_metadata, notify_on_backup_complete,
                                         selectable, selectable_for_restore, flags);
}

static HRESULT create_metadata_AddDatabaseFiles(IVssCreateWriterMetadataEx *face,
                                                LPCWSTR logical_path, LPCWSTR name, LPCWSTR path,
                                                LPCWSTR filespec, DWORD mask)
{
    GUARD(IVssCreateWriterMetadata_AddDatabaseFiles);
    return metadata_builder_AddDatabaseFiles(builder_of(face), logical_path, name, path, filespec,
                                             mask);
}

static HRESULT create_metadata_AddDatabaseLogFiles(IVssCreateWriterMetadataEx *face,
                                                   LPCWSTR logical_path, LPCWSTR name, LPCWSTR path,
                                                   LPCWSTR filespec, DWORD mask)
{
    GUARD(IVssCreateWriterMetadata_AddDatabaseLogFiles);
    return metadata_builder_AddDatabaseLogFiles(builder_of(face), logical_path, name, path,
                                                filespec, mask);
}

static HRESULT create_metadata_AddFilesToFileGroup(IVssCreateWriterMetadataEx *face,
                                                   LPCWSTR logical_path, LPCWSTR name, LPCWSTR path,
                                                   LPCWSTR filespec, boolean recursive,
                                                   LPCWSTR alternate_location, DWORD mask)
{
    GUARD(IVssCreateWriterMetadata_AddFilesToFileGroup);
    return metadata_builder_AddFilesToFileGroup(builder_of(face), logical_path, name, path,
                                                filespec, recursive, alternate_location, mask);
}

static HRESULT create_metadata_SetRestoreMethod(IVssCreateWriterMetadataEx *face,
                                                VSS_RESTOREMETHOD_ENUM method, LPCWSTR service,
                                                LPCWSTR user_procedure,
                                                VSS_WRITERRESTORE_ENUM writer_restore,
                                                boolean reboot_required)
{
    GUARD(IVssCreateWriterMetadata_SetRestoreMethod);
    return metadata_builder_SetRestoreMethod(builder_of(face), method, service, user_procedure,
                                             writer_restore, reboot_required);
}

static HRESULT create_metadata_AddAlternateLocationMapping(IVssCreateWriterMetadataEx *face,
                                                           LPCWSTR source_path,
                                                           LPCWSTR source_filespec,
                                                           boolean recursive, LPCWSTR destination)
{
    GUARD(IVssCreateWriterMetadata_AddAlternateLocationMapping);
    return metadata_builder_AddAlternateLocationMapping(builder_of(face), source_path,
                                                        source_filespec, recursive, destination);
}

static HRESULT create_metadata_AddComponentDependency(IVssCreateWriterMetadataEx *face,
                                                      LPCWSTR for_path, LPCWSTR for_name,
                                                      VSS_ID on_writer_id, LPCWSTR on_path,
                                                      LPCWSTR on_name)
{
    GUARD(IVssCreateWriterMetadata_AddComponentDependency);
    return metadata_builder_AddComponentDependency(builder_of(face), for_path, for_name,
                                                   on_writer_id, on_path, on_name);
}

static HRESULT create_metadata_SetBackupSchema(IVssCreateWriterMetadataEx *face, DWORD schema)
{
    GUARD(IVssCreateWriterMetadata_SetBackupSchema);
    return metadata_builder_SetBackupSchema(builder_of(face), schema);
}

static HRESULT create_metadata_SaveAsXML(IVssCreateWriterMetadataEx *face, BSTR *ret_xml)
{
    GUARD(IVssCreateWriterMetadata_SaveAsXML);
    return metadata_builder_SaveAsXML(builder_of(face), ret_xml);
}

/* "Not supported": Learn, "IVssCreateWriterMetadata::AddIncludeFiles". */
static HRESULT create_metadata_AddIncludeFiles(IVssCreateWriterMetadataEx *face, LPCWSTR path,
                                               LPCWSTR filespec, boolean recursive,
                                               LPCWSTR alternate_location)
{
    (void)face, (void)path, (void)filespec, (void)recursive, (void)alternate_location;
    return E_NOTIMPL;
}

/* "Not supported": Learn, "IVssCreateWriterMetadata::GetDocument". */
static HRESULT create_metadata_GetDocument(IVssCreateWriterMetadataEx *face, IXMLDOMDocument **ret)
{
    (void)face;
    if (ret)
        *ret = NULL;
    return E_NOTIMPL;
}

#define SLOT(method) .method = create_metadata_##method

static const IVssCreateWriterMetadataExVtbl create_metadata_vtbl = {
    SLOT(AddIncludeFiles),
    SLOT(AddExcludeFiles),
    SLOT(AddComponent),
    SLOT(AddDatabaseFiles),
    SLOT(AddDatabaseLogFiles),
    SLOT(AddFilesToFileGroup),
    SLOT(SetRestoreMethod),
    SLOT(AddAlternateLocationMapping),
    SLOT(AddComponentDependency),
    SLOT(SetBackupSchema),
    SLOT(GetDocument),
    SLOT(SaveAsXML),
    SLOT(AddExcludeFilesFromSnapshot),
};

struct create_metadata *create_metadata_new(struct wmd *borrowed)
{
    struct create_metadata *metadata = mem_new(struct create_metadata);

    metadata->face.lpVtbl = &create_metadata_vtbl;
    metadata->builder.wmd = borrowed;
    return metadata;
}

IVssCreateWriterMetadata *create_metadata_face(struct create_metadata *metadata)
{
    return (IVssCreateWriterMetadata *)&metadata->face;
}

/* See emu/doc/wmd_tell.h. */
void wmd_tell(const struct wmd *wmd, IVssCreateWriterMetadata *metadata)
{
    struct wmd *told =
        container_of((IVssCreateWriterMetadataEx *)metadata, struct create_metadata, face)
            ->builder.wmd;

    if (!told)
        return;
    wmd_copy_content(told, wmd);
    told->is_told_whole = true;
}

void create_metadata_end(struct create_metadata *metadata)
{
    metadata->builder.wmd = NULL;
}

void create_metadata_free(struct create_metadata *metadata)
{
    if (!metadata)
        return;
    metadata_builder_fini(&metadata->builder);
    free(metadata);
}

const char *create_metadata_refused(const struct create_metadata *metadata)
{
    return metadata->builder.refused;
}
