/* SPDX-License-Identifier: MIT */
/* Privileges: their names, and which are enabled (Learn: "Privileges", "Privilege Constants"). */
#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/base/utf.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/security/accounts.h"
#include "fakes/windows/security/token.h"
#include "fakes/windows/wide.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static const char *const privileges[] = {
    /* from SE_CREATE_TOKEN_PRIVILEGE, 2, upwards */
    "SeCreateTokenPrivilege",
    "SeAssignPrimaryTokenPrivilege",
    "SeLockMemoryPrivilege",
    "SeIncreaseQuotaPrivilege",
    "SeMachineAccountPrivilege",
    "SeTcbPrivilege",
    "SeSecurityPrivilege",
    "SeTakeOwnershipPrivilege",
    "SeLoadDriverPrivilege",
    "SeSystemProfilePrivilege",
    "SeSystemtimePrivilege",
    "SeProfileSingleProcessPrivilege",
    "SeIncreaseBasePriorityPrivilege",
    "SeCreatePagefilePrivilege",
    "SeCreatePermanentPrivilege",
    "SeBackupPrivilege",
    "SeRestorePrivilege",
    "SeShutdownPrivilege",
    "SeDebugPrivilege",
    "SeAuditPrivilege",
    "SeSystemEnvironmentPrivilege",
    "SeChangeNotifyPrivilege",
    "SeRemoteShutdownPrivilege",
    "SeUndockPrivilege",
    "SeSyncAgentPrivilege",
    "SeEnableDelegationPrivilege",
    "SeManageVolumePrivilege",
    "SeImpersonatePrivilege",
    "SeCreateGlobalPrivilege",
};
#define FIRST_PRIVILEGE 2
#define N_PRIVILEGES    (sizeof(privileges) / sizeof(privileges[0]))
/* SeChangeNotify, SeImpersonate, SeCreateGlobal: what an administrator's are at first. */
#define ENABLED_AT_FIRST (1u << 21 | 1u << 27 | 1u << 28)

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static uint32_t enabled = ENABLED_AT_FIRST, removed; /* bits: places in the table */

BOOL WINAPI LookupPrivilegeValueA(LPCSTR system, LPCSTR name, PLUID ret_luid)
{
    (void)system;
    for (size_t i = 0; name && i < N_PRIVILEGES; i++) {
        if (str_is_equal_nocase(privileges[i], name)) {
            *ret_luid = (LUID){ .LowPart = (DWORD)i + FIRST_PRIVILEGE };
            return TRUE;
        }
    }
    return win_fail(ERROR_NO_SUCH_PRIVILEGE);
}

BOOL WINAPI LookupPrivilegeValueW(LPCWSTR system, LPCWSTR name, PLUID ret_luid)
{
    auto_free char *utf8 = utf8_from_utf16((const uint16_t *)name);

    (void)system;
    return LookupPrivilegeValueA(NULL, utf8, ret_luid);
}

static bool is_privilege(const LUID *luid)
{
    return !luid->HighPart && luid->LowPart >= FIRST_PRIVILEGE &&
           luid->LowPart < FIRST_PRIVILEGE + N_PRIVILEGES;
}

static const char *privilege_name(const LUID *luid)
{
    return is_privilege(luid) ? privileges[luid->LowPart - FIRST_PRIVILEGE] : NULL;
}

BOOL WINAPI LookupPrivilegeNameW(LPCWSTR system, PLUID luid, LPWSTR buffer, LPDWORD size)
{
    const char *name = privilege_name(luid);

    (void)system;
    if (!name)
        return win_fail(ERROR_NO_SUCH_PRIVILEGE);
    if (!buffer || *size <= strlen(name)) {
        *size = (DWORD)strlen(name) + 1;
        return win_fail(ERROR_INSUFFICIENT_BUFFER);
    }
    *size = wide_fill(name, buffer, *size);
    return TRUE;
}

BOOL WINAPI LookupPrivilegeNameA(LPCSTR system, PLUID luid, LPSTR buffer, LPDWORD size)
{
    const char *name = privilege_name(luid);

    (void)system;
    if (!name)
        return win_fail(ERROR_NO_SUCH_PRIVILEGE);
    if (!buffer || *size <= strlen(name)) {
        *size = (DWORD)strlen(name) + 1;
        return win_fail(ERROR_INSUFFICIENT_BUFFER);
    }
    *size = narrow_fill(name, buffer, *size);
    return TRUE;
}

static DWORD attributes_of(unsigned place)
{
    return (enabled >> place & 1 ? SE_PRIVILEGE_ENABLED : 0) |
           (ENABLED_AT_FIRST >> place & 1 ? SE_PRIVILEGE_ENABLED_BY_DEFAULT : 0);
}

bool privilege_is_enabled(const char *name)
{
    LUID luid;

    return LookupPrivilegeValueA(NULL, name, &luid) &&
           enabled >> (luid.LowPart - FIRST_PRIVILEGE) & 1;
}

static void set_attributes(unsigned place, DWORD attributes)
{
    uint32_t bit = UINT32_C(1) << place;

    if (attributes & SE_PRIVILEGE_REMOVED)
        removed |= bit;
    enabled =
        attributes & SE_PRIVILEGE_ENABLED && !(removed & bit) ? enabled | bit : enabled & ~bit;
}

/* The changes that are asked for; what changed goes into *changed as it was. Learn:
 * "AdjustTokenPrivileges": succeeds with ERROR_NOT_ALL_ASSIGNED when the token lacks one. */
static DWORD adjust(BOOL disable_all, const TOKEN_PRIVILEGES *fresh, LUID_AND_ATTRIBUTES *changed,
                    DWORD *ret_n)
{
    DWORD error = ERROR_SUCCESS, n = disable_all ? N_PRIVILEGES : fresh ? fresh->PrivilegeCount : 0;

    *ret_n = 0;
    for (DWORD i = 0; i < n; i++) {
        LUID luid =
            disable_all ? (LUID){ .LowPart = i + FIRST_PRIVILEGE } : fresh->Privileges[i].Luid;
        DWORD attributes = disable_all ? 0 : fresh->Privileges[i].Attributes;
        unsigned place = luid.LowPart - FIRST_PRIVILEGE;

        if (!is_privilege(&luid) || removed >> place & 1) {
            error = disable_all ? error : ERROR_NOT_ALL_ASSIGNED;
            continue;
        }
        DWORD old = attributes_of(place);
        set_attributes(place, attributes);
        if (old != attributes_of(place) && *ret_n < N_PRIVILEGES)
            changed[(*ret_n)++] = (LUID_AND_ATTRIBUTES){ luid, old };
    }
    return error;
}

BOOL WINAPI AdjustTokenPrivileges(HANDLE handle, BOOL disable_all, PTOKEN_PRIVILEGES fresh,
                                  DWORD size, PTOKEN_PRIVILEGES ret_previous, PDWORD ret_size)
{
    auto_object struct object *object = handle_get(handle, &token_class, TOKEN_ADJUST_PRIVILEGES);
    LUID_AND_ATTRIBUTES changed[N_PRIVILEGES];
    DWORD n;

    if (!object)
        return FALSE;
    if (!disable_all && !fresh)
        return win_fail(ERROR_INVALID_PARAMETER);
    DWORD most = disable_all ? N_PRIVILEGES : fresh->PrivilegeCount;
    DWORD need = (DWORD)(offsetof(TOKEN_PRIVILEGES, Privileges) + most * sizeof(changed[0]));
    if (ret_previous && size < need) {
        if (ret_size)
            *ret_size = need;
        return win_fail(ERROR_INSUFFICIENT_BUFFER);
    }
    pthread_mutex_lock(&lock);
    DWORD error = adjust(disable_all, fresh, changed, &n);
    pthread_mutex_unlock(&lock);
    if (ret_previous) {
        ret_previous->PrivilegeCount = n;
        memcpy(ret_previous->Privileges, changed, n * sizeof(changed[0]));
    }
    if (ret_size)
        *ret_size = (DWORD)(offsetof(TOKEN_PRIVILEGES, Privileges) + n * sizeof(changed[0]));
    SetLastError(error);
    return TRUE;
}

BOOL WINAPI PrivilegeCheck(HANDLE handle, PPRIVILEGE_SET set, LPBOOL ret_result)
{
    auto_object struct object *object = handle_get(handle, &token_class, TOKEN_QUERY);
    DWORD n_held = 0;

    if (!object)
        return FALSE;
    for (DWORD i = 0; i < set->PrivilegeCount; i++) {
        const LUID *luid = &set->Privilege[i].Luid;
        if (is_privilege(luid) && enabled >> (luid->LowPart - FIRST_PRIVILEGE) & 1) {
            set->Privilege[i].Attributes |= SE_PRIVILEGE_USED_FOR_ACCESS;
            n_held++;
        }
    }
    *ret_result =
        set->Control & PRIVILEGE_SET_ALL_NECESSARY ? n_held == set->PrivilegeCount : n_held > 0;
    return TRUE;
}

size_t privileges_held(LUID_AND_ATTRIBUTES ret[PRIVILEGES_AT_MOST])
{
    size_t n = 0;

    _Static_assert(N_PRIVILEGES <= PRIVILEGES_AT_MOST, "all of them fit");
    pthread_mutex_lock(&lock);
    for (unsigned i = 0; i < N_PRIVILEGES; i++) {
        if (!(removed >> i & 1))
            ret[n++] = (LUID_AND_ATTRIBUTES){ { i + FIRST_PRIVILEGE, 0 }, attributes_of(i) };
    }
    pthread_mutex_unlock(&lock);
    return n;
}
