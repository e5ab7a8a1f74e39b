// SPDX-License-Identifier: MIT
// The life of a writer: CVssWriter, CVssWriterEx, CVssWriterEx2 from the constructor to the
// destructor. Learn: "CVssWriter class" and its members, "CVssWriterEx class".
#include "conditions.h"

#include <cstring>
#include <string>

namespace
{

// {7e57ab1e-57a6-4e00-b0a2-0c0ffee0c0de}
const VSS_ID class_id = {
    0x7e57ab1e, 0x57a6, 0x4e00, { 0xb0, 0xa2, 0x0c, 0x0f, 0xfe, 0xe0, 0xc0, 0xde }
};

class Writer : public CVssWriterEx2
{
  public:
    explicit Writer(bool *is_gone = nullptr) : m_is_gone(is_gone) {}
    ~Writer() override
    {
        if (m_is_gone)
            *m_is_gone = true;
    }
    bool STDMETHODCALLTYPE OnPrepareSnapshot() override { return true; }
    bool STDMETHODCALLTYPE OnFreeze() override { return true; }
    bool STDMETHODCALLTYPE OnThaw() override { return true; }
    bool STDMETHODCALLTYPE OnAbort() override { return true; }
    bool STDMETHODCALLTYPE OnBackOffIOOnVolume(VSS_PWSZ, VSS_ID, VSS_ID) override
    {
        return count();
    }
    bool STDMETHODCALLTYPE OnContinueIOOnVolume(VSS_PWSZ, VSS_ID, VSS_ID) override
    {
        return count();
    }
    bool STDMETHODCALLTYPE OnVSSApplicationStartup() override { return count(); }
    bool STDMETHODCALLTYPE OnVSSShutdown() override { return count(); }

    VSS_APPLICATION_LEVEL level() { return GetCurrentLevel(); }
    int n_reserved = 0;

  private:
    bool count()
    {
        n_reserved++;
        return true;
    }
    bool *m_is_gone;
};

HRESULT initialize(CVssWriter &writer, LPCWSTR name = L"Writer", DWORD timeout = 60000,
                   VSS_APPLICATION_LEVEL level = VSS_APP_BACK_END)
{
    return writer.Initialize(class_id, name, VSS_UT_USERDATA, VSS_ST_OTHER, level, timeout);
}

HRESULT initialize_ex(CVssWriterEx &writer, LPCWSTR name = L"Writer")
{
    return writer.InitializeEx(class_id, name, 3, 14, VSS_UT_USERDATA, VSS_ST_OTHER);
}

void a_constructor_says_nothing(struct stage *stage)
{
    const std::string before = vssemu_trace(stage->world);
    bool is_gone = false;

    {
        Writer writer(&is_gone);
        SHOWS_EFFECT(CVssWriter, CVssWriter, void, before == vssemu_trace(stage->world));
    }
    SHOWS_EFFECT(CVssWriter, ~CVssWriter, void, is_gone);
}

void initialize_once(struct stage *stage)
{
    Writer writer, other;

    SHOWS(CVssWriter, Initialize, E_INVALIDARG, initialize(writer, nullptr));
    OFF_LIST(E_INVALIDARG, initialize(writer, L"Writer", 0));
    OFF_LIST(E_INVALIDARG, initialize(writer, L"Writer", 60000, VSS_APP_AUTO));
    OFF_LIST(E_INVALIDARG, initialize(writer, L"Writer", 60000, VSS_APP_UNKNOWN));
    OFF_LIST(E_INVALIDARG, writer.Initialize(class_id, L"Writer", VSS_UT_UNDEFINED, VSS_ST_OTHER));
    vssemu_set_caller(stage->world, VSSEMU_BACKUP_OPERATOR);
    SHOWS(CVssWriter, Initialize, E_ACCESSDENIED, initialize(writer));
    vssemu_set_caller(stage->world, VSSEMU_ADMINISTRATOR);
    MEETS(stage->world, CVssWriter, Initialize, VSSEMU_SAFE_MODE, S_FALSE, initialize(writer));
    MEMORY(stage->world, CVssWriter, Initialize, initialize(writer));
    INTERNAL(stage->world, CVssWriter, Initialize, initialize(writer));
    OFF_LIST(VSS_E_BAD_STATE, writer.Subscribe()); // nothing of that initialized it
    SHOWS(CVssWriter, Initialize, S_OK, initialize(writer));
    SHOWS_EFFECT(CVssWriter, GetCurrentLevel, VSS_APPLICATION_LEVEL,
                 writer.level() == VSS_APP_BACK_END);
    MUST(initialize(other, L"Last", 60000, VSS_APP_SYSTEM_RM));
}

void initialize_ex_once(struct stage *stage)
{
    Writer writer;

    SHOWS(CVssWriterEx, InitializeEx, E_INVALIDARG, initialize_ex(writer, nullptr));
    vssemu_set_caller(stage->world, VSSEMU_USER);
    SHOWS(CVssWriterEx, InitializeEx, E_ACCESSDENIED, initialize_ex(writer));
    vssemu_set_caller(stage->world, VSSEMU_ADMINISTRATOR);
    MEETS(stage->world, CVssWriterEx, InitializeEx, VSSEMU_SAFE_MODE, S_FALSE,
          initialize_ex(writer));
    MEMORY(stage->world, CVssWriterEx, InitializeEx, initialize_ex(writer));
    INTERNAL(stage->world, CVssWriterEx, InitializeEx, initialize_ex(writer));
    SHOWS(CVssWriterEx, InitializeEx, S_OK, initialize_ex(writer));
}

void subscribe_and_unsubscribe(struct stage *stage)
{
    Writer writer, ex;

    MUST(initialize(writer));
    vssemu_set_caller(stage->world, VSSEMU_USER);
    SHOWS(CVssWriter, Subscribe, E_ACCESSDENIED, writer.Subscribe());
    SHOWS(CVssWriterEx, SubscribeEx, E_ACCESSDENIED, ex.SubscribeEx(1000));
    vssemu_set_caller(stage->world, VSSEMU_ADMINISTRATOR);
    MEMORY(stage->world, CVssWriter, Subscribe, writer.Subscribe());
    INTERNAL(stage->world, CVssWriter, Subscribe, writer.Subscribe());
    SHOWS(CVssWriter, Subscribe, S_OK, writer.Subscribe());
    SHOWS(CVssWriter, Subscribe, VSS_E_WRITER_ALREADY_SUBSCRIBED, writer.Subscribe());

    MUST(initialize_ex(ex));
    MEMORY(stage->world, CVssWriterEx, SubscribeEx, ex.SubscribeEx(1000));
    INTERNAL(stage->world, CVssWriterEx, SubscribeEx, ex.SubscribeEx(1000));
    SHOWS(CVssWriterEx, SubscribeEx, S_OK, ex.SubscribeEx(1000));
    SHOWS(CVssWriterEx, SubscribeEx, VSS_E_WRITER_ALREADY_SUBSCRIBED, ex.SubscribeEx(1000));

    MEMORY(stage->world, CVssWriter, Unsubscribe, writer.Unsubscribe());
    INTERNAL(stage->world, CVssWriter, Unsubscribe, writer.Unsubscribe());
    SHOWS(CVssWriter, Unsubscribe, S_OK, writer.Unsubscribe());
    MUST(writer.Subscribe()); // and again
    MUST(writer.Unsubscribe());
    MUST(ex.Unsubscribe());
}

// Learn: "Definition of Components by Writers": class id and instance id tell writers apart.
void two_instances_of_a_class(struct stage *stage)
{
    Writer first, second;
    VSS_ID ids[3];

    MUST(first.Initialize(class_id, L"Writer", VSS_UT_USERDATA, VSS_ST_OTHER, VSS_APP_FRONT_END,
                          60000, VSS_AWS_NO_ALTERNATE_WRITER, false, L"first"));
    MUST(initialize_ex(second));
    MUST(first.Subscribe());
    MUST(second.Subscribe());
    stage_go(stage, AT_GATHERED);
    for (UINT i = 0; i < 3; i++) {
        IVssExamineWriterMetadata *metadata = nullptr;
        IVssExamineWriterMetadataEx2 *ex2 = nullptr;
        DWORD major = 9, minor = 9;

        MUST(stage->b->GetWriterMetadata(i, &ids[i], &metadata));
        MUST(metadata->QueryInterface(IID_IVssExamineWriterMetadataEx2, (void **)&ex2));
        MUST(ex2->GetVersion(&major, &minor));
        EXPECT(i == 2 ? major == 3 && minor == 14 : major == 0 && minor == 0);
        ex2->Release();
        metadata->Release();
    }
    EXPECT(memcmp(&ids[1], &ids[2], sizeof(VSS_ID)) != 0);
    stage_go(stage, AT_COMPLETE);
    stage->b->Release();
    stage->b = nullptr;
    MUST(first.Unsubscribe());
    MUST(second.Unsubscribe());
    SHOWS_EFFECT(CVssWriter, OnBackOffIOOnVolume, void, first.n_reserved == 0);
    SHOWS_EFFECT(CVssWriter, OnContinueIOOnVolume, void, first.n_reserved == 0);
    SHOWS_EFFECT(CVssWriter, OnVSSApplicationStartup, void, first.n_reserved == 0);
    SHOWS_EFFECT(CVssWriter, OnVSSShutdown, void, second.n_reserved == 0);
}

void what_is_reserved(struct stage *stage)
{
    const std::string before = vssemu_trace(stage->world);
    Writer writer;
    IVssWriterImpl *impl = nullptr, *same = nullptr;
    VSS_ID session;

    writer.InstallAlternateWriter(class_id, class_id);
    SHOWS_EFFECT(CVssWriter, InstallAlternateWriter, void, before == vssemu_trace(stage->world));
    SHOWS(Function, CreateWriter, S_OK, CreateWriter(&writer, &impl));
    SHOWS(Function, CreateWriterEx, S_OK, CreateWriterEx(&writer, &same));
    SHOWS_EFFECT(Function, CreateWriterEx, HRESULT, FAILED(CreateWriterEx(&writer, nullptr)));
    MUST(impl->Initialize(class_id, L"Writer", nullptr, 1, 2, VSS_UT_USERDATA, VSS_ST_OTHER,
                          VSS_APP_SYSTEM, 60000, VSS_AWS_NO_ALTERNATE_WRITER, false));
    EXPECT(writer.level() == VSS_APP_SYSTEM && same->GetCurrentLevel() == VSS_APP_SYSTEM);
    EXPECT(impl->GetCurrentSnapshotSetId() == GUID_NULL && !impl->GetCurrentVolumeCount());
    EXPECT(!impl->GetIdentityInformation() && !impl->IsWriterShuttingDown());
    OFF_LIST(VSS_E_BAD_STATE, impl->GetSessionId(&session));
    OFF_LIST(VSS_E_BAD_STATE, impl->SetWriterFailureEx(VSS_E_WRITERERROR_RETRYABLE, S_OK, L""));
    MUST(impl->Subscribe(0, VSS_SM_BACKUP_EVENTS_FLAG));
    OFF_LIST(VSS_E_WRITER_ALREADY_SUBSCRIBED, writer.Subscribe());
    MUST(impl->Unsubscribe());
    impl->Uninitialize();
    impl->Release();
    same->Release();
}

} // namespace

int main()
{
    struct stage *stage = stage_open();

    a_constructor_says_nothing(stage);
    initialize_once(stage);
    initialize_ex_once(stage);
    subscribe_and_unsubscribe(stage);
    two_instances_of_a_class(stage);
    what_is_reserved(stage);
    stage_close(stage);
    return contract_result();
}
