/* SPDX-License-Identifier: MIT */
/* An interface of the throwing provider, for the program that loads it. */
#pragma once

#include <windows.h>

/* {e5ce9710-7a0b-4d5c-9f0e-0123456789ab}, also the class and the provider */
static const GUID IID_IThrow = {
    0xe5ce9710, 0x7a0b, 0x4d5c, { 0x9f, 0x0e, 0x01, 0x23, 0x45, 0x67, 0x89, 0xab }
};

struct IThrow : IUnknown {
    /* Throws a std::wstring, which never comes back as a result. */
    virtual HRESULT STDMETHODCALLTYPE Throw(const WCHAR *text) = 0;
    /* From which method of a set on the provider throws: 0 none, 1 EndPrepareSnapshots. */
    virtual HRESULT STDMETHODCALLTYPE SetThrowing(int what) = 0;
};
