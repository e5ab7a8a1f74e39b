/* SPDX-License-Identifier: MIT */
/* IVssAdmin: what an installer does. The page's order of codes: rights, arguments, the list. */
#include "conditions.h"
#include "script_provider.h"

#include <stdio.h>
#include <string.h>

static const CLSID some_class = { 0xc1a55000, 1, 2, { 3 } };
static const VSS_ID some_version = { 0x7e450000, 1, 2, { 3 } };

static IVssAdmin *admin;

#define A(method, ...)           call(admin, method, ##__VA_ARGS__)
#define ADMIN(method, code, ...) SHOWS(IVssAdmin, method, code, A(method, ##__VA_ARGS__))
#define REGISTER(id, class_id, name, type, version, version_id) \
    A(RegisterProvider, id, class_id, (VSS_PWSZ)name, type, (VSS_PWSZ)version, version_id)
#define REGISTER_USUAL(id) \
    REGISTER(id, some_class, L"Some Provider", VSS_PROV_SOFTWARE, L"1.2", some_version)

static struct stage *open_stage(void)
{
    struct stage *stage = stage_open();

    stage_go(stage, AT_INITIALIZED);
    admin = script_admin();
    return stage;
}

static void close_stage(struct stage *stage)
{
    call(admin, Release);
    stage_close(stage);
}

static unsigned count_providers(const VSS_ID *id, VSS_PROVIDER_PROP *ret_prop)
{
    IVssEnumObject *list = NULL;
    VSS_OBJECT_PROP prop;
    unsigned n_of_id = 0;
    ULONG n = 0;

    MUST(A(QueryProviders, &list));
    while (call(list, Next, 1, &prop, &n) == S_OK) {
        bool is_it = IsEqualGUID(&prop.Obj.Prov.m_ProviderId, id);

        EXPECT(prop.Type == VSS_OBJECT_PROVIDER);
        n_of_id += is_it;
        if (is_it)
            *ret_prop = prop.Obj.Prov;
        CoTaskMemFree(prop.Obj.Prov.m_pwszProviderName);
        CoTaskMemFree(prop.Obj.Prov.m_pwszProviderVersion);
    }
    call(list, Release);
    return n_of_id;
}

static void the_coordinator_is_a_class(void)
{
    struct stage *stage = open_stage();
    IVssAdminEx *ex = NULL;
    IUnknown *unknown = NULL;
    void *nothing = NULL;

    OFF_LIST(S_OK, A(QueryInterface, &IID_IVssAdminEx, (void **)&ex));
    OFF_LIST(E_NOINTERFACE, A(QueryInterface, &IID_IVssAsync, &nothing));
    OFF_LIST(S_OK, CoCreateInstance(&CLSID_VSSCoordinator, NULL, CLSCTX_LOCAL_SERVER, &IID_IUnknown,
                                    (void **)&unknown));
    OFF_LIST(CLASS_E_NOAGGREGATION,
             CoCreateInstance(&CLSID_VSSCoordinator, unknown, CLSCTX_ALL, &IID_IUnknown, &nothing));
    call(unknown, Release);
    call(ex, Release);
    close_stage(stage);
}

static void registered_and_listed(void)
{
    struct stage *stage = open_stage();
    VSS_ID id = script_provider_id(VSS_PROV_SOFTWARE);
    VSS_PROVIDER_PROP prop;

    EXPECT(count_providers(&id, &prop) == 0);
    SHOWS(IVssAdmin, RegisterProvider, S_OK, REGISTER_USUAL(id));
    SHOWS(IVssAdmin, RegisterProvider, VSS_E_PROVIDER_ALREADY_REGISTERED, REGISTER_USUAL(id));
    EXPECT(count_providers(&id, &prop) == 1);
    EXPECT(IsEqualGUID(&prop.m_ClassId, &some_class) && prop.m_eProviderType == VSS_PROV_SOFTWARE &&
           IsEqualGUID(&prop.m_ProviderVersionId, &some_version));
    ADMIN(UnregisterProvider, S_OK, id);
    ADMIN(UnregisterProvider, VSS_E_PROVIDER_NOT_REGISTERED, id);
    EXPECT(count_providers(&id, &prop) == 0);
    OFF_LIST(S_OK, REGISTER_USUAL(id)); /* an update: unregister, then register */
    close_stage(stage);
}

static void lists(void)
{
    struct stage *stage = open_stage();
    IVssEnumObject *list = NULL;
    VSS_OBJECT_PROP prop;
    ULONG n = 0;

    ADMIN(QueryProviders, E_INVALIDARG, NULL);
    ADMIN(QueryProviders, S_OK, &list);
    OFF_LIST(S_OK, call(list, Next, 1, &prop, &n)); /* the system's is always there */
    EXPECT(n == 1 && prop.Obj.Prov.m_eProviderType == VSS_PROV_SYSTEM);
    CoTaskMemFree(prop.Obj.Prov.m_pwszProviderName);
    CoTaskMemFree(prop.Obj.Prov.m_pwszProviderVersion);
    call(list, Release);
    close_stage(stage);
}

static void arguments(void)
{
    static const struct {
        const WCHAR *name, *version;
        VSS_PROVIDER_TYPE type;
        bool has_id, has_class, has_version_id;
    } bad[] = {
        { NULL, L"1", VSS_PROV_SOFTWARE, true, true, true },
        { L"", L"1", VSS_PROV_SOFTWARE, true, true, true },
        { L"P", NULL, VSS_PROV_SOFTWARE, true, true, true },
        { L"P", L"1", VSS_PROV_UNKNOWN, true, true, true },
        { L"P", L"1", VSS_PROV_SYSTEM, true, true, true },
        { L"P", L"1", (VSS_PROVIDER_TYPE)9, true, true, true },
        { L"P", L"1", VSS_PROV_SOFTWARE, false, true, true },
        { L"P", L"1", VSS_PROV_SOFTWARE, true, false, true },
        { L"P", L"1", VSS_PROV_SOFTWARE, true, true, false },
    };
    struct stage *stage = open_stage();
    VSS_ID id = script_provider_id(VSS_PROV_SOFTWARE);

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        SHOWS(IVssAdmin, RegisterProvider, E_INVALIDARG,
              REGISTER(bad[i].has_id ? id : GUID_NULL, bad[i].has_class ? some_class : GUID_NULL,
                       bad[i].name, bad[i].type, bad[i].version,
                       bad[i].has_version_id ? some_version : GUID_NULL));
    OFF_LIST(S_OK, REGISTER(id, some_class, L"P", VSS_PROV_HARDWARE, L"1", some_version));
    MUST(A(UnregisterProvider, id));
    EXPECT(vssemu_set_choice(stage->world, "edition", "client"));
    SHOWS(IVssAdmin, RegisterProvider, E_INVALIDARG,
          REGISTER(id, some_class, L"P", VSS_PROV_HARDWARE, L"1", some_version));
    OFF_LIST(S_OK, REGISTER_USUAL(id));
    close_stage(stage);
}

/* While a set is made with it, and only then. */
static void in_use(void)
{
    struct stage *stage = open_stage();
    struct script_provider *provider = script_provider_register(VSS_PROV_SOFTWARE);
    VSS_ID id = script_provider_id(VSS_PROV_SOFTWARE);

    stage_go(stage, AT_SET_OPEN);
    ADMIN(UnregisterProvider, VSS_E_PROVIDER_IN_USE, id);
    MUST(call(stage->b, AbortBackup));
    OFF_LIST(S_OK, A(UnregisterProvider, id));
    close_stage(stage);
    EXPECT(script_provider_count(provider, "OnUnload") == 1);
    EXPECT(script_provider_forced(provider) == 1);
    script_provider_end(provider);
}

static void machine(void)
{
    struct stage *stage = open_stage();
    VSS_ID id = script_provider_id(VSS_PROV_SOFTWARE);
    IVssEnumObject *list = NULL;

    FEW_RIGHTS(stage->world, IVssAdmin, RegisterProvider, REGISTER_USUAL(id));
    FEW_RIGHTS(stage->world, IVssAdmin, QueryProviders, A(QueryProviders, &list));
    vssemu_set_caller(stage->world, VSSEMU_BACKUP_OPERATOR);
    SHOWS(IVssAdmin, RegisterProvider, E_ACCESSDENIED, REGISTER_USUAL(id));
    OFF_LIST(E_ACCESSDENIED, A(UnregisterProvider, id));
    vssemu_set_caller(stage->world, VSSEMU_ADMINISTRATOR);
    MEMORY_INTERNAL(stage->world, IVssAdmin, RegisterProvider, REGISTER_USUAL(id));
    MEMORY_INTERNAL(stage->world, IVssAdmin, UnregisterProvider, A(UnregisterProvider, id));
    MEMORY_INTERNAL(stage->world, IVssAdmin, QueryProviders, A(QueryProviders, &list));
    EXPECT(!list);
    /* Before Server 2008 R2. */
    EXPECT(vssemu_set_windows(stage->world, "2003"));
    MEETS(stage->world, IVssAdmin, QueryProviders, VSSEMU_INTERNAL_ERROR, E_UNEXPECTED,
          A(QueryProviders, &list));
    close_stage(stage);
}

/* The set that is being made fails, its session is as after AbortBackup. */
static void abort_all(void)
{
    struct stage *stage = open_stage();
    VSS_ID id;

    stage_go(stage, AT_SET_OPEN);
    ADMIN(AbortAllSnapshotsInProgress, S_OK);
    OFF_LIST(VSS_E_BAD_STATE, call(stage->b, AddToSnapshotSet, (VSS_PWSZ)L"C:\\", GUID_NULL, &id));
    OFF_LIST(S_OK, A(AbortAllSnapshotsInProgress)); /* nothing is being made */
    vssemu_set_caller(stage->world, VSSEMU_USER);
    OFF_LIST(E_ACCESSDENIED, A(AbortAllSnapshotsInProgress));
    vssemu_set_caller(stage->world, VSSEMU_ADMINISTRATOR);
    close_stage(stage);
}

static void the_extension(void)
{
    struct stage *stage = open_stage();
    VSS_ID id = script_provider_id(VSS_PROV_SOFTWARE), none = some_version;
    ULONGLONG mask = 1;
    LONG context = 0;
    IVssAdminEx *ex = NULL;

    MUST(A(QueryInterface, &IID_IVssAdminEx, (void **)&ex));
    MUST(REGISTER_USUAL(id));
    SHOWS(IVssAdminEx, GetProviderCapability, S_OK, call(ex, GetProviderCapability, id, &mask));
    EXPECT(mask == 0);
    SHOWS(IVssAdminEx, SetProviderContext, S_OK,
          call(ex, SetProviderContext, id, VSS_CTX_NAS_ROLLBACK));
    SHOWS(IVssAdminEx, GetProviderContext, S_OK, call(ex, GetProviderContext, id, &context));
    EXPECT(context == VSS_CTX_NAS_ROLLBACK);
    OFF_LIST(VSS_E_PROVIDER_NOT_REGISTERED, call(ex, GetProviderCapability, none, &mask));
    OFF_LIST(VSS_E_PROVIDER_NOT_REGISTERED, call(ex, GetProviderContext, none, &context));
    OFF_LIST(VSS_E_PROVIDER_NOT_REGISTERED, call(ex, SetProviderContext, none, 0));
    OFF_LIST(E_INVALIDARG, call(ex, GetProviderCapability, id, NULL));
    OFF_LIST(E_INVALIDARG, call(ex, GetProviderContext, id, NULL));
    call(ex, Release);
    close_stage(stage);
}

int main(void)
{
    the_coordinator_is_a_class();
    registered_and_listed();
    lists();
    arguments();
    in_use();
    machine();
    abort_all();
    the_extension();
    return contract_result();
}
