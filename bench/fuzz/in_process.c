/* SPDX-License-Identifier: MIT */
/* The requester of requester.c as a function that is called again and again in one process, as
 * other fuzzers do (vssemu_fuzz_requester). Says on one line, in JSON, how much of the process's
 * time that took.
 *
 *   in-process PLANS RUNS      PLANS: what `plans bytes` has written, used from the front again */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

int vssemu_fuzz_requester(const uint8_t *data, size_t size, int (*requester)(void *arg), void *arg);
int requester_main(void);

static int run_requester(void *arg)
{
    (void)arg;
    return requester_main();
}

static long long now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (long long)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* False: there is no plan. */
static int read_plan(FILE *file, uint8_t *data, uint32_t limit, uint32_t *ret_size)
{
    for (int i = 0; i < 2; i++) {
        if (fread(ret_size, sizeof(*ret_size), 1, file) == 1)
            return *ret_size <= limit && fread(data, 1, *ret_size, file) == *ret_size;
        rewind(file);
    }
    return 0;
}

int main(int argc, char **argv)
{
    static uint8_t data[1 << 16];
    FILE *file = argc > 2 ? fopen(argv[1], "rb") : NULL;
    int n_runs = file ? atoi(argv[2]) : 0;
    long long spent_ns = 0;
    uint32_t size;

    for (int i = 0; i < n_runs; i++) {
        if (!read_plan(file, data, sizeof(data), &size))
            return 1;
        long long begin_ns = now_ns();
        if (vssemu_fuzz_requester(data, size, run_requester, NULL))
            return 1;
        spent_ns += now_ns() - begin_ns;
    }
    printf("{\"runs\": %d, \"run\": %lld}\n", n_runs, spent_ns);
    return n_runs ? 0 : 2;
}
