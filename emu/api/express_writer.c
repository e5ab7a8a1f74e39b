/* SPDX-License-Identifier: MIT */
/* IVssExpressWriter: registers writers that are nothing but a document. Learn: "IVssExpressWriter",
 * "CreateVssExpressWriter function". What may not be in such a document is in metadata_builder.c;
 * the registered ones are the service's (emu/svc/express_store). */
#include "emu/api/express_metadata.h"

#include "emu/api/entry.h"
#include "emu/api/guard.h"
#include "emu/api/metadata_builder.h"
#include "emu/base/cleanup.h"
#include "emu/com/bstr.h"
#include "emu/com/guid.h"
#include "emu/com/object.h"
#include "emu/svc/express_store.h"
#include "emu/svc/service.h"

#include <string.h>

struct express_writer {
    struct com_object com;
    IVssExpressWriter IVssExpressWriter;
    struct service *service;
    struct wmd *wmd; /* a reference; NULL before CreateMetadata or LoadMetadata */
};

COM_UNKNOWN_METHODS(express_writer, IVssExpressWriter)

static HRESULT express_writer_CreateMetadata(IVssExpressWriter *face, VSS_ID writer_id,
                                             LPCWSTR name, VSS_USAGE_TYPE usage, DWORD major,
                                             DWORD minor, DWORD reserved,
                                             IVssCreateExpressWriterMetadata **ret)
{
    struct express_writer *writer = express_writer_from_IVssExpressWriter(face);

    if (!ret)
        return E_INVALIDARG;
    *ret = NULL;
    if (guid_is_null(&writer_id) || !name || !*name || reserved || !is_express_usage(usage))
        return E_INVALIDARG;
    wmd_free(writer->wmd);
    writer->wmd = wmd_new();
    writer->wmd->writer_id = writer_id;
    free(writer->wmd->name);
    writer->wmd->name = utf8_from_wide(name);
    writer->wmd->usage = usage;
    writer->wmd->source = VSS_ST_OTHER;
    writer->wmd->major_version = major;
    writer->wmd->minor_version = minor;
    express_metadata_new(wmd_ref(writer->wmd), ret);
    return S_OK;
}

static HRESULT express_writer_LoadMetadata(IVssExpressWriter *face, LPCWSTR metadata,
                                           DWORD reserved)
{
    struct express_writer *writer = express_writer_from_IVssExpressWriter(face);
    auto_free char *text = utf8_from_wide(metadata);
    struct wmd *wmd;

    if (!text || reserved)
        return E_INVALIDARG;
    if (wmd_from_xml(text, strlen(text), &wmd, NULL) != S_OK)
        return VSS_E_INVALID_XML_DOCUMENT;
    if (!metadata_is_express(wmd)) {
        wmd_free(wmd);
        return VSS_E_NOT_SUPPORTED;
    }
    wmd_free(writer->wmd);
    writer->wmd = wmd;
    return S_OK;
}

static HRESULT express_writer_Register(IVssExpressWriter *face)
{
    struct express_writer *writer = express_writer_from_IVssExpressWriter(face);

    if (!writer->wmd)
        return VSS_E_BAD_STATE;
    sched_enter(writer->service->ports->sched);
    HRESULT hr = express_store_register(writer->service, writer->wmd);
    sched_leave(writer->service->ports->sched);
    return hr;
}

/* The page asks for CreateMetadata first; nothing here depends on it. */
static HRESULT express_writer_Unregister(IVssExpressWriter *face, VSS_ID writer_id)
{
    struct express_writer *writer = express_writer_from_IVssExpressWriter(face);

    sched_enter(writer->service->ports->sched);
    HRESULT hr = express_store_unregister(writer->service, &writer_id);
    sched_leave(writer->service->ports->sched);
    return hr;
}

static void express_writer_destroy(void *object)
{
    wmd_free(((struct express_writer *)object)->wmd);
}

static const IVssExpressWriterVtbl express_writer_vtbl = {
    COM_UNKNOWN_SLOTS(express_writer, IVssExpressWriter),
    .CreateMetadata = express_writer_CreateMetadata,
    .LoadMetadata = express_writer_LoadMetadata,
    .Register = express_writer_Register,
    .Unregister = express_writer_Unregister,
};

COM_CLASS(express_writer, express_writer_destroy, COM_FACE(express_writer, IVssExpressWriter));

HRESULT STDAPICALLTYPE CreateVssExpressWriterInternal(IVssExpressWriter **ret)
{
    GUARD(Function_CreateVssExpressWriter);
    if (!ret)
        return E_INVALIDARG;
    struct express_writer *writer = COM_NEW(express_writer);

    writer->IVssExpressWriter.lpVtbl = &express_writer_vtbl;
    writer->service = entry_service();
    *ret = &writer->IVssExpressWriter;
    return S_OK;
}
