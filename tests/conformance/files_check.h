/* SPDX-License-Identifier: MIT */
/* The frame of the programs files_*.c: each check prints one line, the call as it is written, its
 * result, and the last error where it counts. They are Windows programs: on Windows or Wine they
 * take a directory of NTFS as their argument, and their output is compared with the same golden.
 * Built with IN_MEMORY, such a program makes a world of its own with a volume in memory. */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <windows.h>
#ifdef IN_MEMORY
#include <vssemu.h>
#endif

#define SHARE_ALL (FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE)

static const char *error_name(DWORD error)
{
    static char number[32];
#define ROW(name) \
    case name:    \
        return #name
    switch (error) {
    case ERROR_SUCCESS:
        return "";
        ROW(ERROR_INVALID_FUNCTION);
        ROW(ERROR_FILE_NOT_FOUND);
        ROW(ERROR_PATH_NOT_FOUND);
        ROW(ERROR_ACCESS_DENIED);
        ROW(ERROR_INVALID_HANDLE);
        ROW(ERROR_NOT_SAME_DEVICE);
        ROW(ERROR_NO_MORE_FILES);
        ROW(ERROR_WRITE_PROTECT);
        ROW(ERROR_SHARING_VIOLATION);
        ROW(ERROR_LOCK_VIOLATION);
        ROW(ERROR_HANDLE_EOF);
        ROW(ERROR_FILE_EXISTS);
        ROW(ERROR_INVALID_PARAMETER);
        ROW(ERROR_INVALID_NAME);
        ROW(ERROR_NEGATIVE_SEEK);
        ROW(ERROR_DIR_NOT_EMPTY);
        ROW(ERROR_NOT_LOCKED);
        ROW(ERROR_ALREADY_EXISTS);
        ROW(ERROR_FILENAME_EXCED_RANGE);
        ROW(ERROR_MORE_DATA);
        ROW(ERROR_DIRECTORY);
        ROW(ERROR_REQUEST_ABORTED);
        ROW(ERROR_NOT_A_REPARSE_POINT);
    }
#undef ROW
    snprintf(number, sizeof(number), "error %u", (unsigned)error);
    return number;
}

static inline void heading(const char *text)
{
    printf("\n%s\n", text);
}

static inline void line(const char *text, const char *result, DWORD error)
{
    printf("  %-76s %s%s%s\n", text, result, error ? " " : "", error_name(error));
}

/* A call that answers yes or no. */
#define DOES(call)                                             \
    do {                                                       \
        SetLastError(0);                                       \
        BOOL done_ = (call) ? TRUE : FALSE;                    \
        DWORD error_ = GetLastError();                         \
        line(#call, done_ ? "yes" : "no", done_ ? 0 : error_); \
    } while (0)

/* Something that is so or not, and no error of a call. */
#define IS(expression) line(#expression, (expression) ? "yes" : "no", 0)

/* A call that opens: the last error counts even when it succeeds. */
#define OPENS(variable, call) ((variable) = (SetLastError(0), opened(#call, (call))))

static inline HANDLE opened(const char *text, HANDLE handle)
{
    DWORD error = GetLastError();

    line(text, handle == INVALID_HANDLE_VALUE ? "no" : "opened", error);
    return handle;
}

/* The same for a handle that nobody needs. */
#define TRIES(call)                                               \
    do {                                                          \
        HANDLE tried_ = (SetLastError(0), opened(#call, (call))); \
        if (tried_ != INVALID_HANDLE_VALUE)                       \
            CloseHandle(tried_);                                  \
    } while (0)

/* A number; `failure` is the one that makes the last error count. */
#define COUNTS(call, failure)                                   \
    do {                                                        \
        char number_[32];                                       \
        SetLastError(0);                                        \
        unsigned long long value_ = (unsigned long long)(call); \
        DWORD error_ = GetLastError();                          \
        snprintf(number_, sizeof(number_), "%I64u", value_);    \
        if (value_ == (unsigned long long)(failure))            \
            line(#call, "failed", error_);                      \
        else                                                    \
            line(#call, number_, 0);                            \
    } while (0)

static inline HANDLE open_file(LPCWSTR name, DWORD access, DWORD share, DWORD disposition,
                               DWORD flags)
{
    return CreateFileW(name, access, share, NULL, disposition, flags, NULL);
}

/* A file with this text; prints nothing. */
static inline void make_file(LPCWSTR name, const char *text)
{
    DWORD n;
    HANDLE file = open_file(name, GENERIC_WRITE, 0, CREATE_ALWAYS, FILE_ATTRIBUTE_NORMAL);

    if (file == INVALID_HANDLE_VALUE || !WriteFile(file, text, (DWORD)strlen(text), &n, NULL)) {
        printf("make_file: error %u\n", (unsigned)GetLastError());
        exit(2);
    }
    CloseHandle(file);
}

/* What every program does: its checks, in the current directory, which is empty. */
static void checks(void);

#ifdef IN_MEMORY
static struct vssemu_world *memory_world;
#endif

/* Removes what an earlier run has left, and enters the directory. */
static inline int enter(const char *directory)
{
    WCHAR wide[MAX_PATH];

    MultiByteToWideChar(CP_ACP, 0, directory, -1, wide, MAX_PATH);
    if (!CreateDirectoryW(wide, NULL) || !SetCurrentDirectoryW(wide)) {
        printf("%s: it must not exist: error %u\n", directory, (unsigned)GetLastError());
        return 2;
    }
    return 0;
}

int main(int argc, char **argv)
{
#ifdef IN_MEMORY
    memory_world = vssemu_world_new(NULL);
    vssemu_add_volume(memory_world, "C:", NULL);
    vssemu_add_volume(memory_world, "D:", NULL);
    vssemu_world_use(memory_world);
#endif
    int result = enter(argc > 1 ? argv[1] : "C:\\files");
    if (!result)
        checks();
#ifdef IN_MEMORY
    vssemu_world_use(NULL);
    vssemu_world_free(memory_world);
#endif
    return result;
}
