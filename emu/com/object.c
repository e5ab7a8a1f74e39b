/* SPDX-License-Identifier: MIT */
/* See object.h. */
#include "emu/com/object.h"

#include "emu/base/check.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"

#include <stdlib.h>

static struct com_object *newest_object;
static atomic_flag list_lock = ATOMIC_FLAG_INIT;

static void lock_list(void)
{
    while (atomic_flag_test_and_set_explicit(&list_lock, memory_order_acquire))
        ;
}

static void unlock_list(void)
{
    atomic_flag_clear_explicit(&list_lock, memory_order_release);
}

void *com_object_new(const struct com_class *class, size_t size)
{
    struct com_object *object = mem_alloc(size);

    object->class = class;
    atomic_init(&object->count, 1);
    lock_list();
    object->older = newest_object;
    if (newest_object)
        newest_object->newer = object;
    newest_object = object;
    unlock_list();
    return object;
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
    lock_list();
    if (object->newer)
        object->newer->older = object->older;
    else
        newest_object = object->older;
    if (object->older)
        object->older->newer = object->newer;
    unlock_list();
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
    struct str names = { 0 };
    unsigned n = 0;

    lock_list();
    for (struct com_object *object = newest_object; object; object = object->older, n++)
        str_addf(&names, "%s%s", n ? ", " : "", object->class->name);
    unlock_list();
    if (ret_names)
        *ret_names = str_take(&names);
    else
        str_free(&names);
    return n;
}
