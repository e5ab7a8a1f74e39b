/* SPDX-License-Identifier: MIT */
/* Each kind of expectation collects what the trace says about its subject as words, and compares
 * them with those that are expected (expect.h). */
#include "emu/scenario/expect.h"

#include "emu/base/cleanup.h"
#include "emu/com/hresult.h"
#include "emu/doc/component.h"
#include "emu/proto/finding_rules.h"
#include "emu/scenario/expect_rows.h"

#include <stdlib.h>
#include <string.h>

struct judging {
    const struct scenario *scenario;
    const struct expect_run *run;
    struct str *out;
    unsigned n_failed;
};

/* ---- words ---- */

static const struct trace_record *record(const struct judging *j, size_t i)
{
    return j->run->get(j->run->arg, i);
}

/* A number is as good as its name. */
static const char *code_word(const char *word, char buffer[HRESULT_NAME_SIZE])
{
    return strncmp(word, "0x", 2) == 0 ? hresult_name((HRESULT)strtoul(word, NULL, 16), buffer)
                                       : word;
}

static void add_words(struct str *out, const struct scenario_texts *words)
{
    for (size_t i = 0; i < words->count; i++)
        str_addf(out, "%s%s", i ? ", " : "", words->items[i]);
    if (!words->count)
        str_add(out, "none");
}

static void fail(struct judging *j, const struct expectation *e, const struct scenario_texts *got)
{
    struct str *out = j->out;

    j->n_failed++;
    if (e->line)
        str_addf(out, "line %u: ", e->line);
    str_addf(out, "%s%s%s\n", expect_rows[e->kind].key, e->subject ? " of " : "",
             e->subject ? e->subject : "");
    str_add(out, "  - expected ");
    add_words(out, &e->values);
    str_add(out, "\n  + got      ");
    add_words(out, got);
    str_add_char(out, '\n');
}

static bool is_same(const struct scenario_texts *a, const struct scenario_texts *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++) {
        char first[HRESULT_NAME_SIZE], second[HRESULT_NAME_SIZE];

        if (strcmp(code_word(a->items[i], first), code_word(b->items[i], second)) != 0)
            return false;
    }
    return true;
}

static void compare(struct judging *j, const struct expectation *e, struct scenario_texts *take_got)
{
    if (!is_same(&e->values, take_got))
        fail(j, e, take_got);
    scenario_texts_free(take_got);
}

/* "writer Sql" is of "Sql", and "requester" of "requester". */
static bool is_of(const struct trace_record *r, const char *subject)
{
    const char *who = r->who;

    if (str_starts_with(who, "writer "))
        who += strlen("writer ");
    return strcmp(who, subject) == 0;
}

/* ---- results ---- */

static bool is_end_of_call(const struct trace_record *r, const char *call)
{
    return r->kind == TRACE_CALL && strcmp(r->what, call) == 0 && r->has_result &&
           !(r->detail && strcmp(r->detail, "started") == 0);
}

static const char *code_text(HRESULT code, char buffer[HRESULT_NAME_SIZE])
{
    return hresult_name(code == VSS_S_ASYNC_FINISHED ? S_OK : code, buffer);
}

/* One value is the last result; several are all. */
static void judge_result(struct judging *j, const struct expectation *e)
{
    struct scenario_texts got = { 0 };
    char buffer[HRESULT_NAME_SIZE];

    for (size_t i = 0; i < j->run->count; i++) {
        const struct trace_record *r = record(j, i);

        if (is_end_of_call(r, e->subject))
            scenario_texts_add(&got, code_text(r->result, buffer));
    }
    while (e->values.count == 1 && got.count > 1) {
        free(got.items[0]);
        array_remove(&got, 0);
    }
    compare(j, e, &got);
}

/* ---- writers ---- */

/* "Sql: FAILED_AT_FREEZE VSS_E_..." as the scripted requester read it. False: of somebody else. */
static bool take_status(const struct trace_record *r, const char *writer,
                        struct scenario_texts *ret_got)
{
    size_t n = strlen(writer);

    if (r->kind != TRACE_NOTE || strcmp(r->what, "status") != 0 || !r->detail)
        return false;
    const char *at = strstr(r->detail, writer);
    if (!at || strncmp(at + n, ": ", 2) != 0 || (at != r->detail && strncmp(at - 2, ": ", 2) != 0))
        return false;
    const char *state = at + n + 2, *blank = strchr(state, ' ');
    auto_free char *word = str_printf("%.*s", (int)(blank ? blank - state : 0), state);

    scenario_texts_free(ret_got);
    scenario_texts_add(ret_got, word);
    scenario_texts_add(ret_got, blank ? blank + 1 : "");
    return true;
}

static bool is_status_gathered(const struct trace_record *r)
{
    return is_end_of_call(r, "GatherWriterStatus");
}

/* What the last status of a program's requester must have been: the state that the records show,
 * and the code of the last failure, when it was gathered. */
static void derive_status(struct judging *j, const char *writer, struct scenario_texts *ret_got)
{
    const char *state = NULL;
    HRESULT failure = S_OK;
    char buffer[HRESULT_NAME_SIZE];

    for (size_t i = 0; i < j->run->count; i++) {
        const struct trace_record *r = record(j, i);

        if ((r->kind == TRACE_EVENT || r->kind == TRACE_STATE) && is_of(r, writer) && r->after) {
            state = r->after;
            failure = str_starts_with(state, "FAILED") && r->has_result && FAILED(r->result)
                          ? r->result
                      : str_starts_with(state, "FAILED") ? failure
                                                         : S_OK;
        }
        if (!is_status_gathered(r) || !state)
            continue;
        scenario_texts_free(ret_got);
        scenario_texts_add(ret_got, state);
        scenario_texts_add(ret_got, hresult_name(failure, buffer));
    }
}

static void judge_status(struct judging *j, const struct expectation *e)
{
    struct scenario_texts got = { 0 };
    bool is_told = false;

    for (size_t i = 0; i < j->run->count; i++)
        is_told = take_status(record(j, i), e->subject, &got) || is_told;
    if (!is_told)
        derive_status(j, e->subject, &got);
    /* The state alone may be expected. */
    if (e->values.count == 1 && got.count == 2) {
        free(got.items[1]);
        got.count = 1;
    }
    compare(j, e, &got);
}

static void judge_state(struct judging *j, const struct expectation *e)
{
    struct scenario_texts got = { 0 };

    for (size_t i = j->run->count; i-- > 0 && !got.count;) {
        const struct trace_record *r = record(j, i);

        if (r->after && (r->kind == TRACE_EVENT || r->kind == TRACE_STATE) && is_of(r, e->subject))
            scenario_texts_add(&got, r->after);
    }
    compare(j, e, &got);
}

static void judge_events(struct judging *j, const struct expectation *e)
{
    struct scenario_texts got = { 0 };

    for (size_t i = 0; i < j->run->count; i++) {
        const struct trace_record *r = record(j, i);

        if (r->kind != TRACE_EVENT || !is_of(r, e->subject))
            continue;
        auto_free char *word =
            str_printf("%s%s", r->what, r->has_result && FAILED(r->result) ? "!" : "");

        scenario_texts_add(&got, word);
    }
    compare(j, e, &got);
}

/* "Sql Freeze", "C: hold", "requester DoSnapshotSet": who and what. */
static bool is_event(const struct trace_record *r, const char *text)
{
    const char *blank = strrchr(text, ' ');
    const char *who = r->who;

    if (!blank || strcmp(blank + 1, r->what) != 0 || r->kind == TRACE_NOTE)
        return false;
    if (str_starts_with(who, "writer ") || str_starts_with(who, "volume "))
        who += strlen("writer ");
    return strlen(who) == (size_t)(blank - text) && strncmp(who, text, strlen(who)) == 0;
}

static void judge_order(struct judging *j, const struct expectation *e)
{
    struct scenario_texts got = { 0 };
    size_t at = 0;

    for (size_t v = 0; v < e->values.count; v++) {
        while (at < j->run->count && !is_event(record(j, at), e->values.items[v]))
            at++;
        if (at == j->run->count)
            break;
        scenario_texts_add(&got, e->values.items[v]);
        at++;
    }
    compare(j, e, &got);
}

/* ---- findings, log ---- */

static void judge_findings(struct judging *j, const struct expectation *e)
{
    struct scenario_texts got = { 0 };
    struct text_index seen = { 0 }, wanted = { 0 };
    bool is_good;

    for (size_t i = 0; i < e->values.count; i++)
        text_index_add(&wanted, e->values.items[i], i);
    for (size_t i = 0; i < j->run->count; i++) {
        const struct trace_record *r = record(j, i);

        if (r->kind == TRACE_FINDING && text_index_add(&seen, r->what, i))
            scenario_texts_add(&got, r->what);
    }
    is_good = got.count == wanted.count;
    for (size_t i = 0; is_good && i < got.count; i++)
        is_good = text_index_find(&wanted, got.items[i], &(size_t){ 0 });
    if (!is_good)
        fail(j, e, &got);
    scenario_texts_free(&got);
    text_index_free(&seen);
    text_index_free(&wanted);
}

/* "VSS 8229 VSS_E_WRITERERROR_TIMEOUT", or a pattern with * of it. */
static char *log_line(const struct trace_record *r)
{
    char buffer[HRESULT_NAME_SIZE];

    return str_printf("%s %s%s%s", r->who, r->what, r->has_result ? " " : "",
                      r->has_result ? hresult_name(r->result, buffer) : "");
}

static bool has_log(const struct judging *j, const char *text)
{
    for (size_t i = 0; i < j->run->count; i++) {
        const struct trace_record *r = record(j, i);

        if (r->kind != TRACE_LOG)
            continue;
        auto_free char *line = log_line(r);
        auto_free char *number =
            str_printf("%s %s 0x%08x", r->who, r->what, r->has_result ? (unsigned)r->result : 0);
        size_t n = strlen(text);

        /* Without the code any code will do. */
        if (str_matches(line, text) || str_matches(number, text) ||
            (strncmp(line, text, n) == 0 && line[n] == ' '))
            return true;
    }
    return false;
}

static void judge_log(struct judging *j, const struct expectation *e)
{
    struct scenario_texts got = { 0 };
    bool is_good = true;

    for (size_t i = 0; i < e->values.count; i++)
        is_good = has_log(j, e->values.items[i]) == (e->kind == EXPECT_LOG) && is_good;
    for (size_t i = 0; !is_good && i < j->run->count; i++) {
        const struct trace_record *r = record(j, i);

        if (r->kind == TRACE_LOG)
            array_add(&got, log_line(r));
    }
    if (!is_good)
        fail(j, e, &got);
    scenario_texts_free(&got);
}

/* With `strict` a rule of level must is not to be broken, unless `findings` says otherwise. */
static void judge_strict(struct judging *j)
{
    const struct scenario *s = j->scenario;

    for (size_t i = 0; i < s->expectations.count; i++) {
        if (s->expectations.items[i].kind == EXPECT_FINDINGS)
            return;
    }
    for (size_t i = 0; i < j->run->count; i++) {
        const struct trace_record *r = record(j, i);
        enum finding_rule rule =
            r->kind == TRACE_FINDING ? finding_rule_named(r->what) : N_FINDING_RULES;

        if (rule == N_FINDING_RULES || finding_row(rule)->level != LEVEL_MUST)
            continue;
        j->n_failed++;
        str_addf(j->out, "strict: %s was broken: %s\n", r->what, r->detail ? r->detail : "");
    }
}

/* ---- files ---- */

static void judge_file(struct judging *j, const struct expectation *e)
{
    const char *what = e->kind == EXPECT_COPY ? "copy" : "file";
    struct scenario_texts got = { 0 };

    for (size_t i = 0; i < j->run->count; i++) {
        const struct trace_record *r = record(j, i);

        if (r->kind == TRACE_NOTE && strcmp(r->who, "world") == 0 && strcmp(r->what, what) == 0 &&
            str_is_equal(r->object, e->subject) && r->result == S_OK)
            scenario_texts_add(&got, r->detail ? r->detail : "");
    }
    compare(j, e, &got);
}

/* ---- the trace itself ---- */

/* The columns of a line without its time: blanks are one blank. */
static char *record_line(const struct trace_record *r)
{
    struct str line = { 0 };
    char buffer[HRESULT_NAME_SIZE];

    str_addf(&line, "%s %s", r->who, r->what);
    if (r->before && r->after)
        str_addf(&line, " %s -> %s", r->before, r->after);
    if (r->has_result)
        str_addf(&line, " %s", hresult_name(r->result, buffer));
    if (r->call)
        str_addf(&line, " %s", r->call);
    if (r->object)
        str_addf(&line, " %s", r->object);
    if (r->detail)
        str_addf(&line, " %s", r->detail);
    return str_take(&line);
}

static bool has_line(const struct judging *j, const char *pattern)
{
    for (size_t i = 0; i < j->run->count; i++) {
        auto_free char *line = record_line(record(j, i));

        if (str_matches(line, pattern))
            return true;
    }
    return false;
}

static void judge_trace(struct judging *j, const struct expectation *e)
{
    struct expectation bad = *e;

    bad.values = (struct scenario_texts){ 0 };
    for (size_t i = 0; i < e->values.count; i++) {
        if (has_line(j, e->values.items[i]) != (e->kind == EXPECT_TRACE))
            scenario_texts_add(&bad.values, e->values.items[i]);
    }
    if (bad.values.count) {
        struct scenario_texts got = { 0 };

        scenario_texts_add(&got, e->kind == EXPECT_TRACE ? "no such record" : "such a record");
        fail(j, &bad, &got);
        scenario_texts_free(&got);
    }
    scenario_texts_free(&bad.values);
}

static void judge_exit(struct judging *j, const struct expectation *e)
{
    struct scenario_texts got = { 0 };

    if (j->run->has_exit_code)
        array_add(&got, str_printf("%d", j->run->exit_code));
    compare(j, e, &got);
}

/* ---- faults ---- */

bool expect_may_stay(const struct scenario *s, const char *fault)
{
    for (size_t i = 0; i < s->expectations.count; i++) {
        const struct expectation *e = &s->expectations.items[i];

        for (size_t v = 0; e->kind == EXPECT_UNFIRED && v < e->values.count; v++) {
            if (str_matches(fault, e->values.items[v]))
                return true;
        }
    }
    return false;
}

static void judge_faults(struct judging *j)
{
    for (size_t i = 0; i < j->run->count; i++) {
        const struct trace_record *r = record(j, i);

        if (r->kind != TRACE_NOTE || strcmp(r->what, "fault did not happen") != 0 || !r->object ||
            expect_may_stay(j->scenario, r->object))
            continue;
        j->n_failed++;
        str_addf(j->out, "a planned fault did not happen: %s%s%s\n", r->object,
                 r->detail ? ": " : "", r->detail ? r->detail : "");
    }
}

/* ---- all ---- */

typedef void judge_one(struct judging *j, const struct expectation *e);

static judge_one *const judges[N_EXPECTATION_KINDS] = {
    [EXPECT_RESULT] = judge_result, [EXPECT_STATUS] = judge_status,
    [EXPECT_STATE] = judge_state,   [EXPECT_EVENTS] = judge_events,
    [EXPECT_ORDER] = judge_order,   [EXPECT_FINDINGS] = judge_findings,
    [EXPECT_LOG] = judge_log,       [EXPECT_NO_LOG] = judge_log,
    [EXPECT_FILE] = judge_file,     [EXPECT_COPY] = judge_file,
    [EXPECT_TRACE] = judge_trace,   [EXPECT_NO_TRACE] = judge_trace,
    [EXPECT_EXIT] = judge_exit,
};

unsigned expect_judge(const struct scenario *s, const struct expect_run *run, struct str *out)
{
    struct judging j = { .scenario = s, .run = run, .out = out };

    for (size_t i = 0; i < s->expectations.count; i++) {
        if (judges[s->expectations.items[i].kind])
            judges[s->expectations.items[i].kind](&j, &s->expectations.items[i]);
    }
    judge_faults(&j);
    if (s->is_strict)
        judge_strict(&j);
    return j.n_failed;
}
