/* SPDX-License-Identifier: MIT */
/* _wfopen and fopen_s: C streams on the files of the host. */
#include "fakes/windows/crt/parameter.h"
#include "fakes/windows/crt/wide.h"

#include "emu/base/cleanup.h"
#include "emu/base/utf.h"

#include <errno.h>
#include <string.h>

/* Microsoft's modes have more letters ("t", "rt, ccs=UTF-8"); glibc ignores unknown ones up to the
 * comma. */
FILE *w16__wfopen(const wchar_t *path, const wchar_t *mode)
{
    if (!path || !mode)
        return crt_invalid_parameter("_wfopen", EINVAL), NULL;
    auto_free char *narrow_path = utf8_from_utf16(path);
    auto_free char *narrow_mode = utf8_from_utf16(mode);
    narrow_mode[strcspn(narrow_mode, ",")] = 0;
    return fopen(narrow_path, narrow_mode);
}

crt_errno w16__wfopen_s(FILE **ret_stream, const wchar_t *path, const wchar_t *mode)
{
    if (!ret_stream)
        return crt_invalid_parameter("_wfopen_s", EINVAL);
    *ret_stream = w16__wfopen(path, mode);
    return *ret_stream ? 0 : errno;
}

crt_errno w16_fopen_s(FILE **ret_stream, const char *path, const char *mode)
{
    if (!ret_stream || !path || !mode)
        return crt_invalid_parameter("fopen_s", EINVAL);
    *ret_stream = fopen(path, mode);
    return *ret_stream ? 0 : errno;
}
