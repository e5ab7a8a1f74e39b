/* SPDX-License-Identifier: MIT */
/* See world_text.h. */
#include "emu/cli/world_text.h"

#include "emu/base/cleanup.h"
#include "emu/base/utf.h"
#include "emu/cli/say.h"
#include "emu/proto/context_rules.h"
#include "emu/setup/snapshot_spec.h"

#include <jansson.h>

static json_t *path_or_null(const char *path)
{
    json_t *text = path ? json_string(path) : NULL;

    return text ? text : json_null();
}

static bool is_text(const char *option, const char *text)
{
    if (!text || utf8_is_valid(text))
        return true;
    auto_free char *shown = utf8_shown(text);

    say("%s: %s is not UTF-8, which all that a run is made of has to be", option, shown);
    return false;
}

static bool are_texts(const char *option, const char *const *texts, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!is_text(option, texts[i]))
            return false;
    }
    return true;
}

static bool are_snapshots_texts(const struct launch_plan *plan)
{
    for (size_t i = 0; i < plan->n_snapshots; i++) {
        const struct snapshot_spec *spec = &plan->snapshots[i];

        if (!is_text("--snapshot", spec->label))
            return false;
        for (size_t k = 0; k < spec->then.count; k++) {
            if (!is_text("--snapshot", spec->then.items[k].directory))
                return false;
        }
    }
    return true;
}

/* File names of the host, and arguments, may be any bytes; JSON takes UTF-8 only. */
bool world_text_is_possible(const struct launch_plan *plan)
{
    for (size_t i = 0; i < plan->n_volumes; i++) {
        if (!is_text("--volume", plan->volumes[i].directory))
            return false;
    }
    return are_texts("--writer", plan->writers, plan->n_writers) &&
           are_texts("--writer-metadata", plan->writer_metadata, plan->n_writer_metadata) &&
           are_texts("--simulate", plan->catalog_writers, plan->n_catalog_writers) &&
           are_texts("--registry", plan->registry_files, plan->n_registry_files) &&
           are_texts("--provider", plan->providers, plan->n_providers) &&
           are_texts("--fault", plan->faults, plan->n_faults) &&
           are_texts("--choice", plan->choices, plan->n_choices) &&
           are_texts("--until", plan->step.until, plan->step.n_until) &&
           is_text("--requester", plan->requester) && is_text("--world", plan->world) &&
           is_text("--registry-out", plan->registry_out) && is_text("--service", plan->service) &&
           (!plan->keeps_volumes || is_text("--trace-volumes", plan->trace_path)) &&
           are_snapshots_texts(plan);
}

static json_t *describe_volume(const struct launch_volume *volume, const char *mounted_at,
                               int control_fd)
{
    char name[] = { volume->letter, ':', 0 };

    return json_pack("{s:s, s:o, s:o, s:o}", "name", name, "dir", path_or_null(volume->directory),
                     "mount", path_or_null(mounted_at), "control_fd",
                     control_fd >= 0 ? json_integer(control_fd) : json_null());
}

static json_t *list_of(const char *const *texts, size_t n)
{
    json_t *list = json_array();

    for (size_t i = 0; i < n; i++)
        json_array_append_new(list, path_or_null(texts[i]));
    return list;
}

/* What a run does not have is not written. */
static void add_list(json_t *world, const char *key, const char *const *texts, size_t n)
{
    if (n)
        json_object_set_new(world, key, list_of(texts, n));
}

static json_t *describe_snapshot(const struct snapshot_spec *spec)
{
    json_t *volumes = json_array(), *then = json_array();

    for (const char *letter = spec->letters; *letter; letter++)
        json_array_append_new(volumes, json_string((char[]){ *letter, ':', 0 }));
    for (size_t i = 0; i < spec->then.count; i++) {
        const struct snapshot_files *files = &spec->then.items[i];

        json_array_append_new(then,
                              json_pack("{s:s, s:o}", "name", (char[]){ files->letter, ':', 0 },
                                        "dir", path_or_null(files->directory)));
    }
    return json_pack("{s:o, s:s, s:s?, s:o}", "volumes", volumes, "context",
                     context_name(spec->context), "label", spec->label, "then", then);
}

static void add_snapshots(json_t *world, const struct launch_plan *plan)
{
    json_t *list = plan->n_snapshots ? json_array() : NULL;

    for (size_t i = 0; i < plan->n_snapshots; i++)
        json_array_append_new(list, describe_snapshot(&plan->snapshots[i]));
    if (list)
        json_object_set_new(world, "snapshots", list);
}

/* Everything as a trace has it, but what belongs to this run. */
static json_t *as_recorded(json_t *take_world, const struct launch_plan *plan)
{
    static const char *const ours[] = { "clock", "seed", "volumes", "trace_fd" };
    json_t *world = json_loads(plan->recorded_world, 0, NULL);

    for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
        json_object_set(world, ours[i], json_object_get(take_world, ours[i]));
    json_decref(take_world);
    return world;
}

char *world_text_make(const struct launch_plan *plan, const struct launched_volumes *volumes,
                      int trace_fd, int step_fd, const char *objects, json_t *take_life)
{
    json_t *volume_list = json_array(), *requester = json_null();

    for (size_t i = 0; i < plan->n_volumes; i++)
        json_array_append_new(
            volume_list,
            describe_volume(&plan->volumes[i], volumes->mounted_at[i], volumes->control_fds[i]));
    if (plan->has_requester)
        requester = json_pack("{s:o}", "betest", path_or_null(plan->requester));
    else if (plan->plays_steps)
        requester = json_pack("{s:b}", "steps", true);

    json_t *world =
        json_pack("{s:s, s:I, s:o, s:o, s:o, s:o}", "clock", plan->is_virtual ? "virtual" : "real",
                  "seed", (json_int_t)plan->seed, "volumes", volume_list, "writers",
                  list_of(plan->writers, plan->n_writers), "requester", requester, "trace_fd",
                  trace_fd >= 0 ? json_integer(trace_fd) : json_null());
    if (plan->world)
        json_object_set_new(world, "world", path_or_null(plan->world));
    if (plan->check_into)
        json_object_set_new(world, "check_into", path_or_null(plan->check_into));
    if (plan->is_strict_api)
        json_object_set_new(world, "strict_api", json_true());
    if (plan->windows)
        json_object_set_new(world, "windows", json_string(plan->windows));
    if (plan->is_virtual && plan->watchdog_ns && !plan->step.is_on) /* a person is slow */
        json_object_set_new(world, "watchdog_ns", json_integer(plan->watchdog_ns));
    if (plan->is_fine)
        json_object_set_new(world, "fine", json_true());
    if (plan->schedule)
        json_object_set_new(world, "schedule", json_string(plan->schedule));
    add_list(world, "writer_metadata", plan->writer_metadata, plan->n_writer_metadata);
    add_list(world, "catalog_writers", plan->catalog_writers, plan->n_catalog_writers);
    add_list(world, "registry", plan->registry_files, plan->n_registry_files);
    if (plan->is_service)
        json_object_set_new(world, "service", json_pack("{s:s?}", "name", plan->service));
    if (plan->registry_out)
        json_object_set_new(world, "registry_out", path_or_null(plan->registry_out));
    if (plan->document_limit)
        json_object_set_new(world, "document_limit",
                            json_integer((json_int_t)plan->document_limit));
    add_list(world, "providers", plan->providers, plan->n_providers);
    add_list(world, "faults", plan->faults, plan->n_faults);
    add_list(world, "choices", plan->choices, plan->n_choices);
    add_snapshots(world, plan);
    if (plan->recorded_world)
        world = as_recorded(world, plan);
    if (step_fd >= 0)
        json_object_set_new(world, "step",
                            json_pack("{s:i, s:o}", "fd", step_fd, "until",
                                      list_of(plan->step.until, plan->step.n_until)));
    if (objects)
        json_object_set_new(world, "objects", json_string(objects));
    if (take_life)
        json_object_set_new(world, "life", take_life);
    char *text = json_dumps(world, JSON_COMPACT);
    json_decref(world);
    return text;
}
