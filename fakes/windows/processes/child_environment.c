/* SPDX-License-Identifier: MIT */
/* The environment of a child (Learn: "CreateProcessW", lpEnvironment). The host's block has the
 * same form; what is this project's own in it is made anew for each child. */
#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/base/utf.h"
#include "emu/port/volume.h"
#include "emu/port/world.h"
#include "fakes/windows/processes/spawn.h"
#include "fakes/windows/shared/segment.h"

#include <string.h>
#include <unistd.h>

#define DESCRIPTION "VSSEMU_WORLD="

static bool is_ours(const char *entry)
{
    return str_starts_with(entry, DESCRIPTION) || str_starts_with(entry, SHARED_VARIABLE "=") ||
           str_starts_with(entry, HERITAGE_VARIABLE "=");
}

static void add_variable(struct making *making, char *take_entry)
{
    if (is_ours(take_entry) || *take_entry == '=')
        free(take_entry); /* "=C:=C:\dir": Windows' own */
    else
        array_add(&making->environment, take_entry);
}

void making_take_environment(struct making *making, const void *block, bool is_wide)
{
    if (!block) {
        for (char **entry = environ; entry && *entry; entry++)
            add_variable(making, mem_strdup(*entry));
    } else if (is_wide) {
        for (const uint16_t *at = block; *at; at += utf16_length(at) + 1)
            add_variable(making, utf8_from_utf16(at));
    } else {
        for (const char *at = block; *at; at += strlen(at) + 1)
            add_variable(making, mem_strdup(at));
    }
}

void making_end_environment(struct making *making, const struct heritage *heritage)
{
    struct world_ports *world = world_current();

    for (size_t i = 0; i < world->n_volumes; i++) {
        const struct volume *volume = world->volumes[i];
        if (volume->mount_path && volume->letter)
            array_add(&making->environment,
                      str_printf("VSSEMU_MOUNT_%c=%s", volume->letter, volume->mount_path));
    }
    if (world->child_world) {
        auto_free char *text = world->child_world();

        array_add(&making->environment, str_printf(DESCRIPTION "%s", text));
    }
    if (shared_path()) /* the names of objects are common to both */
        array_add(&making->environment, str_printf(SHARED_VARIABLE "=%s", shared_path()));
    if (heritage->text.length)
        array_add(&making->environment, str_printf(HERITAGE_VARIABLE "=%s", heritage->text.text));
    array_add(&making->environment, (char *)NULL);
}

void making_fini(struct making *making)
{
    for (size_t i = 0; i < making->environment.count; i++)
        free(making->environment.items[i]);
    array_free(&making->environment);
}
