/* SPDX-License-Identifier: MIT */
/* Handles of the service manager and of services. */
#pragma once

#include "fakes/windows/handle.h"

#include <stddef.h>

struct sc_object {
    struct object object;
    char *service; /* its name; NULL: the manager */
};

extern const struct object_class sc_manager_class, sc_service_class;

/* A list of narrow texts (a zero each, and one more) as a wide one; the caller frees. NULL gives
 * NULL. */
WCHAR *sc_wide_list(const char *list, size_t *ret_size);
