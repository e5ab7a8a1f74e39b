/* SPDX-License-Identifier: MIT */
/* See completion_port.h. Packets are given in the order of their coming. How many threads may run
 * at the same time is not limited. */
#include "fakes/windows/overlapped/completion_port.h"

#include "emu/base/array.h"
#include "emu/base/cleanup.h"
#include "fakes/windows/apc.h"
#include "fakes/windows/file.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/overlapped/io_request.h"
#include "fakes/windows/wait.h"

#include <errno.h>
#include <stdlib.h>

/* Of Microsoft's headers; Wine's have them not. */
#define ALL_ACCESS 0x1F0003u /* IO_COMPLETION_ALL_ACCESS */
#define ALL_MODES  3 /* FILE_SKIP_COMPLETION_PORT_ON_SUCCESS, FILE_SKIP_SET_EVENT_ON_HANDLE */

struct packet_link {
    struct list link;
    struct completion_packet packet;
};

struct completion_port {
    struct object object;
    struct list packets;
    pthread_cond_t arrived;
};

/* Signaled while a packet is there; waiting takes none. */
static bool port_is_signaled(struct object *object, DWORD thread_id)
{
    (void)thread_id;
    return !list_is_empty(&((struct completion_port *)object)->packets);
}

static void port_destroy(struct object *object)
{
    struct completion_port *port = (struct completion_port *)object;

    list_each_safe (struct packet_link, packet, &port->packets, link)
        free(packet);
    pthread_cond_destroy(&port->arrived);
    free(port);
}

static const struct object_class port_class = {
    .name = "completion port",
    .is_signaled = port_is_signaled,
    .destroy = port_destroy,
};

void completion_port_post(struct completion_port *port, const struct completion_packet *packet)
{
    struct packet_link *fresh = mem_new(struct packet_link);

    fresh->packet = *packet;
    objects_lock();
    list_append(&port->packets, &fresh->link);
    pthread_cond_signal(&port->arrived);
    wait_satisfy(&port->object);
    objects_unlock();
}

void completion_port_ref(struct completion_port *port)
{
    object_ref(&port->object);
}

void completion_port_unref(struct completion_port *port)
{
    object_unref(&port->object);
}

static struct completion_port *new_port(void)
{
    struct completion_port *port = mem_new(struct completion_port);

    object_init(&port->object, &port_class);
    list_init(&port->packets);
    wait_cond_init(&port->arrived);
    return port;
}

/* Learn: "CreateIoCompletionPort": the handle must be one for overlapped I/O, and has one port. */
static DWORD associate(struct file *file, struct completion_port *port, ULONG_PTR key)
{
    DWORD error = ERROR_INVALID_PARAMETER;

    objects_lock();
    if (file->flags & FILE_FLAG_OVERLAPPED && !file->port) {
        file->port = port;
        file->completion_key = key;
        port->object.count++;
        error = ERROR_SUCCESS;
    }
    objects_unlock();
    return error;
}

HANDLE WINAPI CreateIoCompletionPort(HANDLE file_handle, HANDLE port_handle, ULONG_PTR key,
                                     DWORD n_threads)
{
    auto_object struct object *file = NULL;
    auto_object struct object *port = NULL;

    (void)n_threads;
    if (file_handle == INVALID_HANDLE_VALUE && port_handle) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    if (file_handle != INVALID_HANDLE_VALUE && !(file = handle_get(file_handle, &file_class, 0)))
        return NULL;
    port = port_handle ? handle_get(port_handle, &port_class, 0) : &new_port()->object;
    if (!port)
        return NULL;
    DWORD error =
        file ? associate((struct file *)file, (struct completion_port *)port, key) : ERROR_SUCCESS;
    if (error) {
        SetLastError(error);
        return NULL;
    }
    return port_handle ? port_handle : handle_new(object_ref(port), ALL_ACCESS);
}

/* With the lock held. */
static bool take_packet(struct completion_port *port, struct completion_packet *ret_packet)
{
    if (list_is_empty(&port->packets))
        return false;
    struct packet_link *first = container_of(port->packets.next, struct packet_link, link);
    *ret_packet = first->packet;
    list_remove(&first->link);
    free(first);
    return true;
}

/* Waits for the first; false: the time is over. */
static bool wait_for_packet(struct completion_port *port, DWORD timeout_ms,
                            struct completion_packet *ret_packet)
{
    int64_t deadline = wait_deadline_ns(timeout_ms);
    int error = 0;

    objects_lock();
    bool is_taken = take_packet(port, ret_packet);
    while (!is_taken && timeout_ms && error != ETIMEDOUT) {
        error = objects_wait(&port->arrived, deadline);
        is_taken = take_packet(port, ret_packet);
    }
    objects_unlock();
    if (!is_taken && !timeout_ms)
        SwitchToThread(); /* a polling loop must let others run */
    return is_taken;
}

BOOL WINAPI GetQueuedCompletionStatus(HANDLE handle, LPDWORD ret_n, PULONG_PTR ret_key,
                                      LPOVERLAPPED *ret_overlapped, DWORD timeout_ms)
{
    auto_object struct object *object = handle_get(handle, &port_class, 0);
    struct completion_packet packet;

    if (!ret_overlapped || !ret_n || !ret_key)
        return win_fail(ERROR_INVALID_PARAMETER);
    *ret_overlapped = NULL;
    if (!object)
        return FALSE;
    if (!wait_for_packet((struct completion_port *)object, timeout_ms, &packet))
        return win_fail(WAIT_TIMEOUT);
    *ret_n = packet.n;
    *ret_key = packet.key;
    *ret_overlapped = packet.overlapped;
    return packet.error ? win_fail(packet.error) : TRUE;
}

static void fill_entry(OVERLAPPED_ENTRY *entry, const struct completion_packet *packet)
{
    *entry = (OVERLAPPED_ENTRY){ .lpCompletionKey = packet->key,
                                 .lpOverlapped = packet->overlapped,
                                 .Internal = io_status_from_error(packet->error),
                                 .dwNumberOfBytesTransferred = packet->n };
}

/* Unsure: an alertable wait that an APC queued meanwhile would end; here those that are queued
 * before it end it. */
BOOL WINAPI GetQueuedCompletionStatusEx(HANDLE handle, OVERLAPPED_ENTRY *entries, ULONG count,
                                        ULONG *ret_n, DWORD timeout_ms, BOOL alertable)
{
    auto_object struct object *object = handle_get(handle, &port_class, 0);
    struct completion_port *port = (struct completion_port *)object;
    struct completion_packet packet;
    ULONG n = 0;

    if (!object)
        return FALSE;
    if (!entries || !count || !ret_n)
        return win_fail(ERROR_INVALID_PARAMETER);
    *ret_n = 0;
    if (alertable && apc_run_all(thread_current()))
        return win_fail(WAIT_IO_COMPLETION);
    if (!wait_for_packet(port, timeout_ms, &packet))
        return win_fail(WAIT_TIMEOUT);
    fill_entry(&entries[n++], &packet);
    objects_lock();
    while (n < count && take_packet(port, &packet))
        fill_entry(&entries[n++], &packet);
    objects_unlock();
    *ret_n = n;
    return TRUE;
}

BOOL WINAPI PostQueuedCompletionStatus(HANDLE handle, DWORD n, ULONG_PTR key,
                                       LPOVERLAPPED overlapped)
{
    auto_object struct object *object = handle_get(handle, &port_class, 0);
    const struct completion_packet packet = { .key = key, .overlapped = overlapped, .n = n };

    if (!object)
        return FALSE;
    completion_port_post((struct completion_port *)object, &packet);
    return TRUE;
}

/* No call here succeeds at once, so there is nothing to skip. */
BOOL WINAPI SetFileCompletionNotificationModes(HANDLE handle, UCHAR flags)
{
    auto_object struct object *object = handle_get(handle, &file_class, 0);

    if (!object)
        return FALSE;
    return flags & ~ALL_MODES ? win_fail(ERROR_INVALID_PARAMETER) : TRUE;
}
