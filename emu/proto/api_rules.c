/* SPDX-License-Identifier: MIT */
#include "emu/proto/api_rules.h"

#include "emu/base/str.h"

#include <string.h>

#define BACKUP    (1u << MACHINE_LOW_RIGHTS_BACKUP)
#define ADMIN     (1u << MACHINE_LOW_RIGHTS_ADMIN)
#define MEMORY    (1u << MACHINE_LOW_MEMORY)
#define DOCUMENT  (1u << MACHINE_DAMAGED_DOCUMENT)
#define INTERNAL  (1u << MACHINE_INTERNAL_ERROR)
#define FAIL      (1u << MACHINE_INTERNAL_FAIL)
#define MESSAGES  (1u << MACHINE_NO_MESSAGES)
#define LOST      (1u << MACHINE_LOST_WRITERS)
#define SAFE_MODE (1u << MACHINE_SAFE_MODE)
#define BUSY      (1u << MACHINE_SET_IN_PROGRESS)

static const struct api_row {
    const char *name;
    unsigned conditions;
} api_rows[N_API_METHODS] = {
#define X(interface, method, conditions) { #interface "::" #method, conditions },
    API_METHODS(X) API_MGMT_METHODS(X)
#undef X
};

static const HRESULT answers[N_MACHINE_CONDITIONS] = {
    [MACHINE_LOW_RIGHTS_BACKUP] = E_ACCESSDENIED,
    [MACHINE_LOW_RIGHTS_ADMIN] = E_ACCESSDENIED,
    [MACHINE_LOW_MEMORY] = E_OUTOFMEMORY,
    [MACHINE_DAMAGED_DOCUMENT] = VSS_E_INVALID_XML_DOCUMENT,
    [MACHINE_INTERNAL_ERROR] = VSS_E_UNEXPECTED,
    [MACHINE_INTERNAL_FAIL] = E_FAIL,
    [MACHINE_NO_MESSAGES] = VSS_E_WRITER_INFRASTRUCTURE,
    [MACHINE_LOST_WRITERS] = VSS_E_UNEXPECTED_WRITER_ERROR,
    [MACHINE_SAFE_MODE] = S_FALSE,
    [MACHINE_SET_IN_PROGRESS] = VSS_E_SNAPSHOT_SET_IN_PROGRESS,
};

bool api_rules_can_meet(enum api_method method, enum machine_condition condition)
{
    return api_rows[method].conditions & (1u << condition);
}

HRESULT api_rules_answer(enum machine_condition condition)
{
    return answers[condition];
}

#define FUNCTION "Function::"

const char *api_method_name(enum api_method method)
{
    const char *name = api_rows[method].name;

    return strncmp(name, FUNCTION, strlen(FUNCTION)) == 0 ? name + strlen(FUNCTION) : name;
}

bool api_method_is_of_requester(enum api_method method)
{
    static const char *const of_writers[] = {
        "CVssWriter",    "IVssCreate", "Function::CreateVssExpressWriter", "IVssWriterComponents::",
        "IVssComponent",
    };

    for (unsigned i = 0; i < sizeof(of_writers) / sizeof(of_writers[0]); i++) {
        if (strncmp(api_rows[method].name, of_writers[i], strlen(of_writers[i])) == 0)
            return false;
    }
    return true;
}

enum api_method api_method_named(const char *name)
{
    for (unsigned i = 0; i < N_API_METHODS; i++) {
        if (str_is_equal(api_method_name((enum api_method)i), name))
            return (enum api_method)i;
    }
    return N_API_METHODS;
}
