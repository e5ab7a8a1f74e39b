/* SPDX-License-Identifier: MIT */
/* What a requester learns of its writers. Learn: "IVssBackupComponents::GetWriterStatus",
 * "IVssBackupComponentsEx3::GetWriterStatusEx", "Determining Writer Status". */
#include "conditions.h"

#include <string.h>
#include <wchar.h>

struct status {
    VSS_ID instance, writer;
    VSS_WRITER_STATE state;
    HRESULT failure, application;
    BSTR name, message;
};

static void clear(struct status *s)
{
    SysFreeString(s->name);
    SysFreeString(s->message);
    memset(s, 0, sizeof(*s));
}

#define STATUS(i, s)                                                                      \
    call(stage->b, GetWriterStatus, i, &(s).instance, &(s).writer, &(s).name, &(s).state, \
         &(s).failure)
#define STATUS_EX(i, s)                                                                     \
    call(stage->b, GetWriterStatusEx, i, &(s).instance, &(s).writer, &(s).name, &(s).state, \
         &(s).failure, &(s).application, &(s).message)

static void gather(struct stage *stage)
{
    IVssAsync *async = NULL;

    MUST(stage_finish(call(stage->b, GatherWriterStatus, &async), &async));
}

static void how_it_is_asked(void)
{
    struct stage *stage = stage_at(AT_PREPARED);
    struct status s = { 0 };

    SHOWS(IVssBackupComponents, GetWriterStatus, VSS_E_BAD_STATE, STATUS(0, s));
    SHOWS(IVssBackupComponentsEx3, GetWriterStatusEx, VSS_E_BAD_STATE, STATUS_EX(0, s));
    gather(stage);
    SHOWS(IVssBackupComponents, GetWriterStatus, E_INVALIDARG,
          call(stage->b, GetWriterStatus, 0, &s.instance, &s.writer, &s.name, &s.state, NULL));
    SHOWS(IVssBackupComponentsEx3, GetWriterStatusEx, E_INVALIDARG,
          call(stage->b, GetWriterStatusEx, 0, NULL, &s.writer, &s.name, &s.state, &s.failure,
               &s.application, &s.message));
    SHOWS(IVssBackupComponents, GetWriterStatus, VSS_E_OBJECT_NOT_FOUND, STATUS(1, s));
    SHOWS(IVssBackupComponentsEx3, GetWriterStatusEx, VSS_E_OBJECT_NOT_FOUND, STATUS_EX(1, s));
    MEMORY(stage->world, IVssBackupComponents, GetWriterStatus, STATUS(0, s));
    INTERNAL(stage->world, IVssBackupComponents, GetWriterStatus, STATUS(0, s));
    MEMORY(stage->world, IVssBackupComponentsEx3, GetWriterStatusEx, STATUS_EX(0, s));

    SHOWS_ROW(IVssBackupComponents, GetWriterStatus, S_OK, "writes instance id", STATUS(0, s));
    EXPECT(s.state == VSS_WS_STABLE && wcscmp(s.name, L"" STAGE_WRITER_NAME) == 0 &&
           memcmp(&s.writer, &stage_writer_id, sizeof(s.writer)) == 0);
    SHOWS_ROW(IVssBackupComponents, GetWriterStatus, S_OK, "writer had no failure", s.failure);
    clear(&s);
    SHOWS_ROW(IVssBackupComponentsEx3, GetWriterStatusEx, S_OK, "as GetWriterStatus plus",
              STATUS_EX(0, s));
    SHOWS_ROW(IVssBackupComponentsEx3, GetWriterStatusEx, S_OK, "writer had no failure", s.failure);
    EXPECT(s.application == S_OK && !s.message);
    clear(&s);
    /* The application's part need not be asked for. */
    MUST(call(stage->b, GetWriterStatusEx, 0, &s.instance, &s.writer, &s.name, &s.state, &s.failure,
              NULL, NULL));
    clear(&s);
    stage_close(stage);
}

/* ---- failures that writers report ---- */

static const char *freezes_with; /* code for SetWriterFailureEx, with an application's own */
static HRESULT reported;

static bool report_in_freeze(struct stage *stage, const char *event, IVssCreateWriterMetadata *m,
                             IVssWriterComponents *components)
{
    (void)m, (void)components;
    if (strcmp(event, freezes_with) == 0)
        MUST(vssemu_writer_set_failure_ex(stage->writer, reported, 0x80ab0042, L"disk is odd"));
    return true;
}

static void failed_at(const char *event, HRESULT failure, struct status *ret, struct status *ret_ex)
{
    struct stage *stage = stage_open();

    freezes_with = event;
    reported = failure;
    stage->handler = report_in_freeze;
    stage_go(stage, AT_SNAPSHOT_DONE); /* a success, whatever the writer says */
    gather(stage);
    MUST(STATUS(0, *ret));
    MUST(STATUS_EX(0, *ret_ex));
    EXPECT(ret->state == VSS_WS_FAILED_AT_FREEZE && ret_ex->state == ret->state);
    EXPECT(ret_ex->application == (HRESULT)0x80ab0042 &&
           wcscmp(ret_ex->message, L"disk is odd") == 0);
    stage_close(stage);
}

#define REPORTED(code)                                                       \
    do {                                                                     \
        struct status s = { 0 }, ex = { 0 };                                 \
        failed_at("Freeze", code, &s, &ex);                                  \
        SHOWS(IVssBackupComponents, GetWriterStatus, code, s.failure);       \
        SHOWS(IVssBackupComponentsEx3, GetWriterStatusEx, code, ex.failure); \
        clear(&s);                                                           \
        clear(&ex);                                                          \
    } while (0)

static void what_writers_report(void)
{
    struct status s = { 0 }, ex = { 0 };

    REPORTED(VSS_E_WRITERERROR_INCONSISTENTSNAPSHOT);
    REPORTED(VSS_E_WRITERERROR_OUTOFRESOURCES);
    REPORTED(VSS_E_WRITERERROR_TIMEOUT);
    REPORTED(VSS_E_WRITERERROR_RETRYABLE);
    REPORTED(VSS_E_WRITERERROR_NONRETRYABLE);
    failed_at("Freeze", VSS_E_WRITERERROR_PARTIAL_FAILURE, &s, &ex);
    SHOWS(IVssBackupComponentsEx3, GetWriterStatusEx, VSS_E_WRITERERROR_PARTIAL_FAILURE,
          ex.failure);
    EXPECT(s.failure == ex.failure);
    clear(&s);
    clear(&ex);
}

/* S_OK with an application's message is no failure. */
static void a_message_without_a_failure(void)
{
    struct stage *stage = stage_open();
    struct status s = { 0 };

    freezes_with = "PrepareForBackup";
    reported = S_OK;
    stage->handler = report_in_freeze;
    stage_go(stage, AT_SNAPSHOT_DONE);
    gather(stage);
    MUST(STATUS_EX(0, s));
    EXPECT(s.state == VSS_WS_WAITING_FOR_BACKUP_COMPLETE && s.failure == S_OK &&
           s.application == (HRESULT)0x80ab0042 && wcscmp(s.message, L"disk is odd") == 0);
    clear(&s);
    stage_close(stage);
}

/* ---- what VSS says about a writer ---- */

static bool sleep_long(void *self, IVssWriterComponents *components)
{
    (void)self, (void)components;
    Sleep(11 * 60 * 1000);
    return true;
}

/* A backup of whole volumes: every writer takes part without components. */
static void prepare_in_volume_mode(struct stage *stage)
{
    IVssAsync *async = NULL;

    stage_go(stage, AT_INITIALIZED);
    MUST(call(stage->b, SetBackupState, FALSE, FALSE, VSS_BT_FULL, FALSE));
    stage_go(stage, AT_GATHERED);
    stage->next = AT_SET_OPEN;
    stage_go(stage, AT_SET_OPEN);
    MUST(stage_finish(call(stage->b, PrepareForBackup, &async), &async));
    gather(stage);
}

static bool sleep_in_identify(void *self, IVssCreateWriterMetadata *metadata)
{
    (void)metadata;
    return sleep_long(self, NULL);
}

static struct vssemu_writer *subscribe(const struct vssemu_writer_ops *ops)
{
    struct vssemu_writer *silent = vssemu_writer_new(ops, NULL, 0);
    struct vssemu_writer_identity identity;

    vssemu_writer_identity_init(&identity);
    identity.writer_id = stage_writer_id; /* another instance of the class */
    identity.name = L"Silent";
    identity.usage = VSS_UT_USERDATA;
    identity.source = VSS_ST_OTHER;
    MUST(vssemu_writer_initialize(silent, &identity));
    MUST(vssemu_writer_subscribe(silent, 0, VSS_SM_BACKUP_EVENTS_FLAG));
    return silent;
}

static void a_writer_that_gives_no_answer(void)
{
    static const struct vssemu_writer_ops ops = { .OnPrepareBackup = sleep_long };
    struct stage *stage = stage_open();
    struct vssemu_writer *silent = subscribe(&ops);
    struct status s = { 0 };

    prepare_in_volume_mode(stage);
    MUST(STATUS(1, s));
    SHOWS(IVssBackupComponents, GetWriterStatus, VSS_E_WRITER_NOT_RESPONDING, s.failure);
    EXPECT(s.state == VSS_WS_STABLE && wcscmp(s.name, L"Silent") == 0);
    clear(&s);
    MUST(STATUS_EX(1, s));
    SHOWS(IVssBackupComponentsEx3, GetWriterStatusEx, VSS_E_WRITER_NOT_RESPONDING, s.failure);
    clear(&s);
    call(stage->b, Release);
    stage->b = NULL;
    vssemu_writer_free(silent);
    stage_close(stage);
}

/* It is left out, and the others are not. */
static void a_writer_that_does_not_even_say_who_it_is(void)
{
    static const struct vssemu_writer_ops ops = { .OnIdentify = sleep_in_identify };
    struct stage *stage = stage_open();
    struct vssemu_writer *silent = subscribe(&ops);
    UINT n_metadata = 0, n_status = 0;

    stage_go(stage, AT_GATHERED);
    gather(stage);
    MUST(call(stage->b, GetWriterMetadataCount, &n_metadata));
    MUST(call(stage->b, GetWriterStatusCount, &n_status));
    EXPECT(n_metadata == 1 && n_status == 1);
    call(stage->b, Release);
    stage->b = NULL;
    vssemu_writer_free(silent);
    stage_close(stage);
}

/* ---- slots ---- */

static IVssBackupComponents *open_restore(BSTR xml)
{
    IVssBackupComponents *b = NULL;
    IVssAsync *async = NULL;

    MUST(CreateVssBackupComponents(&b));
    MUST(call(b, InitializeForRestore, xml));
    MUST(stage_finish(call(b, GatherWriterMetadata, &async), &async));
    MUST(call(b, SetSelectedForRestore, stage_writer_id, VSS_CT_DATABASE, stage_db_path,
              stage_db_name, TRUE));
    MUST(stage_finish(call(b, PreRestore, &async), &async));
    return b;
}

static struct status status_of_new_backup(struct stage *stage)
{
    struct status s = { 0 };

    call(stage->b, Release);
    stage->next = AT_CREATED;
    stage_go(stage, AT_PREPARED);
    gather(stage);
    MUST(STATUS(0, s));
    clear(&s);
    MUST(STATUS_EX(0, s));
    SysFreeString(s.name);
    SysFreeString(s.message);
    return s;
}

/* 64 restores that nobody ends; what they left behind is collected after two days. */
static void a_writer_whose_slots_are_taken(void)
{
    struct stage *stage = stage_at(AT_COMPLETE);
    BSTR xml = stage_saved_document(stage);

    for (int i = 0; i < 64; i++) {
        IVssBackupComponents *restore = open_restore(xml);

        call(restore, Release);
    }
    struct status s = status_of_new_backup(stage);
    SHOWS(IVssBackupComponents, GetWriterStatus, VSS_E_WRITER_STATUS_NOT_AVAILABLE, s.failure);
    SHOWS(IVssBackupComponentsEx3, GetWriterStatusEx, VSS_E_WRITER_STATUS_NOT_AVAILABLE, s.failure);
    EXPECT(!strstr(vssemu_event_log(stage->world), "12289"));

    vssemu_run_for(stage->world, INT64_C(2) * 24 * 3600 * 1000 + 1);
    s = status_of_new_backup(stage);
    EXPECT(s.failure == S_OK && s.state == VSS_WS_STABLE);
    EXPECT(strstr(vssemu_event_log(stage->world),
                  "VSS 12289 Error VSS_E_WRITER_STATUS_NOT_AVAILABLE"));
    SysFreeString(xml);
    stage_close(stage);
}

/* Backups that went as far as phase and whose requesters stay: each gave its slot back, or not. */
static HRESULT after_many_backups(enum stage_phase phase, const char *slots, bool asks_for_status)
{
    struct stage *stage = stage_open();
    IVssBackupComponentsEx4 *others[64];
    struct status s = { 0 };

    EXPECT(vssemu_set_choice(stage->world, "session_slots", slots));
    for (int i = 0; i < 64; i++) {
        stage->next = AT_CREATED;
        stage_go(stage, phase);
        if (asks_for_status)
            gather(stage);
        others[i] = stage->b;
    }
    stage->next = AT_CREATED;
    stage_go(stage, AT_PREPARED);
    gather(stage);
    MUST(STATUS(0, s));
    for (int i = 0; i < 64; i++)
        call(others[i], Release);
    HRESULT failure = s.failure;
    clear(&s);
    stage_close(stage);
    return failure;
}

/* Learn: "Determining Writer Status": up to Server 2008 SP2 a session ends with a status that was
 * gathered after BackupComplete. */
static void when_a_slot_is_free_again(void)
{
    EXPECT(after_many_backups(AT_COMPLETE, "by-event", false) == S_OK);
    EXPECT(after_many_backups(AT_SNAPSHOT_DONE, "by-event", false) ==
           VSS_E_WRITER_STATUS_NOT_AVAILABLE);
    EXPECT(after_many_backups(AT_COMPLETE, "by-status", true) == S_OK);
    EXPECT(after_many_backups(AT_COMPLETE, "by-status", false) ==
           VSS_E_WRITER_STATUS_NOT_AVAILABLE);
}

static void a_writer_that_fails_identify_is_on_no_list(void)
{
    struct stage *stage = stage_open();
    UINT n = 1;

    stage->fails_at = "Identify";
    stage_go(stage, AT_GATHERED);
    MUST(call(stage->b, GetWriterMetadataCount, &n));
    EXPECT(n == 0);
    gather(stage);
    MUST(call(stage->b, GetWriterStatusCount, &n));
    EXPECT(n == 0);
    stage_close(stage);
}

int main(void)
{
    how_it_is_asked();
    what_writers_report();
    a_message_without_a_failure();
    a_writer_that_gives_no_answer();
    a_writer_that_does_not_even_say_who_it_is();
    a_writer_whose_slots_are_taken();
    when_a_slot_is_free_again();
    a_writer_that_fails_identify_is_on_no_list();
    return contract_result();
}
