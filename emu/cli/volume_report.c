/* SPDX-License-Identifier: MIT */
/* See volume_report.h. */
#include "emu/cli/volume_report.h"

#include "emu/base/cleanup.h"
#include "emu/cli/volume_directory.h"
#include "emu/cli/volume_entry.h"
#include "provider_sim/soft_area.h"
#include "provider_sim/cow/cow_check.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>

static json_t *snapshot_json(const struct volume_snapshot *s)
{
    auto_free char *path = volume_snapshot_path(s);
    json_t *object = json_pack("{ss ss}", "id", s->id, "device", s->device);

    json_set_name(object, "path", path);
    json_object_set_new(object, "created", json_string(s->created));
    json_object_set_new(object, "number", json_integer(s->number));
    if (s->is_lost)
        json_object_set_new(object, "lost", json_true());
    if (s->is_pending)
        json_object_set_new(object, "pending", json_true());
    return object;
}

static json_t *list_json(struct volume_directory *d)
{
    json_t *list = json_array();
    struct volume_snapshot s;

    for (s.number = 0; volume_directory_next(d, s.number, &s);)
        json_array_append_new(list, snapshot_json(&s));
    return list;
}

static void print_row(const struct volume_snapshot *s)
{
    printf("%5u  %s  %s%s%s\n", s->number, s->id, s->created, s->is_lost ? "  lost" : "",
           s->is_pending ? "  pending" : "");
}

void volume_report_snapshot(const struct volume_snapshot *snapshot, bool is_json)
{
    auto_free char *path = volume_snapshot_path(snapshot);

    if (is_json) {
        json_print(snapshot_json(snapshot));
        return;
    }
    printf("id       %s\ndevice   %s\ncreated  %s\n%s", snapshot->id, snapshot->device,
           snapshot->created,
           snapshot->is_lost ? "lost     its files cannot be read any more\n" : "");
    if (snapshot->is_pending)
        printf("pending  a run with the other volumes of its set decides whether it stays\n");
    if (path) {
        printf("path     ");
        volume_name_print(path);
        putchar('\n');
    }
}

/* ---- the storage ---- */

/* Where it lies: "D:", or the name of a volume that has no letter. */
static void put_place(const struct soft_area *storage, char text[VOLUME_GUID_NAME_SIZE])
{
    char letter = storage->is_on_itself ? 0 : soft_area_letter(storage->place);

    if (letter)
        snprintf(text, VOLUME_GUID_NAME_SIZE, "%c:", letter);
    else
        snprintf(text, VOLUME_GUID_NAME_SIZE, "%s",
                 storage->is_on_itself ? "the volume itself" : storage->place);
}

/* One line, if anybody has said something. */
static void print_storage(const struct volume_directory *d)
{
    struct soft_area storage;
    char place[VOLUME_GUID_NAME_SIZE];
    int error = volume_directory_storage(d, &storage);

    if (error) {
        printf("Storage: not known; %s\n", soft_area_reason(error));
        return;
    }
    if (storage.has_area) {
        put_place(&storage, place);
        printf("Storage: on %s, ", place);
        if (storage.maximum < 0)
            printf("without a limit");
        else
            printf("at most %" PRId64 " bytes", storage.maximum);
    }
    if (storage.level)
        printf("%s", storage.has_area ? "; the snapshots are protected"
                                      : "Storage: the snapshots are protected");
    if (storage.has_area || storage.level)
        putchar('\n');
}

static json_t *storage_json(const struct volume_directory *d)
{
    struct soft_area storage;
    char place[VOLUME_GUID_NAME_SIZE];
    int error = volume_directory_storage(d, &storage);

    if (error)
        return json_pack("{ss}", "error", soft_area_reason(error));
    json_t *object = json_pack("{sb}", "protected", storage.level != 0);

    if (storage.has_area) {
        put_place(&storage, place);
        json_object_set_new(object, "on", json_string(place));
        json_object_set_new(object, "maximum",
                            storage.maximum < 0 ? json_null() : json_integer(storage.maximum));
    }
    return object;
}

void volume_report_list(struct volume_directory *d, bool is_json)
{
    struct volume_snapshot s;

    if (is_json) {
        json_print(list_json(d));
        return;
    }
    for (s.number = 0; volume_directory_next(d, s.number, &s);)
        print_row(&s);
    print_storage(d);
}

void volume_report_durable(bool is_durable)
{
    printf("%s\n", is_durable ? "on: snapshots outlast a loss of power"
                              : "off: snapshots outlast a kill, not a loss of power");
}

/* ---- check ---- */

static const char *const ending_words[] = {
    [COW_ENDED_WITHOUT] = "nobody has left a persistent snapshot",
    [COW_ENDED_IN_ORDER] = "the last owner ended in order",
    [COW_ENDED_KILLED] = "the last owner was killed",
    [COW_ENDED_POWER_LOST] = "power was lost, or the system crashed, while the directory changed",
    [COW_ENDED_SERVED] = "it is served now",
};

static const char *const ending_names[] = { "without", "in order", "killed", "power lost",
                                            "served" };
static const char *const end_words[] = {
    [AREA_LOG_WHOLE] = "whole",
    [AREA_LOG_TORN] = "with a torn tail: a change that was never made",
    [AREA_LOG_DAMAGED] = "damaged: records behind one that is not valid",
};
static const char *const end_names[] = { "whole", "torn", "damaged" };

static void print_area(const struct cow_area_report *a)
{
    uint64_t n = 0;

    if (!a->is_there) {
        printf("Nobody has had snapshots here.\n");
        return;
    }
    if (a->is_blank) {
        printf("Catalogue: damaged: no header is valid; the snapshots of this volume are lost\n");
        return;
    }
    if (a->n_bad_headers)
        printf("Catalogue: one of its two headers is damaged; what it said may be missing\n");
    printf("Catalogue: version %u, turn %" PRIu64 ", next snapshot %u%s; %s\n", AREA_VERSION,
           a->header.turn, a->header.next_number,
           a->header.is_durable ? ", durable" : ", not durable", ending_words[a->ending]);
    if (a->header.state == AREA_EMPTY)
        return;
    if (!a->has_log) {
        printf("Log: generation %" PRIu64 " is missing\n", a->header.generation);
        return;
    }
    for (int kind = 1; kind < AREA_KINDS; kind++)
        n += a->n_records[kind];
    printf("Log: generation %" PRIu64 ", %" PRIu64 " bytes, %" PRIu64 " records, %s\n",
           a->header.generation, a->log_bytes, n, end_words[a->log_end]);
    for (int kind = 1; kind < AREA_KINDS; kind++) {
        if (a->n_records[kind])
            printf("     %8" PRIu64 " %s\n", a->n_records[kind],
                   cow_check_kind_name((enum area_kind)kind));
    }
}

static json_t *area_json(const struct cow_area_report *a)
{
    json_t *object = json_object(), *records = json_object();

    json_object_set_new(object, "catalogue",
                        json_string(a->is_blank        ? "damaged"
                                    : a->n_bad_headers ? "one header damaged"
                                                       : "whole"));
    if (!a->is_blank)
        json_object_set_new(object, "ended", json_string(ending_names[a->ending]));
    json_object_set_new(object, "durable", json_boolean(a->header.is_durable));
    json_object_set_new(object, "next_number", json_integer(a->header.next_number));
    if (a->header.state == AREA_EMPTY) {
        json_decref(records);
        return object;
    }
    json_object_set_new(object, "log", json_string(a->has_log ? end_names[a->log_end] : "missing"));
    json_object_set_new(object, "log_bytes", json_integer((json_int_t)a->log_bytes));
    for (int kind = 1; kind < AREA_KINDS; kind++)
        json_object_set_new(records, cow_check_kind_name((enum area_kind)kind),
                            json_integer((json_int_t)a->n_records[kind]));
    json_object_set_new(object, "records", records);
    return object;
}

static bool is_storage_known(const struct volume_directory *d)
{
    struct soft_area storage;

    return volume_directory_storage(d, &storage) == 0;
}

bool volume_report_check(struct volume_directory *d, const struct cow_area_report *area,
                         const struct cow_block_report *blocks, bool is_json)
{
    struct volume_snapshot s;
    unsigned n = 0, n_lost = 0;
    bool is_damaged =
        area->n_bad_headers || area->is_blank ||
        (area->header.state != AREA_EMPTY && (!area->has_log || area->log_end == AREA_LOG_DAMAGED));

    for (s.number = 0; volume_directory_next(d, s.number, &s); n++)
        n_lost += s.is_lost;
    bool is_right = !n_lost && !blocks->n_bad && !is_damaged && is_storage_known(d);
    if (is_json) {
        json_t *object = area_json(area);

        json_object_set_new(object, "right", json_boolean(is_right));
        json_object_set_new(object, "orphans", json_integer((json_int_t)area->n_orphans));
        json_object_set_new(object, "blocks", json_integer((json_int_t)blocks->n_blocks));
        json_object_set_new(object, "damaged_blocks", json_integer((json_int_t)blocks->n_bad));
        json_object_set_new(object, "storage", storage_json(d));
        json_object_set_new(object, "snapshots", list_json(d));
        json_print(object);
        return is_right;
    }
    print_area(area);
    printf("Diff area: %" PRIu64 " blocks preserved, %" PRIu64 " of %" PRIu64
           " slots used, %" PRIu64 " damaged; %" PRIu64 " files without a name kept\n",
           blocks->n_blocks, blocks->n_used, blocks->n_slots, blocks->n_bad, area->n_orphans);
    printf("Snapshots: %u, %u of them lost\n", n, n_lost);
    volume_report_list(d, false);
    return is_right;
}
