/* SPDX-License-Identifier: MIT */
/* The entries that VSS and the snapshot driver write into the logs of Windows: source, number,
 * level, text. */
#pragma once

#include <stdbool.h>

enum event_level { EVENT_INFORMATION, EVENT_WARNING, EVENT_ERROR };

enum event_id {
    EVENT_ROUTINE_ERROR,      /* VSS 8193 */
    EVENT_CALLBACK_DENIED,    /* VSS 8194 */
    EVENT_NO_VOLUMES,         /* VSS 8196 */
    EVENT_INVALID_DOCUMENT,   /* VSS 8200 */
    EVENT_MISSING_ATTRIBUTE,  /* VSS 8201 */
    EVENT_WRITER_DOCUMENT,    /* VSS 8204 */
    EVENT_SUBSCRIBE_SAFE,     /* VSS 8211 */
    EVENT_WRITER_RIGHTS,      /* VSS 8213 */
    EVENT_IDLE,               /* VSS 8224 */
    EVENT_WRITER_REJECTED,    /* VSS 8229 */
    EVENT_CREATION_STARTED,   /* VSS 8231 */
    EVENT_OLD_SESSION,        /* VSS 12289 */
    EVENT_PROVIDER_CLASS,     /* VSS 12292 */
    EVENT_PROVIDER_ROUTINE,   /* VSS 12293 */
    EVENT_PROVIDER_ARGUMENT,  /* VSS 12294 */
    EVENT_FLUSH_WRITES,       /* VSS 12297 */
    EVENT_HOLD_WRITES,        /* VSS 12298 */
    EVENT_COMMITTED_COUNT,    /* VSS 12299 */
    EVENT_WRITER_SILENT,      /* VSS 12301 */
    EVENT_WRITERS_UNREACHED,  /* VSS 12302 */
    EVENT_VOLUME_GONE,        /* VSS 12305 */
    EVENT_STORAGE_FAILURE,    /* Volsnap 14 */
    EVENT_STORAGE_DISMOUNTED, /* Volsnap 16 */
    EVENT_STORAGE_DISK_FULL,  /* Volsnap 24 */
    EVENT_STORAGE_DELETED,    /* Volsnap 25 */
    EVENT_STORAGE_NOT_FOUND,  /* Volsnap 27 */
    EVENT_STORAGE_OLDEST,     /* Volsnap 33 */
    EVENT_STORAGE_NOT_GROWN,  /* Volsnap 35 */
    EVENT_STORAGE_LIMIT,      /* Volsnap 36 */
    N_EVENT_IDS
};

struct event_row {
    const char *source; /* "VSS", "Volsnap" */
    unsigned number;
    enum event_level level;
    bool shows_code;  /* the text goes on with the code inside */
    const char *text; /* one %s: what the entry is about */
};

const struct event_row *event_row(enum event_id id);
/* NULL: no such entry. */
const struct event_row *event_row_of(const char *source, unsigned number);
const char *event_level_name(enum event_level level);    /* "Warning" */
const char *event_log_name(const struct event_row *row); /* "Application", "System" */
