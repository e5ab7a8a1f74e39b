/* SPDX-License-Identifier: MIT */
/* An intrusive, doubly linked, circular list: the link is a member of the thing listed. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct list {
    struct list *next;
    struct list *prev;
};

#define container_of(pointer, type, member) \
    ((type *)(void *)((char *)(pointer)-offsetof(type, member)))

static inline void list_init(struct list *list)
{
    list->next = list->prev = list;
}

static inline bool list_is_empty(const struct list *list)
{
    return list->next == list;
}

/* True while the link stands in some list. A zeroed or initialised link stands in none. */
static inline bool list_is_linked(const struct list *link)
{
    return link->next && link->next != link;
}

static inline void list_insert_before(struct list *position, struct list *link)
{
    link->next = position;
    link->prev = position->prev;
    position->prev->next = link;
    position->prev = link;
}

static inline void list_append(struct list *list, struct list *link)
{
    list_insert_before(list, link);
}

static inline void list_remove(struct list *link)
{
    link->prev->next = link->next;
    link->next->prev = link->prev;
    list_init(link);
}

/* Walks the entries of a list; the body must not remove the current entry. */
#define list_each(type, variable, list, member)                                                  \
    for (type *variable = container_of((list)->next, type, member); &variable->member != (list); \
         variable = container_of(variable->member.next, type, member))

/* The same; the body may remove (and free) the current entry, and only that. */
#define list_each_safe(type, variable, list, member)                                \
    for (type *variable = container_of((list)->next, type, member),                 \
              *variable##_next = container_of(variable->member.next, type, member); \
         &variable->member != (list); variable = variable##_next,                   \
              variable##_next = container_of(variable->member.next, type, member))
