/* SPDX-License-Identifier: MIT */
/* PUBLIC. A world of one's own inside a test: volumes, writers, a seeded clock, a requester that
 * runs to an event or to the end, and questions about what happened. From C and C++; the test
 * program links libvssapi and needs no launcher (examples/test_my_writer.c).
 *
 *   struct vssemu_world *w = vssemu_world_new(NULL);        // virtual clock, seed 1
 *   vssemu_add_volume(w, "C:", NULL);                       // in memory
 *   vssemu_file_write(w, "C:\\data\\a.txt", "hello", 5);
 *   ... make a writer: vssemu_writer_new() or a class derived from CVssWriter ...
 *   assert(vssemu_backup(w, VSSEMU_FREEZE) == S_OK);        // everybody is frozen now
 *   assert(vssemu_backup(w, VSSEMU_END) == S_OK);
 *   puts(vssemu_writer_events(w, "My Writer"));             // "Identify PrepareForBackup ..."
 *   vssemu_world_free(w);
 *
 * Texts are UTF-8. Texts answered belong to the world and stay until the next call of the same
 * function. A world belongs to the thread that made it. */
#pragma once

#ifdef VSSEMU_FORCED /* compiled by the drivers: their headers */
#include <vsbackup.h>
#include <vsprov.h>
#include <vswriter.h>
#else
#include "emu/include/vsbackup.h"
#include "emu/include/vsprov.h"
#include "emu/include/vswriter.h"
#endif

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct vssemu_world;

struct vssemu_options {
    uint64_t seed;       /* identifiers, choices and order of threads follow from it */
    bool real_clock;     /* false: time passes only when everybody waits */
    bool keeps_no_trace; /* for long runs: vssemu_trace, vssemu_writer_events know nothing */
    /* How the seed orders threads (docs/virtual-time.md): "random", "pct:3", "bounded:2", "mix".
     * NULL: random. */
    const char *schedule;
    bool
        fine; /* with code that the drivers compiled with -fvssemu-fine: at each access to memory */
};

/* NULL: seed 1, virtual clock. The calling thread lives in the new world from now on. Never
 * NULL. */
struct vssemu_world *vssemu_world_new(const struct vssemu_options *options);
/* Ends a backup that is open, waits for what is on its way, frees everything. The test's own
 * writers are freed or unsubscribed before. Answers how many COM objects were never released (0 is
 * good). */
unsigned vssemu_world_free(struct vssemu_world *world);
/* The calling thread lives in this world; NULL: in the process's. */
void vssemu_world_use(struct vssemu_world *world);

/* Why the last function that answered false did so. */
const char *vssemu_error(struct vssemu_world *world);

/* name "C:", or NULL for a volume without a letter; directory NULL: in memory. Before the first
 * requester comes. */
bool vssemu_add_volume(struct vssemu_world *world, const char *name, const char *directory);
/* A simulated writer from a Test Writer configuration: a file, or its text. */
bool vssemu_add_writer_file(struct vssemu_world *world, const char *path);
bool vssemu_add_writer_xml(struct vssemu_world *world, const char *xml);
/* A writer that is what a Writer Metadata Document says, as a backup has saved it, and agrees with
 * every event: a file, or its text in UTF-8; several where the file holds several. Volumes that it
 * names and the world lacks are added in memory, and what it lists is made up there
 * (docs/simulated-writers.md). */
bool vssemu_add_writer_metadata(struct vssemu_world *world, const char *path);
bool vssemu_add_writer_metadata_xml(struct vssemu_world *world, const char *xml);
/* One of Windows' own writers, by name or key ("Registry Writer", "registry"; `vssemu writers`
 * lists them), or "windows": all of an idle machine. */
bool vssemu_add_catalog_writer(struct vssemu_world *world, const char *name);

/* All that a world file says of volumes, writers, registry, machine, snapshots and faults
 * (docs/world-file.md), added to the world: a file, or its text. Clock, seed and schedule are the
 * world's own, steps and expectations those of vssemu_play. Before the first requester comes.
 * False: vssemu_error has file, line, column and what is wrong. */
bool vssemu_world_load(struct vssemu_world *world, const char *path);
bool vssemu_world_load_text(struct vssemu_world *world, const char *text);
/* Plays steps as a world file has them, a line each: a requester of its own, which ends with them.
 * False: one did not end as it should; vssemu_error says which and what came. */
bool vssemu_play(struct vssemu_world *world, const char *steps);

/* Files of the world, by Windows path: of a volume, or of a snapshot's device. Directories above a
 * written file are made. */
bool vssemu_file_write(struct vssemu_world *world, const char *path, const void *data, size_t size);
/* *ret_data is zero-terminated behind its size; the caller frees with free(). */
bool vssemu_file_read(struct vssemu_world *world, const char *path, void **ret_data,
                      size_t *ret_size);
bool vssemu_file_delete(struct vssemu_world *world, const char *path);

/* How far a requester goes: until this event has been answered by every writer. */
enum vssemu_until {
    VSSEMU_IDENTIFY,
    VSSEMU_PREPARE_BACKUP,
    VSSEMU_PREPARE_SNAPSHOT,
    VSSEMU_FREEZE,
    VSSEMU_THAW,
    VSSEMU_POST_SNAPSHOT, /* DoSnapshotSet has finished */
    VSSEMU_BACKUP_COMPLETE,
    VSSEMU_END,         /* released: BackupShutdown has been answered */
    VSSEMU_PRE_RESTORE, /* for vssemu_restore */
    VSSEMU_POST_RESTORE
};

/* The built-in requester: component mode, every component, every volume, full backup. Goes on where
 * the call before stopped. Answers the first failure of its calls and operations (a writer's veto
 * is none, as on Windows), then S_OK. */
HRESULT vssemu_backup(struct vssemu_world *world, enum vssemu_until until);
/* A restore of everything that the last backup chose, without the copying of files, which is the
 * test's. */
HRESULT vssemu_restore(struct vssemu_world *world, enum vssemu_until until);
/* Drops the session that is open, as a requester that dies. */
void vssemu_requester_dies(struct vssemu_world *world);

/* Makes a persistent set as an earlier requester has left it: "C:[,D:...][,context=NAME][,writers]
 * [,then=[C:=]DIR]", docs/earlier-snapshots.md. *ret_set_id (may be NULL) gets its id. No backup of
 * vssemu_backup may be open. */
bool vssemu_make_snapshots(struct vssemu_world *world, const char *what, VSS_ID *ret_set_id);

/* "\\?\GLOBALROOT\Device\HarddiskVolumeShadowCopy1" of the newest snapshot of a volume, or NULL. */
const char *vssemu_snapshot_device(struct vssemu_world *world, const char *volume_name);

/* A writer by name, as the requester last saw it. VSS_WS_UNKNOWN: no such writer. */
VSS_WRITER_STATE vssemu_writer_state(struct vssemu_world *world, const char *writer_name);
HRESULT vssemu_writer_failure(struct vssemu_world *world, const char *writer_name);
/* The events that a writer has answered, in order: "Identify PrepareForBackup Freeze!"; a mark
 * stands behind one that it failed. "" if none. */
const char *vssemu_writer_events(struct vssemu_world *world, const char *writer_name);
/* Everything that happened, a line each: time, who, what, states, result. */
const char *vssemu_trace(struct vssemu_world *world);

/* ---- the machine ---- */

/* Who the callers are, as far as Windows asks for rights; at first an administrator. */
enum vssemu_caller { VSSEMU_ADMINISTRATOR, VSSEMU_BACKUP_OPERATOR, VSSEMU_USER };
void vssemu_set_caller(struct vssemu_world *world, enum vssemu_caller caller);
/* The account that they have, "ACME\\backup", at most 127 bytes; NULL: the one of their rank
 * ("VSSEMU\\Administrator", "VSSEMU\\Operator", "VSSEMU\\User"). What the registry key
 * VssAccessControl says of it counts once this or vssemu_set_caller has been called. */
void vssemu_set_caller_account(struct vssemu_world *world, const char *account);

/* What can befall a call, where the call's page knows of it. */
enum vssemu_condition {
    VSSEMU_LOW_MEMORY,       /* E_OUTOFMEMORY */
    VSSEMU_DAMAGED_DOCUMENT, /* VSS_E_INVALID_XML_DOCUMENT */
    VSSEMU_INTERNAL_ERROR,   /* VSS_E_UNEXPECTED, or E_FAIL where the page says so */
    VSSEMU_NO_MESSAGES,      /* writers cannot be reached: VSS_E_WRITER_INFRASTRUCTURE, or
                              * VSS_E_UNEXPECTED_WRITER_ERROR where the page says so */
    VSSEMU_SAFE_MODE         /* writers are not initialised: S_FALSE */
};
#define VSSEMU_ALWAYS UINT32_MAX
/* The nth call (from 1) from now on that knows the condition meets it, once; VSSEMU_ALWAYS: each
 * does, until 0 takes the plan back. method ("IVssBackupComponents::AddComponent",
 * "CreateVssBackupComponents") NULL: whichever call. A newer plan for a condition replaces the
 * older one. False: no method of that name, or its page does not know the condition. */
bool vssemu_plan_condition(struct vssemu_world *world, enum vssemu_condition condition,
                           const char *method, uint32_t nth);

/* How Windows versions and documents differ (`vssemu states choices`, docs/deviations.md): all at
 * once ("2003", "2008r2", "2012r2", "2016", "2022"), and one by one. */
bool vssemu_set_windows(struct vssemu_world *world, const char *version);
bool vssemu_set_choice(struct vssemu_world *world, const char *name, const char *value);

/* The largest metadata document of a writer, in bytes of XML; 0, as at first: any. A writer whose
 * document is larger is on no list, and the log says that it is too long, as on Windows. */
void vssemu_set_document_limit(struct vssemu_world *world, size_t bytes);

/* The Application log, a line each: source, number, level, the code inside (- when none) and the
 * description with its operation and context: "VSS 8229 Warning VSS_E_WRITERERROR_TIMEOUT ...". */
const char *vssemu_event_log(struct vssemu_world *world);
/* How many entries of a number there are (0: of all) from the source "VSS" or "Volsnap". */
unsigned vssemu_event_count(struct vssemu_world *world, const char *source, unsigned number);

/* ---- the registry (docs/windows-system.md) ---- */

/* Keys are named whole, "HKEY_LOCAL_MACHINE\\SOFTWARE\\X" or "HKLM\\SOFTWARE\\X", in any case; a
 * value's name NULL or "" is the default one. What a .reg file says, or its text in UTF-8; false:
 * vssemu_error has file, line and what is wrong. */
bool vssemu_registry_load(struct vssemu_world *world, const char *path);
bool vssemu_registry_load_text(struct vssemu_world *world, const char *text);
/* Sets a value, in a key that is made where it is missing. The second sets REG_SZ. */
bool vssemu_registry_set(struct vssemu_world *world, const char *key, const char *name, DWORD type,
                         const void *data, size_t size);
bool vssemu_registry_set_text(struct vssemu_world *world, const char *key, const char *name,
                              const char *text);
/* False: no such key or value. *ret_data: texts are UTF-16 with their zero; the caller frees with
 * free(). */
bool vssemu_registry_get(struct vssemu_world *world, const char *key, const char *name,
                         DWORD *ret_type, void **ret_data, size_t *ret_size);
/* NULL: no such value, or neither REG_SZ nor REG_EXPAND_SZ (whose variables are replaced). */
const char *vssemu_registry_get_text(struct vssemu_world *world, const char *key, const char *name);
/* A key with all below it. False: there is none. */
bool vssemu_registry_delete(struct vssemu_world *world, const char *key);
/* All of it as a .reg text. */
const char *vssemu_registry_text(struct vssemu_world *world);

/* ---- faults: what is planned to go wrong (docs/faults.md, `vssemu states faults`) ---- */

/* From now on, as a line of words says it; who, where, the how manieth time from now, what:
 *
 *   vssemu_add_fault(w, "writer=SqlServerWriter event=Freeze nth=2 do=hang");
 *   vssemu_add_fault(w, "writer=* event=Thaw do=fail code=VSS_E_WRITERERROR_RETRYABLE");
 *   vssemu_add_fault(w, "provider=* call=CommitSnapshots do=delay for=11s");
 *   vssemu_add_fault(w, "volume=C: op=write nth=100 do=fail code=EIO");
 *   vssemu_add_fault(w, "volume=C: at=1m do=vanish");
 *   vssemu_add_fault(w, "machine call=AddToSnapshotSet do=low-memory");
 *
 * A crash or death of a writer of the test's own is played: its events are answered as if its
 * process were gone, the test goes on. False: vssemu_error says what is wrong with the line. */
bool vssemu_add_fault(struct vssemu_world *world, const char *text);
size_t vssemu_fault_count(struct vssemu_world *world);
/* How often fault i, in the order in which they were added, has happened. */
unsigned vssemu_fault_fired(struct vssemu_world *world, size_t i);
/* A line for each fault that has not happened, with how often its place was met; "" when there are
 * none: a test that planned a fault wants that. */
const char *vssemu_unfired_faults(struct vssemu_world *world);

/* ---- findings: rules of the documentation that were broken, docs/findings.md ---- */

struct vssemu_finding {
    const char *rule;                /* "backup-complete-missing" */
    const char *level;               /* "must", "should" */
    const char *who, *call, *object; /* "" for none */
    const char *page;
    int64_t time_ms; /* the first time */
    unsigned count;
};

/* How often a rule was broken; NULL: all rules of level must together. 0 for a rule that is not
 * there. */
unsigned vssemu_finding_count(struct vssemu_world *world, const char *rule);
/* Finding i in the order of the first time; its texts live as long as the world. False: there are
 * not so many. */
bool vssemu_finding(struct vssemu_world *world, unsigned i, struct vssemu_finding *ret_finding);
/* A line each: "must backup-complete-missing requester Release: ...". "" when there are none. */
const char *vssemu_findings(struct vssemu_world *world);
/* From now on a broken rule of level must is the documented error to the call that breaks it, where
 * there is one. */
void vssemu_set_strict_api(struct vssemu_world *world, bool is_strict);
/* The program has given back everything now: what it still holds (objects, texts) and persistent
 * snapshots that it made and left become findings. Answers how many. */
unsigned vssemu_find_leaks(struct vssemu_world *world);

/* ---- providers and disks ---- */

/* A snapshot provider of the test's own. object also answers QueryInterface for
 * IVssProviderCreateSnapshotSet. It is called on threads of its own, several at a time, with COM
 * initialised; its calls may take time, except IVssHardwareSnapshotProviderEx::ResyncLuns and its
 * IVssAsync, which are asked in the middle of the service. A provider with a class is registered
 * with IVssAdmin (vsadmin.h) instead, docs/providers.md. */
struct vssemu_provider {
    VSS_ID id, version_id, class_id;
    const char *name, *version;
    VSS_PROVIDER_TYPE type; /* VSS_PROV_SOFTWARE or VSS_PROV_HARDWARE */
    IVssSoftwareSnapshotProvider *object;
};
/* Holds a reference on the object until the world ends. False: an id that is there already. */
bool vssemu_add_provider(struct vssemu_world *world, const struct vssemu_provider *provider);
/* It is no longer registered; the snapshots that it has made stay known. False: no such id. */
bool vssemu_remove_provider(struct vssemu_world *world, const VSS_ID *id);

/* What a volume can be slow at, or fail in. */
enum vssemu_volume_operation {
    VSSEMU_VOLUME_FLUSH,
    VSSEMU_VOLUME_HOLD,
    VSSEMU_VOLUME_COMMIT,
    VSSEMU_VOLUME_DELETE, /* of a snapshot */
    VSSEMU_VOLUME_REVERT
};
/* The next such operation of the volume ("C:") answers delay_ms later, with the error (an errno
 * such as ENOSPC) or, for 0, as ever. False: no such volume, or a delay of commit or delete. */
bool vssemu_plan_volume_fault(struct vssemu_world *world, const char *volume_name,
                              enum vssemu_volume_operation operation, int64_t delay_ms, int error);
/* Where what the volume's snapshots need is kept ("C:", "D:"), and how many bytes at most (-1: no
 * limit): as IVssDifferentialSoftwareSnapshotMgmt does it, but also less than Windows allows. When
 * the room is used up the oldest snapshots go. False: no such volume. */
bool vssemu_set_diff_area(struct vssemu_world *world, const char *volume_name, const char *on,
                          int64_t maximum);
/* How large programs are told that the volume is; at first a terabyte. Half of it is free. */
bool vssemu_set_volume_size(struct vssemu_world *world, const char *volume_name, int64_t bytes);
/* How long the transaction managers of the machine take to freeze and to thaw; at first no time.
 * After 60 s the creation fails. */
void vssemu_set_transaction_times(struct vssemu_world *world, int64_t freeze_ms, int64_t thaw_ms);
/* Lists a writer class in the registry value WritersBlockingRevert. */
void vssemu_block_revert(struct vssemu_world *world, const VSS_ID *writer_class);

/* ---- threads (docs/virtual-time.md) ---- */

/* Here another thread may have its turn; for code that shares data without calling anything. */
void vssemu_switch_point(void);
/* How often threads of the world came by where another one could have its turn: what "length="
 * of a schedule means. */
uint64_t vssemu_switch_points(struct vssemu_world *world);
/* ---- for fuzzers ---- */

/* One run of a cast, a schedule and faults that the bytes say (docs/search.md), in a world of its
 * own on the calling thread: the body of a libFuzzer target or of AFL++'s persistent loop. A run
 * that was not as it must always be says so on standard error and aborts. Any bytes will do; -1: no
 * world can be made of them, do not keep them. `vssemu scenario from-bytes` shows what bytes
 * mean. */
int vssemu_fuzz_one(const uint8_t *data, size_t size);
/* The same with a requester of the user's own: it is called once, on the calling thread, in the
 * plan's world (its writers, volumes, faults, schedule), and answers what its process would leave
 * with: 0 done, 1 failed and said so. What the search calls a failure of a program
 * (docs/search.md) is said on standard error and aborts: a broken rule, a false success, another
 * code, a snapshot or object left behind, a deadlock, a day of its clock without an end.
 *
 * The function is called thousands of times in one process, as if each were a process of its own:
 * it keeps nothing in statics, leaves by returning, and its threads have ended by then. Whether COM
 * and its security are initialised is forgotten before each call. A plan's steps and its faults of
 * the requester (whose process would die) are left out. Any bytes will do; -1: no world can be made
 * of them. One call at a time in a process. */
int vssemu_fuzz_requester(const uint8_t *data, size_t size, int (*requester)(void *arg), void *arg);

/* Lets the world's time pass. */
void vssemu_run_for(struct vssemu_world *world, int64_t ms);
int64_t vssemu_now_ms(struct vssemu_world *world);

/* C++ needs the name of a state or code in a message, too. */
const char *vssemu_state_name(VSS_WRITER_STATE state);
const char *vssemu_result_name(HRESULT result);

#ifdef __cplusplus
}
#endif
