/* SPDX-License-Identifier: MIT */
#include "emu/svc/machine.h"

#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/port/access.h"
#include "emu/svc/event_log.h"
#include "emu/svc/service.h"

#include <stdio.h>

static const char *const condition_names[N_MACHINE_CONDITIONS] = {
    [MACHINE_LOW_RIGHTS_BACKUP] = "access denied",
    [MACHINE_LOW_RIGHTS_ADMIN] = "access denied",
    [MACHINE_LOW_MEMORY] = "memory is short",
    [MACHINE_DAMAGED_DOCUMENT] = "the document is damaged",
    [MACHINE_INTERNAL_ERROR] = "internal error",
    [MACHINE_INTERNAL_FAIL] = "internal error",
    [MACHINE_NO_MESSAGES] = "writers cannot be reached",
    [MACHINE_LOST_WRITERS] = "writers cannot be reached",
    [MACHINE_SAFE_MODE] = "safe mode",
    [MACHINE_SET_IN_PROGRESS] = "another set is in progress",
};

void machine_init(struct machine *machine)
{
    machine_set_caller(machine, CALLER_ADMINISTRATOR, NULL);
    atomic_init(&machine->is_disturbed, false);
    for (unsigned i = 0; i < N_MACHINE_CONDITIONS; i++) {
        atomic_init(&machine->plans[i].countdown, 0);
        atomic_init(&machine->plans[i].method, N_API_METHODS);
    }
}

void machine_set_caller(struct machine *machine, enum machine_caller caller, const char *account)
{
    static const char *const accounts[] = {
        [CALLER_ADMINISTRATOR] = WORLD_MACHINE_NAME "\\" VARIABLES_USER,
        [CALLER_BACKUP_OPERATOR] = WORLD_MACHINE_NAME "\\Operator",
        [CALLER_USER] = WORLD_MACHINE_NAME "\\User",
    };

    snprintf(machine->account, sizeof(machine->account), "%s",
             account ? account : accounts[caller]);
    atomic_store(&machine->caller, (int)caller);
    atomic_store(&machine->is_disturbed, true);
}

void machine_plan(struct machine *machine, enum machine_condition condition, enum api_method method,
                  unsigned nth)
{
    atomic_store(&machine->plans[condition].method, (int)method);
    atomic_store(&machine->plans[condition].countdown, nth);
    atomic_store(&machine->is_disturbed, true);
}

unsigned machine_count_waiting(struct machine *machine)
{
    unsigned n = 0;

    for (unsigned i = 0; i < N_MACHINE_CONDITIONS; i++) {
        unsigned countdown = atomic_load(&machine->plans[i].countdown);

        n += countdown && countdown != MACHINE_ALWAYS;
    }
    return n;
}

static bool is_due(struct machine_plan *plan, enum api_method method)
{
    int only = atomic_load(&plan->method);
    unsigned countdown = atomic_load(&plan->countdown);

    if (!countdown || (only != N_API_METHODS && only != (int)method))
        return false;
    if (countdown == MACHINE_ALWAYS)
        return true;
    while (countdown && !atomic_compare_exchange_weak(&plan->countdown, &countdown, countdown - 1))
        ;
    return countdown == 1;
}

static bool is_writers_call(enum api_method method)
{
    const char *name = api_method_name(method);

    return str_starts_with(name, "CVssWriter") || str_starts_with(name, "CreateVssExpressWriter");
}

/* Learn: "Security Considerations for Writers" and "... for Requesters": whom VssAccessControl
 * lists. A requester that it lets in is as good as a backup operator, a writer needs no more.
 * Unsure: a listed account that is denied is refused whatever its groups are, as access control
 * lists have it. Administrators hold the rights of a backup operator. */
static bool has_too_few_rights(struct service *service, enum api_method method,
                               enum machine_condition condition)
{
    const struct access *access = service->machine.access;
    int caller = atomic_load(&service->machine.caller);

    if (condition != MACHINE_LOW_RIGHTS_BACKUP && condition != MACHINE_LOW_RIGHTS_ADMIN)
        return false;
    enum access_given given =
        access ? access->given(service->ports, service->machine.account) : ACCESS_NOT_LISTED;

    if (given == ACCESS_DENIED)
        return true;
    if (given > 0 && given & ACCESS_WRITER && is_writers_call(method))
        return false;
    if (given > 0 && given & ACCESS_REQUESTER && !is_writers_call(method) && caller == CALLER_USER)
        caller = CALLER_BACKUP_OPERATOR;
    return condition == MACHINE_LOW_RIGHTS_ADMIN ? caller != CALLER_ADMINISTRATOR
                                                 : caller == CALLER_USER;
}

/* The pages of VSS_E_UNEXPECTED and VSS_E_INVALID_XML_DOCUMENT: "detail in the event log". */
static void tell_routine(struct service *service, enum api_method method, HRESULT answer)
{
    auto_free char *about = str_printf("the routine %s failed", api_method_name(method));

    event_log_write(service, EVENT_ROUTINE_ERROR, answer, about, NULL);
}

static void tell(struct service *service, enum api_method method, enum machine_condition condition,
                 HRESULT answer)
{
    service_trace(service, &(struct trace_record){ .kind = TRACE_NOTE,
                                                   .who = "machine",
                                                   .what = condition_names[condition],
                                                   .has_result = true,
                                                   .result = answer,
                                                   .detail = api_method_name(method) });
    if (condition == MACHINE_DAMAGED_DOCUMENT)
        event_log_write(service, EVENT_INVALID_DOCUMENT, answer, api_method_name(method), NULL);
    if (condition == MACHINE_SAFE_MODE)
        event_log_write(service, EVENT_SUBSCRIBE_SAFE, answer, "a writer", "Initializing Writer");
    if (condition == MACHINE_NO_MESSAGES)
        event_log_write(service, EVENT_WRITERS_UNREACHED, answer, api_method_name(method), NULL);
    if (answer == E_ACCESSDENIED && str_starts_with(api_method_name(method), "CVssWriter"))
        event_log_write(service, EVENT_WRITER_RIGHTS, answer, api_method_name(method), NULL);
    if (condition == MACHINE_INTERNAL_ERROR || condition == MACHINE_INTERNAL_FAIL)
        tell_routine(service, method, answer);
}

HRESULT machine_answer(struct service *service, enum api_method method,
                       enum machine_condition condition)
{
    HRESULT answer = api_rules_answer(condition);

    if (answer == VSS_E_UNEXPECTED &&
        choices_value(&service->choices, CHOICE_UNEXPECTED_CODE) == UNEXPECTED_CODE_COM)
        answer = E_UNEXPECTED;
    tell(service, method, condition, answer);
    return answer;
}

HRESULT machine_meet(struct service *service, enum api_method method)
{
    struct machine *machine = &service->machine;

    if (!atomic_load_explicit(&machine->is_disturbed, memory_order_relaxed))
        return S_OK;
    for (unsigned i = 0; i < N_MACHINE_CONDITIONS; i++) {
        enum machine_condition condition = (enum machine_condition)i;

        if (!api_rules_can_meet(method, condition))
            continue;
        if (has_too_few_rights(service, method, condition) || is_due(&machine->plans[i], method))
            return machine_answer(service, method, condition);
    }
    return S_OK;
}
