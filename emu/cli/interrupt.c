/* SPDX-License-Identifier: MIT */
#include "emu/cli/interrupt.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>

static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };
#define N_NUMBERS (sizeof(numbers) / sizeof(numbers[0]))

static struct sigaction before[N_NUMBERS];
static volatile sig_atomic_t came, child;

static void take(int number)
{
    int saved_errno = errno;

    came = number;
    if (child)
        kill((pid_t)child, SIGTERM);
    errno = saved_errno;
}

void interrupt_begin(void)
{
    const struct sigaction ours = { .sa_handler = take }; /* waits are to come back */

    came = 0;
    for (size_t i = 0; i < N_NUMBERS; i++)
        sigaction(numbers[i], &ours, &before[i]);
}

bool interrupt_came(void)
{
    return came;
}

void interrupt_set_child(pid_t pid)
{
    child = (sig_atomic_t)pid;
    if (pid && came)
        kill(pid, SIGTERM);
}

void interrupt_end(void)
{
    for (size_t i = 0; i < N_NUMBERS; i++)
        sigaction(numbers[i], &before[i], NULL);
    if (came)
        raise(came);
}
