/* SPDX-License-Identifier: MIT */
/* Lengths of time as people write them: "250ms", "10s", "5m", "2h", "1d", "-30s". */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define DURATION_SIZE 32

/* A whole number and a unit (ns, us, ms, s, m, h, d); "0" needs none. False: something else, or
 * more than 64 bits hold. */
bool duration_parse(const char *text, int64_t *ret_ns);
/* The shortest text that duration_parse takes back, written into buffer. */
const char *duration_text(int64_t ns, char buffer[DURATION_SIZE]);
#define DURATION_TEXT(ns) duration_text((ns), (char[DURATION_SIZE]){ 0 })
