// SPDX-License-Identifier: MIT
// Two threads that fight for a std::mutex and for the write lock of an SQLite database, one with
// the other held: nobody may wait for real time or keep the turn while it waits. Usage: contention
// SEED
extern "C" {
#include "fakes/linux/vthread.h"
#include "fakes/world/vsched.h"
}

#include <sqlite3.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <string>
#include <thread>

static std::mutex mutex;

static void must(int result, sqlite3 *db)
{
    if (result == SQLITE_OK)
        return;
    fprintf(stderr, "sqlite: %s\n", sqlite3_errmsg(db));
    abort();
}

static void add_rows(const std::string &path, int who)
{
    sqlite3 *db;

    must(sqlite3_open(path.c_str(), &db), db);
    must(sqlite3_busy_timeout(db, 60000), db);
    must(sqlite3_exec(db, "PRAGMA synchronous=OFF", nullptr, nullptr, nullptr), db);
    for (int i = 0; i < 20; i++) {
        must(sqlite3_exec(db, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), db);
        {
            std::lock_guard<std::mutex> hold(mutex);
            std::this_thread::sleep_for(std::chrono::milliseconds(3));
            must(sqlite3_exec(db, "UPDATE t SET n = n + 1", nullptr, nullptr, nullptr), db);
        }
        must(sqlite3_exec(db, "COMMIT", nullptr, nullptr, nullptr), db);
        printf("%lld %d committed %d\n",
               (long long)std::chrono::steady_clock::now().time_since_epoch().count(), who, i);
        std::lock_guard<std::mutex> hold(mutex);
        std::this_thread::sleep_for(std::chrono::microseconds(500));
    }
    sqlite3_close(db);
}

static int print_row(void *, int, char **values, char **)
{
    printf("n = %s\n", values[0]);
    return 0;
}

int main(int argc, char **argv)
{
    struct vsched *vs = vsched_new(argc > 1 ? strtoull(argv[1], nullptr, 10) : 1, nullptr);
    char path[] = "contention-XXXXXX";
    sqlite3 *db;

    int fd = mkstemp(path);
    must(sqlite3_open(path, &db), db);
    must(sqlite3_exec(db, "CREATE TABLE t(n); INSERT INTO t VALUES(0)", nullptr, nullptr, nullptr),
         db);
    vthread_activate(vs);
    std::thread a(add_rows, path, 0), b(add_rows, path, 1);
    a.join();
    b.join();
    must(sqlite3_exec(db, "SELECT n FROM t", print_row, nullptr, nullptr), db);
    sqlite3_close(db);
    vthread_deactivate();
    vsched_free(vs);
    unlink(path);
    return fd < 0;
}
