/* SPDX-License-Identifier: MIT */
/* The demo's application: a bank in SQLite whose money never changes in sum, and a thread that
 * moves money about as fast as it can. A database is named as SQLite opens it: by its Windows path,
 * or by that of the host where its volume is mounted. */
#pragma once

#include <sqlite3.h>
#include <string>
#include <windows.h>

class Bank
{
  public:
    explicit Bank(const std::string &opened) : opened_(opened) {}

    bool Create();
    /* Transfers go on until Stop, with a pause after each (for virtual clocks). */
    void Start(unsigned pause_ms);
    /* False when a transfer failed for another reason than waiting. */
    bool Stop();
    /* Returns when n more transfers are in the database, or after ten seconds. */
    void Await(long n) const;
    long Transfers() const { return InterlockedOr(const_cast<volatile LONG *>(&n_transfers_), 0); }

  private:
    static DWORD WINAPI Main(void *self);
    bool Transfer(sqlite3 *connection);

    std::string opened_;
    unsigned pause_ms_ = 0;
    HANDLE thread_ = NULL;
    volatile LONG stop_ = 0;
    volatile LONG has_failed_ = 0;
    volatile LONG n_transfers_ = 0;
    unsigned seed_ = 12345;
};

/* What is in a database, looked at from outside. is_still: nobody writes it and its log holds
 * nothing, as in a snapshot. */
struct BankCheck {
    bool is_whole;         /* integrity_check says ok */
    bool is_balanced;      /* the invariant: the money is all there, every transfer was counted */
    bool is_sound;         /* both */
    long n_transfers;      /* that it knows of */
    std::string complaint; /* what is wrong */
};
BankCheck CheckBank(const std::string &opened, bool is_still);
