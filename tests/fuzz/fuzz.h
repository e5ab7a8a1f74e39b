/* SPDX-License-Identifier: MIT */
/* What the fuzzers share. Each fuzz_NAME.c has LLVMFuzzerTestOneInput; libFuzzer calls it with what
 * it invents (preset fuzz, ci/campaign), fuzz_main.c with the files of corpus/NAME (ci/test). An
 * input is a finding when the program crashes, leaks or a sanitizer reports, or when a property of
 * the document does not hold: then fuzz_fail ends the program. */
#pragma once

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Says what does not hold and aborts. */
_Noreturn void fuzz_fail(const char *property, const char *detail);
/* Fails unless every line is equal (document_text.h). Frees both. */
void fuzz_same(const char *property, char *take_a, char *take_b);
/* Whether a failure says what it is, with its line. */
void fuzz_check_error(const char *error);
