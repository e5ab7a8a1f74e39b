/* SPDX-License-Identifier: MIT */
/* CreateThread and what belongs to it, sleeping, thread-local slots (Learn: "Process and Thread
 * Functions"). A thread's object is signaled after its thread_local destructors have run: that
 * happens in the destructor of a pthread key, which also serves threads that are not ours. */
#include "fakes/windows/thread.h"

#include "emu/base/check.h"
#include "emu/base/mem.h"
#include "emu/port/world.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/mutex.h"
#include "fakes/windows/wait.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>

#define N_SLOTS (TLS_MINIMUM_AVAILABLE + 1024)

static __thread struct thread *current;
static pthread_key_t end_key;
static pthread_once_t end_key_once = PTHREAD_ONCE_INIT;
static struct list threads = { &threads, &threads };
static DWORD n_threads_made;
static BYTE is_slot_taken[N_SLOTS];

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
    free(thread);
}

static const struct object_class thread_class = {
    .name = "thread",
    .is_signaled = thread_is_signaled,
    .destroy = thread_destroy,
};

static struct thread *new_thread(void)
{
    struct thread *thread = mem_new(struct thread);

    object_init(&thread->object, &thread_class);
    list_init(&thread->mutexes);
    wait_cond_init(&thread->resumed);
    thread->exit_code = STILL_ACTIVE;
    objects_lock();
    thread->id = ++n_threads_made * 4;
    list_append(&threads, &thread->link);
    objects_unlock();
    return thread;
}

static void end_thread(void *argument)
{
    struct thread *thread = argument;

    objects_lock();
    mutex_abandon_all(thread);
    list_remove(&thread->link);
    if (thread->exit_code == STILL_ACTIVE)
        thread->exit_code = 0;
    thread->has_ended = true;
    wait_satisfy(&thread->object);
    objects_unlock();
    free(thread->slots);
    thread->slots = NULL;
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
}

struct thread *thread_current(void)
{
    if (!current)
        adopt(new_thread());
    return current;
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
        pthread_cond_wait(&thread->resumed, objects_mutex());
    objects_unlock();
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

static void sleep_ns(int64_t ns)
{
    struct timespec left = { .tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000 };

    while (nanosleep(&left, &left) != 0 && errno == EINTR)
        ;
}

DWORD WINAPI SleepEx(DWORD ms, BOOL alertable)
{
    (void)alertable;
    if (!ms)
        sched_yield();
    while (ms == INFINITE) /* NOLINT(bugprone-infinite-loop) */
        sleep_ns(INT64_C(86400) * 1000000000);
    if (ms)
        sleep_ns((int64_t)ms * 1000000);
    return 0;
}

VOID WINAPI Sleep(DWORD ms)
{
    SleepEx(ms, FALSE);
}

BOOL WINAPI SwitchToThread(void)
{
    return sched_yield() == 0;
}

DWORD WINAPI TlsAlloc(void)
{
    DWORD slot = 0;

    objects_lock();
    while (slot < N_SLOTS && is_slot_taken[slot])
        slot++;
    if (slot < N_SLOTS)
        is_slot_taken[slot] = 1;
    objects_unlock();
    if (slot < N_SLOTS)
        return slot;
    SetLastError(ERROR_NO_MORE_ITEMS);
    return TLS_OUT_OF_INDEXES;
}

BOOL WINAPI TlsFree(DWORD slot)
{
    if (slot >= N_SLOTS)
        return win_fail(ERROR_INVALID_PARAMETER);
    objects_lock();
    bool was_taken = is_slot_taken[slot];
    is_slot_taken[slot] = 0;
    list_each (struct thread, thread, &threads, link) {
        if (thread->slots)
            thread->slots[slot] = NULL;
    }
    objects_unlock();
    return was_taken ? TRUE : win_fail(ERROR_INVALID_PARAMETER);
}

LPVOID WINAPI TlsGetValue(DWORD slot)
{
    struct thread *thread = thread_current();

    SetLastError(slot < N_SLOTS ? ERROR_SUCCESS : ERROR_INVALID_PARAMETER);
    return slot < N_SLOTS && thread->slots ? thread->slots[slot] : NULL;
}

BOOL WINAPI TlsSetValue(DWORD slot, LPVOID value)
{
    struct thread *thread = thread_current();

    if (slot >= N_SLOTS)
        return win_fail(ERROR_INVALID_PARAMETER);
    if (!thread->slots) {
        void **slots = mem_alloc(N_SLOTS * sizeof(void *));
        objects_lock();
        thread->slots = slots;
        objects_unlock();
    }
    thread->slots[slot] = value;
    return TRUE;
}
