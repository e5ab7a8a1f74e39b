/* SPDX-License-Identifier: MIT */
/* See ride.h. The runner is the kernel's thread on which everybody rides. */
#include "fakes/linux/ride.h"

#include "fakes/linux/context.h"
#include "fakes/linux/vthread_inside.h"
#include "fakes/linux/watchdog.h"

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

extern void __asan_init(void) __attribute__((weak));
extern void __tsan_acquire(void *address) __attribute__((weak));
extern void __lsan_do_leak_check(void) __attribute__((weak));
extern void __msan_init(void) __attribute__((weak));

static const uint64_t all_signals = UINT64_MAX;
static bool is_wished;

void ride_wish(void)
{
    is_wished = context_is_possible() && !__asan_init && !__tsan_acquire && !__lsan_do_leak_check &&
                !__msan_init && !watchdog_is_under_valgrind();
}

/* Raw, for also signals of libc's own must not come. */
static void set_signal_mask(const uint64_t *mask, uint64_t *ret_old)
{
    REAL(syscall)(SYS_rt_sigprocmask, SIG_SETMASK, mask, ret_old, sizeof(*mask));
}

void ride_begin(struct vthread_world *world)
{
    struct vthread *self = vthread_self;
    stack_t stack;

    if (!is_wished || self->tid != getpid())
        return;
    if (REAL(sigaltstack)(NULL, &stack) != 0 || !(stack.ss_flags & SS_DISABLE))
        return; /* the others would have it as well */
    world->rides = true;
    world->runner = self;
    set_signal_mask(NULL, &self->signal_mask);
    self->context.thread = (uintptr_t)self->pthread;
    self->is_on_runner = true;
}

/* The kernel's thread of its own shall go on with it. */
static void send_home(struct vthread *vt)
{
    vt->is_on_runner = false;
    __atomic_store_n(&vt->context.may_come_home, 1, __ATOMIC_RELEASE);
    vthread_raw_futex(&vt->context.may_come_home, FUTEX_WAKE, INT_MAX);
}

/* Somebody has come here only to see where this is. */
static void show_if_asked(struct vthread *self)
{
    while (self->shown_to) {
        struct context *back = self->shown_to;

        self->shown_to = NULL;
        self->show();
        context_switch(&self->context, back);
    }
}

/* At its first turn a thread comes here on its own. */
static void come_aboard(struct vthread *self)
{
    self->context.thread = (uintptr_t)pthread_self();
    set_signal_mask(&all_signals, &self->signal_mask);
    context_leave(&self->context, &self->context.has_left, &self->context);
}

void ride_park(struct vthread *self)
{
    struct vthread_world *world = self->world;
    int saved_errno = errno;

    if (!self->is_on_runner) {
        come_aboard(self);
    } else if (world->woken != self) {
        world->woken->is_on_runner = true;
        context_switch(&self->context, &world->woken->context);
    }
    show_if_asked(self);
    if (!self->is_on_runner)
        set_signal_mask(&self->signal_mask, NULL); /* it has come home */
    if (world->leaver) {
        struct vthread *leaver = world->leaver;

        world->leaver = NULL;
        send_home(leaver);
    }
    errno = saved_errno;
}

void ride_wake(struct vthread *vt)
{
    vt->world->woken = vt;
}

void ride_home_to_end(struct vthread *self)
{
    struct vthread_world *world = self->world;
    struct vthread *heir = world->woken;

    world->leaver = self;
    heir->is_on_runner = true;
    context_switch(&self->context, &heir->context);
}

static void everybody_home(struct vthread_world *world)
{
    for (struct vthread *vt = world->threads; vt; vt = vt->next) {
        if (vt != vthread_self && !vt->has_ended)
            send_home(vt);
    }
}

/* What the caller does next it does with the mask that it has had up to now; the others, main's
 * among them, take theirs back where they come home. */
void ride_no_more(void)
{
    struct vthread *self = vthread_self;

    if (!self || !self->world->rides || getpid() != self->world->pid) /* a child of vfork */
        return;
    struct vthread_world *world = self->world;
    int saved_errno = errno;

    watchdog_start_awaited();
    if (self != world->runner)
        set_signal_mask(&all_signals, &self->signal_mask);
    world->rides = false;
    everybody_home(world);
    if (self != world->runner) {
        self->is_on_runner = false;
        context_leave(&self->context, &self->context.may_come_home, &world->runner->context);
        set_signal_mask(&self->signal_mask, NULL);
    }
    errno = saved_errno;
}

void ride_no_more_unless_alone(void)
{
    if (vthread_self && vthread_self->world->rides && !vthread_is_alone(vthread_self))
        ride_no_more();
}

int ride_tid(const struct vthread *vt)
{
    return vt->is_on_runner ? vt->world->runner->tid : vt->tid;
}

bool ride_show(struct vthread *vt, void (*show)(void))
{
    struct context here = { .thread = (uintptr_t)pthread_self() };

    if (!vt->world->rides || vt->record == vsched_running(vt->vs))
        return false;
    vt->show = show;
    vt->shown_to = &here;
    context_switch(&here, &vt->context);
    return true;
}
