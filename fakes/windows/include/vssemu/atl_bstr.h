/* SPDX-License-Identifier: MIT */
/* ATL's owner of a BSTR (Learn: "CComBSTR Class"). Part of atlcomcli.h. It is as large as the
 * pointer, and printf of a CComBSTR works as with Microsoft's compiler (see atl_printf.h). */
#pragma once

#ifdef __cplusplus

namespace ATL
{

class CComBSTR
{
  public:
    BSTR m_str;

    CComBSTR() noexcept : m_str(NULL) {}
    CComBSTR(LPCOLESTR text) : m_str(Made(text)) {}
    CComBSTR(LPCSTR text) : m_str(Widened(text, text ? (int)strlen(text) : 0)) {}
    CComBSTR(int length) : m_str(Checked(SysAllocStringLen(NULL, (UINT)length))) {}
    CComBSTR(long length) : CComBSTR((int)length) {}
    CComBSTR(int length, LPCOLESTR text) : m_str(Checked(SysAllocStringLen(text, (UINT)length))) {}
    CComBSTR(int length, LPCSTR text) : m_str(Widened(text, length)) {}
    CComBSTR(REFGUID guid) : m_str(NULL)
    {
        OLECHAR text[64];
        StringFromGUID2(guid, text, 64);
        m_str = Made(text);
    }
    CComBSTR(const CComBSTR &other) : m_str(other.Copy()) {}
    CComBSTR(CComBSTR &&other) noexcept : m_str(other.Detach()) {}
    ~CComBSTR() { SysFreeString(m_str); }

    CComBSTR &operator=(const CComBSTR &other)
    {
        if (m_str != other.m_str)
            Attach(other.Copy());
        return *this;
    }
    CComBSTR &operator=(CComBSTR &&other) noexcept
    {
        if (m_str != other.m_str)
            Attach(other.Detach());
        return *this;
    }
    CComBSTR &operator=(LPCOLESTR text)
    {
        BSTR copy = Made(text); /* text may be part of this one */
        Attach(copy);
        return *this;
    }
    CComBSTR &operator=(LPCSTR text)
    {
        Attach(Widened(text, text ? (int)strlen(text) : 0));
        return *this;
    }

    operator BSTR() const noexcept { return m_str; }
    BSTR *operator&() noexcept { return &m_str; }
    bool operator!() const noexcept { return m_str == NULL; }

    bool operator==(const CComBSTR &other) const { return Compare(other) == 0; }
    bool operator==(LPCOLESTR other) const { return Compare(other) == 0; }
    bool operator==(LPOLESTR other) const { return Compare(other) == 0; }
    bool operator==(LPCSTR other) const { return Compare(CComBSTR(other)) == 0; }
    bool operator==(int) const noexcept { return m_str == NULL; }
    bool operator==(long) const noexcept { return m_str == NULL; }
    template <class Other> bool operator!=(const Other &other) const { return !(*this == other); }
    bool operator<(const CComBSTR &other) const { return Compare(other) < 0; }
    bool operator<(LPCOLESTR other) const { return Compare(other) < 0; }
    bool operator>(const CComBSTR &other) const { return Compare(other) > 0; }
    bool operator>(LPCOLESTR other) const { return Compare(other) > 0; }

    CComBSTR &operator+=(const CComBSTR &other)
    {
        AtlOrThrow(Append(other));
        return *this;
    }
    CComBSTR &operator+=(LPCOLESTR text)
    {
        AtlOrThrow(Append(text));
        return *this;
    }

    unsigned Length() const noexcept { return SysStringLen(m_str); }
    unsigned ByteLength() const noexcept { return SysStringByteLen(m_str); }
    BSTR Copy() const
    {
        return m_str ? SysAllocStringByteLen((const char *)m_str, SysStringByteLen(m_str)) : NULL;
    }
    HRESULT CopyTo(BSTR *ret) const
    {
        if (!ret)
            return E_POINTER;
        *ret = Copy();
        return m_str && !*ret ? E_OUTOFMEMORY : S_OK;
    }
    HRESULT CopyTo(VARIANT *ret) const
    {
        if (!ret)
            return E_POINTER;
        V_VT(ret) = VT_BSTR;
        V_BSTR(ret) = Copy();
        return S_OK;
    }
    void Attach(BSTR text) noexcept
    {
        if (m_str == text)
            return;
        SysFreeString(m_str);
        m_str = text;
    }
    BSTR Detach() noexcept
    {
        BSTR text = m_str;
        m_str = NULL;
        return text;
    }
    void Empty() noexcept { Attach(NULL); }
    HRESULT AssignBSTR(const BSTR text)
    {
        Attach(text ? SysAllocStringLen(text, SysStringLen(text)) : NULL);
        return text && !m_str ? E_OUTOFMEMORY : S_OK;
    }

    HRESULT Append(LPCOLESTR text) { return text ? Append(text, (int)wcslen(text)) : E_INVALIDARG; }
    HRESULT Append(const CComBSTR &other) { return Append(other.m_str, (int)other.Length()); }
    HRESULT Append(LPCSTR text) { return Append(CComBSTR(text)); }
    HRESULT Append(char c)
    {
        const wchar_t wide = (unsigned char)c;
        return Append(&wide, 1);
    }
    HRESULT Append(wchar_t c) { return Append(&c, 1); }
    HRESULT AppendBSTR(BSTR text) { return text ? Append(text, (int)SysStringLen(text)) : S_OK; }
    HRESULT AppendBytes(const char *text, int length) { return Append(CComBSTR(length, text)); }
    HRESULT Append(LPCOLESTR text, int length)
    {
        const unsigned mine = Length();
        if (!text || !length)
            return S_OK;
        BSTR both = SysAllocStringLen(NULL, mine + (unsigned)length);
        if (!both)
            return E_OUTOFMEMORY;
        wmemcpy(both, m_str ? m_str : L"", mine);
        wmemcpy(both + mine, text, (size_t)length);
        Attach(both);
        return S_OK;
    }
    HRESULT ToLower()
    {
        for (unsigned i = 0; i < Length(); i++)
            m_str[i] = (wchar_t)towlower(m_str[i]);
        return S_OK;
    }
    HRESULT ToUpper()
    {
        for (unsigned i = 0; i < Length(); i++)
            m_str[i] = (wchar_t)towupper(m_str[i]);
        return S_OK;
    }

  private:
    static BSTR Checked(BSTR text)
    {
        if (!text)
            AtlThrow(E_OUTOFMEMORY);
        return text;
    }
    static void AtlOrThrow(HRESULT hr)
    {
        if (FAILED(hr))
            AtlThrow(hr);
    }
    static BSTR Made(LPCOLESTR text) { return text ? Checked(SysAllocString(text)) : NULL; }
    static BSTR Widened(LPCSTR text, int n)
    {
        if (!text)
            return NULL;
        const int length = n ? MultiByteToWideChar(CP_ACP, 0, text, n, NULL, 0) : 0;
        BSTR wide = Checked(SysAllocStringLen(NULL, (UINT)length));
        if (length)
            MultiByteToWideChar(CP_ACP, 0, text, n, wide, length);
        return wide;
    }
    /* By characters, also behind a NUL; no text is an empty one. */
    int Compare(const CComBSTR &other) const
    {
        const unsigned mine = Length(), theirs = other.Length();
        const int order = wmemcmp(m_str ? m_str : L"", other.m_str ? other.m_str : L"",
                                  mine < theirs ? mine : theirs);
        return order ? order : mine < theirs ? -1 : mine > theirs;
    }
    int Compare(LPCOLESTR other) const { return wcscmp(m_str ? m_str : L"", other ? other : L""); }
};

} // namespace ATL

#endif
