/* SPDX-License-Identifier: MIT */
/* Wine's unknwn.h, with the template that Microsoft's IUnknown has for C++: p->QueryInterface(&q)
 * asks for q's own interface. It may be included again in its own middle, because windows.h brings
 * it in. */
#include <windows.h>
#include <ole2.h>
#include <wtypes.h>

#if defined(__cplusplus) && !defined(CINTERFACE) && !defined(__IUnknown_INTERFACE_DEFINED__)
#define __IUnknown_INTERFACE_DEFINED__
#ifndef __IUnknown_FWD_DEFINED__
#define __IUnknown_FWD_DEFINED__
interface IUnknown;
#endif
typedef IUnknown *LPUNKNOWN;
DEFINE_GUID(IID_IUnknown, 0x00000000, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
            0x46);
extern "C++" {
interface IUnknown
{
    virtual HRESULT STDMETHODCALLTYPE QueryInterface(REFIID riid, void **ppvObject) = 0;
    virtual ULONG STDMETHODCALLTYPE AddRef() = 0;
    virtual ULONG STDMETHODCALLTYPE Release() = 0;
    template <class Q> HRESULT STDMETHODCALLTYPE QueryInterface(Q **pp)
    {
        return QueryInterface(__uuidof(Q), reinterpret_cast<void **>(pp));
    }
};
}
__CRT_UUID_DECL(IUnknown, 0x00000000, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
                0x46)
#endif
#include_next <unknwn.h>
