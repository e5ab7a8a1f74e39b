// SPDX-License-Identifier: MIT
// A program for multi-byte characters, as projects without UNICODE are: every generic name is the
// narrow one (Learn: "Generic-Text Mappings", "Unicode and MBCS Support").
#define _WIN32_WINNT 0x0600 // Visual Studio's stdafx.h says it just so
#define INITGUID
#include "check.h"
#include <windows.h>
#include <tchar.h>
#include <atlbase.h>
#include <atlstr.h>
#include <atlsync.h>
#include <comdef.h>
#include <direct.h>
#include <intsafe.h>
#include <io.h>
#include <mbstring.h>
#include <strsafe.h>
#include <sys/utime.h>

static_assert(sizeof(TCHAR) == 1 && sizeof(_TCHAR) == 1 && _WIN32_WINNT == 0x0600);

static void check_files()
{
    TCHAR folder[MAX_PATH] = _T("C:\\narrow"), file[MAX_PATH], drive[_MAX_DRIVE], name[_MAX_FNAME];
    DWORD n = 0;

    CHECK(CreateDirectory(folder, NULL) || GetLastError() == ERROR_ALREADY_EXISTS);
    CHECK(_stprintf_s(file, MAX_PATH, TEXT("%s\\%s"), folder, _T("a.txt")) == 15);
    HANDLE h = CreateFile(file, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    CHECK(h != INVALID_HANDLE_VALUE && WriteFile(h, "text", 4, &n, NULL) && n == 4);
    CHECK(CloseHandle(h));
    WIN32_FIND_DATA found;
    h = FindFirstFile(_T("C:\\narrow\\*.txt"), &found);
    CHECK(h != INVALID_HANDLE_VALUE && strcmp(found.cFileName, "a.txt") == 0);
    CHECK(FindClose(h));
    CHECK(_taccess(file, 0) == 0 && _taccess_s(_T("C:\\narrow\\none"), 0) == ENOENT);
    CHECK(_tsplitpath_s(file, drive, _MAX_DRIVE, NULL, 0, name, _MAX_FNAME, NULL, 0) == 0);
    CHECK(!_tcscmp(drive, _T("C:")) && !_tcsicmp(name, _T("A")));
    FILE *stream = _tfopen(file, _T("r"));
    CHECK(stream && _fgettc(stream) == 't' && fclose(stream) == 0);
    struct _utimbuf times = { 1000000000, 1200000000 };
    struct _stat status;
    CHECK(_tutime(file, &times) == 0 && _tstat(file, &status) == 0);
    CHECK(status.st_mtime == 1200000000 && _utime("C:\\none", NULL) == -1 && errno == ENOENT);
    CHECK(_utime(folder, NULL) == -1 && errno == EACCES);
    CHECK(GetFileAttributes(_T("C:\\none")) == INVALID_FILE_ATTRIBUTES);
    CHECK(GetLastError() == ERROR_FILE_NOT_FOUND);
}

static void check_text()
{
    TCHAR text[20] = _T("Ab"), other[4];

    CHECK(lstrlen(text) == 2 && _tcsnlen(text, 1) == 1 && *_tcsinc(text) == 'b');
    CHECK(_tcslwr_s(text, 20) == 0 && !_tcscmp(text, _T("ab")) && _istupper(*text) == 0);
    CHECK(_sctprintf(_T("%d"), 12345) == 5);
    CHECK(_sntprintf_s(other, 4, _TRUNCATE, _T("%s"), _T("longer")) == -1);
    CHECK(!_tcscmp(other, _T("lon")));
    CHECK(SUCCEEDED(StringCchPrintf(text, 20, _T("%d"), 7)) && _ttoi(text) == 7);
    CString string(_T("a"));
    string.AppendFormat(_T("%s"), _T("b"));
    USES_CONVERSION;
    CHECK(string == "ab" && !wcscmp(T2OLE(text), L"7") && !strcmp(OLE2T(L"c"), "c"));
    CHECK(!wcscmp(CT2W(_T("d")), L"d") && !strcmp(CW2T(L"e"), "e"));
    CHECK(strlen(_com_error(E_ACCESSDENIED).ErrorMessage()) > 5);
}

static void check_integers()
{
    UINT u;
    int i;
    size_t size;
    DWORD d;

    CHECK(IntToUInt(7, &u) == S_OK && u == 7);
    CHECK(IntToUInt(-1, &u) == INTSAFE_E_ARITHMETIC_OVERFLOW && u == 0xffffffff);
    CHECK(SizeTToDWord(0x100000000, &d) == INTSAFE_E_ARITHMETIC_OVERFLOW);
    CHECK(SizeTMult(SIZE_MAX / 2, 3, &size) == INTSAFE_E_ARITHMETIC_OVERFLOW);
    CHECK(DWordAdd(0xfffffff0, 0xf, &d) == S_OK && d == 0xffffffff);
    CHECK(DWordSub(1, 2, &d) == INTSAFE_E_ARITHMETIC_OVERFLOW && d == 0xffffffff);
    CHECK(ULongLongToInt(0x80000000, &i) == INTSAFE_E_ARITHMETIC_OVERFLOW && i == -1);
}

static void check_objects()
{
    CEvent event(TRUE, FALSE);
    CSemaphore semaphore(1, 2);
    CMutex mutex(NULL, TRUE, _T("narrow mutex"));
    LONG before = 0;

    CHECK(WaitForSingleObject(event, 0) == WAIT_TIMEOUT && event.Set());
    CHECK(WaitForSingleObject(event, 0) == WAIT_OBJECT_0 && event.Reset());
    CHECK(semaphore.Release(1, &before) && before == 1 && !semaphore.Release());
    CHECK(mutex.Release() && !mutex.Release() && GetLastError() == ERROR_NOT_OWNER);
    CHECK(!CString().LoadString(1));
    CHECK(_mbscmp(_mbschr((const unsigned char *)"abc", 'b'), (const unsigned char *)"bc") == 0);
    IUnknownPtr none;
    CHECK(none.CreateInstance(L"No.Such.Program") == CO_E_CLASSSTRING);
    CHECK(none.CreateInstance("{00000000-0000-0000-0000-00000000abcd}") == REGDB_E_CLASSNOTREG);
}

int _tmain(int argc, TCHAR **argv)
{
    CHECK(argc < 2 || !_tcscmp(argv[1], _T("one"))); /* without one it runs under Valgrind */
    CHECK(IsEqualGUID(GUID_NULL, IID_NULL) && GUID_NULL.Data1 == 0);
    check_files();
    check_text();
    check_integers();
    CHECK(SUCCEEDED(CoInitialize(NULL)));
    check_objects();
    CoUninitialize();
    return check_result();
}
