/* SPDX-License-Identifier: MIT */
/* See run_had.h. Linux: "proc(5)". */
#include "emu/cli/run_had.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Behind the name, which may hold anything. False: it is gone. */
static bool read_stat(const char *path, char *ret_state, int64_t *ret_cpu_ms)
{
    char text[1024];
    unsigned long user = 0, kernel = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

    if (fd >= 0)
        close(fd);
    text[n > 0 ? n : 0] = 0;
    const char *end = strrchr(text, ')');

    if (!end || sscanf(end, ") %c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", ret_state,
                       &user, &kernel) != 3)
        return false;
    *ret_cpu_ms = (int64_t)(user + kernel) * 1000 / sysconf(_SC_CLK_TCK);
    return true;
}

static int64_t cpu_ms(pid_t pid)
{
    char path[64], state;
    int64_t ms = 0;

    snprintf(path, sizeof(path), "/proc/%d/stat", pid);
    return read_stat(path, &state, &ms) ? ms : 0;
}

/* Or would, had the machine a processor for it. */
static bool is_computing(pid_t pid)
{
    char path[320], state = 0;
    int64_t ms;
    bool computes = false;

    snprintf(path, sizeof(path), "/proc/%d/task", pid);
    DIR *threads = opendir(path);
    const struct dirent *entry;

    while (threads && !computes && (entry = readdir(threads))) {
        snprintf(path, sizeof(path), "/proc/%d/task/%s/stat", pid, entry->d_name);
        computes = *entry->d_name != '.' && read_stat(path, &state, &ms) && state == 'R';
    }
    if (threads)
        closedir(threads);
    return computes;
}

void run_had_begin(struct run_had *had, pid_t pid)
{
    *had = (struct run_had){ .pid = pid, .real_ms = now_ms(), .cpu_ms = cpu_ms(pid) };
}

int64_t run_had_look(struct run_had *had)
{
    int64_t real = now_ms(), cpu = cpu_ms(had->pid);

    had->total_ms += is_computing(had->pid) ? cpu - had->cpu_ms : real - had->real_ms;
    had->real_ms = real;
    had->cpu_ms = cpu;
    return had->total_ms;
}
