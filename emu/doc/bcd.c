/* SPDX-License-Identifier: MIT */
/* The structure of bcd.h: making, finding, adding. Its XML form is bcd_xml.c. */
#include "emu/doc/bcd.h"

#include "emu/base/mem.h"
#include "emu/com/guid.h"

struct bcd *bcd_new(void)
{
    return mem_new(struct bcd);
}

static void free_backup_part(struct bcd_component *component)
{
    free(component->backup_stamp);
    free(component->previous_backup_stamp);
    free(component->backup_options);
    free(component->backup_metadata);
    free(component->prepare_backup_failure_msg);
    free(component->post_snapshot_failure_msg);
    for (size_t i = 0; i < component->partial_files.count; i++) {
        struct bcd_partial_file *file = &component->partial_files.items[i];

        free(file->path);
        free(file->filename);
        free(file->ranges);
        free(file->metadata);
    }
    array_free(&component->partial_files);
    for (size_t i = 0; i < component->differenced_files.count; i++) {
        free(component->differenced_files.items[i].path);
        free(component->differenced_files.items[i].filespec);
    }
    array_free(&component->differenced_files);
}

static void free_restore_part(struct bcd_component *component)
{
    free(component->restore_options);
    free(component->restore_metadata);
    free(component->roll_forward_point);
    free(component->restore_name);
    free(component->pre_restore_failure_msg);
    free(component->post_restore_failure_msg);
    filespecs_free(&component->alternate_mappings);
    filespecs_free(&component->new_targets);
    for (size_t i = 0; i < component->directed_targets.count; i++) {
        struct bcd_directed_target *target = &component->directed_targets.items[i];

        free(target->source_path);
        free(target->source_filename);
        free(target->source_ranges);
        free(target->destination_path);
        free(target->destination_filename);
        free(target->destination_ranges);
    }
    array_free(&component->directed_targets);
    for (size_t i = 0; i < component->subcomponents.count; i++) {
        free(component->subcomponents.items[i].logical_path);
        free(component->subcomponents.items[i].name);
    }
    array_free(&component->subcomponents);
}

static void free_component(struct bcd_component *component)
{
    free_backup_part(component);
    free_restore_part(component);
    free(component->failure_msg);
    free(component->logical_path);
    free(component->name);
    free(component->caption);
    free(component);
}

static void free_writer(struct bcd_writer *writer)
{
    for (size_t i = 0; i < writer->components.count; i++)
        free_component(writer->components.items[i]);
    array_free(&writer->components);
    text_index_free(&writer->index);
    free(writer->instance_name);
    free(writer);
}

void bcd_free(struct bcd *bcd)
{
    if (!bcd)
        return;
    for (size_t i = 0; i < bcd->writers.count; i++)
        free_writer(bcd->writers.items[i]);
    array_free(&bcd->writers);
    for (size_t i = 0; i < bcd->snapshots.count; i++)
        free(bcd->snapshots.items[i].original_volume);
    array_free(&bcd->snapshots);
    writer_index_free(&bcd->writer_index);
    free(bcd);
}

void bcd_add_snapshot(struct bcd *bcd, const GUID *id, const GUID *provider_id,
                      const char *original_volume, uint32_t attributes)
{
    struct bcd_snapshot *snapshot = array_push(&bcd->snapshots);

    snapshot->id = *id;
    snapshot->provider_id = *provider_id;
    snapshot->original_volume = mem_strdup(original_volume);
    snapshot->attributes = attributes;
}

struct bcd_writer *bcd_find_writer(const struct bcd *bcd, const GUID *writer_id,
                                   const GUID *instance_id)
{
    size_t i;

    return writer_index_find(&bcd->writer_index, writer_id, instance_id, &i) ? bcd->writers.items[i]
                                                                             : NULL;
}

static void chain_to_class(struct bcd *bcd, struct bcd_writer *writer)
{
    struct bcd_writer *first = bcd_find_writer(bcd, &writer->writer_id, NULL);

    if (first)
        first->last_of_class->next_of_class = writer;
    (first ? first : writer)->last_of_class = writer;
}

struct bcd_writer *bcd_add_writer(struct bcd *bcd, const GUID *writer_id, const GUID *instance_id,
                                  const char *instance_name, uint32_t backup_schema)
{
    struct bcd_writer *writer = mem_new(struct bcd_writer);

    writer->writer_id = *writer_id;
    writer->instance_id = *instance_id;
    writer->backup_schema = backup_schema;
    bcd_set_text(&writer->instance_name, instance_name);
    chain_to_class(bcd, writer);
    writer_index_add(&bcd->writer_index, writer_id, instance_id, bcd->writers.count);
    array_add(&bcd->writers, writer);
    return writer;
}

struct bcd_component *bcd_writer_find(const struct bcd_writer *writer, const char *logical_path,
                                      const char *name)
{
    size_t i;

    return component_index_find(&writer->index, logical_path, name, &i)
               ? writer->components.items[i]
               : NULL;
}

struct bcd_component *bcd_add_component(struct bcd_writer *writer, VSS_COMPONENT_TYPE type,
                                        const char *logical_path, const char *name)
{
    struct bcd_component *component;

    if (!component_index_add(&writer->index, logical_path, name, writer->components.count))
        return NULL;
    component = mem_new(struct bcd_component);
    component->type = type;
    component->logical_path = mem_strdup(component_path(logical_path));
    component->name = mem_strdup(name);
    array_add(&writer->components, component);
    return component;
}

void bcd_set_text(char **field, const char *text)
{
    char *copy = text && *text ? mem_strdup(text) : NULL;

    free(*field);
    *field = copy;
}

struct bcd_partial_file *bcd_add_partial_file(struct bcd_component *component, const char *path,
                                              const char *filename, const char *ranges,
                                              const char *metadata)
{
    struct bcd_partial_file *file = array_push(&component->partial_files);

    *file = (struct bcd_partial_file){ mem_strdup(path), mem_strdup(filename), mem_strdup(ranges),
                                       NULL };
    bcd_set_text(&file->metadata, metadata);
    return file;
}

void bcd_add_differenced_file(struct bcd_component *component, const char *path,
                              const char *filespec, bool recursive, uint64_t last_modify_time)
{
    array_add(&component->differenced_files,
              ((struct bcd_differenced_file){ mem_strdup(path), mem_strdup(filespec), recursive,
                                              last_modify_time }));
}

void bcd_add_directed_target(struct bcd_component *component, const char *const texts[6])
{
    array_add(&component->directed_targets,
              ((struct bcd_directed_target){ mem_strdup(texts[0]), mem_strdup(texts[1]),
                                             mem_strdup(texts[2]), mem_strdup(texts[3]),
                                             mem_strdup(texts[4]), mem_strdup(texts[5]) }));
}

void bcd_add_subcomponent(struct bcd_component *component, const char *logical_path,
                          const char *name, bool repair)
{
    array_add(&component->subcomponents,
              ((struct bcd_subcomponent){ mem_strdup(component_path(logical_path)),
                                          mem_strdup(name), repair }));
}
