/* SPDX-License-Identifier: MIT */
/* See io_request.h. */
#include "fakes/windows/overlapped/io_request.h"

#include "emu/base/mem.h"
#include "emu/port/world.h"
#include "fakes/windows/changes/changes.h"
#include "fakes/windows/file_io.h"
#include "fakes/windows/file_node.h"
#include "fakes/windows/overlapped/completion_port.h"
#include "fakes/windows/wait.h"

#include <pthread.h>
#include <stdlib.h>

#define MAX_WORKERS  8
#define WORKER_STACK (256 * 1024)

/* The requests of one world. It exists while there is work. */
struct io_queue {
    struct list link; /* in queues */
    struct world_ports *world;
    struct list waiting;
    unsigned n_workers;
};

static pthread_mutex_t queues_lock = PTHREAD_MUTEX_INITIALIZER;
static struct list queues = { &queues, &queues };
static struct list running = { &running, &running };

/* ---- status ---- */

static const struct status_row {
    DWORD error, status;
} status_rows[] = {
    { ERROR_SUCCESS, 0 },
    { ERROR_IO_PENDING, 0x103 },
    { ERROR_HANDLE_EOF, 0xC0000011 },
    { ERROR_OPERATION_ABORTED, 0xC0000120 },
    { ERROR_LOCK_VIOLATION, 0xC0000054 },
    { ERROR_ACCESS_DENIED, 0xC0000022 },
    { ERROR_INVALID_PARAMETER, 0xC000000D },
    { ERROR_DISK_FULL, 0xC000007F },
    { ERROR_INVALID_HANDLE, 0xC0000008 },
    { ERROR_WRITE_PROTECT, 0xC00000A2 },
    { ERROR_MORE_DATA, 0x80000005 },
    { ERROR_NOTIFY_ENUM_DIR, 0x10C },
    { ERROR_NOTIFY_CLEANUP, 0x10B },
};

/* Learn: "[MS-ERREF]": an error of Win32 that has no status of its own. */
#define FACILITY_OF_WIN32 0xC0070000u

DWORD io_status_from_error(DWORD error)
{
    for (size_t i = 0; i < sizeof(status_rows) / sizeof(status_rows[0]); i++) {
        if (status_rows[i].error == error)
            return status_rows[i].status;
    }
    return FACILITY_OF_WIN32 | error;
}

DWORD io_error_from_status(DWORD status)
{
    for (size_t i = 0; i < sizeof(status_rows) / sizeof(status_rows[0]); i++) {
        if (status_rows[i].status == status)
            return status_rows[i].error;
    }
    return status & 0xFFFF;
}

void io_set_result(OVERLAPPED *overlapped, DWORD error, size_t n)
{
    overlapped->InternalHigh = n;
    __atomic_store_n(&overlapped->Internal, (ULONG_PTR)io_status_from_error(error),
                     __ATOMIC_RELEASE);
}

/* ---- the end of a request ---- */

static void request_free(struct io_request *request)
{
    if (request->event)
        object_unref(request->event);
    object_unref(&request->thread->object);
    free(request);
}

static void run_routine(struct apc *apc)
{
    struct io_request *request = container_of(apc, struct io_request, apc);

    request->routine(request->error, (DWORD)request->n, request->overlapped);
    request_free(request);
}

static void drop_routine(struct apc *apc)
{
    request_free(container_of(apc, struct io_request, apc));
}

/* Everybody who waits hears of it in one step: the result, the file, the event. The request's hold
 * on the file ends in it, too: who then closes the handle has closed the file. */
static void signal_end(struct io_request *request)
{
    struct object *file = &request->file->object;

    objects_lock();
    io_set_result(request->overlapped, request->error, request->n);
    if (--request->file->n_pending == 0)
        wait_satisfy(file);
    if (request->event)
        request->event->class->signal(request->event);
    bool is_last = --file->count == 0;
    objects_unlock();
    if (is_last)
        file->class->destroy(file);
}

static void finish(struct io_request *request)
{
    struct completion_port *port = request->posts ? request->file->port : NULL;
    const struct completion_packet packet = { request->file->completion_key, request->overlapped,
                                              (DWORD)request->n, request->error };

    if (port)
        completion_port_ref(port);
    signal_end(request);
    if (port) {
        completion_port_post(port, &packet);
        completion_port_unref(port);
    }
    if (request->routine) {
        request->apc.run = run_routine;
        request->apc.drop = drop_routine;
        if (thread_queue_apc(request->thread, &request->apc))
            return;
    }
    request_free(request);
}

static bool waits_without_end(const struct io_request *request)
{
    return request->kind == IO_LOCK || request->kind == IO_CHANGES;
}

static DWORD perform(struct io_request *request)
{
    switch (request->kind) {
    case IO_READ:
        return file_io_read(request->file, request->buffer, request->size, request->overlapped,
                            &request->n);
    case IO_WRITE:
        return file_io_write(request->file, request->buffer, request->size, request->overlapped,
                             &request->n);
    case IO_CHANGES:
        return directory_changes_read(request->file, request->buffer, request->size,
                                      &request->is_cancelled, &request->n);
    case IO_LOCK:
        return file_node_lock_until(request->file, request->start, request->length,
                                    request->is_exclusive, &request->is_cancelled);
    }
    return ERROR_INVALID_FUNCTION;
}

static void run(struct io_request *request)
{
    request->error = perform(request);
    pthread_mutex_lock(&queues_lock);
    list_remove(&request->link);
    pthread_mutex_unlock(&queues_lock);
    finish(request);
}

/* ---- threads ---- */

static struct io_queue *queue_of(struct world_ports *world)
{
    list_each (struct io_queue, queue, &queues, link) {
        if (queue->world == world)
            return queue;
    }
    struct io_queue *queue = mem_new(struct io_queue);
    queue->world = world;
    list_init(&queue->waiting);
    list_append(&queues, &queue->link);
    return queue;
}

/* The next request of the world, marked as running; NULL: none, and the worker is counted out. */
static struct io_request *take_next(struct world_ports *world)
{
    struct io_request *request = NULL;

    pthread_mutex_lock(&queues_lock);
    struct io_queue *queue = queue_of(world);
    if (!list_is_empty(&queue->waiting)) {
        request = container_of(queue->waiting.next, struct io_request, link);
        list_remove(&request->link);
        list_append(&running, &request->link);
        request->is_running = true;
    } else if (--queue->n_workers == 0) {
        list_remove(&queue->link);
        free(queue);
    }
    pthread_mutex_unlock(&queues_lock);
    return request;
}

static void *work(void *argument)
{
    struct world_ports *world = argument;
    struct io_request *request;

    world_inherit(world);
    while ((request = take_next(world)))
        run(request);
    return NULL;
}

static void *wait_alone(void *argument)
{
    struct io_request *request = argument;

    world_inherit(request->world);
    run(request);
    return NULL;
}

static bool start_thread(void *(*start)(void *), void *argument)
{
    pthread_attr_t attributes;
    pthread_t thread;

    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, WORKER_STACK);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    int error = pthread_create(&thread, &attributes, start, argument);
    pthread_attr_destroy(&attributes);
    return error == 0;
}

static void enqueue(struct io_request *request)
{
    struct world_ports *world = request->world;

    pthread_mutex_lock(&queues_lock);
    if (waits_without_end(request)) {
        list_append(&running, &request->link);
        request->is_running = true;
        pthread_mutex_unlock(&queues_lock);
        start_thread(wait_alone, request);
        return;
    }
    struct io_queue *queue = queue_of(world);
    list_append(&queue->waiting, &request->link);
    bool starts = queue->n_workers < MAX_WORKERS;
    queue->n_workers += starts;
    pthread_mutex_unlock(&queues_lock);
    if (starts && !start_thread(work, world))
        work(world); /* no thread to be had: the call is done when it returns */
}

/* ---- beginning and cancelling ---- */

DWORD io_request_submit(const struct io_request *wanted)
{
    OVERLAPPED *overlapped = wanted->overlapped;
    HANDLE event = (HANDLE)((ULONG_PTR)overlapped->hEvent & ~(ULONG_PTR)1);
    struct object *object = NULL;

    if (event && !wanted->routine) { /* Learn: "ReadFileEx": hEvent is the caller's own */
        object = handle_get(event, NULL, EVENT_MODIFY_STATE);
        if (!object || !object->class->signal) {
            if (object)
                object_unref(object);
            return ERROR_INVALID_HANDLE;
        }
        ResetEvent(event);
    }
    struct io_request *request = mem_new(struct io_request);
    *request = *wanted;
    object_ref(&request->file->object);
    request->event = object;
    request->posts = !wanted->routine && !((ULONG_PTR)overlapped->hEvent & 1);
    request->thread = (struct thread *)object_ref(&thread_current()->object);
    request->world = world_inherited();
    objects_lock();
    request->file->n_pending++;
    objects_unlock();
    io_set_result(overlapped, ERROR_IO_PENDING, 0);
    enqueue(request);
    return ERROR_SUCCESS;
}

static bool is_meant(const struct io_request *request, const struct file *file,
                     const OVERLAPPED *overlapped, const struct thread *thread)
{
    return request->file == file && (!overlapped || request->overlapped == overlapped) &&
           (!thread || request->thread == thread);
}

bool io_request_cancel(struct file *file, const OVERLAPPED *overlapped, const struct thread *thread)
{
    struct list cancelled = { &cancelled, &cancelled };
    bool any = false;

    pthread_mutex_lock(&queues_lock);
    list_each (struct io_queue, queue, &queues, link) {
        list_each_safe (struct io_request, request, &queue->waiting, link) {
            if (!is_meant(request, file, overlapped, thread))
                continue;
            list_remove(&request->link);
            list_append(&cancelled, &request->link);
        }
    }
    list_each (struct io_request, request, &running, link) {
        if (waits_without_end(request) && is_meant(request, file, overlapped, thread)) {
            __atomic_store_n(&request->is_cancelled, true, __ATOMIC_RELEASE);
            any = true;
        }
    }
    pthread_mutex_unlock(&queues_lock);
    if (any) {
        file_node_wake_lockers();
        changes_wake();
    }
    list_each_safe (struct io_request, request, &cancelled, link) {
        list_remove(&request->link);
        request->error = ERROR_OPERATION_ABORTED;
        finish(request);
        any = true;
    }
    return any;
}
