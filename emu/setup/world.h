/* SPDX-License-Identifier: MIT */
/* Puts a world together: clock, turns, random numbers, volumes, trace, service, providers,
 * simulated writers. The one place that knows everybody. Used by process_world (what vssemu run
 * described) and by vssemu.h (worlds of tests). */
#pragma once

#include "emu/base/array.h"
#include "emu/com/object.h"
#include "emu/port/world.h"
#include "emu/svc/service.h"
#include "emu/trace/trace_sink.h"

#include <stdatomic.h>
#include <stdint.h>

struct fault;
struct fault_plan;
struct vsched_schedule;
struct vssemu_provider;
struct metadata_writer;
struct test_writer;
struct test_world;
struct timed_fault;
struct trace_memory;

struct vssemu_world {
    struct world_ports ports; /* ports.service is &service */
    struct service service;
    ARRAY(struct volume *) volumes;   /* ports.volumes shows these */
    ARRAY(struct volume *) in_memory; /* those of them that are no directories of the host */
    ARRAY(struct test_writer *) writers;
    ARRAY(struct metadata_writer *) metadata_writers;
    struct trace_stamp stamp;
    struct trace_tee tee;
    struct trace_fd fd_sink;
    struct trace_memory *memory; /* NULL in a process's world */
    struct vsched *vsched;       /* of a virtual world */
    struct vclock *vclock;
    struct prng *prng;
    struct host_sched *host_sched; /* of a real one */
    struct host_random *host_random;
    struct fault_plan *faults; /* NULL until one is planned; ports.faults is its port */
    ARRAY(struct timed_fault *) timed_faults;
    char *const *past_faults; /* borrowed texts: these have happened before and are not planned */
    size_t n_past_faults;
    bool faults_are_lifted;
    struct sched_task lift_task;
    struct com_objects objects;                           /* made by the threads that live here */
    atomic_bool has_provider;                             /* set inside the service */
    struct IVssSoftwareSnapshotProvider *system_provider; /* its link holds it */
    struct test_world *test;                              /* of a world made through vssemu.h */
};

struct world_options {
    bool is_virtual;
    uint64_t seed;
    int trace_fd;                           /* -1: none */
    struct trace *trace_to;                 /* somebody else who gets the records instead; NULL */
    bool keeps_trace;                       /* in memory, for expectations */
    const struct vsched_schedule *schedule; /* of a virtual clock; NULL: random */
    bool is_fine;                           /* accesses to memory are switch points */
};

struct vssemu_world *world_new(const struct world_options *options);
/* The service must be idle. Outside the service. Answers how many COM objects of this world were
 * never released. */
unsigned world_free(struct vssemu_world *world);
/* The process ends without that: what outlives it is left in order on the volumes. Nobody makes
 * snapshots any more. */
void world_leave_volumes(struct vssemu_world *world);

/* Negative errno. directory NULL: in memory. *ret_error (may be NULL) gets a sentence; caller
 * frees. */
int world_add_volume(struct vssemu_world *world, char letter, const char *directory,
                     char **ret_error);
/* In memory; letter 0: a volume without one, of this name ("\\\\?\\Volume{...}\\"); "": the usual
 * name. */
int world_add_named_volume(struct vssemu_world *world, char letter, const char *guid_name,
                           char **ret_error);
int world_add_mounted_volume(struct vssemu_world *world, char letter, const char *mount_path,
                             int control_fd, char **ret_error);
/* One of the process that has started this one (emu/host/borrowed_volume.h): by its mount, or by
 * its directory when mount_path is NULL. */
int world_add_borrowed_volume(struct vssemu_world *world, char letter, const char *mount_path,
                              const char *directory, char **ret_error);
/* After the last volume: the system provider. Comes by itself with the first requester. */
void world_add_provider(struct vssemu_world *world);
void world_requester_comes(struct service *service);
/* Whether snapshots end with this world even if they are persistent: those of a test's set-up. */
void world_make_passing(struct vssemu_world *world, bool is_passing);

/* Where the volume `source` (a letter) keeps what its snapshots need, and how many bytes at most
 * (-1: no limit), whatever the rules for programs are. False: no such volume. */
bool world_put_diff_area(struct vssemu_world *world, char source, char place, int64_t maximum);
/* Says on standard error which volumes have damaged settings; once volumes are there. */
void world_warn_of_areas(struct vssemu_world *world);
/* A provider of the test's own, on a thread of its own. */
void world_add_own_provider(struct vssemu_world *world, const struct vssemu_provider *provider);
int world_add_test_writer(struct vssemu_world *world, const char *xml_path, char **ret_error);

/* The world goes on from here: its clock stood at 0 until now, nothing waits, and these faults have
 * happened (texts; borrowed). */
void world_begin_at(struct vssemu_world *world, int64_t begins_ns, char *const *past_faults,
                    size_t n_past_faults);

/* A fault as fakes/world/fault.h writes it. Before the world's first thread of code under test, or
 * on the only one. False: *ret_error gets a sentence; the caller frees. */
bool world_add_fault(struct vssemu_world *world, const char *text, char **ret_error);

/* The same for one that is there already; takes its name. */
void world_plan_fault(struct vssemu_world *world, struct fault *take_fault);
/* A note in the trace for each fault that has not happened: its text (object), and why (detail). */
void world_note_unfired(struct vssemu_world *world);
/* Nothing goes wrong any more: who hangs comes back. */
void world_lift_faults(struct vssemu_world *world);
/* The same for who is inside the service already, in a task. */
void world_lift_faults_inside(struct vssemu_world *world);
/* The same by itself, once, when everybody waits for ever and there are faults: a planned hang that
 * has no limit is no deadlock. With a virtual clock only. */
void world_lift_faults_in_need(struct vssemu_world *world);
void world_free_faults(struct vssemu_world *world); /* part of world_free */

/* Requesters that end without their last Release die as on Windows: their sessions are closed. */
void world_end_sessions(struct vssemu_world *world);
/* Waits until nothing is on its way and no backup lives, or the limit has passed. */
bool world_drain(struct vssemu_world *world, int64_t limit_ns);

/* The world that the calling thread has chosen, or NULL. */
struct vssemu_world *world_chosen(void);
/* The calling thread lives in this world from now on; NULL: in the process's. */
void world_use(struct vssemu_world *world);
