/* SPDX-License-Identifier: MIT */
/* See step_prompt.h. */
#include "emu/cli/step_prompt.h"

#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/cli/launch_plan.h"
#include "emu/cli/say.h"
#include "emu/scenario/until.h"
#include "emu/setup/stepper.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* ---- options ---- */

bool step_option_on(void *target, const char *value)
{
    (void)value;
    ((struct launch_plan *)target)->step.is_on = true;
    return true;
}

bool step_option_until(void *target, const char *value)
{
    struct launch_step *step = &((struct launch_plan *)target)->step;

    if (step->n_until == STEP_MAX_UNTIL || !*value) {
        say("--until takes an event, as in --until Freeze or --until 'writer Sql:Freeze'; at most "
            "%d of them",
            STEP_MAX_UNTIL);
        return false;
    }
    auto_free char *why = until_wrong(value);
    if (why) {
        say("--until %s: %s", value, why);
        return false;
    }
    step->until[step->n_until++] = value;
    return true;
}

bool step_option_commands(void *target, const char *value)
{
    ((struct launch_plan *)target)->step.commands = value;
    return true;
}

/* ---- talking ---- */

static bool open_terminal(const struct launch_step *step, struct step_prompt *prompt)
{
    prompt->asks_person = !step->commands;
    prompt->commands = fopen(step->commands ? step->commands : "/dev/tty", "re");
    prompt->screen = step->commands ? stderr : fopen("/dev/tty", "we");
    if (prompt->commands && prompt->screen)
        return true;
    if (step->commands)
        say("--step-commands %s: %s", step->commands, strerror(errno));
    else
        say("--step asks at the terminal, and there is none: give commands with --step-commands "
            "FILE");
    return false;
}

int step_prompt_open(const struct launch_step *step, struct step_prompt *ret)
{
    int fds[2];

    *ret = (struct step_prompt){ .fd = -1, .program_fd = -1 };
    if (!step->is_on)
        return 0;
    if (!open_terminal(step, ret)) {
        step_prompt_close(ret);
        return EXIT_BAD_USAGE;
    }
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0) {
        say("no socket for --step: %s", strerror(errno));
        step_prompt_close(ret);
        return EXIT_HARNESS_FAILED;
    }
    ret->fd = fds[0];
    ret->program_fd = fds[1];
    return 0;
}

void step_prompt_handed_over(struct step_prompt *prompt)
{
    if (prompt->program_fd >= 0)
        close(prompt->program_fd);
    prompt->program_fd = -1;
}

/* The next command with its newline; at the end of them the world goes on by itself. */
static char *next_command(struct step_prompt *prompt)
{
    char *line = NULL;
    size_t size = 0;

    if (prompt->asks_person) {
        fputs("step> ", prompt->screen);
        fflush(prompt->screen);
    }
    ssize_t n = getline(&line, &size, prompt->commands);
    if (n <= 0) {
        free(line);
        return str_printf("go\n");
    }
    if (line[n - 1] != '\n') {
        char *whole = str_printf("%s\n", line);

        free(line);
        line = whole;
    }
    if (!prompt->asks_person)
        fprintf(prompt->screen, "step> %s", line);
    return line;
}

static bool answer(struct step_prompt *prompt)
{
    auto_free char *line = next_command(prompt);

    if (strcmp(line, "quit\n") == 0) {
        prompt->is_over = true;
        return false;
    }
    return send(prompt->fd, line, strlen(line), MSG_NOSIGNAL) >= 0 || errno == EPIPE;
}

bool step_prompt_talk(struct step_prompt *prompt)
{
    char buffer[4096];
    ssize_t n = read(prompt->fd, buffer, sizeof(buffer));

    if (n <= 0) {
        if (n == 0 || errno != EINTR)
            step_prompt_close(prompt);
        return true;
    }
    for (ssize_t i = 0; i < n; i++) {
        if (buffer[i] != STEPPER_ASKS) {
            fputc(buffer[i], prompt->screen);
            continue;
        }
        fflush(prompt->screen);
        if (!answer(prompt))
            return false;
    }
    fflush(prompt->screen);
    return true;
}

void step_prompt_close(struct step_prompt *prompt)
{
    step_prompt_handed_over(prompt);
    if (prompt->fd >= 0)
        close(prompt->fd);
    prompt->fd = -1;
    if (prompt->commands)
        fclose(prompt->commands);
    if (prompt->screen && prompt->screen != stderr)
        fclose(prompt->screen);
    prompt->commands = prompt->screen = NULL;
}
