/* SPDX-License-Identifier: MIT */
/* See replay_volumes.h. */
#include "emu/cli/replay_volumes.h"
#include "emu/cli/input_files.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/cli/say.h"
#include "emu/cli/tree_copy.h"
#include "provider_sim/cow/cow_store.h"
#include "emu/host/host_tree.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What snapshots leave in the directory of a volume. */
static const char *const left_behind[] = { "vssemu.catalogue", "vssemu.log.0",   "vssemu.log.1",
                                           "vssemu.diff",      "vssemu.orphans", "vssemu.lock" };

static void forget_snapshots(const char *copy)
{
    auto_free char *folder = str_printf("%s/" COW_SYSTEM_FOLDER, copy);

    for (size_t i = 0; i < sizeof(left_behind) / sizeof(left_behind[0]); i++) {
        auto_free char *path = str_printf("%s/%s", folder, left_behind[i]);

        unlink(path);
    }
    rmdir(folder); /* unless it holds more */
}

/* A copy inside of what is copied would never end. */
static bool holds(const char *directory, const char *copy)
{
    auto_free char *real = realpath(directory, NULL);
    size_t n = real ? strlen(real) : 0;

    return n && strncmp(copy, real, n) == 0 && (real[n - 1] == '/' || copy[n] == '/');
}

static bool copy_one(struct trace_world *world, size_t i, struct replay_volumes *ret)
{
    struct launch_volume *volume = &world->plan.volumes[i];

    if (holds(volume->directory, ret->directory)) {
        say("volume %c: the directory %s holds the directory of temporary files, %s: name a copy "
            "with --volume, or another TMPDIR",
            volume->letter, volume->directory, ret->directory);
        return false;
    }
    ret->copies[i] = str_printf("%s/volume-%c", ret->directory, volume->letter);
    if (mkdir(ret->copies[i], 0700) < 0) {
        say("%s: %s", ret->copies[i], strerror(errno));
        return false;
    }
    if (!tree_copy(volume->directory, ret->copies[i]))
        return false;
    if (world->is_fresh[i])
        forget_snapshots(ret->copies[i]);
    else
        say("volume %c: had snapshots before the recorded run; the numbers of new ones will differ",
            volume->letter);
    volume->directory = ret->copies[i];
    return true;
}

bool replay_volumes_copy(struct trace_world *world, struct replay_volumes *ret)
{
    auto_free char *directory = input_temporary(NULL, "replay");

    *ret = (struct replay_volumes){ 0 };
    if (!mkdtemp(directory)) {
        say("%s: %s", directory, strerror(errno));
        return false;
    }
    ret->directory = realpath(directory, NULL);
    for (size_t i = 0; i < world->plan.n_volumes; i++) {
        if (!copy_one(world, i, ret)) {
            replay_volumes_remove(ret);
            return false;
        }
    }
    return true;
}

void replay_volumes_remove(struct replay_volumes *volumes)
{
    if (volumes->directory)
        host_tree_remove(volumes->directory);
    for (size_t i = 0; i < LAUNCH_MAX_VOLUMES; i++)
        free(volumes->copies[i]);
    free(volumes->directory);
    *volumes = (struct replay_volumes){ 0 };
}
