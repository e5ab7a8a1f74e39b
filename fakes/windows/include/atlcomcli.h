/* SPDX-License-Identifier: MIT */
/* ATL for clients of COM: smart pointers, BSTR and VARIANT. */
#pragma once

#include <atldef.h>
#include <vssemu/atl_com_ptr.h>
#include <vssemu/atl_bstr.h>
#include <vssemu/atl_printf.h>
#include <vssemu/atl_variant.h>
