/* SPDX-License-Identifier: MIT */
/* See not_in_snapshot.h. */
#include "writer_sim/not_in_snapshot.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/name_list.h"
#include "emu/base/str.h"
#include "emu/port/volume.h"
#include "emu/port/world.h"
#include "writer_sim/sim_files.h"

#include <string.h>
#include <strings.h>

#define KEY "HKLM\\SYSTEM\\CurrentControlSet\\Control\\BackupRestore\\FilesNotToSnapshot"

struct finding {
    struct world_ports *ports;
    void (*each)(void *arg, struct volume *volume, const char *directory, const char *pattern,
                 bool recursive);
    void *arg;
};

/* "C:\\x\\*.tmp", "C:\\x\\* /s". */
static void find_set(const struct finding *f, const char *entry)
{
    auto_free char *path = mem_strdup(entry), *directory = NULL;
    size_t length = strlen(path);
    bool recursive = length > 3 && strcasecmp(path + length - 3, " /s") == 0;
    struct volume *volume;

    if (recursive)
        path[length - 3] = 0;
    char *pattern = strrchr(path, '\\');

    if (!pattern || !pattern[1])
        return;
    *pattern++ = 0;
    if (sim_locate(f->ports, path, &volume, &directory))
        f->each(f->arg, volume, directory, pattern, recursive);
}

static int add_directory(void *arg, const char *name, const struct stat *st)
{
    if (S_ISDIR(st->st_mode))
        name_list_add(arg, name);
    return 0;
}

/* Everybody who has a folder beside that of the one user there is. */
static void find_in_profiles(const struct finding *f, const char *rest)
{
    auto_free char *users = sim_expand("%USERPROFILE%"), *path = NULL;
    struct name_list names = { 0 };
    struct volume *volume;

    *strrchr(users, '\\') = 0;
    if (!sim_locate(f->ports, users, &volume, &path))
        return;
    auto_free char *real = sim_real_path(volume, VOLUME_ORIGIN, path);
    volume->ops->list(volume, VOLUME_ORIGIN, real, add_directory, &names);
    for (size_t i = 0; i < names.names.count; i++) {
        auto_free char *entry = str_printf("%s\\%s%s", users, names.names.items[i], rest);

        find_set(f, entry);
    }
    name_list_free(&names);
}

static void find_on_volumes(const struct finding *f, const char *rest)
{
    rest += strspn(rest, "\\");
    for (size_t i = 0; i < f->ports->n_volumes; i++) {
        auto_free char *root = sim_windows_path(f->ports->volumes[i], "");
        auto_free char *entry = str_printf("%s%s", root, rest);

        find_set(f, entry);
    }
}

static void find_entry(void *arg, const char *entry)
{
    static const struct {
        const char *prefix;
        void (*find)(const struct finding *f, const char *rest);
    } prefixes[] = { { "$UserProfile$", find_in_profiles }, { "$AllVolumes$", find_on_volumes } };

    for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
        size_t length = strlen(prefixes[i].prefix);

        if (strncasecmp(entry, prefixes[i].prefix, length) == 0) {
            prefixes[i].find(arg, entry + length);
            return;
        }
    }
    find_set(arg, entry);
}

void not_in_snapshot(struct world_ports *ports,
                     void (*each)(void *arg, struct volume *volume, const char *directory,
                                  const char *pattern, bool recursive),
                     void *arg)
{
    struct finding f = { ports, each, arg };

    if (ports->registry_strings)
        ports->registry_strings(ports, KEY, find_entry, &f);
}
