/* SPDX-License-Identifier: MIT */
/* The functions of vssemu.h about the registry. */
#include "emu/base/str.h"
#include "emu/include/vssemu.h"
#include "emu/setup/test_world.h"
#include "emu/setup/world.h"
#include "fakes/windows/registry/registry.h"

#include <stdlib.h>
#include <string.h>

static struct registry *of(struct vssemu_world *w)
{
    return registry_of(&w->ports);
}

static bool tell(struct vssemu_world *w, bool is_good, char *take_error)
{
    if (is_good)
        return true;
    free(w->test->error);
    w->test->error = take_error;
    return false;
}

bool vssemu_registry_load(struct vssemu_world *w, const char *path)
{
    char *error = NULL;
    bool is_good = registry_load_file(of(w), path, &error);

    return tell(w, is_good, error);
}

bool vssemu_registry_load_text(struct vssemu_world *w, const char *text)
{
    char *error = NULL;
    bool is_good = registry_load_text(of(w), text, strlen(text), "(text)", &error);

    return tell(w, is_good, error);
}

static bool tell_code(struct vssemu_world *w, const char *key, DWORD code)
{
    return tell(w, !code, code ? str_printf("%s: Win32 error %u", key, (unsigned)code) : NULL);
}

bool vssemu_registry_set(struct vssemu_world *w, const char *key, const char *name, DWORD type,
                         const void *data, size_t size)
{
    return tell_code(w, key, registry_write(of(w), key, name, type, data, size));
}

bool vssemu_registry_set_text(struct vssemu_world *w, const char *key, const char *name,
                              const char *text)
{
    return tell_code(w, key, registry_write_text(of(w), key, name, text));
}

bool vssemu_registry_get(struct vssemu_world *w, const char *key, const char *name, DWORD *ret_type,
                         void **ret_data, size_t *ret_size)
{
    uint32_t type = 0;
    bool is_there = !registry_read(of(w), key, name, &type, ret_data, ret_size);

    if (is_there)
        *ret_type = type;
    return is_there;
}

/* The answer lives until the next call. */
static const char *answer(struct vssemu_world *w, char *take_text)
{
    struct str *out = &w->test->answer;

    str_free(out);
    if (!take_text)
        return NULL;
    str_add(out, take_text);
    free(take_text);
    return out->text ? out->text : "";
}

const char *vssemu_registry_get_text(struct vssemu_world *w, const char *key, const char *name)
{
    return answer(w, registry_read_text(of(w), key, name));
}

bool vssemu_registry_delete(struct vssemu_world *w, const char *key)
{
    return tell_code(w, key, registry_delete_tree(of(w), key));
}

const char *vssemu_registry_text(struct vssemu_world *w)
{
    return answer(w, registry_text(of(w)));
}
