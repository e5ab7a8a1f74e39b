/* SPDX-License-Identifier: MIT */
/* What a requester has read of a snapshot against what it reported (emu/setup/copy_watch): a file
 * that a component demands and that was not read to its end is told. */
#include "tests/support/cmocka_vss.h"

#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/include/vssemu.h"
#include "emu/scenario/scenario.h"
#include "emu/search/judge.h"
#include "emu/setup/copy_watch.h"
#include "emu/setup/scenario_run.h"
#include "emu/setup/scenario_world.h"
#include "emu/setup/trace_memory.h"

#include <string.h>

#define MADE                                                                              \
    "CreateVssBackupComponents", "InitializeForBackup", "SetBackupState full",            \
        "GatherWriterMetadata", "AddComponent all", "StartSnapshotSet",                   \
        "AddToSnapshotSet C:", "PrepareForBackup", "GatherWriterStatus", "DoSnapshotSet", \
        "GatherWriterStatus"
#define ENDED "BackupComplete", "Release"

/* The files that were told as unread, "path (component)" each. */
static char *unread(const char *member, const char *const *steps)
{
    struct vssemu_world *w = vssemu_world_new(NULL);
    auto_scenario struct scenario s = { 0 };
    struct str told = { 0 };
    char *error = NULL;

    scenario_add_volume(&s, 'C');
    scenario_add_writer(&s, SCENARIO_WRITER_CAST, member);
    for (; *steps; steps++)
        scenario_add_step(&s, *steps);
    assert_true(world_add_scenario(w, &s, &error) && world_begin_scenario(w, &s, &error));
    copy_watch_begin(w);
    if (!scenario_play_steps(w, &s, &error))
        fail_msg("%s", error);
    copy_watch_end();
    for (size_t i = 0; i < trace_memory_count(w->memory); i++) {
        const struct trace_record *record = trace_memory_get(w->memory, i);

        if (str_is_equal(record->what, JUDGE_NOTE_UNREAD))
            str_addf(&told, "%s (%s) ", record->object, record->detail);
    }
    vssemu_world_free(w);
    return told.text ? str_take(&told) : mem_strdup("");
}

#define UNREAD(expected, member, ...)                                                  \
    do {                                                                               \
        auto_free char *told_ = unread(member, (const char *[]){ __VA_ARGS__, NULL }); \
        assert_string_equal(told_, expected);                                          \
    } while (0)

static void who_reads_everything_is_silent(void **state)
{
    static const char *const members[] = { "documents", "database", "deep-tree", "odd-names",
                                           "temporary", "caches",   "root",      "long-path",
                                           "fleeting",  "nowhere",  "empty" };

    (void)state;
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
        UNREAD("", members[i], MADE, "Copy", "SetBackupSucceeded all true", ENDED);
}

static void who_reads_nothing_is_told(void **state)
{
    (void)state;
    UNREAD("C:\\cast\\docs\\letter.txt (Cast Documents: Documents) ", "documents", MADE,
           "SetBackupSucceeded all true", ENDED);
    UNREAD("C:\\cast-start.ini (Cast Start: Start) ", "root", MADE, "SetBackupSucceeded all true",
           ENDED);
    UNREAD("C:\\cast\\drafts\\draft.txt (Cast Drafts: Drafts) ", "fleeting", MADE,
           "SetBackupSucceeded all true", ENDED);
}

/* The database is read, its log is not. */
static void one_file_that_is_missing_is_told(void **state)
{
    (void)state;
    UNREAD("C:\\cast\\orders\\orders.ldf (Cast Orders: Orders) ", "database", MADE,
           "ReadCopy C:\\cast\\orders\\orders.mdf", "SetBackupSucceeded all true", ENDED);
}

static void the_live_file_is_no_copy(void **state)
{
    (void)state;
    UNREAD("C:\\cast\\docs\\letter.txt (Cast Documents: Documents) ", "documents", MADE,
           "Read C:\\cast\\docs\\letter.txt", "SetBackupSucceeded all true", ENDED);
}

static void what_is_not_called_a_success_may_be_missing(void **state)
{
    (void)state;
    UNREAD("", "documents", MADE, "SetBackupSucceeded all false", ENDED);
    UNREAD("", "documents", MADE, ENDED);
    UNREAD("", "documents", MADE, "SetBackupSucceeded all true", "SetBackupSucceeded all false",
           ENDED);
}

static void the_last_set_counts(void **state)
{
    (void)state;
    UNREAD("", "documents", MADE, "SetBackupSucceeded all true", ENDED, MADE, "Copy",
           "SetBackupSucceeded all true", ENDED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_reads_everything_is_silent),
        cmocka_unit_test(who_reads_nothing_is_told),
        cmocka_unit_test(one_file_that_is_missing_is_told),
        cmocka_unit_test(the_live_file_is_no_copy),
        cmocka_unit_test(what_is_not_called_a_success_may_be_missing),
        cmocka_unit_test(the_last_set_counts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
