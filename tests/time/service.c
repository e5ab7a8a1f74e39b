/* SPDX-License-Identifier: MIT */
/* The scheduler's port with threads of its own, plain threads and tasks at once. Usage: service
 * SEED; the log goes to standard output. */
#include "emu/base/list.h"
#include "fakes/linux/vthread.h"
#include "fakes/world/vsched.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define N_WRITERS 5
#define N_EVENTS  20

struct writer {
    struct sched_task answer;
    struct sched *sched;
    struct sched_thread *thread;
    int number;
    int asked;
    int answered;
};

static pthread_mutex_t log_lock = PTHREAD_MUTEX_INITIALIZER;
static int n_answers;

static void say(struct sched *sched, const char *what, int who)
{
    printf("%lld %s %d\n", (long long)sched_now(sched), what, who);
}

/* A task that meets a lock which code under test may hold. */
static void count_answer(struct sched_task *task)
{
    struct writer *writer = container_of(task, struct writer, answer);

    pthread_mutex_lock(&log_lock);
    n_answers++;
    say(writer->sched, "answer of", writer->number);
    pthread_mutex_unlock(&log_lock);
    sched_notify(writer->sched);
}

static bool is_asked(void *arg)
{
    struct writer *writer = arg;

    return writer->asked > writer->answered;
}

static void writer_main(void *arg)
{
    struct writer *writer = arg;
    struct sched *sched = writer->sched;

    while (writer->answered < N_EVENTS) {
        sched_enter(sched);
        sched_wait(sched, is_asked, writer, SCHED_NEVER);
        sched_leave(sched);

        pthread_mutex_lock(&log_lock);
        say(sched, "event at", writer->number);
        usleep(300);
        pthread_mutex_unlock(&log_lock);

        sched_enter(sched);
        writer->answered++;
        sched_post(sched, &writer->answer, sched_now(sched) + 1000 * writer->number);
        sched_leave(sched);
        usleep(10);
    }
}

static bool has_all(void *arg)
{
    return n_answers == *(int *)arg;
}

int main(int argc, char **argv)
{
    struct vsched *vs = vsched_new(argc > 1 ? strtoull(argv[1], NULL, 10) : 1, NULL);
    struct sched *sched = vsched_port(vs);
    struct writer writers[N_WRITERS] = { 0 };

    vthread_prepare(vs);
    for (int i = 0; i < N_WRITERS; i++) {
        writers[i] = (struct writer){ .answer.run = count_answer, .sched = sched, .number = i };
        writers[i].thread = sched->ops->start(sched, "writer", writer_main, &writers[i]);
    }
    for (int round = 1; round <= N_EVENTS; round++) {
        int expected = round * N_WRITERS;

        sched_enter(sched);
        for (int i = 0; i < N_WRITERS; i++)
            writers[i].asked++;
        sched_notify(sched);
        if (!sched_wait(sched, has_all, &expected, sched_now(sched) + SCHED_SECOND))
            say(sched, "too late in round", round);
        sched_leave(sched);
    }
    for (int i = 0; i < N_WRITERS; i++)
        sched->ops->join(sched, writers[i].thread);
    say(sched, "answers:", n_answers);
    vthread_deactivate();
    vsched_free(vs);
    return 0;
}
