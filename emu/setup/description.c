/* SPDX-License-Identifier: MIT */
#include "emu/setup/description.h"

#include "emu/base/str.h"

#include <jansson.h>
#include <stdlib.h>

static char *text_of(const json_t *object, const char *key)
{
    return mem_strdup(json_string_value(json_object_get(object, key)));
}

static int fd_of(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);

    return json_is_integer(value) ? (int)json_integer_value(value) : -1;
}

static bool parse_volumes(const json_t *root, struct description *d, char **ret_error)
{
    const json_t *item;
    size_t i;

    json_array_foreach(json_object_get(root, "volumes"), i, item)
    {
        const char *name = json_string_value(json_object_get(item, "name"));
        struct volume_description *volume;

        if (!name || !name[0] || name[1] != ':' ||
            !json_string_value(json_object_get(item, "dir"))) {
            *ret_error = str_printf("volume %zu has no name like \"C:\" or no dir", i + 1);
            return false;
        }
        volume = array_push(&d->volumes);
        *volume = (struct volume_description){ .letter = name[0],
                                               .directory = text_of(item, "dir"),
                                               .mount = text_of(item, "mount"),
                                               .control_fd = fd_of(item, "control_fd"),
                                               .is_borrowed = json_is_true(
                                                   json_object_get(item, "borrowed")) };
    }
    return true;
}

static void parse_writers(const json_t *root, struct description *d)
{
    const json_t *item;
    size_t i;

    json_array_foreach(json_object_get(root, "registry"), i, item)
        array_add(&d->registry, mem_strdup(json_string_value(item)));
    json_array_foreach(json_object_get(root, "writers"), i, item)
        array_add(&d->writers, mem_strdup(json_string_value(item)));
    d->has_recorded_writers = json_is_array(json_object_get(root, "recorded_writers"));
    json_array_foreach(json_object_get(root, "recorded_writers"), i, item) array_add(
        &d->recorded_writers,
        ((struct recorded_writer){ .path = text_of(item, "file"),
                                   .answers = text_of(item, "answers"),
                                   .level = (int)json_integer_value(json_object_get(item, "level")),
                                   .freeze_timeout_ms = (uint32_t)json_integer_value(
                                       json_object_get(item, "freeze_timeout_ms")) }));
    json_array_foreach(json_object_get(root, "writer_metadata"), i, item)
        array_add(&d->writer_metadata, mem_strdup(json_string_value(item)));
    d->document_limit = (size_t)json_integer_value(json_object_get(root, "document_limit"));
    json_array_foreach(json_object_get(root, "catalog_writers"), i, item)
        array_add(&d->catalog_writers, mem_strdup(json_string_value(item)));
}

static void parse_life(const json_t *life, struct description *d)
{
    const json_t *item;
    size_t i;

    d->life = (unsigned)json_integer_value(json_object_get(life, "number"));
    d->begins_ns = json_integer_value(json_object_get(life, "begins_ns"));
    json_array_foreach(json_object_get(life, "past"), i, item)
        array_add(&d->past_faults, mem_strdup(json_string_value(item)));
}

static bool parse_snapshot(const json_t *item, struct snapshot_spec *spec)
{
    const char *context = json_string_value(json_object_get(item, "context"));
    const json_t *part;
    size_t i;

    json_array_foreach(json_object_get(item, "volumes"), i, part)
    {
        const char *name = json_string_value(part);

        if (!name || i + 1 >= sizeof(spec->letters))
            return false;
        spec->letters[i] = name[0];
    }
    json_array_foreach(json_object_get(item, "then"), i, part)
    {
        const char *name = json_string_value(json_object_get(part, "name"));

        if (!name || !json_string_value(json_object_get(part, "dir")))
            return false;
        array_add(&spec->then, ((struct snapshot_files){ .letter = name[0],
                                                         .directory = text_of(part, "dir") }));
    }
    spec->label = text_of(item, "label");
    return *spec->letters && context && snapshot_context_named(context, &spec->context);
}

static bool parse_snapshots(const json_t *root, struct description *d, char **ret_error)
{
    const json_t *item;
    size_t i;

    json_array_foreach(json_object_get(root, "snapshots"), i, item)
    {
        struct snapshot_spec *spec = array_push(&d->snapshots);

        *spec = (struct snapshot_spec){ 0 };
        if (!parse_snapshot(item, spec)) {
            *ret_error = str_printf("snapshot set %zu lacks volumes, or a context of persistent "
                                    "snapshots, or names and directories of what comes then",
                                    i + 1);
            return false;
        }
    }
    return true;
}

static bool is_list_of_texts(const json_t *list, const char *key, char **ret_error)
{
    if (list && !json_is_array(list)) {
        *ret_error = str_printf("%s is no list", key);
        return false;
    }
    for (size_t i = 0; i < json_array_size(list); i++) {
        if (json_is_string(json_array_get(list, i)))
            continue;
        *ret_error = str_printf("item %zu of %s is no text", i + 1, key);
        return false;
    }
    return true;
}

static bool has_good_lists(const json_t *root, char **ret_error)
{
    static const char *const keys[] = { "registry", "writers",         "writer_metadata", "choices",
                                        "faults",   "catalog_writers", "providers" };

    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        if (!is_list_of_texts(json_object_get(root, keys[i]), keys[i], ret_error))
            return false;
    }
    return is_list_of_texts(json_object_get(json_object_get(root, "step"), "until"), "until",
                            ret_error);
}

bool description_parse(const char *json, struct description *ret, char **ret_error)
{
    json_error_t error;
    json_t *root = json_loads(json, 0, &error);
    struct description d = { .trace_fd = -1, .trace_block_fd = -1, .step_fd = -1 };
    const json_t *item;
    size_t i;

    if (!root) {
        *ret_error = str_printf("%s, at character %d", error.text, error.position);
        return false;
    }
    if (!has_good_lists(root, ret_error)) {
        json_decref(root);
        return false;
    }
    d.is_virtual = str_is_equal(json_string_value(json_object_get(root, "clock")), "virtual");
    d.seed = (uint64_t)json_integer_value(json_object_get(root, "seed"));
    d.trace_fd = fd_of(root, "trace_fd");
    d.trace_block_fd = fd_of(json_object_get(root, "trace_block"), "fd");
    d.trace_block_size =
        (size_t)json_integer_value(json_object_get(json_object_get(root, "trace_block"), "size"));
    d.is_searched = json_is_true(json_object_get(root, "search"));
    d.has_requester = json_is_object(json_object_get(root, "requester"));
    d.betest = text_of(json_object_get(root, "requester"), "betest");
    d.replay = text_of(json_object_get(root, "requester"), "replay");
    d.plays_steps = json_is_true(json_object_get(json_object_get(root, "requester"), "steps"));
    d.world = text_of(root, "world");
    d.check_into = text_of(root, "check_into");
    parse_writers(root, &d);
    if (json_is_object(json_object_get(root, "step")))
        d.step_fd = fd_of(json_object_get(root, "step"), "fd");
    json_array_foreach(json_object_get(json_object_get(root, "step"), "until"), i, item)
        array_add(&d.step_until, mem_strdup(json_string_value(item)));
    d.is_service = json_is_object(json_object_get(root, "service"));
    d.service = text_of(json_object_get(root, "service"), "name");
    d.registry_out = text_of(root, "registry_out");
    d.objects = text_of(root, "objects");
    d.windows = text_of(root, "windows");
    d.schedule = text_of(root, "schedule");
    d.is_fine = json_is_true(json_object_get(root, "fine"));
    d.watchdog_ns = json_integer_value(json_object_get(root, "watchdog_ns"));
    d.is_strict_api = json_is_true(json_object_get(root, "strict_api"));
    json_array_foreach(json_object_get(root, "choices"), i, item)
        array_add(&d.choices, mem_strdup(json_string_value(item)));
    json_array_foreach(json_object_get(root, "faults"), i, item)
        array_add(&d.faults, mem_strdup(json_string_value(item)));
    parse_life(json_object_get(root, "life"), &d);
    json_array_foreach(json_object_get(root, "providers"), i, item)
        array_add(&d.providers, mem_strdup(json_string_value(item)));
    bool is_good = parse_volumes(root, &d, ret_error) && parse_snapshots(root, &d, ret_error);
    json_decref(root);
    if (is_good)
        *ret = d;
    else
        description_fini(&d);
    return is_good;
}

static json_t *list_of(char *const *texts, size_t n)
{
    json_t *list = json_array();

    for (size_t i = 0; i < n; i++)
        json_array_append_new(list, json_string(texts[i]));
    return list;
}

char *description_for_child(const struct description *d)
{
    json_t *volumes = json_array();

    for (size_t i = 0; i < d->volumes.count; i++) {
        const struct volume_description *v = &d->volumes.items[i];
        char name[] = { v->letter, ':', 0 };
        json_array_append_new(volumes, json_pack("{s:s, s:s, s:s?, s:b}", "name", name, "dir",
                                                 v->directory, "mount", v->mount, "borrowed", 1));
    }
    json_t *child =
        json_pack("{s:s, s:I, s:o, s:o, s:o}", "clock", "real", "seed", (json_int_t)d->seed,
                  "volumes", volumes, "choices", list_of(d->choices.items, d->choices.count),
                  "registry", list_of(d->registry.items, d->registry.count));
    if (d->windows)
        json_object_set_new(child, "windows", json_string(d->windows));
    if (d->is_strict_api)
        json_object_set_new(child, "strict_api", json_true());
    char *text = json_dumps(child, JSON_COMPACT);
    json_decref(child);
    return text;
}

void description_fini(struct description *d)
{
    for (size_t i = 0; i < d->volumes.count; i++) {
        free(d->volumes.items[i].directory);
        free(d->volumes.items[i].mount);
    }
    for (size_t i = 0; i < d->writers.count; i++)
        free(d->writers.items[i]);
    free(d->check_into);
    array_free(&d->volumes);
    array_free(&d->writers);
    for (size_t i = 0; i < d->writer_metadata.count; i++)
        free(d->writer_metadata.items[i]);
    array_free(&d->writer_metadata);
    for (size_t i = 0; i < d->recorded_writers.count; i++) {
        free(d->recorded_writers.items[i].path);
        free(d->recorded_writers.items[i].answers);
    }
    array_free(&d->recorded_writers);
    for (size_t i = 0; i < d->catalog_writers.count; i++)
        free(d->catalog_writers.items[i]);
    array_free(&d->catalog_writers);
    for (size_t i = 0; i < d->choices.count; i++)
        free(d->choices.items[i]);
    array_free(&d->choices);
    for (size_t i = 0; i < d->providers.count; i++)
        free(d->providers.items[i]);
    array_free(&d->providers);
    for (size_t i = 0; i < d->registry.count; i++)
        free(d->registry.items[i]);
    array_free(&d->registry);
    for (size_t i = 0; i < d->faults.count; i++)
        free(d->faults.items[i]);
    array_free(&d->faults);
    for (size_t i = 0; i < d->past_faults.count; i++)
        free(d->past_faults.items[i]);
    array_free(&d->past_faults);
    for (size_t i = 0; i < d->step_until.count; i++)
        free(d->step_until.items[i]);
    array_free(&d->step_until);
    for (size_t i = 0; i < d->snapshots.count; i++)
        snapshot_spec_fini(&d->snapshots.items[i]);
    array_free(&d->snapshots);
    free(d->world);
    free(d->registry_out);
    free(d->objects);
    free(d->service);
    free(d->windows);
    free(d->schedule);
    free(d->betest);
    free(d->replay);
}
