/* SPDX-License-Identifier: MIT */
/* A database on a mounted volume, written without pause: in each snapshot it is whole and its
 * invariant holds. SQLITE_SNAPSHOTS=N makes N of them. */
#include "tests/support/cmocka_vss.h"

#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "tests/fuse/mounted_volume.h"

#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define N_ACCOUNTS 200
#define TOTAL      200000

static void run(sqlite3 *db, const char *sql)
{
    char *error = NULL;

    if (sqlite3_exec(db, sql, NULL, NULL, &error) != SQLITE_OK) {
        fprintf(stderr, "%s: %s\n", sql, error);
        _exit(1);
    }
}

static sqlite3 *create_database(const char *path, const char *journal)
{
    char *sql =
        str_printf("PRAGMA journal_mode=%s; PRAGMA synchronous=NORMAL;"
                   "CREATE TABLE account(id INTEGER PRIMARY KEY, balance INTEGER, note TEXT);"
                   "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<%d)"
                   " INSERT INTO account SELECT i, %d, hex(randomblob(200)) FROM n",
                   journal, N_ACCOUNTS, TOTAL / N_ACCOUNTS);
    sqlite3 *db;

    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    run(db, sql);
    free(sql);
    return db;
}

/* Moves money for ever; says once over the pipe that it has begun. */
static void write_for_ever(const char *path, int said)
{
    sqlite3 *db;

    if (sqlite3_open(path, &db) != SQLITE_OK)
        _exit(1);
    for (unsigned i = 0;; i++) {
        char *sql = str_printf(
            "BEGIN; UPDATE account SET balance=balance-7, note=hex(randomblob(200)) WHERE id=%u;"
            "UPDATE account SET balance=balance+7 WHERE id=%u; COMMIT",
            i * 7919 % N_ACCOUNTS + 1, i * 104729 % N_ACCOUNTS + 1);

        run(db, sql);
        free(sql);
        if (i == 3 && write(said, "1", 1) != 1)
            _exit(1);
    }
}

static void copy_file(const char *from, const char *to)
{
    int in = open(from, O_RDONLY), out = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    char buffer[65536];
    ssize_t n;

    unlink(in < 0 ? to : "");
    while (in >= 0 && (n = read(in, buffer, sizeof(buffer))) > 0)
        assert_int_equal(write(out, buffer, (size_t)n), n);
    if (in >= 0)
        close(in);
    close(out);
}

static int keep_text(void *arg, int n, char **values, char **names)
{
    (void)names;
    for (int i = 0; i < n; i++)
        str_addf(arg, "%s ", values[i]);
    return 0;
}

/* Copies the database with its journals, as a backup does, and opens the copy. */
static void assert_database_is_whole(const struct mounted_volume *m, unsigned view,
                                     const char *journal)
{
    static const char *const suffixes[] = { "", "-wal", "-journal" };
    char from[256], to[256], copy[128];
    struct str answer = { 0 };
    sqlite3 *db;

    snprintf(copy, sizeof(copy), "%s/../vssemu-copy-%d.db", m->directory, (int)getpid());
    for (size_t i = 0; i < 3; i++) {
        char name[32];

        snprintf(name, sizeof(name), "bank.db%s", suffixes[i]);
        snprintf(to, sizeof(to), "%s%s", copy, suffixes[i]);
        copy_file(mounted_path(m, view, name, from), to);
    }
    assert_int_equal(sqlite3_open(copy, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "PRAGMA integrity_check; SELECT sum(balance) FROM account",
                                  keep_text, &answer, NULL),
                     SQLITE_OK);
    if (strcmp(answer.text, "ok 200000 ") != 0)
        fprintf(stderr, "%s, snapshot %u: %s\n", journal, view, answer.text);
    assert_string_equal(answer.text, "ok 200000 ");
    str_free(&answer);
    sqlite3_close(db);
    for (size_t i = 0; i < 3; i++) {
        snprintf(to, sizeof(to), "%s%s", copy, suffixes[i]);
        unlink(to);
    }
}

static void database_survives(const char *journal)
{
    const char *wanted = getenv("SQLITE_SNAPSHOTS");
    int n = wanted ? atoi(wanted) : 10;
    struct mounted_volume m;
    char path[256], byte;
    int said[2];

    mounted_volume_begin(&m, true);
    sqlite3_close(create_database(mounted_path(&m, 0, "bank.db", path), journal));
    assert_int_equal(pipe(said), 0);
    pid_t child = fork();

    if (child == 0)
        write_for_ever(path, said[1]);
    assert_int_equal(read(said[0], &byte, 1), 1);
    for (int i = 0; i < n; i++) {
        unsigned number = mounted_volume_snapshot(&m);

        assert_database_is_whole(&m, number, journal);
        if (i % 3)
            assert_int_equal(mounted_volume_delete(&m, number), 0);
    }
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, NULL, 0), child);
    close(said[0]);
    close(said[1]);
    mounted_volume_end(&m);
}

static void database_with_a_rollback_journal_is_whole_in_every_snapshot(void **state)
{
    (void)state;
    database_survives("DELETE");
}

static void database_with_a_write_ahead_log_is_whole_in_every_snapshot(void **state)
{
    (void)state;
    database_survives("WAL");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(database_with_a_rollback_journal_is_whole_in_every_snapshot),
        cmocka_unit_test(database_with_a_write_ahead_log_is_whole_in_every_snapshot),
    };

    skip_without_fuse();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
