/* SPDX-License-Identifier: MIT */
/* The service: who takes part (writers, providers, volumes), which snapshots exist, who is creating
 * one right now. One for each world. Everything in emu/svc is called inside the service (port
 * sched) and blocks nowhere; what takes time ends by calling back. */
#pragma once

#include "emu/base/array.h"
#include "emu/base/list.h"
#include "emu/com/guid.h"
#include "emu/port/clock.h"
#include "emu/port/random.h"
#include "emu/port/sched.h"
#include "emu/port/trace.h"
#include "emu/port/world.h"
#include "emu/lint/lint.h"
#include "emu/proto/choices.h"
#include "emu/proto/writer_rules.h"
#include "emu/svc/machine.h"

struct backup;
struct provider;
struct volume;

struct service {
    struct world_ports *ports; /* borrowed */
    struct choices choices;
    struct machine machine;
    struct lint lint;
    struct list writers;                /* struct writer, in the order of subscription */
    ARRAY(struct provider *) providers; /* owned */
    struct list snapshots;              /* struct snapshot, finished ones */
    struct list backups;                /* struct backup, all that live */
    size_t document_limit;              /* bytes of a writer's metadata as XML; 0: none */
    struct list late_releases;          /* struct late_release: auto-release sets to go later */
    struct list reverts;                /* struct revert, those that run */
    ARRAY(VSS_ID) revert_blockers;      /* writer classes (registry: WritersBlockingRevert) */
    int64_t transaction_freeze_ms, transaction_thaw_ms; /* of the machine's transaction managers */
    struct backup *creating; /* holds the machine-wide creation lock, or NULL */
    /* A phase that is to be the last for now: the runner stops behind it (phase_runner_resume). */
    enum writer_event pause_after; /* N_WRITER_EVENTS: never */
    struct sched_task idle_timer;  /* runs while no backup lives */
    unsigned n_sessions;           /* backups that were made: each has a number in the trace */
    uint32_t history; /* of the volumes, when the first identifier was drawn; 0: they are new */
    bool has_history;
    unsigned n_unfinished; /* deliveries and requests that have not come back */
};

void service_init(struct service *service, struct world_ports *ports);
void service_fini(struct service *service); /* no backup may live */

/* Finds a volume by any of its names with its trailing backslash: "C:\", "\\?\Volume{...}\", the
 * folder at which it is mounted. NULL when there is none (Windows: a letter without backslash is
 * none). */
struct volume *service_find_volume(struct service *service, const char *name);

/* The volume mounted at the last such folder that the path leads through, or NULL; *ret_length: how
 * many bytes name the folder. */
struct volume *service_mounted_at(struct service *service, const char *path, size_t *ret_length);

/* Windows: 3 minutes after the last backup has gone the service stops and says so (8224). */
#define SERVICE_IDLE_MS 180000
void service_is_busy(struct service *service);  /* a backup begins */
void service_may_idle(struct service *service); /* one has gone */

/* Whether everything that was sent has come back and no backup lives. */
bool service_is_idle(struct service *service);

/* An identifier that a seed repeats, but never on the same volumes: what happened on them before
 * counts, too. For snapshots and sets. */
VSS_ID service_new_id(struct service *service);

/* Writes a record stamped with the world's time. */
void service_trace(struct service *service, const struct trace_record *record);
