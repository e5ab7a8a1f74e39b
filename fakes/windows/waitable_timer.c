/* SPDX-License-Identifier: MIT */
/* See waitable_timer.h (Learn: "Waitable Timer Objects"). */
#include "fakes/windows/waitable_timer.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/com/bstr.h"
#include "emu/port/clock.h"
#include "emu/port/world.h"
#include "fakes/windows/apc.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/wait.h"

#include <stdlib.h>

struct waitable_timer {
    struct object object;
    bool is_manual;
    bool is_set; /* signaled */
    int64_t due_ns;
    int64_t period_ns; /* 0: once */
    struct apc apc;
    struct list of_thread; /* in thread->timers, when there is a routine */
    struct thread *thread;
    PTIMERAPCROUTINE routine;
    void *argument;
    int64_t due_ticks;     /* the same moment as a FILETIME, for the routine */
    int64_t apc_due_ticks; /* of the time that the queued routine is for */
};

static void queue_routine(struct waitable_timer *timer)
{
    if (!timer->routine || list_is_linked(&timer->apc.link))
        return;
    timer->apc_due_ticks = timer->due_ticks;
    timer->object.count++; /* given back when the routine has been called or taken back */
    apc_queue_locked(timer->thread, &timer->apc);
}

static void advance(struct waitable_timer *timer, int64_t now_ns)
{
    if (!timer->period_ns) {
        timer->due_ns = WAIT_NEVER;
        return;
    }
    int64_t n = (now_ns - timer->due_ns) / timer->period_ns + 1;
    timer->due_ns += n * timer->period_ns;
    timer->due_ticks += n * timer->period_ns / 100;
}

static void expire(struct waitable_timer *timer, int64_t now_ns)
{
    if (timer->due_ns > now_ns)
        return;
    timer->is_set = true;
    queue_routine(timer);
    advance(timer, now_ns);
}

static bool timer_is_signaled(struct object *object, DWORD thread_id)
{
    struct waitable_timer *timer = (struct waitable_timer *)object;

    (void)thread_id;
    if (!timer->is_set && timer->due_ns != WAIT_NEVER)
        expire(timer, wait_now());
    return timer->is_set;
}

static bool timer_consume(struct object *object, DWORD thread_id)
{
    struct waitable_timer *timer = (struct waitable_timer *)object;

    (void)thread_id;
    if (!timer->is_manual)
        timer->is_set = false;
    return false;
}

static int64_t timer_next_due(struct object *object)
{
    return ((struct waitable_timer *)object)->due_ns;
}

static void leave_thread(struct waitable_timer *timer)
{
    if (timer->routine)
        list_remove(&timer->of_thread);
    timer->routine = NULL;
    timer->thread = NULL;
}

static void timer_destroy(struct object *object)
{
    struct waitable_timer *timer = (struct waitable_timer *)object;

    objects_lock();
    leave_thread(timer);
    objects_unlock();
    free(timer);
}

static const struct object_class timer_class = {
    .name = "waitable timer",
    .access = { STANDARD_RIGHTS_READ | TIMER_QUERY_STATE,
                STANDARD_RIGHTS_WRITE | TIMER_MODIFY_STATE, STANDARD_RIGHTS_EXECUTE | SYNCHRONIZE,
                TIMER_ALL_ACCESS },
    .is_signaled = timer_is_signaled,
    .consume = timer_consume,
    .destroy = timer_destroy,
    .next_due = timer_next_due,
};

int64_t timer_next_of_thread(struct thread *thread, int64_t next_ns)
{
    list_each (struct waitable_timer, timer, &thread->timers, of_thread) {
        if (timer->due_ns < next_ns)
            next_ns = timer->due_ns;
    }
    return next_ns;
}

void timer_expire_of_thread(struct thread *thread)
{
    if (list_is_empty(&thread->timers))
        return;
    int64_t now_ns = wait_now();
    list_each (struct waitable_timer, timer, &thread->timers, of_thread) {
        if (timer->due_ns > now_ns)
            continue;
        expire(timer, now_ns);
        wait_satisfy(&timer->object);
    }
}

void timer_forget_thread(struct thread *thread)
{
    list_each_safe (struct waitable_timer, timer, &thread->timers, of_thread)
        leave_thread(timer);
}

static void run_routine(struct apc *apc)
{
    struct waitable_timer *timer = container_of(apc, struct waitable_timer, apc);

    objects_lock();
    PTIMERAPCROUTINE routine = timer->routine;
    void *argument = timer->argument;
    int64_t ticks = timer->apc_due_ticks;
    objects_unlock();
    object_unref(&timer->object);
    if (routine)
        routine(argument, (DWORD)ticks, (DWORD)(ticks >> 32));
}

static void drop_routine(struct apc *apc)
{
    object_unref(&container_of(apc, struct waitable_timer, apc)->object);
}

/* ---- making ---- */

static HANDLE create(SECURITY_ATTRIBUTES *security, const char *name, DWORD flags, DWORD access)
{
    struct waitable_timer *timer = mem_new(struct waitable_timer);
    bool existed;

    object_init(&timer->object, &timer_class);
    timer->is_manual = flags & CREATE_WAITABLE_TIMER_MANUAL_RESET;
    timer->due_ns = WAIT_NEVER;
    timer->apc.run = run_routine;
    timer->apc.drop = drop_routine;
    struct object *object = object_named(&timer->object, name, &existed);
    if (!object)
        return NULL;
    SetLastError(existed ? ERROR_ALREADY_EXISTS : ERROR_SUCCESS);
    return handle_new_for(object, access, security);
}

HANDLE WINAPI CreateWaitableTimerExA(SECURITY_ATTRIBUTES *security, LPCSTR name, DWORD flags,
                                     DWORD access)
{
    return create(security, name, flags, access);
}

HANDLE WINAPI CreateWaitableTimerExW(SECURITY_ATTRIBUTES *security, LPCWSTR name, DWORD flags,
                                     DWORD access)
{
    auto_free char *utf8 = utf8_from_wide(name);

    return create(security, utf8, flags, access);
}

HANDLE WINAPI CreateWaitableTimerA(SECURITY_ATTRIBUTES *security, BOOL manual, LPCSTR name)
{
    return create(security, name, manual ? CREATE_WAITABLE_TIMER_MANUAL_RESET : 0,
                  TIMER_ALL_ACCESS);
}

HANDLE WINAPI CreateWaitableTimerW(SECURITY_ATTRIBUTES *security, BOOL manual, LPCWSTR name)
{
    auto_free char *utf8 = utf8_from_wide(name);

    return CreateWaitableTimerA(security, manual, utf8);
}

HANDLE WINAPI OpenWaitableTimerA(DWORD access, BOOL inherit, LPCSTR name)
{
    struct object *object = object_find(name, &timer_class);

    return object ? handle_new_opened(object, access, inherit) : NULL;
}

HANDLE WINAPI OpenWaitableTimerW(DWORD access, BOOL inherit, LPCWSTR name)
{
    auto_free char *utf8 = utf8_from_wide(name);

    return OpenWaitableTimerA(access, inherit, utf8);
}

/* ---- setting ---- */

/* Stops it, and takes its routine off the queue of its thread. Answers whether a reference of that
 * queue is left to give back. With the lock held. */
static bool stop(struct waitable_timer *timer)
{
    bool was_queued = apc_cancel_locked(&timer->apc);

    leave_thread(timer);
    timer->due_ns = WAIT_NEVER;
    timer->period_ns = 0;
    return was_queued;
}

/* Learn: "SetWaitableTimer": negative is relative, else a FILETIME; both in steps of 100 ns. */
static void set_due(struct waitable_timer *timer, int64_t due, int64_t now_ticks)
{
    int64_t now_ns = wait_now();
    int64_t in_ticks = due < 0 ? -due : due - now_ticks;

    if (in_ticks < 0)
        in_ticks = 0;
    timer->due_ticks = due < 0 ? now_ticks + in_ticks : due;
    timer->due_ns =
        in_ticks > (WAIT_NEVER - 1 - now_ns) / 100 ? WAIT_NEVER - 1 : now_ns + in_ticks * 100;
}

static bool set(struct waitable_timer *timer, int64_t due, LONG period_ms, PTIMERAPCROUTINE routine,
                void *argument)
{
    struct thread *self = thread_current();
    int64_t now_ticks = clock_filetime(world_current()->clock);

    objects_lock();
    bool was_queued = stop(timer);
    /* Learn: "Waitable Timer Objects": a synchronization timer stays signaled until a wait. */
    if (timer->is_manual)
        timer->is_set = false;
    set_due(timer, due, now_ticks);
    timer->period_ns = period_ms * INT64_C(1000000);
    if (routine) {
        timer->routine = routine;
        timer->argument = argument;
        timer->thread = self;
        list_append(&self->timers, &timer->of_thread);
    }
    expire(timer, wait_now());
    wait_satisfy(&timer->object);
    wait_look_again(&timer->object);
    objects_unlock();
    return was_queued;
}

BOOL WINAPI SetWaitableTimer(HANDLE handle, const LARGE_INTEGER *due, LONG period_ms,
                             PTIMERAPCROUTINE routine, LPVOID argument, BOOL resume)
{
    if (!due || period_ms < 0)
        return win_fail(ERROR_INVALID_PARAMETER);
    auto_object struct object *object = handle_get(handle, &timer_class, TIMER_MODIFY_STATE);

    if (!object)
        return FALSE;
    if (set((struct waitable_timer *)object, due->QuadPart, period_ms, routine, argument))
        object_unref(object);
    /* Learn: "SetWaitableTimer": without a machine that sleeps, the call succeeds and says so. */
    if (resume)
        SetLastError(ERROR_NOT_SUPPORTED);
    return TRUE;
}

BOOL WINAPI SetWaitableTimerEx(HANDLE handle, const LARGE_INTEGER *due, LONG period_ms,
                               PTIMERAPCROUTINE routine, LPVOID argument, REASON_CONTEXT *context,
                               ULONG tolerable_delay)
{
    (void)context;
    (void)tolerable_delay;
    return SetWaitableTimer(handle, due, period_ms, routine, argument, FALSE);
}

/* Learn: "CancelWaitableTimer": the signaled state stays as it is. */
BOOL WINAPI CancelWaitableTimer(HANDLE handle)
{
    auto_object struct object *object = handle_get(handle, &timer_class, TIMER_MODIFY_STATE);

    if (!object)
        return FALSE;
    objects_lock();
    bool was_queued = stop((struct waitable_timer *)object);
    objects_unlock();
    if (was_queued)
        object_unref(object);
    return TRUE;
}
