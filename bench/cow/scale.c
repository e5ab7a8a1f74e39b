/* SPDX-License-Identifier: MIT */
/* How the store of a volume grows, without FUSE: docs/diff-area-format.md, "Growth". DIRECTORY is
 * made anew.
 *
 *     scale delete DIRECTORY SNAPSHOTS oldest|newest|random   deleting all of them
 *     scale open DIRECTORY FILES SNAPSHOTS CHANGED            opening a volume again, in order and
 *                                                             after a kill; so many files changed
 *                                                             for each snapshot
 *     scale sparse DIRECTORY GIB SNAPSHOTS BLOCKS             a sparse file of that size, of which
 *                                                             so many blocks change for each
 *     scale durable DIRECTORY BLOCKS                          first changes of so many blocks, one
 *                                                             after the other, without the flag
 *                                                             durable and with it
 *
 * One line of JSON each. */
#include "emu/host/host_store.h"
#include "emu/port/store.h"
#include "provider_sim/cow/cow_path.h"
#include "provider_sim/cow/cow_state.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define FILES_A_FOLDER 1000
#define BLOCKS_A_STEP  64 /* of the large file, and so many small files, for each snapshot */

static _Noreturn void die(const char *what, int error)
{
    fprintf(stderr, "scale: %s: %s\n", what, strerror(error < 0 ? -error : error));
    exit(1);
}

static double now_ms(void)
{
    struct timespec at;

    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec * 1e3 + (double)at.tv_nsec / 1e6;
}

static long resident_kib(void)
{
    long pages = 0, ignored;
    FILE *f = fopen("/proc/self/statm", "r");

    if (!f || fscanf(f, "%ld %ld", &ignored, &pages) != 2)
        die("statm", errno);
    fclose(f);
    return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

static struct cow_volume *open_volume(const char *directory)
{
    struct cow_volume *v = NULL;
    struct store *store;
    int error = host_store_open_frugal(directory, 256, &store);

    if (!error)
        error = cow_volume_open(store, &v);
    if (error)
        die(directory, error);
    return v;
}

static void write_at(struct cow_volume *v, const char *path, const void *bytes, size_t size,
                     off_t offset)
{
    struct cow_node *node;
    int error = cow_path_find(v, VOLUME_ORIGIN, path, true, &node);

    if (!error && cow_volume_write(v, node, bytes, size, offset) != (ssize_t)size)
        error = EIO;
    if (error)
        die(path, error);
    cow_node_unref(v, node);
}

static void make(struct cow_volume *v, const char *path, mode_t mode, off_t size)
{
    char name[COW_NAME_SIZE];
    struct cow_node *dir = NULL, *node = NULL;
    int error = cow_path_split(v, VOLUME_ORIGIN, path, &dir, name);

    if (!error)
        error = cow_volume_create(v, dir, name, mode, 0, (uid_t)-1, (gid_t)-1, &node);
    if (!error && size)
        error = cow_volume_truncate(v, node, size);
    if (error)
        die(path, error);
    cow_node_unref(v, node);
    cow_node_unref(v, dir);
}

static const char *path_of(long file)
{
    static char path[48];

    snprintf(path, sizeof(path), "%ld/%ld", file / FILES_A_FOLDER, file);
    return path;
}

static void make_files(struct cow_volume *v, long n)
{
    char folder[24];

    for (long i = 0; i < n; i++) {
        snprintf(folder, sizeof(folder), "%ld", i / FILES_A_FOLDER);
        if (i % FILES_A_FOLDER == 0)
            make(v, folder, S_IFDIR | 0755, 0);
        make(v, path_of(i), S_IFREG | 0644, 5000);
    }
}

static void snapshot(struct cow_volume *v)
{
    const struct cow_snapshot_info info = { .is_persistent = true };
    int error = cow_volume_commit_as(v, cow_volume_next_number(v), &info);

    if (error)
        die("snapshot", error);
}

/* ---- deleting ---- */

static size_t next_to_go(const struct cow_volume *v, const char *order, uint64_t *random)
{
    size_t n = v->snapshots.count;

    *random = *random * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return order[0] == 'o' ? 0 : order[0] == 'n' ? n - 1 : (size_t)(*random >> 33) % n;
}

/* Every snapshot has blocks and files of its own: all that can be handed down is. */
static void measure_delete(const char *directory, long n, const char *order)
{
    struct cow_volume *v = open_volume(directory);
    char *bytes = mem_alloc((size_t)BLOCKS_A_STEP * COW_BLOCK_SIZE);
    double slowest = 0, all;
    uint64_t random = 1;

    make(v, "large", S_IFREG | 0644, n * BLOCKS_A_STEP * (off_t)COW_BLOCK_SIZE);
    make_files(v, n * BLOCKS_A_STEP);
    for (long i = 0; i < n; i++) {
        memset(bytes, (int)(i | 1), (size_t)BLOCKS_A_STEP * COW_BLOCK_SIZE);
        snapshot(v);
        write_at(v, "large", bytes, (size_t)BLOCKS_A_STEP * COW_BLOCK_SIZE,
                 i * BLOCKS_A_STEP * (off_t)COW_BLOCK_SIZE);
        for (long file = 0; file < BLOCKS_A_STEP; file++)
            write_at(v, path_of(i * BLOCKS_A_STEP + file), "changed", 7, 0);
    }
    all = now_ms();
    while (v->snapshots.count) {
        double began = now_ms();
        int error = cow_volume_delete_snapshot(
            v, v->snapshots.items[next_to_go(v, order, &random)]->number);

        if (error)
            die("delete", error);
        slowest = now_ms() - began > slowest ? now_ms() - began : slowest;
    }
    printf(
        "{\"snapshots\": %ld, \"order\": \"%s\", \"delete all ms\": %.1f, \"slowest ms\": %.2f}\n",
        n, order, now_ms() - all, slowest);
    free(bytes);
    cow_volume_free(v);
}

/* ---- opening ---- */

static void report_open(const char *directory, const char *how)
{
    long before = resident_kib();
    double began = now_ms();
    struct cow_volume *v = open_volume(directory);

    printf(", \"open %s ms\": %.1f, \"open KiB\": %ld, \"records\": %zu, \"blocks\": %zu", how,
           now_ms() - began, resident_kib() - before, v->n_records, extent_map_count(v->extents));
    v->is_closing = true;
    cow_volume_free(v);
}

static void report_all(const char *directory, struct cow_volume *v)
{
    struct rusage usage;
    long there = resident_kib();
    double began = now_ms();

    cow_volume_free(v);
    printf("\"serving KiB\": %ld, \"close ms\": %.1f", there, now_ms() - began);
    report_open(directory, "in order");
    v = open_volume(directory);
    make(v, "killed", S_IFREG | 0644, 0);
    v->is_closing = true; /* as a kill leaves it */
    cow_volume_free(v);
    report_open(directory, "killed");
    getrusage(RUSAGE_SELF, &usage);
    printf(", \"peak KiB\": %ld}\n", usage.ru_maxrss);
}

static void measure_open(const char *directory, long n_files, long n_snapshots, long n_changed)
{
    struct cow_volume *v = open_volume(directory);
    long file = 0;

    make_files(v, n_files);
    for (long i = 0; i < n_snapshots; i++) {
        snapshot(v);
        for (long n = 0; n < n_changed; n++, file++)
            write_at(v, path_of(file * 7 % n_files), "changed", 7, 0);
    }
    printf("{\"files\": %ld, \"snapshots\": %ld, \"changed\": %ld, ", n_files, n_snapshots,
           n_changed);
    report_all(directory, v);
}

static void measure_sparse(const char *directory, long gib, long n_snapshots, long n_blocks)
{
    struct cow_volume *v = open_volume(directory);
    uint64_t random = 1, n = (uint64_t)gib << 16; /* blocks */

    make(v, "image", S_IFREG | 0644, (off_t)gib << 30);
    for (long i = 0; i < n_snapshots; i++) {
        snapshot(v);
        for (long block = 0; block < n_blocks; block++) {
            random = random * UINT64_C(6364136223846793005) + 1442695040888963407u;
            write_at(v, "image", "changed", 7, (off_t)((random >> 20) % n * COW_BLOCK_SIZE));
        }
    }
    printf("{\"GiB\": %ld, \"snapshots\": %ld, \"blocks changed\": %ld, ", gib, n_snapshots,
           n_blocks);
    report_all(directory, v);
}

static double first_changes_us(struct cow_volume *v, long n_blocks)
{
    double began;

    snapshot(v);
    began = now_ms();
    for (long i = 0; i < n_blocks; i++)
        write_at(v, "f", "changed", 7, i * (off_t)COW_BLOCK_SIZE);
    return (now_ms() - began) * 1000 / (double)n_blocks;
}

static void measure_durable(const char *directory, long n_blocks)
{
    struct cow_volume *v = open_volume(directory);
    char block[COW_BLOCK_SIZE];

    memset(block, 'x', sizeof(block));
    make(v, "f", S_IFREG | 0644, 0);
    for (long i = 0; i < n_blocks; i++)
        write_at(v, "f", block, sizeof(block), i * (off_t)COW_BLOCK_SIZE);
    double lazy = first_changes_us(v, n_blocks);

    if (cow_volume_set_durable(v, true))
        die("durable", EIO);
    printf("{\"blocks\": %ld, \"lazy us\": %.1f, \"durable us\": %.1f}\n", n_blocks, lazy,
           first_changes_us(v, n_blocks));
    cow_volume_free(v);
}

int main(int argc, char **argv)
{
    if (argc == 5 && strcmp(argv[1], "delete") == 0)
        measure_delete(argv[2], atol(argv[3]), argv[4]);
    else if (argc == 6 && strcmp(argv[1], "open") == 0)
        measure_open(argv[2], atol(argv[3]), atol(argv[4]), atol(argv[5]));
    else if (argc == 6 && strcmp(argv[1], "sparse") == 0)
        measure_sparse(argv[2], atol(argv[3]), atol(argv[4]), atol(argv[5]));
    else if (argc == 4 && strcmp(argv[1], "durable") == 0)
        measure_durable(argv[2], atol(argv[3]));
    else
        die("what is to be measured?", EINVAL);
    return 0;
}
