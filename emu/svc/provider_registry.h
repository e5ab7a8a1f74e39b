/* SPDX-License-Identifier: MIT */
/* The providers that are there, and which one takes a volume (Learn: "Selecting Providers"). */
#pragma once

#include "emu/svc/provider_link.h"

struct service;

struct provider {
    VSS_ID id, version_id;
    CLSID class_id;
    char *name, *version; /* UTF-8, owned */
    VSS_PROVIDER_TYPE type;
    struct provider_link *link; /* owned */
    bool is_gone;               /* no longer registered; its snapshots are still there */
};

void provider_registry_add(struct service *service, struct provider *take_provider);
struct provider *provider_registry_find(struct service *service, const VSS_ID *id);
/* It is found and chosen no more. False: no such provider. */
bool provider_registry_remove(struct service *service, const VSS_ID *id);
void provider_free(struct provider *provider);

/* "system provider" or "provider NAME", for the trace; the caller frees. */
char *provider_trace_name(const struct provider *provider);

/* id GUID_NULL: software before system. Codes: those of AddToSnapshotSet. */
HRESULT provider_registry_choose(struct service *service, const VSS_ID *id, const char *volume_name,
                                 LONG context, struct provider **ret_provider);

/* What the requester sees of a provider's result: codes that providers may return pass, others
 * become VSS_E_UNEXPECTED_PROVIDER_ERROR and are logged.
 * Learn: "Error Handling in Shadow Copy Providers". */
HRESULT provider_translate(struct service *service, struct provider *provider, const char *method,
                           HRESULT result);
