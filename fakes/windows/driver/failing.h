/* SPDX-License-Identifier: MIT */
/* What a function of Windows answers when it fails, as far as its declaration and its header tell:
 * a stub must not look like success. */
#pragma once

struct failing_value {
    long value;
    const char *says; /* "INVALID_HANDLE_VALUE"; for people */
};

/* For the function `name`, declared in `header` ("winreg.h"); what stands before the name in its
 * declaration is from type to end. 0 where nothing else is known: NULL, FALSE, a length. */
struct failing_value failing_value_of(const char *header, const char *name, const char *type,
                                      const char *end);
