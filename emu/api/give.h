/* SPDX-License-Identifier: MIT */
/* Handing results to the caller of a COM method: checks of out-parameters and conversions that
 * every face of a document does alike. */
#pragma once

#include "emu/com/bstr.h"

#include <string.h>

/* Sets a text result. E_INVALIDARG when there is no place for it; S_FALSE and NULL when there is no
 * text ("" counts as none: documents do not store empty values). The caller of the method frees. */
static inline HRESULT give_text(const char *text, BSTR *ret)
{
    if (!ret)
        return E_INVALIDARG;
    *ret = text && *text ? bstr_from_utf8(text) : NULL;
    return *ret ? S_OK : S_FALSE;
}

/* A text that is part of a larger result: "" for none is NULL too. */
static inline BSTR text_or_null(const char *text)
{
    return text && *text ? bstr_from_utf8(text) : NULL;
}
