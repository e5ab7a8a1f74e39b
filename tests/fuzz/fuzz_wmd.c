/* SPDX-License-Identifier: MIT */
/* Writer Metadata Documents: what loads is written, loads again, and means the same. */
#include "tests/fuzz/fuzz.h"

#include "tests/support/document_text.h"

#include <stdlib.h>
#include <string.h>

/* A file of several holds the one that it is, or those inside. */
static void check_several(const char *text, size_t size, bool is_one)
{
    struct wmds wmds = { 0 };
    char *error = NULL;

    if (wmds_from_xml(text, size, &wmds, &error) != S_OK) {
        fuzz_check_error(error);
        free(error);
    }
    if (is_one && wmds.count != 1)
        fuzz_fail("one document is not one of several", "");
    wmds_free(&wmds);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct wmd *wmd = NULL, *again = NULL, *copy;
    char *error = NULL, *text;
    HRESULT hr = wmd_from_xml((const char *)data, size, &wmd, &error);

    check_several((const char *)data, size, hr == S_OK);
    if (hr != S_OK) {
        fuzz_check_error(error);
        free(error);
        return 0;
    }
    text = wmd_to_xml(wmd);
    if (wmd_from_xml(text, strlen(text), &again, &error) != S_OK)
        fuzz_fail("a document that we wrote does not load", error);
    fuzz_same("it changes when it is written and read", wmd_text(wmd, false),
              wmd_text(again, false));
    copy = wmd_copy(wmd);
    fuzz_same("it changes when it is copied", wmd_text(wmd, false), wmd_text(copy, false));
    for (size_t i = 0; i < wmd->components.count; i++) {
        const struct wmd_component *component = &wmd->components.items[i];

        if (wmd_find_component(wmd, component->logical_path, component->name) != component)
            fuzz_fail("a component is not found by its name", component->name);
        wmd_has_selectable_ancestor(wmd, component);
    }
    free(text);
    wmd_free(copy);
    wmd_free(again);
    wmd_free(wmd);
    return 0;
}
