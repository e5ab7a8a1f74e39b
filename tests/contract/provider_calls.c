/* SPDX-License-Identifier: MIT */
/* What a provider answers and what becomes of it. A row of IVssSoftwareSnapshotProvider,
 * IVssProviderCreateSnapshotSet or IVssProviderNotifications counts as shown when a registered
 * provider, loaded over its class, gives that code to the service in the middle of a session and
 * the requester sees what "Error Handling in Shadow Copy Providers" says: the same code, or
 * VSS_E_UNEXPECTED_PROVIDER_ERROR with an entry in the log that names provider and method, or
 * nothing where an answer is ignored. Never by a story that calls its own provider. */
#include "contract.h"
#include "script_provider.h"
#include "stage.h"

#include <stdio.h>
#include <string.h>

#define SOFTWARE      "IVssSoftwareSnapshotProvider"
#define CREATE        "IVssProviderCreateSnapshotSet"
#define NOTIFICATIONS "IVssProviderNotifications"
#define OTHER         "(any other value)"
#define UNEXPECTED    VSS_E_UNEXPECTED_PROVIDER_ERROR

struct answer {
    const char *interface_name, *method, *code;
    HRESULT given, seen;
};

#define SAME(itf, method, code)         \
    {                                   \
        itf, #method, #code, code, code \
    }
#define BECOMES(itf, method, code, see) \
    {                                   \
        itf, #method, #code, code, see  \
    }
#define ANY(itf, method, code)                \
    {                                         \
        itf, #method, OTHER, code, UNEXPECTED \
    }

/* clang-format off */
#define USUAL(method) \
    SAME(SOFTWARE, method, S_OK), SAME(SOFTWARE, method, E_ACCESSDENIED), \
    SAME(SOFTWARE, method, E_INVALIDARG), SAME(SOFTWARE, method, E_OUTOFMEMORY)
#define PHASE(method) \
    SAME(CREATE, method, S_OK), SAME(CREATE, method, E_OUTOFMEMORY), \
    SAME(CREATE, method, E_INVALIDARG), SAME(CREATE, method, VSS_E_PROVIDER_VETO), \
    ANY(CREATE, method, E_FAIL), ANY(CREATE, method, S_FALSE), ANY(CREATE, method, E_ABORT), \
    ANY(CREATE, method, E_UNEXPECTED)
#define IGNORED(method, code, name) { CREATE, #method, name, code, VSS_E_PROVIDER_VETO }

static const struct answer answers[] = {
    USUAL(SetContext),
    SAME(SOFTWARE, SetContext, VSS_E_BAD_STATE),
    BECOMES(SOFTWARE, SetContext, E_NOTIMPL, UNEXPECTED), /* no version of ours has it */
    USUAL(IsVolumeSupported),
    SAME(SOFTWARE, IsVolumeSupported, VSS_E_NESTED_VOLUME_LIMIT),
    SAME(SOFTWARE, IsVolumeSupported, VSS_E_OBJECT_NOT_FOUND),
    SAME(SOFTWARE, IsVolumeSupported, VSS_E_PROVIDER_VETO),
    SAME(SOFTWARE, IsVolumeSupported, VSS_E_UNEXPECTED),
    USUAL(BeginPrepareSnapshot),
    SAME(SOFTWARE, BeginPrepareSnapshot, VSS_E_OBJECT_NOT_FOUND),
    SAME(SOFTWARE, BeginPrepareSnapshot, VSS_E_PROVIDER_VETO),
    SAME(SOFTWARE, BeginPrepareSnapshot, VSS_E_UNSUPPORTED_CONTEXT),
    SAME(SOFTWARE, BeginPrepareSnapshot, VSS_E_VOLUME_NOT_SUPPORTED_BY_PROVIDER),
    SAME(SOFTWARE, BeginPrepareSnapshot, VSS_E_UNEXPECTED),
    USUAL(GetSnapshotProperties),
    SAME(SOFTWARE, GetSnapshotProperties, VSS_E_OBJECT_NOT_FOUND),
    SAME(SOFTWARE, GetSnapshotProperties, VSS_E_PROVIDER_VETO),
    SAME(SOFTWARE, GetSnapshotProperties, VSS_E_UNEXPECTED),
    USUAL(Query),
    SAME(SOFTWARE, Query, VSS_E_PROVIDER_VETO),
    USUAL(DeleteSnapshots),
    SAME(SOFTWARE, DeleteSnapshots, VSS_E_OBJECT_NOT_FOUND),
    SAME(SOFTWARE, DeleteSnapshots, VSS_E_PROVIDER_VETO),
    USUAL(IsVolumeSnapshotted),
    SAME(SOFTWARE, IsVolumeSnapshotted, VSS_E_PROVIDER_VETO),
    SAME(SOFTWARE, IsVolumeSnapshotted, VSS_E_UNEXPECTED),
    USUAL(SetSnapshotProperty),
    SAME(SOFTWARE, SetSnapshotProperty, VSS_E_OBJECT_NOT_FOUND),
    USUAL(RevertToSnapshot),
    SAME(SOFTWARE, RevertToSnapshot, VSS_E_REVERT_IN_PROGRESS),
    USUAL(QueryRevertStatus),
    SAME(SOFTWARE, QueryRevertStatus, VSS_E_OBJECT_NOT_FOUND),
    SAME(SOFTWARE, QueryRevertStatus, VSS_E_VOLUME_NOT_SUPPORTED),
    PHASE(EndPrepareSnapshots),
    SAME(CREATE, EndPrepareSnapshots, VSS_E_INSUFFICIENT_STORAGE),
    SAME(CREATE, EndPrepareSnapshots, VSS_E_OBJECT_NOT_FOUND),
    PHASE(PreCommitSnapshots), SAME(CREATE, PreCommitSnapshots, VSS_E_OBJECT_NOT_FOUND),
    PHASE(CommitSnapshots), SAME(CREATE, CommitSnapshots, VSS_E_OBJECT_NOT_FOUND),
    PHASE(PostCommitSnapshots), SAME(CREATE, PostCommitSnapshots, VSS_E_OBJECT_NOT_FOUND),
    PHASE(PreFinalCommitSnapshots),
    PHASE(PostFinalCommitSnapshots),
    IGNORED(AbortSnapshots, S_OK, "S_OK"),
    IGNORED(AbortSnapshots, E_OUTOFMEMORY, "E_OUTOFMEMORY"),
    IGNORED(AbortSnapshots, E_INVALIDARG, "E_INVALIDARG"),
    IGNORED(AbortSnapshots, VSS_E_OBJECT_NOT_FOUND, "VSS_E_OBJECT_NOT_FOUND"),
    IGNORED(AbortSnapshots, VSS_E_PROVIDER_VETO, "VSS_E_PROVIDER_VETO"),
    IGNORED(AbortSnapshots, E_FAIL, OTHER), IGNORED(AbortSnapshots, E_UNEXPECTED, OTHER),
    SAME(NOTIFICATIONS, OnLoad, S_OK),
    SAME(NOTIFICATIONS, OnLoad, E_OUTOFMEMORY),
    SAME(NOTIFICATIONS, OnLoad, E_INVALIDARG),
    SAME(NOTIFICATIONS, OnLoad, VSS_E_PROVIDER_VETO),
};
/* clang-format on */

#define B(method, ...) call(stage->b, method, ##__VA_ARGS__)
#define C_ROOT         ((VSS_PWSZ)L"C:\\")

/* ---- how a requester comes to each method ---- */

static HRESULT add_volume(struct stage *stage)
{
    VSS_ID own = script_provider_id(VSS_PROV_SOFTWARE);

    return B(AddToSnapshotSet, C_ROOT, own, &stage->snapshot_id);
}

/* Which method is asked decides how far the set goes before the plan holds. */
static void make_set(struct stage *stage)
{
    IVssAsync *async = NULL;

    stage_go(stage, AT_CHOSEN);
    MUST(B(StartSnapshotSet, &stage->set_id));
    MUST(add_volume(stage));
    MUST(stage_finish(B(PrepareForBackup, &async), &async));
    MUST(stage_finish(B(DoSnapshotSet, &async), &async));
}

static HRESULT to_add(struct stage *stage)
{
    stage_go(stage, AT_CHOSEN);
    MUST(B(StartSnapshotSet, &stage->set_id));
    return add_volume(stage);
}

static HRESULT to_do(struct stage *stage)
{
    IVssAsync *async = NULL;

    MUST(to_add(stage));
    MUST(stage_finish(B(PrepareForBackup, &async), &async));
    return stage_finish(B(DoSnapshotSet, &async), &async);
}

static HRESULT to_properties(struct stage *stage)
{
    VSS_SNAPSHOT_PROP prop;
    HRESULT hr = B(GetSnapshotProperties, stage->snapshot_id, &prop);

    if (hr == S_OK)
        VssFreeSnapshotProperties(&prop);
    return hr;
}

static HRESULT to_query(struct stage *stage)
{
    IVssEnumObject *found = NULL;
    HRESULT hr = B(Query, GUID_NULL, VSS_OBJECT_NONE, VSS_OBJECT_SNAPSHOT, &found);

    EXPECT((hr == S_OK) == (found != NULL));
    if (found)
        call(found, Release);
    return hr;
}

static HRESULT to_delete(struct stage *stage)
{
    VSS_ID not_deleted;
    LONG n;

    return B(DeleteSnapshots, stage->snapshot_id, VSS_OBJECT_SNAPSHOT, TRUE, &n, &not_deleted);
}

static HRESULT to_snapshotted(struct stage *stage)
{
    BOOL is_present;
    LONG compatibility;

    (void)stage;
    return IsVolumeSnapshotted(C_ROOT, &is_present, &compatibility);
}

static HRESULT to_expose(struct stage *stage)
{
    VSS_PWSZ name = NULL;
    HRESULT hr = B(ExposeSnapshot, stage->snapshot_id, NULL, VSS_VOLSNAP_ATTR_EXPOSED_REMOTELY,
                   (VSS_PWSZ)L"copy", &name);

    CoTaskMemFree(name);
    return hr;
}

static HRESULT to_revert(struct stage *stage)
{
    return B(RevertToSnapshot, stage->snapshot_id, TRUE);
}

/* The script's IVssAsync says that the revert runs, so that the first question is the plan's. */
static HRESULT to_revert_status(struct stage *stage)
{
    IVssAsync *async = NULL;
    HRESULT hr = B(QueryRevertStatus, C_ROOT, &async);

    if (async)
        call(async, Release);
    return hr;
}

struct way {
    const char *method;
    LONG context;
    bool wants_set; /* a finished one, before the plan holds */
    HRESULT (*go)(struct stage *stage);
};

static const struct way ways[] = {
    { "SetContext", 0, false, to_add },
    { "IsVolumeSupported", 0, false, to_add },
    { "BeginPrepareSnapshot", 0, false, to_add },
    { "OnLoad", 0, false, to_add },
    { "GetSnapshotProperties", 0, true, to_properties },
    { "Query", 0, true, to_query },
    { "DeleteSnapshots", 0, true, to_delete },
    { "IsVolumeSnapshotted", 0, true, to_snapshotted },
    { "SetSnapshotProperty", 0, true, to_expose },
    { "RevertToSnapshot", VSS_CTX_APP_ROLLBACK, true, to_revert },
    { "QueryRevertStatus", VSS_CTX_APP_ROLLBACK, true, to_revert_status },
    { NULL, 0, false, to_do }, /* the phases of a set */
};

static const struct way *way_to(const char *method)
{
    const struct way *way = ways;

    while (way->method && strcmp(way->method, method) != 0)
        way++;
    return way;
}

/* The entry must name both, so that an administrator knows where to look. */
static bool is_logged(struct stage *stage, const struct answer *a)
{
    const char *log = vssemu_event_log(stage->world);

    return strstr(log, "Script Provider") && strstr(log, a->method);
}

static void show(const struct answer *a)
{
    struct stage *stage = stage_open();
    struct script_provider *provider = script_provider_register(VSS_PROV_SOFTWARE);
    const struct way *way = way_to(a->method);
    bool is_abort = strcmp(a->method, "AbortSnapshots") == 0;

    stage->context = way->context;
    if (way->go == to_revert_status)
        script_provider_reverts(provider, VSS_S_ASYNC_PENDING);
    if (way->wants_set)
        make_set(stage);
    script_provider_answers(provider, a->method, a->given);
    if (is_abort)
        script_provider_answers(provider, "CommitSnapshots", VSS_E_PROVIDER_VETO);
    unsigned n_before = script_provider_count(provider, a->method);
    HRESULT got = way->go(stage);
    bool was_asked = script_provider_count(provider, a->method) > n_before;
    bool must_log = !is_abort && a->seen != S_OK;

    EXPECT(was_asked);
    EXPECT(is_logged(stage, a) == must_log);
    OFF_LIST(a->seen, got);
    contract_effect(__FILE__, __LINE__, a->interface_name, a->method, a->code, "", a->code,
                    was_asked && got == a->seen && is_logged(stage, a) == must_log);
    script_provider_answers(provider, a->method, S_OK);
    script_provider_reverts(provider, VSS_S_ASYNC_FINISHED);
    vssemu_run_for(stage->world, 2000);
    stage_close(stage);
    script_provider_end(provider);
}

/* ---- unloading ---- */

static void release_requester(struct stage *stage)
{
    call(stage->b, Release);
    stage->b = NULL;
    vssemu_run_for(stage->world, 10);
}

static void nothing_pending_is_unloaded(HRESULT answer, const char *code)
{
    struct stage *stage = stage_open();
    struct script_provider *provider = script_provider_register(VSS_PROV_SOFTWARE);

    script_provider_answers(provider, "OnUnload", answer);
    make_set(stage);
    EXPECT(script_provider_count(provider, "OnLoad") == 1);
    EXPECT(script_provider_count(provider, "OnUnload") == 0);
    release_requester(stage); /* deletes its snapshot first */
    EXPECT(script_provider_count(provider, "DeleteSnapshots") == 1);
    EXPECT(script_provider_forced(provider) == 0);
    contract_effect(__FILE__, __LINE__, NOTIFICATIONS, "OnUnload", code, "", "unloaded",
                    script_provider_count(provider, "OnUnload") == 1);
    EXPECT(vssemu_event_count(stage->world, "VSS", 12293) == 0);
    stage_close(stage);
    EXPECT(script_provider_count(provider, "OnUnload") == 1);
    script_provider_end(provider); /* nobody holds it */
}

/* S_FALSE: it stays for the next session, until the service has been idle for three minutes. */
static void who_would_rather_stay(void)
{
    struct stage *stage = stage_open();
    struct script_provider *provider = script_provider_register(VSS_PROV_SOFTWARE);

    script_provider_answers(provider, "OnUnload", S_FALSE);
    make_set(stage);
    release_requester(stage);
    EXPECT(script_provider_count(provider, "OnUnload") == 1);
    stage->next = AT_CREATED;
    make_set(stage);
    EXPECT(script_provider_count(provider, "OnLoad") == 1);
    release_requester(stage);
    EXPECT(script_provider_forced(provider) == 0);
    vssemu_run_for(stage->world, 200000);
    contract_effect(__FILE__, __LINE__, NOTIFICATIONS, "OnUnload", "S_FALSE", "", "forced later",
                    script_provider_forced(provider) == 1);
    stage_close(stage);
    EXPECT(script_provider_count(provider, "OnUnload") == 3);
    script_provider_end(provider);
}

int main(void)
{
    for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++)
        show(&answers[i]);
    nothing_pending_is_unloaded(S_OK, "S_OK");
    nothing_pending_is_unloaded(E_FAIL, OTHER);
    who_would_rather_stay();
    return contract_result();
}
