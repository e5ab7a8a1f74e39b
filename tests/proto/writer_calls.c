/* SPDX-License-Identifier: MIT */
/* Every call of a writer in every handler, through the public API: prints the table that
 * writer_calls.py compares. y: the call does what its page says; a code: it is refused; -: it has
 * no error to give and answers the neutral value, or there is no object to call. */
#include "stage.h"

#include <stdio.h>
#include <string.h>

static const char *const events[] = { "Identify",
                                      "PrepareForBackup",
                                      "PrepareForSnapshot",
                                      "Freeze",
                                      "Thaw",
                                      "PostSnapshot",
                                      "Abort",
                                      "BackupComplete",
                                      "BackupShutdown",
                                      "PreRestore",
                                      "PostRestore" };
#define N_EVENTS (sizeof(events) / sizeof(events[0]))
#define CONTEXT  (VSS_CTX_BACKUP | VSS_VOLSNAP_ATTR_NO_AUTORECOVERY)

/* What a handler has at hand. */
struct hands {
    struct stage *stage;
    struct vssemu_writer *w;
    IVssComponentEx2 *c; /* NULL: no components come with the event */
};

static const char *code(HRESULT hr)
{
    const char *name = vssemu_result_name(hr);

    if (hr == S_OK)
        return "y";
    return strncmp(name, "VSS_E_", 6) == 0 ? name + 6 : name;
}

static const char *value(bool is_there)
{
    return is_there ? "y" : "-";
}

/* ---- CVssWriter; the last report takes back what was reported before ---- */

static const char *set_writer_failure(struct hands *h)
{
    return code(vssemu_writer_set_failure(h->w, VSS_E_WRITERERROR_RETRYABLE));
}

static const char *set_writer_failure_ex(struct hands *h)
{
    return code(vssemu_writer_set_failure_ex(h->w, S_OK, S_OK, NULL));
}

static const char *get_session_id(struct hands *h)
{
    VSS_ID id;

    return code(vssemu_writer_session_id(h->w, &id));
}

static const char *get_current_snapshot_set_id(struct hands *h)
{
    VSS_ID id = vssemu_writer_snapshot_set_id(h->w);

    return value(memcmp(&id, &h->stage->set_id, sizeof(id)) == 0);
}

static const char *get_current_volume_count(struct hands *h)
{
    return value(vssemu_writer_volume_count(h->w) == 1);
}

static const char *get_current_volume_array(struct hands *h)
{
    return value(vssemu_writer_volumes(h->w) != NULL);
}

static const char *is_path_affected(struct hands *h)
{
    return value(vssemu_writer_is_path_affected(h->w, L"C:\\db"));
}

static const char *get_snapshot_device_name(struct hands *h)
{
    const WCHAR *device;

    return code(vssemu_writer_snapshot_device(h->w, L"C:\\", &device));
}

static const char *get_context(struct hands *h)
{
    return value(vssemu_writer_context(h->w) == (LONG)CONTEXT);
}

static const char *get_backup_type(struct hands *h)
{
    return value(vssemu_writer_backup_type(h->w) == VSS_BT_INCREMENTAL);
}

static const char *are_components_selected(struct hands *h)
{
    return value(vssemu_writer_are_components_selected(h->w));
}

static const char *is_bootable_system_state_backed_up(struct hands *h)
{
    return value(vssemu_writer_is_bootable_state_backed_up(h->w));
}

static const char *is_partial_file_support_enabled(struct hands *h)
{
    return value(vssemu_writer_is_partial_file_support_enabled(h->w));
}

static const char *get_restore_type(struct hands *h)
{
    return value(vssemu_writer_restore_type(h->w) == VSS_RTYPE_IMPORT);
}

static const char *get_identify_information(struct hands *h)
{
    IVssExamineWriterMetadata *metadata;

    return code(vssemu_writer_identify_information(h->w, &metadata));
}

static const char *is_writer_shutting_down(struct hands *h)
{
    return value(!vssemu_writer_is_shutting_down(h->w)); /* a writer that stays: no */
}

/* ---- IVssComponent ---- */

#define COMPONENT(function, method, ...)                             \
    static const char *function(struct hands *h)                     \
    {                                                                \
        return h->c ? code(call(h->c, method, ##__VA_ARGS__)) : "-"; \
    }
static const FILETIME midnight = { 1, 0x01d00000 };

COMPONENT(set_failure, SetFailure, VSS_E_WRITERERROR_RETRYABLE, S_OK, NULL, 0)
COMPONENT(set_backup_metadata, SetBackupMetadata, L"m")
COMPONENT(set_backup_stamp, SetBackupStamp, L"s")
COMPONENT(add_partial_file, AddPartialFile, L"C:\\db", L"base.mdb", L"0:1", NULL)
COMPONENT(add_differenced_files, AddDifferencedFilesByLastModifyTime, L"C:\\db", L"*", FALSE,
          midnight)
COMPONENT(set_prepare_msg, SetPrepareForBackupFailureMsg, L"m")
COMPONENT(set_post_snapshot_msg, SetPostSnapshotFailureMsg, L"m")
COMPONENT(set_restore_metadata, SetRestoreMetadata, L"m")
COMPONENT(set_restore_target, SetRestoreTarget, VSS_RT_DIRECTED)
COMPONENT(add_directed_target, AddDirectedTarget, L"C:\\db", L"a", L"0:1", L"C:\\db", L"b", L"0:1")
COMPONENT(set_pre_restore_msg, SetPreRestoreFailureMsg, L"m")
COMPONENT(set_post_restore_msg, SetPostRestoreFailureMsg, L"m")

static const struct row {
    const char *call;
    const char *(*try)(struct hands *h);
} rows[] = {
    { "SetWriterFailure", set_writer_failure },
    { "SetWriterFailureEx", set_writer_failure_ex },
    { "GetSessionId", get_session_id },
    { "GetCurrentSnapshotSetId", get_current_snapshot_set_id },
    { "GetCurrentVolumeCount", get_current_volume_count },
    { "GetCurrentVolumeArray", get_current_volume_array },
    { "IsPathAffected", is_path_affected },
    { "GetSnapshotDeviceName", get_snapshot_device_name },
    { "GetContext", get_context },
    { "GetBackupType", get_backup_type },
    { "AreComponentsSelected", are_components_selected },
    { "IsBootableSystemStateBackedUp", is_bootable_system_state_backed_up },
    { "IsPartialFileSupportEnabled", is_partial_file_support_enabled },
    { "GetRestoreType", get_restore_type },
    { "GetIdentifyInformation", get_identify_information },
    { "IsWriterShuttingDown", is_writer_shutting_down },
    { "SetFailure", set_failure },
    { "SetBackupMetadata", set_backup_metadata },
    { "SetBackupStamp", set_backup_stamp },
    { "AddPartialFile", add_partial_file },
    { "AddDifferencedFilesByLastModifyTime", add_differenced_files },
    { "SetPrepareForBackupFailureMsg", set_prepare_msg },
    { "SetPostSnapshotFailureMsg", set_post_snapshot_msg },
    { "SetRestoreMetadata", set_restore_metadata },
    { "SetRestoreTarget", set_restore_target },
    { "AddDirectedTarget", add_directed_target },
    { "SetPreRestoreFailureMsg", set_pre_restore_msg },
    { "SetPostRestoreFailureMsg", set_post_restore_msg },
};
#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

static char cells[N_ROWS][N_EVENTS][24];

/* The second component in PostSnapshot: metadata is written once to each. */
static bool try_everything(struct stage *stage, const char *event, IVssCreateWriterMetadata *m,
                           IVssWriterComponents *components)
{
    struct hands hands = { stage, stage->writer, NULL };
    IVssComponent *component = NULL;
    size_t column = 0;

    (void)m;
    while (strcmp(events[column], event) != 0)
        column++;
    if (components)
        MUST(call(components, GetComponent, strcmp(event, "PostSnapshot") == 0, &component));
    hands.c = (IVssComponentEx2 *)component;
    for (size_t i = 0; i < N_ROWS; i++)
        snprintf(cells[i][column], sizeof(cells[i][column]), "%s", rows[i].try(&hands));
    if (component)
        call(component, Release);
    return true;
}

static struct stage *begin(void)
{
    struct stage *stage = stage_open();

    stage->handler = try_everything;
    stage->context = CONTEXT;
    stage_go(stage, AT_INITIALIZED);
    MUST(call(stage->b, SetBackupState, TRUE, TRUE, VSS_BT_INCREMENTAL, TRUE));
    stage_go(stage, AT_PREPARED);
    return stage;
}

static void print_table(void)
{
    printf("| %-35s |", "call");
    for (size_t j = 0; j < N_EVENTS; j++)
        printf(" %-18s |", events[j]);
    printf("\n|%.37s|", "-------------------------------------");
    for (size_t j = 0; j < N_EVENTS; j++)
        printf("--------------------|");
    for (size_t i = 0; i < N_ROWS; i++) {
        printf("\n| %-35s |", rows[i].call);
        for (size_t j = 0; j < N_EVENTS; j++)
            printf(" %-18s |", cells[i][j][0] ? cells[i][j] : "NOT CALLED");
    }
    printf("\n");
}

int main(void)
{
    struct stage *stage = begin();

    MUST(call(stage->b, AbortBackup));
    stage_close(stage);
    stage = begin();
    stage_go(stage, AT_RESTORE); /* the backup's object is released on the way */
    MUST(call(stage->b, SetRestoreState, VSS_RTYPE_IMPORT));
    stage_go(stage, AT_POST_RESTORED);
    stage_close(stage);
    print_table();
    SHOWS_EFFECT(CVssWriter, GetContext, LONG, strcmp(cells[8][3], "y") == 0);
    return contract_result();
}
