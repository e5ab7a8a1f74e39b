// SPDX-License-Identifier: MIT
// Rules that only a class derived from CVssWriter can break, each beside its correct twin. Learn:
// "CVssWriter::Unsubscribe", "Writers". The other rules: tests/scenario/test_findings_*.c.
#include "expect.h"

#include <windows.h>
#include <vss.h>
#include <vswriter.h>
#include <vsbackup.h>
#include <vssemu.h>

#include <stdio.h>
#include <stdlib.h>

#include <stdexcept>
#include <string>

// {7b1c6f0a-3f25-4c55-9f0e-5a3a4b8f2d12}
static const VSS_ID writerId = {
    0x7b1c6f0a, 0x3f25, 0x4c55, { 0x9f, 0x0e, 0x5a, 0x3a, 0x4b, 0x8f, 0x2d, 0x12 }
};

enum Answer { AGREES, THROWS, FAILS };

class NotesWriter : public CVssWriter
{
  public:
    HRESULT Begin()
    {
        HRESULT hr = Initialize(writerId, L"Notes", VSS_UT_USERDATA, VSS_ST_OTHER);
        return SUCCEEDED(hr) ? Subscribe() : hr;
    }
    bool STDMETHODCALLTYPE OnIdentify(IVssCreateWriterMetadata *m) override
    {
        return SUCCEEDED(m->AddComponent(VSS_CT_FILEGROUP, NULL, L"notes", NULL, NULL, 0, false,
                                         false, true)) &&
               SUCCEEDED(m->AddFilesToFileGroup(NULL, L"notes", L"C:\\notes", L"*", true, NULL)) &&
               SUCCEEDED(m->SetRestoreMethod(VSS_RME_RESTORE_IF_CAN_REPLACE, NULL, NULL,
                                             VSS_WRE_ALWAYS, false));
    }
    bool STDMETHODCALLTYPE OnPrepareSnapshot() override { return true; }
    bool STDMETHODCALLTYPE OnFreeze() override
    {
        if (answer == THROWS)
            throw std::runtime_error("busy");
        if (answer == FAILS)
            SetWriterFailure(VSS_E_WRITERERROR_RETRYABLE);
        return answer == AGREES;
    }
    bool STDMETHODCALLTYPE OnThaw() override { return true; }
    bool STDMETHODCALLTYPE OnAbort() override { return true; }

    Answer answer = AGREES;
};

static const struct Row {
    const char *rule, *call;
    Answer wrong, right;
    bool leavesSubscribed; // the wrong one is destroyed without Unsubscribe
} rows[] = {
    { "handler-exception", "OnFreeze", THROWS, FAILS, false },
    { "writer-not-unsubscribed", "destructor", AGREES, AGREES, true },
};

static vssemu_world *play(Answer answer, bool leavesSubscribed)
{
    vssemu_world *w = vssemu_world_new(NULL);
    NotesWriter *writer = new NotesWriter;

    EXPECT(vssemu_add_volume(w, "C:", NULL));
    writer->answer = answer;
    EXPECT(writer->Begin() == S_OK);
    EXPECT(vssemu_backup(w, VSSEMU_END) == S_OK);
    if (!leavesSubscribed)
        EXPECT(writer->Unsubscribe() == S_OK);
    delete writer;
    return w;
}

static void shown(const char *rule)
{
    const char *path = getenv("VSSEMU_FINDINGS_SHOWN");
    FILE *file = path ? fopen(path, "a") : NULL;

    if (!file)
        return;
    fprintf(file, "%s\n", rule);
    fclose(file);
}

static void expect_alone(vssemu_world *w, const Row &row)
{
    struct vssemu_finding f = {};
    bool isSeen = vssemu_finding(w, 0, &f);

    EXPECT(isSeen && std::string(f.rule) == row.rule && std::string(f.level) == "must");
    EXPECT(isSeen && std::string(f.who) == "writer Notes" && std::string(f.call) == row.call);
    EXPECT(!vssemu_finding(w, 1, &f));
    if (isSeen && std::string(f.rule) == row.rule)
        shown(row.rule);
    else
        fputs(vssemu_findings(w), stderr);
}

int main()
{
    for (const Row &row : rows) {
        vssemu_world *w = play(row.wrong, row.leavesSubscribed);

        expect_alone(w, row);
        EXPECT(vssemu_world_free(w) == 0);
        w = play(row.right, false);
        EXPECT(std::string(vssemu_findings(w)).empty());
        EXPECT(vssemu_world_free(w) == 0);
    }
    return expect_result();
}
