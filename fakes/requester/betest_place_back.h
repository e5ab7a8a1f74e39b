/* SPDX-License-Identifier: MIT */
/* Puts the files of one component set back as the writer's restore method and the component's
 * restore target say (Learn: "Setting VSS Restore Methods", "Setting VSS Restore Targets"). */
#pragma once

#include "fakes/requester/betest_session.h"

/* Restores the set whose explicit component stands at `owner`; reports what fails. Answers what
 * SetFileRestoreStatus wants to hear. */
VSS_FILE_RESTORE_STATUS place_back(struct session *s, size_t owner);
