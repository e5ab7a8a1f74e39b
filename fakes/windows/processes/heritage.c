/* SPDX-License-Identifier: MIT */
/* See heritage.h: the parent's part (Learn: "Inheritance (Processes and Threads)", "Handle
 * Inheritance"). */
#include "fakes/windows/processes/heritage.h"

#include "emu/port/world.h"
#include "fakes/windows/mapping/file_mapping.h"
#include "fakes/windows/process.h"
#include "fakes/windows/shared/segment.h"

#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- the run ---- */

/* A program that nobody has launched makes the memory itself, when it first has a child. */
static void begin_run(void)
{
    char path[64];
    int fd = memfd_create("vssemu-objects", MFD_CLOEXEC);

    snprintf(path, sizeof(path), "/proc/%d/fd/%d", getpid(), fd);
    if (fd >= 0 && shared_open(path, true) == 0 && !world_inherited())
        objects_publish(world_current()->serial);
}

bool heritage_run(void)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

    if (world_inherited() && world_current()->is_virtual)
        return false;
    pthread_mutex_lock(&lock);
    if (!shared_is_open() && !world_current()->is_virtual)
        begin_run();
    pthread_mutex_unlock(&lock);
    if (!shared_is_open())
        return false;
    process_join_run(0);
    return true;
}

/* ---- one handle ---- */

struct collecting {
    const struct heritage_wish *wish;
    struct heritage *heritage;
};

int heritage_add_fd(struct heritage *heritage, int fd)
{
    int copy = fcntl(fd, F_DUPFD_CLOEXEC, 16);

    if (copy < 0)
        return -1;
    array_add(&heritage->fds, copy);
    return HERITAGE_FIRST_FD + (int)heritage->fds.count - 1;
}

static bool add_object(struct heritage *heritage, HANDLE handle, DWORD access,
                       struct object *object)
{
    uint32_t shared = object_share(object);

    if (!shared)
        return false;
    str_addf(&heritage->text, "|%zu=o,%u,%d,%u", (size_t)handle, (unsigned)access,
             (int)object->class->kind, shared);
    array_add(&heritage->shared, shared);
    return true;
}

static bool add_mapping(struct heritage *heritage, HANDLE handle, DWORD access,
                        const struct file_mapping *mapping)
{
    struct stat st;

    if (mapping->has_file || fstat(mapping->memory, &st) != 0)
        return false;
    int fd = heritage_add_fd(heritage, mapping->memory);
    str_addf(&heritage->text, "|%zu=m,%u,%d,%" PRIu64 ",%" PRId64 ",%u", (size_t)handle,
             (unsigned)access, fd, (uint64_t)st.st_ino, mapping->size,
             (unsigned)mapping->protection);
    return true;
}

/* Which of the child's standard streams it is; -1: none. */
static int stream_of(const struct heritage_wish *wish, HANDLE handle)
{
    for (int i = 0; wish->streams && i < 3; i++) {
        if (wish->streams[i] == handle)
            return i;
    }
    return -1;
}

static bool is_wished(const struct heritage_wish *wish, HANDLE handle)
{
    for (size_t i = 0; i < wish->n_list; i++) {
        if (wish->list[i] == handle)
            return true;
    }
    return !wish->list;
}

static void add_handle(void *arg, HANDLE handle, struct object *object, DWORD access, DWORD flags)
{
    const struct collecting *collecting = arg;
    struct heritage *heritage = collecting->heritage;
    bool is_done = false;

    (void)flags;
    if (!is_wished(collecting->wish, handle))
        return;
    if (object->class->kind)
        is_done = add_object(heritage, handle, access, object);
    else if (object->class == &file_class)
        is_done = heritage_add_file(heritage, handle, access, (struct file *)object,
                                    stream_of(collecting->wish, handle));
    else if (object->class == &file_mapping_class)
        is_done = add_mapping(heritage, handle, access, (struct file_mapping *)object);
    if (!is_done)
        str_addf(&heritage->text, "|%zu=n,%s", (size_t)handle,
                 object->class == &file_class           ? "file of a volume that is not mounted"
                 : object->class == &file_mapping_class ? "file mapping of a file"
                                                        : object->class->name);
}

/* ---- all ---- */

/* Learn: "UpdateProcThreadAttribute": the handles must have been created as inheritable. */
static DWORD check_list(const struct heritage_wish *wish)
{
    DWORD error = wish->list && !wish->inherits ? ERROR_INVALID_PARAMETER : ERROR_SUCCESS;

    for (size_t i = 0; !error && i < wish->n_list; i++)
        error = handle_is_inheritable(wish->list[i]) ? ERROR_SUCCESS : ERROR_INVALID_PARAMETER;
    return error;
}

static void tell_streams(const struct heritage_wish *wish, struct heritage *heritage)
{
    size_t values[3] = { 0 };

    for (int i = 0; i < 3; i++) {
        if (handle_is_inheritable(wish->streams[i]) && is_wished(wish, wish->streams[i]))
            values[i] = (size_t)wish->streams[i];
    }
    str_addf(&heritage->text, "|std=%zu,%zu,%zu", values[0], values[1], values[2]);
}

DWORD heritage_collect(const struct heritage_wish *wish, struct heritage *ret)
{
    struct collecting collecting = { wish, ret };

    *ret = (struct heritage){ 0 };
    objects_lock();
    DWORD error = check_list(wish);
    if (!error && wish->inherits)
        handles_each_inheritable(add_handle, &collecting);
    if (!error && wish->inherits && wish->streams)
        tell_streams(wish, ret);
    objects_unlock();
    return error;
}

void heritage_fini(struct heritage *heritage)
{
    for (size_t i = 0; i < heritage->fds.count; i++)
        close(heritage->fds.items[i]);
    array_free(&heritage->fds);
    array_free(&heritage->shared);
    str_free(&heritage->text);
}
