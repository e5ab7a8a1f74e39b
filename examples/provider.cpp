/* SPDX-License-Identifier: MIT */
/* A software snapshot provider that works: its snapshots are plain copies of the volume's files in
 * a directory of another volume, D:\ExampleCopies or what EXAMPLE_PROVIDER_AREA says. Written for
 * Windows alone, in C++ without ATL, as an in-process server.
 *
 *   vssemu-c++ -shared -fPIC examples/provider.cpp -o provider.so
 *   vssemu run --provider provider.so --volume C:=c --volume D:=d -- ./requester backup
 *
 * Most of the copying is done in EndPrepareSnapshots, while applications work; what has changed
 * since then is copied in CommitSnapshots, while nobody can write, so that the copy is of that
 * instant. A requester reads it at \\?\ExampleSnapshotN, a name that DefineDosDevice gives it. */
#include "provider_copy.h"

#include <vsadmin.h>
#include <vsprov.h>
#include <olectl.h>

/* {6f9d1f4e-7f0e-4a53-8a57-5f0d5d2d3c01}, {...03}; {...02} is in provider_copy.h */
static const CLSID CLSID_ExampleProvider = {
    0x6f9d1f4e, 0x7f0e, 0x4a53, { 0x8a, 0x57, 0x5f, 0x0d, 0x5d, 0x2d, 0x3c, 0x01 }
};
static const VSS_ID EXAMPLE_PROVIDER_VERSION_ID = {
    0x6f9d1f4e, 0x7f0e, 0x4a53, { 0x8a, 0x57, 0x5f, 0x0d, 0x5d, 0x2d, 0x3c, 0x03 }
};

static LONG g_numbers; /* of the last copy */

/* ---- the provider ---- */

class ExampleProvider : public IVssSoftwareSnapshotProvider,
                        public IVssProviderCreateSnapshotSet,
                        public IVssProviderNotifications
{
    LONG m_count = 1;
    CRITICAL_SECTION m_lock; /* calls come on several threads */
    std::vector<Copy> m_copies;
    LONG m_context = VSS_CTX_BACKUP;

    class Locked
    {
        CRITICAL_SECTION *m_section;

      public:
        explicit Locked(CRITICAL_SECTION *section) : m_section(section)
        {
            EnterCriticalSection(section);
        }
        ~Locked() { LeaveCriticalSection(m_section); }
    };

    /* Copies that are finished vanish with their session; others are not for this provider. */
    static bool IsSupported(LONG context)
    {
        LONG base = context & ~(VSS_VOLSNAP_ATTR_PLEX | VSS_VOLSNAP_ATTR_NO_AUTORECOVERY);

        return base == VSS_CTX_BACKUP || base == VSS_CTX_FILE_SHARE_BACKUP;
    }

    Copy *Find(const VSS_ID &id)
    {
        for (Copy &copy : m_copies) {
            if (copy.id == id)
                return &copy;
        }
        return NULL;
    }

    /* Calls what(copy) for each of a set. */
    template <class What> HRESULT ForSet(const VSS_ID &set_id, What what)
    {
        Locked locked(&m_lock);
        HRESULT hr = VSS_E_OBJECT_NOT_FOUND;

        for (Copy &copy : m_copies) {
            if (copy.set_id == set_id && (hr == S_OK || hr == VSS_E_OBJECT_NOT_FOUND))
                hr = what(copy);
        }
        return hr;
    }

    void Forget(size_t i)
    {
        if (m_copies[i].is_committed)
            DefineDosDeviceW(DDD_REMOVE_DEFINITION, m_copies[i].name.c_str(), NULL);
        Remove(m_copies[i].directory);
        m_copies.erase(m_copies.begin() + i);
    }

    static std::wstring Source(const Copy &copy)
    {
        return copy.volume.substr(0, copy.volume.size() - 1);
    }

  public:
    ExampleProvider()
    {
        InitializeCriticalSection(&m_lock);
        InterlockedIncrement(&g_objects);
    }
    virtual ~ExampleProvider()
    {
        DeleteCriticalSection(&m_lock);
        InterlockedDecrement(&g_objects);
    }

    STDMETHODIMP QueryInterface(REFIID iid, void **object) override
    {
        if (iid == IID_IUnknown || iid == IID_IVssSoftwareSnapshotProvider)
            *object = static_cast<IVssSoftwareSnapshotProvider *>(this);
        else if (iid == IID_IVssProviderCreateSnapshotSet)
            *object = static_cast<IVssProviderCreateSnapshotSet *>(this);
        else if (iid == IID_IVssProviderNotifications)
            *object = static_cast<IVssProviderNotifications *>(this);
        else
            *object = NULL;
        if (*object)
            AddRef();
        return *object ? S_OK : E_NOINTERFACE;
    }
    STDMETHODIMP_(ULONG) AddRef() override { return InterlockedIncrement(&m_count); }
    STDMETHODIMP_(ULONG) Release() override
    {
        ULONG left = InterlockedDecrement(&m_count);

        if (!left)
            delete this;
        return left;
    }

    /* IVssProviderNotifications. While there are copies, they need their provider. */
    STDMETHODIMP OnLoad(IUnknown *) override { return S_OK; }
    STDMETHODIMP OnUnload(BOOL is_forced) override
    {
        Locked locked(&m_lock);

        return is_forced || m_copies.empty() ? S_OK : S_FALSE;
    }

    /* IVssSoftwareSnapshotProvider */
    STDMETHODIMP SetContext(LONG context) override
    {
        m_context = context;
        return S_OK;
    }
    STDMETHODIMP IsVolumeSupported(VSS_PWSZ volume, BOOL *is_supported) override
    {
        WCHAR root[MAX_PATH], area[64];

        if (!volume || !is_supported)
            return E_INVALIDARG;
        /* The copies' own volume is not copied: it would never come to an end. */
        *is_supported =
            IsSupported(m_context) && GetVolumePathNameW(Area().c_str(), root, MAX_PATH) &&
            GetVolumeNameForVolumeMountPointW(root, area, 64) && _wcsicmp(area, volume) != 0;
        return S_OK;
    }
    STDMETHODIMP BeginPrepareSnapshot(VSS_ID set_id, VSS_ID id, VSS_PWSZ volume,
                                      LONG context) override
    {
        Locked locked(&m_lock);

        if (!volume)
            return E_INVALIDARG;
        if (!IsSupported(context))
            return VSS_E_UNSUPPORTED_CONTEXT;
        /* An earlier set that never came to its end is dead. */
        for (size_t i = m_copies.size(); i-- > 0;) {
            if (!m_copies[i].is_committed && !(m_copies[i].set_id == set_id))
                Forget(i);
        }
        std::wstring number = std::to_wstring(InterlockedIncrement(&g_numbers));

        m_copies.push_back(Copy{ id, set_id, volume, Area() + L"\\" + number,
                                 L"ExampleSnapshot" + number, context, 0, 0, false });
        return S_OK;
    }
    STDMETHODIMP GetSnapshotProperties(VSS_ID id, VSS_SNAPSHOT_PROP *prop) override
    {
        Locked locked(&m_lock);
        Copy *copy = Find(id);

        if (!prop)
            return E_INVALIDARG;
        if (!copy || !copy->is_committed)
            return VSS_E_OBJECT_NOT_FOUND;
        Describe(*copy, prop);
        return S_OK;
    }
    STDMETHODIMP Query(VSS_ID id, VSS_OBJECT_TYPE queried, VSS_OBJECT_TYPE returned,
                       IVssEnumObject **list) override
    {
        Locked locked(&m_lock);
        std::vector<Copy> finished;

        if (!list)
            return E_INVALIDARG;
        *list = NULL;
        if (!(id == GUID_NULL) || queried != VSS_OBJECT_NONE || returned != VSS_OBJECT_SNAPSHOT)
            return E_INVALIDARG;
        for (const Copy &copy : m_copies) {
            if (copy.is_committed)
                finished.push_back(copy);
        }
        *list = new CopyList(finished);
        return S_OK;
    }
    STDMETHODIMP DeleteSnapshots(VSS_ID id, VSS_OBJECT_TYPE type, BOOL, LONG *n_deleted,
                                 VSS_ID *not_deleted) override
    {
        Locked locked(&m_lock);

        if (!n_deleted || !not_deleted)
            return E_INVALIDARG;
        *n_deleted = 0;
        *not_deleted = id;
        for (size_t i = m_copies.size(); i-- > 0;) {
            if ((type == VSS_OBJECT_SNAPSHOT_SET ? m_copies[i].set_id : m_copies[i].id) == id) {
                Forget(i);
                ++*n_deleted;
            }
        }
        if (!*n_deleted)
            return VSS_E_OBJECT_NOT_FOUND;
        *not_deleted = GUID_NULL;
        return S_OK;
    }
    STDMETHODIMP IsVolumeSnapshotted(VSS_PWSZ volume, BOOL *is_present,
                                     LONG *compatibility) override
    {
        Locked locked(&m_lock);

        if (!volume || !is_present || !compatibility)
            return E_INVALIDARG;
        *is_present = FALSE;
        *compatibility = 0; /* copies mind nothing that is done to the volume */
        for (const Copy &copy : m_copies)
            *is_present |= copy.is_committed && _wcsicmp(copy.volume.c_str(), volume) == 0;
        return S_OK;
    }
    STDMETHODIMP SetSnapshotProperty(VSS_ID id, VSS_SNAPSHOT_PROPERTY_ID, VARIANT) override
    {
        Locked locked(&m_lock);

        return Find(id) ? S_OK : VSS_E_OBJECT_NOT_FOUND;
    }
    STDMETHODIMP RevertToSnapshot(VSS_ID) override { return E_NOTIMPL; }
    STDMETHODIMP QueryRevertStatus(VSS_PWSZ, IVssAsync **async) override
    {
        *async = NULL;
        return E_NOTIMPL;
    }

    /* IVssProviderCreateSnapshotSet */
    STDMETHODIMP EndPrepareSnapshots(VSS_ID set_id) override
    {
        CreateDirectoryW(Area().c_str(), NULL);
        return ForSet(set_id, [](Copy &copy) {
            return Mirror(Source(copy), copy.directory) ? S_OK : VSS_E_INSUFFICIENT_STORAGE;
        });
    }
    STDMETHODIMP PreCommitSnapshots(VSS_ID set_id) override
    {
        return ForSet(set_id, [](Copy &) { return S_OK; });
    }
    /* Nobody writes to the volumes now, for ten seconds at most. */
    STDMETHODIMP CommitSnapshots(VSS_ID set_id) override
    {
        return ForSet(set_id, [](Copy &copy) {
            FILETIME now;

            GetSystemTimeAsFileTime(&now);
            copy.time = (VSS_TIMESTAMP(now.dwHighDateTime) << 32) | now.dwLowDateTime;
            return Mirror(Source(copy), copy.directory) ? S_OK : VSS_E_PROVIDER_VETO;
        });
    }
    STDMETHODIMP PostCommitSnapshots(VSS_ID set_id, LONG count) override
    {
        return ForSet(set_id, [count](Copy &copy) {
            copy.count = count;
            copy.is_committed =
                DefineDosDeviceW(0, copy.name.c_str(), copy.directory.c_str()) != FALSE;
            return copy.is_committed ? S_OK : VSS_E_PROVIDER_VETO;
        });
    }
    STDMETHODIMP PreFinalCommitSnapshots(VSS_ID set_id) override
    {
        return ForSet(set_id, [](Copy &) { return S_OK; });
    }
    STDMETHODIMP PostFinalCommitSnapshots(VSS_ID set_id) override
    {
        return ForSet(set_id, [](Copy &) { return S_OK; });
    }
    STDMETHODIMP AbortSnapshots(VSS_ID set_id) override
    {
        Locked locked(&m_lock);

        for (size_t i = m_copies.size(); i-- > 0;) {
            if (m_copies[i].set_id == set_id)
                Forget(i);
        }
        return S_OK;
    }
};

/* ---- the library ---- */

class ExampleFactory : public IClassFactory /* there is one, for good */
{
  public:
    STDMETHODIMP QueryInterface(REFIID iid, void **object) override
    {
        *object = iid == IID_IUnknown || iid == IID_IClassFactory ? this : NULL;
        return *object ? S_OK : E_NOINTERFACE;
    }
    STDMETHODIMP_(ULONG) AddRef() override { return 2; }
    STDMETHODIMP_(ULONG) Release() override { return 1; }
    STDMETHODIMP CreateInstance(IUnknown *outer, REFIID iid, void **object) override
    {
        *object = NULL;
        if (outer)
            return CLASS_E_NOAGGREGATION;
        ExampleProvider *provider = new ExampleProvider;
        HRESULT hr = provider->QueryInterface(iid, object);

        provider->Release();
        return hr;
    }
    STDMETHODIMP LockServer(BOOL locks) override
    {
        locks ? InterlockedIncrement(&g_objects) : InterlockedDecrement(&g_objects);
        return S_OK;
    }
};

static ExampleFactory g_factory;
static const WCHAR g_key[] = L"CLSID\\{6F9D1F4E-7F0E-4A53-8A57-5F0D5D2D3C01}";

STDAPI DllGetClassObject(REFCLSID clsid, REFIID iid, void **object)
{
    *object = NULL;
    return clsid == CLSID_ExampleProvider ? g_factory.QueryInterface(iid, object)
                                          : CLASS_E_CLASSNOTAVAILABLE;
}

STDAPI DllCanUnloadNow()
{
    return g_objects ? S_FALSE : S_OK;
}

static HRESULT SetText(const std::wstring &key, const WCHAR *name, const std::wstring &text)
{
    HKEY handle;
    LONG error =
        RegCreateKeyExW(HKEY_CLASSES_ROOT, key.c_str(), 0, NULL, 0, KEY_WRITE, NULL, &handle, NULL);

    if (error != ERROR_SUCCESS)
        return HRESULT_FROM_WIN32(error);
    error = RegSetValueExW(handle, name, 0, REG_SZ, (const BYTE *)text.c_str(),
                           DWORD((text.size() + 1) * sizeof(WCHAR)));
    RegCloseKey(handle);
    return HRESULT_FROM_WIN32(error);
}

static HRESULT WithAdmin(HRESULT (*what)(IVssAdmin *admin))
{
    IVssAdmin *admin = NULL;
    HRESULT hr =
        CoCreateInstance(CLSID_VSSCoordinator, NULL, CLSCTX_ALL, IID_IVssAdmin, (void **)&admin);

    if (SUCCEEDED(hr)) {
        hr = what(admin);
        admin->Release();
    }
    return hr;
}

/* An installer's work: the class to COM, the provider to VSS. */
STDAPI DllRegisterServer()
{
    WCHAR path[MAX_PATH];
    HMODULE module = NULL;

    GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS |
                           GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT,
                       g_key /* an address in this file */, &module);
    GetModuleFileNameW(module, path, MAX_PATH);
    HRESULT hr = SetText(g_key, NULL, L"Example snapshot provider");
    if (SUCCEEDED(hr))
        hr = SetText(std::wstring(g_key) + L"\\InprocServer32", NULL, path);
    if (SUCCEEDED(hr))
        hr = SetText(std::wstring(g_key) + L"\\InprocServer32", L"ThreadingModel", L"Free");
    return FAILED(hr) ? hr : WithAdmin([](IVssAdmin *admin) {
        return admin->RegisterProvider(EXAMPLE_PROVIDER_ID, CLSID_ExampleProvider,
                                       (VSS_PWSZ)L"Example Provider", VSS_PROV_SOFTWARE,
                                       (VSS_PWSZ)L"1.0", EXAMPLE_PROVIDER_VERSION_ID);
    });
}

STDAPI DllUnregisterServer()
{
    HRESULT hr =
        WithAdmin([](IVssAdmin *admin) { return admin->UnregisterProvider(EXAMPLE_PROVIDER_ID); });

    RegDeleteTreeW(HKEY_CLASSES_ROOT, g_key);
    return hr;
}
