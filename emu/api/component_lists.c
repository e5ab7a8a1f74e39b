/* SPDX-License-Identifier: MIT */
/* The methods of IVssComponent about lists: mappings, partial and differenced files, new and
 * directed targets, subcomponents. Learn: "IVssComponent". */
#include "emu/api/component_face_i.h"

#include "emu/api/guard.h"
#include "emu/api/give.h"
#include "emu/api/wm_filedesc.h"
#include "emu/base/cleanup.h"

#include <string.h>

/* ---- the three shapes that repeat ---- */

/* The number of entries of the array at this offset of the component. */
static HRESULT get_count(IVssComponentEx2 *face, size_t offset_of_count, UINT *ret_n)
{
    const struct bcd_component *component;

    if (!ret_n)
        return E_INVALIDARG;
    *ret_n = 0;
    component = component_face_enter(face, ACCESS_ANY);
    if (component)
        *ret_n = (UINT) * (const size_t *)(const void *)((const char *)component + offset_of_count);
    component_face_leave(face);
    return component ? S_OK : VSS_E_BAD_STATE;
}

/* Entry i of the file sets at this offset of the component. */
static HRESULT get_filedesc(IVssComponentEx2 *face, size_t offset, UINT i, IVssWMFiledesc **ret)
{
    const struct bcd_component *component;
    HRESULT hr = VSS_E_BAD_STATE;

    if (!ret)
        return E_INVALIDARG;
    *ret = NULL;
    component = component_face_enter(face, ACCESS_ANY);
    if (component)
        hr = wm_filedesc_of(
            (const struct filespecs *)(const void *)((const char *)component + offset), i,
            VSS_E_OBJECT_NOT_FOUND, ret);
    component_face_leave(face);
    return hr;
}

/* Sets n text results; E_INVALIDARG, and nothing set, when a place is missing. */
static HRESULT clear_texts(BSTR *const rets[], size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!rets[i])
            return E_INVALIDARG;
    }
    for (size_t i = 0; i < n; i++)
        *rets[i] = NULL;
    return S_OK;
}

#define COUNT_OF(list)                     \
    offsetof(struct bcd_component, list) + \
        offsetof(__typeof__(((struct bcd_component *)NULL)->list), count)

/* ---- mappings and targets ---- */

HRESULT component_face_GetAlternateLocationMappingCount(IVssComponentEx2 *face, UINT *ret_n)
{
    GUARD(IVssComponent_GetAlternateLocationMappingCount);
    return get_count(face, COUNT_OF(alternate_mappings), ret_n);
}

HRESULT component_face_GetAlternateLocationMapping(IVssComponentEx2 *face, UINT i,
                                                   IVssWMFiledesc **ret)
{
    GUARD(IVssComponent_GetAlternateLocationMapping);
    return get_filedesc(face, offsetof(struct bcd_component, alternate_mappings), i, ret);
}

HRESULT component_face_GetNewTargetCount(IVssComponentEx2 *face, UINT *ret_n)
{
    GUARD(IVssComponent_GetNewTargetCount);
    return get_count(face, COUNT_OF(new_targets), ret_n);
}

HRESULT component_face_GetNewTarget(IVssComponentEx2 *face, UINT i, IVssWMFiledesc **ret)
{
    GUARD(IVssComponent_GetNewTarget);
    return get_filedesc(face, offsetof(struct bcd_component, new_targets), i, ret);
}

/* ---- partial files ---- */

HRESULT component_face_AddPartialFile(IVssComponentEx2 *face, LPCWSTR path, LPCWSTR filename,
                                      LPCWSTR ranges, LPCWSTR metadata)
{
    GUARD(IVssComponent_AddPartialFile);
    auto_free char *own_path = utf8_from_wide(path), *own_filename = utf8_from_wide(filename);
    auto_free char *own_ranges = utf8_from_wide(ranges), *own_metadata = utf8_from_wide(metadata);
    struct bcd_component *component;

    if (!filespec_path_is_valid(own_path) || !filespec_pattern_is_valid(own_filename) ||
        strpbrk(own_filename, "*?") || !own_ranges || !*own_ranges)
        return E_INVALIDARG;
    component = component_face_enter(face, ACCESS_BACKUP_WRITE);
    if (component) {
        bcd_add_partial_file(component, own_path, own_filename, own_ranges, own_metadata);
        COMPONENT_TELL(face, "AddPartialFile", TRACE_TEXT("file_path", own_path),
                       TRACE_TEXT("filename", own_filename), TRACE_TEXT("ranges", own_ranges),
                       TRACE_TEXT("metadata", own_metadata));
    }
    component_face_leave(face);
    return component ? S_OK : VSS_E_BAD_STATE;
}

HRESULT component_face_GetPartialFileCount(IVssComponentEx2 *face, UINT *ret_n)
{
    GUARD(IVssComponent_GetPartialFileCount);
    return get_count(face, COUNT_OF(partial_files), ret_n);
}

HRESULT component_face_GetPartialFile(IVssComponentEx2 *face, UINT i, BSTR *ret_path,
                                      BSTR *ret_filename, BSTR *ret_ranges, BSTR *ret_metadata)
{
    GUARD(IVssComponent_GetPartialFile);
    HRESULT hr =
        clear_texts((BSTR *const[]){ ret_path, ret_filename, ret_ranges, ret_metadata }, 4);
    const struct bcd_component *component;

    if (hr != S_OK)
        return hr;
    component = component_face_enter(face, ACCESS_ANY);
    if (!component) {
        hr = VSS_E_BAD_STATE;
    } else if (i >= component->partial_files.count) {
        hr = VSS_E_OBJECT_NOT_FOUND;
    } else {
        const struct bcd_partial_file *file = &component->partial_files.items[i];

        *ret_path = bstr_from_utf8(file->path);
        *ret_filename = bstr_from_utf8(file->filename);
        *ret_ranges = bstr_from_utf8(file->ranges);
        *ret_metadata = text_or_null(file->metadata);
    }
    component_face_leave(face);
    return hr;
}

/* ---- directed targets ---- */

HRESULT component_face_AddDirectedTarget(IVssComponentEx2 *face, LPCWSTR source_path,
                                         LPCWSTR source_filename, LPCWSTR source_ranges,
                                         LPCWSTR destination_path, LPCWSTR destination_filename,
                                         LPCWSTR destination_ranges)
{
    GUARD(IVssComponent_AddDirectedTarget);
    const LPCWSTR given[6] = { source_path,      source_filename,      source_ranges,
                               destination_path, destination_filename, destination_ranges };
    struct bcd_component *component = NULL;
    char *texts[6] = { NULL };
    HRESULT hr = S_OK;

    for (size_t i = 0; i < 6; i++) {
        texts[i] = utf8_from_wide(given[i]);
        if (!texts[i] || !*texts[i] || (i % 3 == 1 && strpbrk(texts[i], "*?\\")))
            hr = E_INVALIDARG;
    }
    if (hr == S_OK) {
        component = component_face_enter(face, ACCESS(PRE_RESTORE));
        if (component) {
            bcd_add_directed_target(component, (const char *const *)texts);
            COMPONENT_TELL(face, "AddDirectedTarget", TRACE_TEXT("source_path", texts[0]),
                           TRACE_TEXT("source_filename", texts[1]),
                           TRACE_TEXT("source_ranges", texts[2]),
                           TRACE_TEXT("destination_path", texts[3]),
                           TRACE_TEXT("destination_filename", texts[4]),
                           TRACE_TEXT("destination_ranges", texts[5]));
        } else {
            hr = VSS_E_BAD_STATE;
        }
        component_face_leave(face);
    }
    for (size_t i = 0; i < 6; i++)
        free(texts[i]);
    return hr;
}

HRESULT component_face_GetDirectedTargetCount(IVssComponentEx2 *face, UINT *ret_n)
{
    GUARD(IVssComponent_GetDirectedTargetCount);
    return get_count(face, COUNT_OF(directed_targets), ret_n);
}

HRESULT component_face_GetDirectedTarget(IVssComponentEx2 *face, UINT i, BSTR *ret_source_path,
                                         BSTR *ret_source_filename, BSTR *ret_source_ranges,
                                         BSTR *ret_destination_path, BSTR *ret_destination_filename,
                                         BSTR *ret_destination_ranges)
{
    GUARD(IVssComponent_GetDirectedTarget);
    HRESULT hr = clear_texts((BSTR *const[]){ ret_source_path, ret_source_filename,
                                              ret_source_ranges, ret_destination_path,
                                              ret_destination_filename, ret_destination_ranges },
                             6);
    const struct bcd_component *component;

    if (hr != S_OK)
        return hr;
    component = component_face_enter(face, ACCESS_ANY);
    if (!component) {
        hr = VSS_E_BAD_STATE;
    } else if (i >= component->directed_targets.count) {
        hr = VSS_E_OBJECT_NOT_FOUND;
    } else {
        const struct bcd_directed_target *target = &component->directed_targets.items[i];

        *ret_source_path = bstr_from_utf8(target->source_path);
        *ret_source_filename = bstr_from_utf8(target->source_filename);
        *ret_source_ranges = bstr_from_utf8(target->source_ranges);
        *ret_destination_path = bstr_from_utf8(target->destination_path);
        *ret_destination_filename = bstr_from_utf8(target->destination_filename);
        *ret_destination_ranges = bstr_from_utf8(target->destination_ranges);
    }
    component_face_leave(face);
    return hr;
}

/* ---- subcomponents ---- */

HRESULT component_face_GetRestoreSubcomponentCount(IVssComponentEx2 *face, UINT *ret_n)
{
    GUARD(IVssComponent_GetRestoreSubcomponentCount);
    return get_count(face, COUNT_OF(subcomponents), ret_n);
}

HRESULT component_face_GetRestoreSubcomponent(IVssComponentEx2 *face, UINT i,
                                              BSTR *ret_logical_path, BSTR *ret_name,
                                              boolean *ret_repair)
{
    GUARD(IVssComponent_GetRestoreSubcomponent);
    HRESULT hr = clear_texts((BSTR *const[]){ ret_logical_path, ret_name }, 2);
    const struct bcd_component *component;

    if (hr != S_OK || !ret_repair)
        return E_INVALIDARG;
    *ret_repair = false;
    component = component_face_enter(face, ACCESS_ANY);
    if (!component) {
        hr = VSS_E_BAD_STATE;
    } else if (i >= component->subcomponents.count) {
        hr = VSS_E_OBJECT_NOT_FOUND;
    } else {
        *ret_logical_path = bstr_from_utf8(component->subcomponents.items[i].logical_path);
        *ret_name = bstr_from_utf8(component->subcomponents.items[i].name);
        *ret_repair = component->subcomponents.items[i].repair;
    }
    component_face_leave(face);
    return hr;
}

/* ---- differenced files ---- */

HRESULT component_face_AddDifferencedFilesByLastModifyTime(IVssComponentEx2 *face, LPCWSTR path,
                                                           LPCWSTR filespec, BOOL recursive,
                                                           FILETIME time)
{
    GUARD(IVssComponent_AddDifferencedFilesByLastModifyTime);
    auto_free char *own_path = utf8_from_wide(path), *own_filespec = utf8_from_wide(filespec);
    uint64_t value = (uint64_t)time.dwHighDateTime << 32 | time.dwLowDateTime;
    struct bcd_component *component;

    if (!filespec_path_is_valid(own_path) || !filespec_pattern_is_valid(own_filespec))
        return E_INVALIDARG;
    component = component_face_enter(face, ACCESS_BACKUP_WRITE);
    if (component) {
        bcd_add_differenced_file(component, own_path, own_filespec, recursive != FALSE, value);
        COMPONENT_TELL(face, "AddDifferencedFilesByLastModifyTime",
                       TRACE_TEXT("file_path", own_path), TRACE_TEXT("filespec", own_filespec),
                       TRACE_TRUTH("recursive", recursive != FALSE),
                       TRACE_NUMBER("time", (int64_t)value));
    }
    component_face_leave(face);
    return component ? S_OK : VSS_E_BAD_STATE;
}

/* "Not supported": Learn, "IVssComponent::AddDifferencedFilesByLastModifyLSN". */
HRESULT component_face_AddDifferencedFilesByLastModifyLSN(IVssComponentEx2 *face, LPCWSTR path,
                                                          LPCWSTR filespec, BOOL recursive,
                                                          BSTR lsn)
{
    (void)face, (void)path, (void)filespec, (void)recursive, (void)lsn;
    return E_NOTIMPL;
}

HRESULT component_face_GetDifferencedFilesCount(IVssComponentEx2 *face, UINT *ret_n)
{
    GUARD(IVssComponent_GetDifferencedFilesCount);
    return get_count(face, COUNT_OF(differenced_files), ret_n);
}

/* ret_lsn is reserved: NULL is accepted, and it is set to NULL. */
HRESULT component_face_GetDifferencedFile(IVssComponentEx2 *face, UINT i, BSTR *ret_path,
                                          BSTR *ret_filespec, BOOL *ret_recursive, BSTR *ret_lsn,
                                          FILETIME *ret_time)
{
    GUARD(IVssComponent_GetDifferencedFile);
    HRESULT hr = clear_texts((BSTR *const[]){ ret_path, ret_filespec }, 2);
    const struct bcd_component *component;

    if (ret_lsn)
        *ret_lsn = NULL;
    if (hr != S_OK || !ret_recursive || !ret_time)
        return E_INVALIDARG;
    *ret_recursive = FALSE;
    *ret_time = (FILETIME){ 0 };
    component = component_face_enter(face, ACCESS_ANY);
    if (!component) {
        hr = VSS_E_BAD_STATE;
    } else if (i >= component->differenced_files.count) {
        hr = VSS_E_OBJECT_NOT_FOUND;
    } else {
        const struct bcd_differenced_file *file = &component->differenced_files.items[i];

        *ret_path = bstr_from_utf8(file->path);
        *ret_filespec = bstr_from_utf8(file->filespec);
        *ret_recursive = file->recursive;
        ret_time->dwLowDateTime = (DWORD)file->last_modify_time;
        ret_time->dwHighDateTime = (DWORD)(file->last_modify_time >> 32);
    }
    component_face_leave(face);
    return hr;
}
