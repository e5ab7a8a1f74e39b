/* SPDX-License-Identifier: MIT */
/* See volume_obstacle.h. */
#include "emu/cli/volume_obstacle.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/cli/say.h"
#include "emu/host/host_image.h"
#include "emu/port/volume_wire.h"

#include <errno.h>
#include <inttypes.h>
#include <libgen.h>
#include <limits.h>
#include <mntent.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Not even root may look at the mount of another user: its folder is asked for. */
static char *place_of(const char *path)
{
    auto_free char *for_folder = mem_strdup(path);
    auto_free char *for_name = mem_strdup(path);
    auto_free char *folder = realpath(dirname(for_folder), NULL);
    char *real = realpath(path, NULL);

    if (real || !folder)
        return real;
    return str_printf("%s/%s", strcmp(folder, "/") == 0 ? "" : folder, basename(for_name));
}

/* getmntent(3) turns the escapes of names back. */
bool volume_obstacle_is_mount(const char *path)
{
    auto_free char *place = place_of(path);
    FILE *mounts = place ? setmntent("/proc/self/mounts", "re") : NULL;
    char line[2 * PATH_MAX + 512];
    struct mntent entry;
    bool is_it = false;

    while (mounts && !is_it && getmntent_r(mounts, &entry, line, sizeof(line)))
        is_it =
            strcmp(entry.mnt_dir, place) == 0 && strncmp(entry.mnt_type, "fuse.vssemu", 11) == 0;
    if (mounts)
        endmntent(mounts);
    return is_it;
}

static bool say_of_file(const char *directory)
{
    struct stat st;

    if (stat(directory, &st) < 0 || S_ISDIR(st.st_mode))
        return false;
    if (!S_ISREG(st.st_mode))
        say("%s cannot be used as a volume: it is neither a directory nor an image", directory);
    else
        say("%s cannot be used as a volume: a file is one if it is an image of a disk, of whole "
            "sectors of 512 bytes; this has %" PRId64 " bytes",
            directory, (int64_t)st.st_size);
    return true;
}

static bool say_of_folder(const char *directory, int error)
{
    auto_free char *place = host_image_folder(directory);
    auto_free char *folder = str_printf("%s/" VOLUME_WIRE_FOLDER, place);
    struct stat st;

    if (lstat(folder, &st) < 0)
        return false;
    if (!S_ISDIR(st.st_mode)) {
        say("%s cannot be used as a volume: what is named `" VOLUME_WIRE_FOLDER "` in it must be a "
            "directory, where snapshots are kept",
            directory);
        return true;
    }
    if (error != -EACCES || st.st_uid == geteuid())
        return false;
    const struct passwd *owner = getpwuid(st.st_uid);
    auto_free char *number = str_printf("user %ld", (long)st.st_uid);

    say("%s cannot be used as a volume: its `" VOLUME_WIRE_FOLDER "` belongs to %s, who has made "
        "snapshots there; that user may use them, or give the folder away (chown -R)",
        directory, owner ? owner->pw_name : number);
    return true;
}

void volume_obstacle_say(const char *directory, int error)
{
    if (volume_obstacle_is_mount(directory)) {
        say("%s is where a volume is mounted; name the directory that is served there instead",
            directory);
        return;
    }
    if (error == -ENOTDIR && say_of_file(directory))
        return;
    if (!say_of_folder(directory, error))
        say("%s cannot be used as a volume: %s", directory, strerror(-error));
}
