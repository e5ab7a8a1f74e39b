/* SPDX-License-Identifier: MIT */
/* The functions of vssemu.h that add writers made from documents. */
#include "emu/base/mem.h"
#include "emu/include/vssemu.h"
#include "emu/setup/test_world.h"
#include "emu/setup/world_writers.h"

#include <string.h>

static bool answer(struct vssemu_world *w, int error, char *take_text)
{
    if (!error)
        return true;
    free(w->test->error);
    w->test->error = take_text;
    return false;
}

bool vssemu_add_writer_metadata(struct vssemu_world *w, const char *path)
{
    char *text = NULL;
    int error = world_add_metadata_writer(w, path, &text);

    return answer(w, error, text);
}

bool vssemu_add_writer_metadata_xml(struct vssemu_world *w, const char *xml)
{
    char *text = NULL;
    int error = world_add_metadata_writer_text(w, xml, strlen(xml), "(text)", &text);

    return answer(w, error, text);
}

bool vssemu_add_catalog_writer(struct vssemu_world *w, const char *name)
{
    char *text = NULL;
    int error = world_add_catalog_writer(w, name, &text);

    return answer(w, error, text);
}

void vssemu_set_document_limit(struct vssemu_world *w, size_t bytes)
{
    w->service.document_limit = bytes;
}
