/* SPDX-License-Identifier: MIT */
/* Files of the shared folder beside the project (../shared), which may be absent. */
#pragma once

#include "emu/doc/xml.h"
#include "tests/support/cmocka_vss.h"

#include <stdio.h>
#include <stdlib.h>

/* The text of a file below ../shared; without it the test is skipped with a word. Freed by the
 * caller. */
static inline char *shared_file(const char *name, size_t *ret_size)
{
    char path[512], *text = NULL, *error = NULL;

    snprintf(path, sizeof(path), "%s/../shared/%s", SOURCE_DIR, name);
    if (xml_load_file(path, XML_SIZE_LIMIT, &text, ret_size, &error) < 0) {
        print_message("skipped: %s\n", error);
        free(error);
        skip();
    }
    return text;
}
