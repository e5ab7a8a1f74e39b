/* SPDX-License-Identifier: MIT */
/* See process.h: this process and others as objects, by handle and by number. How a child ends
 * stands in process_end.c. */
#include "fakes/windows/process.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/port/clock.h"
#include "emu/port/world.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/shared/segment.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PROCESS_ID 4096u /* the same in every run: of the first process, and near it of others */

static struct object *process_make(void);

static bool process_is_signaled(struct object *object, DWORD thread_id)
{
    (void)thread_id;
    return object->state->is_set;
}

/* Nothing is taken by a wait for it. */
static bool process_give(struct object_state *state, uint32_t process, DWORD thread_id)
{
    (void)state, (void)process, (void)thread_id;
    return false;
}

static void process_destroy(struct object *object)
{
    struct process *process = (struct process *)object;

    objects_lock();
    list_remove(&process->link);
    objects_unlock();
    if (process->pidfd >= 0)
        close(process->pidfd);
    free(process->image);
    free(process);
}

const struct object_class process_class = {
    .name = "process",
    .kind = OBJECT_A_PROCESS,
    .make = process_make,
    .give = process_give,
    .is_signaled = process_is_signaled,
    .destroy = process_destroy,
};

static struct process this_process = {
    .object = { .class = &process_class,
                .count = 1,
                .waits = { &this_process.object.waits, &this_process.object.waits },
                .named = { &this_process.object.named, &this_process.object.named },
                .own = { .kind = OBJECT_A_PROCESS, .id = PROCESS_ID, .exit_code = STILL_ACTIVE },
                .state = &this_process.object.own },
    .pidfd = -1,
};
static struct list children = { &children, &children };
static DWORD n_children;

static struct object *process_make(void)
{
    struct process *process = mem_new(struct process);

    object_init(&process->object, &process_class);
    list_init(&process->link);
    process->pidfd = -1;
    process->object.state->exit_code = STILL_ACTIVE;
    return &process->object;
}

struct object *process_current(void)
{
    return &this_process.object;
}

HANDLE WINAPI GetCurrentProcess(void)
{
    return (HANDLE) ~(ULONG_PTR)0;
}

DWORD WINAPI GetCurrentProcessId(void)
{
    return this_process.object.state->id;
}

DWORD WINAPI GetProcessId(HANDLE handle)
{
    auto_object struct object *object = handle_get(handle, &process_class, 0);

    return object ? object->state->id : 0;
}

bool process_is_current(const struct process *process)
{
    return process == &this_process;
}

struct process *process_new_child(const char *image)
{
    struct process *child = (struct process *)process_make();
    struct object_state *state = child->object.state;

    child->image = mem_strdup(image);
    child->is_child = true;
    child->created_ticks = clock_filetime(world_current()->clock);
    child->world = world_inherited();
    objects_lock();
    state->owner_process = shared_self();
    state->id = PROCESS_ID + 4 * (shared_is_open() ? shared_count_process() : ++n_children);
    list_append(&children, &child->link);
    objects_unlock();
    return child;
}

/* ---- those of the run ---- */

/* What this process ends with, for others who have a handle of it. */
static void note_exit_code(int code, void *argument)
{
    (void)argument;
    objects_lock();
    if (!this_process.object.state->is_killed)
        this_process.object.state->exit_code = (uint32_t)code;
    objects_unlock();
}

void process_join_run(uint32_t own)
{
    static bool has_joined;

    objects_lock();
    bool is_first = !has_joined;
    has_joined = true;
    this_process.object.own.pid = getpid();
    objects_begin_to_share();
    if (is_first && shared_kind(own) == OBJECT_A_PROCESS && shared_state(own)->pid == getpid())
        object_bind(&this_process.object, own);
    else if (is_first)
        object_share(&this_process.object);
    objects_unlock();
    if (is_first)
        on_exit(note_exit_code, NULL);
}

/* Of this process, or of this process's knowledge of another one. With the lock held. */
static struct object *known_process(DWORD id, uint32_t shared)
{
    if (this_process.object.state->id == id || (shared && this_process.object.shared == shared))
        return &this_process.object;
    list_each (struct process, child, &children, link) {
        if (child->object.count &&
            (child->object.state->id == id || (shared && child->object.shared == shared)))
            return &child->object;
    }
    return NULL;
}

struct object *process_of_run(uint32_t shared)
{
    struct object *object = known_process(0, shared);

    if (object) {
        object->count++;
        return object;
    }
    object = object_of_run(shared, &process_class);
    if (object)
        list_append(&children, &((struct process *)object)->link);
    return object;
}

/* A new reference; NULL: none of that number. */
static struct object *process_of_id(DWORD id)
{
    objects_lock();
    struct object *found = known_process(id, 0);
    if (found)
        found->count++;
    else if (shared_is_open())
        found = process_of_run(shared_find_process(id));
    objects_unlock();
    return found;
}

HANDLE WINAPI OpenProcess(DWORD access, BOOL inherit, DWORD id)
{
    struct object *object = id ? process_of_id(id) : NULL;

    if (!object) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    return handle_new_opened(object, access, inherit);
}
