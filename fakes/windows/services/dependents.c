/* SPDX-License-Identifier: MIT */
/* Services that need another one (Learn: "EnumDependentServicesW"). Deviation: there are none; what
 * a service says it depends on is kept with its configuration and has no effect. */
#include "fakes/windows/last_error.h"
#include "fakes/windows/services/manager.h"

static BOOL none(SC_HANDLE handle, DWORD states, DWORD *ret_needed, DWORD *ret_n)
{
    auto_object struct object *object =
        handle_get((HANDLE)handle, &sc_service_class, SERVICE_ENUMERATE_DEPENDENTS);

    if (!object)
        return FALSE;
    if (!(states & SERVICE_STATE_ALL) || states & ~(DWORD)SERVICE_STATE_ALL)
        return win_fail(ERROR_INVALID_PARAMETER);
    *ret_needed = *ret_n = 0;
    return TRUE;
}

BOOL WINAPI EnumDependentServicesW(SC_HANDLE service, DWORD states, LPENUM_SERVICE_STATUSW buffer,
                                   DWORD size, LPDWORD ret_needed, LPDWORD ret_n)
{
    (void)buffer;
    (void)size;
    return none(service, states, ret_needed, ret_n);
}

BOOL WINAPI EnumDependentServicesA(SC_HANDLE service, DWORD states, LPENUM_SERVICE_STATUSA buffer,
                                   DWORD size, LPDWORD ret_needed, LPDWORD ret_n)
{
    (void)buffer;
    (void)size;
    return none(service, states, ret_needed, ret_n);
}
