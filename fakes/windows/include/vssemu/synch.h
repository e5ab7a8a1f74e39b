/* SPDX-License-Identifier: MIT */
/* What Microsoft's headers have of synchronization and Wine's lack: the environment of thread pool
 * callbacks, barriers, further functions of the pool, and the rest of the Interlocked family. */
#pragma once

#ifdef __cplusplus
extern "C" {
#endif

/* ---- thread pools ---- */

BOOL WINAPI CallbackMayRunLong(PTP_CALLBACK_INSTANCE instance);
BOOL WINAPI SetThreadpoolTimerEx(PTP_TIMER timer, PFILETIME due, DWORD period, DWORD window);
BOOL WINAPI SetThreadpoolWaitEx(PTP_WAIT wait, HANDLE handle, PFILETIME timeout, PVOID reserved);

static inline VOID InitializeThreadpoolEnvironment(PTP_CALLBACK_ENVIRON environment)
{
    memset(environment, 0, sizeof(*environment));
    environment->Version = 1;
}
static inline VOID DestroyThreadpoolEnvironment(PTP_CALLBACK_ENVIRON environment)
{
    (void)environment;
}
static inline VOID SetThreadpoolCallbackPool(PTP_CALLBACK_ENVIRON environment, PTP_POOL pool)
{
    environment->Pool = pool;
}
static inline VOID SetThreadpoolCallbackCleanupGroup(PTP_CALLBACK_ENVIRON environment,
                                                     PTP_CLEANUP_GROUP group,
                                                     PTP_CLEANUP_GROUP_CANCEL_CALLBACK cancel)
{
    environment->CleanupGroup = group;
    environment->CleanupGroupCancelCallback = cancel;
}
static inline VOID SetThreadpoolCallbackRunsLong(PTP_CALLBACK_ENVIRON environment)
{
    environment->u.s.LongFunction = 1;
}
static inline VOID SetThreadpoolCallbackPersistent(PTP_CALLBACK_ENVIRON environment)
{
    environment->u.s.Persistent = 1;
}
static inline VOID SetThreadpoolCallbackLibrary(PTP_CALLBACK_ENVIRON environment, PVOID module)
{
    environment->RaceDll = module;
}
/* Wine's structure is the first version, without a member for it: its private bits have room. */
static inline VOID SetThreadpoolCallbackPriority(PTP_CALLBACK_ENVIRON environment,
                                                 TP_CALLBACK_PRIORITY priority)
{
    environment->u.s.Private = (DWORD)priority + 1;
}

/* ---- barriers ---- */

typedef struct _RTL_BARRIER {
    DWORD Reserved1;
    DWORD Reserved2;
    ULONG_PTR Reserved3[2];
    DWORD Reserved4;
    DWORD Reserved5;
} RTL_BARRIER, *PRTL_BARRIER;
typedef RTL_BARRIER SYNCHRONIZATION_BARRIER;
typedef PRTL_BARRIER PSYNCHRONIZATION_BARRIER, LPSYNCHRONIZATION_BARRIER;

#define SYNCHRONIZATION_BARRIER_FLAGS_SPIN_ONLY  0x01
#define SYNCHRONIZATION_BARRIER_FLAGS_BLOCK_ONLY 0x02
#define SYNCHRONIZATION_BARRIER_FLAGS_NO_DELETE  0x04

BOOL WINAPI InitializeSynchronizationBarrier(LPSYNCHRONIZATION_BARRIER barrier, LONG threads,
                                             LONG spins);
BOOL WINAPI EnterSynchronizationBarrier(LPSYNCHRONIZATION_BARRIER barrier, DWORD flags);
BOOL WINAPI DeleteSynchronizationBarrier(LPSYNCHRONIZATION_BARRIER barrier);

#ifdef __cplusplus
}
#endif

/* ---- Interlocked ---- */

#define VSSEMU_INTERLOCKED(type, name, operation)                 \
    static inline type name(type volatile *to, type value)        \
    {                                                             \
        return __atomic_##operation(to, value, __ATOMIC_SEQ_CST); \
    }
#define VSSEMU_COMPARE(type, name)                                         \
    static inline type name(type volatile *to, type value, type comparand) \
    {                                                                      \
        return __sync_val_compare_and_swap(to, comparand, value);          \
    }
VSSEMU_INTERLOCKED(LONGLONG, InterlockedExchange64, exchange_n)
VSSEMU_INTERLOCKED(SHORT, InterlockedExchange16, exchange_n)
VSSEMU_INTERLOCKED(CHAR, InterlockedExchange8, exchange_n)
VSSEMU_INTERLOCKED(SHORT, InterlockedAnd16, fetch_and)
VSSEMU_INTERLOCKED(SHORT, InterlockedOr16, fetch_or)
VSSEMU_INTERLOCKED(SHORT, InterlockedXor16, fetch_xor)
VSSEMU_INTERLOCKED(CHAR, InterlockedAnd8, fetch_and)
VSSEMU_INTERLOCKED(CHAR, InterlockedOr8, fetch_or)
VSSEMU_INTERLOCKED(CHAR, InterlockedXor8, fetch_xor)
VSSEMU_COMPARE(SHORT, InterlockedCompareExchange16)
#undef VSSEMU_INTERLOCKED
#undef VSSEMU_COMPARE

static inline ULONG InterlockedExchangeSubtract(ULONG volatile *to, ULONG value)
{
    return __atomic_fetch_sub(to, value, __ATOMIC_SEQ_CST);
}
static inline BOOLEAN InterlockedBitTestAndSet(LONG volatile *base, LONG bit)
{
    LONG mask = (LONG)(1u << (bit & 31));

    return (__atomic_fetch_or(base + (bit >> 5), mask, __ATOMIC_SEQ_CST) & mask) != 0;
}
static inline BOOLEAN InterlockedBitTestAndReset(LONG volatile *base, LONG bit)
{
    LONG mask = (LONG)(1u << (bit & 31));

    return (__atomic_fetch_and(base + (bit >> 5), ~mask, __ATOMIC_SEQ_CST) & mask) != 0;
}
static inline BOOLEAN InterlockedBitTestAndComplement(LONG volatile *base, LONG bit)
{
    LONG mask = (LONG)(1u << (bit & 31));

    return (__atomic_fetch_xor(base + (bit >> 5), mask, __ATOMIC_SEQ_CST) & mask) != 0;
}

/* Acquire, release and none: the full fence is never wrong. */
#define InterlockedAddAcquire                    InterlockedAdd
#define InterlockedAddRelease                    InterlockedAdd
#define InterlockedAddNoFence                    InterlockedAdd
#define InterlockedAndAcquire                    InterlockedAnd
#define InterlockedAndRelease                    InterlockedAnd
#define InterlockedAndNoFence                    InterlockedAnd
#define InterlockedOrAcquire                     InterlockedOr
#define InterlockedOrRelease                     InterlockedOr
#define InterlockedOrNoFence                     InterlockedOr
#define InterlockedXorAcquire                    InterlockedXor
#define InterlockedXorRelease                    InterlockedXor
#define InterlockedXorNoFence                    InterlockedXor
#define InterlockedIncrementAcquire              InterlockedIncrement
#define InterlockedIncrementRelease              InterlockedIncrement
#define InterlockedIncrementNoFence              InterlockedIncrement
#define InterlockedDecrementAcquire              InterlockedDecrement
#define InterlockedDecrementRelease              InterlockedDecrement
#define InterlockedDecrementNoFence              InterlockedDecrement
#define InterlockedIncrementAcquire64            InterlockedIncrement64
#define InterlockedIncrementNoFence64            InterlockedIncrement64
#define InterlockedDecrementRelease64            InterlockedDecrement64
#define InterlockedDecrementNoFence64            InterlockedDecrement64
#define InterlockedExchangeAcquire               InterlockedExchange
#define InterlockedExchangeNoFence               InterlockedExchange
#define InterlockedExchangeAcquire64             InterlockedExchange64
#define InterlockedExchangeNoFence64             InterlockedExchange64
#define InterlockedExchangeAddAcquire            InterlockedExchangeAdd
#define InterlockedExchangeAddRelease            InterlockedExchangeAdd
#define InterlockedExchangeAddNoFence            InterlockedExchangeAdd
#define InterlockedExchangeAddNoFence64          InterlockedExchangeAdd64
#define InterlockedExchangePointerAcquire        InterlockedExchangePointer
#define InterlockedExchangePointerNoFence        InterlockedExchangePointer
#define InterlockedCompareExchangeAcquire        InterlockedCompareExchange
#define InterlockedCompareExchangeRelease        InterlockedCompareExchange
#define InterlockedCompareExchangeNoFence        InterlockedCompareExchange
#define InterlockedCompareExchangeAcquire64      InterlockedCompareExchange64
#define InterlockedCompareExchangeRelease64      InterlockedCompareExchange64
#define InterlockedCompareExchangeNoFence64      InterlockedCompareExchange64
#define InterlockedCompareExchangePointerAcquire InterlockedCompareExchangePointer
#define InterlockedCompareExchangePointerRelease InterlockedCompareExchangePointer
#define InterlockedCompareExchangePointerNoFence InterlockedCompareExchangePointer
