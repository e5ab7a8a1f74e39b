/* SPDX-License-Identifier: MIT */
#include "fakes/windows/driver/places.h"
#include "fakes/windows/driver/command.h"
#include "fakes/windows/driver/paths.h"

#include "emu/base/cleanup.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* The prefix above the folder of this program, if it is an installed one; NULL otherwise. The
 * caller frees. */
static char *installed_prefix(void)
{
    char path[4096];
    ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);

    if (n <= 0)
        return NULL;
    path[n] = 0;
    for (int up = 0; up < 2; up++) {
        char *slash = strrchr(path, '/');
        if (!slash)
            return NULL;
        *slash = 0;
    }
    auto_free char *forced = str_printf("%s/" DRIVER_INSTALLED_HEADERS "/vssemu/forced.h", path);
    return access(forced, R_OK) == 0 ? mem_strdup(path) : NULL;
}

const struct driver_places *driver_places(void)
{
    static struct driver_places places;

    if (places.headers)
        return &places;
    char *prefix = installed_prefix();
    if (prefix) {
        places = (struct driver_places){
            .headers = str_printf("%s/" DRIVER_INSTALLED_HEADERS, prefix),
            .public_headers = str_printf("%s/" DRIVER_INSTALLED_PUBLIC, prefix),
            .vss_headers = str_printf("%s/" DRIVER_INSTALLED_VSS, prefix),
            .libraries = str_printf("%s/" DRIVER_INSTALLED_LIBRARIES, prefix),
            .version_script = str_printf("%s/" DRIVER_INSTALLED_SHARE "/wide_symbols.map", prefix),
            .wine_headers = DRIVER_WINE_HEADERS,
        };
        return &places;
    }
    places = (struct driver_places){
        .headers = DRIVER_HEADERS,
        .public_headers = DRIVER_BUILD_HEADERS,
        .vss_headers = DRIVER_VSS_HEADERS,
        .wine_headers = DRIVER_WINE_HEADERS,
        .libraries = DRIVER_LIBRARIES,
        .version_script = DRIVER_VERSION_SCRIPT,
    };
    return &places;
}

bool driver_make_folder(const char *path)
{
    auto_free char *text = mem_strdup(path);

    for (char *slash = text + 1; (slash = strchr(slash, '/')); slash++) {
        *slash = 0;
        if (mkdir(text, 0700) && errno != EEXIST && access(text, X_OK))
            return false;
        *slash = '/';
    }
    return !mkdir(text, 0700) || errno == EEXIST;
}

bool driver_write_file(const char *path, const char *text)
{
    auto_free char *temporary = str_printf("%s.%ld", path, (long)getpid());
    FILE *file = fopen(temporary, "w");

    if (!file)
        return false;
    bool is_written = fputs(text, file) >= 0;
    if (fclose(file) || !is_written || rename(temporary, path)) {
        unlink(temporary);
        return false;
    }
    return true;
}

/* A folder in a place that everybody may write to must be this user's. */
static bool is_mine(const char *path)
{
    struct stat status;

    return lstat(path, &status) == 0 && S_ISDIR(status.st_mode) && status.st_uid == geteuid();
}

const char *driver_cache(void)
{
    static char *cache;
    const char *chosen = getenv("VSSEMU_CACHE"), *xdg = getenv("XDG_CACHE_HOME"),
               *home = getenv("HOME");

    if (cache)
        return cache;
    if (chosen && *chosen)
        cache = mem_strdup(chosen);
    else if (xdg && xdg[0] == '/')
        cache = str_printf("%s/vssemu", xdg);
    else if (home && home[0] == '/')
        cache = str_printf("%s/.cache/vssemu", home);
    if (cache && driver_make_folder(cache) && access(cache, W_OK) == 0)
        return cache;
    free(cache);
    cache = str_printf("%s/vssemu-cache-%u", getenv("TMPDIR") ?: "/tmp", (unsigned)geteuid());
    if (driver_make_folder(cache) && is_mine(cache))
        return cache;
    driver_say("no folder to keep generated headers in (set VSSEMU_CACHE): %s", cache);
    free(cache);
    cache = NULL;
    return NULL;
}
