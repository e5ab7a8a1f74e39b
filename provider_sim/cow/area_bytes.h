/* SPDX-License-Identifier: MIT */
/* Little-endian numbers in a buffer: writing at its end, reading with a bound. What has been read
 * beyond the end is zero and makes the reader bad, so that callers ask once, at the end. */
#pragma once

#include "emu/base/array.h"

#include <endian.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

struct area_bytes {
    ARRAY(unsigned char) bytes;
};

static inline unsigned char *area_room(struct area_bytes *b, size_t size)
{
    size_t count = b->bytes.count + size;

    if (count > b->bytes.capacity) {
        b->bytes.capacity = count < 512 ? 1024 : count * 2;
        b->bytes.items = mem_realloc(b->bytes.items, b->bytes.capacity);
    }
    unsigned char *room = b->bytes.items + b->bytes.count;

    b->bytes.count = count;
    return room;
}

static inline void area_put(struct area_bytes *b, const void *bytes, size_t size)
{
    unsigned char *room = area_room(b, size);

    if (size)
        memcpy(room, bytes, size);
}

static inline void area_put_u16(struct area_bytes *b, uint16_t value)
{
    value = htole16(value);
    area_put(b, &value, sizeof(value));
}

static inline void area_put_u32(struct area_bytes *b, uint32_t value)
{
    value = htole32(value);
    area_put(b, &value, sizeof(value));
}

static inline void area_put_u64(struct area_bytes *b, uint64_t value)
{
    value = htole64(value);
    area_put(b, &value, sizeof(value));
}

static inline void area_put_time(struct area_bytes *b, struct timespec time)
{
    area_put_u64(b, (uint64_t)time.tv_sec);
    area_put_u64(b, (uint64_t)time.tv_nsec);
}

struct area_reader {
    const unsigned char *at, *end;
    bool is_bad;
};

/* NULL if there are not so many bytes. */
static inline const void *area_get(struct area_reader *r, size_t size)
{
    const unsigned char *at = r->at;

    if (r->is_bad || (size_t)(r->end - r->at) < size) {
        r->is_bad = true;
        return NULL;
    }
    r->at += size;
    return at;
}

static inline uint32_t area_get_u32(struct area_reader *r)
{
    const void *at = area_get(r, sizeof(uint32_t));
    uint32_t value = 0;

    if (at)
        memcpy(&value, at, sizeof(value));
    return le32toh(value);
}

static inline uint64_t area_get_u64(struct area_reader *r)
{
    const void *at = area_get(r, sizeof(uint64_t));
    uint64_t value = 0;

    if (at)
        memcpy(&value, at, sizeof(value));
    return le64toh(value);
}

static inline struct timespec area_get_time(struct area_reader *r)
{
    int64_t sec = (int64_t)area_get_u64(r), nsec = (int64_t)area_get_u64(r);

    return (struct timespec){ .tv_sec = sec, .tv_nsec = nsec };
}
