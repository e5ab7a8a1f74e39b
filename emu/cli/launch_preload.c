/* SPDX-License-Identifier: MIT */
#include "emu/cli/launch_preload.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/cli/launch_plan.h"
#include "emu/cli/program_path.h"
#include "emu/cli/say.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define VARIABLE "VSSEMU_TIME"

static char *preload_before; /* owned; NULL: there was none */

/* ../lib in a build, ../lib or ../lib/MACHINE below a prefix. */
static char *find_library(void)
{
    static const char *const places[] = { "../lib", "../" VSSEMU_LIBRARY_FOLDER };
    auto_free char *own = program_own_directory();

    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        auto_free char *path = str_printf("%s/%s/libvssemu-time.so", own, places[i]);
        char *real = realpath(path, NULL);

        if (real)
            return real;
    }
    return NULL;
}

/* The first line of a script, without its end; false: the file is none. */
static bool read_script_line(const char *path, char line[256])
{
    auto_close int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, line, 255);

    line[n > 0 ? n : 0] = 0;
    line[strcspn(line, "\n")] = 0;
    return strncmp(line, "#!", 2) == 0;
}

/* The file that /proc/PID/exe will name: of a script, its interpreter ("#!/usr/bin/env NAME" is
 * NAME's). The caller frees; NULL: there is none. */
static char *executed_file(const char *path)
{
    char line[256];
    char *rest = NULL;

    if (!read_script_line(path, line))
        return realpath(path, NULL);
    const char *word = strtok_r(line + 2, " \t", &rest);
    if (word && strcmp(word, "/usr/bin/env") == 0)
        word = strtok_r(NULL, " \t", &rest);
    auto_free char *interpreter = word ? program_find(word) : NULL;
    return interpreter ? realpath(interpreter, NULL) : NULL;
}

bool launch_preload_begin(const struct launch_plan *plan, int trace_fd)
{
    if (!plan->is_preloaded)
        return true;
    auto_free char *library = find_library();
    auto_free char *path = program_find(plan->argv[0]);
    auto_free char *exe = path ? executed_file(path) : NULL;

    if (!library) {
        say("--preload: libvssemu-time.so is not where vssemu was installed");
        return false;
    }
    auto_free char *text = str_printf(
        "exe=%s\nseed=%llu\nschedule=%s\nfine=%d\nwatchdog_ns=%lld\ntrace_fd=%d\n", exe ? exe : "",
        (unsigned long long)plan->seed, plan->schedule ? plan->schedule : "random", plan->is_fine,
        (long long)plan->watchdog_ns, trace_fd);
    const char *before = getenv("LD_PRELOAD");
    auto_free char *list =
        str_printf("%s%s%s", library, before && *before ? ":" : "", before ? before : "");

    free(preload_before);
    preload_before = mem_strdup(before);
    setenv(VARIABLE, text, 1);
    setenv("LD_PRELOAD", list, 1);
    return true;
}

void launch_preload_end(const struct launch_plan *plan)
{
    if (!plan->is_preloaded)
        return;
    unsetenv(VARIABLE);
    if (preload_before)
        setenv("LD_PRELOAD", preload_before, 1);
    else
        unsetenv("LD_PRELOAD");
}
