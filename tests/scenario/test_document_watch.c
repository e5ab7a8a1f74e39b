/* SPDX-License-Identifier: MIT */
/* The documents of a run, read again (emu/setup/document_watch). */
#include "tests/support/cmocka_vss.h"

#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/include/vssemu.h"
#include "emu/scenario/scenario.h"
#include "emu/search/judge.h"
#include "emu/setup/document_watch.h"
#include "emu/setup/scenario_run.h"
#include "emu/setup/scenario_world.h"
#include "emu/setup/trace_memory.h"
#include "emu/setup/world.h"

#include <string.h>

#define STEPS                                                                               \
    "CreateVssBackupComponents", "InitializeForBackup", "SetBackupState full",              \
        "GatherWriterMetadata", "AddComponent all", "StartSnapshotSet",                     \
        "AddToSnapshotSet C:", "PrepareForBackup", "GatherWriterStatus", "DoSnapshotSet",   \
        "GatherWriterStatus", "SetBackupSucceeded all true", "BackupComplete", "SaveAsXML", \
        "Release"

enum whose { OF_THE_WORLD, OF_THE_PROGRAM };

/* Who has made a document that cannot be read, one after the other. */
static char *told(const char *member, enum whose whose, const char *fault)
{
    static const char *const steps[] = { STEPS };
    struct vssemu_world *w = vssemu_world_new(NULL);
    auto_scenario struct scenario s = { 0 };
    struct str who = { 0 };
    char *error = NULL;

    scenario_add_volume(&s, 'C');
    scenario_add_writer(&s, SCENARIO_WRITER_CAST, member);
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
        scenario_add_step(&s, steps[i]);
    if (whose == OF_THE_PROGRAM) /* they come after the look at who is there */
        document_watch_begin(w);
    assert_true(world_add_scenario(w, &s, &error) && world_begin_scenario(w, &s, &error));
    if (whose == OF_THE_WORLD)
        document_watch_begin(w);
    assert_true(!fault || world_add_fault(w, fault, &error));
    (void)scenario_play_steps(w, &s, &error); /* one whose metadata is damaged is in no backup */
    document_watch_end();
    for (size_t i = 0; i < trace_memory_count(w->memory); i++) {
        const struct trace_record *record = trace_memory_get(w->memory, i);

        if (str_is_equal(record->what, JUDGE_NOTE_DOCUMENT))
            str_addf(&who, "%s ", record->who);
    }
    free(error);
    vssemu_world_free(w);
    return who.text ? str_take(&who) : mem_strdup("");
}

static void documents_of_every_cast_can_be_read(void **state)
{
    static const char *const members[] = { "documents", "deep-tree",    "odd-names", "many",
                                           "follower",  "if-not-there", "elsewhere", "incremental",
                                           "temporary", "caches",       "empty",     "nowhere" };

    (void)state;
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        auto_free char *who = told(members[i], OF_THE_PROGRAM, NULL);

        assert_string_equal(who, "");
    }
}

static void metadata_that_is_damaged_is_told(void **state)
{
    static const char damage[] = "writer=* event=Identify do=corrupt";
    auto_free char *programs = told("documents", OF_THE_PROGRAM, damage);
    auto_free char *worlds = told("documents", OF_THE_WORLD, damage);

    (void)state;
    assert_string_equal(programs, "writer Cast Documents ");
    assert_string_equal(worlds, "");
}

static void a_document_that_cannot_be_read_has_a_reason(void **state)
{
    auto_free char *broken = document_fault_of_backup("<BACKUP_COMPONENTS");
    auto_free char *foreign = document_fault_of_writer("<html/>");

    (void)state;
    assert_non_null(broken);
    assert_non_null(foreign);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(documents_of_every_cast_can_be_read),
        cmocka_unit_test(metadata_that_is_damaged_is_told),
        cmocka_unit_test(a_document_that_cannot_be_read_has_a_reason),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
