/* SPDX-License-Identifier: MIT */
/* What happens when a CRT function is used against its contract. */
#pragma once

#include <stddef.h>
#include <stdint.h>

typedef void (*crt_parameter_handler)(const wchar_t *expression, const wchar_t *function,
                                      const wchar_t *file, unsigned line, uintptr_t reserved);

/* Calls the program's handler; without one it prints a line and ends the program, as Windows does.
 * Sets errno and answers it if the handler returns. Learn: "Parameter validation". */
int crt_invalid_parameter(const char *function, int error);
