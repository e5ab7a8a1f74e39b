/* SPDX-License-Identifier: MIT */
/* The judge of the search: what a run's records make a failure, and which fault excuses which
 * (docs/search.md). */
#include "tests/support/cmocka_vss.h"

#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/port/trace.h"
#include "emu/scenario/cast.h"
#include "emu/search/judge.h"
#include "emu/search/plan.h"
#include "fakes/world/vsched.h"

#include <stdlib.h>
#include <string.h>

#define PARTNER "Cast Documents" /* the first of the cast, and of `with_partner` */
static const struct plan with_partner = { .n_volumes = 1, .n_writers = 1 };

static struct trace_record told(enum trace_kind kind, const char *who, const char *what)
{
    return (struct trace_record){ .kind = kind, .who = who, .what = what, .at_ns = 1000000000 };
}

/* A line: kind, who (a writer, or of V a volume; @ is the partner), what; a dash before what it was
 * refused. C and Q are the requester's call and the rule that it broke, T an event at a time, W a
 * report of who waits, D files that were laid out. */
static void record_line(struct judge *judge, const char *text)
{
    auto_free char *line = mem_strdup(text);
    bool is_requesters = *line == 'C' || *line == 'Q';
    char *rest = line + 2, *who = is_requesters ? NULL : strsep(&rest, " ");
    auto_free char *whole =
        !who ? mem_strdup("requester")
             : str_printf("%s %s", *line == 'V' || who[1] == ':' ? "volume" : "writer",
                          *who == '@' ? PARTNER : who);
    static const struct {
        char letter;
        enum trace_kind kind;
    } kinds[] = { { 'E', TRACE_EVENT },  { 'V', TRACE_VOLUME }, { 'C', TRACE_CALL },
                  { 'S', TRACE_STATE },  { 'N', TRACE_NOTE },   { 'R', TRACE_FINDING },
                  { 'Q', TRACE_FINDING } };
    struct trace_record record = told(TRACE_NOTE, whole, "fault");

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (kinds[i].letter == *line)
            record.kind = kinds[i].kind, record.what = rest;
    }
    if (*line == 'F')
        record.detail = rest;
    if (*line == 'W') /* what the scheduler says of who waits for what */
        record = told(TRACE_NOTE, whole, VSCHED_NOTE_CIRCLE), record.detail = rest;
    if (*line == 'D')
        record = told(TRACE_NOTE, whole, JUDGE_NOTE_LAID_OUT), record.detail = rest;
    if (*line == 'T') { /* an event so many seconds later */
        record.kind = TRACE_EVENT;
        record.at_ns = strtol(rest, &rest, 10) * INT64_C(1000000000);
        record.what = rest + 1;
    }
    if (*record.what == '-') {
        record.has_result = true;
        record.result = E_FAIL;
        record.what++;
    }
    record.object = "Sql: Orders";
    judge_record(judge, &record);
}

struct judged_as {
    const struct plan *plan;
    bool is_of_writer;
};

/* The names of the failures, and "success?" when "done" would be a lie. */
static char *judged(const struct judged_as *as, const char *const *lines)
{
    struct judge *judge = judge_new(true);
    struct str names = { 0 };

    judge_begin(judge, as->plan, as->is_of_writer);
    record_line(judge, "N x " JUDGE_NOTE_BEGINS);
    for (; *lines; lines++)
        record_line(judge, *lines);
    judge_end(judge);
    for (size_t i = 0; i < judge_count(judge); i++)
        str_addf(&names, "%s%s", i ? " " : "", judge_rule_name(judge_get(judge, i)->rule));
    bool is_restored;
    if (judge_look(judge, 0, &is_restored))
        str_addf(&names, "%scheck it", names.length ? " " : "");
    auto_free char *why = judge_success(judge);
    if (why)
        str_addf(&names, "%ssuccess?", names.length ? " " : "");
    judge_free(judge);
    return names.text ? str_take(&names) : mem_strdup("");
}

#define JUDGED_AS(plan_, is_of_writer_, expected, ...)                                \
    do {                                                                              \
        const struct judged_as as_ = { plan_, is_of_writer_ };                        \
        auto_free char *names_ = judged(&as_, (const char *[]){ __VA_ARGS__, NULL }); \
        assert_string_equal(names_, expected);                                        \
    } while (0)
#define JUDGED(expected, ...)           JUDGED_AS(NULL, false, expected, __VA_ARGS__)
#define JUDGED_WRITER(expected, ...)    JUDGED_AS(&with_partner, true, expected, __VA_ARGS__)
#define JUDGED_REQUESTER(expected, ...) JUDGED_AS(&with_partner, false, expected, __VA_ARGS__)

static void a_whole_backup_is_innocent(void **state)
{
    (void)state;
    JUDGED("", "C InitializeForBackup", "E Sql Identify", "E Sql PrepareForBackup",
           "E Sql PrepareForSnapshot", "E Sql Freeze", "V C: hold", "V C: release", "E Sql Thaw",
           "E Sql PostSnapshot", "E Sql BackupComplete", "E Sql BackupShutdown");
}

static void an_aborted_backup_is_innocent(void **state)
{
    (void)state;
    JUDGED("", "C InitializeForBackup", "E Sql PrepareForBackup", "E Sql Freeze", "E Sql Abort",
           "E Sql Abort", "E Sql BackupShutdown", "C InitializeForBackup", "E Sql PrepareForBackup",
           "E Sql Abort", "E Sql BackupShutdown");
}

static void what_is_never_true_is_found(void **state)
{
    (void)state;
    JUDGED("not-thawed no-shutdown", "E Sql PrepareForBackup", "E Sql Freeze");
    JUDGED("no-shutdown", "E Sql PrepareForBackup", "E Mail PrepareForBackup",
           "E Mail BackupShutdown");
    JUDGED("writes-held", "V C: hold", "V D: hold", "V D: release");
    JUDGED("event-after-abort", "C InitializeForBackup", "E Sql PrepareForBackup", "E Sql Abort",
           "E Sql PostSnapshot", "E Sql BackupShutdown");
    JUDGED("late", "E Sql PrepareForBackup", "E Sql Freeze", "S Sql freeze time-out");
    JUDGED("endless", "N x still there after a day");
    JUDGED("deadlock", "R x deadlock");
    JUDGED("stays", "N x the program has not left; ended");
    JUDGED("finding", "R Sql backup-complete-missing");
    JUDGED("document", "N Sql " JUDGE_NOTE_DOCUMENT);
}

static void a_fault_explains_what_follows_from_it(void **state)
{
    (void)state;
    JUDGED("", "E Sql PrepareForBackup", "E Sql Freeze", "F Sql writer=Sql event=Thaw do=hang");
    JUDGED("", "F Mail writer=Mail event=Freeze do=delay for=70s", "E Sql PrepareForBackup",
           "E Sql Freeze", "S Sql freeze time-out", "E Sql BackupShutdown");
    JUDGED("not-thawed", "F Mail writer=Mail event=Freeze do=veto", "E Sql Freeze");
    JUDGED("", "F Sql writer=Sql event=Freeze do=crash", "E Sql PrepareForBackup");
}

/* Windows count from Freeze to Thaw: what is late in between is late for everybody, what is late
 * elsewhere for nobody. */
static void a_late_partner_excuses_what_waits_for_it(void **state)
{
    (void)state;
    JUDGED("", "E Sql Freeze", "F @ volume=C: op=flush do=delay for=70s", "S Sql freeze time-out");
    JUDGED("", "E Sql Freeze", "F @ provider=* call=CommitSnapshots do=hang",
           "S Sql freeze time-out");
    JUDGED("late", "E Sql Freeze", "F @ provider=* call=BeginPrepareSnapshot do=delay for=70s",
           "S Sql freeze time-out");
    JUDGED("late", "F Mail writer=Mail event=PrepareForBackup do=delay for=70s", "E Sql Freeze",
           "S Sql freeze time-out");
    JUDGED("late", "F @ volume=C: op=flush do=delay for=70s", "S Sql handler time-out");
    JUDGED("late", "F @ volume=C: op=flush do=delay for=2s", "T Sql 100 PrepareForSnapshot",
           "E Sql Freeze", "S Sql freeze time-out");
    JUDGED("", "F @ volume=C: op=flush do=hang", "T Sql 100 PrepareForSnapshot", "E Sql Freeze",
           "S Sql freeze time-out");
    JUDGED_WRITER("", "F @ writer=* event=Freeze do=die", "T Sql 100 PrepareForSnapshot",
                  "E Sql Freeze", "S Sql freeze time-out"); /* it is waited for ten minutes */
    JUDGED_WRITER("late", "F @ writer=* event=Freeze do=die", "T Sql 700 PrepareForSnapshot",
                  "E Sql Freeze", "S Sql freeze time-out");
    JUDGED("late", "F C: machine call=DoSnapshotSet do=clock-jump by=2h", "E Sql Freeze",
           "S Sql freeze time-out");
    JUDGED_WRITER("late", "F @ writer=* event=PostSnapshot do=hang", "S Sql handler time-out");
    JUDGED_WRITER("", "F Sql writer=* event=PostSnapshot do=hang", "S Sql handler time-out");
}

/* What comes of threads that wait for each other is told by its cause; what does not, by itself. */
static void a_circle_is_the_name_of_what_comes_of_it(void **state)
{
    static const char circle[] = "W x thread 2 holds a\nin a circle: thread 2, thread 3\n";

    (void)state;
    JUDGED("deadlock", circle, "E Sql PrepareForBackup");
    JUDGED("deadlock", circle, "E Sql Freeze");
    JUDGED("deadlock", circle, "E Sql Freeze", "S Sql freeze time-out");
    JUDGED("deadlock", circle, "N x the program has not left; ended");
    JUDGED("deadlock", circle, "N x still there after a day");
    JUDGED("finding", circle, "R Sql backup-complete-missing");
    JUDGED("writes-held", circle, "V C: hold");
    JUDGED("no-shutdown", "W x thread 2 holds a\nthread 3 waits for it\n",
           "E Sql PrepareForBackup");
}

static void what_keeps_a_program_is_named(void **state)
{
    static const char leave[] = "N x the program has not left; ended";

    (void)state;
    JUDGED_WRITER("", "F Sql writer=* event=Thaw do=die", leave);
    JUDGED_WRITER("stays", "F @ writer=* event=Thaw do=die", leave);
    JUDGED_WRITER("", "F C: volume=C: op=open do=fail code=EIO", leave);
    JUDGED_WRITER("stays", "F C: volume=C: op=flush do=delay for=2s", leave);
    JUDGED_WRITER("stays", "F C: volume=C: op=commit do=fail code=ENOSPC", leave);
    JUDGED_WRITER("stays", "F x machine call=DoSnapshotSet do=low-memory", leave);
}

static void a_day_is_too_long_unless_a_partner_waits(void **state)
{
    static const char day[] = "N x still there after a day";

    (void)state;
    JUDGED_WRITER("endless", "F x machine call=CVssWriter::Initialize do=low-memory", day);
    JUDGED_WRITER("endless", "N Sql Subscribe", "F @ writer=* event=Freeze do=veto", day);
    JUDGED_WRITER("", "N Sql Subscribe", "F Sql writer=* event=Freeze do=hang", day);
    JUDGED_WRITER("", "N Sql Subscribe", "F x machine call=Query do=restart", day);
    JUDGED_REQUESTER("endless", "F x machine call=StartSnapshotSet nth=* do=set-in-progress", day);
    JUDGED_REQUESTER("", "F x provider=* call=CommitSnapshots do=hang", day);
}

static void who_answers_identify_goes_on_doing_so(void **state)
{
    (void)state;
    JUDGED_WRITER("not-listed", "N Sql Subscribe", "E Sql Identify", "E Sql -Identify");
    JUDGED_WRITER("", "E Sql -Identify", "E Sql -Identify");
    JUDGED_WRITER("", "E Sql Identify", "F x machine call=AddComponent do=low-memory",
                  "E Sql -Identify");
    JUDGED_WRITER("", "E Sql Identify", "F Sql writer=* event=Identify nth=2 do=veto",
                  "E Sql -Identify");
    JUDGED_WRITER("", "E Sql Identify", "E Sql PreRestore", "E Sql -Identify");
    JUDGED_WRITER("", "E Sql Identify", "F x machine call=* do=low-memory", "E Sql -Identify");
    JUDGED_WRITER("not-listed", "E Sql Identify", "F x machine call=Query do=clock-jump by=2h",
                  "E Sql -Identify");
}

static void a_broken_rule_is_excused_by_the_call_that_failed(void **state)
{
    (void)state;
    JUDGED("finding", "F x machine call=AddComponent do=low-memory",
           "Q abort-missing-after-failure");
    JUDGED("", "F x machine call=AbortBackup do=low-memory", "Q abort-missing-after-failure");
    JUDGED("finding", "F x machine call=GatherWriterStatus do=low-memory", "Q object-leaked");
    JUDGED("", "F x machine call=Query do=restart", "Q backup-complete-missing");
    JUDGED("finding", "F x machine call=Query do=restart", "Q session-not-released");
    JUDGED("", "C Cancel", "F Sql writer=* event=Freeze do=hang", "Q released-while-pending");
    JUDGED("finding", "F Sql writer=* event=Freeze do=hang", "Q released-while-pending");
}

/* Each place between Freeze and Thaw, first and last. */
static void what_makes_the_window_long_is_known_by_its_place(void **state)
{
    static const char late[] = "S Sql freeze time-out";

    (void)state;
    JUDGED_WRITER("", "E Sql Freeze", "F @ writer=* event=Thaw do=delay for=70s", late);
    JUDGED_WRITER("late", "E Sql Freeze", "F @ writer=* event=PostSnapshot do=delay for=70s", late);
    JUDGED("", "E Sql Freeze", "F @ provider=* call=PreCommitSnapshots do=delay for=70s", late);
    JUDGED("", "E Sql Freeze", "F @ provider=* call=PostCommitSnapshots do=delay for=70s", late);
    JUDGED("", "E Sql Freeze", "F @ volume=C: op=release do=delay for=70s", late);
    JUDGED("", "F @ volume=C: op=flush do=delay for=9s", "T Sql 10 PrepareForSnapshot",
           "E Sql Freeze", late);
    JUDGED("", "V C: hold", "F C: volume=C: op=release do=fail code=EIO");
    JUDGED("", "V C: hold", "F C: volume=C: op=hold do=lose-hold");
    JUDGED("writes-held", "V C: hold", "F D: volume=D: op=hold do=lose-hold");
    JUDGED("late", "E Sql Freeze", "F @ provider=* call=PreFinalCommitSnapshots do=delay for=70s",
           late);
}

/* The volume has gone, or only what is in its snapshots. */
static void a_volume_that_vanishes_takes_files_and_snapshots(void **state)
{
    static const char leave[] = "N x the program has not left; ended";

    (void)state;
    JUDGED_WRITER("", "F C: volume=C: op=flush do=vanish", leave);
    JUDGED_WRITER("stays", "F C: volume=C: op=read-copy do=vanish", leave);
    JUDGED("", "F C: volume=C: op=read-copy do=vanish", "Q snapshot-left-behind");
    JUDGED("", "F C: volume=C: op=delete do=fail code=EIO", "Q snapshot-left-behind");
    JUDGED("left-behind", "F C: volume=C: op=flush do=fail code=EIO", "Q snapshot-left-behind");
}

static void the_machine_excuses_all_but_leaks(void **state)
{
    (void)state;
    JUDGED("", "F x machine call=* do=low-memory", "Q backup-complete-missing");
    JUDGED("finding", "F x machine call=* do=low-memory", "Q object-leaked");
    JUDGED("finding", "F x machine call=Query do=restart", "Q object-leaked");
    JUDGED("", "F x machine call=AddComponent do=restart", "Q snapshot-left-behind");
}

static void a_call_that_takes_hours_makes_the_day_long(void **state)
{
    static const char day[] = "N x still there after a day";

    (void)state;
    JUDGED_REQUESTER("", "F x provider=* call=CommitSnapshots do=delay for=2h", day);
    JUDGED_REQUESTER("endless", "F x provider=* call=CommitSnapshots do=delay for=20m", day);
    /* It is ended there: what it owes cannot come any more. */
    JUDGED_REQUESTER("endless", "E Sql PrepareForBackup", "E Sql Freeze", day);
}

static void sessions_and_instances_are_told_apart(void **state)
{
    static const char begin[] = "C InitializeForBackup";

    (void)state;
    JUDGED("", begin, begin, "E Sql PrepareForBackup", "E Sql Abort", "E Sql PostSnapshot",
           "E Sql BackupShutdown");
    JUDGED("", "N Sql Subscribe", "N Sql Subscribe", begin, "E Sql PrepareForBackup", "E Sql Abort",
           "E Sql PostSnapshot", "E Sql BackupShutdown");
    JUDGED_WRITER("", "E Sql PreRestore", "N x the program has not left; ended");
    JUDGED_WRITER("stays", "E Sql PreRestore", "E Sql PostRestore",
                  "N x the program has not left; ended");
    JUDGED_REQUESTER("late success?", "E Sql Freeze", "S Sql freeze time-out",
                     "Q succeeded-despite-failure");
}

static void partners_break_rules_on_purpose(void **state)
{
    (void)state;
    JUDGED_WRITER("", "Q backup-complete-missing", "R @ veto-without-failure");
    JUDGED_WRITER("finding", "R Sql veto-without-failure");
    JUDGED_REQUESTER("finding", "Q backup-complete-missing");
}

static void no_set_has_the_volume_of_a_file_that_is_nowhere(void **state)
{
    static const char *const rules[] = { "volume-not-in-set", "component-mandatory" };
    static const struct {
        const char *member, *object;
        size_t n_found[2];
    } rows[] = {
        { "nowhere", "Cast Ghost: Ghost", { 0, 1 } },
        { "nowhere", "Cast Journal: Journal", { 1, 1 } },
        { "incremental", "Cast Journal: Journal", { 1, 1 } },
        { "elsewhere", "Cast Elsewhere: Docs", { 1, 1 } },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct plan plan = { .n_volumes = 1, .n_writers = 1 };

        plan.writers[0] = (unsigned char)cast_find(rows[i].member);
        for (size_t r = 0; r < 2; r++) {
            struct judge *judge = judge_new(true);
            struct trace_record record = told(TRACE_FINDING, "requester", rules[r]);

            record.object = rows[i].object;
            judge_begin(judge, &plan, false);
            judge_record(judge, &record);
            assert_int_equal(judge_count(judge), rows[i].n_found[r]);
            judge_free(judge);
        }
    }
}

/* Those of a world file were there before the program. */
static void who_was_there_before_is_a_partner(void **state)
{
    static const struct judged_as as = { &with_partner, true };
    static const char *const refusal = "R Sql veto-without-failure";
    struct judge *judge = judge_new(true);

    (void)state;
    judge_begin(judge, &with_partner, true);
    record_line(judge, "N Sql Subscribe");
    record_line(judge, "N x " JUDGE_NOTE_BEGINS);
    record_line(judge, refusal);
    assert_int_equal(judge_count(judge), 0);
    judge_free(judge);
    auto_free char *names = judged(&as, (const char *[]){ "N Sql Subscribe", refusal, NULL });
    assert_string_equal(names, "finding");
}

static void a_snapshot_is_left_only_where_it_cannot_be_deleted(void **state)
{
    (void)state;
    JUDGED("left-behind", "Q snapshot-left-behind");
    JUDGED("", "F x machine call=DeleteSnapshots do=low-memory", "Q snapshot-left-behind");
    JUDGED("", "F x provider=* call=DeleteSnapshots do=fail code=E_FAIL", "Q snapshot-left-behind");
    JUDGED("left-behind", "F Sql writer=* event=PostSnapshot do=fail code=E_FAIL",
           "Q snapshot-left-behind");
    JUDGED_WRITER("", "Q snapshot-left-behind");
    JUDGED("", "F x machine call=SetContext do=internal-error", "Q snapshot-left-behind");
    JUDGED("", "F x machine call=InitializeForBackup do=low-memory", "Q snapshot-left-behind");
    JUDGED("", "F x provider=* call=Query do=fail code=E_FAIL", "Q snapshot-left-behind");
    JUDGED("", "F x requester call=Query do=die", "Q snapshot-left-behind");
}

static void done_is_a_lie_when_something_is_missing(void **state)
{
    (void)state;
    JUDGED("success?", "C StartSnapshotSet", "C -DoSnapshotSet");
    JUDGED("", "C StartSnapshotSet", "C -DoSnapshotSet", "C StartSnapshotSet", "C DoSnapshotSet");
    JUDGED("success?", "E Sql -Freeze", "Q succeeded-despite-failure");
    JUDGED("", "Q succeeded-despite-failure"); /* with a code that is none */
    JUDGED("", "E Sql -Freeze", "Q succeeded-despite-failure", "C StartSnapshotSet");
    JUDGED("", "E Sql -Freeze"); /* not called a success */
    JUDGED("success?", "N x " JUDGE_NOTE_UNREAD);
}

#define SUBSCRIBED "N Sql Subscribe", "C StartSnapshotSet", "E Sql PrepareForSnapshot"
#define LAID_OUT   "N x " JUDGE_NOTE_LAID_OUT

static void a_fault_damages_documents(void **state)
{
    (void)state;
    JUDGED("", "F Sql writer=* event=Identify do=corrupt", "N Sql " JUDGE_NOTE_DOCUMENT);
    JUDGED_WRITER("", "N @ " JUDGE_NOTE_DOCUMENT);
}

static void what_is_checked_was_promised_by_every_writer_of_the_program(void **state)
{
    (void)state;
    JUDGED_WRITER("check it", SUBSCRIBED, "E Sql Freeze", "E Sql Thaw", LAID_OUT);
    JUDGED_WRITER("", SUBSCRIBED, LAID_OUT); /* it was left out */
    JUDGED_WRITER("", SUBSCRIBED, "E Sql Freeze", "E Sql Thaw", "E Sql -PostSnapshot", LAID_OUT);
    JUDGED_WRITER("", SUBSCRIBED, "N Sql Subscribe", "E Sql Freeze", "E Sql Thaw", LAID_OUT);
    JUDGED_WRITER("", SUBSCRIBED, "E Sql Freeze", "E Sql Thaw", "C StartSnapshotSet", LAID_OUT);
    JUDGED_WRITER("", SUBSCRIBED, "F Sql writer=* event=Freeze do=delay for=1s", "E Sql Freeze",
                  "E Sql Thaw", LAID_OUT);
    JUDGED_WRITER("check it", SUBSCRIBED, "F @ writer=* event=Freeze do=delay for=1s",
                  "E Sql Freeze", "E Sql Thaw", LAID_OUT);
    JUDGED_WRITER("", SUBSCRIBED, "F C: volume=C: op=write do=fill", "E Sql Freeze", "E Sql Thaw",
                  LAID_OUT);
    JUDGED_REQUESTER("check it", LAID_OUT); /* partners do what they should */
    JUDGED_REQUESTER("check it", "D x " JUDGE_RESTORED);
    JUDGED_WRITER("", SUBSCRIBED, "E Sql PreRestore", "D x " JUDGE_RESTORED); /* not put back */
}

static bool explains_signal(bool is_of_writer, const char *line)
{
    struct judge *judge = judge_new(true);

    judge_begin(judge, &with_partner, is_of_writer);
    record_line(judge, line);
    bool explains = judge_explains_signal(judge);

    judge_free(judge);
    return explains;
}

static void only_the_program_s_own_end_is_excused(void **state)
{
    (void)state;
    assert_true(explains_signal(true, "F Sql writer=* event=Freeze do=crash"));
    assert_false(explains_signal(true, "F @ writer=* event=Freeze do=crash"));
    assert_false(explains_signal(true, "F x requester call=Query do=die"));
    assert_true(explains_signal(false, "F x requester call=Query do=die"));
    assert_false(explains_signal(false, "F x provider=* call=CommitSnapshots do=crash"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_backup_is_innocent),
        cmocka_unit_test(an_aborted_backup_is_innocent),
        cmocka_unit_test(what_is_never_true_is_found),
        cmocka_unit_test(a_fault_explains_what_follows_from_it),
        cmocka_unit_test(a_late_partner_excuses_what_waits_for_it),
        cmocka_unit_test(a_circle_is_the_name_of_what_comes_of_it),
        cmocka_unit_test(what_keeps_a_program_is_named),
        cmocka_unit_test(a_day_is_too_long_unless_a_partner_waits),
        cmocka_unit_test(who_answers_identify_goes_on_doing_so),
        cmocka_unit_test(a_broken_rule_is_excused_by_the_call_that_failed),
        cmocka_unit_test(what_makes_the_window_long_is_known_by_its_place),
        cmocka_unit_test(a_volume_that_vanishes_takes_files_and_snapshots),
        cmocka_unit_test(the_machine_excuses_all_but_leaks),
        cmocka_unit_test(a_call_that_takes_hours_makes_the_day_long),
        cmocka_unit_test(sessions_and_instances_are_told_apart),
        cmocka_unit_test(partners_break_rules_on_purpose),
        cmocka_unit_test(no_set_has_the_volume_of_a_file_that_is_nowhere),
        cmocka_unit_test(who_was_there_before_is_a_partner),
        cmocka_unit_test(a_snapshot_is_left_only_where_it_cannot_be_deleted),
        cmocka_unit_test(done_is_a_lie_when_something_is_missing),
        cmocka_unit_test(a_fault_damages_documents),
        cmocka_unit_test(what_is_checked_was_promised_by_every_writer_of_the_program),
        cmocka_unit_test(only_the_program_s_own_end_is_excused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
