/* SPDX-License-Identifier: MIT */
/* See heritage.h: the child's part, before its main(). */
#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "fakes/windows/mapping/file_mapping.h"
#include "fakes/windows/process.h"
#include "fakes/windows/processes/heritage.h"
#include "fakes/windows/shared/segment.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what could not be handed down ---- */

struct lost {
    struct object object;
    char *what; /* owned */
    bool is_said;
};

static void lost_destroy(struct object *object)
{
    free(((struct lost *)object)->what);
    free(object);
}

static void lost_explain(struct object *object)
{
    struct lost *lost = (struct lost *)object;

    if (!lost->is_said)
        fprintf(stderr,
                "vssemu: an inherited handle is not usable here: a %s cannot be handed down to "
                "another process\n",
                lost->what);
    lost->is_said = true;
}

static const struct object_class lost_class = {
    .name = "nothing",
    .destroy = lost_destroy,
    .explain = lost_explain,
};

static struct object *lost_object(const char *what)
{
    struct lost *lost = mem_new(struct lost);

    object_init(&lost->object, &lost_class);
    lost->what = mem_strdup(what);
    return &lost->object;
}

/* ---- one handle ---- */

/* Handles of one object are handles of one object here, too. */
static struct object *known[SHARED_N_OBJECTS + 1];

static const struct object_class *object_class_of(enum object_kind kind)
{
    static const struct object_class *const classes[] = { [OBJECT_EVENT] = &event_class,
                                                          [OBJECT_SEMAPHORE] = &semaphore_class,
                                                          [OBJECT_MUTEX] = &mutex_class,
                                                          [OBJECT_A_PROCESS] = &process_class };

    return kind < sizeof(classes) / sizeof(*classes) ? classes[kind] : NULL;
}

static struct object *run_object(enum object_kind kind, uint32_t shared)
{
    const struct object_class *class = object_class_of(kind);
    struct object *object = shared <= SHARED_N_OBJECTS ? known[shared] : NULL;

    if (object)
        return object_ref(object);
    if (!class || !shared_is_open())
        return NULL;
    objects_lock();
    object = kind == OBJECT_A_PROCESS ? process_of_run(shared) : object_of_run(shared, class);
    objects_unlock();
    if (object && shared <= SHARED_N_OBJECTS)
        known[shared] = object;
    return object;
}

static struct object *mapping_object(const char *text)
{
    unsigned protection;
    uint64_t inode;
    int64_t size;
    int fd;

    if (sscanf(text, "%d,%" SCNu64 ",%" SCNd64 ",%u", &fd, &inode, &size, &protection) != 4 ||
        !heritage_is_fd(fd, inode))
        return NULL;
    return file_mapping_inherited(fd, size, protection);
}

static struct object *object_of_text(char letter, DWORD access, const char *rest)
{
    unsigned shared;
    int kind;

    if (letter == 'o' && sscanf(rest, "%d,%u", &kind, &shared) == 2)
        return run_object((enum object_kind)kind, shared);
    if (letter == 'f')
        return heritage_file(rest, access);
    return letter == 'm' ? mapping_object(rest) : NULL;
}

/* "V=o,ACCESS,..." */
static void take_handle(const char *item)
{
    size_t value;
    unsigned access;
    char letter;
    int n = 0, n_access = 0;

    if (sscanf(item, "%zu=%c,%n", &value, &letter, &n) < 2 || !n)
        return;
    struct object *object = NULL;
    if (letter == 'n')
        object = lost_object(item + n);
    else if (sscanf(item + n, "%u,%n", &access, &n_access) == 1 && n_access)
        object = object_of_text(letter, access, item + n + n_access);
    if (object &&
        !handle_insert((HANDLE)value, object, letter == 'n' ? 0 : access, HANDLE_FLAG_INHERIT))
        object_unref(object);
}

/* ---- all ---- */

static void take_streams(const char *text)
{
    static const DWORD which[3] = { STD_INPUT_HANDLE, STD_OUTPUT_HANDLE, STD_ERROR_HANDLE };
    size_t values[3];

    if (sscanf(text, "%zu,%zu,%zu", &values[0], &values[1], &values[2]) != 3)
        return;
    for (int i = 0; i < 3; i++) {
        DWORD flags;

        if (values[i] && GetHandleInformation((HANDLE)values[i], &flags))
            SetStdHandle(which[i], (HANDLE)values[i]);
    }
}

void heritage_take(void)
{
    auto_free char *text = mem_strdup(getenv(HERITAGE_VARIABLE));
    const char *streams = NULL;
    unsigned self = 0;
    char *rest = NULL;

    if (!text)
        return;
    unsetenv(HERITAGE_VARIABLE);
    for (char *item = strtok_r(text, "|", &rest); item; item = strtok_r(NULL, "|", &rest)) {
        if (sscanf(item, "self=%u", &self) == 1 && shared_is_open())
            process_join_run(self);
        else if (strncmp(item, "std=", 4) == 0)
            streams = item + 4;
        else
            take_handle(item);
    }
    if (streams)
        take_streams(streams);
    memset(known, 0, sizeof(known));
}
