/* SPDX-License-Identifier: MIT */
/* See launch_volumes.h. */
#include "emu/cli/launch_volumes.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/cli/say.h"
#include "emu/host/host_image.h"
#include "emu/host/host_store.h"
#include "emu/port/store.h"
#include "emu/port/volume_wire.h"
#include "provider_sim/fuse/cow_server.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

/* The command name of a process, "another world of vssemu" if it cannot be told. */
static void describe_owner(pid_t pid, char text[64])
{
    char path[64], name[32] = "";

    snprintf(path, sizeof(path), "/proc/%d/comm", (int)pid);
    auto_close int fd = pid > 0 ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    ssize_t length = fd >= 0 ? read(fd, name, sizeof(name) - 1) : 0;
    name[length > 0 ? length : 0] = 0;
    name[strcspn(name, "\n")] = 0;
    if (*name)
        snprintf(text, 64, "process %d (%s)", (int)pid, name);
    else
        snprintf(text, 64, "another process");
}

static void say_cannot_use(const struct launch_volume *volume, int error)
{
    const char *directory = volume->directory;

    /* What has no room for anything of ours says ENOENT too, as /proc does. */
    if (access(directory, F_OK) == 0 && (error == -ENOENT || error == -ENOTSUP))
        say("volume %c: the directory %s is of a file system that keeps no locks or attributes of "
            "ours (%s), as /proc and /sys; use a directory of an ordinary one",
            volume->letter, directory, strerror(-error));
    else if (error == -ENOENT)
        say("volume %c: the directory %s does not exist; make it (mkdir -p), or name another",
            volume->letter, directory);
    else if (error == -ENOTDIR)
        say("volume %c: %s is not a directory; name a directory to use as the volume's root",
            volume->letter, directory);
    else if (error == -EACCES || error == -EPERM || error == -EROFS)
        say("volume %c: the directory %s cannot be written (%s); a volume needs to be: change its "
            "permissions, or use a copy of it",
            volume->letter, directory, strerror(-error));
    else
        say("volume %c: the directory %s cannot be used: %s", volume->letter, directory,
            strerror(-error));
}

static void say_owned(const struct launch_volume *volume, pid_t owner)
{
    char who[64];

    if (owner == getpid()) {
        say("volume %c: the directory %s is given for two volumes; each needs its own",
            volume->letter, volume->directory);
        return;
    }
    describe_owner(owner, who);
    say("volume %c: the directory %s is in use by %s; a volume directory has one owner at a time: "
        "wait until it has ended, or use another directory",
        volume->letter, volume->directory, who);
}

/* Opens and locks one directory. */
static int open_store(const struct launch_volume *volume, struct store **ret_store)
{
    struct store *store;
    pid_t owner = 0;
    int error = host_store_open(volume->directory, &store);

    if (error < 0) {
        say_cannot_use(volume, error);
        return EXIT_NO_WORLD;
    }
    error = store->ops->lock(store, &owner);
    if (error < 0) {
        store->ops->free(store);
        if (error == -EBUSY)
            say_owned(volume, owner);
        else
            say_cannot_use(volume, error);
        return EXIT_NO_WORLD;
    }
    *ret_store = store;
    return 0;
}

static void free_stores(struct store *stores[], size_t n)
{
    for (size_t i = 0; i < n; i++)
        stores[i]->ops->free(stores[i]);
}

static int mount_all(const struct launch_plan *plan, struct store *stores[],
                     struct launched_volumes *ret_volumes)
{
    struct cow_server_volume mounts[LAUNCH_MAX_VOLUMES] = { 0 };
    auto_free char *error = NULL;

    for (size_t i = 0; i < plan->n_volumes; i++) {
        mounts[i].letter = plan->volumes[i].letter;
        mounts[i].store = stores[i];
        mounts[i].directory = host_image_folder(plan->volumes[i].directory);
        mounts[i].mount_path = plan->volumes[i].mount_path;
    }
    int result = cow_server_start(mounts, plan->n_volumes, NULL, &ret_volumes->server, &error);

    for (size_t i = 0; i < plan->n_volumes; i++)
        free((char *)mounts[i].directory);
    if (result < 0) {
        say("%s", error ? error : "the volumes cannot be mounted");
        ret_volumes->server = NULL;
        return EXIT_NO_WORLD;
    }
    for (size_t i = 0; i < plan->n_volumes; i++) {
        ret_volumes->mounted_at[i] = mounts[i].mounted_at;
        ret_volumes->control_fds[i] = mounts[i].control_fd;
        say("volume %c: is mounted at %s; its snapshot N is %s/" VOLUME_SNAPSHOT_DIRECTORY
            "/HarddiskVolumeShadowCopyN",
            mounts[i].letter, mounts[i].mounted_at, mounts[i].mounted_at);
    }
    return 0;
}

/* Whether inner lies below outer; both are absolute, without symbolic links. */
static bool is_below(const char *inner, const char *outer)
{
    size_t n = strlen(outer);

    return strncmp(inner, outer, n) == 0 && inner[n] == '/';
}

/* What is written through the inner volume would change the outer one behind its snapshots. */
static bool are_nested(const struct launch_plan *plan)
{
    for (size_t i = 0; i < plan->n_volumes; i++) {
        auto_free char *inner = realpath(plan->volumes[i].directory, NULL);

        for (size_t j = 0; inner && j < plan->n_volumes; j++) {
            auto_free char *outer = realpath(plan->volumes[j].directory, NULL);

            if (!outer || !is_below(inner, outer))
                continue;
            say("volume %c: the directory %s lies inside that of volume %c: (%s); volumes must "
                "not overlap: use directories beside each other",
                plan->volumes[i].letter, plan->volumes[i].directory, plan->volumes[j].letter,
                plan->volumes[j].directory);
            return true;
        }
    }
    return false;
}

int launched_volumes_open(const struct launch_plan *plan, struct launched_volumes *ret_volumes)
{
    struct store *stores[LAUNCH_MAX_VOLUMES];
    const char *obstacle = plan->is_mounted && plan->n_volumes ? cow_server_obstacle() : NULL;

    *ret_volumes = (struct launched_volumes){ .n = plan->n_volumes };
    for (size_t i = 0; i < LAUNCH_MAX_VOLUMES; i++)
        ret_volumes->control_fds[i] = -1;
    if (obstacle) {
        say("volumes cannot be mounted here: %s; without --mount they work inside the program",
            obstacle);
        return EXIT_NO_WORLD;
    }
    if (are_nested(plan))
        return EXIT_NO_WORLD;
    for (size_t i = 0; i < plan->n_volumes; i++) {
        int code = open_store(&plan->volumes[i], &stores[i]);

        if (code) {
            free_stores(stores, i);
            return code;
        }
    }
    if (plan->is_mounted && plan->n_volumes)
        return mount_all(plan, stores, ret_volumes);
    free_stores(stores, plan->n_volumes);
    return 0;
}

void launched_volumes_handed_over(struct launched_volumes *volumes)
{
    for (size_t i = 0; i < volumes->n; i++) {
        if (volumes->control_fds[i] >= 0)
            close(volumes->control_fds[i]);
        volumes->control_fds[i] = -1;
    }
}

bool launched_volumes_close(struct launched_volumes *volumes)
{
    launched_volumes_handed_over(volumes);
    if (!volumes->server)
        return true;
    int error = cow_server_stop(volumes->server);
    volumes->server = NULL;
    return error == 0;
}
