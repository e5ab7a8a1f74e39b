/* SPDX-License-Identifier: MIT */
/* What component_face.c and component_lists.c share: the object and the rules of access. */
#pragma once

#include "emu/api/component_face.h"
#include "emu/com/object.h"
#include "emu/port/trace.h"

struct component_face {
    struct com_object com;
    IVssComponentEx2 IVssComponentEx2;
    struct components_lease *lease;  /* a reference */
    struct bcd_component *component; /* valid while the lease is alive */
};

/* Sets of enum components_access. */
#define ACCESS(access)      (1u << COMPONENTS_##access)
#define ACCESS_ANY          UINT32_MAX
#define ACCESS_BACKUP_WRITE (ACCESS(PREPARE_BACKUP) | ACCESS(POST_SNAPSHOT))
#define ACCESS_RESTORE      (ACCESS(REQUESTER_RESTORE) | ACCESS(PRE_RESTORE) | ACCESS(POST_RESTORE))
#define ACCESS_WRITER \
    (ACCESS_BACKUP_WRITE | ACCESS(BACKUP_COMPLETE) | ACCESS(PRE_RESTORE) | ACCESS(POST_RESTORE))

/* Enters the service; the component, or NULL when the lease has ended or does not allow this (then
 * the method answers VSS_E_BAD_STATE). component_face_leave follows in both cases. */
struct bcd_component *component_face_enter(IVssComponentEx2 *face, uint32_t allowed);
void component_face_leave(IVssComponentEx2 *face);

/* Between the two: what a handler has said of the component, and what it was answered, goes into
 * the trace, with the arguments that the method has of its own: at most 6. */
void component_face_tell(IVssComponentEx2 *face, const char *method, HRESULT hr,
                         const struct trace_arg *args, size_t n);
#define N_TOLD(...) (sizeof((const struct trace_arg[]){ __VA_ARGS__ }) / sizeof(struct trace_arg))
#define COMPONENT_TELL(face, method, ...)                                              \
    component_face_tell(face, method, S_OK, (const struct trace_arg[]){ __VA_ARGS__ }, \
                        N_TOLD(__VA_ARGS__))

/* Methods about lists: component_lists.c. */
HRESULT component_face_GetAlternateLocationMappingCount(IVssComponentEx2 *face, UINT *ret_n);
HRESULT component_face_GetAlternateLocationMapping(IVssComponentEx2 *face, UINT i,
                                                   IVssWMFiledesc **ret);
HRESULT component_face_AddPartialFile(IVssComponentEx2 *face, LPCWSTR path, LPCWSTR filename,
                                      LPCWSTR ranges, LPCWSTR metadata);
HRESULT component_face_GetPartialFileCount(IVssComponentEx2 *face, UINT *ret_n);
HRESULT component_face_GetPartialFile(IVssComponentEx2 *face, UINT i, BSTR *ret_path,
                                      BSTR *ret_filename, BSTR *ret_ranges, BSTR *ret_metadata);
HRESULT component_face_GetNewTargetCount(IVssComponentEx2 *face, UINT *ret_n);
HRESULT component_face_GetNewTarget(IVssComponentEx2 *face, UINT i, IVssWMFiledesc **ret);
HRESULT component_face_AddDirectedTarget(IVssComponentEx2 *face, LPCWSTR source_path,
                                         LPCWSTR source_filename, LPCWSTR source_ranges,
                                         LPCWSTR destination_path, LPCWSTR destination_filename,
                                         LPCWSTR destination_ranges);
HRESULT component_face_GetDirectedTargetCount(IVssComponentEx2 *face, UINT *ret_n);
HRESULT component_face_GetDirectedTarget(IVssComponentEx2 *face, UINT i, BSTR *ret_source_path,
                                         BSTR *ret_source_filename, BSTR *ret_source_ranges,
                                         BSTR *ret_destination_path, BSTR *ret_destination_filename,
                                         BSTR *ret_destination_ranges);
HRESULT component_face_GetRestoreSubcomponentCount(IVssComponentEx2 *face, UINT *ret_n);
HRESULT component_face_GetRestoreSubcomponent(IVssComponentEx2 *face, UINT i,
                                              BSTR *ret_logical_path, BSTR *ret_name,
                                              boolean *ret_repair);
HRESULT component_face_AddDifferencedFilesByLastModifyTime(IVssComponentEx2 *face, LPCWSTR path,
                                                           LPCWSTR filespec, BOOL recursive,
                                                           FILETIME time);
HRESULT component_face_AddDifferencedFilesByLastModifyLSN(IVssComponentEx2 *face, LPCWSTR path,
                                                          LPCWSTR filespec, BOOL recursive,
                                                          BSTR lsn);
HRESULT component_face_GetDifferencedFilesCount(IVssComponentEx2 *face, UINT *ret_n);
HRESULT component_face_GetDifferencedFile(IVssComponentEx2 *face, UINT i, BSTR *ret_path,
                                          BSTR *ret_filespec, BOOL *ret_recursive, BSTR *ret_lsn,
                                          FILETIME *ret_time);
