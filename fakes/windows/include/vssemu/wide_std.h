/* SPDX-License-Identifier: MIT */
/* What libstdc++ leaves out of namespace std when its own wide instantiations are switched off
 * (see forced.h): conversions between numbers and std::wstring, and the wide C library. */
#pragma once

namespace std
{

using ::fgetwc;
using ::fgetws;
using ::fputwc;
using ::fputws;
using ::fwprintf;
using ::getwchar;
using ::iswalnum;
using ::iswalpha;
using ::iswcntrl;
using ::iswdigit;
using ::iswgraph;
using ::iswlower;
using ::iswprint;
using ::iswpunct;
using ::iswspace;
using ::iswupper;
using ::iswxdigit;
using ::putwchar;
using ::swprintf;
using ::towlower;
using ::towupper;
using ::vfwprintf;
using ::vswprintf;
using ::vwprintf;
using ::wcscat;
using ::wcschr;
using ::wcscmp;
using ::wcscoll;
using ::wcscpy;
using ::wcscspn;
using ::wcslen;
using ::wcsncat;
using ::wcsncmp;
using ::wcsncpy;
using ::wcspbrk;
using ::wcsrchr;
using ::wcsspn;
using ::wcsstr;
using ::wcstod;
using ::wcstof;
using ::wcstok;
using ::wcstol;
using ::wcstold;
using ::wcstoll;
using ::wcstoul;
using ::wcstoull;
using ::wmemchr;
using ::wmemcmp;
using ::wmemcpy;
using ::wmemmove;
using ::wmemset;
using ::wprintf;

/* libstdc++ promises this one in its library; made here, it stays in the object. */
template class allocator<wchar_t>;

inline int stoi(const wstring &s, size_t *end = 0, int base = 10)
{
    return __gnu_cxx::__stoa<long, int>(&::wcstol, "stoi", s.c_str(), end, base);
}
inline long stol(const wstring &s, size_t *end = 0, int base = 10)
{
    return __gnu_cxx::__stoa(&::wcstol, "stol", s.c_str(), end, base);
}
inline unsigned long stoul(const wstring &s, size_t *end = 0, int base = 10)
{
    return __gnu_cxx::__stoa(&::wcstoul, "stoul", s.c_str(), end, base);
}
inline long long stoll(const wstring &s, size_t *end = 0, int base = 10)
{
    return __gnu_cxx::__stoa(&::wcstoll, "stoll", s.c_str(), end, base);
}
inline unsigned long long stoull(const wstring &s, size_t *end = 0, int base = 10)
{
    return __gnu_cxx::__stoa(&::wcstoull, "stoull", s.c_str(), end, base);
}
inline float stof(const wstring &s, size_t *end = 0)
{
    return __gnu_cxx::__stoa(&::wcstof, "stof", s.c_str(), end);
}
inline double stod(const wstring &s, size_t *end = 0)
{
    return __gnu_cxx::__stoa(&::wcstod, "stod", s.c_str(), end);
}

template <typename Number>
inline enable_if_t<is_arithmetic_v<Number>, wstring> to_wstring(Number value)
{
    const string digits = to_string(value);
    return wstring(digits.begin(), digits.end());
}

} // namespace std
