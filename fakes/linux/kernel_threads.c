/* SPDX-License-Identifier: MIT */
/* Calls about a thread as the kernel knows it. In a world whose threads ride on one (ride.h) each
 * still has a number of its own; who changes anything else of a thread's makes them go home. */
#include "fakes/linux/ride.h"
#include "fakes/linux/vthread_inside.h"

#include <grp.h>
#include <signal.h>
#include <unistd.h>

pid_t gettid(void)
{
    return vthread_self ? vthread_self->tid : REAL(gettid)();
}

int sigaltstack(const stack_t *stack, stack_t *ret_old)
{
    if (stack)
        ride_no_more();
    return REAL(sigaltstack)(stack, ret_old);
}

/* glibc asks each thread by a signal to do the same. */
#define FOR_ALL_THREADS(name, parameters, arguments) \
    int name parameters                              \
    {                                                \
        ride_no_more();                              \
        return REAL(name) arguments;                 \
    }

FOR_ALL_THREADS(setuid, (uid_t id), (id))
FOR_ALL_THREADS(setgid, (gid_t id), (id))
FOR_ALL_THREADS(seteuid, (uid_t id), (id))
FOR_ALL_THREADS(setegid, (gid_t id), (id))
FOR_ALL_THREADS(setreuid, (uid_t real, uid_t effective), (real, effective))
FOR_ALL_THREADS(setregid, (gid_t real, gid_t effective), (real, effective))
FOR_ALL_THREADS(setresuid, (uid_t real, uid_t effective, uid_t saved), (real, effective, saved))
FOR_ALL_THREADS(setresgid, (gid_t real, gid_t effective, gid_t saved), (real, effective, saved))
FOR_ALL_THREADS(setgroups, (size_t n, const gid_t *groups), (n, groups))
