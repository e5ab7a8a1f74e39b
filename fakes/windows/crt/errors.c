/* SPDX-License-Identifier: MIT */
/* errno and its texts: strerror_s, _wcserror and relatives, _doserrno. The numbers are the host's;
 * a program compiled here uses the names. Learn: "strerror_s, _strerror_s, _wcserror_s". */
#include "fakes/windows/crt/define.h"
#include "fakes/windows/crt/parameter.h"
#include "fakes/windows/crt/wide.h"

#include "emu/base/cleanup.h"
#include "emu/base/utf.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const char *text_of(int error)
{
    const char *text = error > 0 ? strerrordesc_np(error) : NULL;

    return error == 0 ? "No error" : text ? text : "Unknown error";
}

CRT(crt_errno w16_strerror_s(char *buffer, size_t size, int error))
{
    if (!buffer || !size)
        return crt_invalid_parameter("strerror_s", EINVAL);
    snprintf(buffer, size, "%s", text_of(error));
    return 0;
}

CRT(crt_errno w16__wcserror_s(wchar_t *buffer, size_t size, int error))
{
    auto_free wchar_t *text = utf16_from_utf8(text_of(error));

    if (!buffer || !size)
        return crt_invalid_parameter("_wcserror_s", EINVAL);
    size_t length = w16_wcsnlen(text, size - 1);
    memcpy(buffer, text, length * sizeof(wchar_t));
    buffer[length] = 0;
    return 0;
}

CRT(char *w16_strerror(int error))
{
    static _Thread_local char buffer[128];

    w16_strerror_s(buffer, sizeof(buffer), error);
    return buffer;
}

CRT(wchar_t *w16__wcserror(int error))
{
    static _Thread_local wchar_t buffer[128];

    w16__wcserror_s(buffer, sizeof(buffer) / sizeof(buffer[0]), error);
    return buffer;
}

CRT(void w16__wperror(const wchar_t *prefix))
{
    auto_free char *narrow = utf8_from_utf16(prefix);

    if (narrow && *narrow)
        fprintf(stderr, "%s: ", narrow);
    fprintf(stderr, "%s\n", text_of(errno));
}

CRT(crt_errno w16__get_errno(int *ret_error))
{
    if (!ret_error)
        return EINVAL;
    *ret_error = errno;
    return 0;
}

CRT(crt_errno w16__set_errno(int error))
{
    errno = error;
    return 0;
}

CRT(unsigned *w16___doserrno(void))
{
    static _Thread_local unsigned error;

    return &error;
}
