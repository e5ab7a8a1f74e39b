/* SPDX-License-Identifier: MIT */
/* Waits for objects or messages (Learn: "MsgWaitForMultipleObjects"). */
#include "fakes/windows/last_error.h"
#include "fakes/windows/wait.h"

/* Nothing here has a message queue: a wait for input waits for the objects alone. */
DWORD WINAPI MsgWaitForMultipleObjectsEx(DWORD count, const HANDLE *handles, DWORD timeout_ms,
                                         DWORD mask, DWORD flags)
{
    bool alertable = flags & MWMO_ALERTABLE;

    (void)mask;
    if (count >= MAXIMUM_WAIT_OBJECTS || (count && !handles)) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return WAIT_FAILED;
    }
    if (count)
        return WaitForMultipleObjectsEx(count, handles, flags & MWMO_WAITALL, timeout_ms,
                                        alertable);
    return SleepEx(timeout_ms, alertable) == WAIT_IO_COMPLETION ? WAIT_IO_COMPLETION : WAIT_TIMEOUT;
}

DWORD WINAPI MsgWaitForMultipleObjects(DWORD count, const HANDLE *handles, BOOL wait_all,
                                       DWORD timeout_ms, DWORD mask)
{
    return MsgWaitForMultipleObjectsEx(count, handles, timeout_ms, mask,
                                       wait_all ? MWMO_WAITALL : 0);
}
