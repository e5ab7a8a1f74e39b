/* SPDX-License-Identifier: MIT */
/* See cow_check.h. What is read here is what recovery reads, with nothing done about it. */
#include "provider_sim/cow/cow_check.h"

#include "emu/port/store.h"
#include "provider_sim/cow/cow_journal.h"
#include "provider_sim/cow/cow_salvage.h"

#include <errno.h>
#include <string.h>

static const char *const kind_names[AREA_KINDS] = {
    [AREA_BEGIN] = "BEGIN",   [AREA_SNAPSHOT] = "SNAPSHOT",   [AREA_DELETED] = "DELETED",
    [AREA_LOST] = "LOST",     [AREA_OBJECT] = "OBJECT",       [AREA_FORGOTTEN] = "FORGOTTEN",
    [AREA_STAT] = "STAT",     [AREA_XATTRS] = "XATTRS",       [AREA_ENTRY] = "ENTRY",
    [AREA_BLOCKS] = "BLOCKS", [AREA_REPLACING] = "REPLACING", [AREA_REPLACED] = "REPLACED",
    [AREA_OPENED] = "OPENED", [AREA_SEALED] = "SEALED",       [AREA_KEPT] = "KEPT",
};

const char *cow_check_kind_name(enum area_kind kind)
{
    return kind_names[kind];
}

static bool count_record(void *arg, struct area_record *record)
{
    struct cow_area_report *report = arg;

    report->n_records[record->kind]++;
    return true;
}

static int check_log(struct store *store, struct store_node *folder, struct cow_area_report *report)
{
    const struct area_header *h = &report->header;
    struct area_log log = { 0 };
    int error = area_log_open(store, folder, h->generation, &log);

    report->has_log = !error;
    if (error)
        return error == -ENOENT ? 0 : error;
    error = area_log_read(&log, h->state == AREA_WHOLE ? h->log_end : UINT64_MAX, count_record,
                          report, &report->log_end);
    report->log_bytes = log.end;
    area_log_close(&log);
    return error;
}

static enum cow_ending ending_of(struct store *store, const struct area_header *h)
{
    unsigned char life[16];

    area_life(store, life);
    switch (h->state) {
    case AREA_EMPTY:
        return COW_ENDED_WITHOUT;
    case AREA_WHOLE:
        return COW_ENDED_IN_ORDER;
    default:
        return memcmp(life, h->life, sizeof(life)) == 0 ? COW_ENDED_KILLED : COW_ENDED_POWER_LOST;
    }
}

static int count_orphan(void *arg, const char *name, ino_t ino, mode_t type)
{
    (void)name;
    (void)ino;
    (void)type;
    ((struct cow_area_report *)arg)->n_orphans++;
    return 0;
}

static int check_folder(struct store *store, struct store_node *folder,
                        struct cow_area_report *report)
{
    struct area_catalogue catalogue;
    struct store_node *node;
    bool is_any = cow_salvage_has_leavings(store, folder);
    int error = area_catalogue_open(store, folder, &catalogue);

    if (error)
        return error;
    report->header = catalogue.header;
    report->is_there = !catalogue.is_fresh || is_any;
    report->n_bad_headers = catalogue.n_bad_headers;
    report->is_blank = catalogue.is_blank && (is_any || catalogue.n_bad_headers);
    area_catalogue_close(&catalogue);
    report->ending = ending_of(store, &report->header);
    if (report->header.state != AREA_EMPTY)
        error = check_log(store, folder, report);
    if (!error && store->ops->lookup(store, folder, "vssemu.orphans", &node) == 0) {
        error = store->ops->list(store, node, count_orphan, report);
        store->ops->unref(store, node);
    }
    return error;
}

int cow_check_area(struct store *store, struct cow_area_report *ret_report)
{
    struct store_node *root = store->ops->root(store), *folder;
    int error = store->ops->lookup(store, root, COW_SYSTEM_FOLDER, &folder);

    *ret_report = (struct cow_area_report){ 0 };
    if (!error) {
        error = check_folder(store, folder, ret_report);
        store->ops->unref(store, folder);
    }
    store->ops->unref(store, root);
    return error == -ENOENT ? 0 : error;
}
