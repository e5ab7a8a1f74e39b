/* SPDX-License-Identifier: MIT */
/* Rows that the state of the machine makes: each plans the condition for the one method, makes the
 * call and expects the documented answer.
 *
 *   MEMORY(stage->world, IVssBackupComponents, AddComponent, call(stage->b, AddComponent, ...));
 *
 * The call is made once for each condition, so it must be one that would succeed, or at least do no
 * harm. */
#pragma once

#include "stage.h"

#define MEETS(world, itf, method, condition, code, expression)                            \
    do {                                                                                  \
        EXPECT(vssemu_plan_condition(world, condition, #itf "::" #method, 1));            \
        contract_shows(__FILE__, __LINE__, #itf, #method, #code, "", code, (expression)); \
    } while (0)

#define MEMORY(world, itf, method, expression) \
    MEETS(world, itf, method, VSSEMU_LOW_MEMORY, E_OUTOFMEMORY, expression)
#define DOCUMENT(world, itf, method, expression) \
    MEETS(world, itf, method, VSSEMU_DAMAGED_DOCUMENT, VSS_E_INVALID_XML_DOCUMENT, expression)
#define INTERNAL(world, itf, method, expression) \
    MEETS(world, itf, method, VSSEMU_INTERNAL_ERROR, VSS_E_UNEXPECTED, expression)
#define NO_MESSAGES(world, itf, method, expression) \
    MEETS(world, itf, method, VSSEMU_NO_MESSAGES, VSS_E_WRITER_INFRASTRUCTURE, expression)

/* The usual groups. */
#define MEMORY_DOCUMENT(world, itf, method, expression) \
    do {                                                \
        MEMORY(world, itf, method, expression);         \
        DOCUMENT(world, itf, method, expression);       \
    } while (0)
#define MEMORY_INTERNAL(world, itf, method, expression) \
    do {                                                \
        MEMORY(world, itf, method, expression);         \
        INTERNAL(world, itf, method, expression);       \
    } while (0)
#define MEMORY_DOCUMENT_INTERNAL(world, itf, method, expression) \
    do {                                                         \
        MEMORY_DOCUMENT(world, itf, method, expression);         \
        INTERNAL(world, itf, method, expression);                \
    } while (0)

/* A caller who is neither administrator nor backup operator. */
#define FEW_RIGHTS(world, itf, method, expression)                                              \
    do {                                                                                        \
        vssemu_set_caller(world, VSSEMU_USER);                                                  \
        contract_shows(__FILE__, __LINE__, #itf, #method, "E_ACCESSDENIED", "", E_ACCESSDENIED, \
                       (expression));                                                           \
        vssemu_set_caller(world, VSSEMU_ADMINISTRATOR);                                         \
    } while (0)
