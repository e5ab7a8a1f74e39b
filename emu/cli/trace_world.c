/* SPDX-License-Identifier: MIT */
/* See trace_world.h. Paths are found by their form, a text that begins with '/', wherever they
 * stand in the description: a new option that names a file needs nothing here. */
#include "emu/cli/trace_world.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/cli/input_files.h"
#include "emu/cli/program_path.h"
#include "emu/cli/say.h"
#include "emu/cli/trace_world_check.h"
#include "emu/cli/tree_copy.h"
#include "emu/cli/world_text.h"
#include "provider_sim/cow/cow_store.h"
#include "emu/host/host_tree.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CATALOGUE   "vssemu.catalogue" /* of a directory that has had a snapshot */
#define KEPT_SUFFIX ".volumes"

/* Of a process, or of the machine. */
static const char *const left_out[] = { "trace_fd",   "objects", "registry_out",
                                        "check_into", "clock",   "seed" };

/* The directory of a file that may not be there yet, absolute, with its '/'; the caller frees. */
static char *directory_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    auto_free char *directory = slash ? str_printf("%.*s", (int)(slash - path + 1), path) : NULL;
    auto_free char *absolute = input_absolute_path(directory ? directory : ".");

    if (!absolute)
        return NULL;
    return str_printf("%s%s", absolute, str_is_equal(absolute, "/") ? "" : "/");
}

/* ---- the files ---- */

/* NULL: it cannot be read. The caller frees. */
static char *hash_of_file(const char *path)
{
    FILE *file = fopen(path, "re");
    uint64_t h = UINT64_C(0xCBF29CE484222325);
    unsigned char buffer[16384];
    size_t n;

    if (!file)
        return NULL;
    while ((n = fread(buffer, 1, sizeof(buffer), file)) > 0) {
        for (size_t i = 0; i < n; i++)
            h = (h ^ buffer[i]) * UINT64_C(0x100000001B3);
    }
    fclose(file);
    return str_printf("%016llx", (unsigned long long)h);
}

/* A path may have options behind a comma (a provider's class). */
static char *path_in(const char *text)
{
    return str_printf("%.*s", (int)strcspn(text, ","), text);
}

static void note_file(json_t *files, const char *path, const char *name)
{
    struct stat st;

    if (stat(path, &st) < 0 || !S_ISREG(st.st_mode))
        return;
    auto_free char *hash = hash_of_file(path);
    if (hash)
        json_object_set_new(files, name, json_string(hash));
}

/* ---- paths, wherever they stand ---- */

typedef json_t *path_change(const char *text, void *arg);

static void change_paths(json_t *value, path_change *change, void *arg)
{
    json_t *item;
    const char *key;
    size_t i;

    json_object_foreach(value, key, item)
    {
        json_t *changed = json_is_string(item) ? change(json_string_value(item), arg) : NULL;

        if (changed)
            json_object_set_new(value, key, changed);
        else
            change_paths(item, change, arg);
    }
    json_array_foreach(value, i, item)
    {
        json_t *changed = json_is_string(item) ? change(json_string_value(item), arg) : NULL;

        if (changed)
            json_array_set_new(value, i, changed);
        else
            change_paths(item, change, arg);
    }
}

struct shortening {
    const char *base; /* with its '/'; NULL: paths stay */
    json_t *files;
};

static json_t *shorten(const char *text, void *arg)
{
    const struct shortening *s = arg;
    size_t n = s->base ? strlen(s->base) : 0;
    auto_free char *path = text[0] == '/' ? path_in(text) : NULL;
    auto_free char *name = NULL;

    if (!path)
        return NULL;
    if (n && strncmp(text, s->base, n) == 0)
        name = str_printf("./%s", text + n);
    else
        name = mem_strdup(text);
    auto_free char *plain = path_in(name);
    note_file(s->files, path, plain);
    return json_string(name);
}

static json_t *lengthen(const char *text, void *arg)
{
    auto_free char *path = NULL;

    if (strncmp(text, "./", 2) != 0)
        return NULL;
    path = str_printf("%s%s", (const char *)arg, text + 2);
    return json_string(path);
}

/* ---- writing ---- */

static char *kept_directory(const struct launch_plan *plan, size_t i)
{
    return str_printf("%s" KEPT_SUFFIX "/%c", plan->trace_path, plan->volumes[i].letter);
}

bool trace_world_keep_volumes(const struct launch_plan *plan)
{
    auto_free char *directory = str_printf("%s" KEPT_SUFFIX, plan->trace_path);

    host_tree_remove(directory);
    if (mkdir(directory, 0777) < 0) {
        say("%s: %s", directory, strerror(errno));
        return false;
    }
    for (size_t i = 0; i < plan->n_volumes; i++) {
        auto_free char *copy = kept_directory(plan, i);

        if (mkdir(copy, 0777) < 0 || !tree_copy(plan->volumes[i].directory, copy))
            return false;
    }
    return true;
}

static json_t *fresh_volumes(const struct launch_plan *plan)
{
    json_t *fresh = json_array();

    for (size_t i = 0; i < plan->n_volumes; i++) {
        auto_free char *catalogue =
            str_printf("%s/" COW_SYSTEM_FOLDER "/" CATALOGUE, plan->volumes[i].directory);
        char name[] = { plan->volumes[i].letter, ':', 0 };

        if (access(catalogue, F_OK) < 0)
            json_array_append_new(fresh, json_string(name));
    }
    return fresh;
}

char *trace_world_text(const struct launch_plan *plan, const char *program_path)
{
    struct launched_volumes none = { 0 };
    auto_free char *base = plan->trace_path ? directory_of(plan->trace_path) : NULL;
    struct shortening shortening = { .base = base, .files = json_object() };
    json_t *volume;
    size_t i;

    for (i = 0; i < LAUNCH_MAX_VOLUMES; i++)
        none.control_fds[i] = -1;
    auto_free char *full = world_text_make(plan, &none, -1, -1, NULL, NULL);
    json_t *world = json_loads(full, 0, NULL);
    for (i = 0; i < sizeof(left_out) / sizeof(left_out[0]); i++)
        json_object_del(world, left_out[i]);
    json_array_foreach(json_object_get(world, "volumes"), i, volume)
    {
        auto_free char *kept = plan->keeps_volumes ? kept_directory(plan, i) : NULL;
        auto_free char *absolute = kept ? input_absolute_path(kept) : NULL;

        if (absolute)
            json_object_set_new(volume, "dir", json_string(absolute));
        json_object_del(volume, "mount");
        json_object_del(volume, "control_fd");
    }
    change_paths(world, shorten, &shortening);
    if (plan->is_mounted)
        json_object_set_new(world, "mounted", json_true());
    if (plan->is_strict)
        json_object_set_new(world, "strict", json_true());
    json_object_set_new(world, "fresh", fresh_volumes(plan));
    if (program_path)
        note_file(shortening.files, program_path, "program");
    json_object_set_new(world, "files", shortening.files);
    char *text = json_dumps(world, JSON_COMPACT);
    json_decref(world);
    return text;
}

/* ---- reading ---- */

static void take_volumes(const json_t *world, struct trace_world *ret)
{
    struct launch_plan *plan = &ret->plan;
    const json_t *item, *name;
    size_t i, k;

    json_array_foreach(json_object_get(world, "volumes"), i, item)
    {
        const char *letter = json_string_value(json_object_get(item, "name"));
        const char *directory = json_string_value(json_object_get(item, "dir"));

        json_array_foreach(json_object_get(world, "fresh"), k, name) ret->is_fresh[i] |=
            str_is_equal(json_string_value(name), letter);
        ret->directories[i] = mem_strdup(directory);
        plan->volumes[plan->n_volumes++] =
            (struct launch_volume){ .letter = letter[0], .directory = ret->directories[i] };
    }
}

/* Where a file that is named lies now; NULL: nowhere. The caller frees. */
static char *path_of(const char *name, const char *base, const char *program)
{
    if (strcmp(name, "program") == 0)
        return program_find(program);
    return strncmp(name, "./", 2) == 0 ? str_printf("%s%s", base, name + 2) : mem_strdup(name);
}

static void tell_changed_files(const json_t *files, const char *base, const char *program)
{
    json_t *value;
    const char *name;

    json_object_foreach((json_t *)files, name, value)
    {
        auto_free char *path = path_of(name, base, program);
        auto_free char *hash = path ? hash_of_file(path) : NULL;

        if (path && !hash)
            say("%s, which the trace names, cannot be read: %s", path, strerror(errno));
        else if (path && !str_is_equal(hash, json_string_value(value)))
            say("%s is not what it was when the trace was recorded", path);
    }
}

static void take_program(const struct trace_header *header, struct trace_world *ret)
{
    ret->argv = mem_alloc((header->n_program + 1) * sizeof(*ret->argv));
    for (size_t i = 0; i < header->n_program; i++)
        ret->argv[i] = mem_strdup(header->program[i]);
    ret->plan.argv = ret->argv;
}

bool trace_world_read(const struct trace_header *header, const char *trace_path,
                      struct trace_world *ret)
{
    auto_free char *base = directory_of(trace_path);
    json_t *world = header->world ? json_loads(header->world, 0, NULL) : NULL;

    *ret = (struct trace_world){ 0 };
    if (!world || !base || !header->n_program) {
        say("%s does not say what it was made of: %s", trace_path,
            header->version < 2 ? "a trace of version 1 cannot be run again"
                                : "its header has no world or no program");
        json_decref(world);
        return false;
    }
    auto_free char *why = trace_world_wrong(world);
    if (why) {
        say("%s:1: the world of the trace: %s", trace_path, why);
        json_decref(world);
        return false;
    }
    tell_changed_files(json_object_get(world, "files"), base, header->program[0]);
    change_paths(world, lengthen, base);
    ret->plan.is_virtual = str_is_equal(header->clock, "virtual");
    ret->plan.seed = header->seed;
    ret->plan.is_mounted = json_is_true(json_object_get(world, "mounted"));
    ret->plan.is_strict = json_is_true(json_object_get(world, "strict"));
    take_volumes(world, ret);
    take_program(header, ret);
    ret->plan.recorded_world = ret->world = json_dumps(world, JSON_COMPACT);
    json_decref(world);
    return true;
}

void trace_world_fini(struct trace_world *world)
{
    for (size_t i = 0; i < LAUNCH_MAX_VOLUMES; i++)
        free(world->directories[i]);
    for (size_t i = 0; world->argv && world->argv[i]; i++)
        free(world->argv[i]);
    free(world->argv);
    free(world->world);
    *world = (struct trace_world){ 0 };
}
