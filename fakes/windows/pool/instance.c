/* SPDX-License-Identifier: MIT */
/* What a callback may ask of the pool while it runs (Learn: "Thread Pool API": callback clean-up
 * functions). */
#include "fakes/windows/last_error.h"
#include "fakes/windows/pool/pool.h"

/* In the order that the documentation of CallbackMayRunLong's relatives gives: lock, mutex,
 * semaphore, event, library. */
void instance_finish(PTP_CALLBACK_INSTANCE instance)
{
    if (instance->section)
        LeaveCriticalSection(instance->section);
    if (instance->mutex)
        ReleaseMutex(instance->mutex);
    if (instance->semaphore)
        ReleaseSemaphore(instance->semaphore, (LONG)instance->semaphore_count, NULL);
    if (instance->event)
        SetEvent(instance->event);
    if (instance->library)
        FreeLibrary(instance->library);
}

VOID WINAPI LeaveCriticalSectionWhenCallbackReturns(PTP_CALLBACK_INSTANCE instance,
                                                    CRITICAL_SECTION *section)
{
    instance->section = section;
}

VOID WINAPI ReleaseMutexWhenCallbackReturns(PTP_CALLBACK_INSTANCE instance, HANDLE mutex)
{
    instance->mutex = mutex;
}

VOID WINAPI ReleaseSemaphoreWhenCallbackReturns(PTP_CALLBACK_INSTANCE instance, HANDLE semaphore,
                                                DWORD count)
{
    instance->semaphore = semaphore;
    instance->semaphore_count = count;
}

VOID WINAPI SetEventWhenCallbackReturns(PTP_CALLBACK_INSTANCE instance, HANDLE event)
{
    instance->event = event;
}

VOID WINAPI FreeLibraryWhenCallbackReturns(PTP_CALLBACK_INSTANCE instance, HMODULE library)
{
    instance->library = library;
}

/* Nobody who waits for the object's callbacks waits for this one any more. */
VOID WINAPI DisassociateCurrentThreadFromCallback(PTP_CALLBACK_INSTANCE instance)
{
    pools_lock();
    if (instance->is_associated) {
        instance->is_associated = false;
        instance->object->n_running--;
        pthread_cond_broadcast(&instance->object->changed);
    }
    pools_unlock();
}

/* A thread is added whenever a call finds none, so a long one is in nobody's way. */
BOOL WINAPI CallbackMayRunLong(PTP_CALLBACK_INSTANCE instance)
{
    (void)instance;
    return TRUE;
}
