/* SPDX-License-Identifier: MIT */
/* What a run consists of: the scene, and the program that is set into it. Filled in by a command,
 * read by launch. All texts and arrays are the command's. */
#pragma once

#include "emu/cli/launch_tool.h"
#include "emu/cli/step_prompt.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct scenario;
struct snapshot_spec;
struct trace_record;

#define LAUNCH_MAX_VOLUMES 26
#define LAUNCH_MAX_CHECKS  16

struct launch_volume {
    char letter;            /* 'C' */
    const char *directory;  /* absolute, of the host */
    const char *mount_path; /* an existing empty directory to mount at; NULL: one is made */
};

struct launch_plan {
    struct launch_volume volumes[LAUNCH_MAX_VOLUMES];
    size_t n_volumes;
    bool is_mounted;
    const char *const *writers; /* absolute paths of Test Writer files */
    size_t n_writers;
    const char *const *writer_metadata; /* absolute paths of Writer Metadata Documents */
    size_t n_writer_metadata;
    const char *const *catalog_writers; /* keys or names of writer_catalog.h */
    size_t n_catalog_writers;
    const char *const *registry_files; /* absolute paths of .reg files, in this order */
    size_t n_registry_files;
    bool is_service;          /* the service manager starts the program */
    const char *service;      /* as this one; NULL: whichever */
    const char *registry_out; /* absolute; where the registry goes at the end; NULL: nowhere */
    size_t document_limit;    /* of a writer's metadata, bytes of XML; 0: none */
    bool has_requester;       /* --requester was given: requester is its file */
    const char *requester;
    bool is_virtual;
    bool has_clock; /* the command line says which */
    uint64_t seed;
    bool is_preloaded;            /* the program does not link libvssapi */
    bool is_fine;                 /* accesses to memory are switch points */
    int64_t watchdog_ns;          /* real time for a thread that keeps its turn; 0: any */
    const char *schedule;         /* checked text of vsched_schedule.h; NULL: random */
    const char *windows;          /* the version that decides choices; NULL: the newest */
    const char *const *providers; /* "/abs/provider.so,class={...}" */
    size_t n_providers;
    const struct snapshot_spec *snapshots; /* made before the program, in this order */
    size_t n_snapshots;
    const char *const *choices; /* "name=value", checked */
    size_t n_choices;
    const char *const *faults; /* texts as fault_text writes them */
    size_t n_faults;
    const char *recorded_world; /* JSON of trace_world.h that says all but the volumes; or NULL */
    const char *trace_path;     /* NULL: the trace is not kept */
    bool keeps_volumes;         /* and what was on the volumes before, beside it */
    bool is_strict;             /* a must-level finding fails the run */
    bool is_strict_api;         /* and is the documented error to the call at once */
    const char *findings_path;  /* JSON; NULL: not kept */
    bool shows_log;             /* the Application log, at the end */
    const char *log_path;       /* JSON; NULL: not kept */
    FILE *protocol;             /* where lines for people go as they happen; NULL: nowhere */
    bool has_colours;           /* in them */
    enum launch_tool tool;      /* under which it runs */
    const char *tool_options;   /* NULL: none */
    struct launch_step step;    /* --step */
    const char *world;          /* absolute path of a world file, read by the process; NULL: none */
    const struct scenario *scenario;       /* what stands in it; NULL: none */
    const char *checks[LAUNCH_MAX_CHECKS]; /* commands that snapshots have to pass */
    size_t n_checks;
    int64_t check_limit_ms; /* of real time, for each; 0: HOST_CHECK_LIMIT_MS */
    const char *check_into; /* absolute: where they are laid out (emu/setup/look.h) for it */
    bool plays_steps;       /* its steps are the requester of a writer program */
    char *const *argv;      /* the program and its arguments, NULL at the end */
};
