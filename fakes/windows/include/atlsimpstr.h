/* SPDX-License-Identifier: MIT */
/* CSimpleStringT; it comes with CString. */
#pragma once
#include <cstringt.h>
