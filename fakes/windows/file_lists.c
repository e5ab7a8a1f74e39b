/* SPDX-License-Identifier: MIT */
/* See file_lists.h. A directory is read when its first entry is asked for; the list stays with the
 * handle until a class that begins anew asks again. */
#include "fakes/windows/file_lists.h"

#include "emu/base/array.h"
#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/base/utf.h"
#include "fakes/windows/attributes.h"
#include "fakes/windows/file_node.h"
#include "fakes/windows/fold.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/links/link.h"
#include "fakes/windows/streams/side.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "fakes/windows/include/vssemu/file_types.h"

struct listed {
    char *name;
    struct stat st;
};

struct file_listing {
    ARRAY(struct listed) entries;
    size_t next;
};

void file_lists_free(struct file_listing *listing)
{
    for (size_t i = 0; listing && i < listing->entries.count; i++)
        free(listing->entries.items[i].name);
    if (listing)
        array_free(&listing->entries);
    free(listing);
}

/* ---- gathering ---- */

static int add_entry(void *arg, const char *name, const struct stat *st)
{
    struct file_listing *listing = arg;

    array_add(&listing->entries, ((struct listed){ mem_strdup(name), *st }));
    return 0;
}

static int by_name(const void *a, const void *b)
{
    const struct listed *x = a, *y = b;

    return fold_compare(x->name, y->name);
}

static DWORD gather(struct file *file, struct win_path *path)
{
    struct file_listing *listing = mem_new(struct file_listing);
    struct stat st;
    int error = storage_stat_file(&file->storage, &st);

    file_lists_free(file->listing);
    file->listing = listing;
    if (!error && *path->text) {
        add_entry(listing, ".", &st);
        add_entry(listing, "..", &st);
    }
    size_t n_dots = listing->entries.count;
    if (!error)
        error = storage_list(path, add_entry, listing);
    if (listing->entries.count > n_dots)
        qsort(listing->entries.items + n_dots, listing->entries.count - n_dots,
              sizeof(struct listed), by_name);
    return win_error_from_errno(error);
}

/* ---- giving ---- */

static LARGE_INTEGER ticks(FILETIME time)
{
    return (LARGE_INTEGER){ .QuadPart = (int64_t)((uint64_t)time.dwHighDateTime << 32 |
                                                  time.dwLowDateTime) };
}

/* What all classes begin with. */
static FILE_FULL_DIR_INFO head_of(const struct win_path *directory, const struct listed *listed,
                                  DWORD *ret_tag)
{
    const struct stat *st = &listed->st;
    int64_t size = (int64_t)attributes_size(st);
    struct win_path path = *directory;
    auto_free char *text =
        str_printf("%s%s%s", directory->text, *directory->text ? "/" : "", listed->name);
    bool is_dots = listed->name[0] == '.' && strspn(listed->name, ".") == strlen(listed->name);

    path.text = text;
    *ret_tag = is_dots ? 0 : link_tag(&path, st);
    return (FILE_FULL_DIR_INFO){
        .CreationTime = ticks(attributes_creation_time(st)),
        .LastAccessTime = ticks(attributes_filetime(&st->st_atim)),
        .LastWriteTime = ticks(attributes_filetime(&st->st_mtim)),
        .ChangeTime = ticks(attributes_filetime(&st->st_ctim)),
        .EndOfFile.QuadPart = size,
        .AllocationSize.QuadPart = (size + FILE_CLUSTER - 1) / FILE_CLUSTER * FILE_CLUSTER,
        .FileAttributes = is_dots ? attributes_from_stat(st) : attributes_of(&path, st),
        .EaSize = *ret_tag, /* Learn: "FILE_FULL_DIR_INFO": of a reparse point its tag */
    };
}

/* Where the name stands, and how the number of the file is told. */
static const struct list_class {
    FILE_INFO_BY_HANDLE_CLASS class;
    bool begins_anew;
    size_t name, id, id_size, tag;
} classes[] = {
    { FileIdBothDirectoryInfo, false, offsetof(FILE_ID_BOTH_DIR_INFO, FileName),
      offsetof(FILE_ID_BOTH_DIR_INFO, FileId), 8, 0 },
    { FileIdBothDirectoryRestartInfo, true, offsetof(FILE_ID_BOTH_DIR_INFO, FileName),
      offsetof(FILE_ID_BOTH_DIR_INFO, FileId), 8, 0 },
    { FileFullDirectoryInfo, false, offsetof(FILE_FULL_DIR_INFO, FileName), 0, 0, 0 },
    { FileFullDirectoryRestartInfo, true, offsetof(FILE_FULL_DIR_INFO, FileName), 0, 0, 0 },
    { FileIdExtdDirectoryInfo, false, offsetof(FILE_ID_EXTD_DIR_INFO, FileName),
      offsetof(FILE_ID_EXTD_DIR_INFO, FileId), 16,
      offsetof(FILE_ID_EXTD_DIR_INFO, ReparsePointTag) },
    { FileIdExtdDirectoryRestartInfo, true, offsetof(FILE_ID_EXTD_DIR_INFO, FileName),
      offsetof(FILE_ID_EXTD_DIR_INFO, FileId), 16,
      offsetof(FILE_ID_EXTD_DIR_INFO, ReparsePointTag) },
};

/* Its size, or 0 when it has no room. */
static size_t put_entry(const struct list_class *class, const struct win_path *directory,
                        const struct listed *listed, char *at, size_t room)
{
    auto_free uint16_t *wide = utf16_from_utf8(listed->name);
    size_t bytes = utf16_length(wide) * sizeof(WCHAR);
    uint64_t id = (uint64_t)listed->st.st_ino;
    DWORD tag;

    if (room < class->name + bytes)
        return 0;
    FILE_FULL_DIR_INFO head = head_of(directory, listed, &tag);
    head.FileNameLength = (DWORD)bytes;
    memset(at, 0, class->name);
    memcpy(at, &head, offsetof(FILE_FULL_DIR_INFO, FileName));
    if (class->id_size)
        memcpy(at + class->id, &id, sizeof(id));
    if (class->tag)
        memcpy(at + class->tag, &tag, sizeof(tag));
    memcpy(at + class->name, wide, bytes);
    return class->name + bytes;
}

static DWORD put_entries(struct file_listing *listing, const struct list_class *class,
                         const struct win_path *directory, char *buffer, size_t size)
{
    size_t used = 0, last = 0;
    bool any = false;

    while (listing->next < listing->entries.count) {
        size_t at = (used + 7) & ~(size_t)7;
        size_t n = at < size ? put_entry(class, directory, &listing->entries.items[listing->next],
                                         buffer + at, size - at)
                             : 0;
        if (!n)
            return any ? ERROR_SUCCESS : ERROR_MORE_DATA;
        if (any)
            *(DWORD *)(void *)(buffer + last) = (DWORD)(at - last);
        listing->next++;
        last = at;
        used = at + n;
        any = true;
    }
    return any ? ERROR_SUCCESS : ERROR_NO_MORE_FILES;
}

DWORD file_lists_directory(struct file *file, FILE_INFO_BY_HANDLE_CLASS class, void *buffer,
                           DWORD size)
{
    const struct list_class *row = classes;

    while (row->class != class)
        row++;
    if (!file->is_directory)
        return ERROR_INVALID_PARAMETER;
    if (!(file->access & FILE_LIST_DIRECTORY))
        return ERROR_ACCESS_DENIED;
    if (size < row->name + sizeof(WCHAR))
        return ERROR_BAD_LENGTH;
    auto_path path = file_node_path(file);
    pthread_mutex_lock(&file->lock);
    DWORD error = row->begins_anew || !file->listing ? gather(file, &path) : ERROR_SUCCESS;
    if (!error)
        error = put_entries(file->listing, row, &path, buffer, size);
    pthread_mutex_unlock(&file->lock);
    return error;
}

/* ---- streams ---- */

struct stream_fill {
    char *buffer;
    size_t size, used, last;
    bool any, is_full;
};

static int put_stream(void *arg, const char *name, const struct stat *st)
{
    struct stream_fill *fill = arg;
    auto_free char *text = str_printf(":%s:$DATA", name);
    auto_free uint16_t *wide = utf16_from_utf8(text);
    const size_t head = offsetof(FILE_STREAM_INFO, StreamName);
    size_t bytes = utf16_length(wide) * sizeof(WCHAR), at = (fill->used + 7) & ~(size_t)7;

    if (at + head + bytes > fill->size) {
        fill->is_full = true;
        return 1;
    }
    FILE_STREAM_INFO info = { .StreamNameLength = (DWORD)bytes,
                              .StreamSize.QuadPart = st->st_size };
    info.StreamAllocationSize.QuadPart =
        (st->st_size + FILE_CLUSTER - 1) / FILE_CLUSTER * FILE_CLUSTER;
    memcpy(fill->buffer + at, &info, head);
    memcpy(fill->buffer + at + head, wide, bytes);
    if (fill->any)
        *(DWORD *)(void *)(fill->buffer + fill->last) = (DWORD)(at - fill->last);
    fill->last = at;
    fill->used = at + head + bytes;
    fill->any = true;
    return 0;
}

DWORD file_lists_streams(struct file *file, const struct stat *st, void *buffer, DWORD size)
{
    struct stream_fill fill = { .buffer = buffer, .size = size };
    auto_path path = file_node_path(file);

    if (size < sizeof(FILE_STREAM_INFO))
        return ERROR_BAD_LENGTH;
    if (!S_ISDIR(st->st_mode) && !path.stream)
        put_stream(&fill, "", st);
    side_list_streams(&path, put_stream, &fill);
    return fill.is_full ? ERROR_MORE_DATA : fill.any ? ERROR_SUCCESS : ERROR_HANDLE_EOF;
}
