/* SPDX-License-Identifier: MIT */
/* Random operations of POSIX on a mount, snapshots made and deleted at random: each stays what the
 * volume's directory was while it was held, in full. With an odd seed one thread does the same
 * steps on a plain directory, which answers and looks the same; with an even one several threads go
 * on while snapshots are made and read. Every other two seeds have the kernel's writeback cache.
 * ORACLE_SEED=N repeats one seed, ORACLE_SEEDS=N runs so many, from ORACLE_FIRST on. */
#include "tests/support/cmocka_vss.h"

#include "emu/base/mem.h"
#include "emu/host/host_tree.h"
#include "emu/port/volume.h"
#include "tests/cow/random_steps.h"
#include "tests/fuse/mounted_volume.h"
#include "tests/fuse/posix_steps.h"
#include "tests/fuse/tree.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define N_STEPS     150
#define N_WORKERS   3
#define N_SNAPSHOTS 6 /* of a seed with threads */
#define MOST_KEPT   4

struct moment {
    unsigned number;
    struct tree copy;
};

struct run;

/* A thread with a directory of its own, and a counter there that it writes through a mapping. */
struct worker {
    struct run *run;
    pthread_t thread;
    char name[8];
    uint64_t random;
    atomic_uint counted;
};

struct run {
    uint64_t seed, random;
    struct mounted_volume m;
    pthread_rwlock_t lock; /* of moments: they do not go while one is read */
    ARRAY(struct moment) moments;
    struct worker workers[N_WORKERS];
    pthread_t reader;
    atomic_bool is_ending;
    struct str reader_errors;
};

static uint64_t draw(struct run *r, uint64_t below)
{
    return steps_draw(&r->random, below);
}

static void fail_with(struct run *r, const char *what, const struct str *text)
{
    fprintf(stderr, "seed %llu: %s\n%s", (unsigned long long)r->seed, what,
            text->text ? text->text : "");
    fail();
}

/* ---- snapshots ---- */

static void compare(struct run *r, const char *what, const struct tree *wanted, const char *root,
                    bool with_times)
{
    struct str errors = { 0 };
    struct tree got;

    tree_read(root, 1 + draw(r, 70000), &got, &errors);
    if (!tree_is_equal(wanted, &got, with_times, &errors) || errors.length)
        fail_with(r, what, &errors);
    tree_free(&got);
}

static void compare_moment(struct run *r, const struct moment *m)
{
    char path[256], what[32];

    snprintf(what, sizeof(what), "snapshot %u", m->number);
    mounted_path(&r->m, m->number, "", path);
    path[strlen(path) - 1] = 0;
    compare(r, what, &m->copy, path, true);
}

static void compare_moments(struct run *r)
{
    for (size_t i = 0; i < r->moments.count; i++)
        compare_moment(r, &r->moments.items[i]);
}

/* What stood in a mapping before the flush is in the copy. */
static void check_counters(struct run *r, const struct tree *copy, const unsigned *before)
{
    for (size_t i = 0; i < copy->entries.count; i++) {
        const struct tree_entry *e = &copy->entries.items[i];
        size_t length = strlen(e->path);
        unsigned counted;

        if (length < 6 || strcmp(e->path + length - 6, "/count") != 0)
            continue;
        memcpy(&counted, e->bytes, sizeof(counted));
        if (counted < before[e->path[1] - '0'])
            fail_with(r, "a counter in a mapping was not flushed", &(struct str){ 0 });
    }
}

/* The copy is taken while the volume is held, from the directory beneath the mount. */
static void make_snapshot(struct run *r)
{
    struct moment m = { .number = r->m.volume->ops->next_number(r->m.volume) };
    unsigned before[N_WORKERS] = { 0 };
    struct str errors = { 0 };

    for (size_t i = 0; i < N_WORKERS; i++)
        before[i] = atomic_load(&r->workers[i].counted);
    assert_int_equal(mounted_volume_flush(&r->m), 0);
    assert_int_equal(mounted_volume_hold(&r->m), 0);
    tree_read(r->m.directory, 65536, &m.copy, &errors);
    assert_int_equal(mounted_volume_commit(&r->m, m.number), 0);
    assert_int_equal(mounted_volume_release(&r->m), 0);
    if (errors.length)
        fail_with(r, "the copy", &errors);
    check_counters(r, &m.copy, before);
    compare_moment(r, &m);
    pthread_rwlock_wrlock(&r->lock);
    array_add(&r->moments, m);
    pthread_rwlock_unlock(&r->lock);
}

static void delete_snapshot(struct run *r)
{
    size_t i = draw(r, r->moments.count);

    compare_moment(r, &r->moments.items[i]);
    pthread_rwlock_wrlock(&r->lock);
    assert_int_equal(mounted_volume_delete(&r->m, r->moments.items[i].number), 0);
    tree_free(&r->moments.items[i].copy);
    array_remove(&r->moments, i);
    pthread_rwlock_unlock(&r->lock);
}

static void make_or_delete(struct run *r)
{
    if (r->moments.count < MOST_KEPT && (!r->moments.count || draw(r, 5) < 3))
        make_snapshot(r);
    else
        delete_snapshot(r);
}

/* ---- one thread, and a twin without snapshots ---- */

static void compare_twin(struct run *r, const char *twin)
{
    struct str errors = { 0 };
    struct tree wanted;

    tree_read(twin, 65536, &wanted, &errors);
    if (errors.length)
        fail_with(r, "the twin", &errors);
    wanted.entries.items[0].st.st_nlink++; /* for `System Volume Information` */
    compare(r, "the origin, as a plain directory is,", &wanted, r->m.mount, false);
    tree_free(&wanted);
}

static void run_alone(struct run *r)
{
    char twin[] = "/tmp/vssemu-twin-XXXXXX";
    struct actor ours, theirs;

    assert_non_null(mkdtemp(twin));
    actor_begin(&ours, r->m.mount);
    actor_begin(&theirs, twin);
    for (int i = 0; i < N_STEPS; i++) {
        struct posix_step s = posix_step_draw(&r->random);
        int wanted = posix_step_do(&theirs, &s), got = posix_step_do(&ours, &s);

        if (wanted != got) {
            fprintf(stderr, "step %d, %s %s %s (%u): %s mounted, %s beneath\n", i,
                    posix_step_name(&s), s.path, s.other, s.number, strerror(got),
                    strerror(wanted));
            fail_with(r, "a step", &(struct str){ 0 });
        }
        if (draw(r, 15) == 0)
            make_or_delete(r);
        if (i % 50 == 49) {
            compare_twin(r, twin);
            compare_moments(r);
        }
    }
    actor_end(&ours);
    actor_end(&theirs);
    assert_int_equal(host_tree_remove(twin), 0);
}

/* ---- several threads ---- */

static void *work(void *arg)
{
    struct worker *w = arg;
    struct actor actor;
    char path[256];

    actor_begin(&actor, mounted_path(&w->run->m, 0, w->name, path));
    int fd = openat(actor.root, "count", O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (ftruncate(fd, sizeof(unsigned)) < 0)
        return NULL;
    unsigned *count = mmap(NULL, sizeof(*count), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

    close(fd);
    while (!atomic_load(&w->run->is_ending)) {
        struct posix_step s = posix_step_draw(&w->random);

        posix_step_do(&actor, &s);
        __atomic_store_n(count, *count + 1, __ATOMIC_SEQ_CST);
        atomic_store(&w->counted, *count);
    }
    munmap(count, sizeof(*count));
    actor_end(&actor);
    return NULL;
}

/* A piece of a file of a snapshot, of many blocks, some of which are preserved and some not. */
static void read_a_piece(struct run *r, const struct moment *m, uint64_t *random)
{
    static char buffer[100000];
    const struct tree_entry *e = &m->copy.entries.items[steps_draw(random, m->copy.entries.count)];
    char path[256];

    if (!S_ISREG(e->st.st_mode) || !e->st.st_size)
        return;
    off_t from = (off_t)steps_draw(random, (uint64_t)e->st.st_size);
    size_t size = 1 + steps_draw(random, sizeof(buffer) - 1);
    ssize_t wanted = e->st.st_size - from < (off_t)size ? e->st.st_size - from : (ssize_t)size;
    int fd = open(mounted_path(&r->m, m->number, e->path, path), O_RDONLY | O_CLOEXEC);

    posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
    ssize_t n = pread(fd, buffer, size, from);
    ssize_t at = 0;

    while (at < n && (unsigned char)buffer[at] == e->bytes[from + at])
        at++;
    if (at < wanted)
        str_addf(&r->reader_errors,
                 "snapshot %u, %s of %lld bytes: %zd instead of %zd bytes from %lld; at %lld %02x "
                 "instead of %02x\n",
                 m->number, e->path, (long long)e->st.st_size, n, wanted, (long long)from,
                 (long long)from + at, at < n ? (unsigned char)buffer[at] : 0, e->bytes[from + at]);
    close(fd);
}

static void *read_pieces(void *arg)
{
    struct run *r = arg;
    uint64_t random = r->seed + 1000;

    while (!atomic_load(&r->is_ending)) {
        pthread_rwlock_rdlock(&r->lock);
        if (r->moments.count)
            read_a_piece(r, &r->moments.items[steps_draw(&random, r->moments.count)], &random);
        pthread_rwlock_unlock(&r->lock);
    }
    return NULL;
}

static void run_together(struct run *r)
{
    char path[256];

    for (size_t i = 0; i < N_WORKERS; i++) {
        struct worker *w = &r->workers[i];

        w->run = r;
        w->random = r->seed * 10 + i;
        snprintf(w->name, sizeof(w->name), "w%zu", i);
        assert_int_equal(mkdir(mounted_path(&r->m, 0, w->name, path), 0755), 0);
        assert_int_equal(pthread_create(&w->thread, NULL, work, w), 0);
    }
    assert_int_equal(pthread_create(&r->reader, NULL, read_pieces, r), 0);
    for (int i = 0; i < N_SNAPSHOTS; i++) {
        make_or_delete(r);
        compare_moments(r);
    }
    atomic_store(&r->is_ending, true);
    for (size_t i = 0; i < N_WORKERS; i++)
        pthread_join(r->workers[i].thread, NULL);
    pthread_join(r->reader, NULL);
    if (r->reader_errors.length)
        fail_with(r, "pieces", &r->reader_errors);
}

/* ---- seeds ---- */

/* What the kernel remembers of the origin is what lies beneath; where it has a writeback cache, its
 * times are those of the writes, those beneath of their arrival. */
static void compare_origin(struct run *r, bool with_times)
{
    struct str errors = { 0 };
    struct tree beneath;

    assert_int_equal(mounted_volume_flush(&r->m), 0);
    assert_int_equal(mounted_volume_hold(&r->m), 0);
    assert_int_equal(mounted_volume_release(&r->m), 0);
    tree_read(r->m.directory, 65536, &beneath, &errors);
    if (errors.length)
        fail_with(r, "what lies beneath", &errors);
    compare(r, "the origin", &beneath, r->m.mount, with_times);
    tree_free(&beneath);
}

static void run_seed(uint64_t seed)
{
    struct run r = { .seed = seed,
                     .random = seed,
                     .lock = PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP };

    bool has_writeback = seed % 4 >= 2;

    if (has_writeback)
        mounted_volume_begin_writeback(&r.m);
    else
        mounted_volume_begin(&r.m, true);
    if (seed % 2)
        run_alone(&r);
    else
        run_together(&r);
    compare_origin(&r, !has_writeback);
    compare_moments(&r);
    while (r.moments.count)
        delete_snapshot(&r);
    mounted_volume_end(&r.m);
    array_free(&r.moments);
}

static void every_snapshot_stays_what_the_directory_was(void **state)
{
    uint64_t one = steps_setting("ORACLE_SEED", 0, 0);
    uint64_t first = one ? one : steps_setting("ORACLE_FIRST", 1, 1);
    uint64_t n = one ? 1 : steps_setting("ORACLE_SEEDS", 4, 3);

    (void)state;
    for (uint64_t seed = first; seed < first + n; seed++)
        run_seed(seed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_snapshot_stays_what_the_directory_was),
    };

    skip_without_fuse();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
