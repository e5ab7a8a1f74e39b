/* SPDX-License-Identifier: MIT */
/* mingw-w64's questions for the version of Windows, with the numbers they compare. */
#pragma once

#include <windows.h>
#include <sdkddkver.h>
#include_next <versionhelpers.h>
