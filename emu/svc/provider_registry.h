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
    bool is_for_disks;    /* a class of hardware or shares: no volume is on any, never asked */
    HRESULT load_failure; /* what the requester sees while its class does not load, or S_OK */
    bool has_context;     /* what it was told last; forgotten when it is loaded anew */
    LONG context;
    LONG own_context; /* IVssAdminEx::SetProviderContext; read by who sets it */
};

void provider_registry_add(struct service *service, struct provider *take_provider);
struct provider *provider_registry_find(struct service *service, const VSS_ID *id);
/* It is found and chosen no more. False: no such provider. */
bool provider_registry_remove(struct service *service, const VSS_ID *id);
void provider_free(struct provider *provider);

/* "system provider" or "provider NAME", for the trace; the caller frees. */
char *provider_trace_name(const struct provider *provider);

/* A call that it has answered, or what was done with it; detail may be NULL. */
void provider_trace(struct service *service, const struct provider *provider, const char *what,
                    HRESULT result, const char *detail);

/* id GUID_NULL: software before system. Codes: those of AddToSnapshotSet. */
HRESULT provider_registry_choose(struct service *service, const VSS_ID *id, const char *volume_name,
                                 LONG context, struct provider **ret_provider);

/* Tells it the context of what follows, unless it knows it or is making a set (it is frozen then).
 * Codes as the requester sees them. */
HRESULT provider_set_context(struct service *service, struct provider *provider, LONG context);
/* Whether the set that is being made has a snapshot of it, or it has not answered. */
bool provider_is_in_use(struct service *service, const struct provider *provider);
/* Nobody needs providers for now. */
void provider_registry_rest(struct service *service, bool is_forced);

/* What the requester sees of a provider's result: codes that providers may return pass, others
 * become VSS_E_UNEXPECTED_PROVIDER_ERROR and are logged.
 * Learn: "Error Handling in Shadow Copy Providers". */
HRESULT provider_translate(struct service *service, struct provider *provider, const char *method,
                           HRESULT result);
/* The same, and the call is in the trace, unless the provider is the system's, whose lines would
 * drown the others. */
HRESULT provider_answered(struct service *service, struct provider *provider, const char *method,
                          HRESULT result);
/* Its class could not be loaded: a line in the log; answers what the requester sees, from now on
 * also of what provider_translate is given. */
HRESULT provider_not_loaded(struct service *service, struct provider *provider, const char *what,
                            HRESULT result);
