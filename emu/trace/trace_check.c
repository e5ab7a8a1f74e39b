/* SPDX-License-Identifier: MIT */
/* See trace_check.h. */
#include "emu/trace/trace_check.h"

#include "emu/base/checksum.h"

#include <string.h>

#define MEMBER   ",\"check\":\""
#define N_MEMBER (sizeof(MEMBER) - 1)
#define N_DIGITS 16
#define N_END    2 /* a quote and the brace */
#define N_ALL    (N_MEMBER + N_DIGITS + N_END)

static const char digits[] = "0123456789abcdef";

uint64_t trace_check_of(const char *line, size_t body, uint64_t before)
{
    return checksum_of(line, body, before);
}

void trace_check_add(struct str *line, uint64_t *chain)
{
    char member[N_ALL + 1] = MEMBER;
    const char *brace = memrchr(line->text, '}', line->length);
    size_t body = brace ? (size_t)(brace - line->text) : line->length;
    uint64_t check = trace_check_of(line->text, body, *chain);

    for (size_t i = 0; i < N_DIGITS; i++)
        member[N_MEMBER + i] = digits[check >> (4 * (N_DIGITS - 1 - i)) & 15];
    memcpy(member + N_MEMBER + N_DIGITS, "\"}", N_END);
    line->length = body;
    str_add_bytes(line, member, N_ALL);
    str_add_char(line, '\n');
    *chain = check;
}

bool trace_check_split(const char *line, size_t length, size_t *ret_body, uint64_t *ret_check)
{
    const char *end = memrchr(line, '}', length);
    uint64_t check = 0;

    *ret_body = end ? (size_t)(end - line) : length;
    *ret_check = 0;
    if (length < N_ALL)
        return false;
    const char *member = line + length - N_ALL;
    if (memcmp(member, MEMBER, N_MEMBER) != 0 || memcmp(line + length - N_END, "\"}", N_END) != 0)
        return false;
    for (size_t i = 0; i < N_DIGITS; i++) {
        const char *digit = memchr(digits, member[N_MEMBER + i], sizeof(digits) - 1);

        if (!digit)
            return false;
        check = check << 4 | (uint64_t)(digit - digits);
    }
    *ret_body = length - N_ALL;
    *ret_check = check;
    return true;
}
