/* SPDX-License-Identifier: MIT */
#include "emu/api/provider_list.h"

#include "emu/api/list_guard.h"
#include "emu/base/array.h"
#include "emu/com/bstr.h"
#include "emu/svc/provider_registry.h"
#include "emu/svc/service.h"

size_t provider_list_new(struct service *service, IVssEnumObject **ret_enumerator)
{
    ARRAY(VSS_OBJECT_PROP) found = { 0 };

    for (size_t i = 0; i < service->providers.count; i++) {
        const struct provider *provider = service->providers.items[i];

        if (provider->is_gone)
            continue;
        VSS_OBJECT_PROP *prop = array_push(&found);

        prop->Type = VSS_OBJECT_PROVIDER;
        prop->Obj.Prov = (VSS_PROVIDER_PROP){
            .m_ProviderId = provider->id,
            .m_pwszProviderName = task_wide_from_utf8(provider->name),
            .m_eProviderType = provider->type,
            .m_pwszProviderVersion = task_wide_from_utf8(provider->version),
            .m_ProviderVersionId = provider->version_id,
            .m_ClassId = provider->class_id,
        };
    }
    enumerator_new(found.items, found.count, list_guard, ret_enumerator);
    return found.count;
}
