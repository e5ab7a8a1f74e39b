/* SPDX-License-Identifier: MIT */
/* Random numbers of the machine, for threads on a virtual clock: from the world's seed. */
#include "fakes/linux/vthread_inside.h"

#include "fakes/world/prng.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

static uint64_t draw(struct vsched *vs)
{
    return random_next(vthread_random(vs));
}

static void fill(struct vsched *vs, void *buffer, size_t size)
{
    unsigned char *at = buffer;

    while (size) {
        uint64_t value = draw(vs);
        size_t part = size < sizeof(value) ? size : sizeof(value);

        memcpy(at, &value, part);
        at += part;
        size -= part;
    }
}

ssize_t getrandom(void *buffer, size_t size, unsigned flags)
{
    struct vsched *vs = vthread_vsched();

    if (!vs)
        return REAL(getrandom)(buffer, size, flags);
    fill(vs, buffer, size);
    return (ssize_t)size;
}

int getentropy(void *buffer, size_t size)
{
    struct vsched *vs = vthread_vsched();

    if (!vs)
        return REAL(getentropy)(buffer, size);
    if (size > 256) {
        errno = EIO;
        return -1;
    }
    fill(vs, buffer, size);
    return 0;
}

uint32_t arc4random(void)
{
    struct vsched *vs = vthread_vsched();

    return vs ? (uint32_t)draw(vs) : REAL(arc4random)();
}

uint32_t arc4random_uniform(uint32_t below)
{
    struct vsched *vs = vthread_vsched();

    if (!vs)
        return REAL(arc4random_uniform)(below);
    return below ? (uint32_t)random_below(vthread_random(vs), below) : 0;
}

void arc4random_buf(void *buffer, size_t size)
{
    struct vsched *vs = vthread_vsched();

    if (vs)
        fill(vs, buffer, size);
    else
        REAL(arc4random_buf)(buffer, size);
}

/* std::random_device::_M_getval(), which asks the processor. */
unsigned _ZNSt13random_device9_M_getvalEv(void *device);

unsigned _ZNSt13random_device9_M_getvalEv(void *device)
{
    struct vsched *vs = vthread_vsched();

    return vs ? (unsigned)draw(vs) : REAL(_ZNSt13random_device9_M_getvalEv)(device);
}
