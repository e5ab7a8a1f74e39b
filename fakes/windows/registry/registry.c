/* SPDX-License-Identifier: MIT */
/* See registry.h. Here: the world's registry, its lock, and the way down a path, through symbolic
 * links and the view of 32-bit programs (Learn: "Registry Redirector"). The tree's top has two
 * keys, MACHINE and USER, as the system's own names have ("\Registry\Machine\..."). */
#include "fakes/windows/registry/registry.h"

#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/port/clock.h"
#include "emu/port/world.h"
#include "fakes/windows/fold.h"
#include "fakes/windows/registry/hive.h"
#include "fakes/windows/registry/places.h"
#include "fakes/windows/wide.h"

#include <pthread.h>
#include <string.h>

#define LONGEST_KEY_NAME 255 /* Learn: "Registry Element Size Limits" */
#define MOST_LINKS       64  /* on one way: more go round in a circle */

struct registry {
    unsigned n_refs;
    struct reg_key *root;
    struct reg_key *predefined[N_REGISTRY_PLACES];
    struct reg_key *software; /* HKLM\SOFTWARE, where the view of 32-bit programs branches off */
    struct reg_key *classes;
};

static pthread_mutex_t the_lock = PTHREAD_MUTEX_INITIALIZER;

void registry_lock(void)
{
    pthread_mutex_lock(&the_lock);
}

void registry_unlock(void)
{
    pthread_mutex_unlock(&the_lock);
}

int64_t registry_now(void)
{
    return clock_filetime(world_current()->clock);
}

/* ---- the registry of a world ---- */

/* Kept although a program may delete it: answers of registry_predefined stay right. */
static struct reg_key *keep(struct registry *registry, const char *path)
{
    struct reg_key *key = NULL;

    registry_walk(registry, registry->root, path, REGISTRY_CREATE, &key, NULL);
    reg_key_ref(key);
    return key;
}

static struct registry *registry_new(const char *windows)
{
    struct registry *registry = mem_new(struct registry);

    registry->n_refs = 1;
    registry->root = reg_key_new_root();
    registry_add_usual_keys(registry, windows);
    for (int i = 0; i < N_REGISTRY_PLACES; i++)
        registry->predefined[i] = keep(registry, registry_places[i].path);
    registry->software = keep(registry, "MACHINE\\SOFTWARE");
    registry->classes = keep(registry, "MACHINE\\SOFTWARE\\Classes");
    return registry;
}

struct registry *registry_of(struct world_ports *ports)
{
    registry_lock();
    if (!ports->registry)
        ports->registry = registry_new(ports->windows);
    registry_unlock();
    return ports->registry;
}

bool registry_is_made(struct world_ports *ports)
{
    registry_lock();
    bool is_made = ports->registry;
    registry_unlock();
    return is_made;
}

struct registry *registry_current(void)
{
    return registry_of(world_current());
}

struct registry *registry_ref(struct registry *registry)
{
    registry->n_refs++;
    return registry;
}

void registry_unref(struct registry *registry)
{
    if (!registry)
        return;
    registry_lock();
    bool is_last = --registry->n_refs == 0;
    if (is_last) {
        for (int i = 0; i < N_REGISTRY_PLACES; i++)
            reg_key_unref(registry->predefined[i]);
        reg_key_unref(registry->software);
        reg_key_unref(registry->classes);
        reg_key_free_tree(registry->root);
    }
    registry_unlock();
    if (is_last)
        free(registry);
}

struct reg_key *registry_root(struct registry *registry)
{
    return registry->root;
}

struct reg_key *registry_predefined(struct registry *registry, HKEY key)
{
    for (int i = 0; i < N_REGISTRY_PLACES; i++) {
        if (key == registry_places[i].handle)
            return registry->predefined[i];
    }
    return NULL;
}

/* ---- paths ---- */

/* Subkeys of HKCR that 32-bit programs have for themselves (Learn: "Registry Keys Affected by
 * WOW64"). */
static bool is_redirected_class(const char *name, size_t length)
{
    static const char *const names[] = { "CLSID", "DirectShow", "Interface", "Media Type",
                                         "MediaFoundation" };

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strlen(names[i]) == length && strncasecmp(names[i], name, length) == 0)
            return true;
    }
    return false;
}

/* Whether the view of 32-bit programs leaves `at` here, with this name (length 0: the path ends) to
 * come. */
static bool branches_off(const struct registry *registry, const struct reg_key *at,
                         const char *name, size_t length)
{
    static const char node[] = REGISTRY_WOW64_NODE;

    if (length == sizeof(node) - 1 && strncasecmp(name, node, length) == 0)
        return false;
    if (at == registry->software)
        return !(length == 7 && strncasecmp(name, "Classes", 7) == 0);
    return at == registry->classes && length && is_redirected_class(name, length);
}

struct walk {
    struct registry *registry;
    struct reg_key *at;
    unsigned flags;
    unsigned n_links;
    bool is_made; /* the last key */
};

static DWORD enter(struct walk *walk, const char *name, size_t length, bool is_last);

/* From the root of the tree along a link's target. */
static DWORD follow(struct walk *walk, const struct reg_key *link)
{
    auto_free char *target = mem_strdup(link->link);
    DWORD error = ERROR_SUCCESS;

    if (!target || ++walk->n_links > MOST_LINKS)
        return ERROR_FILE_NOT_FOUND;
    walk->at = walk->registry->root;
    for (const char *at = target; *at && !error;) {
        size_t length = strcspn(at, "\\");
        error = length ? enter(walk, at, length, false) : ERROR_SUCCESS;
        at += length + (at[length] == '\\');
    }
    return error;
}

/* One step down. */
static DWORD enter(struct walk *walk, const char *name, size_t length, bool is_last)
{
    bool wants_link = is_last && walk->flags & REGISTRY_LINK;
    struct reg_key *child;

    if (length > 4 * LONGEST_KEY_NAME)
        return ERROR_INVALID_PARAMETER;
    child = reg_key_child(walk->at, name, length);
    walk->is_made = !child;
    if (!child && !(walk->flags & REGISTRY_CREATE))
        return ERROR_FILE_NOT_FOUND;
    if (!child) {
        if (walk->at->is_volatile && !(walk->flags & REGISTRY_VOLATILE))
            return ERROR_CHILD_MUST_BE_VOLATILE;
        child = reg_key_add(walk->at, name, length, registry_now());
        child->is_volatile = walk->flags & REGISTRY_VOLATILE;
        child->is_link = wants_link;
    }
    if (child->is_link && !wants_link)
        return follow(walk, child);
    walk->at = child;
    return ERROR_SUCCESS;
}

static DWORD enter_view(struct walk *walk, const char *name, size_t length)
{
    if (!(walk->flags & REGISTRY_WOW64_32) || !branches_off(walk->registry, walk->at, name, length))
        return ERROR_SUCCESS;
    return enter(walk, REGISTRY_WOW64_NODE, strlen(REGISTRY_WOW64_NODE), false);
}

DWORD registry_walk(struct registry *registry, struct reg_key *from, const char *path,
                    unsigned flags, struct reg_key **ret_key, bool *ret_made)
{
    struct walk walk = { .registry = registry, .at = from, .flags = flags };
    DWORD error = from->is_deleted ? ERROR_KEY_DELETED : ERROR_SUCCESS;

    if (*path == '\\')
        return ERROR_BAD_PATHNAME;
    while (*path && !error) {
        size_t length = strcspn(path, "\\");
        const char *rest = path + length;

        rest += strspn(rest, "\\");
        if (length)
            error = enter_view(&walk, path, length);
        if (length && !error)
            error = enter(&walk, path, length, !*rest);
        path = rest;
    }
    if (!error)
        error = enter_view(&walk, "", 0);
    if (error)
        return error;
    *ret_key = walk.at;
    if (ret_made)
        *ret_made = walk.is_made;
    return ERROR_SUCCESS;
}
