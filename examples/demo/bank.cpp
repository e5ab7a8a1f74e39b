/* SPDX-License-Identifier: MIT */
/* The bank of bank.h. The invariant: all balances together are what was there in the beginning, and
 * the journal has exactly as many rows as the counter says. Both change in one transaction. */
#include "bank.h"

#include <stdio.h>

static const int n_accounts = 1000;
static const int first_balance = 1000;
/* Longer than any freeze. */
static const int patience_ms = 90000;

static bool Execute(sqlite3 *connection, const char *sql)
{
    return sqlite3_exec(connection, sql, NULL, NULL, NULL) == SQLITE_OK;
}

static sqlite3 *Open(const std::string &path, int flags)
{
    sqlite3 *connection = NULL;

    if (sqlite3_open_v2(path.c_str(), &connection, flags | SQLITE_OPEN_FULLMUTEX, NULL) ==
            SQLITE_OK &&
        Execute(connection, "PRAGMA temp_store = memory")) {
        sqlite3_busy_timeout(connection, patience_ms);
        return connection;
    }
    fprintf(stderr, "demo: cannot open %s: %s\n", path.c_str(), sqlite3_errmsg(connection));
    sqlite3_close(connection);
    return NULL;
}

bool Bank::Create()
{
    sqlite3 *connection = Open(opened_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    char fill[256];

    if (!connection)
        return false;
    snprintf(fill, sizeof(fill),
             "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) "
             "INSERT INTO account SELECT i, %d FROM n",
             n_accounts, first_balance);
    bool is_done =
        Execute(connection, "PRAGMA journal_mode = wal") &&
        Execute(connection, "PRAGMA synchronous = normal") &&
        Execute(connection,
                "CREATE TABLE account(id INTEGER PRIMARY KEY, balance INTEGER NOT NULL)") &&
        Execute(connection, "CREATE TABLE journal(id INTEGER PRIMARY KEY, payer INTEGER, "
                            "payee INTEGER, amount INTEGER)") &&
        Execute(connection, "CREATE TABLE counter(n INTEGER NOT NULL)") &&
        Execute(connection, "INSERT INTO counter VALUES(0)") && Execute(connection, fill);
    if (!is_done)
        fprintf(stderr, "demo: cannot create the bank: %s\n", sqlite3_errmsg(connection));
    sqlite3_close(connection);
    return is_done;
}

bool Bank::Transfer(sqlite3 *connection)
{
    char sql[512];

    seed_ = seed_ * 1103515245u + 12345u;
    int payer = (int)(seed_ >> 16) % n_accounts + 1;
    seed_ = seed_ * 1103515245u + 12345u;
    int payee = (int)(seed_ >> 16) % n_accounts + 1;
    int amount = (int)(seed_ >> 8) % 100;
    snprintf(sql, sizeof(sql),
             "UPDATE account SET balance = balance - %d WHERE id = %d;"
             "UPDATE account SET balance = balance + %d WHERE id = %d;"
             "INSERT INTO journal(payer, payee, amount) VALUES(%d, %d, %d);"
             "UPDATE counter SET n = n + 1",
             amount, payer, amount, payee, payer, payee, amount);
    /* The writer of the database holds this lock from Freeze to Thaw. */
    return Execute(connection, "BEGIN IMMEDIATE") && Execute(connection, sql) &&
           Execute(connection, "COMMIT");
}

DWORD WINAPI Bank::Main(void *self)
{
    Bank *bank = static_cast<Bank *>(self);
    sqlite3 *connection = Open(bank->opened_, SQLITE_OPEN_READWRITE);

    if (!connection)
        InterlockedExchange(&bank->has_failed_, 1);
    while (connection && !InterlockedOr(&bank->stop_, 0)) {
        if (!bank->Transfer(connection)) {
            fprintf(stderr, "demo: a transfer failed: %s\n", sqlite3_errmsg(connection));
            InterlockedExchange(&bank->has_failed_, 1);
            break;
        }
        InterlockedIncrement(&bank->n_transfers_);
        if (bank->pause_ms_)
            Sleep(bank->pause_ms_);
    }
    sqlite3_close(connection);
    return 0;
}

void Bank::Start(unsigned pause_ms)
{
    pause_ms_ = pause_ms;
    stop_ = 0;
    thread_ = CreateThread(NULL, 0, Main, this, 0, NULL);
}

bool Bank::Stop()
{
    InterlockedExchange(&stop_, 1);
    if (thread_) {
        WaitForSingleObject(thread_, INFINITE);
        CloseHandle(thread_);
        thread_ = NULL;
    }
    return !has_failed_;
}

void Bank::Await(long n) const
{
    long before = Transfers();

    for (int i = 0; i < 10000 && Transfers() < before + n; i++)
        Sleep(1);
}

/* ---- looking at a database ---- */

/* A path as SQLite's URI, for the promise that the file does not change. */
static std::string StillUri(const std::string &path)
{
    std::string uri = "file:";

    for (unsigned char c : path) {
        if (c == '?' || c == '#' || c == '%' || c == '\\') {
            char escaped[4];

            snprintf(escaped, sizeof(escaped), "%%%02x", c);
            uri += escaped;
        } else {
            uri += (char)c;
        }
    }
    return uri + "?immutable=1";
}

static std::string Ask(sqlite3 *connection, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    std::string answer;

    if (sqlite3_prepare_v2(connection, sql, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW && sqlite3_column_text(statement, 0))
        answer = reinterpret_cast<const char *>(sqlite3_column_text(statement, 0));
    else
        answer = std::string("error: ") + sqlite3_errmsg(connection);
    sqlite3_finalize(statement);
    return answer;
}

BankCheck CheckBank(const std::string &opened, bool is_still)
{
    BankCheck check = { false, false, false, 0, "" };
    sqlite3 *connection = is_still ? Open(StillUri(opened), SQLITE_OPEN_READONLY | SQLITE_OPEN_URI)
                                   : Open(opened, SQLITE_OPEN_READWRITE);
    char money[32];

    if (!connection) {
        check.complaint = "it cannot be opened";
        return check;
    }
    snprintf(money, sizeof(money), "%d", n_accounts * first_balance);
    std::string integrity = Ask(connection, "PRAGMA integrity_check");
    std::string sum = Ask(connection, "SELECT sum(balance) FROM account");
    std::string rows = Ask(connection, "SELECT count(*) FROM journal");
    std::string counted = Ask(connection, "SELECT n FROM counter");
    sqlite3_close(connection);
    check.n_transfers = atol(rows.c_str());
    if (integrity != "ok")
        check.complaint = "integrity_check says " + integrity;
    else if (sum != money)
        check.complaint = "the balances sum up to " + sum;
    else if (rows != counted)
        check.complaint = rows + " journal rows, but the counter says " + counted;
    check.is_whole = integrity == "ok";
    check.is_balanced = sum == money && rows == counted;
    check.is_sound = check.is_whole && check.is_balanced;
    return check;
}
