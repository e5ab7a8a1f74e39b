/* SPDX-License-Identifier: MIT */
/* See changes.h. One lock guards the watches and what they have gathered; it comes before the lock
 * of objects. */
#include "fakes/windows/changes/changes.h"

#include "emu/base/array.h"
#include "emu/base/cleanup.h"
#include "emu/base/list.h"
#include "emu/base/mem.h"
#include "emu/base/utf.h"
#include "fakes/windows/streams/side.h"
#include "fakes/windows/wait.h"

#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

struct change {
    DWORD action;
    uint16_t *name; /* relative to the directory, with backslashes */
};

struct change_watch {
    struct list link;
    struct win_path directory;
    bool has_subtree, has_overflown, is_ended;
    DWORD kinds, limit, size; /* of the records that wait */
    ARRAY(struct change) changes;
    change_heard *heard;
    void *argument;
};

static pthread_mutex_t watches_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t something_new = PTHREAD_COND_INITIALIZER;
static struct list watches = { &watches, &watches };
static unsigned n_watches;

void changes_lock(void)
{
    pthread_mutex_lock(&watches_lock);
}

void changes_unlock(void)
{
    pthread_mutex_unlock(&watches_lock);
}

/* ---- gathering ---- */

#define HEAD ((DWORD)offsetof(FILE_NOTIFY_INFORMATION, FileName))

/* Records are aligned to 4 bytes. */
static DWORD size_of_record(const struct change *change)
{
    return (HEAD + (DWORD)(utf16_length(change->name) * sizeof(WCHAR)) + 3) & ~(DWORD)3;
}

static void forget(struct change_watch *watch)
{
    for (size_t i = 0; i < watch->changes.count; i++)
        free(watch->changes.items[i].name);
    array_free(&watch->changes);
    watch->size = 0;
}

/* The name relative to the directory; NULL: the watch is not for it. The caller frees. */
static uint16_t *name_below(const struct change_watch *watch, const struct win_path *path)
{
    const struct win_path *directory = &watch->directory;
    size_t length = strlen(directory->text);

    if (path->volume != directory->volume || path->view != directory->view ||
        strncmp(path->text, directory->text, length) != 0 || (length && path->text[length] != '/'))
        return NULL;
    const char *name = path->text + length + (length > 0);
    if (!*name || (!watch->has_subtree && strchr(name, '/')))
        return NULL;
    auto_free char *text = mem_strdup(name);
    for (char *c = text; *c; c++)
        *c = *c == '/' ? '\\' : *c;
    return utf16_from_utf8(text);
}

/* The same change of the same file as just before is told once. */
static bool is_repeated(const struct change_watch *watch, const struct change *change)
{
    const struct change *last =
        watch->changes.count ? &watch->changes.items[watch->changes.count - 1] : NULL;
    size_t length = utf16_length(change->name);

    return last && change->action == FILE_ACTION_MODIFIED && last->action == change->action &&
           utf16_length(last->name) == length &&
           memcmp(last->name, change->name, length * sizeof(uint16_t)) == 0;
}

static void gather(struct change_watch *watch, struct change take_change)
{
    DWORD size = size_of_record(&take_change);

    if (!watch->limit || watch->has_overflown || is_repeated(watch, &take_change)) {
        free(take_change.name);
        return;
    }
    if (watch->size + size > watch->limit) {
        free(take_change.name);
        forget(watch);
        watch->has_overflown = true;
        return;
    }
    watch->size += size;
    array_add(&watch->changes, take_change);
}

static void tell_locked(const struct win_path *path, DWORD action, DWORD kind)
{
    list_each (struct change_watch, watch, &watches, link) {
        uint16_t *name = watch->kinds & kind ? name_below(watch, path) : NULL;
        if (!name)
            continue;
        gather(watch, (struct change){ action, name });
        if (watch->heard)
            watch->heard(watch->argument);
    }
    pthread_cond_broadcast(&something_new);
}

static bool is_told(const struct win_path *path)
{
    return __atomic_load_n(&n_watches, __ATOMIC_ACQUIRE) && path->volume && !path->view &&
           !path->stream && path->kind == PATH_FILE && !side_is_hidden(path);
}

void changes_tell(const struct win_path *path, DWORD action, DWORD kind)
{
    if (!is_told(path))
        return;
    changes_lock();
    tell_locked(path, action, kind);
    changes_unlock();
}

static bool is_same_folder(const char *a, const char *b)
{
    const char *a_slash = strrchr(a, '/'), *b_slash = strrchr(b, '/');
    size_t a_length = a_slash ? (size_t)(a_slash - a) : 0;
    size_t b_length = b_slash ? (size_t)(b_slash - b) : 0;

    return a_length == b_length && strncmp(a, b, a_length) == 0;
}

/* Learn: "FILE_NOTIFY_INFORMATION": in another folder it goes from one and comes into the other. */
void changes_tell_renamed(const struct win_path *from, const struct win_path *to, bool is_directory)
{
    DWORD kind = is_directory ? FILE_NOTIFY_CHANGE_DIR_NAME : FILE_NOTIFY_CHANGE_FILE_NAME;
    bool is_here = is_same_folder(from->text, to->text);

    if (!is_told(from) || !is_told(to))
        return;
    changes_lock();
    tell_locked(from, is_here ? FILE_ACTION_RENAMED_OLD_NAME : FILE_ACTION_REMOVED, kind);
    tell_locked(to, is_here ? FILE_ACTION_RENAMED_NEW_NAME : FILE_ACTION_ADDED, kind);
    changes_unlock();
}

/* ---- who listens ---- */

struct change_watch *change_watch_new(const struct win_path *directory, bool has_subtree,
                                      DWORD kinds, DWORD limit, change_heard *heard, void *argument)
{
    struct change_watch *watch = mem_new(struct change_watch);

    watch->directory = path_copy(directory);
    watch->has_subtree = has_subtree;
    watch->kinds = kinds;
    watch->limit = limit;
    watch->heard = heard;
    watch->argument = argument;
    changes_lock();
    list_append(&watches, &watch->link);
    __atomic_add_fetch(&n_watches, 1, __ATOMIC_RELEASE);
    changes_unlock();
    return watch;
}

void change_watch_free(struct change_watch *watch)
{
    if (!watch)
        return;
    changes_lock();
    list_remove(&watch->link);
    __atomic_sub_fetch(&n_watches, 1, __ATOMIC_RELEASE);
    changes_unlock();
    forget(watch);
    path_free(&watch->directory);
    free(watch);
}

/* All of it, or none when the buffer is too small. */
static DWORD give(struct change_watch *watch, char *buffer, DWORD size, size_t *ret_n)
{
    size_t at = 0;

    if (watch->size > size || watch->has_overflown) {
        watch->has_overflown = false;
        forget(watch);
        return ERROR_NOTIFY_ENUM_DIR;
    }
    memset(buffer, 0, watch->size);
    for (size_t i = 0; i < watch->changes.count; i++) {
        const struct change *change = &watch->changes.items[i];
        DWORD record = size_of_record(change);
        DWORD bytes = (DWORD)(utf16_length(change->name) * sizeof(WCHAR));
        FILE_NOTIFY_INFORMATION *info = (FILE_NOTIFY_INFORMATION *)(void *)(buffer + at);

        info->NextEntryOffset = i + 1 < watch->changes.count ? record : 0;
        info->Action = change->action;
        info->FileNameLength = bytes;
        memcpy(info->FileName, change->name, bytes);
        at += record;
    }
    forget(watch);
    *ret_n = at;
    return ERROR_SUCCESS;
}

DWORD change_watch_take(struct change_watch *watch, void *buffer, DWORD size,
                        const bool *is_cancelled, size_t *ret_n)
{
    DWORD error = ERROR_SUCCESS;

    *ret_n = 0;
    changes_lock();
    while (!error && !watch->changes.count && !watch->has_overflown) {
        if (__atomic_load_n(is_cancelled, __ATOMIC_ACQUIRE))
            error = ERROR_OPERATION_ABORTED;
        else if (watch->is_ended)
            error = ERROR_NOTIFY_CLEANUP;
        else
            wait_cond_until(&something_new, &watches_lock, WAIT_NEVER);
    }
    if (!error)
        error = give(watch, buffer, size, ret_n);
    changes_unlock();
    return error;
}

void changes_wake(void)
{
    changes_lock();
    pthread_cond_broadcast(&something_new);
    changes_unlock();
}

void change_watch_end(struct change_watch *watch)
{
    changes_lock();
    watch->is_ended = true;
    pthread_cond_broadcast(&something_new);
    changes_unlock();
}
