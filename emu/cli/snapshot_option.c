/* SPDX-License-Identifier: MIT */
#include "emu/cli/snapshot_option.h"

#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/cli/input_files.h"
#include "emu/cli/launch_plan.h"
#include "emu/cli/say.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

static bool is_directory(const char *path)
{
    struct stat st;

    if (stat(path, &st) < 0)
        return false;
    errno = ENOTDIR;
    return S_ISDIR(st.st_mode);
}

static bool make_absolute(struct snapshot_spec *spec, const char *value)
{
    for (size_t i = 0; i < spec->then.count; i++) {
        struct snapshot_files *files = &spec->then.items[i];
        char *absolute = input_absolute_path(files->directory);

        if (!absolute || !is_directory(absolute)) {
            say("--snapshot %s: then=%s is no directory: %s", value, files->directory,
                strerror(errno));
            free(absolute);
            return false;
        }
        free(files->directory);
        files->directory = absolute;
    }
    return true;
}

static bool is_new_label(const struct snapshot_options *options, const struct snapshot_spec *spec)
{
    for (size_t i = 0; spec->label && i < options->sets.count; i++) {
        const char *other = options->sets.items[i].label;

        if (other && str_is_equal(other, spec->label)) {
            say("--snapshot: the label %s is given twice", spec->label);
            return false;
        }
    }
    return true;
}

bool snapshot_options_add(struct snapshot_options *options, const char *value)
{
    struct snapshot_spec spec;
    auto_free char *error = NULL;

    if (!snapshot_spec_parse(value, &spec, &error)) {
        say("--snapshot %s: %s", value, error);
        return false;
    }
    if (!make_absolute(&spec, value) || !is_new_label(options, &spec)) {
        snapshot_spec_fini(&spec);
        return false;
    }
    array_add(&options->sets, spec);
    return true;
}

static bool has_volume(const struct launch_plan *plan, char letter)
{
    for (size_t i = 0; i < plan->n_volumes; i++) {
        if (plan->volumes[i].letter == letter)
            return true;
    }
    say("--snapshot: there is no volume %c:; name its directory with --volume %c:=DIR", letter,
        letter);
    return false;
}

bool snapshot_options_make_sense(const struct snapshot_options *options,
                                 const struct launch_plan *plan)
{
    for (size_t i = 0; i < options->sets.count; i++) {
        const struct snapshot_spec *spec = &options->sets.items[i];

        for (const char *letter = spec->letters; *letter; letter++) {
            if (!has_volume(plan, *letter))
                return false;
        }
        for (size_t k = 0; k < spec->then.count; k++) {
            if (!has_volume(plan, spec->then.items[k].letter))
                return false;
        }
    }
    return true;
}

void snapshot_options_fini(struct snapshot_options *options)
{
    for (size_t i = 0; i < options->sets.count; i++)
        snapshot_spec_fini(&options->sets.items[i]);
    array_free(&options->sets);
}
