// SPDX-License-Identifier: MIT
// A class derived from CVssWriter in a world of the test's own (vssemu.h), from C++: it meets the
// requester without a launcher, keeps a thread that competes for its lock, and throws where it must
// not. Learn: "CVssWriter class".
#include "expect.h"

#include <windows.h>
#include <vss.h>
#include <vswriter.h>
#include <vsbackup.h>
#include <vssemu.h>

#include <mutex>
#include <string>
#include <thread>

// {7b1c6f0a-3f25-4c55-9f0e-5a3a4b8f2d11}
static const VSS_ID writerId = {
    0x7b1c6f0a, 0x3f25, 0x4c55, { 0x9f, 0x0e, 0x5a, 0x3a, 0x4b, 0x8f, 0x2d, 0x11 }
};

class LedgerWriter : public CVssWriter
{
  public:
    HRESULT Begin()
    {
        HRESULT hr = Initialize(writerId, L"Ledger Writer", VSS_UT_USERDATA, VSS_ST_OTHER);
        return SUCCEEDED(hr) ? Subscribe() : hr;
    }
    void End() { Unsubscribe(); }

    bool STDMETHODCALLTYPE OnIdentify(IVssCreateWriterMetadata *pMetadata) override
    {
        return SUCCEEDED(pMetadata->AddComponent(VSS_CT_FILEGROUP, NULL, L"ledger", NULL, NULL, 0,
                                                 false, false, true)) &&
               SUCCEEDED(pMetadata->AddFilesToFileGroup(NULL, L"ledger", L"C:\\ledger", L"*", true,
                                                        NULL));
    }
    bool STDMETHODCALLTYPE OnPrepareSnapshot() override
    {
        affected = IsPathAffected(L"C:\\ledger\\book.txt") && !IsPathAffected(L"D:\\other");
        return true;
    }
    bool STDMETHODCALLTYPE OnFreeze() override
    {
        if (throws)
            throw std::wstring(L"no handler may do this");
        held.lock();
        frozen = true;
        return true;
    }
    bool STDMETHODCALLTYPE OnThaw() override { return Release(); }
    bool STDMETHODCALLTYPE OnAbort() override { return Release(); }

    // Turns pages until told to stop; never while frozen.
    void Work()
    {
        while (!stop) {
            std::lock_guard<std::mutex> guard(held);
            if (frozen)
                brokenPromise = true;
            pages++;
            Sleep(1);
        }
    }

    std::mutex held;
    bool affected = false, throws = false, frozen = false, brokenPromise = false;
    volatile bool stop = false;
    int pages = 0;

  private:
    bool Release()
    {
        if (frozen) {
            frozen = false;
            held.unlock();
        }
        return true;
    }
};

static void writer_with_a_thread_of_its_own_is_backed_up()
{
    vssemu_world *w = vssemu_world_new(NULL);
    LedgerWriter writer;

    EXPECT(vssemu_add_volume(w, "C:", NULL));
    EXPECT(vssemu_file_write(w, "C:\\ledger\\book.txt", "1", 1));
    EXPECT(writer.Begin() == S_OK);
    std::thread worker(&LedgerWriter::Work, &writer);
    EXPECT(vssemu_backup(w, VSSEMU_FREEZE) == S_OK);
    EXPECT(vssemu_writer_state(w, "Ledger Writer") == VSS_WS_WAITING_FOR_THAW);
    EXPECT(writer.frozen);
    EXPECT(writer.affected);
    EXPECT(vssemu_backup(w, VSSEMU_END) == S_OK);
    writer.stop = true;
    worker.join();
    EXPECT(!writer.brokenPromise);
    EXPECT(std::string(vssemu_writer_events(w, "Ledger Writer")) ==
           "Identify PrepareForBackup PrepareForSnapshot Freeze Thaw PostSnapshot BackupComplete "
           "BackupShutdown");
    writer.End();
    EXPECT(vssemu_world_free(w) == 0);
}

// Windows forbids an exception to leave a handler; here it is a veto that cannot be retried.
static void exception_that_leaves_a_handler_is_a_veto()
{
    vssemu_world *w = vssemu_world_new(NULL);
    LedgerWriter writer;

    EXPECT(vssemu_add_volume(w, "C:", NULL));
    EXPECT(vssemu_file_write(w, "C:\\ledger\\book.txt", "1", 1));
    writer.throws = true;
    EXPECT(writer.Begin() == S_OK);
    EXPECT(vssemu_backup(w, VSSEMU_POST_SNAPSHOT) == S_OK);
    EXPECT(vssemu_writer_state(w, "Ledger Writer") == VSS_WS_FAILED_AT_FREEZE);
    EXPECT(vssemu_writer_failure(w, "Ledger Writer") == VSS_E_WRITERERROR_NONRETRYABLE);
    EXPECT(vssemu_backup(w, VSSEMU_END) == S_OK);
    writer.End();
    EXPECT(vssemu_world_free(w) == 0);
}

int main()
{
    writer_with_a_thread_of_its_own_is_backed_up();
    exception_that_leaves_a_handler_is_a_veto();
    return expect_result();
}
