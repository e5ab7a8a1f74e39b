/* SPDX-License-Identifier: MIT */
/* IVssWMDependency: one dependency on a component of another writer. */
#pragma once

#include "emu/doc/wmd.h"

/* The dependency is copied. */
void wm_dependency_new(const struct wmd_dependency *dependency, IVssWMDependency **ret);
