/* SPDX-License-Identifier: MIT */
/* A program as a service: StartServiceCtrlDispatcher, RegisterServiceCtrlHandler, SetServiceStatus
 * (Learn: "Service Programs"). The dispatcher keeps the thread that called it: ServiceMain runs on
 * a thread of its own, handlers run on the dispatcher's. All waits are on the world's clock. */
#include "fakes/windows/services/service.h"

#include "emu/base/array.h"
#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/base/utf.h"
#include "emu/port/sched.h"
#include "fakes/windows/fold.h"
#include "fakes/windows/last_error.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

/* Learn: "StartServiceCtrlDispatcherW", "Service Control Handler Function": 30 s to connect, to
 * begin and to answer a control. */
#define PATIENCE_NS (30 * SCHED_SECOND)

struct entry {
    char *name;
    LPSERVICE_MAIN_FUNCTIONW main_wide;
    LPSERVICE_MAIN_FUNCTIONA main_narrow;
};

struct request {
    struct list link;
    struct service_record *service;
    DWORD control, answer;
    bool is_done;
};

static bool is_on;       /* the process is a service */
static char *asked_name; /* --service=NAME; NULL: whichever */
static int signal_fd = -1;
static bool is_dispatching;
static struct list requests = { &requests, &requests };
static ARRAY(struct service_record *) own; /* that run, or have run */

bool service_mode_is_on(void)
{
    return is_on;
}

bool service_mode_was_used(void)
{
    return is_dispatching;
}

void service_mode_begin(const char *name)
{
    sigset_t mask;

    is_on = true;
    asked_name = name ? mem_strdup(name) : NULL;
    sigemptyset(&mask);
    sigaddset(&mask, SIGTERM);
    sigaddset(&mask, SIGINT);
    pthread_sigmask(SIG_BLOCK, &mask, NULL);
    signal_fd = signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
}

int64_t service_deadline(const struct service_record *service)
{
    int64_t hint = service->status.dwWaitHint * SCHED_MS;

    /* Unsure: how much the manager adds to a hint; never less than its own patience here. */
    return service->progress_ns + (hint > PATIENCE_NS ? hint : PATIENCE_NS);
}

/* ---- controls ---- */

DWORD service_control(struct service_record *service, DWORD control)
{
    struct request request = { .service = service, .control = control };
    int64_t until = service_now() + PATIENCE_NS;

    service_lock();
    list_append(&requests, &request.link);
    service_changed();
    while (!request.is_done && service_wait(until))
        ;
    if (!request.is_done)
        list_remove(&request.link);
    service_unlock();
    return request.is_done ? request.answer : ERROR_SERVICE_REQUEST_TIMEOUT;
}

/* On the dispatcher's thread, without the lock. */
static DWORD run_handler(const struct service_record *service, DWORD control)
{
    if (service->handler_ex)
        return service->handler_ex(control, 0, NULL, service->context);
    if (!service->handler)
        return ERROR_SERVICE_CANNOT_ACCEPT_CTRL;
    service->handler(control);
    return NO_ERROR;
}

/* With the lock; gives it up while the handler runs. The one who asked may have gone meanwhile, so
 * the request is looked for again. */
static void serve(struct request *request)
{
    struct service_record *service = request->service;
    DWORD control = request->control;

    service_unlock();
    DWORD answer = run_handler(service, control);
    service_lock();
    list_each (struct request, waiting, &requests, link) {
        if (waiting != request)
            continue;
        request->answer = answer;
        request->is_done = true;
        list_remove(&request->link);
        break;
    }
    service_changed();
}

/* ---- signals ---- */

static void *watch_signals(void *argument)
{
    struct pollfd fd = { .fd = signal_fd, .events = POLLIN };
    struct signalfd_siginfo info;

    (void)argument;
    while (poll(&fd, 1, -1) >= 0 || errno == EINTR) {
        if (read(signal_fd, &info, sizeof(info)) == sizeof(info) && !service_stop_all())
            _exit(128 + (int)info.ssi_signo);
    }
    return NULL;
}

static void begin_signals(void)
{
    pthread_t thread;

    if (signal_fd >= 0 && pthread_create(&thread, NULL, watch_signals, NULL) == 0)
        pthread_detach(thread);
}

/* ---- ServiceMain ---- */

struct start {
    struct entry entry;
    WCHAR *name_wide;
};

static DWORD WINAPI run_main(void *argument)
{
    struct start *start = argument;

    if (start->entry.main_wide) {
        LPWSTR words[] = { start->name_wide, NULL };
        start->entry.main_wide(1, words);
    } else {
        LPSTR words[] = { start->entry.name, NULL };
        start->entry.main_narrow(1, words);
    }
    free(start->name_wide);
    free(start->entry.name);
    free(start);
    return 0;
}

static bool start_main(const struct entry *entry)
{
    struct start *start = mem_new(struct start);

    start->entry = *entry;
    start->entry.name = mem_strdup(entry->name);
    start->name_wide = (WCHAR *)utf16_from_utf8(entry->name);
    HANDLE thread = CreateThread(NULL, 0, run_main, start, 0, NULL);
    if (thread)
        CloseHandle(thread);
    return thread != NULL;
}

/* ---- the dispatcher ---- */

static const char *state_name(DWORD state)
{
    static const char *const names[] = { "unknown",       "STOPPED", "START_PENDING",
                                         "STOP_PENDING",  "RUNNING", "CONTINUE_PENDING",
                                         "PAUSE_PENDING", "PAUSED" };

    return names[state < 8 ? state : 0];
}

/* Learn: "SERVICE_STATUS": without progress within its hint the manager assumes an error. Here the
 * program is ended: nobody would else. */
static _Noreturn void give_up(const struct service_record *service)
{
    auto_free char *name = mem_strdup(service->name);
    DWORD state = service->status.dwCurrentState, hint = service->status.dwWaitHint;

    service_unlock();
    service_report(7022,
                   "The %s service hung on starting: it is SERVICE_%s and gave no sign of life for "
                   "%u ms (SetServiceStatus with a higher dwCheckPoint, or SERVICE_RUNNING)",
                   name, state_name(state), hint > 30000 ? hint : 30000u);
    fflush(NULL);
    _exit(1);
}

/* Until everything has stopped. */
static void dispatch(struct service_record *service)
{
    service_lock();
    while (service->status.dwCurrentState != SERVICE_STOPPED) {
        bool is_starting = service->status.dwCurrentState == SERVICE_START_PENDING;

        if (!list_is_empty(&requests))
            serve(container_of(requests.next, struct request, link));
        else if (!service_wait(is_starting ? service_deadline(service) : SCHED_NEVER))
            give_up(service);
    }
    DWORD error = service->status.dwWin32ExitCode;
    service_unlock();
    if (error == ERROR_SERVICE_SPECIFIC_ERROR)
        service_report(7024, "The %s service terminated with the service-specific error %u",
                       service->name, (unsigned)service->status.dwServiceSpecificExitCode);
    else if (error)
        service_report(7023, "The %s service terminated with the error %u", service->name,
                       (unsigned)error);
}

/* Which of them is started: the one that was asked for, else the first. */
static const struct entry *choose(const struct entry *entries, size_t n)
{
    for (size_t i = 0; asked_name && i < n; i++) {
        if (fold_compare(entries[i].name, asked_name) == 0)
            return &entries[i];
    }
    return &entries[0];
}

static BOOL start_dispatcher(const struct entry *entries, size_t n)
{
    struct entry entry;

    if (!is_on)
        return win_fail(ERROR_FAILED_SERVICE_CONTROLLER_CONNECT);
    if (!n)
        return win_fail(ERROR_INVALID_DATA);
    service_lock();
    bool is_second = is_dispatching;
    is_dispatching = true;
    service_unlock();
    if (is_second)
        return win_fail(ERROR_SERVICE_ALREADY_RUNNING);
    if (service_now() > PATIENCE_NS)
        service_report(7009, "A timeout was reached (30000 milliseconds) while waiting for the "
                             "service to connect: it called StartServiceCtrlDispatcher too late");
    entry = *choose(entries, n);
    /* Learn: "SERVICE_TABLE_ENTRYW": the name of the only service of a process is ignored. */
    if (n == 1 && asked_name)
        entry.name = asked_name;
    else if (!*entry.name)
        entry.name = "Service";
    service_lock();
    struct service_record *service = service_own(entry.name);
    array_add(&own, service);
    service_unlock();
    begin_signals();
    if (!start_main(&entry))
        return FALSE;
    dispatch(service);
    return TRUE;
}

BOOL WINAPI StartServiceCtrlDispatcherW(const SERVICE_TABLE_ENTRYW *table)
{
    ARRAY(struct entry) entries = { 0 };

    for (; table && table->lpServiceProc; table++) {
        char *name = utf8_from_utf16((const uint16_t *)table->lpServiceName);
        array_add(&entries,
                  ((struct entry){ name ? name : mem_strdup(""), table->lpServiceProc, NULL }));
    }
    BOOL result = start_dispatcher(entries.items, entries.count);
    for (size_t i = 0; i < entries.count; i++)
        free(entries.items[i].name);
    array_free(&entries);
    return result;
}

BOOL WINAPI StartServiceCtrlDispatcherA(const SERVICE_TABLE_ENTRYA *table)
{
    ARRAY(struct entry) entries = { 0 };

    for (; table && table->lpServiceProc; table++)
        array_add(&entries,
                  ((struct entry){ mem_strdup(table->lpServiceName ? table->lpServiceName : ""),
                                   NULL, table->lpServiceProc }));
    BOOL result = start_dispatcher(entries.items, entries.count);
    for (size_t i = 0; i < entries.count; i++)
        free(entries.items[i].name);
    array_free(&entries);
    return result;
}

/* ---- what ServiceMain calls ---- */

/* The own service of that name; the name of the only one is ignored. With the lock. */
static struct service_record *own_named(const char *name)
{
    for (size_t i = 0; i < own.count; i++) {
        if (own.count == 1 || fold_compare(own.items[i]->name, name) == 0)
            return own.items[i];
    }
    return NULL;
}

static SERVICE_STATUS_HANDLE register_handler(const char *name, LPHANDLER_FUNCTION handler,
                                              LPHANDLER_FUNCTION_EX handler_ex, void *context)
{
    DWORD error = name ? ERROR_SERVICE_NOT_IN_EXE : ERROR_INVALID_NAME;

    service_lock();
    struct service_record *service = name ? own_named(name) : NULL;
    if (service) {
        service->handler = handler;
        service->handler_ex = handler_ex;
        service->context = context;
    }
    service_unlock();
    if (!service)
        SetLastError(error);
    return (SERVICE_STATUS_HANDLE)service;
}

SERVICE_STATUS_HANDLE WINAPI RegisterServiceCtrlHandlerA(LPCSTR name, LPHANDLER_FUNCTION handler)
{
    return register_handler(name, handler, NULL, NULL);
}

SERVICE_STATUS_HANDLE WINAPI RegisterServiceCtrlHandlerW(LPCWSTR name, LPHANDLER_FUNCTION handler)
{
    auto_free char *utf8 = utf8_from_utf16((const uint16_t *)name);

    return register_handler(utf8, handler, NULL, NULL);
}

SERVICE_STATUS_HANDLE WINAPI RegisterServiceCtrlHandlerExA(LPCSTR name,
                                                           LPHANDLER_FUNCTION_EX handler,
                                                           LPVOID context)
{
    return register_handler(name, NULL, handler, context);
}

SERVICE_STATUS_HANDLE WINAPI RegisterServiceCtrlHandlerExW(LPCWSTR name,
                                                           LPHANDLER_FUNCTION_EX handler,
                                                           LPVOID context)
{
    auto_free char *utf8 = utf8_from_utf16((const uint16_t *)name);

    return register_handler(utf8, NULL, handler, context);
}

static bool is_own(const struct service_record *service)
{
    for (size_t i = 0; i < own.count; i++) {
        if (own.items[i] == service)
            return true;
    }
    return false;
}

static bool has_progress(const SERVICE_STATUS_PROCESS *old, const SERVICE_STATUS *fresh)
{
    return old->dwCurrentState != fresh->dwCurrentState || fresh->dwCheckPoint > old->dwCheckPoint;
}

BOOL WINAPI SetServiceStatus(SERVICE_STATUS_HANDLE handle, LPSERVICE_STATUS fresh)
{
    struct service_record *service = (struct service_record *)handle;
    const DWORD types = SERVICE_WIN32 | SERVICE_DRIVER | SERVICE_INTERACTIVE_PROCESS;

    service_lock();
    bool is_good = is_own(service);
    service_unlock();
    if (!is_good)
        return win_fail(ERROR_INVALID_HANDLE);
    if (!fresh->dwServiceType || fresh->dwServiceType & ~types || !fresh->dwCurrentState ||
        fresh->dwCurrentState > SERVICE_PAUSED)
        return win_fail(ERROR_INVALID_DATA);
    service_lock();
    if (has_progress(&service->status, fresh))
        service->progress_ns = service_now();
    memcpy(&service->status, fresh, sizeof(*fresh));
    service->status.dwProcessId =
        fresh->dwCurrentState == SERVICE_STOPPED ? 0 : GetCurrentProcessId();
    service_changed();
    service_unlock();
    return TRUE;
}

/* ---- the end of the run ---- */

/* A service that begins takes no control; the dispatcher ends one that never gets there. */
static void wait_for_start(struct service_record *service)
{
    service_lock();
    while (service->status.dwCurrentState == SERVICE_START_PENDING &&
           service_wait(service_deadline(service)))
        ;
    service_unlock();
}

static DWORD ask_to_stop(struct service_record *service)
{
    wait_for_start(service);
    if (service->status.dwCurrentState == SERVICE_STOPPED)
        return NO_ERROR;
    DWORD accepted = service->status.dwControlsAccepted;

    if (accepted & SERVICE_ACCEPT_STOP)
        return service_control(service, SERVICE_CONTROL_STOP);
    if (accepted & SERVICE_ACCEPT_SHUTDOWN)
        return service_control(service, SERVICE_CONTROL_SHUTDOWN);
    service_report(7031,
                   "The %s service accepts neither SERVICE_CONTROL_STOP nor "
                   "SERVICE_CONTROL_SHUTDOWN (dwControlsAccepted %u)",
                   service->name, (unsigned)accepted);
    return ERROR_INVALID_SERVICE_CONTROL;
}

static bool wait_for_stop(struct service_record *service)
{
    service_lock();
    service->progress_ns = service_now();
    while (service->status.dwCurrentState != SERVICE_STOPPED &&
           service_wait(service_deadline(service)))
        ;
    DWORD state = service->status.dwCurrentState;
    service_unlock();
    if (state != SERVICE_STOPPED)
        service_report(7011,
                       "The %s service did not stop: it is SERVICE_%s and gave no sign of "
                       "life for 30 s or its wait hint",
                       service->name, state_name(state));
    return state == SERVICE_STOPPED;
}

bool service_stop_all(void)
{
    bool is_good = true;
    size_t n;

    service_lock();
    n = own.count;
    service_unlock();
    for (size_t i = 0; i < n; i++) {
        struct service_record *service = own.items[i];
        if (service->status.dwCurrentState == SERVICE_STOPPED)
            continue;
        DWORD error = ask_to_stop(service);
        if (error == ERROR_SERVICE_REQUEST_TIMEOUT)
            service_report(7011,
                           "A timeout (30000 milliseconds) was reached while waiting for a "
                           "transaction response from the %s service",
                           service->name);
        is_good = !error && wait_for_stop(service) && is_good;
    }
    return n && is_good;
}
