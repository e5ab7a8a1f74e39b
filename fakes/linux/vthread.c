/* SPDX-License-Identifier: MIT */
/* Records of threads: how they begin, park, wake and end. A thread gives its turn away in the last
 * round of key destructors, when all destructors of the program have run; who gets it waits until
 * the kernel has forgotten the dying one, because glibc frees memory on the way out. */
#include "fakes/linux/vthread_inside.h"

#include "fakes/world/prng.h"

#include "emu/base/check.h"
#include "emu/base/mem.h"

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

/* A world with threads. */
struct vthread_world {
    struct vsched *vs;
    struct vthread *threads;
    struct prng random;
    struct poller *pollers;
    struct vthread *carrier;         /* runs tasks while everybody else waits for something else */
    bool is_ending;
    unsigned n_created;
    int dying_tid;                   /* still on its way out; 0: nobody */
    cpu_set_t processors;            /* allowed before we pinned */
};

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

    while (world->dying_tid && REAL(syscall)(SYS_tgkill, getpid(), world->dying_tid, 0) == 0)
        REAL(sched_yield)();
    world->dying_tid = 0;
    errno = saved_errno;
}

static void vthread_park(struct vsched_thread *record)
{
    struct vthread *vt = vsched_thread_os_data(record);

    wait_for_flag(&vt->turn);
    __atomic_store_n(&vt->turn, 0, __ATOMIC_RELAXED);
    if (vt->world->dying_tid)
        wait_until_gone(vt->world);
}

static void vthread_wake(struct vsched_thread *record)
{
    struct vthread *vt = vsched_thread_os_data(record);

    set_flag(&vt->turn);
}

static bool vthread_has_turn(const struct vsched *vs)
{
    if (vthread_self && vthread_self->vs == vs)
        return vthread_self->record == vsched_running(vs);
    return !vsched_thread_os_data(vsched_running(vs));       /* not activated, only one thread */
}

static struct vthread *record_new(struct vthread_world *world)
{
    struct vthread *vt = mem_new(struct vthread);

    vt->world = world;
    vt->vs = world->vs;
    vt->ordinal = ++world->n_created;
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
    for (struct vthread *vt = vthread_self ? vthread_self->world->threads : NULL; vt; vt = vt->next) {
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

void vthread_drop(struct vthread *vt)
{
    unlink_record(vt);
    vsched_thread_free(vt->record);
    free(vt);
}

/* Runs as destructor of a key: again and again until the last round, after which nothing of the
 * program's runs on this thread. */
static void end_thread(void *arg)
{
    struct vthread *vt = arg;

    if (++vt->exit_rounds < PTHREAD_DESTRUCTOR_ITERATIONS) {
        pthread_setspecific(exit_key, vt);
        return;
    }
    struct vsched_thread *record = vt->record;
    bool is_detached = vt->is_detached;

    vt->has_ended = true;
    vsched_wake(vt->vs, vt, VSCHED_ALL);
    vt->world->dying_tid = vt->tid;
    vthread_self = NULL;
    if (is_detached) {
        unlink_record(vt);
        free(vt);
    }
    /* From the next line on others run, and a joinable record may be freed by who joins. */
    vsched_thread_end(record, is_detached);
}

static void make_exit_key(void)
{
    check_equal(pthread_key_create(&exit_key, end_thread), 0);
}

static void *thread_main(void *arg)
{
    struct vthread *vt = arg;
    void *result = NULL;

    vt->tid = (int)REAL(syscall)(SYS_gettid);
    pthread_setspecific(exit_key, vt);
    vthread_self = vt;
    set_flag(&vt->is_standing);
    vsched_thread_begin(vt->record);
    if (vt->port_main)
        vt->port_main(vt->arg);
    else
        result = vt->main(vt->arg);
    return result;
}

/* A new thread that stands at its first turn; NULL and *ret_error if there is none to be had. */
static struct vthread *bring_thread(struct vthread *vt, const pthread_attr_t *attr,
                                    const char *name, int *ret_error)
{
    char plain_name[32];

    snprintf(plain_name, sizeof(plain_name), "%u", vt->ordinal);
    vt->record = vsched_thread_new(vt->vs, name ? name : plain_name, vt);
    *ret_error = REAL(pthread_create)(&vt->pthread, attr, thread_main, vt);
    if (*ret_error) {
        vsched_thread_unborn(vt->record);
        vthread_drop(vt);
        return NULL;
    }
    wait_for_flag(&vt->is_standing);
    return vt;
}

int vthread_create(pthread_t *ret_thread, const pthread_attr_t *attr, void *(*main)(void *),
                   void *arg)
{
    struct vthread *vt = record_new(vthread_self->world);
    int state = PTHREAD_CREATE_JOINABLE;
    int error;

    if (attr)
        pthread_attr_getdetachstate(attr, &state);
    vt->is_detached = state == PTHREAD_CREATE_DETACHED;
    vt->main = main;
    vt->arg = arg;
    if (!bring_thread(vt, attr, NULL, &error))
        return error;
    *ret_thread = vt->pthread;
    vthread_step(vt->vs);
    return 0;
}

static struct vthread *start_named(const char *name, void (*port_main)(void *arg), void *arg)
{
    struct vthread *vt = record_new(vthread_self->world);
    int error;

    vt->port_main = port_main;
    vt->arg = arg;
    bring_thread(vt, NULL, name, &error);
    check_equal(error, 0);
    return vt;
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

static void vthread_bring_carrier(struct vsched *vs)
{
    struct vthread_world *world = vthread_self->world;

    (void)vs;
    if (!world->carrier)
        world->carrier = start_named("of the service", carrier_main, world);
}

static void end_carrier(struct vthread_world *world)
{
    struct sched *sched = vsched_port(world->vs);

    if (!world->carrier)
        return;
    sched_enter(sched);
    world->is_ending = true;
    sched_notify(sched);
    sched_leave(sched);
    pthread_join(world->carrier->pthread, NULL);
}

/* sched start and join. */

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
    .bring_carrier = vthread_bring_carrier,
    .has_turn = vthread_has_turn,
    .look_outside = vthread_look_outside,
};

/* A hand-over between two threads on one processor takes 1.2 us, between two processors 40. */
static void pin(struct vthread_world *world)
{
    cpu_set_t one;
    int processor = sched_getcpu();

    CPU_ZERO(&world->processors);
    if (processor < 0 || sched_getaffinity(0, sizeof(world->processors), &world->processors) != 0)
        return;
    CPU_ZERO(&one);
    CPU_SET((size_t)processor, &one);
    sched_setaffinity(0, sizeof(one), &one);
}

static void unpin(const struct vthread_world *world)
{
    if (CPU_COUNT(&world->processors))
        sched_setaffinity(0, sizeof(world->processors), &world->processors);
}

/* A child process has one thread and no turns to wait for: it lives on real time. */
static void forget_world_in_child(void)
{
    if (!vthread_self)
        return;
    unpin(vthread_self->world);
    vthread_self = NULL;
    pthread_setspecific(exit_key, NULL);
}

static void prepare_process(void)
{
    make_exit_key();
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
    vthread_prepare(vs);
    struct vthread_world *world = mem_new(struct vthread_world);

    world->vs = vs;
    prng_init(&world->random, vsched_seed(vs), "machine");
    struct vthread *vt = record_new(world);
    vt->pthread = pthread_self();
    vt->tid = (int)REAL(syscall)(SYS_gettid);
    vt->record = vsched_running(vs);
    vsched_thread_set_os_data(vt->record, vt);
    pthread_setspecific(exit_key, vt);
    pin(world);
    vthread_self = vt;
}

void vthread_deactivate(void)
{
    struct vthread *self = vthread_self;

    if (!self)
        return;
    struct vthread_world *world = self->world;

    end_carrier(world);
    vthread_self = NULL;
    pthread_setspecific(exit_key, NULL);
    vsched_thread_set_os_data(self->record, NULL);
    unpin(world);
    while (world->threads) {
        struct vthread *vt = world->threads;

        world->threads = vt->next;
        if (vt->has_ended)
            vsched_thread_free(vt->record);
        if (vt == self || vt->has_ended)
            free(vt);
    }
    free(world);
}

bool vthread_is_active(void)
{
    return vthread_self != NULL;
}

/* When the process ends, after the program's own destructors: what comes then, such as a leak
 * checker that yields in a loop, is no part of the world. */
static __attribute__((destructor)) void leave_world_at_exit(void)
{
    vthread_self = NULL;
}
