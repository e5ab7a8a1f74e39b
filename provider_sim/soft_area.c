/* SPDX-License-Identifier: MIT */
/* See soft_area.h. */
#include "provider_sim/soft_area.h"

#include "emu/include/vsprov.h"
#include "emu/include/vsmgmt.h"
#include "provider_sim/cow/cow_volume.h"

#include <errno.h>
#include <string.h>

#define RECORD_VERSION 1u

#define FLAG_AREA      1u
#define FLAG_ON_ITSELF 2u

void soft_area_put(struct area_bytes *b, const struct soft_area *record)
{
    if (!record->has_area && record->level == VSS_PROTECTION_LEVEL_ORIGINAL_VOLUME)
        return;
    size_t length = record->has_area && !record->is_on_itself ? strlen(record->place) : 0;

    area_put_u32(b, RECORD_VERSION);
    area_put_u32(b,
                 (record->has_area ? FLAG_AREA : 0) | (record->is_on_itself ? FLAG_ON_ITSELF : 0));
    area_put_u32(b, (uint32_t)record->level);
    area_put_u32(b, (uint32_t)length);
    area_put_u64(b, (uint64_t)record->maximum);
    area_put(b, record->place, length);
}

/* A volume's GUID name, not more and not less: others would never be found. */
static bool get_place(struct area_reader *r, uint32_t length, char place[VOLUME_GUID_NAME_SIZE])
{
    static const char begin[] = "\\\\?\\Volume{", end[] = "}\\";
    const char *text = length < VOLUME_GUID_NAME_SIZE ? area_get(r, length) : NULL;

    if (!text || length < sizeof(begin) + sizeof(end) || memchr(text, 0, length))
        return false;
    memcpy(place, text, length);
    place[length] = 0;
    return memcmp(place, begin, sizeof(begin) - 1) == 0 &&
           strcmp(place + length - (sizeof(end) - 1), end) == 0;
}

static bool is_level(int level)
{
    return level == VSS_PROTECTION_LEVEL_ORIGINAL_VOLUME || level == VSS_PROTECTION_LEVEL_SNAPSHOT;
}

static bool get_fields(struct area_reader *r, struct soft_area *ret_record)
{
    uint32_t flags = area_get_u32(r);

    ret_record->level = (int)area_get_u32(r);
    uint32_t length = area_get_u32(r);
    ret_record->maximum = (int64_t)area_get_u64(r);
    ret_record->has_area = flags & FLAG_AREA;
    ret_record->is_on_itself = flags & FLAG_ON_ITSELF;
    if (r->is_bad || !is_level(ret_record->level) || flags > (FLAG_AREA | FLAG_ON_ITSELF))
        return false;
    if (!ret_record->has_area)
        return !ret_record->is_on_itself && !length;
    if (ret_record->maximum < VSS_ASSOC_NO_MAX_SPACE || ret_record->maximum == VSS_ASSOC_REMOVE)
        return false;
    return ret_record->is_on_itself ? !length : get_place(r, length, ret_record->place);
}

int soft_area_get(const void *bytes, ssize_t size, struct soft_area *ret_record)
{
    struct area_reader r = { bytes, (const unsigned char *)bytes + (size > 0 ? size : 0), false };
    struct soft_area record = { 0 };

    *ret_record = record;
    if (size <= 0)
        return (int)size;
    uint32_t version = area_get_u32(&r);
    if (version > RECORD_VERSION)
        return -EPROTONOSUPPORT;
    if (version != RECORD_VERSION || !get_fields(&r, &record) || r.at != r.end)
        return -EBADMSG;
    *ret_record = record;
    return 0;
}

const char *soft_area_reason(int error)
{
    return error == -EBADMSG           ? "what is written of it is damaged"
           : error == -EPROTONOSUPPORT ? "a later version of vssemu has written it"
                                       : strerror(-error);
}

char soft_area_letter(const char *guid_name)
{
    char name[VOLUME_GUID_NAME_SIZE];

    for (int letter = 'A'; letter <= 'Z'; letter++) {
        if (strcmp(volume_guid_name((char)letter, name), guid_name) == 0)
            return (char)letter;
    }
    return 0;
}

void soft_area_obey(struct cow_volume *v)
{
    unsigned char bytes[VOLUME_SETTINGS_MAX];
    struct soft_area record;

    if (soft_area_get(bytes, cow_volume_settings(v, bytes), &record))
        return;
    struct diff_area_limits limits = {
        .maximum = record.maximum > 0 ? record.maximum : DIFF_AREA_UNBOUNDED,
        .protects_snapshots = record.level == VSS_PROTECTION_LEVEL_SNAPSHOT,
    };

    cow_volume_limit_area(v, &limits);
}
