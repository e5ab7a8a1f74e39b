/* SPDX-License-Identifier: MIT */
/* Security descriptors as programs make them, and identifiers put together by hand (Learn:
 * "Authorization Functions"). Descriptors are kept and never asked. */
#include "emu/base/mem.h"
#include "emu/include/vssemu_types.h"
#include "fakes/windows/last_error.h"

#include <stdlib.h>
#include <string.h>

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
