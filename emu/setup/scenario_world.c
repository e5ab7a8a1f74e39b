/* SPDX-License-Identifier: MIT */
/* See scenario_world.h. */
#include "emu/setup/scenario_world.h"

#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/doc/writer_catalog.h"
#include "emu/base/list.h"
#include "emu/port/volume.h"
#include "emu/scenario/cast.h"
#include "emu/setup/earlier_snapshots.h"
#include "emu/setup/provider_file.h"
#include "emu/setup/snapshot_spec.h"
#include "emu/setup/world_writers.h"
#include "emu/svc/snapshot_set.h"
#include "fakes/windows/registry/registry.h"
#include "fakes/world/fault_plan.h"
#include "writer_sim/metadata_writer.h"
#include "writer_sim/sim_files.h"
#include "writer_sim/test_writer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- machine ---- */

static enum machine_caller caller_of(const char *word)
{
    if (strcmp(word, "user") == 0)
        return CALLER_USER;
    return strcmp(word, "backup-operator") == 0 ? CALLER_BACKUP_OPERATOR : CALLER_ADMINISTRATOR;
}

static void set_machine(struct vssemu_world *w, const struct scenario *s)
{
    struct choices *choices = &w->service.choices;
    enum windows_version version;

    if (s->windows && windows_version_named(s->windows, &version)) {
        choices_set_version(choices, version);
        w->ports.windows = windows_version_name(version);
    }
    for (size_t i = 0; i < s->choices.count; i++)
        choices_set_pair(choices, s->choices.items[i]);
    if (s->caller)
        machine_set_caller(&w->service.machine, caller_of(s->caller), NULL);
    if (s->document_limit)
        w->service.document_limit = s->document_limit;
    if (s->is_strict_api)
        atomic_store(&w->service.lint.is_strict_api, true);
    if (s->transaction_freeze_ns)
        w->service.transaction_freeze_ms = s->transaction_freeze_ns / SCHED_MS;
    if (s->transaction_thaw_ns)
        w->service.transaction_thaw_ms = s->transaction_thaw_ns / SCHED_MS;
}

/* ---- volumes ---- */

static struct volume *find_volume(struct vssemu_world *w, char letter)
{
    for (size_t i = 0; i < w->volumes.count; i++) {
        if (w->volumes.items[i]->letter == letter)
            return w->volumes.items[i];
    }
    return NULL;
}

static void fill(char *bytes, size_t size, const char *path)
{
    size_t n = strlen(path);

    for (size_t i = 0; i < size; i++)
        bytes[i] = (char)((unsigned char)path[i % n] ^ (unsigned char)(i >> 8));
}

static int write_all(struct volume *v, const char *path, const char *bytes, size_t size)
{
    struct volume_file *file;
    int error = v->ops->open(v, VOLUME_ORIGIN, path, O_WRONLY | O_CREAT | O_TRUNC, 0644, &file);

    if (error)
        return error;
    for (size_t at = 0; !error && at < size;) {
        ssize_t n = v->ops->write(file, bytes + at, size - at, (off_t)at);

        error = n < 0 ? (int)n : 0;
        at += n > 0 ? (size_t)n : size;
    }
    v->ops->close(file);
    return error;
}

static int make_file(struct volume *v, const struct scenario_file *file)
{
    auto_free char *path = mem_strdup(file->path);
    auto_free char *made = file->text ? NULL : mem_alloc(file->size + 1);

    for (char *p = path; *p; p++)
        *p = *p == '\\' ? '/' : *p;
    char *slash = strrchr(path, '/');
    int error = 0;

    if (slash) {
        *slash = 0;
        error = sim_make_directories(v, path);
        if (error || !slash[1])
            return error;
        *slash = '/';
    }
    if (made)
        fill(made, file->size, file->path);
    return write_all(v, path, made ? made : file->text, made ? file->size : file->text_size);
}

static bool add_volume(struct vssemu_world *w, const struct scenario *s,
                       const struct scenario_volume *volume, char **ret_error)
{
    auto_free char *directory = volume->directory ? scenario_path(s, volume->directory) : NULL;

    if (volume->letter && find_volume(w, volume->letter))
        return true;
    if (world_add_volume(w, volume->letter, directory, ret_error))
        return false;
    struct volume *v = w->volumes.items[w->volumes.count - 1];

    v->size = (int64_t)volume->size;
    if (volume->label)
        snprintf(v->label, sizeof(v->label), "%s", volume->label);
    for (size_t i = 0; i < volume->files.count; i++) {
        int error = make_file(v, &volume->files.items[i]);

        if (error) {
            *ret_error = str_printf("volume %c: %s cannot be made: %s", volume->letter,
                                    volume->files.items[i].path, strerror(-error));
            return false;
        }
    }
    return true;
}

/* ---- registry ---- */

static const char *root_name(const char *key)
{
    static const char *const names[][2] = {
        { "HKLM\\", "HKEY_LOCAL_MACHINE\\" },
        { "HKCR\\", "HKEY_CLASSES_ROOT\\" },
        { "HKCU\\", "HKEY_CURRENT_USER\\" },
        { "HKU\\", "HKEY_USERS\\" },
    };

    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        if (strncmp(key, names[i][0], strlen(names[i][0])) == 0)
            return names[i][1];
    }
    return NULL;
}

/* As a .reg file, for one reader reads both. */
static void add_value(struct str *out, const struct scenario_registry_value *value)
{
    const char *root = root_name(value->key);

    str_addf(out, "[%s%s]\n", root ? root : "", root ? strchr(value->key, '\\') + 1 : value->key);
    if (!value->name)
        return;
    if (!*value->name)
        str_addf(out, "@=%s\n", value->text);
    else
        str_addf(out, "\"%s\"=%s\n", value->name, value->text);
}

static bool fill_registry(struct vssemu_world *w, const struct scenario *s, char **ret_error)
{
    auto_str struct str text = { 0 };

    for (size_t i = 0; i < s->registry_files.count; i++) {
        auto_free char *path = scenario_path(s, s->registry_files.items[i]);

        if (!registry_load_file(registry_of(&w->ports), path, ret_error))
            return false;
    }
    if (!s->registry.count)
        return true;
    str_add(&text, "Windows Registry Editor Version 5.00\n\n");
    for (size_t i = 0; i < s->registry.count; i++)
        add_value(&text, &s->registry.items[i]);
    return registry_load_text(registry_of(&w->ports), text.text, text.length, "registry",
                              ret_error);
}

/* ---- writers ---- */

static int add_test_writer_text(struct vssemu_world *w, const char *text, char **ret_error)
{
    struct test_writer *writer = NULL;
    int error =
        test_writer_new_from_text(&w->ports, text, strlen(text), "(text)", ret_error, &writer);

    if (!error)
        array_add(&w->writers, writer);
    return error;
}

static bool add_writer(struct vssemu_world *w, const struct scenario *s,
                       const struct scenario_writer *writer, char **ret_error)
{
    struct metadata_writer_options options = { .level = writer->level,
                                               .freeze_timeout_ms = writer->freeze_timeout_ms };
    size_t member = cast_count();
    auto_free char *path = NULL;

    switch (writer->kind) {
    case SCENARIO_WRITER_DOCUMENT:
        return !world_add_document_writer(w, wmd_ref(writer->document), &options, ret_error);
    case SCENARIO_WRITER_CAST:
        member = cast_find(writer->text);
        options.is_fleeting = cast_is_fleeting(member);
        return !world_add_document_writer(w, cast_document(member), &options, ret_error);
    case SCENARIO_WRITER_TEST:
        path = scenario_path(s, writer->text);
        return !world_add_test_writer(w, path, ret_error);
    case SCENARIO_WRITER_TEST_XML:
        return !add_test_writer_text(w, writer->text, ret_error);
    case SCENARIO_WRITER_METADATA:
        path = scenario_path(s, writer->text);
        return !world_add_metadata_writer(w, path, ret_error);
    case SCENARIO_WRITER_CATALOG:
        return !world_add_catalog_writer(w, writer->text, ret_error);
    }
    return true;
}

/* ---- snapshots ---- */

static bool make_snapshots(struct vssemu_world *w, const struct scenario_snapshot *snapshot,
                           char **ret_error)
{
    auto_str struct str text = { 0 };
    bool is_good = true;

    for (size_t i = 0; i < snapshot->volumes.count; i++)
        str_addf(&text, "%s%s%s", i ? "," : "", snapshot->volumes.items[i],
                 strlen(snapshot->volumes.items[i]) == 1 ? ":" : "");
    if (snapshot->context)
        str_addf(&text, ",context=%s", snapshot->context);
    for (uint32_t i = 0; is_good && (i < snapshot->count || !i); i++) {
        struct snapshot_spec spec;
        VSS_ID set;

        is_good = snapshot_spec_parse(text.text, &spec, ret_error);
        if (!is_good)
            break;
        is_good = earlier_snapshots_make(w, &spec, &set, ret_error);
        snapshot_spec_fini(&spec);
    }
    return is_good;
}

/* ---- diff areas ---- */

static bool put_diff_areas(struct vssemu_world *w, const struct scenario *s, char **ret_error)
{
    for (size_t i = 0; i < s->volumes.count; i++) {
        const struct scenario_volume *volume = &s->volumes.items[i];
        uint64_t maximum = volume->diff_area_maximum;

        if (!volume->diff_area_on)
            continue;
        if (!world_put_diff_area(w, volume->letter, volume->diff_area_on,
                                 maximum > INT64_MAX - 1 ? -1 : (int64_t)maximum)) {
            *ret_error = str_printf("volume %c: its diff area lies on %c:, which there is not",
                                    volume->letter, volume->diff_area_on);
            return false;
        }
    }
    return true;
}

/* ---- all ---- */

bool world_add_scenario(struct vssemu_world *w, const struct scenario *s, char **ret_error)
{
    set_machine(w, s);
    for (size_t i = 0; i < s->volumes.count; i++) {
        if (!add_volume(w, s, &s->volumes.items[i], ret_error))
            return false;
    }
    world_requester_comes(&w->service); /* the system provider */
    if (!put_diff_areas(w, s, ret_error))
        return false;
    if (!fill_registry(w, s, ret_error))
        return false;
    for (size_t i = 0; i < s->writers.count; i++) {
        if (!add_writer(w, s, &s->writers.items[i], ret_error))
            return false;
    }
    return true;
}

bool world_begin_scenario(struct vssemu_world *w, const struct scenario *s, char **ret_error)
{
    for (size_t i = 0; i < s->providers.count; i++) {
        auto_free char *path = scenario_path(s, s->providers.items[i]);

        if (!provider_file_register(w, path, ret_error))
            return false;
    }
    for (size_t i = 0; i < s->snapshots.count; i++) {
        if (!make_snapshots(w, &s->snapshots.items[i], ret_error))
            return false;
    }
    /* Last: nothing goes wrong before the run begins. */
    for (size_t i = 0; i < s->faults.count; i++) {
        struct fault fault;

        fault_copy(&s->faults.items[i], &fault);
        world_plan_fault(w, &fault);
    }
    return true;
}

/* ---- files at the end ---- */

static char *read_text(struct volume *v, unsigned view, const char *path)
{
    struct volume_file *file;
    auto_free char *real = sim_real_path(v, view, path);
    struct str text = { 0 };
    char buffer[4096];
    ssize_t n;

    if (v->ops->open(v, view, real, O_RDONLY, 0, &file))
        return NULL;
    while ((n = v->ops->read(file, buffer, sizeof(buffer), (off_t)text.length)) > 0)
        str_add_bytes(&text, buffer, (size_t)n);
    v->ops->close(file);
    return str_take(&text);
}

unsigned world_view_of(const char *device)
{
    size_t n = device ? strlen(device) : 0;

    while (n && device[n - 1] >= '0' && device[n - 1] <= '9')
        n--;
    return device ? (unsigned)strtoul(device + n, NULL, 10) : VOLUME_ORIGIN;
}

static unsigned newest_view(struct vssemu_world *w, const struct volume *v)
{
    unsigned view = VOLUME_ORIGIN;

    sched_enter(w->ports.sched);
    list_each (struct snapshot, snapshot, &w->service.snapshots, link) {
        if (snapshot->volume == v)
            view = world_view_of(snapshot->device);
    }
    sched_leave(w->ports.sched);
    return view;
}

static void look_at(struct vssemu_world *w, const struct expectation *e)
{
    auto_free char *path = NULL, *text = NULL;
    struct volume *v = NULL;

    if (sim_locate(&w->ports, e->subject, &v, &path)) {
        unsigned view = e->kind == EXPECT_COPY ? newest_view(w, v) : VOLUME_ORIGIN;

        if (e->kind != EXPECT_COPY || view != VOLUME_ORIGIN)
            text = read_text(v, view, path);
    }
    sched_enter(w->ports.sched);
    service_trace(&w->service,
                  &(struct trace_record){ .kind = TRACE_NOTE,
                                          .who = "world",
                                          .what = e->kind == EXPECT_COPY ? "copy" : "file",
                                          .has_result = true,
                                          .result = text ? S_OK : S_FALSE,
                                          .object = e->subject,
                                          .detail = text });
    sched_leave(w->ports.sched);
}

void world_look_at_files(struct vssemu_world *w, const struct scenario *s)
{
    for (size_t i = 0; i < s->expectations.count; i++) {
        const struct expectation *e = &s->expectations.items[i];

        if (e->kind == EXPECT_FILE || e->kind == EXPECT_COPY)
            look_at(w, e);
    }
}
