/* SPDX-License-Identifier: MIT */
/* The compiler's support for COM: _bstr_t, _variant_t, _com_error and the pointers of #import; and
 * what version, debug and process headers bring. */
#include <comdef.h>
#include <comutil.h>
#include <conio.h>
#include <crtdbg.h>
#include <eh.h>
#include <ntverp.h>
#include <process.h>
#include <VersionHelpers.h>
#include <windows.h>

#include "check.h"

_COM_SMARTPTR_TYPEDEF(IPersist, __uuidof(IPersist));

static void texts()
{
    _bstr_t wide(L"wide"), narrow("narrow"), shared(wide), none;
    CHECK(wide.length() == 4 && shared == wide && !none && none.length() == 0);
    CHECK(wide + L"+" + narrow == _bstr_t(L"wide+narrow") && "a" + wide == _bstr_t(L"awide"));
    wide += L"!";
    CHECK(shared == _bstr_t(L"wide") && wide > shared);
    CHECK(strcmp(narrow, "narrow") == 0 && strcmp((const char *)wide, "wide!") == 0);
    BSTR raw = wide.copy();
    CHECK(SysStringLen(raw) == 5);
    wide.Attach(raw);
    raw = wide.Detach();
    SysFreeString(raw);
    *none.GetAddress() = SysAllocString(L"filled");
    CHECK(none == _bstr_t(L"filled") && (_bstr_t)_variant_t(5L) == _bstr_t(L"5"));
}

static void variants()
{
    _variant_t number(5L), text(L"12"), flag(true), none, copied(text);
    CHECK(number.vt == VT_I4 && text.vt == VT_BSTR && flag.boolVal == VARIANT_TRUE);
    CHECK((long)text == 12 && copied == text && number != text && none.vt == VT_EMPTY);
    text = 3.5;
    CHECK(text.vt == VT_R8 && (double)text == 3.5 && (bool)flag);
    number.ChangeType(VT_BSTR);
    CHECK(_bstr_t(number) == _bstr_t(L"5"));
    VARIANT raw = number.Detach();
    CHECK(number.vt == VT_EMPTY);
    _variant_t taken(raw, false);
    CHECK(taken.vt == VT_BSTR);
}

static void errors()
{
    HRESULT caught = S_OK;
    try {
        _com_util::CheckError(E_ACCESSDENIED);
    } catch (const _com_error &e) {
        caught = e.Error();
        const _com_error copy(e);
        CHECK(copy.ErrorMessage() && wcslen(copy.ErrorMessage()) > 5);
        CHECK(!wcschr(copy.ErrorMessage(), L'\n') && copy.Description().length() == 0);
    }
    CHECK(caught == E_ACCESSDENIED);
    try {
        IUnknownPtr empty;
        empty->AddRef();
    } catch (_com_error &e) {
        caught = e.Error();
    }
    CHECK(caught == E_POINTER);
    IPersistPtr persist;
    CHECK(!persist && persist == NULL && FAILED(persist.CreateInstance(CLSID_NULL)));
}

static unsigned __stdcall count(void *arg)
{
    ++*static_cast<int *>(arg);
    return 7;
}

static void others()
{
    int n = 0;
    unsigned id = 0;
    DWORD code = 0;
    HANDLE thread = (HANDLE)_beginthreadex(NULL, 0, count, &n, 0, &id);
    CHECK(thread && WaitForSingleObject(thread, INFINITE) == WAIT_OBJECT_0 && n == 1);
    CHECK(GetExitCodeThread(thread, &code) && code == 7 && CloseHandle(thread));
    CHECK(wcsstr(LVER_PRODUCTVERSION_STR, L".") && VER_PRODUCTBUILD > 0);
    _CrtSetDbgFlag(_CRTDBG_ALLOC_MEM_DF | _CRTDBG_LEAK_CHECK_DF);
    _ASSERTE(n == 1);
    CHECK(_CrtCheckMemory() && _getpid() > 0);
}

int wmain()
{
    CoInitialize(NULL);
    texts();
    variants();
    errors();
    others();
    CoUninitialize();
    return check_result();
}
