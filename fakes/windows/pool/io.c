/* SPDX-License-Identifier: MIT */
/* Overlapped I/O of the pool (Learn: "CreateThreadpoolIo", "StartThreadpoolIo"). Behind it is a
 * completion port with a thread that turns its packets into calls. */
#include "emu/base/mem.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/pool/pool.h"
#include "fakes/windows/wait.h"

#include <stdlib.h>

struct _TP_IO {
    struct pool_object object;
    PTP_WIN32_IO_CALLBACK callback;
    HANDLE port, thread;
    unsigned n_expected; /* started, and neither completed nor cancelled */
};

#define KEY_OF_IO  ((ULONG_PTR)1)
#define KEY_OF_END ((ULONG_PTR)2)

static void run_io(struct pool_object *object, struct pool_call *call,
                   PTP_CALLBACK_INSTANCE instance)
{
    PTP_IO io = (PTP_IO)object;

    io->callback(instance, object->context, call->data[0], (ULONG)call->result,
                 (ULONG_PTR)call->data[1], io);
}

static void stop_expecting(PTP_IO io)
{
    if (io->n_expected)
        io->n_expected--;
    pthread_cond_broadcast(&io->object.changed);
}

static DWORD WINAPI pass_packets_on(void *argument)
{
    PTP_IO io = argument;
    OVERLAPPED *overlapped;
    ULONG_PTR key = 0;
    DWORD size;

    for (;;) {
        overlapped = NULL;
        BOOL is_good = GetQueuedCompletionStatus(io->port, &size, &key, &overlapped, INFINITE);
        DWORD error = is_good ? NO_ERROR : GetLastError();

        if (key == KEY_OF_END || !overlapped)
            break;
        pools_lock();
        pool_queue(&io->object, error, overlapped, (void *)(ULONG_PTR)size);
        stop_expecting(io);
        pools_unlock();
    }
    pool_object_unref(&io->object);
    return 0;
}

static void stop_io(struct pool_object *object)
{
    PostQueuedCompletionStatus(((PTP_IO)object)->port, 0, KEY_OF_END, NULL);
}

static void destroy_io(struct pool_object *object)
{
    PTP_IO io = (PTP_IO)object;

    CloseHandle(io->port);
    CloseHandle(io->thread);
    free(io);
}

static const struct pool_kind io_kind = { .run = run_io, .stop = stop_io, .destroy = destroy_io };

PTP_IO WINAPI CreateThreadpoolIo(HANDLE file, PTP_WIN32_IO_CALLBACK callback, PVOID context,
                                 PTP_CALLBACK_ENVIRON environment)
{
    if (!callback) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    HANDLE port = CreateIoCompletionPort(file, NULL, KEY_OF_IO, 1);
    if (!port)
        return NULL;
    PTP_IO io = mem_new(struct _TP_IO);
    io->callback = callback;
    io->port = port;
    pool_object_init(&io->object, &io_kind, context, environment);
    io->object.count++; /* the thread's */
    io->thread = CreateThread(NULL, 0, pass_packets_on, io, 0, NULL);
    return io;
}

VOID WINAPI StartThreadpoolIo(PTP_IO io)
{
    pools_lock();
    io->n_expected++;
    pools_unlock();
}

VOID WINAPI CancelThreadpoolIo(PTP_IO io)
{
    pools_lock();
    stop_expecting(io);
    pools_unlock();
}

VOID WINAPI WaitForThreadpoolIoCallbacks(PTP_IO io, BOOL cancels)
{
    pools_lock();
    while (!cancels && io->n_expected)
        pools_wait(&io->object.changed, WAIT_NEVER);
    pools_unlock();
    pool_object_wait(&io->object, cancels);
}

VOID WINAPI CloseThreadpoolIo(PTP_IO io)
{
    pool_object_close(&io->object);
}
