/* SPDX-License-Identifier: MIT */
/* What no fork server can do without: a process that forks, pinned to one core, whose child makes
 * two further threads, gives the turn from one to the next so often, and ends.
 *
 *   floor RUNS HANDOVERS       HANDOVERS 0: the child ends at once, without threads */
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define N_THREADS 3

static sem_t turns[N_THREADS];
static int n_turns; /* of each */

static void *take_turns(void *arg)
{
    size_t self = (size_t)arg;

    for (int i = 0; i < n_turns; i++) {
        sem_wait(&turns[self]);
        sem_post(&turns[(self + 1) % N_THREADS]);
    }
    return NULL;
}

static void be_a_run(void)
{
    pthread_t threads[N_THREADS - 1];

    if (n_turns) {
        for (size_t i = 0; i < N_THREADS; i++)
            sem_init(&turns[i], 0, i == 0);
        for (size_t i = 1; i < N_THREADS; i++)
            pthread_create(&threads[i - 1], NULL, take_turns, (void *)i);
        take_turns(NULL);
        for (size_t i = 1; i < N_THREADS; i++)
            pthread_join(threads[i - 1], NULL);
    }
    exit(EXIT_SUCCESS);
}

int main(int argc, char **argv)
{
    int n_runs = argc > 2 ? atoi(argv[1]) : 0, status, n_good = 0;
    cpu_set_t one;

    n_turns = argc > 2 ? atoi(argv[2]) / N_THREADS : 0;
    CPU_ZERO(&one);
    CPU_SET((size_t)sched_getcpu(), &one);
    sched_setaffinity(0, sizeof(one), &one);
    for (int i = 0; i < n_runs; i++) {
        pid_t pid = fork();

        if (pid == 0)
            be_a_run();
        n_good += pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
    }
    printf("{\"runs\": %d}\n", n_good);
    return n_good == n_runs ? EXIT_SUCCESS : EXIT_FAILURE;
}
