/* SPDX-License-Identifier: MIT */
/* Planned faults of a provider of the program's own, which is loaded over its class and called on
 * threads: what the requester sees, and that the provider is called again afterwards. Shows no rows
 * of the contract: a provider that is not asked gives no answer. */
#include "contract.h"
#include "script_provider.h"
#include "stage.h"

#include <stdio.h>

#define C_ROOT ((VSS_PWSZ)L"C:\\")

static HRESULT make_set(struct stage *stage)
{
    IVssAsync *async = NULL;
    VSS_ID own = script_provider_id(VSS_PROV_SOFTWARE), id;

    stage_go(stage, AT_CHOSEN);
    MUST(call(stage->b, StartSnapshotSet, &id));
    HRESULT hr = call(stage->b, AddToSnapshotSet, C_ROOT, own, &id);
    if (FAILED(hr))
        return hr;
    MUST(stage_finish(call(stage->b, PrepareForBackup, &async), &async));
    return stage_finish(call(stage->b, DoSnapshotSet, &async), &async);
}

/* clang-format off */
static const struct row {
    const char *fault;
    HRESULT result;
    unsigned n_loads; /* how often its class is made in both backups together */
} rows[] = {
    { "provider=* call=BeginPrepareSnapshot do=fail code=VSS_E_INSUFFICIENT_STORAGE", VSS_E_INSUFFICIENT_STORAGE,      2 },
    { "provider=* call=BeginPrepareSnapshot do=fail code=S_FALSE",                    VSS_E_UNEXPECTED_PROVIDER_ERROR, 2 },
    { "provider=* call=BeginPrepareSnapshot do=hang",                                 VSS_E_UNEXPECTED_PROVIDER_ERROR, 2 },
    { "provider=* call=BeginPrepareSnapshot do=crash",                                VSS_E_UNEXPECTED_PROVIDER_ERROR, 2 },
    { "provider=* call=EndPrepareSnapshots do=throw",                                 VSS_E_UNEXPECTED_PROVIDER_ERROR, 2 },
    { "provider=* call=PreCommitSnapshots do=crash",                                  VSS_E_UNEXPECTED_PROVIDER_ERROR, 3 },
    { "provider=* call=CommitSnapshots do=delay for=11s",                             VSS_E_HOLD_WRITES_TIMEOUT,       2 },
    { "provider=* call=CommitSnapshots do=delay for=9s",                              S_OK,                            2 },
    { "provider=* call=PostCommitSnapshots do=fail code=VSS_E_PROVIDER_VETO",         VSS_E_PROVIDER_VETO,             2 },
    { "provider=* call=OnLoad do=fail code=VSS_E_PROVIDER_VETO",                      VSS_E_PROVIDER_VETO,             1 },
};
/* clang-format on */

static void play(const struct row *row)
{
    struct stage *stage = stage_open();
    struct script_provider *provider = script_provider_register(VSS_PROV_SOFTWARE);

    fprintf(stderr, "%s\n", row->fault);
    EXPECT(vssemu_add_fault(stage->world, row->fault));
    OFF_LIST(row->result, make_set(stage));
    call(stage->b, Release);
    stage->b = NULL;
    vssemu_run_for(stage->world, 20000);
    EXPECT(vssemu_fault_fired(stage->world, 0) == 1);
    stage->next = AT_CREATED;
    MUST(make_set(stage));
    EXPECT(script_provider_count(provider, "OnLoad") == row->n_loads);
    stage_close(stage);
    script_provider_end(provider);
}

int main(void)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        play(&rows[i]);
    return contract_has_failed();
}
