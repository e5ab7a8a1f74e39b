/* SPDX-License-Identifier: MIT */
/* See metadata_writer.h. */
#include "writer_sim/metadata_writer.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/base/utf.h"
#include "emu/com/guid.h"
#include "emu/com/hresult.h"
#include "emu/doc/wmd_tell.h"
#include "writer_sim/not_in_snapshot.h"
#include "writer_sim/sim_files.h"
#include "writer_sim/sim_writer.h"

#include <errno.h>

struct metadata_writer {
    struct sim_writer sim;
    struct wmd *wmd; /* a reference */
    bool is_fleeting;
    struct metadata_writer_ways *ways; /* owned; NULL: none */
};

static bool on_identify(void *self, IVssCreateWriterMetadata *metadata)
{
    struct metadata_writer *writer = self;

    struct wmd *now = writer->ways ? writer->ways->identify(writer->ways) : NULL;

    wmd_tell(now ? now : writer->wmd, metadata);
    return true;
}

static void handle(struct metadata_writer *writer, const char *event,
                   IVssWriterComponents *components)
{
    if (writer->ways)
        writer->ways->handle(writer->ways, writer->sim.writer, event, components);
}

#define HANDLER(function, event)                                       \
    static bool function(void *self, IVssWriterComponents *components) \
    {                                                                  \
        handle(self, event, components);                               \
        return true;                                                   \
    }
HANDLER(on_prepare_backup, "PrepareForBackup")
HANDLER(on_backup_complete, "BackupComplete")
HANDLER(on_pre_restore, "PreRestore")
HANDLER(on_post_restore, "PostRestore")

#define PLAIN_HANDLER(function, event) \
    static bool function(void *self)   \
    {                                  \
        handle(self, event, NULL);     \
        return true;                   \
    }
PLAIN_HANDLER(on_prepare_snapshot, "PrepareForSnapshot")
PLAIN_HANDLER(on_freeze, "Freeze")
PLAIN_HANDLER(on_thaw, "Thaw")
PLAIN_HANDLER(on_abort, "Abort")

static bool on_backup_shutdown(void *self, VSS_ID set_id)
{
    (void)set_id;
    handle(self, "BackupShutdown", NULL);
    return true;
}

/* ---- files that are there for the snapshot ---- */

struct place {
    struct volume *volume;
    unsigned view;
};

static int delete_file(void *arg, const char *path, const struct stat *st)
{
    const struct place *place = arg;

    (void)st;
    place->volume->ops->unlink(place->volume, place->view, path);
    return 0;
}

/* On the volumes themselves, or in their snapshots as far as these can be changed. */
static void delete_sets(struct metadata_writer *writer, const struct filespecs *specs, bool in_copy)
{
    for (size_t i = 0; i < specs->count; i++) {
        const struct filespec *spec = &specs->items[i];
        auto_free uint16_t *wide = utf16_from_utf8(spec->path);
        auto_free char *path = NULL;
        struct place place = { .view = VOLUME_ORIGIN };

        if (!vssemu_writer_is_path_affected(writer->sim.writer, (const WCHAR *)wide) ||
            !sim_locate(writer->sim.ports, spec->path, &place.volume, &path))
            continue;
        if (in_copy)
            place.view = sim_writer_snapshot_of(&writer->sim, place.volume);
        if (!in_copy || (place.view && volume_can_change(place.volume, place.view)))
            sim_walk(place.volume, place.view, path, spec->filespec, spec->recursive, delete_file,
                     &place);
    }
}

/* {4dc3bdd4-ab48-4d07-adb0-3bee2926fd7f}, the Shadow Copy Optimization Writer. */
static const GUID optimization_writer = {
    0x4dc3bdd4, 0xab48, 0x4d07, { 0xad, 0xb0, 0x3b, 0xee, 0x29, 0x26, 0xfd, 0x7f }
};

static void delete_from_copy(void *arg, struct volume *volume, const char *directory,
                             const char *pattern, bool recursive)
{
    const struct metadata_writer *writer = arg;
    struct place place = { volume, sim_writer_snapshot_of(&writer->sim, volume) };

    if (place.view && volume_can_change(volume, place.view))
        sim_walk(volume, place.view, directory, pattern, recursive, delete_file, &place);
}

/* Learn: "Excluding Files from Shadow Copies": what a writer has announced by
 * AddExcludeFilesFromSnapshot it deletes from the copy here. */
static bool on_post_snapshot(void *self, IVssWriterComponents *components)
{
    struct metadata_writer *writer = self;

    handle(writer, "PostSnapshot", components);
    delete_sets(writer, &writer->wmd->exclude_files_from_snapshot, true);
    if (guid_is_equal(&writer->wmd->writer_id, &optimization_writer))
        not_in_snapshot(writer->sim.ports, delete_from_copy, writer);
    for (size_t i = 0; writer->is_fleeting && i < writer->wmd->components.count; i++) {
        delete_sets(writer, &writer->wmd->components.items[i].files, false);
        delete_sets(writer, &writer->wmd->components.items[i].database_files, false);
        delete_sets(writer, &writer->wmd->components.items[i].log_files, false);
    }
    return true;
}

/* The base class agrees with every other event. */
static const struct vssemu_writer_ops metadata_writer_ops = {
    .OnIdentify = on_identify,
    .OnPrepareBackup = on_prepare_backup,
    .OnPrepareSnapshot = on_prepare_snapshot,
    .OnFreeze = on_freeze,
    .OnThaw = on_thaw,
    .OnAbort = on_abort,
    .OnBackupShutdown = on_backup_shutdown,
    .OnPostSnapshot = on_post_snapshot,
    .OnBackupComplete = on_backup_complete,
    .OnPreRestore = on_pre_restore,
    .OnPostRestore = on_post_restore,
};

int metadata_writer_new(struct world_ports *ports, struct wmd *wmd,
                        const struct metadata_writer_options *options, char **ret_error,
                        struct metadata_writer **ret)
{
    struct metadata_writer *writer = mem_new(struct metadata_writer);
    auto_free uint16_t *name = utf16_from_utf8(wmd->name);
    auto_free uint16_t *instance = utf16_from_utf8(wmd->instance_name);
    struct vssemu_writer_identity identity;
    HRESULT hr;

    vssemu_writer_identity_init(&identity);
    identity.writer_id = wmd->writer_id;
    identity.name = (const WCHAR *)name;
    identity.usage = wmd->usage;
    identity.source = wmd->source;
    identity.instance_name = (const WCHAR *)instance;
    identity.major_version = wmd->major_version;
    identity.minor_version = wmd->minor_version;
    if (options && options->level)
        identity.level = (VSS_APPLICATION_LEVEL)options->level;
    if (options && options->freeze_timeout_ms)
        identity.freeze_timeout_ms = options->freeze_timeout_ms;
    writer->wmd = wmd_ref(wmd);
    writer->is_fleeting = options && options->is_fleeting;
    hr = sim_writer_init(&writer->sim, ports, &metadata_writer_ops, writer, &identity);
    if (FAILED(hr)) {
        *ret_error =
            str_printf("the writer \"%s\" cannot subscribe: %s (a name, a usage and a source that "
                       "are not UNDEFINED are needed)",
                       wmd->name, HRESULT_NAME(hr));
        wmd_free(writer->wmd);
        free(writer);
        return -EINVAL;
    }
    writer->ways = options ? options->ways : NULL;
    *ret = writer;
    return 0;
}

void metadata_writer_free(struct metadata_writer *writer)
{
    if (!writer)
        return;
    sim_writer_fini(&writer->sim);
    if (writer->ways)
        writer->ways->free(writer->ways);
    wmd_free(writer->wmd);
    free(writer);
}
