/* SPDX-License-Identifier: MIT */
/* Port: snapshots that have names of their own, beside their devices: a drive letter, a folder of
 * a volume, a share (Learn: "Exposing and Surfacing Shadow Copied Volumes"). The service adds and
 * removes them (emu/svc/exposure); who turns names into files looks them up, from any thread. */
#pragma once

#include <stdatomic.h>
#include <stddef.h>

struct volume;

/* One name. Its texts are UTF-8 and stay as they are while it is listed. */
struct exposure {
    struct exposure *next;
    /* What it shows: a volume as snapshot `view` has it, from the folder root down ("": all). */
    struct volume *volume;
    unsigned view;
    const char *root; /* relative path as in port/volume.h */
    /* Where, exactly one of the four. */
    char letter;         /* capital; 0: none */
    struct volume *host; /* on which the folder lies; NULL: none */
    const char *folder;  /* relative path on the host */
    const char *share;   /* name; NULL: none */
    const char *device;  /* name behind \\?\ (DefineDosDevice); NULL: none */
};

/* Zeroed it is empty. The lock is held for moments, never over anything that waits. */
struct exposures {
    atomic_flag lock;
    struct exposure *first;
};

static inline void exposures_lock(struct exposures *all)
{
    while (atomic_flag_test_and_set_explicit(&all->lock, memory_order_acquire))
        ;
}

static inline void exposures_unlock(struct exposures *all)
{
    atomic_flag_clear_explicit(&all->lock, memory_order_release);
}

static inline void exposures_add(struct exposures *all, struct exposure *exposure)
{
    exposures_lock(all);
    exposure->next = all->first;
    all->first = exposure;
    exposures_unlock(all);
}

/* One that is not listed is left alone. */
static inline void exposures_remove(struct exposures *all, struct exposure *exposure)
{
    exposures_lock(all);
    for (struct exposure **at = &all->first; *at; at = &(*at)->next) {
        if (*at == exposure) {
            *at = exposure->next;
            break;
        }
    }
    exposures_unlock(all);
}
