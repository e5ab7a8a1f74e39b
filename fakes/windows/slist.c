/* SPDX-License-Identifier: MIT */
/* Singly linked lists that many threads push to and pop from (Learn: "Interlocked Singly Linked
 * Lists"). One lock guards all of them: what stands in a header is a count and a pointer. */
#include "emu/include/vssemu_types.h"

#include <pthread.h>
#include <stdint.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

#define FIRST(header) ((PSLIST_ENTRY)(uintptr_t)(header)->Region)
#define COUNT(header) ((header)->Alignment)

static void set_first(PSLIST_HEADER header, PSLIST_ENTRY entry)
{
    header->Region = (uintptr_t)entry;
}

VOID WINAPI InitializeSListHead(PSLIST_HEADER header)
{
    set_first(header, NULL);
    COUNT(header) = 0;
}

/* Answers what was the first before. */
PSLIST_ENTRY WINAPI InterlockedPushEntrySList(PSLIST_HEADER header, PSLIST_ENTRY entry)
{
    pthread_mutex_lock(&lock);
    PSLIST_ENTRY previous = FIRST(header);
    entry->Next = previous;
    set_first(header, entry);
    COUNT(header)++;
    pthread_mutex_unlock(&lock);
    return previous;
}

PSLIST_ENTRY WINAPI InterlockedPopEntrySList(PSLIST_HEADER header)
{
    pthread_mutex_lock(&lock);
    PSLIST_ENTRY entry = FIRST(header);
    if (entry) {
        set_first(header, entry->Next);
        COUNT(header)--;
    }
    pthread_mutex_unlock(&lock);
    return entry;
}

PSLIST_ENTRY WINAPI InterlockedFlushSList(PSLIST_HEADER header)
{
    pthread_mutex_lock(&lock);
    PSLIST_ENTRY entry = FIRST(header);
    set_first(header, NULL);
    COUNT(header) = 0;
    pthread_mutex_unlock(&lock);
    return entry;
}

USHORT WINAPI QueryDepthSList(PSLIST_HEADER header)
{
    pthread_mutex_lock(&lock);
    USHORT count = (USHORT)COUNT(header);
    pthread_mutex_unlock(&lock);
    return count;
}
