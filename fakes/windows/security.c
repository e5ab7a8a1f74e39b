/* SPDX-License-Identifier: MIT */
/* Tokens, privileges and descriptors, as far as backup programs handle them (Learn: "Authorization
 * Functions"). Whoever runs is an administrator with every privilege; descriptors are kept and
 * never asked. */
#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/base/utf.h"
#include "fakes/windows/handle.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/process.h"

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

static void token_destroy(struct object *object)
{
    free(object);
}

static bool token_is_signaled(struct object *object, DWORD thread_id)
{
    (void)object;
    (void)thread_id;
    return false;
}

static const struct object_class token_class = {
    .name = "token",
    .is_signaled = token_is_signaled,
    .destroy = token_destroy,
};

BOOL WINAPI OpenProcessToken(HANDLE process, DWORD access, HANDLE *ret_token)
{
    auto_object struct object *object = handle_get(process, &process_class, 0);

    if (!object)
        return FALSE;
    struct object *token = mem_new(struct object);
    object_init(token, &token_class);
    *ret_token = handle_new(token, access);
    return TRUE;
}

/* No thread impersonates anybody. */
BOOL WINAPI OpenThreadToken(HANDLE thread, DWORD access, BOOL as_self, HANDLE *ret_token)
{
    (void)thread;
    (void)access;
    (void)as_self;
    *ret_token = NULL;
    return win_fail(ERROR_NO_TOKEN);
}

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

/* Learn: "AdjustTokenPrivileges": answers TRUE and ERROR_NOT_ALL_ASSIGNED for one that is
 * unknown. */
BOOL WINAPI AdjustTokenPrivileges(HANDLE handle, BOOL disable_all, PTOKEN_PRIVILEGES fresh,
                                  DWORD size, PTOKEN_PRIVILEGES ret_previous, PDWORD ret_size)
{
    auto_object struct object *object = handle_get(handle, &token_class, TOKEN_ADJUST_PRIVILEGES);
    DWORD error = ERROR_SUCCESS;

    (void)size;
    if (!object)
        return FALSE;
    for (DWORD i = 0; !disable_all && fresh && i < fresh->PrivilegeCount; i++) {
        if (!is_privilege(&fresh->Privileges[i].Luid))
            error = ERROR_NOT_ALL_ASSIGNED;
    }
    if (ret_previous)
        ret_previous->PrivilegeCount = 0;
    if (ret_size)
        *ret_size = sizeof(DWORD);
    SetLastError(error);
    return TRUE;
}

BOOL WINAPI CheckTokenMembership(HANDLE token, PSID sid, PBOOL ret_is_member)
{
    (void)token;
    (void)sid;
    *ret_is_member = TRUE;
    return TRUE;
}

/* ---- descriptors ---- */

BOOL WINAPI InitializeSecurityDescriptor(PSECURITY_DESCRIPTOR descriptor, DWORD revision)
{
    if (revision != SECURITY_DESCRIPTOR_REVISION)
        return win_fail(ERROR_UNKNOWN_REVISION);
    *(SECURITY_DESCRIPTOR *)descriptor = (SECURITY_DESCRIPTOR){ .Revision = (BYTE)revision };
    return TRUE;
}

BOOL WINAPI SetSecurityDescriptorDacl(PSECURITY_DESCRIPTOR descriptor, BOOL present, PACL dacl,
                                      BOOL defaulted)
{
    SECURITY_DESCRIPTOR *sd = descriptor;

    sd->Control &= (WORD) ~(SE_DACL_PRESENT | SE_DACL_DEFAULTED);
    if (present)
        sd->Control |= SE_DACL_PRESENT;
    if (present && defaulted)
        sd->Control |= SE_DACL_DEFAULTED;
    sd->Dacl = present ? dacl : NULL;
    return TRUE;
}

BOOL WINAPI SetSecurityDescriptorOwner(PSECURITY_DESCRIPTOR descriptor, PSID owner, BOOL defaulted)
{
    (void)defaulted;
    ((SECURITY_DESCRIPTOR *)descriptor)->Owner = owner;
    return TRUE;
}

BOOL WINAPI SetSecurityDescriptorGroup(PSECURITY_DESCRIPTOR descriptor, PSID group, BOOL defaulted)
{
    (void)defaulted;
    ((SECURITY_DESCRIPTOR *)descriptor)->Group = group;
    return TRUE;
}

BOOL WINAPI IsValidSecurityDescriptor(PSECURITY_DESCRIPTOR descriptor)
{
    return descriptor &&
           ((SECURITY_DESCRIPTOR *)descriptor)->Revision == SECURITY_DESCRIPTOR_REVISION;
}

/* ---- security identifiers ---- */

static DWORD sid_size(unsigned n_sub_authorities)
{
    return (DWORD)(offsetof(SID, SubAuthority) + n_sub_authorities * sizeof(DWORD));
}

BOOL WINAPI AllocateAndInitializeSid(PSID_IDENTIFIER_AUTHORITY authority, BYTE n, DWORD s0,
                                     DWORD s1, DWORD s2, DWORD s3, DWORD s4, DWORD s5, DWORD s6,
                                     DWORD s7, PSID *ret_sid)
{
    const DWORD all[] = { s0, s1, s2, s3, s4, s5, s6, s7 };

    if (n > 8)
        return win_fail(ERROR_INVALID_SID);
    SID *sid = mem_alloc(sid_size(8));
    sid->Revision = SID_REVISION;
    sid->SubAuthorityCount = n;
    sid->IdentifierAuthority = *authority;
    memcpy(sid->SubAuthority, all, n * sizeof(DWORD));
    *ret_sid = sid;
    return TRUE;
}

PVOID WINAPI FreeSid(PSID sid)
{
    free(sid);
    return NULL;
}

DWORD WINAPI GetLengthSid(PSID sid)
{
    return sid_size(((SID *)sid)->SubAuthorityCount);
}

BOOL WINAPI IsValidSid(PSID sid)
{
    return sid && ((SID *)sid)->Revision == SID_REVISION && ((SID *)sid)->SubAuthorityCount <= 15;
}

BOOL WINAPI EqualSid(PSID a, PSID b)
{
    return GetLengthSid(a) == GetLengthSid(b) && memcmp(a, b, GetLengthSid(a)) == 0;
}
