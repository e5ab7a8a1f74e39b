/* SPDX-License-Identifier: MIT */
/* See file_mapping.h; CreateFileMapping, OpenFileMapping (Learn: the pages of these names). */
#include "fakes/windows/mapping/file_mapping.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/utf.h"
#include "emu/com/bstr.h"
#include "fakes/windows/file.h"
#include "fakes/windows/file_node.h"
#include "fakes/windows/last_error.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static bool mapping_is_signaled(struct object *object, DWORD thread_id)
{
    (void)object;
    (void)thread_id;
    return true;
}

static void mapping_destroy(struct object *object)
{
    struct file_mapping *mapping = (struct file_mapping *)object;

    for (size_t i = 0; i < mapping->chunks.count; i++)
        free(mapping->chunks.items[i]);
    array_free(&mapping->chunks);
    if (mapping->has_file)
        storage_close(&mapping->storage);
    if (mapping->memory >= 0)
        close(mapping->memory);
    pthread_mutex_destroy(&mapping->lock);
    free(mapping);
}

const struct object_class file_mapping_class = {
    .name = "file mapping",
    .is_signaled = mapping_is_signaled,
    .destroy = mapping_destroy,
};

/* ---- chunks ---- */

static size_t chunk_size(const struct file_mapping *mapping, size_t i)
{
    int64_t left = mapping->size - (int64_t)i * MAPPING_CHUNK;

    return left < MAPPING_CHUNK ? (size_t)left : MAPPING_CHUNK;
}

static int load_chunk(struct file_mapping *mapping, size_t i)
{
    size_t size = chunk_size(mapping, i);
    off_t at = (off_t)i * MAPPING_CHUNK;

    while (mapping->chunks.count <= i)
        array_add(&mapping->chunks, NULL);
    if (mapping->chunks.items[i])
        return 0;
    char *chunk = mem_alloc(size);
    ssize_t n = storage_read(&mapping->storage, chunk, size, at);
    if (n >= 0 && pwrite(mapping->memory, chunk, size, at) != (ssize_t)size)
        n = -ENOMEM;
    if (n < 0) {
        free(chunk);
        return (int)n;
    }
    mapping->chunks.items[i] = chunk;
    return 0;
}

/* Only the bytes that differ, from the first to the last: others may write the rest. */
static int flush_chunk(struct file_mapping *mapping, size_t i)
{
    size_t size = chunk_size(mapping, i), from = 0, to = size;
    char *old = i < mapping->chunks.count ? mapping->chunks.items[i] : NULL;
    off_t at = (off_t)i * MAPPING_CHUNK;

    if (!old)
        return 0;
    auto_free char *now = mem_alloc(size);
    if (pread(mapping->memory, now, size, at) != (ssize_t)size)
        return -EIO;
    while (from < size && old[from] == now[from])
        from++;
    while (to > from && old[to - 1] == now[to - 1])
        to--;
    if (from == to)
        return 0;
    ssize_t n = storage_write(&mapping->storage, now + from, to - from, at + (off_t)from);
    if (n < 0)
        return (int)n;
    memcpy(old, now, size);
    return 0;
}

static int each_chunk(struct file_mapping *mapping, int64_t offset, int64_t length,
                      int (*fn)(struct file_mapping *mapping, size_t i))
{
    int error = 0;

    if (!mapping->has_file || length <= 0)
        return 0;
    pthread_mutex_lock(&mapping->lock);
    for (int64_t i = offset / MAPPING_CHUNK;
         !error && i <= (offset + length - 1) / MAPPING_CHUNK && i * MAPPING_CHUNK < mapping->size;
         i++)
        error = fn(mapping, (size_t)i);
    pthread_mutex_unlock(&mapping->lock);
    return error;
}

int file_mapping_load(struct file_mapping *mapping, int64_t offset, int64_t length)
{
    return each_chunk(mapping, offset, length, load_chunk);
}

int file_mapping_flush(struct file_mapping *mapping, int64_t offset, int64_t length)
{
    return mapping->protection == PAGE_READWRITE ? each_chunk(mapping, offset, length, flush_chunk)
                                                 : 0;
}

/* ---- creating ---- */

/* Executable memory is not told from other. 0: no protection of a section. */
static DWORD plain_protection(DWORD protect)
{
    switch (protect & 0xFF) {
    case PAGE_READONLY:
    case PAGE_EXECUTE_READ:
        return PAGE_READONLY;
    case PAGE_READWRITE:
    case PAGE_EXECUTE_READWRITE:
        return PAGE_READWRITE;
    case PAGE_WRITECOPY:
    case PAGE_EXECUTE_WRITECOPY:
        return PAGE_WRITECOPY;
    default:
        return 0;
    }
}

/* Learn: "CreateFileMappingW": a size of 0 is the file's; a file is made longer if need be. */
static DWORD measure(struct file_mapping *mapping)
{
    struct stat st;
    int error = storage_stat_file(&mapping->storage, &st);

    if (error)
        return win_error_from_errno(error);
    if (!mapping->size)
        mapping->size = st.st_size;
    if (!mapping->size)
        return ERROR_FILE_INVALID;
    if (mapping->size <= st.st_size)
        return ERROR_SUCCESS;
    if (mapping->protection != PAGE_READWRITE)
        return ERROR_NOT_ENOUGH_MEMORY;
    return win_error_from_errno(storage_truncate(&mapping->storage, mapping->size));
}

static DWORD open_file_of(struct file_mapping *mapping, HANDLE handle)
{
    bool writes = mapping->protection == PAGE_READWRITE;
    auto_object struct object *object =
        handle_get(handle, &file_class, FILE_READ_DATA | (writes ? (DWORD)FILE_WRITE_DATA : 0u));
    struct file *file = (struct file *)object;

    if (!object)
        return GetLastError();
    if (!file->node || file->is_directory)
        return ERROR_ACCESS_DENIED;
    auto_path path = file_node_path(file);
    int error = storage_open(&path, writes ? O_RDWR : O_RDONLY, 0, &mapping->storage);
    if (error)
        return win_error_from_errno(error);
    mapping->has_file = true;
    return measure(mapping);
}

static DWORD fill(struct file_mapping *mapping, HANDLE file)
{
    DWORD error = ERROR_SUCCESS;

    if (!mapping->protection || mapping->size < 0)
        return ERROR_INVALID_PARAMETER;
    bool has_file = file && file != INVALID_HANDLE_VALUE; /* Unsure: NULL is the paging file, too */

    if (!has_file && !mapping->size)
        return ERROR_INVALID_PARAMETER;
    if (has_file)
        error = open_file_of(mapping, file);
    if (error)
        return error;
    mapping->memory = memfd_create("section", MFD_CLOEXEC);
    if (mapping->memory < 0 || ftruncate(mapping->memory, mapping->size) != 0)
        return ERROR_NOT_ENOUGH_MEMORY;
    return ERROR_SUCCESS;
}

struct object *file_mapping_inherited(int memory, int64_t size, DWORD protection)
{
    struct file_mapping *mapping = mem_new(struct file_mapping);

    object_init(&mapping->object, &file_mapping_class);
    pthread_mutex_init(&mapping->lock, NULL);
    mapping->memory = memory;
    mapping->protection = protection;
    mapping->size = size;
    return &mapping->object;
}

static HANDLE create(HANDLE file, const SECURITY_ATTRIBUTES *security, DWORD protect, int64_t size,
                     const char *name)
{
    struct file_mapping *mapping =
        (struct file_mapping *)file_mapping_inherited(-1, size, plain_protection(protect));
    bool existed;

    DWORD error = fill(mapping, file);
    if (error) {
        object_unref(&mapping->object);
        SetLastError(error);
        return NULL;
    }
    struct object *object = object_named(&mapping->object, name, &existed);
    if (!object)
        return NULL;
    SetLastError(existed ? ERROR_ALREADY_EXISTS : ERROR_SUCCESS);
    return handle_new_for(object, SECTION_ALL_ACCESS, security);
}

HANDLE WINAPI CreateFileMappingW(HANDLE file, LPSECURITY_ATTRIBUTES security, DWORD protect,
                                 DWORD high, DWORD low, LPCWSTR name)
{
    auto_free char *utf8 = utf8_from_wide(name);

    return create(file, security, protect, (int64_t)((uint64_t)high << 32 | low), utf8);
}

HANDLE WINAPI CreateFileMappingA(HANDLE file, LPSECURITY_ATTRIBUTES security, DWORD protect,
                                 DWORD high, DWORD low, LPCSTR name)
{
    return create(file, security, protect, (int64_t)((uint64_t)high << 32 | low), name);
}

HANDLE WINAPI OpenFileMappingA(DWORD access, BOOL inherit, LPCSTR name)
{
    struct object *object = object_find(name, &file_mapping_class);

    return object ? handle_new_opened(object, access, inherit) : NULL;
}

HANDLE WINAPI OpenFileMappingW(DWORD access, BOOL inherit, LPCWSTR name)
{
    auto_free char *utf8 = utf8_from_wide(name);

    return OpenFileMappingA(access, inherit, utf8);
}
