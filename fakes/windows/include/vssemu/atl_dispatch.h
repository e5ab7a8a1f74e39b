/* SPDX-License-Identifier: MIT */
/* ATL's implementations of common interfaces (Learn: "IDispatchImpl Class",
 * "ISupportErrorInfoImpl Class"). Part of atlcom.h. */
#pragma once

#ifdef __cplusplus

namespace ATL
{

/* There are no type libraries here, so what needs one answers as where none is registered. */
template <class T, const IID *piid = &__uuidof(T), const GUID *plibid = NULL, WORD major = 1,
          WORD minor = 0, class tihclass = void>
class IDispatchImpl : public T
{
  public:
    STDMETHOD(GetTypeInfoCount)(UINT *ret)
    {
        if (!ret)
            return E_POINTER;
        *ret = 1;
        return S_OK;
    }
    STDMETHOD(GetTypeInfo)(UINT, LCID, ITypeInfo **ret)
    {
        if (ret)
            *ret = NULL;
        return TYPE_E_CANTLOADLIBRARY;
    }
    STDMETHOD(GetIDsOfNames)(REFIID, LPOLESTR *, UINT, LCID, DISPID *)
    {
        return TYPE_E_CANTLOADLIBRARY;
    }
    STDMETHOD(Invoke)
    (DISPID, REFIID, LCID, WORD, DISPPARAMS *, VARIANT *, EXCEPINFO *, UINT *)
    {
        return TYPE_E_CANTLOADLIBRARY;
    }
};

template <const IID *piid> class ISupportErrorInfoImpl : public ISupportErrorInfo
{
  public:
    STDMETHOD(InterfaceSupportsErrorInfo)(REFIID iid)
    {
        return InlineIsEqualGUID(iid, *piid) ? S_OK : S_FALSE;
    }
};

} // namespace ATL

#endif
