/* SPDX-License-Identifier: MIT */
/* Complete backups a second, and how their cost grows with writers and with components: see load.h
 * for what a backup is. CPU time of the thread, not wall time, because machines are shared; the
 * rounds of all sizes are interleaved, and the median and the least of the rounds are told.
 *
 *   protocol                        the table
 *   protocol --json                 the same for machines
 *   protocol --parts W C            where the time of one size goes, by part of the backup
 *   protocol --repeat N W C         N backups of one size and nothing else, for profilers
 *   protocol --rounds N --ms M      more rounds, or longer ones (default 9 of 60 ms) */
#include "bench/load.h"

#include <getopt.h>
#include <math.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define MAX_ROUNDS 101

struct size_result {
    struct load load;
    unsigned growth_from; /* index of the smaller size in the same row of growth, or itself */
    double samples_ns[MAX_ROUNDS];
    double median_ns, least_ns;
    struct load_result result;
};

/* First the three sizes that are asked for, then growth in components, then large ones. */
static struct size_result sizes[] = {
    { .load = { 1, 10 }, .growth_from = 0 },   { .load = { 10, 10 }, .growth_from = 0 },
    { .load = { 100, 10 }, .growth_from = 1 }, { .load = { 1000, 10 }, .growth_from = 2 },
    { .load = { 10, 100 }, .growth_from = 1 }, { .load = { 10, 1000 }, .growth_from = 4 },
};
#define N_SIZES (sizeof(sizes) / sizeof(sizes[0]))

static unsigned n_rounds = 9;
static double round_ns = 60e6;

/* ---- measuring ---- */

/* The clock of the thread has a number of its own, which no world puts its hand on. */
static double cpu_ns(void)
{
    struct timespec now;
    clockid_t clock;

    pthread_getcpuclockid(pthread_self(), &clock);
    clock_gettime(clock, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static double wall_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static void check_result(const struct load *load, const struct load_result *result)
{
    if (result->n_components == load->n_writers * load->n_components &&
        result->n_stable_writers == load->n_writers)
        return;
    fprintf(stderr, "bench: %u components and %u stable writers instead of %u and %u\n",
            result->n_components, result->n_stable_writers, load->n_writers * load->n_components,
            load->n_writers);
    exit(1);
}

/* Backups of one size for round_ns, at least one; CPU time of each, on average. */
static double measure(const struct load *load, struct load_result *ret_result)
{
    struct vssemu_world *world = load_world_new(load, 1);
    unsigned n = 0;
    double begin, spent;

    load_backup(ret_result); /* warm */
    begin = cpu_ns();
    do {
        load_backup(ret_result);
        check_result(load, ret_result);
        n++;
        spent = cpu_ns() - begin;
    } while (spent < round_ns);
    vssemu_world_free(world);
    return spent / n;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double median_of(double *samples, unsigned n)
{
    qsort(samples, n, sizeof(*samples), compare);
    return n % 2 ? samples[n / 2] : (samples[n / 2 - 1] + samples[n / 2]) / 2;
}

static void measure_sizes(void)
{
    for (unsigned round = 0; round < n_rounds; round++) {
        for (size_t i = 0; i < N_SIZES; i++)
            sizes[i].samples_ns[round] = measure(&sizes[i].load, &sizes[i].result);
    }
    for (size_t i = 0; i < N_SIZES; i++) {
        sizes[i].median_ns = median_of(sizes[i].samples_ns, n_rounds);
        sizes[i].least_ns = sizes[i].samples_ns[0];
    }
}

/* ---- two worlds ---- */

struct pair_result {
    double one_ns, two_ns;     /* CPU time of a backup, alone and beside another world */
    double one_rate, two_rate; /* backups a second by the clock on the wall */
};

struct worker {
    pthread_barrier_t *start;
    double cpu_ns, wall_ns;
    unsigned n_backups;
};

static void *work(void *arg)
{
    struct worker *worker = arg;
    struct load load = { 10, 10 };
    struct load_result result;
    struct vssemu_world *world = load_world_new(&load, 1);

    load_backup(&result);
    pthread_barrier_wait(worker->start);
    double cpu = cpu_ns(), wall = wall_ns();
    do {
        load_backup(&result);
        worker->n_backups++;
        worker->wall_ns = wall_ns() - wall;
    } while (worker->wall_ns < 4 * round_ns);
    worker->cpu_ns = cpu_ns() - cpu;
    vssemu_world_free(world);
    return NULL;
}

static void run_workers(unsigned n, double *ret_cpu_ns, double *ret_rate)
{
    pthread_barrier_t start;
    struct worker workers[2] = { { 0 } };
    pthread_t threads[2];

    *ret_cpu_ns = *ret_rate = 0;
    pthread_barrier_init(&start, NULL, n);
    for (unsigned i = 0; i < n; i++) {
        workers[i].start = &start;
        pthread_create(&threads[i], NULL, work, &workers[i]);
    }
    for (unsigned i = 0; i < n; i++) {
        pthread_join(threads[i], NULL);
        *ret_cpu_ns += workers[i].cpu_ns / workers[i].n_backups / n;
        *ret_rate += workers[i].n_backups / workers[i].wall_ns * 1e9;
    }
    pthread_barrier_destroy(&start);
}

static struct pair_result measure_pair(void)
{
    double samples[4][MAX_ROUNDS];

    for (unsigned round = 0; round < n_rounds; round++) {
        run_workers(1, &samples[0][round], &samples[1][round]);
        run_workers(2, &samples[2][round], &samples[3][round]);
    }
    return (struct pair_result){ .one_ns = median_of(samples[0], n_rounds),
                                 .one_rate = median_of(samples[1], n_rounds),
                                 .two_ns = median_of(samples[2], n_rounds),
                                 .two_rate = median_of(samples[3], n_rounds) };
}

/* ---- telling ---- */

/* b in cost ~ size^b between a size and the one it grew from; 0 for the first of a row. */
static double exponent_of(const struct size_result *size)
{
    const struct size_result *from = &sizes[size->growth_from];
    double more = (double)(size->load.n_writers * size->load.n_components) /
                  (from->load.n_writers * from->load.n_components);

    return size == from ? 0 : log(size->median_ns / from->median_ns) / log(more);
}

static void print_table(const struct pair_result *pair)
{
    printf("Complete backups, one thread, CPU time, median of %u interleaved rounds\n\n", n_rounds);
    printf("writers  components  backups/s  us/backup    least  ns/writer  ns/component  growth\n");
    for (size_t i = 0; i < N_SIZES; i++) {
        const struct size_result *s = &sizes[i];
        unsigned n_writers = s->load.n_writers, n = n_writers * s->load.n_components;

        printf("%7u  %10u  %9.0f  %9.1f  %7.1f  %9.0f  %12.0f", n_writers, s->load.n_components,
               1e9 / s->median_ns, s->median_ns / 1e3, s->least_ns / 1e3, s->median_ns / n_writers,
               s->median_ns / n);
        if (s->growth_from == i)
            printf("\n");
        else
            printf("  %6.2f\n", exponent_of(s));
    }
    printf("\ncomponents: of each writer. growth: b in cost ~ size^b since the smaller size; 1 is "
           "linear.\n\n");
    printf("Two worlds in two threads, 10 writers of 10 components each\n");
    printf("  one thread    %8.1f us/backup  %8.0f backups/s on the wall\n", pair->one_ns / 1e3,
           pair->one_rate);
    printf("  two threads   %8.1f us/backup  %8.0f backups/s on the wall, %.2f times\n",
           pair->two_ns / 1e3, pair->two_rate, pair->two_rate / pair->one_rate);
}

static void print_json(const struct pair_result *pair)
{
    printf("{\"rounds\": %u, \"sizes\": [", n_rounds);
    for (size_t i = 0; i < N_SIZES; i++) {
        const struct size_result *s = &sizes[i];

        printf(
            "%s\n  {\"writers\": %u, \"components\": %u, \"median_ns\": %.0f, \"least_ns\": %.0f, "
            "\"metadata_bytes\": %zu, \"document_bytes\": %zu",
            i ? "," : "", s->load.n_writers, s->load.n_components, s->median_ns, s->least_ns,
            s->result.metadata_bytes, s->result.document_bytes);
        if (s->growth_from != i)
            printf(", \"growth\": %.3f", exponent_of(s));
        printf("}");
    }
    printf("],\n \"one_thread\": {\"cpu_ns\": %.0f, \"backups_per_s\": %.0f},\n"
           " \"two_threads\": {\"cpu_ns\": %.0f, \"backups_per_s\": %.0f}}\n",
           pair->one_ns, pair->one_rate, pair->two_ns, pair->two_rate);
}

/* ---- one size ---- */

struct parts {
    double last_ns, spent_ns[N_LOAD_PARTS];
};

static void part_is_over(void *arg, enum load_part part)
{
    struct parts *parts = arg;
    double now = cpu_ns();

    parts->spent_ns[part] += now - parts->last_ns;
    parts->last_ns = now;
}

static void print_parts(const struct load *load)
{
    double samples[N_LOAD_PARTS][MAX_ROUNDS], total = 0;
    struct vssemu_world *world = load_world_new(load, 1);
    struct load_result result;

    load_backup(&result);
    for (unsigned round = 0; round < n_rounds; round++) {
        struct parts parts = { 0 };
        const unsigned n = 20;

        parts.last_ns = cpu_ns();
        for (unsigned i = 0; i < n; i++)
            load_backup_in_parts(&result, part_is_over, &parts);
        for (size_t i = 0; i < N_LOAD_PARTS; i++)
            samples[i][round] = parts.spent_ns[i] / n;
    }
    for (size_t i = 0; i < N_LOAD_PARTS; i++)
        total += median_of(samples[i], n_rounds);
    for (size_t i = 0; i < N_LOAD_PARTS; i++) {
        double ns = median_of(samples[i], n_rounds);

        printf("%-24s %9.1f us  %4.1f %%\n", load_part_name((enum load_part)i), ns / 1e3,
               100 * ns / total);
    }
    printf("%-24s %9.1f us   metadata %zu bytes, document %zu bytes\n", "sum", total / 1e3,
           result.metadata_bytes, result.document_bytes);
    vssemu_world_free(world);
}

static void repeat(const struct load *load, unsigned n)
{
    struct vssemu_world *world = load_world_new(load, 1);
    struct load_result result;

    while (n--) {
        load_backup(&result);
        check_result(load, &result);
    }
    vssemu_world_free(world);
}

static _Noreturn void explain(void)
{
    fprintf(stderr, "usage: protocol [--json] [--rounds N] [--ms M]\n"
                    "       protocol --parts WRITERS COMPONENTS [--rounds N]\n"
                    "       protocol --repeat N WRITERS COMPONENTS\n");
    exit(2);
}

static unsigned number(const char *text)
{
    char *end;
    unsigned long value = text ? strtoul(text, &end, 10) : 0;

    if (!value || *end || value > 1000000)
        explain();
    return (unsigned)value;
}

int main(int argc, char **argv)
{
    static const struct option options[] = {
        { "json", no_argument, NULL, 'j' },         { "rounds", required_argument, NULL, 'r' },
        { "ms", required_argument, NULL, 'm' },     { "parts", no_argument, NULL, 'p' },
        { "repeat", required_argument, NULL, 'n' }, { 0 },
    };
    bool as_json = false, in_parts = false;
    unsigned n_repeats = 0;
    int option;

    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (option == 'j')
            as_json = true;
        else if (option == 'r')
            n_rounds = number(optarg);
        else if (option == 'm')
            round_ns = number(optarg) * 1e6;
        else if (option == 'p')
            in_parts = true;
        else if (option == 'n')
            n_repeats = number(optarg);
        else
            explain();
    }
    if (n_rounds > MAX_ROUNDS || argc - optind != (in_parts || n_repeats ? 2 : 0))
        explain();
    if (in_parts || n_repeats) {
        struct load load = { number(argv[optind]), number(argv[optind + 1]) };

        if (in_parts)
            print_parts(&load);
        else
            repeat(&load, n_repeats);
        return 0;
    }
    measure_sizes();
    struct pair_result pair = measure_pair();
    if (as_json)
        print_json(&pair);
    else
        print_table(&pair);
    return 0;
}
