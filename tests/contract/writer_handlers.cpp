// SPDX-License-Identifier: MIT
// Each handler of CVssWriter: what becomes of the writer when it agrees, and when it does not.
// Learn: "CVssWriter::OnIdentify" and the other handlers, "VSS_WRITER_STATE".
#include "stage.h"

#include <cstring>
#include <string>

namespace
{

const VSS_ID class_id = {
    0x7e57ab1e, 0x57a6, 0x4e00, { 0xb0, 0xa2, 0x0c, 0x0f, 0xfe, 0xe0, 0xc0, 0xdf }
};

// Agrees to everything but one handler, whose failure it reports as its page says. `Base` is the
// class whose OnIdentify or OnIdentifyEx it overrides.
class Writer : public CVssWriterEx2
{
  public:
    explicit Writer(const char *fails = "")
    {
        m_fails = fails;
        MUST(InitializeEx(class_id, L"Writer", 1, 0, VSS_UT_USERDATA, VSS_ST_OTHER));
        MUST(Subscribe());
    }
    ~Writer() override { Unsubscribe(); }
    bool STDMETHODCALLTYPE OnPrepareBackup(IVssWriterComponents *) override
    {
        return answer("PrepareForBackup");
    }
    bool STDMETHODCALLTYPE OnPrepareSnapshot() override { return answer("PrepareForSnapshot"); }
    bool STDMETHODCALLTYPE OnFreeze() override { return answer("Freeze"); }
    bool STDMETHODCALLTYPE OnThaw() override { return answer("Thaw"); }
    bool STDMETHODCALLTYPE OnAbort() override { return answer("Abort"); }
    bool STDMETHODCALLTYPE OnPostSnapshot(IVssWriterComponents *) override
    {
        return answer("PostSnapshot");
    }
    bool STDMETHODCALLTYPE OnBackupComplete(IVssWriterComponents *) override
    {
        return answer("BackupComplete");
    }
    bool STDMETHODCALLTYPE OnBackupShutdown(VSS_ID) override { return answer("BackupShutdown"); }
    bool STDMETHODCALLTYPE OnPreRestore(IVssWriterComponents *) override
    {
        return answer("PreRestore");
    }
    bool STDMETHODCALLTYPE OnPostRestore(IVssWriterComponents *) override
    {
        return answer("PostRestore");
    }
    std::string heard;

  protected:
    bool answer(const char *event)
    {
        heard += event;
        heard += ' ';
        if (m_fails != event)
            return true;
        if (m_fails != "Identify")
            MUST(SetWriterFailure(VSS_E_WRITERERROR_NONRETRYABLE));
        return false;
    }

    static bool describe(IVssCreateWriterMetadata *m)
    {
        return m->AddComponent(VSS_CT_FILEGROUP, nullptr, L"c", nullptr, nullptr, 0, false, true,
                               true) == S_OK &&
               m->AddFilesToFileGroup(nullptr, L"c", L"C:\\db", L"*", true, nullptr) == S_OK &&
               m->SetRestoreMethod(VSS_RME_RESTORE_IF_CAN_REPLACE, nullptr, nullptr, VSS_WRE_ALWAYS,
                                   false) == S_OK;
    }

  private:
    std::string m_fails;
};

class PlainWriter : public Writer
{
  public:
    using Writer::Writer;
    bool STDMETHODCALLTYPE OnIdentify(IVssCreateWriterMetadata *m) override
    {
        return describe(m) && answer("Identify");
    }
};

class ExWriter : public Writer
{
  public:
    using Writer::Writer;
    bool STDMETHODCALLTYPE OnIdentifyEx(IVssCreateWriterMetadataEx *m) override
    {
        MUST(m->AddExcludeFilesFromSnapshot(L"C:\\db\\cache", L"*", true));
        return describe(m) && answer("Identify");
    }
};

struct World {
    World() : w(vssemu_world_new(nullptr))
    {
        vssemu_add_volume(w, "C:", nullptr);
        vssemu_file_write(w, "C:\\db\\a", "a", 1);
    }
    ~World() { EXPECT(vssemu_world_free(w) == 0); }
    bool is(VSS_WRITER_STATE state) { return vssemu_writer_state(w, "Writer") == state; }
    bool has_failed(VSS_WRITER_STATE state)
    {
        return is(state) && vssemu_writer_failure(w, "Writer") == VSS_E_WRITERERROR_NONRETRYABLE;
    }
    bool heard(const char *events)
    {
        return strcmp(vssemu_writer_events(w, "Writer"), events) == 0;
    }
    struct vssemu_world *w;
};

// Goes to a phase and says in which state the writer is then.
#define AGREES(method, phase, state)                             \
    do {                                                         \
        MUST(vssemu_backup(world.w, phase));                     \
        SHOWS_EFFECT(CVssWriter, method, true, world.is(state)); \
    } while (0)

void a_writer_that_agrees()
{
    World world;
    PlainWriter writer;

    AGREES(OnIdentify, VSSEMU_IDENTIFY, VSS_WS_STABLE);
    AGREES(OnPrepareBackup, VSSEMU_PREPARE_BACKUP, VSS_WS_STABLE);
    AGREES(OnPrepareSnapshot, VSSEMU_PREPARE_SNAPSHOT, VSS_WS_WAITING_FOR_FREEZE);
    AGREES(OnFreeze, VSSEMU_FREEZE, VSS_WS_WAITING_FOR_THAW);
    AGREES(OnThaw, VSSEMU_THAW, VSS_WS_WAITING_FOR_POST_SNAPSHOT);
    AGREES(OnPostSnapshot, VSSEMU_POST_SNAPSHOT, VSS_WS_WAITING_FOR_BACKUP_COMPLETE);
    AGREES(OnBackupComplete, VSSEMU_BACKUP_COMPLETE, VSS_WS_STABLE);
    AGREES(OnBackupShutdown, VSSEMU_END, VSS_WS_STABLE);
    EXPECT(writer.heard == "Identify PrepareForBackup PrepareForSnapshot Freeze Thaw PostSnapshot "
                           "BackupComplete BackupShutdown ");
    MUST(vssemu_restore(world.w, VSSEMU_PRE_RESTORE));
    SHOWS_EFFECT(CVssWriter, OnPreRestore, true, world.is(VSS_WS_STABLE));
    MUST(vssemu_restore(world.w, VSSEMU_POST_RESTORE));
    SHOWS_EFFECT(CVssWriter, OnPostRestore, true, world.is(VSS_WS_STABLE));
    EXPECT(writer.heard.find("PreRestore PostRestore ") != std::string::npos);
}

void identify_ex()
{
    World world;
    ExWriter writer;

    MUST(vssemu_backup(world.w, VSSEMU_PREPARE_BACKUP)); // it has components
    SHOWS_EFFECT(CVssWriterEx, OnIdentifyEx, true, writer.heard == "Identify PrepareForBackup ");
}

// The requester dies while everybody is frozen.
void a_writer_that_agrees_to_abort()
{
    World world;
    PlainWriter writer;

    MUST(vssemu_backup(world.w, VSSEMU_FREEZE));
    vssemu_requester_dies(world.w);
    vssemu_run_for(world.w, 1);
    SHOWS_EFFECT(CVssWriter, OnAbort, true,
                 writer.heard == "Identify PrepareForBackup PrepareForSnapshot Freeze Abort "
                                 "BackupShutdown ");
}

// ---- no ----

template <class AnyWriter> bool is_left_out()
{
    World world;
    AnyWriter writer("Identify");

    vssemu_backup(world.w, VSSEMU_PREPARE_BACKUP);
    return writer.heard == "Identify " && world.is(VSS_WS_FAILED_AT_IDENTIFY);
}

bool fails_backup(const char *event, enum vssemu_until until, VSS_WRITER_STATE state,
                  const char *events)
{
    World world;
    PlainWriter writer(event);

    vssemu_backup(world.w, until);
    return EXPECT(world.has_failed(state)) && EXPECT(world.heard(events));
}

bool fails_restore(const char *event, enum vssemu_until until, VSS_WRITER_STATE state)
{
    World world;
    PlainWriter writer(event);

    MUST(vssemu_backup(world.w, VSSEMU_END));
    vssemu_restore(world.w, until);
    // The state is read off the trace: PostRestore ends the session.
    return EXPECT(world.is(state)) && EXPECT(writer.heard.find("Abort") == std::string::npos);
}

#define BEFORE_FREEZE "Identify PrepareForBackup PrepareForSnapshot "

void writers_that_do_not_agree()
{
    SHOWS_EFFECT(CVssWriter, OnIdentify, false, is_left_out<PlainWriter>());
    SHOWS_EFFECT(CVssWriterEx, OnIdentifyEx, false, is_left_out<ExWriter>());
    SHOWS_EFFECT(CVssWriter, OnPrepareBackup, false,
                 fails_backup("PrepareForBackup", VSSEMU_PREPARE_BACKUP,
                              VSS_WS_FAILED_AT_PREPARE_BACKUP, "Identify PrepareForBackup!"));
    SHOWS_EFFECT(CVssWriter, OnPrepareSnapshot, false,
                 fails_backup("PrepareForSnapshot", VSSEMU_POST_SNAPSHOT,
                              VSS_WS_FAILED_AT_PREPARE_SNAPSHOT,
                              "Identify PrepareForBackup PrepareForSnapshot!"));
    SHOWS_EFFECT(CVssWriter, OnFreeze, false,
                 fails_backup("Freeze", VSSEMU_POST_SNAPSHOT, VSS_WS_FAILED_AT_FREEZE,
                              BEFORE_FREEZE "Freeze! Abort"));
    SHOWS_EFFECT(CVssWriter, OnThaw, false,
                 fails_backup("Thaw", VSSEMU_POST_SNAPSHOT, VSS_WS_FAILED_AT_THAW,
                              BEFORE_FREEZE "Freeze Thaw! Abort"));
    SHOWS_EFFECT(CVssWriter, OnPostSnapshot, false,
                 fails_backup("PostSnapshot", VSSEMU_POST_SNAPSHOT, VSS_WS_FAILED_AT_POST_SNAPSHOT,
                              BEFORE_FREEZE "Freeze Thaw PostSnapshot!"));
    SHOWS_EFFECT(CVssWriter, OnBackupComplete, false,
                 fails_backup("BackupComplete", VSSEMU_BACKUP_COMPLETE,
                              VSS_WS_FAILED_AT_BACKUP_COMPLETE,
                              BEFORE_FREEZE "Freeze Thaw PostSnapshot BackupComplete!"));
    SHOWS_EFFECT(CVssWriter, OnPreRestore, false,
                 fails_restore("PreRestore", VSSEMU_PRE_RESTORE, VSS_WS_FAILED_AT_PRE_RESTORE));
    SHOWS_EFFECT(CVssWriter, OnPostRestore, false,
                 fails_restore("PostRestore", VSSEMU_POST_RESTORE, VSS_WS_FAILED_AT_POST_RESTORE));
}

// No requester is there to see it; the trace does.
void a_shutdown_that_fails()
{
    World world;
    PlainWriter writer("BackupShutdown");

    MUST(vssemu_backup(world.w, VSSEMU_END));
    SHOWS_EFFECT(CVssWriter, OnBackupShutdown, false, world.is(VSS_WS_FAILED_AT_BACKUPSHUTDOWN));
}

// There is no state for a failed Abort; the code is there.
void an_abort_that_fails()
{
    struct stage *stage = stage_open();

    {
        PlainWriter writer("Abort");
        IVssAsync *async = nullptr;
        VSS_ID instance, id;
        BSTR name = nullptr;
        VSS_WRITER_STATE state;
        HRESULT failure = S_OK;

        stage_go(stage, AT_GATHERED);
        MUST(stage->b->SetBackupState(false, false, VSS_BT_FULL, false)); // all writers take part
        stage->next = AT_SET_OPEN;
        stage_go(stage, AT_PREPARED);
        MUST(stage->b->AbortBackup());
        vssemu_run_for(stage->world, 1);
        MUST(stage_finish(stage->b->GatherWriterStatus(&async), &async));
        MUST(stage->b->GetWriterStatus(1, &instance, &id, &name, &state, &failure));
        SHOWS_EFFECT(CVssWriter, OnAbort, false,
                     failure == VSS_E_WRITERERROR_NONRETRYABLE && state == VSS_WS_STABLE);
        SysFreeString(name);
        stage->b->Release();
        stage->b = nullptr;
    }
    stage_close(stage);
}

} // namespace

int main()
{
    a_writer_that_agrees();
    identify_ex();
    a_writer_that_agrees_to_abort();
    writers_that_do_not_agree();
    a_shutdown_that_fails();
    an_abort_that_fails();
    return contract_result();
}
