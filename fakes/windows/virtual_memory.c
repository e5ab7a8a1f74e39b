/* SPDX-License-Identifier: MIT */
/* Pages of memory (Learn: "VirtualAlloc", "VirtualFree", "VirtualProtect", "VirtualQuery"). Each
 * region is remembered with the state of its pages; memory of the heap and of programs is not among
 * them, and VirtualQuery takes it for one page that is committed and may be written. */
#include "emu/base/array.h"
#include "emu/base/mem.h"
#include "fakes/windows/last_error.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

#define PAGE        UINT64_C(4096)
#define GRANULARITY UINT64_C(65536)

struct region {
    uintptr_t base;
    size_t n_pages;
    DWORD protection;   /* as it was allocated */
    DWORD *protections; /* of each page; 0: reserved alone */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static ARRAY(struct region) regions;

/* ---- protections ---- */

static const struct protection_row {
    DWORD protection;
    int host;
} rows[] = {
    { PAGE_NOACCESS, PROT_NONE },
    { PAGE_READONLY, PROT_READ },
    { PAGE_READWRITE, PROT_READ | PROT_WRITE },
    { PAGE_EXECUTE, PROT_EXEC },
    { PAGE_EXECUTE_READ, PROT_READ | PROT_EXEC },
    { PAGE_EXECUTE_READWRITE, PROT_READ | PROT_WRITE | PROT_EXEC },
};

/* Guard pages and caching change nothing here. */
static const struct protection_row *row_of(DWORD protection)
{
    DWORD plain = protection & ~(DWORD)(PAGE_GUARD | PAGE_NOCACHE | PAGE_WRITECOMBINE);

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (rows[i].protection == plain)
            return &rows[i];
    }
    return NULL;
}

/* ---- regions; with the lock held ---- */

static struct region *find(uintptr_t address)
{
    for (size_t i = 0; i < regions.count; i++) {
        struct region *r = &regions.items[i];
        if (address >= r->base && address - r->base < r->n_pages * PAGE)
            return r;
    }
    return NULL;
}

/* The pages that `size` bytes from the address on lie in; false: not all of them in the region. */
static bool span(const struct region *r, uintptr_t address, size_t size, size_t *ret_first,
                 size_t *ret_n)
{
    uint64_t offset = address - r->base, all = r->n_pages * PAGE;

    if (offset > all || size > all - offset)
        return false;
    *ret_first = offset / PAGE;
    *ret_n = (offset + size + PAGE - 1) / PAGE - *ret_first;
    return true;
}

static void set_pages(struct region *r, size_t first, size_t n, DWORD protection)
{
    const struct protection_row *row = row_of(protection);

    mprotect((void *)(r->base + first * PAGE), n * PAGE, row ? row->host : PROT_NONE);
    for (size_t i = first; i < first + n; i++)
        r->protections[i] = protection;
}

/* Aligned to the granularity; 0: there is no room, or not at that address. */
static uintptr_t map(uintptr_t wanted, size_t size)
{
    const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;

    if (wanted) {
        void *there = mmap((void *)wanted, size, PROT_NONE, flags | MAP_FIXED_NOREPLACE, -1, 0);
        if (there != MAP_FAILED && there != (void *)wanted) {
            munmap(there, size);
            there = MAP_FAILED;
        }
        return there == MAP_FAILED ? 0 : wanted;
    }
    void *room = mmap(NULL, size + GRANULARITY, PROT_NONE, flags, -1, 0);
    if (room == MAP_FAILED)
        return 0;
    uintptr_t start = (uintptr_t)room;
    uintptr_t base = (start + GRANULARITY - 1) & ~(uintptr_t)(GRANULARITY - 1);
    if (base > start)
        munmap(room, base - start);
    munmap((void *)(base + size), start + GRANULARITY - base);
    return base;
}

static DWORD reserve(uintptr_t address, size_t size, DWORD protection, uintptr_t *ret_base)
{
    uintptr_t wanted = address & ~(uintptr_t)(GRANULARITY - 1);
    size_t n_pages = (address - wanted + size + PAGE - 1) / PAGE;
    uintptr_t base = map(wanted, n_pages * PAGE);

    if (!base)
        return address ? ERROR_INVALID_ADDRESS : ERROR_NOT_ENOUGH_MEMORY;
    struct region fresh = { base, n_pages, protection, mem_alloc(n_pages * sizeof(DWORD)) };
    array_add(&regions, fresh);
    *ret_base = base;
    return ERROR_SUCCESS;
}

static DWORD commit(uintptr_t address, size_t size, DWORD protection, uintptr_t *ret_base)
{
    struct region *r = find(address);
    size_t first, n;

    if (!r || !span(r, address, size, &first, &n))
        return ERROR_INVALID_ADDRESS;
    set_pages(r, first, n, protection);
    *ret_base = r->base + first * PAGE;
    return ERROR_SUCCESS;
}

static DWORD decommit(uintptr_t address, size_t size)
{
    struct region *r = find(address);
    size_t first, n;

    if (!r)
        return ERROR_INVALID_ADDRESS;
    if (!size && address != r->base)
        return ERROR_INVALID_PARAMETER;
    if (!span(r, address, size ? size : r->n_pages * PAGE, &first, &n))
        return ERROR_INVALID_PARAMETER;
    madvise((void *)(r->base + first * PAGE), n * PAGE, MADV_DONTNEED);
    set_pages(r, first, n, 0);
    return ERROR_SUCCESS;
}

static DWORD release(uintptr_t address, size_t size)
{
    struct region *r = find(address);

    if (size)
        return ERROR_INVALID_PARAMETER;
    if (!r || r->base != address)
        return ERROR_INVALID_ADDRESS;
    munmap((void *)r->base, r->n_pages * PAGE);
    free(r->protections);
    array_remove(&regions, (size_t)(r - regions.items));
    if (!regions.count)
        array_free(&regions);
    return ERROR_SUCCESS;
}

/* ---- the functions ---- */

LPVOID WINAPI VirtualAlloc(LPVOID address, SIZE_T size, DWORD type, DWORD protection)
{
    const DWORD known = MEM_RESERVE | MEM_COMMIT | MEM_TOP_DOWN | MEM_RESET | MEM_WRITE_WATCH;
    uintptr_t base = (uintptr_t)address;
    bool reserves = type & MEM_RESERVE || (type & MEM_COMMIT && !address);
    DWORD error = ERROR_SUCCESS;

    if (!size || size > SIZE_MAX / 2 || !row_of(protection) || type & ~known ||
        !(type & (MEM_RESERVE | MEM_COMMIT | MEM_RESET)))
        error = ERROR_INVALID_PARAMETER;
    pthread_mutex_lock(&lock);
    if (!error && reserves)
        error = reserve(base, size, protection, &base);
    if (!error && type & MEM_COMMIT)
        error = commit(address ? (uintptr_t)address : base, size, protection, &base);
    pthread_mutex_unlock(&lock);
    if (error) {
        SetLastError(error);
        return NULL;
    }
    return (void *)base;
}

BOOL WINAPI VirtualFree(LPVOID address, SIZE_T size, DWORD type)
{
    DWORD error;

    pthread_mutex_lock(&lock);
    if (type == MEM_RELEASE)
        error = release((uintptr_t)address, size);
    else if (type == MEM_DECOMMIT)
        error = decommit((uintptr_t)address, size);
    else
        error = ERROR_INVALID_PARAMETER;
    pthread_mutex_unlock(&lock);
    return error ? win_fail(error) : TRUE;
}

static DWORD protect(uintptr_t address, size_t size, DWORD protection, DWORD *ret_old)
{
    struct region *r = find(address);
    size_t first, n;

    if (!row_of(protection))
        return ERROR_INVALID_PARAMETER;
    if (!r || !span(r, address, size, &first, &n))
        return ERROR_INVALID_ADDRESS;
    for (size_t i = first; i < first + n; i++) {
        if (!r->protections[i])
            return ERROR_INVALID_ADDRESS; /* Learn: all pages must be committed */
    }
    *ret_old = r->protections[first];
    set_pages(r, first, n, protection);
    return ERROR_SUCCESS;
}

/* Learn: "VirtualProtect": without a place for the old protection it fails. */
BOOL WINAPI VirtualProtect(LPVOID address, SIZE_T size, DWORD protection, LPDWORD ret_old)
{
    if (!ret_old)
        return win_fail(ERROR_NOACCESS);
    pthread_mutex_lock(&lock);
    DWORD error = protect((uintptr_t)address, size, protection, ret_old);
    pthread_mutex_unlock(&lock);
    return error ? win_fail(error) : TRUE;
}

SIZE_T WINAPI VirtualQuery(LPCVOID address, PMEMORY_BASIC_INFORMATION ret_info, SIZE_T size)
{
    uintptr_t page = (uintptr_t)address & ~(uintptr_t)(PAGE - 1);

    if (size < sizeof(*ret_info)) {
        SetLastError(ERROR_BAD_LENGTH);
        return 0;
    }
    *ret_info = (MEMORY_BASIC_INFORMATION){ .BaseAddress = (void *)page,
                                            .RegionSize = PAGE,
                                            .State = MEM_COMMIT,
                                            .Protect = PAGE_READWRITE,
                                            .Type = MEM_PRIVATE };
    pthread_mutex_lock(&lock);
    const struct region *r = find(page);
    if (r) {
        size_t first = (page - r->base) / PAGE, i = first;
        while (i < r->n_pages && r->protections[i] == r->protections[first])
            i++;
        ret_info->AllocationBase = (void *)r->base;
        ret_info->AllocationProtect = r->protection;
        ret_info->RegionSize = (i - first) * PAGE;
        ret_info->State = r->protections[first] ? MEM_COMMIT : MEM_RESERVE;
        ret_info->Protect = r->protections[first];
    }
    pthread_mutex_unlock(&lock);
    return sizeof(*ret_info);
}
