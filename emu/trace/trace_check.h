/* SPDX-License-Identifier: MIT */
/* The last member of each line of a trace file, by which a reader sees that the line is what was
 * written, and where: "check", 16 hexadecimal digits, XXH64 (emu/base/checksum.h) of the line as
 * far as the comma before it, with the check of the record before as its seed. The header and the
 * first record have the seed 0: so records are the same in two runs wherever their volumes lay. */
#pragma once

#include "emu/base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* line is an object, with its newline. *chain: the check of the line before, then of this one. */
void trace_check_add(struct str *line, uint64_t *chain);

/* The line (without its newline) as far as the comma before its check, and the check; one that has
 * none, as far as its last brace. */
bool trace_check_split(const char *line, size_t length, size_t *ret_body, uint64_t *ret_check);
uint64_t trace_check_of(const char *line, size_t body, uint64_t before);
