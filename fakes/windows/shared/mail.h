/* SPDX-License-Identifier: MIT */
/* How processes of one run wake each other: datagrams without content, to sockets with abstract
 * names, of which nothing is left behind. No Windows types here: they disagree with sockets. */
#pragma once

#include <stddef.h>

/* This process's box. 0, or a negative errno. */
int mail_open(unsigned long long run);
/* Wakes that process. A full box wakes as well; who has none yet looks by itself when it comes. */
void mail_send(int pid);
/* Sleeps until something comes, one of these processes ends, or the time is over. */
void mail_sleep(const int *pids, size_t n, int timeout_ms);
