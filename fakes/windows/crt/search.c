/* SPDX-License-Identifier: MIT */
/* _findfirst and its relatives (Learn: "Filename search functions"). */
#include "fakes/windows/crt/descriptors.h"

#include "emu/base/cleanup.h"
#include "emu/base/utf.h"
#include "fakes/windows/attributes.h"
#include "fakes/windows/crt/files.h"
#include "fakes/windows/crt/parameter.h"

#include <errno.h>
#include <string.h>

static int64_t seconds_of(const FILETIME *time)
{
    return attributes_timespec(time).tv_sec;
}

static void fill(const WIN32_FIND_DATAW *data, struct crt_wide_found *ret_data)
{
    *ret_data = (struct crt_wide_found){
        .attrib = data->dwFileAttributes & ~(DWORD)FILE_ATTRIBUTE_NORMAL,
        .time_create = seconds_of(&data->ftCreationTime),
        .time_access = seconds_of(&data->ftLastAccessTime),
        .time_write = seconds_of(&data->ftLastWriteTime),
        .size = (int64_t)((uint64_t)data->nFileSizeHigh << 32 | data->nFileSizeLow),
    };
    memcpy(ret_data->name, data->cFileName, sizeof(data->cFileName));
}

static int fail(void)
{
    errno = files_errno(GetLastError());
    return -1;
}

intptr_t w16__wfindfirst(const wchar_t *pattern, struct crt_wide_found *ret_data)
{
    WIN32_FIND_DATAW data;

    if (!pattern || !ret_data) {
        crt_invalid_parameter("_wfindfirst", EINVAL);
        return -1;
    }
    HANDLE search = FindFirstFileW((LPCWSTR)pattern, &data);
    if (search == INVALID_HANDLE_VALUE)
        return fail();
    fill(&data, ret_data);
    return (intptr_t)search;
}

int w16__wfindnext(intptr_t search, struct crt_wide_found *ret_data)
{
    WIN32_FIND_DATAW data;

    if (search == -1 || !ret_data) {
        crt_invalid_parameter("_wfindnext", EINVAL);
        return -1;
    }
    if (!FindNextFileW((HANDLE)search, &data))
        return fail();
    fill(&data, ret_data);
    return 0;
}

int w16__findclose(intptr_t search)
{
    if (FindClose((HANDLE)search))
        return 0;
    errno = ENOENT;
    return -1;
}

static void narrow(const struct crt_wide_found *wide, struct crt_found *ret_data)
{
    auto_free char *name = utf8_from_utf16((const uint16_t *)wide->name);

    *ret_data = (struct crt_found){ .attrib = wide->attrib,
                                    .time_create = wide->time_create,
                                    .time_access = wide->time_access,
                                    .time_write = wide->time_write,
                                    .size = wide->size };
    strncpy(ret_data->name, name, sizeof(ret_data->name) - 1);
}

intptr_t w16__findfirst(const char *pattern, struct crt_found *ret_data)
{
    auto_free wchar_t *wide_pattern = utf16_from_utf8(pattern);
    struct crt_wide_found wide;
    intptr_t search = w16__wfindfirst(wide_pattern, ret_data ? &wide : NULL);

    if (search != -1)
        narrow(&wide, ret_data);
    return search;
}

int w16__findnext(intptr_t search, struct crt_found *ret_data)
{
    struct crt_wide_found wide;
    int result = w16__wfindnext(search, ret_data ? &wide : NULL);

    if (!result)
        narrow(&wide, ret_data);
    return result;
}
