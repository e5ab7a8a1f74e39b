/* SPDX-License-Identifier: MIT */
/* Programs on the virtual clock, run as a user runs them: the same seed gives the same log to the
 * byte, another seed another one; nothing hangs; a deadlock is told. */
#include "tests/support/cmocka_vss.h"

#include "emu/base/str.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#define TIMES 5

/* What the command wrote, standard error included; *ret_status as waitpid. */
static char *output_of(const char *command, int *ret_status)
{
    struct str output = { 0 };
    char line[512];
    FILE *pipe = popen(command, "r");

    assert_non_null(pipe);
    while (fgets(line, sizeof(line), pipe))
        str_add(&output, line);
    *ret_status = pclose(pipe);
    return str_take(&output);
}

static char *log_of(const char *program, unsigned seed, const char *rest)
{
    char command[600];
    int status;

    snprintf(command, sizeof(command), BUILD_DIR "/tests/%s %u %s 2>&1", program, seed, rest);
    char *log = output_of(command, &status);
    if (status != 0)
        print_error("%s\n%s", command, log);
    assert_int_equal(status, 0);
    return log;
}

static void assert_seed_decides(const char *program, const char *rest)
{
    char *first = log_of(program, 7, rest);
    char *other = log_of(program, 8, rest);

    assert_true(strlen(first) > 100);
    for (int i = 1; i < TIMES; i++) {
        char *again = log_of(program, 7, rest);

        assert_string_equal(first, again);
        free(again);
    }
    assert_string_not_equal(first, other);
    free(first);
    free(other);
}

static void one_seed_gives_one_log_in_cpp(void **state)
{
    (void)state;
    assert_seed_decides("time_medley", "2");
    assert_seed_decides("time_medley", "10");
}

static void one_seed_gives_one_log_in_c(void **state)
{
    (void)state;
    assert_seed_decides("time_medley_c", "");
}

static void one_seed_gives_one_log_of_the_service_and_its_threads(void **state)
{
    (void)state;
    assert_seed_decides("time_service", "");
    char *log = log_of("time_service", 3, "");
    assert_non_null(strstr(log, "answers: 100"));
    assert_null(strstr(log, "too late"));
    free(log);
}

static void a_mutex_and_an_sqlite_lock_do_not_hang_the_world(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= 5; seed++) {
        char *log = log_of("time_contention", seed, "");

        assert_non_null(strstr(log, "n = 40\n"));
        free(log);
    }
}

/* 70000 seconds are far more than the time limit of this test. */
static void sleeping_70000_seconds_takes_no_time(void **state)
{
    (void)state;
    char *log = log_of("time_medley_c", 1, "");
    long long seconds = atoll(log);

    assert_int_equal(seconds, 1767225600);
    assert_int_equal(atoll(strstr(log, "joined 1") + strlen("joined 1\n")), seconds + 70010);
    free(log);
}

static void a_deadlock_is_told_with_what_each_thread_waits_for(void **state)
{
    int status;

    (void)state;
    char *log = output_of(BUILD_DIR "/tests/time_deadlock 2>&1; echo status $?", &status);
    assert_non_null(strstr(log, "vssemu: deadlock at 1.0"));
    assert_non_null(strstr(log, "thread main waits for thread 1 to end, since"));
    assert_non_null(strstr(log, "thread 1 waits for mutex A, held by thread 2 since"));
    assert_non_null(strstr(log, "    holds mutex B since"));
    assert_non_null(strstr(log, "thread 2 waits for mutex B, held by thread 1 since"));
    assert_non_null(strstr(log, "in a circle: thread 1 waits for 2, which waits for 1"));
    assert_non_null(strstr(log, "status 134"));
    free(log);
}

static void every_call_passes_through_on_the_real_clock(void **state)
{
    (void)state;
    char *c = log_of("time_medley_c", 1, "real");
    char *cpp = log_of("time_medley", 1, "4 real");

    assert_non_null(strstr(c, " slept\n"));
    assert_null(strstr(c, "1767225600."));
    assert_non_null(strstr(cpp, " slept\n"));
    free(c);
    free(cpp);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_seed_gives_one_log_in_cpp),
        cmocka_unit_test(one_seed_gives_one_log_in_c),
        cmocka_unit_test(one_seed_gives_one_log_of_the_service_and_its_threads),
        cmocka_unit_test(a_mutex_and_an_sqlite_lock_do_not_hang_the_world),
        cmocka_unit_test(sleeping_70000_seconds_takes_no_time),
        cmocka_unit_test(every_call_passes_through_on_the_real_clock),
        cmocka_unit_test(a_deadlock_is_told_with_what_each_thread_waits_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
