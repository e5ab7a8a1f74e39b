// SPDX-License-Identifier: MIT
// A writer whose start may fail: out of memory, a service that is not there yet. The bug: the
// result of Initialize is not looked at, and that of Subscribe only written into the log. The
// program waits for events that never come, and its data is in no backup.
#include <windows.h>
#include "kit/writer.h"

class Writer : public LedgerWriter
{
  public:
    explicit Writer(Ledger &ledger) : LedgerWriter(ledger) {}
};

static HRESULT ServeOnceMore(Ledger &ledger)
{
    Writer writer(ledger);

#ifdef PLANTED
    writer.Initialize();
    HRESULT hr = writer.Subscribe();
    wprintf(L"ledger: Subscribe 0x%08lx\n", hr);
    WaitForSingleObject(g_stop, INFINITE);
    writer.Unsubscribe();
    return S_OK;
#else
    HRESULT hr = writer.Initialize();
    if (SUCCEEDED(hr))
        hr = writer.Subscribe();
    wprintf(L"ledger: Subscribe 0x%08lx\n", hr);
    if (FAILED(hr))
        return hr;
    WaitForSingleObject(g_stop, INFINITE);
    return writer.Unsubscribe();
#endif
}

int wmain(int, wchar_t *[])
{
    Ledger ledger(1000);

    return WriterMain(ledger, ServeOnceMore);
}
