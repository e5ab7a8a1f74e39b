/* SPDX-License-Identifier: MIT */
/* See soft_record.h. */
#include "provider_sim/soft_record.h"

#include "emu/base/mem.h"
#include "emu/port/world.h"

#include <stdlib.h>
#include <string.h>

#define RECORD_VERSION  1u
#define PENDING_VERSION 2u /* who knows the first only shows none of the others to anybody */
#define NO_TEXT         UINT32_MAX

static void put_text(struct area_bytes *b, const char *text)
{
    area_put_u32(b, text ? (uint32_t)strlen(text) : NO_TEXT);
    if (text)
        area_put(b, text, strlen(text));
}

static char *get_text(struct area_reader *r)
{
    uint32_t size = area_get_u32(r);
    const char *at = size == NO_TEXT ? NULL : area_get(r, size);

    if (!at)
        return NULL;
    char *text = mem_alloc(size + 1u);

    memcpy(text, at, size);
    text[size] = 0;
    return text;
}

void soft_record_put(struct area_bytes *b, const struct soft_record *record)
{
    area_put_u32(b, record->is_pending ? PENDING_VERSION : RECORD_VERSION);
    area_put_u32(b, (uint32_t)record->attributes);
    area_put_u32(b, (uint32_t)record->n_in_set);
    area_put(b, &record->set_id, sizeof(record->set_id));
    put_text(b, record->originating);
    put_text(b, record->service);
    put_text(b, record->exposed_name);
    put_text(b, record->exposed_path);
    if (record->is_pending) {
        area_put(b, record->decider.volume, sizeof(record->decider.volume));
        area_put(b, &record->decider.snapshot, sizeof(record->decider.snapshot));
    }
}

static void put_usual(const unsigned char id[16], struct soft_record *ret_record)
{
    *ret_record = (struct soft_record){ .attributes = SOFT_RECORD_ATTRIBUTES,
                                        .n_in_set = 1,
                                        .originating = mem_strdup(WORLD_MACHINE_NAME),
                                        .service = mem_strdup(WORLD_MACHINE_NAME) };
    memcpy(&ret_record->set_id, id, sizeof(ret_record->set_id));
}

static void get_bytes(struct area_reader *r, void *ret_bytes, size_t size)
{
    const void *bytes = area_get(r, size);

    if (bytes)
        memcpy(ret_bytes, bytes, size);
}

bool soft_record_get(const void *bytes, size_t size, const unsigned char id[16],
                     struct soft_record *ret_record)
{
    struct area_reader r = { bytes, (const unsigned char *)bytes + size, false };

    if (!size) {
        put_usual(id, ret_record);
        return true;
    }
    *ret_record = (struct soft_record){ 0 };
    uint32_t version = area_get_u32(&r);
    if (version != RECORD_VERSION && version != PENDING_VERSION)
        return false;
    ret_record->attributes = (LONG)area_get_u32(&r);
    ret_record->n_in_set = (LONG)area_get_u32(&r);
    get_bytes(&r, &ret_record->set_id, sizeof(ret_record->set_id));
    ret_record->originating = get_text(&r);
    ret_record->service = get_text(&r);
    ret_record->exposed_name = get_text(&r);
    ret_record->exposed_path = get_text(&r);
    ret_record->is_pending = version == PENDING_VERSION;
    if (ret_record->is_pending) {
        get_bytes(&r, ret_record->decider.volume, sizeof(ret_record->decider.volume));
        get_bytes(&r, &ret_record->decider.snapshot, sizeof(ret_record->decider.snapshot));
    }
    if (r.is_bad)
        soft_record_free(ret_record);
    return !r.is_bad;
}

void soft_record_free(struct soft_record *record)
{
    free(record->originating);
    free(record->service);
    free(record->exposed_name);
    free(record->exposed_path);
    *record = (struct soft_record){ 0 };
}
