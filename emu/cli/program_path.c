/* SPDX-License-Identifier: MIT */
/* See program_path.h. */
#include "emu/cli/program_path.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

char *program_own_directory(void)
{
    char path[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 1);

    if (length <= 0)
        return mem_strdup(".");
    path[length] = 0;
    char *slash = strrchr(path, '/');
    if (slash)
        *slash = 0;
    return mem_strdup(path);
}

static bool is_executable_file(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

static char *find_in(const char *directory, size_t length, const char *name)
{
    char *path = length ? str_printf("%.*s/%s", (int)length, directory, name) : mem_strdup(name);

    if (is_executable_file(path))
        return path;
    free(path);
    return NULL;
}

char *program_find(const char *name)
{
    auto_free char *own = program_own_directory();

    if (strchr(name, '/'))
        return mem_strdup(name);
    for (const char *part = getenv("PATH"); part && *name;) {
        size_t length = strcspn(part, ":");
        char *path = find_in(part, length, name);

        if (path)
            return path;
        part = part[length] ? part + length + 1 : NULL;
    }
    return *name ? find_in(own, strlen(own), name) : NULL;
}
