/* SPDX-License-Identifier: MIT */
/* See trace_sink.h. */
#include "emu/trace/trace_sink.h"

#include "emu/trace/trace_json.h"

#include <errno.h>
#include <unistd.h>

#define SPIN_LIMIT 100000000u

static bool write_all(int fd, const char *text, size_t length)
{
    while (length) {
        ssize_t n = write(fd, text, length);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        text += n;
        length -= (size_t)n;
    }
    return true;
}

/* A line that is longer than the pipe takes at once must not be mixed with another thread's.
 * Whoever never gives the lock back was lost in a fork: then the line is written all the same. */
static void lock(struct trace_fd *sink)
{
    for (unsigned n = 0; n < SPIN_LIMIT; n++) {
        if (!__atomic_test_and_set(&sink->is_busy, __ATOMIC_ACQUIRE))
            return;
    }
}

static void trace_fd_write(struct trace *trace, const struct trace_record *record)
{
    struct trace_fd *sink = container_of(trace, struct trace_fd, trace);
    int saved_errno = errno; /* a record must not change what the traced code sees */
    auto_str struct str line = { 0 };

    if (!__atomic_load_n(&sink->has_failed, __ATOMIC_RELAXED)) {
        trace_json_add_record(&line, record);
        lock(sink);
        if (!write_all(sink->fd, line.text, line.length))
            __atomic_store_n(&sink->has_failed, true, __ATOMIC_RELAXED);
        __atomic_clear(&sink->is_busy, __ATOMIC_RELEASE);
    }
    errno = saved_errno;
}

void trace_fd_init(struct trace_fd *sink, int fd)
{
    *sink = (struct trace_fd){ .trace.write = trace_fd_write, .fd = fd };
}

static void trace_tee_write(struct trace *trace, const struct trace_record *record)
{
    struct trace_tee *tee = container_of(trace, struct trace_tee, trace);

    trace_write(tee->first, record);
    trace_write(tee->second, record);
}

void trace_tee_init(struct trace_tee *tee, struct trace *first, struct trace *second)
{
    *tee = (struct trace_tee){ .trace.write = trace_tee_write, .first = first, .second = second };
}

static void trace_stamp_write(struct trace *trace, const struct trace_record *record)
{
    struct trace_stamp *stamp = container_of(trace, struct trace_stamp, trace);
    struct trace_record stamped = *record;

    stamped.at_ns = sched_now(stamp->sched);
    trace_write(stamp->next, &stamped);
}

void trace_stamp_init(struct trace_stamp *stamp, struct sched *sched, struct trace *next)
{
    *stamp = (struct trace_stamp){
        .trace.write = trace_stamp_write,
        .sched = sched,
        .next = next,
    };
}
