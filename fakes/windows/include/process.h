/* SPDX-License-Identifier: MIT */
/* Threads and processes of Microsoft's C library. */
#pragma once

#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#ifdef __cplusplus
extern "C" {
#endif

uintptr_t _beginthread(void (*start)(void *), unsigned stack_size, void *argument);
uintptr_t _beginthreadex(void *security, unsigned stack_size, unsigned (*start)(void *),
                         void *argument, unsigned flags, unsigned *ret_id);
void _endthread(void);
void _endthreadex(unsigned code);

static inline int _getpid(void)
{
    return (int)getpid();
}

#ifdef __cplusplus
}
#endif
