/* SPDX-License-Identifier: MIT */
/* Port: everything that happens in a world, one record each, in order. The service writes records;
 * who listens (a file, a pipe to the launcher, memory for expectations) it does not know.
 * Form on disk: docs/trace-format.md. A record holds no address, thread id or host path. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
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

/* What a call was given or gave back, or what else a machine needs to do it again. A text of these
 * is UTF-8; nothing is copied. `made` is a text that is dear (a document as XML): it is made when
 * somebody writes the record down, never else. */
enum trace_arg_kind {
    TRACE_ARG_TEXT,   /* text; NULL: null */
    TRACE_ARG_NUMBER, /* number */
    TRACE_ARG_TRUTH,  /* number, 0 or not */
    TRACE_ARG_IDS,    /* of, n GUIDs; a list */
    TRACE_ARG_ID,     /* of, a GUID */
    TRACE_ARG_MADE,   /* make(of), a text that is freed then */
    TRACE_ARG_TEXTS   /* of, n texts; a list */
};

struct trace_arg {
    const char *name; /* "instance"; docs/trace-format.md lists them */
    enum trace_arg_kind kind;
    const char *text;
    int64_t number;
    const void *of;
    size_t n;
    char *(*make)(const void *of);
};

/* For a list of them: struct trace_arg args[] = { TRACE_TEXT("name", name), ... }. */
#define TRACE_TEXT(name_, text_)                                 \
    {                                                            \
        .name = (name_), .kind = TRACE_ARG_TEXT, .text = (text_) \
    }
#define TRACE_NUMBER(name_, number_)                                   \
    {                                                                  \
        .name = (name_), .kind = TRACE_ARG_NUMBER, .number = (number_) \
    }
#define TRACE_TRUTH(name_, truth_)                                   \
    {                                                                \
        .name = (name_), .kind = TRACE_ARG_TRUTH, .number = (truth_) \
    }
#define TRACE_ID(name_, id_)                               \
    {                                                      \
        .name = (name_), .kind = TRACE_ARG_ID, .of = (id_) \
    }
#define TRACE_IDS(name_, ids_, n_)                                      \
    {                                                                   \
        .name = (name_), .kind = TRACE_ARG_IDS, .of = (ids_), .n = (n_) \
    }
#define TRACE_MADE(name_, make_, of_)                                         \
    {                                                                         \
        .name = (name_), .kind = TRACE_ARG_MADE, .make = (make_), .of = (of_) \
    }

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
    int64_t took_ns; /* of an event: from its delivery to the answer; 0: no time */
    const struct trace_arg *args;
    size_t n_args;
};

struct trace {
    void (*write)(struct trace *trace, const struct trace_record *record);
};

static inline void trace_write(struct trace *trace, const struct trace_record *record)
{
    if (trace)
        trace->write(trace, record);
}
