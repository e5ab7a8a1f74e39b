/* SPDX-License-Identifier: MIT */
/* What the server in server.cpp and its client agree on. Written by hand as midl would. */
#pragma once

#include <windows.h>
#include <ole2.h>
#include <string>

MIDL_INTERFACE("9a3c1f60-5c1e-4a0b-9d7f-0c7b1d2e3f40")
ICounter : public IUnknown
{
    virtual HRESULT STDMETHODCALLTYPE Add(LONG n, LONG * ret_sum) = 0;
    virtual HRESULT STDMETHODCALLTYPE Fail(BSTR text) = 0; /* throws a std::wstring */
};
__CRT_UUID_DECL(ICounter, 0x9a3c1f60, 0x5c1e, 0x4a0b, 0x9d, 0x7f, 0x0c, 0x7b, 0x1d, 0x2e, 0x3f,
                0x40)

MIDL_INTERFACE("9a3c1f61-5c1e-4a0b-9d7f-0c7b1d2e3f40")
INamed : public IUnknown
{
    virtual HRESULT STDMETHODCALLTYPE GetName(BSTR * ret_name) = 0;
};
__CRT_UUID_DECL(INamed, 0x9a3c1f61, 0x5c1e, 0x4a0b, 0x9d, 0x7f, 0x0c, 0x7b, 0x1d, 0x2e, 0x3f, 0x40)

class Counter; /* the class's name, as midl writes it */
__CRT_UUID_DECL(Counter, 0x9a3c1f62, 0x5c1e, 0x4a0b, 0x9d, 0x7f, 0x0c, 0x7b, 0x1d, 0x2e, 0x3f, 0x40)
EXTERN_C const CLSID CLSID_Counter;
