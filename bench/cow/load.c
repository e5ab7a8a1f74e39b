/* SPDX-License-Identifier: MIT */
/* What bench/cow measures each system with, as one more process beside it. It speaks to a file, or
 * to an export of a network block device by its address (nbd+unix://..., with libnbd), and prints
 * one line of JSON.
 *
 *     load overwrite PATH BYTES SEED   random blocks of 4 KiB, each once: microseconds a write
 *     load sequential PATH BYTES       from the start, 128 KiB a write: MiB a second
 *     load fill PATH BYTES             makes the file, with contents that do not compress
 *     load metadata DIRECTORY FILES    create, stat, readdir, unlink: microseconds a file
 *     load read PATH                   the whole file: MiB a second
 *     load floor PATH BYTES            the file calls of copy on write alone, without a server:
 *                                      microseconds for a block of 16 KiB and for 128 KiB */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#ifdef HAVE_LIBNBD
#include <libnbd.h>
#endif

enum { BLOCK = 4096, KEPT = 16 * 1024, CHUNK = 128 * 1024 };

/* A file, or an export. */
struct target {
    int fd;
#ifdef HAVE_LIBNBD
    struct nbd_handle *nbd;
#endif
};

static _Noreturn void fail(const char *what)
{
    fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
    exit(1);
}

static double now(void)
{
    struct timespec at;

    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

static uint64_t next_random(uint64_t *state)
{
    uint64_t x = *state += UINT64_C(0x9e3779b97f4a7c15);

    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

static void fill_random(void *buffer, size_t size, uint64_t seed)
{
    uint64_t *word = buffer;

    for (size_t i = 0; i < size / sizeof(*word); i++)
        word[i] = next_random(&seed);
}

static bool is_export(const char *path)
{
    return strncmp(path, "nbd", 3) == 0 && strstr(path, "://");
}

static void open_target(struct target *target, const char *path)
{
    *target = (struct target){ .fd = -1 };
    if (!is_export(path)) {
        target->fd = open(path, O_RDWR | O_CLOEXEC);
        if (target->fd < 0)
            fail(path);
        return;
    }
#ifdef HAVE_LIBNBD
    target->nbd = nbd_create();
    if (!target->nbd || nbd_connect_uri(target->nbd, path) < 0) {
        fprintf(stderr, "load: %s: %s\n", path, nbd_get_error());
        exit(1);
    }
#else
    fprintf(stderr, "load: %s: built without libnbd\n", path);
    exit(1);
#endif
}

static void close_target(struct target *target)
{
#ifdef HAVE_LIBNBD
    if (target->nbd) {
        nbd_shutdown(target->nbd, 0);
        nbd_close(target->nbd);
        return;
    }
#endif
    if (close(target->fd) != 0)
        fail("close");
}

static void write_at(struct target *target, const void *buffer, size_t size, off_t offset)
{
#ifdef HAVE_LIBNBD
    if (target->nbd) {
        if (nbd_pwrite(target->nbd, buffer, size, (uint64_t)offset, 0) < 0) {
            fprintf(stderr, "load: %s\n", nbd_get_error());
            exit(1);
        }
        return;
    }
#endif
    if (pwrite(target->fd, buffer, size, offset) != (ssize_t)size)
        fail("write");
}

/* A file is not opened for it. */
static off_t size_of(const char *path)
{
    struct stat st;

#ifdef HAVE_LIBNBD
    if (is_export(path)) {
        struct target target;

        open_target(&target, path);
        off_t size = nbd_get_size(target.nbd);
        close_target(&target);
        return size;
    }
#endif
    if (stat(path, &st) != 0)
        fail(path);
    return st.st_size;
}

/* All blocks of the file in a random order; the first n of them are written. */
static uint32_t *shuffled_blocks(size_t n_blocks, uint64_t seed)
{
    uint32_t *blocks = malloc(n_blocks * sizeof(*blocks));

    if (!blocks)
        fail("malloc");
    for (size_t i = 0; i < n_blocks; i++)
        blocks[i] = (uint32_t)i;
    for (size_t i = n_blocks; i > 1; i--) {
        size_t other = next_random(&seed) % i;
        uint32_t kept = blocks[i - 1];

        blocks[i - 1] = blocks[other];
        blocks[other] = kept;
    }
    return blocks;
}

static void overwrite(const char *path, size_t bytes, uint64_t seed)
{
    struct target target;
    char buffer[BLOCK];
    size_t n = bytes / BLOCK;

    uint32_t *blocks = shuffled_blocks((size_t)size_of(path) / BLOCK, seed);
    fill_random(buffer, sizeof(buffer), seed);
    double begin = now();
    open_target(&target, path); /* some copy the whole file here */
    for (size_t i = 0; i < n; i++)
        write_at(&target, buffer, BLOCK, (off_t)blocks[i] * BLOCK);
    double took = now() - begin;
    close_target(&target);
    free(blocks);
    printf("{\"us\": %.3f}\n", took / (double)n * 1e6);
}

static void sequential(const char *path, size_t bytes)
{
    static char buffer[CHUNK];
    struct target target;

    open_target(&target, path);
    fill_random(buffer, sizeof(buffer), 7);
    double begin = now();
    for (size_t at = 0; at < bytes; at += CHUNK)
        write_at(&target, buffer, CHUNK, (off_t)at);
    double took = now() - begin;
    close_target(&target);
    printf("{\"mib_s\": %.1f}\n", (double)bytes / took / (1 << 20));
}

static void fill(const char *path, size_t bytes)
{
    static char buffer[1 << 20];
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

    if (fd < 0)
        fail(path);
    for (size_t at = 0; at < bytes; at += sizeof(buffer)) {
        fill_random(buffer, sizeof(buffer), at);
        if (write(fd, buffer, sizeof(buffer)) != (ssize_t)sizeof(buffer))
            fail("write");
    }
    if (close(fd) != 0)
        fail("close");
    printf("{}\n");
}

static void read_whole(const char *path)
{
    static char buffer[CHUNK];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got;
    double bytes = 0, begin = now();

    if (fd < 0)
        fail(path);
    while ((got = read(fd, buffer, sizeof(buffer))) > 0)
        bytes += (double)got;
    if (got < 0)
        fail("read");
    close(fd);
    printf("{\"mib_s\": %.1f, \"bytes\": %.0f}\n", bytes / (now() - begin) / (1 << 20), bytes);
}

static void read_at(int fd, void *buffer, size_t size, off_t offset)
{
    if (pread(fd, buffer, size, offset) != (ssize_t)size)
        fail("read");
}

/* What stands in `order` is read from the file and written aside, one behind the other. */
static void copy_aside(int fd, int aside, const uint32_t *order, size_t n, size_t unit,
                       const char *name)
{
    static char buffer[CHUNK];
    double reading = 0, keeping = 0, writing = 0;
    struct target target = { .fd = fd }, other = { .fd = aside };

    if (ftruncate(aside, 0) != 0)
        fail("truncate");
    for (size_t i = 0; i < n; i++) {
        off_t offset = (off_t)(order ? order[i] : i) * (off_t)unit;
        double begin = now();
        read_at(fd, buffer, unit, offset);
        double read = now();
        write_at(&other, buffer, unit, (off_t)(i * unit));
        double kept = now();
        write_at(&target, buffer, order ? BLOCK : unit, offset);
        writing += now() - kept;
        keeping += kept - read;
        reading += read - begin;
    }
    printf("\"%s\": {\"read\": %.3f, \"aside\": %.3f, \"write\": %.3f}", name,
           reading / (double)n * 1e6, keeping / (double)n * 1e6, writing / (double)n * 1e6);
}

static void show_floor(const char *path, size_t bytes)
{
    char aside_path[4096];
    int fd = open(path, O_RDWR | O_CLOEXEC);

    snprintf(aside_path, sizeof(aside_path), "%s.aside", path);
    int aside = open(aside_path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0 || aside < 0 || unlink(aside_path) != 0)
        fail(path);
    uint32_t *order = shuffled_blocks((size_t)size_of(path) / KEPT, 11);
    printf("{");
    copy_aside(fd, aside, order, bytes / KEPT, KEPT, "random");
    printf(", ");
    copy_aside(fd, aside, NULL, bytes / CHUNK, CHUNK, "sequential");
    printf("}\n");
    free(order);
    close(fd);
    close(aside);
}

static double each_file(int dir, size_t n, void (*what)(int dir, const char *name))
{
    double begin = now();
    char name[32];

    for (size_t i = 0; i < n; i++) {
        snprintf(name, sizeof(name), "file-%zu", i);
        what(dir, name);
    }
    return (now() - begin) / (double)n * 1e6;
}

static void create_one(int dir, const char *name)
{
    int fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);

    if (fd < 0 || close(fd) != 0)
        fail(name);
}

static void stat_one(int dir, const char *name)
{
    struct stat st;

    if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
        fail(name);
}

static void unlink_one(int dir, const char *name)
{
    if (unlinkat(dir, name, 0) != 0)
        fail(name);
}

static size_t list(int fd)
{
    DIR *dir = fdopendir(dup(fd));
    size_t n = 0;

    if (!dir)
        fail("opendir");
    rewinddir(dir);
    while (readdir(dir))
        n++;
    closedir(dir);
    return n;
}

static void metadata(const char *path, size_t n)
{
    int dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (dir < 0)
        fail(path);
    double create = each_file(dir, n, create_one);
    double stat = each_file(dir, n, stat_one);
    double begin = now();
    size_t listed = 0;
    for (int i = 0; i < 10; i++)
        listed += list(dir);
    double readdir = (now() - begin) / (double)listed * 1e6;
    double unlink = each_file(dir, n, unlink_one);
    close(dir);
    printf("{\"create_us\": %.3f, \"stat_us\": %.3f, \"readdir_us\": %.4f, \"unlink_us\": %.3f}\n",
           create, stat, readdir, unlink);
}

int main(int argc, char **argv)
{
    const char *what = argc > 2 ? argv[1] : "";
    size_t n = argc > 3 ? strtoull(argv[3], NULL, 10) : 0;

    if (strcmp(what, "overwrite") == 0 && argc == 5)
        overwrite(argv[2], n, strtoull(argv[4], NULL, 10));
    else if (strcmp(what, "sequential") == 0 && argc == 4)
        sequential(argv[2], n);
    else if (strcmp(what, "fill") == 0 && argc == 4)
        fill(argv[2], n);
    else if (strcmp(what, "metadata") == 0 && argc == 4)
        metadata(argv[2], n);
    else if (strcmp(what, "floor") == 0 && argc == 4)
        show_floor(argv[2], n);
    else if (strcmp(what, "read") == 0 && argc == 3)
        read_whole(argv[2]);
    else {
        fprintf(stderr, "load: see the head of bench/cow/load.c\n");
        return 2;
    }
    return 0;
}
