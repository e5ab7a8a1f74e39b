/* SPDX-License-Identifier: MIT */
/* vssemu trace show|diff|stats: reads and compares recorded traces in words. */
#include "emu/base/cleanup.h"
#include "emu/base/duration.h"
#include "emu/cli/command.h"
#include "emu/cli/say.h"
#include "emu/cli/trace_filter.h"
#include "emu/cli/trace_json_text.h"
#include "emu/host/host_trace.h"
#include "emu/trace/trace_diff.h"
#include "emu/trace/trace_lanes.h"
#include "emu/trace/trace_stats.h"
#include "emu/trace/trace_text.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define EXIT_DIFFERENT 1

struct trace_options {
    struct trace_filter filter;
    bool has_lanes, is_ascii, is_json, shows_arguments;
    unsigned read_flags;
    struct trace_diff_options diff;
};

static bool set_who(void *target, const char *value)
{
    return trace_filter_set_who(&((struct trace_options *)target)->filter, value);
}

static bool set_kind(void *target, const char *value)
{
    return trace_filter_set_kinds(&((struct trace_options *)target)->filter, value);
}

static bool set_from(void *target, const char *value)
{
    return trace_filter_set_time(&((struct trace_options *)target)->filter.from_ns, "--from",
                                 value);
}

static bool set_to(void *target, const char *value)
{
    return trace_filter_set_time(&((struct trace_options *)target)->filter.to_ns, "--to", value);
}

static bool set_lanes(void *target, const char *value)
{
    (void)value;
    ((struct trace_options *)target)->has_lanes = true;
    return true;
}

static bool set_ascii(void *target, const char *value)
{
    (void)value;
    ((struct trace_options *)target)->is_ascii = true;
    return true;
}

static bool set_json(void *target, const char *value)
{
    (void)value;
    ((struct trace_options *)target)->is_json = true;
    return true;
}

static bool set_args(void *target, const char *value)
{
    (void)value;
    ((struct trace_options *)target)->shows_arguments = true;
    return true;
}

static bool set_part(void *target, const char *value)
{
    (void)value;
    ((struct trace_options *)target)->read_flags |= TRACE_FILE_PART;
    return true;
}

static bool set_edited(void *target, const char *value)
{
    (void)value;
    ((struct trace_options *)target)->read_flags |= TRACE_FILE_EDITED;
    return true;
}

static bool set_order(void *target, const char *value)
{
    (void)value;
    ((struct trace_options *)target)->diff.mode = TRACE_DIFF_ORDER;
    return true;
}

static bool set_steps(void *target, const char *value)
{
    (void)value;
    ((struct trace_options *)target)->diff.mode = TRACE_DIFF_STEPS;
    return true;
}

static const struct option_row trace_rows[] = {
    { "who", "PATTERN", "only of these: requester, 'writer Sql', 'writer *' (may be repeated)",
      set_who },
    { "kind", "KIND,...", "only these: call, event, provider, volume, state, log, finding, note",
      set_kind },
    { "from", "TIME", "only from this time of the world on, as in 90s or 250ms", set_from },
    { "to", "TIME", "only up to this time", set_to },
    { "lanes", NULL, "show: a picture, with a column for each participant", set_lanes },
    { "ascii", NULL, "show --lanes: without lines outside ASCII", set_ascii },
    { "args", NULL, "show: also what calls were given", set_args },
    { "order", NULL, "diff: each participant's steps by themselves, without times", set_order },
    { "steps", NULL, "diff: all in order, but without times, identifiers and arguments",
      set_steps },
    { "json", NULL, "for programs", set_json },
    { "part", NULL, "read a trace that was cut off, as far as it goes", set_part },
    { "edited", NULL, "read a trace whose lines were changed on purpose", set_edited },
    { NULL, NULL, NULL, NULL },
};

static bool load(const char *path, unsigned flags, struct trace_file *ret)
{
    auto_free char *error = NULL;
    bool is_good = host_trace_load(path, flags, ret, &error);

    if (!is_good)
        say("%s", error);
    return is_good;
}

/* ---- show ---- */

static void show_lines(const struct trace_file *file, const struct trace_options *options)
{
    const struct trace_text_style style = { .has_colours = isatty(STDOUT_FILENO) };
    auto_str struct str out = { 0 };

    trace_text_add_heading(&out, &style);
    for (size_t i = 0; i < file->records.count; i++) {
        const struct trace_file_record *record = &file->records.items[i];
        const char *args = memmem(record->text, record->body, ",\"args\":", 8);

        if (!trace_filter_takes(&record->line.record, &options->filter))
            continue;
        trace_text_add_record(&out, &record->line.record, &style);
        if (options->shows_arguments && args)
            str_addf(&out, "%14s%.*s\n", "", (int)(record->text + record->body - args - 8),
                     args + 8);
    }
    fputs(out.text, stdout);
    if (file->verdict)
        printf("%s %d%s%s%s%s\n", trace_ending_name(file->verdict->ending),
               file->verdict->exit_code, file->verdict->signal ? " " : "",
               file->verdict->signal ? file->verdict->signal : "",
               file->verdict->message ? ": " : "",
               file->verdict->message ? file->verdict->message : "");
}

static void show_lanes(const struct trace_file *file, const struct trace_options *options)
{
    bool is_terminal = isatty(STDOUT_FILENO);
    struct winsize size = { 0 };
    auto_str struct str out = { 0 };

    if (is_terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0)
        size.ws_col = 0;
    const struct trace_lanes_options lanes = { .is_ascii = options->is_ascii,
                                               .has_colours = is_terminal,
                                               .width = size.ws_col,
                                               .filter = trace_filter_takes,
                                               .filter_arg = &options->filter };
    trace_lanes_add(&out, file, &lanes);
    fputs(out.text, stdout);
}

static int show(const char *const paths[], const struct trace_options *options)
{
    struct trace_file file;

    if (!load(paths[0], options->read_flags, &file))
        return EXIT_BAD_USAGE;
    if (options->is_json)
        trace_json_text_show(&file, &options->filter);
    else if (options->has_lanes)
        show_lanes(&file, options);
    else
        show_lines(&file, options);
    trace_file_free(&file);
    return 0;
}

/* ---- diff ---- */

static int diff(const char *const paths[], const struct trace_options *options)
{
    struct trace_diff_options how = options->diff;
    struct trace_file a, b;
    auto_str struct str out = { 0 };

    if (!load(paths[0], options->read_flags, &a))
        return EXIT_BAD_USAGE;
    if (!load(paths[1], options->read_flags, &b)) {
        trace_file_free(&a);
        return EXIT_BAD_USAGE;
    }
    how.n_context = 3;
    how.filter = trace_filter_takes;
    how.filter_arg = &options->filter;
    how.name_a = paths[0];
    how.name_b = paths[1];
    bool is_same = trace_diff(&a, &b, &how, &out);
    if (options->is_json)
        trace_json_text_diff(&a, &b, is_same, out.text);
    else if (is_same)
        printf("the same, %zu records\n", a.records.count);
    else
        fputs(out.text, stdout);
    trace_file_free(&a);
    trace_file_free(&b);
    return is_same ? 0 : EXIT_DIFFERENT;
}

/* ---- stats ---- */

static int stats(const char *const paths[], const struct trace_options *options)
{
    struct trace_stats numbers;
    struct trace_file file;
    auto_str struct str out = { 0 };

    if (!load(paths[0], options->read_flags, &file))
        return EXIT_BAD_USAGE;
    trace_stats_collect(&file, &numbers);
    if (options->is_json) {
        trace_json_text_stats(&numbers);
    } else {
        trace_stats_add_text(&out, &numbers);
        fputs(out.text, stdout);
    }
    trace_stats_free(&numbers);
    trace_file_free(&file);
    return 0;
}

static const struct {
    const char *name;
    int n_files;
    int (*run)(const char *const paths[], const struct trace_options *options);
} parts[] = { { "show", 1, show }, { "diff", 2, diff }, { "stats", 1, stats } };

static int run(const struct command *command, int argc, char **argv)
{
    struct trace_options options = { .filter = TRACE_FILTER_ALL };
    int code = EXIT_BAD_USAGE;

    for (size_t i = 0; argc > 1 && i < sizeof(parts) / sizeof(parts[0]); i++) {
        if (strcmp(argv[1], parts[i].name) != 0)
            continue;
        int first = command_parse_mixed(command, argc - 1, argv + 1, &options);

        if (first >= 0 && argc - 1 - first != parts[i].n_files)
            say("trace %s takes %s", parts[i].name,
                parts[i].n_files == 1 ? "one file" : "two files");
        else if (first >= 0)
            code = parts[i].run((const char *const *)argv + 1 + first, &options);
        trace_filter_fini(&options.filter);
        return code;
    }
    say("trace show, trace diff or trace stats? `vssemu help trace` explains them");
    return code;
}

const struct command cmd_trace = {
    .name = "trace",
    .summary = "shows, compares and counts what a run recorded",
    .usage = "show|diff|stats [OPTIONS] FILE [FILE]",
    .options = trace_rows,
    .more =
        "show   what happened, a line each, as `vssemu run --verbose` shows it\n"
        "diff   the first difference of two traces in words, then what else differs\n"
        "stats  how long calls, phases and handlers took; results, failures, findings\n"
        "\n"
        "A file is what `vssemu run --trace FILE` wrote (docs/trace-format.md); - is standard\n"
        "input. One that is damaged, shortened or reordered is refused with the line where that\n"
        "shows; --edited lets changes within lines pass. Where the volumes and files of two runs "
        "lay is no difference.\n"
        "\n"
        "Examples:\n"
        "  vssemu trace show --who 'writer *' --kind event,state run.jsonl\n"
        "  vssemu trace show --lanes --from 500ms --to 1s run.jsonl\n"
        "  vssemu trace diff good.jsonl bad.jsonl\n"
        "  vssemu trace diff --order virtual.jsonl real.jsonl\n"
        "  vssemu trace stats --json run.jsonl\n"
        "\n"
        "Exit codes: 0; 1 diff: the traces differ; 120 bad command line or trace.\n",
    .run = run,
};
