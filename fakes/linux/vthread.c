/* SPDX-License-Identifier: MIT */
/* Records of threads: how they begin, park, wake and end. A thread gives its turn away in the last
 * round of key destructors, when all destructors of the program have run; who gets it waits until
 * the kernel has forgotten the dying one, because glibc frees memory on the way out. */
#include "fakes/linux/ride.h"
#include "fakes/linux/sanitizer.h"
#include "fakes/linux/signals.h"
#include "fakes/linux/timer_files.h"
#include "fakes/linux/vthread_inside.h"
#include "fakes/linux/watchdog.h"

#include "emu/base/check.h"
#include "emu/base/mem.h"
#include "emu/port/world.h"

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

__thread struct vthread *vthread_self;

extern void __tsan_release(void *address) __attribute__((weak));

static pthread_key_t exit_key;
static pthread_once_t exit_key_once = PTHREAD_ONCE_INIT;

long vthread_raw_futex(const void *address, int operation, uint32_t value)
{
    return REAL(syscall)(SYS_futex, address, operation | FUTEX_PRIVATE_FLAG, value, NULL, NULL, 0);
}

void vthread_wake_real_futex(const void *address)
{
    int saved_errno = errno;

    vthread_raw_futex(address, FUTEX_WAKE, INT_MAX);
    errno = saved_errno;
}

static void wait_for_flag(uint32_t *flag)
{
    int saved_errno = errno;

    while (!__atomic_load_n(flag, __ATOMIC_ACQUIRE))
        vthread_raw_futex(flag, FUTEX_WAIT, 0);
    errno = saved_errno;
}

static void set_flag(uint32_t *flag)
{
    __atomic_store_n(flag, 1, __ATOMIC_RELEASE);
    vthread_wake_real_futex(flag);
}

/* The kernel forgets a thread's number when nothing of it runs any more. */
static void wait_until_gone(struct vthread_world *world)
{
    int saved_errno = errno;

    while (world->dying_tid) {
        REAL(sched_yield)(); /* one processor: it goes on */
        if (REAL(syscall)(SYS_tgkill, world->pid, world->dying_tid, 0) != 0)
            world->dying_tid = 0;
    }
    errno = saved_errno;
}

static void vthread_park(struct vsched_thread *record)
{
    struct vthread *vt = vsched_thread_os_data(record);

    if (vt->world->rides)
        ride_park(vt);
    wait_for_flag(&vt->turn);
    __atomic_store_n(&vt->turn, 0, __ATOMIC_RELAXED);
    if (vt->world->dying_tid)
        wait_until_gone(vt->world);
}

static void vthread_wake(struct vsched_thread *record)
{
    struct vthread *vt = vsched_thread_os_data(record);

    if (vt->world->rides) {
        vt->turn = 1;
        ride_wake(vt);
    } else {
        set_flag(&vt->turn);
    }
}

static bool vthread_has_turn(const struct vsched *vs)
{
    if (vthread_self && vthread_self->waits_for_first_turn)
        vthread_take_first_turn(vthread_self);
    if (vthread_self && vthread_self->new_child)
        vthread_await_child(vthread_self);
    if (vthread_self && vthread_self->vs == vs)
        return vthread_self->record == vsched_running(vs);
    return !vsched_thread_os_data(vsched_running(vs)); /* not activated, only one thread */
}

static struct vthread *record_new(struct vthread_world *world)
{
    struct vthread *vt = mem_new(struct vthread);

    vt->world = world;
    vt->vs = world->vs;
    vt->next = world->threads;
    world->threads = vt;
    return vt;
}

struct random *vthread_random(struct vsched *vs)
{
    (void)vs;
    return &vthread_self->world->random.port;
}

struct poller **vthread_pollers(void)
{
    return &vthread_self->world->pollers;
}

struct vthread *vthread_find(pthread_t thread)
{
    struct vthread *first = vthread_self ? vthread_self->world->threads : NULL;

    for (struct vthread *vt = first; vt; vt = vt->next) {
        if (pthread_equal(vt->pthread, thread))
            return vt;
    }
    return NULL;
}

static void unlink_record(struct vthread *vt)
{
    struct vthread **at = &vt->world->threads;

    while (*at != vt)
        at = &(*at)->next;
    *at = vt->next;
}

static void free_record(struct vthread *vt)
{
    array_free(&vt->signals);
    free(vt);
}

void vthread_drop(struct vthread *vt)
{
    unlink_record(vt);
    vsched_thread_free(vt->record);
    free_record(vt);
}

/* Runs as destructor of a key: again and again until the last round, after which nothing of the
 * program's runs on this thread. */
static void end_thread(void *arg)
{
    struct vthread *vt = arg;

    /* A sanitizer, before us or behind, ends its part of the thread in the last round. */
    bool is_sanitized = sanitizer_is_before_us || __tsan_release;
    unsigned last_round = PTHREAD_DESTRUCTOR_ITERATIONS - (is_sanitized ? 1 : 0);

    if (++vt->exit_rounds < last_round) {
        pthread_setspecific(exit_key, vt);
        return;
    }
    if (vt->waits_for_first_turn)
        vthread_take_first_turn(vt);
    if (vt->world->is_of_main && vthread_is_alone(vt))
        exit(EXIT_SUCCESS); /* POSIX: pthread_exit; libc would count the carrier as well */
    if (vt == vt->world->runner)
        ride_no_more();
    struct vsched_thread *record = vt->record;
    bool is_detached = vt->is_detached, is_away = vt->world->rides;

    vt->has_ended = true;
    vsched_wake(vt->vs, vt, VSCHED_ALL);
    vt->world->dying_tid = vt->tid == vt->world->pid ? 0 : vt->tid; /* main's number stays */
    vthread_self = NULL;
    if (is_detached)
        unlink_record(vt);
    if (is_detached && !is_away)
        free(vt);
    /* From the next line on others run, and a joinable record may be freed by who joins. */
    vsched_thread_end(record, is_detached);
    if (!is_away)
        return;
    ride_home_to_end(vt);
    if (is_detached)
        free(vt);
}

static void make_exit_key(void)
{
    check_equal(pthread_key_create(&exit_key, end_thread), 0);
}

void vthread_take_first_turn(struct vthread *self)
{
    self->waits_for_first_turn = false;
    if (sanitizer_is_before_us)
        set_flag(&self->is_at_first_turn);
    vsched_thread_begin(self->record);
}

/* Before its next step the creator waits until its child has come to its first turn, so that what
 * the child does before happens at a place in the schedule that the seed repeats. */
void vthread_await_child(struct vthread *self)
{
    struct vthread *child = self->new_child;

    self->new_child = NULL;
    wait_for_flag(&child->is_at_first_turn);
    if (!vsched_thread_is_inside(self->record))
        vthread_step(self->vs); /* the step of pthread_create, as in a build without a sanitizer */
}

/* A sanitizer's pthread_create has called ours, with a start function of its own, and waits for
 * that to begin: the thread takes its first turn only when it first calls us. */
static void *thread_main(void *arg)
{
    struct vthread *vt = arg;

    vt->tid = (int)REAL(syscall)(SYS_gettid);
    pthread_setspecific(exit_key, vt);
    vt->waits_for_first_turn = true;
    vthread_self = vt;
    world_inherit(vt->ports);
    if (!vt->world->rides)
        set_flag(&vt->is_standing);
    if (!sanitizer_is_before_us)
        vthread_take_first_turn(vt);
    return vt->main(vt->arg);
}

/* Brings the thread to life; from here to its first turn nobody else may have one. */
static int bring_thread(struct vthread *vt, const pthread_attr_t *attr)
{
    struct vsched_thread *self = vthread_self->record;
    const char *name = vthread_self->next_name;
    char plain_name[32];

    vthread_self->next_name = NULL;
    if (!name)
        snprintf(plain_name, sizeof(plain_name), "%u", ++vt->world->n_unnamed);
    vsched_thread_go_inside(self);
    vt->record = vsched_thread_new(vt->vs, name ? name : plain_name, vt);
    int error = REAL(pthread_create)(&vt->pthread, attr, thread_main, vt);
    if (error)
        vsched_thread_unborn(vt->record);
    else
        wait_for_flag(vt->world->rides ? &vt->context.has_left : &vt->is_standing);
    vsched_thread_come_out(self);
    return error;
}

int vthread_create(pthread_t *ret_thread, const pthread_attr_t *attr, void *(*main)(void *),
                   void *arg)
{
    struct vthread *vt = record_new(vthread_self->world);
    int state = PTHREAD_CREATE_JOINABLE;

    if (attr)
        pthread_attr_getdetachstate(attr, &state);
    vt->is_detached = state == PTHREAD_CREATE_DETACHED;
    vt->main = main;
    vt->arg = arg;
    signals_inherit(vt, attr);
    vt->ports = world_inherited();
    int error = bring_thread(vt, attr);
    if (error) {
        vthread_drop(vt);
        return error;
    }
    *ret_thread = vt->pthread;
    if (sanitizer_is_before_us)
        vthread_self->new_child = vt;
    else
        vthread_step(vt->vs);
    return 0;
}

struct port_start {
    void (*main)(void *arg);
    void *arg;
};

static void *port_thread_main(void *arg)
{
    struct port_start start = *(struct port_start *)arg;

    free(arg);
    start.main(start.arg);
    return NULL;
}

static struct vthread *start_named(const char *name, void (*main)(void *arg), void *arg)
{
    struct port_start *start = mem_new(struct port_start);
    pthread_t thread;

    start->main = main;
    start->arg = arg;
    vthread_self->next_name = name;
    check_equal(pthread_create(&thread, NULL, port_thread_main, start), 0);
    return vthread_find(thread);
}

static bool is_world_ending(void *arg)
{
    return ((struct vthread_world *)arg)->is_ending;
}

static void carrier_main(void *arg)
{
    struct vthread_world *world = arg;
    struct sched *sched = vsched_port(world->vs);

    sched_enter(sched);
    sched_wait(sched, is_world_ending, world, SCHED_NEVER);
    sched_leave(sched);
}

/* No signal may come to it, which runs nothing of the program's; but it may crash. */
static struct vthread *start_carrier(struct vthread_world *world)
{
    sigset_t all, before;

    signals_fill_but_crashes(&all);
    signals_set_mask(&all, &before);
    struct vthread *carrier = start_named("of the service", carrier_main, world);
    signals_set_mask(&before, NULL);
    return carrier;
}

static void end_carrier(struct vthread_world *world)
{
    struct sched *sched = vsched_port(world->vs);

    sched_enter(sched);
    world->is_ending = true;
    sched_notify(sched);
    sched_leave(sched);
    pthread_join(world->carrier->pthread, NULL);
}

static struct sched_thread *vthread_port_start(struct vsched *vs, const char *name,
                                               void (*main)(void *arg), void *arg)
{
    if (!vthread_self)
        vthread_activate(vs);
    check(vthread_self->vs == vs);
    return (struct sched_thread *)(void *)start_named(name, main, arg);
}

static void vthread_port_join(struct vsched *vs, struct sched_thread *thread)
{
    struct vthread *vt = (struct vthread *)(void *)thread;

    check(vthread_self && vthread_self->vs == vs);
    check_equal(pthread_join(vt->pthread, NULL), 0);
}

static const struct vsched_os vthread_os = {
    .park = vthread_park,
    .wake = vthread_wake,
    .start = vthread_port_start,
    .join = vthread_port_join,
    .has_turn = vthread_has_turn,
    .look_outside = vthread_look_outside,
    .keep_pace = vthread_keep_pace,
    .called = signals_deliver,
    .show_stacks = vthread_show_stacks,
};

/* A child process has one thread and no turns to wait for: it lives on real time. */
static void forget_world_in_child(void)
{
    if (!vthread_self)
        return;
    vthread_unpin(vthread_self->world);
    vthread_self = NULL;
    pthread_setspecific(exit_key, NULL);
}

static void prepare_process(void)
{
    make_exit_key();
    sanitizer_find();
    pthread_atfork(NULL, NULL, forget_world_in_child);
}

void vthread_prepare(struct vsched *vs)
{
    vsched_set_os(vs, &vthread_os);
}

void vthread_activate(struct vsched *vs)
{
    if (vthread_self) {
        check(vthread_self->vs == vs);
        return;
    }
    REAL(pthread_once)(&exit_key_once, prepare_process);
    signals_take_handlers();
    vthread_prepare(vs);
    struct vthread_world *world = mem_new(struct vthread_world);

    world->vs = vs;
    world->pid = getpid();
    world->outside = mem_realloc(NULL, _NSIG * sizeof(*world->outside));
    prng_init(&world->random, vsched_seed(vs), "machine");
    struct vthread *vt = record_new(world);
    vt->pthread = pthread_self();
    vt->tid = (int)REAL(syscall)(SYS_gettid);
    world->is_of_main = vt->tid == world->pid;
    vt->record = vsched_running(vs);
    vsched_thread_set_os_data(vt->record, vt);
    pthread_setspecific(exit_key, vt);
    vthread_pin(world);
    vthread_count_world(vs, 1);
    vthread_self = vt;
    ride_begin(world);
    signals_begin(vt);
    world->carrier = start_carrier(world);
}

/* Threads of the scheduler's own, a sanitizer's, those of a world that somebody else is in: none of
 * these have chosen one whose only thread they are. */
struct vsched *vthread_enter_world(void)
{
    struct world_ports *ports = world_inherited();
    struct vsched *vs = ports && ports->is_virtual ? vsched_from_port(ports->sched) : NULL;

    if (sanitizer_is_starting || !vs || vsched_n_threads(vs) != 1 ||
        vsched_thread_os_data(vsched_running(vs)))
        return NULL;
    vthread_activate(vs);
    return vs;
}

void vthread_deactivate(void)
{
    struct vthread *self = vthread_self;

    if (!self)
        return;
    struct vthread_world *world = self->world;

    ride_no_more();
    end_carrier(world);
    vthread_self = NULL;
    watchdog_forget(world);
    vthread_count_world(world->vs, -1);
    pthread_setspecific(exit_key, NULL);
    vsched_thread_set_os_data(self->record, NULL);
    vthread_unpin(world);
    while (world->threads) {
        struct vthread *vt = world->threads;

        world->threads = vt->next;
        if (vt->has_ended)
            vsched_thread_free(vt->record);
        if (vt == self || vt->has_ended)
            free_record(vt);
    }
    array_free(&world->initialisers);
    free(world->outside);
    timer_files_forget(world);
    signal_timers_forget(world);
    free(world);
}

bool vthread_is_active(void)
{
    return vthread_self != NULL;
}

/* When the process ends, after the program's own destructors and after the library's exit functions
 * (the end of the world is one; hence the priority): what comes then, such as a leak checker that
 * yields in a loop, is no part of the world. */
static __attribute__((destructor(101))) void leave_world_at_exit(void)
{
    if (vthread_self)
        watchdog_forget(vthread_self->world);
    vthread_self = NULL;
}
