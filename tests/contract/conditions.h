/* SPDX-License-Identifier: MIT */
/* Rows about the machine: the next call of a method meets a condition that its page knows. */
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

#define MEMORY_DOCUMENT(world, itf, method, expression) \
    do {                                                \
        MEMORY(world, itf, method, expression);         \
        DOCUMENT(world, itf, method, expression);       \
    } while (0)
#define MEMORY_DOCUMENT_INTERNAL(world, itf, method, expression) \
    do {                                                         \
        MEMORY_DOCUMENT(world, itf, method, expression);         \
        INTERNAL(world, itf, method, expression);                \
    } while (0)
