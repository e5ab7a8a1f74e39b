/* SPDX-License-Identifier: MIT */
/* See process_world.h. With a description the world begins before main(), so that on a virtual
 * clock all of the program's time is the world's. */
#include "emu/setup/process_world.h"

#include "emu/api/entry.h"
#include "emu/base/check.h"
#include "emu/base/hash.h"
#include "emu/com/bstr.h"
#include "emu/lint/lint_objects.h"
#include "emu/port/faults.h"
#include "emu/setup/built_in_requester.h"
#include "emu/setup/copy_watch.h"
#include "emu/setup/day_limit.h"
#include "emu/setup/description.h"
#include "emu/host/fork_server.h"
#include "emu/setup/document_watch.h"
#include "emu/setup/earlier_snapshots.h"
#include "emu/setup/look.h"
#include "emu/scenario/scenario_read.h"
#include "emu/search/judge.h"
#include "emu/search/plan.h"
#include "emu/setup/provider_file.h"
#include "emu/setup/quick_end.h"
#include "emu/setup/replay_writer.h"
#include "emu/setup/scenario_world.h"
#include "emu/setup/stepper.h"
#include "emu/setup/snapshot_labels.h"
#include "emu/setup/wait_watch.h"
#include "emu/setup/world.h"
#include "emu/svc/leftovers.h"
#include "emu/setup/world_writers.h"
#include "emu/svc/backup.h"
#include "emu/trace/trace_block.h"
#include "fakes/linux/real.h"
#include "fakes/linux/ride.h"
#include "fakes/linux/vthread.h"
#include "fakes/windows/command_line.h"
#include "fakes/windows/crt/ctype_rows.h"
#include "fakes/linux/watchdog.h"
#include "fakes/windows/handle.h"
#include "fakes/windows/processes/heritage.h"
#include "fakes/windows/shared/segment.h"
#include "fakes/windows/shared/watch.h"
#include "fakes/world/vsched.h"
#include "fakes/windows/registry/registry.h"
#include "fakes/windows/services/service.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Harness failures have exit codes of their own (README: "Exit codes"). */
#define EXIT_NO_WORLD  121
#define EXIT_BAD_USAGE 120

#define HEAP_STEP (1 << 20)

static struct vssemu_world *the_world;
static bool is_empty_world;
static struct description the_description;
static struct scenario the_scenario; /* of --world */
static bool has_scenario;
static struct scenario the_plan; /* of a search */
static bool has_plan;
static char *registry_out; /* --registry-out */

static _Noreturn void give_up(const char *what)
{
    fprintf(stderr, "vssemu: %s\n", what);
    fflush(NULL);
    _exit(EXIT_NO_WORLD);
}

static void add_volumes(struct vssemu_world *world, const struct description *d)
{
    char *error = NULL;

    for (size_t i = 0; i < d->volumes.count; i++) {
        const struct volume_description *v = &d->volumes.items[i];
        int result =
            v->is_borrowed
                ? world_add_borrowed_volume(world, v->letter, v->mount, v->directory, &error)
            : v->mount ? world_add_mounted_volume(world, v->letter, v->mount, v->control_fd, &error)
                       : world_add_volume(world, v->letter, v->directory, &error);

        if (result)
            give_up(error);
    }
}

static void set_choices(struct vssemu_world *world, const struct description *d)
{
    struct choices *choices = &world->service.choices;
    enum windows_version version;

    if (d->windows && windows_version_named(d->windows, &version)) {
        choices_set_version(choices, version);
        world->ports.windows = windows_version_name(version);
    } else if (d->windows)
        give_up("no such version of Windows");
    for (size_t i = 0; i < d->choices.count; i++) {
        if (!choices_set_pair(choices, d->choices.items[i]))
            give_up("no such choice, or no such value of it");
    }
}

static void add_writers(struct vssemu_world *world, const struct description *d)
{
    char *error = NULL;

    world->service.document_limit = d->document_limit;
    for (size_t i = 0; i < d->writers.count; i++) {
        if (world_add_test_writer(world, d->writers.items[i], &error))
            give_up(error);
    }
    for (size_t i = 0; i < d->writer_metadata.count; i++) {
        if (world_add_metadata_writer(world, d->writer_metadata.items[i], &error))
            give_up(error);
    }
    if (!replay_writers_add(world, d, &error))
        give_up(error);
    for (size_t i = 0; i < d->catalog_writers.count; i++) {
        if (world_add_catalog_writer(world, d->catalog_writers.items[i], &error))
            give_up(error);
    }
}

/* Only what is asked for: a registry that nobody needs is never made. */
static void fill_registry(struct vssemu_world *world, const struct description *d)
{
    char *error = NULL;

    for (size_t i = 0; i < d->registry.count; i++) {
        if (!registry_load_file(registry_of(&world->ports), d->registry.items[i], &error))
            give_up(error);
    }
    registry_out = mem_strdup(d->registry_out);
    if (d->registry.count) /* VssAccessControl may deny even an administrator */
        machine_set_caller(&world->service.machine, CALLER_ADMINISTRATOR, NULL);
}

static void keep_registry(struct vssemu_world *world)
{
    if (!registry_out)
        return;
    world_use(world);
    int error = registry_save_file(registry_of(&world->ports), registry_out);
    if (error)
        fprintf(stderr, "vssemu: --registry-out %s cannot be written: %s\n", registry_out,
                strerror(-error));
    world_use(NULL);
}

/* Names of objects are those of the run, which other programs of it know as well. */
static void join_run(struct vssemu_world *world, const struct description *d)
{
    static const struct vsched_neighbours neighbours = { .look = shared_look, .rest = shared_rest };
    /* A child that the program has started has a world of its own, but the names of the run. */
    const char *path = d->objects ? d->objects : getenv(SHARED_VARIABLE);
    int error = path ? shared_open(path, !d->is_virtual) : 0;

    if (error)
        fprintf(stderr, "vssemu: named objects are this process's alone: %s: %s\n", path,
                strerror(-error));
    if (!path || error)
        return;
    objects_share(world->ports.serial);
    if (world->vsched)
        vsched_set_neighbours(world->vsched, &neighbours);
}

/* Where a search reads what happened. */
static struct trace *open_trace_block(const struct description *d)
{
    static struct trace_block block;

    if (d->trace_block_fd < 0)
        return NULL;
    void *memory =
        mmap(NULL, d->trace_block_size, PROT_READ | PROT_WRITE, MAP_SHARED, d->trace_block_fd, 0);

    if (memory == MAP_FAILED)
        give_up("the memory for the trace cannot be used");
    close(d->trace_block_fd);
    trace_block_init(&block, memory, d->trace_block_size);
    return &block.trace;
}

/* Everything that the description does not say otherwise. */
static void add_world_file(struct vssemu_world *world, const char *path)
{
    char *error = NULL;

    has_scenario = scenario_read_file(path, &the_scenario, &error);
    if (has_scenario && the_description.has_recorded_writers)
        replay_writers_replace(&the_scenario);
    if (!has_scenario || !world_add_scenario(world, &the_scenario, &error))
        give_up(error);
}

/* What a search has drawn, behind what the world file says. */
static void add_plan(struct vssemu_world *world)
{
    char *error = NULL;

    if (has_plan && !world_add_scenario(world, &the_plan, &error))
        give_up(error);
}

static struct vssemu_world *make(const struct description *d)
{
    struct vsched_schedule schedule = { 0 };
    struct world_options options = {
        .is_virtual = d->is_virtual,
        /* Nothing that has been given away is given again. */
        .seed = d->life ? hash_number(d->seed + d->life) >> 1 : d->seed,
        .trace_fd = d->trace_fd,
        .schedule = &schedule,
        .is_fine = d->is_fine,
        .trace_to = wait_watch_before(open_trace_block(d)),
    };
    char *error = NULL;

    if (d->schedule && !vsched_schedule_parse(d->schedule, &schedule, &error))
        give_up(error);
    struct vssemu_world *world = world_new(&options);

    bstr_process_world = world->ports.serial;
    atomic_store(&world->service.lint.is_strict_api, d->is_strict_api);

    if (d->is_searched) {
        ride_wish();
        wait_watch_begin(world->vsched);
    }
    if (world->vsched) {
        vthread_activate(world->vsched);
        watchdog_begin(d->watchdog_ns);
    }
    join_run(world, d);
    if (d->life)
        world_begin_at(world, d->begins_ns, d->past_faults.items, d->past_faults.count);
    world_use(world);
    add_volumes(world, d);
    if (d->world)
        add_world_file(world, d->world);
    add_plan(world);
    set_choices(world, d);
    world_requester_comes(&world->service); /* the system provider */
    world_warn_of_areas(world);
    fill_registry(world, d);
    add_writers(world, d);
    world_use(NULL);
    return world;
}

/* Runs code of theirs, in the world that is there by now. */
static void add_providers(const struct description *d)
{
    char *error = NULL;

    for (size_t i = 0; i < d->providers.count; i++) {
        if (!provider_file_register(the_world, d->providers.items[i], &error)) {
            fprintf(stderr, "vssemu: %s\n", error);
            fflush(NULL);
            _exit(EXIT_BAD_USAGE);
        }
    }
}

static void add_faults(const struct description *d)
{
    char *error = NULL;

    for (size_t i = 0; i < d->faults.count; i++) {
        if (!world_add_fault(the_world, d->faults.items[i], &error))
            give_up(error);
    }
}

static struct snapshot_label make_set(const struct snapshot_spec *spec)
{
    struct snapshot_label made = { .label = spec->label };
    char *error = NULL;

    if (!earlier_snapshots_make(the_world, spec, &made.set, &error)) {
        fprintf(stderr, "vssemu: --snapshot %c:: %s\n", spec->letters[0], error);
        fflush(NULL);
        _exit(EXIT_NO_WORLD);
    }
    return made;
}

/* What an earlier process has left, and how the program's arguments name it. */
static void make_snapshots(const struct description *d, char **argv)
{
    ARRAY(struct snapshot_label) labels = { 0 };
    char *error = NULL;

    for (size_t i = 0; i < d->snapshots.count; i++) {
        struct snapshot_label made = make_set(&d->snapshots.items[i]);

        if (made.label)
            array_add(&labels, made);
    }
    if (!snapshot_labels_fill(the_world, labels.items, labels.count, argv, &error)) {
        fprintf(stderr, "vssemu: %s\n", error);
        fflush(NULL);
        _exit(EXIT_BAD_USAGE);
    }
    if (labels.count)
        command_line_set(argv);
    array_free(&labels);
}

/* The library's destructor: after the program's own exit handlers and static destructors, which may
 * still unsubscribe writers and release objects. (A constructor's atexit handler is later.) */
static __attribute__((destructor)) void end_of_process(void)
{
    struct vssemu_world *world = the_world;

    if (!world)
        return;
    world_end_sessions(world);
    world_lift_faults(world);
    world_drain(world, 5 * SCHED_SECOND);
    if (has_scenario)
        world_look_at_files(world, &the_scenario);
    copy_watch_end();
    sched_enter(world->ports.sched);
    leftovers_find(&world->service);
    sched_leave(world->ports.sched);
    lint_leaks(&world->service.lint);
    world_note_unfired(world);
    document_watch_end();
    world_leave_volumes(world);
    shared_close();
    if (service_mode_is_on() && !service_mode_was_used())
        fprintf(stderr, "vssemu: --service: the program has never called "
                        "StartServiceCtrlDispatcher; on Windows starting it fails with error "
                        "1053\n");
    keep_registry(world);
    fflush(NULL);
    built_in_requester_at_exit();
}

static char *describe_to_child(void)
{
    return description_for_child(&the_description);
}

/* A search tells its partners by what was there before. The program has no thread yet that could be
 * inside the service, and to enter takes time that `vssemu run` with the same plan does not spend:
 * both begin at one instant. */
static void note_begin(struct vssemu_world *world)
{
    service_trace(
        &world->service,
        &(struct trace_record){ .kind = TRACE_NOTE, .who = "world", .what = JUDGE_NOTE_BEGINS });
}

/* In the world of the_description. */
static void begin(char **argv)
{
    struct description *d = &the_description;
    char *error = NULL;

    if (d->is_service)
        service_mode_begin(d->service); /* before any thread: it blocks signals */
    the_world = make(d);
    if (!is_empty_world)
        the_world->ports.child_world = describe_to_child;
    add_providers(d);
    if (!d->life) /* they are there */
        make_snapshots(d, argv);
    if (has_scenario && !world_begin_scenario(the_world, &the_scenario, &error))
        give_up(error);
    add_faults(d);
    if (has_plan && !world_begin_scenario(the_world, &the_plan, &error))
        give_up(error);
    if (the_world->ports.faults)
        the_world->ports.faults->ends_process = true;
    if (has_plan) {
        day_limit_begin(the_world);
        copy_watch_begin(the_world);
        document_watch_begin(the_world);
    }
    if (d->check_into)
        look_begin(the_world, d->check_into);
    if (!is_empty_world)
        built_in_requester_prepare(the_world, d);
    if (has_plan)
        note_begin(the_world);
    if (d->step_fd >= 0)
        stepper_begin(the_world, d->step_fd, d->step_until.items, d->step_until.count);
}

static void begin_empty(void)
{
    is_empty_world = true;
    the_description = (struct description){ .trace_fd = -1, .trace_block_fd = -1, .step_fd = -1 };
    begin(NULL);
}

/* Everything of a world that is the same in all runs of a search is made before they fork, or it
 * would be made in each. */
static void learn(void *arg, const char *json)
{
    char *error = NULL;

    (void)arg;
    description_fini(&the_description);
    if (!description_parse(json, &the_description, &error)) {
        fprintf(stderr, "vssemu: " DESCRIPTION_VARIABLE ": %s\n", error);
        _exit(EXIT_NO_WORLD);
    }
    if (the_description.is_virtual) { /* one thread runs at a time: a heap for each gains nothing */
        mallopt(M_ARENA_MAX, 1);
        mallopt(M_TOP_PAD, HEAP_STEP);
    }
    if (the_description.is_searched) {
        real_find_all();
        ctype_prepare();
        quick_end_allow();
    }
}

/* What the search has drawn for this run. */
static void take_plan(const struct fork_run *run)
{
    struct description *d = &the_description;
    struct plan plan;

    plan_from_bytes(run->plan, run->size, &plan);
    plan_to_scenario(&plan, &the_plan);
    has_plan = true;
    d->seed = plan.seed;
    d->schedule = mem_strdup(plan_schedule(plan.schedule));
    d->has_requester = d->plays_steps = plan.n_steps > 0;
}

/* Before main() and before the program's own static objects: the library's constructor, which glibc
 * gives main's arguments. */
static __attribute__((constructor)) void begin_with_the_process(int argc, char **argv)
{
    struct fork_run run;

    (void)argc;
    if (fork_server_next_run(learn, NULL, &run)) {
        take_plan(&run);
        free(run.plan);
        begin(argv);
    } else if (getenv(DESCRIPTION_VARIABLE)) {
        learn(NULL, getenv(DESCRIPTION_VARIABLE));
        begin(argv);
    } else if (getenv(HERITAGE_VARIABLE))
        process_world();
    heritage_take();
}

static void say_what_to_do(struct service *service)
{
    static bool is_said;

    world_requester_comes(service);

    if (is_said || !is_empty_world || service != &the_world->service)
        return;
    is_said = true;
    fprintf(stderr, "vssemu: this world is empty: no volume, no writer. Start the program with\n"
                    "vssemu:     vssemu run --volume C:=DIR -- PROGRAM\n"
                    "vssemu: or make a world in the program itself (vssemu.h).\n");
}

const struct scenario *process_world_scenario(void)
{
    if (has_plan && the_plan.steps.count)
        return &the_plan;
    return has_scenario ? &the_scenario : NULL;
}

bool process_world_is_made(void)
{
    return the_world;
}

struct vssemu_world *process_world(void)
{
    if (!the_world) {
        begin_empty();
        entry_on_requester = say_what_to_do;
        entry_on_writer_subscribed = say_what_to_do;
    }
    return the_world;
}
