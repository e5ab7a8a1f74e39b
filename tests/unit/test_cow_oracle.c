/* SPDX-License-Identifier: MIT */
/* Random operations with snapshots made and deleted at random: every snapshot stays what the
 * volume was at its instant, in full, and the origin is what it would be without snapshots.
 * ORACLE_SEED=N repeats one seed, ORACLE_SEEDS=N runs so many. */
#include "tests/support/cmocka_vss.h"

#include "emu/base/array.h"
#include "emu/base/mem.h"
#include "fakes/world/memstore.h"
#include "provider_sim/cow/cow_path.h"
#include "provider_sim/cow/cow_volume.h"
#include "tests/support/cow_dump.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define N_HELD  4
#define N_STEPS 250

struct moment {
    unsigned number;
    char *text;
};

struct run {
    uint64_t random;
    struct cow_volume *v[2];          /* with snapshots, without */
    struct cow_node *held[2][N_HELD]; /* nodes kept open over their unlinking */
    ARRAY(struct moment) moments;
};

static uint64_t draw(struct run *r, uint64_t below)
{
    r->random += UINT64_C(0x9E3779B97F4A7C15);
    uint64_t z = r->random;

    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (z ^ (z >> 31)) % below;
}

static void draw_path(struct run *r, char path[32])
{
    size_t depth = 1 + draw(r, 3);

    path[0] = 0;
    for (size_t i = 0; i < depth; i++)
        sprintf(path + strlen(path), "%s%c", i ? "/" : "", (int)('a' + draw(r, 5)));
}

/* What one step does, drawn once and done on both volumes. */
struct step {
    unsigned what;
    char path[32];
    char other[32];
    unsigned number;
    off_t offset;
    size_t size;
    unsigned char fill;
};

enum {
    CREATE,
    MKDIR,
    WRITE,
    WRITE2,
    APPEND,
    TRUNCATE,
    UNLINK,
    RMDIR,
    RENAME,
    LINK,
    SYMLINK,
    CHMOD,
    SET_XATTR,
    REMOVE_XATTR,
    KEEP,
    WRITE_KEPT,
    TIMES,
    N_OPERATIONS
};

static struct step draw_step(struct run *r)
{
    struct step s = { .what = (unsigned)draw(r, N_OPERATIONS) };

    draw_path(r, s.path);
    draw_path(r, s.other);
    s.number = (unsigned)draw(r, 1000);
    s.offset = (off_t)draw(r, draw(r, 2) ? 100000 : 300);
    s.size = 1 + draw(r, draw(r, 2) ? 70000 : 300);
    s.fill = (unsigned char)draw(r, 4); /* 0: zeroes */
    return s;
}

static int with_parent(struct cow_volume *v, const struct step *s,
                       int (*fn)(struct cow_volume *v, struct cow_node *dir, const char *name,
                                 const struct step *s))
{
    char name[COW_NAME_SIZE];
    struct cow_node *dir;
    int error = cow_path_split(v, VOLUME_ORIGIN, s->path, &dir, name);

    if (error)
        return error;
    error = fn(v, dir, name, s);
    cow_node_unref(v, dir);
    return error;
}

static int do_create(struct cow_volume *v, struct cow_node *dir, const char *name,
                     const struct step *s)
{
    mode_t mode = s->what == MKDIR ? S_IFDIR | 0755 : S_IFREG | 0644;
    struct cow_node *made;
    int error = cow_volume_create(v, dir, name, mode, 5, 6, &made);

    if (!error)
        cow_node_unref(v, made);
    return error;
}

static int do_symlink(struct cow_volume *v, struct cow_node *dir, const char *name,
                      const struct step *s)
{
    struct cow_node *made;
    int error = cow_volume_symlink(v, dir, name, s->other, 5, 6, &made);

    if (!error)
        cow_node_unref(v, made);
    return error;
}

static int do_unlink(struct cow_volume *v, struct cow_node *dir, const char *name,
                     const struct step *s)
{
    return s->what == RMDIR ? cow_volume_rmdir(v, dir, name) : cow_volume_unlink(v, dir, name);
}

static int do_rename_or_link(struct cow_volume *v, struct cow_node *dir, const char *name,
                             const struct step *s)
{
    char other_name[COW_NAME_SIZE];
    struct cow_node *other, *node;
    int error = cow_path_split(v, VOLUME_ORIGIN, s->other, &other, other_name);

    if (error)
        return error;
    if (s->what == RENAME) {
        error = cow_volume_rename(v, dir, name, other, other_name, s->number % 4 != 0);
    } else {
        error = cow_volume_lookup(v, VOLUME_ORIGIN, dir, name, &node);
        if (!error) {
            error = cow_volume_link(v, node, other, other_name);
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

    cow_volume_stat(v, VOLUME_ORIGIN, node, &st);
    for (size_t i = 0; i < s->size; i++)
        buffer[i] = (unsigned char)(s->fill ? s->fill * 31 + i / 1000 + s->number : 0);
    ssize_t n =
        cow_volume_write(v, node, buffer, s->size, s->what == APPEND ? st.st_size : s->offset);
    free(buffer);
    return n < 0 ? (int)n : 0;
}

static int do_on_node(struct cow_volume *v, struct cow_node *node, const struct step *s,
                      struct cow_node **held)
{
    struct timespec times[2] = { { .tv_sec = s->number }, { .tv_sec = s->number } };
    char name[16];

    sprintf(name, "user.%c", 'a' + s->fill);
    switch (s->what) {
    case WRITE:
    case WRITE2:
    case APPEND:
        return do_write(v, node, s);
    case TRUNCATE:
        return cow_volume_truncate(v, node, s->offset);
    case CHMOD:
        return cow_volume_chmod(v, node, s->number & 0777);
    case TIMES:
        return cow_volume_set_times(v, node, times);
    case SET_XATTR:
        return cow_volume_set_xattr(v, node, name, s->path, strlen(s->path), 0);
    case REMOVE_XATTR:
        return cow_volume_remove_xattr(v, node, name);
    default: /* KEEP */
        cow_node_unref(v, held[s->number % N_HELD]);
        held[s->number % N_HELD] = cow_node_ref(node);
        return 0;
    }
}

static int do_step(struct run *r, int which, const struct step *s)
{
    struct cow_volume *v = r->v[which];
    struct cow_node *node, *kept = r->held[which][s->number % N_HELD];

    switch (s->what) {
    case CREATE:
    case MKDIR:
        return with_parent(v, s, do_create);
    case SYMLINK:
        return with_parent(v, s, do_symlink);
    case UNLINK:
    case RMDIR:
        return with_parent(v, s, do_unlink);
    case RENAME:
    case LINK:
        return with_parent(v, s, do_rename_or_link);
    case WRITE_KEPT:
        return kept ? do_write(v, kept, s) : 0;
    default: {
        int error = cow_path_find(v, VOLUME_ORIGIN, s->path, false, &node);
        if (!error) {
            error = do_on_node(v, node, s, r->held[which]);
            cow_node_unref(v, node);
        }
        return error;
    }
    }
}

static void compare_moment(struct run *r, const struct moment *m, uint64_t seed)
{
    char *now = cow_dump(r->v[0], m->number, 1 + (unsigned)draw(r, 50000), true);

    if (strcmp(now, m->text) != 0) {
        fprintf(stderr, "seed %llu: snapshot %u was\n%s\nand is\n%s\n", (unsigned long long)seed,
                m->number, m->text, now);
        fail();
    }
    free(now);
}

static void compare_origin(struct run *r, uint64_t seed)
{
    char *with = cow_dump(r->v[0], VOLUME_ORIGIN, 65536, false);
    char *without = cow_dump(r->v[1], VOLUME_ORIGIN, 65536, false);

    if (strcmp(with, without) != 0) {
        fprintf(stderr, "seed %llu: origin with snapshots\n%s\nwithout\n%s\n",
                (unsigned long long)seed, with, without);
        fail();
    }
    free(with);
    free(without);
}

static void snapshot(struct run *r, uint64_t seed)
{
    if (r->moments.count < 5 && draw(r, 5) < 3) {
        struct moment m = { cow_volume_next_number(r->v[0]) + (unsigned)draw(r, 3), NULL };

        m.text = cow_dump(r->v[0], VOLUME_ORIGIN, 30000, true);
        assert_int_equal(cow_volume_commit(r->v[0], m.number), 0);
        compare_moment(r, &m, seed);
        array_add(&r->moments, m);
    } else if (r->moments.count) {
        size_t i = draw(r, r->moments.count);

        compare_moment(r, &r->moments.items[i], seed);
        assert_int_equal(cow_volume_delete_snapshot(r->v[0], r->moments.items[i].number), 0);
        free(r->moments.items[i].text);
        array_remove(&r->moments, i);
    }
}

/* The volume becomes what it was; nothing that a snapshot has changes thereby. */
static void revert_to_one(struct run *r, uint64_t seed)
{
    if (!r->moments.count)
        return;
    unsigned number = r->moments.items[draw(r, r->moments.count)].number;
    char *wanted = cow_dump(r->v[0], number, 65536, false);

    assert_int_equal(cow_volume_revert(r->v[0], number), 0);
    char *got = cow_dump(r->v[0], VOLUME_ORIGIN, 65536, false);

    if (strcmp(wanted, got) != 0) {
        fprintf(stderr, "seed %llu: reverted to snapshot %u\n%s\nit is\n%s\n",
                (unsigned long long)seed, number, wanted, got);
        fail();
    }
    free(wanted);
    free(got);
    for (size_t m = 0; m < r->moments.count; m++)
        compare_moment(r, &r->moments.items[m], seed);
}

static void run_seed(uint64_t seed)
{
    struct run r = { .random = seed };

    for (int which = 0; which < 2; which++)
        assert_int_equal(cow_volume_open(memstore_new(NULL), &r.v[which]), 0);
    for (int i = 0; i < N_STEPS; i++) {
        struct step s = draw_step(&r);
        int with = do_step(&r, 0, &s), without = do_step(&r, 1, &s);

        if (with != without) {
            fprintf(stderr, "seed %llu: step %d (%u %s %s): %d with snapshots, %d without\n",
                    (unsigned long long)seed, i, s.what, s.path, s.other, with, without);
            fail();
        }
        if (draw(&r, 15) == 0)
            snapshot(&r, seed);
        if (i % 50 == 49) {
            compare_origin(&r, seed);
            for (size_t m = 0; m < r.moments.count; m++)
                compare_moment(&r, &r.moments.items[m], seed);
        }
    }
    revert_to_one(&r, seed);
    for (size_t m = 0; m < r.moments.count; m++) {
        if (seed % 2)
            cow_volume_delete_snapshot(r.v[0], r.moments.items[m].number);
        free(r.moments.items[m].text);
    }
    if (seed % 2)
        assert_int_equal(cow_volume_diff_bytes(r.v[0]), 0);
    array_free(&r.moments);
    for (int which = 0; which < 2; which++) {
        for (int i = 0; i < N_HELD; i++)
            cow_node_unref(r.v[which], r.held[which][i]);
        cow_volume_free(r.v[which]);
    }
}

static void every_snapshot_stays_what_the_volume_was(void **state)
{
    const char *one = getenv("ORACLE_SEED"), *many = getenv("ORACLE_SEEDS");
    uint64_t first = one ? strtoull(one, NULL, 10) : 1;
    uint64_t n = one ? 1 : many ? strtoull(many, NULL, 10) : 300;

    (void)state;
    for (uint64_t seed = first; seed < first + n; seed++)
        run_seed(seed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_snapshot_stays_what_the_volume_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
