/* SPDX-License-Identifier: MIT */
/* IVssAsync: what it says while an operation runs, and how it is ended. Learn: "IVssAsync
 * interface", "IVssAsync::Cancel", "...::Wait", "...::QueryStatus", "Aborting VSS Operations". */
#include "script_provider.h"
#include "stage.h"

#include <string.h>

#define A(method, code, ...) SHOWS(IVssAsync, method, code, call(async, method, ##__VA_ARGS__))

static HRESULT status_of(IVssAsync *async)
{
    HRESULT status = S_OK;

    SHOWS_ROW(IVssAsync, QueryStatus, S_OK, "query done", call(async, QueryStatus, &status, NULL));
    return status;
}

static bool was_told(struct stage *stage, const char *events)
{
    return strstr(vssemu_writer_events(stage->world, STAGE_WRITER_NAME), events) != NULL;
}

/* DoSnapshotSet of a provider that takes 5 s for the method. */
static struct stage *stage_with_slow(const char *method, IVssAsync **ret_async,
                                     struct script_provider **ret_provider)
{
    struct stage *stage = stage_open();
    struct script_provider *provider = script_provider_add(stage->world, VSS_PROV_SOFTWARE);

    script_provider_takes(provider, method, 5000);
    stage_go(stage, AT_PREPARED);
    MUST(call(stage->b, DoSnapshotSet, ret_async));
    *ret_provider = provider;
    return stage;
}

/* ---- waiting ---- */

static void waiting_with_limits(void)
{
    struct script_provider *provider;
    IVssAsync *async = NULL;
    struct stage *stage = stage_with_slow("EndPrepareSnapshots", &async, &provider);

    A(QueryStatus, E_INVALIDARG, NULL, NULL);
    SHOWS(IVssAsync, QueryStatus, VSS_S_ASYNC_PENDING, status_of(async));
    A(Wait, S_OK, 0);
    EXPECT(status_of(async) == VSS_S_ASYNC_PENDING);
    A(Wait, S_OK, 1000); /* Windows: the limit has run out, and yet S_OK */
    EXPECT(status_of(async) == VSS_S_ASYNC_PENDING && vssemu_now_ms(stage->world) >= 1000);
    A(Wait, S_OK, INFINITE);
    SHOWS(IVssAsync, QueryStatus, VSS_S_ASYNC_FINISHED, status_of(async));
    A(Wait, S_OK, INFINITE); /* once more does no harm */
    A(Cancel, VSS_S_ASYNC_FINISHED);
    call(async, Release);
    stage_close(stage);
}

static void an_operation_that_failed(void)
{
    struct script_provider *provider;
    IVssAsync *async = NULL;
    struct stage *stage = stage_with_slow("EndPrepareSnapshots", &async, &provider);

    script_provider_answers(provider, "PreCommitSnapshots", VSS_E_PROVIDER_VETO);
    A(Wait, S_OK, INFINITE);
    HRESULT status = status_of(async);
    EXPECT(status == VSS_E_PROVIDER_VETO);
    SHOWS_EFFECT(IVssAsync, QueryStatus, (operation error), status == VSS_E_PROVIDER_VETO);
    SHOWS_EFFECT(IVssAsync, Cancel, (operation error), call(async, Cancel) == VSS_E_PROVIDER_VETO);
    EXPECT(vssemu_set_choice(stage->world, "wait_result", "of-operation"));
    SHOWS_EFFECT(IVssAsync, Wait, (operation error),
                 call(async, Wait, INFINITE) == VSS_E_PROVIDER_VETO);
    call(async, Release);
    stage_close(stage);
}

static void server_2003_waits_for_ever_only(void)
{
    struct stage *stage = stage_at(AT_INITIALIZED);
    IVssAsync *async = NULL;

    MUST(call(stage->b, GatherWriterStatus, &async));
    EXPECT(vssemu_set_choice(stage->world, "wait_limit", "infinite-only"));
    A(Wait, E_INVALIDARG, 1000);
    A(Wait, S_OK, INFINITE);
    call(async, Release);
    stage_close(stage);
}

/* ---- cancelling ---- */

/* At every moment before the copy is made the set is given up: writers get Abort, the provider
 * AbortSnapshots. */
static void cancelled_in_time(void)
{
    static const char *const moments[] = { "EndPrepareSnapshots", "PreCommitSnapshots",
                                           "CommitSnapshots" };

    for (size_t i = 0; i < sizeof(moments) / sizeof(moments[0]); i++) {
        struct script_provider *provider;
        IVssAsync *async = NULL, *other = NULL;
        struct stage *stage = stage_with_slow(moments[i], &async, &provider);
        VSS_SNAPSHOT_PROP prop;

        call(async, Wait, 1000);
        A(Cancel, S_OK);
        SHOWS(IVssAsync, QueryStatus, VSS_S_ASYNC_CANCELLED, status_of(async));
        A(Cancel, VSS_S_ASYNC_CANCELLED);
        EXPECT(was_told(stage, "Abort"));
        EXPECT(script_provider_count(provider, "AbortSnapshots") == 1);
        EXPECT(vssemu_file_write(stage->world, "C:\\files\\b.txt", "goes on", 7));
        OFF_LIST(VSS_E_OBJECT_NOT_FOUND,
                 call(stage->b, GetSnapshotProperties, stage->snapshot_id, &prop));
        OFF_LIST(VSS_E_BAD_STATE, call(stage->b, DoSnapshotSet, &other));
        MUST(call(stage->b, AbortBackup));
        call(async, Release);
        stage_close(stage);
    }
}

/* Behind PostCommitSnapshots it is too late: the operation goes on to its end. */
static void cancelled_too_late(void)
{
    static const char *const moments[] = { "PreFinalCommitSnapshots", "PostFinalCommitSnapshots" };

    for (size_t i = 0; i < sizeof(moments) / sizeof(moments[0]); i++) {
        struct script_provider *provider;
        IVssAsync *async = NULL;
        struct stage *stage = stage_with_slow(moments[i], &async, &provider);

        call(async, Wait, 1000);
        EXPECT(status_of(async) == VSS_S_ASYNC_PENDING);
        A(Cancel, VSS_S_ASYNC_FINISHED);
        EXPECT(status_of(async) == VSS_S_ASYNC_FINISHED && !was_told(stage, "Abort"));
        call(async, Release);
        stage_close(stage);
    }
}

static void calls_while_it_runs(void)
{
    struct script_provider *provider;
    IVssAsync *async = NULL, *other = NULL;
    struct stage *stage = stage_with_slow("EndPrepareSnapshots", &async, &provider);
    BSTR xml = NULL;

    OFF_LIST(VSS_E_BAD_STATE, call(stage->b, GatherWriterStatus, &other));
    MUST(call(stage->b, SaveAsXML, &xml));
    SysFreeString(xml);
    MUST(call(stage->b, AbortBackup)); /* cancels, and waits for the end */
    EXPECT(status_of(async) == VSS_S_ASYNC_CANCELLED);
    call(async, Release);
    stage_close(stage);
}

/* ---- life ---- */

static void it_outlives_its_session(void)
{
    struct stage *stage = stage_at(AT_PREPARED);
    IVssAsync *async = NULL;

    MUST(call(stage->b, DoSnapshotSet, &async));
    MUST(call(async, Wait, INFINITE));
    call(stage->b, Release);
    stage->b = NULL;
    EXPECT(status_of(async) == VSS_S_ASYNC_FINISHED);
    call(async, Release);
    stage_close(stage);
}

static void released_while_it_runs(void)
{
    struct script_provider *provider;
    IVssAsync *async = NULL;
    struct stage *stage = stage_with_slow("EndPrepareSnapshots", &async, &provider);

    call(stage->b, Release); /* the last reference: the set is given up */
    stage->b = NULL;
    EXPECT(status_of(async) == VSS_S_ASYNC_CANCELLED && was_told(stage, "Abort BackupShutdown"));
    call(async, Release);
    stage_close(stage);
}

int main(void)
{
    waiting_with_limits();
    an_operation_that_failed();
    server_2003_waits_for_ever_only();
    cancelled_in_time();
    cancelled_too_late();
    calls_while_it_runs();
    it_outlives_its_session();
    released_while_it_runs();
    return contract_result();
}
