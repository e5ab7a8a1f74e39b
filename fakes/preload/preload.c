/* SPDX-License-Identifier: MIT */
/* libvssemu-time: the virtual clock for programs that do not link libvssapi, by LD_PRELOAD
 * (`vssemu run --preload`). Only time, threads and random numbers; there is no Windows and no
 * service in it.
 *
 * The launcher describes the world in VSSEMU_TIME, pairs "key=value" with a line end behind each:
 *
 *   exe=/usr/bin/python3.11     the file that is to live in it: wrappers that come first do not
 *   seed=7 schedule=pct:3 fine=1 watchdog_ns=2000000000 trace_fd=5
 *
 * The variable and the library's place in LD_PRELOAD are taken out of the environment, so that
 * processes which the program starts are ordinary ones. */
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/port/world.h"
#include "emu/trace/trace_sink.h"
#include "fakes/linux/vthread.h"
#include "fakes/linux/watchdog.h"
#include "fakes/world/vsched.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define VARIABLE "VSSEMU_TIME"

/* There is no world of VSS here. */
struct world_ports *world_current(void)
{
    return NULL;
}

struct world_ports *world_existing(void)
{
    return NULL;
}

struct world_ports *world_inherited(void)
{
    return NULL;
}

void world_inherit(struct world_ports *ports)
{
    (void)ports;
}

/* The value of a key, NULL if there is none; the caller frees. */
static char *value_of(const char *text, const char *key)
{
    size_t length = strlen(key);

    while (*text) {
        size_t n = strcspn(text, "\n");

        if (n > length && strncmp(text, key, length) == 0 && text[length] == '=')
            return str_printf("%.*s", (int)(n - length - 1), text + length + 1);
        text += n + (text[n] == '\n');
    }
    return NULL;
}

static long long number_of(const char *text, const char *key, long long missing)
{
    char *value = value_of(text, key);
    long long number = value ? atoll(value) : missing;

    free(value);
    return number;
}

static bool is_this_program(const char *text)
{
    char *exe = value_of(text, "exe");
    char own[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", own, sizeof(own) - 1);

    own[n > 0 ? n : 0] = 0;
    bool is_own = exe && strcmp(exe, own) == 0;
    free(exe);
    return is_own;
}

/* Not by unsetenv: bash has one of its own, which does nothing so early. */
static void remove_variable(const char *name)
{
    size_t length = strlen(name);
    char **to = environ;

    for (char **from = environ; *from; from++) {
        if (strncmp(*from, name, length) != 0 || (*from)[length] != '=')
            *to++ = *from;
    }
    *to = NULL;
}

/* LD_PRELOAD is a list with blanks or colons between; it becomes shorter where it stands. */
static void leave_preload_list(void)
{
    char *list = getenv("LD_PRELOAD"), *to = list;
    Dl_info self;

    if (!list || !dladdr((void *)(uintptr_t)leave_preload_list, &self))
        return;
    for (const char *from = list; *from;) {
        size_t n = strcspn(from, " :");
        size_t whole = n + (from[n] != 0);

        if (n != strlen(self.dli_fname) || strncmp(from, self.dli_fname, n) != 0) {
            memmove(to, from, whole);
            to += whole;
        }
        from += whole;
    }
    *to = 0;
    if (to == list)
        remove_variable("LD_PRELOAD");
}

static struct trace *open_trace(int fd)
{
    static struct trace_fd sink;

    if (fd < 0)
        return NULL;
    trace_fd_init(&sink, fd);
    return &sink.trace;
}

static void begin(const char *text)
{
    static struct trace_stamp stamp;
    struct vsched_schedule schedule = { 0 };
    char *schedule_text = value_of(text, "schedule");
    struct trace *trace = open_trace((int)number_of(text, "trace_fd", -1));
    struct vsched *vs =
        vsched_new((uint64_t)number_of(text, "seed", 1), trace ? &stamp.trace : NULL);

    trace_stamp_init(&stamp, vsched_port(vs), trace);
    if (schedule_text && vsched_schedule_parse(schedule_text, &schedule, NULL))
        vsched_set_schedule(vs, &schedule);
    vsched_set_fine(vs, number_of(text, "fine", 0) != 0);
    vthread_activate(vs);
    watchdog_begin(number_of(text, "watchdog_ns", 0));
    free(schedule_text);
}

static __attribute__((constructor)) void begin_with_the_process(void)
{
    char *text = mem_strdup(getenv(VARIABLE));

    if (text && is_this_program(text)) {
        remove_variable(VARIABLE);
        leave_preload_list();
        if (dlsym(RTLD_DEFAULT, "vssemu_world_new"))
            fprintf(stderr,
                    "vssemu: --preload is for programs that do not link libvssapi; this one "
                    "does, and needs none\n");
        else
            begin(text);
    }
    free(text);
}
