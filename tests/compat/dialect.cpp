/* SPDX-License-Identifier: MIT */
/* Constructs that Microsoft's compiler takes and others do not: each function has one. */
#include <Windows.h>
#include <TCHAR.h>
#include <stdio.h>
#include <string>
#include <strsafe.h>
#include <vector>
#include <Vss.h>
#include <VsWriter.h>
#include <VSBackup.h>

#include "check.h"

using namespace std;

extern "C" const GUID;

/* ---- L before __FUNCTION__, and the file's name ---- */

#define WIDEN_(text) L##text
#define WIDEN(text)  WIDEN_(text)
#define WHERE        WIDEN(__FILE__), __LINE__, WIDEN(__FUNCTION__)
static wstring last_function;
struct Tracer {
    LPCWSTR name;
    Tracer(LPCWSTR function) : name(function) { last_function = name; }
};
static void trace(wstring file, int line, wstring function, const wchar_t *format, ...)
{
    wchar_t text[256];
    va_list args;
    va_start(args, format);
    StringCchVPrintfW(text, _countof(text), format, args);
    va_end(args);
    last_function = function + L":" + text;
    CHECK(file.find(L"dialect.cpp") != wstring::npos && line > 0);
}
static void names_of_functions()
{
    trace(WHERE, L"%s %d", L"text", 5);
    CHECK_TEXT(last_function.c_str(), L"names_of_functions:text 5");
    Tracer tracer(_T(__FUNCTION__));
    CHECK_TEXT(tracer.name, L"names_of_functions");
    Tracer other(TEXT(__FUNCTION__));
    wchar_t printed[64];
    swprintf_s(printed, L"%s", WIDEN(__FUNCTION__));
    CHECK_TEXT(printed, L"names_of_functions");
}

/* ---- the comma before no arguments ---- */

#define SAY(to, format, ...) swprintf_s(to, _countof(to), format, __VA_ARGS__)
static void no_arguments()
{
    wchar_t text[64];
    SAY(text, L"none");
    CHECK_TEXT(text, L"none");
    SAY(text, L"%d, %s", 1, L"(a, b)");
    CHECK_TEXT(text, L"1, (a, b)");
}

/* ---- names qualified inside their class; a friend that is nowhere else ---- */

class Store
{
  public:
    Store::Store() : m_used(false) {}
    HRESULT Store::Use(__in LPCWSTR name, __out_opt DWORD *pcch)
    {
        if (pcch)
            *pcch = (DWORD)wcslen(name);
        m_used = true;
        return S_OK;
    }
    bool m_used;
};

/* ---- annotations of every kind ---- */

_Success_(return != FALSE) static BOOL
    annotated(_In_z_ PCWSTR in, _Out_writes_(cch) PWSTR out, _In_ size_t cch, _Inout_opt_ DWORD *n,
              __in_ecount(cch) const WCHAR *again)
{
    UNREFERENCED_PARAMETER(again);
    if (n)
        ++*n;
    return SUCCEEDED(StringCchCopyW(out, cch, in));
}

/* ---- structures from a reference to a static, twice among one call's arguments ---- */

static GUID &guid_from(const wchar_t *text)
{
    static GUID result;
    CHECK(SUCCEEDED(CLSIDFromString(const_cast<wchar_t *>(text), &result)));
    return result;
}
struct Pairs {
    virtual ~Pairs() {}
    virtual bool Differ(VSS_ID a, VSS_ID b) { return a.Data1 == 1 && b.Data1 == 2; }
};
static void structures_in_turn()
{
    Pairs pairs, *virtually = &pairs;
    CHECK(virtually->Differ(guid_from(L"{00000001-0000-0000-0000-000000000000}"),
                            guid_from(L"{00000002-0000-0000-0000-000000000000}")));
}

/* ---- counts in long, results thrown as numbers, identifiers of interfaces ---- */

static void numbers()
{
    long count = 0;
    LONG other = 0;
    volatile long third = 5;
    CHECK(InterlockedIncrement(&count) == 1 && InterlockedIncrement(&other) == 1);
    CHECK(InterlockedDecrement(&third) == 4);
    HRESULT caught = S_OK;
    try {
        throw(E_OUTOFMEMORY);
    } catch (HRESULT hr) {
        caught = hr;
    }
    CHECK(caught == E_OUTOFMEMORY);
    IVssBackupComponents *components = NULL;
    CHECK(__uuidof(components) == __uuidof(IVssBackupComponents));
    CHECK(__uuidof(IVssBackupComponentsEx3) != __uuidof(IVssBackupComponentsEx2));
    __int64 wide = 0x100000000i64;
    CHECK(wide == 4294967296ll && 5ui64 == 5ull);
    const RPC_WSTR rpc = (RPC_WSTR)L"text";
    CHECK(rpc != NULL);
}

/* ---- handlers that leave STDMETHODCALLTYPE out, bool where IDL has boolean ---- */

/* ---- words of the compiler ---- */

static __forceinline int inlined(int n)
{
    return n + 1;
}
struct __declspec(novtable) Abstract {
    virtual __declspec(noinline) int Get() { return 5; }
};
struct Concrete : Abstract {
};
static __declspec(thread) int of_thread = 4;
extern "C" __declspec(dllexport) __declspec(selectany) int anywhere = 6;

static void words()
{
    Concrete concrete;
    __noop;
    __noop("nothing", &concrete);
    CHECK(inlined(1) == 2 && concrete.Get() == 5 && of_thread == 4 && anywhere == 6);
}

class Writer : public CVssWriter
{
  public:
    bool OnIdentify(IVssCreateWriterMetadata *pMetadata)
    {
        return SUCCEEDED(pMetadata->AddComponent(VSS_CT_FILEGROUP, NULL, L"Files", NULL, NULL, 0,
                                                 false, true, true));
    }
    bool OnPrepareSnapshot() { return true; }
    bool OnFreeze() { return true; }
    bool OnThaw() { return true; }
    bool OnAbort() { return true; }
};
static const VSS_ID writer_id = { 0x11e0c8f1, 1, 2, { 3, 4, 5, 6, 7, 8, 9, 10 } };

static void a_writer()
{
    Writer writer;
    CHECK(SUCCEEDED(writer.Initialize(writer_id, L"Dialect", VSS_UT_USERDATA, VSS_ST_OTHER)));
    CHECK(SUCCEEDED(writer.Subscribe()) && SUCCEEDED(writer.Unsubscribe()));
    bool recursive = true;
    IVssWMFiledesc *none = NULL;
    CHECK((none == NULL || SUCCEEDED(none->GetRecursive(&recursive))) && recursive);
}

/* ---- objects among the arguments of a function that takes any: their bytes or their address
 * ---- */

static int counted(const wchar_t *format, ...)
{
    va_list args;
    va_start(args, format);
    (void)va_arg(args, void *);
    const int n = va_arg(args, int);
    va_end(args);
    return n;
}

int _tmain(int argc, _TCHAR *argv[])
{
    UNREFERENCED_PARAMETER(argv);
    CHECK(argc == 1 && SUCCEEDED(CoInitializeEx(NULL, COINIT_MULTITHREADED)));
    names_of_functions();
    no_arguments();
    DWORD n = 0, cch = 0;
    WCHAR copy[16];
    Store store;
    CHECK(SUCCEEDED(store.Use(L"name", &cch)) && cch == 4 && store.m_used);
    CHECK(annotated(L"text", copy, _countof(copy), &n, NULL) && n == 1);
    structures_in_turn();
    numbers();
    words();
    a_writer();
    CHECK(counted(L"%s %d", wstring(L"object"), 7) == 7);
    CoUninitialize();
    return check_result();
}
