/* SPDX-License-Identifier: MIT */
#include "emu/setup/document_watch.h"

#include "emu/base/array.h"
#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/com/guid.h"
#include "emu/doc/bcd.h"
#include "emu/doc/wmd.h"
#include "emu/search/judge.h"
#include "emu/setup/world.h"
#include "emu/svc/backup.h"
#include "emu/svc/document_hook.h"
#include "emu/svc/writer_registry.h"
#include "emu/svc/writer_session.h"

#include <string.h>

struct made {
    char *who, *xml;
    bool is_metadata, is_damaged;
};

static struct {
    struct vssemu_world *world;
    ARRAY(VSS_ID) known; /* instances of the world's writers */
    ARRAY(struct made) made;
} watch;

static char *compare(const char *xml, const char *again)
{
    size_t at = 0;

    while (xml[at] && xml[at] == again[at])
        at++;
    return xml[at] == again[at]
               ? NULL
               : str_printf("it is another when it is read: character %zu, %.20s", at, xml + at);
}

static char *why(HRESULT hr, char *take_error)
{
    return take_error ? take_error : str_printf("0x%08x", (unsigned)hr);
}

char *document_fault_of_backup(const char *xml)
{
    struct bcd *document = NULL;
    char *error = NULL;
    HRESULT hr = bcd_from_xml(xml, strlen(xml), &document, &error);

    if (hr != S_OK)
        return why(hr, error);
    auto_free char *again = bcd_to_xml(document);

    bcd_free(document);
    return compare(xml, again);
}

char *document_fault_of_writer(const char *xml)
{
    struct wmd *document = NULL;
    char *error = NULL;
    HRESULT hr = wmd_from_xml(xml, strlen(xml), &document, &error);

    if (hr != S_OK)
        return why(hr, error);
    auto_free char *again = wmd_to_xml(document);

    wmd_free(document);
    return compare(xml, again);
}

/* ---- what is made ---- */

/* Writers say the same in every session. */
static bool is_there(const struct made *new)
{
    for (size_t i = 0; i < watch.made.count; i++) {
        const struct made *old = &watch.made.items[i];

        if (str_is_equal(old->who, new->who) && str_is_equal(old->xml, new->xml) &&
            old->is_damaged == new->is_damaged)
            return true;
    }
    return false;
}

static void made_fini(struct made *made)
{
    free(made->who);
    free(made->xml);
}

static void keep(struct made made)
{
    if (is_there(&made))
        made_fini(&made);
    else
        array_add(&watch.made, made);
}

static void keep_document(struct backup *backup, const char *xml)
{
    (void)backup;
    keep((struct made){ .who = mem_strdup("requester"), .xml = mem_strdup(xml) });
}

static void keep_metadata(struct writer_session *session)
{
    for (size_t i = 0; i < watch.known.count; i++) {
        if (guid_is_equal(&watch.known.items[i], &session->writer->instance_id))
            return;
    }
    keep((struct made){ .who = mem_strdup(session->writer->who),
                        .xml = wmd_to_xml(session->metadata),
                        .is_metadata = true,
                        .is_damaged = session->metadata->is_damaged });
}

/* ---- begin and end ---- */

void document_watch_begin(struct vssemu_world *world)
{
    watch.world = world;
    list_each (struct writer, writer, &world->service.writers, link)
        array_add(&watch.known, writer->instance_id);
    document_hook = keep_document;
    metadata_hook = keep_metadata;
}

static char *fault_of(const struct made *made)
{
    if (made->is_damaged)
        return mem_strdup("what came is not what the schema allows");
    return made->is_metadata ? document_fault_of_writer(made->xml)
                             : document_fault_of_backup(made->xml);
}

static void tell(const struct made *made)
{
    auto_free char *fault = fault_of(made);

    if (fault)
        service_trace(&watch.world->service, &(struct trace_record){ .kind = TRACE_NOTE,
                                                                     .who = made->who,
                                                                     .what = JUDGE_NOTE_DOCUMENT,
                                                                     .detail = fault });
}

void document_watch_end(void)
{
    document_hook = NULL;
    metadata_hook = NULL;
    for (size_t i = 0; i < watch.made.count; i++) {
        tell(&watch.made.items[i]);
        made_fini(&watch.made.items[i]);
    }
    array_free(&watch.known);
    array_free(&watch.made);
}
