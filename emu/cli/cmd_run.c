/* SPDX-License-Identifier: MIT */
/* vssemu run: reads the command line into a plan and launches it. */
#include "emu/base/array.h"
#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/cli/command.h"
#include "emu/cli/input_files.h"
#include "emu/cli/launch.h"
#include "emu/cli/report_options.h"
#include "emu/cli/run_check.h"
#include "emu/cli/run_time.h"
#include "emu/cli/say.h"
#include "emu/cli/snapshot_option.h"
#include "emu/cli/world_option.h"
#include "emu/doc/writer_catalog.h"
#include "emu/proto/choices.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

struct run_options {
    struct launch_plan plan; /* first: report_options.h */
    ARRAY(char *) writers;
    ARRAY(char *) writer_metadata;
    ARRAY(const char *) catalog_writers;
    ARRAY(const char *) choices;
    ARRAY(char *) registry_files;
    ARRAY(char *) providers;
    ARRAY(char *) faults;
    struct snapshot_options snapshots;
    struct world_option world;
    bool has_seed;
};

/* An option without a value. */
#define FLAG(name, member)                                  \
    static bool set_##name(void *target, const char *value) \
    {                                                       \
        (void)value;                                        \
        ((struct run_options *)target)->plan.member = true; \
        return true;                                        \
    }
/* clang-format off */
FLAG(mount, is_mounted)
FLAG(strict, is_strict)
FLAG(strict_api, is_strict_api)
/* clang-format on */

static bool set_volume(void *target, const char *value)
{
    struct launch_plan *plan = &((struct run_options *)target)->plan;
    char letter = (char)(value[0] >= 'a' && value[0] <= 'z' ? value[0] - 'a' + 'A' : value[0]);

    if (letter < 'A' || letter > 'Z' || value[1] != ':' || value[2] != '=' || !value[3]) {
        say("--volume takes a drive letter and a directory, as in --volume C:=/srv/files; not %s",
            value);
        return false;
    }
    for (size_t i = 0; i < plan->n_volumes; i++) {
        if (plan->volumes[i].letter == letter) {
            say("--volume %c: is given twice", letter);
            return false;
        }
    }
    plan->volumes[plan->n_volumes++] = (struct launch_volume){
        .letter = letter,
        .directory = value + 3,
    };
    return true;
}

static bool set_world(void *target, const char *value)
{
    return world_option_set(&((struct run_options *)target)->world, value);
}

static bool set_writer(void *target, const char *value)
{
    struct run_options *options = target;

    if (!input_is_test_writer(value))
        return false;
    array_add(&options->writers, input_absolute_path(value));
    return true;
}

static bool set_writer_metadata(void *target, const char *value)
{
    struct run_options *options = target;

    if (!input_is_writer_metadata(value))
        return false;
    array_add(&options->writer_metadata, input_absolute_path(value));
    return true;
}

static bool set_simulate(void *target, const char *value)
{
    struct run_options *options = target;

    if (!writer_catalog_find(value) && !str_is_equal_nocase(value, WRITER_CATALOG_IDLE)) {
        say("--simulate %s: there is no such writer; `vssemu writers` lists them", value);
        return false;
    }
    array_add(&options->catalog_writers, value);
    return true;
}

static bool set_provider(void *target, const char *value)
{
    struct run_options *options = target;
    size_t n = strcspn(value, ",");
    auto_free char *path = str_printf("%.*s", (int)n, value);
    auto_free char *absolute = input_absolute_path(path);

    if (!absolute || access(absolute, R_OK) != 0) {
        say("--provider: there is no shared object %s; vssemu-c++ -shared -fPIC makes one", path);
        return false;
    }
    array_add(&options->providers, str_printf("%s%s", absolute, value + n));
    return true;
}

static bool set_snapshot(void *target, const char *value)
{
    return snapshot_options_add(&((struct run_options *)target)->snapshots, value);
}

static bool set_document_limit(void *target, const char *value)
{
    char *end;

    errno = 0;
    long long limit = strtoll(value, &end, 10);
    if (errno || *end || end == value || limit <= 0) {
        say("--document-limit takes a number of bytes, not %s", value);
        return false;
    }
    ((struct run_options *)target)->plan.document_limit = (size_t)limit;
    return true;
}

static bool set_requester(void *target, const char *value)
{
    struct launch_plan *plan = &((struct run_options *)target)->plan;

    if (plan->has_requester) {
        say("--requester is given twice; a run has one");
        return false;
    }
    if (!input_is_betest(value))
        return false;
    plan->requester = input_absolute_path(value);
    plan->has_requester = true;
    return true;
}

static bool set_seed(void *target, const char *value)
{
    struct run_options *options = target;
    char *end;

    errno = 0;
    long long seed = strtoll(value, &end, 0);
    if (errno || *end || end == value || seed < 0) {
        say("--seed takes a number from 0 to 9223372036854775807, not %s", value);
        return false;
    }
    options->plan.seed = (uint64_t)seed;
    options->has_seed = true;
    return true;
}

static bool set_windows(void *target, const char *value)
{
    enum windows_version version;

    if (!windows_version_named(value, &version)) {
        say("--windows is 2003, 2008r2, 2012r2, 2016 or 2022, not %s", value);
        return false;
    }
    ((struct run_options *)target)->plan.windows = value;
    return true;
}

static bool set_choice(void *target, const char *value)
{
    if (!input_is_choice(value))
        return false;
    array_add(&((struct run_options *)target)->choices, value);
    return true;
}

static bool set_fault(void *target, const char *value)
{
    struct run_options *options = target;
    char *text = input_fault(value);

    if (text)
        array_add(&options->faults, text);
    return text != NULL;
}

static bool set_registry(void *target, const char *value)
{
    struct run_options *options = target;

    if (!input_is_registry(value))
        return false;
    array_add(&options->registry_files, input_absolute_path(value));
    return true;
}

static bool set_registry_out(void *target, const char *value)
{
    struct launch_plan *plan = &((struct run_options *)target)->plan;

    free((char *)plan->registry_out);
    plan->registry_out = input_new_file(value);
    return plan->registry_out != NULL;
}

static bool set_service(void *target, const char *value)
{
    struct launch_plan *plan = &((struct run_options *)target)->plan;

    if (value && (!*value || strpbrk(value, "/\\"))) {
        say("--service takes the name of a service, as in --service=MyService; not %s", value);
        return false;
    }
    plan->is_service = true;
    plan->service = value;
    return true;
}

static bool set_verbose(void *target, const char *value)
{
    (void)value;
    ((struct run_options *)target)->plan.protocol = stderr;
    return true;
}

static bool set_tool(void *target, enum launch_tool tool, const char *options)
{
    struct launch_plan *plan = &((struct run_options *)target)->plan;

    if (plan->tool != LAUNCH_PLAIN)
        say("--valgrind and --gdb: one of them, once");
    if (plan->tool != LAUNCH_PLAIN)
        return false;
    plan->tool = tool;
    plan->tool_options = options;
    return true;
}

static bool set_valgrind(void *target, const char *value)
{
    return set_tool(target, LAUNCH_VALGRIND, value);
}

static bool set_gdb(void *target, const char *value)
{
    return set_tool(target, LAUNCH_GDB, value);
}

static const struct option_row run_rows[] = {
    { "volume", "C:=DIR", "a directory, or the image of a disk, becomes C: (any letter; repeat)",
      set_volume },
    { "world", "FILE.yaml", "all of this in one file (docs/world-file.md)", set_world },
    { "mount", NULL, "mount the volumes through FUSE, for programs with Linux paths", set_mount },
    { "writer", "FILE.xml", "a writer from a Test Writer file (may be repeated)", set_writer },
    { "writer-metadata", "FILE.xml", "the writer of a saved metadata document (may be repeated)",
      set_writer_metadata },
    { "simulate", "NAME", "a writer of Windows (`vssemu writers`), or all of an idle one: windows",
      set_simulate },
    { "provider", "FILE.so",
      "a snapshot provider, registered by its DllRegisterServer, or "
      "FILE.so,class={CLSID}",
      set_provider },
    { "snapshot", "C:[,D:][,...]", "a persistent set that is there before (may be repeated)",
      set_snapshot },
    { "document-limit", "BYTES", "a writer whose metadata is longer is on no list, as on Windows",
      set_document_limit },
    { "requester", "FILE.xml", "what the built-in requester backs up (BETest file)",
      set_requester },
    { "clock", "real|virtual", "the time of the world (real)", run_time_set_clock },
    { "seed", "N", "with the virtual clock: repeats a run (1)", set_seed },
    { "schedule", "KIND",
      "how the seed orders threads: random, pct[:DEPTH], bounded[:N] or mix (random)",
      run_time_set_schedule },
    { "preload", NULL, "PROGRAM links no libvssapi: it gets the virtual clock by LD_PRELOAD",
      run_time_set_preload },
    { "fine", NULL, "threads may also change at each access to memory (vssemu-cc -fvssemu-fine)",
      run_time_set_fine },
    { "watchdog", "TIME|off", "how long a thread may keep the virtual clock from going on (2s)",
      run_time_set_watchdog },
    { "windows", "VERSION", "2003, 2008r2, 2012r2, 2016 or 2022 (2022): sets every choice",
      set_windows },
    { "choice", "NAME=VALUE", "one open question otherwise (`vssemu states choices`)", set_choice },
    { "fault", "TEXT", "what goes wrong, as in 'writer=Sql event=Freeze do=hang' (docs/faults.md)",
      set_fault },
    { "check", "COMMAND",
      "what snapshots must pass, run by sh; {}: where they are (docs/search.md)", run_check_set },
    { "check-limit", "TIME", "how long a check may take, in real time (60s)", run_check_set_limit },
    { "service", "[=NAME]", "the service manager starts the program, as the service NAME",
      set_service },
    { "registry", "FILE.reg", "keys and values of the registry (may be repeated)", set_registry },
    { "registry-out", "FILE.reg", "keep the registry as the program leaves it", set_registry_out },
    { "trace", "FILE", "keep everything that happens (docs/trace-format.md)", report_set_trace },
    { "trace-volumes", NULL, "and a copy of the volumes before the run, for `vssemu replay`",
      report_set_trace_volumes },
    { "strict", NULL, "a broken rule of level must fails the run (`vssemu states findings`)",
      set_strict },
    { "strict-api", NULL, "and is the documented error to the call that breaks it",
      set_strict_api },
    { "findings", "FILE.json", "keep the broken rules (docs/findings.md)", report_set_findings },
    { "eventlog", NULL, "show the Application log on standard error at the end",
      report_set_eventlog },
    { "eventlog-file", "FILE.json", "keep it", report_set_eventlog_file },
    { "valgrind", "[=OPTIONS]", "run PROGRAM under Valgrind (docs/debugging.md)", set_valgrind },
    { "gdb", "[=OPTIONS]", "run PROGRAM under gdb (docs/debugging.md)", set_gdb },
    { "step", NULL, "stop before each event, show who is in which state, ask what to do",
      step_option_on },
    { "until", "EVENT", "--step: not before Freeze, or 'writer Sql:Freeze' (may be repeated)",
      step_option_until },
    { "step-commands", "FILE", "--step: take commands from here, not from the terminal",
      step_option_commands },
    { "verbose", NULL, "show it on standard error while it happens", set_verbose },
    { NULL, NULL, NULL, NULL },
};

/* Real runs differ from each other anyway; a virtual one is repeated unless asked otherwise. */
static void choose_seed(struct run_options *options)
{
    uint64_t seed = 1;

    if (options->has_seed)
        return;
    if (!options->plan.is_virtual && getrandom(&seed, sizeof(seed), 0) != sizeof(seed))
        seed = (uint64_t)getpid();
    options->plan.seed = seed & INT64_MAX;
}

static bool make_sense(struct run_options *options)
{
    struct launch_plan *plan = &options->plan;

    if (plan->is_mounted && plan->is_virtual) {
        say("--mount needs the real clock: Linux does not wait for a virtual one");
        return false;
    }
    if (!run_time_makes_sense(plan))
        return false;
    if (plan->is_preloaded && (options->faults.count || options->world.scenario.faults.count)) {
        say("%s with programs that link libvssapi: one of --preload has a clock, but no writers, "
            "providers or volumes to which it could happen",
            options->faults.count ? "--fault goes" : "faults of a world file go");
        return false;
    }
    if ((plan->step.n_until || plan->step.commands) && !plan->step.is_on) {
        say("--until and --step-commands go with --step");
        return false;
    }
    if (plan->keeps_volumes && !plan->trace_path) {
        say("--trace-volumes goes with a trace: name its file with --trace FILE");
        return false;
    }
    if (plan->is_mounted && !plan->n_volumes) {
        say("--mount has nothing to mount: name a directory with --volume C:=DIR");
        return false;
    }
    return snapshot_options_make_sense(&options->snapshots, plan);
}

/* A directory that is not there stays as it is written: launch says what is wrong with it. */
static void make_absolute(struct launch_plan *plan)
{
    for (size_t i = 0; i < plan->n_volumes; i++) {
        char *path = input_absolute_path(plan->volumes[i].directory);

        plan->volumes[i].directory = path ? path : mem_strdup(plan->volumes[i].directory);
    }
}

#define FREE_TEXTS(list)                          \
    do {                                          \
        for (size_t i = 0; i < (list).count; i++) \
            free((list).items[i]);                \
        array_free(&(list));                      \
    } while (0)

static void run_options_fini(struct run_options *options, bool has_absolute_paths)
{
    for (size_t i = 0; has_absolute_paths && i < options->plan.n_volumes; i++)
        free((char *)options->plan.volumes[i].directory);
    FREE_TEXTS(options->writers);
    FREE_TEXTS(options->writer_metadata);
    array_free(&options->catalog_writers);
    array_free(&options->choices);
    FREE_TEXTS(options->registry_files);
    FREE_TEXTS(options->providers);
    FREE_TEXTS(options->faults);
    snapshot_options_fini(&options->snapshots);
    world_option_fini(&options->world);
    free((char *)options->plan.registry_out);
    free((char *)options->plan.requester);
}

static int run(const struct command *command, int argc, char **argv)
{
    struct run_options options = { .plan.has_colours = isatty(STDERR_FILENO),
                                   .plan.watchdog_ns = WATCHDOG_USUAL_NS };
    int first = command_parse(command, argc, argv, &options);
    int code = EXIT_BAD_USAGE;

    if (first >= 0)
        options.plan.argv = world_option_apply(&options.world, &options.plan, &options.has_seed,
                                               first < argc ? argv + first : NULL);
    if (first >= 0 && !options.plan.argv)
        say("which program? vssemu run %s", command->usage);
    else if (first >= 0 && make_sense(&options)) {
        choose_seed(&options);
        make_absolute(&options.plan);
        options.plan.choices = options.choices.items;
        options.plan.n_choices = options.choices.count;
        options.plan.writers = (const char *const *)options.writers.items;
        options.plan.n_writers = options.writers.count;
        options.plan.writer_metadata = (const char *const *)options.writer_metadata.items;
        options.plan.n_writer_metadata = options.writer_metadata.count;
        options.plan.catalog_writers = options.catalog_writers.items;
        options.plan.n_catalog_writers = options.catalog_writers.count;
        options.plan.registry_files = (const char *const *)options.registry_files.items;
        options.plan.n_registry_files = options.registry_files.count;
        options.plan.providers = (const char *const *)options.providers.items;
        options.plan.n_providers = options.providers.count;
        options.plan.faults = (const char *const *)options.faults.items;
        options.plan.n_faults = options.faults.count;
        options.plan.snapshots = options.snapshots.sets.items;
        options.plan.n_snapshots = options.snapshots.sets.count;
        code = run_checked(&options.plan);
        run_options_fini(&options, true);
        return code;
    }
    run_options_fini(&options, false);
    return code;
}

const struct command cmd_run = {
    .name = "run",
    .summary = "runs a program in a world with volumes and writers",
    .usage = "[OPTIONS] -- PROGRAM [ARGUMENTS]",
    .options = run_rows,
    .more =
        "PROGRAM is a requester, a writer, or both, linked with libvssapi (vssemu-cc, vssemu-c++), "
        "or\n"
        "the built-in requester betest. A requester's exit code is the run's. A writer without a\n"
        "requester of its own meets the built-in one, which backs up what --requester chooses, or\n"
        "every component; when it has finished, the writer is told to leave through its console\n"
        "control handler (CTRL_CLOSE_EVENT) or by SIGTERM.\n"
        "\n"
        "A path with a drive letter or \\\\?\\ is the world's; any other path is the host's. "
        "Standard\n"
        "input and output, directory and environment are the program's; vssemu speaks on standard\n"
        "error. A volume directory has one owner at a time.\n"
        "\n"
        "--snapshot C:[,D:...][,context=NAME][,writers][,label=NAME][,then=[C:=]DIR] makes a set\n"
        "as if an earlier process had (docs/earlier-snapshots.md); {NAME} in an argument is its "
        "id.\n"
        "\n"
        "Examples:\n"
        "  vssemu run --volume C:=/srv/files --writer app.xml --verbose -- ./my-requester\n"
        "  vssemu run --volume C:=/srv/files --mount --trace run.jsonl -- ./my-writer\n"
        "  vssemu run --volume C:=/srv/files --writer app.xml -- betest /B /S saved.xml /D out\n"
        "  vssemu run --step --until Freeze --volume C:=/srv/files --mount -- ./my-writer\n"
        "\n"
        "Exit codes: PROGRAM's own; 128 + signal when it crashed; 118 when it\n"
        "succeeded and a planned fault never happened, 117 when a snapshot did not pass --check; "
        "119 with "
        "--strict when it\n"
        "succeeded and broke a rule of level must; 120 bad command line or file,\n"
        "121 a volume, mount or trace file cannot be used, 122 no such program, 123 vssemu "
        "failed.\n",
    .run = run,
};
