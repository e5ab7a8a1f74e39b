/* SPDX-License-Identifier: MIT */
/* The service control manager as installers and requesters see it (Learn: "Service Functions"):
 * what is on the books, its state, starting and stopping. A service that is no part of this program
 * only changes its state: nothing is started. */
#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/base/utf.h"
#include "emu/port/world.h"
#include "fakes/windows/handle.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/services/books.h"
#include "fakes/windows/services/manager.h"
#include "fakes/windows/services/service.h"

#include <stdlib.h>
#include <string.h>

#define LONGEST_NAME 256

static void sc_destroy(struct object *object)
{
    free(((struct sc_object *)object)->service);
    free(object);
}

const struct object_class sc_manager_class = { .name = "service manager", .destroy = sc_destroy };
const struct object_class sc_service_class = { .name = "service", .destroy = sc_destroy };

static SC_HANDLE new_handle(const struct object_class *class, const char *service, DWORD access)
{
    struct sc_object *sc = mem_new(struct sc_object);

    object_init(&sc->object, class);
    sc->service = mem_strdup(service);
    if (access & (GENERIC_ALL | MAXIMUM_ALLOWED))
        access |= class == &sc_manager_class ? SC_MANAGER_ALL_ACCESS : SERVICE_ALL_ACCESS;
    if (access & GENERIC_READ)
        access |= class == &sc_manager_class
                      ? SC_MANAGER_ENUMERATE_SERVICE | SC_MANAGER_QUERY_LOCK_STATUS
                      : SERVICE_QUERY_CONFIG | SERVICE_QUERY_STATUS | SERVICE_INTERROGATE |
                            SERVICE_ENUMERATE_DEPENDENTS;
    return (SC_HANDLE)handle_new(&sc->object, access);
}

static SC_HANDLE fail(DWORD error)
{
    SetLastError(error);
    return NULL;
}

static bool is_this_machine(const char *machine)
{
    while (machine && *machine == '\\')
        machine++;
    return !machine || !*machine || str_is_equal_nocase(machine, WORLD_MACHINE_NAME) ||
           str_is_equal_nocase(machine, "localhost") || str_is_equal(machine, ".");
}

SC_HANDLE WINAPI OpenSCManagerA(LPCSTR machine, LPCSTR database, DWORD access)
{
    if (!is_this_machine(machine))
        return fail(RPC_S_SERVER_UNAVAILABLE);
    if (database && *database && !str_is_equal_nocase(database, SERVICES_ACTIVE_DATABASEA))
        return fail(str_is_equal_nocase(database, SERVICES_FAILED_DATABASEA)
                        ? ERROR_DATABASE_DOES_NOT_EXIST
                        : ERROR_INVALID_NAME);
    return new_handle(&sc_manager_class, NULL, access);
}

SC_HANDLE WINAPI OpenSCManagerW(LPCWSTR machine, LPCWSTR database, DWORD access)
{
    auto_free char *utf8_machine = utf8_from_utf16((const uint16_t *)machine);
    auto_free char *utf8 = utf8_from_utf16((const uint16_t *)database);

    return OpenSCManagerA(utf8_machine, utf8, access);
}

BOOL WINAPI CloseServiceHandle(SC_HANDLE handle)
{
    struct object *object = handle_take((HANDLE)handle, &sc_manager_class);

    if (!object)
        object = handle_take((HANDLE)handle, &sc_service_class);
    if (!object)
        return FALSE;
    object_unref(object);
    return TRUE;
}

static bool is_name_valid(const char *name)
{
    return *name && strlen(name) <= LONGEST_NAME && !strpbrk(name, "/\\");
}

SC_HANDLE WINAPI OpenServiceA(SC_HANDLE manager, LPCSTR name, DWORD access)
{
    auto_object struct object *object = handle_get((HANDLE)manager, &sc_manager_class, 0);

    if (!object)
        return NULL;
    if (!name)
        return fail(ERROR_INVALID_ADDRESS);
    if (!is_name_valid(name))
        return fail(ERROR_INVALID_NAME);
    service_lock();
    bool is_there = service_find(name) != NULL;
    service_unlock();
    return is_there ? new_handle(&sc_service_class, name, access)
                    : fail(ERROR_SERVICE_DOES_NOT_EXIST);
}

SC_HANDLE WINAPI OpenServiceW(SC_HANDLE manager, LPCWSTR name, DWORD access)
{
    auto_free char *utf8 = utf8_from_utf16((const uint16_t *)name);

    return OpenServiceA(manager, utf8, access);
}

/* ---- installing ---- */

struct wanted {
    const char *name;
    DWORD access;
    struct service_entry entry; /* nothing in it is owned */
};

static DWORD check_wanted(const struct wanted *wanted)
{
    const struct service_entry *entry = &wanted->entry;
    DWORD kind = entry->type & ~(DWORD)SERVICE_INTERACTIVE_PROCESS;

    if (!wanted->name || !entry->path)
        return ERROR_INVALID_ADDRESS;
    if (!is_name_valid(wanted->name))
        return ERROR_INVALID_NAME;
    if (kind != SERVICE_WIN32_OWN_PROCESS && kind != SERVICE_WIN32_SHARE_PROCESS &&
        kind != SERVICE_KERNEL_DRIVER && kind != SERVICE_FILE_SYSTEM_DRIVER)
        return ERROR_INVALID_PARAMETER;
    if (entry->start > SERVICE_DISABLED || entry->error_control > SERVICE_ERROR_CRITICAL ||
        (entry->start < SERVICE_AUTO_START && kind & SERVICE_WIN32))
        return ERROR_INVALID_PARAMETER;
    return service_books_has(wanted->name) ? ERROR_SERVICE_EXISTS : ERROR_SUCCESS;
}

static SC_HANDLE create_service(SC_HANDLE manager, const struct wanted *wanted)
{
    auto_object struct object *object =
        handle_get((HANDLE)manager, &sc_manager_class, SC_MANAGER_CREATE_SERVICE);
    struct service_entry entry = wanted->entry;

    if (!object)
        return NULL;
    DWORD error = check_wanted(wanted);
    if (error)
        return fail(error);
    if (!entry.display_name)
        entry.display_name = (char *)wanted->name;
    if (!entry.account)
        entry.account = (char *)"LocalSystem";
    service_books_write(wanted->name, &entry);
    return new_handle(&sc_service_class, wanted->name, wanted->access);
}

/* Bytes of a list of texts with its last zero. */
static size_t list_size(const WCHAR *list)
{
    size_t n = 0;

    while (list[n])
        n += utf16_length((const uint16_t *)list + n) + 1;
    return (n + 1) * sizeof(WCHAR);
}

SC_HANDLE WINAPI CreateServiceW(SC_HANDLE manager, LPCWSTR name, LPCWSTR display_name, DWORD access,
                                DWORD type, DWORD start, DWORD error_control, LPCWSTR path,
                                LPCWSTR group, LPDWORD ret_tag, LPCWSTR dependencies,
                                LPCWSTR account, LPCWSTR password)
{
    auto_free char *utf8 = utf8_from_utf16((const uint16_t *)name);
    auto_free char *utf8_display = utf8_from_utf16((const uint16_t *)display_name);
    auto_free char *utf8_path = utf8_from_utf16((const uint16_t *)path);
    auto_free char *utf8_group = utf8_from_utf16((const uint16_t *)group);
    auto_free char *utf8_account = utf8_from_utf16((const uint16_t *)account);
    struct wanted wanted = { .name = utf8,
                             .access = access,
                             .entry = { .type = type,
                                        .start = start,
                                        .error_control = error_control,
                                        .path = utf8_path,
                                        .group = utf8_group,
                                        .account = utf8_account,
                                        .display_name = utf8_display,
                                        .dependencies = (WCHAR *)dependencies } };

    (void)password;
    if (ret_tag)
        *ret_tag = 0;
    if (dependencies)
        wanted.entry.dependencies_size = list_size(dependencies);
    return create_service(manager, &wanted);
}

SC_HANDLE WINAPI CreateServiceA(SC_HANDLE manager, LPCSTR name, LPCSTR display_name, DWORD access,
                                DWORD type, DWORD start, DWORD error_control, LPCSTR path,
                                LPCSTR group, LPDWORD ret_tag, LPCSTR dependencies, LPCSTR account,
                                LPCSTR password)
{
    struct wanted wanted = { .name = name,
                             .access = access,
                             .entry = { .type = type,
                                        .start = start,
                                        .error_control = error_control,
                                        .path = (char *)path,
                                        .group = (char *)group,
                                        .account = (char *)account,
                                        .display_name = (char *)display_name } };
    auto_free WCHAR *list = sc_wide_list(dependencies, &wanted.entry.dependencies_size);

    (void)password;
    if (ret_tag)
        *ret_tag = 0;
    wanted.entry.dependencies = list;
    return create_service(manager, &wanted);
}

WCHAR *sc_wide_list(const char *list, size_t *ret_size)
{
    auto_str struct str out = { 0 };

    *ret_size = 0;
    if (!list)
        return NULL;
    for (; *list; list += strlen(list) + 1) {
        auto_free uint16_t *units = utf16_from_utf8(list);
        str_add_bytes(&out, (const char *)units, (utf16_length(units) + 1) * sizeof(WCHAR));
    }
    str_add_bytes(&out, "\0", sizeof(WCHAR));
    *ret_size = out.length;
    return (WCHAR *)str_take(&out);
}

/* Learn: "DeleteService": marked; it goes when it has stopped and its last handle is closed. Here
 * one that does not run goes at once. */
BOOL WINAPI DeleteService(SC_HANDLE handle)
{
    auto_object struct object *object = handle_get((HANDLE)handle, &sc_service_class, DELETE);

    if (!object)
        return FALSE;
    service_lock();
    struct service_record *service = service_find(((struct sc_object *)object)->service);
    if (service && !service->is_ours)
        service->is_deleted = true;
    service_unlock();
    if (!service)
        return win_fail(ERROR_SERVICE_MARKED_FOR_DELETE);
    service_books_delete(service->name);
    return TRUE;
}

/* ---- state ---- */

/* The record that a handle means, with the lock held, or NULL with the last error and no lock. */
static struct service_record *record_of(const struct object *object)
{
    if (!object)
        return NULL;
    service_lock();
    struct service_record *service = service_find(((const struct sc_object *)object)->service);
    if (service)
        return service;
    service_unlock();
    SetLastError(ERROR_SERVICE_MARKED_FOR_DELETE);
    return NULL;
}

BOOL WINAPI QueryServiceStatus(SC_HANDLE handle, LPSERVICE_STATUS ret_status)
{
    auto_object struct object *object =
        handle_get((HANDLE)handle, &sc_service_class, SERVICE_QUERY_STATUS);
    struct service_record *service = record_of(object);

    if (!service)
        return FALSE;
    memcpy(ret_status, &service->status, sizeof(*ret_status));
    service_unlock();
    return TRUE;
}

BOOL WINAPI QueryServiceStatusEx(SC_HANDLE handle, SC_STATUS_TYPE level, LPBYTE buffer, DWORD size,
                                 LPDWORD ret_needed)
{
    auto_object struct object *object =
        handle_get((HANDLE)handle, &sc_service_class, SERVICE_QUERY_STATUS);

    if (!object)
        return FALSE;
    if (level != SC_STATUS_PROCESS_INFO)
        return win_fail(ERROR_INVALID_LEVEL);
    if (!ret_needed)
        return win_fail(ERROR_INVALID_ADDRESS);
    *ret_needed = sizeof(SERVICE_STATUS_PROCESS);
    if (!buffer || size < sizeof(SERVICE_STATUS_PROCESS))
        return win_fail(ERROR_INSUFFICIENT_BUFFER);
    struct service_record *service = record_of(object);
    if (!service)
        return FALSE;
    memcpy(buffer, &service->status, sizeof(service->status));
    service_unlock();
    return TRUE;
}

static void set_state(struct service_record *service, DWORD state)
{
    service->status.dwCurrentState = state;
    service->status.dwWin32ExitCode = NO_ERROR;
    service->status.dwControlsAccepted =
        state == SERVICE_RUNNING ? SERVICE_ACCEPT_STOP | SERVICE_ACCEPT_SHUTDOWN : 0;
    service_changed();
}

static DWORD start_service(struct service_record *service, DWORD start_type)
{
    if (service->status.dwCurrentState != SERVICE_STOPPED)
        return ERROR_SERVICE_ALREADY_RUNNING;
    if (start_type == SERVICE_DISABLED)
        return ERROR_SERVICE_DISABLED;
    if (service->is_ours)
        return ERROR_SERVICE_REQUEST_TIMEOUT; /* its program has left the dispatcher */
    set_state(service, SERVICE_RUNNING);
    return ERROR_SUCCESS;
}

BOOL WINAPI StartServiceA(SC_HANDLE handle, DWORD n, LPCSTR *words)
{
    auto_object struct object *object =
        handle_get((HANDLE)handle, &sc_service_class, SERVICE_START);
    struct service_entry entry = { .start = SERVICE_DEMAND_START };
    struct service_record *service = record_of(object);

    (void)n;
    (void)words;
    if (!service)
        return FALSE;
    bool is_on_books = service_books_read(service->name, &entry);
    DWORD error = start_service(service, entry.start);
    service_unlock();
    if (is_on_books)
        service_entry_fini(&entry);
    return error ? win_fail(error) : TRUE;
}

BOOL WINAPI StartServiceW(SC_HANDLE handle, DWORD n, LPCWSTR *words)
{
    (void)words;
    return StartServiceA(handle, n, NULL);
}

/* What a control needs: the handle's access and the service's consent. */
static bool control_needs(DWORD control, DWORD *ret_access, DWORD *ret_accept)
{
    *ret_access = SERVICE_USER_DEFINED_CONTROL;
    *ret_accept = 0;
    switch (control) {
    case SERVICE_CONTROL_STOP:
        *ret_access = SERVICE_STOP;
        *ret_accept = SERVICE_ACCEPT_STOP;
        return true;
    case SERVICE_CONTROL_PAUSE:
    case SERVICE_CONTROL_CONTINUE:
        *ret_access = SERVICE_PAUSE_CONTINUE;
        *ret_accept = SERVICE_ACCEPT_PAUSE_CONTINUE;
        return true;
    case SERVICE_CONTROL_PARAMCHANGE:
        *ret_access = SERVICE_PAUSE_CONTINUE;
        *ret_accept = SERVICE_ACCEPT_PARAMCHANGE;
        return true;
    case SERVICE_CONTROL_INTERROGATE:
        *ret_access = SERVICE_INTERROGATE;
        return true;
    default: /* Learn: 128 to 255 are the service's own */
        return control >= 128 && control <= 255;
    }
}

static DWORD control_service(struct service_record *service, DWORD control, DWORD accept)
{
    DWORD state = service->status.dwCurrentState;

    if (state == SERVICE_STOPPED)
        return ERROR_SERVICE_NOT_ACTIVE;
    if (state == SERVICE_START_PENDING || state == SERVICE_STOP_PENDING)
        return ERROR_SERVICE_CANNOT_ACCEPT_CTRL;
    if (accept && !(service->status.dwControlsAccepted & accept))
        return ERROR_INVALID_SERVICE_CONTROL;
    if (service->is_ours) {
        service_unlock();
        DWORD error = service_control(service, control);
        service_lock();
        return error;
    }
    if (control == SERVICE_CONTROL_STOP)
        set_state(service, SERVICE_STOPPED);
    return ERROR_SUCCESS;
}

BOOL WINAPI ControlService(SC_HANDLE handle, DWORD control, LPSERVICE_STATUS ret_status)
{
    DWORD access, accept;

    if (!control_needs(control, &access, &accept))
        return win_fail(ERROR_INVALID_PARAMETER);
    auto_object struct object *object = handle_get((HANDLE)handle, &sc_service_class, access);
    struct service_record *service = record_of(object);
    if (!service)
        return FALSE;
    DWORD error = control_service(service, control, accept);
    memcpy(ret_status, &service->status, sizeof(*ret_status));
    service_unlock();
    return error ? win_fail(error) : TRUE;
}
