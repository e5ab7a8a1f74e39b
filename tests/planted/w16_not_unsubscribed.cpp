// SPDX-License-Identifier: MIT
// A writer in an object that the program makes and deletes itself. The bug: it is deleted while
// it is subscribed, so that an event may reach memory that is no longer a writer.
#include <windows.h>
#include "kit/writer.h"

class Writer : public LedgerWriter
{
  public:
    explicit Writer(Ledger &ledger) : LedgerWriter(ledger), m_isSubscribed(false) {}

    HRESULT Begin()
    {
        HRESULT hr = Initialize();

        if (SUCCEEDED(hr))
            hr = Subscribe();
        m_isSubscribed = SUCCEEDED(hr);
        return hr;
    }

    HRESULT End()
    {
        HRESULT hr = S_OK;

#ifndef PLANTED
        if (m_isSubscribed)
            hr = Unsubscribe();
#endif
        m_isSubscribed = false;
        return hr;
    }

  private:
    bool m_isSubscribed;
};

static HRESULT ServeFromHeap(Ledger &ledger)
{
    Writer *writer = new Writer(ledger);
    HRESULT hr = writer->Begin();

    if (SUCCEEDED(hr)) {
        WaitForSingleObject(g_stop, INFINITE);
        hr = writer->End();
    }
    delete writer;
    return hr;
}

int wmain(int, wchar_t *[])
{
    Ledger ledger;

    return WriterMain(ledger, ServeFromHeap);
}
