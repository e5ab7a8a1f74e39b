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

static ARRAY(VSS_ID) known; /* instances of the world's writers */

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

static void tell(struct service *service, const char *who, const char *fault)
{
    if (fault)
        service_trace(service, &(struct trace_record){ .kind = TRACE_NOTE,
                                                       .who = who,
                                                       .what = JUDGE_NOTE_DOCUMENT,
                                                       .detail = fault });
}

static void look_at_document(struct backup *backup, const char *xml)
{
    auto_free char *fault = document_fault_of_backup(xml);

    tell(backup->service, "requester", fault);
}

static void look_at_metadata(struct writer_session *session)
{
    for (size_t i = 0; i < known.count; i++) {
        if (guid_is_equal(&known.items[i], &session->writer->instance_id))
            return;
    }
    auto_free char *xml = wmd_to_xml(session->metadata);
    auto_free char *fault = session->metadata->is_damaged
                                ? mem_strdup("what came is not what the schema allows")
                                : document_fault_of_writer(xml);

    tell(session->backup->service, session->writer->who, fault);
}

void document_watch_begin(struct vssemu_world *world)
{
    list_each (struct writer, writer, &world->service.writers, link)
        array_add(&known, writer->instance_id);
    document_hook = look_at_document;
    metadata_hook = look_at_metadata;
}

void document_watch_end(void)
{
    array_free(&known);
    document_hook = NULL;
    metadata_hook = NULL;
}
