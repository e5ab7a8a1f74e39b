/* SPDX-License-Identifier: MIT */
/* Every rule for requesters: a program that breaks it and nothing else, beside its correct twin, of
 * which nothing is said. The words of the programs are in tests/support/finding_story.c. */
#include "tests/support/finding_checks.h"
#include "tests/support/finding_story.h"

#define BEGIN  "com create init state gather read "
#define CHOOSE BEGIN "add=docs start volume=C "
#define MAKE   "prepare status do status "
#define COPY   CHOOSE MAKE
#define END    "succeeded=docs complete status release "
#define BACKUP COPY END
#define SAVED  COPY "succeeded=docs save complete status release "
#define AGAIN  SAVED "create init-restore free-document gather read "
#define REST   "pre-restore status restored=docs post-restore status release "
/* The options of a restore, in place of a word of the correct one. */
#define RESTORE(words) AGAIN "restore-state select=docs " words REST
/* A backup whose copies stay. */
#define KEPT "com create init context=rollback state gather read add=docs start volume=C " MAKE

static const struct row {
    const char *rule, *call, *object;
    enum story_cast cast;
    const char *wrong, *right;
    enum story_cast right_cast;
} rows[] = {
    /* The first: security is the process's, once and for all. */
    { "com-security-missing", "GatherWriterMetadata", "", CAST_PLAIN,
      "com create init state gather read release",
      "com security create init state gather read release", CAST_PLAIN },
    { "com-not-initialized", "InitializeForBackup", "", CAST_PLAIN, "create init release",
      "com create init release", CAST_PLAIN },
    { "backup-state-in-restore", "SetBackupState", "", CAST_PLAIN, RESTORE("state "), RESTORE(""),
      CAST_PLAIN },
    { "metadata-not-read", "PrepareForBackup", "", CAST_PLAIN,
      "com create init state gather start volume=C " MAKE "complete status release",
      BEGIN "start volume=C " MAKE "complete status release", CAST_PLAIN },
    { "status-before-events", "GatherWriterStatus", "", CAST_PLAIN, BEGIN "status release", BACKUP,
      CAST_PLAIN },
    { "status-not-freed", "GatherWriterStatus", "", CAST_PLAIN,
      CHOOSE "prepare gather-status read-status do status " END, BACKUP, CAST_PLAIN },
    { "status-not-read", "DoSnapshotSet", "", CAST_PLAIN,
      CHOOSE "prepare gather-status do read-status free-status status " END, BACKUP, CAST_PLAIN },
    { "status-not-read", "Release", "", CAST_PLAIN,
      COPY "succeeded=docs complete gather-status release", BACKUP, CAST_PLAIN },
    { "status-after-prepare", "DoSnapshotSet", "", CAST_PLAIN, CHOOSE "prepare do status " END,
      BACKUP, CAST_PLAIN },
    { "status-after-snapshot", "BackupComplete", "", CAST_PLAIN, CHOOSE "prepare status do " END,
      BACKUP, CAST_PLAIN },
    { "status-after-complete", "Release", "", CAST_PLAIN, COPY "succeeded=docs complete release",
      BACKUP, CAST_PLAIN },
    { "status-after-pre-restore", "PostRestore", "", CAST_PLAIN,
      AGAIN "restore-state select=docs pre-restore restored=docs post-restore status release",
      RESTORE(""), CAST_PLAIN },
    { "status-after-post-restore", "Release", "", CAST_PLAIN,
      AGAIN "restore-state select=docs pre-restore status restored=docs post-restore release",
      RESTORE(""), CAST_PLAIN },
    { "query-without-context", "Query", "", CAST_PLAIN, "com create init query release",
      "com create init context=all query release", CAST_PLAIN },
    { "import-after-context", "ImportSnapshots", "", CAST_PLAIN,
      "com create init context=all import release", "com create init import release", CAST_PLAIN },
    { "document-saved-early", "SaveAsXML", "", CAST_PLAIN, CHOOSE "save free-document " MAKE END,
      SAVED "free-document", CAST_PLAIN },
    { "delete-after-abort", "DeleteSnapshots", "", CAST_PLAIN, KEPT "abort delete release",
      KEPT "abort release create init context=all delete release", CAST_PLAIN },
    { "session-dropped-after-prepare", "Release", "", CAST_PLAIN, CHOOSE "prepare status release",
      CHOOSE "prepare status abort release", CAST_PLAIN },
    { "abort-missing-after-failure", "Release", "", CAST_PLAIN,
      CHOOSE "prepare status fault do status release",
      CHOOSE "prepare status fault do status abort delete release", CAST_PLAIN },
    { "backup-complete-missing", "Release", "", CAST_PLAIN, COPY "succeeded=docs release", BACKUP,
      CAST_PLAIN },
    { "released-while-pending", "Release", "", CAST_PLAIN,
      CHOOSE "prepare status slow begin-do release finish",
      CHOOSE "prepare status slow begin-do finish status " END, CAST_PLAIN },
    { "post-restore-missing", "Release", "", CAST_PLAIN,
      AGAIN "restore-state select=docs pre-restore status restored=docs release", RESTORE(""),
      CAST_PLAIN },

    { "component-after-set", "AddComponent", "", CAST_PLAIN,
      BEGIN "start add=docs volume=C " MAKE END, BACKUP, CAST_PLAIN },
    { "component-already-implied", "AddComponent", "Cast: docs\\part", CAST_TREE,
      BEGIN "add=docs add=docs\\part start volume=C " MAKE "succeeded=docs\\part " END, BACKUP,
      CAST_TREE },
    { "component-mandatory", "PrepareForBackup", "Cast: config", CAST_MANDATORY, BACKUP,
      BEGIN "add=docs add=config start volume=C " MAKE "succeeded=config " END, CAST_MANDATORY },
    { "dependency-not-honoured", "PrepareForBackup", "Cast: docs", CAST_DEPENDENCY, BACKUP,
      BEGIN "add=docs content start volume=C " MAKE "content=over " END, CAST_DEPENDENCY },
    { "backup-type-unsupported", "SetBackupState", "Cast: docs", CAST_PLAIN,
      "com create init state=incremental gather read add=docs start volume=C " MAKE END, BACKUP,
      CAST_PLAIN },
    { "volume-not-in-set", "DoSnapshotSet", "Cast: docs", CAST_ON_D, BACKUP,
      BEGIN "add=docs start volume=C volume=D " MAKE END, CAST_ON_D },
    { "live-file-read", "CreateFile", "C:\\docs\\a.txt", CAST_PLAIN, COPY "read-live " END,
      COPY "read-copy " END, CAST_PLAIN },
    { "backup-succeeded-missing", "BackupComplete", "Cast: docs", CAST_PLAIN,
      COPY "complete status release", BACKUP, CAST_PLAIN },
    { "succeeded-despite-failure", "SetBackupSucceeded", "Cast: docs", CAST_FAILS, BACKUP,
      COPY "failed=docs complete status release", CAST_FAILS },
    { "schema-bit-missing", "SetPreviousBackupStamp", "Cast: docs", CAST_PLAIN,
      BEGIN "add=docs stamp=docs start volume=C " MAKE END,
      BEGIN "add=docs stamp=docs start volume=C " MAKE END, CAST_SCHEMA },
    { "schema-bit-missing", "AddNewTarget", "Cast: docs", CAST_PLAIN, RESTORE("new-target=docs "),
      RESTORE("new-target=docs "), CAST_SCHEMA },
    { "schema-bit-missing", "SetRollForward", "Cast: docs", CAST_PLAIN,
      RESTORE("roll-forward=docs "), RESTORE("roll-forward=docs "), CAST_SCHEMA },
    { "schema-bit-missing", "SetRestoreName", "Cast: docs", CAST_PLAIN, RESTORE("rename=docs "),
      RESTORE("rename=docs "), CAST_SCHEMA },
    { "schema-bit-missing", "SetAuthoritativeRestore", "Cast: docs", CAST_PLAIN,
      RESTORE("authoritative=docs "), RESTORE("authoritative=docs "), CAST_SCHEMA },
    { "components-before-pre-restore", "PostRestore", "", CAST_PLAIN, RESTORE("components "),
      AGAIN "restore-state components select=docs pre-restore status components restored=docs "
            "post-restore status release",
      CAST_PLAIN },
    { "restore-state-missing", "PreRestore", "", CAST_PLAIN, AGAIN "select=docs " REST, RESTORE(""),
      CAST_PLAIN },
    { "restore-options-repeated", "SetRestoreOptions", "docs", CAST_PLAIN,
      RESTORE("options=docs options=docs "), RESTORE("options=docs "), CAST_PLAIN },
    { "restore-nothing-selected", "PreRestore", "", CAST_PLAIN,
      AGAIN "restore-state pre-restore status post-restore status release", RESTORE(""),
      CAST_PLAIN },
    { "file-restore-status-missing", "PostRestore", "Cast: docs", CAST_PLAIN,
      AGAIN "restore-state select=docs pre-restore status post-restore status release", RESTORE(""),
      CAST_PLAIN },
    { "mapping-not-recorded", "PostRestore", "Cast: docs", CAST_ALTERNATE, RESTORE(""),
      RESTORE("mapping=docs "), CAST_ALTERNATE },

    { "async-not-queried", "Release", "PrepareForBackup", CAST_PLAIN,
      CHOOSE "prepare-unread status do status " END, BACKUP, CAST_PLAIN },
    { "async-reserved-parameter", "QueryStatus", "PrepareForBackup", CAST_PLAIN,
      CHOOSE "prepare-reserved status do status " END, BACKUP, CAST_PLAIN },
    { "dead-components-used", "GetComponentCount", "", CAST_PLAIN,
      CHOOSE "keep-components prepare use-components drop-components status do status " END,
      CHOOSE "keep-components use-components drop-components " MAKE END, CAST_PLAIN },
    { "session-not-released", "Release", "IVssBackupComponents", CAST_PLAIN, "com create init",
      "com create init release", CAST_PLAIN },
    { "async-leaked", "Release", "IVssAsync", CAST_PLAIN,
      CHOOSE "prepare-kept status do status " END,
      CHOOSE "prepare-kept finish status do status " END, CAST_PLAIN },
    { "object-leaked", "Release", "IVssExamineWriterMetadata", CAST_PLAIN,
      "com create init state gather read-kept release", "com create init state gather read release",
      CAST_PLAIN },
    { "object-leaked", "Release", "IVssWriterComponentsExt", CAST_PLAIN,
      AGAIN "keep-components release", AGAIN "keep-components drop-components release",
      CAST_PLAIN },
    { "bstr-leaked", "SysFreeString", "BSTR", CAST_PLAIN, SAVED, SAVED "free-document",
      CAST_PLAIN },
    { "snapshot-left-behind", "DeleteSnapshots",
      "\\\\?\\GLOBALROOT\\Device\\HarddiskVolumeShadowCopy1", CAST_PLAIN, KEPT END,
      KEPT "succeeded=docs complete status delete release", CAST_PLAIN },
};

static void each_program_breaks_its_rule_alone(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct story *story = story_play(rows[i].cast, rows[i].wrong);

        expect_finding(story_world(story), &(struct expected_finding){ .rule = rows[i].rule,
                                                                       .call = rows[i].call,
                                                                       .object = rows[i].object,
                                                                       .who = "requester" });
        story_close(story);
        story = story_play(rows[i].right_cast, rows[i].right);
        expect_no_finding(story_world(story), rows[i].rule);
        story_close(story);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_program_breaks_its_rule_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
