/* SPDX-License-Identifier: MIT */
/* The requester's view of COM: Microsoft's headers in C form, and variables that give back what a
 * call handed out. Kept apart from emu/com, because a requester knows the public interfaces only.
 * COBJMACROS comes from CMakeLists.txt, as it must be there before any of these headers. */
#pragma once

#include "emu/base/cleanup.h"
#include "emu/base/utf.h"
#include "emu/include/vsbackup.h"
#include "emu/include/vswriter.h"

#define BETEST_GUID_SIZE 40

/* `auto_com IVssAsync *async = NULL;` */
#define auto_com __attribute__((cleanup(betest_release_)))
static inline void betest_release_(void *variable)
{
    IUnknown *face = *(IUnknown **)variable;

    if (face)
        face->lpVtbl->Release(face);
}

/* `auto_bstr BSTR name = NULL;` */
#define auto_bstr __attribute__((cleanup(betest_free_bstr_)))
static inline void betest_free_bstr_(BSTR *text)
{
    SysFreeString(*text);
}

/* `auto_wide WCHAR *path = wide(utf8);` */
#define auto_wide __attribute__((cleanup(cleanup_free_)))
static inline WCHAR *wide(const char *utf8)
{
    return (WCHAR *)utf16_from_utf8(utf8);
}

/* Frees the BSTR; NULL gives "". The caller frees. */
char *betest_take_bstr(BSTR text);

/* Bytes of UTF-8 (with or without its mark) or of UTF-16 with its mark, as a new BSTR. */
BSTR betest_bstr_from_bytes(const char *bytes, size_t size);

/* "5affb034-969f-4919-8875-88f830d0ef89"; answers buffer. */
const char *betest_guid(const GUID *guid, char buffer[BETEST_GUID_SIZE]);
#define BETEST_GUID(guid) betest_guid((guid), (char[BETEST_GUID_SIZE]){ 0 })

/* In C++ IVssWriterComponentsExt derives from IVssWriterComponents and from IUnknown, so IUnknown
 * stands behind its second pointer; the C form of the header leaves that out. */
void betest_release_writer_components(IVssWriterComponentsExt *components);
