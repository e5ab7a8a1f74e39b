/* SPDX-License-Identifier: MIT */
/* Called inside the service: nobody changes a file meanwhile. */
#include "emu/setup/look.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/com/guid.h"
#include "emu/host/host_lay_out.h"
#include "emu/port/volume.h"
#include "emu/search/judge.h"
#include "emu/setup/scenario_world.h"
#include "emu/setup/world.h"
#include "emu/svc/backup.h"
#include "emu/svc/look_hook.h"
#include "emu/svc/snapshot_set.h"
#include "fakes/world/vsched.h"
#include "writer_sim/sim_files.h"

static struct {
    struct vssemu_world *world;
    char *directory;
    unsigned n;
} look;

struct laying {
    struct volume *volume;
    unsigned view;
    const char *directory;
};

static int lay_out_file(void *arg, const char *path, const struct stat *st)
{
    const struct laying *laying = arg;

    (void)st;
    return host_lay_out(laying->volume, laying->view, path, laying->directory);
}

/* VOLUME_ORIGIN: the set has no snapshot of it. */
static unsigned view_in_set(const struct volume *volume, const VSS_ID *set)
{
    unsigned view = VOLUME_ORIGIN;

    list_each (struct snapshot, snapshot, &look.world->service.snapshots, link) {
        if (snapshot->volume == volume && guid_is_equal(&snapshot->set_id, set))
            view = world_view_of(snapshot->device);
    }
    return view;
}

static bool lay_out_volume(struct volume *volume, unsigned view, const char *directory)
{
    auto_free char *folder = str_printf("%s/%c", directory, volume->letter);
    struct laying laying = { .volume = volume, .view = view, .directory = folder };

    return !host_lay_out_directory(folder) &&
           !sim_walk(volume, view, "", "*", true, lay_out_file, &laying);
}

/* What cannot be read is not judged: something else went wrong. */
static bool lay_out_all(struct backup *backup, bool is_restored, const char *number)
{
    auto_free char *directory = str_printf("%s/%s", look.directory, number);

    for (size_t i = 0; i < look.world->volumes.count; i++) {
        struct volume *volume = look.world->volumes.items[i];
        unsigned view = is_restored ? VOLUME_ORIGIN : view_in_set(volume, &backup->set_id);

        if (!is_restored && view == VOLUME_ORIGIN)
            return false; /* a part of a database passes no check */
        if (!lay_out_volume(volume, view, directory))
            return false;
    }
    return true;
}

static void lay_out(struct backup *backup, bool is_restored)
{
    auto_free char *number = str_printf("%u", look.n + 1);
    struct vsched_moment moment = vsched_mark(look.world->vsched);
    bool is_there = lay_out_all(backup, is_restored, number);

    vsched_back_to(look.world->vsched, moment);
    if (!is_there)
        return;
    look.n++;
    service_trace(&look.world->service,
                  &(struct trace_record){ .kind = TRACE_NOTE,
                                          .who = "requester",
                                          .what = JUDGE_NOTE_LAID_OUT,
                                          .object = number,
                                          .detail = is_restored ? JUDGE_RESTORED : "snapshot" });
}

void look_begin(struct vssemu_world *world, const char *directory)
{
    look.world = world;
    look.directory = mem_strdup(directory);
    look_hook = lay_out;
}

void look_end(void)
{
    look_hook = NULL;
    free(look.directory);
    look.directory = NULL;
    look.world = NULL;
    look.n = 0;
}
