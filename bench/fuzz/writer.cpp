// SPDX-License-Identifier: MIT
// The ledger of tests/planted with its correct writer, in three threads: the program's, the
// writer's, and one that keeps the ledger. That one writes once a second; compiled with PACE=20,
// fifty times as often.
#include <windows.h>
#include "kit/writer.h"

#ifndef PACE
#define PACE 1000
#endif

class Writer : public LedgerWriter
{
  public:
    explicit Writer(Ledger &ledger) : LedgerWriter(ledger) {}
};

int wmain(int, wchar_t *[])
{
    Ledger ledger(PACE);

    return WriterMain(ledger, Serve<Writer>);
}
