/* SPDX-License-Identifier: MIT */
/* cmocka with the headers it wants, before anything of Windows. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
