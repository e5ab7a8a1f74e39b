/* SPDX-License-Identifier: MIT */
/* The link between the service and a provider in this process, spoken to through the public
 * provider interfaces. */
#pragma once

#include "emu/include/vsprov.h"
#include "emu/svc/provider_link.h"

struct provider;
struct service;

/* Takes the references of both faces. is_inline: calls are made inside the service, at once (every
 * volume completes at once, and the provider was told so); otherwise on threads of the provider's
 * own, outside. Freed through its free function, outside the service. */
struct provider_link *provider_adapter_new(struct service *service,
                                           IVssSoftwareSnapshotProvider *take_software,
                                           IVssProviderCreateSnapshotSet *take_set, bool is_inline);

/* The same over the class of a registered provider, which is loaded when it is needed. The provider
 * owns the link. */
/* Faults are over: what hangs comes back. Inside the service. */
void provider_adapter_lift_faults(struct service *service);

struct provider_link *provider_adapter_of_class(struct service *service, struct provider *provider);
