/* SPDX-License-Identifier: MIT */
/* See handle.h. Handle values are multiples of four and repeat from run to run. */
#include "fakes/windows/handle.h"

#include "emu/base/array.h"
#include "emu/base/check.h"
#include "emu/base/str.h"
#include "emu/port/world.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/process.h"
#include "fakes/windows/report.h"
#include "fakes/windows/shared/segment.h"
#include "fakes/windows/thread.h"
#include "fakes/windows/wait.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct entry {
    struct object *object; /* NULL: free */
    DWORD access;
    DWORD flags;      /* HANDLE_FLAG_... */
    size_t next_free; /* index + 1 of the next free entry, 0: none */
};

#define MAX_PLACE (1u << 24) /* of a handle whose value another process says */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static ARRAY(struct entry) table;
static size_t first_free; /* index + 1 */

/* The file lock of what the processes of the run share is taken with it, once there is something
 * of this process in it. */
static bool takes_shared;
static bool has_shared; /* taken with the lock that is held now */

static void take_shared(void)
{
    has_shared = takes_shared;
    if (!has_shared)
        return;
    shared_lock();
    if (shared_take_mail())
        wait_collect();
}

static void give_shared(void)
{
    if (has_shared)
        shared_unlock();
    has_shared = false;
}

void objects_begin_to_share(void)
{
    if (takes_shared)
        return;
    takes_shared = true;
    take_shared();
}

void objects_lock(void)
{
    pthread_mutex_lock(&lock);
    take_shared();
}

void objects_unlock(void)
{
    give_shared();
    pthread_mutex_unlock(&lock);
}

int objects_wait(pthread_cond_t *cond, int64_t deadline_ns)
{
    give_shared();
    int error = wait_cond_until(cond, &lock, deadline_ns);
    take_shared();
    return error;
}

bool objects_try_lock(void)
{
    if (pthread_mutex_trylock(&lock) != 0)
        return false;
    take_shared();
    return true;
}

/* Threads are known there anyway; who waits for anything else is rare. */
static bool is_in_reports(const struct object_class *class)
{
    return class->kind || class->next_due;
}

void object_init(struct object *object, const struct object_class *class)
{
    object->class = class;
    object->count = 1;
    list_init(&object->waits);
    list_init(&object->named);
    object->own = (struct object_state){ .kind = class->kind };
    object->state = &object->own;
    object->shared = 0;
    object->name = NULL;
    if (is_in_reports(class))
        report_label(object, class->name, NULL);
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
    if (is_last && object->shared)
        shared_unref(object->shared);
    objects_unlock();
    if (!is_last)
        return;
    if (is_in_reports(object->class))
        report_label(object, NULL, NULL);
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

void handles_each_inheritable(void (*each)(void *arg, HANDLE handle, struct object *object,
                                           DWORD access, DWORD flags),
                              void *arg)
{
    for (size_t i = 0; i < table.count; i++) {
        const struct entry *entry = &table.items[i];

        if (entry->object && entry->flags & HANDLE_FLAG_INHERIT)
            each(arg, (HANDLE)(uintptr_t)((i + 1) * 4), entry->object, entry->access, entry->flags);
    }
}

bool handle_is_inheritable(HANDLE handle)
{
    const struct entry *entry = entry_of(handle);

    return entry && entry->flags & HANDLE_FLAG_INHERIT;
}

/* Free entries are used from the lowest on, so that values repeat. */
static void link_free_entries(void)
{
    first_free = 0;
    for (size_t i = table.count; i > 0; i--) {
        if (table.items[i - 1].object)
            continue;
        table.items[i - 1].next_free = first_free;
        first_free = i;
    }
}

bool handle_insert(HANDLE handle, struct object *object, DWORD access, DWORD flags)
{
    size_t place = (uintptr_t)handle / 4;
    bool is_free = place && place <= MAX_PLACE;

    objects_lock();
    while (is_free && table.count < place)
        *array_push(&table) = (struct entry){ 0 };
    is_free = is_free && !table.items[place - 1].object;
    if (is_free)
        table.items[place - 1] =
            (struct entry){ .object = object, .access = access, .flags = flags };
    link_free_entries();
    objects_unlock();
    return is_free;
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
    struct object *object = pseudo_object(handle), *useless = NULL;
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
        useless = entry && entry->object->class->explain ? entry->object : NULL;
        if (useless)
            useless->count++;
    } else if ((entry->access & access) != access) {
        error = ERROR_ACCESS_DENIED;
    } else {
        object = entry->object;
        object->count++;
    }
    objects_unlock();
    if (useless) {
        useless->class->explain(useless);
        object_unref(useless);
    }
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
    if (object->class->handle_closed)
        object->class->handle_closed(object);
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

/* Whether it is this process: others have tables of their own. */
static bool is_process(HANDLE handle)
{
    auto_object struct object *object = handle_get(handle, &process_class, PROCESS_DUP_HANDLE);

    if (!object || process_is_current((struct process *)object))
        return object;
    fprintf(stderr, "vssemu: DuplicateHandle: handles of another process are out of reach; let the "
                    "child inherit them\n");
    return win_fail(ERROR_NOT_SUPPORTED);
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
