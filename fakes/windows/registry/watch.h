/* SPDX-License-Identifier: MIT */
/* Who waits for changes of a key: each watch is told once and is over (Learn:
 * "RegNotifyChangeKeyValue"). All of it with the registry's lock held. */
#pragma once

#include "emu/base/list.h"
#include "emu/include/vssemu_types.h"
#include "fakes/windows/handle.h"

struct reg_key;

struct reg_watch {
    struct list link;     /* in key->watches */
    struct object *event; /* owned reference */
    const void *owner;    /* the handle's object, at whose end the watch is told, too */
    DWORD filter;
    bool has_subtree;
};

/* The reference to event passes to the watch. */
void reg_watch_add(struct reg_key *key, struct object *event, const void *owner, DWORD filter,
                   bool has_subtree);
/* Something of this kind happened in the key itself: tells its watches and those above that want
 * to know what happens below. */
void reg_watch_changed(struct reg_key *key, DWORD kind);
/* The key is gone, or (owner) a handle of it. */
void reg_watch_fire_all(struct reg_key *key);
void reg_watch_fire_owner(struct reg_key *key, const void *owner);
