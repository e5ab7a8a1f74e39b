/* SPDX-License-Identifier: MIT */
/* Variables that clean up after themselves when their block ends.
 * `auto_free char *name = ...;` frees with free(); `auto_close int fd = -1;` closes.
 * To hand the resource on, return take_ptr(&name) or take_fd(&fd). */
#pragma once

#include <stdlib.h>
#include <unistd.h>

#define auto_free  __attribute__((cleanup(cleanup_free_)))
#define auto_close __attribute__((cleanup(cleanup_close_)))

static inline void cleanup_free_(void *variable)
{
    free(*(void **)variable);
}

static inline void cleanup_close_(int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

/* Answers *variable and leaves NULL behind, so that auto_free does nothing. */
#define take_ptr(variable)                \
    ({                                    \
        __auto_type taken_ = *(variable); \
        *(variable) = NULL;               \
        taken_;                           \
    })

/* Answers *fd and leaves -1 behind, so that auto_close does nothing. */
static inline int take_fd(int *fd)
{
    int taken = *fd;

    *fd = -1;
    return taken;
}
