/* SPDX-License-Identifier: MIT */
/* What the launcher tells a program about its world: the environment variable VSSEMU_WORLD, JSON:
 *
 *   {"clock": "real" | "virtual", "seed": N,
 *    "volumes": [{"name": "C:", "dir": "/abs", "mount": "/abs/mnt" | null,
 *                 "control_fd": N | null}],
 *    "writers": ["/abs/test-writer.xml"],
 *    "requester": null | {"betest": "/abs/file.xml" | null} | {"replay": "/abs/trace.jsonl"} |
 *        {"steps": true},
 *    "trace_fd": N | null,
 *    and where given: "providers": ["/abs/provider.so,class={...}"],
 *    "recorded_writers": [{"file": "/abs/metadata.xml", "level": N, "freeze_timeout_ms": N,
 *                          "answers": "/abs/records.jsonl" | null}] (replay_writer.h),
 *    "writer_metadata": ["/abs/metadata.xml"], "catalog_writers": ["registry"],
 *    "document_limit": N, "strict_api": true, "windows": "2016",
 *    "choices": ["writer_veto=fail-set"], "registry": ["/abs/keys.reg"],
 *    "trace_block": {"fd": N, "size": BYTES} (memory for records, emu/trace/trace_block.h),
 *    "search": true (seed, schedule, steps, more volumes, writers and faults are in a plan,
 *                    emu/search/plan.h, which comes by emu/port/fork_wire.h),
 *    "check_into": "/abs/directory" (where the search looks at snapshots, look.h),
 *    "registry_out": "/abs/end.reg", "faults": ["writer=Sql event=Freeze do=hang"],
 *    "schedule": "pct:3" (fakes/world/vsched_schedule.h), "watchdog_ns": N (0: off), "fine": true,
 *    "step": {"fd": N, "until": ["Freeze"]},
 *    "life": {"number": N, "begins_ns": N, "past": ["writer=Sql at=1s do=die for=9s"]} (the program
 *        is started again: the world begins then, without these faults and earlier snapshots),
 *    "world": "/abs/world.yaml" (everything else that it says; here stands what differs),
 *    "objects": "/proc/N/fd/M" (memory of the run's named objects),
 *    "service": {"name": "MyService" | null},
 *    "snapshots": [{"volumes": ["C:"], "context": "nas_rollback", "label": "old" | null,
 *                   "then": [{"name": "C:", "dir": "/abs"}]}] (in this order, before the program)}
 *
 * A program that a program of the world starts (CreateProcess) gets one without writers, requester,
 * trace and providers, on the real clock, whose volumes are "borrowed": true.
 */
#pragma once

#include "emu/base/array.h"
#include "emu/setup/snapshot_spec.h"

#include <stdbool.h>
#include <stdint.h>

#define DESCRIPTION_VARIABLE "VSSEMU_WORLD"

struct volume_description {
    char letter;
    char *directory; /* owned */
    char *mount;     /* NULL: not mounted */
    int control_fd;  /* -1: none */
    bool is_borrowed;
};

/* A writer that a trace has recorded: its document, and what that does not say. Owned. */
struct recorded_writer {
    char *path, *answers; /* answers NULL: it says nothing of its components */
    int level;
    uint32_t freeze_timeout_ms;
};

struct description {
    bool is_virtual;
    uint64_t seed;
    ARRAY(struct volume_description) volumes;
    ARRAY(char *) writers;
    ARRAY(char *) writer_metadata; /* paths */
    bool has_recorded_writers;     /* perhaps none; instead of all that the world file has */
    ARRAY(struct recorded_writer) recorded_writers;
    ARRAY(char *) catalog_writers; /* names or keys */
    size_t document_limit;         /* 0: none */
    char *world;                   /* path of a world file; NULL: none */
    bool has_requester;
    bool plays_steps;   /* the requester is the world file's steps */
    char *betest;       /* NULL: every component */
    char *replay;       /* a trace whose requester is followed instead; NULL: none */
    int trace_fd;       /* -1: none */
    int trace_block_fd; /* -1: none */
    size_t trace_block_size;
    bool is_searched; /* there is a plan as well */
    char *check_into; /* a directory, see look.h; NULL: none */
    bool is_strict_api;
    char *windows; /* NULL: the newest version */
    ARRAY(char *) choices;
    bool is_service;
    char *service;           /* its name; NULL: whichever */
    ARRAY(char *) providers; /* PATH[,class={CLSID}]...; see provider_file.h */
    ARRAY(char *) registry;  /* paths of .reg files */
    char *objects;           /* a file of shared memory; NULL: names are this process's */
    char *registry_out;      /* NULL: not kept */
    int step_fd;             /* stepper.h; -1: nobody steps */
    ARRAY(char *) step_until;
    ARRAY(char *) faults; /* texts of fakes/world/fault.h */
    unsigned life;        /* how often the program was started before */
    int64_t begins_ns;
    ARRAY(char *) past_faults; /* texts of those that have happened */
    char *schedule;            /* NULL: random */
    ARRAY(struct snapshot_spec) snapshots;
    bool is_fine;        /* accesses to memory are switch points */
    int64_t watchdog_ns; /* real time for a thread that keeps its turn; 0: any */
};

/* *ret_error gets a sentence on failure; the caller frees. */
bool description_parse(const char *json, struct description *ret, char **ret_error);
/* What a child of that process is told; the caller frees. */
char *description_for_child(const struct description *description);
void description_fini(struct description *description);
