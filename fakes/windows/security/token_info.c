/* SPDX-License-Identifier: MIT */
/* What is asked about tokens (Learn: "GetTokenInformation", "TOKEN_INFORMATION_CLASS"). */
#include "emu/base/array.h"
#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/security/accounts.h"
#include "fakes/windows/security/token.h"

#include <stdlib.h>
#include <string.h>

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
    LUID_AND_ATTRIBUTES held[PRIVILEGES_AT_MOST];
    DWORD n = (DWORD)privileges_held(held);

    add(answer, &n, sizeof(n));
    add(answer, held, n * sizeof(held[0]));
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
