/* SPDX-License-Identifier: MIT */
/* ATL for clients: counted pointers, texts and variants that own themselves, conversions, small
 * arrays, locks, registry keys; and the disk service, which requesters ask after a break. */
#include <atlbase.h>
#include <msxml2.h>
#include <vds.h>
#include <vector>
#include <vss.h>
#include <vswriter.h>
#include <vsbackup.h>

#include "check.h"

using namespace std;

/* An object with two interfaces. Windows source counts in a long. */
static LONG alive;
class Thing : public IClassFactory, public IPersist
{
    long count = 0;

  public:
    Thing() { InterlockedIncrement(&alive); }
    virtual ~Thing() { InterlockedDecrement(&alive); }
    STDMETHODIMP QueryInterface(REFIID iid, void **ppv)
    {
        if (iid == IID_IUnknown || iid == __uuidof(IClassFactory))
            *ppv = static_cast<IClassFactory *>(this);
        else if (iid == __uuidof(IPersist))
            *ppv = static_cast<IPersist *>(this);
        else
            return *ppv = NULL, E_NOINTERFACE;
        static_cast<IUnknown *>(*ppv)->AddRef();
        return S_OK;
    }
    STDMETHODIMP_(ULONG) AddRef() { return (ULONG)InterlockedIncrement(&count); }
    STDMETHODIMP_(ULONG) Release()
    {
        const long left = InterlockedDecrement(&count);
        if (left == 0)
            delete this;
        return (ULONG)left;
    }
    STDMETHODIMP CreateInstance(IUnknown *, REFIID, void **) { return CLASS_E_NOAGGREGATION; }
    STDMETHODIMP LockServer(BOOL) { return S_OK; }
    STDMETHODIMP GetClassID(CLSID *id) { return *id = CLSID_NULL, S_OK; }
};

static CComPtr<IUnknown> given()
{
    CComPtr<IUnknown> made(static_cast<IClassFactory *>(new Thing));
    return made;
}

static void pointers()
{
    {
        CComPtr<IClassFactory> factory(new Thing), none(NULL);
        CComPtr<IUnknown> unknown = factory;   /* of a base */
        CComQIPtr<IPersist> persist = unknown; /* from a pointer to another interface */
        CComPtr<IPersist> asked;
        CHECK(persist && alive == 1 && none == NULL && !none);
        CHECK(SUCCEEDED(factory->QueryInterface<IPersist>(&asked)) && asked == persist);
        CHECK(unknown.IsEqualObject(asked) && SUCCEEDED(unknown.QueryInterface(&none)));
        CComQIPtr<IStream> stream(unknown);
        CHECK(!stream);
        persist = none; /* assigning asks, too */
        CHECK(persist != NULL);
        factory = NULL;
        unknown.Release();
        vector<CComPtr<IUnknown>> list;
        for (int i = 0; i < 5; i++)
            list.push_back(given());
        CHECK(alive == 6);
        CComQIPtr<IPersist> first = list[0];
        CLSID id;
        CHECK(first && first->GetClassID(&id) == S_OK && id == GUID_NULL);
        IUnknown *raw = list[4].Detach();
        CHECK(raw->Release() == 0);
    }
    CHECK(alive == 0);
}

static HRESULT answer(BSTR *ret, VARIANT *ret_variant)
{
    *ret = SysAllocString(L"answer");
    V_VT(ret_variant) = VT_I4;
    V_I4(ret_variant) = 5;
    return S_OK;
}

static void texts()
{
    CComBSTR text(L"text"), none, out, narrow("narrow");
    CComVariant value;
    CHECK(text == L"text" && none == NULL && !none && narrow == L"narrow" && text != narrow);
    CHECK(SUCCEEDED(answer(&out, &value)) && out.Length() == 6 && value.vt == VT_I4);
    text += L"+more";
    text.Append(out);
    CHECK_TEXT(text, L"text+moreanswer");
    CComBSTR copy(text), id(__uuidof(IUnknown));
    copy.ToUpper();
    CHECK(copy == L"TEXT+MOREANSWER" && text < copy == false);
    CHECK_TEXT(id, L"{00000000-0000-0000-C000-000000000046}");
    BSTR raw = copy.Detach();
    copy.Attach(raw);
    copy = L"assigned";
    CHECK(copy.ByteLength() == 16 && sizeof(CComBSTR) == sizeof(BSTR));
    CHECK(swprintf_s(wmemset((wchar_t *)_alloca(64), 0, 32), 32, L"%s", copy) == 8);

    CComVariant number(7), other(L"7"), flag(true);
    CHECK(flag.boolVal == VARIANT_TRUE && number != other);
    CHECK(SUCCEEDED(other.ChangeType(VT_I4)) && number == other);
    value = L"text";
    CHECK(value.vt == VT_BSTR && value == CComVariant(L"text"));
    CComVariant object(static_cast<IUnknown *>(given()));
    CHECK(object.vt == VT_UNKNOWN && alive == 1 && SUCCEEDED(object.Clear()) && alive == 0);
}

static void conversions()
{
    USES_CONVERSION;
    CHECK(strcmp(W2A(L"caf\x00e9"), CW2A(L"caf\x00e9", CP_ACP)) == 0);
    CHECK(strcmp(CW2A(L"caf\x00e9", CP_UTF8), "caf\xc3\xa9") == 0);
    CHECK_TEXT(A2W("narrow"), L"narrow");
    CHECK_TEXT(CA2W("\xe2\x82\xac", CP_UTF8), L"\x20ac");
    CHECK_TEXT(CA2T("x"), CT2W(L"x"));
    CHECK(W2OLE(const_cast<wchar_t *>(L"same"))[0] == L's' && W2A((LPCWSTR)NULL) == NULL);
    wchar_t long_text[1000];
    wmemset(long_text, L'x', 999)[999] = 0;
    CHECK(strlen(CW2A(long_text)) == 999);
}

static void owners()
{
    CAutoPtr<Thing> thing(new Thing);
    CAutoPtr<Thing> moved(thing);
    CHECK(!thing && moved && alive == 1);
    moved.Free();
    CHECK(alive == 0);
    CAutoVectorPtr<wchar_t> buffer(new wchar_t[10]);
    CHeapPtr<BYTE> bytes;
    CComHeapPtr<WCHAR> task;
    CHECK(bytes.Allocate(100) && bytes.Reallocate(200) && task.Allocate(5));
    CHandle event(CreateEvent(NULL, TRUE, FALSE, NULL));
    CHECK(event && SetEvent(event));
    CSimpleArray<int> array;
    array.Add(3), array.Add(4);
    CHECK(array.GetSize() == 2 && array.Find(4) == 1 && array.RemoveAt(0) && array[0] == 4);
    CSimpleMap<int, int> map;
    map.Add(1, 10);
    CHECK(map.Lookup(1) == 10 && map.FindKey(2) == -1);
    CComAutoCriticalSection section;
    {
        CComCritSecLock<CComAutoCriticalSection> lock(section);
    }
    HRESULT caught = S_OK;
    try {
        ATLENSURE_THROW(array.GetSize() == 5, E_BOUNDS);
    } catch (CAtlException &e) {
        caught = e;
    }
    CHECK(caught == E_BOUNDS && AtlHresultFromWin32(5) == E_ACCESSDENIED);
}

static void registry()
{
    CRegKey key, below;
    CHECK(key.Create(HKEY_LOCAL_MACHINE, L"Software\\Compat") == ERROR_SUCCESS);
    CHECK(key.SetDWORDValue(L"Number", 7) == ERROR_SUCCESS);
    CHECK(key.SetStringValue(L"Text", L"value") == ERROR_SUCCESS);
    DWORD number = 0;
    wchar_t text[16];
    ULONG size = 16;
    CHECK(key.QueryDWORDValue(L"Number", number) == ERROR_SUCCESS && number == 7);
    CHECK(key.QueryStringValue(L"Text", text, &size) == ERROR_SUCCESS && size == 6);
    CHECK_TEXT(text, L"value");
    CHECK(key.QueryDWORDValue(L"Text", number) != ERROR_SUCCESS);
    CHECK(below.Open(key, L"none") == ERROR_FILE_NOT_FOUND && key.SetKeyValue(L"Sub", L"x") == 0);
    CHECK(key.RecurseDeleteKey(L"Sub") == ERROR_SUCCESS && key.Close() == ERROR_SUCCESS);
}

/* What a requester does to make volumes writable after BreakSnapshotSet. */
static void disks()
{
    CComPtr<IVdsServiceLoader> loader;
    CComPtr<IVdsService> service;
    CComPtr<IEnumVdsObject> providers;
    CComPtr<IUnknown> found;
    ULONG n = 5;
    CHECK(loader.CoCreateInstance(CLSID_VdsLoader, NULL, CLSCTX_LOCAL_SERVER) == S_OK);
    CHECK(loader->LoadService(NULL, &service) == S_OK && service->WaitForServiceReady() == S_OK);
    CHECK(service->QueryProviders(VDS_QUERY_SOFTWARE_PROVIDERS, &providers) == S_OK);
    CHECK(providers->Next(1, &found, &n) == S_FALSE && n == 0 && !found);
    CComQIPtr<IVdsSwProvider> provider = found;
    CHECK(!provider && VDS_E_OBJECT_DELETED == (HRESULT)0x8004240B);
}

/* The header compiles; the parsers are not here. */
static void no_xml()
{
    CComPtr<IXMLDOMDocument2> document;
    CHECK(document.CoCreateInstance(__uuidof(DOMDocument30)) == REGDB_E_CLASSNOTREG && !document);
}

int wmain()
{
    CHECK(SUCCEEDED(CoInitializeEx(NULL, COINIT_MULTITHREADED)));
    pointers();
    texts();
    conversions();
    owners();
    registry();
    disks();
    no_xml();
    CoUninitialize();
    return check_result();
}
