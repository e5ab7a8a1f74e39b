/* SPDX-License-Identifier: MIT */
/* Which components take part, and which of them the requester names itself (Learn: "Working with
 * Selectability for Backup"). A component named is explicit: it gets AddComponent and a flag of its
 * own. Whatever lies below an explicit selectable component comes with it, implicitly: its files
 * belong to the set of that component, and VSS never hears its name. */
#pragma once

#include "emu/base/array.h"
#include "emu/doc/betest_config.h"
#include "emu/doc/wmd.h"
#include "fakes/requester/betest_components.h"

struct chosen_component {
    size_t writer;                   /* index in the selection's writers */
    struct wmd_component *component; /* the writer's */
    size_t owner;                    /* the explicit one whose set this is part of; may be itself */
    bool has_failed;                 /* of an owner: the whole set failed */
    bool is_subcomponent;            /* restore: named by AddRestoreSubcomponent */
    bool is_left_out;                /* restore: others of the set are named, not this one */
    size_t next_member;              /* of the same set, in the list; SIZE_MAX: none */
    size_t last_member;              /* of an owner; private to betest_selection.c */
    size_t n_files;                  /* of an owner: files of the whole set, copied */
    struct component_details *details; /* of an owner, once it was read; owned */
};

struct chosen_writer {
    struct wmd *wmd;
    bool is_chosen;  /* at least one component takes part */
    bool has_failed; /* its status said so */
    size_t *places;  /* of each component of wmd: where it is explicit in the list, or SIZE_MAX */
};

struct selection {
    ARRAY(struct chosen_writer) writers;
    ARRAY(struct chosen_component) components;
};

static inline bool chosen_is_explicit(const struct selection *s, size_t i)
{
    return s->components.items[i].owner == i;
}

/* For each number `i` of the set whose explicit component stands at `owner`, that one first. */
#define for_each_member(s, i, owner) \
    for (size_t i = (owner); i != SIZE_MAX; i = (s)->components.items[i].next_member)

/* Takes the document. */
void selection_add_writer(struct selection *s, struct wmd *wmd);
void selection_free(struct selection *s);

/* Chooses among the writers added before: what config names, or everything (NULL); with
 * bootable_state all that belongs to it besides. What a chosen component depends on comes along,
 * with a word. A component named but offered by no writer, or to be had with its parent only, is
 * reported as failed; the others are chosen all the same. */
void selection_choose(struct selection *s, const struct betest_config *config, bool bootable_state,
                      struct betest_report *report);

/* The explicit component of this writer class, path and name; NULL: there is none. */
struct chosen_component *selection_find_explicit(struct selection *s, const VSS_ID *class,
                                                 const char *logical_path, const char *name);

/* For a restore: makes this component of the writer explicit, whatever its selectability; what is
 * below comes with it when selection_complete is called. False: the writer has no such one. */
bool selection_add_explicit(struct selection *s, size_t writer, const char *logical_path,
                            const char *name);
void selection_complete(struct selection *s);

/* The component's name with its path, "Archive\Year2031"; the caller frees. */
char *chosen_full_name(const struct wmd_component *component);
/* The same of an entry of /X or /C. */
char *config_full_name(const struct betest_component *component);

/* All three lists of a component: a file group has one, a database two. */
#define COMPONENT_FILE_LISTS 3
#define COMPONENT_LOG_LIST   2 /* a database's log files */
const struct filespecs *component_files(const struct wmd_component *component, int list);
