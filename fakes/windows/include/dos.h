/* SPDX-License-Identifier: MIT */
/* The attributes of files (_A_NORMAL ...), which are declared with _findfirst. */
#pragma once

#include <io.h>
