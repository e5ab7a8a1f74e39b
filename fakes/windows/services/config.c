/* SPDX-License-Identifier: MIT */
/* What is on the books about services: QueryServiceConfig, ChangeServiceConfig,
 * EnumServicesStatus, names (Learn: "Service Functions"). Structures stand at the beginning of the
 * caller's buffer, their texts behind them. */
#include "emu/base/array.h"
#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/base/utf.h"
#include "fakes/windows/fold.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/services/books.h"
#include "fakes/windows/services/manager.h"
#include "fakes/windows/services/service.h"

#include <stdlib.h>
#include <string.h>

/* Texts that go behind structures; places are found out first, pointers when all fits. */
struct texts {
    struct str bytes;
    bool is_wide;
};

/* The offset of the text among the texts. */
static size_t add_text(struct texts *texts, const char *text)
{
    size_t at = texts->bytes.length;

    text = text ? text : "";
    if (texts->is_wide) {
        auto_free uint16_t *units = utf16_from_utf8(text);
        str_add_bytes(&texts->bytes, (const char *)units,
                      (utf16_length(units) + 1) * sizeof(WCHAR));
    } else {
        str_add_bytes(&texts->bytes, text, strlen(text) + 1);
    }
    return at;
}

/* A list as it is stored, in either width. */
static size_t add_list(struct texts *texts, const WCHAR *list, size_t size)
{
    size_t at = texts->bytes.length;

    for (size_t i = 0; list && i < size / sizeof(WCHAR) && list[i];) {
        auto_free char *text = utf8_from_utf16((const uint16_t *)list + i);
        add_text(texts, text);
        i += utf16_length((const uint16_t *)list + i) + 1;
    }
    add_text(texts, "");
    return at;
}

/* ---- QueryServiceConfig ---- */

static BOOL query_config(SC_HANDLE handle, QUERY_SERVICE_CONFIGW *ret, DWORD size,
                         DWORD *ret_needed, bool is_wide)
{
    auto_object struct object *object =
        handle_get((HANDLE)handle, &sc_service_class, SERVICE_QUERY_CONFIG);
    struct texts texts = { .is_wide = is_wide };
    struct service_entry entry;
    size_t at[5];

    if (!object)
        return FALSE;
    if (!ret_needed)
        return win_fail(ERROR_INVALID_ADDRESS);
    if (!service_books_read(((struct sc_object *)object)->service, &entry))
        return win_fail(ERROR_SERVICE_MARKED_FOR_DELETE);
    at[0] = add_text(&texts, entry.path);
    at[1] = add_text(&texts, entry.group);
    at[2] = add_list(&texts, entry.dependencies, entry.dependencies_size);
    at[3] = add_text(&texts, entry.account);
    at[4] = add_text(&texts, entry.display_name ? entry.display_name : entry.name);
    *ret_needed = (DWORD)(sizeof(*ret) + texts.bytes.length);
    bool fits = ret && size >= *ret_needed;
    if (fits) {
        char *text = (char *)(ret + 1);
        memcpy(text, texts.bytes.text, texts.bytes.length);
        *ret = (QUERY_SERVICE_CONFIGW){ .dwServiceType = entry.type,
                                        .dwStartType = entry.start,
                                        .dwErrorControl = entry.error_control,
                                        .lpBinaryPathName = (LPWSTR)(text + at[0]),
                                        .lpLoadOrderGroup = (LPWSTR)(text + at[1]),
                                        .lpDependencies = (LPWSTR)(text + at[2]),
                                        .lpServiceStartName = (LPWSTR)(text + at[3]),
                                        .lpDisplayName = (LPWSTR)(text + at[4]) };
    }
    service_entry_fini(&entry);
    str_free(&texts.bytes);
    return fits ? TRUE : win_fail(ERROR_INSUFFICIENT_BUFFER);
}

BOOL WINAPI QueryServiceConfigW(SC_HANDLE handle, LPQUERY_SERVICE_CONFIGW ret, DWORD size,
                                LPDWORD ret_needed)
{
    return query_config(handle, ret, size, ret_needed, true);
}

BOOL WINAPI QueryServiceConfigA(SC_HANDLE handle, LPQUERY_SERVICE_CONFIGA ret, DWORD size,
                                LPDWORD ret_needed)
{
    return query_config(handle, (QUERY_SERVICE_CONFIGW *)ret, size, ret_needed, false);
}

/* Both structures begin with what they have: a pointer to the description, or nothing but zeros. */
static BOOL query_config2(SC_HANDLE handle, DWORD level, BYTE *buffer, DWORD size,
                          DWORD *ret_needed, bool is_wide)
{
    auto_object struct object *object =
        handle_get((HANDLE)handle, &sc_service_class, SERVICE_QUERY_CONFIG);
    struct texts texts = { .is_wide = is_wide };
    struct service_entry entry;

    if (!object)
        return FALSE;
    if (!ret_needed)
        return win_fail(ERROR_INVALID_ADDRESS);
    if (level != SERVICE_CONFIG_DESCRIPTION)
        return win_fail(ERROR_INVALID_LEVEL);
    if (!service_books_read(((struct sc_object *)object)->service, &entry))
        return win_fail(ERROR_SERVICE_MARKED_FOR_DELETE);
    if (entry.description)
        add_text(&texts, entry.description);
    *ret_needed = (DWORD)(sizeof(SERVICE_DESCRIPTIONW) + texts.bytes.length);
    bool fits = buffer && size >= *ret_needed;
    if (fits) {
        LPWSTR text = entry.description ? (LPWSTR)(buffer + sizeof(SERVICE_DESCRIPTIONW)) : NULL;
        memcpy(buffer, &text, sizeof(text));
        if (text)
            memcpy(text, texts.bytes.text, texts.bytes.length);
    }
    service_entry_fini(&entry);
    str_free(&texts.bytes);
    return fits ? TRUE : win_fail(ERROR_INSUFFICIENT_BUFFER);
}

BOOL WINAPI QueryServiceConfig2W(SC_HANDLE handle, DWORD level, LPBYTE buffer, DWORD size,
                                 LPDWORD ret_needed)
{
    return query_config2(handle, level, buffer, size, ret_needed, true);
}

BOOL WINAPI QueryServiceConfig2A(SC_HANDLE handle, DWORD level, LPBYTE buffer, DWORD size,
                                 LPDWORD ret_needed)
{
    return query_config2(handle, level, buffer, size, ret_needed, false);
}

/* ---- ChangeServiceConfig ---- */

static BOOL change(SC_HANDLE handle, const struct service_entry *entry)
{
    auto_object struct object *object =
        handle_get((HANDLE)handle, &sc_service_class, SERVICE_CHANGE_CONFIG);
    const char *name = object ? ((struct sc_object *)object)->service : NULL;

    if (!object)
        return FALSE;
    if (!service_books_has(name))
        return win_fail(ERROR_SERVICE_MARKED_FOR_DELETE);
    service_books_write(name, entry);
    return TRUE;
}

BOOL WINAPI ChangeServiceConfigA(SC_HANDLE handle, DWORD type, DWORD start, DWORD error_control,
                                 LPCSTR path, LPCSTR group, LPDWORD ret_tag, LPCSTR dependencies,
                                 LPCSTR account, LPCSTR password, LPCSTR display_name)
{
    struct service_entry entry = { .type = type,
                                   .start = start,
                                   .error_control = error_control,
                                   .path = (char *)path,
                                   .group = (char *)group,
                                   .account = (char *)account,
                                   .display_name = (char *)display_name };
    auto_free WCHAR *list = sc_wide_list(dependencies, &entry.dependencies_size);

    (void)password;
    if (ret_tag)
        *ret_tag = 0;
    entry.dependencies = list;
    return change(handle, &entry);
}

BOOL WINAPI ChangeServiceConfigW(SC_HANDLE handle, DWORD type, DWORD start, DWORD error_control,
                                 LPCWSTR path, LPCWSTR group, LPDWORD ret_tag, LPCWSTR dependencies,
                                 LPCWSTR account, LPCWSTR password, LPCWSTR display_name)
{
    auto_free char *utf8_path = utf8_from_utf16((const uint16_t *)path);
    auto_free char *utf8_group = utf8_from_utf16((const uint16_t *)group);
    auto_free char *utf8_account = utf8_from_utf16((const uint16_t *)account);
    auto_free char *utf8_display = utf8_from_utf16((const uint16_t *)display_name);
    auto_str struct str list = { 0 };

    for (; dependencies && *dependencies;
         dependencies += utf16_length((const uint16_t *)dependencies) + 1) {
        auto_free char *text = utf8_from_utf16((const uint16_t *)dependencies);
        str_add_bytes(&list, text, strlen(text) + 1);
    }
    if (dependencies)
        str_add_bytes(&list, "", 1);
    return ChangeServiceConfigA(handle, type, start, error_control, utf8_path, utf8_group, ret_tag,
                                list.text, utf8_account, (LPCSTR)password, utf8_display);
}

static BOOL change_description(SC_HANDLE handle, DWORD level, const char *text)
{
    struct service_entry entry = { .type = SERVICE_NO_CHANGE,
                                   .start = SERVICE_NO_CHANGE,
                                   .error_control = SERVICE_NO_CHANGE,
                                   .description = (char *)text };

    if (level != SERVICE_CONFIG_DESCRIPTION) /* what to do on failures and the like: accepted */
        entry.description = NULL;
    return change(handle, &entry);
}

BOOL WINAPI ChangeServiceConfig2A(SC_HANDLE handle, DWORD level, LPVOID info)
{
    bool is_text = level == SERVICE_CONFIG_DESCRIPTION && info;

    return change_description(handle, level,
                              is_text ? ((SERVICE_DESCRIPTIONA *)info)->lpDescription : NULL);
}

BOOL WINAPI ChangeServiceConfig2W(SC_HANDLE handle, DWORD level, LPVOID info)
{
    bool is_text = level == SERVICE_CONFIG_DESCRIPTION && info;
    auto_free char *utf8 =
        is_text ? utf8_from_utf16((const uint16_t *)((SERVICE_DESCRIPTIONW *)info)->lpDescription)
                : NULL;

    return change_description(handle, level, utf8);
}

/* ---- names ---- */

/* Lengths are characters; what does not fit: ERROR_INSUFFICIENT_BUFFER with the length. */
static BOOL fill(const char *text, void *buffer, DWORD *size, bool is_wide)
{
    auto_free uint16_t *units = is_wide ? utf16_from_utf8(text) : NULL;
    DWORD length = is_wide ? (DWORD)utf16_length(units) : (DWORD)strlen(text);
    bool fits = buffer && *size > length;

    if (fits && is_wide)
        memcpy(buffer, units, (length + 1) * sizeof(WCHAR));
    else if (fits)
        memcpy(buffer, text, length + 1);
    *size = length;
    return fits ? TRUE : win_fail(ERROR_INSUFFICIENT_BUFFER);
}

/* by_name: name is the key's, the answer the display name; else the other way round. */
static BOOL other_name(SC_HANDLE manager, const char *name, bool by_name, void *buffer, DWORD *size,
                       bool is_wide)
{
    auto_object struct object *object = handle_get((HANDLE)manager, &sc_manager_class, 0);
    size_t index = 0;
    char *next;

    if (!object)
        return FALSE;
    while (name && (next = service_books_next(&index))) {
        auto_free char *key = next;
        struct service_entry entry;

        if (!service_books_read(key, &entry))
            continue;
        const char *display = entry.display_name ? entry.display_name : key;
        bool is_it = fold_compare(by_name ? key : display, name) == 0;
        BOOL result = is_it ? fill(by_name ? display : key, buffer, size, is_wide) : FALSE;
        service_entry_fini(&entry);
        if (is_it)
            return result;
    }
    return win_fail(ERROR_SERVICE_DOES_NOT_EXIST);
}

BOOL WINAPI GetServiceDisplayNameA(SC_HANDLE manager, LPCSTR name, LPSTR buffer, LPDWORD size)
{
    return other_name(manager, name, true, buffer, size, false);
}

BOOL WINAPI GetServiceDisplayNameW(SC_HANDLE manager, LPCWSTR name, LPWSTR buffer, LPDWORD size)
{
    auto_free char *utf8 = utf8_from_utf16((const uint16_t *)name);

    return other_name(manager, utf8, true, buffer, size, true);
}

BOOL WINAPI GetServiceKeyNameA(SC_HANDLE manager, LPCSTR display, LPSTR buffer, LPDWORD size)
{
    return other_name(manager, display, false, buffer, size, false);
}

BOOL WINAPI GetServiceKeyNameW(SC_HANDLE manager, LPCWSTR display, LPWSTR buffer, LPDWORD size)
{
    auto_free char *utf8 = utf8_from_utf16((const uint16_t *)display);

    return other_name(manager, utf8, false, buffer, size, true);
}

/* ---- EnumServicesStatus ---- */

struct listed {
    size_t name, display; /* places among the texts */
    SERVICE_STATUS_PROCESS status;
};

struct listing {
    struct texts texts;
    ARRAY(struct listed) services;
    DWORD types, states; /* which are wanted */
};

static void list_one(struct listing *listing, const char *name)
{
    struct service_entry entry;
    struct service_record *record;

    if (!service_books_read(name, &entry))
        return;
    service_lock();
    record = service_find(name);
    SERVICE_STATUS_PROCESS status = record->status;
    service_unlock();
    DWORD state = status.dwCurrentState == SERVICE_STOPPED ? SERVICE_INACTIVE : SERVICE_ACTIVE;
    if (status.dwServiceType & listing->types && state & listing->states) {
        struct listed listed = { .status = status };
        listed.name = add_text(&listing->texts, name);
        listed.display = add_text(&listing->texts, entry.display_name ? entry.display_name : name);
        array_add(&listing->services, listed);
    }
    service_entry_fini(&entry);
}

/* All in one answer or none of it: *resume is always 0. size_one: of the caller's structure, whose
 * texts are its first two members and whose status comes behind them. */
static BOOL enumerate(SC_HANDLE manager, struct listing *listing, size_t size_one, void *buffer,
                      DWORD size, DWORD *ret_needed, DWORD *ret_n)
{
    auto_object struct object *object =
        handle_get((HANDLE)manager, &sc_manager_class, SC_MANAGER_ENUMERATE_SERVICE);
    size_t index = 0;
    char *next;

    if (!object)
        return FALSE;
    while ((next = service_books_next(&index))) {
        list_one(listing, next);
        free(next);
    }
    size_t heads = listing->services.count * size_one;
    size_t all = heads + listing->texts.bytes.length;
    bool fits = !all || (buffer && size >= all);
    *ret_needed = fits ? 0 : (DWORD)all;
    *ret_n = fits ? (DWORD)listing->services.count : 0;
    char *texts = (char *)buffer + heads;
    for (size_t i = 0; fits && i < listing->services.count; i++) {
        const struct listed *listed = &listing->services.items[i];
        char *head = (char *)buffer + i * size_one;
        char *names[2] = { texts + listed->name, texts + listed->display };

        memcpy(head, names, sizeof(names));
        memcpy(head + sizeof(names), &listed->status,
               size_one - sizeof(names) >= sizeof(listed->status) ? sizeof(listed->status)
                                                                  : sizeof(SERVICE_STATUS));
    }
    if (fits && all)
        memcpy(texts, listing->texts.bytes.text, listing->texts.bytes.length);
    str_free(&listing->texts.bytes);
    array_free(&listing->services);
    return fits ? TRUE : win_fail(ERROR_MORE_DATA);
}

BOOL WINAPI EnumServicesStatusW(SC_HANDLE manager, DWORD types, DWORD states,
                                LPENUM_SERVICE_STATUSW buffer, DWORD size, LPDWORD ret_needed,
                                LPDWORD ret_n, LPDWORD resume)
{
    struct listing listing = { .texts.is_wide = true, .types = types, .states = states };

    (void)resume;
    return enumerate(manager, &listing, sizeof(*buffer), buffer, size, ret_needed, ret_n);
}

BOOL WINAPI EnumServicesStatusA(SC_HANDLE manager, DWORD types, DWORD states,
                                LPENUM_SERVICE_STATUSA buffer, DWORD size, LPDWORD ret_needed,
                                LPDWORD ret_n, LPDWORD resume)
{
    struct listing listing = { .types = types, .states = states };

    (void)resume;
    return enumerate(manager, &listing, sizeof(*buffer), buffer, size, ret_needed, ret_n);
}

static BOOL enumerate_ex(SC_HANDLE manager, SC_ENUM_TYPE level, struct listing *listing,
                         BYTE *buffer, DWORD size, DWORD *ret_needed, DWORD *ret_n)
{
    if (level != SC_ENUM_PROCESS_INFO)
        return win_fail(ERROR_INVALID_LEVEL);
    return enumerate(manager, listing, sizeof(ENUM_SERVICE_STATUS_PROCESSW), buffer, size,
                     ret_needed, ret_n);
}

BOOL WINAPI EnumServicesStatusExW(SC_HANDLE manager, SC_ENUM_TYPE level, DWORD types, DWORD states,
                                  LPBYTE buffer, DWORD size, LPDWORD ret_needed, LPDWORD ret_n,
                                  LPDWORD resume, LPCWSTR group)
{
    struct listing listing = { .texts.is_wide = true, .types = types, .states = states };

    (void)resume;
    (void)group;
    return enumerate_ex(manager, level, &listing, buffer, size, ret_needed, ret_n);
}

BOOL WINAPI EnumServicesStatusExA(SC_HANDLE manager, SC_ENUM_TYPE level, DWORD types, DWORD states,
                                  LPBYTE buffer, DWORD size, LPDWORD ret_needed, LPDWORD ret_n,
                                  LPDWORD resume, LPCSTR group)
{
    struct listing listing = { .types = types, .states = states };

    (void)resume;
    (void)group;
    return enumerate_ex(manager, level, &listing, buffer, size, ret_needed, ret_n);
}
