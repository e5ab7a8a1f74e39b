/* SPDX-License-Identifier: MIT */
/* Snapshots that are protected, and what it costs. Learn: the pages of
 * IVssDifferentialSoftwareSnapshotMgmt3. */
#include "mgmt_stage.h"

#include <string.h>

#define A(method, ...) call(m.areas, method, ##__VA_ARGS__)
#define AREA3(method, code, ...) \
    SHOWS(IVssDifferentialSoftwareSnapshotMgmt3, method, code, A(method, ##__VA_ARGS__))

#define UNLIMITED ((LONGLONG)VSS_ASSOC_NO_MAX_SPACE)
#define ORIGINAL  VSS_PROTECTION_LEVEL_ORIGINAL_VOLUME
#define SNAPSHOT  VSS_PROTECTION_LEVEL_SNAPSHOT

#define BLOCK 16384

static char data[64 * BLOCK];

static bool write_file(struct mgmt_stage *m, char letter, size_t size)
{
    memset(data, letter, sizeof(data));
    return vssemu_file_write(m->world, "C:\\f", data, size);
}

/* The first byte of the file, as it is or as the snapshot has it; 0: it cannot be read. */
static char read_file(struct mgmt_stage *m, const char *root)
{
    char path[128], byte;
    void *content = NULL;
    size_t size = 0;

    snprintf(path, sizeof(path), "%s\\f", root);
    if (!vssemu_file_read(m->world, path, &content, &size))
        return 0;
    byte = size ? *(char *)content : 0;
    free(content);
    return byte;
}

static VSS_VOLUME_PROTECTION_INFO look(struct mgmt_stage *m)
{
    VSS_VOLUME_PROTECTION_INFO info = { ORIGINAL };

    MUST(call(m->areas, GetVolumeProtectLevel, C_ROOT, &info));
    return info;
}

/* C: keeps at most n blocks, and has a snapshot of a file of 64. */
static struct mgmt_stage with_snapshot(int n_blocks)
{
    struct mgmt_stage m = mgmt_open();

    EXPECT(write_file(&m, 'a', sizeof(data)));
    EXPECT(vssemu_set_diff_area(m.world, "C:", "D:", (LONGLONG)n_blocks * BLOCK));
    stage_go(m.stage, AT_SNAPSHOT_DONE);
    return m;
}

static void levels(void)
{
    struct mgmt_stage m = mgmt_open();
    VSS_VOLUME_PROTECTION_INFO info;

    AREA3(GetVolumeProtectLevel, S_OK, C_ROOT, &info);
    EXPECT(info.m_protectionLevel == ORIGINAL && !info.m_volumeIsOfflineForProtection &&
           info.m_protectionFault == VSS_PROTECTION_FAULT_NONE && info.m_failureStatus == 0 &&
           !info.m_volumeHasUnusedDiffArea);
    AREA3(SetVolumeProtectLevel, S_OK, C_ROOT, ORIGINAL);         /* no change */
    AREA3(SetVolumeProtectLevel, E_INVALIDARG, C_ROOT, SNAPSHOT); /* no explicit area */
    MUST(A(AddDiffArea, C_ROOT, D_ROOT, UNLIMITED));
    AREA3(SetVolumeProtectLevel, S_OK, C_ROOT, SNAPSHOT);
    AREA3(SetVolumeProtectLevel, S_OK, D_ROOT, SNAPSHOT); /* where the area lies */
    EXPECT(look(&m).m_protectionLevel == SNAPSHOT);
    AREA3(SetVolumeProtectLevel, E_INVALIDARG, C_ROOT, (VSS_PROTECTION_LEVEL)2);
    AREA3(SetVolumeProtectLevel, E_INVALIDARG, NULL, ORIGINAL);
    AREA3(SetVolumeProtectLevel, VSS_E_OBJECT_NOT_FOUND, NO_ROOT, ORIGINAL);
    AREA3(GetVolumeProtectLevel, E_INVALIDARG, C_ROOT, NULL);
    AREA3(GetVolumeProtectLevel, E_INVALIDARG, NULL, &info);
    AREA3(GetVolumeProtectLevel, VSS_E_OBJECT_NOT_FOUND, NO_ROOT, &info);
    AREA3(ClearVolumeProtectFault, E_INVALIDARG, NULL);
    AREA3(ClearVolumeProtectFault, VSS_E_OBJECT_NOT_FOUND, NO_ROOT);
    AREA3(ClearVolumeProtectFault, S_OK, C_ROOT); /* no fault: nothing happens */
    AREA3(DeleteUnusedDiffAreas, E_INVALIDARG, NULL);
    AREA3(DeleteUnusedDiffAreas, VSS_E_OBJECT_NOT_FOUND, NO_ROOT);
    contract_shows(__FILE__, __LINE__, "IVssDifferentialSoftwareSnapshotMgmt3",
                   "QuerySnapshotDeltaBitmap", "HRESULT", "", E_NOTIMPL,
                   A(QuerySnapshotDeltaBitmap, system_provider, system_provider, NULL, NULL, NULL));
    mgmt_close(&m);
}

/* The usual level: writes go on, and the snapshot goes. */
static void unprotected(void)
{
    struct mgmt_stage m = with_snapshot(8);
    char device[128];
    VSS_SNAPSHOT_PROP prop;

    strcpy(device, vssemu_snapshot_device(m.world, "C:"));
    EXPECT(read_file(&m, device) == 'a');
    EXPECT(write_file(&m, 'b', sizeof(data)));
    EXPECT(read_file(&m, "C:") == 'b');
    EXPECT(read_file(&m, device) == 0);
    EXPECT(vssemu_event_count(m.world, "Volsnap", 36) == 1);
    OFF_LIST(VSS_E_OBJECT_NOT_FOUND,
             call(m.stage->b, GetSnapshotProperties, m.stage->snapshot_id, &prop));
    EXPECT(look(&m).m_protectionFault == VSS_PROTECTION_FAULT_NONE);
    mgmt_close(&m);
}

/* The level for snapshots: the volume goes offline, the snapshot stays; cleared and given room, all
 * goes on. */
static void protected(void)
{
    struct mgmt_stage m = with_snapshot(8);
    char device[128];

    strcpy(device, vssemu_snapshot_device(m.world, "C:"));
    MUST(A(SetVolumeProtectLevel, C_ROOT, SNAPSHOT));
    EXPECT(!write_file(&m, 'b', sizeof(data)));
    EXPECT(read_file(&m, "C:") == 0);
    EXPECT(read_file(&m, device) == 'a');
    VSS_VOLUME_PROTECTION_INFO info = look(&m);

    EXPECT(info.m_volumeIsOfflineForProtection && info.m_failureStatus &&
           info.m_protectionFault == VSS_PROTECTION_FAULT_DIFF_AREA_FULL);
    EXPECT(vssemu_event_count(m.world, "Volsnap", 36) == 0);
    /* Protected snapshots are not given up for a smaller area either. */
    OFF_LIST(VSS_E_INSUFFICIENT_STORAGE,
             A(ChangeDiffAreaMaximumSize, C_ROOT, D_ROOT, (LONGLONG)4 * BLOCK));
    MUST(A(ChangeDiffAreaMaximumSize, C_ROOT, D_ROOT, GIGABYTE));
    AREA3(ClearVolumeProtectFault, S_OK, C_ROOT);
    info = look(&m);
    EXPECT(!info.m_volumeIsOfflineForProtection && !info.m_failureStatus &&
           info.m_protectionFault == VSS_PROTECTION_FAULT_NONE &&
           info.m_protectionLevel == SNAPSHOT);
    EXPECT(write_file(&m, 'c', sizeof(data)));
    EXPECT(read_file(&m, "C:") == 'c');
    EXPECT(read_file(&m, device) == 'a');
    mgmt_close(&m);
}

/* Learn: going back to the usual level dismounts a faulted volume first. */
static void no_longer_protected(void)
{
    struct mgmt_stage m = with_snapshot(8);

    MUST(A(SetVolumeProtectLevel, C_ROOT, SNAPSHOT));
    EXPECT(!write_file(&m, 'b', sizeof(data)));
    EXPECT(look(&m).m_volumeIsOfflineForProtection);
    AREA3(SetVolumeProtectLevel, S_OK, C_ROOT, ORIGINAL);
    VSS_VOLUME_PROTECTION_INFO info = look(&m);

    EXPECT(!info.m_volumeIsOfflineForProtection &&
           info.m_protectionFault == VSS_PROTECTION_FAULT_NONE);
    EXPECT(write_file(&m, 'c', sizeof(data)));
    EXPECT(read_file(&m, "C:") == 'c');
    EXPECT(vssemu_event_count(m.world, "Volsnap", 36) == 1);
    mgmt_close(&m);
}

/* The disk with the area goes. */
static void place_is_lost(void)
{
    struct mgmt_stage m = with_snapshot(100);
    char device[128];

    strcpy(device, vssemu_snapshot_device(m.world, "C:"));
    MUST(A(SetVolumeProtectLevel, C_ROOT, SNAPSHOT));
    EXPECT(vssemu_add_fault(m.world, "volume=D: at=1h do=vanish"));
    vssemu_run_for(m.world, 3600 * 1000 + 1);
    VSS_VOLUME_PROTECTION_INFO info = look(&m);

    EXPECT(info.m_volumeIsOfflineForProtection &&
           info.m_protectionFault == VSS_PROTECTION_FAULT_DIFF_AREA_REMOVED);
    EXPECT(read_file(&m, "C:") == 0);
    mgmt_close(&m);
}

static void area_of_a_lost_volume(void)
{
    struct mgmt_stage m = with_snapshot(100);
    IVssEnumMgmtObject *list = NULL;
    VSS_VOLUME_PROTECTION_INFO info;

    MUST(A(AddDiffArea, E_ROOT, D_ROOT, UNLIMITED));
    EXPECT(vssemu_add_fault(m.world, "volume=C: at=1h do=vanish"));
    vssemu_run_for(m.world, 3600 * 1000 + 1);
    MUST(A(GetVolumeProtectLevel, D_ROOT, &info));
    EXPECT(info.m_volumeHasUnusedDiffArea);
    AREA3(DeleteUnusedDiffAreas, S_OK, D_ROOT);
    MUST(A(QueryDiffAreasOnVolume, D_ROOT, &list));
    EXPECT(mgmt_count(list, NULL) == 1); /* E:'s is one of a volume that is there */
    MUST(A(GetVolumeProtectLevel, D_ROOT, &info));
    EXPECT(!info.m_volumeHasUnusedDiffArea);
    mgmt_close(&m);
}

#define NOT_FOR_USERS(method, expression)                                                 \
    do {                                                                                  \
        vssemu_set_caller(m.world, VSSEMU_BACKUP_OPERATOR);                               \
        SHOWS(IVssDifferentialSoftwareSnapshotMgmt3, method, E_ACCESSDENIED, expression); \
        vssemu_set_caller(m.world, VSSEMU_ADMINISTRATOR);                                 \
        VETOES(&m, "IVssDifferentialSoftwareSnapshotMgmt3", method, expression);          \
        EXPECT(vssemu_set_windows(m.world, "2003"));                                      \
        SHOWS(IVssDifferentialSoftwareSnapshotMgmt3, method, E_NOTIMPL, expression);      \
        EXPECT(vssemu_set_windows(m.world, "2022"));                                      \
    } while (0)

static void machine(void)
{
    struct mgmt_stage m = mgmt_open();
    VSS_VOLUME_PROTECTION_INFO info;

    NOT_FOR_USERS(SetVolumeProtectLevel, A(SetVolumeProtectLevel, C_ROOT, ORIGINAL));
    NOT_FOR_USERS(GetVolumeProtectLevel, A(GetVolumeProtectLevel, C_ROOT, &info));
    NOT_FOR_USERS(ClearVolumeProtectFault, A(ClearVolumeProtectFault, C_ROOT));
    NOT_FOR_USERS(DeleteUnusedDiffAreas, A(DeleteUnusedDiffAreas, C_ROOT));
    mgmt_close(&m);
}

int main(void)
{
    levels();
    unprotected();
    protected();
    no_longer_protected();
    place_is_lost();
    area_of_a_lost_volume();
    machine();
    return contract_result();
}
