/* SPDX-License-Identifier: MIT */
/* Processes of the host that are killed, by SIGKILL, while they keep a set of two directories; and
 * what `vssemu volume` says of one directory then. test_set_kept does the same in memory, with
 * more. */
#include "tests/support/cmocka_vss.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/host/host_clock.h"
#include "emu/host/host_store.h"
#include "emu/host/host_tree.h"
#include "emu/port/store.h"
#include "tests/cow/deadly_store.h"
#include "tests/cow/set_cast.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct situation with_logs = { .n = 2, .earlier = 3 };

struct directories {
    char paths[2][64];
};

static void make_directories(struct directories *d)
{
    for (size_t i = 0; i < 2; i++) {
        strcpy(d->paths[i], access("/dev/shm", W_OK) == 0 ? "/dev/shm/vssemu-test-XXXXXX"
                                                          : "/tmp/vssemu-test-XXXXXX");
        assert_non_null(mkdtemp(d->paths[i]));
    }
}

static void remove_directories(const struct directories *d)
{
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(host_tree_remove(d->paths[i]), 0);
}

static void begin_on(const struct directories *d, struct cast *c)
{
    struct store *stores[2];

    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(host_store_open(d->paths[i], &stores[i]), 0);
        deadly_take(stores[i]);
    }
    assert_true(cast_begin(c, stores, 2, host_clock()));
}

static bool make_in_process(const struct directories *d, uint64_t n)
{
    int status;
    pid_t pid = fork();

    if (pid == 0) {
        struct cast c;

        deadly_before(0, true);
        begin_on(d, &c);
        cast_prepare(&c, &with_logs);
        deadly_before(n, true);
        _exit(cast_finish(&c) != S_OK);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    bool is_killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;

    assert_true(is_killed || (WIFEXITED(status) && WEXITSTATUS(status) == 0));
    return is_killed;
}

static void process_killed_before_any_change_leaves_a_whole_set_or_none(void **state)
{
    bool is_killed = true, was_kept = false;

    (void)state;
    if (getenv("TEST_SIZES"))
        skip(); /* a process for each change */
    for (uint64_t n = 1; is_killed; n++) {
        struct directories d;
        struct cast c;

        make_directories(&d);
        is_killed = make_in_process(&d, n);
        deadly_before(0, false);
        begin_on(&d, &c);
        size_t n_shown = cast_check(&c, false);
        cast_end(&c);
        assert_true(n_shown == 2 || (n_shown == 0 && !was_kept));
        was_kept = n_shown == 2;
        remove_directories(&d);
    }
    assert_true(was_kept);
}

/* By the vssemu of this build. */
static char *output_of(const char *word, const char *directory, const char *rest)
{
    char self[256] = { 0 }, output[4096] = { 0 };

    assert_true(readlink("/proc/self/exe", self, sizeof(self) - 1) > 0);
    *strrchr(self, '/') = 0;
    auto_free char *line =
        str_printf("%s/../bin/vssemu volume %s '%s' %s", self, word, directory, rest);
    FILE *pipe = popen(line, "r");

    assert_non_null(pipe);
    fread(output, 1, sizeof(output) - 1, pipe);
    assert_int_equal(pclose(pipe), 0);
    return mem_strdup(output);
}

/* By itself a volume cannot know, so it says that, and stays right; its owner may give it up. */
static void pending_one_is_listed_as_such(void **state)
{
    struct directories d;
    struct cast c;

    (void)state;
    make_directories(&d);
    assert_true(make_in_process(&d, 4)); /* before the decision */
    auto_free char *list = output_of("list", d.paths[1], "");
    auto_free char *json = output_of("list", d.paths[1], "--json");
    auto_free char *check = output_of("check", d.paths[1], "--json");
    auto_free char *other = output_of("list", d.paths[0], "--json");

    assert_non_null(strstr(list, "pending"));
    assert_non_null(strstr(json, "\"pending\": true"));
    assert_non_null(strstr(check, "\"right\": true"));
    assert_null(strstr(other, "pending"));
    free(output_of("show", d.paths[1], "3 f"));
    begin_on(&d, &c);
    assert_int_equal(cast_check(&c, false), 0);
    cast_end(&c);
    remove_directories(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(process_killed_before_any_change_leaves_a_whole_set_or_none),
        cmocka_unit_test(pending_one_is_listed_as_such),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
