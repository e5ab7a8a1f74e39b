/* SPDX-License-Identifier: MIT */
/* Which components of a Test Writer take part, and where restored files may be. */
#include "writer_sim/test_writer_i.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/base/utf.h"
#include "emu/com/bstr.h"
#include "emu/com/object.h"

#include <string.h>

char *test_writer_key(const char *path, const char *name)
{
    return str_printf("%s\x1f%s", component_path(path), name);
}

/* pulls: takes what is below it along, whether selectable or not. */
static void add_root(struct text_index *roots, BSTR take_path, BSTR take_name, bool pulls)
{
    auto_free char *path = utf8_from_wide(take_path), *name = utf8_from_wide(take_name);
    auto_free char *key = test_writer_key(path, name ? name : "");

    bstr_free(take_path);
    bstr_free(take_name);
    text_index_add(roots, key, pulls);
}

/* Whether the root of this key, if it is one, takes along what is below it. */
static bool root_pulls(const struct test_writer *writer, const struct text_index *roots,
                       const char *key)
{
    size_t pulls, i;

    if (!text_index_find(roots, key, &pulls))
        return false;
    return pulls || (text_index_find(&writer->by_name, key, &i) &&
                     writer->config->components.items[i].selectable);
}

/* A component takes part when it is a root, or stands below a selectable one (Learn: "Working with
 * Selectability for Backup"). */
static bool is_below_root(const struct test_writer *writer, const struct text_index *roots,
                          const struct test_writer_component *component)
{
    auto_free char *own_key = test_writer_key(component->logical_path, component->name);
    auto_free char *path = mem_strdup(component->logical_path);
    size_t unused;

    if (text_index_find(roots, own_key, &unused))
        return true;
    while (*path) {
        char *separator = strrchr(path, '\\');
        auto_free char *key = NULL;

        if (separator)
            *separator = '\0';
        key = test_writer_key(separator ? path : "", separator ? separator + 1 : path);
        if (root_pulls(writer, roots, key))
            return true;
        if (!separator)
            break;
    }
    return false;
}

static void choose(struct test_writer *writer, const struct text_index *roots)
{
    const struct test_writer_config *config = writer->config;

    for (size_t i = 0; i < config->components.count; i++)
        writer->is_chosen[i] = !roots || is_below_root(writer, roots, &config->components.items[i]);
}

static UINT count_of(IVssWriterComponents *components)
{
    UINT n = 0;

    components->lpVtbl->GetComponentCount(components, &n);
    return n;
}

void test_writer_choose_for_backup(struct test_writer *writer, IVssWriterComponents *components)
{
    struct text_index roots = { 0 };

    if (!components) {
        choose(writer, NULL);
        return;
    }
    for (UINT i = 0; i < count_of(components); i++) {
        auto_release(IVssComponent) *component = NULL;
        BSTR path = NULL, name = NULL;

        if (components->lpVtbl->GetComponent(components, i, &component) != S_OK)
            continue;
        component->lpVtbl->GetLogicalPath(component, &path);
        component->lpVtbl->GetComponentName(component, &name);
        add_root(&roots, path, name, false);
    }
    choose(writer, &roots);
    text_index_free(&roots);
}

/* The component itself, or only its subcomponents where the requester named some (Learn: "Working
 * with Selectability for Restore and Subcomponents"). */
static void add_restored(struct text_index *roots, IVssComponent *component)
{
    UINT n = 0;

    component->lpVtbl->GetRestoreSubcomponentCount(component, &n);
    for (UINT i = 0; i < n; i++) {
        BSTR path = NULL, name = NULL;
        boolean repair;

        if (component->lpVtbl->GetRestoreSubcomponent(component, i, &path, &name, &repair) == S_OK)
            add_root(roots, path, name, true);
    }
    if (!n) {
        BSTR path = NULL, name = NULL;

        component->lpVtbl->GetLogicalPath(component, &path);
        component->lpVtbl->GetComponentName(component, &name);
        add_root(roots, path, name, false);
    }
}

void test_writer_choose_for_restore(struct test_writer *writer, IVssWriterComponents *components,
                                    bool only_restored)
{
    struct text_index roots = { 0 };

    if (!components) {
        choose(writer, NULL);
        return;
    }
    for (UINT i = 0; i < count_of(components); i++) {
        auto_release(IVssComponent) *component = NULL;
        VSS_FILE_RESTORE_STATUS status = VSS_RS_UNDEFINED;
        boolean is_selected = false, has_more = false;

        if (components->lpVtbl->GetComponent(components, i, &component) != S_OK)
            continue;
        component->lpVtbl->IsSelectedForRestore(component, &is_selected);
        component->lpVtbl->GetFileRestoreStatus(component, &status);
        component->lpVtbl->GetAdditionalRestores(component, &has_more);
        if (is_selected && (!only_restored || (status == VSS_RS_ALL && !has_more)))
            add_restored(&roots, component);
    }
    choose(writer, &roots);
    text_index_free(&roots);
}

/* ---- targets ---- */

static void add_target(struct filespecs *targets, IVssWMFiledesc *take)
{
    BSTR path = NULL, filespec = NULL, alternate = NULL;
    boolean recursive = false;

    take->lpVtbl->GetPath(take, &path);
    take->lpVtbl->GetFilespec(take, &filespec);
    take->lpVtbl->GetRecursive(take, &recursive);
    take->lpVtbl->GetAlternateLocation(take, &alternate);
    if (path && filespec && alternate) {
        auto_free char *own_path = utf8_from_wide(path), *own_filespec = utf8_from_wide(filespec);
        auto_free char *own_alternate = utf8_from_wide(alternate);

        filespecs_add(targets, own_path, own_filespec, recursive, own_alternate,
                      FILESPEC_MASK_DEFAULT);
    }
    bstr_free(path);
    bstr_free(filespec);
    bstr_free(alternate);
    take->lpVtbl->Release(take);
}

static void check_mapping(struct test_writer *writer, const struct filespec *used)
{
    const struct filespec *offered = filespecs_find(&writer->config->alternate_mappings, used->path,
                                                    used->filespec, used->recursive);

    if (!offered || !str_is_equal_nocase(offered->alternate_path, used->alternate_path))
        sim_writer_note(&writer->sim, "requester mistake",
                        "the alternate location %s of %s %s is not one that this writer offers",
                        used->alternate_path, used->path, used->filespec);
}

void test_writer_collect_targets(struct test_writer *writer, IVssWriterComponents *components,
                                 struct filespecs *ret_targets)
{
    for (UINT i = 0; components && i < count_of(components); i++) {
        auto_release(IVssComponent) *component = NULL;
        IVssWMFiledesc *file;
        UINT n_mappings = 0, n_targets = 0;

        if (components->lpVtbl->GetComponent(components, i, &component) != S_OK)
            continue;
        component->lpVtbl->GetAlternateLocationMappingCount(component, &n_mappings);
        for (UINT j = 0; j < n_mappings; j++) {
            if (component->lpVtbl->GetAlternateLocationMapping(component, j, &file) == S_OK) {
                size_t before = ret_targets->count;

                add_target(ret_targets, file);
                if (ret_targets->count > before)
                    check_mapping(writer, &ret_targets->items[before]);
            }
        }
        component->lpVtbl->GetNewTargetCount(component, &n_targets);
        for (UINT j = 0; j < n_targets; j++) {
            if (component->lpVtbl->GetNewTarget(component, j, &file) == S_OK)
                add_target(ret_targets, file);
        }
    }
}
