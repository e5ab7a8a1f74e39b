/* SPDX-License-Identifier: MIT */
/* See host_image.h. The store is host_store's over the folder, with one more name in its root. */
#include "emu/host/host_image.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/host/host_store.h"
#include "emu/host/host_store_state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER_SUFFIX ".vssemu"
#define SECTOR        512

bool host_image_is(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISREG(st.st_mode) && st.st_size && st.st_size % SECTOR == 0;
}

char *host_image_real(const char *path)
{
    char *real = host_image_is(path) ? realpath(path, NULL) : NULL;

    return real ? real : mem_strdup(path);
}

char *host_image_folder(const char *path)
{
    auto_free char *file = host_image_real(path);

    return host_image_is(file) ? str_printf("%s" FOLDER_SUFFIX, file) : mem_strdup(path);
}

/* ---- the root ---- */

static bool is_root(const struct host_store *h, const struct store_node *dir)
{
    return dir->ino == h->root_ino && dir->type == S_IFDIR;
}

static bool is_image(const struct host_store *h, const struct store_node *dir, const char *name)
{
    return is_root(h, dir) && strcmp(name, h->store.image) == 0;
}

/* In the root nothing comes and nothing goes but what is the volume's own. */
static bool is_fixed(const struct host_store *h, const struct store_node *dir, const char *name)
{
    return is_root(h, dir) && strcmp(name, "System Volume Information") != 0;
}

static int image_lookup(struct store *s, struct store_node *dir, const char *name,
                        struct store_node **ret_node)
{
    struct host_store *h = host_store_from(s);

    if (is_image(h, dir, name)) /* without a name of its own its descriptor stays open */
        return host_node_new(&h->nodes, fcntl(h->image_fd, F_DUPFD_CLOEXEC, 0), NULL, NULL,
                             ret_node);
    return is_fixed(h, dir, name) ? -ENOENT : h->directory_ops->lookup(s, dir, name, ret_node);
}

static int image_stat_name(struct store *s, struct store_node *dir, const char *name,
                           struct stat *ret_stat)
{
    struct host_store *h = host_store_from(s);

    if (is_image(h, dir, name))
        return fstat(h->image_fd, ret_stat) < 0 ? -errno : 0;
    return is_fixed(h, dir, name) ? -ENOENT : h->directory_ops->stat_name(s, dir, name, ret_stat);
}

struct listing {
    struct host_store *h;
    int (*each)(void *arg, const char *name, ino_t ino, mode_t type);
    void *arg;
};

static int list_own(void *arg, const char *name, ino_t ino, mode_t type)
{
    struct listing *l = arg;

    return strcmp(name, "System Volume Information") == 0 ? l->each(l->arg, name, ino, type) : 0;
}

static int image_list(struct store *s, struct store_node *dir,
                      int (*each)(void *arg, const char *name, ino_t ino, mode_t type), void *arg)
{
    struct listing l = { host_store_from(s), each, arg };
    struct stat st;

    if (!is_root(l.h, dir))
        return l.h->directory_ops->list(s, dir, each, arg);
    if (fstat(l.h->image_fd, &st) < 0)
        return -errno;
    int answer = each(arg, s->image, st.st_ino, S_IFREG);
    return answer ? answer : l.h->directory_ops->list(s, dir, list_own, &l);
}

static int image_create(struct store *s, struct store_node *dir, const char *name, mode_t mode,
                        dev_t device, uid_t uid, gid_t gid, struct store_node **ret_node)
{
    struct host_store *h = host_store_from(s);

    if (is_fixed(h, dir, name))
        return is_image(h, dir, name) ? -EEXIST : -EPERM;
    return h->directory_ops->create(s, dir, name, mode, device, uid, gid, ret_node);
}

static int image_symlink(struct store *s, struct store_node *dir, const char *name,
                         const char *target, struct store_node **ret_node)
{
    struct host_store *h = host_store_from(s);

    return is_fixed(h, dir, name) ? -EPERM
                                  : h->directory_ops->symlink(s, dir, name, target, ret_node);
}

static int image_link(struct store *s, struct store_node *node, struct store_node *dir,
                      const char *name)
{
    struct host_store *h = host_store_from(s);

    return is_fixed(h, dir, name) ? -EPERM : h->directory_ops->link(s, node, dir, name);
}

static int image_unlink(struct store *s, struct store_node *dir, const char *name)
{
    struct host_store *h = host_store_from(s);

    return is_fixed(h, dir, name) ? -EPERM : h->directory_ops->unlink(s, dir, name);
}

static int image_rename(struct store *s, struct store_node *from_dir, const char *from,
                        struct store_node *to_dir, const char *to, enum store_rename how)
{
    struct host_store *h = host_store_from(s);

    if (is_fixed(h, from_dir, from) || is_fixed(h, to_dir, to))
        return -EPERM;
    return h->directory_ops->rename(s, from_dir, from, to_dir, to, how);
}

/* ---- the store ---- */

void host_image_begin(struct host_store *h, int image_fd, char *take_name)
{
    struct stat st = { 0 };

    fstat(h->root_fd, &st);
    h->root_ino = st.st_ino;
    h->image_fd = image_fd;
    h->directory_ops = h->store.ops;
    h->image_ops = *h->store.ops;
    h->image_ops.lookup = image_lookup;
    h->image_ops.list = image_list;
    h->image_ops.stat_name = image_stat_name;
    h->image_ops.create = image_create;
    h->image_ops.symlink = image_symlink;
    h->image_ops.link = image_link;
    h->image_ops.unlink = image_unlink;
    h->image_ops.rename = image_rename;
    h->store.image = take_name;
    h->store.ops = &h->image_ops;
}

void host_image_end(struct host_store *h)
{
    if (h->image_fd >= 0)
        close(h->image_fd);
    free((char *)h->store.image);
}

/* Who owns the image owns its folder, also where root makes it. */
static int make_folder(const char *folder, int image_fd)
{
    struct stat st;

    if (mkdir(folder, 0755) < 0)
        return errno == EEXIST ? 0 : -errno;
    if (geteuid() == 0 && fstat(image_fd, &st) == 0 && st.st_uid != 0 &&
        chown(folder, st.st_uid, st.st_gid) < 0)
        return -errno;
    return 0;
}

/* Whether it may be opened like this; then a handle that says nothing of how. */
static int open_file(const char *file, int flags)
{
    auto_close int fd = open(file, flags | O_CLOEXEC);

    if (fd < 0)
        return -errno;
    int handle = open(file, O_PATH | O_CLOEXEC);
    return handle < 0 ? -errno : handle;
}

static void begin(struct store *store, const char *file, int take_image)
{
    const char *slash = strrchr(file, '/');

    host_image_begin(host_store_from(store), take_image, mem_strdup(slash ? slash + 1 : file));
}

int host_image_open(const char *path, struct store **ret_store)
{
    auto_free char *file = host_image_real(path);
    auto_free char *folder = str_printf("%s" FOLDER_SUFFIX, file);
    auto_close int fd = open_file(file, O_RDWR);

    if (fd < 0)
        return fd;
    int error = make_folder(folder, fd);
    if (error)
        return error;
    error = host_store_open(folder, ret_store);
    if (!error)
        begin(*ret_store, file, take_fd(&fd));
    return error;
}

/* Without a folder any other one serves: of a root nothing is seen but the volume's own, and this
 * one has none. */
int host_image_open_to_read(const char *path, struct store **ret_store)
{
    auto_free char *file = host_image_real(path);
    auto_free char *folder = str_printf("%s" FOLDER_SUFFIX, file);
    auto_close int fd = open_file(file, O_RDONLY);

    if (fd < 0)
        return fd;
    int error = host_store_open_to_read(folder, ret_store);
    if (error == -ENOENT)
        error = host_store_open_to_read("/proc/self", ret_store);
    if (!error)
        begin(*ret_store, file, take_fd(&fd));
    return error;
}
