/* SPDX-License-Identifier: MIT */
/* See token.h: opening and copying tokens, impersonation, groups. */
#include "fakes/windows/security/token.h"

#include "emu/base/mem.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/process.h"
#include "fakes/windows/security/accounts.h"

#include <stdlib.h>

static __thread bool impersonates;

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

const struct object_class token_class = {
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
