/* SPDX-License-Identifier: MIT */
/* See attribute_list.h (Learn: "InitializeProcThreadAttributeList", "UpdateProcThreadAttribute").
 * Values are the caller's and must live as long as the list. */
#include "fakes/windows/processes/attribute_list.h"

#include "fakes/windows/last_error.h"

#include <stdbool.h>
#include <stddef.h>

struct attribute {
    DWORD_PTR number;
    SIZE_T size;
    const void *value;
};

struct _PROC_THREAD_ATTRIBUTE_LIST {
    DWORD count, used;
    struct attribute items[];
};

#define MAX_ATTRIBUTES 27 /* as many as there are numbers for */

BOOL WINAPI InitializeProcThreadAttributeList(LPPROC_THREAD_ATTRIBUTE_LIST list, DWORD count,
                                              DWORD flags, PSIZE_T size)
{
    if (flags || count > MAX_ATTRIBUTES)
        return win_fail(ERROR_INVALID_PARAMETER);
    SIZE_T needed =
        offsetof(struct _PROC_THREAD_ATTRIBUTE_LIST, items) + count * sizeof(struct attribute);
    bool fits = list && *size >= needed;
    *size = needed;
    if (!fits)
        return win_fail(ERROR_INSUFFICIENT_BUFFER);
    *list = (struct _PROC_THREAD_ATTRIBUTE_LIST){ .count = count };
    return TRUE;
}

VOID WINAPI DeleteProcThreadAttributeList(LPPROC_THREAD_ATTRIBUTE_LIST list)
{
    list->count = list->used = 0;
}

/* The attributes that are known, and which sizes they have; ERROR_NOT_SUPPORTED: no such one. */
static DWORD check_attribute(DWORD_PTR attribute, SIZE_T size)
{
    bool is_list = attribute == PROC_THREAD_ATTRIBUTE_HANDLE_LIST;

    switch (attribute) {
    case PROC_THREAD_ATTRIBUTE_HANDLE_LIST:
    case PROC_THREAD_ATTRIBUTE_JOB_LIST:
        return size && size % sizeof(HANDLE) == 0 ? ERROR_SUCCESS : ERROR_BAD_LENGTH;
    case PROC_THREAD_ATTRIBUTE_PARENT_PROCESS:
        return size == sizeof(HANDLE) || is_list ? ERROR_SUCCESS : ERROR_BAD_LENGTH;
    case PROC_THREAD_ATTRIBUTE_MITIGATION_POLICY:
        return size == sizeof(DWORD) || size == sizeof(DWORD64) || size == 2 * sizeof(DWORD64)
                   ? ERROR_SUCCESS
                   : ERROR_BAD_LENGTH;
    default:
        return ERROR_NOT_SUPPORTED;
    }
}

BOOL WINAPI UpdateProcThreadAttribute(LPPROC_THREAD_ATTRIBUTE_LIST list, DWORD flags,
                                      DWORD_PTR attribute, PVOID value, SIZE_T size, PVOID previous,
                                      PSIZE_T previous_size)
{
    SIZE_T old_size;

    (void)previous, (void)previous_size; /* Learn: reserved */
    if (flags)
        return win_fail(ERROR_INVALID_PARAMETER);
    if (list->used >= list->count)
        return win_fail(ERROR_GEN_FAILURE);
    DWORD error = check_attribute(attribute, size);
    if (!error && attribute_list_value(list, attribute, &old_size))
        error = ERROR_OBJECT_NAME_EXISTS;
    if (error)
        return win_fail(error);
    list->items[list->used++] = (struct attribute){ attribute, size, value };
    return TRUE;
}

const void *attribute_list_value(LPPROC_THREAD_ATTRIBUTE_LIST list, DWORD_PTR attribute,
                                 SIZE_T *ret_size)
{
    for (DWORD i = 0; list && i < list->used; i++) {
        if (list->items[i].number == attribute) {
            *ret_size = list->items[i].size;
            return list->items[i].value;
        }
    }
    return NULL;
}
