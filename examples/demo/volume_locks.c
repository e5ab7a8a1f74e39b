/* SPDX-License-Identifier: MIT */
/* See volume_locks.h. One critical section guards all nodes; no function waits inside it. */
#include "volume_locks.h"

#include <stdlib.h>
#include <string.h>

#define N_SHM_LOCKS SQLITE_SHM_NLOCK

struct volume_node {
    struct volume_node *next;
    char *name;
    int n_files;
    /* levels of xLock */
    int n_shared;               /* connections with at least SHARED */
    struct volume_file *writer; /* who has RESERVED or more */
    int is_pending;             /* the writer waits for readers, or is alone */
    /* the index of the write-ahead log */
    int n_mapped; /* files that use it */
    void **regions;
    int n_regions;
    int shm_shared[N_SHM_LOCKS];
    int shm_exclusive[N_SHM_LOCKS];
};

static CRITICAL_SECTION guard;
static struct volume_node *nodes;

static struct volume_file *file_of(sqlite3_file *base)
{
    return (struct volume_file *)base;
}

void volume_locks_init(void)
{
    InitializeCriticalSection(&guard);
}

/* ---- joining and leaving ---- */

int volume_node_join(struct volume_file *f, const char *name)
{
    struct volume_node *node;

    EnterCriticalSection(&guard);
    for (node = nodes; node && _stricmp(node->name, name) != 0; node = node->next)
        ;
    if (!node && (node = calloc(1, sizeof(*node))) != NULL) {
        node->name = _strdup(name);
        node->next = nodes;
        nodes = node;
    }
    if (node)
        node->n_files++;
    f->node = node;
    LeaveCriticalSection(&guard);
    return node != NULL;
}

static void node_free_regions(struct volume_node *node)
{
    for (int i = 0; i < node->n_regions; i++)
        free(node->regions[i]);
    free(node->regions);
    node->regions = NULL;
    node->n_regions = 0;
}

static void node_put(struct volume_node *node)
{
    EnterCriticalSection(&guard);
    if (--node->n_files == 0) {
        struct volume_node **link = &nodes;

        while (*link != node)
            link = &(*link)->next;
        *link = node->next;
        node_free_regions(node);
        free(node->name);
        free(node);
    }
    LeaveCriticalSection(&guard);
}

/* ---- levels ---- */

static int take_level(struct volume_file *f, int level)
{
    struct volume_node *node = f->node;

    if (level == SQLITE_LOCK_SHARED) {
        if (node->is_pending && node->writer != f)
            return SQLITE_BUSY;
        node->n_shared++;
        f->level = SQLITE_LOCK_SHARED;
        return SQLITE_OK;
    }
    if (node->writer && node->writer != f)
        return SQLITE_BUSY;
    node->writer = f;
    if (level == SQLITE_LOCK_RESERVED) {
        f->level = SQLITE_LOCK_RESERVED;
        return SQLITE_OK;
    }
    /* New readers stay out from here on, those who are in are waited for. */
    node->is_pending = 1;
    f->level = node->n_shared == 1 ? SQLITE_LOCK_EXCLUSIVE : SQLITE_LOCK_PENDING;
    return f->level >= level ? SQLITE_OK : SQLITE_BUSY;
}

int volume_lock(sqlite3_file *base, int level)
{
    struct volume_file *f = file_of(base);
    int rc = SQLITE_OK;

    EnterCriticalSection(&guard);
    if (f->level < level)
        rc = take_level(f, level);
    LeaveCriticalSection(&guard);
    return rc;
}

int volume_unlock(sqlite3_file *base, int level)
{
    struct volume_file *f = file_of(base);
    struct volume_node *node = f->node;

    EnterCriticalSection(&guard);
    if (f->level > SQLITE_LOCK_SHARED && level <= SQLITE_LOCK_SHARED && node->writer == f) {
        node->writer = NULL;
        node->is_pending = 0;
    }
    if (f->level >= SQLITE_LOCK_SHARED && level == SQLITE_LOCK_NONE)
        node->n_shared--;
    if (f->level > level)
        f->level = level;
    LeaveCriticalSection(&guard);
    return SQLITE_OK;
}

int volume_check_reserved(sqlite3_file *base, int *is_reserved)
{
    EnterCriticalSection(&guard);
    *is_reserved = file_of(base)->node->writer != NULL;
    LeaveCriticalSection(&guard);
    return SQLITE_OK;
}

/* ---- the index of the write-ahead log ---- */

static int add_region(struct volume_node *node, int size)
{
    void **regions = realloc(node->regions, ((size_t)node->n_regions + 1) * sizeof(*regions));

    if (!regions)
        return SQLITE_NOMEM;
    node->regions = regions;
    regions[node->n_regions] = calloc(1, (size_t)size);
    if (!regions[node->n_regions])
        return SQLITE_NOMEM;
    node->n_regions++;
    return SQLITE_OK;
}

int volume_shm_map(sqlite3_file *base, int index, int size, int extend, void volatile **region)
{
    struct volume_file *f = file_of(base);
    struct volume_node *node = f->node;
    int rc = SQLITE_OK;

    EnterCriticalSection(&guard);
    if (!f->is_mapped) {
        f->is_mapped = 1;
        node->n_mapped++;
    }
    while (rc == SQLITE_OK && extend && node->n_regions <= index)
        rc = add_region(node, size);
    *region = index < node->n_regions ? node->regions[index] : NULL;
    LeaveCriticalSection(&guard);
    return rc;
}

static void drop_shm_locks(struct volume_file *f, unsigned mask)
{
    for (int i = 0; i < N_SHM_LOCKS; i++) {
        unsigned bit = 1u << i;

        if (mask & f->shm_shared & bit)
            f->node->shm_shared[i]--;
        if (mask & f->shm_exclusive & bit)
            f->node->shm_exclusive[i] = 0;
    }
    f->shm_shared &= ~mask;
    f->shm_exclusive &= ~mask;
}

static int take_shm_locks(struct volume_file *f, unsigned mask, int is_exclusive)
{
    for (int i = 0; i < N_SHM_LOCKS; i++) {
        int others = f->node->shm_shared[i] - ((f->shm_shared >> i) & 1u ? 1 : 0);

        if ((mask >> i) & 1u && !((f->shm_exclusive >> i) & 1u) &&
            (f->node->shm_exclusive[i] || (is_exclusive && others > 0)))
            return SQLITE_BUSY;
    }
    for (int i = 0; i < N_SHM_LOCKS; i++) {
        if (!((mask >> i) & 1u))
            continue;
        if (is_exclusive)
            f->node->shm_exclusive[i] = 1;
        else if (!((f->shm_shared >> i) & 1u))
            f->node->shm_shared[i]++;
    }
    *(is_exclusive ? &f->shm_exclusive : &f->shm_shared) |= mask;
    return SQLITE_OK;
}

int volume_shm_lock(sqlite3_file *base, int offset, int n, int flags)
{
    struct volume_file *f = file_of(base);
    unsigned mask = ((1u << n) - 1u) << offset;
    int rc = SQLITE_OK;

    EnterCriticalSection(&guard);
    if (flags & SQLITE_SHM_UNLOCK)
        drop_shm_locks(f, mask);
    else
        rc = take_shm_locks(f, mask, (flags & SQLITE_SHM_EXCLUSIVE) != 0);
    LeaveCriticalSection(&guard);
    return rc;
}

void volume_shm_barrier(sqlite3_file *base)
{
    (void)base;
    __sync_synchronize();
}

int volume_shm_unmap(sqlite3_file *base, int is_delete)
{
    struct volume_file *f = file_of(base);

    (void)is_delete; /* the pages are memory: they go with their last user */
    EnterCriticalSection(&guard);
    if (f->is_mapped) {
        drop_shm_locks(f, ~0u);
        f->is_mapped = 0;
        if (--f->node->n_mapped == 0)
            node_free_regions(f->node);
    }
    LeaveCriticalSection(&guard);
    return SQLITE_OK;
}

void volume_node_leave(struct volume_file *f)
{
    volume_shm_unmap(&f->base, 0);
    volume_unlock(&f->base, SQLITE_LOCK_NONE);
    node_put(f->node);
}
