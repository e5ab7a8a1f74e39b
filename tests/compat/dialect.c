/* SPDX-License-Identifier: MIT */
/* The same for C: interfaces through COBJMACROS, annotations, wide names of functions. */
#define COBJMACROS
#include <windows.h>
#include <tchar.h>
#include <vss.h>
#include <vswriter.h>
#include <vsbackup.h>
#include <vds.h>

#include "check.h"

#define WIDEN_(text) L##text
#define WIDEN(text)  WIDEN_(text)

static const wchar_t *own_name(void)
{
    return WIDEN(__FUNCTION__);
}

static _Success_(return ) BOOL annotated(_In_z_ PCWSTR in, __out_opt DWORD *n)
{
    if (n)
        *n = (DWORD)wcslen(in);
    return TRUE;
}

#define SAY(to, format, ...) swprintf_s(to, _countof(to), format, __VA_ARGS__)

static void disks(void)
{
    IVdsServiceLoader *loader = NULL;
    IVdsService *service = NULL;
    CHECK(SUCCEEDED(CoCreateInstance(&CLSID_VdsLoader, NULL, CLSCTX_LOCAL_SERVER,
                                     &IID_IVdsServiceLoader, (void **)&loader)));
    CHECK(SUCCEEDED(loader->lpVtbl->LoadService(loader, NULL, &service)));
    service->lpVtbl->Release(service);
    loader->lpVtbl->Release(loader);
}

static void components(void)
{
    IVssBackupComponents *backup = NULL;
    IUnknown *same = NULL;
    CHECK(SUCCEEDED(CreateVssBackupComponents(&backup)));
    CHECK(SUCCEEDED(IVssBackupComponents_QueryInterface(backup, &IID_IUnknown, (void **)&same)));
    IUnknown_Release(same);
    CHECK(SUCCEEDED(IVssBackupComponents_InitializeForBackup(backup, NULL)));
    IVssBackupComponents_Release(backup);
}

/* ---- words of the compiler ---- */

__forceinline int inlined(int n)
{
    return n + 1;
}
__declspec(noinline) static _inline int kept_apart(int n)
{
    return n;
}
__declspec(align(16)) static char aligned[3];
static __declspec(thread) int of_thread = 4;
__declspec(dllexport) __declspec(deprecated("say other")) int exported(void);
void __declspec(noreturn) never_called(void);
struct __declspec(align(32)) wide {
    char c;
};

static void words(unsigned __int64 n)
{
    __pragma(warning(disable : 4127));
    __noop("nothing", n);
    if (n > 1)
        __debugbreak();
    __assume(n == 1);
    CHECK(inlined((int)n) == 2 && kept_apart(3) == 3 && of_thread == 4);
    CHECK((UINT_PTR)aligned % 16 == 0 && sizeof(struct wide) == 32);
}

int wmain(int argc, wchar_t **argv)
{
    DWORD n = 0;
    TCHAR text[32];

    UNREFERENCED_PARAMETER(argv);
    CHECK(argc == 1 && SUCCEEDED(CoInitializeEx(NULL, COINIT_MULTITHREADED)));
    CHECK_TEXT(own_name(), L"own_name");
    CHECK_TEXT(_T(__FUNCTION__), L"wmain");
    CHECK(annotated(L"text", &n) && n == 4);
    SAY(text, L"none");
    CHECK_TEXT(text, _T("none"));
    words(1);
    disks();
    components();
    CoUninitialize();
    return check_result();
}
