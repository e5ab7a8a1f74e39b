/* SPDX-License-Identifier: MIT */
/* See writer_components.h. Learn: "IVssWriterComponents", "IVssWriterComponentsExt". */
#include "emu/api/writer_components.h"

#include "emu/api/guard.h"
#include "emu/api/component_face.h"
#include "emu/base/list.h"
#include "emu/base/mem.h"
#include "emu/com/object.h"

#include <stdlib.h>

/* What both forms hold. */
struct content {
    struct components_lease *lease; /* a reference */
    struct bcd_writer *writer;      /* valid while the lease is alive; NULL: no components */
    GUID writer_id, instance_id;
};

static void init_content(struct content *content, struct components_lease *lease,
                         struct bcd_writer *writer)
{
    content->lease = components_lease_ref(lease);
    content->writer = writer;
    if (writer) {
        content->writer_id = writer->writer_id;
        content->instance_id = writer->instance_id;
    }
}

static HRESULT get_count(struct content *content, UINT *ret_n)
{
    HRESULT hr = VSS_E_BAD_STATE;

    if (!ret_n)
        return E_INVALIDARG;
    *ret_n = 0;
    if (components_lease_enter(content->lease)) {
        *ret_n = content->writer ? (UINT)content->writer->components.count : 0;
        hr = S_OK;
    }
    components_lease_leave(content->lease);
    return hr;
}

static HRESULT get_info(struct content *content, VSS_ID *ret_instance_id, VSS_ID *ret_writer_id)
{
    bool is_alive;

    if (!ret_instance_id || !ret_writer_id)
        return E_INVALIDARG;
    is_alive = components_lease_enter(content->lease);
    components_lease_leave(content->lease);
    *ret_instance_id = is_alive ? content->instance_id : (GUID){ 0 };
    *ret_writer_id = is_alive ? content->writer_id : (GUID){ 0 };
    return is_alive ? S_OK : VSS_E_BAD_STATE;
}

static HRESULT get_component(struct content *content, UINT i, IVssComponent **ret)
{
    HRESULT hr = VSS_E_BAD_STATE;

    if (!ret)
        return E_INVALIDARG;
    *ret = NULL;
    if (components_lease_enter(content->lease)) {
        hr = VSS_E_OBJECT_NOT_FOUND;
        if (content->writer && i < content->writer->components.count) {
            component_face_new(content->lease, content->writer->components.items[i], ret);
            hr = S_OK;
        }
    }
    components_lease_leave(content->lease);
    return hr;
}

/* ---- for writers: no reference count ---- */

struct writer_components {
    IVssWriterComponents face;
    struct content content;
};

static struct content *content_of(IVssWriterComponents *face)
{
    return &container_of(face, struct writer_components, face)->content;
}

static HRESULT writer_components_GetComponentCount(IVssWriterComponents *face, UINT *ret_n)
{
    GUARD_OUT(IVssWriterComponents_GetComponentCount, ret_n);
    return get_count(content_of(face), ret_n);
}

static HRESULT writer_components_GetWriterInfo(IVssWriterComponents *face, VSS_ID *ret_instance_id,
                                               VSS_ID *ret_writer_id)
{
    GUARD(IVssWriterComponents_GetWriterInfo);
    return get_info(content_of(face), ret_instance_id, ret_writer_id);
}

static HRESULT writer_components_GetComponent(IVssWriterComponents *face, UINT i,
                                              IVssComponent **ret)
{
    GUARD_OUT(IVssWriterComponents_GetComponent, ret);
    return get_component(content_of(face), i, ret);
}

static const IVssWriterComponentsVtbl writer_components_vtbl = {
    .GetComponentCount = writer_components_GetComponentCount,
    .GetWriterInfo = writer_components_GetWriterInfo,
    .GetComponent = writer_components_GetComponent,
};

struct writer_components *writer_components_new(struct components_lease *lease,
                                                struct bcd_writer *writer)
{
    struct writer_components *components = mem_new(struct writer_components);

    components->face.lpVtbl = &writer_components_vtbl;
    init_content(&components->content, lease, writer);
    return components;
}

struct writer_components *writer_components_new_empty(struct components_lease *lease,
                                                      const GUID *writer_id,
                                                      const GUID *instance_id)
{
    struct writer_components *components = writer_components_new(lease, NULL);

    components->content.writer_id = *writer_id;
    components->content.instance_id = *instance_id;
    return components;
}

IVssWriterComponents *writer_components_face(struct writer_components *components)
{
    return &components->face;
}

void writer_components_free(struct writer_components *components)
{
    if (!components)
        return;
    components_lease_unref(components->content.lease);
    free(components);
}

/* ---- for requesters: two tables, the second with IUnknown ---- */

struct writer_components_ext {
    struct com_object com;
    IVssWriterComponentsExt IVssWriterComponentsExt;
    IUnknown IUnknown; /* directly behind: the layout of the C++ object */
    struct content content;
};

COM_UNKNOWN_METHODS(writer_components_ext, IUnknown)

static struct content *content_of_ext(IVssWriterComponentsExt *face)
{
    return &container_of(face, struct writer_components_ext, IVssWriterComponentsExt)->content;
}

static HRESULT writer_components_ext_GetComponentCount(IVssWriterComponentsExt *face, UINT *ret_n)
{
    GUARD_OUT(IVssWriterComponentsExt_GetComponentCount, ret_n);
    return get_count(content_of_ext(face), ret_n);
}

static HRESULT writer_components_ext_GetWriterInfo(IVssWriterComponentsExt *face,
                                                   VSS_ID *ret_instance_id, VSS_ID *ret_writer_id)
{
    GUARD(IVssWriterComponentsExt_GetWriterInfo);
    return get_info(content_of_ext(face), ret_instance_id, ret_writer_id);
}

static HRESULT writer_components_ext_GetComponent(IVssWriterComponentsExt *face, UINT i,
                                                  IVssComponent **ret)
{
    GUARD_OUT(IVssWriterComponentsExt_GetComponent, ret);
    return get_component(content_of_ext(face), i, ret);
}

static void writer_components_ext_destroy(void *object)
{
    components_lease_unref(((struct writer_components_ext *)object)->content.lease);
}

static const IVssWriterComponentsExtVtbl writer_components_ext_vtbl = {
    .GetComponentCount = writer_components_ext_GetComponentCount,
    .GetWriterInfo = writer_components_ext_GetWriterInfo,
    .GetComponent = writer_components_ext_GetComponent,
};

static const IUnknownVtbl writer_components_ext_unknown_vtbl = {
    COM_UNKNOWN_SLOTS(writer_components_ext, IUnknown),
};

COM_CLASS(writer_components_ext, writer_components_ext_destroy,
          COM_FACE(writer_components_ext, IUnknown));

void writer_components_ext_new(struct components_lease *lease, struct bcd_writer *writer,
                               IVssWriterComponentsExt **ret)
{
    struct writer_components_ext *components = COM_NEW(writer_components_ext);

    components->IVssWriterComponentsExt.lpVtbl = &writer_components_ext_vtbl;
    components->IUnknown.lpVtbl = &writer_components_ext_unknown_vtbl;
    init_content(&components->content, lease, writer);
    *ret = &components->IVssWriterComponentsExt;
}
