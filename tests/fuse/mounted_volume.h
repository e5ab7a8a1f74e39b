/* SPDX-License-Identifier: MIT */
/* A volume on a fresh directory, mounted by the real server, with the program's side of it. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

struct cow_server;
struct host_sched;
struct sched;
struct volume;

struct mounted_volume {
    char directory[64]; /* where the files lie */
    char *mount;        /* where they are mounted */
    struct cow_server *server;
    struct host_sched *host_sched;
    struct sched *sched;
    struct volume *volume; /* the program's side; NULL when a test takes control_fd */
    int control_fd;
};

/* Fails the test if it cannot. with_volume: makes the program's side of it. */
void mounted_volume_begin(struct mounted_volume *m, bool with_volume);
/* The same with the kernel's writeback cache and the program's side. */
void mounted_volume_begin_writeback(struct mounted_volume *m);
/* Ends all there is, removes the directory; the server may have been killed. */
void mounted_volume_end(struct mounted_volume *m);

/* Control operations, waited for; answer the error. */
int mounted_volume_flush(struct mounted_volume *m);
int mounted_volume_hold(struct mounted_volume *m);
int mounted_volume_commit(struct mounted_volume *m, unsigned number);
int mounted_volume_release(struct mounted_volume *m);
int mounted_volume_delete(struct mounted_volume *m, unsigned number);
int mounted_volume_open_snapshot(struct mounted_volume *m, unsigned number);
int mounted_volume_seal_snapshot(struct mounted_volume *m, unsigned number);
/* Flush, hold, commit, release: answers the snapshot's number. */
unsigned mounted_volume_snapshot(struct mounted_volume *m);

/* Into path: "<mount>/<below>", or that of a snapshot. */
const char *mounted_path(const struct mounted_volume *m, unsigned view, const char *below,
                         char path[256]);
bool is_mounted(const char *path);
/* Returns when the path is no mount any more. */
void wait_until_unmounted(const char *path);

void write_text(const char *path, const char *text);
/* The caller frees; NULL if it cannot be read. */
char *read_text(const char *path);

/* Says so and ends the program with 77 where volumes cannot be mounted. */
void skip_without_fuse(void);
