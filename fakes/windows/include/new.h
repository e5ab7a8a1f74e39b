/* SPDX-License-Identifier: MIT */
/* Operators new and delete, under the name that they have in C. */
#pragma once

#ifdef __cplusplus
#include <new>
#endif
