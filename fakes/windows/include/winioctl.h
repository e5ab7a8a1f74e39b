/* SPDX-License-Identifier: MIT */
/* Wine's winioctl.h, and the types of Microsoft's that it lacks. */
#pragma once

#include_next <winioctl.h>

#include <ntddstor.h>
#include <vssemu/ioctl_types.h>
#include <vssemu/storage_identifier.h>
