/* SPDX-License-Identifier: MIT */
/* Two requesters and ten writers at the same time on the real clock: the requesters each make
 * complete backups on a thread of their own, each writer has its own, and the main thread looks on.
 * test_races.c runs it, also under ThreadSanitizer.
 *
 *   threads_two_requesters [BACKUPS [PLANT]]   PLANT: "writer" makes the writers count without a
 *       lock, "service" makes the main thread look into the service without entering it. Both are
 *       races, planted so that somebody can see whether they are reported. */
#include "tests/support/requester_steps.h"

#include "emu/base/mem.h"
#include "emu/setup/world.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define N_WRITERS    10
#define N_REQUESTERS 2

#define EXPECT(condition)                                                             \
    do {                                                                              \
        if (!(condition)) {                                                           \
            fprintf(stderr, "%s:%d: expected: %s\n", __FILE__, __LINE__, #condition); \
            exit(1);                                                                  \
        }                                                                             \
    } while (0)

struct ledger {
    pthread_mutex_t lock;
    bool is_unlocked; /* the planted race */
    unsigned n_entries;
};

struct ledger_writer {
    struct vssemu_writer *writer;
    struct ledger *ledger; /* of all writers */
    bool is_frozen;        /* handlers of one writer come one at a time */
    unsigned n_freezes;
};

struct requester {
    struct vssemu_world *world;
    unsigned n_backups, n_refusals;
    pthread_t thread;
};

/* ---- writers ---- */

static void enter_into(struct ledger *ledger)
{
    if (!ledger->is_unlocked)
        pthread_mutex_lock(&ledger->lock);
    ledger->n_entries++;
    if (!ledger->is_unlocked)
        pthread_mutex_unlock(&ledger->lock);
}

static bool on_identify(void *self, IVssCreateWriterMetadata *m)
{
    enter_into(((struct ledger_writer *)self)->ledger);
    return SUCCEEDED(call(m, AddComponent, VSS_CT_FILEGROUP, NULL, L"ledger", NULL, NULL, 0, false,
                          false, true, false, 0)) &&
           SUCCEEDED(call(m, AddFilesToFileGroup, NULL, L"ledger", L"C:\\ledger", L"*", true, NULL,
                          0x0f0f));
}

static bool on_prepare_backup(void *self, IVssWriterComponents *components)
{
    IVssComponent *component = NULL;

    enter_into(((struct ledger_writer *)self)->ledger);
    if (call(components, GetComponent, 0, &component) != S_OK)
        return false;
    call(component, SetBackupMetadata, L"some metadata");
    call(component, SetBackupStamp, L"a stamp");
    call(component, Release);
    return true;
}

static bool on_freeze(void *self)
{
    struct ledger_writer *writer = self;

    writer->is_frozen = true;
    writer->n_freezes++;
    enter_into(writer->ledger);
    return vssemu_writer_is_path_affected(writer->writer, L"C:\\ledger");
}

static bool on_thaw(void *self)
{
    struct ledger_writer *writer = self;
    bool was_frozen = writer->is_frozen;

    writer->is_frozen = false;
    enter_into(writer->ledger);
    return was_frozen;
}

static const struct vssemu_writer_ops ops = {
    .OnIdentify = on_identify,
    .OnPrepareBackup = on_prepare_backup,
    .OnFreeze = on_freeze,
    .OnThaw = on_thaw,
};

static void subscribe(struct ledger_writer *writer, unsigned number)
{
    struct vssemu_writer_identity identity;
    WCHAR name[] = L"Writer 0";

    name[7] = (WCHAR)(L'0' + number);
    vssemu_writer_identity_init(&identity);
    identity.writer_id = (VSS_ID){ number, 2, 3, { 4 } };
    identity.name = name;
    identity.usage = VSS_UT_USERDATA;
    identity.source = VSS_ST_OTHER;
    identity.level = number % 2 ? VSS_APP_BACK_END : VSS_APP_FRONT_END;
    writer->writer = vssemu_writer_new(&ops, writer, 0);
    EXPECT(vssemu_writer_initialize(writer->writer, &identity) == S_OK);
    EXPECT(vssemu_writer_subscribe(writer->writer, 0, VSS_SM_BACKUP_EVENTS_FLAG) == S_OK);
}

/* ---- requesters ---- */

static void open_set(struct requester *requester, IVssBackupComponents *b)
{
    HRESULT hr;

    while ((hr = requester_start_set(b)) == VSS_E_SNAPSHOT_SET_IN_PROGRESS) {
        requester->n_refusals++;
        Sleep(1);
    }
    EXPECT(hr == S_OK);
    EXPECT(requester_add_volume(b) == S_OK);
}

static void back_up(struct requester *requester)
{
    IVssBackupComponents *b = requester_new();
    HRESULT failure;

    EXPECT(requester_gather(b) == S_OK);
    for (UINT i = 0; i < N_WRITERS; i++)
        EXPECT(requester_add(b, i, L"ledger") == S_OK);
    open_set(requester, b);
    EXPECT(requester_prepare(b) == S_OK);
    EXPECT(requester_snapshot(b) == S_OK);
    for (UINT i = 0; i < N_WRITERS; i++)
        EXPECT(requester_state(b, i, &failure) == VSS_WS_WAITING_FOR_BACKUP_COMPLETE);
    EXPECT(requester_complete(b) == S_OK);
    char *document = requester_document(b);
    EXPECT(strstr(document, "a stamp"));
    free(document);
    call(b, Release);
}

static void *requester_main(void *arg)
{
    struct requester *requester = arg;

    vssemu_world_use(requester->world);
    for (unsigned i = 0; i < requester->n_backups; i++)
        back_up(requester);
    return NULL;
}

/* ---- the story ---- */

static bool everybody_is_done(struct requester *requesters, bool *is_done)
{
    bool all = true;

    for (int i = 0; i < N_REQUESTERS; i++) {
        is_done[i] = is_done[i] || pthread_tryjoin_np(requesters[i].thread, NULL) == 0;
        all = all && is_done[i];
    }
    return all;
}

/* What a test may ask meanwhile; with the plant, what nobody may. */
static void look_on(struct vssemu_world *world, bool looks_into_service)
{
    static volatile unsigned seen;

    vssemu_now_ms(world);
    (void)vssemu_writer_state(world, "Writer 3");
    if (looks_into_service)
        seen = seen + world->service.n_unfinished;
    Sleep(1);
}

int main(int argc, char **argv)
{
    unsigned n_backups = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 3;
    const char *plant = argc > 2 ? argv[2] : "";
    struct vssemu_world *world =
        vssemu_world_new(&(struct vssemu_options){ .seed = 1, .real_clock = true });
    struct ledger ledger = { .lock = PTHREAD_MUTEX_INITIALIZER,
                             .is_unlocked = strcmp(plant, "writer") == 0 };
    struct ledger_writer writers[N_WRITERS] = { 0 };
    struct requester requesters[N_REQUESTERS];
    bool is_done[N_REQUESTERS] = { false };

    EXPECT(vssemu_add_volume(world, "C:", NULL));
    EXPECT(vssemu_file_write(world, "C:\\ledger\\book.txt", "1", 1));
    for (unsigned i = 0; i < N_WRITERS; i++) {
        writers[i].ledger = &ledger;
        subscribe(&writers[i], i);
    }
    for (int i = 0; i < N_REQUESTERS; i++) {
        requesters[i] = (struct requester){ .world = world, .n_backups = n_backups };
        EXPECT(pthread_create(&requesters[i].thread, NULL, requester_main, &requesters[i]) == 0);
    }
    while (!everybody_is_done(requesters, is_done))
        look_on(world, strcmp(plant, "service") == 0);
    for (int i = 0; i < N_WRITERS; i++) {
        vssemu_writer_free(writers[i].writer);
        EXPECT(writers[i].n_freezes == N_REQUESTERS * n_backups);
        EXPECT(!writers[i].is_frozen);
    }
    EXPECT(ledger.is_unlocked ||
           ledger.n_entries == N_WRITERS * N_REQUESTERS * n_backups * 4); /* four handlers */
    EXPECT(vssemu_world_free(world) == 0);
    printf("%u backups, %u refusals\n", N_REQUESTERS * n_backups,
           requesters[0].n_refusals + requesters[1].n_refusals);
    return 0;
}
