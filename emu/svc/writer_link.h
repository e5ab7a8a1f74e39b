/* SPDX-License-Identifier: MIT */
/* How the service speaks to a writer: it delivers an event with everything that the handler may ask
 * for, and the link answers later or at once. emu/api/writer_adapter is the link to writers in this
 * process; a socket may be another one. */
#pragma once

#include "emu/include/vswriter.h"
#include "emu/proto/writer_rules.h"

#include <stdbool.h>
#include <stddef.h>

struct bcd_writer;
struct service;
struct wmd;

/* What a handler may ask for, by value or borrowed until the delivery is done. */
struct writer_event_info {
    VSS_ID session_id;
    unsigned session_number;    /* from 1, in the order of their beginning */
    VSS_ID snapshot_set_id;     /* null when there is none */
    const char *const *volumes; /* GUID names of the set's volumes, UTF-8 */
    const char *const *devices; /* their snapshots' devices; NULL before the copy exists */
    size_t n_volumes;
    LONG context;
    VSS_BACKUP_TYPE backup_type;
    VSS_RESTORE_TYPE restore_type;
    bool components_selected, bootable_state, partial_files;
    bool has_components;              /* false: the handler gets NULL instead of components */
    struct bcd_writer *components;    /* NULL with has_components: an empty list */
    struct wmd *metadata;             /* ON_IDENTIFY: to be filled in */
    struct wmd *identify_information; /* what Identify gave, where a handler may ask; or NULL */
};

struct writer_delivery {
    enum writer_event event;
    struct writer_event_info info;
    int64_t sent_ns; /* when it was delivered, on the world's clock */
    /* The answer. */
    bool agreed;         /* what the handler returned */
    bool is_too_long;    /* its document is longer than what takes it to the requester takes */
    bool has_report;     /* it has called SetWriterFailure or SetWriterFailureEx: */
    HRESULT failure;     /* what it reported, or S_OK */
    HRESULT application; /* code and message of SetWriterFailureEx; the message is owned by the */
    char *message;       /* delivery, UTF-8, NULL for none */
    /* Called inside the service, once. */
    void (*done)(struct writer_delivery *delivery);
    void *owner;
};

/* For a link whose writer answers twice: before the first is done, the second answer to the same
 * event, which may be done after it. Inside the service. */
struct writer_delivery *writer_delivery_again(const struct writer_delivery *delivery);

struct writer_link {
    /* Inside the service. The delivery belongs to the link until done is called. */
    void (*deliver)(struct writer_link *link, struct writer_delivery *delivery);
};
