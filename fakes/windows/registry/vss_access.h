/* SPDX-License-Identifier: MIT */
/* The registry key VssAccessControl, for the service (emu/port/access.h). */
#pragma once

struct access;

const struct access *vss_access(void);
