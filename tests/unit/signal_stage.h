/* SPDX-License-Identifier: MIT */
/* A virtual world with a handler for SIGALRM and SIGUSR1, for the tests of signals and of timers
 * that send them. */
#pragma once

#include "tests/support/cmocka_vss.h"

#include "fakes/linux/vthread.h"
#include "fakes/world/vsched.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

static volatile int n_handled;
static volatile int64_t handled_at;
static pthread_t volatile handled_on;
static int64_t began_at;

/* Since the test began. */
static int64_t seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec - began_at;
}

static void handle(int number)
{
    (void)number;
    n_handled++;
    handled_at = seconds();
    handled_on = pthread_self();
}

static void install(int number, void (*handler)(int number), int flags)
{
    struct sigaction action = { .sa_handler = handler, .sa_flags = flags };

    assert_int_equal(sigaction(number, &action, NULL), 0);
}

static sigset_t only(int number)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, number);
    return set;
}

static void mask(int how, int number)
{
    sigset_t set = only(number);

    assert_int_equal(pthread_sigmask(how, &set, NULL), 0);
}

static int begin(void **state)
{
    struct vsched *vs = vsched_new(1, NULL);

    vthread_activate(vs);
    n_handled = 0;
    handled_at = -1;
    began_at = 0;
    began_at = seconds();
    install(SIGALRM, handle, 0);
    install(SIGUSR1, handle, 0);
    *state = vs;
    return 0;
}

static int end(void **state)
{
    signal(SIGALRM, SIG_DFL);
    signal(SIGUSR1, SIG_DFL);
    vthread_deactivate();
    vsched_free(*state);
    return 0;
}

#define T(test) cmocka_unit_test_setup_teardown(test, begin, end)
