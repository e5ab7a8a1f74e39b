/* SPDX-License-Identifier: MIT */
/* The part of ATL that CString needs: here it is in atlbase.h. */
#pragma once

#include <atlbase.h>
