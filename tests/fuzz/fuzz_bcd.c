/* SPDX-License-Identifier: MIT */
/* Backup Components Documents: what loads is written, loads again, and means the same. */
#include "tests/fuzz/fuzz.h"

#include "tests/support/document_text.h"

#include <stdlib.h>
#include <string.h>

static void check_names(const struct bcd *bcd)
{
    for (size_t i = 0; i < bcd->writers.count; i++) {
        const struct bcd_writer *writer = bcd->writers.items[i];

        if (bcd_find_writer(bcd, &writer->writer_id, &writer->instance_id) != writer)
            fuzz_fail("a writer is not found by its ids", "");
        for (size_t j = 0; j < writer->components.count; j++) {
            const struct bcd_component *component = writer->components.items[j];

            if (bcd_writer_find(writer, component->logical_path, component->name) != component)
                fuzz_fail("a component is not found by its name", component->name);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bcd *bcd = NULL, *again = NULL;
    char *error = NULL, *text;
    HRESULT hr = bcd_from_xml((const char *)data, size, &bcd, &error);

    if (hr != S_OK) {
        fuzz_check_error(error);
        free(error);
        return 0;
    }
    check_names(bcd);
    text = bcd_to_xml(bcd);
    if (bcd_from_xml(text, strlen(text), &again, &error) != S_OK)
        fuzz_fail("a document that we wrote does not load", error);
    fuzz_same("it changes when it is written and read", bcd_text(bcd), bcd_text(again));
    free(text);
    bcd_free(again);
    bcd_free(bcd);
    return 0;
}
