/* SPDX-License-Identifier: MIT */
/* Security identifiers: parts, texts, copies, names of accounts (Learn: "Security Identifiers"). */
#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/base/utf.h"
#include "emu/port/world.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/registry/places.h"
#include "fakes/windows/security/accounts.h"
#include "fakes/windows/wide.h"

#include <sddl.h>
#include <stdlib.h>
#include <string.h>

#define AUTHORITY "NT AUTHORITY"
#define BUILTIN   "BUILTIN"
#define ENABLED   (SE_GROUP_MANDATORY | SE_GROUP_ENABLED_BY_DEFAULT | SE_GROUP_ENABLED)
#define NONE      ((WELL_KNOWN_SID_TYPE)-1)

/* clang-format off */
static const struct account accounts[] = {
    { VARIABLES_USER,        WORLD_MACHINE_NAME, REGISTRY_USER_SID, SidTypeUser, NONE, 0 },
    { "Everyone",            "",        "S-1-1-0",      SidTypeWellKnownGroup, WinWorldSid, ENABLED },
    { "Administrators",      BUILTIN,   "S-1-5-32-544", SidTypeAlias, WinBuiltinAdministratorsSid, ENABLED | SE_GROUP_OWNER },
    { "Users",               BUILTIN,   "S-1-5-32-545", SidTypeAlias, WinBuiltinUsersSid, ENABLED },
    { "INTERACTIVE",         AUTHORITY, "S-1-5-4",      SidTypeWellKnownGroup, WinInteractiveSid, ENABLED },
    { "Authenticated Users", AUTHORITY, "S-1-5-11",     SidTypeWellKnownGroup, WinAuthenticatedUserSid, ENABLED },
    { "LOCAL",               "",        "S-1-2-0",      SidTypeWellKnownGroup, WinLocalSid, ENABLED },
    { "SYSTEM",              AUTHORITY, "S-1-5-18",     SidTypeWellKnownGroup, WinLocalSystemSid, 0 },
    { "LOCAL SERVICE",       AUTHORITY, "S-1-5-19",     SidTypeWellKnownGroup, WinLocalServiceSid, 0 },
    { "NETWORK SERVICE",     AUTHORITY, "S-1-5-20",     SidTypeWellKnownGroup, WinNetworkServiceSid, 0 },
    { "SERVICE",             AUTHORITY, "S-1-5-6",      SidTypeWellKnownGroup, WinServiceSid, 0 },
    { "NETWORK",             AUTHORITY, "S-1-5-2",      SidTypeWellKnownGroup, WinNetworkSid, 0 },
    { "ANONYMOUS LOGON",     AUTHORITY, "S-1-5-7",      SidTypeWellKnownGroup, WinAnonymousSid, 0 },
    { "Backup Operators",    BUILTIN,   "S-1-5-32-551", SidTypeAlias, WinBuiltinBackupOperatorsSid, 0 },
    { "Guests",              BUILTIN,   "S-1-5-32-546", SidTypeAlias, WinBuiltinGuestsSid, 0 },
    { "Power Users",         BUILTIN,   "S-1-5-32-547", SidTypeAlias, WinBuiltinPowerUsersSid, 0 },
    { "CREATOR OWNER",       "",        "S-1-3-0",      SidTypeWellKnownGroup, WinCreatorOwnerSid, 0 },
    { "CREATOR GROUP",       "",        "S-1-3-1",      SidTypeWellKnownGroup, WinCreatorGroupSid, 0 },
    { "NULL SID",            "",        "S-1-0-0",      SidTypeWellKnownGroup, WinNullSid, 0 },
};
/* clang-format on */
#define N_ACCOUNTS (sizeof(accounts) / sizeof(accounts[0]))

const struct account *account_at(size_t i)
{
    return i < N_ACCOUNTS ? &accounts[i] : NULL;
}

/* ---- texts ---- */

bool sid_from_text(const char *text, SID *ret_sid)
{
    char *end = (char *)text;
    unsigned long long authority;

    if ((text[0] | 32) != 's' || text[1] != '-' || strtoul(text + 2, &end, 10) != SID_REVISION ||
        *end != '-')
        return false;
    authority = strtoull(end + 1, &end, 0);
    memset(ret_sid, 0, ACCOUNT_SID_SIZE);
    ret_sid->Revision = SID_REVISION;
    for (int i = 0; i < 6; i++)
        ret_sid->IdentifierAuthority.Value[i] = (BYTE)(authority >> (5 - i) * 8);
    while (*end == '-' && ret_sid->SubAuthorityCount < SID_MAX_SUB_AUTHORITIES) {
        const char *number = end + 1;
        ret_sid->SubAuthority[ret_sid->SubAuthorityCount++] = (DWORD)strtoul(number, &end, 10);
        if (end == number)
            return false;
    }
    return !*end && ret_sid->SubAuthorityCount;
}

char *sid_to_text(PSID sid)
{
    const SID *s = sid;
    unsigned long long authority = 0;
    struct str out = { 0 };

    for (int i = 0; i < 6; i++)
        authority = authority << 8 | s->IdentifierAuthority.Value[i];
    str_addf(&out, authority >> 32 ? "S-%u-0x%llx" : "S-%u-%llu", s->Revision, authority);
    for (BYTE i = 0; i < s->SubAuthorityCount; i++)
        str_addf(&out, "-%u", (unsigned)s->SubAuthority[i]);
    return str_take(&out);
}

BOOL WINAPI ConvertSidToStringSidA(PSID sid, LPSTR *ret_text)
{
    if (!ret_text)
        return win_fail(ERROR_INVALID_PARAMETER);
    if (!IsValidSid(sid))
        return win_fail(ERROR_INVALID_SID);
    auto_free char *text = sid_to_text(sid);
    *ret_text = LocalAlloc(LMEM_FIXED, strlen(text) + 1);
    memcpy(*ret_text, text, strlen(text) + 1);
    return TRUE;
}

BOOL WINAPI ConvertSidToStringSidW(PSID sid, LPWSTR *ret_text)
{
    if (!ret_text)
        return win_fail(ERROR_INVALID_PARAMETER);
    if (!IsValidSid(sid))
        return win_fail(ERROR_INVALID_SID);
    auto_free char *text = sid_to_text(sid);
    *ret_text = LocalAlloc(LMEM_FIXED, (strlen(text) + 1) * sizeof(WCHAR));
    utf16_put((uint16_t *)*ret_text, text);
    return TRUE;
}

BOOL WINAPI ConvertStringSidToSidA(LPCSTR text, PSID *ret_sid)
{
    SID *sid;

    if (!text || !ret_sid)
        return win_fail(ERROR_INVALID_PARAMETER);
    sid = LocalAlloc(LMEM_FIXED, ACCOUNT_SID_SIZE);
    if (!sid_from_text(text, sid)) {
        LocalFree(sid);
        return win_fail(ERROR_INVALID_SID);
    }
    *ret_sid = sid;
    return TRUE;
}

BOOL WINAPI ConvertStringSidToSidW(LPCWSTR text, PSID *ret_sid)
{
    auto_free char *utf8 = utf8_from_utf16((const uint16_t *)text);

    return ConvertStringSidToSidA(utf8, ret_sid);
}

/* ---- parts and copies ---- */

DWORD WINAPI GetSidLengthRequired(UCHAR n)
{
    return (DWORD)(offsetof(SID, SubAuthority) + n * sizeof(DWORD));
}

BOOL WINAPI InitializeSid(PSID sid, PSID_IDENTIFIER_AUTHORITY authority, BYTE n)
{
    SID *s = sid;

    if (n > SID_MAX_SUB_AUTHORITIES)
        return win_fail(ERROR_INVALID_PARAMETER);
    memset(s, 0, GetSidLengthRequired(n));
    s->Revision = SID_REVISION;
    s->SubAuthorityCount = n;
    s->IdentifierAuthority = *authority;
    return TRUE;
}

PDWORD WINAPI GetSidSubAuthority(PSID sid, DWORD i)
{
    return &((SID *)sid)->SubAuthority[i];
}

PUCHAR WINAPI GetSidSubAuthorityCount(PSID sid)
{
    return &((SID *)sid)->SubAuthorityCount;
}

PSID_IDENTIFIER_AUTHORITY WINAPI GetSidIdentifierAuthority(PSID sid)
{
    return &((SID *)sid)->IdentifierAuthority;
}

BOOL WINAPI CopySid(DWORD size, PSID to, PSID from)
{
    if (size < GetLengthSid(from))
        return win_fail(ERROR_INSUFFICIENT_BUFFER);
    memcpy(to, from, GetLengthSid(from));
    return TRUE;
}

BOOL WINAPI EqualPrefixSid(PSID a, PSID b)
{
    const SID *x = a, *y = b;

    return x->SubAuthorityCount == y->SubAuthorityCount &&
           memcmp(x, y, GetLengthSid(a) - (x->SubAuthorityCount ? sizeof(DWORD) : 0)) == 0;
}

/* ---- well-known ones ---- */

static BOOL hand_out_sid(const char *text, void *buffer, DWORD *size)
{
    BYTE bytes[ACCOUNT_SID_SIZE];
    SID *sid = (SID *)bytes;

    sid_from_text(text, sid);
    DWORD length = GetLengthSid(sid);
    if (!buffer || *size < length) {
        *size = length;
        return win_fail(ERROR_INSUFFICIENT_BUFFER);
    }
    *size = length;
    memcpy(buffer, sid, length);
    return TRUE;
}

/* Those below a domain are not there: this machine has none. */
BOOL WINAPI CreateWellKnownSid(WELL_KNOWN_SID_TYPE type, PSID domain, PSID ret_sid, DWORD *size)
{
    (void)domain;
    if (!size)
        return win_fail(ERROR_INVALID_PARAMETER);
    for (size_t i = 0; i < N_ACCOUNTS; i++) {
        if (accounts[i].well_known == type)
            return hand_out_sid(accounts[i].sid, ret_sid, size);
    }
    return win_fail(ERROR_INVALID_PARAMETER);
}

const struct account *account_of_sid(PSID sid)
{
    auto_free char *text = sid_to_text(sid);

    for (size_t i = 0; i < N_ACCOUNTS; i++) {
        if (str_is_equal(accounts[i].sid, text))
            return &accounts[i];
    }
    return NULL;
}

BOOL WINAPI IsWellKnownSid(PSID sid, WELL_KNOWN_SID_TYPE type)
{
    const struct account *account = IsValidSid(sid) ? account_of_sid(sid) : NULL;

    return account && account->well_known == type;
}

/* ---- names ---- */

/* Both names fit, or both sizes are what is needed, zeros included. */
static BOOL fill_both(const struct account *account, void *name, DWORD *name_size, void *domain,
                      DWORD *domain_size, bool is_wide)
{
    DWORD need = (DWORD)strlen(account->name) + 1, need_domain = (DWORD)strlen(account->domain) + 1;

    if (!name || *name_size < need || !domain || *domain_size < need_domain) {
        *name_size = need;
        *domain_size = need_domain;
        return win_fail(ERROR_INSUFFICIENT_BUFFER);
    }
    if (is_wide) {
        *name_size = wide_fill(account->name, name, *name_size);
        *domain_size = wide_fill(account->domain, domain, *domain_size);
    } else {
        *name_size = narrow_fill(account->name, name, *name_size);
        *domain_size = narrow_fill(account->domain, domain, *domain_size);
    }
    return TRUE;
}

static BOOL lookup_sid(PSID sid, void *name, DWORD *name_size, void *domain, DWORD *domain_size,
                       PSID_NAME_USE ret_use, bool is_wide)
{
    if (!IsValidSid(sid))
        return win_fail(ERROR_INVALID_PARAMETER);
    const struct account *account = account_of_sid(sid);
    if (!account)
        return win_fail(ERROR_NONE_MAPPED);
    if (!fill_both(account, name, name_size, domain, domain_size, is_wide))
        return FALSE;
    *ret_use = account->use;
    return TRUE;
}

BOOL WINAPI LookupAccountSidA(LPCSTR system, PSID sid, LPSTR name, LPDWORD name_size, LPSTR domain,
                              LPDWORD domain_size, PSID_NAME_USE ret_use)
{
    (void)system;
    return lookup_sid(sid, name, name_size, domain, domain_size, ret_use, false);
}

BOOL WINAPI LookupAccountSidW(LPCWSTR system, PSID sid, LPWSTR name, LPDWORD name_size,
                              LPWSTR domain, LPDWORD domain_size, PSID_NAME_USE ret_use)
{
    (void)system;
    return lookup_sid(sid, name, name_size, domain, domain_size, ret_use, true);
}

/* "NAME", "DOMAIN\NAME" or ".\NAME". */
static const struct account *account_named(const char *text)
{
    const char *slash = strchr(text, '\\');
    auto_free char *domain = slash ? str_printf("%.*s", (int)(slash - text), text) : NULL;
    const char *name = slash ? slash + 1 : text;

    for (size_t i = 0; i < N_ACCOUNTS; i++) {
        const struct account *account = &accounts[i];
        if (str_is_equal_nocase(account->name, name) &&
            (!domain || str_is_equal_nocase(account->domain, domain) || str_is_equal(domain, ".")))
            return account;
    }
    return NULL;
}

static BOOL lookup_name(const char *name, PSID sid, DWORD *sid_size, void *domain,
                        DWORD *domain_size, PSID_NAME_USE ret_use, bool is_wide)
{
    const struct account *account = name ? account_named(name) : NULL;
    DWORD needs_sid = *sid_size, need_domain;

    if (!account)
        return win_fail(ERROR_NONE_MAPPED);
    need_domain = (DWORD)strlen(account->domain) + 1;
    bool fits = hand_out_sid(account->sid, sid, &needs_sid);
    *sid_size = needs_sid;
    if (!fits || !domain || *domain_size < need_domain) {
        *domain_size = need_domain;
        return win_fail(ERROR_INSUFFICIENT_BUFFER);
    }
    *domain_size = is_wide ? wide_fill(account->domain, domain, *domain_size)
                           : narrow_fill(account->domain, domain, *domain_size);
    *ret_use = account->use;
    return TRUE;
}

BOOL WINAPI LookupAccountNameA(LPCSTR system, LPCSTR name, PSID sid, LPDWORD sid_size, LPSTR domain,
                               LPDWORD domain_size, PSID_NAME_USE ret_use)
{
    (void)system;
    return lookup_name(name, sid, sid_size, domain, domain_size, ret_use, false);
}

BOOL WINAPI LookupAccountNameW(LPCWSTR system, LPCWSTR name, PSID sid, LPDWORD sid_size,
                               LPWSTR domain, LPDWORD domain_size, PSID_NAME_USE ret_use)
{
    auto_free char *utf8 = utf8_from_utf16((const uint16_t *)name);

    (void)system;
    return lookup_name(utf8, sid, sid_size, domain, domain_size, ret_use, true);
}
