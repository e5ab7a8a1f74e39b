/* SPDX-License-Identifier: MIT */
#include "emu/svc/volume_steps.h"

#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/com/hresult.h"
#include "emu/port/volume.h"
#include "emu/svc/provider_registry.h"
#include "emu/svc/service.h"
#include "emu/svc/step_hook.h"

static const char *const names[] = { "flush", "hold", "release" };

#define WHO_SIZE 16

static const char *who_of(const struct volume *volume, char who[WHO_SIZE])
{
    static const char form[] = "volume ?:";

    for (size_t i = 0; i < sizeof(form); i++)
        who[i] = form[i] == '?' && volume->letter ? volume->letter : form[i];
    return who;
}

void volume_step_begins(struct service *service, const struct volume *volume, enum volume_step step)
{
    char who[WHO_SIZE];

    step_before(service, who_of(volume, who), names[step]);
}

void volume_step_ended(struct service *service, const struct volume *volume, enum volume_step step,
                       int error)
{
    char who[WHO_SIZE];

    service_trace(service, &(struct trace_record){ .kind = TRACE_VOLUME,
                                                   .who = who_of(volume, who),
                                                   .what = names[step],
                                                   .has_result = true,
                                                   .result = hresult_from_errno(error) });
}

void provider_call_begins(struct service *service, const struct provider *provider,
                          const char *call)
{
    auto_free char *who = step_hook ? provider_trace_name(provider) : NULL;

    step_before(service, who, call);
}
