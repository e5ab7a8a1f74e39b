/* SPDX-License-Identifier: MIT */
/* The functions of vssemu.h about the machine: callers, conditions, choices, its log. */
#include "emu/base/str.h"
#include "emu/com/hresult.h"
#include "emu/include/vssemu.h"
#include "emu/proto/event_ids.h"
#include "emu/setup/test_world.h"
#include "emu/setup/trace_memory.h"
#include "emu/setup/world.h"
#include "fakes/windows/registry/registry.h"

#include <stdlib.h>
#include <string.h>

void vssemu_set_caller(struct vssemu_world *w, enum vssemu_caller caller)
{
    static const enum machine_caller callers[] = {
        [VSSEMU_ADMINISTRATOR] = CALLER_ADMINISTRATOR,
        [VSSEMU_BACKUP_OPERATOR] = CALLER_BACKUP_OPERATOR,
        [VSSEMU_USER] = CALLER_USER,
    };

    machine_set_caller(&w->service.machine, callers[caller], NULL);
}

void vssemu_set_caller_account(struct vssemu_world *w, const char *account)
{
    struct machine *machine = &w->service.machine;

    machine_set_caller(machine, (enum machine_caller)atomic_load(&machine->caller), account);
}

static const enum machine_condition conditions[] = {
    [VSSEMU_LOW_MEMORY] = MACHINE_LOW_MEMORY,
    [VSSEMU_DAMAGED_DOCUMENT] = MACHINE_DAMAGED_DOCUMENT,
    [VSSEMU_INTERNAL_ERROR] = MACHINE_INTERNAL_ERROR,
    [VSSEMU_NO_MESSAGES] = MACHINE_NO_MESSAGES,
    [VSSEMU_SAFE_MODE] = MACHINE_SAFE_MODE,
};

bool vssemu_plan_condition(struct vssemu_world *w, enum vssemu_condition condition,
                           const char *method, uint32_t nth)
{
    enum machine_condition meant = conditions[condition];
    enum api_method only = method ? api_method_named(method) : N_API_METHODS;

    if (method && only == N_API_METHODS)
        return false;
    if (method && meant == MACHINE_INTERNAL_ERROR &&
        api_rules_can_meet(only, MACHINE_INTERNAL_FAIL))
        meant = MACHINE_INTERNAL_FAIL;
    if (method && meant == MACHINE_NO_MESSAGES && api_rules_can_meet(only, MACHINE_LOST_WRITERS))
        meant = MACHINE_LOST_WRITERS;
    if (method && !api_rules_can_meet(only, meant))
        return false;
    machine_plan(&w->service.machine, meant, only, nth);
    return true;
}

bool vssemu_set_windows(struct vssemu_world *w, const char *version)
{
    enum windows_version meant;

    if (!windows_version_named(version, &meant))
        return false;
    choices_set_version(&w->service.choices, meant);
    w->ports.windows = windows_version_name(meant);
    if (w->ports.registry)
        registry_set_windows(w->ports.registry, w->ports.windows);
    return true;
}

bool vssemu_set_choice(struct vssemu_world *w, const char *name, const char *value)
{
    return choices_set(&w->service.choices, name, value);
}

/* A description in one line. */
static void add_line(struct str *out, const char *text)
{
    while (*text) {
        size_t n = strcspn(text, "\n");

        str_add_bytes(out, text, n);
        text += n;
        if (!*text)
            break;
        while (*text == '\n' || *text == ' ')
            text++;
        str_add(out, text[-1] == ' ' ? " " : "; ");
    }
}

const char *vssemu_event_log(struct vssemu_world *w)
{
    struct str *out = &w->test->answer;
    char name[HRESULT_NAME_SIZE];

    str_free(out);
    for (size_t i = 0; i < trace_memory_count(w->memory); i++) {
        const struct trace_record *record = trace_memory_get(w->memory, i);

        if (record->kind != TRACE_LOG)
            continue;
        const struct event_row *row =
            event_row_of(record->who, (unsigned)strtoul(record->what, NULL, 10));

        str_addf(out, "%s %s %s %s ", record->who, record->what,
                 record->call ? record->call
                 : row        ? event_level_name(row->level)
                              : "Information",
                 record->has_result ? hresult_name(record->result, name) : "-");
        add_line(out, record->detail ? record->detail : "");
        str_add_char(out, '\n');
    }
    return out->text ? out->text : "";
}

unsigned vssemu_event_count(struct vssemu_world *w, const char *source, unsigned number)
{
    unsigned n = 0;

    for (size_t i = 0; i < trace_memory_count(w->memory); i++) {
        const struct trace_record *record = trace_memory_get(w->memory, i);

        n += record->kind == TRACE_LOG && str_is_equal(record->who, source) &&
             (!number || strtoul(record->what, NULL, 10) == number);
    }
    return n;
}
