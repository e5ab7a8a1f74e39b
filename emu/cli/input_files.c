/* SPDX-License-Identifier: MIT */
/* See input_files.h. */
#include "emu/cli/input_files.h"

#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/cli/say.h"
#include "emu/doc/betest_config.h"
#include "emu/doc/test_writer_config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define LARGEST_FILE (64L << 20) /* a configuration is a page or two */

char *input_absolute_path(const char *path)
{
    return realpath(path, NULL);
}

static bool refuse(const char *path, const char *why)
{
    say("%s cannot be read: %s", path, why);
    return false;
}

/* The whole file into *ret_text; says what is wrong if that cannot be. */
static bool read_file(const char *path, struct str *ret_text)
{
    char buffer[65536];
    struct stat st;
    size_t n;
    FILE *file = fopen(path, "re");

    if (!file)
        return refuse(path, strerror(errno));
    bool is_file = fstat(fileno(file), &st) == 0 && !S_ISDIR(st.st_mode);
    while (is_file && (n = fread(buffer, 1, sizeof(buffer), file)) > 0 &&
           ret_text->length < LARGEST_FILE)
        str_add_bytes(ret_text, buffer, n);
    bool is_read = is_file && !ferror(file);
    fclose(file);
    if (!is_read)
        return refuse(path, is_file ? strerror(errno) : "it is a directory");
    return ret_text->length < LARGEST_FILE || refuse(path, "it is too large for a configuration");
}

bool input_is_test_writer(const char *path)
{
    auto_str struct str text = { 0 };
    auto_free char *error = NULL;
    struct test_writer_config *config;

    if (!read_file(path, &text))
        return false;
    if (FAILED(test_writer_config_parse(text.text ? text.text : "", text.length, path, &config,
                                        &error))) {
        say("%s", error ? error : "the file is no Test Writer configuration");
        return false;
    }
    test_writer_config_free(config);
    return true;
}

bool input_is_betest(const char *path)
{
    auto_str struct str text = { 0 };
    auto_free char *error = NULL;
    struct betest_config *config;

    if (!read_file(path, &text))
        return false;
    if (FAILED(betest_config_from_xml(text.text ? text.text : "", text.length, path, &config,
                                      &error))) {
        say("%s", error ? error : "the file is no BETest configuration");
        return false;
    }
    betest_config_free(config);
    return true;
}
