/* SPDX-License-Identifier: MIT */
#include "emu/host/host_nodes.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define LEAST_LIMIT 64u
#define MOST_LIMIT  65536u

const char *host_proc_path(int fd, char buffer[HOST_PROC_PATH_SIZE])
{
    snprintf(buffer, HOST_PROC_PATH_SIZE, "/proc/self/fd/%d", fd);
    return buffer;
}

static size_t limit_of_process(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return LEAST_LIMIT;
    rlim_t half = limit.rlim_cur / 2;
    return half < LEAST_LIMIT ? LEAST_LIMIT : half > MOST_LIMIT ? MOST_LIMIT : (size_t)half;
}

void host_nodes_init(struct host_nodes *nodes, size_t limit)
{
    *nodes = (struct host_nodes){ .limit = limit ? limit : limit_of_process() };
    list_init(&nodes->in_use);
}

void host_nodes_free(struct host_nodes *nodes)
{
    hash_free(&nodes->names);
}

/* ---- names ---- */

static uint64_t hash_name(const struct store_node *folder, const char *name)
{
    return hash_number(folder->ino) ^ hash_text(name);
}

static void set_name(struct host_nodes *nodes, struct store_node *node, struct store_node *folder,
                     const char *name)
{
    node->folder = folder;
    node->name = mem_strdup(name);
    folder->refs++;
    hash_add(&nodes->names, &node->by_name, hash_name(folder, name));
}

/* Answers the folder, whose reference is the caller's now. */
static struct store_node *forget_name(struct host_nodes *nodes, struct store_node *node)
{
    struct store_node *folder = node->folder;

    if (!folder)
        return NULL;
    hash_remove(&nodes->names, &node->by_name);
    free(node->name);
    node->name = NULL;
    node->folder = NULL;
    return folder;
}

/* The first node from `link` on that is known by this name; there may be several of one file. */
static struct store_node *find_name(struct hash_link *link, uint64_t hash, ino_t folder,
                                    const char *name)
{
    for (; link; link = link->next) {
        struct store_node *node = container_of(link, struct store_node, by_name);

        if (link->hash == hash && node->folder->ino == folder && strcmp(node->name, name) == 0)
            return node;
    }
    return NULL;
}

/* ---- descriptors ---- */

static void close_path(struct host_nodes *nodes, struct store_node *node)
{
    if (node->path_fd < 0)
        return;
    close(node->path_fd);
    node->path_fd = -1;
    list_remove(&node->in_use);
    nodes->n_in_use--;
}

static void keep_path(struct host_nodes *nodes, struct store_node *node, int path_fd)
{
    node->path_fd = path_fd;
    list_insert_before(nodes->in_use.next, &node->in_use);
    nodes->n_in_use++;
}

/* Those that nothing else leads to stay, as if they had just been used. */
static void make_room(struct host_nodes *nodes)
{
    for (size_t n = nodes->n_in_use; n && nodes->n_in_use > nodes->limit; n--) {
        struct store_node *last = container_of(nodes->in_use.prev, struct store_node, in_use);

        if (last->folder) {
            close_path(nodes, last);
            continue;
        }
        list_remove(&last->in_use);
        list_insert_before(nodes->in_use.next, &last->in_use);
    }
}

static int open_again(struct host_nodes *nodes, struct store_node *node)
{
    struct stat st;

    auto_close int fd = openat(node->folder->path_fd, node->name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st) < 0)
        return errno == ENOENT ? -ESTALE : -errno;
    if (st.st_ino != node->ino || (st.st_mode & S_IFMT) != node->type)
        return -ESTALE;
    keep_path(nodes, node, take_fd(&fd));
    return 0;
}

/* Folders first, from the nearest one that is open. */
int host_node_second_fd(struct host_nodes *nodes, struct store_node *node)
{
    while (node->path_fd < 0) {
        struct store_node *closed = node;

        while (closed->folder && closed->folder->path_fd < 0)
            closed = closed->folder;
        if (!closed->folder)
            return -ESTALE; /* its name was gone before it could be held */
        int error = open_again(nodes, closed);
        if (error)
            return error;
    }
    list_remove(&node->in_use);
    list_insert_before(nodes->in_use.next, &node->in_use);
    return node->path_fd;
}

int host_node_fd(struct host_nodes *nodes, struct store_node *node)
{
    make_room(nodes);
    return host_node_second_fd(nodes, node);
}

/* ---- contents ---- */

static void close_data(struct host_nodes *nodes, struct store_node *node)
{
    if (node->data_fd < 0)
        return;
    close(node->data_fd);
    node->data_fd = -1;
    nodes->files[node->place] = NULL;
}

/* Takes the place of the file opened longest ago. */
void host_node_keep_data(struct host_nodes *nodes, struct store_node *node, int data_fd,
                         bool is_writable)
{
    size_t place = nodes->next_file++ % HOST_NODES_N_FILES;

    if (nodes->files[place])
        close_data(nodes, nodes->files[place]);
    nodes->files[place] = node;
    node->place = place;
    node->data_fd = data_fd;
    node->is_writable = is_writable;
}

static int open_data(int path_fd, int flags)
{
    int fd = open(HOST_PROC_PATH(path_fd), flags | O_CLOEXEC | O_NOATIME);

    if (fd < 0 && errno == EPERM) /* O_NOATIME is for owners */
        fd = open(HOST_PROC_PATH(path_fd), flags | O_CLOEXEC);
    return fd < 0 ? -errno : fd;
}

int host_node_data_fd(struct host_nodes *nodes, struct store_node *node, bool to_write)
{
    if (node->type != S_IFREG)
        return node->type == S_IFDIR ? -EISDIR : -EINVAL;
    if (node->data_fd >= 0 && (node->is_writable || !to_write))
        return node->data_fd;
    int path_fd = host_node_fd(nodes, node);

    if (path_fd < 0)
        return path_fd;
    close_data(nodes, node);
    int fd = open_data(path_fd, O_RDWR);
    bool is_writable = fd >= 0;

    if (!is_writable && !to_write)
        fd = open_data(path_fd, O_RDONLY);
    if (fd >= 0)
        host_node_keep_data(nodes, node, fd, is_writable);
    return fd;
}

/* ---- nodes ---- */

int host_node_new(struct host_nodes *nodes, int take_path_fd, struct store_node *folder,
                  const char *name, struct store_node **ret_node)
{
    auto_close int fd = take_path_fd;
    struct stat st;

    if (fd < 0 || fstat(fd, &st) < 0)
        return -errno;
    struct store_node *node = mem_new(struct store_node);

    node->ino = st.st_ino;
    node->type = st.st_mode & S_IFMT;
    node->refs = 1;
    node->data_fd = -1;
    keep_path(nodes, node, take_fd(&fd));
    if (folder)
        set_name(nodes, node, folder, name);
    *ret_node = node;
    return 0;
}

void host_node_unref(struct host_nodes *nodes, struct store_node *node)
{
    while (node && --node->refs == 0) {
        struct store_node *folder = forget_name(nodes, node);

        close_data(nodes, node);
        close_path(nodes, node);
        free(node);
        node = folder;
    }
}

int host_nodes_hold(struct host_nodes *nodes, struct store_node *folder, const char *name)
{
    uint64_t hash = hash_name(folder, name);
    struct store_node *node = find_name(hash_chain(&nodes->names, hash), hash, folder->ino, name);

    while (node) {
        int fd = host_node_second_fd(nodes, node);

        if (fd < 0 && fd != -ESTALE)
            return fd;
        node = find_name(node->by_name.next, hash, folder->ino, name);
    }
    return 0;
}

void host_nodes_forget(struct host_nodes *nodes, struct store_node *folder, const char *name)
{
    uint64_t hash = hash_name(folder, name);
    ino_t ino = folder->ino;
    struct store_node *node;

    while ((node = find_name(hash_chain(&nodes->names, hash), hash, ino, name)))
        host_node_unref(nodes, forget_name(nodes, node));
}

void host_nodes_after_rename(struct host_nodes *nodes, struct store_node *from_folder,
                             const char *from, struct store_node *to_folder, const char *to)
{
    uint64_t hash = hash_name(from_folder, from);
    struct store_node *node;

    while ((node = find_name(hash_chain(&nodes->names, hash), hash, from_folder->ino, from))) {
        struct store_node *folder = forget_name(nodes, node);

        set_name(nodes, node, to_folder, to);
        host_node_unref(nodes, folder);
    }
}

void host_nodes_after_exchange(struct host_nodes *nodes, struct store_node *a_folder, const char *a,
                               struct store_node *b_folder, const char *b)
{
    static const char nobodys[] = "/";

    host_nodes_after_rename(nodes, a_folder, a, a_folder, nobodys);
    host_nodes_after_rename(nodes, b_folder, b, a_folder, a);
    host_nodes_after_rename(nodes, a_folder, nobodys, b_folder, b);
}
