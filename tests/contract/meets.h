/* SPDX-License-Identifier: MIT */
/* Rows that the state of the machine makes: each plans the condition for the one method, makes the
 * call and expects the documented answer.
 *
 *   MEETS_MEMORY(stage, IVssBackupComponents, AddComponent, call(stage->b, AddComponent, ...));
 *
 * The call is made once for each condition, so it must be one that would succeed, or at least do
 * no harm. */
#pragma once

#include "stage.h"

#define MEETS(stage, condition, itf, method, code, expression)                          \
    do {                                                                                \
        EXPECT(vssemu_plan_condition((stage)->world, condition, #itf "::" #method, 1)); \
        contract_shows(__FILE__, __LINE__, #itf, #method, #code, "", code, expression); \
    } while (0)

#define MEETS_MEMORY(stage, itf, method, expression) \
    MEETS(stage, VSSEMU_LOW_MEMORY, itf, method, E_OUTOFMEMORY, expression)
#define MEETS_DOCUMENT(stage, itf, method, expression) \
    MEETS(stage, VSSEMU_DAMAGED_DOCUMENT, itf, method, VSS_E_INVALID_XML_DOCUMENT, expression)
#define MEETS_INTERNAL(stage, itf, method, expression) \
    MEETS(stage, VSSEMU_INTERNAL_ERROR, itf, method, VSS_E_UNEXPECTED, expression)
#define MEETS_NO_MESSAGES(stage, itf, method, expression) \
    MEETS(stage, VSSEMU_NO_MESSAGES, itf, method, VSS_E_WRITER_INFRASTRUCTURE, expression)

/* The usual groups. */
#define MEETS_MEMORY_AND_INTERNAL(stage, itf, method, expression) \
    do {                                                          \
        MEETS_MEMORY(stage, itf, method, expression);             \
        MEETS_INTERNAL(stage, itf, method, expression);           \
    } while (0)
#define MEETS_MEMORY_DOCUMENT_AND_INTERNAL(stage, itf, method, expression) \
    do {                                                                   \
        MEETS_MEMORY_AND_INTERNAL(stage, itf, method, expression);         \
        MEETS_DOCUMENT(stage, itf, method, expression);                    \
    } while (0)

/* A caller who is neither administrator nor backup operator. */
#define MEETS_FEW_RIGHTS(stage, itf, method, expression)                                        \
    do {                                                                                        \
        vssemu_set_caller((stage)->world, VSSEMU_USER);                                         \
        contract_shows(__FILE__, __LINE__, #itf, #method, "E_ACCESSDENIED", "", E_ACCESSDENIED, \
                       expression);                                                             \
        vssemu_set_caller((stage)->world, VSSEMU_ADMINISTRATOR);                                \
    } while (0)
