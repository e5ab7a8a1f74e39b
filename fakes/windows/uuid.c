/* SPDX-License-Identifier: MIT */
/* The UUID functions of RPC (Learn: "UuidCreate"). Text is lower case without braces. */
#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/utf.h"
#include "emu/com/bstr.h"
#include "emu/com/guid.h"
#include "emu/port/world.h"

#include <rpc.h>
#include <stdlib.h>
#include <string.h>

RPC_STATUS RPC_ENTRY UuidCreate(UUID *ret_uuid)
{
    *ret_uuid = guid_random(world_current()->random);
    return RPC_S_OK;
}

RPC_STATUS RPC_ENTRY UuidCreateNil(UUID *ret_uuid)
{
    memset(ret_uuid, 0, sizeof(*ret_uuid));
    return RPC_S_OK;
}

RPC_STATUS RPC_ENTRY UuidToStringA(UUID *uuid, unsigned char **ret_text)
{
    *ret_text = (unsigned char *)mem_strdup(GUID_TEXT(uuid));
    return RPC_S_OK;
}

RPC_STATUS RPC_ENTRY UuidToStringW(UUID *uuid, unsigned short **ret_text)
{
    *ret_text = utf16_from_utf8(GUID_TEXT(uuid));
    return RPC_S_OK;
}

RPC_STATUS RPC_ENTRY UuidFromStringA(unsigned char *text, UUID *ret_uuid)
{
    if (!text)
        return UuidCreateNil(ret_uuid);
    if (strlen((const char *)text) != 36 || !guid_from_text((const char *)text, ret_uuid))
        return RPC_S_INVALID_STRING_UUID;
    return RPC_S_OK;
}

RPC_STATUS RPC_ENTRY UuidFromStringW(unsigned short *text, UUID *ret_uuid)
{
    auto_free char *utf8 = utf8_from_utf16(text);

    return UuidFromStringA((unsigned char *)utf8, ret_uuid);
}

RPC_STATUS RPC_ENTRY RpcStringFreeA(unsigned char **text)
{
    free(*text);
    *text = NULL;
    return RPC_S_OK;
}

RPC_STATUS RPC_ENTRY RpcStringFreeW(unsigned short **text)
{
    free(*text);
    *text = NULL;
    return RPC_S_OK;
}

int RPC_ENTRY UuidEqual(UUID *first, UUID *second, RPC_STATUS *ret_status)
{
    static const UUID nil;

    *ret_status = RPC_S_OK;
    return guid_is_equal(first ? first : &nil, second ? second : &nil);
}

int RPC_ENTRY UuidIsNil(UUID *uuid, RPC_STATUS *ret_status)
{
    *ret_status = RPC_S_OK;
    return !uuid || guid_is_null(uuid);
}

signed int RPC_ENTRY UuidCompare(UUID *first, UUID *second, RPC_STATUS *ret_status)
{
    static const UUID nil;
    char a[GUID_TEXT_SIZE], b[GUID_TEXT_SIZE];

    *ret_status = RPC_S_OK;
    int order = strcmp(guid_text(first ? first : &nil, a), guid_text(second ? second : &nil, b));
    return order < 0 ? -1 : order > 0;
}
