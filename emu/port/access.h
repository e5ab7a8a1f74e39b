/* SPDX-License-Identifier: MIT */
/* Port: whom the machine's settings let into VSS besides administrators and backup operators.
 * Learn: "Security Considerations for Requesters", "Security Considerations for Writers": the
 * registry key VssAccessControl has a value for each account. fakes/windows/registry fills it. */
#pragma once

struct world_ports;

enum access_given {
    ACCESS_NOT_LISTED = -1,
    ACCESS_DENIED = 0,
    ACCESS_WRITER = 1,
    ACCESS_REQUESTER = 2,
    ACCESS_BOTH = 3
};

struct access {
    /* account: "DOMAIN\\name" in any case, UTF-8. Any thread; holds no lock when it returns. */
    enum access_given (*given)(struct world_ports *world, const char *account);
};
