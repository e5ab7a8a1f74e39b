/* SPDX-License-Identifier: MIT */
/* A library that takes its time when it comes and goes: for loader.c. */
#include <unistd.h>

static __attribute__((constructor)) void come(void)
{
    sleep(10);
}

static __attribute__((destructor)) void go(void)
{
    sleep(5);
}
