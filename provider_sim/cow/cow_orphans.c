/* SPDX-License-Identifier: MIT */
/* The folder of orphans (cow_store.h): what has lost its last name stays there as it is, named by
 * the number of its object, for as long as a snapshot sees it. */
#include "provider_sim/cow/cow_store.h"

#include "emu/base/mem.h"
#include "emu/base/name_list.h"
#include "emu/port/store.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

const char *cow_store_orphan_name(uint64_t object, char buffer[ORPHAN_NAME_SIZE])
{
    snprintf(buffer, ORPHAN_NAME_SIZE, "%" PRIu64, object);
    return buffer;
}

int cow_store_orphan_move(struct cow_store *cs, struct store_node *dir, const char *name,
                          uint64_t object)
{
    char orphan[ORPHAN_NAME_SIZE];

    return cs->store->ops->rename(cs->store, dir, name, cs->orphans,
                                  cow_store_orphan_name(object, orphan), false);
}

int cow_store_orphan_link(struct cow_store *cs, struct store_node *node, uint64_t object)
{
    char orphan[ORPHAN_NAME_SIZE];

    return cs->store->ops->link(cs->store, node, cs->orphans,
                                cow_store_orphan_name(object, orphan));
}

int cow_store_orphan_restore(struct cow_store *cs, uint64_t object, struct store_node *dir,
                             const char *name)
{
    char orphan[ORPHAN_NAME_SIZE];

    return cs->store->ops->rename(cs->store, cs->orphans, cow_store_orphan_name(object, orphan),
                                  dir, name, false);
}

int cow_store_orphan_open(struct cow_store *cs, uint64_t object, struct store_node **ret_node)
{
    char orphan[ORPHAN_NAME_SIZE];

    if (!cs->orphans)
        return -ENOENT;
    return cs->store->ops->lookup(cs->store, cs->orphans, cow_store_orphan_name(object, orphan),
                                  ret_node);
}

void cow_store_orphan_remove(struct cow_store *cs, uint64_t object, bool is_dir)
{
    char name[ORPHAN_NAME_SIZE];

    cow_store_orphan_name(object, name);
    if (is_dir)
        cs->store->ops->rmdir(cs->store, cs->orphans, name);
    else
        cs->store->ops->unlink(cs->store, cs->orphans, name);
}

static int remember_name(void *arg, const char *name, ino_t ino, mode_t type)
{
    (void)ino;
    (void)type;
    name_list_add(arg, name);
    return 0;
}

/* A name of ours is the number and nothing else. */
static uint64_t object_named(const char *name)
{
    char buffer[ORPHAN_NAME_SIZE];
    uint64_t object = strtoull(name, NULL, 10);

    return strcmp(cow_store_orphan_name(object, buffer), name) == 0 ? object : 0;
}

int cow_store_orphans(struct cow_store *cs,
                      void (*each)(void *arg, const char *name, uint64_t object), void *arg)
{
    struct name_list list = { 0 };
    int error =
        cs->orphans ? cs->store->ops->list(cs->store, cs->orphans, remember_name, &list) : 0;

    for (size_t i = 0; i < list.names.count && !error; i++)
        each(arg, list.names.items[i], object_named(list.names.items[i]));
    name_list_free(&list);
    return error;
}

int cow_store_orphan_drop(struct cow_store *cs, const char *name)
{
    int error = cs->store->ops->unlink(cs->store, cs->orphans, name);

    return error ? cs->store->ops->rmdir(cs->store, cs->orphans, name) : 0;
}
