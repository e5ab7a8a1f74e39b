/* SPDX-License-Identifier: MIT */
/* Classes by their names in the registry, the allocator of task memory as an object, and calls that
 * go for a client (Learn: "CLSIDFromProgID", "CoGetMalloc", "CoImpersonateClient"). */
#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/base/utf.h"
#include "emu/com/guid.h"
#include "fakes/windows/com.h"
#include "fakes/windows/registry/registry.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#define CLASSES "HKEY_CLASSES_ROOT"

/* ---- names ---- */

/* Learn: "CLSIDFromProgID": the name's key has the identifier, or a newer name in CurVer. */
HRESULT WINAPI CLSIDFromProgID(LPCOLESTR name, LPCLSID ret_class)
{
    struct registry *registry = registry_current();

    if (!name || !ret_class)
        return E_INVALIDARG;
    memset(ret_class, 0, sizeof(*ret_class));
    auto_free char *utf8 = utf8_from_utf16((const uint16_t *)name);
    auto_free char *key = str_printf(CLASSES "\\%s\\CLSID", utf8);
    auto_free char *newer_key = str_printf(CLASSES "\\%s\\CurVer", utf8);
    auto_free char *newer = registry_read_text(registry, newer_key, NULL);
    auto_free char *key_of_newer = str_printf(CLASSES "\\%s\\CLSID", newer ? newer : "");
    auto_free char *text = registry_read_text(registry, key, NULL);
    if (!text && newer && *newer)
        text = registry_read_text(registry, key_of_newer, NULL);
    if (!text)
        return CO_E_CLASSSTRING;
    return guid_from_text(text, ret_class) ? S_OK : CO_E_CLASSSTRING;
}

HRESULT WINAPI CLSIDFromProgIDEx(LPCOLESTR name, LPCLSID ret_class)
{
    return CLSIDFromProgID(name, ret_class);
}

HRESULT WINAPI ProgIDFromCLSID(REFCLSID class_id, LPOLESTR *ret_name)
{
    if (!ret_name)
        return E_INVALIDARG;
    *ret_name = NULL;
    auto_free char *key = str_printf(CLASSES "\\CLSID\\{%s}\\ProgID", GUID_TEXT(class_id));
    auto_free char *name = registry_read_text(registry_current(), key, NULL);
    if (!name)
        return REGDB_E_CLASSNOTREG;
    *ret_name = CoTaskMemAlloc((strlen(name) + 1) * sizeof(WCHAR));
    utf16_put((uint16_t *)*ret_name, name);
    return S_OK;
}

/* ---- the allocator ---- */

static HRESULT WINAPI malloc_query(IMalloc *face, REFIID iid, void **ret_object)
{
    bool is_it = guid_is_equal(iid, &IID_IUnknown) || guid_is_equal(iid, &IID_IMalloc);

    *ret_object = is_it ? face : NULL;
    return is_it ? S_OK : E_NOINTERFACE;
}

static ULONG WINAPI malloc_count(IMalloc *face)
{
    (void)face;
    return 1; /* there is one, for ever */
}

static void *WINAPI malloc_alloc(IMalloc *face, SIZE_T size)
{
    (void)face;
    return CoTaskMemAlloc(size);
}

static void *WINAPI malloc_realloc(IMalloc *face, void *old, SIZE_T size)
{
    (void)face;
    return CoTaskMemRealloc(old, size);
}

static void WINAPI malloc_free(IMalloc *face, void *memory)
{
    (void)face;
    CoTaskMemFree(memory);
}

/* The block may be a little larger than was asked for. */
static SIZE_T WINAPI malloc_size(IMalloc *face, void *memory)
{
    (void)face;
    return memory ? malloc_usable_size(memory) : (SIZE_T)-1;
}

/* Learn: "IMalloc::DidAlloc": -1: it cannot tell. */
static int WINAPI malloc_did_alloc(IMalloc *face, void *memory)
{
    (void)face;
    (void)memory;
    return -1;
}

static void WINAPI malloc_minimize(IMalloc *face)
{
    (void)face;
}

static IMallocVtbl malloc_table = { malloc_query, malloc_count,     malloc_count,
                                    malloc_alloc, malloc_realloc,   malloc_free,
                                    malloc_size,  malloc_did_alloc, malloc_minimize };
static IMalloc the_malloc = { &malloc_table };

HRESULT WINAPI CoGetMalloc(DWORD context, LPMALLOC *ret_malloc)
{
    if (!ret_malloc)
        return E_INVALIDARG;
    *ret_malloc = context == 1 ? &the_malloc : NULL;
    return context == 1 ? S_OK : E_INVALIDARG;
}

/* ---- starting, and calls of clients ---- */

/* Learn: "OleInitialize": a single-threaded apartment. */
HRESULT WINAPI OleInitialize(LPVOID reserved)
{
    return CoInitializeEx(reserved, COINIT_APARTMENTTHREADED);
}

void WINAPI OleUninitialize(void)
{
    CoUninitialize();
}

/* Learn: "CoImpersonateClient": there must be a call under way, and no call comes from another
 * process or apartment here. */
HRESULT WINAPI CoImpersonateClient(void)
{
    return RPC_E_CALL_COMPLETE;
}

HRESULT WINAPI CoRevertToSelf(void)
{
    return RPC_E_CALL_COMPLETE;
}
