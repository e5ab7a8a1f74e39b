/* SPDX-License-Identifier: MIT */
/* BETest component lists in both forms, XML and text: read, or refused with file and line; what a
 * list names is found in it. */
#include "tests/fuzz/fuzz.h"

#include "emu/doc/betest_config.h"

#include <stdlib.h>
#include <string.h>

static void check(struct betest_config *config)
{
    for (size_t i = 0; i < config->writers.count; i++) {
        const struct betest_writer *writer = &config->writers.items[i];

        for (size_t j = 0; j < writer->components.count; j++) {
            const struct betest_component *component = &writer->components.items[j];

            if (!betest_config_names(config, &writer->writer_id, component->logical_path,
                                     component->name))
                fuzz_fail("a component of the list is not found in it", component->name);
        }
    }
    betest_config_free(config);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    HRESULT(*const parsers[])
    (const char *, size_t, const char *, struct betest_config **,
     char **) = { betest_config_from_xml, betest_config_from_text };

    for (size_t i = 0; i < 2; i++) {
        struct betest_config *config = NULL;
        char *error = NULL;

        if (parsers[i]((const char *)data, size, "fuzz.xml", &config, &error) == S_OK) {
            check(config);
            continue;
        }
        fuzz_check_error(error);
        free(error);
    }
    return 0;
}
