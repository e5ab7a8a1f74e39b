/* SPDX-License-Identifier: MIT */
/* See file_node.h (Learn: "Creating and Opening Files", "Locking and Unlocking Byte Ranges in
 * Files"). One lock guards the table and everything in it; it is never held over I/O. */
#include "fakes/windows/file_node.h"

#include "emu/base/mem.h"
#include "fakes/windows/file.h"
#include "fakes/windows/storage.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct file_lock {
    struct list link;
    struct file *file;
    uint64_t start, length;
    bool is_exclusive;
};

static pthread_mutex_t nodes_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t a_lock_is_gone = PTHREAD_COND_INITIALIZER;
static struct hash nodes;

/* ---- the table ---- */

static uint64_t hash_of(const struct win_path *path, dev_t device, ino_t ino)
{
    uint64_t place = path->volume ? (uint64_t)(uintptr_t)path->volume : (uint64_t)device;

    return hash_number(place + path->view) ^ hash_number((uint64_t)ino);
}

static struct file_node *find(const struct win_path *path, dev_t device, ino_t ino)
{
    uint64_t hash = hash_of(path, device, ino);

    for (struct hash_link *link = hash_chain(&nodes, hash); link; link = link->next) {
        struct file_node *node = container_of(link, struct file_node, link);
        if (link->hash == hash && node->ino == ino && node->path.volume == path->volume &&
            node->path.view == path->view && (path->volume || node->device == device))
            return node;
    }
    return NULL;
}

static struct file_node *find_stat(const struct win_path *path, const struct stat *st)
{
    return find(path, st->st_dev, st->st_ino);
}

static struct file_node *node_new(const struct win_path *path, const struct stat *st)
{
    struct file_node *node = mem_new(struct file_node);

    node->device = st->st_dev;
    node->ino = st->st_ino;
    node->path = path_copy(path);
    node->is_directory = S_ISDIR(st->st_mode);
    list_init(&node->files);
    list_init(&node->locks);
    hash_add(&nodes, &node->link, hash_of(path, st->st_dev, st->st_ino));
    return node;
}

static void node_free(struct file_node *node)
{
    hash_remove(&nodes, &node->link);
    path_free(&node->path);
    free(node);
}

/* ---- sharing ---- */

/* Access rights as the bits that sharing speaks of. */
static DWORD shared_access(DWORD access)
{
    return (access & (FILE_READ_DATA | FILE_EXECUTE) ? (DWORD)FILE_SHARE_READ : 0u) |
           (access & (FILE_WRITE_DATA | FILE_APPEND_DATA) ? (DWORD)FILE_SHARE_WRITE : 0u) |
           (access & DELETE ? (DWORD)FILE_SHARE_DELETE : 0u);
}

static const DWORD share_bits[] = { FILE_SHARE_READ, FILE_SHARE_WRITE, FILE_SHARE_DELETE };

/* A handle for attributes alone disturbs nobody, whatever it says that it shares. */
static void count_shares(struct file_node *node, const struct file *file, int by)
{
    DWORD has = shared_access(file->access);

    if (!has)
        return;
    node->n_sharers += by;
    for (int i = 0; i < 3; i++) {
        node->n_users[i] += has & share_bits[i] ? by : 0;
        node->n_offers[i] += file->share & share_bits[i] ? by : 0;
    }
}

/* Each access must be offered by all who are there, and each that they have be offered to them. */
static DWORD check_sharing(const struct file_node *node, DWORD wanted, DWORD offered)
{
    for (int i = 0; i < 3; i++) {
        if ((wanted & share_bits[i] && node->n_offers[i] < node->n_sharers) ||
            (node->n_users[i] && !(offered & share_bits[i])))
            return ERROR_SHARING_VIOLATION;
    }
    return ERROR_SUCCESS;
}

DWORD file_node_enter(struct file *file, const struct stat *st)
{
    DWORD wanted = shared_access(file->access), error = ERROR_SUCCESS;

    pthread_mutex_lock(&nodes_lock);
    struct file_node *node = find_stat(&file->path, st);
    if (node && node->is_delete_pending)
        error = ERROR_ACCESS_DENIED;
    else if (node && wanted)
        error = check_sharing(node, wanted, file->share);
    else if (!node)
        node = node_new(&file->path, st);
    if (!error) {
        file->node = node;
        list_append(&node->files, &file->node_link);
        count_shares(node, file, 1);
    }
    pthread_mutex_unlock(&nodes_lock);
    return error;
}

DWORD file_node_check(const struct win_path *path, const struct stat *st, DWORD access)
{
    const DWORD everything = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
    DWORD error = ERROR_SUCCESS;

    pthread_mutex_lock(&nodes_lock);
    struct file_node *node = find_stat(path, st);
    if (node)
        error =
            node->is_delete_pending ? ERROR_ACCESS_DENIED : check_sharing(node, access, everything);
    pthread_mutex_unlock(&nodes_lock);
    return error;
}

bool file_node_is_open(const struct win_path *path, const struct stat *st)
{
    pthread_mutex_lock(&nodes_lock);
    bool is_open = find_stat(path, st) != NULL;
    pthread_mutex_unlock(&nodes_lock);
    return is_open;
}

/* ---- the end ---- */

static void remove_locks_of(struct file *file)
{
    bool any = false;

    list_each_safe (struct file_lock, lock, &file->node->locks, link) {
        if (lock->file != file)
            continue;
        list_remove(&lock->link);
        free(lock);
        any = true;
    }
    if (any)
        pthread_cond_broadcast(&a_lock_is_gone);
}

/* The node stays in the table until the file is gone: nobody opens it in between. */
void file_node_leave(struct file *file)
{
    struct file_node *node = file->node;

    if (!node)
        return;
    pthread_mutex_lock(&nodes_lock);
    remove_locks_of(file);
    list_remove(&file->node_link);
    count_shares(node, file, -1);
    file->node = NULL;
    bool is_last = list_is_empty(&node->files);
    bool deletes = is_last && node->is_delete_pending;
    if (is_last && !deletes)
        node_free(node);
    pthread_mutex_unlock(&nodes_lock);
    if (!deletes)
        return;
    (void)(node->is_directory ? storage_rmdir(&node->path) : storage_unlink(&node->path));
    pthread_mutex_lock(&nodes_lock);
    node_free(node);
    pthread_mutex_unlock(&nodes_lock);
}

bool file_node_delete_later(const struct win_path *path, const struct stat *st)
{
    pthread_mutex_lock(&nodes_lock);
    struct file_node *node = find_stat(path, st);
    if (node && st->st_nlink > 1 && strcmp(node->path.text, path->text) != 0)
        node = NULL; /* another name of it, which is not in use */
    if (node)
        node->is_delete_pending = true;
    pthread_mutex_unlock(&nodes_lock);
    return node != NULL;
}

void file_node_set_delete(struct file *file, bool is_to_be_deleted)
{
    pthread_mutex_lock(&nodes_lock);
    if (file->node)
        file->node->is_delete_pending = is_to_be_deleted;
    pthread_mutex_unlock(&nodes_lock);
}

bool file_node_is_delete_pending(struct file *file)
{
    pthread_mutex_lock(&nodes_lock);
    bool is_pending = file->node && file->node->is_delete_pending;
    pthread_mutex_unlock(&nodes_lock);
    return is_pending;
}

/* ---- names ---- */

static bool is_below(const struct win_path *path, const struct win_path *directory)
{
    size_t length = strlen(directory->text);

    return path->volume == directory->volume && path->view == directory->view &&
           strncmp(path->text, directory->text, length) == 0 && path->text[length] == '/';
}

/* Only renaming a directory asks, so all nodes are looked at. */
bool file_node_is_open_below(const struct win_path *directory)
{
    bool is_open = false;

    pthread_mutex_lock(&nodes_lock);
    for (size_t i = 0; i < nodes.n_buckets && !is_open; i++) {
        for (struct hash_link *link = nodes.buckets[i]; link && !is_open; link = link->next)
            is_open = is_below(&container_of(link, struct file_node, link)->path, directory);
    }
    pthread_mutex_unlock(&nodes_lock);
    return is_open;
}

bool file_node_is_open_on(const struct volume *volume)
{
    bool is_open = false;

    pthread_mutex_lock(&nodes_lock);
    for (size_t i = 0; i < nodes.n_buckets && !is_open; i++) {
        for (struct hash_link *link = nodes.buckets[i]; link && !is_open; link = link->next) {
            const struct win_path *open = &container_of(link, struct file_node, link)->path;
            is_open = open->volume == volume && open->view == VOLUME_ORIGIN;
        }
    }
    pthread_mutex_unlock(&nodes_lock);
    return is_open;
}

bool file_node_has_open_stream(const struct win_path *path)
{
    bool is_open = false;

    pthread_mutex_lock(&nodes_lock);
    for (size_t i = 0; i < nodes.n_buckets && !is_open; i++) {
        for (struct hash_link *link = nodes.buckets[i]; link && !is_open; link = link->next) {
            const struct win_path *open = &container_of(link, struct file_node, link)->path;
            is_open = open->stream && open->volume == path->volume && open->view == path->view &&
                      strcmp(open->text, path->text) == 0;
        }
    }
    pthread_mutex_unlock(&nodes_lock);
    return is_open;
}

void file_node_renamed(const struct win_path *path, const struct stat *st,
                       const struct win_path *to)
{
    pthread_mutex_lock(&nodes_lock);
    struct file_node *node = find_stat(path, st);
    if (node) {
        path_free(&node->path);
        node->path = path_copy(to);
    }
    pthread_mutex_unlock(&nodes_lock);
}

struct win_path file_node_path(struct file *file)
{
    pthread_mutex_lock(&nodes_lock);
    struct win_path path = path_copy(file->node ? &file->node->path : &file->path);
    pthread_mutex_unlock(&nodes_lock);
    return path;
}

/* ---- bytes ---- */

static bool overlaps(const struct file_lock *lock, uint64_t start, uint64_t length)
{
    return lock->length && length && start <= lock->start + (lock->length - 1) &&
           lock->start <= start + (length - 1);
}

static bool is_lockable(const struct file_node *node, uint64_t start, uint64_t length,
                        bool is_exclusive)
{
    list_each (struct file_lock, lock, &node->locks, link) {
        if ((is_exclusive || lock->is_exclusive) && overlaps(lock, start, length))
            return false;
    }
    return true;
}

/* is_cancelled NULL: waits for nothing. */
static DWORD lock_bytes(struct file *file, uint64_t start, uint64_t length, bool is_exclusive,
                        const bool *is_cancelled)
{
    pthread_mutex_lock(&nodes_lock);
    bool is_free = is_lockable(file->node, start, length, is_exclusive);
    while (!is_free && is_cancelled && !__atomic_load_n(is_cancelled, __ATOMIC_ACQUIRE)) {
        pthread_cond_wait(&a_lock_is_gone, &nodes_lock);
        is_free = is_lockable(file->node, start, length, is_exclusive);
    }
    if (is_free) {
        struct file_lock *lock = mem_new(struct file_lock);
        *lock = (struct file_lock){
            .file = file, .start = start, .length = length, .is_exclusive = is_exclusive
        };
        list_append(&file->node->locks, &lock->link);
    }
    pthread_mutex_unlock(&nodes_lock);
    return is_free ? ERROR_SUCCESS : is_cancelled ? ERROR_OPERATION_ABORTED : ERROR_LOCK_VIOLATION;
}

DWORD file_node_lock(struct file *file, uint64_t start, uint64_t length, bool is_exclusive,
                     bool waits)
{
    const bool never = false;

    return lock_bytes(file, start, length, is_exclusive, waits ? &never : NULL);
}

DWORD file_node_lock_until(struct file *file, uint64_t start, uint64_t length, bool is_exclusive,
                           const bool *is_cancelled)
{
    return lock_bytes(file, start, length, is_exclusive, is_cancelled);
}

void file_node_wake_lockers(void)
{
    pthread_mutex_lock(&nodes_lock);
    pthread_cond_broadcast(&a_lock_is_gone);
    pthread_mutex_unlock(&nodes_lock);
}

DWORD file_node_unlock(struct file *file, uint64_t start, uint64_t length)
{
    DWORD error = ERROR_NOT_LOCKED;

    pthread_mutex_lock(&nodes_lock);
    list_each (struct file_lock, lock, &file->node->locks, link) {
        if (lock->file != file || lock->start != start || lock->length != length)
            continue;
        list_remove(&lock->link);
        free(lock);
        pthread_cond_broadcast(&a_lock_is_gone);
        error = ERROR_SUCCESS;
        break;
    }
    pthread_mutex_unlock(&nodes_lock);
    return error;
}

/* Learn: "LockFileEx": an exclusive lock keeps all others out; a shared one lets everybody read and
 * nobody write, not even its owner. */
DWORD file_node_check_locks(struct file *file, uint64_t start, uint64_t length, bool writes)
{
    DWORD error = ERROR_SUCCESS;

    if (!file->node)
        return ERROR_SUCCESS;
    pthread_mutex_lock(&nodes_lock);
    list_each (struct file_lock, lock, &file->node->locks, link) {
        bool is_in_the_way = lock->is_exclusive ? lock->file != file : writes;
        if (is_in_the_way && overlaps(lock, start, length))
            error = ERROR_LOCK_VIOLATION;
    }
    pthread_mutex_unlock(&nodes_lock);
    return error;
}
