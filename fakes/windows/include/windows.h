/* SPDX-License-Identifier: MIT */
/* Wine's windows.h, with what Microsoft's brings besides. */
#pragma once

#ifndef VSSEMU_FORCED
#error "Compile this with vssemu-cc or vssemu-c++."
#endif

#include <vssemu/version.h>
#include_next <windows.h>

#include <string.h>
#include <vssemu/file_types.h>
#include <vssemu/more_constants.h>
#include <vssemu/security_types.h>
#include <vssemu/synch.h>
#include <vssemu/uuidof.h>

#undef DECLSPEC_UUID
#define DECLSPEC_UUID(text) __declspec(uuid(text))

#ifndef WIN32_LEAN_AND_MEAN
#include <ole2.h>
#endif

#ifdef INITGUID /* where Wine's headers leave out GUID_NULL and its like; libvssapi has them */
#include <cguid.h>
#endif

/* Of HEAP_INFORMATION_CLASS and winioctl.h, what Wine leaves out. */
#ifndef HeapEnableTerminationOnCorruption
#define HeapEnableTerminationOnCorruption ((HEAP_INFORMATION_CLASS)1)
#endif
