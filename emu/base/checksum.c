/* SPDX-License-Identifier: MIT */
/* Four lanes over stripes of 32 bytes, then the rest by eights, by four, by bytes. */
#include "emu/base/checksum.h"

#include <endian.h>
#include <string.h>

#define P1 UINT64_C(0x9E3779B185EBCA87)
#define P2 UINT64_C(0xC2B2AE3D27D4EB4F)
#define P3 UINT64_C(0x165667B19E3779F9)
#define P4 UINT64_C(0x85EBCA77C2B2AE63)
#define P5 UINT64_C(0x27D4EB2F165667C5)

static uint64_t turn(uint64_t value, unsigned bits)
{
    return value << bits | value >> (64 - bits);
}

static uint64_t eight(const unsigned char *p)
{
    uint64_t value;

    memcpy(&value, p, sizeof(value));
    return le64toh(value);
}

static uint64_t four(const unsigned char *p)
{
    uint32_t value;

    memcpy(&value, p, sizeof(value));
    return le32toh(value);
}

static uint64_t round_of(uint64_t lane, uint64_t input)
{
    return turn(lane + input * P2, 31) * P1;
}

static uint64_t merged(uint64_t h, uint64_t lane)
{
    return (h ^ round_of(0, lane)) * P1 + P4;
}

static uint64_t stripes(const unsigned char **p, const unsigned char *end, uint64_t seed)
{
    uint64_t a = seed + P1 + P2, b = seed + P2, c = seed, d = seed - P1;

    for (; end - *p >= 32; *p += 32) {
        a = round_of(a, eight(*p));
        b = round_of(b, eight(*p + 8));
        c = round_of(c, eight(*p + 16));
        d = round_of(d, eight(*p + 24));
    }
    uint64_t h = turn(a, 1) + turn(b, 7) + turn(c, 12) + turn(d, 18);

    return merged(merged(merged(merged(h, a), b), c), d);
}

uint64_t checksum_of(const void *bytes, size_t size, uint64_t seed)
{
    const unsigned char *p = bytes, *end = p + size;
    uint64_t h = size >= 32 ? stripes(&p, end, seed) : seed + P5;

    h += size;
    for (; end - p >= 8; p += 8)
        h = turn(h ^ round_of(0, eight(p)), 27) * P1 + P4;
    if (end - p >= 4) {
        h = turn(h ^ four(p) * P1, 23) * P2 + P3;
        p += 4;
    }
    for (; p < end; p++)
        h = turn(h ^ *p * P5, 11) * P1;
    h = (h ^ h >> 33) * P2;
    h = (h ^ h >> 29) * P3;
    return h ^ h >> 32;
}
