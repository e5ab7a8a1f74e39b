/* SPDX-License-Identifier: MIT */
/* Two threads load one library whose constructor sleeps, and give it back: the second waits for the
 * first, on the virtual clock. Then it is found beside the program, by its name alone. Exit code 0:
 * all was in time. */
#include "fakes/linux/vthread.h"
#include "fakes/world/vsched.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static const char *path;
static time_t loaded_at[2], gone_at[2];
static time_t began_at;

static time_t now(void)
{
    struct timespec at;

    clock_gettime(CLOCK_MONOTONIC, &at);
    return at.tv_sec - began_at;
}

static void must(int is_true, const char *what)
{
    if (is_true)
        return;
    fprintf(stderr, "loader: %s\n", what);
    exit(1);
}

static void *loads(void *arg)
{
    long i = (long)arg;

    sleep((unsigned)i);
    void *handle = dlopen(path, RTLD_NOW);
    must(handle != NULL, "it is not loaded");
    loaded_at[i] = now();
    sleep(20);
    must(dlclose(handle) == 0, "it is not given back");
    gone_at[i] = now();
    return NULL;
}

int main(int argc, char **argv)
{
    struct vsched *vs = vsched_new(argc > 2 ? (uint64_t)atoi(argv[2]) : 1, NULL);
    pthread_t threads[2];

    path = argv[1];
    vthread_activate(vs);
    began_at = now();
    for (long i = 0; i < 2; i++)
        pthread_create(&threads[i], NULL, loads, (void *)i);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    must(loaded_at[0] == 10 && loaded_at[1] == 10, "both have it when its constructor has run");
    must(gone_at[0] + gone_at[1] == 30 + 35, "the last one waits for its destructor");

    must(!dlopen("no-such-module.so", RTLD_NOW) && dlerror(), "what is nowhere is told");
#ifndef __SANITIZE_ADDRESS__ /* whose library calls dlopen for the program, from another folder */
    void *handle = dlopen("slow-module.so", RTLD_NOW);
    must(handle && !dlerror(), "it lies beside the program");
    must(now() == 45, "and is loaded anew");
    dlclose(handle);
#endif
    vthread_deactivate();
    vsched_free(vs);
    return 0;
}
