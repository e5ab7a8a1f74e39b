/* SPDX-License-Identifier: MIT */
/* BSTR and VARIANT (Learn: "Automation: String Manipulation Functions", "Variant Manipulation
 * Functions"). The memory is emu/com/bstr's. Conversion covers numbers, Booleans and strings. */
#include "emu/com/bstr.h"

#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/base/utf.h"

#include <oleauto.h>
#include <stdlib.h>
#include <string.h>

BSTR WINAPI SysAllocString(LPCOLESTR text)
{
    return bstr_from_utf16(text);
}

BSTR WINAPI SysAllocStringLen(const OLECHAR *text, UINT length)
{
    return bstr_new(text, length);
}

BSTR WINAPI SysAllocStringByteLen(LPCSTR bytes, UINT length)
{
    return bstr_new_bytes(bytes, length);
}

INT WINAPI SysReAllocString(BSTR *bstr, LPCOLESTR text)
{
    BSTR fresh = SysAllocString(text);

    if (!bstr)
        return FALSE;
    SysFreeString(*bstr);
    *bstr = fresh;
    return TRUE;
}

INT WINAPI SysReAllocStringLen(BSTR *bstr, const OLECHAR *text, UINT length)
{
    if (!bstr)
        return FALSE;
    BSTR fresh = bstr_new(text, length);
    if (!text && *bstr) {
        UINT old = bstr_length(*bstr);
        memcpy(fresh, *bstr, (old < length ? old : length) * sizeof(WCHAR));
    }
    SysFreeString(*bstr);
    *bstr = fresh;
    return TRUE;
}

void WINAPI SysFreeString(BSTR bstr)
{
    bstr_free(bstr);
}

UINT WINAPI SysStringLen(BSTR bstr)
{
    return bstr_length(bstr);
}

UINT WINAPI SysStringByteLen(BSTR bstr)
{
    return bstr_n_bytes(bstr);
}

void WINAPI VariantInit(VARIANTARG *variant)
{
    memset(variant, 0, sizeof(*variant));
}

HRESULT WINAPI VariantClear(VARIANTARG *variant)
{
    if (!variant)
        return E_INVALIDARG;
    VARTYPE type = V_VT(variant);
    if (type == VT_BSTR)
        SysFreeString(V_BSTR(variant));
    else if ((type == VT_UNKNOWN || type == VT_DISPATCH) && V_UNKNOWN(variant))
        V_UNKNOWN(variant)->lpVtbl->Release(V_UNKNOWN(variant));
    else if (type & VT_ARRAY && !(type & VT_BYREF))
        return DISP_E_BADVARTYPE;
    V_VT(variant) = VT_EMPTY;
    return S_OK;
}

HRESULT WINAPI VariantCopy(VARIANTARG *to, const VARIANTARG *from)
{
    if (to == from)
        return S_OK;
    HRESULT hr = VariantClear(to);
    if (FAILED(hr))
        return hr;
    if (V_VT(from) & VT_ARRAY && !(V_VT(from) & VT_BYREF))
        return DISP_E_BADVARTYPE;
    *to = *from;
    if (V_VT(from) == VT_BSTR && V_BSTR(from))
        V_BSTR(to) = bstr_copy(V_BSTR(from));
    else if ((V_VT(from) == VT_UNKNOWN || V_VT(from) == VT_DISPATCH) && V_UNKNOWN(from))
        V_UNKNOWN(from)->lpVtbl->AddRef(V_UNKNOWN(from));
    return S_OK;
}

/* The value as a whole number, if it is one or can be read as one. */
static HRESULT integer_of(const VARIANT *v, LONGLONG *ret_value)
{
    switch (V_VT(v)) {
    case VT_EMPTY:
        *ret_value = 0;
        return S_OK;
    case VT_I1:
        *ret_value = V_I1(v);
        return S_OK;
    case VT_UI1:
        *ret_value = V_UI1(v);
        return S_OK;
    case VT_I2:
        *ret_value = V_I2(v);
        return S_OK;
    case VT_UI2:
        *ret_value = V_UI2(v);
        return S_OK;
    case VT_BOOL:
        *ret_value = V_BOOL(v);
        return S_OK;
    case VT_I4:
    case VT_INT:
    case VT_ERROR:
        *ret_value = V_I4(v);
        return S_OK;
    case VT_UI4:
    case VT_UINT:
        *ret_value = V_UI4(v);
        return S_OK;
    case VT_I8:
        *ret_value = V_I8(v);
        return S_OK;
    case VT_UI8:
        if (V_UI8(v) > INT64_MAX)
            return DISP_E_OVERFLOW;
        *ret_value = (LONGLONG)V_UI8(v);
        return S_OK;
    case VT_BSTR:
        break;
    default:
        return DISP_E_TYPEMISMATCH;
    }
    auto_free char *text = utf8_from_wide(V_BSTR(v));
    char *end = text;
    if (!text || !*text)
        return DISP_E_TYPEMISMATCH;
    if (str_is_equal_nocase(text, "True") || str_is_equal_nocase(text, "False")) {
        *ret_value = str_is_equal_nocase(text, "True") ? VARIANT_TRUE : VARIANT_FALSE;
        return S_OK;
    }
    *ret_value = strtoll(text, &end, 10);
    return *end ? DISP_E_TYPEMISMATCH : S_OK;
}

static HRESULT to_bstr(const VARIANT *from, USHORT flags, BSTR *ret_bstr)
{
    LONGLONG value = 0;

    if (V_VT(from) == VT_EMPTY) {
        *ret_bstr = bstr_from_utf8("");
        return S_OK;
    }
    if (V_VT(from) == VT_BOOL) {
        bool is_true = V_BOOL(from) != VARIANT_FALSE;
        const char *word = is_true ? "True" : "False";
        *ret_bstr = bstr_from_utf8(flags & VARIANT_ALPHABOOL ? word : is_true ? "-1" : "0");
        return S_OK;
    }
    if (V_VT(from) == VT_UI8 && V_UI8(from) > INT64_MAX) {
        auto_free char *big = str_printf("%llu", (unsigned long long)V_UI8(from));
        *ret_bstr = bstr_from_utf8(big);
        return S_OK;
    }
    HRESULT hr = integer_of(from, &value);
    if (FAILED(hr))
        return hr;
    auto_free char *text = str_printf("%lld", (long long)value);
    *ret_bstr = bstr_from_utf8(text);
    return S_OK;
}

static HRESULT to_integer(LONGLONG value, VARTYPE type, VARIANT *ret_variant)
{
    static const struct {
        VARTYPE type;
        LONGLONG least, most;
    } ranges[] = {
        { VT_I1, INT8_MIN, INT8_MAX },     { VT_UI1, 0, UINT8_MAX },
        { VT_I2, INT16_MIN, INT16_MAX },   { VT_UI2, 0, UINT16_MAX },
        { VT_I4, INT32_MIN, INT32_MAX },   { VT_INT, INT32_MIN, INT32_MAX },
        { VT_UI4, 0, UINT32_MAX },         { VT_UINT, 0, UINT32_MAX },
        { VT_I8, INT64_MIN, INT64_MAX },   { VT_UI8, 0, INT64_MAX },
        { VT_BOOL, INT64_MIN, INT64_MAX },
    };

    for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
        if (ranges[i].type != type)
            continue;
        if (value < ranges[i].least || value > ranges[i].most)
            return DISP_E_OVERFLOW;
        V_VT(ret_variant) = type;
        if (type == VT_BOOL)
            V_BOOL(ret_variant) = value ? VARIANT_TRUE : VARIANT_FALSE;
        else
            V_I8(ret_variant) = value; /* little endian: the smaller members see their part */
        return S_OK;
    }
    return DISP_E_TYPEMISMATCH;
}

HRESULT WINAPI VariantChangeType(VARIANTARG *to, const VARIANTARG *from, USHORT flags, VARTYPE type)
{
    VARIANT fresh = { 0 };
    LONGLONG value = 0;
    HRESULT hr = S_OK;

    if (V_VT(from) == type) {
        hr = VariantCopy(&fresh, from);
    } else if (type == VT_BSTR) {
        V_VT(&fresh) = VT_BSTR;
        hr = to_bstr(from, flags, &V_BSTR(&fresh));
    } else {
        hr = integer_of(from, &value);
        if (SUCCEEDED(hr))
            hr = to_integer(value, type, &fresh);
    }
    if (FAILED(hr))
        return hr;
    VariantClear(to);
    *to = fresh;
    return S_OK;
}
