/* SPDX-License-Identifier: MIT */
/* A mount is a file system like the one beneath it: what POSIX says of callers and directories. */
#include "tests/support/cmocka_vss.h"

#include "tests/fuse/mounted_volume.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define SOMEBODY 12345u

/* In a process of somebody who is not root, in the volume's root, to which its path is closed for
 * them; answers what it answered. */
static int as_somebody(const struct mounted_volume *m, int (*work)(const char *path),
                       const char *path)
{
    int status;
    pid_t pid = fork();

    if (pid == 0)
        _exit(chdir(m->mount) || setgid(SOMEBODY) || setuid(SOMEBODY) ? 99 : work(path));
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static mode_t mode_of(const char *path)
{
    struct stat st;

    assert_int_equal(stat(path, &st), 0);
    return st.st_mode & 07777;
}

static int write_a_byte(const char *path)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);

    return fd >= 0 && write(fd, "x", 1) == 1 && close(fd) == 0 ? 0 : 1;
}

static int cut_to_nothing(const char *path)
{
    return truncate(path, 0) == 0 ? 0 : 1;
}

/* The kernel leaves it to the server (FUSE_HANDLE_KILLPRIV_V2). */
static void who_writes_a_program_takes_its_rights(int (*work)(const char *path))
{
    struct mounted_volume m;
    char path[256];

    mounted_volume_begin(&m, true);
    assert_int_equal(chmod(m.mount, 0755), 0);
    write_text(mounted_path(&m, 0, "program", path), "#!/bin/sh");
    assert_int_equal(chmod(path, 06777), 0);
    assert_int_equal(mode_of(path), 06777);
    unsigned n = mounted_volume_snapshot(&m);

    assert_int_equal(as_somebody(&m, work, "program"), 0);
    assert_int_equal(mode_of(path), 0777);
    assert_int_equal(chmod(path, 06767), 0); /* its group may not execute it */
    assert_int_equal(as_somebody(&m, work, "program"), 0);
    assert_int_equal(mode_of(path), 02767);
    assert_int_equal(mode_of(mounted_path(&m, n, "program", path)), 06777);
    mounted_volume_end(&m);
}

static void writing_a_program_takes_its_rights(void **state)
{
    (void)state;
    if (geteuid() != 0)
        skip();
    who_writes_a_program_takes_its_rights(write_a_byte);
}

static void cutting_a_program_takes_its_rights(void **state)
{
    (void)state;
    if (geteuid() != 0)
        skip();
    who_writes_a_program_takes_its_rights(cut_to_nothing);
}

static int make_a_file(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    return fd >= 0 && close(fd) == 0 ? 0 : 1;
}

static void files_belong_to_who_makes_them(void **state)
{
    struct mounted_volume m;
    struct stat st;
    char path[256];

    (void)state;
    if (geteuid() != 0)
        skip();
    mounted_volume_begin(&m, false);
    assert_int_equal(chmod(m.mount, 0777), 0);
    assert_int_equal(as_somebody(&m, make_a_file, "theirs"), 0);
    assert_int_equal(stat(mounted_path(&m, 0, "theirs", path), &st), 0);
    assert_int_equal(st.st_uid, SOMEBODY);
    assert_int_equal(st.st_gid, SOMEBODY);
    assert_int_equal(chmod(m.mount, 0755), 0);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(as_somebody(&m, make_a_file, "theirs"), 1);
    mounted_volume_end(&m);
}

static size_t count(DIR *dir)
{
    size_t n = 0;

    while (readdir(dir))
        n++;
    return n;
}

/* POSIX: "rewinddir": the directory's present state, as a call of opendir would have found it. */
static void reading_a_directory_again_shows_what_is_new(void **state)
{
    struct mounted_volume m;
    char path[256];

    (void)state;
    mounted_volume_begin(&m, true);
    write_text(mounted_path(&m, 0, "first", path), "1");
    DIR *dir = opendir(m.mount);

    assert_int_equal(count(dir), 3);
    write_text(mounted_path(&m, 0, "second", path), "2");
    rewinddir(dir);
    assert_int_equal(count(dir), 4);
    unsigned n = mounted_volume_snapshot(&m);
    assert_int_equal(unlink(path), 0);
    rewinddir(dir);
    assert_int_equal(count(dir), 3);
    closedir(dir);

    dir = opendir(mounted_path(&m, n, "", path));
    assert_int_equal(count(dir), 4);
    closedir(dir);
    mounted_volume_end(&m);
}

/* More entries than an answer of the kernel's holds, some of them removed between the answers. */
static void large_directory_is_read_whole_while_it_shrinks(void **state)
{
    struct mounted_volume m;
    char path[256], name[32];
    unsigned char seen[3000] = { 0 };
    struct dirent *entry;

    (void)state;
    mounted_volume_begin(&m, true);
    for (unsigned i = 0; i < sizeof(seen); i++) {
        snprintf(name, sizeof(name), "file-%u", i);
        assert_int_equal(make_a_file(mounted_path(&m, 0, name, path)), 0);
    }
    DIR *dir = opendir(m.mount);

    for (size_t n = 0; (entry = readdir(dir)); n++) {
        unsigned i;

        if (sscanf(entry->d_name, "file-%u", &i) != 1)
            continue;
        assert_int_equal(seen[i]++, 0);
        if (n % 2)
            assert_int_equal(unlink(mounted_path(&m, 0, entry->d_name, path)), 0);
    }
    closedir(dir);
    for (unsigned i = 0; i < sizeof(seen); i++)
        assert_int_equal(seen[i], 1);
    mounted_volume_end(&m);
}

static void punched_hole_is_one_and_the_snapshot_has_what_was_there(void **state)
{
    struct mounted_volume m;
    char path[256], bytes[100000], got[100000];
    struct stat st;

    (void)state;
    mounted_volume_begin(&m, true);
    memset(bytes, 'a', sizeof(bytes));
    int fd = open(mounted_path(&m, 0, "file", path), O_RDWR | O_CREAT | O_CLOEXEC, 0644);

    assert_int_equal(pwrite(fd, bytes, sizeof(bytes), 0), sizeof(bytes));
    unsigned n = mounted_volume_snapshot(&m);
    assert_int_equal(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 8192, sizeof(bytes)),
                     0);
    assert_int_equal(pread(fd, got, sizeof(got), 0), sizeof(got));
    memset(bytes + 8192, 0, sizeof(bytes) - 8192);
    assert_memory_equal(got, bytes, sizeof(got));
    assert_int_equal(lseek(fd, 0, SEEK_HOLE), 8192);
    assert_int_equal(fallocate(fd, 0, 0, 200000), 0);
    assert_int_equal(fstat(fd, &st), 0);
    assert_int_equal(st.st_size, 200000);
    assert_int_equal(fallocate(fd, FALLOC_FL_COLLAPSE_RANGE, 0, 4096), -1);
    assert_int_equal(errno, EOPNOTSUPP);
    close(fd);

    fd = open(mounted_path(&m, n, "file", path), O_RDONLY | O_CLOEXEC);
    memset(bytes, 'a', sizeof(bytes));
    assert_int_equal(pread(fd, got, sizeof(got), 0), sizeof(got));
    assert_memory_equal(got, bytes, sizeof(got));
    assert_int_equal(fstat(fd, &st), 0);
    assert_int_equal(st.st_size, sizeof(bytes));
    close(fd);
    mounted_volume_end(&m);
}

/* A terabyte with two bytes in it, emptied: read to its end it would take minutes. */
static void sparse_file_costs_what_is_in_it(void **state)
{
    const off_t place = (off_t)1 << 36, size = (off_t)1 << 40;
    struct mounted_volume m;
    char path[256], byte = 0;

    (void)state;
    mounted_volume_begin(&m, true);
    int fd = open(mounted_path(&m, 0, "sparse", path), O_RDWR | O_CREAT | O_CLOEXEC, 0644);

    assert_int_equal(ftruncate(fd, size), 0);
    assert_int_equal(pwrite(fd, "x", 1, place), 1);
    unsigned n = mounted_volume_snapshot(&m);
    assert_int_equal(ftruncate(fd, 0), 0);
    close(fd);

    fd = open(mounted_path(&m, n, "sparse", path), O_RDONLY | O_CLOEXEC);
    off_t data = lseek(fd, 0, SEEK_DATA);
    assert_in_range(data, place - 16384, place);
    assert_in_range(lseek(fd, data, SEEK_HOLE), place + 1, place + 16384);
    assert_int_equal(pread(fd, &byte, 1, place), 1);
    assert_int_equal(byte, 'x');
    assert_int_equal(pread(fd, &byte, 1, size - 1), 1);
    assert_int_equal(byte, 0);
    close(fd);
    mounted_volume_end(&m);
}

/* With the writeback cache nothing of it need have reached the server by itself. */
static void what_the_kernel_keeps_back_is_in_the_snapshot(void **state)
{
    static char bytes[1 << 20], got[1 << 20];
    struct mounted_volume m;
    char path[256];

    (void)state;
    mounted_volume_begin_writeback(&m);
    int fd = open(mounted_path(&m, 0, "file", path), O_RDWR | O_CREAT | O_CLOEXEC, 0644);

    for (char c = 'a'; c < 'e'; c++) {
        memset(bytes, c, sizeof(bytes));
        assert_int_equal(pwrite(fd, bytes, sizeof(bytes), 0), sizeof(bytes));
        unsigned n = mounted_volume_snapshot(&m);
        assert_int_equal(pwrite(fd, "later", 5, 100000), 5);

        int then = open(mounted_path(&m, n, "file", path), O_RDONLY | O_CLOEXEC);
        assert_int_equal(read(then, got, sizeof(got)), sizeof(got));
        assert_memory_equal(got, bytes, sizeof(got));
        close(then);
    }
    close(fd);
    mounted_volume_end(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writing_a_program_takes_its_rights),
        cmocka_unit_test(cutting_a_program_takes_its_rights),
        cmocka_unit_test(files_belong_to_who_makes_them),
        cmocka_unit_test(reading_a_directory_again_shows_what_is_new),
        cmocka_unit_test(large_directory_is_read_whole_while_it_shrinks),
        cmocka_unit_test(punched_hole_is_one_and_the_snapshot_has_what_was_there),
        cmocka_unit_test(sparse_file_costs_what_is_in_it),
        cmocka_unit_test(what_the_kernel_keeps_back_is_in_the_snapshot),
    };

    skip_without_fuse();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
