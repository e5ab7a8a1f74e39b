/* SPDX-License-Identifier: MIT */
/* The part of COM that requesters, writers and providers call: start and end, task memory, class
 * identifiers (Learn: "COM Functions"); classes are in class_object.c. There are no apartments to
 * marshal between: every interface may be called from every thread. */
#include "fakes/windows/com.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/utf.h"
#include "emu/com/bstr.h"
#include "emu/com/guid.h"
#include "emu/port/world.h"

#include <stdlib.h>
#include <string.h>

/* How often this thread has initialised COM, and in which mode. */
static __thread unsigned n_initialised;
static __thread DWORD apartment;
static bool is_security_set;

HRESULT WINAPI CoInitializeEx(LPVOID reserved, DWORD model)
{
    if (reserved)
        return E_INVALIDARG;
    if (!n_initialised) {
        apartment = model & COINIT_APARTMENTTHREADED;
        n_initialised = 1;
        return S_OK;
    }
    if ((model & COINIT_APARTMENTTHREADED) != apartment)
        return RPC_E_CHANGED_MODE;
    n_initialised++;
    return S_FALSE;
}

HRESULT WINAPI CoInitialize(LPVOID reserved)
{
    return CoInitializeEx(reserved, COINIT_APARTMENTTHREADED);
}

void WINAPI CoUninitialize(void)
{
    if (n_initialised)
        n_initialised--;
}

/* Learn: "CoInitializeSecurity": once for each process, after CoInitialize. */
HRESULT WINAPI CoInitializeSecurity(PSECURITY_DESCRIPTOR descriptor, LONG n_services,
                                    SOLE_AUTHENTICATION_SERVICE *services, void *reserved1,
                                    DWORD authentication, DWORD impersonation, void *list,
                                    DWORD capabilities, void *reserved3)
{
    (void)descriptor, (void)n_services, (void)services, (void)authentication;
    (void)impersonation, (void)list, (void)capabilities;
    if (reserved1 || reserved3)
        return E_INVALIDARG;
    if (!n_initialised)
        return CO_E_NOTINITIALIZED;
    return __atomic_exchange_n(&is_security_set, true, __ATOMIC_SEQ_CST) ? RPC_E_TOO_LATE : S_OK;
}

void com_begin_process(void)
{
    n_initialised = 0;
    __atomic_store_n(&is_security_set, false, __ATOMIC_SEQ_CST);
}

bool com_is_initialised(void)
{
    return n_initialised;
}

bool com_has_security(void)
{
    return __atomic_load_n(&is_security_set, __ATOMIC_SEQ_CST);
}

/* Every proxy is the object itself, so there is nothing to set. */
HRESULT WINAPI CoSetProxyBlanket(IUnknown *proxy, DWORD authentication, DWORD authorization,
                                 OLECHAR *principal, DWORD level, DWORD impersonation, void *info,
                                 DWORD capabilities)
{
    (void)authentication, (void)authorization, (void)principal, (void)level;
    (void)impersonation, (void)info, (void)capabilities;
    return proxy ? S_OK : E_INVALIDARG;
}

LPVOID WINAPI CoTaskMemAlloc(SIZE_T size)
{
    return malloc(size ? size : 1);
}

LPVOID WINAPI CoTaskMemRealloc(LPVOID old, SIZE_T size)
{
    if (old && !size) {
        free(old);
        return NULL;
    }
    return realloc(old, size ? size : 1);
}

void WINAPI CoTaskMemFree(LPVOID memory)
{
    free(memory);
}

/* ---- identifiers as text ---- */

static HRESULT guid_from_wide(LPCOLESTR text, GUID *ret_guid, HRESULT bad)
{
    auto_free char *utf8 = utf8_from_wide(text);

    if (!ret_guid)
        return E_INVALIDARG;
    memset(ret_guid, 0, sizeof(*ret_guid));
    if (!utf8)
        return S_OK; /* no text is the null identifier */
    if (strlen(utf8) != 38 || utf8[0] != '{' || utf8[37] != '}')
        return bad;
    return guid_from_text(utf8, ret_guid) ? S_OK : bad;
}

HRESULT WINAPI CLSIDFromString(LPCOLESTR text, CLSID *ret_clsid)
{
    return guid_from_wide(text, ret_clsid, CO_E_CLASSSTRING);
}

HRESULT WINAPI IIDFromString(LPCOLESTR text, IID *ret_iid)
{
    return guid_from_wide(text, ret_iid,
                          text && utf16_length((const uint16_t *)text) == 38 ? CO_E_IIDSTRING
                                                                             : E_INVALIDARG);
}

/* "{XXXXXXXX-...}" in upper case, 38 characters. */
static void wide_from_guid(const GUID *guid, WCHAR ret_text[39])
{
    const char *text = GUID_TEXT(guid);

    ret_text[0] = '{';
    for (int i = 0; i < 36; i++)
        ret_text[i + 1] = (WCHAR)(text[i] >= 'a' && text[i] <= 'f' ? text[i] - 'a' + 'A' : text[i]);
    ret_text[37] = '}';
    ret_text[38] = 0;
}

INT WINAPI StringFromGUID2(REFGUID guid, LPOLESTR ret_text, INT size)
{
    if (!guid || !ret_text || size < 39)
        return 0;
    wide_from_guid(guid, ret_text);
    return 39;
}

HRESULT WINAPI StringFromCLSID(REFCLSID clsid, LPOLESTR *ret_text)
{
    if (!clsid || !ret_text)
        return E_INVALIDARG;
    *ret_text = mem_alloc(39 * sizeof(WCHAR));
    wide_from_guid(clsid, *ret_text);
    return S_OK;
}

HRESULT WINAPI StringFromIID(REFIID iid, LPOLESTR *ret_text)
{
    return StringFromCLSID(iid, ret_text);
}

HRESULT WINAPI CoCreateGuid(GUID *ret_guid)
{
    if (!ret_guid)
        return E_INVALIDARG;
    *ret_guid = guid_random(world_current()->random);
    return S_OK;
}
