/* SPDX-License-Identifier: MIT */
/* Port: everything that happens in a world, one record each, in order. The service writes records;
 * who listens (a file, a pipe to the launcher, memory for expectations) it does not know.
 * Form on disk: docs/trace-format.md. A record holds no address, thread id or host path. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum trace_kind {
    TRACE_CALL,     /* a requester's or writer's call and its result */
    TRACE_EVENT,    /* an event delivered to a writer, and what it answered */
    TRACE_PROVIDER, /* a call into a provider */
    TRACE_VOLUME,   /* flush, hold, release on a volume */
    TRACE_STATE,    /* a state change without an event: time-out, session end */
    TRACE_LOG,      /* an entry of the Application log */
    TRACE_FINDING,  /* a rule of the documentation that was broken */
    TRACE_NOTE      /* what helps a reader: files copied, a fault that fired */
};

struct trace_record {
    int64_t at_ns; /* filled by the writer of the trace */
    enum trace_kind kind;
    const char *who;    /* "requester", "writer Sql", "provider System", "volume C:" */
    const char *what;   /* "DoSnapshotSet", "Freeze", "hold" */
    const char *before; /* state before, NULL if none: "STABLE" */
    const char *after;  /* state after, NULL if none */
    bool has_result;
    int32_t result;     /* an HRESULT */
    const char *detail; /* free text, NULL if none */
    /* Of a finding: the call that broke the rule ("BackupComplete"), and on what. Of a log entry
     * that the program wrote: its level ("Warning") and its log ("System"). NULL if none. */
    const char *call, *object;
};

struct trace {
    void (*write)(struct trace *trace, const struct trace_record *record);
};

static inline void trace_write(struct trace *trace, const struct trace_record *record)
{
    if (trace)
        trace->write(trace, record);
}
