/* SPDX-License-Identifier: MIT */
/* CreateThread and what belongs to it, sleeping, thread-local slots (Learn: "Process and Thread
 * Functions"). A thread's object is signaled after its thread_local destructors have run: that
 * happens in the destructor of a pthread key, which also serves threads that are not ours. */
#include "fakes/windows/thread.h"

#include "emu/base/check.h"
#include "emu/base/mem.h"
#include "emu/port/clock.h"
#include "emu/port/world.h"
#include "fakes/windows/apc.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/mutex.h"
#include "fakes/windows/report.h"
#include "fakes/windows/slots.h"
#include "fakes/windows/wait.h"
#include "fakes/windows/waitable_timer.h"

#include <errno.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

static __thread struct thread *current;
static pthread_key_t end_key;
static pthread_once_t end_key_once = PTHREAD_ONCE_INIT;
static struct list threads = { &threads, &threads };
static DWORD n_threads_made;

static bool thread_is_signaled(struct object *object, DWORD thread_id)
{
    (void)thread_id;
    return ((struct thread *)object)->has_ended;
}

static void thread_destroy(struct object *object)
{
    struct thread *thread = (struct thread *)object;

    if (thread->is_ours) {
        if (pthread_equal(thread->pthread, pthread_self()))
            pthread_detach(thread->pthread);
        else
            pthread_join(thread->pthread, NULL);
    }
    pthread_cond_destroy(&thread->resumed);
    free(thread->description);
    free(thread);
}

static const struct object_class thread_class = {
    .name = "thread",
    .is_signaled = thread_is_signaled,
    .destroy = thread_destroy,
};

struct object *thread_of_handle(HANDLE handle, DWORD access)
{
    return handle_get(handle, &thread_class, access);
}

const void *thread_in_reports(const struct object *object)
{
    const struct thread *thread = (const struct thread *)object;

    return object->class == &thread_class && !thread->has_ended ? atomic_load(&thread->in_reports)
                                                                : NULL;
}

/* Of the world, if there is one already. */
static int64_t ticks_now(void)
{
    struct world_ports *world = world_existing();

    return world ? clock_filetime(world->clock) : 0;
}

static struct thread *new_thread(void)
{
    struct thread *thread = mem_new(struct thread);

    object_init(&thread->object, &thread_class);
    list_init(&thread->mutexes);
    list_init(&thread->apcs);
    list_init(&thread->timers);
    wait_cond_init(&thread->resumed);
    thread->exit_code = STILL_ACTIVE;
    thread->created_ticks = ticks_now();
    objects_lock();
    thread->id = ++n_threads_made * 4;
    list_append(&threads, &thread->link);
    objects_unlock();
    return thread;
}

static void end_thread(void *argument)
{
    struct thread *thread = argument;

    slots_end_thread(thread);
    int64_t now_ticks = ticks_now();
    objects_lock();
    thread->ended_ticks = now_ticks;
    mutex_abandon_all(thread);
    timer_forget_thread(thread);
    list_remove(&thread->link);
    if (thread->exit_code == STILL_ACTIVE)
        thread->exit_code = 0;
    thread->has_ended = true;
    wait_satisfy(&thread->object);
    objects_unlock();
    apc_drop_all(thread);
    current = NULL;
    if (thread->own_handle)
        CloseHandle(thread->own_handle);
    object_unref(&thread->object);
}

static void make_end_key(void)
{
    check(pthread_key_create(&end_key, end_thread) == 0);
}

/* Makes it the calling thread's; the reference passes to the thread itself. */
static void adopt(struct thread *thread)
{
    pthread_once(&end_key_once, make_end_key);
    pthread_setspecific(end_key, thread);
    current = thread;
    atomic_store(&thread->in_reports, report_self()); /* others may wait for it already */
}

struct thread *thread_current(void)
{
    if (!current)
        adopt(new_thread());
    return current;
}

struct list *threads_list(void)
{
    return &threads;
}

struct thread *thread_find(DWORD id)
{
    list_each (struct thread, thread, &threads, link) {
        if (thread->id == id)
            return thread;
    }
    return NULL;
}

static void *run_thread(void *argument)
{
    struct thread *thread = argument;

    adopt(thread);
    world_inherit(thread->world);
    objects_lock();
    while (thread->n_suspended)
        objects_wait(&thread->resumed, WAIT_NEVER);
    objects_unlock();
    if (!thread->is_killed)
        apc_run_all(
            thread); /* Learn: "QueueUserAPC": what was queued before it began comes first */
    if (!thread->is_killed)
        thread->exit_code = thread->start(thread->argument);
    return NULL;
}

static int start_pthread(struct thread *thread, SIZE_T stack)
{
    pthread_attr_t attributes;

    pthread_attr_init(&attributes);
    if (stack > 1024 * 1024)
        pthread_attr_setstacksize(&attributes, (stack + 0xFFFF) & ~(SIZE_T)0xFFFF);
    int error = pthread_create(&thread->pthread, &attributes, run_thread, thread);
    pthread_attr_destroy(&attributes);
    return error;
}

HANDLE WINAPI CreateThread(SECURITY_ATTRIBUTES *security, SIZE_T stack,
                           LPTHREAD_START_ROUTINE start, LPVOID argument, DWORD flags,
                           LPDWORD ret_id)
{
    struct thread *thread = new_thread();

    (void)security;
    thread->start = start;
    thread->argument = argument;
    thread->n_suspended = flags & CREATE_SUSPENDED ? 1 : 0;
    thread->is_ours = true;
    thread->world = world_inherited();
    object_ref(&thread->object); /* the thread's own, given up at its end */
    if (ret_id)
        *ret_id = thread->id;
    HANDLE handle = handle_new(&thread->object, THREAD_ALL_ACCESS);
    int error = start_pthread(thread, stack);
    if (!error)
        return handle;
    objects_lock();
    list_remove(&thread->link);
    objects_unlock();
    thread->is_ours = false;
    object_unref(&thread->object);
    CloseHandle(handle);
    SetLastError(ERROR_NOT_ENOUGH_MEMORY);
    return NULL;
}

/* Microsoft's CRT (process.h). An error is in errno. */
uintptr_t _beginthreadex(void *security, unsigned stack, unsigned (*start)(void *), void *argument,
                         unsigned flags, unsigned *ret_id);
uintptr_t _beginthread(void (*start)(void *), unsigned stack, void *argument);
void _endthreadex(unsigned code);
void _endthread(void);

uintptr_t _beginthreadex(void *security, unsigned stack, unsigned (*start)(void *), void *argument,
                         unsigned flags, unsigned *ret_id)
{
    if (!start) {
        errno = EINVAL;
        return 0;
    }
    HANDLE handle =
        CreateThread(security, stack, (LPTHREAD_START_ROUTINE)start, argument, flags, ret_id);
    if (!handle)
        errno = EAGAIN;
    return (uintptr_t)handle;
}

struct plain_start {
    void (*start)(void *);
    void *argument;
};

static DWORD WINAPI run_plain(void *argument)
{
    struct plain_start plain = *(struct plain_start *)argument;

    free(argument);
    plain.start(plain.argument);
    return 0;
}

uintptr_t _beginthread(void (*start)(void *), unsigned stack, void *argument)
{
    struct plain_start *plain = mem_new(struct plain_start);

    *plain = (struct plain_start){ start, argument };
    HANDLE handle =
        start ? CreateThread(NULL, stack, run_plain, plain, CREATE_SUSPENDED, NULL) : NULL;
    if (!handle) {
        free(plain);
        errno = start ? EAGAIN : EINVAL;
        return (uintptr_t)-1;
    }
    struct object *object = handle_get(handle, &thread_class, 0);
    ((struct thread *)object)->own_handle = handle;
    object_unref(object);
    ResumeThread(handle);
    return (uintptr_t)handle;
}

void WINAPI ExitThread(DWORD code)
{
    thread_current()->exit_code = code;
    pthread_exit(NULL);
}

void _endthreadex(unsigned code)
{
    ExitThread(code);
}

void _endthread(void)
{
    ExitThread(0);
}

BOOL WINAPI GetExitCodeThread(HANDLE handle, LPDWORD ret_code)
{
    auto_object struct object *object = handle_get(handle, &thread_class, 0);
    struct thread *thread = (struct thread *)object;

    if (!object)
        return FALSE;
    objects_lock();
    *ret_code = thread->has_ended ? thread->exit_code : STILL_ACTIVE;
    objects_unlock();
    return TRUE;
}

DWORD WINAPI ResumeThread(HANDLE handle)
{
    auto_object struct object *object = handle_get(handle, &thread_class, 0);
    struct thread *thread = (struct thread *)object;

    if (!object)
        return (DWORD)-1;
    objects_lock();
    DWORD previous = thread->n_suspended;
    if (previous && --thread->n_suspended == 0)
        pthread_cond_signal(&thread->resumed);
    objects_unlock();
    return previous;
}

BOOL WINAPI SetThreadPriority(HANDLE handle, INT priority)
{
    auto_object struct object *object = handle_get(handle, &thread_class, 0);

    if (!object)
        return FALSE;
    ((struct thread *)object)->priority = priority;
    return TRUE;
}

INT WINAPI GetThreadPriority(HANDLE handle)
{
    auto_object struct object *object = handle_get(handle, &thread_class, 0);

    return object ? ((struct thread *)object)->priority : THREAD_PRIORITY_ERROR_RETURN;
}

DWORD WINAPI GetThreadId(HANDLE handle)
{
    auto_object struct object *object = handle_get(handle, &thread_class, 0);

    return object ? ((struct thread *)object)->id : 0;
}

HANDLE WINAPI GetCurrentThread(void)
{
    return (HANDLE) ~(ULONG_PTR)1;
}

DWORD WINAPI GetCurrentThreadId(void)
{
    return thread_current()->id;
}

BOOL WINAPI SwitchToThread(void)
{
    return sched_yield() == 0;
}
