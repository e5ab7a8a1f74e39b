/* SPDX-License-Identifier: MIT */
/* Functions of Windows that are not there yet: what their stubs do (vssemu_missing.h). The place of
 * the call is told as binutils' addr2line knows it, if it is installed: function, file and line
 * where the program has debug information. */
#include "emu/include/vssemu_missing.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/include/vssemu_types.h"
#include "emu/port/sched.h"
#include "emu/port/trace.h"
#include "emu/port/world.h"

#include <dlfcn.h>
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* Runs addr2line and collects what it prints; false when it is not there. */
static bool ask_addr2line(const char *module, const char *address, struct str *answer)
{
    char *const words[] = { (char[]){ "addr2line" }, (char[]){ "-Cfse" }, (char *)(uintptr_t)module,
                            (char *)(uintptr_t)address, NULL };
    posix_spawn_file_actions_t actions;
    char buffer[512];
    int fds[2];
    pid_t pid;
    ssize_t n;

    if (pipe2(fds, O_CLOEXEC))
        return false;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, fds[1], 1);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    int error = posix_spawnp(&pid, words[0], &actions, NULL, words, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(fds[1]);
    while (!error && (n = read(fds[0], buffer, sizeof(buffer))) > 0)
        str_add_bytes(answer, buffer, (size_t)n);
    close(fds[0]);
    return !error && waitpid(pid, NULL, 0) == pid && answer->length;
}

/* "main (a.cpp:12)", "main", or "an unknown place". No addresses: they go into the trace. */
static char *place_of(const void *caller)
{
    const uintptr_t address = (uintptr_t)caller - 1; /* inside the call, not behind it */
    auto_str struct str answer = { 0 };
    struct link_map *map = NULL;
    Dl_info info;

    if (!dladdr1((const void *)address, &info, (void **)&map, RTLD_DL_LINKMAP) || !map)
        return str_printf("an unknown place");
    const char *module = map->l_name && *map->l_name ? map->l_name : "/proc/self/exe";
    char exe[4096];
    ssize_t n = strcmp(module, "/proc/self/exe") == 0 ? readlink(module, exe, sizeof(exe) - 1) : 0;
    if (n > 0) {
        exe[n] = 0;
        module = exe;
    }
    auto_free char *offset = str_printf("0x%lx", (unsigned long)(address - map->l_addr));
    if (ask_addr2line(module, offset, &answer)) {
        char *function = answer.text, *line = strchr(answer.text, '\n');
        if (line) {
            *line++ = 0;
            line[strcspn(line, " \n")] = 0; /* without "(discriminator 2)" */
        }
        bool has_line = line && line[0] && line[0] != '?' && line[strlen(line) - 1] != '?';
        if (function[0] != '?')
            return has_line ? str_printf("%s (%s)", function, line) : mem_strdup(function);
    }
    const char *base = strrchr(module, '/') ? strrchr(module, '/') + 1 : module;
    return info.dli_sname ? mem_strdup(info.dli_sname) : str_printf("somewhere in %s", base);
}

/* Whether this place calls it for the first time. When the table is full, every call counts. */
static bool is_first(const char *name, const void *caller)
{
    static const void *places[512];
    const uintptr_t key = (uintptr_t)caller;

    (void)name; /* a place calls one function */
    for (size_t i = 0; i < 512; i++) {
        const void **slot = &places[(key + i) % 512], *free_slot = NULL;
        if (__atomic_compare_exchange_n(slot, &free_slot, caller, false, __ATOMIC_RELAXED,
                                        __ATOMIC_RELAXED))
            return true;
        if (free_slot == caller)
            return false;
    }
    return true;
}

static void write_note(const char *name, const char *header, const char *place)
{
    struct world_ports *world = world_existing();
    auto_free char *detail =
        str_printf("not there yet (%s): a stub failed, called from %s", header, place);
    const struct trace_record record = {
        .kind = TRACE_NOTE,
        .who = "program",
        .what = name,
        .has_result = true,
        .result = E_NOTIMPL,
        .detail = detail,
    };

    if (!world)
        return;
    sched_enter(world->sched);
    trace_write(world->trace, &record);
    sched_leave(world->sched);
}

long vssemu_missing_function(const char *name, const char *header, long answer, const void *caller)
{
    if (is_first(name, caller)) {
        auto_free char *place = place_of(caller);
        fprintf(stderr,
                "vssemu: %s (%s) is not there yet: called from %s, it fails with "
                "ERROR_CALL_NOT_IMPLEMENTED. How to add it: docs/windows-source.md, "
                "\"A missing function\"\n",
                name, header, place);
        write_note(name, header, place);
    }
    SetLastError(ERROR_CALL_NOT_IMPLEMENTED);
    return answer;
}
