/* SPDX-License-Identifier: MIT */
/* Services: what is on the books (keys below HKLM\SYSTEM\CurrentControlSet\Services) and what of it
 * runs. A service of the program under test runs when the world is one in which the service manager
 * has started the program (`vssemu run --service`): then StartServiceCtrlDispatcher works, and
 * whoever ends the run stops it first. Services of other programs only change their state. */
#pragma once

#include "emu/base/list.h"
#include "emu/include/vssemu_types.h"

#include <stdbool.h>
#include <stdint.h>

struct service_record {
    struct list link;
    char *name;
    unsigned world; /* serial of the world that it is in */
    SERVICE_STATUS_PROCESS status;
    bool is_ours; /* the program under test is it */
    bool is_deleted;
    int64_t progress_ns; /* of the world's clock: the last sign of life while pending */
    LPHANDLER_FUNCTION handler;
    LPHANDLER_FUNCTION_EX handler_ex;
    void *context;
};

/* ---- for emu/setup ---- */

/* The process has been started by the service manager, as this service; NULL: the first that it
 * names. Signals that ask a program to end become SERVICE_CONTROL_STOP. Before any thread of the
 * program runs. */
void service_mode_begin(const char *name);
bool service_mode_is_on(void);
/* Whether the program ever called StartServiceCtrlDispatcher. */
bool service_mode_was_used(void);
/* Sends SERVICE_CONTROL_STOP (or SHUTDOWN, where only that is accepted) to the services of this
 * program that run and waits until they have stopped; what does not stop in time is told on
 * standard error and in the System log. False: there was none, or one is still there. */
bool service_stop_all(void);

/* ---- for the files of this folder ---- */

void service_lock(void);
void service_unlock(void);
/* Something about a service has changed: those in service_wait look again. With the lock. */
void service_changed(void);
/* Waits for a change; false: the moment (of the world's clock) has come. With the lock. */
bool service_wait(int64_t until_ns);
int64_t service_now(void);

/* The record of a service of the calling thread's world that is on the books, else NULL. With the
 * lock. */
struct service_record *service_find(const char *name);
/* The same for one that runs in this program, on the books or not; is made if need be. */
struct service_record *service_own(const char *name);
/* A control code for one of this program's services: an error code, what the handler answered. No
 * lock held. */
DWORD service_control(struct service_record *service, DWORD control);
/* When the service manager loses patience with one that is pending. */
int64_t service_deadline(const struct service_record *service);
/* Tells people (standard error) and the System log (number, as the manager of Windows). No lock
 * held. */
void service_report(DWORD number, const char *format, ...) __attribute__((format(printf, 2, 3)));
