/* SPDX-License-Identifier: MIT */
/* Signals in a virtual world: who installed a handler decides on which clock it lives. */
#include "tests/support/cmocka_vss.h"

#include "fakes/linux/vthread.h"
#include "fakes/world/vsched.h"

#include <signal.h>
#include <time.h>
#include <unistd.h>

#define A_CENTURY UINT32_C(3155760000)

static volatile time_t seen;
static volatile int told_number;

static time_t now(void)
{
    struct timespec at;

    clock_gettime(CLOCK_REALTIME, &at);
    return at.tv_sec;
}

static void looks_at_clock(int number)
{
    (void)number;
    seen = now();
}

static void is_told_more(int number, siginfo_t *info, void *context)
{
    (void)number;
    (void)context;
    told_number = info->si_signo;
    seen = now();
}

static void install(int number, void (*handler)(int number))
{
    struct sigaction action = { .sa_handler = handler };

    assert_int_equal(sigaction(number, &action, NULL), 0);
}

static void a_handler_from_outside_sees_the_real_clock(void **state)
{
    struct vsched *vs = vsched_new(1, NULL);
    struct sigaction action = { .sa_sigaction = is_told_more, .sa_flags = SA_SIGINFO }, old;
    time_t before = now();

    (void)state;
    install(SIGUSR1, looks_at_clock);
    assert_int_equal(sigaction(SIGUSR2, &action, NULL), 0);
    vthread_activate(vs);
    sleep(A_CENTURY);
    assert_true(now() > before + A_CENTURY / 2);

    raise(SIGUSR1);
    assert_in_range(seen, before, before + A_CENTURY / 2);
    assert_true(vthread_is_active());
    seen = 0;
    raise(SIGUSR2);
    assert_in_range(seen, before, before + A_CENTURY / 2);
    assert_int_equal(told_number, SIGUSR2);

    /* The program sees its own, and one that it installs in the world lives there. */
    assert_int_equal(sigaction(SIGUSR1, NULL, &old), 0);
    assert_ptr_equal(old.sa_handler, looks_at_clock);
    assert_int_equal(old.sa_flags & SA_SIGINFO, 0);
    install(SIGUSR1, looks_at_clock);
    raise(SIGUSR1);
    assert_true(seen > before + A_CENTURY / 2);

    vthread_deactivate();
    vsched_free(vs);
    install(SIGUSR1, SIG_DFL);
    install(SIGUSR2, SIG_DFL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_handler_from_outside_sees_the_real_clock),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
