/* SPDX-License-Identifier: MIT */
/* A world for stories of the built-in requester: volumes C: and D: in memory, a writer whose
 * handlers are the story's, a directory of the host for documents and stores, and betest run as
 * its command line says. Leaving the stage checks that no COM object was left. */
#pragma once

#include "emu/base/check.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/include/vssemu.h"
#include "emu/include/vssemu_writer.h"
#include "fakes/requester/betest.h"
#include "tests/support/cmocka_vss.h"
#include "emu/host/host_tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <windows.h>

#define call(object, method, ...) ((object)->lpVtbl->method((object), ##__VA_ARGS__))

struct betest_stage {
    struct vssemu_world *world;
    struct vssemu_writer *writer;
    void (*identify)(struct betest_stage *stage, IVssCreateWriterMetadata *metadata);
    /* May be NULL. components in PrepareForBackup, PostSnapshot, PreRestore, PostRestore. */
    void (*handler)(struct betest_stage *stage, const char *event,
                    IVssWriterComponents *components);
    const char *fails_at; /* an event that the writer refuses; NULL: none */
    HRESULT failure;
    char directory[32]; /* of the host */
    char *said;         /* all that betest said so far */
    int pass;           /* the story's */
    char *note;         /* the story's; freed */
};

static const VSS_ID stage_class = { 0xb07e5700, 1, 2, { 3, 4, 5, 6, 7, 8, 9, 10 } };
#define STAGE_CLASS "b07e5700-0001-0002-0304-05060708090a"

static inline bool stage_event_(struct betest_stage *stage, const char *event,
                                IVssWriterComponents *components)
{
    if (stage->handler)
        stage->handler(stage, event, components);
    if (!stage->fails_at || !str_is_equal(stage->fails_at, event))
        return true;
    vssemu_writer_set_failure(stage->writer, stage->failure);
    return false;
}

#define STAGE_EVENT(method, event)                                                  \
    static inline bool stage_##method(void *self, IVssWriterComponents *components) \
    {                                                                               \
        return stage_event_(self, event, components);                               \
    }
STAGE_EVENT(OnPrepareBackup, "PrepareForBackup")
STAGE_EVENT(OnPostSnapshot, "PostSnapshot")
STAGE_EVENT(OnBackupComplete, "BackupComplete")
STAGE_EVENT(OnPreRestore, "PreRestore")
STAGE_EVENT(OnPostRestore, "PostRestore")

static inline bool stage_OnIdentify(void *self, IVssCreateWriterMetadata *metadata)
{
    struct betest_stage *stage = self;

    stage->identify(stage, metadata);
    return true;
}

static inline bool stage_OnFreeze(void *self)
{
    return stage_event_(self, "Freeze", NULL);
}

static const struct vssemu_writer_ops stage_ops = {
    .OnIdentify = stage_OnIdentify,
    .OnPrepareBackup = stage_OnPrepareBackup,
    .OnFreeze = stage_OnFreeze,
    .OnPostSnapshot = stage_OnPostSnapshot,
    .OnBackupComplete = stage_OnBackupComplete,
    .OnPreRestore = stage_OnPreRestore,
    .OnPostRestore = stage_OnPostRestore,
};

static inline int betest_stage_open(void **state)
{
    struct betest_stage *stage = mem_new(struct betest_stage);

    stage->world = vssemu_world_new(NULL);
    check(vssemu_add_volume(stage->world, "C:", NULL));
    check(vssemu_add_volume(stage->world, "D:", NULL));
    strcpy(stage->directory, "/tmp/betest-stage-XXXXXX");
    check(mkdtemp(stage->directory) != NULL);
    *state = stage;
    return 0;
}

static inline int betest_stage_close(void **state)
{
    struct betest_stage *stage = *state;

    vssemu_writer_free(stage->writer);
    unsigned n_left = vssemu_world_free(stage->world);
    host_tree_remove(stage->directory);
    free(stage->said);
    free(stage->note);
    free(stage);
    return n_left ? -1 : 0;
}

#define betest_story(f) cmocka_unit_test_setup_teardown(f, betest_stage_open, betest_stage_close)

/* The writer comes; before the first requester. */
static inline void stage_writer(struct betest_stage *stage,
                                void (*identify)(struct betest_stage *stage,
                                                 IVssCreateWriterMetadata *metadata))
{
    struct vssemu_writer_identity identity;

    stage->identify = identify;
    stage->writer = vssemu_writer_new(&stage_ops, stage, VSSEMU_WRITER_INLINE);
    vssemu_writer_identity_init(&identity);
    identity.writer_id = stage_class;
    identity.name = L"Story Writer";
    identity.usage = VSS_UT_USERDATA;
    identity.source = VSS_ST_OTHER;
    check(vssemu_writer_initialize(stage->writer, &identity) == S_OK);
    check(vssemu_writer_subscribe(stage->writer, 1000,
                                  VSS_SM_BACKUP_EVENTS_FLAG | VSS_SM_RESTORE_EVENTS_FLAG) == S_OK);
}

/* A path in the stage's directory; the caller frees. */
static inline char *stage_path(const struct betest_stage *stage, const char *name)
{
    return str_printf("%s/%s", stage->directory, name);
}

/* Runs betest with these words; words that begin with @ are paths in the stage's directory. What it
 * says becomes stage->said. */
static inline int stage_betest_(struct betest_stage *stage, size_t n, const char *const *words)
{
    char *argv[32] = { (char *)"betest" };
    struct betest_options options;
    bool is_help;
    size_t size;

    free(stage->said);
    for (size_t i = 0; i < n; i++)
        argv[i + 1] = words[i][0] == '@' ? stage_path(stage, words[i] + 1) : mem_strdup(words[i]);
    check(betest_options_parse((int)n + 1, argv, &options, &is_help));
    options.out = open_memstream(&stage->said, &size);
    int result = betest_run(&options);
    fclose(options.out);
    for (size_t i = 0; i < n; i++)
        free(argv[i + 1]);
    return result;
}
#define stage_betest(stage, ...)                                        \
    ({                                                                  \
        const char *const words_[] = { __VA_ARGS__ };                   \
        stage_betest_(stage, sizeof(words_) / sizeof(*words_), words_); \
    })

#define assert_betest(expected, stage, ...)                                                \
    do {                                                                                   \
        int result_ = stage_betest(stage, __VA_ARGS__);                                    \
        if (result_ != (expected))                                                         \
            fail_msg("exit code %d instead of %d:\n%s", result_, expected, (stage)->said); \
    } while (0)
#define assert_said(stage, words)                                       \
    do {                                                                \
        if (!strstr((stage)->said, words))                              \
            fail_msg("\"%s\" was not said:\n%s", words, (stage)->said); \
    } while (0)
#define assert_not_said(stage, words)                               \
    do {                                                            \
        if (strstr((stage)->said, words))                           \
            fail_msg("\"%s\" was said:\n%s", words, (stage)->said); \
    } while (0)

static inline void stage_write(struct betest_stage *stage, const char *path, const char *text)
{
    check(vssemu_file_write(stage->world, path, text, strlen(text)));
}

/* A file of the world as a text, NULL if it is not there; the caller frees. */
static inline char *stage_read(struct betest_stage *stage, const char *path)
{
    void *data;
    size_t size;

    return vssemu_file_read(stage->world, path, &data, &size) ? data : NULL;
}

#define assert_file(stage, path, expected)                                                  \
    do {                                                                                    \
        char *text_ = stage_read(stage, path);                                              \
        if (!text_ || strcmp(text_, expected) != 0)                                         \
            fail_msg("%s holds \"%s\", not \"%s\":\n%s", path, text_ ? text_ : "(nothing)", \
                     expected, (stage)->said ? (stage)->said : "");                         \
        free(text_);                                                                        \
    } while (0)
#define assert_no_file(stage, path)                                \
    do {                                                           \
        char *text_ = stage_read(stage, path);                     \
        if (text_)                                                 \
            fail_msg("%s is there and holds \"%s\"", path, text_); \
        free(text_);                                               \
    } while (0)

/* The first component of a writer's part of the document; the caller releases it. */
static inline IVssComponent *stage_component(IVssWriterComponents *components)
{
    IVssComponent *component = NULL;

    check(components && call(components, GetComponent, 0, &component) == S_OK);
    return component;
}

/* Whether the store keeps this file of the component whose folder is named. */
static inline bool stage_has(struct betest_stage *stage, const char *store, const char *component,
                             const char *file)
{
    char *path =
        str_printf("%s/%s/Story Writer-b07e5700/%s/%s", stage->directory, store, component, file);
    bool is_there = access(path, F_OK) == 0;

    free(path);
    return is_there;
}
