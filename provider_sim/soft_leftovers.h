/* SPDX-License-Identifier: MIT */
/* What the volumes of a world have of earlier processes, while the system provider finds it:
 * soft_found.c, and soft_twins.c for what has the identifiers of others. */
#pragma once

#include "emu/base/array.h"
#include "emu/port/volume_kept.h"
#include "provider_sim/soft_record.h"

#include <stdbool.h>

struct soft_provider;
struct volume;

/* What a volume has of one snapshot. */
struct leftover {
    struct volume *volume;
    struct volume_kept kept; /* without its bytes */
    struct soft_record record;
    bool is_readable;  /* no later version of vssemu has written it: that stays for that */
    bool is_forgotten; /* its set was never kept */
};

struct leftovers {
    ARRAY(struct leftover) all; /* by volume, oldest first */
};

/* Its record and its id as they are now, for the next process; tells what cannot be written. */
void leftover_write(struct soft_provider *p, const struct leftover *it);

/* ---- soft_twins.c ---- */

/* Those that are found get ids of their own, and their sets: kept, and told to the trace. Sets
 * whose keeping was interrupted are settled before. */
void leftovers_part_twins(struct soft_provider *p, struct leftovers *l);
/* What a set is called whose name was another's: it may have been so before. */
VSS_ID soft_id_after(const VSS_ID *id);
/* Both may be of one set, whatever it is called. */
bool leftover_is_companion(const struct leftover *a, const struct leftover *b);
