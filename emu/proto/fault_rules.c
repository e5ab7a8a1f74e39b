/* SPDX-License-Identifier: MIT */
#include "emu/proto/fault_rules.h"

#include "emu/base/str.h"
#include "emu/proto/api_rules.h"
#include "emu/proto/writer_rules.h"

#include <string.h>

#define W (1u << FAULT_WRITER)
#define P (1u << FAULT_PROVIDER)
#define V (1u << FAULT_VOLUME)
#define R (1u << FAULT_REQUESTER)
#define M (1u << FAULT_MACHINE)

/* clang-format off */
static const struct action_row {
    const char *name;
    unsigned actors;
    unsigned timed; /* of these also at a time */
    enum fault_argument argument;
    const char *help;
} action_rows[N_FAULT_ACTIONS] = {
    [FAULT_FAIL]             = { "fail",             W|P|V, 0,   FAULT_TAKES_CODE,        "answers code=; a writer reports it and vetoes" },
    [FAULT_VETO]             = { "veto",             W,     0,   FAULT_TAKES_NOTHING,     "vetoes and reports nothing" },
    [FAULT_REPORT]           = { "report",           W,     0,   FAULT_TAKES_CODE,        "reports code= and yet agrees" },
    [FAULT_DELAY]            = { "delay",            W|P|V, 0,   FAULT_TAKES_DURATION,    "does it for= later" },
    [FAULT_HANG]             = { "hang",             W|P|V, 0,   FAULT_TAKES_NOTHING,     "never comes back" },
    [FAULT_CRASH]            = { "crash",            W|P|R, W,   FAULT_TAKES_NOTHING,     "its process ends with a signal" },
    [FAULT_THROW]            = { "throw",            W|P,   0,   FAULT_TAKES_NOTHING,     "lets an exception out" },
    [FAULT_DIE]              = { "die",              W|R,   W,   FAULT_MAY_TAKE_DURATION, "its process ends; a writer's new instance comes for= later" },
    [FAULT_CORRUPT]          = { "corrupt",          W,     0,   FAULT_TAKES_NOTHING,     "its metadata is not what the schema allows" },
    [FAULT_OVERSIZE]         = { "oversize",         W,     0,   FAULT_MAY_TAKE_SIZE,     "its metadata is size= bytes long" },
    [FAULT_TWICE]            = { "twice",            W|R,   0,   FAULT_TAKES_NOTHING,     "answers twice; a requester calls twice" },
    [FAULT_UNSUBSCRIBE]      = { "unsubscribe",      W,     W,   FAULT_TAKES_NOTHING,     "unsubscribes instead of answering" },
    [FAULT_VANISH]           = { "vanish",           V,     V,   FAULT_TAKES_NOTHING,     "is no longer there" },
    [FAULT_FILL]             = { "fill",             V,     V,   FAULT_TAKES_NOTHING,     "has no space left" },
    [FAULT_LOSE_HOLD]        = { "lose-hold",        V,     0,   FAULT_TAKES_NOTHING,     "lets writes go on although they are held" },
    [FAULT_RELEASE]          = { "release",          R,     0,   FAULT_TAKES_NOTHING,     "releases everything instead of the call" },
    [FAULT_CANCEL]           = { "cancel",           R,     0,   FAULT_TAKES_NOTHING,     "cancels the operation that the call has begun" },
    [FAULT_ABORT]            = { "abort",            R,     0,   FAULT_TAKES_NOTHING,     "calls AbortBackup first" },
    [FAULT_SHORT_WAIT]       = { "short-wait",       R,     0,   FAULT_TAKES_DURATION,    "waits only for= and goes on" },
    [FAULT_SKIP]             = { "skip",             R,     0,   FAULT_TAKES_NOTHING,     "leaves the call out" },
    [FAULT_ACCESS_DENIED]    = { "access-denied",    M,     0,   FAULT_TAKES_NOTHING,     "E_ACCESSDENIED" },
    [FAULT_LOW_MEMORY]       = { "low-memory",       M,     0,   FAULT_TAKES_NOTHING,     "E_OUTOFMEMORY" },
    [FAULT_DAMAGED_DOCUMENT] = { "damaged-document", M,     0,   FAULT_TAKES_NOTHING,     "VSS_E_INVALID_XML_DOCUMENT" },
    [FAULT_INTERNAL_ERROR]   = { "internal-error",   M,     0,   FAULT_TAKES_NOTHING,     "VSS_E_UNEXPECTED, or E_FAIL where the page says so" },
    [FAULT_NO_MESSAGES]      = { "no-messages",      M,     0,   FAULT_TAKES_NOTHING,     "writers cannot be reached: VSS_E_WRITER_INFRASTRUCTURE" },
    [FAULT_SAFE_MODE]        = { "safe-mode",        M,     0,   FAULT_TAKES_NOTHING,     "writers are not initialised: S_FALSE" },
    [FAULT_CLOCK_JUMP]       = { "clock-jump",       M,     M,   FAULT_TAKES_JUMP,        "the wall clock is put by= forward or back" },
    [FAULT_RESTART]          = { "restart",          M,     M,   FAULT_TAKES_NOTHING,     "the service ends and starts again" },
    [FAULT_SET_IN_PROGRESS]  = { "set-in-progress",  M,     0,   FAULT_TAKES_NOTHING,     "somebody else's set is in progress: VSS_E_SNAPSHOT_SET_IN_PROGRESS" },
};
/* clang-format on */

#undef W
#undef P
#undef V
#undef R
#undef M

static const struct actor_row {
    const char *name, *place_key;
} actor_rows[N_FAULT_ACTORS] = {
    [FAULT_WRITER] = { "writer", "event" },  [FAULT_PROVIDER] = { "provider", "call" },
    [FAULT_VOLUME] = { "volume", "op" },     [FAULT_REQUESTER] = { "requester", "call" },
    [FAULT_MACHINE] = { "machine", "call" },
};

static const char *const provider_points[N_FAULT_PROVIDER_POINTS] = {
    [AT_PROVIDER_LOAD] = "OnLoad",
    [AT_PROVIDER_UNLOAD] = "OnUnload",
    [AT_PROVIDER_SET_CONTEXT] = "SetContext",
    [AT_PROVIDER_IS_SUPPORTED] = "IsVolumeSupported",
    [AT_PROVIDER_IS_SNAPSHOTTED] = "IsVolumeSnapshotted",
    [AT_PROVIDER_BEGIN_PREPARE] = "BeginPrepareSnapshot",
    [AT_PROVIDER_END_PREPARE] = "EndPrepareSnapshots",
    [AT_PROVIDER_PRE_COMMIT] = "PreCommitSnapshots",
    [AT_PROVIDER_COMMIT] = "CommitSnapshots",
    [AT_PROVIDER_POST_COMMIT] = "PostCommitSnapshots",
    [AT_PROVIDER_PRE_FINAL_COMMIT] = "PreFinalCommitSnapshots",
    [AT_PROVIDER_POST_FINAL_COMMIT] = "PostFinalCommitSnapshots",
    [AT_PROVIDER_ABORT] = "AbortSnapshots",
    [AT_PROVIDER_PROPERTIES] = "GetSnapshotProperties",
    [AT_PROVIDER_SET_PROPERTY] = "SetSnapshotProperty",
    [AT_PROVIDER_QUERY] = "Query",
    [AT_PROVIDER_DELETE] = "DeleteSnapshots",
    [AT_PROVIDER_REVERT] = "RevertToSnapshot",
    [AT_PROVIDER_REVERT_STATUS] = "QueryRevertStatus",
    [AT_PROVIDER_ADD_AREA] = "AddDiffArea",
    [AT_PROVIDER_CHANGE_AREA] = "ChangeDiffAreaMaximumSize",
    [AT_PROVIDER_CHANGE_AREA_EX] = "ChangeDiffAreaMaximumSizeEx",
    [AT_PROVIDER_AREA_VOLUMES] = "QueryVolumesSupportedForDiffAreas",
    [AT_PROVIDER_AREAS_FOR] = "QueryDiffAreasForVolume",
    [AT_PROVIDER_AREAS_ON] = "QueryDiffAreasOnVolume",
    [AT_PROVIDER_AREAS_OF_SNAPSHOT] = "QueryDiffAreasForSnapshot",
    [AT_PROVIDER_SET_LEVEL] = "SetVolumeProtectLevel",
    [AT_PROVIDER_GET_LEVEL] = "GetVolumeProtectLevel",
    [AT_PROVIDER_CLEAR_FAULT] = "ClearVolumeProtectFault",
    [AT_PROVIDER_DELETE_UNUSED] = "DeleteUnusedDiffAreas",
};

static const char *const volume_points[N_FAULT_VOLUME_POINTS] = {
    [AT_VOLUME_FLUSH] = "flush",   [AT_VOLUME_HOLD] = "hold",
    [AT_VOLUME_COMMIT] = "commit", [AT_VOLUME_RELEASE] = "release",
    [AT_VOLUME_DELETE] = "delete", [AT_VOLUME_REVERT] = "revert",
    [AT_VOLUME_OPEN] = "open",     [AT_VOLUME_READ] = "read",
    [AT_VOLUME_WRITE] = "write",   [AT_VOLUME_READ_COPY] = "read-copy",
};

/* ---- places ---- */

size_t fault_point_count(enum fault_actor actor)
{
    switch (actor) {
    case FAULT_WRITER:
        return N_WRITER_EVENTS;
    case FAULT_PROVIDER:
        return N_FAULT_PROVIDER_POINTS;
    case FAULT_VOLUME:
        return N_FAULT_VOLUME_POINTS;
    default:
        return N_API_METHODS;
    }
}

size_t fault_point_count_of_backups(enum fault_actor actor)
{
    switch (actor) {
    case FAULT_PROVIDER:
        return N_BACKUP_PROVIDER_POINTS;
    case FAULT_REQUESTER:
    case FAULT_MACHINE:
        return N_BACKUP_API_METHODS;
    default:
        return fault_point_count(actor);
    }
}

const char *fault_point_name(enum fault_actor actor, unsigned point)
{
    switch (actor) {
    case FAULT_WRITER:
        return writer_event_name((enum writer_event)point);
    case FAULT_PROVIDER:
        return provider_points[point];
    case FAULT_VOLUME:
        return volume_points[point];
    default:
        break;
    }
    /* The methods of the interface everybody means go without it. */
    static const char usual[] = "IVssBackupComponents::";
    const char *name = api_method_name((enum api_method)point);

    return str_starts_with(name, usual) ? name + strlen(usual) : name;
}

bool fault_point_named(enum fault_actor actor, const char *name, unsigned *ret_point)
{
    size_t n = fault_point_count(actor);

    for (unsigned i = 0; i < n; i++) {
        bool is_method = actor == FAULT_REQUESTER || actor == FAULT_MACHINE;

        if (!str_is_equal_nocase(name, fault_point_name(actor, i)) &&
            !(is_method && str_is_equal_nocase(name, api_method_name((enum api_method)i))))
            continue;
        *ret_point = i;
        return true;
    }
    return false;
}

/* ---- words ---- */

const char *fault_actor_name(enum fault_actor actor)
{
    return actor_rows[actor].name;
}

const char *fault_actor_place_key(enum fault_actor actor)
{
    return actor_rows[actor].place_key;
}

const char *fault_action_name(enum fault_action action)
{
    return action_rows[action].name;
}

const char *fault_action_help(enum fault_action action)
{
    return action_rows[action].help;
}

enum fault_argument fault_action_argument(enum fault_action action)
{
    return action_rows[action].argument;
}

/* ---- what can happen where ---- */

bool fault_rules_actor_has(enum fault_actor actor, enum fault_action action)
{
    return action_rows[action].actors & (1u << actor);
}

bool fault_rules_allow_at_time(enum fault_actor actor, enum fault_action action)
{
    return action_rows[action].timed & (1u << actor);
}

static bool machine_allows(enum api_method method, enum fault_action action)
{
    switch (action) {
    case FAULT_ACCESS_DENIED:
        return api_rules_can_meet(method, MACHINE_LOW_RIGHTS_BACKUP) ||
               api_rules_can_meet(method, MACHINE_LOW_RIGHTS_ADMIN);
    case FAULT_LOW_MEMORY:
        return api_rules_can_meet(method, MACHINE_LOW_MEMORY);
    case FAULT_DAMAGED_DOCUMENT:
        return api_rules_can_meet(method, MACHINE_DAMAGED_DOCUMENT);
    case FAULT_INTERNAL_ERROR:
        return api_rules_can_meet(method, MACHINE_INTERNAL_ERROR) ||
               api_rules_can_meet(method, MACHINE_INTERNAL_FAIL);
    case FAULT_NO_MESSAGES:
        return api_rules_can_meet(method, MACHINE_NO_MESSAGES) ||
               api_rules_can_meet(method, MACHINE_LOST_WRITERS);
    case FAULT_SAFE_MODE:
        return api_rules_can_meet(method, MACHINE_SAFE_MODE);
    case FAULT_SET_IN_PROGRESS:
        return api_rules_can_meet(method, MACHINE_SET_IN_PROGRESS);
    default:
        return true;
    }
}

/* Volumes: a file's operations answer or fail at once, and a provider that is called inside the
 * service cannot wait for commit, delete or revert. */
static bool volume_allows(unsigned point, enum fault_action action)
{
    switch (action) {
    case FAULT_DELAY:
    case FAULT_HANG:
        return point == AT_VOLUME_FLUSH || point == AT_VOLUME_HOLD || point == AT_VOLUME_RELEASE;
    case FAULT_LOSE_HOLD:
        return point == AT_VOLUME_HOLD;
    default:
        return true;
    }
}

bool fault_rules_allow(enum fault_actor actor, unsigned point, enum fault_action action)
{
    if (!fault_rules_actor_has(actor, action) || point >= fault_point_count(actor))
        return false;
    if (actor == FAULT_WRITER && (action == FAULT_CORRUPT || action == FAULT_OVERSIZE))
        return point == ON_IDENTIFY;
    if (actor == FAULT_VOLUME)
        return volume_allows(point, action);
    if (actor == FAULT_REQUESTER || action == FAULT_RESTART)
        return api_method_is_of_requester((enum api_method)point);
    if (actor == FAULT_MACHINE)
        return machine_allows((enum api_method)point, action);
    return true;
}
