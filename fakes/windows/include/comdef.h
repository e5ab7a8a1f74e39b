/* SPDX-License-Identifier: MIT */
/* The compiler's support for COM (Learn: "Compiler COM Support Classes"): _com_error, with _bstr_t,
 * _variant_t and _com_ptr_t. There is no #import here: use widl for the header, and
 * _COM_SMARTPTR_TYPEDEF for the pointers. */
#pragma once

#ifdef __cplusplus

#include <comip.h>
#include <comutil.h>
#include <olectl.h>
#include <stdio.h>

class _com_error
{
  public:
    _com_error(HRESULT hr, IErrorInfo *info = NULL, bool counts = false) noexcept
        : m_hresult(hr), m_perrinfo(info), m_pszMsg(NULL)
    {
        if (info && counts)
            info->AddRef();
    }
    _com_error(const _com_error &other) noexcept
        : _com_error(other.m_hresult, other.m_perrinfo, true)
    {
    }
    virtual ~_com_error() noexcept
    {
        if (m_perrinfo)
            m_perrinfo->Release();
        LocalFree(m_pszMsg);
    }
    _com_error &operator=(const _com_error &other) noexcept
    {
        if (this != &other) {
            this->~_com_error();
            new (this) _com_error(other);
        }
        return *this;
    }
    HRESULT Error() const noexcept { return m_hresult; }
    /* The 16-bit code of an IDispatch error, else 0. */
    WORD WCode() const noexcept
    {
        const HRESULT first = MAKE_HRESULT(SEVERITY_ERROR, FACILITY_ITF, 0x200),
                      last = MAKE_HRESULT(SEVERITY_ERROR, FACILITY_ITF + 1, 0) - 1;
        return m_hresult >= first && m_hresult <= last ? (WORD)(m_hresult - first) : 0;
    }
    IErrorInfo *ErrorInfo() const noexcept
    {
        if (m_perrinfo)
            m_perrinfo->AddRef();
        return m_perrinfo;
    }
    _bstr_t Description() const { return Asked(&IErrorInfo::GetDescription); }
    _bstr_t Source() const { return Asked(&IErrorInfo::GetSource); }
    _bstr_t HelpFile() const { return Asked(&IErrorInfo::GetHelpFile); }
    DWORD HelpContext() const noexcept
    {
        DWORD context = 0;
        if (m_perrinfo)
            m_perrinfo->GetHelpContext(&context);
        return context;
    }
    GUID GUID_() const noexcept
    {
        GUID id = {};
        if (m_perrinfo)
            m_perrinfo->GetGUID(&id);
        return id;
    }
    /* Windows's text of the code, without its line end. */
    const TCHAR *ErrorMessage() const noexcept
    {
        if (m_pszMsg)
            return m_pszMsg;
        size_t n = FormatMessage(FORMAT_MESSAGE_ALLOCATE_BUFFER | FORMAT_MESSAGE_FROM_SYSTEM |
                                     FORMAT_MESSAGE_IGNORE_INSERTS,
                                 NULL, (DWORD)m_hresult, 0, (LPTSTR)&m_pszMsg, 0, NULL);
        if (n) {
            while (n && (m_pszMsg[n - 1] == '\n' || m_pszMsg[n - 1] == '\r'))
                m_pszMsg[--n] = 0;
            return m_pszMsg;
        }
        m_pszMsg = (TCHAR *)LocalAlloc(LMEM_FIXED, 32 * sizeof(TCHAR));
        if (m_pszMsg && WCode())
            wsprintf(m_pszMsg, TEXT("IDispatch error #%d"), (int)WCode());
        else if (m_pszMsg)
            wsprintf(m_pszMsg, TEXT("Unknown error 0x%0lX"), m_hresult);
        return m_pszMsg;
    }

  private:
    template <class Question> _bstr_t Asked(Question question) const
    {
        BSTR text = NULL;
        if (m_perrinfo)
            (m_perrinfo->*question)(&text);
        return _bstr_t(text, false);
    }

    HRESULT m_hresult;
    IErrorInfo *m_perrinfo;
    mutable TCHAR *m_pszMsg;
};

inline void WINAPI _com_raise_error(HRESULT hr, IErrorInfo *info = NULL)
{
    throw _com_error(hr, info);
}
inline void WINAPI _com_issue_error(HRESULT hr)
{
    throw _com_error(hr);
}
inline void WINAPI _com_issue_errorex(HRESULT hr, IUnknown *, REFIID)
{
    throw _com_error(hr);
}

#define _COM_SMARTPTR        _com_ptr_t
#define _COM_SMARTPTR_LEVEL2 _com_IIID
#define _COM_SMARTPTR_TYPEDEF(itf, iid) \
    typedef _COM_SMARTPTR<_COM_SMARTPTR_LEVEL2<itf, &iid>> itf##Ptr

_COM_SMARTPTR_TYPEDEF(IUnknown, __uuidof(IUnknown));
_COM_SMARTPTR_TYPEDEF(IDispatch, __uuidof(IDispatch));
_COM_SMARTPTR_TYPEDEF(IClassFactory, __uuidof(IClassFactory));
_COM_SMARTPTR_TYPEDEF(IStream, __uuidof(IStream));
_COM_SMARTPTR_TYPEDEF(IStorage, __uuidof(IStorage));
_COM_SMARTPTR_TYPEDEF(IPersist, __uuidof(IPersist));
_COM_SMARTPTR_TYPEDEF(IErrorInfo, __uuidof(IErrorInfo));

#endif
