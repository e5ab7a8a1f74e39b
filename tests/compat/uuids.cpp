/* SPDX-License-Identifier: MIT */
/* __uuidof of classes that carry their identifier in Microsoft's own form, __declspec(uuid("...")),
 * also behind MIDL_INTERFACE and DECLSPEC_UUID. */
#include <windows.h>

#include <atlbase.h>

#include "check.h"

struct __declspec(uuid("00000001-89ab-cdef-0123-456789abcdef")) IPlain : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE Do(int n) = 0;
};

class __declspec(uuid("{00000002-89AB-CDEF-0123-456789ABCDEF}")) Forward;

extern "C" {
MIDL_INTERFACE("00000003-89ab-cdef-0123-456789abcdef")
IMidl : public IUnknown
{
  public:
    virtual HRESULT STDMETHODCALLTYPE Get(BSTR * text) = 0;
};

class DECLSPEC_UUID("00000004-89ab-cdef-0123-456789abcdef") CoClass;
}

interface __declspec(uuid("00000005-89ab-cdef-0123-456789abcdef")) __declspec(novtable) IFull
    : public IUnknown
{
};

namespace outer
{
namespace
{
struct __declspec(novtable) __declspec(uuid("00000006-89ab-cdef-0123-456789abcdef")) INested
    : public IPlain {
};
} // namespace
} // namespace outer

class Around
{
  public:
    struct __declspec(uuid("00000007-89ab-cdef-0123-456789abcdef")) Inner {
        int n;
    };
    void Use()
    {
        int a[] = { 1, 2 };
        (void)a;
    }
};

typedef struct __declspec(uuid("00000008-89ab-cdef-0123-456789abcdef")) tagOld {
    int n;
} Old;

/* Known before, and said again. */
class __declspec(uuid("00000002-89ab-cdef-0123-456789abcdef")) Forward : public IPlain
{
  public:
    STDMETHOD(QueryInterface)(REFIID id, void **ret)
    {
        if (id != __uuidof(IPlain) && id != __uuidof(IUnknown))
            return E_NOINTERFACE;
        *ret = static_cast<IPlain *>(this);
        AddRef();
        return S_OK;
    }
    STDMETHOD_(ULONG, AddRef)() { return 2; }
    STDMETHOD_(ULONG, Release)() { return 1; }
    STDMETHOD(Do)(int n) { return n ? S_OK : S_FALSE; }
};

/* Without one of its own: its base's is not its. */
struct Derived : public IPlain {
};

template <class T> static bool Has(DWORD first)
{
    static const GUID rest = { 0, 0x89ab, 0xcdef, { 1, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef } };
    GUID expected = rest;

    expected.Data1 = first;
    return IsEqualGUID(__uuidof(T), expected) && IsEqualGUID(__uuidof(T *), expected);
}

int main()
{
    CHECK(Has<IPlain>(1));
    CHECK(Has<Forward>(2));
    CHECK(Has<IMidl>(3));
    CHECK(Has<CoClass>(4));
    CHECK(Has<IFull>(5));
    CHECK(Has<outer::INested>(6));
    CHECK(Has<Around::Inner>(7));
    CHECK(Has<Old>(8));
    CHECK(__uuidof(IUnknown) == IID_IUnknown);

    Forward object;
    IPlain *plain = &object;
    CComQIPtr<IPlain> found(&object);
    CComQIPtr<IMidl> none(&object);
    CHECK(found && !none && found->Do(1) == S_OK);
    CHECK(__uuidof(object) == __uuidof(Forward) && __uuidof(plain) == __uuidof(IPlain));
    return check_result();
}
