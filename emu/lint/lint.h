/* SPDX-License-Identifier: MIT */
/* The recorder of findings: rules of the documentation (emu/proto/finding_rules) that a requester
 * or a writer broke and Windows lets pass. One for each world, inside its service. The other files
 * of emu/lint watch; the service and the API tell them what happens, a line each where it happens.
 *
 * A finding is counted by rule, who, call and object; each time it happens is a record of the trace
 * (docs/trace-format.md, kind "finding"). Callable from any thread. */
#pragma once

#include "emu/base/array.h"
#include "emu/base/list.h"
#include "emu/doc/component.h"
#include "emu/proto/api_rules.h"
#include "emu/proto/finding_rules.h"

#include <stdatomic.h>
#include <stdint.h>

struct world_ports;

struct finding {
    enum finding_rule rule;
    char *who;     /* "requester", "writer Sql" */
    char *call;    /* "BackupComplete", "OnFreeze"; "" when none */
    char *object;  /* "Sql: data\master"; "" when none */
    int64_t at_ns; /* the first time, on the world's clock */
    unsigned count;
};

struct lint {
    struct world_ports *ports; /* borrowed */
    atomic_bool is_strict_api; /* must-level rules become the documented error */
    atomic_flag is_busy;
    ARRAY(struct finding) findings; /* by first occurrence; under is_busy */
    struct text_index index;        /* under is_busy */
    unsigned n_must;                /* occurrences of must-level findings; under is_busy */
    struct list watched;            /* struct lint_session, inside the service (lint_files) */
    atomic_uint n_readable;         /* how many they are */
    struct text_index instances;    /* class and instance name of writers; inside the service */
    ARRAY(unsigned) n_instances;    /* how many of them are subscribed */
    /* The machine's COM as seen from the calling thread; NULL: nobody knows, nothing is said. */
    bool (*com_is_initialised)(void);
    bool (*com_has_security)(void);
};

void lint_init(struct lint *lint, struct world_ports *ports);
void lint_fini(struct lint *lint);

/* A rule is broken. S_OK to go on as Windows does; with is_strict_api and a must-level rule that
 * has a documented error, that error, which the call is to answer. call and object may be NULL. */
HRESULT lint_break(struct lint *lint, enum finding_rule rule, const char *who, const char *call,
                   const char *object);

/* What the calling thread does right now, for findings that are made elsewhere. */
struct lint_thread {
    enum api_method method; /* the last public method that it entered */
    bool is_requester;      /* it has driven a backup or restore */
    const char *handler;    /* "Freeze" while it runs a writer's handler, else NULL */
    bool is_freezing;
    unsigned n_opened_for_writing; /* in this handler */
};
extern _Thread_local struct lint_thread lint_thread;

/* "SetBackupMetadata": the last public method of the calling thread without its interface. */
const char *lint_method(void);
