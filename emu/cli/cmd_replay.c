/* SPDX-License-Identifier: MIT */
/* vssemu replay: runs again what a trace has recorded, and compares. */
#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/cli/command.h"
#include "emu/cli/input_files.h"
#include "emu/cli/interrupt.h"
#include "emu/cli/launch.h"
#include "emu/cli/replay_as.h"
#include "emu/cli/replay_volumes.h"
#include "emu/cli/say.h"
#include "emu/host/host_trace.h"
#include "emu/trace/trace_diff.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define EXIT_DIFFERENT 1
#define N_CONTEXT      3

enum side { BOTH_SIDES, AS_REQUESTER, AS_WRITERS };

struct replay_options {
    enum side side;
    char *const *program; /* of the user's, for the other side; NULL: the recorded one */
    const char *volumes[LAUNCH_MAX_VOLUMES]; /* "C:=DIR" */
    size_t n_volumes;
    const char *trace_path;
    bool is_verbose, is_edited;
};

static bool set_volume(void *target, const char *value)
{
    struct replay_options *options = target;

    if (value[0] < 'A' || value[0] > 'Z' || value[1] != ':' || value[2] != '=' || !value[3] ||
        options->n_volumes == LAUNCH_MAX_VOLUMES) {
        say("--volume takes a drive of the trace and a directory, as in --volume C:=DIR; not %s",
            value);
        return false;
    }
    options->volumes[options->n_volumes++] = value;
    return true;
}

static bool set_as(void *target, const char *value)
{
    struct replay_options *options = target;

    if (strcmp(value, "requester") == 0)
        options->side = AS_REQUESTER;
    else if (strcmp(value, "writers") == 0)
        options->side = AS_WRITERS;
    else
        say("--as is requester or writers, not %s", value);
    return options->side != BOTH_SIDES;
}

static bool set_trace(void *target, const char *value)
{
    ((struct replay_options *)target)->trace_path = value;
    return true;
}

static bool set_verbose(void *target, const char *value)
{
    (void)value;
    ((struct replay_options *)target)->is_verbose = true;
    return true;
}

static bool set_edited(void *target, const char *value)
{
    (void)value;
    ((struct replay_options *)target)->is_edited = true;
    return true;
}

static const struct option_row replay_rows[] = {
    { "as", "SIDE", "play the recorded requester, or writers, for PROGRAM", set_as },
    { "volume", "C:=DIR", "what was on C: before the run lies here now (may be repeated)",
      set_volume },
    { "trace", "FILE", "keep the trace of the new run", set_trace },
    { "verbose", NULL, "show it on standard error while it happens", set_verbose },
    { "edited", NULL, "the trace was changed on purpose: lines need not be what was written",
      set_edited },
    { NULL, NULL, NULL, NULL },
};

/* Directories that the command line names instead of the recorded ones. */
static bool move_volumes(struct trace_world *world, const struct replay_options *options)
{
    for (size_t i = 0; i < options->n_volumes; i++) {
        bool is_known = false;

        for (size_t k = 0; k < world->plan.n_volumes; k++) {
            if (world->plan.volumes[k].letter != options->volumes[i][0])
                continue;
            is_known = true;
            free(world->directories[k]);
            world->directories[k] = input_absolute_path(options->volumes[i] + 3);
            if (!world->directories[k])
                world->directories[k] = mem_strdup(options->volumes[i] + 3);
            world->plan.volumes[k].directory = world->directories[k];
        }
        if (!is_known) {
            say("the trace has no volume %.2s", options->volumes[i]);
            return false;
        }
    }
    return true;
}

static bool load(const char *path, unsigned flags, struct trace_file *ret)
{
    auto_free char *error = NULL;
    bool is_good = host_trace_load(path, flags, ret, &error);

    if (!is_good)
        say("%s", error);
    return is_good;
}

/* The recorded requester was followed: where did the writers answer otherwise? */
static int compare_writers(const struct trace_file *before, const char *path)
{
    const struct trace_diff_options options = {
        .mode = TRACE_DIFF_ORDER,
        .n_context = N_CONTEXT,
        .filter = replay_is_of_writer,
        .name_a = before->name,
        .name_b = "the replay",
        .ignores_verdict = true,
    };
    struct trace_file after;
    auto_str struct str words = { 0 };

    if (!load(path, TRACE_FILE_WHOLE, &after))
        return EXIT_HARNESS_FAILED;
    bool is_same = trace_diff(before, &after, &options, &words);
    printf("%s", is_same ? "the writers answered as the recorded ones did\n" : words.text);
    trace_file_free(&after);
    return is_same ? 0 : EXIT_DIFFERENT;
}

/* What a trace of an older version has. */
static bool is_in_old_traces(const struct trace_record *record, const void *arg)
{
    (void)arg;
    return record->kind != TRACE_CALL || !replay_is_of_writer(record, NULL);
}

/* What threads of a real clock do between each other is the machine's affair. */
static int compare(const struct trace_file *before, const char *path, const char *name)
{
    bool is_virtual = str_is_equal(before->header->clock, "virtual");
    const struct trace_diff_options options = {
        .mode = is_virtual ? TRACE_DIFF_ALL : TRACE_DIFF_ORDER,
        .n_context = N_CONTEXT,
        .filter = before->header->version < TRACE_FIRST_CHECKED ? is_in_old_traces : NULL,
        .name_a = name,
        .name_b = "the replay",
    };
    struct trace_file after;
    auto_str struct str words = { 0 };

    if (!load(path, TRACE_FILE_WHOLE, &after))
        return EXIT_HARNESS_FAILED;
    bool is_same = trace_diff(before, &after, &options, &words);
    if (is_same && is_virtual)
        printf("identical, %zu records\n", before->records.count);
    else if (is_same)
        printf("the same order of calls, events and states for everybody, %zu records; times are "
               "the real clock's\n",
               before->records.count);
    else
        printf("%s", words.text);
    if (!is_same)
        say("the volumes of the replay were what the directories hold now; `vssemu run "
            "--trace-volumes` keeps what they held before");
    trace_file_free(&after);
    return is_same ? 0 : EXIT_DIFFERENT;
}

static bool take_side(struct trace_world *world, const struct trace_file *before,
                      const struct replay_options *options, const char *directory)
{
    if (options->program)
        world->plan.argv = options->program;
    if (options->side == AS_REQUESTER)
        replay_as_requester(world, before->name);
    return options->side != AS_WRITERS || replay_as_writers(world, before, directory);
}

static int replay_in(struct trace_world *world, const struct trace_file *before,
                     const struct replay_options *options)
{
    struct replay_volumes copies;
    auto_free char *own_trace = NULL;

    interrupt_begin();
    if (!replay_volumes_copy(world, &copies)) {
        interrupt_end();
        return EXIT_NO_WORLD;
    }
    own_trace = str_printf("%s/replay.jsonl", copies.directory);
    world->plan.trace_path = options->trace_path ? options->trace_path : own_trace;
    world->plan.protocol = options->is_verbose ? stderr : NULL;
    world->plan.has_colours = isatty(STDERR_FILENO);
    fflush(stdout);
    int code =
        take_side(world, before, options, copies.directory) ? launch(&world->plan) : EXIT_BAD_USAGE;
    bool was_harness = before->verdict->ending == TRACE_ENDED_BY_HARNESS;
    bool has_run = code < EXIT_BAD_USAGE || code > EXIT_HARNESS_FAILED;
    if (has_run && options->side == AS_REQUESTER)
        code = compare_writers(before, world->plan.trace_path);
    else if ((has_run || was_harness) && options->side == BOTH_SIDES)
        code = compare(before, world->plan.trace_path, before->name);
    replay_volumes_remove(&copies);
    interrupt_end();
    return code;
}

static int replay(const char *path, const struct replay_options *options)
{
    struct trace_world world;
    struct trace_file before;
    int code = EXIT_BAD_USAGE;

    if (!load(path, options->is_edited ? TRACE_FILE_EDITED : TRACE_FILE_WHOLE, &before))
        return EXIT_BAD_USAGE;
    if (trace_world_read(before.header, path, &world)) {
        if (move_volumes(&world, options))
            code = replay_in(&world, &before, options);
        trace_world_fini(&world);
    }
    trace_file_free(&before);
    return code;
}

static int run(const struct command *command, int argc, char **argv)
{
    struct replay_options options = { 0 };
    int first = command_parse_mixed(command, argc, argv, &options);

    if (first < 0)
        return EXIT_BAD_USAGE;
    bool has_program = argc - first > 1;
    if (argc - first < 1)
        say("which trace? vssemu replay %s", command->usage);
    else if (has_program && options.side == BOTH_SIDES)
        say("a program takes the other side: --as requester or --as writers?");
    else if (!has_program && options.side != BOTH_SIDES)
        say("--as needs the program of the other side: vssemu replay --as SIDE TRACE -- PROGRAM");
    else {
        options.program = has_program ? argv + first + 1 : NULL;
        return replay(argv[first], &options);
    }
    return EXIT_BAD_USAGE;
}

const struct command cmd_replay = {
    .name = "replay",
    .summary = "runs again what a trace has recorded, and compares",
    .usage = "[OPTIONS] TRACE [-- PROGRAM [ARGUMENTS]]",
    .options = replay_rows,
    .more =
        "The program and its arguments, volumes, writers, version of Windows, choices, faults,\n"
        "schedule and seed are those of the trace (docs/trace-format.md). Volumes are copied\n"
        "first, without the snapshots of the recorded run; what that run wrote to their files is\n"
        "still in them, unless `run --trace-volumes` kept what was there before, or --volume\n"
        "names a copy.\n"
        "On the virtual clock the two traces are compared to the byte, on the real one each\n"
        "participant's calls, events and states in their order.\n"
        "\n"
        "--as requester makes the recorded requester's calls, in order, with their arguments and\n"
        "pauses, for PROGRAM, a writer, and tells where writers answer otherwise. Identifiers are\n"
        "new; writers are found by class, components by path and name. --as writers gives "
        "PROGRAM,\n"
        "a requester, writers with the recorded metadata that fail, take their time and say of\n"
        "their components what the recorded ones did, the nth event what was said in the nth;\n"
        "PROGRAM's exit code is the replay's.\n"
        "\n"
        "Examples:\n"
        "  vssemu run --clock virtual --volume C:=c --trace run.jsonl --trace-volumes -- "
        "./my-writer\n"
        "  vssemu replay run.jsonl\n"
        "  vssemu replay --volume C:=c.before --trace again.jsonl run.jsonl\n"
        "  vssemu replay --as requester run.jsonl -- ./my-new-writer\n"
        "  vssemu replay --as writers run.jsonl -- ./my-requester backup\n"
        "\n"
        "Exit codes: 0 the same; 1 they differ; 120 to 123 as for `vssemu run`.\n",
    .run = run,
};
