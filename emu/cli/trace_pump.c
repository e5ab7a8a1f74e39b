/* SPDX-License-Identifier: MIT */
/* See trace_pump.h. */
#include "emu/cli/trace_pump.h"

#include "emu/base/cleanup.h"
#include "emu/cli/say.h"
#include "emu/cli/trace_world.h"
#include "emu/trace/trace_check.h"
#include "emu/trace/trace_text.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>

#define HIGH_FD 100 /* the program's end: out of the way of its own descriptors */
/* Who notes "finished" or "failed" when it has ended (emu/setup/built_in_requester). */
#define BUILT_IN_REQUESTER "built-in requester"

static void keep(struct trace_pump *pump, const char *text, size_t length)
{
    while (length && pump->file_fd >= 0 && !pump->has_failed) {
        ssize_t n = write(pump->file_fd, text, length);

        if (n < 0 && errno != EINTR) {
            say("the trace %s cannot be written on: %s", pump->trace_path, strerror(errno));
            pump->has_failed = true;
        } else if (n > 0) {
            text += n;
            length -= (size_t)n;
        }
    }
}

/* With its number and its check, by which a reader sees that none is missing or was changed. */
static void keep_record(struct trace_pump *pump, const char *text, size_t length)
{
    const char *brace = memchr(text, '{', length);
    auto_str struct str line = { 0 };

    pump->n_records++;
    if (pump->file_fd < 0)
        return;
    str_addf(&line, "{\"n\":%" PRIu64 ",", pump->n_records);
    str_add_bytes(&line, brace + 1, length - (size_t)(brace + 1 - text));
    trace_check_add(&line, &pump->chain);
    keep(pump, line.text, line.length);
}

static void show(struct trace_pump *pump, const struct trace_record *record)
{
    const struct trace_text_style style = { .has_colours = pump->has_colours };
    auto_str struct str line = { 0 };

    if (!pump->protocol)
        return;
    trace_text_add_record(&line, record, &style);
    fputs(line.text, pump->protocol);
    fflush(pump->protocol);
}

static void take_end_of_requester(struct trace_pump *pump, const struct trace_record *record)
{
    if (record->detail && !pump->is_finished_said)
        sscanf(record->detail, "exit code %d", &pump->requester_code);
    pump->is_finished_said = true;
}

/* As the world writes one: number and check come from here. */
static bool is_fresh(const struct trace_line *line, const char *text, size_t length)
{
    uint64_t check;
    size_t body;

    return line->kind == TRACE_LINE_RECORD && !line->n &&
           !trace_check_split(text, length - 1, &body, &check);
}

/* One whole line with its newline. What is no record (a program that writes into a descriptor that
 * is not its own) is not let into the file. */
static void take_line(struct trace_pump *pump, const char *text, size_t length)
{
    struct trace_line line;

    if (!trace_json_read(text, length, &line))
        return;
    if (is_fresh(&line, text, length)) {
        keep_record(pump, text, length);
        show(pump, &line.record);
        run_report_take(&pump->report, &line.record);
        if (line.record.kind == TRACE_NOTE && str_is_equal(line.record.who, BUILT_IN_REQUESTER))
            take_end_of_requester(pump, &line.record);
    }
    trace_line_fini(&line);
}

static void take(struct trace_pump *pump, const char *text, size_t length)
{
    const char *newline;

    while ((newline = memchr(text, '\n', length))) {
        size_t n = (size_t)(newline - text) + 1;

        if (pump->partial.length) {
            str_add_bytes(&pump->partial, text, n);
            take_line(pump, pump->partial.text, pump->partial.length);
            str_free(&pump->partial);
        } else {
            take_line(pump, text, n);
        }
        text += n;
        length -= n;
    }
    if (length)
        str_add_bytes(&pump->partial, text, length);
}

void trace_pump_read(struct trace_pump *pump)
{
    char buffer[16384];

    while (pump->pipe_fd >= 0) {
        ssize_t n = read(pump->pipe_fd, buffer, sizeof(buffer));

        if (n > 0) {
            take(pump, buffer, (size_t)n);
        } else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
            close(pump->pipe_fd);
            pump->pipe_fd = -1;
        } else if (errno == EAGAIN) {
            return;
        }
    }
}

static void show_heading(struct trace_pump *pump)
{
    const struct trace_text_style style = { .has_colours = pump->has_colours };
    auto_str struct str line = { 0 };

    trace_text_add_heading(&line, &style);
    fputs(line.text, pump->protocol);
    fflush(pump->protocol);
}

static int open_file(const struct launch_plan *plan, const char *program_path,
                     struct trace_pump *pump)
{
    struct trace_header header = {
        .clock = plan->is_virtual ? "virtual" : "real",
        .seed = plan->seed,
        .program = (const char *const *)plan->argv,
    };
    auto_str struct str line = { 0 };

    if (!plan->trace_path)
        return 0;
    if (plan->keeps_volumes && !trace_world_keep_volumes(plan))
        return EXIT_NO_WORLD;
    auto_free char *world = trace_world_text(plan, program_path);
    header.world = world;
    while (plan->argv[header.n_program])
        header.n_program++;
    pump->file_fd = open(plan->trace_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (pump->file_fd < 0) {
        say("the trace file %s cannot be written: %s", plan->trace_path, strerror(errno));
        return EXIT_NO_WORLD;
    }
    trace_json_add_header(&line, &header);
    trace_check_add(&line, &(uint64_t){ 0 });
    keep(pump, line.text, line.length);
    return pump->has_failed ? EXIT_NO_WORLD : 0;
}

static bool open_pipe(struct trace_pump *pump)
{
    int fds[2];

    if (pipe2(fds, O_CLOEXEC) < 0) {
        say("no pipe for the trace: %s", strerror(errno));
        return false;
    }
    fcntl(fds[0], F_SETFL, O_NONBLOCK);
    pump->pipe_fd = fds[0];
    pump->write_fd = fcntl(fds[1], F_DUPFD_CLOEXEC, HIGH_FD);
    if (pump->write_fd < 0)
        pump->write_fd = fds[1];
    else
        close(fds[1]);
    return true;
}

int trace_pump_open(const struct launch_plan *plan, const char *program_path,
                    struct trace_pump *ret_pump)
{
    *ret_pump = (struct trace_pump){
        .pipe_fd = -1,
        .write_fd = -1,
        .file_fd = -1,
        .protocol = plan->protocol,
        .has_colours = plan->has_colours,
        .trace_path = plan->trace_path,
    };
    int code = open_file(plan, program_path, ret_pump);
    if (code)
        return code;
    if (!open_pipe(ret_pump))
        return EXIT_HARNESS_FAILED;
    if (ret_pump->protocol)
        show_heading(ret_pump);
    return 0;
}

bool trace_pump_go_on(struct trace_pump *pump, const struct trace_record *note)
{
    auto_str struct str line = { 0 };

    trace_pump_read(pump);
    if (pump->pipe_fd >= 0) /* a child of the program's has it still */
        close(pump->pipe_fd);
    str_free(&pump->partial);
    pump->is_finished_said = false;
    pump->requester_code = 0;
    trace_json_add_record(&line, note);
    take_line(pump, line.text, line.length);
    return open_pipe(pump);
}

void trace_pump_handed_over(struct trace_pump *pump)
{
    if (pump->write_fd >= 0)
        close(pump->write_fd);
    pump->write_fd = -1;
}

void trace_pump_close(struct trace_pump *pump, const struct trace_verdict *verdict)
{
    struct trace_verdict with_count = *verdict;
    auto_str struct str line = { 0 };

    trace_pump_handed_over(pump);
    trace_pump_read(pump);
    with_count.n_records = pump->n_records;
    trace_json_add_verdict(&line, &with_count);
    trace_check_add(&line, &pump->chain);
    keep(pump, line.text, line.length);
    str_free(&pump->partial);
    if (pump->pipe_fd >= 0)
        close(pump->pipe_fd);
    if (pump->file_fd >= 0)
        close(pump->file_fd);
    pump->pipe_fd = pump->file_fd = -1;
}
