/* SPDX-License-Identifier: MIT */
/* Attribute lists of STARTUPINFOEX. */
#pragma once

#include "emu/include/vssemu_types.h"

/* The value of an attribute and its size in bytes; NULL: the list has it not. list may be NULL. */
const void *attribute_list_value(LPPROC_THREAD_ATTRIBUTE_LIST list, DWORD_PTR attribute,
                                 SIZE_T *ret_size);
