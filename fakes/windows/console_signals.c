/* SPDX-License-Identifier: MIT */
/* See console_signals.h. The signal handler only writes a byte; a thread reads it and runs the
 * program's handlers, each event after the other. */
#include "fakes/windows/console_signals.h"

#include "emu/port/world.h"
#include "fakes/windows/console.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

static const struct {
    int signal;
    DWORD event;
} events[] = {
    { SIGINT, CTRL_C_EVENT },
    { SIGQUIT, CTRL_BREAK_EVENT },
    { SIGTERM, CTRL_CLOSE_EVENT },
    { SIGHUP, CTRL_CLOSE_EVENT },
};
#define N_EVENTS (sizeof(events) / sizeof(events[0]))

static int pipe_fds[2] = { -1, -1 };
static pthread_once_t once = PTHREAD_ONCE_INIT;
static volatile sig_atomic_t is_closing;

static void end_by(int number)
{
    signal(number, SIG_DFL);
    kill(getpid(), number);
}

/* Who is told to close a second time, and still runs, is ended. */
static void on_signal(int number)
{
    int saved_errno = errno;
    char byte = (char)number;

    if (number == SIGTERM && is_closing)
        end_by(number);
    is_closing |= number == SIGTERM;
    (void)!write(pipe_fds[1], &byte, 1);
    errno = saved_errno;
}

static DWORD event_of(int number)
{
    size_t i = 0;

    while (events[i].signal != number)
        i++;
    return events[i].event;
}

/* Learn: "HandlerRoutine": after CTRL_CLOSE_EVENT the process ends whatever a handler answers;
 * after the others only when none has taken it. */
static void handle(int number)
{
    DWORD event = event_of(number);
    bool was_told = event == CTRL_CLOSE_EVENT && console_was_closed();
    bool is_taken = !was_told && console_send_control(event);

    if (!is_taken || event == CTRL_CLOSE_EVENT)
        end_by(number);
}

static void *read_signals(void *argument)
{
    char byte;

    for (;;) {
        ssize_t n = read(pipe_fds[0], &byte, 1);
        if (n == 1)
            handle(byte);
        else if (n == 0 || errno != EINTR)
            return argument;
    }
}

static void follow(size_t i)
{
    struct sigaction old, own = { .sa_handler = on_signal, .sa_flags = SA_RESTART };

    if (sigaction(events[i].signal, NULL, &old) == 0 && old.sa_handler == SIG_DFL)
        sigaction(events[i].signal, &own, NULL);
}

static void begin(void)
{
    pthread_attr_t attributes;
    pthread_t thread;

    if (pipe2(pipe_fds, O_CLOEXEC) < 0)
        return;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    bool has_thread = pthread_create(&thread, &attributes, read_signals, NULL) == 0;
    pthread_attr_destroy(&attributes);
    for (size_t i = 0; has_thread && i < N_EVENTS; i++)
        follow(i);
}

void console_signals_follow(void)
{
    const struct world_ports *world = world_existing();

    if (world && !world->is_virtual)
        pthread_once(&once, begin);
}
