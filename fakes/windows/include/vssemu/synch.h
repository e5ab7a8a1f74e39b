/* SPDX-License-Identifier: MIT */
/* What Microsoft's headers have of synchronization and Wine's lack: the environment of thread pool
 * callbacks, barriers, further functions of the pool. */
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
