/* SPDX-License-Identifier: MIT */
#include "emu/doc/writer_catalog.h"

#include "emu/base/check.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/com/guid.h"
#include "emu/doc/writer_catalog_rows.h"

size_t writer_catalog_count(void)
{
    return writer_catalog_n_rows;
}

const struct catalog_writer *writer_catalog_get(size_t i)
{
    return &writer_catalog_rows[i];
}

const struct catalog_writer *writer_catalog_find(const char *name)
{
    for (size_t i = 0; i < writer_catalog_n_rows; i++) {
        const struct catalog_writer *writer = &writer_catalog_rows[i];

        if (str_is_equal_nocase(writer->key, name) || str_is_equal_nocase(writer->name, name))
            return writer;
    }
    return NULL;
}

const char *catalog_evidence_name(enum catalog_evidence evidence)
{
    static const char *const names[] = { [CATALOG_OBSERVED] = "observed",
                                         [CATALOG_DOCUMENTED] = "documented",
                                         [CATALOG_OURS] = "ours" };

    return names[evidence];
}

static void add_files(struct filespecs *specs, const struct catalog_files *files)
{
    filespecs_add(specs, files->path, files->filespec, files->recursive, NULL,
                  FILESPEC_MASK_DEFAULT);
}

static void add_component(struct wmd *wmd, const struct catalog_component *row)
{
    struct wmd_component *component =
        wmd_add_component(wmd, row->type, row->logical_path, row->name);

    check(component);
    component->caption = mem_strdup(row->caption);
    component->notify_on_backup_complete = row->notify;
    component->selectable = row->selectable;
    component->selectable_for_restore = row->selectable_for_restore;
    component->flags = row->flags;
    for (size_t i = 0; i < CATALOG_MAX_FILES && row->files[i].path; i++) {
        if (row->type == VSS_CT_FILEGROUP)
            add_files(&component->files, &row->files[i]);
        else
            add_files(row->files[i].kind == CATALOG_LOGS ? &component->log_files
                                                         : &component->database_files,
                      &row->files[i]);
    }
}

struct wmd *writer_catalog_document(const struct catalog_writer *writer)
{
    struct wmd *wmd = wmd_new();

    check(guid_from_text(writer->writer_id, &wmd->writer_id));
    free(wmd->name);
    wmd->name = mem_strdup(writer->name);
    wmd->instance_name = mem_strdup(writer->instance_name);
    wmd->usage = writer->usage;
    wmd->source = writer->source;
    wmd->backup_schema = writer->backup_schema;
    wmd->has_restore_method = writer->method != VSS_RME_UNDEFINED;
    wmd->restore_method = writer->method;
    wmd->writer_restore = writer->writer_restore;
    wmd->reboot_required = writer->reboot;
    for (const struct catalog_component *row = writer->components; row && row->name; row++)
        add_component(wmd, row);
    for (const struct catalog_files *files = writer->excluded; files && files->path; files++)
        add_files(files->kind == CATALOG_NOT_IN_SNAPSHOT ? &wmd->exclude_files_from_snapshot
                                                         : &wmd->exclude_files,
                  files);
    return wmd;
}
