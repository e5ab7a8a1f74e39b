/* SPDX-License-Identifier: MIT */
/* The link between the service and writers in this process: implements vssemu_writer.h. An event is
 * turned into a handler call (texts in UTF-16, document faces under a lease) inside the service;
 * the handler then runs outside of it, on the writer's own thread, one at a time. A writer made
 * with VSSEMU_WRITER_INLINE is called at once, inside. */
#include "emu/include/vssemu_writer.h"

#include "emu/api/components_lease.h"
#include "emu/api/create_metadata.h"
#include "emu/api/entry.h"
#include "emu/api/guard.h"
#include "emu/api/writer_components.h"
#include "emu/base/array.h"
#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/base/utf.h"
#include "emu/com/bstr.h"
#include "emu/com/guid.h"
#include "emu/port/volume.h"
#include "emu/svc/service.h"
#include "emu/svc/writer_link.h"
#include "emu/svc/writer_registry.h"

#include <stdlib.h>
#include <string.h>

/* One event on its way through the handler. */
struct handler_call {
    struct list link;
    struct writer_delivery *delivery;
    struct writer_event_info info; /* a copy: values only, no borrowed texts are used */
    WCHAR **volumes, **devices;
    struct components_lease *lease;
    struct writer_components *components;
    struct create_metadata *metadata;
    bool agreed;
    HRESULT failure;
};

struct vssemu_writer {
    struct writer_link link;
    const struct vssemu_writer_ops *ops;
    void *self;
    unsigned flags;
    struct service *service;
    struct sched *sched;
    struct writer *writer; /* a reference; NULL before Initialize */
    bool is_subscribed, is_stopping;
    struct list calls;            /* waiting for the thread */
    struct handler_call *current; /* in its handler now */
    struct sched_thread *thread;
};

/* ---- a handler call: made inside, run outside, ended inside ---- */

static WCHAR **wide_list(const char *const *texts, size_t n)
{
    if (!texts)
        return NULL;
    WCHAR **list = mem_alloc((n + 1) * sizeof(*list));

    for (size_t i = 0; i < n; i++)
        list[i] = (WCHAR *)utf16_from_utf8(texts[i]);
    return list;
}

static void free_list(WCHAR **list, size_t n)
{
    for (size_t i = 0; list && i < n; i++)
        free(list[i]);
    free(list);
}

static enum components_access access_of(enum writer_event event)
{
    switch (event) {
    case ON_PREPARE_BACKUP:
        return COMPONENTS_PREPARE_BACKUP;
    case ON_POST_SNAPSHOT:
        return COMPONENTS_POST_SNAPSHOT;
    case ON_PRE_RESTORE:
        return COMPONENTS_PRE_RESTORE;
    case ON_POST_RESTORE:
        return COMPONENTS_POST_RESTORE;
    default:
        return COMPONENTS_BACKUP_COMPLETE;
    }
}

static bool takes_components(enum writer_event event)
{
    return event == ON_PREPARE_BACKUP || event == ON_POST_SNAPSHOT || event == ON_BACKUP_COMPLETE ||
           event == ON_PRE_RESTORE || event == ON_POST_RESTORE;
}

static struct handler_call *call_new(struct vssemu_writer *w, struct writer_delivery *delivery)
{
    struct handler_call *call = mem_new(struct handler_call);
    const struct writer_event_info *info = &delivery->info;

    call->delivery = delivery;
    call->info = *info;
    call->volumes = wide_list(info->volumes, info->n_volumes);
    call->devices = wide_list(info->devices, info->n_volumes);
    if (takes_components(delivery->event) && info->has_components) {
        call->lease = components_lease_new(access_of(delivery->event),
                                           w->flags & VSSEMU_WRITER_INLINE ? NULL : w->sched);
        call->components = info->components
                               ? writer_components_new(call->lease, info->components)
                               : writer_components_new_empty(call->lease, &w->writer->class_id,
                                                             &w->writer->instance_id);
    }
    if (delivery->event == ON_IDENTIFY)
        call->metadata = create_metadata_new(info->metadata);
    return call;
}

static void call_free(struct handler_call *call)
{
    free_list(call->volumes, call->info.n_volumes);
    free_list(call->devices, call->info.n_volumes);
    writer_components_free(call->components);
    create_metadata_free(call->metadata);
    free(call);
}

static bool run_handler(struct vssemu_writer *w, struct handler_call *call)
{
    const struct vssemu_writer_ops *ops = w->ops;
    IVssWriterComponents *components =
        call->components ? writer_components_face(call->components) : NULL;

    switch (call->delivery->event) {
    case ON_IDENTIFY:
        return !ops->OnIdentify || ops->OnIdentify(w->self, create_metadata_face(call->metadata));
    case ON_PREPARE_BACKUP:
        return !ops->OnPrepareBackup || ops->OnPrepareBackup(w->self, components);
    case ON_PREPARE_SNAPSHOT:
        return !ops->OnPrepareSnapshot || ops->OnPrepareSnapshot(w->self);
    case ON_FREEZE:
        return !ops->OnFreeze || ops->OnFreeze(w->self);
    case ON_THAW:
        return !ops->OnThaw || ops->OnThaw(w->self);
    case ON_ABORT:
        return !ops->OnAbort || ops->OnAbort(w->self);
    case ON_POST_SNAPSHOT:
        return !ops->OnPostSnapshot || ops->OnPostSnapshot(w->self, components);
    case ON_BACKUP_COMPLETE:
        return !ops->OnBackupComplete || ops->OnBackupComplete(w->self, components);
    case ON_BACKUP_SHUTDOWN:
        return !ops->OnBackupShutdown || ops->OnBackupShutdown(w->self, call->info.snapshot_set_id);
    case ON_PRE_RESTORE:
        return !ops->OnPreRestore || ops->OnPreRestore(w->self, components);
    case ON_POST_RESTORE:
        return !ops->OnPostRestore || ops->OnPostRestore(w->self, components);
    case N_WRITER_EVENTS:
        break;
    }
    return true;
}

/* Inside the service: the faces die, the answer goes back. */
static void end_call(struct vssemu_writer *w, struct handler_call *call)
{
    struct writer_delivery *delivery = call->delivery;

    components_lease_end(call->lease);
    if (call->metadata)
        create_metadata_end(call->metadata);
    delivery->agreed = call->agreed;
    delivery->failure = call->failure;
    w->current = NULL;
    delivery->done(delivery);
    call_free(call);
}

static void deliver(struct writer_link *link, struct writer_delivery *delivery)
{
    struct vssemu_writer *w = container_of(link, struct vssemu_writer, link);
    struct handler_call *call = call_new(w, delivery);

    if (w->flags & VSSEMU_WRITER_INLINE) {
        struct handler_call *outer = w->current;

        w->current = call;
        call->agreed = run_handler(w, call);
        end_call(w, call);
        w->current = outer;
        return;
    }
    list_append(&w->calls, &call->link);
    sched_notify(w->sched);
}

/* ---- the writer's thread ---- */

static bool has_work(void *arg)
{
    struct vssemu_writer *w = arg;

    return w->is_stopping || !list_is_empty(&w->calls);
}

static void dispatch(void *arg)
{
    struct vssemu_writer *w = arg;

    sched_enter(w->sched);
    for (;;) {
        sched_wait(w->sched, has_work, w, SCHED_NEVER);
        if (list_is_empty(&w->calls))
            break;
        struct handler_call *call = container_of(w->calls.next, struct handler_call, link);

        list_remove(&call->link);
        w->current = call;
        sched_leave(w->sched);
        bool agreed = run_handler(w, call);
        sched_enter(w->sched);
        call->agreed = agreed;
        end_call(w, call);
    }
    sched_leave(w->sched);
}

/* ---- life ---- */

void vssemu_writer_identity_init(struct vssemu_writer_identity *identity)
{
    memset(identity, 0, sizeof(*identity));
    identity->level = VSS_APP_FRONT_END;
    identity->freeze_timeout_ms = 60000;
    identity->alternate = VSS_AWS_NO_ALTERNATE_WRITER;
}

struct vssemu_writer *vssemu_writer_new(const struct vssemu_writer_ops *ops, void *self,
                                        unsigned flags)
{
    struct vssemu_writer *w = mem_new(struct vssemu_writer);

    w->link.deliver = deliver;
    w->ops = ops;
    w->self = self;
    w->flags = flags;
    list_init(&w->calls);
    return w;
}

void vssemu_writer_free(struct vssemu_writer *w)
{
    if (!w)
        return;
    if (w->is_subscribed)
        vssemu_writer_unsubscribe(w);
    writer_unref(w->writer);
    free(w);
}

/* Learn: "CVssWriter::Initialize". */
static bool is_valid(const struct vssemu_writer_identity *identity)
{
    return identity && identity->name && !guid_is_null(&identity->writer_id) &&
           identity->usage > VSS_UT_UNDEFINED && identity->usage <= VSS_UT_OTHER &&
           identity->source > VSS_ST_UNDEFINED && identity->source <= VSS_ST_OTHER &&
           identity->level > VSS_APP_UNKNOWN && identity->level <= VSS_APP_SYSTEM_RM &&
           identity->freeze_timeout_ms && identity->alternate == VSS_AWS_NO_ALTERNATE_WRITER;
}

HRESULT vssemu_writer_initialize(struct vssemu_writer *w,
                                 const struct vssemu_writer_identity *identity)
{
    GUARD(CVssWriter_Initialize);
    if (!w || !is_valid(identity))
        return E_INVALIDARG;
    if (w->writer)
        return VSS_E_BAD_STATE;
    auto_free char *name = utf8_from_wide(identity->name);
    auto_free char *instance_name = utf8_from_wide(identity->instance_name);

    w->service = entry_service();
    w->sched = w->service->ports->sched;
    sched_enter(w->sched);
    w->writer = writer_new(name, instance_name);
    w->writer->class_id = identity->writer_id;
    w->writer->instance_id = guid_random(w->service->ports->random);
    w->writer->usage = identity->usage;
    w->writer->source = identity->source;
    w->writer->level = identity->level;
    w->writer->freeze_timeout_ms = identity->freeze_timeout_ms;
    w->writer->major_version = identity->major_version;
    w->writer->minor_version = identity->minor_version;
    sched_leave(w->sched);
    return S_OK;
}

/* Learn: "CVssWriter::Subscribe", "VSS_SUBSCRIBE_MASK": two bits are supported, others reserved. */
HRESULT vssemu_writer_subscribe(struct vssemu_writer *w, DWORD timeout_ms, DWORD event_mask)
{
    GUARD(CVssWriter_Subscribe);
    (void)timeout_ms; /* subscribing takes no time here */
    if (!w || (event_mask & ~(DWORD)(VSS_SM_BACKUP_EVENTS_FLAG | VSS_SM_RESTORE_EVENTS_FLAG)))
        return E_INVALIDARG;
    if (!w->writer)
        return VSS_E_BAD_STATE;
    if (w->is_subscribed)
        return VSS_E_WRITER_ALREADY_SUBSCRIBED;
    w->is_subscribed = true;
    w->is_stopping = false;
    if (!(w->flags & VSSEMU_WRITER_INLINE))
        w->thread = w->sched->ops->start(w->sched, w->writer->name, dispatch, w);
    bool is_inside = w->flags & VSSEMU_WRITER_INLINE;
    sched_enter(w->sched);
    writer_registry_add(w->service, w->writer, &w->link);
    auto_free char *who = str_printf("writer %s", w->writer->name);
    service_trace(w->service,
                  &(struct trace_record){ .kind = TRACE_NOTE, .who = who, .what = "Subscribe" });
    sched_notify(w->sched);
    sched_leave(w->sched);
    if (!is_inside)
        entry_writer_subscribed(w->service);
    return S_OK;
}

/* What waits for the thread is still handled: an event that was delivered gets its answer. */
HRESULT vssemu_writer_unsubscribe(struct vssemu_writer *w)
{
    GUARD(CVssWriter_Unsubscribe);
    if (!w)
        return E_INVALIDARG;
    if (!w->is_subscribed)
        return VSS_E_BAD_STATE;
    sched_enter(w->sched);
    w->is_subscribed = false;
    w->is_stopping = true;
    writer_registry_remove(w->service, w->writer);
    sched_notify(w->sched);
    sched_leave(w->sched);
    if (w->thread)
        w->sched->ops->join(w->sched, w->thread);
    w->thread = NULL;
    return S_OK;
}

/* ---- what a handler may ask; outside one: zero, NULL or false ---- */

static const struct handler_call *current_call(struct vssemu_writer *w)
{
    static const struct handler_call none;

    return w->current ? w->current : &none;
}

VSS_ID vssemu_writer_session_id(struct vssemu_writer *w)
{
    return current_call(w)->info.session_id;
}

VSS_ID vssemu_writer_snapshot_set_id(struct vssemu_writer *w)
{
    return current_call(w)->info.snapshot_set_id;
}

UINT vssemu_writer_volume_count(struct vssemu_writer *w)
{
    return (UINT)current_call(w)->info.n_volumes;
}

const WCHAR *const *vssemu_writer_volumes(struct vssemu_writer *w)
{
    return (const WCHAR *const *)current_call(w)->volumes;
}

static struct volume *volume_of_path(struct vssemu_writer *w, const WCHAR *path)
{
    auto_free char *text = utf8_from_wide(path);

    if (!text)
        return NULL;
    if (text[0] && text[1] == ':') {
        const char root[] = { text[0], ':', '\\', 0 };

        return service_find_volume(w->service, root);
    }
    char *end = strstr(text, "}");
    if (end) {
        end[1] = '\\';
        end[2] = 0; /* "\\?\Volume{...}" is followed by a separator in every path */
    }
    return end ? service_find_volume(w->service, text) : NULL;
}

static size_t index_of_volume(struct vssemu_writer *w, const struct volume *volume)
{
    const struct handler_call *call = current_call(w);

    for (size_t i = 0; volume && i < call->info.n_volumes; i++) {
        auto_free char *name = utf8_from_wide(call->volumes[i]);

        if (strcmp(name, volume->guid_name) == 0)
            return i;
    }
    return SIZE_MAX;
}

HRESULT vssemu_writer_snapshot_device(struct vssemu_writer *w, const WCHAR *original_volume,
                                      const WCHAR **ret_device)
{
    if (!original_volume || !ret_device)
        return E_INVALIDARG;
    *ret_device = NULL;
    if (!current_call(w)->devices)
        return VSS_E_BAD_STATE;
    auto_free char *name = utf8_from_wide(original_volume);
    size_t i = index_of_volume(w, service_find_volume(w->service, name));

    if (i == SIZE_MAX)
        return VSS_E_OBJECT_NOT_FOUND;
    *ret_device = current_call(w)->devices[i];
    return S_OK;
}

bool vssemu_writer_is_path_affected(struct vssemu_writer *w, const WCHAR *path)
{
    return w->writer && index_of_volume(w, volume_of_path(w, path)) != SIZE_MAX;
}

LONG vssemu_writer_context(struct vssemu_writer *w)
{
    return current_call(w)->info.context;
}

VSS_APPLICATION_LEVEL vssemu_writer_level(struct vssemu_writer *w)
{
    return w->writer ? w->writer->level : VSS_APP_UNKNOWN;
}

VSS_BACKUP_TYPE vssemu_writer_backup_type(struct vssemu_writer *w)
{
    return current_call(w)->info.backup_type;
}

VSS_RESTORE_TYPE vssemu_writer_restore_type(struct vssemu_writer *w)
{
    return current_call(w)->info.restore_type;
}

bool vssemu_writer_are_components_selected(struct vssemu_writer *w)
{
    return current_call(w)->info.components_selected;
}

bool vssemu_writer_is_bootable_state_backed_up(struct vssemu_writer *w)
{
    return current_call(w)->info.bootable_state;
}

bool vssemu_writer_is_partial_file_support_enabled(struct vssemu_writer *w)
{
    return current_call(w)->info.partial_files;
}

/* Learn: "CVssWriter::SetWriterFailure"; not in OnIdentify. */
HRESULT vssemu_writer_set_failure(struct vssemu_writer *w, HRESULT failure)
{
    static const HRESULT allowed[] = {
        VSS_E_WRITERERROR_INCONSISTENTSNAPSHOT,
        VSS_E_WRITERERROR_OUTOFRESOURCES,
        VSS_E_WRITERERROR_TIMEOUT,
        VSS_E_WRITERERROR_RETRYABLE,
        VSS_E_WRITERERROR_NONRETRYABLE,
    };

    if (!w->current || w->current->delivery->event == ON_IDENTIFY)
        return VSS_E_BAD_STATE;
    for (size_t i = 0; i < sizeof(allowed) / sizeof(allowed[0]); i++) {
        if (allowed[i] == failure) {
            w->current->failure = failure;
            return S_OK;
        }
    }
    return E_INVALIDARG;
}
