/* SPDX-License-Identifier: MIT */
/* The names of Microsoft's source annotations (SAL) that Wine's sal.h leaves out because system
 * headers use them as identifiers. forced.h has read those headers already. */
#pragma once

#include <sal.h>

#define __in
#define __out
#ifndef __reserved
#define __reserved
#endif
#ifndef __deref_in
#define __deref_in
#endif
#ifndef __deref_inout
#define __deref_inout
#endif
#ifndef __checkReturn
#define __checkReturn
#endif
#ifndef __format_string
#define __format_string
#endif
