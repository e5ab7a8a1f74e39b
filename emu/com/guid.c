/* SPDX-License-Identifier: MIT */
#include "emu/com/guid.h"

#include "emu/port/random.h"

#include <stdint.h>
#include <string.h>

static char *add_hex(char *at, uint32_t value, unsigned n_digits)
{
    static const char digits[] = "0123456789abcdef";

    for (unsigned i = n_digits; i-- > 0; value >>= 4)
        at[i] = digits[value & 15];
    return at + n_digits;
}

/* By hand: documents hold many, and printf would take most of the time of writing them. */
const char *guid_text(const GUID *guid, char buffer[GUID_TEXT_SIZE])
{
    char *at = add_hex(buffer, (uint32_t)guid->Data1, 8);

    *at++ = '-';
    at = add_hex(at, guid->Data2, 4);
    *at++ = '-';
    at = add_hex(at, guid->Data3, 4);
    for (int i = 0; i < 8; i++) {
        if (i == 0 || i == 2)
            *at++ = '-';
        at = add_hex(at, guid->Data4[i], 2);
    }
    *at = 0;
    return buffer;
}

static int hex_value(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

bool guid_from_text(const char *text, GUID *ret_guid)
{
    static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    unsigned char bytes[16];
    size_t n_digits = 0, length = sizeof(form) - 1;

    if (!text)
        return false;
    if (*text == '{') {
        if (strlen(text) != length + 2 || text[length + 1] != '}')
            return false;
        text++;
    } else if (strlen(text) != length) {
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        int value = hex_value(text[i]);

        if (form[i] == '-' ? text[i] != '-' : value < 0)
            return false;
        if (form[i] == '-')
            continue;
        if (n_digits % 2 == 0)
            bytes[n_digits / 2] = (unsigned char)(value << 4);
        else
            bytes[n_digits / 2] |= (unsigned char)value;
        n_digits++;
    }
    ret_guid->Data1 =
        (DWORD)bytes[0] << 24 | (DWORD)bytes[1] << 16 | (DWORD)bytes[2] << 8 | bytes[3];
    ret_guid->Data2 = (WORD)(bytes[4] << 8 | bytes[5]);
    ret_guid->Data3 = (WORD)(bytes[6] << 8 | bytes[7]);
    memcpy(ret_guid->Data4, bytes + 8, 8);
    return true;
}

bool guid_is_null(const GUID *guid)
{
    return guid_is_equal(guid, &(GUID){ 0 });
}

bool guid_is_equal(const GUID *a, const GUID *b)
{
    return memcmp(a, b, sizeof(*a)) == 0;
}

GUID guid_random(struct random *random)
{
    uint64_t words[2] = { random_next(random), random_next(random) };
    GUID guid;

    memcpy(&guid, words, sizeof(guid));
    guid.Data3 = (WORD)((guid.Data3 & 0x0FFF) | 0x4000);
    guid.Data4[0] = (unsigned char)((guid.Data4[0] & 0x3F) | 0x80);
    return guid;
}
