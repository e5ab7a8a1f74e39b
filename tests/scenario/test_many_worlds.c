/* SPDX-License-Identifier: MIT */
/* A world to each thread: fifty backups at the same time on real threads, each in a world and with
 * a seed of its own. Whatever the neighbours do, a world's trace is what its seed gives alone. */
#include "tests/support/requester_steps.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define N 50

static const char simulated_xml[] =
    "<TestWriter usage='USER_DATA'>"
    "<RestoreMethod method='RESTORE_IF_CAN_REPLACE' writerRestore='always' rebootRequired='no'/>"
    "<Component componentType='filegroup' componentName='docs' selectable='yes'>"
    "<ComponentFile path='C:\\docs' filespec='*' recursive='yes'/></Component></TestWriter>";

/* A writer with a thread of its own. Its handler reads a file of its world: a handler lives there,
 * too. */
struct native_writer {
    struct vssemu_writer *writer;
    char text[16]; /* of C:\docs\a.txt, as seen in Freeze */
};

static bool on_identify(void *self, IVssCreateWriterMetadata *m)
{
    (void)self;
    return SUCCEEDED(call(m, AddComponent, VSS_CT_FILEGROUP, NULL, L"mine", NULL, NULL, 0, false,
                          false, true, false, 0)) &&
           SUCCEEDED(
               call(m, AddFilesToFileGroup, NULL, L"mine", L"C:\\mine", L"*", true, NULL, 0x0f0f));
}

static bool on_freeze(void *self)
{
    struct native_writer *native = self;
    DWORD n_read = 0;
    HANDLE file = CreateFileW(L"C:\\docs\\a.txt", GENERIC_READ, FILE_SHARE_READ, NULL,
                              OPEN_EXISTING, 0, NULL);

    if (file == INVALID_HANDLE_VALUE)
        return false;
    ReadFile(file, native->text, sizeof(native->text) - 1, &n_read, NULL);
    CloseHandle(file);
    Sleep(1000);
    return true;
}

static const struct vssemu_writer_ops ops = { .OnIdentify = on_identify, .OnFreeze = on_freeze };

static HRESULT subscribe(struct native_writer *native)
{
    struct vssemu_writer_identity identity;

    vssemu_writer_identity_init(&identity);
    identity.writer_id = (VSS_ID){ 1, 2, 3, { 4 } };
    identity.name = L"Native Writer";
    identity.usage = VSS_UT_USERDATA;
    identity.source = VSS_ST_OTHER;
    native->writer = vssemu_writer_new(&ops, native, 0);
    HRESULT hr = vssemu_writer_initialize(native->writer, &identity);
    return FAILED(hr) ? hr : vssemu_writer_subscribe(native->writer, 0, VSS_SM_BACKUP_EVENTS_FLAG);
}

/* ---- one world ---- */

struct scene {
    pthread_barrier_t *start; /* NULL: alone */
    unsigned seed;
    bool has_native_writer;
    /* the outcome; threads assert nothing, the test does */
    HRESULT result;
    const char *error; /* a step that failed, NULL: none */
    char *trace, *snapshot_text;
    char frozen_text[16];
    unsigned n_left;
};

static char *snapshot_text_of(struct vssemu_world *w)
{
    char path[200];
    void *data = NULL;
    size_t size;

    snprintf(path, sizeof(path), "%s\\docs\\a.txt", vssemu_snapshot_device(w, "C:"));
    return vssemu_file_read(w, path, &data, &size) ? data : NULL;
}

static void play_in(struct scene *scene, struct vssemu_world *w)
{
    struct native_writer native = { 0 };
    char text[16];

    snprintf(text, sizeof(text), "seed %u", scene->seed);
    if (!vssemu_add_volume(w, "C:", NULL) ||
        !vssemu_file_write(w, "C:\\docs\\a.txt", text, strlen(text)) ||
        !vssemu_add_writer_xml(w, simulated_xml))
        scene->error = "cast";
    if (scene->has_native_writer && subscribe(&native) != S_OK)
        scene->error = "native writer";
    scene->result = vssemu_backup(w, VSSEMU_POST_SNAPSHOT);
    vssemu_file_write(w, "C:\\docs\\a.txt", "changed", 7);
    scene->snapshot_text = snapshot_text_of(w);
    if (scene->result == S_OK)
        scene->result = vssemu_backup(w, VSSEMU_END);
    scene->trace = strdup(vssemu_trace(w));
    memcpy(scene->frozen_text, native.text, sizeof(native.text));
    vssemu_writer_free(native.writer);
}

static void *play(void *arg)
{
    struct scene *scene = arg;

    if (scene->start)
        pthread_barrier_wait(scene->start);
    struct vssemu_world *w = vssemu_world_new(&(struct vssemu_options){ .seed = scene->seed });
    play_in(scene, w);
    scene->n_left = vssemu_world_free(w);
    return NULL;
}

static void assert_scene_is_good(const struct scene *scene)
{
    char text[16];

    snprintf(text, sizeof(text), "seed %u", scene->seed);
    if (scene->error)
        fail_msg("seed %u: %s", scene->seed, scene->error);
    assert_int_equal(scene->result, S_OK);
    assert_non_null(scene->snapshot_text);
    assert_string_equal(scene->snapshot_text, text);
    if (scene->has_native_writer)
        assert_string_equal(scene->frozen_text, text);
    assert_int_equal(scene->n_left, 0);
}

static void forget(struct scene *scene)
{
    free(scene->trace);
    free(scene->snapshot_text);
}

static void assert_same_as_alone(bool has_native_writer)
{
    pthread_barrier_t start;
    struct scene together[N] = { 0 }, alone = { 0 };
    pthread_t threads[N];

    pthread_barrier_init(&start, NULL, N);
    for (unsigned i = 0; i < N; i++) {
        together[i] = (struct scene){ .start = &start,
                                      .seed = i + 1,
                                      .has_native_writer = has_native_writer };
        assert_int_equal(pthread_create(&threads[i], NULL, play, &together[i]), 0);
    }
    for (unsigned i = 0; i < N; i++)
        pthread_join(threads[i], NULL);
    for (unsigned i = 0; i < N; i++) {
        alone = (struct scene){ .seed = i + 1, .has_native_writer = has_native_writer };
        play(&alone);
        assert_scene_is_good(&together[i]);
        assert_scene_is_good(&alone);
        assert_string_equal(together[i].trace, alone.trace);
        forget(&together[i]);
        forget(&alone);
    }
    pthread_barrier_destroy(&start);
}

static void fifty_worlds_in_fifty_threads_each_have_their_backup(void **state)
{
    (void)state;
    assert_same_as_alone(false);
}

static void writers_with_threads_of_their_own_change_nothing(void **state)
{
    (void)state;
    assert_same_as_alone(true);
}

/* ---- two worlds in one thread ---- */

static void one_thread_steps_through_two_worlds_in_turn(void **state)
{
    struct vssemu_world *worlds[2];
    static const char *const texts[2] = { "first", "other" };

    (void)state;
    for (int i = 0; i < 2; i++) {
        worlds[i] = vssemu_world_new(NULL);
        assert_true(vssemu_add_volume(worlds[i], "C:", NULL));
        assert_true(vssemu_file_write(worlds[i], "C:\\docs\\a.txt", texts[i], 5));
        assert_true(vssemu_add_writer_xml(worlds[i], simulated_xml));
    }
    for (enum vssemu_until until = VSSEMU_IDENTIFY; until <= VSSEMU_POST_SNAPSHOT; until++) {
        for (int i = 0; i < 2; i++) {
            vssemu_world_use(worlds[i]);
            assert_int_equal(vssemu_backup(worlds[i], until), S_OK);
        }
    }
    for (int i = 0; i < 2; i++) {
        vssemu_world_use(worlds[i]);
        char *text = snapshot_text_of(worlds[i]);
        assert_string_equal(text, texts[i]);
        free(text);
        assert_int_equal(vssemu_backup(worlds[i], VSSEMU_END), S_OK);
        assert_int_equal(vssemu_world_free(worlds[i]), 0);
    }
}

/* A leak belongs to the world it was made in, whoever else is at work. A document needs no world:
 * it can still be released. */
static void object_that_is_left_is_told_by_its_own_world(void **state)
{
    struct vssemu_world *clean = vssemu_world_new(NULL), *leaky = vssemu_world_new(NULL);
    IVssExamineWriterMetadata *left = NULL;
    VSS_ID instance;

    (void)state;
    assert_true(vssemu_add_writer_xml(leaky, simulated_xml));
    IVssBackupComponents *b = requester_new();
    assert_int_equal(requester_gather(b), S_OK);
    assert_int_equal(call(b, GetWriterMetadata, 0, &instance, &left), S_OK);
    call(b, Release);
    vssemu_world_use(clean);
    assert_int_equal(vssemu_world_free(clean), 0);
    vssemu_world_use(leaky);
    assert_int_equal(vssemu_world_free(leaky), 1);
    call(left, Release);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fifty_worlds_in_fifty_threads_each_have_their_backup),
        cmocka_unit_test(writers_with_threads_of_their_own_change_nothing),
        cmocka_unit_test(one_thread_steps_through_two_worlds_in_turn),
        cmocka_unit_test(object_that_is_left_is_told_by_its_own_world),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
