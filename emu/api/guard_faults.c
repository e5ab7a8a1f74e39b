/* SPDX-License-Identifier: MIT */
/* See guard_faults.h. A requester that dies loses its sessions as the service sees it, and then its
 * process ends; one that cannot end, because it is a test or beside a program of a user's, has
 * objects that answer nothing more. The same happens to everybody when the service starts again. */
#include "emu/api/guard_faults.h"

#include "emu/port/clock.h"
#include "emu/port/faults.h"
#include "emu/port/world.h"
#include "emu/svc/backup.h"
#include "emu/svc/service.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static _Thread_local bool is_ours;

void guard_faults_requester_is_ours(void)
{
    is_ours = true;
}

static void note(struct service *service, const char *who, const char *what)
{
    service_trace(service, &(struct trace_record){ .kind = TRACE_NOTE, .who = who, .what = what });
}

static void cut_off_all(struct service *service)
{
    list_each_safe (struct backup, backup, &service->backups, link) {
        if (!backup->is_released && !backup->is_cut_off)
            backup_cut_off(backup);
    }
}

/* ---- the machine ---- */

static enum machine_condition condition_of(enum api_method method, enum fault_action action)
{
    static const enum machine_condition plain[N_FAULT_ACTIONS] = {
        [FAULT_ACCESS_DENIED] = MACHINE_LOW_RIGHTS_BACKUP,
        [FAULT_LOW_MEMORY] = MACHINE_LOW_MEMORY,
        [FAULT_DAMAGED_DOCUMENT] = MACHINE_DAMAGED_DOCUMENT,
        [FAULT_INTERNAL_ERROR] = MACHINE_INTERNAL_ERROR,
        [FAULT_NO_MESSAGES] = MACHINE_NO_MESSAGES,
        [FAULT_SAFE_MODE] = MACHINE_SAFE_MODE,
        [FAULT_SET_IN_PROGRESS] = MACHINE_SET_IN_PROGRESS,
    };

    /* Where the page has another code for it. */
    if (action == FAULT_INTERNAL_ERROR && api_rules_can_meet(method, MACHINE_INTERNAL_FAIL))
        return MACHINE_INTERNAL_FAIL;
    if (action == FAULT_NO_MESSAGES && api_rules_can_meet(method, MACHINE_LOST_WRITERS))
        return MACHINE_LOST_WRITERS;
    return plain[action];
}

/* A service that comes back knows nobody: whoever had an object has one that is cut off. */
void guard_faults_happen(struct service *service, const struct fault_hit *hit)
{
    if (hit->action == FAULT_CLOCK_JUMP)
        clock_jump(service->ports->clock, hit->duration_ns);
    if (hit->action != FAULT_RESTART)
        return;
    note(service, "machine", "the service starts again");
    cut_off_all(service);
    service->creating = NULL; /* also of a set that a provider never comes back to */
}

static HRESULT befall_machine(struct world_ports *ports, enum api_method method,
                              const struct fault_hit *hit)
{
    if (hit->action == FAULT_CLOCK_JUMP) { /* perhaps inside the service */
        guard_faults_happen(ports->service, hit);
        return S_OK;
    }
    if (hit->action != FAULT_RESTART)
        return machine_answer(ports->service, method, condition_of(method, hit->action));
    sched_enter(ports->sched);
    guard_faults_happen(ports->service, hit);
    sched_leave(ports->sched);
    return S_OK; /* the object that is asked tells the rest */
}

/* ---- the requester ---- */

static HRESULT befall_requester(struct world_ports *ports, const struct fault_hit *hit)
{
    int number = hit->action == FAULT_CRASH ? SIGSEGV : SIGKILL;

    sched_enter(ports->sched);
    note(ports->service, "requester",
         hit->action == FAULT_CRASH ? "its process has crashed" : "its process has ended");
    cut_off_all(ports->service);
    sched_leave(ports->sched);
    if (!ports->faults->ends_process || is_ours)
        return E_ABORT;
    fflush(NULL);
    raise(number);
    _exit(128 + number);
}

HRESULT guard_faults(struct world_ports *ports, enum api_method method)
{
    struct faults *faults = ports->faults;
    struct fault_hit hit;
    HRESULT hr = S_OK;

    if (faults_meet(faults, FAULT_MACHINE, NULL, method, &hit))
        hr = befall_machine(ports, method, &hit);
    /* Ours asks for itself. */
    if (hr == S_OK && !faults->is_requester_ours && api_method_is_of_requester(method) &&
        faults_meet(faults, FAULT_REQUESTER, NULL, method, &hit) &&
        (hit.action == FAULT_CRASH || hit.action == FAULT_DIE))
        hr = befall_requester(ports, &hit);
    return hr;
}
