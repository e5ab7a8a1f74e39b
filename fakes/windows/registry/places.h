/* SPDX-License-Identifier: MIT */
/* Where the predefined keys stand in the tree (Learn: "Predefined Keys"). The user is the machine's
 * administrator. */
#pragma once

#include "emu/include/vssemu_types.h"

#define REGISTRY_USER_SID   "S-1-5-21-1403172941-2291844763-1005620381-500"
#define REGISTRY_WOW64_NODE "WOW6432Node"

struct registry;
struct reg_key;

struct registry_place {
    HKEY handle;
    const char *name, *short_name;
    const char *path; /* below the root of the tree */
};

enum { N_REGISTRY_PLACES = 6 };
extern const struct registry_place registry_places[N_REGISTRY_PLACES];

struct reg_key *registry_root(struct registry *registry);
