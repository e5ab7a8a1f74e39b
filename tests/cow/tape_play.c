/* SPDX-License-Identifier: MIT */
/* A tape played into a new store: tape_store.h. */
#include "emu/base/list.h"
#include "emu/base/mem.h"
#include "fakes/world/memstore.h"
#include "fakes/world/memstore_inside.h"
#include "tests/cow/tape_store.h"

static int64_t tape_time(struct clock *clock)
{
    return container_of(clock, struct tape, clock)->now_ns;
}

struct tape *tape_new(void)
{
    struct tape *tape = mem_new(struct tape);

    tape->clock.unix_ns = tape_time;
    tape->torn_to = SIZE_MAX;
    tape->now_ns = INT64_C(1700000000) * 1000000000;
    return tape;
}

void tape_free(struct tape *tape)
{
    for (size_t i = 0; i < tape->changes.count; i++) {
        free(tape->changes.items[i].name);
        free(tape->changes.items[i].name2);
        free(tape->changes.items[i].bytes);
    }
    array_free(&tape->changes);
    free(tape);
}

void tape_tear(struct tape *tape, size_t bytes)
{
    tape->torn_to = bytes;
}

struct player {
    struct store *s;
    size_t most;                        /* bytes of a write */
    ARRAY(struct store_node *) objects; /* by number; NULL: never came to be */
};

static struct store_node *object(const struct player *p, size_t number)
{
    return number < p->objects.count ? p->objects.items[number] : NULL;
}

static void set_object(struct player *p, size_t number, struct store_node *node, ino_t ino)
{
    while (p->objects.count <= number)
        array_add(&p->objects, NULL);
    p->objects.items[number] = node;
    if (ino)
        node->st.st_ino = ino;
}

static void play_name(struct player *p, const struct tape_change *c)
{
    const struct store_ops *ops = p->s->ops;
    struct store_node *dir = object(p, c->directory), *dir2 = object(p, c->directory2), *made;
    struct store_node *node = object(p, c->object);

    if (!dir)
        return;
    switch (c->kind) {
    case TAPE_CREATE:
        if (ops->create(p->s, dir, c->name, c->mode, c->device, c->uid, c->gid, &made) == 0)
            set_object(p, c->object, made, c->ino);
        break;
    case TAPE_SYMLINK:
        if (ops->symlink(p->s, dir, c->name, c->name2, &made) == 0)
            set_object(p, c->object, made, c->ino);
        break;
    case TAPE_LINK:
        if (node)
            ops->link(p->s, node, dir, c->name);
        break;
    case TAPE_UNLINK:
        ops->unlink(p->s, dir, c->name);
        break;
    case TAPE_RMDIR:
        ops->rmdir(p->s, dir, c->name);
        break;
    default:
        if (dir2)
            ops->rename(p->s, dir, c->name, dir2, c->name2, (enum store_rename)c->flags);
        break;
    }
}

static void play_object(struct player *p, const struct tape_change *c)
{
    const struct store_ops *ops = p->s->ops;
    struct store_node *node = object(p, c->object);

    if (!node)
        return;
    switch (c->kind) {
    case TAPE_WRITE:
        ops->write(p->s, node, c->bytes, c->size < p->most ? c->size : p->most, c->offset);
        break;
    case TAPE_TRUNCATE:
        ops->truncate(p->s, node, c->offset);
        break;
    case TAPE_FALLOCATE:
        ops->fallocate(p->s, node, c->flags, c->offset, (off_t)c->size);
        break;
    case TAPE_CHMOD:
        ops->chmod(p->s, node, c->mode);
        break;
    case TAPE_CHOWN:
        ops->chown(p->s, node, c->uid, c->gid);
        break;
    case TAPE_TIMES:
        ops->set_times(p->s, node, c->times);
        break;
    case TAPE_SET_XATTR:
        ops->set_xattr(p->s, node, c->name, c->bytes, c->size, c->flags);
        break;
    default:
        ops->remove_xattr(p->s, node, c->name);
        break;
    }
}

/* Inode numbers are the tape's; new ones must be new. */
static void player_end(struct player *p)
{
    struct memstore *m = container_of(p->s, struct memstore, store);

    for (size_t i = 0; i < p->objects.count; i++) {
        struct store_node *node = p->objects.items[i];

        if (!node)
            continue;
        if (node->st.st_ino >= m->next_ino)
            m->next_ino = node->st.st_ino + 1;
        p->s->ops->unref(p->s, node);
    }
    array_free(&p->objects);
    m->free_inos.count = 0;
}

struct store *tape_play(struct tape *tape, size_t n, bool (*is_dropped)(void *arg, size_t change),
                        void *arg, bool is_power_lost)
{
    int64_t now = tape->now_ns;

    tape->now_ns = INT64_C(1700000000) * 1000000000;
    struct player p = { .s = memstore_new(&tape->clock), .most = SIZE_MAX };

    set_object(&p, 0, p.s->ops->root(p.s), 0);
    for (size_t i = 0; i < n && i < tape->changes.count; i++) {
        const struct tape_change *c = &tape->changes.items[i];

        if (is_dropped && is_dropped(arg, i))
            continue;
        tape->now_ns = c->time_ns;
        p.most = i + 1 == n ? tape->torn_to : SIZE_MAX;
        if (c->kind <= TAPE_RENAME)
            play_name(&p, c);
        else
            play_object(&p, c);
    }
    player_end(&p);
    tape->now_ns = now;
    if (is_power_lost)
        memstore_next_life(p.s);
    return p.s;
}
