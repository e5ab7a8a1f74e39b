/* SPDX-License-Identifier: MIT */
#include "emu/setup/world.h"

#include "emu/api/admin.h"
#include "emu/api/snapshot_mgmt.h"
#include "emu/api/entry.h"
#include "emu/api/provider_adapter.h"
#include "emu/base/check.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/com/bstr.h"
#include "emu/com/enumerator.h"
#include "emu/com/guid.h"
#include "emu/host/borrowed_volume.h"
#include "emu/host/host_clock.h"
#include "emu/host/host_random.h"
#include "emu/host/host_sched.h"
#include "emu/host/host_store.h"
#include "emu/host/host_volume.h"
#include "emu/include/vsadmin.h"
#include "emu/include/vssemu.h"
#include "emu/port/store.h"
#include "emu/port/volume.h"
#include "emu/setup/trace_memory.h"
#include "emu/setup/world_writers.h"
#include "emu/svc/backup.h"
#include "emu/svc/provider_registry.h"
#include "emu/svc/snapshot_set.h"
#include "fakes/linux/vthread.h"
#include "fakes/windows/classes.h"
#include "fakes/windows/links/mounted.h"
#include "fakes/windows/com.h"
#include "fakes/windows/pool/pool.h"
#include "fakes/windows/registry/registry.h"
#include "fakes/windows/registry/machine_number.h"
#include "fakes/windows/registry/vss_access.h"
#include "fakes/world/memstore.h"
#include "fakes/world/prng.h"
#include "fakes/world/vclock.h"
#include "fakes/world/volume_faults.h"
#include "fakes/world/vsched.h"
#include "provider_sim/cow/cow_port.h"
#include "provider_sim/soft_provider.h"
#include "writer_sim/test_writer.h"

#include <errno.h>
#include <stdio.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* Learn: "IVssSnapshotMgmt::GetProviderMgmtInterface" names the system provider's id. */
static const GUID system_provider_id = {
    0xb5946137, 0x7b9f, 0x4925, { 0xaf, 0x80, 0x51, 0xab, 0xd6, 0x0b, 0x20, 0xd5 }
};
/* Windows: class and version id as vssadmin and diskshadow list them. */
static const GUID system_provider_class = {
    0x65ee1dba, 0x8ff4, 0x4a58, { 0xac, 0x1c, 0x34, 0x70, 0xee, 0x2f, 0x37, 0x6a }
};

static void make_ports(struct vssemu_world *w, const struct world_options *options)
{
    w->ports.is_virtual = options->is_virtual;
    if (options->is_virtual) {
        w->vsched = vsched_new(options->seed, &w->stamp.trace);
        if (options->schedule)
            vsched_set_schedule(w->vsched, options->schedule);
        vsched_set_fine(w->vsched, options->is_fine);
        vthread_prepare(w->vsched);
        w->ports.sched = vsched_port(w->vsched);
        w->vclock = vclock_new(w->ports.sched);
        w->ports.clock = &w->vclock->port;
        w->prng = prng_new(options->seed, "world");
        w->ports.random = &w->prng->port;
    } else {
        w->host_sched = host_sched_new();
        w->ports.sched = host_sched_port(w->host_sched);
        w->ports.clock = host_clock();
        w->host_random = host_random_new(options->seed);
        w->ports.random = host_random_port(w->host_random);
    }
}

static void make_trace(struct vssemu_world *w, const struct world_options *options)
{
    struct trace *to_fd = NULL, *to_memory = NULL;

    if (options->trace_fd >= 0) {
        trace_fd_init(&w->fd_sink, options->trace_fd);
        to_fd = &w->fd_sink.trace;
    }
    if (options->trace_to)
        to_fd = options->trace_to;
    if (options->keeps_trace) {
        w->memory = trace_memory_new();
        to_memory = trace_memory_port(w->memory);
    }
    trace_tee_init(&w->tee, to_fd, to_memory);
    trace_stamp_init(&w->stamp, w->ports.sched, &w->tee.trace);
    w->ports.trace = to_fd || to_memory ? &w->stamp.trace : NULL; /* nobody reads: nobody writes */
}

struct vssemu_world *world_new(const struct world_options *options)
{
    struct vssemu_world *w = mem_new(struct vssemu_world);

    make_ports(w, options);
    make_trace(w, options);
    static atomic_uint n_worlds;

    w->ports.serial = atomic_fetch_add(&n_worlds, 1) + 1;
    bstr_forget_given(w->ports.serial);
    service_init(&w->service, &w->ports);
    w->ports.service = &w->service;
    w->ports.classes = com_classes();
    w->ports.mounted_at = mounted_at;
    w->ports.registry_number = machine_number;
    w->ports.registry_strings = machine_strings;
    w->service.machine.access = vss_access();
    com_register_class(&CLSID_VSSCoordinator, admin_create);
    com_register_class(&CLSID_VssSnapshotMgmt, snapshot_mgmt_create);
    w->service.lint.com_is_initialised = com_is_initialised;
    w->service.lint.com_has_security = com_has_security;
    if (!entry_on_requester)
        entry_on_requester = world_requester_comes;
    return w;
}

void world_begin_at(struct vssemu_world *w, int64_t begins_ns, char *const *past_faults,
                    size_t n_past_faults)
{
    w->past_faults = past_faults;
    w->n_past_faults = n_past_faults;
    if (w->vsched)
        vsched_set_on(w->vsched, begins_ns - sched_now(w->ports.sched));
    else
        host_sched_set(w->host_sched, begins_ns);
}

unsigned world_free(struct vssemu_world *w)
{
    struct vssemu_world *before = world_chosen();

    world_use(w);
    pools_end_world(w->ports.serial);
    for (size_t i = 0; i < w->writers.count; i++)
        test_writer_free(w->writers.items[i]);
    array_free(&w->writers);
    world_free_metadata_writers(w);
    service_fini(&w->service);
    for (size_t i = 0; i < w->volumes.count; i++)
        w->volumes.items[i]->ops->free(w->volumes.items[i]);
    array_free(&w->volumes);
    registry_unref(w->ports.registry);
    world_use(before == w ? NULL : before);
    if (w->vsched) {
        if (vthread_is_active())
            vthread_deactivate();
        free(w->vclock);
        free(w->prng);
        vsched_free(w->vsched);
    } else {
        host_random_free(w->host_random);
        host_sched_free(w->host_sched);
    }
    world_free_faults(w);
    trace_memory_free(w->memory);
    unsigned n_objects = com_objects_end(&w->objects);
    free(w);
    return n_objects;
}

void world_leave_volumes(struct vssemu_world *w)
{
    for (size_t i = 0; i < w->volumes.count; i++) {
        struct volume *volume = w->volumes.items[i];

        if (volume->ops->leave)
            volume->ops->leave(volume);
    }
}

/* ---- volumes ---- */

static void show_volume(struct vssemu_world *w, struct volume *volume)
{
    volume_faults_put(volume, &w->ports);
    array_add(&w->volumes, volume);
    w->ports.volumes = w->volumes.items;
    w->ports.n_volumes = w->volumes.count;
}

static int tell(char **ret_error, char *take_text, int error)
{
    if (ret_error)
        *ret_error = take_text;
    else
        free(take_text);
    return error;
}

static int refuse(char **ret_error, char letter, const char *directory, int error)
{
    switch (-error) {
    case ENOENT:
        return tell(ret_error,
                    str_printf("volume %c: the directory %s does not exist; make it first", letter,
                               directory),
                    error);
    case ENOTDIR:
        return tell(ret_error, str_printf("volume %c: %s is not a directory", letter, directory),
                    error);
    case EBUSY:
        return tell(ret_error,
                    str_printf("volume %c: another process serves the directory %s; wait for it or "
                               "end it",
                               letter, directory),
                    error);
    default:
        return tell(ret_error,
                    str_printf("volume %c: the directory %s cannot be used: %s", letter, directory,
                               strerror(-error)),
                    error);
    }
}

int world_add_volume(struct vssemu_world *w, char letter, const char *directory, char **ret_error)
{
    struct store *store = NULL;
    struct volume *volume = NULL;
    int error = 0;

    if (directory)
        error = host_store_open(directory, &store);
    else
        store = memstore_new(w->ports.clock);
    if (!error)
        error = cow_port_new(w->ports.sched, letter, store, &volume);
    if (error)
        return refuse(ret_error, letter, directory ? directory : "(memory)", error);
    if (!letter) /* its place in the world tells it from others without a letter */
        snprintf(volume->guid_name, sizeof(volume->guid_name),
                 "\\\\?\\Volume{5653532d-0000-4000-8000-%012zx}\\", 0x100 + w->volumes.count);
    volume->is_fleeting = !directory;
    show_volume(w, volume);
    if (!directory)
        array_add(&w->in_memory, volume);
    return 0;
}

int world_add_named_volume(struct vssemu_world *w, char letter, const char *guid_name,
                           char **ret_error)
{
    int error = world_add_volume(w, letter, NULL, ret_error);
    struct volume *volume = error ? NULL : w->volumes.items[w->volumes.count - 1];

    if (volume && *guid_name)
        snprintf(volume->guid_name, sizeof(volume->guid_name), "%s", guid_name);
    return error;
}

int world_add_mounted_volume(struct vssemu_world *w, char letter, const char *mount_path,
                             int control_fd, char **ret_error)
{
    struct volume *volume = NULL;
    int error = host_volume_new(w->ports.sched, letter, mount_path, control_fd, &volume);

    if (error)
        return refuse(ret_error, letter, mount_path, error);
    show_volume(w, volume);
    return 0;
}

int world_add_borrowed_volume(struct vssemu_world *w, char letter, const char *mount_path,
                              const char *directory, char **ret_error)
{
    const char *path = mount_path ? mount_path : directory;
    struct volume *volume = NULL;
    int error = borrowed_volume_new(letter, mount_path, directory, &volume);

    if (error)
        return refuse(ret_error, letter, path, error);
    show_volume(w, volume);
    return 0;
}

/* ---- those who take part ---- */

/* The service knows from its start on what earlier processes have left. */
static void adopt_kept_snapshots(struct vssemu_world *w, IVssSoftwareSnapshotProvider *software,
                                 struct provider *provider)
{
    IVssEnumObject *found = NULL;
    VSS_OBJECT_PROP prop;
    const VSS_ID all = { 0 };
    ULONG n = 0;

    soft_provider_find_kept(software);
    software->lpVtbl->Query(software, all, VSS_OBJECT_NONE, VSS_OBJECT_SNAPSHOT, &found);
    while (found->lpVtbl->Next(found, 1, &prop, &n) == S_OK) {
        snapshot_adopt(&w->service, provider, &prop.Obj.Snap);
        snapshot_prop_clear(&prop.Obj.Snap);
    }
    found->lpVtbl->Release(found);
}

static bool has_mounted_volume(const struct vssemu_world *w)
{
    for (size_t i = 0; i < w->volumes.count; i++) {
        if (w->volumes.items[i]->mount_path)
            return true;
    }
    return false;
}

void world_add_provider(struct vssemu_world *w)
{
    IVssSoftwareSnapshotProvider *software = NULL;
    IVssProviderCreateSnapshotSet *set = NULL;
    bool is_inline = !has_mounted_volume(w);
    struct provider *provider = mem_new(struct provider);

    soft_provider_new(&w->ports, &system_provider_id, &software);
    soft_provider_called_inside(software, is_inline);
    w->ports.diff_areas = soft_provider_diff_areas(software);
    software->lpVtbl->QueryInterface(software, &IID_IVssProviderCreateSnapshotSet, (void **)&set);
    provider->id = system_provider_id;
    provider->version_id = guid_random(w->ports.random);
    provider->class_id = system_provider_class;
    provider->name = mem_strdup("Microsoft Software Shadow Copy provider 1.0");
    provider->version = mem_strdup("1.0.0.7");
    provider->type = VSS_PROV_SYSTEM;
    provider->link = provider_adapter_new(&w->service, software, set, is_inline);
    provider_registry_add(&w->service, provider);
    adopt_kept_snapshots(w, software, provider);
    w->system_provider = software;
    w->has_provider = true;
}

void world_make_passing(struct vssemu_world *w, bool is_passing)
{
    world_requester_comes(&w->service);
    soft_provider_set_passing(w->system_provider, is_passing);
}

void world_add_own_provider(struct vssemu_world *w, const struct vssemu_provider *own)
{
    IVssSoftwareSnapshotProvider *software = own->object;
    IVssProviderCreateSnapshotSet *set = NULL;
    struct provider *provider = mem_new(struct provider);

    software->lpVtbl->AddRef(software);
    software->lpVtbl->QueryInterface(software, &IID_IVssProviderCreateSnapshotSet, (void **)&set);
    check(set != NULL); /* the contract of vssemu_add_provider */
    provider->id = own->id;
    provider->version_id = own->version_id;
    provider->class_id = own->class_id;
    provider->name = mem_strdup(own->name);
    provider->version = mem_strdup(own->version ? own->version : "1.0");
    provider->type = own->type;
    provider->link = provider_adapter_new(&w->service, software, set, false);
    provider_registry_add(&w->service, provider);
}

void world_requester_comes(struct service *service)
{
    struct vssemu_world *w = container_of(service, struct vssemu_world, service);

    if (w->has_provider)
        return;
    sched_enter(w->ports.sched); /* two requesters may come at the same time */
    if (!w->has_provider)
        world_add_provider(w);
    sched_leave(w->ports.sched);
}

int world_add_test_writer(struct vssemu_world *w, const char *xml_path, char **ret_error)
{
    struct vssemu_world *before = world_chosen();
    struct test_writer *writer = NULL;

    world_use(w); /* the writer initialises itself in the world of its thread */
    int error = test_writer_new(&w->ports, xml_path, ret_error, &writer);
    world_use(before);
    if (!error)
        array_add(&w->writers, writer);
    return error;
}

void world_end_sessions(struct vssemu_world *w)
{
    sched_enter(w->ports.sched);
    list_each_safe (struct backup, backup, &w->service.backups, link) {
        if (backup->is_released)
            continue;
        service_trace(&w->service, &(struct trace_record){ .kind = TRACE_NOTE,
                                                           .who = "requester",
                                                           .what = "ended without Release" });
        backup_release(backup);
    }
    sched_leave(w->ports.sched);
}

static bool is_idle(void *arg)
{
    return service_is_idle(arg);
}

bool world_drain(struct vssemu_world *w, int64_t limit_ns)
{
    struct sched *sched = w->ports.sched;

    sched_enter(sched);
    bool idle = sched_wait(sched, is_idle, &w->service, sched_now(sched) + limit_ns);
    sched_leave(sched);
    return idle;
}
