/* SPDX-License-Identifier: MIT */
/* Volumes that are slow or fail: planned faults of the operations that the service asks for, put
 * in front of whatever volume there is. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct sched;
struct volume;

enum volume_operation {
    VOLUME_FLUSH,
    VOLUME_HOLD,
    VOLUME_COMMIT,
    VOLUME_DELETE,
    VOLUME_REVERT,
    N_VOLUME_OPERATIONS
};

/* The next such operation answers delay_ns later, with the error (a positive errno), or as ever if
 * that is 0. False: commit and delete answer at once (a provider inside the service cannot wait),
 * so that they take no delay. Inside the service. */
bool volume_faults_plan(struct volume *volume, struct sched *sched, enum volume_operation operation,
                        int64_t delay_ns, int error);
