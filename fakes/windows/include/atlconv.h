/* SPDX-License-Identifier: MIT */
/* ATL's conversions between narrow and wide text (Learn: "ATL and MFC String Conversion Macros"):
 * the classes CA2W, CW2A and so on, which own their text, and the older macros, whose text lives in
 * the frame of the calling function. Narrow is CP_ACP unless a page is given. OLE is W; T is W or
 * A, as _UNICODE says. */
#pragma once

#ifdef __cplusplus

#include <atldef.h>
#include <alloca.h>
#include <stdlib.h>

namespace ATL
{

/* Text that owns itself: in the object up to n characters, else in memory. */
template <class C, int n> class vssemu_atl_text_
{
  public:
    C *m_psz;

    vssemu_atl_text_(const vssemu_atl_text_ &) = delete;
    vssemu_atl_text_ &operator=(const vssemu_atl_text_ &) = delete;

  protected:
    C m_szBuffer[n];

    vssemu_atl_text_() : m_psz(NULL) {}
    ~vssemu_atl_text_()
    {
        if (m_psz != m_szBuffer)
            free(m_psz);
    }
    C *Room(size_t size)
    {
        m_psz = size <= n ? m_szBuffer : static_cast<C *>(malloc(size * sizeof(C)));
        if (!m_psz)
            AtlThrow(E_OUTOFMEMORY);
        return m_psz;
    }
    template <class From> void Copy(const From *text)
    {
        size_t length = 0;
        if (!text)
            return;
        while (text[length])
            length++;
        memcpy(Room(length + 1), text, (length + 1) * sizeof(C));
    }
    void Widen(LPCSTR text, UINT page)
    {
        if (!text)
            return;
        const int size = MultiByteToWideChar(page, 0, text, -1, NULL, 0);
        if (!size || !MultiByteToWideChar(page, 0, text, -1, (LPWSTR)Room((size_t)size), size))
            AtlThrowLastWin32();
    }
    void Narrow(LPCWSTR text, UINT page)
    {
        if (!text)
            return;
        const int size = WideCharToMultiByte(page, 0, text, -1, NULL, 0, NULL, NULL);
        if (!size ||
            !WideCharToMultiByte(page, 0, text, -1, (LPSTR)Room((size_t)size), size, NULL, NULL))
            AtlThrowLastWin32();
    }
};

template <int n = 128> class CA2WEX : public vssemu_atl_text_<WCHAR, n>
{
  public:
    CA2WEX(LPCSTR text, UINT page = CP_ACP) { this->Widen(text, page); }
    operator LPWSTR() const noexcept { return this->m_psz; }
};
template <int n = 128> class CW2AEX : public vssemu_atl_text_<CHAR, n>
{
  public:
    CW2AEX(LPCWSTR text, UINT page = CP_ACP) { this->Narrow(text, page); }
    operator LPSTR() const noexcept { return this->m_psz; }
};
template <int n = 128> class CA2AEX : public vssemu_atl_text_<CHAR, n>
{
  public:
    CA2AEX(LPCSTR text, UINT = CP_ACP) { this->Copy(text); }
    operator LPSTR() const noexcept { return this->m_psz; }
};
template <int n = 128> class CW2WEX : public vssemu_atl_text_<WCHAR, n>
{
  public:
    CW2WEX(LPCWSTR text, UINT = CP_ACP) { this->Copy(text); }
    operator LPWSTR() const noexcept { return this->m_psz; }
};

/* Nothing to convert: the text itself. */
class CA2CA
{
  public:
    LPCSTR m_psz;
    CA2CA(LPCSTR text, UINT = CP_ACP) : m_psz(text) {}
    operator LPCSTR() const noexcept { return m_psz; }
};
class CW2CW
{
  public:
    LPCWSTR m_psz;
    CW2CW(LPCWSTR text, UINT = CP_ACP) : m_psz(text) {}
    operator LPCWSTR() const noexcept { return m_psz; }
};

typedef CA2WEX<> CA2W;
typedef CW2AEX<> CW2A;
typedef CA2AEX<> CA2A;
typedef CW2WEX<> CW2W;

#define CA2CW CA2W
#define CW2CA CW2A
#ifdef _UNICODE
#define CA2T   CA2W
#define CA2TEX CA2WEX
#define CA2CT  CA2W
#define CT2A   CW2A
#define CT2AEX CW2AEX
#define CT2CA  CW2A
#define CW2T   CW2W
#define CW2TEX CW2WEX
#define CW2CT  CW2CW
#define CT2W   CW2W
#define CT2WEX CW2WEX
#define CT2CW  CW2CW
#else
#define CA2T   CA2A
#define CA2TEX CA2AEX
#define CA2CT  CA2CA
#define CT2A   CA2A
#define CT2AEX CA2AEX
#define CT2CA  CA2CA
#define CW2T   CW2A
#define CW2TEX CW2AEX
#define CW2CT  CW2A
#define CT2W   CA2W
#define CT2WEX CA2WEX
#define CT2CW  CA2W
#endif
#define COLE2W  CW2W
#define COLE2CW CW2CW
#define COLE2T  CW2T
#define COLE2CT CW2CT
#define COLE2A  CW2A
#define CW2OLE  CW2W
#define CW2COLE CW2CW
#define CT2OLE  CT2W
#define CT2COLE CT2CW
#define CA2OLE  CA2W
#define CA2COLE CA2W

inline LPWSTR AtlA2WHelper(LPWSTR to, LPCSTR text, int size, UINT page) noexcept
{
    if (!to || !text)
        return NULL;
    *to = 0;
    return MultiByteToWideChar(page, 0, text, -1, to, size) ? to : NULL;
}
inline LPSTR AtlW2AHelper(LPSTR to, LPCWSTR text, int size, UINT page) noexcept
{
    if (!to || !text)
        return NULL;
    *to = 0;
    return WideCharToMultiByte(page, 0, text, -1, to, size, NULL, NULL) ? to : NULL;
}

inline LPOLESTR W2OLE(LPWSTR text)
{
    return text;
}
inline LPWSTR OLE2W(LPOLESTR text)
{
    return text;
}
inline LPCOLESTR W2COLE(LPCWSTR text)
{
    return text;
}
inline LPCWSTR OLE2CW(LPCOLESTR text)
{
    return text;
}
#ifdef _UNICODE
inline LPOLESTR T2OLE(LPWSTR text)
{
    return text;
}
inline LPWSTR OLE2T(LPOLESTR text)
{
    return text;
}
inline LPWSTR T2W(LPWSTR text)
{
    return text;
}
inline LPWSTR W2T(LPWSTR text)
{
    return text;
}
inline LPCOLESTR T2COLE(LPCWSTR text)
{
    return text;
}
inline LPCWSTR OLE2CT(LPCOLESTR text)
{
    return text;
}
inline LPCWSTR T2CW(LPCWSTR text)
{
    return text;
}
inline LPCWSTR W2CT(LPCWSTR text)
{
    return text;
}
#endif
inline BSTR W2BSTR(LPCWSTR text)
{
    return text ? SysAllocString(text) : NULL;
}
inline BSTR OLE2BSTR(LPCOLESTR text)
{
    return W2BSTR(text);
}
inline BSTR A2BSTR(LPCSTR text)
{
    return text ? SysAllocString(CA2W(text)) : NULL;
}
inline BSTR T2BSTR(LPCTSTR text)
{
#ifdef _UNICODE
    return W2BSTR(text);
#else
    return A2BSTR(text);
#endif
}

} // namespace ATL

#define USES_CONVERSION                          \
    int _convert __attribute__((unused)) = 0;    \
    UINT _acp __attribute__((unused)) = CP_ACP;  \
    LPCWSTR _lpw __attribute__((unused)) = NULL; \
    LPCSTR _lpa __attribute__((unused)) = NULL
#define A2W(lpa)                                                                                   \
    (((_lpa = lpa) == NULL) ? NULL                                                                 \
                            : (_convert = (int)strlen(_lpa) + 1,                                   \
                               ATL::AtlA2WHelper((LPWSTR)alloca((size_t)_convert * sizeof(WCHAR)), \
                                                 _lpa, _convert, _acp)))
#define W2A(lpw)                                    \
    (((_lpw = lpw) == NULL)                         \
         ? NULL                                     \
         : (_convert = ((int)wcslen(_lpw) + 1) * 4, \
            ATL::AtlW2AHelper((LPSTR)alloca((size_t)_convert), _lpw, _convert, _acp)))
#define A2CW(lpa)          ((LPCWSTR)A2W(lpa))
#define W2CA(lpw)          ((LPCSTR)W2A(lpw))
#define A2OLE              A2W
#define A2COLE             A2CW
#define OLE2A              W2A
#define OLE2CA             W2CA
#define USES_CONVERSION_EX USES_CONVERSION
#define A2W_EX(lpa, n)     A2W(lpa)
#define W2A_EX(lpw, n)     W2A(lpw)
#define A2CW_EX(lpa, n)    A2CW(lpa)
#define W2CA_EX(lpw, n)    W2CA(lpw)
#ifdef _UNICODE
#define A2T            A2W
#define A2CT           A2CW
#define T2A            W2A
#define T2CA           W2CA
#define A2T_EX(lpa, n) A2W(lpa)
#define T2A_EX(lpw, n) W2A(lpw)
#define T2W_EX(lpt, n) (lpt)
#define W2T_EX(lpw, n) (lpw)
#else
#define T2W            A2W
#define T2CW           A2CW
#define T2OLE          A2W
#define T2COLE         A2CW
#define W2T            W2A
#define W2CT           W2CA
#define OLE2T          W2A
#define OLE2CT         W2CA
#define A2T(lpa)       (lpa)
#define A2CT(lpa)      (lpa)
#define T2A(lpt)       (lpt)
#define T2CA(lpt)      (lpt)
#define A2T_EX(lpa, n) (lpa)
#define T2A_EX(lpt, n) (lpt)
#define T2W_EX(lpt, n) A2W(lpt)
#define W2T_EX(lpw, n) W2A(lpw)
#endif

#ifndef _ATL_NO_AUTOMATIC_NAMESPACE
using namespace ATL;
#endif

#endif
