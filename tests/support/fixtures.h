/* SPDX-License-Identifier: MIT */
/* The documents below tests/fixtures. */
#pragma once

#include "emu/base/str.h"
#include "emu/doc/xml.h"
#include "tests/support/cmocka_vss.h"

#include <dirent.h>

/* The text of tests/fixtures/NAME; the caller frees. */
static inline char *fixture(const char *name, size_t *ret_size)
{
    char *path = str_printf("%s/tests/fixtures/%s", SOURCE_DIR, name), *text = NULL, *error = NULL;

    if (xml_load_file(path, XML_SIZE_LIMIT, &text, ret_size, &error) < 0)
        fail_msg("%s", error);
    free(path);
    return text;
}

/* Calls each for every fixture of a folder: "wmd/express.xml". Answers how many there are. */
static inline unsigned each_fixture(const char *folder, void (*each)(const char *name))
{
    char *path = str_printf("%s/tests/fixtures/%s", SOURCE_DIR, folder);
    DIR *directory = opendir(path);
    struct dirent *entry;
    unsigned n = 0;

    assert_non_null(directory);
    while ((entry = readdir(directory))) {
        char *name = str_printf("%s/%s", folder, entry->d_name);

        if (entry->d_name[0] != '.') {
            each(name);
            n++;
        }
        free(name);
    }
    closedir(directory);
    free(path);
    return n;
}
