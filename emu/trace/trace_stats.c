/* SPDX-License-Identifier: MIT */
/* See trace_stats.h. Inside DoSnapshotSet each stretch of time belongs to the phase of the record
 * that ends it, so that the phases of a set add up to its whole. */
#include "emu/trace/trace_stats.h"

#include "emu/com/hresult.h"

#include <string.h>

#define DO_SNAPSHOT_SET "DoSnapshotSet"
#define N_KINDS         (sizeof(((struct trace_stats *)NULL)->kinds) / sizeof(unsigned))

static const struct {
    const char *what, *phase;
} phase_of[] = {
    { "PrepareForSnapshot", "prepare" },
    { "EndPrepareSnapshots", "prepare" },
    { "Freeze", "freeze" },
    { "freeze time-out", "freeze" },
    { "PreCommitSnapshots", "freeze" },
    { "flush", "hold" },
    { "hold", "hold" },
    { "flush time-out", "hold" },
    { "hold time-out", "hold" },
    { "CommitSnapshots", "hold" },
    { "release", "hold" },
    { "PostCommitSnapshots", "thaw" },
    { "Thaw", "thaw" },
    { "PreFinalCommitSnapshots", "finish" },
    { "PostSnapshot", "finish" },
    { "PostFinalCommitSnapshots", "finish" },
};

struct open_span {
    const char *who, *what;
    int64_t from_ns;
};

struct collecting {
    struct trace_stats *stats;
    ARRAY(struct open_span) open; /* calls with an operation, freezes, holds */
    bool is_in_set;
    int64_t phase_from_ns;
    const char *phase; /* of the last record; NULL: the set has just begun */
};

/* Rows for one participant each stay few: a look through them is enough. */
#define ADD_SPAN(array, who_, what_, ns_, is_new_)                          \
    do {                                                                    \
        struct trace_span *span_ = NULL;                                    \
                                                                            \
        for (size_t i_ = 0; i_ < (array)->count && !span_; i_++) {          \
            if (strcmp((array)->items[i_].what, (what_)) == 0 &&            \
                strcmp((array)->items[i_].who, (who_)) == 0)                \
                span_ = &(array)->items[i_];                                \
        }                                                                   \
        if (!span_) {                                                       \
            span_ = array_push(array);                                      \
            *span_ = (struct trace_span){ .who = (who_), .what = (what_) }; \
        }                                                                   \
        span_->count += (is_new_);                                          \
        span_->total_ns += (ns_);                                           \
        if ((ns_) > span_->longest_ns)                                      \
            span_->longest_ns = (ns_);                                      \
    } while (0)

#define COUNT(array, text_, result_)                                              \
    do {                                                                          \
        struct trace_count *row_ = NULL;                                          \
                                                                                  \
        for (size_t i_ = 0; i_ < (array)->count && !row_; i_++) {                 \
            if ((array)->items[i_].result == (result_) &&                         \
                str_is_equal((array)->items[i_].text, (text_)))                   \
                row_ = &(array)->items[i_];                                       \
        }                                                                         \
        if (!row_) {                                                              \
            row_ = array_push(array);                                             \
            *row_ = (struct trace_count){ .text = (text_), .result = (result_) }; \
        }                                                                         \
        row_->count++;                                                            \
    } while (0)

static void begin_span(struct collecting *c, const char *who, const char *what, int64_t at_ns)
{
    array_add(&c->open, ((struct open_span){ who, what, at_ns }));
}

/* False: nothing of this was open. */
static bool end_span(struct collecting *c, const char *who, const char *what, int64_t at_ns,
                     int64_t *ret_ns)
{
    for (size_t i = 0; i < c->open.count; i++) {
        const struct open_span *span = &c->open.items[i];

        if (strcmp(span->who, who) != 0 || strcmp(span->what, what) != 0)
            continue;
        *ret_ns = at_ns - span->from_ns;
        array_remove(&c->open, i);
        return true;
    }
    return false;
}

static void take_call(struct collecting *c, const struct trace_record *record)
{
    bool is_set = strcmp(record->what, DO_SNAPSHOT_SET) == 0;
    int64_t ns;

    if (str_is_equal(record->detail, "started")) {
        begin_span(c, record->who, record->what, record->at_ns);
        if (is_set) {
            c->phase_from_ns = record->at_ns;
            c->phase = NULL;
        }
        c->is_in_set |= is_set;
    } else if (end_span(c, record->who, record->what, record->at_ns, &ns)) {
        ADD_SPAN(&c->stats->phases, record->who, record->what, ns, 1);
        if (is_set)
            c->is_in_set = false;
    }
}

static void take_phase(struct collecting *c, const struct trace_record *record)
{
    if (!c->is_in_set)
        return;
    for (size_t i = 0; i < sizeof(phase_of) / sizeof(phase_of[0]); i++) {
        if (strcmp(phase_of[i].what, record->what) != 0)
            continue;
        int64_t ns = record->at_ns - c->phase_from_ns;

        ADD_SPAN(&c->stats->phases, DO_SNAPSHOT_SET, phase_of[i].phase, ns,
                 c->phase != phase_of[i].phase);
        c->phase = phase_of[i].phase;
        c->phase_from_ns = record->at_ns;
        return;
    }
}

/* A writer is frozen from the state WAITING_FOR_THAW to the next one. */
static void take_state(struct collecting *c, const struct trace_record *record)
{
    bool was_frozen = str_is_equal(record->before, "WAITING_FOR_THAW");
    bool is_frozen = str_is_equal(record->after, "WAITING_FOR_THAW");
    int64_t ns;

    if (!was_frozen && is_frozen)
        begin_span(c, record->who, "frozen", record->at_ns);
    if (was_frozen && !is_frozen && end_span(c, record->who, "frozen", record->at_ns, &ns))
        ADD_SPAN(&c->stats->frozen, record->who, "frozen", ns, 1);
    if (record->after && strncmp(record->after, "FAILED_", 7) == 0 &&
        !str_is_equal(record->before, record->after))
        COUNT(&c->stats->failures, record->who, record->result);
}

static void take_volume(struct collecting *c, const struct trace_record *record)
{
    int64_t ns;

    if (strcmp(record->what, "hold") == 0)
        begin_span(c, record->who, "held", record->at_ns);
    if (strcmp(record->what, "release") == 0 &&
        end_span(c, record->who, "held", record->at_ns, &ns))
        ADD_SPAN(&c->stats->frozen, record->who, "held", ns, 1);
}

static void take(struct collecting *c, const struct trace_record *record)
{
    struct trace_stats *stats = c->stats;

    stats->kinds[record->kind]++;
    if (record->at_ns > stats->end_ns)
        stats->end_ns = record->at_ns;
    if (record->has_result)
        COUNT(&stats->results, NULL, record->result);
    take_phase(c, record);
    if (record->kind == TRACE_CALL)
        take_call(c, record);
    if (record->kind == TRACE_EVENT)
        ADD_SPAN(&stats->handlers, record->who, record->what, record->took_ns, 1);
    if (record->kind == TRACE_EVENT || record->kind == TRACE_STATE)
        take_state(c, record);
    if (record->kind == TRACE_VOLUME)
        take_volume(c, record);
    if (record->kind == TRACE_FINDING)
        COUNT(&stats->findings, record->what, 0);
}

void trace_stats_collect(const struct trace_file *file, struct trace_stats *ret)
{
    struct collecting c = { .stats = ret };

    *ret = (struct trace_stats){ 0 };
    for (size_t i = 0; i < file->records.count; i++)
        take(&c, trace_file_record(file, i));
    array_free(&c.open);
}

void trace_stats_free(struct trace_stats *stats)
{
    array_free(&stats->phases);
    array_free(&stats->handlers);
    array_free(&stats->frozen);
    array_free(&stats->results);
    array_free(&stats->findings);
    array_free(&stats->failures);
}

/* ---- text ---- */

static void add_spans(struct str *out, const char *heading, const struct trace_span *spans,
                      size_t n)
{
    if (!n)
        return;
    str_addf(out, "\n%-52s %6s %15s %15s\n", heading, "times", "seconds", "longest");
    for (size_t i = 0; i < n; i++) {
        const struct trace_span *span = &spans[i];
        int width = 52 - 26;

        str_addf(out, "  %-24s %-*s %5u %15.6f %15.6f\n", span->what, width - 1, span->who,
                 span->count, (double)span->total_ns / 1e9, (double)span->longest_ns / 1e9);
    }
}

void trace_stats_add_text(struct str *out, const struct trace_stats *stats)
{
    str_addf(out, "%.6f seconds, records:", (double)stats->end_ns / 1e9);
    for (unsigned i = 0; i < N_KINDS; i++) {
        if (stats->kinds[i])
            str_addf(out, " %u %s", stats->kinds[i], trace_kind_name((enum trace_kind)i));
    }
    str_add(out, "\n");
    add_spans(out, "operations and phases", stats->phases.items, stats->phases.count);
    add_spans(out, "handlers", stats->handlers.items, stats->handlers.count);
    add_spans(out, "frozen and held", stats->frozen.items, stats->frozen.count);
    if (stats->results.count)
        str_add(out, "\nresults\n");
    for (size_t i = 0; i < stats->results.count; i++)
        str_addf(out, "  %6u  %s\n", stats->results.items[i].count,
                 HRESULT_NAME(stats->results.items[i].result));
    if (stats->failures.count)
        str_add(out, "\nwriters that failed\n");
    for (size_t i = 0; i < stats->failures.count; i++)
        str_addf(out, "  %6u  %s: %s\n", stats->failures.items[i].count,
                 stats->failures.items[i].text, HRESULT_NAME(stats->failures.items[i].result));
    if (stats->findings.count)
        str_add(out, "\nfindings\n");
    for (size_t i = 0; i < stats->findings.count; i++)
        str_addf(out, "  %6u  %s\n", stats->findings.items[i].count, stats->findings.items[i].text);
}
