/* SPDX-License-Identifier: MIT */
/* Which files a backup has to hold: by the mask of their file set and, where the writer names files
 * by their time, by when they changed (Learn: "VSS Test Writer Tool",
 * "VSS_FILE_SPEC_BACKUP_TYPE"). What it does not have to hold, a restore is not asked for. */
#include "writer_sim/test_writer_i.h"

#include "emu/base/str.h"

/* A type that the writer does not support is a full backup to it (Learn: "Writer Backup Schema
 * Support"). */
static VSS_BACKUP_TYPE type_for(const struct test_writer *writer)
{
    static const struct {
        VSS_BACKUP_TYPE type;
        uint32_t schema;
    } types[] = {
        { VSS_BT_INCREMENTAL, VSS_BS_INCREMENTAL },
        { VSS_BT_DIFFERENTIAL, VSS_BS_DIFFERENTIAL },
        { VSS_BT_LOG, VSS_BS_LOG },
    };
    VSS_BACKUP_TYPE type = vssemu_writer_backup_type(writer->sim.writer);

    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        if (types[i].type == type && writer->config->backup_schema & types[i].schema)
            return type;
    }
    return VSS_BT_FULL;
}

static uint32_t mask_bit(VSS_BACKUP_TYPE type)
{
    switch (type) {
    case VSS_BT_INCREMENTAL:
        return VSS_FSBT_INCREMENTAL_BACKUP_REQUIRED;
    case VSS_BT_DIFFERENTIAL:
        return VSS_FSBT_DIFFERENTIAL_BACKUP_REQUIRED;
    case VSS_BT_LOG:
        return VSS_FSBT_LOG_BACKUP_REQUIRED;
    default:
        return VSS_FSBT_FULL_BACKUP_REQUIRED;
    }
}

/* 100 ns since 1601. */
static uint64_t filetime(const struct timespec *time)
{
    return (uint64_t)(time->tv_sec + INT64_C(11644473600)) * 10000000 +
           (uint64_t)time->tv_nsec / 100;
}

/* How the component names this file set by time, if it does; a time of 0 leaves it to the
 * requester, who then knows better than this writer what has changed. */
static const struct test_writer_differenced *
differenced(const struct test_writer_component *component, const struct filespec *files)
{
    for (size_t i = 0; i < component->differenced_files.count; i++) {
        const struct test_writer_differenced *named = &component->differenced_files.items[i];

        if (str_is_equal_nocase(named->path, files->path) &&
            str_is_equal_nocase(named->filespec, files->filespec))
            return named;
    }
    return NULL;
}

bool test_writer_needs(const struct test_writer *writer, size_t component,
                       const struct filespec *files, const struct stat *st)
{
    VSS_BACKUP_TYPE type = type_for(writer);
    const struct test_writer_differenced *named =
        differenced(&writer->config->components.items[component], files);

    if (named && (type == VSS_BT_INCREMENTAL || type == VSS_BT_DIFFERENTIAL))
        return named->last_modify_time && filetime(&st->st_mtim) > named->last_modify_time;
    return files->backup_type_mask & mask_bit(type);
}
