/* SPDX-License-Identifier: MIT */
#include "emu/proto/writer_calls.h"

/* clang-format off */
static const struct call_row {
    const char *name;
    char in[N_WRITER_EVENTS + 1]; /* y: allowed; in the order of enum writer_event: */
} call_rows[N_WRITER_CALLS] = {
/*                                                                  Identify
                                                                    |PrepareForBackup
                                                                    ||PrepareForSnapshot
                                                                    |||Freeze
                                                                    ||||Thaw
                                                                    |||||PostSnapshot
                                                                    ||||||Abort
                                                                    |||||||BackupComplete
                                                                    ||||||||BackupShutdown
                                                                    |||||||||PreRestore
                                                                    ||||||||||PostRestore */
[ASK_SET_WRITER_FAILURE]          = { "SetWriterFailure",         "-yyyyyyyyyy" },
[ASK_GET_SESSION_ID]              = { "GetSessionId",             "yyyyyyyyyyy" },
/* Unsure: whether Abort still knows the set; here it does. */
[ASK_GET_CURRENT_SNAPSHOT_SET_ID] = { "GetCurrentSnapshotSetId",  "--yyyyy----" },
[ASK_GET_CURRENT_VOLUMES]         = { "GetCurrentVolumeArray",    "--yyyy-----" },
/* Pages disagree about PrepareForBackup; the set has volumes then, so it is answered with them. */
[ASK_IS_PATH_AFFECTED]            = { "IsPathAffected",           "-yyyyy-----" },
[ASK_GET_SNAPSHOT_DEVICE_NAME]    = { "GetSnapshotDeviceName",    "-----y-----" },
[ASK_GET_CONTEXT]                 = { "GetContext",               "--yyyyyy---" },
[ASK_GET_BACKUP_TYPE]             = { "GetBackupType",            "-yyyyyyy---" },
[ASK_GET_BACKUP_STATE]            = { "AreComponentsSelected",    "-yyyyyyy-yy" },
[ASK_GET_RESTORE_TYPE]            = { "GetRestoreType",           "---------yy" },
[ASK_GET_IDENTIFY_INFORMATION]    = { "GetIdentifyInformation",   "-yy--y-----" },
[ASK_IS_WRITER_SHUTTING_DOWN]     = { "IsWriterShuttingDown",     "yyyyyyyyyyy" },
};
/* clang-format on */

bool writer_calls_allow(enum writer_call call, enum writer_event event)
{
    return call_rows[call].in[event] == 'y';
}

const char *writer_call_name(enum writer_call call)
{
    return call_rows[call].name;
}
