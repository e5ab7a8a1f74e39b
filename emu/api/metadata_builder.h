/* SPDX-License-Identifier: MIT */
/* Filling in a Writer Metadata Document, with the checks of the methods of the same name. The faces
 * over it: create_metadata.c (a writer's OnIdentify) and express_metadata.c. */
#pragma once

#include "emu/doc/wmd.h"

struct metadata_builder {
    struct wmd *wmd;         /* borrowed; NULL: it is over, every method answers VSS_E_BAD_STATE */
    struct text_index files; /* which file sets there are, for exact duplicates */
    const char *refused;     /* the last method that found nothing to add to; NULL: none */
    bool is_express;         /* the limits of express writers hold: VSS_E_NOT_SUPPORTED */
};
void metadata_builder_fini(struct metadata_builder *builder);

/* Whether an express writer may have this document, and this usage. */
bool metadata_is_express(const struct wmd *wmd);
bool is_express_usage(VSS_USAGE_TYPE usage);

HRESULT metadata_builder_AddExcludeFiles(struct metadata_builder *builder, LPCWSTR path,
                                         LPCWSTR filespec, boolean recursive);
HRESULT metadata_builder_AddExcludeFilesFromSnapshot(struct metadata_builder *builder, LPCWSTR path,
                                                     LPCWSTR filespec, boolean recursive);
HRESULT metadata_builder_AddComponent(struct metadata_builder *builder, VSS_COMPONENT_TYPE type,
                                      LPCWSTR logical_path, LPCWSTR name, LPCWSTR caption,
                                      const BYTE *icon, UINT icon_size, boolean restore_metadata,
                                      boolean notify_on_backup_complete, boolean selectable,
                                      boolean selectable_for_restore, DWORD flags);
HRESULT metadata_builder_AddDatabaseFiles(struct metadata_builder *builder, LPCWSTR logical_path,
                                          LPCWSTR name, LPCWSTR path, LPCWSTR filespec, DWORD mask);
HRESULT metadata_builder_AddDatabaseLogFiles(struct metadata_builder *builder, LPCWSTR logical_path,
                                             LPCWSTR name, LPCWSTR path, LPCWSTR filespec,
                                             DWORD mask);
HRESULT metadata_builder_AddFilesToFileGroup(struct metadata_builder *builder, LPCWSTR logical_path,
                                             LPCWSTR name, LPCWSTR path, LPCWSTR filespec,
                                             boolean recursive, LPCWSTR alternate_location,
                                             DWORD mask);
HRESULT metadata_builder_SetRestoreMethod(struct metadata_builder *builder,
                                          VSS_RESTOREMETHOD_ENUM method, LPCWSTR service,
                                          LPCWSTR user_procedure,
                                          VSS_WRITERRESTORE_ENUM writer_restore,
                                          boolean reboot_required);
HRESULT metadata_builder_AddAlternateLocationMapping(struct metadata_builder *builder,
                                                     LPCWSTR source_path, LPCWSTR source_filespec,
                                                     boolean recursive, LPCWSTR destination);
HRESULT metadata_builder_AddComponentDependency(struct metadata_builder *builder, LPCWSTR for_path,
                                                LPCWSTR for_name, VSS_ID on_writer_id,
                                                LPCWSTR on_path, LPCWSTR on_name);
HRESULT metadata_builder_SetBackupSchema(struct metadata_builder *builder, DWORD schema);
HRESULT metadata_builder_SaveAsXML(struct metadata_builder *builder, BSTR *ret_xml);
