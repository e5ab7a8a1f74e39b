/* SPDX-License-Identifier: MIT */
/* See run_report.h. */
#include "emu/cli/run_report.h"

#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/cli/say.h"
#include "emu/com/hresult.h"
#include "emu/port/volume_kept.h"
#include "emu/scenario/expect.h"
#include "fakes/world/fault.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define RED    "\033[31m"
#define YELLOW "\033[33m"
#define PLAIN  "\033[0m"

/* ---- collecting ---- */

static void take_finding(struct run_report *report, const struct trace_record *record)
{
    enum finding_rule rule = finding_rule_named(record->what);
    const char *call = record->call ? record->call : "";
    const char *object = record->object ? record->object : "";

    if (rule == N_FINDING_RULES)
        return;
    auto_free char *key = str_printf("%d\x1f%s\x1f%s\x1f%s", (int)rule, record->who, call, object);
    if (!report->index)
        report->index = json_object();
    json_t *place = json_object_get(report->index, key);
    if (!place) {
        place = json_integer((json_int_t)report->findings.count);
        json_object_set_new(report->index, key, place);
        array_add(&report->findings, ((struct seen_finding){ .rule = rule,
                                                             .who = mem_strdup(record->who),
                                                             .call = mem_strdup(call),
                                                             .object = mem_strdup(object),
                                                             .at_ns = record->at_ns }));
    }
    report->findings.items[json_integer_value(place)].count++;
}

static void take_entry(struct run_report *report, const struct trace_record *record)
{
    array_add(&report->log,
              ((struct log_entry){ .source = mem_strdup(record->who),
                                   .text = mem_strdup(record->detail ? record->detail : ""),
                                   .level = mem_strdup(record->call),
                                   .log = mem_strdup(record->object),
                                   .number = (unsigned)strtoul(record->what, NULL, 10),
                                   .at_ns = record->at_ns,
                                   .has_result = record->has_result,
                                   .result = record->result }));
}

/* fakes/world/fault_plan tells what happened, emu/setup/process_world why the others did not. */
static void take_fault(struct run_report *report, const struct trace_record *record)
{
    bool has_happened = str_is_equal(record->what, "fault");

    if (!record->detail || (!has_happened && !str_is_equal(record->what, "fault did not happen")))
        return;
    if (!report->faults)
        report->faults = json_object();
    if (has_happened) {
        json_object_set_new(report->faults, record->detail, json_true());
        free(report->last_fault);
        report->last_fault = mem_strdup(record->detail);
    } else if (record->object && !json_is_true(json_object_get(report->faults, record->object))) {
        json_object_set_new(report->faults, record->object, json_string(record->detail));
    }
}

void run_report_take(struct run_report *report, const struct trace_record *record)
{
    if (record->at_ns > report->latest_ns)
        report->latest_ns = record->at_ns;
    if (record->kind == TRACE_NOTE)
        take_fault(report, record);
    if (record->kind == TRACE_NOTE && str_is_equal(record->what, VOLUME_KEPT_RENAMED))
        say("%s: %s", record->what, record->detail);
    if (record->kind == TRACE_FINDING)
        take_finding(report, record);
    if (record->kind == TRACE_LOG)
        take_entry(report, record);
}

static unsigned count_of(const struct run_report *report, enum finding_level level)
{
    unsigned n = 0;

    for (size_t i = 0; i < report->findings.count; i++)
        n += finding_row(report->findings.items[i].rule)->level == level;
    return n;
}

/* ---- for people ---- */

static void show_finding(const struct seen_finding *finding, bool has_colours)
{
    const struct finding_row *row = finding_row(finding->rule);
    auto_str struct str line = { 0 };

    str_addf(&line, "  %s%s%s %s: the %s %s",
             !has_colours ? ""
             : row->level ? YELLOW
                          : RED,
             finding_level_name(row->level), has_colours ? PLAIN : "", row->id,
             str_is_equal(finding->who, finding_side_name(row->side)) ? finding_side_name(row->side)
                                                                      : finding->who,
             row->broken);
    if (*finding->call || *finding->object)
        str_addf(&line, " [%s%s%s]", finding->call, *finding->call && *finding->object ? ": " : "",
                 finding->object);
    if (finding->count > 1)
        str_addf(&line, " (%u times)", finding->count);
    say("%s", line.text);
}

static void show_findings(const struct run_report *report, const struct launch_plan *plan)
{
    unsigned n_must = count_of(report, LEVEL_MUST), n_should = count_of(report, LEVEL_SHOULD);
    bool shows_all = plan->is_strict || plan->is_strict_api;

    if (!n_must && !(shows_all && n_should))
        return;
    say("rules of the documentation that were broken: %u must, %u should (docs/findings.md)",
        n_must, n_should);
    for (size_t i = 0; i < report->findings.count; i++) {
        if (shows_all || finding_row(report->findings.items[i].rule)->level == LEVEL_MUST)
            show_finding(&report->findings.items[i], plan->has_colours);
    }
    if (!shows_all && n_should && !plan->findings_path)
        say("those of level should are not shown: --findings FILE keeps all, --strict shows them");
}

static const char *level_of(const struct log_entry *entry)
{
    const struct event_row *row = event_row_of(entry->source, entry->number);

    if (entry->level)
        return entry->level;
    return event_level_name(row ? row->level : EVENT_INFORMATION);
}

static const char *log_of(const struct log_entry *entry)
{
    const struct event_row *row = event_row_of(entry->source, entry->number);

    if (entry->log)
        return entry->log;
    return row ? event_log_name(row) : "Application";
}

/* Whether it never happened, which is said. */
static bool is_unfired(const struct run_report *report, const char *fault)
{
    const json_t *told = json_object_get(report->faults, fault);

    if (json_is_true(told))
        return false;
    say("the fault \"%s\" never happened: %s", fault,
        told ? json_string_value(told) : "the program ended before it could say why");
    return true;
}

static bool is_of_command_line(const struct launch_plan *plan, const char *fault)
{
    for (size_t i = 0; i < plan->n_faults; i++) {
        if (str_is_equal(plan->faults[i], fault))
            return true;
    }
    return false;
}

/* Those of the command line and of the world file, which may say that some need not happen.
 * Answers how many. */
static unsigned show_unfired(const struct run_report *report, const struct launch_plan *plan)
{
    const struct scenario *s = plan->scenario;
    unsigned n = 0;

    for (size_t i = 0; i < plan->n_faults; i++)
        n += is_unfired(report, plan->faults[i]);
    for (size_t i = 0; s && i < s->faults.count; i++) {
        auto_free char *text = fault_text(&s->faults.items[i]);

        if (!is_of_command_line(plan, text) && !expect_may_stay(s, text))
            n += is_unfired(report, text);
    }
    return n;
}

/* As the Event Viewer of Windows copies an entry as text; times are the world's. */
static void show_entry(FILE *out, const struct log_entry *entry)
{
    fprintf(out,
            "Log Name:      %s\n"
            "Source:        %s\n"
            "Date:          %" PRId64 ".%06" PRId64 " s after the start\n"
            "Event ID:      %u\n"
            "Level:         %s\n"
            "Description:\n%s\n\n",
            log_of(entry), entry->source, entry->at_ns / 1000000000,
            entry->at_ns % 1000000000 / 1000, entry->number, level_of(entry), entry->text);
}

/* ---- for machines ---- */

static bool write_json(const char *path, json_t *take_root)
{
    bool is_good = json_dump_file(take_root, path, JSON_INDENT(1)) == 0;

    if (!is_good)
        say("%s cannot be written: %s", path, strerror(errno));
    json_decref(take_root);
    return is_good;
}

static bool write_findings(const struct run_report *report, const char *path)
{
    json_t *list = json_array();

    for (size_t i = 0; i < report->findings.count; i++) {
        const struct seen_finding *f = &report->findings.items[i];
        const struct finding_row *row = finding_row(f->rule);

        json_array_append_new(list,
                              json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:i}", "rule", row->id,
                                        "level", finding_level_name(row->level), "who", f->who,
                                        "call", f->call, "object", f->object, "page", row->page,
                                        "time_ns", (json_int_t)f->at_ns, "count", (int)f->count));
    }
    return write_json(path, json_pack("{s:i, s:o}", "vssemu_findings", 1, "findings", list));
}

static bool write_log(const struct run_report *report, const char *path)
{
    json_t *list = json_array();

    for (size_t i = 0; i < report->log.count; i++) {
        const struct log_entry *e = &report->log.items[i];
        json_array_append_new(
            list,
            json_pack("{s:s, s:i, s:s, s:I, s:o, s:s}", "source", e->source, "id", (int)e->number,
                      "level", level_of(e), "time_ns", (json_int_t)e->at_ns, "result",
                      e->has_result ? json_string(HRESULT_NAME(e->result)) : json_null(), "text",
                      e->text));
    }
    return write_json(path, json_pack("{s:i, s:o}", "vssemu_eventlog", 1, "entries", list));
}

/* ---- the end ---- */

static void fini(struct run_report *report)
{
    for (size_t i = 0; i < report->findings.count; i++) {
        free(report->findings.items[i].who);
        free(report->findings.items[i].call);
        free(report->findings.items[i].object);
    }
    for (size_t i = 0; i < report->log.count; i++) {
        free(report->log.items[i].source);
        free(report->log.items[i].text);
        free(report->log.items[i].level);
        free(report->log.items[i].log);
    }
    array_free(&report->findings);
    array_free(&report->log);
    json_decref(report->faults);
    free(report->last_fault);
    report->faults = NULL;
    json_decref(report->index);
    report->index = NULL;
}

int run_report_end(struct run_report *report, const struct launch_plan *plan, int exit_code)
{
    if (plan->shows_log) {
        for (size_t i = 0; i < report->log.count; i++)
            show_entry(stderr, &report->log.items[i]);
    }
    show_findings(report, plan);
    unsigned n_unfired = show_unfired(report, plan);
    if (plan->findings_path && !write_findings(report, plan->findings_path) && !exit_code)
        exit_code = EXIT_NO_WORLD;
    if (plan->log_path && !write_log(report, plan->log_path) && !exit_code)
        exit_code = EXIT_NO_WORLD;
    if (n_unfired && !exit_code)
        exit_code = EXIT_UNFIRED;
    if (plan->is_strict && !exit_code && count_of(report, LEVEL_MUST))
        exit_code = EXIT_FINDINGS;
    fini(report);
    return exit_code;
}
