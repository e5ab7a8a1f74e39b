/* SPDX-License-Identifier: MIT */
/* The environment as the C library shows it: getenv_s, _dupenv_s, _putenv, wide too, over
 * the one environment of the process. Learn: "getenv_s, _wgetenv_s", "_dupenv_s, _wdupenv_s",
 * "_putenv_s, _wputenv_s". */
#include "fakes/windows/crt/define.h"
#include "fakes/windows/crt/parameter.h"
#include "fakes/windows/crt/wide.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/utf.h"
#include "emu/include/vssemu_types.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* What _wgetenv answered lives as long as the process, as the page says of its own. */
CRT(wchar_t *w16__wgetenv(const wchar_t *name))
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static struct kept {
        struct kept *next;
        wchar_t *text;
    } * all;
    auto_free char *narrow_name = utf8_from_utf16(name);
    const char *value = narrow_name ? getenv(narrow_name) : NULL;

    if (!name)
        crt_invalid_parameter("_wgetenv", EINVAL);
    if (!value)
        return NULL;
    wchar_t *wide = utf16_from_utf8(value);
    pthread_mutex_lock(&lock);
    struct kept *found = all;
    while (found && w16_wcscmp(found->text, wide) != 0)
        found = found->next;
    if (found) {
        free(wide);
    } else {
        found = mem_new(struct kept);
        *found = (struct kept){ all, wide };
        all = found;
    }
    pthread_mutex_unlock(&lock);
    return found->text;
}

CRT(crt_errno w16_getenv_s(size_t *ret_size, char *buffer, size_t size, const char *name))
{
    if (!ret_size || (!buffer && size) || (buffer && !size) || !name)
        return crt_invalid_parameter("getenv_s", EINVAL);
    const char *value = getenv(name);
    *ret_size = value ? strlen(value) + 1 : 0;
    if (buffer)
        buffer[0] = 0;
    if (!buffer || !value)
        return 0;
    if (*ret_size > size)
        return ERANGE;
    memcpy(buffer, value, *ret_size);
    return 0;
}

CRT(crt_errno w16__wgetenv_s(size_t *ret_size, wchar_t *buffer, size_t size, const wchar_t *name))
{
    if (!ret_size || (!buffer && size) || (buffer && !size) || !name)
        return crt_invalid_parameter("_wgetenv_s", EINVAL);
    const wchar_t *value = w16__wgetenv(name);
    *ret_size = value ? w16_wcslen(value) + 1 : 0;
    if (buffer)
        buffer[0] = 0;
    if (!buffer || !value)
        return 0;
    if (*ret_size > size)
        return ERANGE;
    memcpy(buffer, value, *ret_size * sizeof(wchar_t));
    return 0;
}

CRT(crt_errno w16__dupenv_s(char **ret_value, size_t *ret_size, const char *name))
{
    if (!ret_value || !name)
        return crt_invalid_parameter("_dupenv_s", EINVAL);
    const char *value = getenv(name);
    *ret_value = value ? mem_strdup(value) : NULL;
    if (ret_size)
        *ret_size = value ? strlen(value) + 1 : 0;
    return 0;
}

CRT(crt_errno w16__wdupenv_s(wchar_t **ret_value, size_t *ret_size, const wchar_t *name))
{
    if (!ret_value || !name)
        return crt_invalid_parameter("_wdupenv_s", EINVAL);
    const wchar_t *value = w16__wgetenv(name);
    *ret_value = value ? w16__wcsdup(value) : NULL;
    if (ret_size)
        *ret_size = value ? w16_wcslen(value) + 1 : 0;
    return 0;
}

/* An empty value removes the variable. */
CRT(crt_errno w16__putenv_s(const char *name, const char *value))
{
    if (!name || !value)
        return crt_invalid_parameter("_putenv_s", EINVAL);
    return SetEnvironmentVariableA(name, *value ? value : NULL) || !*value ? 0 : (errno = EINVAL);
}

CRT(crt_errno w16__wputenv_s(const wchar_t *name, const wchar_t *value))
{
    auto_free char *narrow_name = utf8_from_utf16(name);
    auto_free char *narrow_value = utf8_from_utf16(value);

    return w16__putenv_s(narrow_name, narrow_value);
}

CRT(int w16__putenv(const char *assignment))
{
    const char *equals = assignment ? strchr(assignment, '=') : NULL;

    if (!equals)
        return errno = EINVAL, -1;
    auto_free char *name = mem_strdup(assignment);
    name[equals - assignment] = 0;
    return w16__putenv_s(name, equals + 1) ? -1 : 0;
}

CRT(int w16__wputenv(const wchar_t *assignment))
{
    auto_free char *narrow = utf8_from_utf16(assignment);

    return w16__putenv(narrow);
}
