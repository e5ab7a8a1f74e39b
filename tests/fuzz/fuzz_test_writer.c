/* SPDX-License-Identifier: MIT */
/* Test Writer configurations: a file is read, or refused with file and line; what the format
 * promises about names and numbers holds. */
#include "tests/fuzz/fuzz.h"

#include "emu/doc/test_writer_config.h"

#include <stdlib.h>
#include <string.h>

static void check_files(const struct filespecs *files)
{
    for (size_t i = 0; i < files->count; i++) {
        if (!filespec_path_is_valid(files->items[i].path) ||
            !filespec_pattern_is_valid(files->items[i].filespec))
            fuzz_fail("a file set that the API would refuse was taken", files->items[i].filespec);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct test_writer_config *config = NULL;
    char *error = NULL;

    if (test_writer_config_parse((const char *)data, size, "fuzz.xml", &config, &error) != S_OK) {
        fuzz_check_error(error);
        if (strncmp(error, "fuzz.xml, ", 10) != 0)
            fuzz_fail("an error does not name its file", error);
        free(error);
        return 0;
    }
    check_files(&config->exclude_files);
    check_files(&config->alternate_mappings);
    for (size_t i = 0; i < config->components.count; i++) {
        if (!component_name_is_valid(config->components.items[i].name))
            fuzz_fail("a component without a name", "");
        check_files(&config->components.items[i].files);
    }
    for (size_t i = 0; i < config->fail_events.count; i++) {
        if (!test_writer_event_name(config->fail_events.items[i].event))
            fuzz_fail("an event without a name", "");
    }
    test_writer_config_free(config);
    return 0;
}
