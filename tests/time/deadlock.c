/* SPDX-License-Identifier: MIT */
/* Two threads that take two mutexes in opposite order, with a sleep between: a deadlock with every
 * seed, which the scheduler must report and not hang. */
#include "fakes/linux/vthread.h"
#include "fakes/world/vsched.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

static pthread_mutex_t locks[2] = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER };

static void *lock_both(void *arg)
{
    long first = (long)arg;

    pthread_mutex_lock(&locks[first]);
    sleep(1);
    pthread_mutex_lock(&locks[1 - first]);
    return NULL;
}

int main(void)
{
    struct vsched *vs = vsched_new(1, NULL);
    pthread_t threads[2];

    vthread_activate(vs);
    for (long i = 0; i < 2; i++)
        pthread_create(&threads[i], NULL, lock_both, (void *)i);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    return 0;
}
