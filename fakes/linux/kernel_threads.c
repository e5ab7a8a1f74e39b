/* SPDX-License-Identifier: MIT */
/* Calls about a thread as the kernel knows it. In a world whose threads ride on one (ride.h) each
 * still has a number of its own; who changes anything else of a thread's makes them go home. */
#include "fakes/linux/ride.h"
#include "fakes/linux/vthread_inside.h"

#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/fsuid.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
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

/* Most options are of the calling thread alone. */
static bool changes_thread(int option)
{
    switch (option) {
    case PR_GET_NAME:
    case PR_GET_DUMPABLE:
    case PR_SET_DUMPABLE:
    case PR_SET_PTRACER:
    case PR_SET_CHILD_SUBREAPER:
        return false;
    default:
        return true;
    }
}

/* More arguments than given are read, as by libc's own: the kernel ignores them. */
__attribute__((no_sanitize("address"))) int prctl(int option, ...)
{
    unsigned long a[4];
    va_list args;

    va_start(args, option);
    for (int i = 0; i < 4; i++)
        a[i] = va_arg(args, unsigned long);
    va_end(args);
    if (changes_thread(option))
        ride_no_more_unless_alone();
    return REAL(prctl)(option, a[0], a[1], a[2], a[3]);
}

bool kernel_threads_heeds(long number)
{
    /* clang-format off */
    static const short numbers[] = {
        SYS_tgkill, SYS_tkill, SYS_rt_sigprocmask, SYS_sigaltstack,
        SYS_prctl, SYS_setpriority, SYS_sched_setaffinity, SYS_sched_setattr,
        SYS_setns, SYS_sched_setparam, SYS_sched_setscheduler, SYS_ioprio_set,
        SYS_unshare, SYS_setfsuid, SYS_setfsgid, SYS_capset,
        SYS_seccomp, SYS_setuid, SYS_setgid, SYS_setreuid,
        SYS_setregid, SYS_setresuid, SYS_setresgid, SYS_setgroups,
        SYS_personality, SYS_set_mempolicy, SYS_rt_tgsigqueueinfo,
    };
    /* clang-format on */

    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        if (numbers[i] == number)
            return true;
    }
    return false;
}

void kernel_threads_heed(const pthread_attr_t *attr)
{
    cpu_set_t processors;
    sigset_t mask;
    int inherits;

    if (!attr)
        return;
    if (pthread_attr_getsigmask_np(attr, &mask) == 0)
        ride_no_more();
    if (pthread_attr_getinheritsched(attr, &inherits) == 0 && inherits == PTHREAD_EXPLICIT_SCHED)
        ride_no_more();
    if (pthread_attr_getaffinity_np(attr, sizeof(processors), &processors) == 0 &&
        CPU_COUNT(&processors) < CPU_SETSIZE) /* all: none are chosen */
        ride_no_more();
}

/* Those of identity go to all threads, each of which glibc asks by a signal to do the same. */
#define GO_HOME_FOR(type, name, parameters, arguments) \
    type name parameters                               \
    {                                                  \
        ride_no_more();                                \
        return REAL(name) arguments;                   \
    }

GO_HOME_FOR(int, setuid, (uid_t id), (id))
GO_HOME_FOR(int, setgid, (gid_t id), (id))
GO_HOME_FOR(int, seteuid, (uid_t id), (id))
GO_HOME_FOR(int, setegid, (gid_t id), (id))
GO_HOME_FOR(int, setreuid, (uid_t real, uid_t effective), (real, effective))
GO_HOME_FOR(int, setregid, (gid_t real, gid_t effective), (real, effective))
GO_HOME_FOR(int, setresuid, (uid_t real, uid_t effective, uid_t saved), (real, effective, saved))
GO_HOME_FOR(int, setresgid, (gid_t real, gid_t effective, gid_t saved), (real, effective, saved))
GO_HOME_FOR(int, setgroups, (size_t n, const gid_t *groups), (n, groups))
GO_HOME_FOR(int, setfsuid, (uid_t id), (id))
GO_HOME_FOR(int, setfsgid, (gid_t id), (id))
GO_HOME_FOR(int, nice, (int change), (change))
GO_HOME_FOR(int, setpriority, (__priority_which_t which, id_t who, int priority),
            (which, who, priority))
GO_HOME_FOR(int, sched_setparam, (pid_t thread, const struct sched_param *param), (thread, param))
GO_HOME_FOR(int, sched_setscheduler, (pid_t thread, int policy, const struct sched_param *param),
            (thread, policy, param))
GO_HOME_FOR(int, sched_setaffinity, (pid_t thread, size_t size, const cpu_set_t *set),
            (thread, size, set))
GO_HOME_FOR(int, pthread_setaffinity_np, (pthread_t thread, size_t size, const cpu_set_t *set),
            (thread, size, set))
GO_HOME_FOR(int, pthread_setschedparam,
            (pthread_t thread, int policy, const struct sched_param *param),
            (thread, policy, param))
GO_HOME_FOR(int, pthread_setschedprio, (pthread_t thread, int priority), (thread, priority))
GO_HOME_FOR(int, unshare, (int flags), (flags))
GO_HOME_FOR(int, setns, (int fd, int kind), (fd, kind))
