/* SPDX-License-Identifier: MIT */
/* HeapAlloc, LocalAlloc, GlobalAlloc: all of it is malloc's, so that
 * checkers see each block (Learn: "Memory Management Functions"). Handles of movable blocks are the
 * blocks themselves. */
#include "fakes/windows/last_error.h"

#include <malloc.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static char process_heap; /* only its address is used */

HANDLE WINAPI GetProcessHeap(void)
{
    return &process_heap;
}

HANDLE WINAPI HeapCreate(DWORD flags, SIZE_T initial, SIZE_T maximum)
{
    (void)flags;
    (void)initial;
    (void)maximum;
    return malloc(1);
}

BOOL WINAPI HeapDestroy(HANDLE heap)
{
    if (heap != &process_heap)
        free(heap);
    return TRUE;
}

BOOL WINAPI HeapSetInformation(HANDLE heap, HEAP_INFORMATION_CLASS class, PVOID data, SIZE_T size)
{
    (void)heap;
    (void)class;
    (void)data;
    (void)size;
    return TRUE;
}

static void *allocate(SIZE_T size, bool zeroed)
{
    void *memory = zeroed ? calloc(1, size ? size : 1) : malloc(size ? size : 1);

    if (!memory)
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
    return memory;
}

static void *reallocate(void *old, SIZE_T size, bool zeroed)
{
    size_t before = old ? malloc_usable_size(old) : 0;
    char *memory = realloc(old, size ? size : 1);

    if (!memory)
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
    else if (zeroed && size > before)
        memset(memory + before, 0, size - before);
    return memory;
}

LPVOID WINAPI HeapAlloc(HANDLE heap, DWORD flags, SIZE_T size)
{
    (void)heap;
    return allocate(size, flags & HEAP_ZERO_MEMORY);
}

LPVOID WINAPI HeapReAlloc(HANDLE heap, DWORD flags, LPVOID old, SIZE_T size)
{
    (void)heap;
    return reallocate(old, size, flags & HEAP_ZERO_MEMORY);
}

BOOL WINAPI HeapFree(HANDLE heap, DWORD flags, LPVOID memory)
{
    (void)heap;
    (void)flags;
    free(memory);
    return TRUE;
}

/* The block may be a little larger than was asked for. */
SIZE_T WINAPI HeapSize(HANDLE heap, DWORD flags, LPCVOID memory)
{
    (void)heap;
    (void)flags;
    return malloc_usable_size((void *)(uintptr_t)memory);
}

HLOCAL WINAPI LocalAlloc(UINT flags, SIZE_T size)
{
    return allocate(size, flags & LMEM_ZEROINIT);
}

HLOCAL WINAPI LocalReAlloc(HLOCAL old, SIZE_T size, UINT flags)
{
    return reallocate(old, size, flags & LMEM_ZEROINIT);
}

HLOCAL WINAPI LocalFree(HLOCAL memory)
{
    free(memory);
    return NULL;
}

LPVOID WINAPI LocalLock(HLOCAL memory)
{
    return memory;
}

BOOL WINAPI LocalUnlock(HLOCAL memory)
{
    (void)memory;
    SetLastError(ERROR_SUCCESS);
    return FALSE; /* no longer locked: Learn: "LocalUnlock" */
}

HGLOBAL WINAPI GlobalAlloc(UINT flags, SIZE_T size)
{
    return allocate(size, flags & GMEM_ZEROINIT);
}

HGLOBAL WINAPI GlobalReAlloc(HGLOBAL old, SIZE_T size, UINT flags)
{
    return reallocate(old, size, flags & GMEM_ZEROINIT);
}

HGLOBAL WINAPI GlobalFree(HGLOBAL memory)
{
    free(memory);
    return NULL;
}

LPVOID WINAPI GlobalLock(HGLOBAL memory)
{
    return memory;
}

BOOL WINAPI GlobalUnlock(HGLOBAL memory)
{
    (void)memory;
    SetLastError(ERROR_SUCCESS);
    return FALSE;
}
