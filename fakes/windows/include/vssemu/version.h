/* SPDX-License-Identifier: MIT */
/* The version of Windows that a source is for, where it does not say it (Learn: "Using the Windows
 * Headers"): 7. Part of every header that asks for it, as late as that, so that a source may define
 * it in its first lines. */
#pragma once

#ifndef _WIN32_WINNT
#define _WIN32_WINNT 0x0601
#endif
