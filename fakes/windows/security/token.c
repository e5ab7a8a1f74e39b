/* SPDX-License-Identifier: MIT */
/* Tokens and privileges (Learn: "Access Tokens", "Privilege Constants"). Whoever runs is the
 * machine's administrator, elevated, and has every privilege; which of them are enabled is kept, as
 * programs ask. One state for all tokens of the process. */
#include "emu/base/array.h"
#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/base/utf.h"
#include "fakes/windows/handle.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/process.h"
#include "fakes/windows/security/accounts.h"
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
static __thread bool impersonates;

struct token {
    struct object object;
    bool is_impersonation;
};

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

static HANDLE new_token(DWORD access, bool is_impersonation)
{
    struct token *token = mem_new(struct token);

    object_init(&token->object, &token_class);
    token->is_impersonation = is_impersonation;
    if (access & MAXIMUM_ALLOWED)
        access |= TOKEN_ALL_ACCESS;
    return handle_new(&token->object, access);
}

BOOL WINAPI OpenProcessToken(HANDLE process, DWORD access, HANDLE *ret_token)
{
    auto_object struct object *object = handle_get(process, &process_class, 0);

    if (!object)
        return FALSE;
    *ret_token = new_token(access, false);
    return TRUE;
}

/* ---- impersonation: of oneself alone ---- */

BOOL WINAPI ImpersonateSelf(SECURITY_IMPERSONATION_LEVEL level)
{
    if (level > SecurityDelegation)
        return win_fail(ERROR_INVALID_PARAMETER);
    impersonates = true;
    return TRUE;
}

BOOL WINAPI ImpersonateLoggedOnUser(HANDLE handle)
{
    auto_object struct object *object = handle_get(handle, &token_class, TOKEN_QUERY);

    impersonates = impersonates || object;
    return object != NULL;
}

BOOL WINAPI RevertToSelf(void)
{
    impersonates = false;
    return TRUE;
}

/* Only of the calling thread is known whether it impersonates. */
BOOL WINAPI OpenThreadToken(HANDLE thread, DWORD access, BOOL as_self, HANDLE *ret_token)
{
    (void)as_self;
    *ret_token = NULL;
    if (GetThreadId(thread) != GetCurrentThreadId() || !impersonates)
        return win_fail(ERROR_NO_TOKEN);
    *ret_token = new_token(access, true);
    return TRUE;
}

BOOL WINAPI SetThreadToken(PHANDLE thread, HANDLE token)
{
    (void)thread;
    if (!token)
        return RevertToSelf();
    return ImpersonateLoggedOnUser(token);
}

BOOL WINAPI DuplicateTokenEx(HANDLE handle, DWORD access, LPSECURITY_ATTRIBUTES security,
                             SECURITY_IMPERSONATION_LEVEL level, TOKEN_TYPE type, PHANDLE ret_token)
{
    auto_object struct object *object = handle_get(handle, &token_class, TOKEN_DUPLICATE);

    (void)security;
    (void)level;
    if (!object)
        return FALSE;
    *ret_token = new_token(access ? access : TOKEN_ALL_ACCESS, type == TokenImpersonation);
    return TRUE;
}

BOOL WINAPI DuplicateToken(HANDLE handle, SECURITY_IMPERSONATION_LEVEL level, PHANDLE ret_token)
{
    return DuplicateTokenEx(handle, TOKEN_QUERY | TOKEN_IMPERSONATE, NULL, level,
                            TokenImpersonation, ret_token);
}

/* ---- privileges ---- */

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

/* ---- groups ---- */

BOOL WINAPI CheckTokenMembership(HANDLE handle, PSID sid, PBOOL ret_is_member)
{
    if (handle) {
        auto_object struct object *object = handle_get(handle, &token_class, TOKEN_QUERY);
        if (!object)
            return FALSE;
    }
    if (!IsValidSid(sid))
        return win_fail(ERROR_INVALID_SID);
    const struct account *account = account_of_sid(sid);
    *ret_is_member = account && (account == account_at(0) || account->group);
    return TRUE;
}

BOOL WINAPI IsUserAnAdmin(void)
{
    return TRUE;
}

/* ---- GetTokenInformation ---- */

/* Bytes of an answer, whose identifiers stand behind its structure; offsets become pointers when
 * it is handed out. */
struct answer {
    struct str bytes;
    ARRAY(size_t) pointers; /* places of pointers, which hold offsets */
};

static void add(struct answer *answer, const void *bytes, size_t size)
{
    str_add_bytes(&answer->bytes, bytes, size);
}

/* The pointer at `place` is to mean this identifier. */
static void add_sid(struct answer *answer, size_t place, const char *text)
{
    BYTE bytes[ACCOUNT_SID_SIZE];
    size_t offset = (answer->bytes.length + 7) & ~(size_t)7;

    while (answer->bytes.length < offset)
        add(answer, "", 1);
    sid_from_text(text, (SID *)bytes);
    add(answer, bytes, GetLengthSid(bytes));
    memcpy(answer->bytes.text + place, &offset, sizeof(offset));
    array_add(&answer->pointers, place);
}

static void add_sid_alone(struct answer *answer, const char *text, DWORD attributes, size_t size)
{
    SID_AND_ATTRIBUTES head = { .Attributes = attributes };

    add(answer, &head, size);
    add_sid(answer, 0, text);
}

static void add_groups(struct answer *answer)
{
    TOKEN_GROUPS head = { 0 };

    for (size_t i = 0; account_at(i); i++)
        head.GroupCount += account_at(i)->group != 0;
    add(answer, &head, offsetof(TOKEN_GROUPS, Groups));
    for (size_t i = 0; account_at(i); i++) {
        SID_AND_ATTRIBUTES group = { .Attributes = account_at(i)->group };
        if (group.Attributes)
            add(answer, &group, sizeof(group));
    }
    size_t place = offsetof(TOKEN_GROUPS, Groups);
    for (size_t i = 0; account_at(i); i++) {
        if (!account_at(i)->group)
            continue;
        add_sid(answer, place, account_at(i)->sid);
        place += sizeof(SID_AND_ATTRIBUTES);
    }
}

static void add_privileges(struct answer *answer)
{
    DWORD n = 0;

    for (unsigned i = 0; i < N_PRIVILEGES; i++)
        n += !(removed >> i & 1);
    add(answer, &n, sizeof(n));
    for (unsigned i = 0; i < N_PRIVILEGES; i++) {
        LUID_AND_ATTRIBUTES one = { { i + FIRST_PRIVILEGE, 0 }, attributes_of(i) };
        if (!(removed >> i & 1))
            add(answer, &one, sizeof(one));
    }
}

static void add_number(struct answer *answer, DWORD value)
{
    add(answer, &value, sizeof(value));
}

static bool fill_answer(struct answer *answer, const struct token *token,
                        TOKEN_INFORMATION_CLASS class)
{
    const char *user = account_at(0)->sid, *administrators = account_at(2)->sid;

    switch ((int)class) {
    case TokenUser:
        add_sid_alone(answer, user, 0, sizeof(TOKEN_USER));
        return true;
    case TokenOwner:
        add_sid_alone(answer, administrators, 0, sizeof(TOKEN_OWNER));
        return true;
    case TokenPrimaryGroup:
        add_sid_alone(answer, "S-1-5-21-1403172941-2291844763-1005620381-513", 0,
                      sizeof(TOKEN_PRIMARY_GROUP));
        return true;
    case TokenIntegrityLevel: /* high */
        add_sid_alone(answer, "S-1-16-12288", SE_GROUP_INTEGRITY | SE_GROUP_INTEGRITY_ENABLED,
                      sizeof(TOKEN_MANDATORY_LABEL));
        return true;
    case TokenGroups:
        add_groups(answer);
        return true;
    case TokenPrivileges:
        add_privileges(answer);
        return true;
    case TokenType:
        add_number(answer, token->is_impersonation ? TokenImpersonation : TokenPrimary);
        return true;
    case TokenElevation:
        add_number(answer, 1);
        return true;
    case TokenElevationType: /* Learn: the built-in administrator has no second token */
        add_number(answer, TokenElevationTypeDefault);
        return true;
    case TokenSessionId:
    case TokenUIAccess:
    case TokenHasRestrictions:
    case TokenVirtualizationEnabled:
        add_number(answer, 0);
        return true;
    default:
        return false;
    }
}

BOOL WINAPI GetTokenInformation(HANDLE handle, TOKEN_INFORMATION_CLASS class, LPVOID buffer,
                                DWORD size, LPDWORD ret_size)
{
    auto_object struct object *object = handle_get(handle, &token_class, TOKEN_QUERY);
    struct answer answer = { 0 };

    if (!object)
        return FALSE;
    if (!fill_answer(&answer, (struct token *)object, class))
        return win_fail(ERROR_INVALID_PARAMETER);
    bool fits = buffer && size >= answer.bytes.length;
    if (ret_size)
        *ret_size = (DWORD)answer.bytes.length;
    if (fits)
        memcpy(buffer, answer.bytes.text, answer.bytes.length);
    for (size_t i = 0; fits && i < answer.pointers.count; i++) {
        char *place = (char *)buffer + answer.pointers.items[i];
        size_t offset;
        memcpy(&offset, place, sizeof(offset));
        char *pointer = (char *)buffer + offset;
        memcpy(place, &pointer, sizeof(pointer));
    }
    str_free(&answer.bytes);
    array_free(&answer.pointers);
    return fits ? TRUE : win_fail(ERROR_INSUFFICIENT_BUFFER);
}
