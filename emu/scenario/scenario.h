/* SPDX-License-Identifier: MIT */
/* A scenario: everything that decides a run, and what is expected of it, as plain data. Read from a
 * world file (scenario_read), made from options, drawn from a seed or decoded from bytes; always
 * this structure. A world is made from it by emu/setup/scenario_world; nothing here knows a world.
 *
 * Texts are UTF-8 and owned by the scenario; NULL is "not said" where a member does not say
 * otherwise. Paths of the host may be relative to `directory` (scenario_path). A zeroed scenario is
 * a virtual world with nothing in it. */
#pragma once

#include "emu/base/array.h"
#include "emu/doc/wmd.h"
#include "fakes/world/fault.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct scenario_texts {
    char **items;
    size_t count, capacity;
};

/* ---- volumes ---- */

struct scenario_file {
    char *path; /* below the volume's root, "data\a.txt"; with a backslash at its end a directory */
    char *text; /* NULL: `size` bytes made up from the path */
    size_t text_size; /* bytes of text, which may hold zeros and ends in one more */
    uint64_t size;    /* of a file whose text is NULL */
};

struct scenario_volume {
    char letter;     /* 'C'; 0: a volume without one */
    char *directory; /* of the host; NULL: in memory, with the files below */
    char *label;
    uint64_t size; /* bytes, as programs are told; 0: a terabyte */
    /* Where what its snapshots need is kept, and how much of it; 0: as the provider chooses. */
    char diff_area_on;
    uint64_t diff_area_maximum;
    ARRAY(struct scenario_file) files;
};

/* ---- writers ---- */

enum scenario_writer_kind {
    SCENARIO_WRITER_DOCUMENT, /* `document`, no XML on its way: the fast one */
    SCENARIO_WRITER_TEST,     /* text: path of a Test Writer file */
    SCENARIO_WRITER_TEST_XML, /* text: what would stand in one */
    SCENARIO_WRITER_METADATA, /* text: path of saved metadata documents */
    SCENARIO_WRITER_CATALOG,  /* text: a name of emu/doc/writer_catalog.h, or "windows" */
    SCENARIO_WRITER_CAST      /* text: a key of emu/scenario/cast.h; as fast as a document */
};

struct scenario_writer {
    enum scenario_writer_kind kind;
    char *text;                 /* NULL of a document */
    struct wmd *document;       /* a reference; shared by copies, so never changed: wmd_copy */
    int level;                  /* VSS_APPLICATION_LEVEL; of a document alone, as the next two */
    uint32_t freeze_timeout_ms; /* 0: the default */
    unsigned line;              /* of the file; 0: none */
};

/* ---- the machine ---- */

struct scenario_registry_value {
    char *key;  /* "HKLM\SOFTWARE\X" */
    char *name; /* "": the default value */
    char *text; /* as a .reg file has it behind the equals sign: "\"abc\"", "dword:00000001" */
};

/* Snapshots that are there when the run begins. */
struct scenario_snapshot {
    struct scenario_texts volumes; /* "C:" */
    char *context;                 /* "NAS_ROLLBACK"; NULL: that */
    uint32_t count;                /* so many of them, one after the other; 0 is 1 */
};

/* ---- who asks for backups ---- */

enum scenario_requester_kind {
    SCENARIO_REQUESTER_NONE,   /* the program's own; for a writer the built-in one, every
                                  component */
    SCENARIO_REQUESTER_STEPS,  /* `steps`, without a program the scenario runs inline */
    SCENARIO_REQUESTER_BETEST, /* what the BETest file `betest` chooses */
};

struct scenario_step {
    char *text;    /* "DoSnapshotSet -> VSS_E_HOLD_WRITES_TIMEOUT": emu/scenario/step.h */
    unsigned line; /* of the file; 0: none */
};

/* ---- what is expected ---- */

enum expectation_kind {
    EXPECT_RESULT,   /* subject: a call ("DoSnapshotSet"); values: the results, in order; one value
                          means the last */
    EXPECT_STATUS,   /* subject: a writer; values: state and failure as the last GatherWriterStatus
                          showed them: "FAILED_AT_FREEZE", "VSS_E_WRITERERROR_TIMEOUT" */
    EXPECT_STATE,    /* subject: a writer; value: its state at the end */
    EXPECT_EVENTS,   /* subject: a writer; values: its events in order; "!" behind a failed one */
    EXPECT_ORDER,    /* values: "Sql Freeze", "Mail Freeze": each before the next */
    EXPECT_FINDINGS, /* values: the rules that are broken and no others; none: no values */
    EXPECT_LOG,      /* values: "VSS 8229 VSS_E_WRITERERROR_TIMEOUT": each is there */
    EXPECT_NO_LOG,   /* values: none of them is there */
    EXPECT_FILE,  /* subject: "C:\a.txt"; value: its text at the end; no value: it is not there */
    EXPECT_COPY,  /* the same in the newest snapshot, while there is one */
    EXPECT_TRACE, /* values: patterns (* ?), each of which a record's line matches */
    EXPECT_NO_TRACE, /* values: patterns that no record matches */
    EXPECT_CHECK,    /* values: commands that the files of each set and each restore have to pass
                        (emu/host/host_check); not judged by the trace */
    EXPECT_EXIT,     /* value: the exit code of the program */
    EXPECT_UNFIRED,  /* value: text of a fault that may stay unfired; without this all must fire */
    N_EXPECTATION_KINDS
};

struct expectation {
    enum expectation_kind kind;
    char *subject;
    struct scenario_texts values;
    unsigned line; /* of the file; 0: none */
};

/* ---- all of it ---- */

struct scenario {
    char *name;      /* "W05": what reports call it */
    char *catalogue; /* the row of the failure catalogue that it shows */
    char *about;     /* a sentence for readers */
    char *path;      /* the file that it was read from */
    char *directory; /* what relative paths are relative to; NULL: the current one */

    bool is_real_clock;
    bool has_seed;
    uint64_t seed;  /* without has_seed: 1 */
    char *schedule; /* how threads are picked: the text behind --schedule */
    bool is_fine;

    char *windows;                 /* "2016" */
    struct scenario_texts choices; /* "writer_veto=fail-set" */
    char *caller;                  /* "administrator", "backup-operator", "user" */
    uint64_t document_limit;       /* 0: none */
    bool is_strict, is_strict_api;
    bool is_service;                                    /* the service manager starts the program */
    char *service;                                      /* as this one */
    int64_t transaction_freeze_ns, transaction_thaw_ns; /* of the machine's transaction managers */

    ARRAY(struct scenario_volume) volumes;
    ARRAY(struct scenario_writer) writers;
    struct scenario_texts providers;      /* "FILE.so,class={...}" */
    struct scenario_texts registry_files; /* .reg */
    ARRAY(struct scenario_registry_value) registry;
    ARRAY(struct scenario_snapshot) snapshots;
    ARRAY(struct fault) faults;

    enum scenario_requester_kind requester;
    ARRAY(struct scenario_step) steps;
    char *betest;                  /* path; NULL with SCENARIO_REQUESTER_BETEST: everything */
    struct scenario_texts program; /* argv; none: inline, or the command line's */

    ARRAY(struct expectation) expectations;
};

struct scenario *scenario_new(void); /* never NULL */
void scenario_free(struct scenario *scenario);
void scenario_fini(struct scenario *scenario); /* the content; the struct stays, zeroed */
void scenario_copy(const struct scenario *from, struct scenario *to); /* to is uninitialised */

/* What an item of one of its lists holds; for who takes the item out of the list. */
void scenario_file_fini(struct scenario_file *file);
void scenario_volume_fini(struct scenario_volume *volume);
void scenario_writer_fini(struct scenario_writer *writer);
void scenario_snapshot_fini(struct scenario_snapshot *snapshot);

#define auto_scenario __attribute__((cleanup(scenario_fini)))

/* ---- making one; texts are copied ---- */

struct scenario_volume *scenario_add_volume(struct scenario *scenario, char letter);
/* text NULL: a file of `size` bytes. Answers the file, valid until the next addition. */
struct scenario_file *scenario_add_file(struct scenario_volume *volume, const char *path,
                                        const char *text, uint64_t size);
/* A writer of a document: takes the reference. */
struct scenario_writer *scenario_add_document(struct scenario *scenario, struct wmd *take_wmd);
struct scenario_writer *scenario_add_writer(struct scenario *scenario,
                                            enum scenario_writer_kind kind, const char *text);
/* Makes the requester one of steps. */
void scenario_add_step(struct scenario *scenario, const char *text);
/* As fakes/world/fault.h writes it. False: *ret_error gets a sentence; the caller frees. */
bool scenario_add_fault(struct scenario *scenario, const char *text, char **ret_error);
struct expectation *scenario_expect(struct scenario *scenario, enum expectation_kind kind,
                                    const char *subject, const char *value);

void scenario_texts_add(struct scenario_texts *texts, const char *text);
void scenario_texts_copy(const struct scenario_texts *from, struct scenario_texts *to);
void scenario_texts_free(struct scenario_texts *texts);

/* ---- questions ---- */

/* No program of a user takes part. */
static inline bool scenario_is_inline(const struct scenario *scenario)
{
    return !scenario->program.count;
}

/* The commands of its `check`; NULL and 0: none. Owned by the scenario. */
const char *const *scenario_checks(const struct scenario *scenario, size_t *ret_n);

/* A path of the host that stands in it, as one that can be opened; the caller frees. */
char *scenario_path(const struct scenario *scenario, const char *path);
