/* SPDX-License-Identifier: MIT */
/* vssemu scenario: checks world files, and goes between them and the bytes of other fuzzers. */
#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/cli/command.h"
#include "emu/cli/say.h"
#include "emu/scenario/scenario_read.h"
#include "emu/search/plan.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BYTES_LIMIT (64u << 10)

struct scenario_options {
    const char *out;
};

static bool set_out(void *target, const char *value)
{
    ((struct scenario_options *)target)->out = value;
    return true;
}

static const struct option_row scenario_rows[] = {
    { "out", "FILE", "write there, not to standard output", set_out },
    { NULL, NULL, NULL, NULL },
};

static int write_out(const struct scenario_options *options, const void *data, size_t size)
{
    FILE *file = options->out ? fopen(options->out, "we") : stdout;

    if (!file) {
        say("--out %s: %s", options->out, strerror(errno));
        return EXIT_BAD_USAGE;
    }
    bool is_good = fwrite(data, 1, size, file) == size && fflush(file) == 0;

    if (options->out)
        is_good &= fclose(file) == 0;
    if (!is_good)
        say("%s cannot be written: %s", options->out ? options->out : "standard output",
            strerror(errno));
    return is_good ? 0 : EXIT_BAD_USAGE;
}

static int from_bytes(const struct scenario_options *options, const char *path)
{
    uint8_t bytes[BYTES_LIMIT];
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
    auto_scenario struct scenario scenario = { 0 };
    auto_str struct str yaml = { 0 };
    struct plan plan;

    if (!file) {
        say("%s: %s", path, strerror(errno));
        return EXIT_BAD_USAGE;
    }
    size_t size = fread(bytes, 1, sizeof(bytes), file);
    int read_error = ferror(file) ? errno : 0;

    if (file != stdin)
        fclose(file);
    if (read_error) {
        say("%s: %s", path, strerror(read_error));
        return EXIT_BAD_USAGE;
    }
    plan_from_bytes(bytes, size, &plan);
    plan_to_scenario(&plan, &scenario);
    scenario_write(&scenario, &yaml);
    return write_out(options, yaml.text ? yaml.text : "", yaml.length);
}

static int to_bytes(const struct scenario_options *options, const char *path)
{
    auto_scenario struct scenario scenario = { 0 };
    auto_free char *error = NULL;
    struct plan_bytes bytes;
    struct plan plan;

    if (!scenario_read_file(path, &scenario, &error)) {
        say("%s", error);
        return EXIT_BAD_USAGE;
    }
    if (!plan_from_scenario(&scenario, &plan, &error)) {
        say("%s: %s", path, error);
        return EXIT_BAD_USAGE;
    }
    plan_to_bytes(&plan, &bytes);
    int code = write_out(options, bytes.items, bytes.count);

    array_free(&bytes);
    return code;
}

static int check_file(const struct scenario_options *options, const char *path)
{
    auto_scenario struct scenario scenario = { 0 };
    auto_free char *error = NULL;

    (void)options;
    if (scenario_read_file(path, &scenario, &error))
        return 0;
    say("%s", error);
    return EXIT_BAD_USAGE;
}

static const struct {
    const char *name;
    int (*each)(const struct scenario_options *options, const char *path);
} verbs[] = {
    { "check", check_file },
    { "from-bytes", from_bytes },
    { "to-bytes", to_bytes },
};
#define N_VERBS (sizeof(verbs) / sizeof(verbs[0]))

static int run(const struct command *command, int argc, char **argv)
{
    struct scenario_options options = { 0 };
    int first = command_parse_mixed(command, argc, argv, &options);
    size_t verb = 0;
    int code = 0;

    if (first < 0)
        return EXIT_BAD_USAGE;
    while (first < argc && verb < N_VERBS && strcmp(argv[first], verbs[verb].name) != 0)
        verb++;
    if (argc - first < 2 || verb == N_VERBS || (verb && argc - first > 2)) {
        say("vssemu scenario check FILE.yaml..., from-bytes FILE, or to-bytes FILE.yaml");
        return EXIT_BAD_USAGE;
    }
    for (int i = first + 1; i < argc; i++) {
        int one = verbs[verb].each(&options, argv[i]);

        code = one ? one : code;
    }
    return code;
}

const struct command cmd_scenario = {
    .name = "scenario",
    .summary = "checks world files, and goes between them and bytes of other fuzzers",
    .usage = "check FILE.yaml...\n"
             "       vssemu scenario from-bytes FILE [--out FILE.yaml]\n"
             "       vssemu scenario to-bytes FILE.yaml [--out FILE]",
    .options = scenario_rows,
    .more = "from-bytes says what an input of vssemu_fuzz_one (docs/search.md) means; any bytes\n"
            "mean something. to-bytes makes such an input of a scenario that holds nothing else\n"
            "than what the search varies. - is standard input.\n",
    .run = run,
};
