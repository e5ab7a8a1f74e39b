/* SPDX-License-Identifier: MIT */
/* What CString needs of each of the two kinds of characters. Part of cstringt.h. */
#pragma once

#ifdef __cplusplus

namespace ATL
{

template <class C> struct ChTraitsCRT;

template <> struct ChTraitsCRT<wchar_t> {
    typedef wchar_t XCHAR;
    typedef char YCHAR;
    static int Length(const wchar_t *s) { return s ? (int)wcslen(s) : 0; }
    static int Compare(const wchar_t *a, const wchar_t *b) { return wcscmp(a, b); }
    static int CompareNoCase(const wchar_t *a, const wchar_t *b) { return _wcsicmp(a, b); }
    static const wchar_t *Find(const wchar_t *in, const wchar_t *s) { return wcsstr(in, s); }
    static wchar_t Upper(wchar_t c) { return (wchar_t)towupper(c); }
    static wchar_t Lower(wchar_t c) { return (wchar_t)towlower(c); }
    static bool IsSpace(wchar_t c) { return iswspace(c); }
    static int Format(wchar_t *to, size_t size, const wchar_t *format, va_list args)
    {
        return _vsnwprintf(to, size, format, args);
    }
    static int FromOther(wchar_t *to, int size, const char *from, int n)
    {
        return n ? MultiByteToWideChar(CP_ACP, 0, from, n, to, size) : 0;
    }
    static DWORD Environment(const wchar_t *name, wchar_t *to, DWORD size)
    {
        return GetEnvironmentVariableW(name, to, size);
    }
    static DWORD Message(const wchar_t *format, wchar_t **ret, va_list *args)
    {
        return FormatMessageW(FORMAT_MESSAGE_FROM_STRING | FORMAT_MESSAGE_ALLOCATE_BUFFER, format,
                              0, 0, (LPWSTR)ret, 0, args);
    }
    static BSTR Bstr(const wchar_t *s, int n) { return SysAllocStringLen(s, (UINT)n); }
};

template <> struct ChTraitsCRT<char> {
    typedef char XCHAR;
    typedef wchar_t YCHAR;
    static int Length(const char *s) { return s ? (int)strlen(s) : 0; }
    static int Compare(const char *a, const char *b) { return strcmp(a, b); }
    static int CompareNoCase(const char *a, const char *b) { return _stricmp(a, b); }
    static const char *Find(const char *in, const char *s) { return strstr(in, s); }
    static char Upper(char c) { return (unsigned char)c < 0x80 ? (char)toupper(c) : c; }
    static char Lower(char c) { return (unsigned char)c < 0x80 ? (char)tolower(c) : c; }
    static bool IsSpace(char c) { return (unsigned char)c < 0x80 && isspace(c); }
    static int Format(char *to, size_t size, const char *format, va_list args)
    {
        return _vsnprintf(to, size, format, args);
    }
    static int FromOther(char *to, int size, const wchar_t *from, int n)
    {
        return n ? WideCharToMultiByte(CP_ACP, 0, from, n, to, size, NULL, NULL) : 0;
    }
    static DWORD Environment(const char *name, char *to, DWORD size)
    {
        return GetEnvironmentVariableA(name, to, size);
    }
    static DWORD Message(const char *format, char **ret, va_list *args)
    {
        return FormatMessageA(FORMAT_MESSAGE_FROM_STRING | FORMAT_MESSAGE_ALLOCATE_BUFFER, format,
                              0, 0, (LPSTR)ret, 0, args);
    }
    static BSTR Bstr(const char *s, int n)
    {
        CComBSTR wide(n, s);
        return wide.Detach();
    }
};

template <class C> using StrTraitATL = ChTraitsCRT<C>;

} // namespace ATL

#endif
