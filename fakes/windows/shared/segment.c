/* SPDX-License-Identifier: MIT */
/* See segment.h. */
#include "fakes/windows/shared/segment.h"

#include "emu/base/str.h"
#include "fakes/windows/shared/mail.h"
#include "fakes/windows/wait.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define EXIT_UNKNOWN 1 /* of a process that ended badly, and nobody was told how */

struct shared_process {
    int32_t pid;  /* 0: the place is free */
    bool is_real; /* on the real clock: its time is nobody's */
    bool has_mail;
    bool is_idle;
    int64_t wait_ns;   /* when idle: until its nearest deadline */
    int64_t passed_ns; /* what others have let pass since */
};

struct shared_object {
    bool is_used;
    uint64_t users; /* a bit for each process that has it open */
    struct object_state state;
    char name[SHARED_NAME_SIZE];
};

struct segment {
    uint64_t sequence;
    uint32_t n_processes; /* that were ever started by others */
    struct shared_process processes[SHARED_N_PROCESSES];
    struct shared_object objects[SHARED_N_OBJECTS];
    struct shared_wait waits[SHARED_N_WAITS];
};

static struct segment *segment;
static int lock_fd = -1;
static char path_of_run[64];
static uint32_t self;

static uint32_t find_process(int pid)
{
    for (uint32_t i = 0; i < SHARED_N_PROCESSES; i++) {
        if (segment->processes[i].pid == pid)
            return i + 1;
    }
    return 0;
}

/* The same process after exec, or one that was expected, has a place already. */
static int join(bool is_real)
{
    self = find_process(getpid());
    if (!self)
        self = find_process(0);
    if (!self)
        return -EUSERS;
    segment->processes[self - 1] = (struct shared_process){ .pid = getpid(), .is_real = is_real };
    return 0;
}

int shared_open(const char *path, bool is_real)
{
    struct stat st;

    snprintf(path_of_run, sizeof(path_of_run), "%s", path);
    lock_fd = open(path, O_RDWR | O_CLOEXEC);
    if (lock_fd < 0 || fstat(lock_fd, &st) < 0)
        return -errno;
    if ((size_t)st.st_size < sizeof(struct segment) &&
        ftruncate(lock_fd, sizeof(struct segment)) < 0)
        return -errno;
    segment = mmap(NULL, sizeof(struct segment), PROT_READ | PROT_WRITE, MAP_SHARED, lock_fd, 0);
    if (segment == MAP_FAILED) {
        segment = NULL;
        return -errno;
    }
    int error = mail_open((unsigned long long)st.st_ino);
    shared_lock();
    if (!error)
        error = join(is_real);
    shared_unlock();
    if (error)
        segment = NULL;
    return error;
}

const char *shared_path(void)
{
    return segment ? path_of_run : NULL;
}

bool shared_is_open(void)
{
    return segment;
}

uint32_t shared_self(void)
{
    return self;
}

void shared_lock(void)
{
    while (flock(lock_fd, LOCK_EX) < 0 && errno == EINTR)
        ;
}

bool shared_take_mail(void)
{
    bool has_mail = segment->processes[self - 1].has_mail;

    if (has_mail)
        segment->processes[self - 1].has_mail = false;
    return has_mail;
}

void shared_unlock(void)
{
    flock(lock_fd, LOCK_UN);
}

/* ---- objects ---- */

uint32_t shared_find(const char *name)
{
    for (uint32_t i = 0; i < SHARED_N_OBJECTS; i++) {
        if (segment->objects[i].is_used && str_is_equal(segment->objects[i].name, name))
            return i + 1;
    }
    return 0;
}

uint32_t shared_add(const char *name, const struct object_state *state)
{
    for (uint32_t i = 0; i < SHARED_N_OBJECTS; i++) {
        struct shared_object *object = &segment->objects[i];

        if (object->is_used)
            continue;
        object->state = *state;
        object->users = UINT64_C(1) << (self - 1);
        snprintf(object->name, sizeof(object->name), "%s", name);
        object->is_used = true;
        return i + 1;
    }
    return 0;
}

struct object_state *shared_state(uint32_t object)
{
    return &segment->objects[object - 1].state;
}

const char *shared_name(uint32_t object)
{
    return segment->objects[object - 1].name;
}

enum object_kind shared_kind(uint32_t object)
{
    bool is_there = object && object <= SHARED_N_OBJECTS && segment->objects[object - 1].is_used;

    return is_there ? segment->objects[object - 1].state.kind : OBJECT_OF_PROCESS;
}

uint32_t shared_find_process(uint32_t id)
{
    for (uint32_t i = 1; i <= SHARED_N_OBJECTS; i++) {
        if (shared_kind(i) == OBJECT_A_PROCESS && segment->objects[i - 1].state.id == id)
            return i;
    }
    return 0;
}

uint32_t shared_count_process(void)
{
    return ++segment->n_processes;
}

void shared_ref_for(uint32_t object, int pid)
{
    uint32_t place = find_process(pid);

    if (place)
        segment->objects[object - 1].users |= UINT64_C(1) << (place - 1);
}

void shared_ref(uint32_t object)
{
    segment->objects[object - 1].users |= UINT64_C(1) << (self - 1);
}

static void drop_user(struct shared_object *object, uint32_t process)
{
    object->users &= ~(UINT64_C(1) << (process - 1));
    if (!object->users)
        object->is_used = false;
}

void shared_unref(uint32_t object)
{
    drop_user(&segment->objects[object - 1], self);
}

/* ---- who waits ---- */

/* When the table is full the wait is seen by this process alone. */
void shared_wait_add(const struct shared_wait *wait)
{
    for (uint32_t i = 0; i < SHARED_N_WAITS; i++) {
        if (segment->waits[i].process)
            continue;
        segment->waits[i] = *wait;
        segment->waits[i].sequence = ++segment->sequence;
        segment->waits[i].process = self;
        return;
    }
}

void shared_wait_remove(const void *waiter)
{
    for (uint32_t i = 0; i < SHARED_N_WAITS; i++) {
        struct shared_wait *wait = &segment->waits[i];

        if (wait->process == self && wait->waiter == (uintptr_t)waiter)
            wait->process = 0;
    }
}

struct shared_wait *shared_wait_at(uint32_t i)
{
    return i < SHARED_N_WAITS ? &segment->waits[i] : NULL;
}

struct shared_wait *shared_wait_next(uint32_t object, uint64_t after)
{
    struct shared_wait *first = NULL;

    for (uint32_t i = 0; i < SHARED_N_WAITS; i++) {
        struct shared_wait *wait = &segment->waits[i];

        if (wait->process && wait->object == object && !wait->is_done && wait->sequence > after &&
            (!first || wait->sequence < first->sequence))
            first = wait;
    }
    return first;
}

struct shared_wait *shared_wait_done(void)
{
    for (uint32_t i = 0; i < SHARED_N_WAITS; i++) {
        if (segment->waits[i].process == self && segment->waits[i].is_done)
            return &segment->waits[i];
    }
    return NULL;
}

void shared_wake(uint32_t process)
{
    segment->processes[process - 1].has_mail = true;
    mail_send(segment->processes[process - 1].pid);
}

/* ---- processes ---- */

/* A zombie is as dead as one that is gone. */
static bool lives(int pid)
{
    char path[40], text[256];

    snprintf(path, sizeof(path), "/proc/%d/stat", pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    ssize_t n = read(fd, text, sizeof(text) - 1);
    close(fd);
    text[n > 0 ? n : 0] = 0;
    const char *end = strrchr(text, ')');
    return end && end[1] == ' ' && end[2] != 'Z' && end[2] != 'X';
}

/* The end of a process is told by the one that started it; when that one has gone, by whoever
 * buries it. True: it has just been told. */
static bool end_process(struct object_state *state, uint32_t process, int pid)
{
    bool has_nobody = state->owner_process == process || !state->owner_process;

    if (has_nobody)
        state->owner_process = 0;
    if (!has_nobody || state->is_set || (state->pid != pid && lives(state->pid)))
        return false;
    state->is_set = true;
    if (state->exit_code == STILL_ACTIVE)
        state->exit_code = EXIT_UNKNOWN;
    return true;
}

static bool give_up_mutex(struct object_state *state, uint32_t process)
{
    if (state->owner_process != process)
        return false;
    state->owner_process = state->owner_thread = state->depth = 0;
    state->is_abandoned = true;
    return true;
}

static void bury(uint32_t process, void (*abandoned)(uint32_t object))
{
    int pid = segment->processes[process - 1].pid;

    for (uint32_t i = 0; i < SHARED_N_WAITS; i++) {
        if (segment->waits[i].process == process)
            segment->waits[i].process = 0;
    }
    segment->processes[process - 1].pid = 0;
    for (uint32_t i = 0; i < SHARED_N_OBJECTS; i++) {
        struct shared_object *object = &segment->objects[i];

        if (!object->is_used)
            continue;
        bool is_news = object->state.kind == OBJECT_A_PROCESS
                           ? end_process(&object->state, process, pid)
                           : give_up_mutex(&object->state, process);
        drop_user(object, process);
        if (is_news && object->is_used && abandoned)
            abandoned(i + 1);
    }
}

bool shared_has_others(void (*abandoned)(uint32_t object))
{
    bool has_others = false;

    for (uint32_t i = 1; i <= SHARED_N_PROCESSES; i++) {
        int pid = segment->processes[i - 1].pid;

        if (!pid || i == self)
            continue;
        if (lives(pid))
            has_others = true;
        else
            bury(i, abandoned);
    }
    return has_others;
}

/* Whoever sleeps looks again. */
static void nudge_others(void)
{
    for (uint32_t i = 1; i <= SHARED_N_PROCESSES; i++) {
        if (segment->processes[i - 1].pid && i != self)
            mail_send(segment->processes[i - 1].pid);
    }
}

/* The memory stays: threads that still run may look at it. */
void shared_close(void)
{
    if (!segment)
        return;
    shared_lock();
    bury(self, wait_abandoned);
    nudge_others();
    shared_unlock();
}

void shared_expect(int pid)
{
    if (find_process(pid))
        return;
    uint32_t place = find_process(0);
    if (place)
        segment->processes[place - 1] = (struct shared_process){ .pid = pid, .is_real = true };
}

void shared_sleep(int timeout_ms)
{
    int pids[SHARED_N_PROCESSES];
    size_t n = 0;

    shared_lock();
    for (uint32_t i = 1; i <= SHARED_N_PROCESSES; i++) {
        if (segment->processes[i - 1].pid && i != self)
            pids[n++] = segment->processes[i - 1].pid;
    }
    shared_unlock();
    mail_sleep(pids, n, timeout_ms);
}

/* ---- virtual time ---- */

/* Among those that are idle the nearest deadline is the first; of equal ones the lower place. */
static bool is_first(void)
{
    const struct shared_process *me = &segment->processes[self - 1];

    for (uint32_t i = 1; i <= SHARED_N_PROCESSES; i++) {
        const struct shared_process *other = &segment->processes[i - 1];

        if (!other->pid || other->is_real || i == self)
            continue;
        if (!other->is_idle || other->has_mail)
            return false;
        if (other->wait_ns < me->wait_ns || (other->wait_ns == me->wait_ns && i < self))
            return false;
    }
    return true;
}

int64_t shared_take_passed(void)
{
    int64_t passed = segment->processes[self - 1].passed_ns;

    segment->processes[self - 1].passed_ns = 0;
    return passed;
}

bool shared_idle(int64_t wait_ns)
{
    struct shared_process *me = &segment->processes[self - 1];

    me->wait_ns = wait_ns;
    if (!is_first()) {
        me->is_idle = true; /* until it has rested */
        nudge_others();
        return false;
    }
    for (uint32_t i = 1; wait_ns != INT64_MAX && i <= SHARED_N_PROCESSES; i++) {
        struct shared_process *other = &segment->processes[i - 1];

        if (!other->pid || other->is_real || i == self)
            continue;
        other->passed_ns += wait_ns;
        if (other->wait_ns != INT64_MAX)
            other->wait_ns -= wait_ns;
    }
    return true;
}

void shared_busy(void)
{
    segment->processes[self - 1].is_idle = false;
}

bool shared_may_have_news(void)
{
    const struct shared_process *me = segment ? &segment->processes[self - 1] : NULL;

    if (me && (__atomic_load_n(&me->has_mail, __ATOMIC_RELAXED) ||
               __atomic_load_n(&me->passed_ns, __ATOMIC_RELAXED)))
        return true;
    for (uint32_t i = 1; segment && i <= SHARED_N_PROCESSES; i++) {
        if (i != self && __atomic_load_n(&segment->processes[i - 1].pid, __ATOMIC_RELAXED))
            return true;
    }
    return false;
}
