/* SPDX-License-Identifier: MIT */
/* The smart pointers of ATL; all of our subset is in one header. */
#pragma once
#include <atlbase.h>
