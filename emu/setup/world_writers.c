/* SPDX-License-Identifier: MIT */
#include "emu/setup/world_writers.h"

#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/doc/writer_catalog.h"
#include "emu/doc/xml.h"
#include "emu/port/volume.h"
#include "writer_sim/metadata_places.h"
#include "writer_sim/metadata_writer.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct adding {
    struct vssemu_world *world;
    const struct wmd *wmd;
    bool is_silent; /* what is made up is what was asked for */
};

static void __attribute__((format(printf, 2, 3)))
warn(const struct adding *adding, const char *format, ...)
{
    struct service *service = &adding->world->service;
    auto_str struct str text = { 0 }, who = { 0 };
    va_list args;

    if (adding->is_silent)
        return;
    va_start(args, format);
    str_vaddf(&text, format, args);
    va_end(args);
    str_addf(&who, "writer %s", adding->wmd->name);
    sched_enter(service->ports->sched);
    service_trace(service, &(struct trace_record){ .kind = TRACE_NOTE,
                                                   .who = who.text,
                                                   .what = "simulated world",
                                                   .detail = text.text });
    sched_leave(service->ports->sched);
    if (!adding->world->test)
        fprintf(stderr, "vssemu: warning: %s: %s\n", adding->wmd->name, text.text);
}

static void add_volume(void *arg, char letter, const char *guid_name)
{
    const struct adding *adding = arg;
    auto_free char *error = NULL;
    char name[] = { letter, ':', 0 };

    if (world_add_named_volume(adding->world, letter, guid_name, &error))
        warn(adding, "%s", error);
    else
        warn(adding, "the document names %s, which this world lacks: a volume in memory stands in",
             letter ? name : guid_name);
}

static void miss_variable(void *arg, const char *name)
{
    warn(arg, "the variable %%%s%% has no value here: its files are left out", name);
}

/* Directories of the host are the user's: nothing is made up in them. */
static bool is_in_memory(void *arg, struct volume *volume)
{
    const struct adding *adding = arg;

    for (size_t i = 0; i < adding->world->in_memory.count; i++) {
        if (adding->world->in_memory.items[i] == volume)
            return true;
    }
    return false;
}

static void make_places(struct adding *adding)
{
    static const struct metadata_lacks lacks = { .volume = add_volume, .variable = miss_variable };
    struct metadata_filled filled;

    metadata_places_missing(&adding->world->ports, adding->wmd, &lacks, adding);
    metadata_places_fill(&adding->world->ports, adding->wmd, is_in_memory, adding, &filled);
    if (filled.n_directories || filled.n_files)
        warn(adding, "made up in memory what the document lists: directories %zu, files %zu",
             filled.n_directories, filled.n_files);
    if (filled.n_left)
        warn(
            adding,
            "%zu file sets lie on volumes that are directories of this machine: nothing is made up "
            "there",
            filled.n_left);
    if (filled.n_failed)
        warn(adding, "%zu file sets have names that no volume can hold", filled.n_failed);
}

/* Takes wmd. */
static int add(struct vssemu_world *world, struct wmd *wmd,
               const struct metadata_writer_options *options, char **ret_error)
{
    struct adding adding = { world, wmd, options != NULL };
    struct vssemu_world *before = world_chosen();
    struct metadata_writer *writer = NULL;

    make_places(&adding);
    world_use(world); /* the writer initialises itself in the world of its thread */
    int error = metadata_writer_new(&world->ports, wmd, options, ret_error, &writer);
    world_use(before);
    if (!error)
        array_add(&world->metadata_writers, writer);
    wmd_free(wmd);
    return error;
}

int world_add_document_writer(struct vssemu_world *world, struct wmd *take_wmd,
                              const struct metadata_writer_options *options, char **ret_error)
{
    return add(world, take_wmd, options, ret_error);
}

static int add_text(struct vssemu_world *world, const char *text, size_t size, const char *name,
                    const struct metadata_writer_options *options, char **ret_error)
{
    auto_free char *why = NULL;
    struct wmds wmds = { 0 };
    int error = 0;

    if (wmds_from_xml(text, size, &wmds, &why) != S_OK) {
        *ret_error = str_printf("%s, %s", name, why);
        return -EINVAL;
    }
    for (size_t i = 0; i < wmds.count && !error; i++)
        error = add(world, wmd_ref(wmds.items[i]), options, ret_error);
    wmds_free(&wmds);
    return error;
}

int world_add_metadata_writer_text(struct vssemu_world *world, const char *text, size_t size,
                                   const char *name, char **ret_error)
{
    return add_text(world, text, size, name, NULL, ret_error);
}

int world_add_recorded_writer(struct vssemu_world *world, const char *xml_path,
                              const struct metadata_writer_options *options, char **ret_error)
{
    auto_free char *text = NULL;
    size_t size;
    int error = xml_load_file(xml_path, XML_SIZE_LIMIT, &text, &size, ret_error);

    if (error)
        return error;
    return add_text(world, text, size, xml_path, options, ret_error);
}

int world_add_metadata_writer(struct vssemu_world *world, const char *xml_path, char **ret_error)
{
    return world_add_recorded_writer(world, xml_path, NULL, ret_error);
}

int world_add_catalog_writer(struct vssemu_world *world, const char *name, char **ret_error)
{
    const struct catalog_writer *writer = writer_catalog_find(name);

    if (writer)
        return add(world, writer_catalog_document(writer), NULL, ret_error);
    if (!str_is_equal_nocase(name, WRITER_CATALOG_IDLE)) {
        *ret_error = str_printf("no writer is called %s: `vssemu writers` lists them", name);
        return -ENOENT;
    }
    for (size_t i = 0; i < writer_catalog_count(); i++) {
        writer = writer_catalog_get(i);
        if (!writer->is_in_idle_set)
            continue;
        int error = add(world, writer_catalog_document(writer), NULL, ret_error);

        if (error)
            return error;
    }
    return 0;
}

void world_free_metadata_writers(struct vssemu_world *world)
{
    for (size_t i = 0; i < world->metadata_writers.count; i++)
        metadata_writer_free(world->metadata_writers.items[i]);
    array_free(&world->metadata_writers);
    array_free(&world->in_memory);
}
