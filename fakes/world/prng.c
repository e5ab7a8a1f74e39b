/* SPDX-License-Identifier: MIT */
#include "fakes/world/prng.h"

#include "emu/base/list.h"
#include "emu/base/mem.h"

static uint64_t rotate_left(uint64_t x, int by)
{
    return (x << by) | (x >> (64 - by));
}

/* Sebastiano Vigna's splitmix64, the recommended way to fill the state of the next one. */
static uint64_t splitmix64(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* xoshiro256** by David Blackman and Sebastiano Vigna. */
static uint64_t prng_next(struct random *random)
{
    struct prng *prng = container_of(random, struct prng, port);
    uint64_t *s = prng->state;
    uint64_t result = rotate_left(s[1] * 5, 7) * 9;
    uint64_t t = s[1] << 17;

    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate_left(s[3], 45);
    return result;
}

/* FNV-1a: names become numbers. */
static uint64_t hash_name(const char *name)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);

    for (; *name; name++)
        hash = (hash ^ (unsigned char)*name) * UINT64_C(0x100000001b3);
    return hash;
}

void prng_init(struct prng *prng, uint64_t seed, const char *stream)
{
    uint64_t fill = seed;

    fill = splitmix64(&fill) ^ hash_name(stream);
    prng->port.next = prng_next;
    for (int i = 0; i < 4; i++)
        prng->state[i] = splitmix64(&fill);
}

struct prng *prng_new(uint64_t seed, const char *stream)
{
    struct prng *prng = mem_new(struct prng);

    prng_init(prng, seed, stream);
    return prng;
}
