/* SPDX-License-Identifier: MIT */
/* Names of objects: of a world in this process, or of all processes of the run (Learn: "Object
 * Names", "Kernel object namespaces"). See handle.h. */
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/port/world.h"
#include "fakes/windows/handle.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/report.h"
#include "fakes/windows/shared/segment.h"
#include "fakes/windows/wait.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned shared_world; /* the number of the process's own world */
static struct list named_objects = { &named_objects, &named_objects };

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

/* The process's own world, whose names all processes of the run have. */
static bool is_shared_world(unsigned world)
{
    return shared_is_open() && world == shared_world;
}

void objects_share(unsigned world)
{
    shared_world = world;
}

static void give_name(struct object *fresh, const char *name)
{
    fresh->name = mem_strdup(name);
    if (fresh->class->kind)
        report_label(fresh, fresh->class->name, name);
    list_append(&named_objects, &fresh->named);
}

void object_bind(struct object *object, uint32_t shared)
{
    object->shared = shared;
    object->state = shared_state(shared);
    shared_ref(shared);
}

/* A name that no object of this process has. False: another kind has it elsewhere. */
static bool name_in_run(struct object *fresh, const char *name, bool *ret_existed)
{
    objects_begin_to_share();
    shared_has_others(wait_abandoned);
    uint32_t shared = shared_find(name);
    if (shared && shared_state(shared)->kind != fresh->class->kind)
        return false;
    *ret_existed = shared;
    if (!shared)
        shared = shared_add(name, fresh->state);
    if (shared)
        object_bind(fresh, shared);
    give_name(fresh, name);
    return true;
}

/* Names that programs give have no backslash in them, so those of nameless objects are no names. */
static uint32_t add_nameless(const struct object *object)
{
    static unsigned n;
    char name[48];

    snprintf(name, sizeof(name), "\\%u\\%u", shared_self(), ++n);
    return shared_add(name, object->state);
}

uint32_t object_share(struct object *object)
{
    if (object->shared || !object->class->kind || !shared_is_open())
        return object->shared;
    objects_begin_to_share();
    shared_has_others(wait_abandoned);
    bool has_name = object->name && is_shared_world(object->world);
    uint32_t shared = has_name ? shared_add(object->name, object->state) : add_nameless(object);
    if (!shared)
        return 0;
    object_bind(object, shared);
    wait_show(object);
    return shared;
}

struct object *object_of_run(uint32_t shared, const struct object_class *class)
{
    objects_begin_to_share();
    if (shared_kind(shared) != class->kind)
        return NULL;
    struct object *object = class->make();
    const char *name = shared_name(shared);

    object_bind(object, shared);
    object->world = shared_world;
    if (*name != '\\')
        give_name(object, name);
    return object;
}

void objects_publish(unsigned world)
{
    objects_lock();
    shared_world = world;
    list_each (struct object, object, &named_objects, named) {
        if (object->world == world)
            object_share(object);
    }
    objects_unlock();
}

struct object *object_named(struct object *fresh, const char *name, bool *ret_existed)
{
    bool is_same_kind = true;

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
    if (old) {
        is_same_kind = old->class == fresh->class;
        *ret_existed = is_same_kind;
        old->count += is_same_kind;
    } else if (fresh->class->kind && is_shared_world(fresh->world)) {
        is_same_kind = name_in_run(fresh, name, ret_existed);
    } else {
        give_name(fresh, name);
    }
    objects_unlock();
    if (!old && is_same_kind)
        return fresh;
    object_unref(fresh);
    if (!is_same_kind)
        SetLastError(ERROR_INVALID_HANDLE);
    return is_same_kind ? old : NULL;
}

/* One that only other processes have; NULL with an error code. With the lock held. */
static struct object *find_in_run(const char *name, const struct object_class *class,
                                  unsigned world, DWORD *ret_error)
{
    *ret_error = ERROR_FILE_NOT_FOUND;
    if (!is_shared_world(world))
        return NULL;
    objects_begin_to_share();
    shared_has_others(wait_abandoned);
    uint32_t shared = shared_find(name);
    if (shared && shared_state(shared)->kind != class->kind)
        *ret_error = ERROR_INVALID_HANDLE;
    if (!shared || *ret_error == ERROR_INVALID_HANDLE)
        return NULL;
    *ret_error = ERROR_SUCCESS;
    struct object *object = class->make();
    object->world = world;
    object_bind(object, shared);
    give_name(object, name);
    return object;
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
        object = find_in_run(plain_name(name), class, world, &error);
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
