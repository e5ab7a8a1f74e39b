/* SPDX-License-Identifier: MIT */
/* Loading libraries. The loader has one lock, which it keeps while constructors and destructors
 * run: those may wait, and whoever comes meanwhile would stand in the loader with the turn. So it
 * waits here. */
#include "fakes/linux/vthread_inside.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"

#include <dlfcn.h>
#include <link.h>
#include <string.h>
#include <unistd.h>

/* NULL: on the real clock nothing is to be done. */
static struct vthread_world *enter(void)
{
    struct vsched *vs = vthread_vsched();

    if (!vs)
        return NULL;
    struct vthread_world *world = vthread_self->world;
    vthread_step(vs);
    while (world->loads && world->loads != vthread_self)
        vsched_block(vs, &world->loads, "the loader", SCHED_NEVER);
    if (!world->loads)
        real_find_all(); /* who looks for one of these later must not have to wait for the loader */
    world->loads = vthread_self;
    world->load_depth++; /* constructors load, too */
    vsched_hold(vs, &world->loads, "loader");
    return world;
}

static void leave(struct vthread_world *world)
{
    if (!world)
        return;
    vsched_drop(world->vs, &world->loads);
    if (--world->load_depth)
        return;
    world->loads = NULL;
    vsched_wake(world->vs, &world->loads, VSCHED_ALL);
    vthread_step(world->vs);
}

/* Where the loader would look on behalf of the library that the address is in: it takes us for the
 * caller. Linux: "dlopen(3)", RUNPATH. NULL: nowhere. */
static void *open_beside(const void *caller, const char *name, int flags)
{
    Dl_info info;
    struct link_map *map;
    Dl_serinfo size;

    if (!dladdr1(caller, &info, (void **)&map, RTLD_DL_LINKMAP) ||
        dlinfo(map, RTLD_DI_SERINFOSIZE, &size) != 0)
        return NULL;
    auto_free Dl_serinfo *places = mem_alloc(size.dls_size);
    if (dlinfo(map, RTLD_DI_SERINFOSIZE, places) != 0 || dlinfo(map, RTLD_DI_SERINFO, places) != 0)
        return NULL;
    for (unsigned i = 0; i < places->dls_cnt; i++) {
        auto_free char *path = str_printf("%s/%s", places->dls_serpath[i].dls_name, name);
        void *handle = access(path, R_OK) == 0 ? REAL(dlopen)(path, flags) : NULL;

        if (handle)
            return handle;
    }
    return NULL;
}

static void *open_for(const void *caller, const char *file, int flags)
{
    void *handle = NULL;

    if (!file || strchr(file, '/'))
        return REAL(dlopen)(file, flags);
    handle = REAL(dlopen)(file, flags | RTLD_NOLOAD);
    if (!handle && !(flags & RTLD_NOLOAD))
        handle = open_beside(caller, file, flags);
    (void)dlerror(); /* no failure of the caller's */
    return handle ? handle : REAL(dlopen)(file, flags);
}

void *dlopen(const char *file, int flags)
{
    const void *caller = __builtin_return_address(0);
    struct vthread_world *world = enter();
    void *handle = open_for(caller, file, flags);

    leave(world);
    return handle;
}

int dlclose(void *handle)
{
    struct vthread_world *world = enter();
    int error = REAL(dlclose)(handle);

    leave(world);
    return error;
}
