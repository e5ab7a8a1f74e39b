/* SPDX-License-Identifier: MIT */
/* See slots.h (Learn: "Thread Local Storage", "FlsAlloc"). */
#include "fakes/windows/slots.h"

#include "emu/base/mem.h"
#include "fakes/windows/last_error.h"

#include <stdlib.h>

#define N_TLS (TLS_MINIMUM_AVAILABLE + 1024)
#define N_FLS 4080 /* Windows: 128 until version 1903 */

/* One kind of slots. */
struct slot_kind {
    DWORD n;
    DWORD first; /* Windows: FLS 0 is never given out */
    BYTE is_taken[N_FLS];
    PFLS_CALLBACK_FUNCTION callbacks[N_FLS];
    size_t place; /* of the values, in struct thread */
};

static struct slot_kind tls = { .n = N_TLS, .place = offsetof(struct thread, slots) };
static struct slot_kind fls = { .n = N_FLS,
                                .first = 1,
                                .place = offsetof(struct thread, fiber_slots) };

static void ***values_of(const struct slot_kind *kind, struct thread *thread)
{
    return (void ***)(void *)((char *)thread + kind->place);
}

static DWORD slot_alloc(struct slot_kind *kind, PFLS_CALLBACK_FUNCTION callback)
{
    DWORD slot = kind->first;

    objects_lock();
    while (slot < kind->n && kind->is_taken[slot])
        slot++;
    if (slot < kind->n) {
        kind->is_taken[slot] = 1;
        kind->callbacks[slot] = callback;
    }
    objects_unlock();
    if (slot < kind->n)
        return slot;
    SetLastError(ERROR_NO_MORE_ITEMS);
    return TLS_OUT_OF_INDEXES;
}

/* The next thread whose value must be given to a callback: takes the value away. */
static void *take_value(struct slot_kind *kind, DWORD slot)
{
    void *value = NULL;

    objects_lock();
    list_each (struct thread, thread, threads_list(), link) {
        void **values = *values_of(kind, thread);
        if (!values || !values[slot])
            continue;
        value = values[slot];
        values[slot] = NULL;
        break;
    }
    objects_unlock();
    return value;
}

static BOOL slot_free(struct slot_kind *kind, DWORD slot)
{
    void *value;

    if (slot >= kind->n)
        return win_fail(ERROR_INVALID_PARAMETER);
    objects_lock();
    bool was_taken = kind->is_taken[slot];
    PFLS_CALLBACK_FUNCTION callback = kind->callbacks[slot];
    objects_unlock();
    if (!was_taken)
        return win_fail(ERROR_INVALID_PARAMETER);
    while ((value = take_value(kind, slot))) {
        if (callback)
            callback(value);
    }
    objects_lock();
    kind->is_taken[slot] = 0;
    kind->callbacks[slot] = NULL;
    objects_unlock();
    return TRUE;
}

static void *slot_get(struct slot_kind *kind, DWORD slot)
{
    void **values = *values_of(kind, thread_current());

    if (slot >= kind->n || slot < kind->first) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    SetLastError(ERROR_SUCCESS);
    return values ? values[slot] : NULL;
}

static BOOL slot_set(struct slot_kind *kind, DWORD slot, void *value)
{
    void ***values = values_of(kind, thread_current());

    if (slot >= kind->n || slot < kind->first)
        return win_fail(ERROR_INVALID_PARAMETER);
    if (!*values) {
        void **fresh = mem_alloc(kind->n * sizeof(void *));
        objects_lock();
        *values = fresh;
        objects_unlock();
    }
    (*values)[slot] = value;
    return TRUE;
}

/* The next value of the thread from that slot on, taken away; NULL: there is none. */
static void *take_own_value(struct thread *thread, DWORD *slot,
                            PFLS_CALLBACK_FUNCTION *ret_callback)
{
    void *value = NULL;

    objects_lock();
    for (; !value && *slot < N_FLS; ++*slot) {
        value = thread->fiber_slots[*slot];
        *ret_callback = fls.callbacks[*slot];
        thread->fiber_slots[*slot] = NULL;
    }
    objects_unlock();
    return value;
}

static void call_back_all(struct thread *thread)
{
    PFLS_CALLBACK_FUNCTION callback = NULL;
    DWORD slot = 0;
    void *value;

    while ((value = take_own_value(thread, &slot, &callback))) {
        if (callback)
            callback(value);
    }
}

void slots_end_thread(struct thread *thread)
{
    if (thread->fiber_slots)
        call_back_all(thread);
    objects_lock();
    void **slots = thread->slots, **fiber_slots = thread->fiber_slots;
    thread->slots = thread->fiber_slots = NULL;
    objects_unlock();
    free(slots);
    free(fiber_slots);
}

DWORD WINAPI TlsAlloc(void)
{
    return slot_alloc(&tls, NULL);
}

BOOL WINAPI TlsFree(DWORD slot)
{
    return slot_free(&tls, slot);
}

LPVOID WINAPI TlsGetValue(DWORD slot)
{
    return slot_get(&tls, slot);
}

BOOL WINAPI TlsSetValue(DWORD slot, LPVOID value)
{
    return slot_set(&tls, slot, value);
}

DWORD WINAPI FlsAlloc(PFLS_CALLBACK_FUNCTION callback)
{
    return slot_alloc(&fls, callback);
}

BOOL WINAPI FlsFree(DWORD slot)
{
    return slot_free(&fls, slot);
}

PVOID WINAPI FlsGetValue(DWORD slot)
{
    return slot_get(&fls, slot);
}

BOOL WINAPI FlsSetValue(DWORD slot, PVOID value)
{
    return slot_set(&fls, slot, value);
}

/* Learn: "IsThreadAFiber": nothing here is one. */
BOOL WINAPI IsThreadAFiber(void)
{
    return FALSE;
}
