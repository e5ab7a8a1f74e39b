/* SPDX-License-Identifier: MIT */
/* Threads in parallel on the real clock (two_requesters.c): the story comes to its good end in
 * every build; in one with ThreadSanitizer (ci/check tsan) it has no race, and a race that is
 * planted into it is reported, so the silence means something. */
#include "tests/support/cmocka_vss.h"

#include "emu/base/str.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#if defined(__SANITIZE_THREAD__)
#define HAS_THREAD_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define HAS_THREAD_SANITIZER 1
#endif
#endif
#ifndef HAS_THREAD_SANITIZER
#define HAS_THREAD_SANITIZER 0
#endif

#define RACE_EXIT_CODE 66

/* What the story wrote, its errors included. The caller frees. */
static char *play(const char *arguments, int *ret_exit_code)
{
    struct str output = { 0 };
    char command[600], line[512];

    snprintf(command, sizeof(command),
             "TSAN_OPTIONS=\"$TSAN_OPTIONS:exitcode=%d\" " BUILD_DIR
             "/tests/threads_two_requesters %s 2>&1",
             RACE_EXIT_CODE, arguments);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    while (fgets(line, sizeof(line), pipe))
        str_add(&output, line);
    int status = pclose(pipe);
    *ret_exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return str_take(&output);
}

static void two_requesters_and_ten_writers_have_no_race(void **state)
{
    int exit_code;
    char *output = play("5", &exit_code);

    (void)state;
    if (exit_code || strstr(output, "ThreadSanitizer"))
        print_error("%s", output);
    assert_int_equal(exit_code, 0);
    assert_null(strstr(output, "ThreadSanitizer"));
    assert_non_null(strstr(output, "10 backups"));
    free(output);
}

/* function: one that must stand in the report's stacks. */
static void assert_reported(const char *plant, const char *function)
{
    char arguments[60];
    int exit_code;

    if (!HAS_THREAD_SANITIZER) {
        print_message("skipped: this build has no ThreadSanitizer, so nothing would report the "
                      "planted race; ci/check tsan does\n");
        skip();
    }
    snprintf(arguments, sizeof(arguments), "5 %s", plant);
    char *output = play(arguments, &exit_code);
    if (exit_code != RACE_EXIT_CODE || !strstr(output, function))
        print_error("%s", output);
    assert_int_equal(exit_code, RACE_EXIT_CODE);
    assert_non_null(strstr(output, "WARNING: ThreadSanitizer: data race"));
    assert_non_null(strstr(output, function));
    free(output);
}

static void race_between_writers_is_reported(void **state)
{
    (void)state;
    assert_reported("writer", "enter_into");
}

static void look_into_the_service_from_outside_is_reported(void **state)
{
    (void)state;
    assert_reported("service", "look_on");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_requesters_and_ten_writers_have_no_race),
        cmocka_unit_test(race_between_writers_is_reported),
        cmocka_unit_test(look_into_the_service_from_outside_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
