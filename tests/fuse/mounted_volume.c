/* SPDX-License-Identifier: MIT */
/* See mounted_volume.h. */
#include "tests/support/cmocka_vss.h"

#include "tests/fuse/mounted_volume.h"

#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/host/host_sched.h"
#include "emu/host/host_store.h"
#include "emu/host/host_volume.h"
#include "emu/port/sched.h"
#include "emu/port/store.h"
#include "emu/port/volume.h"
#include "provider_sim/fuse/cow_server.h"
#include "emu/host/host_tree.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void skip_without_fuse(void)
{
    const char *obstacle = cow_server_obstacle();

    if (!obstacle)
        return;
    printf("skipped: volumes cannot be mounted here: %s\n", obstacle);
    exit(77);
}

static void begin(struct mounted_volume *m, bool with_volume, bool has_writeback)
{
    struct cow_server_volume settings = { .letter = 'C', .has_writeback = has_writeback };
    char *error = NULL;

    *m = (struct mounted_volume){ .control_fd = -1 };
    strcpy(m->directory, "/tmp/vssemu-test-XXXXXX");
    assert_non_null(mkdtemp(m->directory));
    assert_int_equal(host_store_open(m->directory, &settings.store), 0);
    int result = cow_server_start(&settings, 1, NULL, &m->server, &error);
    if (result)
        fprintf(stderr, "%s\n", error);
    free(error);
    assert_int_equal(result, 0);
    m->mount = mem_strdup(settings.mounted_at);
    m->control_fd = settings.control_fd;
    m->host_sched = host_sched_new();
    m->sched = host_sched_port(m->host_sched);
    if (with_volume) {
        assert_int_equal(host_volume_new(m->sched, 'C', m->mount, m->control_fd, &m->volume), 0);
        m->control_fd = -1;
    }
}

void mounted_volume_begin(struct mounted_volume *m, bool with_volume)
{
    begin(m, with_volume, false);
}

void mounted_volume_begin_writeback(struct mounted_volume *m)
{
    begin(m, true, true);
}

void mounted_volume_end(struct mounted_volume *m)
{
    if (m->volume)
        m->volume->ops->free(m->volume);
    if (m->control_fd >= 0)
        close(m->control_fd);
    if (m->server)
        cow_server_stop(m->server);
    assert_false(is_mounted(m->mount));
    host_sched_free(m->host_sched);
    assert_int_equal(host_tree_remove(m->directory), 0);
    free(m->mount);
}

/* ---- control ---- */

struct waiting {
    struct volume_done done;
    struct sched *sched;
    bool is_done;
    int error;
};

static void one_done(struct volume_done *done, int error)
{
    struct waiting *w = container_of(done, struct waiting, done);

    w->is_done = true;
    w->error = error;
    sched_notify(w->sched);
}

static bool is_done(void *arg)
{
    return ((struct waiting *)arg)->is_done;
}

#define WAITED(m, call)                                                  \
    ({                                                                   \
        struct waiting w = { .done.fn = one_done, .sched = (m)->sched }; \
        sched_enter((m)->sched);                                         \
        call;                                                            \
        sched_wait((m)->sched, is_done, &w, SCHED_NEVER);                \
        sched_leave((m)->sched);                                         \
        w.error;                                                         \
    })

int mounted_volume_flush(struct mounted_volume *m)
{
    return WAITED(m, m->volume->ops->flush(m->volume, &w.done));
}

int mounted_volume_hold(struct mounted_volume *m)
{
    return WAITED(m, m->volume->ops->hold(m->volume, &w.done));
}

int mounted_volume_commit(struct mounted_volume *m, unsigned number)
{
    return WAITED(m, m->volume->ops->commit(m->volume, number, &w.done));
}

int mounted_volume_release(struct mounted_volume *m)
{
    return WAITED(m, m->volume->ops->release(m->volume, &w.done));
}

int mounted_volume_delete(struct mounted_volume *m, unsigned number)
{
    return WAITED(m, m->volume->ops->delete_snapshot(m->volume, number, &w.done));
}

int mounted_volume_open_snapshot(struct mounted_volume *m, unsigned number)
{
    return WAITED(m, m->volume->ops->open_snapshot(m->volume, number, &w.done));
}

int mounted_volume_seal_snapshot(struct mounted_volume *m, unsigned number)
{
    return WAITED(m, m->volume->ops->seal_snapshot(m->volume, number, &w.done));
}

unsigned mounted_volume_snapshot(struct mounted_volume *m)
{
    sched_enter(m->sched);
    unsigned number = m->volume->ops->next_number(m->volume);
    sched_leave(m->sched);

    assert_int_equal(mounted_volume_flush(m), 0);
    assert_int_equal(mounted_volume_hold(m), 0);
    assert_int_equal(mounted_volume_commit(m, number), 0);
    assert_int_equal(mounted_volume_release(m), 0);
    return number;
}

/* ---- files ---- */

const char *mounted_path(const struct mounted_volume *m, unsigned view, const char *below,
                         char path[256])
{
    if (view)
        snprintf(path, 256, "%s/.vss/HarddiskVolumeShadowCopy%u/%s", m->mount, view, below);
    else
        snprintf(path, 256, "%s/%s", m->mount, below);
    return path;
}

void write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

char *read_text(const char *path)
{
    FILE *file = fopen(path, "r");
    struct str text = { 0 };
    char buffer[4096];
    size_t n;

    if (!file)
        return NULL;
    while ((n = fread(buffer, 1, sizeof(buffer), file)) > 0)
        str_add_bytes(&text, buffer, n);
    fclose(file);
    return str_take(&text);
}

static bool is_in_mounts(int fd, const char *path)
{
    char *wanted = str_printf(" %s ", path);
    struct str text = { 0 };
    char buffer[4096];
    ssize_t n;

    lseek(fd, 0, SEEK_SET);
    while ((n = read(fd, buffer, sizeof(buffer))) > 0)
        str_add_bytes(&text, buffer, (size_t)n);
    bool is_there = text.text && strstr(text.text, wanted);
    str_free(&text);
    free(wanted);
    return is_there;
}

bool is_mounted(const char *path)
{
    int fd = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);
    bool is_there = is_in_mounts(fd, path);

    close(fd);
    return is_there;
}

/* The kernel tells through poll that the table of mounts has changed. */
void wait_until_unmounted(const char *path)
{
    int fd = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);

    while (is_in_mounts(fd, path)) {
        struct pollfd changed = { .fd = fd, .events = POLLPRI };

        poll(&changed, 1, -1);
    }
    close(fd);
}
