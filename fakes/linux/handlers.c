/* SPDX-License-Identifier: MIT */
/* Handlers of signals. One that a thread outside any world has installed, as a fuzzer's alarm,
 * which measures a run by the real clock, lives outside, even when the signal interrupts a thread
 * of a world. One of the world's waits until its thread has a turn (signals.h). Handlers of
 * crashes, which programs leave by longjmp, stay as they are. */
#include "fakes/linux/signals.h"
#include "fakes/linux/vthread_inside.h"

#include <signal.h>
#include <string.h>

typedef void handler_function(int number, siginfo_t *info, void *context);

static struct {
    handler_function *run; /* NULL: the one installed, if any, is none of these */
    int flags;
} handlers[_NSIG];

static void run_outside(int number, siginfo_t *info, void *context)
{
    struct vthread *self = vthread_self;
    handler_function *run = __atomic_load_n(&handlers[number].run, __ATOMIC_RELAXED);

    vthread_self = NULL;
    if (run)
        run(number, info, context);
    vthread_self = self;
}

static void run_inside(int number, siginfo_t *info, void *context)
{
    handler_function *run = __atomic_load_n(&handlers[number].run, __ATOMIC_RELAXED);

    if (!run || !signals_enter(number, info, handlers[number].flags & SA_RESTART))
        return;
    if (handlers[number].flags & (int)SA_RESETHAND) {
        struct sigaction none = { .sa_handler = SIG_DFL };
        REAL(sigaction)(number, &none, NULL);
    }
    run(number, info, context);
}

static bool is_of_crash(int number)
{
    return number == SIGSEGV || number == SIGBUS || number == SIGFPE || number == SIGILL ||
           number == SIGABRT || number == SIGTRAP || number == SIGSYS;
}

static bool is_replaced(int number, const struct sigaction *action)
{
    return number > 0 && number < _NSIG && !is_of_crash(number) && action &&
           action->sa_handler != SIG_DFL && action->sa_handler != SIG_IGN;
}

/* What the program installed, in place of ours. */
static void put_back(handler_function *run, int flags, struct sigaction *old)
{
    if (!(old->sa_flags & SA_SIGINFO) ||
        (old->sa_sigaction != run_outside && old->sa_sigaction != run_inside))
        return;
    old->sa_sigaction = run;
    old->sa_flags = flags;
}

void signals_fill_but_crashes(sigset_t *ret_set)
{
    sigfillset(ret_set);
    for (int number = 1; number < _NSIG; number++) {
        if (is_of_crash(number))
            sigdelset(ret_set, number);
    }
}

void signals_take_handlers(void)
{
}

int sigaction(int number, const struct sigaction *action, struct sigaction *old)
{
    bool is_valid = number > 0 && number < _NSIG;
    handler_function *run_before = is_valid ? handlers[number].run : NULL;
    int flags_before = is_valid ? handlers[number].flags : 0;
    struct sigaction ours;

    if (is_replaced(number, action)) {
        ours = *action;
        __atomic_store_n(&handlers[number].run, action->sa_sigaction, __ATOMIC_RELAXED);
        handlers[number].flags = action->sa_flags;
        ours.sa_sigaction = vthread_self ? run_inside : run_outside;
        ours.sa_flags |= SA_SIGINFO;
        if (vthread_self)
            ours.sa_flags &= ~(int)SA_RESETHAND; /* run_inside does it, in time */
        action = &ours;
    }
    int result = REAL(sigaction)(number, action, old);
    if (!result && old)
        put_back(run_before, flags_before, old);
    return result;
}

/* Linux: "signal(2)", with the semantics of BSD. */
sighandler_t signal(int number, sighandler_t handler)
{
    struct sigaction action = { .sa_handler = handler, .sa_flags = SA_RESTART }, old;

    sigemptyset(&action.sa_mask);
    sigaddset(&action.sa_mask, number);
    return sigaction(number, &action, &old) == 0 ? old.sa_handler : SIG_ERR;
}
