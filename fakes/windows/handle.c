/* SPDX-License-Identifier: MIT */
/* See handle.h. Handle values are multiples of four and repeat from run to run. */
#include "fakes/windows/handle.h"

#include "emu/base/array.h"
#include "emu/base/check.h"
#include "emu/base/str.h"
#include "emu/port/world.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/process.h"
#include "fakes/windows/thread.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct entry {
    struct object *object; /* NULL: free */
    DWORD access;
    DWORD flags;      /* HANDLE_FLAG_... */
    size_t next_free; /* index + 1 of the next free entry, 0: none */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static ARRAY(struct entry) table;
static size_t first_free; /* index + 1 */
static struct list named_objects = { &named_objects, &named_objects };

void objects_lock(void)
{
    pthread_mutex_lock(&lock);
}

void objects_unlock(void)
{
    pthread_mutex_unlock(&lock);
}

pthread_mutex_t *objects_mutex(void)
{
    return &lock;
}

void object_init(struct object *object, const struct object_class *class)
{
    object->class = class;
    object->count = 1;
    list_init(&object->waits);
    list_init(&object->named);
    object->name = NULL;
}

struct object *object_ref(struct object *object)
{
    objects_lock();
    object->count++;
    objects_unlock();
    return object;
}

void object_unref(struct object *object)
{
    objects_lock();
    bool is_last = --object->count == 0;
    if (is_last && object->name)
        list_remove(&object->named);
    objects_unlock();
    if (!is_last)
        return;
    free(object->name);
    object->name = NULL;
    object->class->destroy(object);
}

static HANDLE add_entry(struct object *object, DWORD access, DWORD flags)
{
    size_t i = first_free;

    if (i) {
        first_free = table.items[i - 1].next_free;
    } else {
        (void)array_push(&table);
        i = table.count;
    }
    table.items[i - 1] = (struct entry){ .object = object, .access = access, .flags = flags };
    return (HANDLE)(uintptr_t)(i * 4);
}

/* NULL when the handle is not in the table. With the lock held. */
static struct entry *entry_of(HANDLE handle)
{
    uintptr_t value = (uintptr_t)handle;

    if (!value || value / 4 > table.count)
        return NULL;
    struct entry *entry = &table.items[value / 4 - 1];
    return value >= 4 && entry->object ? entry : NULL;
}

static struct object *remove_entry(struct entry *entry)
{
    struct object *object = entry->object;

    *entry = (struct entry){ .next_free = first_free };
    first_free = (size_t)(entry - table.items) + 1;
    return object;
}

HANDLE handle_new(struct object *object, DWORD access)
{
    objects_lock();
    HANDLE handle = add_entry(object, access, 0);
    objects_unlock();
    return handle;
}

/* Learn: "Generic Access Rights"; who asks for MAXIMUM_ALLOWED gets everything. */
static DWORD own_rights(const struct object *object, DWORD access)
{
    const GENERIC_MAPPING *own = &object->class->access;

    if (!own->GenericAll)
        return access;
    if (access & (GENERIC_ALL | MAXIMUM_ALLOWED))
        access |= own->GenericAll;
    if (access & GENERIC_READ)
        access |= own->GenericRead;
    if (access & GENERIC_WRITE)
        access |= own->GenericWrite;
    if (access & GENERIC_EXECUTE)
        access |= own->GenericExecute;
    return access &
           ~(DWORD)(GENERIC_ALL | GENERIC_READ | GENERIC_WRITE | GENERIC_EXECUTE | MAXIMUM_ALLOWED);
}

HANDLE handle_new_opened(struct object *object, DWORD access, BOOL is_inherited)
{
    objects_lock();
    HANDLE handle =
        add_entry(object, own_rights(object, access), is_inherited ? HANDLE_FLAG_INHERIT : 0);
    objects_unlock();
    return handle;
}

HANDLE handle_new_for(struct object *object, DWORD access, const SECURITY_ATTRIBUTES *security)
{
    return handle_new_opened(object, access, security && security->bInheritHandle);
}

/* The pseudo handles of the current process and thread: a new reference, or NULL. */
static struct object *pseudo_object(HANDLE handle)
{
    if (handle == GetCurrentProcess())
        return object_ref(process_current());
    if (handle == GetCurrentThread())
        return object_ref(&thread_current()->object);
    return NULL;
}

static bool is_of_class(const struct object *object, const struct object_class *class)
{
    return class ? object->class == class : object->class->is_signaled != NULL;
}

struct object *handle_get(HANDLE handle, const struct object_class *class, DWORD access)
{
    struct object *object = pseudo_object(handle);
    DWORD error = ERROR_SUCCESS;

    if (object) {
        if (is_of_class(object, class))
            return object;
        object_unref(object);
        SetLastError(ERROR_INVALID_HANDLE);
        return NULL;
    }
    objects_lock();
    struct entry *entry = entry_of(handle);
    if (!entry || !is_of_class(entry->object, class)) {
        error = ERROR_INVALID_HANDLE;
    } else if ((entry->access & access) != access) {
        error = ERROR_ACCESS_DENIED;
    } else {
        object = entry->object;
        object->count++;
    }
    objects_unlock();
    if (error)
        SetLastError(error);
    return object;
}

struct object *handle_take(HANDLE handle, const struct object_class *class)
{
    struct object *object = NULL;

    objects_lock();
    struct entry *entry = entry_of(handle);
    if (entry && is_of_class(entry->object, class) &&
        !(entry->flags & HANDLE_FLAG_PROTECT_FROM_CLOSE))
        object = remove_entry(entry);
    objects_unlock();
    if (!object)
        SetLastError(ERROR_INVALID_HANDLE);
    return object;
}

BOOL WINAPI CloseHandle(HANDLE handle)
{
    if (handle == GetCurrentProcess() || handle == GetCurrentThread())
        return TRUE; /* Learn: "GetCurrentProcess": closing a pseudo handle has no effect */
    struct object *object = handle_take(handle, NULL);
    if (!object)
        return FALSE;
    object_unref(object);
    return TRUE;
}

BOOL WINAPI GetHandleInformation(HANDLE handle, LPDWORD ret_flags)
{
    objects_lock();
    struct entry *entry = entry_of(handle);
    DWORD flags = entry ? entry->flags : 0;
    objects_unlock();
    if (!entry)
        return win_fail(ERROR_INVALID_HANDLE);
    if (ret_flags)
        *ret_flags = flags;
    return TRUE;
}

BOOL WINAPI SetHandleInformation(HANDLE handle, DWORD mask, DWORD flags)
{
    const DWORD known = HANDLE_FLAG_INHERIT | HANDLE_FLAG_PROTECT_FROM_CLOSE;

    if (mask & ~known)
        return win_fail(ERROR_INVALID_PARAMETER);
    objects_lock();
    struct entry *entry = entry_of(handle);
    if (entry)
        entry->flags = (entry->flags & ~mask) | (flags & mask);
    objects_unlock();
    return entry ? TRUE : win_fail(ERROR_INVALID_HANDLE);
}

/* The access of a handle; pseudo handles have all. */
static bool access_of(HANDLE handle, DWORD *ret_access)
{
    if (handle == GetCurrentProcess() || handle == GetCurrentThread()) {
        *ret_access = PROCESS_ALL_ACCESS;
        return true;
    }
    objects_lock();
    struct entry *entry = entry_of(handle);
    if (entry)
        *ret_access = entry->access;
    objects_unlock();
    return entry != NULL;
}

/* Learn: "DuplicateHandle": the source is closed whatever else goes wrong. */
static BOOL duplicate(HANDLE source, LPHANDLE ret_handle, DWORD access, BOOL inherit, DWORD options)
{
    DWORD old_access = 0;
    struct object *object = handle_get(source, NULL, 0);

    if (!object)
        return FALSE;
    if (!access_of(source, &old_access)) {
        object_unref(object);
        return win_fail(ERROR_INVALID_HANDLE);
    }
    if (options & DUPLICATE_SAME_ACCESS)
        access = old_access;
    if (!ret_handle) {
        object_unref(object);
        return TRUE;
    }
    objects_lock();
    *ret_handle = add_entry(object, own_rights(object, access), inherit ? HANDLE_FLAG_INHERIT : 0);
    objects_unlock();
    return TRUE;
}

static bool is_process(HANDLE handle)
{
    auto_object struct object *object = handle_get(handle, &process_class, 0);

    return object;
}

BOOL WINAPI DuplicateHandle(HANDLE source_process, HANDLE source, HANDLE target_process,
                            LPHANDLE ret_handle, DWORD access, BOOL inherit, DWORD options)
{
    if (!is_process(source_process))
        return FALSE;
    bool has_target = !(target_process || ret_handle) || is_process(target_process);
    BOOL is_done = has_target && duplicate(source, ret_handle, access, inherit, options);
    DWORD error = is_done ? ERROR_SUCCESS : GetLastError();
    if (options & DUPLICATE_CLOSE_SOURCE && !CloseHandle(source))
        return FALSE;
    return is_done ? TRUE : win_fail(error);
}

BOOL WINAPI CompareObjectHandles(HANDLE first, HANDLE second)
{
    auto_object struct object *a = handle_get(first, NULL, 0);
    auto_object struct object *b = a ? handle_get(second, NULL, 0) : NULL;

    if (!a || !b)
        return FALSE;
    return a == b ? TRUE : win_fail(ERROR_NOT_SAME_OBJECT);
}

/* "Local\" is the session's own name space, which is where plain names are as well. */
static const char *plain_name(const char *name)
{
    return str_starts_with(name, "Local\\") ? name + 6 : name;
}

static bool is_name_valid(const char *name)
{
    const char *rest = str_starts_with(name, "Global\\") ? name + 7 : name;

    return *rest && !strchr(rest, '\\');
}

static struct object *find_name(const char *name, unsigned world)
{
    list_each (struct object, object, &named_objects, named) {
        if (object->world == world && strcmp(object->name, name) == 0)
            return object;
    }
    return NULL;
}

struct object *object_named(struct object *fresh, const char *name, bool *ret_existed)
{
    *ret_existed = false;
    if (!name || !*name)
        return fresh;
    name = plain_name(name);
    if (!is_name_valid(name)) {
        object_unref(fresh);
        SetLastError(ERROR_PATH_NOT_FOUND);
        return NULL;
    }
    fresh->world = world_current()->serial;
    objects_lock();
    struct object *old = find_name(name, fresh->world);
    if (!old) {
        fresh->name = mem_strdup(name);
        list_append(&named_objects, &fresh->named);
    } else if (old->class == fresh->class) {
        old->count++;
    }
    objects_unlock();
    if (!old)
        return fresh;
    bool is_same_kind = old->class == fresh->class;
    object_unref(fresh);
    if (!is_same_kind) {
        SetLastError(ERROR_INVALID_HANDLE);
        return NULL;
    }
    *ret_existed = true;
    return old;
}

struct object *object_find(const char *name, const struct object_class *class)
{
    DWORD error = ERROR_SUCCESS;

    if (!name) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    unsigned world = world_current()->serial;
    objects_lock();
    struct object *object = find_name(plain_name(name), world);
    if (!object)
        error = ERROR_FILE_NOT_FOUND;
    else if (object->class != class)
        error = ERROR_INVALID_HANDLE;
    else
        object->count++;
    objects_unlock();
    if (!error)
        return object;
    SetLastError(error);
    return NULL;
}
