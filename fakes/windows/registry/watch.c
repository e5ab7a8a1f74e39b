/* SPDX-License-Identifier: MIT */
/* See watch.h. */
#include "fakes/windows/registry/watch.h"

#include "emu/base/mem.h"
#include "fakes/windows/registry/hive.h"

void reg_watch_add(struct reg_key *key, struct object *event, const void *owner, DWORD filter,
                   bool has_subtree)
{
    struct reg_watch *watch = mem_new(struct reg_watch);

    *watch = (struct reg_watch){
        .event = event, .owner = owner, .filter = filter, .has_subtree = has_subtree
    };
    list_append(&key->watches, &watch->link);
}

static void fire(struct reg_watch *watch)
{
    list_remove(&watch->link);
    objects_lock();
    watch->event->class->signal(watch->event);
    objects_unlock();
    object_unref(watch->event);
    free(watch);
}

void reg_watch_changed(struct reg_key *key, DWORD kind)
{
    for (struct reg_key *at = key; at; at = at->parent) {
        list_each_safe (struct reg_watch, watch, &at->watches, link) {
            if (watch->filter & kind && (at == key || watch->has_subtree))
                fire(watch);
        }
    }
}

void reg_watch_fire_all(struct reg_key *key)
{
    list_each_safe (struct reg_watch, watch, &key->watches, link)
        fire(watch);
}

void reg_watch_fire_owner(struct reg_key *key, const void *owner)
{
    list_each_safe (struct reg_watch, watch, &key->watches, link) {
        if (watch->owner == owner)
            fire(watch);
    }
}
