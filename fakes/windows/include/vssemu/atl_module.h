/* SPDX-License-Identifier: MIT */
/* ATL's module: what a program or a server has one of, and its list of classes (Learn:
 * "CAtlModule Class", "CAtlDllModuleT Class", "CAtlExeModuleT Class", "OBJECT_ENTRY_AUTO"). Part
 * of atlbase.h. Every shared object has a module and a list of its own, which is why they are
 * hidden.
 * Deviation: there are no resources, so a class is registered by its CLSID, its module's path and
 * its threading model alone, whatever its .rgs file says. */
#pragma once

#ifdef __cplusplus

#define VSSEMU_OF_THIS_MODULE_ __attribute__((visibility("hidden")))

namespace ATL
{

typedef HRESULT(WINAPI _ATL_CREATORFUNC)(void *pv, REFIID riid, LPVOID *ppv);
typedef HRESULT(WINAPI _ATL_CREATORARGFUNC)(void *pv, REFIID riid, LPVOID *ppv, DWORD_PTR dw);

struct _ATL_INTMAP_ENTRY {
    const IID *piid;            /* NULL with a function: asked for every interface */
    DWORD_PTR dw;               /* offset of the face, or the function's argument */
    _ATL_CREATORARGFUNC *pFunc; /* NULL ends the map, 1 is a face of the object */
};
#define _ATL_SIMPLEMAPENTRY (reinterpret_cast<ATL::_ATL_CREATORARGFUNC *>(1))

struct _ATL_OBJMAP_ENTRY {
    const CLSID *pclsid;
    HRESULT(WINAPI *pfnUpdateRegistry)(BOOL registers);
    _ATL_CREATORFUNC *pfnGetClassObject;
    _ATL_CREATORFUNC *pfnCreateInstance;
    void(WINAPI *pfnObjectMain)(bool starts);
    IUnknown *pCF;    /* the class factory, once made */
    DWORD dwRegister; /* of CoRegisterClassObject */
};

/* A class on the list, which OBJECT_ENTRY_AUTO makes. A header with one may be in many files. */
struct vssemu_atl_class_ {
    _ATL_OBJMAP_ENTRY entry;
    vssemu_atl_class_ *next;

    VSSEMU_OF_THIS_MODULE_ static vssemu_atl_class_ *&First()
    {
        static vssemu_atl_class_ *first;
        return first;
    }
    explicit vssemu_atl_class_(const _ATL_OBJMAP_ENTRY &of) : entry(of), next(NULL)
    {
        vssemu_atl_class_ **place = &First();
        while (*place && !InlineIsEqualGUID(*(*place)->entry.pclsid, *of.pclsid))
            place = &(*place)->next;
        if (!*place)
            *place = this;
    }
};

class CAtlModule
{
  public:
    LONG m_nLockCnt;
    VSSEMU_OF_THIS_MODULE_ static GUID &Libid()
    {
        static GUID libid;
        return libid;
    }

    CAtlModule() : m_nLockCnt(0) { Current() = this; }
    virtual ~CAtlModule()
    {
        Term();
        Current() = NULL;
    }
    /* The module of the program or shared object that asks. */
    VSSEMU_OF_THIS_MODULE_ static CAtlModule *&Current()
    {
        static CAtlModule *current;
        return current;
    }

    virtual LONG Lock() noexcept { return InterlockedIncrement(&m_nLockCnt); }
    virtual LONG Unlock() noexcept { return InterlockedDecrement(&m_nLockCnt); }
    virtual LONG GetLockCount() noexcept { return m_nLockCnt; }
    HRESULT Init() { return S_OK; }
    void Term()
    {
        for (vssemu_atl_class_ *c = vssemu_atl_class_::First(); c; c = c->next) {
            if (c->entry.pCF)
                c->entry.pCF->Release();
            c->entry.pCF = NULL;
        }
    }
    static void InitLibId() {}
    static LPCOLESTR GetAppId() { return L""; }
    static HRESULT WINAPI UpdateRegistryAppId(BOOL) { return S_OK; }
    HRESULT UpdateRegistryFromResource(UINT, BOOL, void * = NULL) { return S_OK; }
    HRESULT UpdateRegistryFromResource(LPCWSTR, BOOL, void * = NULL) { return S_OK; }

    HRESULT GetClassObject(REFCLSID clsid, REFIID iid, LPVOID *ret)
    {
        if (!ret)
            return E_POINTER;
        *ret = NULL;
        for (vssemu_atl_class_ *c = vssemu_atl_class_::First(); c; c = c->next) {
            _ATL_OBJMAP_ENTRY &entry = c->entry;
            if (!entry.pfnGetClassObject || !InlineIsEqualGUID(*entry.pclsid, clsid))
                continue;
            CComCritSecHold hold;
            if (!entry.pCF) {
                const HRESULT hr =
                    entry.pfnGetClassObject(reinterpret_cast<void *>(entry.pfnCreateInstance),
                                            IID_IUnknown, reinterpret_cast<LPVOID *>(&entry.pCF));
                if (FAILED(hr))
                    return hr;
            }
            return entry.pCF->QueryInterface(iid, ret);
        }
        return CLASS_E_CLASSNOTAVAILABLE;
    }
    HRESULT RegisterServer(BOOL = FALSE, const CLSID *only = NULL) { return Update(TRUE, only); }
    HRESULT UnregisterServer(BOOL = FALSE, const CLSID *only = NULL) { return Update(FALSE, only); }

  private:
    struct CComCritSecHold {
        VSSEMU_OF_THIS_MODULE_ static CRITICAL_SECTION *Section()
        {
            static struct made {
                CRITICAL_SECTION section;
                made() { InitializeCriticalSection(&section); }
                ~made() { DeleteCriticalSection(&section); }
            } one;
            return &one.section;
        }
        CComCritSecHold() { EnterCriticalSection(Section()); }
        ~CComCritSecHold() { LeaveCriticalSection(Section()); }
    };

    HRESULT Update(BOOL registers, const CLSID *only)
    {
        for (vssemu_atl_class_ *c = vssemu_atl_class_::First(); c; c = c->next) {
            if (only && !InlineIsEqualGUID(*c->entry.pclsid, *only))
                continue;
            HRESULT hr = c->entry.pfnUpdateRegistry ? c->entry.pfnUpdateRegistry(registers) : S_OK;
            if (SUCCEEDED(hr))
                hr = UpdateClass(*c->entry.pclsid, registers);
            if (FAILED(hr))
                return hr;
        }
        return S_OK;
    }
    /* HKCR\CLSID\{...}\InprocServer32: what CoCreateInstance looks for. */
    static HRESULT UpdateClass(REFCLSID clsid, BOOL registers)
    {
        WCHAR path[MAX_PATH], key_name[128] = L"CLSID\\";
        HMODULE module = NULL;
        CRegKey key;

        StringFromGUID2(clsid, key_name + 6, 64);
        if (!registers) {
            const LONG error = RegDeleteTreeW(HKEY_CLASSES_ROOT, key_name);
            return error == ERROR_FILE_NOT_FOUND ? S_OK : HRESULT_FROM_WIN32((DWORD)error);
        }
        GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS |
                               GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT,
                           reinterpret_cast<LPCWSTR>(&Current()), &module);
        if (!GetModuleFileNameW(module, path, MAX_PATH))
            return AtlHresultFromLastError();
        wcscat(key_name, L"\\InprocServer32");
        LONG error = key.Create(HKEY_CLASSES_ROOT, key_name);
        if (error == ERROR_SUCCESS)
            error = key.SetStringValue(NULL, path);
        if (error == ERROR_SUCCESS)
            error = key.SetStringValue(L"ThreadingModel", L"Both");
        return HRESULT_FROM_WIN32((DWORD)error);
    }
};

#define _pAtlModule (ATL::CAtlModule::Current())

template <class T> class CAtlModuleT : public CAtlModule
{
  public:
    CAtlModuleT() { T::InitLibId(); }
    HRESULT RegisterAppId() { return T::UpdateRegistryAppId(TRUE); }
    HRESULT UnregisterAppId() { return T::UpdateRegistryAppId(FALSE); }
    HRESULT RegisterServer(BOOL types = FALSE, const CLSID *only = NULL)
    {
        return CAtlModule::RegisterServer(types, only);
    }
};

/* Of a DLL: what its entry points call. */
template <class T> class CAtlDllModuleT : public CAtlModuleT<T>
{
  public:
    BOOL WINAPI DllMain(DWORD reason, LPVOID)
    {
        if (reason == DLL_PROCESS_DETACH)
            CAtlModule::Term();
        return TRUE;
    }
    HRESULT DllCanUnloadNow() { return this->GetLockCount() == 0 ? S_OK : S_FALSE; }
    HRESULT DllGetClassObject(REFCLSID clsid, REFIID iid, LPVOID *ret)
    {
        return static_cast<T *>(this)->GetClassObject(clsid, iid, ret);
    }
    HRESULT DllRegisterServer(BOOL types = TRUE)
    {
        const HRESULT hr = static_cast<T *>(this)->RegisterAppId();
        return SUCCEEDED(hr) ? static_cast<T *>(this)->RegisterServer(types) : hr;
    }
    HRESULT DllUnregisterServer(BOOL types = TRUE)
    {
        const HRESULT hr = static_cast<T *>(this)->UnregisterServer(types);
        return SUCCEEDED(hr) ? static_cast<T *>(this)->UnregisterAppId() : hr;
    }
};

/* Of a program: runs until its last object is gone or somebody says that it has to end. */
template <class T> class CAtlExeModuleT : public CAtlModuleT<T>
{
  public:
    HANDLE m_hEventShutdown;

    CAtlExeModuleT() : m_hEventShutdown(CreateEventW(NULL, TRUE, FALSE, NULL)) {}
    ~CAtlExeModuleT() { CloseHandle(m_hEventShutdown); }
    LONG Unlock() noexcept override
    {
        const LONG n = CAtlModule::Unlock();
        if (n == 0)
            SetEvent(m_hEventShutdown);
        return n;
    }
    static HRESULT InitializeCom() { return CoInitializeEx(NULL, COINIT_MULTITHREADED); }
    static void UninitializeCom() { CoUninitialize(); }
    HRESULT PreMessageLoop(int) { return S_OK; }
    HRESULT PostMessageLoop() { return S_OK; }
    void RunMessageLoop() { WaitForSingleObject(m_hEventShutdown, INFINITE); }
    int WinMain(int show)
    {
        T *const self = static_cast<T *>(this);
        HRESULT hr = T::InitializeCom();
        if (FAILED(hr))
            return hr;
        hr = self->PreMessageLoop(show);
        if (hr == S_OK)
            self->RunMessageLoop();
        if (SUCCEEDED(hr))
            hr = self->PostMessageLoop();
        T::UninitializeCom();
        return hr;
    }
};

#define DECLARE_LIBID(libid)              \
    static void InitLibId() throw()       \
    {                                     \
        ATL::CAtlModule::Libid() = libid; \
    }
#define DECLARE_REGISTRY_APPID_RESOURCEID(resource, appid)  \
    static LPCOLESTR GetAppId() throw()                     \
    {                                                       \
        return OLESTR(appid);                               \
    }                                                       \
    static HRESULT WINAPI UpdateRegistryAppId(BOOL) throw() \
    {                                                       \
        return S_OK;                                        \
    }

} // namespace ATL

#endif
