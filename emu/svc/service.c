/* SPDX-License-Identifier: MIT */
#include "emu/svc/service.h"

#include "emu/base/check.h"
#include "emu/base/str.h"
#include "emu/lint/lint_files.h"
#include "emu/port/volume.h"
#include "emu/svc/event_log.h"
#include "emu/svc/express_store.h"
#include "emu/svc/provider_registry.h"
#include "emu/svc/snapshot_delete.h"
#include "emu/svc/snapshot_set.h"
#include "emu/svc/document_hook.h"
#include "emu/svc/look_hook.h"
#include "emu/svc/report_hook.h"
#include "emu/svc/step_hook.h"

void (*step_hook)(struct service *service, const char *who, const char *what);
void (*report_hook)(struct backup *backup, const struct component_key *key);
void (*document_hook)(struct backup *backup, const char *xml);
void (*metadata_hook)(struct writer_session *session);
void (*look_hook)(struct backup *backup, bool is_restored);

static void has_idled(struct sched_task *task)
{
    struct service *service = container_of(task, struct service, idle_timer);

    event_log_write(service, EVENT_IDLE, S_OK, "", NULL);
    provider_registry_rest(service, true);
}

static void file_opened(struct world_ports *ports, const struct volume *volume, unsigned view,
                        const char *path, uint32_t access)
{
    lint_files_opened(&ports->service->lint, volume->letter, view, path, access);
}

void service_init(struct service *service, struct world_ports *ports)
{
    *service = (struct service){ .ports = ports, .pause_after = N_WRITER_EVENTS };
    choices_init(&service->choices);
    machine_init(&service->machine);
    lint_init(&service->lint, ports);
    ports->file_opened = file_opened;
    list_init(&service->writers);
    list_init(&service->snapshots);
    list_init(&service->backups);
    service->idle_timer.run = has_idled;
    list_init(&service->late_releases);
    list_init(&service->reverts);
}

void service_is_busy(struct service *service)
{
    sched_cancel(service->ports->sched, &service->idle_timer);
}

void service_may_idle(struct service *service)
{
    struct sched *sched = service->ports->sched;

    if (!list_is_empty(&service->backups))
        return;
    sched_cancel(sched, &service->idle_timer);
    sched_post(sched, &service->idle_timer, sched_now(sched) + SERVICE_IDLE_MS * SCHED_MS);
    provider_registry_rest(service, false);
}

void service_fini(struct service *service)
{
    check(list_is_empty(&service->backups));
    sched_enter(service->ports->sched);
    service_is_busy(service);
    sched_leave(service->ports->sched);
    snapshot_delete_forget(service);
    express_store_clear(service);
    list_each_safe (struct snapshot, snapshot, &service->snapshots, link)
        snapshot_free(snapshot);
    for (size_t i = 0; i < service->providers.count; i++)
        provider_free(service->providers.items[i]);
    array_free(&service->providers);
    array_free(&service->revert_blockers);
    lint_fini(&service->lint);
}

struct volume *service_find_volume(struct service *service, const char *name)
{
    for (size_t i = 0; i < service->ports->n_volumes; i++) {
        struct volume *volume = service->ports->volumes[i];
        const char root[] = { volume->letter, ':', '\\', 0 };

        if ((volume->letter && str_is_equal_nocase(name, root)) ||
            str_is_equal_nocase(name, volume->guid_name))
            return volume;
    }
    size_t length;
    struct volume *mounted = service_mounted_at(service, name, &length);
    return mounted && strcmp(name + length, "\\") == 0 ? mounted : NULL;
}

struct volume *service_mounted_at(struct service *service, const char *path, size_t *ret_length)
{
    return service->ports->mounted_at ? service->ports->mounted_at(path, ret_length) : NULL;
}

bool service_is_idle(struct service *service)
{
    for (size_t i = 0; i < service->providers.count; i++) {
        struct provider_link *link = service->providers.items[i]->link;

        if (link->is_busy(link))
            return false;
    }
    return list_is_empty(&service->backups) && !service->n_unfinished;
}

/* Numbers of snapshots never repeat on a volume, so they tell each of its processes from all
 * others. */
static uint32_t history_of(const struct world_ports *ports)
{
    uint32_t history = 0;

    for (size_t i = 0; i < ports->n_volumes; i++) {
        struct volume *v = ports->volumes[i];

        history = history * 0x01000193u + (v->ops->next_number(v) - 1);
    }
    return history;
}

VSS_ID service_new_id(struct service *service)
{
    VSS_ID id = guid_random(service->ports->random);

    if (!service->has_history)
        service->history = history_of(service->ports);
    service->has_history = true;
    id.Data1 ^= service->history;
    return id;
}

void service_trace(struct service *service, const struct trace_record *record)
{
    struct trace_record stamped = *record;

    stamped.at_ns = sched_now(service->ports->sched);
    trace_write(service->ports->trace, &stamped);
}
