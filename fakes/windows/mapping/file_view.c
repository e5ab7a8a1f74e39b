/* SPDX-License-Identifier: MIT */
/* Views of sections: MapViewOfFile, UnmapViewOfFile, FlushViewOfFile (Learn: the pages of these
 * names, "Creating a File View"). */
#include "emu/base/mem.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/mapping/file_mapping.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>

struct view {
    struct list link;
    struct file_mapping *mapping; /* a reference */
    char *base;
    int64_t offset, length;
    bool writes; /* changes go back to the file */
};

static pthread_mutex_t views_lock = PTHREAD_MUTEX_INITIALIZER;
static struct list views = { &views, &views };

/* The view in which the address lies, or that begins there. With the lock held. */
static struct view *find_view(const void *address, bool is_exact)
{
    list_each (struct view, view, &views, link) {
        const char *at = address;
        if (is_exact ? at == view->base : at >= view->base && at < view->base + view->length)
            return view;
    }
    return NULL;
}

/* Learn: "MapViewOfFile": the rights of the view must be among the section's. */
static DWORD check_access(const struct file_mapping *mapping, DWORD access)
{
    bool writes = access & FILE_MAP_WRITE;

    return writes && mapping->protection != PAGE_READWRITE ? ERROR_ACCESS_DENIED : ERROR_SUCCESS;
}

static DWORD check_range(const struct file_mapping *mapping, int64_t offset, int64_t *length)
{
    if (offset % MAPPING_CHUNK)
        return ERROR_MAPPED_ALIGNMENT;
    if (offset < 0 || offset >= mapping->size)
        return ERROR_INVALID_PARAMETER;
    if (!*length)
        *length = mapping->size - offset;
    return *length < 0 || *length > mapping->size - offset ? ERROR_ACCESS_DENIED : ERROR_SUCCESS;
}

static DWORD map(struct view *view, DWORD access, void *wish)
{
    bool is_copy = !(access & (FILE_MAP_WRITE | FILE_MAP_READ)) && access & FILE_MAP_COPY;
    int protection = PROT_READ | (access & FILE_MAP_WRITE || is_copy ? PROT_WRITE : 0);
    int flags = (is_copy ? MAP_PRIVATE : MAP_SHARED) | (wish ? MAP_FIXED_NOREPLACE : 0);

    view->writes = access & FILE_MAP_WRITE;
    int error = file_mapping_load(view->mapping, view->offset, view->length);
    if (error)
        return win_error_from_errno(error);
    view->base =
        mmap(wish, (size_t)view->length, protection, flags, view->mapping->memory, view->offset);
    if (view->base == MAP_FAILED)
        return wish ? ERROR_INVALID_ADDRESS : ERROR_NOT_ENOUGH_MEMORY;
    return ERROR_SUCCESS;
}

LPVOID WINAPI MapViewOfFileEx(HANDLE handle, DWORD access, DWORD high, DWORD low, SIZE_T length,
                              LPVOID wish)
{
    struct object *object = handle_get(handle, &file_mapping_class, 0);

    if (!object)
        return NULL;
    struct view *view = mem_new(struct view);
    *view = (struct view){ .mapping = (struct file_mapping *)object,
                           .offset = (int64_t)((uint64_t)high << 32 | low),
                           .length = (int64_t)length };
    DWORD error = check_range(view->mapping, view->offset, &view->length);
    if (!error)
        error = check_access(view->mapping, access);
    if (!error)
        error = map(view, access, wish);
    if (error) {
        free(view);
        object_unref(object);
        SetLastError(error);
        return NULL;
    }
    pthread_mutex_lock(&views_lock);
    list_append(&views, &view->link);
    pthread_mutex_unlock(&views_lock);
    return view->base;
}

LPVOID WINAPI MapViewOfFile(HANDLE handle, DWORD access, DWORD high, DWORD low, SIZE_T length)
{
    return MapViewOfFileEx(handle, access, high, low, length, NULL);
}

BOOL WINAPI UnmapViewOfFile(LPCVOID base)
{
    pthread_mutex_lock(&views_lock);
    struct view *view = find_view(base, true);
    if (view)
        list_remove(&view->link);
    pthread_mutex_unlock(&views_lock);
    if (!view)
        return win_fail(ERROR_INVALID_ADDRESS);
    if (view->writes)
        file_mapping_flush(view->mapping, view->offset, view->length);
    munmap(view->base, (size_t)view->length);
    object_unref(&view->mapping->object);
    free(view);
    return TRUE;
}

BOOL WINAPI FlushViewOfFile(LPCVOID base, SIZE_T length)
{
    struct file_mapping *mapping = NULL;
    int64_t offset = 0, n = 0;

    pthread_mutex_lock(&views_lock);
    const struct view *view = find_view(base, false);
    if (view) {
        int64_t within = (const char *)base - view->base;
        mapping = (struct file_mapping *)object_ref(&view->mapping->object);
        offset = view->offset + within;
        n = length && (int64_t)length < view->length - within ? (int64_t)length
                                                              : view->length - within;
    }
    bool writes = view && view->writes;
    pthread_mutex_unlock(&views_lock);
    if (!mapping)
        return win_fail(ERROR_INVALID_ADDRESS);
    int error = writes ? file_mapping_flush(mapping, offset, n) : 0;
    object_unref(&mapping->object);
    return error ? win_fail_errno(error) : TRUE;
}
