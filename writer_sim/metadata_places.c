/* SPDX-License-Identifier: MIT */
/* See metadata_places.h. */
#include "writer_sim/metadata_places.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/port/volume.h"
#include "emu/port/volume_name.h"
#include "writer_sim/sim_files.h"
#include "writer_sim/sim_tree.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* Calls each for every directory of the document's file sets that a backup reads, with the pattern
 * there. */
static void each_set(const struct wmd *wmd,
                     void (*each)(void *arg, const struct filespec *spec, const char *path),
                     void *arg)
{
    for (size_t i = 0; i < wmd->components.count; i++) {
        const struct wmd_component *component = &wmd->components.items[i];
        const struct filespecs *lists[] = { &component->files, &component->database_files,
                                            &component->log_files };

        for (size_t j = 0; j < sizeof(lists) / sizeof(lists[0]); j++) {
            for (size_t k = 0; k < lists[j]->count; k++) {
                const struct filespec *spec = &lists[j]->items[k];

                each(arg, spec, spec->path);
                if (spec->alternate_path)
                    each(arg, spec, spec->alternate_path);
            }
        }
    }
}

/* ---- what is missing ---- */

struct search {
    struct world_ports *ports;
    const struct metadata_lacks *lacks;
    void *arg;
    struct text_index told; /* variables */
};

#define GUID_PREFIX "\\\\?\\Volume{"

static void look_for_variable(struct search *search, const char *path)
{
    const char *open = strchr(path, '%'), *close = open ? strchr(open + 1, '%') : NULL;
    auto_free char *name = NULL;

    if (!close || close == open + 1)
        return;
    name = str_printf("%.*s", (int)(close - open - 1), open + 1);
    if (text_index_add(&search->told, name, 0))
        search->lacks->variable(search->arg, name);
}

static void look_for_volume(void *arg, const struct filespec *spec, const char *path)
{
    struct search *search = arg;
    auto_free char *expanded = sim_expand(path), *on_volume = NULL;
    struct volume *volume;
    const char *p = expanded;

    (void)spec;
    if (sim_locate(search->ports, path, &volume, &on_volume))
        return;
    if (strncasecmp(p, GUID_PREFIX, strlen(GUID_PREFIX)) == 0) {
        const char *close = strchr(p, '}');
        auto_free char *name = close ? str_printf("%.*s\\", (int)(close + 1 - p), p) : NULL;

        if (name && strlen(name) < VOLUME_GUID_NAME_SIZE)
            search->lacks->volume(search->arg, 0, name);
        return;
    }
    if (str_starts_with(p, "\\\\?\\"))
        p += 4;
    if (isalpha((unsigned char)p[0]) && p[1] == ':')
        search->lacks->volume(search->arg, (char)toupper((unsigned char)p[0]), "");
    else
        look_for_variable(search, expanded);
}

void metadata_places_missing(struct world_ports *ports, const struct wmd *wmd,
                             const struct metadata_lacks *lacks, void *arg)
{
    struct search search = { .ports = ports, .lacks = lacks, .arg = arg };

    each_set(wmd, look_for_volume, &search);
    text_index_free(&search.told);
}

/* ---- making it ---- */

struct filling {
    struct world_ports *ports;
    bool (*may_fill)(void *arg, struct volume *volume);
    void *arg;
    struct sim_tree *tree;
    struct metadata_filled *filled;
};

static void fill(void *arg, const struct filespec *spec, const char *path)
{
    struct filling *filling = arg;
    auto_free char *directory = NULL, *content = NULL;
    bool is_file = !strpbrk(spec->filespec, "*?\\/") &&
                   !(spec->backup_type_mask & VSS_FSBT_CREATED_DURING_BACKUP);
    struct volume *volume;
    int r;

    if (!sim_locate(filling->ports, path, &volume, &directory))
        return;
    if (!filling->may_fill(filling->arg, volume)) {
        filling->filled->n_left++;
        return;
    }
    if (is_file) {
        content = str_printf("simulated %s of %s\r\n", spec->filespec, path);
        r = sim_tree_file(filling->tree, volume, directory, spec->filespec, content);
    } else {
        r = sim_tree_directory(filling->tree, volume, directory);
    }
    filling->filled->n_failed += r < 0;
}

void metadata_places_fill(struct world_ports *ports, const struct wmd *wmd,
                          bool (*may_fill)(void *arg, struct volume *volume), void *arg,
                          struct metadata_filled *ret_filled)
{
    struct filling filling = { ports, may_fill, arg, sim_tree_new(), ret_filled };

    *ret_filled = (struct metadata_filled){ 0 };
    each_set(wmd, fill, &filling);
    ret_filled->n_directories = sim_tree_n_directories(filling.tree);
    ret_filled->n_files = sim_tree_n_files(filling.tree);
    sim_tree_free(filling.tree);
}
