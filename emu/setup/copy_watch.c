/* SPDX-License-Identifier: MIT */
/* See copy_watch.h. A file that a set demands is a key of volume, view and path; what was read of
 * it is how far. Kept of the last set alone: a requester that has tried again has done enough.
 * Searches run on a virtual clock, so that one thread at a time comes here. */
#include "emu/setup/copy_watch.h"

#include "emu/base/array.h"
#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/com/guid.h"
#include "emu/doc/bcd.h"
#include "emu/doc/wmd.h"
#include "emu/lint/lint_files.h"
#include "emu/port/volume.h"
#include "emu/search/judge.h"
#include "emu/setup/scenario_world.h"
#include "emu/setup/world.h"
#include "emu/svc/backup.h"
#include "emu/svc/report_hook.h"
#include "emu/svc/snapshot_set.h"
#include "fakes/world/volume_faults.h"
#include "fakes/world/vsched.h"
#include "writer_sim/sim_files.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define SNAPSHOT_TO_BACKUP_BIT 8 /* VSS_FILE_SPEC_BACKUP_TYPE: each bit has its brother there */

struct demand {
    char *key, *path; /* path: "C:\docs\a.txt" */
    char *component;  /* "Sql: Orders" */
    uint64_t size;
    bool is_excluded;
};

static struct copy_watch {
    struct volume_watcher watcher;
    struct vssemu_world *world;
    struct text_index read;
    ARRAY(uint64_t) ends; /* by the index' numbers: how far */
    VSS_ID set_id;
    ARRAY(struct demand) demands;
} watch;

static char *key_of(const struct volume *volume, unsigned view, const char *path)
{
    char *key = str_printf("%s %u %s", volume->guid_name, view, path);

    for (char *c = key; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    return key;
}

/* ---- what is read ---- */

static void was_read(struct volume_watcher *watcher, const struct volume *volume, unsigned view,
                     const char *path, uint64_t end)
{
    auto_free char *key = key_of(volume, view, path);
    size_t place;

    (void)watcher;
    if (!text_index_find(&watch.read, key, &place)) {
        place = watch.ends.count;
        text_index_add(&watch.read, key, place);
        array_add(&watch.ends, 0);
    }
    if (watch.ends.items[place] < end)
        watch.ends.items[place] = end;
}

static uint64_t how_far(const char *key)
{
    size_t place;

    return text_index_find(&watch.read, key, &place) ? watch.ends.items[place] : 0;
}

/* ---- what is demanded ---- */

struct naming {
    const char *component;
    struct volume *volume;
    unsigned view;
};

static int demand_file(void *arg, const char *path, const struct stat *st)
{
    const struct naming *naming = arg;

    array_add(&watch.demands, ((struct demand){ .key = key_of(naming->volume, naming->view, path),
                                                .path = sim_windows_path(naming->volume, path),
                                                .component = mem_strdup(naming->component),
                                                .size = (uint64_t)st->st_size }));
    return 0;
}

static int exclude_file(void *arg, const char *path, const struct stat *st)
{
    const struct naming *naming = arg;
    auto_free char *key = key_of(naming->volume, naming->view, path);

    (void)st;
    for (size_t i = 0; i < watch.demands.count; i++)
        watch.demands.items[i].is_excluded |= strcmp(watch.demands.items[i].key, key) == 0;
    return 0;
}

/* The view of the set's snapshot of this volume; VOLUME_ORIGIN: it has none. */
static unsigned view_in_set(const struct volume *volume)
{
    unsigned view = VOLUME_ORIGIN;

    list_each (struct snapshot, snapshot, &watch.world->service.snapshots, link) {
        if (snapshot->volume == volume && guid_is_equal(&snapshot->set_id, &watch.set_id))
            view = world_view_of(snapshot->device);
    }
    return view;
}

/* A snapshot that is lost does not tell its files any more; those of the volume are still there. */
static void each_file(const struct filespec *spec, const char *component, sim_each_file *each)
{
    struct naming naming = { .component = component };
    const char *place = spec->alternate_path ? spec->alternate_path : spec->path;
    auto_free char *path = NULL;

    if (strpbrk(place, "*?") || /* no folder has such a name, and nobody could read it */
        !sim_locate(&watch.world->ports, place, &naming.volume, &path))
        return;
    naming.view = view_in_set(naming.volume);
    if (naming.view == VOLUME_ORIGIN)
        return;
    if (sim_walk(naming.volume, naming.view, path, spec->filespec, spec->recursive, each, &naming))
        sim_walk(naming.volume, VOLUME_ORIGIN, path, spec->filespec, spec->recursive, each,
                 &naming);
}

static void demand_sets(const struct filespecs *specs, uint32_t bits, const char *component)
{
    for (size_t i = 0; i < specs->count; i++) {
        if ((specs->items[i].backup_type_mask & bits) == bits)
            each_file(&specs->items[i], component, demand_file);
    }
}

static void exclude_sets(const struct filespecs *specs)
{
    for (size_t i = 0; i < specs->count; i++)
        each_file(&specs->items[i], NULL, exclude_file);
}

static bool is_below(const struct wmd_component *c, const struct wmd_component *top)
{
    auto_free char *full =
        str_printf("%s%s%s", top->logical_path, *top->logical_path ? "\\" : "", top->name);
    size_t n = strlen(full);

    return strncmp(c->logical_path, full, n) == 0 &&
           (!c->logical_path[n] || c->logical_path[n] == '\\');
}

/* What comes with a selectable one is part of it (Learn: "Working with Selectability for
 * Backup"). */
static void demand_component(const struct wmd *wmd, const struct wmd_component *top)
{
    uint32_t bit = lint_files_snapshot_bit(VSS_BT_FULL);
    uint32_t bits = bit | bit >> SNAPSHOT_TO_BACKUP_BIT;
    auto_free char *name = str_printf("%s: %s", wmd->name, top->name);

    for (size_t i = 0; i < wmd->components.count; i++) {
        const struct wmd_component *c = &wmd->components.items[i];

        if (c != top && !(top->selectable && is_below(c, top)))
            continue;
        demand_sets(&c->files, bits, name);
        demand_sets(&c->database_files, bits, name);
        demand_sets(&c->log_files, bits, name);
    }
    exclude_sets(&wmd->exclude_files);
    exclude_sets(&wmd->exclude_files_from_snapshot);
}

/* ---- what is reported ---- */

static void demand_fini(struct demand *demand)
{
    free(demand->key);
    free(demand->path);
    free(demand->component);
}

static void forget_component(const struct wmd *wmd, const struct wmd_component *c)
{
    auto_free char *name = str_printf("%s: %s", wmd->name, c->name);
    size_t n = 0;

    for (size_t i = 0; i < watch.demands.count; i++) {
        if (strcmp(watch.demands.items[i].component, name) == 0)
            demand_fini(&watch.demands.items[i]);
        else
            watch.demands.items[n++] = watch.demands.items[i];
    }
    watch.demands.count = n;
}

static void follow_set(const struct backup *backup)
{
    if (guid_is_equal(&watch.set_id, &backup->set_id))
        return;
    for (size_t i = 0; i < watch.demands.count; i++)
        demand_fini(&watch.demands.items[i]);
    watch.demands.count = 0;
    watch.set_id = backup->set_id;
}

/* A backup that takes a part (what has changed, parts of files) may leave the rest. */
static bool takes_whole_files(const struct backup *backup, const struct bcd_component *reported)
{
    VSS_BACKUP_TYPE type = backup->document->backup_type;

    return (type == VSS_BT_FULL || type == VSS_BT_COPY) && !reported->partial_files.count;
}

static void look_at_report(struct backup *backup, const struct bcd_writer *writer,
                           const struct component_key *key)
{
    const struct bcd_component *reported = bcd_writer_find(writer, key->path, key->name);
    size_t place;

    if (!reported || !writer_index_find(&backup->metadata_index, &writer->writer_id,
                                        &writer->instance_id, &place))
        return;
    struct wmd *wmd = backup->metadata.items[place];
    const struct wmd_component *c = wmd_find_component(wmd, key->path, key->name);

    if (!c)
        return;
    forget_component(wmd, c);
    if (reported->backup_succeeded == BCD_YES && takes_whole_files(backup, reported))
        demand_component(wmd, c);
}

static void was_reported(struct backup *backup, const struct component_key *key)
{
    const struct bcd_writer *writer =
        bcd_find_writer(backup->document, &key->class_id, key->instance_id);
    struct vsched_moment moment = vsched_mark(watch.world->vsched);

    follow_set(backup);
    for (; writer; writer = key->instance_id ? NULL : writer->next_of_class)
        look_at_report(backup, writer, key);
    vsched_back_to(watch.world->vsched, moment);
}

/* ---- begin and end ---- */

void copy_watch_begin(struct vssemu_world *world)
{
    watch.world = world;
    watch.watcher.read = was_read;
    for (size_t i = 0; i < world->volumes.count; i++)
        volume_faults_watch(world->volumes.items[i], &watch.watcher);
    report_hook = was_reported;
}

static void tell(const struct demand *demand)
{
    service_trace(&watch.world->service, &(struct trace_record){ .kind = TRACE_NOTE,
                                                                 .who = "requester",
                                                                 .what = JUDGE_NOTE_UNREAD,
                                                                 .object = demand->path,
                                                                 .detail = demand->component });
}

static void forget_all(void)
{
    for (size_t i = 0; i < watch.world->volumes.count; i++)
        volume_faults_watch(watch.world->volumes.items[i], NULL);
    for (size_t i = 0; i < watch.demands.count; i++)
        demand_fini(&watch.demands.items[i]);
    array_free(&watch.demands);
    array_free(&watch.ends);
    text_index_free(&watch.read);
    report_hook = NULL;
    watch = (struct copy_watch){ 0 };
}

void copy_watch_end(void)
{
    const char *told = NULL;

    if (!watch.world)
        return;
    for (size_t i = 0; i < watch.demands.count; i++) {
        const struct demand *d = &watch.demands.items[i];

        if (d->is_excluded || how_far(d->key) >= d->size || str_is_equal(told, d->component))
            continue;
        tell(d);
        told = d->component;
    }
    forget_all();
}
