/* SPDX-License-Identifier: MIT */
/* The part of CString that owns the text (Learn: "CSimpleStringT Class"). Part of cstringt.h. */
#pragma once

#ifdef __cplusplus

namespace ATL
{

/* In memory before the first character. */
struct CStringData {
    int nDataLength;  /* without the end */
    int nAllocLength; /* room for as many, without the end */
};

template <class BaseType> class CSimpleStringT
{
    typedef ChTraitsCRT<BaseType> traits;

  public:
    typedef typename traits::XCHAR XCHAR;
    typedef XCHAR *PXSTR;
    typedef const XCHAR *PCXSTR;

    CSimpleStringT() noexcept : m_pszData(Empty_()) {}
    CSimpleStringT(const CSimpleStringT &other) : CSimpleStringT() { *this = other; }
    CSimpleStringT(CSimpleStringT &&other) noexcept : m_pszData(other.m_pszData)
    {
        other.m_pszData = Empty_();
    }
    CSimpleStringT(PCXSTR text) : CSimpleStringT() { SetString(text); }
    CSimpleStringT(PCXSTR text, int n) : CSimpleStringT() { SetString(text, n); }
    ~CSimpleStringT() noexcept { Free(); }

    CSimpleStringT &operator=(const CSimpleStringT &other)
    {
        if (this != &other)
            SetString(other.m_pszData, other.GetLength());
        return *this;
    }
    CSimpleStringT &operator=(CSimpleStringT &&other) noexcept
    {
        PXSTR const old = m_pszData;
        m_pszData = other.m_pszData;
        other.m_pszData = old;
        return *this;
    }
    CSimpleStringT &operator=(PCXSTR text)
    {
        SetString(text);
        return *this;
    }

    int GetLength() const noexcept { return Data()->nDataLength; }
    int GetAllocLength() const noexcept { return Data()->nAllocLength; }
    bool IsEmpty() const noexcept { return GetLength() == 0; }
    PCXSTR GetString() const noexcept { return m_pszData; }
    operator PCXSTR() const noexcept { return m_pszData; }
    XCHAR operator[](int i) const { return GetAt(i); }
    XCHAR GetAt(int i) const
    {
        Require(i >= 0 && i <= GetLength()); /* the end may be read */
        return m_pszData[i];
    }
    void SetAt(int i, XCHAR c)
    {
        Require(i >= 0 && i < GetLength());
        m_pszData[i] = c;
    }
    void Empty() noexcept
    {
        Free();
        m_pszData = Empty_();
    }

    void SetString(PCXSTR text) { SetString(text, traits::Length(text)); }
    void SetString(PCXSTR text, int n)
    {
        if (n == 0) {
            Empty();
            return;
        }
        Require(text != NULL && n > 0);
        if (text >= m_pszData && text <= m_pszData + GetLength()) { /* of itself */
            memmove(m_pszData, text, (size_t)n * sizeof(XCHAR));
        } else {
            Grow(n);
            memcpy(m_pszData, text, (size_t)n * sizeof(XCHAR));
        }
        SetLength(n);
    }
    void Append(PCXSTR text) { Append(text, traits::Length(text)); }
    void Append(const CSimpleStringT &other) { Append(other.m_pszData, other.GetLength()); }
    void Append(PCXSTR text, int n)
    {
        const int mine = GetLength();
        const bool is_own = text >= m_pszData && text <= m_pszData + mine;
        const size_t at = is_own ? (size_t)(text - m_pszData) : 0;
        if (n <= 0)
            return;
        Require(n <= INT_MAX - mine);
        Grow(mine + n);
        memcpy(m_pszData + mine, is_own ? m_pszData + at : text, (size_t)n * sizeof(XCHAR));
        SetLength(mine + n);
    }
    void AppendChar(XCHAR c) { Append(&c, 1); }
    void Truncate(int n)
    {
        Require(n >= 0 && n <= GetLength());
        if (n < GetLength())
            SetLength(n);
    }
    void Preallocate(int n) { Grow(n); }
    void FreeExtra() {}

    PXSTR GetBuffer() { return GetBuffer(GetLength()); }
    PXSTR GetBuffer(int n)
    {
        Grow(n > GetLength() ? n : GetLength());
        return m_pszData;
    }
    PXSTR GetBufferSetLength(int n)
    {
        PXSTR const buffer = GetBuffer(n);
        SetLength(n);
        return buffer;
    }
    void ReleaseBuffer(int n = -1)
    {
        if (n < 0) {
            n = 0;
            while (n < GetAllocLength() && m_pszData[n])
                n++;
        }
        ReleaseBufferSetLength(n);
    }
    void ReleaseBufferSetLength(int n)
    {
        Require(n >= 0 && n <= GetAllocLength());
        if (n != GetLength() || m_pszData[n])
            SetLength(n);
    }
    PXSTR LockBuffer() { return GetBuffer(); }
    void UnlockBuffer() {}
    static int StringLength(PCXSTR text) { return traits::Length(text); }
    static void CopyChars(XCHAR *to, const XCHAR *from, int n)
    {
        memcpy(to, from, (size_t)n * sizeof(XCHAR));
    }

  protected:
    static void Require(bool condition)
    {
        if (!condition)
            AtlThrow(E_INVALIDARG);
    }

  private:
    /* All empty strings that own nothing point here. */
    struct nothing {
        CStringData data;
        XCHAR end[4];
    };
    static PXSTR Empty_() noexcept
    {
        static nothing none = {};
        return none.end;
    }
    CStringData *Data() const noexcept { return reinterpret_cast<CStringData *>(m_pszData) - 1; }
    void SetLength(int n)
    {
        if (m_pszData == Empty_())
            return;
        Data()->nDataLength = n;
        m_pszData[n] = 0;
    }
    void Free() noexcept
    {
        if (m_pszData != Empty_())
            free(Data());
    }
    /* Room for n characters, of its own; what is there stays. */
    void Grow(int n)
    {
        const bool is_new = m_pszData == Empty_();
        Require(n >= 0);
        if (is_new ? n == 0 : n <= GetAllocLength())
            return;
        const int room = n < INT_MAX / 2 && !is_new ? n + n / 2 : n;
        CStringData *const data = static_cast<CStringData *>(realloc(
            is_new ? NULL : Data(), sizeof(CStringData) + ((size_t)room + 1) * sizeof(XCHAR)));
        if (!data)
            AtlThrow(E_OUTOFMEMORY);
        data->nAllocLength = room;
        m_pszData = reinterpret_cast<PXSTR>(data + 1);
        if (is_new)
            SetLength(0);
    }

    PXSTR m_pszData;
};

} // namespace ATL

#endif
