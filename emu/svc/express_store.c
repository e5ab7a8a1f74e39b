/* SPDX-License-Identifier: MIT */
#include "emu/svc/express_store.h"

#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/doc/wmd.h"
#include "emu/svc/service.h"
#include "emu/svc/writer_registry.h"

static struct writer *find(struct service *service, const VSS_ID *class_id)
{
    list_each (struct writer, writer, &service->writers, link) {
        if (writer->express && guid_is_equal(&writer->class_id, class_id))
            return writer;
    }
    return NULL;
}

static void tell(struct service *service, const struct writer *writer, const char *what)
{
    auto_free char *who = str_printf("writer %s", writer->name);

    service_trace(service,
                  &(struct trace_record){
                      .kind = TRACE_NOTE, .who = who, .what = what, .detail = "express writer" });
}

HRESULT express_store_register(struct service *service, const struct wmd *document)
{
    if (find(service, &document->writer_id))
        return VSS_E_OBJECT_ALREADY_EXISTS;
    struct writer *writer = writer_new(document->name, NULL);

    writer->express = wmd_copy(document);
    writer->class_id = document->writer_id;
    writer->instance_id = guid_random(service->ports->random);
    writer->express->instance_id = writer->instance_id;
    writer->usage = document->usage;
    writer->source = document->source;
    writer->major_version = document->major_version;
    writer->minor_version = document->minor_version;
    list_append(&service->writers, &writer->link);
    tell(service, writer, "Register");
    return S_OK;
}

static void remove_writer(struct writer *writer)
{
    list_remove(&writer->link);
    writer_unref(writer); /* sessions that know it may go on */
}

HRESULT express_store_unregister(struct service *service, const VSS_ID *class_id)
{
    struct writer *writer = find(service, class_id);

    if (!writer)
        return VSS_E_OBJECT_NOT_FOUND;
    tell(service, writer, "Unregister");
    remove_writer(writer);
    return S_OK;
}

void express_store_clear(struct service *service)
{
    list_each_safe (struct writer, writer, &service->writers, link) {
        if (writer->express)
            remove_writer(writer);
    }
}
