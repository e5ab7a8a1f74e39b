/* SPDX-License-Identifier: MIT */
#include "emu/host/host_random.h"

#include "emu/base/check.h"
#include "emu/base/list.h"
#include "emu/base/mem.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/random.h>

struct host_random {
    struct random port;
    pthread_mutex_t lock; /* clients on several threads draw from it */
    uint64_t state;
};

/* splitmix64: one word of state is enough for identifiers. */
static uint64_t host_random_next(struct random *random)
{
    struct host_random *host = container_of(random, struct host_random, port);

    pthread_mutex_lock(&host->lock);
    uint64_t z = (host->state += UINT64_C(0x9e3779b97f4a7c15));
    pthread_mutex_unlock(&host->lock);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

struct host_random *host_random_new(uint64_t seed)
{
    struct host_random *host = mem_new(struct host_random);

    host->port.next = host_random_next;
    pthread_mutex_init(&host->lock, NULL);
    host->state = seed;
    return host;
}

void host_random_free(struct host_random *random)
{
    if (!random)
        return;
    pthread_mutex_destroy(&random->lock);
    free(random);
}

struct random *host_random_port(struct host_random *random)
{
    return &random->port;
}

uint64_t host_random_choose_seed(void)
{
    uint32_t seed = 0;

    check(getrandom(&seed, sizeof(seed), 0) == (ssize_t)sizeof(seed));
    return seed;
}
