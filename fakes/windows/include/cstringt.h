/* SPDX-License-Identifier: MIT */
/* CString (Learn: "CStringT Class", "CSimpleStringT Class"): a pointer to text that knows its
 * length, so that an object is as large as Microsoft's and printf takes it (see
 * vssemu/atl_printf.h).
 * Deviation: copies are made at once instead of at the first write. */
#pragma once

#ifdef __cplusplus

#include <atlbase.h>
#include <limits.h>
#include <stdarg.h>
#include <vssemu/atl_chars.h>
#include <vssemu/atl_printf.h>
#include <vssemu/atl_simple_string.h>

#ifdef _ATL_CSTRING_EXPLICIT_CONSTRUCTORS
#define CSTRING_EXPLICIT explicit
#else
#define CSTRING_EXPLICIT
#endif

namespace ATL
{

template <class BaseType, class StringTraits = StrTraitATL<BaseType>>
class CStringT : public CSimpleStringT<BaseType>
{
    typedef CSimpleStringT<BaseType> base;
    typedef ChTraitsCRT<BaseType> traits;

  public:
    typedef typename traits::XCHAR XCHAR;
    typedef typename traits::YCHAR YCHAR;
    typedef XCHAR *PXSTR;
    typedef const XCHAR *PCXSTR;
    typedef YCHAR *PYSTR;
    typedef const YCHAR *PCYSTR;

    CStringT() noexcept {}
    CStringT(const CStringT &other) : base(other) {}
    CStringT(CStringT &&other) noexcept : base(static_cast<base &&>(other)) {}
    CStringT(const base &other) : base(other) {}
    CStringT(PCXSTR text) : base(text) {}
    CSTRING_EXPLICIT CStringT(PCYSTR text) { Convert(text, ChTraitsCRT<YCHAR>::Length(text)); }
    CSTRING_EXPLICIT CStringT(const unsigned char *text)
        : CStringT(reinterpret_cast<const char *>(text))
    {
    }
    CStringT(XCHAR c, int n = 1) { Fill(c, n); }
    CSTRING_EXPLICIT CStringT(YCHAR c, int n = 1) { Fill((XCHAR)c, n); }
    CStringT(PCXSTR text, int n) : base(text, n) {}
    CSTRING_EXPLICIT CStringT(PCYSTR text, int n) { Convert(text, n); }
    CSTRING_EXPLICIT CStringT(const VARIANT &value) { *this = value; }

    CStringT &operator=(const CStringT &other)
    {
        base::operator=(other);
        return *this;
    }
    CStringT &operator=(CStringT &&other) noexcept
    {
        base::operator=(static_cast<base &&>(other));
        return *this;
    }
    CStringT &operator=(const base &other)
    {
        base::operator=(other);
        return *this;
    }
    CStringT &operator=(PCXSTR text)
    {
        base::operator=(text);
        return *this;
    }
    CStringT &operator=(PCYSTR text)
    {
        Convert(text, ChTraitsCRT<YCHAR>::Length(text));
        return *this;
    }
    CStringT &operator=(XCHAR c)
    {
        base::SetString(&c, 1);
        return *this;
    }
    CStringT &operator=(YCHAR c) { return *this = (XCHAR)c; }
    CStringT &operator=(const VARIANT &value)
    {
        CComVariant text;
        const HRESULT hr = text.ChangeType(VT_BSTR, &value);
        if (FAILED(hr))
            AtlThrow(hr);
        return *this = text.bstrVal;
    }
    template <class Other> CStringT &operator+=(const Other &other)
    {
        Add(other);
        return *this;
    }

    int Compare(PCXSTR other) const { return traits::Compare(*this, other ? other : Nothing()); }
    int CompareNoCase(PCXSTR other) const
    {
        return traits::CompareNoCase(*this, other ? other : Nothing());
    }
    int Collate(PCXSTR other) const { return Compare(other); }
    int CollateNoCase(PCXSTR other) const { return CompareNoCase(other); }

#include <vssemu/atl_string_parts.h>
#include <vssemu/atl_string_format.h>

  private:
    static PCXSTR Nothing()
    {
        static const XCHAR nothing[1] = {};
        return nothing;
    }
    void Fill(XCHAR c, int n)
    {
        PXSTR to = this->GetBufferSetLength(n > 0 ? n : 0);
        for (int i = 0; i < n; i++)
            to[i] = c;
    }
    void Convert(PCYSTR text, int n)
    {
        const int length = n ? traits::FromOther(NULL, 0, text, n) : 0;
        PXSTR to = this->GetBufferSetLength(length);
        traits::FromOther(to, length, text, n);
    }
    void Add(const base &other)
    {
        this->Append(other);
    }
    void Add(PCXSTR text)
    {
        this->Append(text);
    }
    void Add(PCYSTR text)
    {
        this->Append(CStringT(text));
    }
    void Add(XCHAR c)
    {
        this->AppendChar(c);
    }
    void Add(YCHAR c)
    {
        this->AppendChar((XCHAR)c);
    }
    void Add(const VARIANT &value)
    {
        this->Append(CStringT(value));
    }
};

/* ---- + and comparisons ---- */

template <class C, class T>
CStringT<C, T> operator+(const CStringT<C, T> &a, const CStringT<C, T> &b)
{
    CStringT<C, T> both(a);
    both.Append(b);
    return both;
}
#define VSSEMU_STRING_PLUS_(other)                                                         \
    template <class C, class T> CStringT<C, T> operator+(const CStringT<C, T> &a, other b) \
    {                                                                                      \
        CStringT<C, T> both(a);                                                            \
        both += b;                                                                         \
        return both;                                                                       \
    }                                                                                      \
    template <class C, class T> CStringT<C, T> operator+(other a, const CStringT<C, T> &b) \
    {                                                                                      \
        CStringT<C, T> both;                                                               \
        both += a;                                                                         \
        both.Append(b);                                                                    \
        return both;                                                                       \
    }
VSSEMU_STRING_PLUS_(const wchar_t *)
VSSEMU_STRING_PLUS_(const char *)
VSSEMU_STRING_PLUS_(wchar_t)
VSSEMU_STRING_PLUS_(char)
#undef VSSEMU_STRING_PLUS_

#define VSSEMU_STRING_ORDER_(op)                                                                   \
    template <class C, class T> bool operator op(const CStringT<C, T> &a, const CStringT<C, T> &b) \
    {                                                                                              \
        return a.Compare(b) op 0;                                                                  \
    }                                                                                              \
    template <class C, class T>                                                                    \
    bool operator op(const CStringT<C, T> &a, typename CStringT<C, T>::PCXSTR b)                   \
    {                                                                                              \
        return a.Compare(b) op 0;                                                                  \
    }                                                                                              \
    template <class C, class T>                                                                    \
    bool operator op(typename CStringT<C, T>::PCXSTR a, const CStringT<C, T> &b)                   \
    {                                                                                              \
        return 0 op b.Compare(a);                                                                  \
    }                                                                                              \
    template <class C, class T>                                                                    \
    bool operator op(const CStringT<C, T> &a, typename CStringT<C, T>::PCYSTR b)                   \
    {                                                                                              \
        return a.Compare(CStringT<C, T>(b)) op 0;                                                  \
    }
VSSEMU_STRING_ORDER_(==)
VSSEMU_STRING_ORDER_(!=)
VSSEMU_STRING_ORDER_(<)
VSSEMU_STRING_ORDER_(>)
VSSEMU_STRING_ORDER_(<=)
VSSEMU_STRING_ORDER_(>=)
#undef VSSEMU_STRING_ORDER_

template <class C, class T>
bool operator==(const CStringT<C, T> &a, typename CStringT<C, T>::XCHAR c)
{
    return a.GetLength() == 1 && a[0] == c;
}
template <class C, class T>
bool operator!=(const CStringT<C, T> &a, typename CStringT<C, T>::XCHAR c)
{
    return !(a == c);
}

} // namespace ATL

#ifndef _ATL_NO_AUTOMATIC_NAMESPACE
using namespace ATL;
#endif

#endif
