/* SPDX-License-Identifier: MIT */
/* Access control lists and what descriptors say (Learn: "Access Control Lists"). Lists are built
 * and read; nothing in this world is refused by one. */
#include "emu/include/vssemu_types.h"
#include "fakes/windows/last_error.h"

#include <stdbool.h>
#include <string.h>

static BYTE *end_of(const ACL *acl)
{
    BYTE *at = (BYTE *)(acl + 1);

    for (WORD i = 0; i < acl->AceCount; i++)
        at += ((ACE_HEADER *)at)->AceSize;
    return at;
}

BOOL WINAPI IsValidAcl(PACL acl)
{
    const BYTE *at = (BYTE *)(acl + 1), *end = (BYTE *)acl + (acl ? acl->AclSize : 0);

    if (!acl || acl->AclRevision < MIN_ACL_REVISION || acl->AclRevision > MAX_ACL_REVISION)
        return FALSE;
    for (WORD i = 0; i < acl->AceCount; i++) {
        if (at + sizeof(ACE_HEADER) > end || at + ((ACE_HEADER *)at)->AceSize > end)
            return FALSE;
        at += ((ACE_HEADER *)at)->AceSize;
    }
    return TRUE;
}

BOOL WINAPI InitializeAcl(PACL acl, DWORD size, DWORD revision)
{
    if (revision < MIN_ACL_REVISION || revision > MAX_ACL_REVISION || size > 0xFFFF)
        return win_fail(ERROR_INVALID_PARAMETER);
    if (size < sizeof(ACL))
        return win_fail(ERROR_INSUFFICIENT_BUFFER);
    memset(acl, 0, sizeof(*acl));
    acl->AclRevision = (BYTE)revision;
    acl->AclSize = (WORD)(size & ~3u);
    return TRUE;
}

/* All simple kinds of entries look alike. */
static BOOL add_ace(PACL acl, DWORD revision, BYTE type, DWORD flags, DWORD mask, PSID sid)
{
    if (!IsValidSid(sid))
        return win_fail(ERROR_INVALID_SID);
    if (!IsValidAcl(acl))
        return win_fail(ERROR_INVALID_ACL);
    if (revision > MAX_ACL_REVISION || acl->AclRevision > MAX_ACL_REVISION)
        return win_fail(ERROR_REVISION_MISMATCH);
    BYTE *end = end_of(acl);
    size_t size = offsetof(ACCESS_ALLOWED_ACE, SidStart) + GetLengthSid(sid);
    if (end + size > (BYTE *)acl + acl->AclSize)
        return win_fail(ERROR_ALLOTTED_SPACE_EXCEEDED);
    ACCESS_ALLOWED_ACE *ace = (ACCESS_ALLOWED_ACE *)end;
    ace->Header = (ACE_HEADER){ type, (BYTE)flags, (WORD)size };
    ace->Mask = mask;
    memcpy(&ace->SidStart, sid, GetLengthSid(sid));
    acl->AceCount++;
    if (revision > acl->AclRevision)
        acl->AclRevision = (BYTE)revision;
    return TRUE;
}

BOOL WINAPI AddAccessAllowedAce(PACL acl, DWORD revision, DWORD mask, PSID sid)
{
    return add_ace(acl, revision, ACCESS_ALLOWED_ACE_TYPE, 0, mask, sid);
}

BOOL WINAPI AddAccessAllowedAceEx(PACL acl, DWORD revision, DWORD flags, DWORD mask, PSID sid)
{
    return add_ace(acl, revision, ACCESS_ALLOWED_ACE_TYPE, flags, mask, sid);
}

BOOL WINAPI AddAccessDeniedAce(PACL acl, DWORD revision, DWORD mask, PSID sid)
{
    return add_ace(acl, revision, ACCESS_DENIED_ACE_TYPE, 0, mask, sid);
}

BOOL WINAPI AddAccessDeniedAceEx(PACL acl, DWORD revision, DWORD flags, DWORD mask, PSID sid)
{
    return add_ace(acl, revision, ACCESS_DENIED_ACE_TYPE, flags, mask, sid);
}

BOOL WINAPI GetAce(PACL acl, DWORD i, LPVOID *ret_ace)
{
    BYTE *at = (BYTE *)(acl + 1);

    if (i >= acl->AceCount)
        return win_fail(ERROR_INVALID_PARAMETER);
    while (i--)
        at += ((ACE_HEADER *)at)->AceSize;
    *ret_ace = at;
    return TRUE;
}

BOOL WINAPI DeleteAce(PACL acl, DWORD i)
{
    LPVOID ace;
    BYTE *end = end_of(acl);

    if (!GetAce(acl, i, &ace))
        return FALSE;
    BYTE *next = (BYTE *)ace + ((ACE_HEADER *)ace)->AceSize;
    memmove(ace, next, (size_t)(end - next));
    acl->AceCount--;
    return TRUE;
}

BOOL WINAPI GetAclInformation(PACL acl, LPVOID buffer, DWORD size, ACL_INFORMATION_CLASS class)
{
    if (class == AclRevisionInformation && size >= sizeof(ACL_REVISION_INFORMATION)) {
        ((ACL_REVISION_INFORMATION *)buffer)->AclRevision = acl->AclRevision;
        return TRUE;
    }
    if (class != AclSizeInformation && class != AclRevisionInformation)
        return win_fail(ERROR_INVALID_PARAMETER);
    if (class != AclSizeInformation || size < sizeof(ACL_SIZE_INFORMATION))
        return win_fail(ERROR_INSUFFICIENT_BUFFER);
    DWORD used = (DWORD)(end_of(acl) - (BYTE *)acl);
    *(ACL_SIZE_INFORMATION *)buffer = (ACL_SIZE_INFORMATION){ .AceCount = acl->AceCount,
                                                              .AclBytesInUse = used,
                                                              .AclBytesFree = acl->AclSize - used };
    return TRUE;
}

/* ---- what a descriptor says; absolute ones or, with offsets, self-relative ones ---- */

static void *part_of(PSECURITY_DESCRIPTOR descriptor, size_t place_absolute, size_t place_relative)
{
    char *bytes = descriptor;
    DWORD offset;
    void *pointer;

    if (((SECURITY_DESCRIPTOR *)descriptor)->Control & SE_SELF_RELATIVE) {
        memcpy(&offset, bytes + place_relative, sizeof(offset));
        return offset ? bytes + offset : NULL;
    }
    memcpy(&pointer, bytes + place_absolute, sizeof(pointer));
    return pointer;
}

#define PART(descriptor, member)                               \
    part_of(descriptor, offsetof(SECURITY_DESCRIPTOR, member), \
            offsetof(SECURITY_DESCRIPTOR_RELATIVE, member))

BOOL WINAPI GetSecurityDescriptorControl(PSECURITY_DESCRIPTOR descriptor,
                                         PSECURITY_DESCRIPTOR_CONTROL ret_control,
                                         LPDWORD ret_revision)
{
    *ret_control = ((SECURITY_DESCRIPTOR *)descriptor)->Control;
    *ret_revision = ((SECURITY_DESCRIPTOR *)descriptor)->Revision;
    return TRUE;
}

BOOL WINAPI GetSecurityDescriptorDacl(PSECURITY_DESCRIPTOR descriptor, LPBOOL ret_present,
                                      PACL *ret_dacl, LPBOOL ret_defaulted)
{
    WORD control = ((SECURITY_DESCRIPTOR *)descriptor)->Control;

    *ret_present = (control & SE_DACL_PRESENT) != 0;
    if (*ret_present) {
        *ret_dacl = PART(descriptor, Dacl);
        *ret_defaulted = (control & SE_DACL_DEFAULTED) != 0;
    }
    return TRUE;
}

BOOL WINAPI GetSecurityDescriptorSacl(PSECURITY_DESCRIPTOR descriptor, LPBOOL ret_present,
                                      PACL *ret_sacl, LPBOOL ret_defaulted)
{
    WORD control = ((SECURITY_DESCRIPTOR *)descriptor)->Control;

    *ret_present = (control & SE_SACL_PRESENT) != 0;
    if (*ret_present) {
        *ret_sacl = PART(descriptor, Sacl);
        *ret_defaulted = (control & SE_SACL_DEFAULTED) != 0;
    }
    return TRUE;
}

BOOL WINAPI GetSecurityDescriptorOwner(PSECURITY_DESCRIPTOR descriptor, PSID *ret_owner,
                                       LPBOOL ret_defaulted)
{
    *ret_owner = PART(descriptor, Owner);
    *ret_defaulted = (((SECURITY_DESCRIPTOR *)descriptor)->Control & SE_OWNER_DEFAULTED) != 0;
    return TRUE;
}

BOOL WINAPI GetSecurityDescriptorGroup(PSECURITY_DESCRIPTOR descriptor, PSID *ret_group,
                                       LPBOOL ret_defaulted)
{
    *ret_group = PART(descriptor, Group);
    *ret_defaulted = (((SECURITY_DESCRIPTOR *)descriptor)->Control & SE_GROUP_DEFAULTED) != 0;
    return TRUE;
}

BOOL WINAPI SetSecurityDescriptorSacl(PSECURITY_DESCRIPTOR descriptor, BOOL present, PACL sacl,
                                      BOOL defaulted)
{
    SECURITY_DESCRIPTOR *sd = descriptor;

    sd->Control &= (WORD) ~(SE_SACL_PRESENT | SE_SACL_DEFAULTED);
    if (present)
        sd->Control |= SE_SACL_PRESENT;
    if (present && defaulted)
        sd->Control |= SE_SACL_DEFAULTED;
    sd->Sacl = present ? sacl : NULL;
    return TRUE;
}

DWORD WINAPI GetSecurityDescriptorLength(PSECURITY_DESCRIPTOR descriptor)
{
    bool is_relative = ((SECURITY_DESCRIPTOR *)descriptor)->Control & SE_SELF_RELATIVE;
    size_t size = is_relative ? sizeof(SECURITY_DESCRIPTOR_RELATIVE) : sizeof(SECURITY_DESCRIPTOR);
    const PSID sids[] = { PART(descriptor, Owner), PART(descriptor, Group) };
    const ACL *const acls[] = { PART(descriptor, Sacl), PART(descriptor, Dacl) };

    for (int i = 0; i < 2; i++) {
        size += sids[i] ? GetLengthSid(sids[i]) : 0;
        size += acls[i] ? acls[i]->AclSize : 0;
    }
    return (DWORD)size;
}
