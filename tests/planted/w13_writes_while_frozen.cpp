// SPDX-License-Identifier: MIT
// A writer with a second thread: a heartbeat appends an empty record now and then. The bug: it
// does not know of the gate. What it writes between Freeze and the copy is in the shadow copy,
// behind the record that was the last at Freeze.
#include <windows.h>
#include "kit/writer.h"

class BeatingLedger : public Ledger
{
  public:
    BeatingLedger() : m_beat(NULL) {}

    bool StartBeat()
    {
        m_beat = CreateThread(NULL, 0, Beat, this, 0, NULL);
        return m_beat != NULL;
    }

    void WaitForBeat()
    {
        WaitForSingleObject(m_beat, INFINITE);
        CloseHandle(m_beat);
    }

  private:
    static DWORD WINAPI Beat(LPVOID self)
    {
        BeatingLedger *ledger = static_cast<BeatingLedger *>(self);

        while (WaitForSingleObject(g_stop, 50) == WAIT_TIMEOUT) {
#ifdef PLANTED
            Lock lock(ledger->m_lock);
            ledger->Write();
#else
            ledger->Append();
#endif
        }
        return 0;
    }

    HANDLE m_beat;
};

class Writer : public LedgerWriter
{
  public:
    explicit Writer(Ledger &ledger) : LedgerWriter(ledger) {}
};

static HRESULT ServeWithBeat(Ledger &ledger)
{
    BeatingLedger &beating = static_cast<BeatingLedger &>(ledger);

    if (!beating.StartBeat())
        return HRESULT_FROM_WIN32(GetLastError());
    HRESULT hr = Serve<Writer>(ledger);
    SetEvent(g_stop);
    beating.WaitForBeat();
    return hr;
}

int wmain(int, wchar_t *[])
{
    BeatingLedger ledger;

    return WriterMain(ledger, ServeWithBeat);
}
