/* SPDX-License-Identifier: MIT */
#include "emu/svc/provider_registry.h"

#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/com/hresult.h"
#include "emu/svc/backup.h"
#include "emu/svc/event_log.h"
#include "emu/svc/service.h"
#include "emu/svc/snapshot_set.h"

#include <string.h>

static const HRESULT allowed_results[] = {
    S_OK,
    E_OUTOFMEMORY,
    E_INVALIDARG,
    E_ACCESSDENIED,
    VSS_E_BAD_STATE,
    VSS_E_OBJECT_NOT_FOUND,
    VSS_E_INSUFFICIENT_STORAGE,
    VSS_E_VOLUME_NOT_SUPPORTED,
    VSS_E_VOLUME_NOT_SUPPORTED_BY_PROVIDER,
    VSS_E_MAXIMUM_NUMBER_OF_SNAPSHOTS_REACHED,
    VSS_E_MAXIMUM_NUMBER_OF_VOLUMES_REACHED,
    VSS_E_PROVIDER_VETO,
    VSS_E_UNSUPPORTED_CONTEXT,
    VSS_E_NESTED_VOLUME_LIMIT,
    VSS_E_CANNOT_REVERT_DISKID,
    VSS_E_REBOOT_REQUIRED,
    VSS_E_SNAPSHOT_SET_IN_PROGRESS,
    VSS_E_UNEXPECTED,
};

/* The pages of the requester's methods know these. */
static const HRESULT allowed_of_revert[] = { E_NOTIMPL, VSS_E_REVERT_IN_PROGRESS };
/* And those of the management of storage these. */
static const HRESULT allowed_of_storage[] = { E_NOTIMPL, VSS_E_OBJECT_ALREADY_EXISTS,
                                              VSS_E_VOLUME_IN_USE,
                                              VSS_E_MAXIMUM_DIFFAREA_ASSOCIATIONS_REACHED };

void provider_registry_add(struct service *service, struct provider *take_provider)
{
    array_add(&service->providers, take_provider);
}

void provider_free(struct provider *provider)
{
    provider->link->free(provider->link);
    free(provider->name);
    free(provider->version);
    free(provider);
}

struct provider *provider_registry_find(struct service *service, const VSS_ID *id)
{
    for (size_t i = 0; i < service->providers.count; i++) {
        struct provider *provider = service->providers.items[i];

        if (!provider->is_gone && guid_is_equal(&provider->id, id))
            return provider;
    }
    return NULL;
}

bool provider_registry_remove(struct service *service, const VSS_ID *id)
{
    struct provider *provider = provider_registry_find(service, id);

    if (provider)
        provider->is_gone = true;
    return provider != NULL;
}

char *provider_trace_name(const struct provider *provider)
{
    if (provider->type == VSS_PROV_SYSTEM)
        return str_printf("system provider");
    return str_printf("provider %s", provider->name);
}

void provider_trace(struct service *service, const struct provider *provider, const char *what,
                    HRESULT result, const char *detail)
{
    auto_free char *who = provider_trace_name(provider);

    service_trace(service, &(struct trace_record){ .kind = TRACE_PROVIDER,
                                                   .who = who,
                                                   .what = what,
                                                   .has_result = true,
                                                   .result = result,
                                                   .detail = detail });
}

/* ---- the context ---- */

static bool is_in_set(const struct service *service, const struct provider *provider)
{
    const struct snapshot_set *set = service->creating ? service->creating->set : NULL;

    for (size_t i = 0; set && i < set->providers.count; i++) {
        if (set->providers.items[i] == provider)
            return true;
    }
    return false;
}

bool provider_is_in_use(struct service *service, const struct provider *provider)
{
    return is_in_set(service, provider) || provider->link->is_busy(provider->link);
}

void provider_registry_rest(struct service *service, bool is_forced)
{
    for (size_t i = 0; i < service->providers.count; i++) {
        struct provider_link *link = service->providers.items[i]->link;

        link->rest(link, is_forced);
    }
}

/* Learn: "IVssSoftwareSnapshotProvider::SetContext". The built-in provider serves all sessions with
 * one object, so that a set of another session is no failure to this one. */
HRESULT provider_set_context(struct service *service, struct provider *provider, LONG context)
{
    struct provider_link *link = provider->link;

    if (provider->type == VSS_PROV_SYSTEM) {
        link->set_context(link, context);
        return S_OK;
    }
    if ((provider->has_context && provider->context == context) || is_in_set(service, provider))
        return S_OK;
    HRESULT hr = link->set_context(link, context);

    provider->has_context = hr == S_OK;
    provider->context = context;
    return provider_answered(service, provider, "SetContext", hr);
}

/* ---- who takes a volume ---- */

static HRESULT ask(struct service *service, struct provider *provider, const char *volume_name,
                   LONG context, bool *ret_supported)
{
    HRESULT hr = provider_set_context(service, provider, context);

    if (SUCCEEDED(hr)) {
        hr = provider->link->is_volume_supported(provider->link, volume_name, ret_supported);
        hr = provider_answered(service, provider, "IsVolumeSupported", hr);
    }
    return hr;
}

HRESULT provider_registry_choose(struct service *service, const VSS_ID *id, const char *volume_name,
                                 LONG context, struct provider **ret_provider)
{
    static const VSS_PROVIDER_TYPE order[] = { VSS_PROV_HARDWARE, VSS_PROV_SOFTWARE,
                                               VSS_PROV_SYSTEM };
    bool is_supported = false;

    if (!guid_is_null(id)) {
        struct provider *provider = provider_registry_find(service, id);

        if (!provider)
            return VSS_E_PROVIDER_NOT_REGISTERED;
        if (provider->is_for_disks)
            return VSS_E_VOLUME_NOT_SUPPORTED_BY_PROVIDER;
        HRESULT hr = ask(service, provider, volume_name, context, &is_supported);
        if (SUCCEEDED(hr))
            *ret_provider = provider;
        return FAILED(hr) ? hr : is_supported ? S_OK : VSS_E_VOLUME_NOT_SUPPORTED_BY_PROVIDER;
    }
    for (size_t t = 0; t < sizeof(order) / sizeof(order[0]); t++) {
        for (size_t i = 0; i < service->providers.count; i++) {
            struct provider *provider = service->providers.items[i];

            if (provider->is_gone || provider->is_for_disks || provider->type != order[t])
                continue;
            HRESULT hr = ask(service, provider, volume_name, context, &is_supported);
            if (FAILED(hr))
                return hr;
            if (is_supported) {
                *ret_provider = provider;
                return S_OK;
            }
        }
    }
    return VSS_E_VOLUME_NOT_SUPPORTED;
}

#define N_OF(table) (sizeof(table) / sizeof((table)[0]))

static bool is_among(HRESULT result, const HRESULT *results, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (results[i] == result)
            return true;
    }
    return false;
}

/* Versions before Server 2008 R2 have E_UNEXPECTED where the pages have VSS_E_UNEXPECTED. */
static bool may_answer(const struct service *service, const char *method, HRESULT result)
{
    bool is_of_revert = strstr(method, "Revert") || strstr(method, "Resync");
    bool is_of_storage = strstr(method, "DiffArea") || strstr(method, "VolumeProtect");

    return is_among(result, allowed_results, N_OF(allowed_results)) ||
           (is_of_storage && is_among(result, allowed_of_storage, N_OF(allowed_of_storage))) ||
           (is_of_revert && is_among(result, allowed_of_revert, N_OF(allowed_of_revert))) ||
           (result == E_UNEXPECTED &&
            choices_value(&service->choices, CHOICE_UNEXPECTED_CODE) == UNEXPECTED_CODE_COM);
}

HRESULT provider_translate(struct service *service, struct provider *provider, const char *method,
                           HRESULT result)
{
    if (provider->load_failure != S_OK)
        return provider->load_failure;
    if (may_answer(service, method, result)) {
        if (FAILED(result))
            event_log_write_of_provider(service, provider->name, method, result);
        return result;
    }
    auto_free char *detail = str_printf("provider %s: %s answered %s, which no provider may return",
                                        provider->name, method, HRESULT_NAME(result));
    event_log_write(service, EVENT_PROVIDER_ROUTINE, result, detail, NULL);
    return VSS_E_UNEXPECTED_PROVIDER_ERROR;
}

HRESULT provider_answered(struct service *service, struct provider *provider, const char *method,
                          HRESULT result)
{
    HRESULT hr = provider_translate(service, provider, method, result);

    if (provider->type != VSS_PROV_SYSTEM)
        provider_trace(service, provider, method, hr, NULL);
    return hr;
}

/* A provider whose class is gone is half registered. Windows: seen as VSS_E_PROVIDER_NOT_REGISTERED
 * then. */
HRESULT provider_not_loaded(struct service *service, struct provider *provider, const char *what,
                            HRESULT result)
{
    auto_free char *detail = str_printf("provider %s, class {%s}: %s", provider->name,
                                        GUID_TEXT(&provider->class_id), what);

    event_log_write(service, EVENT_PROVIDER_CLASS, result, detail, NULL);
    provider_trace(service, provider, "load", result, what);
    provider->load_failure = result == REGDB_E_CLASSNOTREG ? VSS_E_PROVIDER_NOT_REGISTERED
                                                           : VSS_E_UNEXPECTED_PROVIDER_ERROR;
    return provider->load_failure;
}
