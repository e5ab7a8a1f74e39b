/* SPDX-License-Identifier: MIT */
/* Environment, command line, names of computer, user and system directories (Learn: "Process and
 * Thread Functions", "System Information Functions"). Variables are the program's own, found
 * without regard to case; the few that every Windows has are added where they are missing. */
#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/base/utf.h"
#include "emu/base/variables.h"
#include "emu/port/world.h"
#include "fakes/windows/command_line.h"
#include "fakes/windows/fold.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/wide.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COMPUTER_NAME WORLD_MACHINE_NAME
#define USER_NAME     VARIABLES_USER

static pthread_mutex_t environment_lock = PTHREAD_MUTEX_INITIALIZER;

/* The host's own value for a name in any case; the exact name goes first. With the lock held. */
static const char *host_variable(const char *name, size_t length)
{
    auto_free char *exact = str_printf("%.*s", (int)length, name);
    const char *value = getenv(exact);

    for (char **entry = environ; !value && entry && *entry; entry++) {
        char *equals = strchr(*entry, '=');
        if (equals && (size_t)(equals - *entry) == length &&
            strncasecmp(*entry, exact, length) == 0)
            value = equals + 1;
    }
    return value;
}

/* The caller frees; NULL: no such variable. */
static char *variable(const char *name, size_t length)
{
    pthread_mutex_lock(&environment_lock);
    char *value = mem_strdup(host_variable(name, length));
    pthread_mutex_unlock(&environment_lock);
    return value ? value : mem_strdup(variable_usual_value(name, length));
}

DWORD WINAPI GetEnvironmentVariableW(LPCWSTR name, LPWSTR buffer, DWORD size)
{
    auto_free char *utf8 = utf8_from_utf16((const uint16_t *)name);
    auto_free char *value = utf8 ? variable(utf8, strlen(utf8)) : NULL;

    if (!value) {
        SetLastError(ERROR_ENVVAR_NOT_FOUND);
        return 0;
    }
    SetLastError(ERROR_SUCCESS);
    return wide_fill(value, buffer, size);
}

DWORD WINAPI GetEnvironmentVariableA(LPCSTR name, LPSTR buffer, DWORD size)
{
    auto_free char *value = name ? variable(name, strlen(name)) : NULL;

    if (!value) {
        SetLastError(ERROR_ENVVAR_NOT_FOUND);
        return 0;
    }
    SetLastError(ERROR_SUCCESS);
    return narrow_fill(value, buffer, size);
}

BOOL WINAPI SetEnvironmentVariableA(LPCSTR name, LPCSTR value)
{
    if (!name)
        return win_fail(ERROR_ENVVAR_NOT_FOUND); /* as Wine; the page does not say */
    if (!*name || strchr(name, '='))
        return win_fail(ERROR_INVALID_PARAMETER);
    pthread_mutex_lock(&environment_lock);
    int error = value ? setenv(name, value, 1) : unsetenv(name);
    pthread_mutex_unlock(&environment_lock);
    return error ? win_fail(ERROR_NOT_ENOUGH_MEMORY) : TRUE;
}

BOOL WINAPI SetEnvironmentVariableW(LPCWSTR name, LPCWSTR value)
{
    auto_free char *utf8_name = utf8_from_utf16((const uint16_t *)name);
    auto_free char *utf8_value = utf8_from_utf16((const uint16_t *)value);

    return SetEnvironmentVariableA(utf8_name, utf8_value);
}

/* Learn: "GetEnvironmentStringsW": "Name=Value" each with its zero, and one more zero. The usual
 * variables follow the program's own. The caller frees. */
static char *environment_block(size_t *ret_size)
{
    struct str out = { 0 };
    const char *name;

    pthread_mutex_lock(&environment_lock);
    for (char **entry = environ; entry && *entry; entry++)
        str_add_bytes(&out, *entry, strlen(*entry) + 1);
    for (size_t i = 0; (name = variable_usual_name(i)); i++) {
        if (!host_variable(name, strlen(name))) {
            str_addf(&out, "%s=%s", name, variable_usual_value(name, strlen(name)));
            str_add_bytes(&out, "", 1);
        }
    }
    pthread_mutex_unlock(&environment_lock);
    str_add_bytes(&out, "", 1);
    *ret_size = out.length;
    return str_take(&out);
}

LPSTR WINAPI GetEnvironmentStringsA(void)
{
    size_t size;

    return environment_block(&size);
}

LPWSTR WINAPI GetEnvironmentStringsW(void)
{
    size_t size, length = 0;
    auto_free char *block = environment_block(&size);
    WCHAR *wide = mem_alloc(size * sizeof(WCHAR)); /* bytes are at least as many as units */

    for (const char *at = block; *at; at += strlen(at) + 1) {
        utf16_put((uint16_t *)wide + length, at);
        length += utf16_length((const uint16_t *)wide + length) + 1;
    }
    return wide;
}

BOOL WINAPI FreeEnvironmentStringsA(LPSTR block)
{
    free(block);
    return TRUE;
}

BOOL WINAPI FreeEnvironmentStringsW(LPWSTR block)
{
    free(block);
    return TRUE;
}

/* %NAME% becomes its value; a name that is not set stays as it is, with both of its signs. The
 * caller frees. */
static char *expand(const char *text)
{
    struct str out = { 0 };

    while (*text) {
        const char *end = *text == '%' ? strchr(text + 1, '%') : NULL;
        if (!end) {
            str_add_char(&out, *text++);
            continue;
        }
        auto_free char *value = variable(text + 1, (size_t)(end - text - 1));
        if (value)
            str_add(&out, value);
        else
            str_add_bytes(&out, text, (size_t)(end + 1 - text));
        text = end + 1;
    }
    return str_take(&out);
}

/* Learn: "ExpandEnvironmentStringsW": answers the size with the zero, also when it fits. */
DWORD WINAPI ExpandEnvironmentStringsW(LPCWSTR text, LPWSTR buffer, DWORD size)
{
    auto_free char *utf8 = utf8_from_utf16((const uint16_t *)text);
    auto_free char *expanded = utf8 ? expand(utf8) : NULL;

    if (!expanded) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return 0;
    }
    DWORD length = wide_fill(expanded, buffer, size);
    return length < size && buffer ? length + 1 : length;
}

DWORD WINAPI ExpandEnvironmentStringsA(LPCSTR text, LPSTR buffer, DWORD size)
{
    auto_free char *expanded = text ? expand(text) : NULL;

    if (!expanded) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return 0;
    }
    DWORD length = narrow_fill(expanded, buffer, size);
    return length < size && buffer ? length + 1 : length;
}

/* ---- the command line ---- */

static WCHAR *command_line;
static char *command_line_narrow;
static pthread_once_t command_line_once = PTHREAD_ONCE_INIT;

/* Learn: "Parsing C Command-Line Arguments": backslashes count only before a quote. */
static void add_argument(struct str *out, const char *argument)
{
    size_t n_backslashes = 0;

    if (*argument && !strpbrk(argument, " \t\"")) {
        str_add(out, argument);
        return;
    }
    str_add_char(out, '"');
    for (; *argument; argument++) {
        for (; *argument == '"' && n_backslashes; n_backslashes--)
            str_add_char(out, '\\');
        if (*argument == '"')
            str_add_char(out, '\\');
        str_add_char(out, *argument);
        n_backslashes = *argument == '\\' ? n_backslashes + 1 : 0;
    }
    for (; n_backslashes; n_backslashes--)
        str_add_char(out, '\\');
    str_add_char(out, '"');
}

static struct str told_arguments; /* each with its zero; empty: as the process was started */

void command_line_set(char *const *argv)
{
    str_free(&told_arguments);
    for (; *argv; argv++)
        str_add_bytes(&told_arguments, *argv, strlen(*argv) + 1);
}

static struct str read_arguments(void)
{
    struct str raw = { 0 };
    char buffer[4096];
    size_t n;
    FILE *file = fopen("/proc/self/cmdline", "re");

    while (file && (n = fread(buffer, 1, sizeof(buffer), file)) > 0)
        str_add_bytes(&raw, buffer, n);
    if (file)
        fclose(file);
    return raw;
}

static void make_command_line(void)
{
    struct str raw = told_arguments.length ? told_arguments : read_arguments();
    struct str out = { 0 };

    told_arguments = (struct str){ 0 };
    for (size_t at = 0; at < raw.length; at += strlen(raw.text + at) + 1) {
        if (at)
            str_add_char(&out, ' ');
        add_argument(&out, raw.text + at);
    }
    str_free(&raw);
    command_line_narrow = str_take(&out);
    command_line = (WCHAR *)utf16_from_utf8(command_line_narrow);
}

LPWSTR WINAPI GetCommandLineW(void)
{
    pthread_once(&command_line_once, make_command_line);
    return command_line;
}

LPSTR WINAPI GetCommandLineA(void)
{
    pthread_once(&command_line_once, make_command_line);
    return command_line_narrow;
}

/* ---- names ---- */

static BOOL fill_name(const char *name, LPWSTR buffer, LPDWORD size, DWORD error, bool counts_zero)
{
    DWORD length = (DWORD)strlen(name);

    if (!buffer || *size <= length) {
        *size = length + 1;
        return win_fail(error);
    }
    *size = wide_fill(name, buffer, *size) + (counts_zero ? 1 : 0);
    return TRUE;
}

BOOL WINAPI GetComputerNameW(LPWSTR buffer, LPDWORD size)
{
    return fill_name(COMPUTER_NAME, buffer, size, ERROR_BUFFER_OVERFLOW, false);
}

BOOL WINAPI GetComputerNameExW(COMPUTER_NAME_FORMAT format, LPWSTR buffer, LPDWORD size)
{
    bool is_domain = format == ComputerNameDnsDomain || format == ComputerNamePhysicalDnsDomain;

    if (format >= ComputerNameMax)
        return win_fail(ERROR_INVALID_PARAMETER);
    return fill_name(is_domain ? "" : COMPUTER_NAME, buffer, size, ERROR_MORE_DATA, false);
}

BOOL WINAPI GetComputerNameA(LPSTR buffer, LPDWORD size)
{
    DWORD length = (DWORD)strlen(COMPUTER_NAME);

    if (!buffer || *size <= length) {
        *size = length + 1;
        return win_fail(ERROR_BUFFER_OVERFLOW);
    }
    *size = narrow_fill(COMPUTER_NAME, buffer, *size);
    return TRUE;
}

BOOL WINAPI GetUserNameW(LPWSTR buffer, LPDWORD size)
{
    return fill_name(USER_NAME, buffer, size, ERROR_INSUFFICIENT_BUFFER, true);
}

UINT WINAPI GetWindowsDirectoryW(LPWSTR buffer, UINT size)
{
    return wide_fill("C:\\Windows", buffer, size);
}

UINT WINAPI GetSystemWindowsDirectoryW(LPWSTR buffer, UINT size)
{
    return wide_fill("C:\\Windows", buffer, size);
}

UINT WINAPI GetSystemDirectoryW(LPWSTR buffer, UINT size)
{
    return wide_fill("C:\\Windows\\system32", buffer, size);
}
