/* SPDX-License-Identifier: MIT */
/* The functions that need no object. Learn: "IsVolumeSnapshotted function", "ShouldBlockRevert
 * function", "VssFreeSnapshotProperties function". */
#include "script_provider.h"
#include "stage.h"

#include <string.h>

#define C_ROOT ((VSS_PWSZ)L"C:\\")

static void a_volume_with_and_without_snapshots(void)
{
    struct stage *stage = stage_at(AT_INITIALIZED);
    BOOL is_present = TRUE;
    LONG mask = 7;

    SHOWS(Function, IsVolumeSnapshotted, S_OK, IsVolumeSnapshotted(C_ROOT, &is_present, &mask));
    EXPECT(!is_present && mask == 0);
    stage_go(stage, AT_SNAPSHOT_DONE);
    MUST(IsVolumeSnapshotted(C_ROOT, &is_present, &mask));
    EXPECT(is_present && mask == 0);
    SHOWS(Function, IsVolumeSnapshotted, VSS_E_OBJECT_NOT_FOUND,
          IsVolumeSnapshotted((VSS_PWSZ)L"Q:\\", &is_present, &mask));
    SHOWS(Function, IsVolumeSnapshotted, E_INVALIDARG,
          IsVolumeSnapshotted(NULL, &is_present, &mask));
    SHOWS(Function, IsVolumeSnapshotted, E_INVALIDARG, IsVolumeSnapshotted(C_ROOT, NULL, &mask));
    SHOWS(Function, IsVolumeSnapshotted, E_INVALIDARG,
          IsVolumeSnapshotted(C_ROOT, &is_present, NULL));
    stage_close(stage);
}

static void providers_are_asked(void)
{
    struct stage *stage = stage_open();
    struct script_provider *provider = script_provider_add(stage->world, VSS_PROV_SOFTWARE);
    BOOL is_present = FALSE;
    LONG mask = 0;

    script_provider_answers(provider, "IsVolumeSnapshotted", VSS_E_PROVIDER_VETO);
    SHOWS(Function, IsVolumeSnapshotted, VSS_E_PROVIDER_VETO,
          IsVolumeSnapshotted(C_ROOT, &is_present, &mask));
    script_provider_answers(provider, "IsVolumeSnapshotted", E_FAIL);
    SHOWS(Function, IsVolumeSnapshotted, VSS_E_UNEXPECTED_PROVIDER_ERROR,
          IsVolumeSnapshotted(C_ROOT, &is_present, &mask));
    script_provider_answers(provider, "IsVolumeSnapshotted", S_OK);
    stage_go(stage, AT_SNAPSHOT_DONE);
    MUST(IsVolumeSnapshotted(C_ROOT, &is_present, &mask));
    EXPECT(is_present && mask == VSS_SC_DISABLE_DEFRAG);
    stage_close(stage);
}

static void a_listed_writer_blocks_a_revert(void)
{
    struct stage *stage = stage_open();
    boolean blocks = TRUE;

    SHOWS(Function, ShouldBlockRevert, S_OK, ShouldBlockRevert(C_ROOT, &blocks));
    EXPECT(!blocks);
    vssemu_block_revert(stage->world, &stage_writer_id);
    MUST(ShouldBlockRevert(C_ROOT, &blocks));
    EXPECT(blocks);
    SHOWS(Function, ShouldBlockRevert, E_INVALIDARG, ShouldBlockRevert(NULL, &blocks));
    SHOWS(Function, ShouldBlockRevert, E_INVALIDARG, ShouldBlockRevert(C_ROOT, NULL));
    stage_close(stage);
}

static void properties_are_freed_and_cleared(void)
{
    struct stage *stage = stage_at(AT_SNAPSHOT_DONE);
    VSS_SNAPSHOT_PROP prop, nothing = { 0 };
    HMODULE library = LoadLibraryW(L"vssapi.dll");

    MUST(call(stage->b, GetSnapshotProperties, stage->snapshot_id, &prop));
    EXPECT(prop.m_pwszSnapshotDeviceObject != NULL);
    VssFreeSnapshotProperties(&prop);
    SHOWS_EFFECT(Function, VssFreeSnapshotProperties, S_OK,
                 !prop.m_pwszSnapshotDeviceObject && !prop.m_pwszOriginalVolumeName &&
                     !prop.m_pwszOriginatingMachine && !prop.m_pwszServiceMachine);
    VssFreeSnapshotProperties(&nothing);
    EXPECT(GetProcAddress(library, "VssFreeSnapshotProperties") != NULL);
    EXPECT(GetProcAddress(library, "ShouldBlockRevertInternal") != NULL);
    EXPECT(GetProcAddress(
               library, "?CreateVssBackupComponents@@YAJPEAPEAVIVssBackupComponents@@@Z") != NULL);
    stage_close(stage);
}

int main(void)
{
    a_volume_with_and_without_snapshots();
    providers_are_asked();
    a_listed_writer_blocks_a_revert();
    properties_are_freed_and_cleared();
    return contract_result();
}
