/* SPDX-License-Identifier: MIT */
/* See posix_steps.h. One function a step; the table at the end has them all. */
#include "tests/fuse/posix_steps.h"

#include "emu/base/mem.h"
#include "tests/cow/random_steps.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

static int answer(int result)
{
    return result < 0 ? errno : 0;
}

static void fill(const struct posix_step *s, unsigned char *buffer)
{
    for (size_t i = 0; i < s->size; i++)
        buffer[i] = (unsigned char)(s->fill ? s->fill * 31 + i / 1000 + s->number : 0);
}

/* Opens, works, closes. Nothing is opened for reading or writing but regular files: a pipe would
 * wait. */
static int with_file(struct actor *a, const struct posix_step *s, int flags,
                     int (*work)(int fd, const struct posix_step *s))
{
    struct stat st;

    if (fstatat(a->root, s->path, &st, 0) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
        return EINVAL;
    int fd = openat(a->root, s->path, flags | O_CLOEXEC, 0644);
    if (fd < 0)
        return errno;
    int error = work(fd, s);
    close(fd);
    return error;
}

/* ---- contents ---- */

static int write_bytes(int fd, const struct posix_step *s)
{
    unsigned char *buffer = mem_alloc(s->size);
    int error = 0;

    fill(s, buffer);
    for (size_t done = 0; done < s->size && !error;) {
        ssize_t n = fcntl(fd, F_GETFL) & O_APPEND
                        ? write(fd, buffer + done, s->size - done)
                        : pwrite(fd, buffer + done, s->size - done, s->offset + (off_t)done);

        error = answer((int)n);
        done += n > 0 ? (size_t)n : 0;
    }
    free(buffer);
    return error;
}

static int do_write(struct actor *a, const struct posix_step *s)
{
    return with_file(a, s, O_WRONLY, write_bytes);
}

static int do_append(struct actor *a, const struct posix_step *s)
{
    return with_file(a, s, O_WRONLY | O_APPEND, write_bytes);
}

static int do_write_new(struct actor *a, const struct posix_step *s)
{
    return with_file(a, s, O_RDWR | O_CREAT | O_TRUNC, write_bytes);
}

static int do_write_held(struct actor *a, const struct posix_step *s)
{
    int fd = a->held[s->number % ACTOR_HELD];

    return fd < 0 ? 0 : write_bytes(fd, s);
}

static int map_and_write(int fd, const struct posix_step *s)
{
    struct stat st;

    if (fstat(fd, &st) < 0 || st.st_size == 0)
        return 0;
    size_t size = (size_t)st.st_size, from = (size_t)s->offset % size;
    unsigned char *pages = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (pages == MAP_FAILED)
        return errno;
    memset(pages + from, s->fill + 'm', size - from < s->size ? size - from : s->size);
    int error = answer(msync(pages, size, MS_SYNC));
    munmap(pages, size);
    return error;
}

static int do_map(struct actor *a, const struct posix_step *s)
{
    return with_file(a, s, O_RDWR, map_and_write);
}

static int cut(int fd, const struct posix_step *s)
{
    return answer(ftruncate(fd, s->offset));
}

static int do_truncate(struct actor *a, const struct posix_step *s)
{
    return with_file(a, s, O_WRONLY, cut);
}

static int allocate(int fd, const struct posix_step *s)
{
    static const int modes[] = { 0, FALLOC_FL_KEEP_SIZE, FALLOC_FL_ZERO_RANGE,
                                 FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE };

    return answer(fallocate(fd, modes[s->number % 4], s->offset, (off_t)s->size));
}

static int do_fallocate(struct actor *a, const struct posix_step *s)
{
    return with_file(a, s, O_WRONLY, allocate);
}

static int sync_it(int fd, const struct posix_step *s)
{
    return answer(s->number % 2 ? fsync(fd) : fdatasync(fd));
}

static int do_sync(struct actor *a, const struct posix_step *s)
{
    return with_file(a, s, O_RDONLY, sync_it);
}

static int do_keep(struct actor *a, const struct posix_step *s)
{
    int *held = &a->held[s->number % ACTOR_HELD];
    struct stat st;

    if (fstatat(a->root, s->path, &st, 0) < 0)
        return errno;
    if (!S_ISREG(st.st_mode))
        return 0;
    if (*held >= 0)
        close(*held);
    *held = openat(a->root, s->path, O_RDWR | O_CLOEXEC);
    return answer(*held);
}

/* ---- names ---- */

static int do_create(struct actor *a, const struct posix_step *s)
{
    int fd = openat(a->root, s->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, s->number & 0777);

    if (fd < 0)
        return errno;
    close(fd);
    return 0;
}

static int do_mkdir(struct actor *a, const struct posix_step *s)
{
    return answer(mkdirat(a->root, s->path, 0755));
}

static int do_mkfifo(struct actor *a, const struct posix_step *s)
{
    return answer(mknodat(a->root, s->path, S_IFIFO | 0600, 0));
}

static int do_symlink(struct actor *a, const struct posix_step *s)
{
    return answer(symlinkat(s->other, a->root, s->path));
}

static int do_link(struct actor *a, const struct posix_step *s)
{
    return answer(linkat(a->root, s->path, a->root, s->other, 0));
}

static int do_unlink(struct actor *a, const struct posix_step *s)
{
    return answer(unlinkat(a->root, s->path, 0));
}

static int do_rmdir(struct actor *a, const struct posix_step *s)
{
    return answer(unlinkat(a->root, s->path, AT_REMOVEDIR));
}

static int do_rename(struct actor *a, const struct posix_step *s)
{
    static const unsigned flags[] = { RENAME_NOREPLACE, RENAME_EXCHANGE, 0, 0 };

    return answer(renameat2(a->root, s->path, a->root, s->other, flags[s->number % 4]));
}

/* ---- attributes ---- */

/* What is made unreadable could not be compared by who is not root. */
static int do_chmod(struct actor *a, const struct posix_step *s)
{
    return answer(fchmodat(a->root, s->path, 0700 | (s->number & 0077), 0));
}

static int do_chown(struct actor *a, const struct posix_step *s)
{
    if (geteuid() != 0)
        return 0;
    return answer(fchownat(a->root, s->path, s->number % 7, s->number % 5, AT_SYMLINK_NOFOLLOW));
}

static int do_times(struct actor *a, const struct posix_step *s)
{
    const struct timespec times[2] = { { .tv_nsec = UTIME_NOW },
                                       { .tv_sec = s->number, .tv_nsec = s->number } };

    return answer(utimensat(a->root, s->path, times, AT_SYMLINK_NOFOLLOW));
}

static int set_attribute(int fd, const struct posix_step *s)
{
    char name[16];

    snprintf(name, sizeof(name), "user.%c", 'a' + s->fill);
    return answer(s->number % 3 ? fsetxattr(fd, name, s->other, strlen(s->other), 0)
                                : fremovexattr(fd, name));
}

static int do_attribute(struct actor *a, const struct posix_step *s)
{
    return with_file(a, s, O_RDONLY, set_attribute);
}

/* ---- the table ---- */

static const struct {
    const char *name;
    int (*run)(struct actor *a, const struct posix_step *s);
} steps[] = {
    { "create", do_create },
    { "mkdir", do_mkdir },
    { "mkfifo", do_mkfifo },
    { "symlink", do_symlink },
    { "link", do_link },
    { "unlink", do_unlink },
    { "rmdir", do_rmdir },
    { "rename", do_rename },
    { "rename", do_rename },
    { "write", do_write },
    { "write", do_write },
    { "append", do_append },
    { "write new", do_write_new },
    { "write new", do_write_new },
    { "keep open", do_keep },
    { "write held", do_write_held },
    { "map", do_map },
    { "truncate", do_truncate },
    { "fallocate", do_fallocate },
    { "sync", do_sync },
    { "chmod", do_chmod },
    { "chown", do_chown },
    { "times", do_times },
    { "attribute", do_attribute },
};

#define N_STEPS (sizeof(steps) / sizeof(steps[0]))

const char *posix_step_name(const struct posix_step *s)
{
    return steps[s->what].name;
}

int posix_step_do(struct actor *a, const struct posix_step *s)
{
    return steps[s->what].run(a, s);
}

static void draw_path(uint64_t *r, char path[32])
{
    size_t depth = 1u + (steps_draw(r, 3) == 0) + (steps_draw(r, 6) == 0);

    path[0] = 0;
    for (size_t i = 0; i < depth; i++)
        sprintf(path + strlen(path), "%s%c", i ? "/" : "", (int)('a' + steps_draw(r, 5)));
}

struct posix_step posix_step_draw(uint64_t *r)
{
    struct posix_step s = { .what = (unsigned)steps_draw(r, N_STEPS) };

    draw_path(r, s.path);
    draw_path(r, s.other);
    s.number = (unsigned)steps_draw(r, 1000);
    s.offset = (off_t)steps_draw(r, steps_draw(r, 2) ? 150000 : 300);
    s.size = 1 + steps_draw(r, steps_draw(r, 2) ? 100000 : 300);
    s.fill = (unsigned char)steps_draw(r, 4); /* 0: zeroes */
    return s;
}

void actor_begin(struct actor *a, const char *directory)
{
    a->root = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    for (int i = 0; i < ACTOR_HELD; i++)
        a->held[i] = -1;
}

void actor_end(struct actor *a)
{
    for (int i = 0; i < ACTOR_HELD; i++) {
        if (a->held[i] >= 0)
            close(a->held[i]);
    }
    close(a->root);
}
