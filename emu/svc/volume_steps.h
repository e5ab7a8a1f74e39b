/* SPDX-License-Identifier: MIT */
/* What a volume is asked to do while a set is made: told before it begins, recorded when it has
 * answered. */
#pragma once

struct provider;
struct service;
struct volume;

enum volume_step { STEP_FLUSH, STEP_HOLD, STEP_RELEASE };

void volume_step_begins(struct service *service, const struct volume *volume,
                        enum volume_step step);
void volume_step_ended(struct service *service, const struct volume *volume, enum volume_step step,
                       int error);
/* The same of a provider's call; its record is provider_trace. */
void provider_call_begins(struct service *service, const struct provider *provider,
                          const char *call);
