/* SPDX-License-Identifier: MIT */
/* See trace_diff.h. */
#include "emu/trace/trace_diff.h"

#include "emu/com/hresult.h"
#include "emu/trace/trace_text.h"

#include <inttypes.h>
#include <string.h>

struct picked {
    ARRAY(const struct trace_file_record *) records;
};

struct comparison {
    const struct trace_diff_options *options;
    struct str *out;
    struct picked a, b;
};

void trace_names_collect(struct trace_names *names, const struct trace_file *file)
{
    for (size_t i = 0; i < file->records.count; i++) {
        const char *who = trace_file_record(file, i)->who;
        bool is_known = false;

        for (size_t k = 0; k < names->items.count && !is_known; k++)
            is_known = strcmp(names->items.items[k], who) == 0;
        if (!is_known)
            array_add(&names->items, who);
    }
}

/* ---- one record against another ---- */

static bool is_step(const struct trace_record *record)
{
    return record->kind == TRACE_CALL || record->kind == TRACE_EVENT ||
           record->kind == TRACE_PROVIDER || record->kind == TRACE_VOLUME ||
           record->kind == TRACE_STATE;
}

static bool is_same_result(const struct trace_record *a, const struct trace_record *b)
{
    return a->has_result == b->has_result && (!a->has_result || a->result == b->result);
}

/* What differs, NULL: nothing. */
static const char *step_difference(const struct trace_record *a, const struct trace_record *b)
{
    if (strcmp(a->who, b->who) != 0)
        return "who";
    if (strcmp(a->what, b->what) != 0)
        return "what happens";
    if (a->kind != b->kind)
        return "the kind";
    if (!is_same_result(a, b))
        return "the result";
    if (!str_is_equal(a->before, b->before))
        return "the state before";
    if (!str_is_equal(a->after, b->after))
        return "the state after";
    return NULL;
}

/* Behind its number: what a filter leaves out moves the numbers of the others. */
static const char *content_of(const struct trace_file_record *record, size_t *ret_length)
{
    const char *comma = record->line.n ? memchr(record->text, ',', record->body) : NULL;
    const char *content = comma ? comma : record->text;

    *ret_length = record->body - (size_t)(content - record->text);
    return content;
}

static const char *difference(const struct comparison *c, const struct trace_file_record *a,
                              const struct trace_file_record *b)
{
    const struct trace_record *ra = &a->line.record, *rb = &b->line.record;

    size_t n_a, n_b;
    const char *content_a = content_of(a, &n_a), *content_b = content_of(b, &n_b);

    if (c->options->mode == TRACE_DIFF_ALL && n_a == n_b && memcmp(content_a, content_b, n_a) == 0)
        return NULL;
    const char *what = step_difference(ra, rb);
    if (what || c->options->mode != TRACE_DIFF_ALL)
        return what;
    if (!str_is_equal(ra->call, rb->call) || !str_is_equal(ra->object, rb->object) ||
        !str_is_equal(ra->detail, rb->detail))
        return "the details";
    if (ra->at_ns != rb->at_ns)
        return "the time";
    if (ra->took_ns != rb->took_ns)
        return "how long it took";
    return "the arguments";
}

/* ---- words ---- */

static void add_record(struct str *out, const char *mark, const struct trace_file_record *record)
{
    static const struct trace_text_style plain = { 0 };

    str_add(out, mark);
    if (record)
        trace_text_add_record(out, &record->line.record, &plain);
}

/* The arguments are on no line for people, so they are told by name. */
static void add_arguments(struct str *out, const struct trace_file_record *a,
                          const struct trace_file_record *b)
{
    const char *args_a = memmem(a->text, a->body, ",\"args\":", 8);
    const char *args_b = memmem(b->text, b->body, ",\"args\":", 8);

    if (args_a)
        str_addf(out, "  - %.*s\n", (int)(a->text + a->body - args_a - 1), args_a + 1);
    if (args_b)
        str_addf(out, "  + %.*s\n", (int)(b->text + b->body - args_b - 1), args_b + 1);
}

static void tell_first(const struct comparison *c, size_t i, const char *what)
{
    const struct trace_file_record *a = i < c->a.records.count ? c->a.records.items[i] : NULL;
    const struct trace_file_record *b = i < c->b.records.count ? c->b.records.items[i] : NULL;
    size_t first = i > c->options->n_context ? i - c->options->n_context : 0;
    const char *name_a = c->options->name_a, *name_b = c->options->name_b;

    if (a && b)
        str_addf(c->out, "%s differs: %s, line %u, and %s, line %u\n", what, name_a, a->number,
                 name_b, b->number);
    else
        str_addf(c->out, "%s ends here; %s goes on with line %u\n", a ? name_b : name_a,
                 a ? name_a : name_b, a ? a->number : b->number);
    for (size_t k = first; k < i; k++)
        add_record(c->out, "    ", c->a.records.items[k]);
    add_record(c->out, a ? "  - " : "", a);
    add_record(c->out, b ? "  + " : "", b);
    if (a && b && str_is_equal(what, "the arguments"))
        add_arguments(c->out, a, b);
}

static void pick(const struct trace_file *file, const struct trace_diff_options *options,
                 const char *who, struct picked *ret)
{
    for (size_t i = 0; i < file->records.count; i++) {
        const struct trace_record *record = trace_file_record(file, i);

        if ((who && strcmp(record->who, who) != 0) ||
            (options->mode == TRACE_DIFF_ORDER && !is_step(record)) ||
            (options->filter && !options->filter(record, options->filter_arg)))
            continue;
        array_add(&ret->records, &file->records.items[i]);
    }
}

/* The sequences of a and b from their beginning. */
static bool compare(struct comparison *c, const char *who)
{
    size_t n = c->a.records.count > c->b.records.count ? c->a.records.count : c->b.records.count;

    for (size_t i = 0; i < n; i++) {
        bool has_both = i < c->a.records.count && i < c->b.records.count;
        const char *what =
            has_both ? difference(c, c->a.records.items[i], c->b.records.items[i]) : "";

        if (!what)
            continue;
        if (c->out && who)
            str_addf(c->out, "%s: after %zu steps that are the same, ", who, i);
        else if (c->out)
            str_addf(c->out, "after %zu records that are the same, ", i);
        if (c->out)
            tell_first(c, i, what);
        return false;
    }
    return true;
}

static bool compare_of(const struct trace_file *a, const struct trace_file *b,
                       const struct trace_diff_options *options, const char *who, struct str *out)
{
    struct comparison c = { .options = options, .out = out };

    pick(a, options, who, &c.a);
    pick(b, options, who, &c.b);
    bool is_same = compare(&c, who);
    array_free(&c.a.records);
    array_free(&c.b.records);
    return is_same;
}

/* ---- summary ---- */

static bool compare_verdicts(const struct trace_file *a, const struct trace_file *b,
                             const struct trace_diff_options *options, struct str *out)
{
    const struct trace_verdict *va = a->verdict, *vb = b->verdict;

    if (options->ignores_verdict || !va || !vb ||
        (va->ending == vb->ending && va->exit_code == vb->exit_code &&
         str_is_equal(va->signal, vb->signal)))
        return true;
    if (out)
        str_addf(out, "the runs end otherwise: %s %d%s%s, and %s %d%s%s\n",
                 trace_ending_name(va->ending), va->exit_code, va->signal ? " " : "",
                 va->signal ? va->signal : "", trace_ending_name(vb->ending), vb->exit_code,
                 vb->signal ? " " : "", vb->signal ? vb->signal : "");
    return false;
}

static size_t count_of(const struct trace_file *file, const char *who)
{
    size_t n = 0;

    for (size_t i = 0; i < file->records.count; i++)
        n += strcmp(trace_file_record(file, i)->who, who) == 0;
    return n;
}

static void summarise(const struct trace_file *a, const struct trace_file *b,
                      const struct trace_names *names, struct str *out)
{
    str_addf(out, "records: %zu and %zu\n", a->records.count, b->records.count);
    for (size_t i = 0; i < names->items.count; i++) {
        size_t n_a = count_of(a, names->items.items[i]), n_b = count_of(b, names->items.items[i]);

        if (n_a != n_b)
            str_addf(out, "  %s: %zu and %zu\n", names->items.items[i], n_a, n_b);
    }
    if (strcmp(a->header->clock, b->header->clock) != 0 || a->header->seed != b->header->seed)
        str_addf(out, "clock and seed: %s %" PRIu64 " and %s %" PRIu64 "\n", a->header->clock,
                 a->header->seed, b->header->clock, b->header->seed);
}

bool trace_diff(const struct trace_file *a, const struct trace_file *b,
                const struct trace_diff_options *options, struct str *out)
{
    struct trace_names names = { 0 };
    bool is_same = true;

    trace_names_collect(&names, a);
    trace_names_collect(&names, b);
    if (options->mode == TRACE_DIFF_ORDER) {
        for (size_t i = 0; i < names.items.count; i++)
            is_same &= compare_of(a, b, options, names.items.items[i], out);
    } else {
        is_same = compare_of(a, b, options, NULL, out);
    }
    is_same &= compare_verdicts(a, b, options, out);
    if (!is_same && out)
        summarise(a, b, &names, out);
    trace_names_free(&names);
    return is_same;
}
