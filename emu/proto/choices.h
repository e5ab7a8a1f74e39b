/* SPDX-License-Identifier: MIT */
/* Questions that the documentation leaves open, one row each: what is asked, what happens here, and
 * why. Where versions of Windows or documents differ the row is a switch: a name, its values, and
 * which of them each version of Windows has (vssemu run --windows 2003, --choice NAME=VALUE;
 * vssemu.h). `vssemu states choices` prints the table, docs/deviations.md holds it for readers. No
 * other file decides such a thing by itself: it asks choices_value(). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum choice {
    CHOICE_WRITER_VETO,
    CHOICE_PREPARE_WITHOUT_COMPONENTS,
    CHOICE_PREPARE_FAILURE_ABORTS,
    CHOICE_STATE_AFTER_ABORT,
    CHOICE_ABORT_AFTER_POST_SNAPSHOT,
    CHOICE_SHUTDOWN_AFTER_ABORT,
    CHOICE_BACKUP_COMPLETE_FAILURE,
    CHOICE_SESSION_SLOTS,
    CHOICE_UNEXPECTED_CODE,
    CHOICE_WAIT_RESULT,
    CHOICE_WAIT_LIMIT,
    CHOICE_NEWEST_INTERFACE,
    CHOICE_EDITION,
    CHOICE_NO_CONTEXT_CODE,
    CHOICE_FILTER_AFTER_GATHER,
    CHOICE_MALFORMED_METADATA,
    CHOICE_QUERY_WITHOUT_MATCH,
    CHOICE_ABORT_DROPS_COPIES,
    CHOICE_AUTO_RELEASE,
    CHOICE_RESTORE_INSTANCES,
    CHOICE_AREA_ON_CHANGE,
    CHOICE_SNAPSHOT_PROTECTION,
    N_CHOICES
};

/* The values of each choice, in the order of its row. */
enum { WRITER_VETO_STATUS_ONLY, WRITER_VETO_FAILS_SET };
enum { PREPARE_WITHOUT_COMPONENTS_NONE, PREPARE_WITHOUT_COMPONENTS_ALL };
enum { PREPARE_FAILURE_ABORTS_NO, PREPARE_FAILURE_ABORTS_YES };
enum { STATE_AFTER_ABORT_FAILED, STATE_AFTER_ABORT_STABLE };
enum { ABORT_AFTER_POST_SNAPSHOT_NO, ABORT_AFTER_POST_SNAPSHOT_YES };
enum { SHUTDOWN_AFTER_ABORT_YES, SHUTDOWN_AFTER_ABORT_NO };
enum { BACKUP_COMPLETE_FAILURE_SHOWN, BACKUP_COMPLETE_FAILURE_HIDDEN };
enum { SESSION_SLOTS_BY_EVENT, SESSION_SLOTS_BY_STATUS };
enum { UNEXPECTED_CODE_VSS, UNEXPECTED_CODE_COM };
enum { WAIT_RESULT_OK, WAIT_RESULT_OF_OPERATION };
enum { WAIT_LIMIT_MILLISECONDS, WAIT_LIMIT_INFINITE_ONLY };
enum { NEWEST_INTERFACE_EX, NEWEST_INTERFACE_EX3, NEWEST_INTERFACE_EX4 };
enum { EDITION_SERVER, EDITION_CLIENT };
enum { NO_CONTEXT_CODE_UNSUPPORTED, NO_CONTEXT_CODE_INVALID };
enum { FILTER_AFTER_GATHER_NOTHING, FILTER_AFTER_GATHER_BAD_STATE };
enum { MALFORMED_METADATA_FALSE, MALFORMED_METADATA_INVALID };
enum { QUERY_WITHOUT_MATCH_OK, QUERY_WITHOUT_MATCH_FALSE };
enum { ABORT_DROPS_COPIES_NO, ABORT_DROPS_COPIES_YES };
enum { AUTO_RELEASE_AT_ONCE, AUTO_RELEASE_LATE };
enum { RESTORE_INSTANCES_ALL, RESTORE_INSTANCES_ONE };
enum { AREA_ON_CHANGE_MADE, AREA_ON_CHANGE_NOT_FOUND };
enum { SNAPSHOT_PROTECTION_THERE, SNAPSHOT_PROTECTION_NONE };

enum windows_version {
    WINDOWS_2003,
    WINDOWS_2008R2,
    WINDOWS_2012R2,
    WINDOWS_2016,
    WINDOWS_2022,
    N_WINDOWS_VERSIONS
};

struct choice_row {
    const char *id;       /* of the question: "R17 W2" (R: requester side, W: writer side) */
    const char *question; /* what is open */
    const char *here;     /* what happens, unless values say it */
    const char *evidence; /* why */
    /* Of a switch only: */
    const char *name;      /* "writer_veto"; NULL: no switch */
    const char *values[4]; /* NULL behind the last */
    unsigned char by_version[N_WINDOWS_VERSIONS];
};

struct choices {
    enum windows_version version;
    unsigned char values[N_CHOICES];
};

void choices_init(struct choices *choices); /* as the newest version */
/* Sets all choices to what that version does. */
void choices_set_version(struct choices *choices, enum windows_version version);
/* False: no such switch, or no such value. */
bool choices_set(struct choices *choices, const char *name, const char *value);
bool choices_set_pair(struct choices *choices, const char *pair); /* "writer_veto=fail-set" */
bool windows_version_named(const char *name, enum windows_version *ret); /* "2008r2" */
const char *windows_version_name(enum windows_version version);

/* Every question, switches first: row i is choice i for i < N_CHOICES. */
extern const struct choice_row choice_rows[];
extern const size_t n_choice_rows;
const struct choice_row *choice_row(size_t i); /* NULL behind the last */
/* The values of a switch, "status-only, fail-set", for messages; NULL: no such switch. The caller
 * frees. */
char *choice_values_text(const char *name);

static inline unsigned choices_value(const struct choices *choices, enum choice choice)
{
    return choices->values[choice];
}
