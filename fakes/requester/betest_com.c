/* SPDX-License-Identifier: MIT */
/* Conversions between what crosses the interfaces and the UTF-8 in which the requester thinks. */
#include "fakes/requester/betest_com.h"

#include "emu/base/mem.h"

#include <ctype.h>
#include <string.h>

char *betest_take_bstr(BSTR text)
{
    char *utf8 = text ? utf8_from_utf16_n(text, SysStringLen(text)) : mem_strdup("");

    SysFreeString(text);
    return utf8;
}

BSTR betest_bstr_from_bytes(const char *bytes, size_t size)
{
    const unsigned char *mark = (const unsigned char *)bytes;

    if (size >= 2 && mark[0] == 0xff && mark[1] == 0xfe) {
        BSTR text = SysAllocStringLen(NULL, (UINT)(size / 2 - 1));

        if (text)
            memcpy(text, bytes + 2, (size / 2 - 1) * 2);
        return text;
    }
    if (size >= 3 && mark[0] == 0xef && mark[1] == 0xbb && mark[2] == 0xbf)
        bytes += 3;
    auto_wide WCHAR *text = wide(bytes);
    return SysAllocString(text);
}

const char *betest_guid(const GUID *guid, char buffer[BETEST_GUID_SIZE])
{
    WCHAR text[BETEST_GUID_SIZE] = { 0 };
    size_t length = 0;

    if (StringFromGUID2(guid, text, BETEST_GUID_SIZE) == 0)
        text[0] = 0;
    for (size_t i = 0; text[i]; i++)
        if (text[i] != '{' && text[i] != '}')
            buffer[length++] = (char)tolower((int)text[i]);
    buffer[length] = 0;
    return buffer;
}

void betest_release_writer_components(IVssWriterComponentsExt *components)
{
    IUnknown *face = (IUnknown *)(void *)((void **)components + 1);

    if (components)
        face->lpVtbl->Release(face);
}
