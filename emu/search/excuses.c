/* SPDX-License-Identifier: MIT */
/* See excuses.h. */
#include "emu/search/excuses.h"

#include "emu/base/str.h"
#include "emu/proto/fault_rules.h"
#include "emu/proto/writer_rules.h"
#include "fakes/world/fault.h"

#include <string.h>

#define HOUR  (3600 * INT64_C(1000000000))
#define LIMIT (600 * INT64_C(1000000000)) /* of a handler, so that one who has gone is given up */

/* ---- what fired ---- */

static bool is_late(const struct fault *fault)
{
    return fault->hit.action == FAULT_DELAY || fault->hit.action == FAULT_HANG ||
           fault->hit.duration_ns;
}

/* Whether it comes between Freeze and Thaw, where the window is counted. */
static bool is_in_set(const struct fault *fault)
{
    switch (fault->actor) {
    case FAULT_WRITER:
        return fault->point == ON_FREEZE || fault->point == ON_THAW;
    case FAULT_PROVIDER:
        return fault->point >= AT_PROVIDER_PRE_COMMIT && fault->point <= AT_PROVIDER_POST_COMMIT;
    case FAULT_VOLUME:
        return fault->point <= AT_VOLUME_RELEASE;
    default:
        return false;
    }
}

static bool is_deadly(const struct fault *fault)
{
    return fault->hit.action == FAULT_CRASH || fault->hit.action == FAULT_DIE;
}

static bool goes_away(const struct fault *fault)
{
    return fault->hit.action == FAULT_CRASH || fault->hit.action == FAULT_DIE ||
           fault->hit.action == FAULT_UNSUBSCRIBE;
}

/* Until when others wait because of it; 0: it makes nobody wait. */
static int64_t end_of(const struct fault *fault, int64_t at_ns)
{
    if (fault->hit.action == FAULT_HANG)
        return INT64_MAX;
    if (goes_away(fault))
        return at_ns + LIMIT;
    return is_late(fault) ? at_ns + fault->hit.duration_ns : 0;
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static void take_writer(struct excuses *e, const struct fault *fault, bool is_of_program)
{
    e->has_killed_writer |= is_of_program && is_deadly(fault);
    switch (fault->hit.action) {
    case FAULT_HANG:
    case FAULT_CRASH:
    case FAULT_DIE:
    case FAULT_UNSUBSCRIBE:
        e->has_late_partner = e->has_lost_writer = true; /* others wait for it */
        e->has_lost_program |= is_of_program;
        break;
    default:
        break;
    }
}

static void take_provider(struct excuses *e, const struct fault *fault)
{
    e->has_long_call |= fault->hit.action == FAULT_HANG || fault->hit.duration_ns >= HOUR;
    switch (fault->point) {
    case AT_PROVIDER_SET_CONTEXT:
    case AT_PROVIDER_PROPERTIES:
    case AT_PROVIDER_QUERY:
    case AT_PROVIDER_DELETE:
        e->has_bad_deletion = true;
        break;
    default:
        break;
    }
}

/* Full: what is made anew does not fit. The rest fails where it fails. */
static void take_volume(struct excuses *e, const struct fault *fault)
{
    bool is_of_file = fault->point == AT_VOLUME_OPEN || fault->point == AT_VOLUME_READ ||
                      fault->point == AT_VOLUME_WRITE;
    bool is_of_copies = fault->point == AT_VOLUME_READ_COPY;

    e->has_lost_files |= fault->hit.action == FAULT_FILL ||
                         (fault->hit.action == FAULT_FAIL && is_of_file) ||
                         (fault->hit.action == FAULT_VANISH && !is_of_copies);
    e->has_bad_deletion |= fault->point == AT_VOLUME_DELETE || fault->hit.action == FAULT_VANISH;
}

static void take_machine(struct excuses *e, const struct fault *fault)
{
    if (fault->hit.action == FAULT_CLOCK_JUMP)
        return; /* the time of day is nobody's excuse */
    e->has_restart |= fault->hit.action == FAULT_RESTART;
    if (fault->is_timed)
        return;
    if (fault->point < N_API_METHODS)
        e->methods[fault->point] = true;
    else
        e->is_everywhere = true;
}

void excuses_take(struct excuses *e, const struct fault *fault, int64_t at_ns, bool is_of_program)
{
    e->has_late_partner |= is_late(fault);
    if (is_in_set(fault))
        e->late_until_ns = later(e->late_until_ns, end_of(fault, at_ns));
    switch (fault->actor) {
    case FAULT_WRITER:
        take_writer(e, fault, is_of_program);
        break;
    case FAULT_PROVIDER:
        take_provider(e, fault);
        break;
    case FAULT_VOLUME:
        take_volume(e, fault);
        break;
    case FAULT_REQUESTER:
        e->has_odd_requester = true;
        e->has_killed_requester |= is_deadly(fault);
        break;
    case FAULT_MACHINE:
        take_machine(e, fault);
        break;
    default:
        break;
    }
}

/* ---- what it explains ---- */

#define OURS(method) API_IVssBackupComponents_##method
#define NONE         N_API_METHODS

/* The calls whose failure leaves the rule broken. */
static const struct explained {
    const char *rule;
    enum api_method by[4];
} explained[] = {
    { "session-dropped-after-prepare", { OURS(AbortBackup), OURS(BackupComplete), NONE } },
    { "abort-missing-after-failure", { OURS(AbortBackup), NONE } },
    { "backup-complete-missing", { OURS(BackupComplete), OURS(AbortBackup), NONE } },
    { "post-restore-missing", { OURS(PostRestore), NONE } },
    { "status-after-prepare", { OURS(GatherWriterStatus), OURS(GetWriterStatus), NONE } },
    { "status-after-snapshot", { OURS(GatherWriterStatus), OURS(GetWriterStatus), NONE } },
    { "status-after-pre-restore", { OURS(GatherWriterStatus), OURS(GetWriterStatus), NONE } },
    { "status-after-post-restore", { OURS(GatherWriterStatus), OURS(GetWriterStatus), NONE } },
    { "component-mandatory", { OURS(AddComponent), NONE } },
    { "dependency-not-honoured", { OURS(AddComponent), NONE } },
    { "volume-not-in-set", { OURS(AddToSnapshotSet), NONE } },
    { "backup-succeeded-missing", { OURS(SetBackupSucceeded), NONE } },
    { "file-restore-status-missing", { OURS(SetFileRestoreStatus), NONE } },
    { "mapping-not-recorded", { OURS(AddAlternativeLocationMapping), NONE } },
    { "async-not-queried", { API_IVssAsync_QueryStatus, API_IVssAsync_Wait, NONE } },
    { "released-while-pending",
      { API_IVssAsync_QueryStatus, API_IVssAsync_Wait, API_IVssAsync_Cancel, NONE } },
    { "writer-not-unsubscribed", { API_CVssWriter_Unsubscribe, NONE } },
};

/* What was given has to be released whatever happens. */
static bool is_leak(const char *rule)
{
    return strstr(rule, "-leaked") || str_is_equal(rule, "session-not-released");
}

bool excuses_finding(const struct excuses *e, const char *rule)
{
    if ((e->has_restart || e->is_everywhere) && !is_leak(rule))
        return true;
    for (size_t i = 0; i < sizeof(explained) / sizeof(explained[0]); i++) {
        if (!str_is_equal(explained[i].rule, rule))
            continue;
        for (const enum api_method *by = explained[i].by; *by != NONE; by++) {
            if (e->methods[*by])
                return true;
        }
    }
    return false;
}

bool excuses_call(const struct excuses *e)
{
    return e->is_everywhere || e->has_restart ||
           memchr(e->methods, true, sizeof(e->methods)) != NULL;
}

/* Whoever deletes needs an object, its context and the call itself. */
bool excuses_leftover(const struct excuses *e)
{
    return e->has_bad_deletion || e->has_restart || e->is_everywhere || e->has_odd_requester ||
           e->methods[API_Function_CreateVssBackupComponents] ||
           e->methods[OURS(InitializeForBackup)] || e->methods[OURS(SetContext)] ||
           e->methods[OURS(Query)] || e->methods[OURS(DeleteSnapshots)];
}
