/* SPDX-License-Identifier: MIT */
/* See spawn.h. The child has its standard streams, what it inherits, and no other descriptor. */
#include "fakes/windows/processes/spawn.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "fakes/windows/file.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/processes/command_line.h"
#include "fakes/windows/shared/segment.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PROGRAM_FD 3 /* where the child finds its program */

struct spawning {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    ARRAY(int) fds; /* owned, above all that the child gets */
    int lowest_fd;  /* of them */
};

/* ---- descriptors ---- */

static int add_copy(struct spawning *spawning, int fd)
{
    int copy = fcntl(fd, F_DUPFD_CLOEXEC, spawning->lowest_fd);

    if (copy >= 0)
        array_add(&spawning->fds, copy);
    return copy;
}

static void give(struct spawning *spawning, int fd, int child_fd)
{
    int copy = add_copy(spawning, fd);

    if (copy >= 0)
        posix_spawn_file_actions_adddup2(&spawning->actions, copy, child_fd);
}

/* One of the child's three streams; what is no handle of a file is an empty one. */
static DWORD give_stream(struct spawning *spawning, HANDLE handle, int child_fd)
{
    auto_object struct object *object = handle_get(handle, &file_class, 0);
    const struct file *file = (struct file *)object;

    if (!object) {
        posix_spawn_file_actions_addopen(&spawning->actions, child_fd, "/dev/null", O_RDWR, 0);
        return ERROR_SUCCESS;
    }
    int fd = file_descriptor(file);
    if (fd < 0) {
        fprintf(stderr, "vssemu: CreateProcess: a file of a volume cannot be a child's standard "
                        "stream; use a pipe, a file of the host, or mount the volume\n");
        return ERROR_NOT_SUPPORTED;
    }
    give(spawning, fd, child_fd);
    return ERROR_SUCCESS;
}

static DWORD give_all(struct spawning *spawning, const struct making *making,
                      const struct program *program, const struct heritage *heritage)
{
    int n = (int)heritage->fds.count;
    DWORD error = ERROR_SUCCESS;

    for (int i = 0; !error && making->has_streams && i < 3; i++)
        error = give_stream(spawning, making->streams[i], i);
    give(spawning, program->fd, PROGRAM_FD);
    for (int i = 0; i < n; i++)
        give(spawning, heritage->fds.items[i], HERITAGE_FIRST_FD + i);
    posix_spawn_file_actions_addclosefrom_np(&spawning->actions, HERITAGE_FIRST_FD + n);
    return error;
}

/* ---- the start ---- */

static void spawning_init(struct spawning *spawning, const struct heritage *heritage)
{
    sigset_t none, all;

    *spawning = (struct spawning){ .lowest_fd = HERITAGE_FIRST_FD + (int)heritage->fds.count + 16 };
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawn_file_actions_init(&spawning->actions);
    posix_spawnattr_init(&spawning->attributes);
    posix_spawnattr_setflags(&spawning->attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setsigmask(&spawning->attributes, &none);
    posix_spawnattr_setsigdefault(&spawning->attributes, &all);
}

static void spawning_fini(struct spawning *spawning)
{
    for (size_t i = 0; i < spawning->fds.count; i++)
        close(spawning->fds.items[i]);
    array_free(&spawning->fds);
    posix_spawn_file_actions_destroy(&spawning->actions);
    posix_spawnattr_destroy(&spawning->attributes);
}

/* The lock of objects is held meanwhile: whatever the child looks for in the run is there when it
 * gets the lock. */
static int start(const struct spawning *spawning, char *const *words, char *const *environment,
                 const struct heritage *heritage, struct object *child)
{
    char path[32];
    pid_t pid = 0;

    snprintf(path, sizeof(path), "/proc/self/fd/%d", PROGRAM_FD);
    objects_lock();
    int result =
        posix_spawn(&pid, path, &spawning->actions, &spawning->attributes, words, environment);
    if (!result)
        child->state->pid = pid;
    if (!result && shared_is_open()) {
        shared_expect(pid);
        for (size_t i = 0; i < heritage->shared.count; i++)
            shared_ref_for(heritage->shared.items[i], pid);
    }
    objects_unlock();
    return result;
}

/* The child as an object of the run, which it is told of. */
static struct process *new_child(struct heritage *heritage, const char *image, bool has_run)
{
    struct process *child = process_new_child(image);
    uint32_t shared = 0;

    objects_lock();
    if (has_run)
        shared = object_share(&child->object);
    objects_unlock();
    if (!shared)
        return child;
    array_add(&heritage->shared, shared);
    auto_free char *rest = str_take(&heritage->text);
    str_addf(&heritage->text, "self=%u%s", shared, rest);
    return child;
}

static DWORD spawn_with(struct making *making, const struct program *program, const char *directory,
                        struct heritage *heritage, struct object *child)
{
    struct words words = command_line_split(making->line ? making->line : program->image);
    struct spawning spawning;

    spawning_init(&spawning, heritage);
    DWORD error = give_all(&spawning, making, program, heritage);
    if (directory)
        posix_spawn_file_actions_addchdir_np(&spawning.actions, directory);
    if (!error) {
        int result = start(&spawning, words.items, making->environment.items, heritage, child);
        error = !result             ? ERROR_SUCCESS
                : result == ENOEXEC ? ERROR_BAD_EXE_FORMAT
                                    : win_error_from_errno(result);
    }
    spawning_fini(&spawning);
    command_line_free(&words);
    return error;
}

DWORD spawn(struct making *making, const struct program *program, const char *directory,
            struct process **ret_child)
{
    const struct heritage_wish wish = { .inherits = making->inherits,
                                        .streams = making->has_streams ? making->streams : NULL,
                                        .list = making->handles,
                                        .n_list = making->n_handles };
    struct heritage heritage;
    bool has_run = heritage_run();
    DWORD error = heritage_collect(&wish, &heritage);

    if (!error) {
        struct process *child = new_child(&heritage, program->image, has_run);
        making_end_environment(making, &heritage);
        error = spawn_with(making, program, directory, &heritage, &child->object);
        if (error)
            object_unref(&child->object);
        else
            *ret_child = child;
    }
    if (!error) {
        (*ret_child)->pidfd = (int)syscall(SYS_pidfd_open, (*ret_child)->object.state->pid, 0);
        process_await_end(*ret_child);
    }
    heritage_fini(&heritage);
    return error;
}
