// SPDX-License-Identifier: MIT
// For test_debuggers.py: has every kind of value that the pretty-printers show, and plants an error
// for Valgrind when it is told to ("read", "leak"); "wait" sleeps an hour of the world's time.
#include <windows.h>

#include <atlbase.h>
#include <vss.h>
#include <vswriter.h>

#include <stdio.h>
#include <string>

static volatile int n_seen;

__attribute__((noinline)) static int show(HRESULT result, const GUID &id, const WCHAR *text,
                                          const std::wstring &name, BSTR bstr,
                                          const CComBSTR &wrapped, const CComPtr<IUnknown> &none,
                                          VSS_WRITER_STATE state, HRESULT other)
{
    n_seen += (int)name.size() + (int)state + (int)result + (int)other + (int)id.Data1;
    n_seen += text[0] + bstr[0] + wrapped[0] + (none != NULL);
    return n_seen; // here
}

__attribute__((noinline)) static int read_after_free()
{
    int *numbers = new int[4]();
    int *volatile kept = numbers;

    delete[] numbers;
    return kept[1];
}

__attribute__((noinline)) static void leak()
{
    wchar_t *volatile text = new wchar_t[100]();

    text = NULL;
    n_seen += text == NULL;
}

int wmain(int argc, WCHAR **argv)
{
    std::wstring what = argc > 1 ? argv[1] : L"", name(L"a \"quoted\" näme");
    BSTR bstr = SysAllocString(L"of the heap");
    CComBSTR wrapped(L"wrapped");
    CComPtr<IUnknown> none;

    show(VSS_E_WRITERERROR_TIMEOUT, IID_IUnknown, L"plain text", name, bstr, wrapped, none,
         VSS_WS_STABLE, HRESULT_FROM_WIN32(ERROR_FILE_NOT_FOUND));
    SysFreeString(bstr);
    if (what == L"read")
        n_seen += read_after_free();
    if (what == L"leak")
        leak();
    if (what == L"wait")
        Sleep(3600000);
    puts("done");
    return 7;
}
