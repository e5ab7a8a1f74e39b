/* SPDX-License-Identifier: MIT */
/* The types that all of Microsoft's C headers share. */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <time.h>
#include <wchar.h>
