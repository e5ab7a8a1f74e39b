/* SPDX-License-Identifier: MIT */
/* The writer's state machine as a table.
 *
 *   STABLE --PrepareForBackup--> STABLE --PrepareForSnapshot--> WAITING_FOR_FREEZE --Freeze-->
 *   WAITING_FOR_THAW --Thaw--> WAITING_FOR_POST_SNAPSHOT --PostSnapshot-->
 *   WAITING_FOR_BACKUP_COMPLETE --BackupComplete--> STABLE
 */
#include "emu/proto/writer_rules.h"

#include <stddef.h>

#define WS(name) VSS_WS_##name

/* clang-format off */
static const struct writer_rule {
    VSS_WRITER_STATE in;
    enum writer_event event;
    VSS_WRITER_STATE agrees, vetoes;
} writer_rules[] = {
/*  in this state                       on event               handler agrees                      handler vetoes or reports a failure */
  { WS(STABLE),                         ON_IDENTIFY,           WS(STABLE),                         WS(FAILED_AT_IDENTIFY)         },
  { WS(STABLE),                         ON_PREPARE_BACKUP,     WS(STABLE),                         WS(FAILED_AT_PREPARE_BACKUP)   },
  { WS(STABLE),                         ON_PREPARE_SNAPSHOT,   WS(WAITING_FOR_FREEZE),             WS(FAILED_AT_PREPARE_SNAPSHOT) },
  { WS(WAITING_FOR_FREEZE),             ON_FREEZE,             WS(WAITING_FOR_THAW),               WS(FAILED_AT_FREEZE)           },
  { WS(WAITING_FOR_THAW),               ON_THAW,               WS(WAITING_FOR_POST_SNAPSHOT),      WS(FAILED_AT_THAW)             },
  { WS(FAILED_AT_FREEZE),               ON_THAW,               WS(FAILED_AT_FREEZE),               WS(FAILED_AT_FREEZE)           },  /* it reported a failure, agreed, and is frozen */
  { WS(WAITING_FOR_POST_SNAPSHOT),      ON_POST_SNAPSHOT,      WS(WAITING_FOR_BACKUP_COMPLETE),    WS(FAILED_AT_POST_SNAPSHOT)    },
  { WS(WAITING_FOR_BACKUP_COMPLETE),    ON_BACKUP_COMPLETE,    WS(STABLE),                         WS(FAILED_AT_BACKUP_COMPLETE)  },
  { WS(STABLE),                         ON_BACKUP_COMPLETE,    WS(STABLE),                         WS(FAILED_AT_BACKUP_COMPLETE)  },  /* no copy was made */
  /* Abort: before Freeze the writer is as before; after Freeze it stands in FAILED_AT_FREEZE with
   * S_OK. Windows: seen on Server 2003 and 2008 guests. An earlier failure stays visible. */
  { WS(STABLE),                         ON_ABORT,              WS(STABLE),                         WS(STABLE)                     },
  { WS(WAITING_FOR_FREEZE),             ON_ABORT,              WS(STABLE),                         WS(STABLE)                     },
  { WS(WAITING_FOR_THAW),               ON_ABORT,              WS(FAILED_AT_FREEZE),               WS(FAILED_AT_FREEZE)           },
  { WS(WAITING_FOR_POST_SNAPSHOT),      ON_ABORT,              WS(FAILED_AT_FREEZE),               WS(FAILED_AT_FREEZE)           },
  { WS(STABLE),                         ON_PRE_RESTORE,        WS(STABLE),                         WS(FAILED_AT_PRE_RESTORE)      },
  { WS(STABLE),                         ON_POST_RESTORE,       WS(STABLE),                         WS(FAILED_AT_POST_RESTORE)     },
  { WS(FAILED_AT_PRE_RESTORE),          ON_POST_RESTORE,       WS(FAILED_AT_PRE_RESTORE),          WS(FAILED_AT_POST_RESTORE)     },
};

static const struct event_row {
    const char *name;
    bool veto_aborts;             /* Learn: "Aborting VSS Operations" */
    bool in_any_state;            /* delivered whatever the state is */
    VSS_WRITER_STATE vetoed;      /* where a veto leads from any state, 0: the state stays */
} event_rows[N_WRITER_EVENTS] = {
    [ON_IDENTIFY]         = { "Identify",           false, true,   0 },
    [ON_PREPARE_BACKUP]   = { "PrepareForBackup",   false, false,  0 },
    [ON_PREPARE_SNAPSHOT] = { "PrepareForSnapshot", false, false,  0 },
    [ON_FREEZE]           = { "Freeze",             true,  false,  0 },
    [ON_THAW]             = { "Thaw",               true,  false,  0 },
    [ON_POST_SNAPSHOT]    = { "PostSnapshot",       false, false,  0 },
    [ON_ABORT]            = { "Abort",              false, true,   0 },
    [ON_BACKUP_COMPLETE]  = { "BackupComplete",     false, false,  0 },
    [ON_BACKUP_SHUTDOWN]  = { "BackupShutdown",     false, true,   WS(FAILED_AT_BACKUPSHUTDOWN) },
    [ON_PRE_RESTORE]      = { "PreRestore",         false, false,  0 },
    [ON_POST_RESTORE]     = { "PostRestore",        false, false,  0 },
};
/* clang-format on */

static const struct writer_rule *find_rule(VSS_WRITER_STATE state, enum writer_event event)
{
    for (size_t i = 0; i < sizeof(writer_rules) / sizeof(writer_rules[0]); i++) {
        if (writer_rules[i].in == state && writer_rules[i].event == event)
            return &writer_rules[i];
    }
    return NULL;
}

bool writer_rules_allow(VSS_WRITER_STATE state, enum writer_event event)
{
    return event_rows[event].in_any_state || find_rule(state, event);
}

VSS_WRITER_STATE writer_rules_next(VSS_WRITER_STATE state, enum writer_event event,
                                   enum writer_outcome outcome)
{
    const struct writer_rule *rule = find_rule(state, event);

    if (!rule)
        return outcome == OUTCOME_AGREED || !event_rows[event].vetoed ? state
                                                                      : event_rows[event].vetoed;
    return outcome == OUTCOME_AGREED ? rule->agrees : rule->vetoes;
}

bool writer_rules_veto_aborts(enum writer_event event)
{
    return event_rows[event].veto_aborts;
}

const char *writer_event_name(enum writer_event event)
{
    return event_rows[event].name;
}
