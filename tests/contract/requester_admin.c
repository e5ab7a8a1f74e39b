/* SPDX-License-Identifier: MIT */
/* Exposing and unexposing. Learn: "IVssBackupComponents::ExposeSnapshot",
 * "IVssBackupComponentsEx2::UnexposeSnapshot", "Exposing and Surfacing Shadow Copied Volumes". */
#include "script_provider.h"
#include "stage.h"

#include <stdio.h>
#include <string.h>

#define LOCALLY  VSS_VOLSNAP_ATTR_EXPOSED_LOCALLY
#define REMOTELY VSS_VOLSNAP_ATTR_EXPOSED_REMOTELY

static struct stage *stage_in(LONG context)
{
    struct stage *stage = stage_open();

    stage->context = context;
    stage_go(stage, AT_SNAPSHOT_DONE);
    return stage;
}

static HRESULT expose(struct stage *stage, VSS_ID id, LPCWSTR root, LONG attributes, LPCWSTR name,
                      VSS_PWSZ *ret_name)
{
    return call(stage->b, ExposeSnapshot, id, (VSS_PWSZ)root, attributes, (VSS_PWSZ)name, ret_name);
}

static HRESULT expose_drive(struct stage *stage, LPCWSTR name)
{
    VSS_PWSZ exposed = NULL;
    HRESULT hr = expose(stage, stage->snapshot_id, NULL, LOCALLY, name, &exposed);

    CoTaskMemFree(exposed);
    return hr;
}

static bool reads(LPCWSTR path, const char *expected)
{
    char text[16] = { 0 };
    DWORD n = 0;
    HANDLE file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);

    if (file == INVALID_HANDLE_VALUE)
        return false;
    ReadFile(file, text, sizeof(text) - 1, &n, NULL);
    CloseHandle(file);
    return strcmp(text, expected) == 0;
}

static void drive_of_a_persistent_snapshot(void)
{
    struct stage *stage = stage_in(VSS_CTX_APP_ROLLBACK);
    VSS_SNAPSHOT_PROP prop = { 0 };
    VSS_PWSZ exposed = NULL;

    EXPECT(vssemu_file_write(stage->world, "C:\\files\\a.txt", "later", 5));
    SHOWS(IVssBackupComponents, ExposeSnapshot, S_OK,
          expose(stage, stage->snapshot_id, NULL, LOCALLY, L"X:", &exposed));
    EXPECT(exposed && wcscmp(exposed, L"X:\\") == 0);
    CoTaskMemFree(exposed);
    EXPECT(reads(L"X:\\files\\a.txt", "words"));
    MUST(call(stage->b, GetSnapshotProperties, stage->snapshot_id, &prop));
    EXPECT(prop.m_lSnapshotAttributes & LOCALLY);
    EXPECT(prop.m_pwszExposedName && wcscmp(prop.m_pwszExposedName, L"X:\\") == 0);
    EXPECT(prop.m_pwszExposedPath == NULL);
    VssFreeSnapshotProperties(&prop);
    OFF_LIST(VSS_E_BAD_STATE, expose_drive(stage, L"Y:"));
    SHOWS(IVssBackupComponentsEx2, UnexposeSnapshot, S_OK,
          call(stage->b, UnexposeSnapshot, stage->snapshot_id));
    EXPECT(!reads(L"X:\\files\\a.txt", "words"));
    SHOWS(IVssBackupComponentsEx2, UnexposeSnapshot, VSS_E_OBJECT_NOT_FOUND,
          call(stage->b, UnexposeSnapshot, stage->snapshot_id));
    SHOWS(IVssBackupComponentsEx2, UnexposeSnapshot, E_INVALIDARG,
          call(stage->b, UnexposeSnapshot, GUID_NULL));
    stage_close(stage);
}

static void folder_and_share(void)
{
    struct stage *stage = stage_in(VSS_CTX_APP_ROLLBACK);
    VSS_PWSZ exposed = NULL;

    EXPECT(CreateDirectoryW(L"C:\\mnt", NULL));
    MUST(expose(stage, stage->snapshot_id, NULL, LOCALLY, L"c:\\MNT", &exposed));
    CoTaskMemFree(exposed);
    EXPECT(reads(L"C:\\mnt\\files\\a.txt", "words"));
    MUST(call(stage->b, UnexposeSnapshot, stage->snapshot_id));
    MUST(expose(stage, stage->snapshot_id, L"files", REMOTELY, L"old$", &exposed));
    EXPECT(wcscmp(exposed, L"old$") == 0);
    CoTaskMemFree(exposed);
    EXPECT(reads(L"\\\\VSSEMU\\old$\\a.txt", "words"));
    MUST(call(stage->b, UnexposeSnapshot, stage->snapshot_id));
    MUST(expose(stage, stage->snapshot_id, NULL, REMOTELY, NULL, &exposed));
    EXPECT(exposed && *exposed);
    CoTaskMemFree(exposed);
    stage_close(stage);
}

/* ---- what may not be ---- */

static void wrong_arguments(void)
{
    struct stage *stage = stage_in(VSS_CTX_APP_ROLLBACK);
    VSS_PWSZ exposed = NULL;
    VSS_ID id = stage->snapshot_id;
    static const struct {
        LPCWSTR root;
        LONG attributes;
        LPCWSTR name;
    } rows[] = {
        { NULL, 0, L"X:" },                  /* neither */
        { NULL, LOCALLY | REMOTELY, L"X:" }, /* both */
        { L"files", LOCALLY, L"X:" },        /* a drive shows a whole volume */
        { NULL, LOCALLY, NULL },             /* no name */
        { NULL, LOCALLY, L"C:" },            /* in use */
        { NULL, LOCALLY, L"C:\\none" },      /* no such folder */
        { NULL, LOCALLY, L"C:\\files" },     /* not empty */
        { L"none", REMOTELY, L"old" },       /* no such folder in the snapshot */
        { NULL, REMOTELY, L"a\\b" },         /* not the name of a share */
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        SHOWS(IVssBackupComponents, ExposeSnapshot, E_INVALIDARG,
              expose(stage, id, rows[i].root, rows[i].attributes, rows[i].name, &exposed));
    OFF_LIST(E_INVALIDARG, expose(stage, id, NULL, LOCALLY, L"X:", NULL));
    SHOWS(IVssBackupComponents, ExposeSnapshot, VSS_E_OBJECT_NOT_FOUND,
          expose(stage, stage->set_id, NULL, LOCALLY, L"X:", &exposed));
    stage_close(stage);
}

/* Learn: "Exposing and Surfacing Shadow Copied Volumes": what each context allows. */
static void wrong_kinds_of_snapshot(void)
{
    struct stage *stage = stage_in(VSS_CTX_BACKUP);
    VSS_PWSZ exposed = NULL;

    OFF_LIST(E_INVALIDARG, expose_drive(stage, L"X:"));
    MUST(expose(stage, stage->snapshot_id, NULL, REMOTELY, L"share", &exposed));
    CoTaskMemFree(exposed);
    stage_close(stage);

    stage = stage_in(VSS_CTX_CLIENT_ACCESSIBLE_WRITERS);
    OFF_LIST(E_INVALIDARG, expose_drive(stage, L"X:"));
    OFF_LIST(E_INVALIDARG, expose(stage, stage->snapshot_id, NULL, REMOTELY, L"share", &exposed));
    stage_close(stage);
}

static void wrong_state(void)
{
    struct stage *stage = stage_at(AT_CREATED);

    SHOWS(IVssBackupComponents, ExposeSnapshot, VSS_E_BAD_STATE, expose_drive(stage, L"X:"));
    SHOWS(IVssBackupComponentsEx2, UnexposeSnapshot, VSS_E_BAD_STATE,
          call(stage->b, UnexposeSnapshot, stage->snapshot_id));
    stage_go(stage, AT_RESTORE);
    OFF_LIST(VSS_E_BAD_STATE, expose_drive(stage, L"X:"));
    stage_close(stage);
}

static void provider_that_refuses(void)
{
    struct stage *stage = stage_open();
    struct script_provider *provider = script_provider_add(stage->world, VSS_PROV_SOFTWARE);

    stage->context = VSS_CTX_APP_ROLLBACK;
    stage_go(stage, AT_SNAPSHOT_DONE);
    script_provider_answers(provider, "SetSnapshotProperty", VSS_E_PROVIDER_VETO);
    SHOWS(IVssBackupComponents, ExposeSnapshot, VSS_E_PROVIDER_VETO, expose_drive(stage, L"X:"));
    script_provider_answers(provider, "SetSnapshotProperty", E_UNEXPECTED);
    SHOWS(IVssBackupComponents, ExposeSnapshot, VSS_E_UNEXPECTED_PROVIDER_ERROR,
          expose_drive(stage, L"X:"));
    script_provider_answers(provider, "SetSnapshotProperty", S_OK);
    MUST(expose_drive(stage, L"X:"));
    script_provider_answers(provider, "SetSnapshotProperty", VSS_E_PROVIDER_VETO);
    SHOWS(IVssBackupComponentsEx2, UnexposeSnapshot, VSS_E_PROVIDER_VETO,
          call(stage->b, UnexposeSnapshot, stage->snapshot_id));
    script_provider_answers(provider, "SetSnapshotProperty", E_FAIL);
    SHOWS(IVssBackupComponentsEx2, UnexposeSnapshot, VSS_E_UNEXPECTED_PROVIDER_ERROR,
          call(stage->b, UnexposeSnapshot, stage->snapshot_id));
    stage_close(stage);
}

int main(void)
{
    drive_of_a_persistent_snapshot();
    folder_and_share();
    wrong_arguments();
    wrong_kinds_of_snapshot();
    wrong_state();
    provider_that_refuses();
    return contract_result();
}
