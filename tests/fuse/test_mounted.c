/* SPDX-License-Identifier: MIT */
/* A mounted volume: snapshots, holds, and what is left when somebody is killed. */
#include "tests/support/cmocka_vss.h"

#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/port/volume.h"
#include "emu/port/volume_wire.h"
#include "provider_sim/fuse/cow_server.h"
#include "tests/fuse/mounted_volume.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

static void assert_text(const struct mounted_volume *m, unsigned view, const char *below,
                        const char *expected)
{
    char path[256];
    char *text = read_text(mounted_path(m, view, below, path));

    assert_non_null(text);
    assert_string_equal(text, expected);
    free(text);
}

static void snapshot_stays_while_files_change_vanish_and_move(void **state)
{
    struct mounted_volume m;
    char a[256], b[256];

    (void)state;
    mounted_volume_begin(&m, true);
    write_text(mounted_path(&m, 0, "changed", a), "old");
    write_text(mounted_path(&m, 0, "deleted", a), "deleted");
    write_text(mounted_path(&m, 0, "moved", a), "moved");
    write_text(mounted_path(&m, 0, "replaced", a), "replaced");
    assert_int_equal(mkdir(mounted_path(&m, 0, "folder", a), 0755), 0);
    write_text(mounted_path(&m, 0, "folder/inside", a), "inside");
    unsigned n = mounted_volume_snapshot(&m);

    write_text(mounted_path(&m, 0, "changed", a), "new");
    assert_int_equal(unlink(mounted_path(&m, 0, "deleted", a)), 0);
    assert_int_equal(rename(mounted_path(&m, 0, "moved", a), mounted_path(&m, 0, "replaced", b)),
                     0);
    assert_int_equal(unlink(mounted_path(&m, 0, "folder/inside", a)), 0);
    assert_int_equal(rmdir(mounted_path(&m, 0, "folder", a)), 0);
    write_text(mounted_path(&m, 0, "born", a), "later");

    assert_text(&m, n, "changed", "old");
    assert_text(&m, n, "deleted", "deleted");
    assert_text(&m, n, "moved", "moved");
    assert_text(&m, n, "replaced", "replaced");
    assert_text(&m, n, "folder/inside", "inside");
    assert_int_equal(access(mounted_path(&m, n, "born", a), F_OK), -1);
    assert_text(&m, 0, "changed", "new");
    assert_text(&m, 0, "replaced", "moved");
    assert_int_equal(open(mounted_path(&m, n, "changed", a), O_WRONLY), -1);
    assert_int_equal(errno, EROFS);
    assert_int_equal(access(mounted_path(&m, 0, "System Volume Information", a), F_OK), -1);

    assert_int_equal(mounted_volume_delete(&m, n), 0);
    assert_int_equal(access(mounted_path(&m, n, "changed", a), F_OK), -1);
    mounted_volume_end(&m);
}

static void make_node(struct mounted_volume *m, const char *name, mode_t mode, dev_t device)
{
    char path[256];

    assert_int_equal(mknod(mounted_path(m, 0, name, path), mode, device), 0);
}

/* What is no file and no folder is copied as what it is; nothing opens the device behind it. */
static void special_files_are_in_the_snapshot(void **state)
{
    struct mounted_volume m;
    struct stat st;
    char path[256];

    (void)state;
    mounted_volume_begin(&m, true);
    make_node(&m, "pipe", S_IFIFO | 0600, 0);
    make_node(&m, "socket", S_IFSOCK | 0600, 0);
    if (geteuid() == 0) /* device nodes are root's */
        make_node(&m, "null", S_IFCHR | 0666, makedev(1, 3));
    unsigned n = mounted_volume_snapshot(&m);

    assert_int_equal(unlink(mounted_path(&m, 0, "pipe", path)), 0);
    assert_int_equal(stat(mounted_path(&m, n, "pipe", path), &st), 0);
    assert_true(S_ISFIFO(st.st_mode));
    assert_int_equal(stat(mounted_path(&m, n, "socket", path), &st), 0);
    assert_true(S_ISSOCK(st.st_mode));
    if (geteuid() == 0) {
        assert_int_equal(unlink(mounted_path(&m, 0, "null", path)), 0);
        assert_int_equal(stat(mounted_path(&m, n, "null", path), &st), 0);
        assert_true(S_ISCHR(st.st_mode) && st.st_rdev == makedev(1, 3));
        assert_int_equal(open(path, O_RDONLY), -1);
    }
    mounted_volume_end(&m);
}

static int count_entry(void *arg, const char *name, const struct stat *st)
{
    (void)st;
    str_addf(arg, "%s ", name);
    return 0;
}

static void program_reaches_the_same_files_through_the_port(void **state)
{
    struct mounted_volume m;
    struct volume_file *file;
    struct str names = { 0 };
    char path[256], buffer[16] = { 0 };
    struct stat st;

    (void)state;
    mounted_volume_begin(&m, true);
    const struct volume_ops *ops = m.volume->ops;

    assert_int_equal(ops->mkdir(m.volume, VOLUME_ORIGIN, "d", 0755), 0);
    assert_int_equal(ops->open(m.volume, 0, "d/f", O_RDWR | O_CREAT, 0644, &file), 0);
    assert_int_equal(ops->write(file, "first", 5, 0), 5);
    unsigned n = mounted_volume_snapshot(&m);
    assert_int_equal(ops->write(file, "other", 5, 0), 5);
    ops->close(file);
    assert_int_equal(ops->rename(m.volume, VOLUME_ORIGIN, "d/f", "d/g", true), 0);
    assert_int_equal(symlink("/etc", mounted_path(&m, 0, "out", path)), 0);

    assert_int_equal(ops->open(m.volume, n, "d/f", O_RDONLY, 0, &file), 0);
    assert_int_equal(ops->read(file, buffer, sizeof(buffer), 0), 5);
    assert_string_equal(buffer, "first");
    ops->close(file);
    assert_int_equal(ops->stat(m.volume, n, "d/g", &st), -ENOENT);
    assert_int_equal(ops->stat(m.volume, 0, "d/g", &st), 0);
    assert_int_equal(ops->open(m.volume, 0, "out/passwd", O_RDONLY, 0, &file), -EXDEV);
    assert_int_equal(ops->stat(m.volume, 0, "../x", &st), -EXDEV);
    assert_int_equal(ops->stat(m.volume, 0, ".vss", &st), -ENOENT);
    assert_int_equal(ops->open(m.volume, n, "d/f", O_RDWR, 0, &file), -EROFS);
    assert_int_equal(ops->list(m.volume, 0, "", count_entry, &names), 0);
    assert_string_equal(names.text, "d out ");
    str_free(&names);
    mounted_volume_end(&m);
}

static void an_open_snapshot_is_changed_through_the_mount_and_nothing_else_is(void **state)
{
    struct mounted_volume m;
    char a[256], b[256];

    (void)state;
    mounted_volume_begin(&m, true);
    write_text(mounted_path(&m, 0, "changed", a), "as it was");
    write_text(mounted_path(&m, 0, "deleted", a), "here");
    unsigned older = mounted_volume_snapshot(&m), n = mounted_volume_snapshot(&m);

    assert_text(&m, n, "changed", "as it was"); /* the kernel knows it now */
    assert_int_equal(open(mounted_path(&m, n, "made", a), O_WRONLY | O_CREAT, 0644), -1);
    assert_int_equal(errno, EROFS);
    assert_int_equal(mounted_volume_open_snapshot(&m, n), 0);
    assert_int_equal(open(mounted_path(&m, older, "changed", a), O_WRONLY), -1);
    assert_int_equal(errno, EROFS);
    write_text(mounted_path(&m, n, "changed", a), "recovered");
    write_text(mounted_path(&m, n, "made", a), "new");
    assert_int_equal(mkdir(mounted_path(&m, n, "folder", a), 0755), 0);
    assert_int_equal(rename(mounted_path(&m, n, "made", a), mounted_path(&m, n, "folder/moved", b)),
                     0);
    assert_int_equal(unlink(mounted_path(&m, n, "deleted", a)), 0);
    assert_int_equal(rename(mounted_path(&m, n, "changed", a), mounted_path(&m, 0, "changed", b)),
                     -1);
    assert_int_equal(errno, EXDEV);
    assert_int_equal(mounted_volume_seal_snapshot(&m, n), 0);

    assert_int_equal(open(mounted_path(&m, n, "changed", a), O_WRONLY), -1);
    assert_int_equal(errno, EROFS);
    assert_text(&m, n, "changed", "recovered");
    assert_text(&m, n, "folder/moved", "new");
    assert_int_equal(access(mounted_path(&m, n, "deleted", a), F_OK), -1);
    for (unsigned view = 0; view <= older; view += older) {
        assert_text(&m, view, "changed", "as it was");
        assert_text(&m, view, "deleted", "here");
        assert_int_equal(access(mounted_path(&m, view, "folder", a), F_OK), -1);
    }
    mounted_volume_end(&m);
}

/* The child says over the pipe that it is about to write, and when it has written. (The kernel
 * keeps the page that is being written locked: a reader of just that page waits as well.) */
static void write_while_held_waits_and_is_not_lost(void **state)
{
    struct mounted_volume m;
    char path[256], byte;
    int said[2];

    (void)state;
    mounted_volume_begin(&m, true);
    write_text(mounted_path(&m, 0, "other", path), "there");
    write_text(mounted_path(&m, 0, "file", path), "before");
    assert_int_equal(pipe(said), 0);
    assert_int_equal(mounted_volume_flush(&m), 0);
    assert_int_equal(mounted_volume_hold(&m), 0);
    pid_t child = fork();

    if (child == 0) {
        int fd = open(path, O_WRONLY);

        if (write(said[1], "1", 1) != 1 || pwrite(fd, "after!", 6, 0) != 6 ||
            write(said[1], "2", 1) != 1)
            _exit(1);
        _exit(0);
    }
    assert_int_equal(read(said[0], &byte, 1), 1);
    assert_text(&m, 0, "other", "there"); /* reads go on */
    assert_int_equal(mounted_volume_commit(&m, 1), 0);
    fcntl(said[0], F_SETFL, O_NONBLOCK);
    assert_int_equal(read(said[0], &byte, 1), -1); /* it has not written yet */
    fcntl(said[0], F_SETFL, 0);
    assert_int_equal(mounted_volume_release(&m), 0);
    assert_int_equal(read(said[0], &byte, 1), 1);
    int status;

    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_text(&m, 1, "file", "before");
    assert_text(&m, 0, "file", "after!");
    close(said[0]);
    close(said[1]);
    mounted_volume_end(&m);
}

static void pages_written_through_a_mapping_are_in_the_snapshot(void **state)
{
    struct mounted_volume m;
    char path[256];

    (void)state;
    mounted_volume_begin(&m, true);
    int fd = open(mounted_path(&m, 0, "mapped", path), O_RDWR | O_CREAT, 0644);

    assert_int_equal(ftruncate(fd, 100000), 0);
    char *pages = mmap(NULL, 100000, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

    assert_true(pages != MAP_FAILED);
    memset(pages, 'a', 99999);
    unsigned n = mounted_volume_snapshot(&m);
    memset(pages, 'b', 99999);
    assert_int_equal(msync(pages, 100000, MS_SYNC), 0);
    char *then = read_text(mounted_path(&m, n, "mapped", path));

    assert_non_null(then);
    assert_int_equal(strspn(then, "a"), 99999);
    free(then);
    munmap(pages, 100000);
    close(fd);
    mounted_volume_end(&m);
}

/* Learn has no program that dies in a hold: the 10 s limit is the service's, which died with it. */
static void program_killed_while_it_holds_lets_the_others_write(void **state)
{
    struct mounted_volume m;
    char path[256];
    int status, said[2];
    char byte;

    (void)state;
    mounted_volume_begin(&m, false);
    assert_int_equal(pipe(said), 0);
    pid_t program = fork();

    if (program == 0) {
        struct volume_wire_request ask = { .length = sizeof(ask), .operation = VOLUME_WIRE_HOLD };
        struct volume_wire_reply reply;

        if (send(m.control_fd, &ask, sizeof(ask), 0) == (ssize_t)sizeof(ask) &&
            recv(m.control_fd, &reply, sizeof(reply), MSG_WAITALL) == (ssize_t)sizeof(reply) &&
            write(said[1], "1", 1) == 1)
            pause();
        _exit(1);
    }
    close(m.control_fd);
    m.control_fd = -1;
    assert_int_equal(read(said[0], &byte, 1), 1);
    assert_int_equal(kill(program, SIGKILL), 0);
    assert_int_equal(waitpid(program, &status, 0), program);
    write_text(mounted_path(&m, 0, "file", path), "goes on");
    assert_text(&m, 0, "file", "goes on");
    close(said[0]);
    close(said[1]);
    mounted_volume_end(&m);
}

static void killed_server_leaves_the_data_whole_and_no_mount(void **state)
{
    struct mounted_volume m;
    char path[256];

    (void)state;
    mounted_volume_begin(&m, true);
    write_text(mounted_path(&m, 0, "kept", path), "acknowledged");
    write_text(mounted_path(&m, 0, "gone", path), "unlinked");
    mounted_volume_snapshot(&m);
    write_text(mounted_path(&m, 0, "kept", path), "changed");
    assert_int_equal(unlink(mounted_path(&m, 0, "gone", path)), 0);
    assert_int_equal(kill(cow_server_pid(m.server), SIGKILL), 0);
    wait_until_unmounted(m.mount);
    int error = mounted_volume_hold(&m); /* the socket says which end it noticed first */
    assert_true(error == -EPIPE || error == -ECONNRESET);

    snprintf(path, sizeof(path), "%s/kept", m.directory);
    char *kept = read_text(path);

    assert_string_equal(kept, "changed");
    free(kept);
    snprintf(path, sizeof(path), "%s/gone", m.directory);
    assert_int_equal(access(path, F_OK), -1);
    mounted_volume_end(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_open_snapshot_is_changed_through_the_mount_and_nothing_else_is),
        cmocka_unit_test(snapshot_stays_while_files_change_vanish_and_move),
        cmocka_unit_test(special_files_are_in_the_snapshot),
        cmocka_unit_test(program_reaches_the_same_files_through_the_port),
        cmocka_unit_test(write_while_held_waits_and_is_not_lost),
        cmocka_unit_test(pages_written_through_a_mapping_are_in_the_snapshot),
        cmocka_unit_test(program_killed_while_it_holds_lets_the_others_write),
        cmocka_unit_test(killed_server_leaves_the_data_whole_and_no_mount),
    };

    skip_without_fuse();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
