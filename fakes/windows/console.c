/* SPDX-License-Identifier: MIT */
/* The console: control handlers (Learn: "SetConsoleCtrlHandler"), and text on the standard
 * streams. The world tells a writer program to leave with CTRL_CLOSE_EVENT;
 * GenerateConsoleCtrlEvent does it from inside. */
#include "fakes/windows/console.h"

#include "emu/base/array.h"
#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/utf.h"
#include "fakes/windows/console_signals.h"
#include "fakes/windows/last_error.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static pthread_mutex_t handlers_lock = PTHREAD_MUTEX_INITIALIZER;
static ARRAY(PHANDLER_ROUTINE) handlers;
static bool ignores_ctrl_c;
static bool was_closed; /* CTRL_CLOSE_EVENT has been sent */

static bool remove_newest(PHANDLER_ROUTINE handler)
{
    for (size_t i = handlers.count; i-- > 0;) {
        if (handlers.items[i] == handler) {
            array_remove(&handlers, i);
            if (!handlers.count)
                array_free(&handlers);
            return true;
        }
    }
    return false;
}

BOOL WINAPI SetConsoleCtrlHandler(PHANDLER_ROUTINE handler, BOOL adds)
{
    bool is_done = true;

    console_signals_follow();
    pthread_mutex_lock(&handlers_lock);
    if (!handler)
        ignores_ctrl_c = adds;
    else if (adds)
        array_add(&handlers, handler);
    else
        is_done = remove_newest(handler);
    pthread_mutex_unlock(&handlers_lock);
    return is_done ? TRUE : win_fail(ERROR_INVALID_PARAMETER);
}

struct control {
    DWORD type;
    PHANDLER_ROUTINE *handlers; /* oldest first */
    size_t count;
};

static DWORD WINAPI run_handlers(void *argument)
{
    struct control *control = argument;

    for (size_t i = control->count; i-- > 0;) {
        if (control->handlers[i](control->type))
            return TRUE;
    }
    return FALSE;
}

bool console_was_closed(void)
{
    pthread_mutex_lock(&handlers_lock);
    bool answer = was_closed;
    pthread_mutex_unlock(&handlers_lock);
    return answer;
}

bool console_send_control(DWORD ctrl_type)
{
    struct control control = { .type = ctrl_type };
    DWORD is_handled = FALSE;

    pthread_mutex_lock(&handlers_lock);
    was_closed |= ctrl_type == CTRL_CLOSE_EVENT;
    bool is_ignored = ctrl_type == CTRL_C_EVENT && ignores_ctrl_c;
    if (handlers.count) {
        control.count = handlers.count;
        control.handlers = mem_copy(handlers.items, handlers.count * sizeof(*handlers.items));
    }
    pthread_mutex_unlock(&handlers_lock);
    auto_free void *copy = control.handlers;
    (void)copy; /* for clang, which does not count its end as a use */
    if (is_ignored || !control.count)
        return is_ignored;
    HANDLE thread = CreateThread(NULL, 0, run_handlers, &control, 0, NULL);
    if (!thread)
        return false;
    WaitForSingleObject(thread, INFINITE);
    GetExitCodeThread(thread, &is_handled);
    CloseHandle(thread);
    return is_handled;
}

/* What the system does when nobody takes the event: the process ends. */
BOOL WINAPI GenerateConsoleCtrlEvent(DWORD ctrl_type, DWORD group)
{
    (void)group;
    if (ctrl_type != CTRL_C_EVENT && ctrl_type != CTRL_BREAK_EVENT)
        return win_fail(ERROR_INVALID_PARAMETER);
    if (!console_send_control(ctrl_type))
        ExitProcess((DWORD)STATUS_CONTROL_C_EXIT);
    return TRUE;
}

BOOL WINAPI SetConsoleOutputCP(UINT page)
{
    (void)page; /* output is UTF-8 whatever is asked for */
    return TRUE;
}

BOOL WINAPI SetConsoleCP(UINT page)
{
    (void)page;
    return TRUE;
}

UINT WINAPI GetConsoleOutputCP(void)
{
    return CP_UTF8;
}

UINT WINAPI GetConsoleCP(void)
{
    return CP_UTF8;
}

/* ---- text ---- */

BOOL WINAPI WriteConsoleW(HANDLE handle, const void *text, DWORD n_units, LPDWORD ret_n,
                          LPVOID reserved)
{
    auto_free char *utf8 = utf8_from_utf16_n(text, n_units);
    DWORD written;

    (void)reserved;
    if (!WriteFile(handle, utf8, (DWORD)strlen(utf8), &written, NULL))
        return FALSE;
    if (ret_n)
        *ret_n = n_units;
    return TRUE;
}

BOOL WINAPI WriteConsoleA(HANDLE handle, const void *text, DWORD size, LPDWORD ret_n,
                          LPVOID reserved)
{
    (void)reserved;
    return WriteFile(handle, text, size, ret_n, NULL);
}

/* One line, or as much of it as fits; a line that does not end yet goes on at the next call. */
BOOL WINAPI ReadConsoleW(HANDLE handle, LPVOID ret_text, DWORD n_units, LPDWORD ret_n,
                         LPVOID control)
{
    auto_free char *line = mem_alloc((size_t)n_units + 1);
    DWORD length = 0, n = 1;

    (void)control;
    while (length < n_units && n && !(length && line[length - 1] == '\n')) {
        if (!ReadFile(handle, line + length, 1, &n, NULL))
            return FALSE;
        length += n;
    }
    auto_free uint16_t *wide = utf16_from_utf8(line);
    *ret_n = (DWORD)utf16_length(wide);
    memcpy(ret_text, wide, *ret_n * sizeof(WCHAR));
    return TRUE;
}

/* The same in bytes. */
BOOL WINAPI ReadConsoleA(HANDLE handle, LPVOID ret_text, DWORD size, LPDWORD ret_n, LPVOID control)
{
    char *text = ret_text;
    DWORD length = 0, n = 1;

    (void)control;
    while (length < size && n && !(length && text[length - 1] == '\n')) {
        if (!ReadFile(handle, text + length, 1, &n, NULL))
            return FALSE;
        length += n;
    }
    *ret_n = length;
    return TRUE;
}

/* No console: output goes where the program's standard streams go. */
BOOL WINAPI GetConsoleMode(HANDLE handle, LPDWORD ret_mode)
{
    if (GetFileType(handle) != FILE_TYPE_CHAR)
        return win_fail(ERROR_INVALID_HANDLE);
    *ret_mode = ENABLE_PROCESSED_OUTPUT | ENABLE_WRAP_AT_EOL_OUTPUT;
    return TRUE;
}

BOOL WINAPI SetConsoleMode(HANDLE handle, DWORD mode)
{
    DWORD old;

    (void)mode;
    return GetConsoleMode(handle, &old);
}
