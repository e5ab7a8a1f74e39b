/* SPDX-License-Identifier: MIT */
/* The compiler's support for COM: _bstr_t and _variant_t (Learn: "_bstr_t class", "_variant_t
 * class"). As Microsoft's, they throw _com_error. */
#pragma once

#ifdef __cplusplus

#include <windows.h>
#include <ole2.h>
#include <oleauto.h>
#include <string.h>

class _com_error;
void WINAPI _com_issue_error(HRESULT hr);

namespace _com_util
{
inline void CheckError(HRESULT hr)
{
    if (FAILED(hr))
        _com_issue_error(hr);
}
inline BSTR WINAPI ConvertStringToBSTR(const char *text)
{
    if (!text)
        return NULL;
    const int size = MultiByteToWideChar(CP_ACP, 0, text, -1, NULL, 0);
    BSTR wide = size ? SysAllocStringLen(NULL, (UINT)size - 1) : NULL;
    if (!wide)
        _com_issue_error(size ? E_OUTOFMEMORY : HRESULT_FROM_WIN32(GetLastError()));
    MultiByteToWideChar(CP_ACP, 0, text, -1, wide, size);
    return wide;
}
/* Freed with delete[]. */
inline char *WINAPI ConvertBSTRToString(BSTR text)
{
    if (!text)
        return NULL;
    const int size = WideCharToMultiByte(CP_ACP, 0, text, -1, NULL, 0, NULL, NULL);
    if (!size)
        _com_issue_error(HRESULT_FROM_WIN32(GetLastError()));
    char *const narrow = new char[(size_t)size];
    WideCharToMultiByte(CP_ACP, 0, text, -1, narrow, size, NULL, NULL);
    return narrow;
}
} // namespace _com_util

class _variant_t;

/* A BSTR that its copies share. */
class _bstr_t
{
    struct shared {
        BSTR wide;
        char *narrow; /* made when asked for */
        LONG n_owners;

        explicit shared(BSTR owned) : wide(owned), narrow(NULL), n_owners(1) {}
        ~shared()
        {
            SysFreeString(wide);
            delete[] narrow;
        }
    };

  public:
    _bstr_t() noexcept : m_Data(NULL) {}
    _bstr_t(const _bstr_t &other) noexcept : m_Data(other.m_Data) { AddOwner(); }
    _bstr_t(const char *text) : m_Data(new shared(_com_util::ConvertStringToBSTR(text))) {}
    _bstr_t(const wchar_t *text) : m_Data(new shared(Made(text))) {}
    _bstr_t(const _variant_t &value);
    _bstr_t(BSTR text, bool copies) : m_Data(new shared(copies ? Copied(text) : text)) {}
    ~_bstr_t() noexcept { Drop(); }

    _bstr_t &operator=(const _bstr_t &other) noexcept
    {
        _bstr_t(other).Swap(*this);
        return *this;
    }
    _bstr_t &operator=(const char *text)
    {
        _bstr_t(text).Swap(*this);
        return *this;
    }
    _bstr_t &operator=(const wchar_t *text)
    {
        _bstr_t(text).Swap(*this);
        return *this;
    }
    _bstr_t &operator=(const _variant_t &value)
    {
        _bstr_t(value).Swap(*this);
        return *this;
    }
    _bstr_t &operator+=(const _bstr_t &other) { return *this = *this + other; }
    _bstr_t operator+(const _bstr_t &other) const
    {
        const unsigned mine = length(), theirs = other.length();
        BSTR both = SysAllocStringLen(NULL, mine + theirs);
        if (!both)
            _com_issue_error(E_OUTOFMEMORY);
        memcpy(both, Text(), mine * sizeof(wchar_t));
        memcpy(both + mine, other.Text(), theirs * sizeof(wchar_t));
        return _bstr_t(both, false);
    }
    friend _bstr_t operator+(const char *a, const _bstr_t &b) { return _bstr_t(a) + b; }
    friend _bstr_t operator+(const wchar_t *a, const _bstr_t &b) { return _bstr_t(a) + b; }

    operator const wchar_t *() const noexcept { return m_Data ? m_Data->wide : NULL; }
    operator wchar_t *() const noexcept { return m_Data ? m_Data->wide : NULL; }
    operator const char *() const { return Narrow(); }
    operator char *() const { return Narrow(); }
    bool operator!() const noexcept { return !m_Data || !m_Data->wide; }
    bool operator==(const _bstr_t &other) const noexcept { return Compare(other) == 0; }
    bool operator!=(const _bstr_t &other) const noexcept { return Compare(other) != 0; }
    bool operator<(const _bstr_t &other) const noexcept { return Compare(other) < 0; }
    bool operator>(const _bstr_t &other) const noexcept { return Compare(other) > 0; }
    bool operator<=(const _bstr_t &other) const noexcept { return Compare(other) <= 0; }
    bool operator>=(const _bstr_t &other) const noexcept { return Compare(other) >= 0; }

    BSTR copy(bool copies = true) const
    {
        return !m_Data ? NULL : copies ? Copied(m_Data->wide) : m_Data->wide;
    }
    unsigned length() const noexcept { return m_Data ? SysStringLen(m_Data->wide) : 0; }
    void Assign(BSTR text) { _bstr_t(text, true).Swap(*this); }
    void Attach(BSTR text) { _bstr_t(text, false).Swap(*this); }
    BSTR Detach()
    {
        if (!m_Data || m_Data->n_owners != 1)
            _com_issue_error(E_POINTER);
        BSTR text = m_Data->wide;
        m_Data->wide = NULL;
        Drop();
        return text;
    }
    BSTR &GetBSTR()
    {
        if (!m_Data)
            m_Data = new shared(NULL);
        return m_Data->wide;
    }
    BSTR *GetAddress()
    {
        Attach(NULL);
        return &m_Data->wide;
    }

  private:
    static BSTR Made(const wchar_t *text)
    {
        BSTR made = text ? SysAllocString(text) : NULL;
        if (text && !made)
            _com_issue_error(E_OUTOFMEMORY);
        return made;
    }
    static BSTR Copied(BSTR text)
    {
        BSTR made = text ? SysAllocStringByteLen((const char *)text, SysStringByteLen(text)) : NULL;
        if (text && !made)
            _com_issue_error(E_OUTOFMEMORY);
        return made;
    }
    const wchar_t *Text() const noexcept { return m_Data && m_Data->wide ? m_Data->wide : L""; }
    char *Narrow() const
    {
        if (m_Data && !m_Data->narrow)
            m_Data->narrow = _com_util::ConvertBSTRToString(m_Data->wide);
        return m_Data ? m_Data->narrow : NULL;
    }
    int Compare(const _bstr_t &other) const noexcept
    {
        const unsigned mine = length(), theirs = other.length();
        const int order = wmemcmp(Text(), other.Text(), mine < theirs ? mine : theirs);
        return order ? order : mine < theirs ? -1 : mine > theirs;
    }
    void AddOwner() noexcept
    {
        if (m_Data)
            InterlockedIncrement(&m_Data->n_owners);
    }
    void Drop() noexcept
    {
        if (m_Data && InterlockedDecrement(&m_Data->n_owners) == 0)
            delete m_Data;
        m_Data = NULL;
    }
    void Swap(_bstr_t &other) noexcept
    {
        shared *const old = m_Data;
        m_Data = other.m_Data;
        other.m_Data = old;
    }

    shared *m_Data;
};

/* A VARIANT that clears itself. long counts as Windows's, which has 32 bits. */
class _variant_t : public tagVARIANT
{
  public:
    _variant_t() noexcept { VariantInit(this); }
    ~_variant_t() noexcept { VariantClear(this); }
    _variant_t(const VARIANT &other) : _variant_t() { Take(other); }
    _variant_t(const VARIANT *other) : _variant_t()
    {
        if (!other)
            _com_issue_error(E_POINTER);
        Take(*other);
    }
    _variant_t(const _variant_t &other) : _variant_t() { Take(other); }
    _variant_t(VARIANT &other, bool copies) : _variant_t()
    {
        if (copies)
            Take(other);
        else
            Attach(other);
    }
    _variant_t(short value, VARTYPE type = VT_I2) : _variant_t()
    {
        vt = type, iVal = type == VT_BOOL ? (value ? VARIANT_TRUE : VARIANT_FALSE) : value;
    }
    _variant_t(int value) : _variant_t() { vt = VT_INT, intVal = value; }
    _variant_t(long value, VARTYPE type = VT_I4) : _variant_t() { vt = type, lVal = (LONG)value; }
    _variant_t(unsigned value) : _variant_t() { vt = VT_UINT, uintVal = value; }
    _variant_t(unsigned long value) : _variant_t() { vt = VT_UI4, ulVal = (ULONG)value; }
    _variant_t(long long value) : _variant_t() { vt = VT_I8, llVal = value; }
    _variant_t(unsigned long long value) : _variant_t() { vt = VT_UI8, ullVal = value; }
    _variant_t(float value) noexcept : _variant_t() { vt = VT_R4, fltVal = value; }
    _variant_t(double value, VARTYPE type = VT_R8) : _variant_t() { vt = type, dblVal = value; }
    _variant_t(bool value) noexcept : _variant_t()
    {
        vt = VT_BOOL, boolVal = value ? VARIANT_TRUE : VARIANT_FALSE;
    }
    _variant_t(BYTE value) noexcept : _variant_t() { vt = VT_UI1, bVal = value; }
    _variant_t(char value) noexcept : _variant_t() { vt = VT_I1, cVal = value; }
    _variant_t(unsigned short value) noexcept : _variant_t() { vt = VT_UI2, uiVal = value; }
    _variant_t(const CY &value) noexcept : _variant_t() { vt = VT_CY, cyVal = value; }
    _variant_t(const _bstr_t &text) : _variant_t() { vt = VT_BSTR, bstrVal = text.copy(); }
    _variant_t(const wchar_t *text) : _variant_t(_bstr_t(text)) {}
    _variant_t(const char *text) : _variant_t(_bstr_t(text)) {}
    _variant_t(IDispatch *object, bool counts = true) noexcept : _variant_t()
    {
        vt = VT_DISPATCH, pdispVal = object;
        if (object && counts)
            object->AddRef();
    }
    _variant_t(IUnknown *object, bool counts = true) noexcept : _variant_t()
    {
        vt = VT_UNKNOWN, punkVal = object;
        if (object && counts)
            object->AddRef();
    }

    _variant_t &operator=(const _variant_t &other)
    {
        Take(other);
        return *this;
    }
    _variant_t &operator=(const VARIANT &other)
    {
        Take(other);
        return *this;
    }
    template <class Other> _variant_t &operator=(const Other &other)
    {
        _variant_t made(other);
        Attach(made);
        return *this;
    }
    bool operator==(const VARIANT &other) const
    {
        const _variant_t theirs(other);
        if (vt != other.vt)
            return false;
        if (vt == VT_BSTR)
            return _bstr_t(bstrVal, true) == _bstr_t(other.bstrVal, true);
        return vt == VT_EMPTY || vt == VT_NULL || Bits() == theirs.Bits();
    }
    bool operator!=(const VARIANT &other) const { return !(*this == other); }

    operator short() const { return Changed(VT_I2).iVal; }
    operator int() const { return Changed(VT_I4).lVal; }
    operator long() const { return Changed(VT_I4).lVal; }
    operator unsigned() const { return Changed(VT_UI4).ulVal; }
    operator long long() const { return Changed(VT_I8).llVal; }
    operator double() const { return Changed(VT_R8).dblVal; }
    operator bool() const { return Changed(VT_BOOL).boolVal != VARIANT_FALSE; }
    operator _bstr_t() const { return _bstr_t(Changed(VT_BSTR).bstrVal, true); }
    operator IUnknown *() const
    {
        IUnknown *const object = Changed(VT_UNKNOWN).punkVal;
        if (object)
            object->AddRef();
        return object;
    }

    void Clear() { _com_util::CheckError(VariantClear(this)); }
    void ChangeType(VARTYPE type, const _variant_t *from = NULL)
    {
        _com_util::CheckError(
            VariantChangeType(this, const_cast<_variant_t *>(from ? from : this), 0, type));
    }
    void SetString(const char *text) { *this = text; }
    void Attach(VARIANT &other)
    {
        Clear();
        *static_cast<VARIANT *>(this) = other;
        other.vt = VT_EMPTY;
    }
    VARIANT Detach()
    {
        const VARIANT had = *this;
        vt = VT_EMPTY;
        return had;
    }
    VARIANT &GetVARIANT() noexcept { return *this; }
    VARIANT *GetAddress()
    {
        Clear();
        return this;
    }

  private:
    void Take(const VARIANT &other)
    {
        if (&other != this)
            _com_util::CheckError(VariantCopy(this, const_cast<VARIANT *>(&other)));
    }
    _variant_t Changed(VARTYPE type) const
    {
        _variant_t made;
        made.ChangeType(type, this);
        return made;
    }
    ULONGLONG Bits() const
    {
        switch (vt) {
        case VT_I1:
        case VT_UI1:
            return bVal;
        case VT_I2:
        case VT_UI2:
        case VT_BOOL:
            return uiVal;
        case VT_I4:
        case VT_UI4:
        case VT_INT:
        case VT_UINT:
        case VT_R4:
        case VT_ERROR:
            return ulVal;
        default:
            return ullVal;
        }
    }
};

inline _bstr_t::_bstr_t(const _variant_t &value) : m_Data(NULL)
{
    if (value.vt == VT_BSTR)
        *this = value.bstrVal;
    else
        *this = value.operator _bstr_t();
}

#endif
