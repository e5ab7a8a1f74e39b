/* SPDX-License-Identifier: MIT */
/* A part of windows.h in Microsoft's SDK, and nothing more. */
#pragma once

#include <windows.h>
