/* SPDX-License-Identifier: MIT */
/* Making a snapshot set: the context, the set, its volumes. Learn:
 * "IVssBackupComponents::SetContext", "...::StartSnapshotSet", "...::AddToSnapshotSet",
 * "...::IsVolumeSupported", "Selecting Providers". */
#include "script_provider.h"
#include "stage.h"

#define B(method, ...)          call(stage->b, method, ##__VA_ARGS__)
#define BASE(method, code, ...) SHOWS(IVssBackupComponents, method, code, B(method, ##__VA_ARGS__))
#define C_ROOT                  ((VSS_PWSZ)L"C:\\")

/* ---- the context ---- */

static HRESULT set_context(LONG context)
{
    struct stage *stage = stage_open();
    IVssBackupComponents *b = NULL;

    MUST(CreateVssBackupComponents(&b));
    MUST(call(b, InitializeForBackup, NULL));
    HRESULT hr = call(b, SetContext, context);
    call(b, Release);
    stage_close(stage);
    return hr;
}

static void contexts(void)
{
    static const LONG good[] = {
        VSS_CTX_BACKUP,
        VSS_CTX_FILE_SHARE_BACKUP,
        VSS_CTX_NAS_ROLLBACK,
        VSS_CTX_APP_ROLLBACK,
        VSS_CTX_CLIENT_ACCESSIBLE,
        VSS_CTX_CLIENT_ACCESSIBLE_WRITERS,
        (LONG)VSS_CTX_ALL,
        VSS_CTX_APP_ROLLBACK | VSS_VOLSNAP_ATTR_TRANSPORTABLE | VSS_VOLSNAP_ATTR_NO_AUTORECOVERY |
            VSS_VOLSNAP_ATTR_TXF_RECOVERY, /* the QEMU guest agent's */
        VSS_CTX_BACKUP | VSS_VOLSNAP_ATTR_NOT_TRANSACTED | VSS_VOLSNAP_ATTR_ROLLBACK_RECOVERY,
        /* Windows: diskshadow gets through with these */
        VSS_CTX_CLIENT_ACCESSIBLE | VSS_VOLSNAP_ATTR_DIFFERENTIAL |
            VSS_VOLSNAP_ATTR_NO_AUTORECOVERY,
    };
    static const LONG bad[] = {
        0x40000000,
        VSS_CTX_BACKUP | VSS_VOLSNAP_ATTR_IMPORTED,
        VSS_CTX_BACKUP | VSS_VOLSNAP_ATTR_DIFFERENTIAL | VSS_VOLSNAP_ATTR_PLEX,
        VSS_CTX_CLIENT_ACCESSIBLE | VSS_VOLSNAP_ATTR_TRANSPORTABLE,
        VSS_CTX_CLIENT_ACCESSIBLE | VSS_VOLSNAP_ATTR_PLEX,
    };

    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        SHOWS(IVssBackupComponents, SetContext, S_OK, set_context(good[i]));
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        SHOWS(IVssBackupComponents, SetContext, E_INVALIDARG, set_context(bad[i]));
    OFF_LIST(VSS_E_UNSUPPORTED_CONTEXT, set_context(7)); /* Windows: seen */
}

static void context_only_once_and_in_time(void)
{
    struct stage *stage = stage_at(AT_CREATED);

    BASE(SetContext, VSS_E_BAD_STATE, VSS_CTX_BACKUP);
    stage_go(stage, AT_GATHERED);
    BASE(SetContext, E_INVALIDARG, 0x40000000);
    BASE(SetContext, S_OK, VSS_CTX_APP_ROLLBACK); /* a refused one does not count */
    BASE(SetContext, VSS_E_BAD_STATE, VSS_CTX_APP_ROLLBACK);
    stage_go(stage, AT_RESTORE);
    BASE(SetContext, VSS_E_BAD_STATE, VSS_CTX_BACKUP);
    stage_close(stage);
}

/* ---- the set ---- */

static void a_set_is_started(void)
{
    struct stage *stage = stage_at(AT_CREATED);
    VSS_ID id = { 0 };

    BASE(StartSnapshotSet, E_INVALIDARG, NULL);
    BASE(StartSnapshotSet, VSS_E_BAD_STATE, &id);
    BASE(AddToSnapshotSet, VSS_E_BAD_STATE, C_ROOT, GUID_NULL, &id);
    stage_go(stage, AT_CHOSEN);
    BASE(AddToSnapshotSet, VSS_E_BAD_STATE, C_ROOT, GUID_NULL, &id);
    BASE(StartSnapshotSet, S_OK, &id);
    EXPECT(!IsEqualGUID(&id, &GUID_NULL));
    BASE(StartSnapshotSet, VSS_E_SNAPSHOT_SET_IN_PROGRESS, &id);
    MUST(B(AbortBackup));
    BASE(StartSnapshotSet, VSS_E_BAD_STATE, &id);
    stage_close(stage);
}

static void one_creation_at_a_time(void)
{
    struct stage *stage = stage_at(AT_SET_OPEN);
    IVssBackupComponents *second = NULL;
    VSS_ID id;

    MUST(CreateVssBackupComponents(&second));
    MUST(call(second, InitializeForBackup, NULL));
    SHOWS(IVssBackupComponents, StartSnapshotSet, VSS_E_SNAPSHOT_SET_IN_PROGRESS,
          call(second, StartSnapshotSet, &id));
    MUST(B(AbortBackup));
    MUST(call(second, StartSnapshotSet, &id));
    call(second, Release);
    stage_close(stage);
}

/* Learn: "VSS_SNAPSHOT_CONTEXT": VSS_CTX_ALL is for administration. */
static void context_all_makes_no_set(void)
{
    struct stage *stage = stage_open();
    VSS_ID id;

    stage->context = (LONG)VSS_CTX_ALL;
    stage_go(stage, AT_INITIALIZED);
    BASE(StartSnapshotSet, VSS_E_BAD_STATE, &id);
    stage_close(stage);
}

/* ---- volumes ---- */

static void volumes_of_a_set(void)
{
    struct stage *stage = stage_open();
    VSS_ID id = { 0 };

    vssemu_add_volume(stage->world, "D:", NULL);
    vssemu_add_volume(stage->world, "E:", NULL);
    stage_go(stage, AT_SET_OPEN);
    BASE(AddToSnapshotSet, S_OK, (VSS_PWSZ)L"D:\\", GUID_NULL, &id);
    EXPECT(!IsEqualGUID(&id, &GUID_NULL));
    BASE(AddToSnapshotSet, VSS_E_OBJECT_NOT_FOUND, (VSS_PWSZ)L"Q:\\", GUID_NULL, &id);
    /* Windows: seen for a drive without its backslash */
    BASE(AddToSnapshotSet, VSS_E_OBJECT_NOT_FOUND, (VSS_PWSZ)L"D:", GUID_NULL, &id);
    BASE(AddToSnapshotSet, E_INVALIDARG, NULL, GUID_NULL, &id);
    BASE(AddToSnapshotSet, E_INVALIDARG, C_ROOT, GUID_NULL, NULL);
    BASE(AddToSnapshotSet, VSS_E_PROVIDER_NOT_REGISTERED, (VSS_PWSZ)L"E:\\", stage_writer_id, &id);
    OFF_LIST(VSS_E_OBJECT_ALREADY_EXISTS, B(AddToSnapshotSet, C_ROOT, GUID_NULL, &id));
    stage_close(stage);
}

static void sixty_four_volumes(void)
{
    struct stage *stage = stage_open();
    WCHAR name[64];
    VSS_ID id;
    unsigned n = 0;

    for (unsigned i = 0; i < 65; i++)
        EXPECT(vssemu_add_volume(stage->world, NULL, NULL));
    stage->context = VSS_CTX_FILE_SHARE_BACKUP;
    stage_go(stage, AT_INITIALIZED);
    MUST(B(StartSnapshotSet, &id));
    HANDLE volumes = FindFirstVolumeW(name, 64);
    do {
        if (++n <= 64)
            MUST(B(AddToSnapshotSet, name, GUID_NULL, &id));
        else
            BASE(AddToSnapshotSet, VSS_E_MAXIMUM_NUMBER_OF_VOLUMES_REACHED, name, GUID_NULL, &id);
    } while (FindNextVolumeW(volumes, name, 64));
    FindVolumeClose(volumes);
    EXPECT(n == 66);
    stage_close(stage);
}

/* Learn: "Usage Conventions": 512 snapshots of a volume. */
static void five_hundred_and_twelve_snapshots(void)
{
    struct stage *stage = stage_open();
    HRESULT hr = S_OK;
    unsigned n = 0;
    VSS_ID id;

    while (hr == S_OK && n < 600) {
        IVssBackupComponents *b = NULL;
        IVssAsync *async = NULL;

        MUST(CreateVssBackupComponents(&b));
        MUST(call(b, InitializeForBackup, NULL));
        MUST(call(b, SetContext, VSS_CTX_NAS_ROLLBACK));
        MUST(call(b, StartSnapshotSet, &id));
        hr = call(b, AddToSnapshotSet, C_ROOT, GUID_NULL, &id);
        if (hr == S_OK) {
            MUST(stage_finish(call(b, DoSnapshotSet, &async), &async));
            n++;
        }
        call(b, Release);
    }
    EXPECT(n == 512);
    SHOWS(IVssBackupComponents, AddToSnapshotSet, VSS_E_MAXIMUM_NUMBER_OF_SNAPSHOTS_REACHED, hr);
    stage_close(stage);
}

/* ---- which provider ---- */

static void codes_of_providers(void)
{
    static const struct {
        const char *method;
        HRESULT answer;
    } rows[] = {
        { "IsVolumeSupported", VSS_E_PROVIDER_VETO },
        { "BeginPrepareSnapshot", VSS_E_PROVIDER_VETO },
    };
    struct stage *stage = stage_open();
    struct script_provider *provider = script_provider_add(stage->world, VSS_PROV_SOFTWARE);
    VSS_ID own = script_provider_id(VSS_PROV_SOFTWARE), id;

    stage_go(stage, AT_CHOSEN);
    MUST(B(StartSnapshotSet, &id));
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        script_provider_answers(provider, rows[i].method, rows[i].answer);
        BASE(AddToSnapshotSet, VSS_E_PROVIDER_VETO, C_ROOT, own, &id);
        script_provider_answers(provider, rows[i].method, E_FAIL);
        BASE(AddToSnapshotSet, VSS_E_UNEXPECTED_PROVIDER_ERROR, C_ROOT, own, &id);
        script_provider_answers(provider, rows[i].method, S_OK);
    }
    script_provider_answers(provider, "IsVolumeSupported", VSS_E_NESTED_VOLUME_LIMIT);
    BASE(AddToSnapshotSet, VSS_E_NESTED_VOLUME_LIMIT, C_ROOT, own, &id);
    script_provider_answers(provider, "IsVolumeSupported", S_OK);
    script_provider_answers(provider, "BeginPrepareSnapshot", VSS_E_SNAPSHOT_SET_IN_PROGRESS);
    BASE(AddToSnapshotSet, VSS_E_SNAPSHOT_SET_IN_PROGRESS, C_ROOT, own, &id);
    script_provider_answers(provider, "BeginPrepareSnapshot", S_OK);
    script_provider_supports(provider, false);
    BASE(AddToSnapshotSet, VSS_E_VOLUME_NOT_SUPPORTED_BY_PROVIDER, C_ROOT, own, &id);
    BASE(AddToSnapshotSet, S_OK, C_ROOT, GUID_NULL, &id); /* the system provider takes it */
    stage_close(stage);
}

/* Learn: "VSS_VOLUME_SNAPSHOT_ATTRIBUTES": a full copy is more than the system provider does. */
static void nobody_makes_a_plex(void)
{
    struct stage *stage = stage_open();
    VSS_ID id;

    stage->context = VSS_CTX_NAS_ROLLBACK | VSS_VOLSNAP_ATTR_PLEX;
    stage_go(stage, AT_INITIALIZED);
    MUST(B(StartSnapshotSet, &id));
    BASE(AddToSnapshotSet, VSS_E_VOLUME_NOT_SUPPORTED, C_ROOT, GUID_NULL, &id);
    stage_close(stage);
}

/* ---- IsVolumeSupported ---- */

static void volumes_that_are_supported(void)
{
    struct stage *stage = stage_open();
    struct script_provider *provider = script_provider_add(stage->world, VSS_PROV_SOFTWARE);
    VSS_ID own = script_provider_id(VSS_PROV_SOFTWARE);
    BOOL is_supported = FALSE;

    stage_go(stage, AT_CREATED);
    BASE(IsVolumeSupported, VSS_E_BAD_STATE, GUID_NULL, C_ROOT, &is_supported);
    stage_go(stage, AT_INITIALIZED);
    BASE(IsVolumeSupported, S_OK, GUID_NULL, C_ROOT, &is_supported);
    EXPECT(is_supported);
    script_provider_supports(provider, false);
    BASE(IsVolumeSupported, S_OK, own, C_ROOT, &is_supported);
    EXPECT(!is_supported);
    BASE(IsVolumeSupported, VSS_E_OBJECT_NOT_FOUND, GUID_NULL, (VSS_PWSZ)L"Q:\\", &is_supported);
    script_provider_answers(provider, "IsVolumeSupported", VSS_E_NESTED_VOLUME_LIMIT);
    BASE(IsVolumeSupported, VSS_E_NESTED_VOLUME_LIMIT, own, C_ROOT, &is_supported);
    /* Windows: seen, though the page has none of these */
    script_provider_answers(provider, "IsVolumeSupported", E_FAIL);
    OFF_LIST(VSS_E_UNEXPECTED_PROVIDER_ERROR, B(IsVolumeSupported, own, C_ROOT, &is_supported));
    script_provider_answers(provider, "IsVolumeSupported", VSS_E_PROVIDER_VETO);
    OFF_LIST(VSS_E_PROVIDER_VETO, B(IsVolumeSupported, own, C_ROOT, &is_supported));
    OFF_LIST(VSS_E_PROVIDER_NOT_REGISTERED,
             B(IsVolumeSupported, stage_writer_id, C_ROOT, &is_supported));
    OFF_LIST(E_INVALIDARG, B(IsVolumeSupported, GUID_NULL, C_ROOT, NULL));
    OFF_LIST(E_INVALIDARG, B(IsVolumeSupported, GUID_NULL, NULL, &is_supported));
    stage_close(stage);
}

int main(void)
{
    contexts();
    context_only_once_and_in_time();
    a_set_is_started();
    one_creation_at_a_time();
    context_all_makes_no_set();
    volumes_of_a_set();
    sixty_four_volumes();
    five_hundred_and_twelve_snapshots();
    codes_of_providers();
    nobody_makes_a_plex();
    volumes_that_are_supported();
    return contract_result();
}
