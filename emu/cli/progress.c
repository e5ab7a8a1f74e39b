/* SPDX-License-Identifier: MIT */
/* See progress.h. */
#include "emu/cli/progress.h"

#include "provider_sim/cow/cow_volume.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* Work that is done sooner shows nothing; tests do not wait. */
#define PATIENCE_MS       300
#define PATIENCE_VARIABLE "VSSEMU_PROGRESS_MS"

static int64_t now_ms(void)
{
    struct timespec at;

    clock_gettime(CLOCK_MONOTONIC, &at);
    return (int64_t)at.tv_sec * 1000 + at.tv_nsec / 1000000;
}

static bool is_long(const struct progress *p)
{
    const char *patience = getenv(PATIENCE_VARIABLE);

    return now_ms() - p->begun_ms >= (patience ? strtoll(patience, NULL, 10) : PATIENCE_MS);
}

/* Once a percent at most: that is when the clock is looked at, too. */
void progress_show(void *arg, uint64_t done, uint64_t total)
{
    struct progress *p = arg;
    unsigned percent = total ? (unsigned)((double)done * 100 / (double)total) : 0;

    if (percent == p->percent)
        return;
    p->percent = percent;
    if (is_long(p))
        fprintf(stderr, "\r%s: %u %%", p->what, percent);
}

bool progress_wanted(void)
{
    return isatty(STDERR_FILENO);
}

void progress_begin(struct progress *p, struct cow_volume *v, const char *what)
{
    *p = (struct progress){ .what = what, .begun_ms = now_ms() };
    if (v && isatty(STDERR_FILENO))
        cow_volume_watch_progress(v, progress_show, p);
}

void progress_end(struct progress *p, struct cow_volume *v)
{
    if (!isatty(STDERR_FILENO))
        return;
    if (p->percent && is_long(p))
        fprintf(stderr, "\r\033[K");
    if (v)
        cow_volume_watch_progress(v, NULL, NULL);
}
