/* SPDX-License-Identifier: MIT */
/* The smart pointers of the system's interfaces; comdef.h has those that are met. */
#pragma once
#include <comdef.h>
