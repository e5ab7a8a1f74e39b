/* SPDX-License-Identifier: MIT */
/* See random_steps.h. */
#include "tests/cow/random_steps.h"

#include "emu/base/mem.h"
#include "provider_sim/cow/cow_path.h"
#include "provider_sim/cow/cow_state.h"
#include "provider_sim/cow/cow_view_change.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

uint64_t steps_draw(uint64_t *random, uint64_t below)
{
    *random += UINT64_C(0x9E3779B97F4A7C15);
    uint64_t z = *random;

    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (z ^ (z >> 31)) % below;
}

static void draw_path(uint64_t *r, char path[32])
{
    size_t depth = 1u + (steps_draw(r, 3) == 0) + (steps_draw(r, 6) == 0);

    path[0] = 0;
    for (size_t i = 0; i < depth; i++)
        sprintf(path + strlen(path), "%s%c", i ? "/" : "", (int)('a' + steps_draw(r, 5)));
}

struct step steps_draw_step(uint64_t *r)
{
    struct step s = { .what = (unsigned)steps_draw(r, STEP_N_OPERATIONS) };

    draw_path(r, s.path);
    draw_path(r, s.other);
    s.number = (unsigned)steps_draw(r, 1000);
    s.offset = (off_t)steps_draw(r, steps_draw(r, 2) ? 100000 : 300);
    s.size = 1 + steps_draw(r, steps_draw(r, 2) ? 70000 : 300);
    s.fill = (unsigned char)steps_draw(r, 4); /* 0: zeroes */
    return s;
}

static int with_parent(struct cow_volume *v, const struct step *s,
                       int (*fn)(struct cow_volume *v, struct cow_node *dir, const char *name,
                                 const struct step *s))
{
    char name[COW_NAME_SIZE];
    struct cow_node *dir;
    int error = cow_path_split(v, s->view, s->path, &dir, name);

    if (error)
        return error;
    error = fn(v, dir, name, s);
    cow_node_unref(v, dir);
    return error;
}

static int do_create(struct cow_volume *v, struct cow_node *dir, const char *name,
                     const struct step *s)
{
    static const mode_t types[] = {
        [STEP_CREATE] = S_IFREG | 0644, [STEP_MKDIR] = S_IFDIR | 0755, [STEP_MKNOD] = S_IFCHR | 0600
    };
    struct cow_node *made;
    dev_t device = s->what == STEP_MKNOD ? 0x103 : 0;
    int error = cow_view_create(v, s->view, dir, name, types[s->what], device, 5, 6, &made);

    if (!error)
        cow_node_unref(v, made);
    return error;
}

static int do_symlink(struct cow_volume *v, struct cow_node *dir, const char *name,
                      const struct step *s)
{
    struct cow_node *made;
    int error = cow_view_symlink(v, s->view, dir, name, s->other, (uid_t)-1, (gid_t)-1, &made);

    if (!error)
        cow_node_unref(v, made);
    return error;
}

static int do_unlink(struct cow_volume *v, struct cow_node *dir, const char *name,
                     const struct step *s)
{
    return s->what == STEP_RMDIR ? cow_view_rmdir(v, s->view, dir, name)
                                 : cow_view_unlink(v, s->view, dir, name);
}

#define N_WAYS 4

static const enum store_rename ways[N_WAYS] = { STORE_RENAME_NEW, STORE_RENAME_EXCHANGE,
                                                STORE_RENAME_REPLACE, STORE_RENAME_REPLACE };

bool steps_exchanges(const struct step *s)
{
    return ways[s->number % N_WAYS] == STORE_RENAME_EXCHANGE;
}

static int do_rename_or_link(struct cow_volume *v, struct cow_node *dir, const char *name,
                             const struct step *s)
{
    char other_name[COW_NAME_SIZE];
    struct cow_node *other, *node;
    int error = cow_path_split(v, s->view, s->other, &other, other_name);

    if (error)
        return error;
    if (s->what == STEP_RENAME) {
        error = cow_view_rename(v, s->view, dir, name, other, other_name, ways[s->number % N_WAYS]);
    } else {
        error = cow_volume_lookup(v, s->view, dir, name, &node);
        if (!error) {
            error = cow_view_link(v, s->view, node, other, other_name);
            cow_node_unref(v, node);
        }
    }
    cow_node_unref(v, other);
    return error;
}

static int do_write(struct cow_volume *v, struct cow_node *node, const struct step *s)
{
    unsigned char *buffer = mem_alloc(s->size);
    struct stat st;

    cow_volume_stat(v, s->view, node, &st);
    for (size_t i = 0; i < s->size; i++)
        buffer[i] = (unsigned char)(s->fill ? s->fill * 31 + i / 1000 + s->number : 0);
    off_t offset = s->what == STEP_APPEND ? st.st_size : s->offset;

    if (s->what == STEP_WRITE2 && s->view == VOLUME_ORIGIN)
        cow_preserve_wrote(v, node, offset, offset); /* in order, as if one had ended here */
    ssize_t n = cow_view_write(v, s->view, node, buffer, s->size, offset);
    cow_volume_between(v);
    free(buffer);
    return n < 0 ? (int)n : 0;
}

static int do_fallocate(struct cow_volume *v, struct cow_node *node, const struct step *s)
{
    static const int modes[] = { 0, FALLOC_FL_KEEP_SIZE, FALLOC_FL_ZERO_RANGE,
                                 FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE };

    return cow_view_fallocate(v, s->view, node, modes[s->number % 4], s->offset, (off_t)s->size);
}

static int do_on_node(struct cow_volume *v, struct cow_node *node, const struct step *s,
                      struct cow_node **held)
{
    struct timespec times[2] = { { .tv_sec = s->number }, { .tv_sec = s->number } };
    char name[16];

    sprintf(name, "user.%c", 'a' + s->fill);
    switch (s->what) {
    case STEP_WRITE:
    case STEP_WRITE2:
    case STEP_APPEND:
        return do_write(v, node, s);
    case STEP_TRUNCATE:
        return cow_view_truncate(v, s->view, node, s->offset);
    case STEP_FALLOCATE:
        return do_fallocate(v, node, s);
    case STEP_CHMOD:
        return cow_view_chmod(v, s->view, node, s->number & 0777);
    case STEP_TIMES:
        return cow_view_set_times(v, s->view, node, times);
    case STEP_SET_XATTR:
        return cow_view_set_xattr(v, s->view, node, name, s->path, strlen(s->path), 0);
    case STEP_REMOVE_XATTR:
        return cow_view_remove_xattr(v, s->view, node, name);
    default: /* STEP_KEEP */
        cow_node_unref(v, held[s->number % STEPS_HELD]);
        held[s->number % STEPS_HELD] = cow_node_ref(node);
        return 0;
    }
}

int steps_do(struct cow_volume *v, struct cow_node **held, const struct step *s)
{
    struct cow_node *node, *kept = held[s->number % STEPS_HELD];

    switch (s->what) {
    case STEP_CREATE:
    case STEP_MKDIR:
    case STEP_MKNOD:
        return with_parent(v, s, do_create);
    case STEP_SYMLINK:
        return with_parent(v, s, do_symlink);
    case STEP_UNLINK:
    case STEP_RMDIR:
        return with_parent(v, s, do_unlink);
    case STEP_RENAME:
    case STEP_LINK:
        return with_parent(v, s, do_rename_or_link);
    case STEP_WRITE_KEPT:
        return kept ? do_write(v, kept, s) : 0;
    default: {
        int error = cow_path_find(v, s->view, s->path, false, &node);
        if (!error) {
            error = do_on_node(v, node, s, held);
            cow_node_unref(v, node);
        }
        return error;
    }
    }
}

void steps_let_go(struct cow_volume *v, struct cow_node **held)
{
    for (int i = 0; i < STEPS_HELD; i++) {
        cow_node_unref(v, held[i]);
        held[i] = NULL;
    }
}

uint64_t steps_setting(const char *variable, uint64_t usual, uint64_t small)
{
    const char *text = getenv(variable), *sizes = getenv("TEST_SIZES");

    if (text)
        return strtoull(text, NULL, 10);
    return sizes && strcmp(sizes, "small") == 0 ? small : usual;
}
