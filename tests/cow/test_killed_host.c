/* SPDX-License-Identifier: MIT */
/* A process that owns a directory of the host is killed, with SIGKILL, by its own hand before
 * each single change that it makes there; the next owner finds the origin with all that had been
 * done, and every persistent snapshot right. test_killed does the same in memory, with more
 * seeds. */
#include "tests/support/cmocka_vss.h"

#include "emu/base/array.h"
#include "emu/base/mem.h"
#include "emu/host/host_store.h"
#include "emu/port/store.h"
#include "provider_sim/cow/cow_volume.h"
#include "tests/cow/deadly_store.h"
#include "tests/cow/random_steps.h"
#include "tests/support/cow_dump.h"
#include "emu/host/host_tree.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define N_STEPS 200
#define SEED    5

static struct cow_volume *open_volume(const char *directory, unsigned n_changes)
{
    struct cow_volume *v;
    struct store *s;

    assert_int_equal(host_store_open(directory, &s), 0);
    deadly_take(s);
    deadly_before(n_changes, true);
    assert_int_equal(cow_volume_open(s, &v), 0);
    return v;
}

/* ---- the run ---- */

enum { NOTHING_ELSE, COMMIT, DELETE };

/* What a step of the run does, the same in each process. */
static int kind_of(uint64_t *random, int step)
{
    uint64_t chance = steps_draw(random, 14);

    return step == N_STEPS / 6 || (step > N_STEPS / 6 && chance == 0) ? COMMIT
           : step > N_STEPS / 2 && chance == 1                        ? DELETE
                                                                      : NOTHING_ELSE;
}

struct expectation {
    ARRAY(char *) origins;        /* before the first step and after each */
    char *snapshots[N_STEPS + 1]; /* by number; made_at and deleted_at: steps, -1 never */
    int made_at[N_STEPS + 1], deleted_at[N_STEPS + 1];
};

static void delete_oldest(struct cow_volume *v, struct expectation *e, int step)
{
    unsigned number = cow_volume_snapshot(v, 0, NULL);

    if (!number)
        return;
    assert_int_equal(cow_volume_delete_snapshot(v, number), 0);
    if (e)
        e->deleted_at[number] = step;
}

static void commit(struct cow_volume *v, struct expectation *e, int step)
{
    const struct cow_snapshot_info info = { .is_persistent = true };
    unsigned number = cow_volume_next_number(v);

    if (e) {
        e->snapshots[number] = cow_dump(v, VOLUME_ORIGIN, 65536, false);
        e->made_at[number] = step;
        e->deleted_at[number] = -1;
    }
    assert_int_equal(cow_volume_commit_as(v, number, &info), 0);
}

/* With e NULL the process tells how far it has come. */
static void run(struct cow_volume *v, struct expectation *e, int progress_fd)
{
    struct cow_node *held[STEPS_HELD] = { NULL };
    uint64_t random = SEED;

    for (int i = 0; i < N_STEPS; i++) {
        struct step s = steps_draw_step(&random);
        int kind = kind_of(&random, i);

        if (i < N_STEPS / 6)
            s.what = i % 3 == 0 ? STEP_MKDIR : i % 3 == 1 ? STEP_CREATE : STEP_WRITE;
        if (kind == COMMIT)
            commit(v, e, i);
        else if (kind == DELETE)
            delete_oldest(v, e, i);
        else
            steps_do(v, held, &s);
        if (e)
            array_add(&e->origins, cow_dump(v, VOLUME_ORIGIN, 65536, false));
        else if (write(progress_fd, &(char){ 1 }, 1) != 1)
            _exit(1);
    }
    steps_let_go(v, held);
    cow_volume_free(v);
}

static void expect(struct expectation *e, const char *directory)
{
    struct cow_volume *v = open_volume(directory, 0);

    array_add(&e->origins, cow_dump(v, VOLUME_ORIGIN, 65536, false));
    run(v, e, -1);
}

/* ---- checks ---- */

static void check_origin(const struct expectation *e, struct cow_volume *v, int n_done, unsigned at)
{
    char *text = cow_dump(v, VOLUME_ORIGIN, 65536, false);
    bool is_right = strcmp(text, e->origins.items[n_done]) == 0 ||
                    (n_done < N_STEPS && strcmp(text, e->origins.items[n_done + 1]) == 0);

    if (!is_right) {
        fprintf(stderr, "killed before change %u, after %d steps: the origin was\n%s\nand is\n%s\n",
                at, n_done, e->origins.items[n_done], text);
        fail();
    }
    free(text);
}

static void check_snapshots(const struct expectation *e, struct cow_volume *v, int n_done,
                            unsigned at)
{
    bool is_there[N_STEPS + 1] = { false };
    unsigned number;

    for (size_t i = 0; (number = cow_volume_snapshot(v, i, NULL)) != 0; i++) {
        char *text = cow_dump(v, number, 65536, false);

        is_there[number] = true;
        if (strcmp(text, e->snapshots[number]) != 0) {
            fprintf(stderr, "killed before change %u: snapshot %u was\n%s\nand is\n%s\n", at,
                    number, e->snapshots[number], text);
            fail();
        }
        free(text);
    }
    for (number = 1; number <= N_STEPS; number++) {
        if (!e->snapshots[number])
            continue;
        bool was_made = e->made_at[number] < n_done;
        bool was_deleted = e->deleted_at[number] >= 0 && e->deleted_at[number] < n_done;
        bool may_be_going = e->deleted_at[number] == n_done;

        if (was_made && !was_deleted && !may_be_going)
            assert_true(is_there[number]);
        if (was_deleted)
            assert_false(is_there[number]);
    }
}

static void make_directory(char directory[64])
{
    strcpy(directory, access("/dev/shm", W_OK) == 0 ? "/dev/shm/vssemu-test-XXXXXX"
                                                    : "/tmp/vssemu-test-XXXXXX");
    assert_non_null(mkdtemp(directory));
}

static void remove_directory(const char *directory)
{
    assert_int_equal(host_tree_remove(directory), 0);
}

/* Answers how many steps were done; *ret_killed: whether it came to that. */
static int run_until(const char *directory, unsigned change, bool *ret_killed)
{
    char bytes[N_STEPS];
    int pipe_fds[2], status;
    ssize_t n, n_done = 0;

    assert_int_equal(pipe(pipe_fds), 0);
    pid_t pid = fork();
    if (pid == 0) {
        close(pipe_fds[0]);
        run(open_volume(directory, change), NULL, pipe_fds[1]);
        _exit(0);
    }
    close(pipe_fds[1]);
    while ((n = read(pipe_fds[0], bytes, sizeof(bytes))) > 0)
        n_done += n;
    close(pipe_fds[0]);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    *ret_killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
    assert_true(*ret_killed || (WIFEXITED(status) && WEXITSTATUS(status) == 0));
    return (int)n_done;
}

static void nothing_is_lost_by_kill_before_any_change(void **state)
{
    struct expectation e = { 0 };
    char directory[64];
    bool is_killed = true;
    unsigned at = 0;

    (void)state;
    if (geteuid() != 0)
        skip(); /* files of others are made */
    if (getenv("TEST_SIZES"))
        skip(); /* hundreds of processes */
    make_directory(directory);
    expect(&e, directory);
    remove_directory(directory);
    while (is_killed) {
        make_directory(directory);
        int n_done = run_until(directory, ++at, &is_killed);
        struct cow_volume *v = open_volume(directory, 0);

        check_origin(&e, v, n_done, at);
        check_snapshots(&e, v, n_done, at);
        cow_volume_free(v);
        remove_directory(directory);
    }
    assert_true(at > 100);
    for (size_t i = 0; i < e.origins.count; i++)
        free(e.origins.items[i]);
    array_free(&e.origins);
    for (unsigned number = 0; number <= N_STEPS; number++)
        free(e.snapshots[number]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_lost_by_kill_before_any_change),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
