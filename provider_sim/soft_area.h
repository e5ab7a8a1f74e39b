/* SPDX-License-Identifier: MIT */
/* What the system provider writes on a volume of its diff area, and reads again in a later world:
 * where it lies, how large it may become, and how well the volume's snapshots are protected.
 * docs/diff-area-format.md, "Settings". Also for `vssemu volume`. */
#pragma once

#include "emu/port/volume_kept.h"
#include "emu/port/volume_name.h"
#include "provider_sim/cow/area_bytes.h"

#include <stdbool.h>
#include <sys/types.h>

struct soft_area {
    int level; /* VSS_PROTECTION_LEVEL */
    bool has_area;
    bool is_on_itself;                 /* whatever the volume is called then; or else: */
    char place[VOLUME_GUID_NAME_SIZE]; /* the GUID name of the volume on which it lies */
    int64_t maximum;                   /* bytes; -1: unbounded */
};

/* Of a volume about which nothing need be known: no bytes. */
void soft_area_put(struct area_bytes *b, const struct soft_area *record);
/* Of what port volume's kept_settings has answered: size is its answer. 0; -EBADMSG: damaged, or
 * nothing that a provider has written; -EPROTONOSUPPORT: a later version's; another error of the
 * volume. After an error *ret_record is that of a volume about which nothing is known. */
int soft_area_get(const void *bytes, ssize_t size, struct soft_area *ret_record);
/* Why a record cannot be read, for people. */
const char *soft_area_reason(int error);
/* The drive letter of a volume's GUID name in every world; 0: it has none. */
char soft_area_letter(const char *guid_name);

struct cow_volume;

/* For who has a volume without a provider: its diff area is limited as was once said. */
void soft_area_obey(struct cow_volume *v);
