/* SPDX-License-Identifier: MIT */
/* See service.h: the records of services, their lock, and what is told of them. */
#include "fakes/windows/services/service.h"

#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/port/sched.h"
#include "emu/port/world.h"
#include "fakes/windows/fold.h"
#include "fakes/windows/registry/registry.h"
#include "fakes/windows/services/books.h"
#include "fakes/windows/system/event_log.h"
#include "fakes/windows/wait.h"

#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed;
static pthread_once_t changed_once = PTHREAD_ONCE_INIT;
static struct list records = { &records, &records };

static void make_cond(void)
{
    wait_cond_init(&changed);
}

void service_lock(void)
{
    pthread_once(&changed_once, make_cond);
    pthread_mutex_lock(&lock);
}

void service_unlock(void)
{
    pthread_mutex_unlock(&lock);
}

void service_changed(void)
{
    pthread_cond_broadcast(&changed);
}

int64_t service_now(void)
{
    return sched_now(world_current()->sched);
}

bool service_wait(int64_t until_ns)
{
    if (until_ns == SCHED_NEVER) {
        pthread_cond_wait(&changed, &lock);
        return true;
    }
    int64_t left_ms = (until_ns - service_now() + SCHED_MS - 1) / SCHED_MS;
    if (left_ms <= 0)
        return false;
    struct timespec at = wait_deadline((DWORD)left_ms);
    return pthread_cond_timedwait(&changed, &lock, &at) != ETIMEDOUT;
}

static struct service_record *record_of(const char *name)
{
    unsigned world = world_current()->serial;

    list_each (struct service_record, record, &records, link) {
        if (record->world == world && !record->is_deleted && fold_compare(record->name, name) == 0)
            return record;
    }
    return NULL;
}

static struct service_record *new_record(const char *name, DWORD type)
{
    struct service_record *record = mem_new(struct service_record);

    record->name = mem_strdup(name);
    record->world = world_current()->serial;
    record->status.dwServiceType = type;
    record->status.dwCurrentState = SERVICE_STOPPED;
    record->status.dwWin32ExitCode = ERROR_SERVICE_NEVER_STARTED;
    list_append(&records, &record->link);
    return record;
}

struct service_record *service_find(const char *name)
{
    struct service_record *record = record_of(name);
    struct service_entry entry;

    if (record && (record->is_ours || service_books_has(name)))
        return record;
    if (!service_books_read(name, &entry))
        return NULL;
    record = new_record(entry.name, entry.type);
    service_entry_fini(&entry);
    return record;
}

struct service_record *service_own(const char *name)
{
    struct service_record *record = service_find(name);

    if (!record)
        record = new_record(name, SERVICE_WIN32_OWN_PROCESS);
    record->is_ours = true;
    record->status.dwCurrentState = SERVICE_START_PENDING;
    record->status.dwWin32ExitCode = NO_ERROR;
    record->status.dwWaitHint = 2000;
    record->status.dwProcessId = GetCurrentProcessId();
    record->progress_ns = service_now();
    return record;
}

void service_report(DWORD number, const char *format, ...)
{
    struct str text = { 0 };
    va_list args;

    va_start(args, format);
    str_vaddf(&text, format, args);
    va_end(args);
    fprintf(stderr, "vssemu: %s\n", text.text);
    log_entry_write("System", "Service Control Manager", number, EVENTLOG_ERROR_TYPE, text.text);
    str_free(&text);
}
