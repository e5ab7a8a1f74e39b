/* SPDX-License-Identifier: MIT */
/* Who there is: the user (the machine's administrator), the groups and the well-known identifiers
 * (Learn: "Well-known SIDs"). */
#pragma once

#include "emu/include/vssemu_types.h"

#include <stdbool.h>
#include <stddef.h>

#define ACCOUNT_SID_SIZE SECURITY_MAX_SID_SIZE

struct account {
    const char *name, *domain, *sid; /* as text */
    SID_NAME_USE use;
    WELL_KNOWN_SID_TYPE well_known; /* -1: none */
    DWORD group; /* attributes as a group of the user's token; 0: is none of its groups */
};

/* The accounts, the user first; NULL behind the last. */
const struct account *account_at(size_t i);
const struct account *account_of_sid(PSID sid);

/* "S-1-5-18" as an identifier of at most ACCOUNT_SID_SIZE bytes; false: it is none. */
bool sid_from_text(const char *text, SID *ret_sid);
/* The caller frees. */
char *sid_to_text(PSID sid);

/* Whether it is enabled for the process (privileges.c), by its name: "SeRestorePrivilege". */
bool privilege_is_enabled(const char *name);
