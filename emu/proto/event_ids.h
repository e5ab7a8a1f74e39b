/* SPDX-License-Identifier: MIT */
/* The entries that VSS and the snapshot driver write into the logs of Windows: source, number,
 * level, text. */
#pragma once

enum event_level { EVENT_INFORMATION, EVENT_WARNING, EVENT_ERROR };

enum event_id {
    EVENT_ROUTINE_ERROR,    /* 8193 */
    EVENT_INVALID_DOCUMENT, /* 8200 */
    EVENT_PROVIDER_ROUTINE, /* 12293 */
    EVENT_OLD_SESSION,      /* 12289 */
    N_EVENT_IDS
};

struct event_row {
    const char *source; /* "VSS", "Volsnap" */
    unsigned number;
    enum event_level level;
    const char *text; /* one %s: what the entry is about */
};

const struct event_row *event_row(enum event_id id);
