/* SPDX-License-Identifier: MIT */
#include "emu/setup/provider_file.h"

#include "emu/api/admin.h"
#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/com/bstr.h"
#include "emu/com/guid.h"
#include "emu/com/hresult.h"
#include "emu/com/object.h"
#include "emu/include/vsadmin.h"
#include "emu/setup/world.h"
#include "emu/svc/provider_registry.h"
#include "fakes/windows/classes.h"

#include <string.h>

struct provider_spec {
    char *path, *name, *version; /* owned; NULL: not given, but for the path */
    CLSID class_id;
    VSS_ID id;
};

static void spec_fini(struct provider_spec *spec)
{
    free(spec->path);
    free(spec->name);
    free(spec->version);
}

static bool take_guid(const char *text, GUID *ret_guid, char **ret_error)
{
    if (guid_from_text(text, ret_guid) && !guid_is_null(ret_guid))
        return true;
    *ret_error =
        str_printf("%s is no identifier like {01234567-89ab-cdef-0123-456789abcdef}", text);
    return false;
}

static bool take_part(struct provider_spec *spec, const char *part, char **ret_error)
{
    if (str_starts_with(part, "class="))
        return take_guid(part + 6, &spec->class_id, ret_error);
    if (str_starts_with(part, "id="))
        return take_guid(part + 3, &spec->id, ret_error);
    if (str_starts_with(part, "name=") && !spec->name) {
        spec->name = mem_strdup(part + 5);
        return true;
    }
    if (str_starts_with(part, "version=") && !spec->version) {
        spec->version = mem_strdup(part + 8);
        return true;
    }
    *ret_error = str_printf("%s: it takes PATH[,class={CLSID}][,id={GUID}][,name=NAME]"
                            "[,version=VERSION]",
                            part);
    return false;
}

static bool parse(const char *text, struct provider_spec *spec, char **ret_error)
{
    size_t n = strcspn(text, ",");
    bool is_good = true;

    spec->path = str_printf("%.*s", (int)n, text);
    while (is_good && text[n]) {
        text += n + 1;
        n = strcspn(text, ",");
        auto_free char *part = str_printf("%.*s", (int)n, text);

        is_good = take_part(spec, part, ret_error);
    }
    return is_good;
}

/* ---- registering ---- */

static size_t count_providers(struct vssemu_world *world)
{
    sched_enter(world->ports.sched);
    size_t n = world->service.providers.count;
    sched_leave(world->ports.sched);
    return n;
}

static bool call_register_server(const struct provider_spec *spec, char **ret_error)
{
    bool has_it = false;
    HRESULT hr = class_server_register(spec->path, &has_it);

    if (hr == CO_E_DLLNOTFOUND)
        *ret_error = str_printf("it cannot be loaded: %s", class_server_error());
    else if (FAILED(hr))
        *ret_error = str_printf("its DllRegisterServer answered 0x%08x (%s)", (unsigned)hr,
                                HRESULT_NAME(hr));
    return SUCCEEDED(hr);
}

static bool choose_class(struct provider_spec *spec, char **ret_error)
{
    if (!guid_is_null(&spec->class_id)) {
        class_server_add(&spec->class_id, spec->path);
        return true;
    }
    unsigned n = class_server_classes(spec->path, &spec->class_id);

    if (n == 1)
        return true;
    *ret_error =
        n ? str_printf("it registers %u classes; say which is the provider: --provider "
                       "%s,class={CLSID}",
                       n, spec->path)
          : str_printf("it registers neither a provider (IVssAdmin::RegisterProvider) nor a class "
                       "(HKEY_CLASSES_ROOT\\CLSID\\{...}\\InprocServer32); name its class: "
                       "--provider %s,class={CLSID}",
                       spec->path);
    return false;
}

static HRESULT register_class(const struct provider_spec *spec)
{
    const char *slash = strrchr(spec->path, '/');
    auto_free WCHAR *name = task_wide_from_utf8(spec->name ? spec->name
                                                : slash    ? slash + 1
                                                           : spec->path);
    auto_free WCHAR *version = task_wide_from_utf8(spec->version ? spec->version : "1.0");
    auto_release(IVssAdmin) *admin = NULL;
    HRESULT hr = admin_create(&IID_IVssAdmin, (void **)&admin);

    if (FAILED(hr))
        return hr;
    VSS_ID id = guid_is_null(&spec->id) ? spec->class_id : spec->id;

    return admin->lpVtbl->RegisterProvider(admin, id, spec->class_id, name, VSS_PROV_SOFTWARE,
                                           version, spec->class_id);
}

static bool register_spec(struct vssemu_world *world, struct provider_spec *spec, char **ret_error)
{
    size_t n_before = count_providers(world);

    if (!call_register_server(spec, ret_error))
        return false;
    if (count_providers(world) > n_before)
        return true;
    if (!choose_class(spec, ret_error))
        return false;
    HRESULT hr = register_class(spec);

    if (FAILED(hr))
        *ret_error =
            str_printf("RegisterProvider answered 0x%08x (%s)", (unsigned)hr, HRESULT_NAME(hr));
    return SUCCEEDED(hr);
}

bool provider_file_register(struct vssemu_world *world, const char *text, char **ret_error)
{
    struct provider_spec spec = { 0 };
    char *error = NULL;
    bool is_good = parse(text, &spec, &error);

    if (is_good) {
        com_classes()->enter_apartment();
        is_good = register_spec(world, &spec, &error);
        com_classes()->leave_apartment();
    }
    if (!is_good)
        *ret_error = str_printf("--provider %s: %s", spec.path, error);
    free(error);
    spec_fini(&spec);
    return is_good;
}
