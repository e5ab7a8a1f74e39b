/* SPDX-License-Identifier: MIT */
/* See object.h. */
#include "emu/com/object.h"

#include "emu/base/check.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"

#include <stdlib.h>

static struct com_objects of_process = { NULL, ATOMIC_FLAG_INIT };
_Thread_local struct com_objects *com_objects_of_thread;

static struct com_objects *lock_list(struct com_objects *objects)
{
    while (atomic_flag_test_and_set_explicit(&objects->is_busy, memory_order_acquire))
        ;
    return objects;
}

static void unlock_list(struct com_objects *objects)
{
    atomic_flag_clear_explicit(&objects->is_busy, memory_order_release);
}

static struct com_objects *current_list(void)
{
    return com_objects_of_thread ? com_objects_of_thread : &of_process;
}

/* The list is locked. */
static void add(struct com_objects *objects, struct com_object *object)
{
    atomic_store_explicit(&object->home, objects, memory_order_relaxed);
    object->newer = NULL;
    object->older = objects->newest;
    if (objects->newest)
        objects->newest->newer = object;
    objects->newest = object;
}

static void take_out(struct com_objects *objects, struct com_object *object)
{
    if (object->newer)
        object->newer->older = object->older;
    else
        objects->newest = object->older;
    if (object->older)
        object->older->newer = object->newer;
}

void *com_object_new(const struct com_class *class, size_t size)
{
    struct com_object *object = mem_alloc(size);
    struct com_objects *objects = current_list();

    object->class = class;
    atomic_init(&object->count, 1);
    lock_list(objects);
    add(objects, object);
    unlock_list(objects);
    return object;
}

unsigned com_objects_end(struct com_objects *objects)
{
    unsigned n = 0;

    lock_list(objects);
    lock_list(&of_process);
    for (; objects->newest; n++) {
        struct com_object *object = objects->newest;

        take_out(objects, object);
        add(&of_process, object);
    }
    unlock_list(&of_process);
    unlock_list(objects);
    return n;
}

HRESULT com_object_query(struct com_object *object, REFIID iid, void **ret_face)
{
    const struct com_face *face = object->class->faces;

    if (!ret_face)
        return E_POINTER;
    *ret_face = NULL;
    if (!iid)
        return E_INVALIDARG;
    if (!IsEqualIID(iid, &IID_IUnknown)) {
        while (face->iid && !IsEqualIID(iid, face->iid))
            face++;
    }
    if (!face->iid)
        return E_NOINTERFACE;
    com_object_add_ref(object);
    *ret_face = (char *)object + face->offset;
    return S_OK;
}

ULONG com_object_add_ref(struct com_object *object)
{
    return atomic_fetch_add(&object->count, 1) + 1;
}

static void forget(struct com_object *object)
{
    struct com_objects *home = atomic_load_explicit(&object->home, memory_order_relaxed);

    lock_list(home);
    take_out(home, object);
    unlock_list(home);
}

ULONG com_object_release(struct com_object *object)
{
    ULONG left = atomic_fetch_sub(&object->count, 1) - 1;

    if (left)
        return left;
    forget(object);
    if (object->class->destroy)
        object->class->destroy(object);
    free(object);
    return 0;
}

unsigned com_object_count_live(char **ret_names)
{
    struct com_objects *objects = lock_list(current_list());
    struct str names = { 0 };
    unsigned n = 0;

    for (struct com_object *object = objects->newest; object; object = object->older, n++)
        str_addf(&names, "%s%s", n ? ", " : "", object->class->name);
    unlock_list(objects);
    if (ret_names)
        *ret_names = str_take(&names);
    else
        str_free(&names);
    return n;
}

void com_object_each(void (*found)(void *arg, const char *class), void *arg)
{
    struct com_objects *objects = lock_list(current_list());

    for (struct com_object *object = objects->newest; object; object = object->older)
        found(arg, object->class->name);
    unlock_list(objects);
}
