/* SPDX-License-Identifier: MIT */
/* Work that takes time, as IVssAsync shows it: pending, then finished, cancelled or failed. Counted
 * references: the backup that runs it holds one, each IVssAsync one; it outlives the backup. */
#pragma once

#include "emu/include/vss.h"

#include <stdbool.h>

struct operation {
    unsigned n_references;
    HRESULT status; /* VSS_S_ASYNC_PENDING until it ends */
    bool is_cancel_asked;
    bool is_cut_off;       /* nobody can tell what becomes of it: a cancelled one has failed */
    bool is_uncancellable; /* a revert: Cancel answers VSS_E_BAD_STATE while it runs */
    const char *call;      /* that started it: "DoSnapshotSet"; static */
    /* Called by operation_cancel while pending; may end the operation at once or later. */
    void (*cancel)(struct operation *operation);
    void *owner; /* of whoever set cancel; NULL when that is gone */
};

struct operation *operation_new(void);
struct operation *operation_ref(struct operation *operation);
void operation_unref(struct operation *operation);

/* S_OK becomes VSS_S_ASYNC_FINISHED. Once only. */
void operation_end(struct operation *operation, HRESULT result);
bool operation_is_pending(const struct operation *operation);
void operation_cancel(struct operation *operation);
