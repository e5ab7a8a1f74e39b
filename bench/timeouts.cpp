// SPDX-License-Identifier: MIT
// The three time limits of VSS, missed by a native writer whose handlers really call Sleep: the
// 60 seconds of a writer's freeze, the 10 seconds of flush and hold, the 10 minutes of any other
// handler. Each world is made, backed up in, looked at and thrown away.
//
//   timeouts KIND N    freeze, hold or handler, N times; bench/timeouts.py measures it
//   timeouts           each once: the exit code says whether all was as it should be
#include <windows.h>
#include <vss.h>
#include <vswriter.h>
#include <vsbackup.h>
#include <vssemu.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const VSS_ID writerId = {
    0x0c1d5e1a, 0x77a2, 0x4be1, { 0x8f, 0x10, 0x5b, 0x3a, 0x4b, 0x8f, 0x2d, 0x21 }
};

class SleepyWriter : public CVssWriter
{
  public:
    SleepyWriter(DWORD prepare, DWORD freeze) : prepare_(prepare), freeze_(freeze) {}
    HRESULT Begin()
    {
        HRESULT hr = Initialize(writerId, L"Sleepy Writer", VSS_UT_USERDATA, VSS_ST_OTHER);
        return SUCCEEDED(hr) ? Subscribe() : hr;
    }
    void End() { Unsubscribe(); }
    bool STDMETHODCALLTYPE OnIdentify(IVssCreateWriterMetadata *metadata) override
    {
        return SUCCEEDED(metadata->AddComponent(VSS_CT_FILEGROUP, NULL, L"data", NULL, NULL, 0,
                                                false, false, true));
    }
    bool STDMETHODCALLTYPE OnPrepareSnapshot() override { return Rest(prepare_); }
    bool STDMETHODCALLTYPE OnFreeze() override { return Rest(freeze_); }
    bool STDMETHODCALLTYPE OnThaw() override { return true; }
    bool STDMETHODCALLTYPE OnAbort() override { return true; }

  private:
    static bool Rest(DWORD ms)
    {
        Sleep(ms);
        return true;
    }
    DWORD prepare_, freeze_;
};

static const struct Kind {
    const char *name;
    DWORD prepare, freeze; // how long the handlers sleep, ms
    const char *fault;     // NULL: none
    HRESULT result;        // of the backup up to DoSnapshotSet
    HRESULT failure;       // of the writer
    int64_t at_least;      // of the world's time that passes, ms
} kinds[] = {
    { "freeze", 0, 61000, NULL, S_OK, VSS_E_WRITERERROR_TIMEOUT, 60000 },
    { "hold", 100, 1000, "provider=* call=CommitSnapshots do=delay for=11s",
      VSS_E_HOLD_WRITES_TIMEOUT, S_OK, 11000 },
    { "handler", 601000, 0, NULL, S_OK, VSS_E_WRITER_NOT_RESPONDING, 600000 },
};

static bool Run(const Kind &kind)
{
    vssemu_world *world = vssemu_world_new(NULL);
    SleepyWriter writer(kind.prepare, kind.freeze);
    bool good = vssemu_add_volume(world, "C:", NULL) && writer.Begin() == S_OK &&
                (!kind.fault || vssemu_add_fault(world, kind.fault));
    HRESULT hr = vssemu_backup(world, VSSEMU_POST_SNAPSHOT);
    HRESULT failure = vssemu_writer_failure(world, "Sleepy Writer");

    if (!good || hr != kind.result || failure != kind.failure ||
        vssemu_now_ms(world) < kind.at_least) {
        fprintf(stderr, "%s: %s\n", kind.name, vssemu_result_name(hr));
        fprintf(stderr, "    the writer: %s, after %lld ms\n", vssemu_result_name(failure),
                (long long)vssemu_now_ms(world));
        good = false;
    }
    vssemu_requester_dies(world);
    writer.End();
    return !vssemu_world_free(world) && good;
}

int main(int argc, char **argv)
{
    int n = argc > 2 ? atoi(argv[2]) : 1;
    bool good = true;

    for (const Kind &kind : kinds) {
        if (argc > 1 && strcmp(argv[1], kind.name))
            continue;
        for (int i = 0; i < n; i++)
            good = Run(kind) && good;
    }
    return good ? 0 : 1;
}
