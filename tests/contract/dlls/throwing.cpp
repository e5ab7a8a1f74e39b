/* SPDX-License-Identifier: MIT */
/* A provider in a shared object that lets C++ exceptions out, as no provider should. Its snapshots
 * are nothing. */
#include <throwing.h>

#include <vss.h>
#include <vsprov.h>
#include <olectl.h>

#include <stdexcept>
#include <string>

static LONG g_objects;

/* In an inline function, as a compiler could make it one of the whole process. */
inline int &throwing()
{
    static int what;

    return what;
}

class Throwing : public IVssSoftwareSnapshotProvider,
                 public IVssProviderCreateSnapshotSet,
                 public IThrow
{
    LONG m_count = 1;

  public:
    Throwing() { InterlockedIncrement(&g_objects); }
    virtual ~Throwing() { InterlockedDecrement(&g_objects); }

    STDMETHODIMP QueryInterface(REFIID iid, void **object) override
    {
        if (iid == IID_IUnknown || iid == IID_IVssSoftwareSnapshotProvider)
            *object = static_cast<IVssSoftwareSnapshotProvider *>(this);
        else if (iid == IID_IVssProviderCreateSnapshotSet)
            *object = static_cast<IVssProviderCreateSnapshotSet *>(this);
        else if (iid == IID_IThrow)
            *object = static_cast<IThrow *>(this);
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

    STDMETHODIMP Throw(const WCHAR *text) override { throw std::wstring(text) + L" thrown"; }
    STDMETHODIMP SetThrowing(int what) override
    {
        throwing() = what;
        return S_OK;
    }

    STDMETHODIMP SetContext(LONG) override { return S_OK; }
    STDMETHODIMP IsVolumeSupported(VSS_PWSZ, BOOL *is_supported) override
    {
        *is_supported = TRUE;
        return S_OK;
    }
    STDMETHODIMP BeginPrepareSnapshot(VSS_ID, VSS_ID, VSS_PWSZ, LONG) override
    {
        if (throwing() == 2)
            throw std::runtime_error("no room");
        return S_OK;
    }
    STDMETHODIMP GetSnapshotProperties(VSS_ID, VSS_SNAPSHOT_PROP *) override { return S_OK; }
    STDMETHODIMP Query(VSS_ID, VSS_OBJECT_TYPE, VSS_OBJECT_TYPE, IVssEnumObject **list) override
    {
        *list = NULL;
        return S_OK;
    }
    STDMETHODIMP DeleteSnapshots(VSS_ID, VSS_OBJECT_TYPE, BOOL, LONG *n,
                                 VSS_ID *not_deleted) override
    {
        *n = 1;
        *not_deleted = GUID_NULL;
        return S_OK;
    }
    STDMETHODIMP IsVolumeSnapshotted(VSS_PWSZ, BOOL *is_present, LONG *compatibility) override
    {
        *is_present = FALSE;
        *compatibility = 0;
        return S_OK;
    }
    STDMETHODIMP SetSnapshotProperty(VSS_ID, VSS_SNAPSHOT_PROPERTY_ID, VARIANT) override
    {
        return E_NOTIMPL;
    }
    STDMETHODIMP RevertToSnapshot(VSS_ID) override { return E_NOTIMPL; }
    STDMETHODIMP QueryRevertStatus(VSS_PWSZ, IVssAsync **) override { return E_NOTIMPL; }

    STDMETHODIMP EndPrepareSnapshots(VSS_ID) override
    {
        if (throwing() == 1)
            throw std::wstring(L"a text that no small buffer holds, so that it lies on the heap");
        return S_OK;
    }
    STDMETHODIMP PreCommitSnapshots(VSS_ID) override { return S_OK; }
    STDMETHODIMP CommitSnapshots(VSS_ID) override { return S_OK; }
    STDMETHODIMP PostCommitSnapshots(VSS_ID, LONG) override { return S_OK; }
    STDMETHODIMP PreFinalCommitSnapshots(VSS_ID) override { return S_OK; }
    STDMETHODIMP PostFinalCommitSnapshots(VSS_ID) override { return S_OK; }
    STDMETHODIMP AbortSnapshots(VSS_ID) override { throw 42; } /* ignored */
};

class Factory : public IClassFactory
{
  public:
    STDMETHODIMP QueryInterface(REFIID, void **object) override
    {
        *object = this;
        return S_OK;
    }
    STDMETHODIMP_(ULONG) AddRef() override { return 2; }
    STDMETHODIMP_(ULONG) Release() override { return 1; }
    STDMETHODIMP CreateInstance(IUnknown *outer, REFIID iid, void **object) override
    {
        *object = NULL;
        if (outer)
            return CLASS_E_NOAGGREGATION;
        Throwing *throwing = new Throwing;
        HRESULT hr = throwing->QueryInterface(iid, object);

        throwing->Release();
        return hr;
    }
    STDMETHODIMP LockServer(BOOL) override { return S_OK; }
};

static Factory g_factory;
static int g_attached;

/* As Visual Studio's template has it, without extern "C": its compiler knows the name. */
BOOL APIENTRY DllMain(HMODULE, DWORD reason, LPVOID)
{
    g_attached += reason == DLL_PROCESS_ATTACH;
    return TRUE;
}

STDAPI DllGetClassObject(REFCLSID clsid, REFIID iid, void **object)
{
    *object = NULL;
    if (g_attached != 1)
        return E_UNEXPECTED;
    return clsid == IID_IThrow ? g_factory.QueryInterface(iid, object) : CLASS_E_CLASSNOTAVAILABLE;
}

STDAPI DllCanUnloadNow()
{
    return g_objects ? S_FALSE : S_OK;
}
