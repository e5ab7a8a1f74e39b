/* SPDX-License-Identifier: MIT */
/* See launch.h. */
#include "emu/cli/launch.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/cli/launch_life.h"
#include "emu/cli/launch_preload.h"
#include "emu/cli/launch_process.h"
#include "emu/cli/launch_volumes.h"
#include "emu/cli/program_path.h"
#include "emu/cli/say.h"
#include "emu/cli/trace_pump.h"
#include "emu/cli/world_text.h"
#include "provider_sim/fuse/cow_server.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* A program whose requester has finished is told to leave, and ended, by the library inside it.
 * Should that fail, the launcher does it, in real time. */
#define BACKSTOP_TERM_MS 60000
#define BACKSTOP_KILL_MS 5000

struct run {
    const struct launch_plan *plan;
    struct launched_volumes volumes;
    struct trace_pump pump;
    struct step_prompt prompt;
    struct launched_process process;
    struct launch_life life;
    bool has_lost_server;
    int objects_fd;      /* memory for named objects of all processes of the run; -1: none */
    int64_t backstop_ms; /* when to step in, on the monotonic clock; 0: not yet */
    int backstop_signal; /* what was sent last, 0: nothing */
};

static int64_t monotonic_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Answers how long poll may wait; steps in when the time has come. */
static int tend_backstop(struct run *run)
{
    int64_t now = monotonic_ms();

    int patience = launch_tool_patience(run->plan->tool);

    if (!run->pump.is_finished_said || !patience)
        return -1;
    if (!run->backstop_ms)
        run->backstop_ms = now + BACKSTOP_TERM_MS * patience;
    if (now >= run->backstop_ms && run->backstop_signal != SIGKILL) {
        run->backstop_signal = run->backstop_signal ? SIGKILL : SIGTERM;
        say("%s does not leave although the requester has finished; it gets %s", run->plan->argv[0],
            run->backstop_signal == SIGKILL ? "SIGKILL" : "SIGTERM");
        kill(run->process.pid, run->backstop_signal);
        run->backstop_ms = now + BACKSTOP_KILL_MS;
    }
    return run->backstop_signal == SIGKILL ? -1 : (int)(run->backstop_ms - now);
}

/* What happened before a stop is shown before it. */
static void talk(struct run *run)
{
    trace_pump_read(&run->pump);
    if (step_prompt_talk(&run->prompt))
        return;
    say("quit: %s gets SIGKILL", run->plan->argv[0]);
    kill(run->process.pid, SIGKILL);
    step_prompt_close(&run->prompt);
}

static void watch(struct run *run)
{
    struct pollfd fds[] = {
        { .fd = run->process.signal_fd, .events = POLLIN },
        { .fd = run->pump.pipe_fd, .events = POLLIN },
        { .fd = run->volumes.server ? cow_server_life_fd(run->volumes.server) : -1,
          .events = POLLIN },
        { .fd = run->prompt.fd, .events = POLLIN },
    };

    while (!run->process.has_ended) {
        fds[1].fd = run->pump.pipe_fd;
        fds[3].fd = run->prompt.fd;
        if (poll(fds, 4, tend_backstop(run)) < 0 && errno != EINTR)
            break;
        if (fds[1].revents)
            trace_pump_read(&run->pump);
        if (fds[3].revents)
            talk(run);
        if (fds[2].revents) {
            say("the server of the mounted volumes has ended; their files are out of reach now");
            run->has_lost_server = true;
            fds[2].fd = -1;
        }
        if (fds[0].revents)
            launched_process_signals(&run->process);
    }
}

/* Only the last element: no path of the host stands in a trace. */
static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

/* A plain Linux writer is told to leave by SIGTERM; without a handler that is how it leaves. */
static bool has_left_as_told(const struct run *run)
{
    int status = run->process.status;

    return WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM && run->pump.is_finished_said &&
           !run->backstop_signal;
}

/* Says how the run ended, where that is not plain, and puts it down in the trace. */
static int give_verdict(struct run *run)
{
    struct trace_verdict verdict = { .ending = TRACE_ENDED_BY_EXIT };
    auto_free char *signal_name = NULL, *message = NULL;
    int status = run->process.status;

    if (has_left_as_told(run)) {
        verdict.exit_code = run->pump.requester_code;
    } else if (WIFSIGNALED(status)) {
        int number = WTERMSIG(status);

        signal_name = launched_signal_name(number);
        message = str_printf("%s was ended by %s (%s)", base_name(run->plan->argv[0]), signal_name,
                             strsignal(number));
        verdict.ending = TRACE_ENDED_BY_SIGNAL;
        verdict.exit_code = 128 + number;
        verdict.signal = signal_name;
    } else {
        verdict.exit_code = WEXITSTATUS(status);
    }
    if (run->has_lost_server) {
        free(message);
        message = str_printf("the server of the mounted volumes ended before the program");
        verdict.ending = TRACE_ENDED_BY_HARNESS;
        verdict.exit_code = EXIT_HARNESS_FAILED;
    }
    verdict.message = message;
    trace_pump_close(&run->pump, &verdict);
    if (message)
        say("%s%s%s", message, run->plan->trace_path ? "; its trace up to there is in " : "",
            run->plan->trace_path ? run->plan->trace_path : "");
    /* Whoever reads the trace must not take a part of it for the whole. */
    if (run->pump.has_failed && !verdict.exit_code)
        verdict.exit_code = EXIT_NO_WORLD;
    return run_report_end(&run->pump.report, run->plan, verdict.exit_code);
}

/* Before the program ran: the scene is taken down again. */
static int give_up(struct run *run, int exit_code, const char *message)
{
    const struct trace_verdict verdict = {
        .ending = TRACE_ENDED_BY_HARNESS,
        .exit_code = exit_code,
        .message = message,
    };

    launched_volumes_close(&run->volumes);
    step_prompt_close(&run->prompt);
    trace_pump_close(&run->pump, &verdict);
    return exit_code;
}

static int start(struct run *run, const char *path, char *const *argv)
{
    auto_free char *objects =
        run->objects_fd < 0 ? NULL : str_printf("/proc/%d/fd/%d", getpid(), run->objects_fd);
    auto_free char *world =
        world_text_make(run->plan, &run->volumes, run->pump.write_fd, run->prompt.program_fd,
                        objects, launch_life_description(&run->life, &run->pump.report));
    int keep_fds[LAUNCH_MAX_VOLUMES + 2];
    size_t n_keep = 0;

    for (size_t i = 0; i < run->volumes.n; i++) {
        if (run->volumes.control_fds[i] >= 0)
            keep_fds[n_keep++] = run->volumes.control_fds[i];
    }
    keep_fds[n_keep++] = run->pump.write_fd;
    if (run->prompt.program_fd >= 0)
        keep_fds[n_keep++] = run->prompt.program_fd;
    if (!launch_preload_begin(run->plan, run->pump.write_fd))
        return -ENOENT;
    int error = launched_process_start(path, argv, world, keep_fds, n_keep, &run->process);
    launch_preload_end(run->plan);
    launched_volumes_handed_over(&run->volumes);
    trace_pump_handed_over(&run->pump);
    step_prompt_handed_over(&run->prompt);
    return error;
}

/* The sockets of the mount were the process's that is gone. */
static bool mount_again(struct run *run)
{
    if (!launched_volumes_close(&run->volumes))
        run->has_lost_server = true;
    return !run->has_lost_server && !launched_volumes_open(run->plan, &run->volumes);
}

/* A fault has ended the process, and its writer is due again. */
static bool comes_back(struct run *run, const char *path, char *const *argv)
{
    struct launch_life life = run->life;
    auto_free char *detail = NULL;

    trace_pump_read(&run->pump);
    if (run->backstop_signal || !launch_life_next(&run->pump.report, run->process.status, &life))
        return false;
    if (run->plan->step.is_on) {
        say("%s is not started again: not with --step", run->plan->argv[0]);
        return false;
    }
    if (!run->plan->is_virtual &&
        !launch_life_wait(run->process.signal_fd, life.begins_ns - run->pump.report.latest_ns))
        return false;
    launched_process_fini(&run->process); /* signals are as the server of a mount wants them */
    if (run->plan->is_mounted && !mount_again(run))
        return false;
    detail = str_printf("life %u: another process, with the faults that have not happened",
                        life.number + 1);
    const struct trace_record note = { .at_ns = life.begins_ns,
                                       .kind = TRACE_NOTE,
                                       .who = "world",
                                       .what = "the program starts again",
                                       .detail = detail };
    if (!trace_pump_go_on(&run->pump, &note))
        return false;
    run->life = life;
    run->backstop_ms = 0;
    int error = start(run, path, argv);
    if (error < 0)
        say("%s cannot be started again: %s", path, strerror(-error));
    return error >= 0;
}

static int run_in_scene(struct run *run, const char *path, char *const *argv)
{
    int no_prompt = step_prompt_open(&run->plan->step, &run->prompt);

    if (no_prompt) {
        launched_volumes_close(&run->volumes);
        return no_prompt;
    }
    int code = trace_pump_open(run->plan, path, &run->pump);

    if (code)
        return give_up(run, code, "the trace cannot be written");
    int error = start(run, path, argv);
    if (error < 0) {
        bool is_program = error != -EAGAIN && error != -ENOMEM && error != -EMFILE;

        say("%s cannot be started: %s", path, strerror(-error));
        return give_up(run, is_program ? EXIT_NO_PROGRAM : EXIT_HARNESS_FAILED,
                       "the program cannot be started");
    }
    watch(run);
    while (comes_back(run, path, argv))
        watch(run);
    step_prompt_close(&run->prompt);
    if (!launched_volumes_close(&run->volumes))
        run->has_lost_server = true;
    launched_process_fini(&run->process);
    return give_verdict(run);
}

static int launch_at(const struct launch_plan *plan, const char *path, char *const *argv)
{
    struct run run = { .plan = plan, .objects_fd = memfd_create("vssemu-objects", MFD_CLOEXEC) };
    int code = launched_volumes_open(plan, &run.volumes);

    if (!code)
        code = run_in_scene(&run, path, argv);
    if (run.objects_fd >= 0)
        close(run.objects_fd);
    return code;
}

/* The same under a tool, which is the program of the run then. */
static int launch_under_tool(const struct launch_plan *plan, const char *path)
{
    size_t n = 0;

    while (plan->argv[n])
        n++;
    auto_free char **argv = mem_copy(plan->argv, (n + 1) * sizeof(*argv));
    argv[0] = (char *)path;
    char **words = launch_tool_argv(plan->tool, plan->tool_options, argv);
    if (!words)
        return EXIT_NO_PROGRAM;
    int code = launch_at(plan, words[0], words);
    launch_tool_free(words);
    return code;
}

int launch(const struct launch_plan *plan)
{
    if (!world_text_is_possible(plan))
        return EXIT_BAD_USAGE;
    auto_free char *path = program_find(plan->argv[0]);

    if (!path) {
        say("there is no program %s: it is not in PATH and not beside vssemu", plan->argv[0]);
        return EXIT_NO_PROGRAM;
    }
    return plan->tool == LAUNCH_PLAIN ? launch_at(plan, path, plan->argv)
                                      : launch_under_tool(plan, path);
}
