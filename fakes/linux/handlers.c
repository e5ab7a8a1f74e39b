/* SPDX-License-Identifier: MIT */
/* Handlers of signals that threads outside any world have installed, as a fuzzer's alarm, which
 * measures a run by the real clock: they live outside, even when the signal interrupts a thread of
 * a world. Handlers of crashes, which programs leave by longjmp, stay as they are. */
#include "fakes/linux/vthread_inside.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

typedef void handler_function(int number, siginfo_t *info, void *context);

static handler_function *outside[_NSIG]; /* NULL: the one installed, if any, is none of these */
static int flags_of[_NSIG];

static void run_outside(int number, siginfo_t *info, void *context)
{
    struct vthread *self = vthread_self;
    handler_function *handler = __atomic_load_n(&outside[number], __ATOMIC_RELAXED);

    vthread_self = NULL;
    if (handler)
        handler(number, info, context);
    vthread_self = self;
}

static bool is_of_crash(int number)
{
    return number == SIGSEGV || number == SIGBUS || number == SIGFPE || number == SIGILL ||
           number == SIGABRT || number == SIGTRAP || number == SIGSYS;
}

/* What the program installed, in place of ours. */
static void put_back(int number, handler_function *handler, int flags, struct sigaction *old)
{
    if (!(old->sa_flags & SA_SIGINFO) || old->sa_sigaction != run_outside || number >= _NSIG)
        return;
    old->sa_sigaction = handler;
    old->sa_flags = flags;
}

int sigaction(int number, const struct sigaction *action, struct sigaction *old)
{
    bool is_valid = number > 0 && number < _NSIG;
    handler_function *handler_before = is_valid ? outside[number] : NULL;
    int flags_before = is_valid ? flags_of[number] : 0;
    struct sigaction ours;

    if (action && is_valid && !vthread_self && !is_of_crash(number) &&
        action->sa_handler != SIG_DFL && action->sa_handler != SIG_IGN) {
        ours = *action;
        __atomic_store_n(&outside[number], action->sa_sigaction, __ATOMIC_RELAXED);
        flags_of[number] = action->sa_flags;
        ours.sa_sigaction = run_outside;
        ours.sa_flags |= SA_SIGINFO;
        action = &ours;
    }
    int result = REAL(sigaction)(number, action, old);
    if (!result && old)
        put_back(number, handler_before, flags_before, old);
    return result;
}
