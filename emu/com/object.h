/* SPDX-License-Identifier: MIT */
/* COM objects in C: reference counts, QueryInterface from a table, a list of what is alive.
 *
 * An object is a struct whose first member is `struct com_object com`, followed by one member for
 * each interface, named like its type. The class row lists these faces; the first face answers
 * for IUnknown, so an object has one identity. Releasing the last reference calls the class's
 * destroy function, which gives back what the object owns; the memory itself is freed here.
 *
 *   COM_UNKNOWN_METHODS(async_op, IVssAsync)      makes async_op_from_IVssAsync() and three methods
 *   COM_UNKNOWN_SLOTS(async_op, IVssAsync)        their places in the vtable
 *   COM_CLASS(async_op, async_op_destroy, COM_FACE(async_op, IVssAsync));
 *   struct async_op *op = COM_NEW(async_op);      count 1
 *
 * Counts are atomic. Each world has a list of its live objects, guarded by a spin lock; what is
 * made outside of any is on the process's. */
#pragma once

#include "emu/include/vss.h"

#include <stdatomic.h>
#include <stddef.h>

struct com_face {
    const IID *iid; /* NULL ends the table */
    size_t offset;  /* of the face in the object */
};

struct com_class {
    const char *name;              /* for leak reports */
    void (*destroy)(void *object); /* may be NULL */
    struct com_face faces[8];
};

struct com_object {
    const struct com_class *class;
    atomic_uint count;
    struct com_object *newer, *older; /* list of live objects */
    struct com_objects *_Atomic home; /* that list */
};

void *com_object_new(const struct com_class *class, size_t size); /* zeroed, count 1 */
HRESULT com_object_query(struct com_object *object, REFIID iid, void **ret_face);
ULONG com_object_add_ref(struct com_object *object);
ULONG com_object_release(struct com_object *object);

/* A list of live objects; zeroed is empty. */
struct com_objects {
    struct com_object *newest;
    atomic_flag is_busy;
};

/* What the calling thread makes from now on is on this list; NULL: on the process's. Any thread may
 * release it. (Here, because threads come by before a sanitizer knows them.) */
extern _Thread_local struct com_objects *com_objects_of_thread;
static inline void com_objects_use(struct com_objects *objects)
{
    com_objects_of_thread = objects;
}
/* The list will be gone: what still lives moves to the process's, so that it can be released later.
 * Answers how many. */
unsigned com_objects_end(struct com_objects *objects);
/* How many objects live on the calling thread's list; *ret_names (may be NULL) gets "class, class,
 * ...", freed by the caller. */
unsigned com_object_count_live(char **ret_names);
/* Calls found for each of them; nothing of COM may be called from it. */
void com_object_each(void (*found)(void *arg, const char *class), void *arg);

#define COM_NEW(cls) ((struct cls *)com_object_new(&cls##_class, sizeof(struct cls)))
#define COM_FACE(cls, itf)                    \
    {                                         \
        &IID_##itf, offsetof(struct cls, itf) \
    }
/* A base interface served by a derived face: IID of `base`, at the place of `itf`. */
#define COM_FACE_AS(cls, base, itf)            \
    {                                          \
        &IID_##base, offsetof(struct cls, itf) \
    }
#define COM_CLASS(cls, destroy_function, ...)                       \
    static const struct com_class cls##_class = { #cls,             \
                                                  destroy_function, \
                                                  { __VA_ARGS__, { NULL, 0 } } }

#define COM_UNKNOWN_METHODS(cls, itf)                                                    \
    static const struct com_class cls##_class;                                           \
    static __attribute__((unused)) struct cls *cls##_from_##itf(itf *face)               \
    {                                                                                    \
        return (struct cls *)(void *)((char *)face - offsetof(struct cls, itf));         \
    }                                                                                    \
    static HRESULT STDMETHODCALLTYPE cls##_##itf##_QueryInterface(itf *face, REFIID iid, \
                                                                  void **out)            \
    {                                                                                    \
        return com_object_query(&cls##_from_##itf(face)->com, iid, out);                 \
    }                                                                                    \
    static ULONG STDMETHODCALLTYPE cls##_##itf##_AddRef(itf *face)                       \
    {                                                                                    \
        return com_object_add_ref(&cls##_from_##itf(face)->com);                         \
    }                                                                                    \
    static ULONG STDMETHODCALLTYPE cls##_##itf##_Release(itf *face)                      \
    {                                                                                    \
        return com_object_release(&cls##_from_##itf(face)->com);                         \
    }

#define COM_UNKNOWN_SLOTS(cls, itf)                                                 \
    .QueryInterface = cls##_##itf##_QueryInterface, .AddRef = cls##_##itf##_AddRef, \
    .Release = cls##_##itf##_Release

/* `auto_release(IVssAsync) *op = NULL;` releases at the end of the block. */
#define auto_release(itf) __attribute__((cleanup(com_cleanup_))) itf
static inline void com_cleanup_(void *variable)
{
    IUnknown *face = *(IUnknown **)variable;

    if (face)
        face->lpVtbl->Release(face);
}
