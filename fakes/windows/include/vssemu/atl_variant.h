/* SPDX-License-Identifier: MIT */
/* ATL's owner of a VARIANT (Learn: "CComVariant Class"). Part of atlcomcli.h. long counts as
 * Windows's, which has 32 bits. */
#pragma once

#ifdef __cplusplus

namespace ATL
{

class CComVariant : public tagVARIANT
{
  public:
    CComVariant() noexcept { VariantInit(this); }
    ~CComVariant() noexcept { VariantClear(this); }
    CComVariant(const VARIANT &other) : CComVariant() { InternalCopy(&other); }
    CComVariant(const CComVariant &other) : CComVariant() { InternalCopy(&other); }
    CComVariant(LPCOLESTR text) : CComVariant() { SetText(CComBSTR(text)); }
    CComVariant(LPCSTR text) : CComVariant() { SetText(CComBSTR(text)); }
    CComVariant(const CComBSTR &text) : CComVariant() { SetText(CComBSTR(text)); }
    CComVariant(bool value) : CComVariant() { SetBool(value); }
    CComVariant(int value, VARTYPE type = VT_I4) : CComVariant() { SetInt(value, type); }
    CComVariant(long value, VARTYPE type = VT_I4) : CComVariant() { SetInt((int)value, type); }
    CComVariant(BYTE value) : CComVariant() { vt = VT_UI1, bVal = value; }
    CComVariant(char value) : CComVariant() { vt = VT_I1, cVal = value; }
    CComVariant(short value) : CComVariant() { vt = VT_I2, iVal = value; }
    CComVariant(unsigned short value) : CComVariant() { vt = VT_UI2, uiVal = value; }
    CComVariant(unsigned value, VARTYPE type = VT_UI4) : CComVariant() { vt = type, ulVal = value; }
    CComVariant(unsigned long value) : CComVariant() { vt = VT_UI4, ulVal = (ULONG)value; }
    CComVariant(long long value) : CComVariant() { vt = VT_I8, llVal = value; }
    CComVariant(unsigned long long value) : CComVariant() { vt = VT_UI8, ullVal = value; }
    CComVariant(float value) : CComVariant() { vt = VT_R4, fltVal = value; }
    CComVariant(double value, VARTYPE type = VT_R8) : CComVariant() { vt = type, dblVal = value; }
    CComVariant(const CY &value) : CComVariant() { vt = VT_CY, cyVal = value; }
    CComVariant(IDispatch *object) : CComVariant()
    {
        vt = VT_DISPATCH, pdispVal = object;
        if (object)
            object->AddRef();
    }
    CComVariant(IUnknown *object) : CComVariant()
    {
        vt = VT_UNKNOWN, punkVal = object;
        if (object)
            object->AddRef();
    }

    CComVariant &operator=(const CComVariant &other)
    {
        if (this != &other)
            InternalCopy(&other);
        return *this;
    }
    CComVariant &operator=(const VARIANT &other)
    {
        if (static_cast<VARIANT *>(this) != &other)
            InternalCopy(&other);
        return *this;
    }
    template <class Other> CComVariant &operator=(const Other &other)
    {
        CComVariant made(other);
        Attach(&made);
        return *this;
    }

    bool operator==(const VARIANT &other) const
    {
        if (vt != other.vt)
            return false;
        switch (vt) {
        case VT_EMPTY:
        case VT_NULL:
            return true;
        case VT_BSTR:
            return SysStringByteLen(bstrVal) == SysStringByteLen(other.bstrVal) &&
                   memcmp(bstrVal ? bstrVal : L"", other.bstrVal ? other.bstrVal : L"",
                          SysStringByteLen(bstrVal)) == 0;
        case VT_I1:
        case VT_UI1:
            return bVal == other.bVal;
        case VT_I2:
        case VT_UI2:
        case VT_BOOL:
            return uiVal == other.uiVal;
        case VT_I8:
        case VT_UI8:
        case VT_CY:
            return ullVal == other.ullVal;
        case VT_R4:
            return fltVal == other.fltVal;
        case VT_R8:
        case VT_DATE:
            return dblVal == other.dblVal;
        case VT_DISPATCH:
        case VT_UNKNOWN:
            return punkVal == other.punkVal;
        default:
            return ulVal == other.ulVal;
        }
    }
    bool operator!=(const VARIANT &other) const { return !(*this == other); }

    HRESULT Clear() { return VariantClear(this); }
    HRESULT Copy(const VARIANT *other) { return VariantCopy(this, const_cast<VARIANT *>(other)); }
    HRESULT CopyTo(BSTR *ret) const
    {
        if (!ret || vt != VT_BSTR)
            return ret ? DISP_E_TYPEMISMATCH : E_POINTER;
        *ret = SysAllocStringLen(bstrVal, SysStringLen(bstrVal));
        return S_OK;
    }
    HRESULT Attach(VARIANT *other)
    {
        const HRESULT hr = Clear();
        if (SUCCEEDED(hr)) {
            *static_cast<VARIANT *>(this) = *other;
            other->vt = VT_EMPTY;
        }
        return hr;
    }
    HRESULT Detach(VARIANT *to)
    {
        const HRESULT hr = VariantClear(to);
        if (SUCCEEDED(hr)) {
            *to = *static_cast<VARIANT *>(this);
            vt = VT_EMPTY;
        }
        return hr;
    }
    HRESULT ChangeType(VARTYPE type, const VARIANT *from = NULL)
    {
        VARIANT *const source = from ? const_cast<VARIANT *>(from) : this;
        return VariantChangeType(this, source, 0, type);
    }

  private:
    void InternalCopy(const VARIANT *other)
    {
        const HRESULT hr = Copy(other);
        if (FAILED(hr)) {
            vt = VT_ERROR;
            scode = hr;
            AtlThrow(hr);
        }
    }
    void SetText(CComBSTR &&text) { vt = VT_BSTR, bstrVal = text.Detach(); }
    void SetBool(bool value) { vt = VT_BOOL, boolVal = value ? VARIANT_TRUE : VARIANT_FALSE; }
    void SetInt(int value, VARTYPE type) { vt = type == VT_INT ? VT_INT : VT_I4, lVal = value; }
};

} // namespace ATL

#endif
