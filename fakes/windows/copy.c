/* SPDX-License-Identifier: MIT */
/* CopyFile and CopyFileEx (Learn: "CopyFileW", "CopyFileExW", "LPPROGRESS_ROUTINE"). The source is
 * shared with everybody, the copy with nobody until it is whole. */
#include "fakes/windows/copy.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/utf.h"
#include "fakes/windows/attributes.h"
#include "fakes/windows/file.h"
#include "fakes/windows/file_node.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/storage.h"

#include <sys/stat.h>

#define CHUNK (256u * 1024)

struct copy {
    struct file *from, *to;
    struct stat st; /* of the source */
    const struct copy_options *options;
    LPPROGRESS_ROUTINE progress; /* NULL when it wants to hear no more */
    bool keeps_part;             /* it was stopped, not cancelled */
};

static DWORD tell_progress(struct copy *copy, int64_t done, DWORD reason)
{
    const LARGE_INTEGER size = { .QuadPart = copy->st.st_size }, at = { .QuadPart = done };
    DWORD wish = PROGRESS_CONTINUE;

    if (copy->options->cancel && *copy->options->cancel)
        return ERROR_REQUEST_ABORTED;
    if (copy->progress)
        wish = copy->progress(size, at, size, at, 1, reason, copy->from, copy->to,
                              copy->options->argument);
    if (wish == PROGRESS_QUIET)
        copy->progress = NULL;
    copy->keeps_part = wish == PROGRESS_STOP;
    return wish == PROGRESS_CANCEL || wish == PROGRESS_STOP ? ERROR_REQUEST_ABORTED : ERROR_SUCCESS;
}

static DWORD copy_data(struct copy *copy)
{
    auto_free char *buffer = mem_alloc(CHUNK);
    int64_t at = 0;
    DWORD error = tell_progress(copy, 0, CALLBACK_STREAM_SWITCH);

    while (!error) {
        error = file_node_check_locks(copy->from, (uint64_t)at, CHUNK, false);
        if (error)
            break;
        ssize_t n = storage_read(&copy->from->storage, buffer, CHUNK, at);
        if (n <= 0)
            return win_error_from_errno((int)n);
        ssize_t written = storage_write(&copy->to->storage, buffer, (size_t)n, at);
        if (written < n)
            return written < 0 ? win_error_from_errno((int)written) : ERROR_DISK_FULL;
        at += n;
        error = tell_progress(copy, at, CALLBACK_CHUNK_FINISHED);
    }
    return error;
}

static void copy_properties(const struct copy *copy)
{
    const struct timespec times[2] = { { .tv_nsec = UTIME_OMIT }, copy->st.st_mtim };

    if (copy->to->is_stream)
        return;
    storage_set_times(&copy->to->path, times);
    storage_chmod(&copy->to->path, copy->st.st_mode & 07777);
}

static DWORD copy_opened(struct copy *copy)
{
    int failed = storage_stat_file(&copy->from->storage, &copy->st);
    DWORD error = failed ? win_error_from_errno(failed) : copy_data(copy);

    if (!error)
        copy_properties(copy);
    else if (!copy->keeps_part)
        file_node_set_delete(copy->to, true);
    return error;
}

DWORD copy_file(LPCWSTR from, LPCWSTR to, const struct copy_options *options)
{
    const struct file_request reading = {
        .access = GENERIC_READ,
        .share = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
        .disposition = OPEN_EXISTING,
    };
    /* A system file is replaced, a hidden or read-only one is not. */
    const struct file_request writing = {
        .access = GENERIC_WRITE,
        .disposition = options->fails_if_exists ? CREATE_NEW : CREATE_ALWAYS,
        .flags = FILE_ATTRIBUTE_SYSTEM,
    };
    struct copy copy = { .options = options, .progress = options->progress };

    DWORD error = file_open(from, &reading, &copy.from, NULL);
    if (error)
        return error;
    error = file_open(to, &writing, &copy.to, NULL);
    if (!error) {
        error = copy_opened(&copy);
        object_unref(&copy.to->object);
    }
    object_unref(&copy.from->object);
    return error;
}

BOOL WINAPI CopyFileExW(LPCWSTR from, LPCWSTR to, LPPROGRESS_ROUTINE progress, LPVOID argument,
                        LPBOOL cancel, DWORD flags)
{
    const struct copy_options options = { flags & COPY_FILE_FAIL_IF_EXISTS, progress, argument,
                                          cancel };
    DWORD error = copy_file(from, to, &options);

    return error ? win_fail(error) : TRUE;
}

BOOL WINAPI CopyFileExA(LPCSTR from, LPCSTR to, LPPROGRESS_ROUTINE progress, LPVOID argument,
                        LPBOOL cancel, DWORD flags)
{
    auto_free WCHAR *wide_from = (WCHAR *)utf16_from_utf8(from);
    auto_free WCHAR *wide_to = (WCHAR *)utf16_from_utf8(to);

    return CopyFileExW(wide_from, wide_to, progress, argument, cancel, flags);
}

BOOL WINAPI CopyFileW(LPCWSTR from, LPCWSTR to, BOOL fail_if_exists)
{
    return CopyFileExW(from, to, NULL, NULL, NULL, fail_if_exists ? COPY_FILE_FAIL_IF_EXISTS : 0);
}

BOOL WINAPI CopyFileA(LPCSTR from, LPCSTR to, BOOL fail_if_exists)
{
    return CopyFileExA(from, to, NULL, NULL, NULL, fail_if_exists ? COPY_FILE_FAIL_IF_EXISTS : 0);
}
