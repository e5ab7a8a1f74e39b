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
#include "fakes/windows/links/symbolic_link.h"
#include "fakes/windows/storage.h"
#include "fakes/windows/streams/side.h"

#include <fcntl.h>
#include <sys/stat.h>

#define CHUNK (256u * 1024)

struct copy {
    struct file *from, *to;
    struct stat st;       /* of the source */
    int64_t size, before; /* of the stream that is copied, and what was copied before it */
    DWORD stream;         /* its number, from 1 */
    const struct copy_options *options;
    LPPROGRESS_ROUTINE progress; /* NULL when it wants to hear no more */
    bool keeps_part;             /* it was stopped, not cancelled */
};

static DWORD tell_progress(struct copy *copy, int64_t done, DWORD reason)
{
    const LARGE_INTEGER all = { .QuadPart = copy->st.st_size }, size = { .QuadPart = copy->size };
    const LARGE_INTEGER so_far = { .QuadPart = copy->before + done }, at = { .QuadPart = done };
    DWORD wish = PROGRESS_CONTINUE;

    if (copy->options->cancel && *copy->options->cancel)
        return ERROR_REQUEST_ABORTED;
    if (copy->progress)
        wish = copy->progress(all, so_far, size, at, copy->stream, reason, copy->from, copy->to,
                              copy->options->argument);
    if (wish == PROGRESS_QUIET)
        copy->progress = NULL;
    copy->keeps_part = wish == PROGRESS_STOP;
    return wish == PROGRESS_CANCEL || wish == PROGRESS_STOP ? ERROR_REQUEST_ABORTED : ERROR_SUCCESS;
}

static DWORD copy_data(struct copy *copy, struct storage_file *from, struct storage_file *to)
{
    /* One byte more than there is, so that the end is found. */
    size_t chunk = copy->size < CHUNK ? (size_t)copy->size + 1 : CHUNK;
    auto_free char *buffer = mem_alloc(chunk);
    int64_t at = 0;
    DWORD error = tell_progress(copy, 0, CALLBACK_STREAM_SWITCH);

    while (!error) {
        error = copy->stream > 1 ? ERROR_SUCCESS
                                 : file_node_check_locks(copy->from, (uint64_t)at, CHUNK, false);
        if (error)
            break;
        ssize_t n = storage_read(from, buffer, chunk, at);
        if (n <= 0)
            return win_error_from_errno((int)n);
        ssize_t written = storage_write(to, buffer, (size_t)n, at);
        if (written < n)
            return written < 0 ? win_error_from_errno((int)written) : ERROR_DISK_FULL;
        at += n;
        error = tell_progress(copy, at, CALLBACK_CHUNK_FINISHED);
    }
    return error;
}

static DWORD copy_stream(struct copy *copy, const char *name)
{
    struct win_path from = copy->from->path, to = copy->to->path;
    struct storage_file source, target;
    struct stat st;

    from.stream = to.stream = (char *)name;
    int failed = storage_open(&from, O_RDONLY, 0, &source);
    if (failed)
        return win_error_from_errno(failed);
    failed = storage_stat_file(&source, &st);
    if (!failed)
        failed = storage_open(&to, O_WRONLY | O_CREAT | O_TRUNC, 0644, &target);
    DWORD error = win_error_from_errno(failed);
    if (!failed) {
        copy->before += copy->size;
        copy->size = st.st_size;
        copy->stream++;
        error = copy_data(copy, &source, &target);
        storage_close(&target);
    }
    storage_close(&source);
    return error;
}

/* Learn: "CopyFileExW": alternate streams are copied with the file; between volumes only. */
static DWORD copy_streams(struct copy *copy)
{
    struct name_list names = { 0 };
    DWORD error = ERROR_SUCCESS;

    if (copy->from->path.stream || copy->to->path.stream || !copy->to->path.volume)
        return ERROR_SUCCESS;
    side_stream_names(&copy->from->path, &names);
    for (size_t i = 0; i < names.names.count && !error; i++)
        error = copy_stream(copy, names.names.items[i]);
    name_list_free(&names);
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
    int failed = file_stat(copy->from, &copy->st);
    DWORD error = win_error_from_errno(failed);

    copy->size = copy->st.st_size;
    copy->stream = 1;
    if (!error)
        error = copy_data(copy, &copy->from->storage, &copy->to->storage);
    if (!error)
        error = copy_streams(copy);
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

    DWORD error = ERROR_NOT_A_REPARSE_POINT;
    if (options->keeps_links)
        error = symbolic_link_copy(from, to, options->fails_if_exists);
    if (error != ERROR_NOT_A_REPARSE_POINT)
        return error;
    error = file_open(from, &reading, &copy.from, NULL);
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
    const struct copy_options options = { flags & COPY_FILE_FAIL_IF_EXISTS,
                                          flags & COPY_FILE_COPY_SYMLINK, progress, argument,
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
