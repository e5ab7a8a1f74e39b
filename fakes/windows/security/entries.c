/* SPDX-License-Identifier: MIT */
/* Entries of lists as programs describe them, for whom by identifier or by name (Learn:
 * "SetEntriesInAclW", "EXPLICIT_ACCESS_W", "ACCESS_MODE"). */
#include "emu/base/array.h"
#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/utf.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/security/accounts.h"
#include "fakes/windows/security/parts.h"

#include <aclapi.h>
#include <stdlib.h>
#include <string.h>

/* ---- trustees ---- */

void WINAPI BuildTrusteeWithSidW(PTRUSTEEW ret_trustee, PSID sid)
{
    *ret_trustee = (TRUSTEEW){ .TrusteeForm = TRUSTEE_IS_SID, .ptstrName = (LPWSTR)sid };
}

void WINAPI BuildTrusteeWithSidA(PTRUSTEEA ret_trustee, PSID sid)
{
    *ret_trustee = (TRUSTEEA){ .TrusteeForm = TRUSTEE_IS_SID, .ptstrName = (LPSTR)sid };
}

void WINAPI BuildTrusteeWithNameW(PTRUSTEEW ret_trustee, LPWSTR name)
{
    *ret_trustee = (TRUSTEEW){ .TrusteeForm = TRUSTEE_IS_NAME, .ptstrName = name };
}

void WINAPI BuildTrusteeWithNameA(PTRUSTEEA ret_trustee, LPSTR name)
{
    *ret_trustee = (TRUSTEEA){ .TrusteeForm = TRUSTEE_IS_NAME, .ptstrName = name };
}

void WINAPI BuildExplicitAccessWithNameW(PEXPLICIT_ACCESSW ret_entry, LPWSTR name, DWORD mask,
                                         ACCESS_MODE mode, DWORD inheritance)
{
    *ret_entry = (EXPLICIT_ACCESSW){ mask, mode, inheritance, { 0 } };
    BuildTrusteeWithNameW(&ret_entry->Trustee, name);
}

void WINAPI BuildExplicitAccessWithNameA(PEXPLICIT_ACCESSA ret_entry, LPSTR name, DWORD mask,
                                         ACCESS_MODE mode, DWORD inheritance)
{
    *ret_entry = (EXPLICIT_ACCESSA){ mask, mode, inheritance, { 0 } };
    BuildTrusteeWithNameA(&ret_entry->Trustee, name);
}

/* Into ACCOUNT_SID_SIZE bytes. Learn: "TRUSTEE_W": CURRENT_USER is who calls. */
static DWORD sid_of_trustee(const TRUSTEEW *trustee, SID *ret_sid)
{
    static const WCHAR current[] = L"CURRENT_USER";
    DWORD size = ACCOUNT_SID_SIZE, domain_size = MAX_PATH;
    WCHAR domain[MAX_PATH];
    SID_NAME_USE use;

    if (trustee->pMultipleTrustee || !trustee->ptstrName)
        return ERROR_INVALID_PARAMETER;
    if (trustee->TrusteeForm == TRUSTEE_IS_SID) {
        PSID sid = trustee->ptstrName;
        return IsValidSid(sid) && CopySid(ACCOUNT_SID_SIZE, ret_sid, sid) ? ERROR_SUCCESS
                                                                          : ERROR_INVALID_SID;
    }
    if (trustee->TrusteeForm != TRUSTEE_IS_NAME)
        return ERROR_INVALID_PARAMETER;
    if (lstrcmpW(trustee->ptstrName, current) == 0)
        return sid_from_text(account_at(0)->sid, ret_sid) ? ERROR_SUCCESS : ERROR_NONE_MAPPED;
    return LookupAccountNameW(NULL, trustee->ptstrName, ret_sid, &size, domain, &domain_size, &use)
               ? ERROR_SUCCESS
               : GetLastError();
}

/* ---- the list under way ---- */

struct entry {
    ACCESS_ALLOWED_ACE *ace; /* owned; of another type with any content */
    bool is_new;
};

struct entries {
    ARRAY(struct entry) all;
};

static void entries_free(struct entries *entries)
{
    for (size_t i = 0; i < entries->all.count; i++)
        free(entries->all.items[i].ace);
    array_free(&entries->all);
}

#define auto_entries __attribute__((cleanup(entries_free))) struct entries

static bool is_simple(const ACCESS_ALLOWED_ACE *ace)
{
    return ace->Header.AceType <= SYSTEM_AUDIT_ACE_TYPE;
}

static bool is_for(const ACCESS_ALLOWED_ACE *ace, SID *sid)
{
    return is_simple(ace) && EqualSid((PSID)(UINT_PTR)&ace->SidStart, sid);
}

static void read_list(struct entries *entries, PACL acl)
{
    for (DWORD i = 0; acl && i < acl->AceCount; i++) {
        LPVOID ace;
        GetAce(acl, i, &ace);
        WORD size = ((ACE_HEADER *)ace)->AceSize;
        ACCESS_ALLOWED_ACE *copy = mem_alloc(size < sizeof(*copy) ? sizeof(*copy) : size);
        memcpy(copy, ace, size);
        array_add(&entries->all, (struct entry){ .ace = copy });
    }
}

/* SET_ACCESS takes everything away that the trustee has, REVOKE_ACCESS what allows and audits. */
static void take_away(struct entries *entries, SID *sid, bool denies_too)
{
    for (size_t i = entries->all.count; i-- > 0;) {
        ACCESS_ALLOWED_ACE *ace = entries->all.items[i].ace;
        if (is_for(ace, sid) && (denies_too || ace->Header.AceType != ACCESS_DENIED_ACE_TYPE) &&
            !(ace->Header.AceFlags & INHERITED_ACE)) {
            free(ace);
            array_remove(&entries->all, i);
        }
    }
}

/* Learn: "SetEntriesInAclW": new denials stand before all old entries, allowances and audits just
 * before the old ones of their kind; among themselves they keep their order. */
static size_t place_for(const struct entries *entries, BYTE type)
{
    size_t i = 0;

    for (; i < entries->all.count; i++) {
        const struct entry *e = &entries->all.items[i];
        BYTE other = e->ace->Header.AceType;
        if (type == ACCESS_DENIED_ACE_TYPE ? !e->is_new || other != type
                                           : !e->is_new && other == type)
            break;
    }
    return i;
}

/* Rights join an entry that is the same but for them. */
static void add(struct entries *entries, BYTE type, const EXPLICIT_ACCESSW *wanted, SID *sid,
                BYTE flags)
{
    flags |= (BYTE)(wanted->grfInheritance & (VALID_INHERIT_FLAGS & ~(DWORD)INHERITED_ACE));
    for (size_t i = 0; i < entries->all.count; i++) {
        ACCESS_ALLOWED_ACE *ace = entries->all.items[i].ace;
        if (ace->Header.AceType == type && ace->Header.AceFlags == flags && is_for(ace, sid)) {
            ace->Mask |= wanted->grfAccessPermissions;
            return;
        }
    }
    DWORD sid_size = GetLengthSid(sid);
    size_t size = offsetof(ACCESS_ALLOWED_ACE, SidStart) + sid_size;
    ACCESS_ALLOWED_ACE *ace = mem_alloc(size);
    ace->Header = (ACE_HEADER){ type, flags, (WORD)size };
    ace->Mask = wanted->grfAccessPermissions;
    memcpy(&ace->SidStart, sid, sid_size);
    size_t place = place_for(entries, type);
    array_add(&entries->all, (struct entry){ 0 });
    for (size_t i = entries->all.count - 1; i > place; i--)
        entries->all.items[i] = entries->all.items[i - 1];
    entries->all.items[place] = (struct entry){ .ace = ace, .is_new = true };
}

static DWORD apply(struct entries *entries, const EXPLICIT_ACCESSW *wanted)
{
    BYTE bytes[ACCOUNT_SID_SIZE];
    SID *sid = (SID *)bytes;
    DWORD error = sid_of_trustee(&wanted->Trustee, sid);

    if (error)
        return error;
    switch (wanted->grfAccessMode) {
    case SET_ACCESS:
        take_away(entries, sid, true);
        add(entries, ACCESS_ALLOWED_ACE_TYPE, wanted, sid, 0);
        return ERROR_SUCCESS;
    case GRANT_ACCESS:
        add(entries, ACCESS_ALLOWED_ACE_TYPE, wanted, sid, 0);
        return ERROR_SUCCESS;
    case DENY_ACCESS:
        add(entries, ACCESS_DENIED_ACE_TYPE, wanted, sid, 0);
        return ERROR_SUCCESS;
    case REVOKE_ACCESS:
        take_away(entries, sid, false);
        return ERROR_SUCCESS;
    case SET_AUDIT_SUCCESS:
        add(entries, SYSTEM_AUDIT_ACE_TYPE, wanted, sid, SUCCESSFUL_ACCESS_ACE_FLAG);
        return ERROR_SUCCESS;
    case SET_AUDIT_FAILURE:
        add(entries, SYSTEM_AUDIT_ACE_TYPE, wanted, sid, FAILED_ACCESS_ACE_FLAG);
        return ERROR_SUCCESS;
    default:
        return ERROR_INVALID_PARAMETER;
    }
}

static DWORD write_list(const struct entries *entries, PACL *ret_acl)
{
    size_t size = sizeof(ACL);

    for (size_t i = 0; i < entries->all.count; i++)
        size += entries->all.items[i].ace->Header.AceSize;
    if (size > 0xFFFF)
        return ERROR_ALLOTTED_SPACE_EXCEEDED;
    PACL acl = LocalAlloc(LMEM_ZEROINIT, size);
    BYTE *at = (BYTE *)(acl + 1);
    acl->AclRevision = ACL_REVISION;
    acl->AclSize = (WORD)size;
    for (size_t i = 0; i < entries->all.count; i++) {
        const ACCESS_ALLOWED_ACE *ace = entries->all.items[i].ace;
        memcpy(at, ace, ace->Header.AceSize);
        at += ace->Header.AceSize;
        if (!is_simple(ace))
            acl->AclRevision = ACL_REVISION_DS;
    }
    acl->AceCount = (WORD)entries->all.count;
    *ret_acl = acl;
    return ERROR_SUCCESS;
}

DWORD WINAPI SetEntriesInAclW(ULONG n, PEXPLICIT_ACCESSW wanted, PACL old, PACL *ret_acl)
{
    auto_entries entries = { 0 };

    if (!ret_acl)
        return ERROR_INVALID_PARAMETER;
    *ret_acl = NULL;
    if (!n && !old)
        return ERROR_SUCCESS;
    if (old && !IsValidAcl(old))
        return ERROR_INVALID_ACL;
    read_list(&entries, old);
    for (ULONG i = 0; i < n; i++) {
        DWORD error = apply(&entries, &wanted[i]);
        if (error)
            return error;
    }
    return write_list(&entries, ret_acl);
}

DWORD WINAPI SetEntriesInAclA(ULONG n, PEXPLICIT_ACCESSA wanted, PACL old, PACL *ret_acl)
{
    auto_free EXPLICIT_ACCESSW *wide = mem_alloc(n * sizeof(*wide));

    for (ULONG i = 0; i < n; i++) {
        memcpy(&wide[i], &wanted[i], sizeof(*wide)); /* of the same layout */
        if (wanted[i].Trustee.TrusteeForm == TRUSTEE_IS_NAME)
            wide[i].Trustee.ptstrName = (LPWSTR)utf16_from_utf8(wanted[i].Trustee.ptstrName);
    }
    DWORD error = SetEntriesInAclW(n, wide, old, ret_acl);
    for (ULONG i = 0; i < n; i++) {
        if (wide[i].Trustee.TrusteeForm == TRUSTEE_IS_NAME)
            free(wide[i].Trustee.ptstrName);
    }
    return error;
}
