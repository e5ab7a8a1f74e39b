/* SPDX-License-Identifier: MIT */
/* What writers say of their components, as calls in the trace: a reader sees it, and a replay gives
 * it to a requester again (emu/setup/replay_writer). Requesters' words are told by sessions. */
#include "emu/api/component_face_i.h"

#include "emu/base/check.h"
#include "emu/svc/service.h"

#include <string.h>

#define MAX_OWN_ARGS 6

void component_face_tell(IVssComponentEx2 *face, const char *method, HRESULT hr,
                         const struct trace_arg *args, size_t n)
{
    const struct component_face *self = container_of(face, struct component_face, IVssComponentEx2);
    const struct components_lease *lease = self->lease;
    const struct bcd_component *component = self->component;
    struct trace_arg all[MAX_OWN_ARGS + 5];
    size_t n_all = 0;

    check(n <= MAX_OWN_ARGS);
    if (!lease->service)
        return;
    if (lease->session > 1)
        all[n_all++] = (struct trace_arg)TRACE_NUMBER("session", lease->session);
    all[n_all++] = (struct trace_arg)TRACE_TEXT("event", lease->event);
    all[n_all++] = (struct trace_arg)TRACE_NUMBER("type", component->type);
    all[n_all++] = (struct trace_arg)TRACE_TEXT("path", component->logical_path);
    all[n_all++] = (struct trace_arg)TRACE_TEXT("name", component->name);
    memcpy(all + n_all, args, n * sizeof(*args));
    service_trace(lease->service, &(struct trace_record){ .kind = TRACE_CALL,
                                                          .who = lease->who,
                                                          .what = method,
                                                          .has_result = true,
                                                          .result = hr,
                                                          .detail = component->name,
                                                          .args = all,
                                                          .n_args = n_all + n });
}
