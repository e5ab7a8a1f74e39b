/* SPDX-License-Identifier: MIT */
/* The console as a screen: title, size, colours, input (Learn: "Console Functions"). The console is
 * the terminal that a standard stream is; a stream that goes elsewhere is none, and the functions
 * fail as on Windows. Colours are remembered and never written: output stays plain text. */
#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/utf.h"
#include "fakes/windows/last_error.h"

#include <pthread.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static WCHAR *title; /* NULL: not set */
static WORD colours = FOREGROUND_RED | FOREGROUND_GREEN | FOREGROUND_BLUE;

/* The descriptor of a standard stream that is a terminal; -1: it is none. */
static int terminal_of(HANDLE handle)
{
    for (int fd = 0; handle && fd < 3; fd++) {
        if (GetStdHandle((DWORD)STD_INPUT_HANDLE - (DWORD)fd) == handle)
            return isatty(fd) ? fd : -1;
    }
    return -1;
}

BOOL WINAPI SetConsoleTitleW(LPCWSTR text)
{
    WCHAR *copy = mem_copy(text, (utf16_length(text) + 1) * sizeof(WCHAR));

    pthread_mutex_lock(&lock);
    WCHAR *old = title;
    title = copy;
    pthread_mutex_unlock(&lock);
    free(old);
    return TRUE;
}

BOOL WINAPI SetConsoleTitleA(LPCSTR text)
{
    auto_free WCHAR *wide = (WCHAR *)utf16_from_utf8(text);

    return SetConsoleTitleW(wide);
}

/* Answers its length; as much as fits is copied, with a 0 at the end. */
DWORD WINAPI GetConsoleTitleW(LPWSTR ret_text, DWORD size)
{
    pthread_mutex_lock(&lock);
    size_t length = title ? utf16_length(title) : 0;
    size_t n = length < size ? length : size ? size - 1 : 0;
    if (n)
        memcpy(ret_text, title, n * sizeof(WCHAR));
    if (size)
        ret_text[n] = 0;
    pthread_mutex_unlock(&lock);
    return (DWORD)length;
}

BOOL WINAPI GetConsoleScreenBufferInfo(HANDLE handle, CONSOLE_SCREEN_BUFFER_INFO *ret)
{
    struct winsize size;
    int fd = terminal_of(handle);

    if (fd < 0 || ioctl(fd, TIOCGWINSZ, &size) < 0)
        return win_fail(ERROR_INVALID_HANDLE);
    SHORT columns = (SHORT)(size.ws_col ? size.ws_col : 80);
    SHORT rows = (SHORT)(size.ws_row ? size.ws_row : 25);
    *ret = (CONSOLE_SCREEN_BUFFER_INFO){
        .dwSize = { columns, rows },
        .srWindow = { 0, 0, (SHORT)(columns - 1), (SHORT)(rows - 1) },
        .dwMaximumWindowSize = { columns, rows },
    };
    pthread_mutex_lock(&lock);
    ret->wAttributes = colours;
    pthread_mutex_unlock(&lock);
    return TRUE;
}

BOOL WINAPI SetConsoleTextAttribute(HANDLE handle, WORD attributes)
{
    if (terminal_of(handle) < 0)
        return win_fail(ERROR_INVALID_HANDLE);
    pthread_mutex_lock(&lock);
    colours = attributes;
    pthread_mutex_unlock(&lock);
    return TRUE;
}

BOOL WINAPI FlushConsoleInputBuffer(HANDLE handle)
{
    int fd = terminal_of(handle);

    if (fd < 0)
        return win_fail(ERROR_INVALID_HANDLE);
    tcflush(fd, TCIFLUSH);
    return TRUE;
}

/* A console without a window. */
HWND WINAPI GetConsoleWindow(void)
{
    return NULL;
}
