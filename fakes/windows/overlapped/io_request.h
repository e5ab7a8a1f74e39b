/* SPDX-License-Identifier: MIT */
/* Calls that are under way: ReadFile, WriteFile, LockFileEx and ReadDirectoryChanges on a handle
 * with FILE_FLAG_OVERLAPPED. They run on threads of the caller's world, at most eight at a time,
 * which end when there is nothing to do; on a virtual clock the seed decides when. What waits
 * without an end, a lock or ReadDirectoryChanges, has a thread to itself.
 * Learn: "Synchronous and Asynchronous I/O", "I/O Completion Ports". */
#pragma once

#include "fakes/windows/apc.h"
#include "fakes/windows/file.h"

enum io_kind { IO_READ, IO_WRITE, IO_LOCK, IO_CHANGES };

struct io_request {
    struct list link; /* in the queue or among those that run */
    struct file *file;
    enum io_kind kind;
    void *buffer;
    DWORD size;
    uint64_t start, length; /* IO_LOCK */
    bool is_exclusive;
    OVERLAPPED *overlapped;
    LPOVERLAPPED_COMPLETION_ROUTINE routine; /* ReadFileEx: called on `thread` */
    /* the rest is io_request.c's */
    struct object *event;
    struct thread *thread;
    struct world_ports *world;
    struct apc apc;
    bool is_running, is_cancelled, posts;
    DWORD error;
    size_t n;
};

/* Takes a copy; afterwards the call is pending. An error code: the event is no event. */
DWORD io_request_submit(const struct io_request *wanted);

/* Ends those of this file that have not begun, and locks that wait; overlapped NULL: all;
 * thread NULL: whoever asked for them. Answers whether there was any. */
bool io_request_cancel(struct file *file, const OVERLAPPED *overlapped,
                       const struct thread *thread);

/* What OVERLAPPED::Internal holds for an error, and back; ERROR_IO_PENDING is STATUS_PENDING. */
DWORD io_status_from_error(DWORD error);
DWORD io_error_from_status(DWORD status);
/* Tells an OVERLAPPED that its call is over. */
void io_set_result(OVERLAPPED *overlapped, DWORD error, size_t n);
