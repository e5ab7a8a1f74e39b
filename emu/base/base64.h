/* SPDX-License-Identifier: MIT */
/* Bytes as base64 text (RFC 4648) and back. */
#pragma once

#include <stddef.h>

char *base64_encode(const void *bytes, size_t size); /* the caller frees */
/* NULL when the text is not base64; blanks are not accepted. The caller frees. */
unsigned char *base64_decode(const char *text, size_t *ret_size);
