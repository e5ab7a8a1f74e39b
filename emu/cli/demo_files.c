/* SPDX-License-Identifier: MIT */
/* See demo_files.h. */
#include "emu/cli/demo_files.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/cli/interrupt.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define FILES_IN_FOLDER 50
#define LARGEST_FILE    (128 << 10)

/* nftw has no argument for its callback; a demo runs alone. */
static struct demo_files *making;
static const char *target;
static size_t wanted;

static size_t n_files(void)
{
    return making->n_copied + making->n_made;
}

/* Letters, digits and a few signs that both systems allow. */
static char *plain_name(const char *name)
{
    char *plain = mem_strdup(name);

    for (char *p = plain; *p; p++) {
        if ((unsigned char)*p <= ' ' || (unsigned char)*p >= 0x7F || strchr("<>:\"/\\|?*", *p))
            *p = '_';
    }
    if (strlen(plain) > 100)
        plain[100] = 0;
    return plain;
}

/* Creates the next file of the target; its name starts with its number. */
static int create_next(const char *name, int *ret_fd)
{
    size_t number = n_files();

    if (interrupt_came())
        return -EINTR;
    auto_free char *plain = plain_name(name);
    auto_free char *folder = str_printf("%s/folder-%02zu", target, number / FILES_IN_FOLDER);
    auto_free char *path = str_printf("%s/%04zu-%s", folder, number, plain);

    if (number % FILES_IN_FOLDER == 0) {
        if (mkdir(folder, 0755) < 0 && errno != EEXIST)
            return -errno;
        making->n_folders++;
    }
    *ret_fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    return *ret_fd < 0 ? -errno : 0;
}

static int copy_bytes(int from, int to)
{
    char buffer[LARGEST_FILE];
    ssize_t n;

    while ((n = read(from, buffer, sizeof(buffer))) > 0) {
        if (write(to, buffer, (size_t)n) != n)
            return -EIO;
        making->n_bytes += n;
    }
    return n < 0 ? -errno : 0;
}

static int visit(const char *path, const struct stat *st, int type, struct FTW *where)
{
    if (type != FTW_F || !S_ISREG(st->st_mode) || st->st_size == 0 || st->st_size > LARGEST_FILE)
        return 0;
    auto_close int from = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (from < 0)
        return 0;
    auto_close int to = -1;
    int error = create_next(path + where->base, &to);
    if (error == 0)
        error = copy_bytes(from, to);
    if (error < 0)
        return error;
    making->n_copied++;
    return n_files() >= wanted;
}

static int make_up(void)
{
    auto_close int to = -1;
    auto_str struct str text = { 0 };
    int error = create_next("note.txt", &to);

    if (error < 0)
        return error;
    for (size_t line = 0; line < 20 + n_files() % 200; line++)
        str_addf(&text, "line %zu of file %zu, made for the demo\n", line, n_files());
    if (write(to, text.text, text.length) != (ssize_t)text.length)
        return -ENOSPC;
    making->n_bytes += (long long)text.length;
    making->n_made++;
    return 0;
}

int demo_files_make(const char *directory, size_t n_wanted, struct demo_files *ret_files)
{
    static const char *const sources[] = { "/usr/share/doc", "/usr/include", "/usr/share", "/etc" };
    int error = 0;

    *ret_files = (struct demo_files){ 0 };
    making = ret_files;
    target = directory;
    wanted = n_wanted;
    for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]) && n_files() < wanted; i++) {
        error = nftw(sources[i], visit, 32, FTW_PHYS | FTW_MOUNT);
        if (error < 0 && n_files() < wanted && error != -1)
            return error;
    }
    while (n_files() < wanted) {
        error = make_up();
        if (error < 0)
            return error;
    }
    return 0;
}
