/* SPDX-License-Identifier: MIT */
/* Of the header for authentication packages what other sources take from it: UNICODE_STRING,
 * NTSTATUS, NT_SUCCESS. */
#pragma once

#include <windows.h>
#include <winternl.h>
