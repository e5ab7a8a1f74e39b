/* SPDX-License-Identifier: MIT */
#include "fakes/windows/driver/command.h"

#include "emu/base/cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

extern char **environ;

void driver_say(const char *format, ...)
{
    va_list args;

    fprintf(stderr, "%s: ", driver_name);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
}

void command_add(struct command *c, const char *word)
{
    array_add(&c->words, word);
}

void command_add_owned(struct command *c, char *word)
{
    array_add(&c->owned, word);
    array_add(&c->words, word);
}

void command_add_all(struct command *c, char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        command_add(c, words[i]);
}

void command_add_words(struct command *c, const char *words)
{
    char *copy = mem_strdup(words), *rest = copy;

    array_add(&c->owned, copy);
    for (char *word = strtok_r(copy, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
        command_add(c, word);
}

void command_free(struct command *c)
{
    for (size_t i = 0; i < c->owned.count; i++)
        free(c->owned.items[i]);
    array_free(&c->owned);
    array_free(&c->words);
}

/* The environment with the messages of the locale C; the caller frees the array alone. */
static char **plain_environment(void)
{
    static char locale[] = "LC_ALL=C";
    size_t n = 0, kept = 0;

    while (environ[n])
        n++;
    char **all = mem_alloc((n + 2) * sizeof(*all));
    for (size_t i = 0; i < n; i++)
        if (!str_starts_with(environ[i], "LC_ALL="))
            all[kept++] = environ[i];
    all[kept++] = locale;
    return all;
}

static int wait_for(pid_t pid)
{
    int status;

    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return 1;
    if (WIFSIGNALED(status))
        return 128 + WTERMSIG(status);
    return WEXITSTATUS(status);
}

/* Reads both pipes to their ends; a descriptor of -1 is none. */
static void collect(int fds[2], struct str *texts[2])
{
    struct pollfd polled[2] = { { fds[0], POLLIN, 0 }, { fds[1], POLLIN, 0 } };
    char buffer[16384];

    while (polled[0].fd >= 0 || polled[1].fd >= 0) {
        if (poll(polled, 2, -1) < 0 && errno != EINTR)
            return;
        for (int i = 0; i < 2; i++) {
            if (polled[i].fd < 0 || !polled[i].revents)
                continue;
            ssize_t n = read(polled[i].fd, buffer, sizeof(buffer));
            if (n > 0)
                str_add_bytes(texts[i], buffer, (size_t)n);
            else if (n == 0 || errno != EINTR)
                polled[i].fd = -1;
        }
    }
}

static int start(struct command *c, posix_spawn_file_actions_t *actions, char **environment,
                 pid_t *ret_pid)
{
    command_add(c, NULL);
    char *const *words = (char *const *)(uintptr_t)c->words.items;
    int error = posix_spawnp(ret_pid, words[0], actions, NULL, words, environment);
    c->words.count--;
    if (error)
        driver_say("cannot start %s: %s", words[0], strerror(error));
    return error;
}

int command_run(struct command *c)
{
    pid_t pid;

    return start(c, NULL, environ, &pid) ? 1 : wait_for(pid);
}

int command_run_captured(struct command *c, struct str *output, struct str *error)
{
    struct str *texts[2] = { output, error };
    int fds[2] = { -1, -1 }, ends[2] = { -1, -1 };
    posix_spawn_file_actions_t actions;
    pid_t pid;

    posix_spawn_file_actions_init(&actions);
    for (int i = 0; i < 2; i++) {
        int both[2];
        if (!texts[i] || pipe2(both, O_CLOEXEC))
            continue;
        fds[i] = both[0];
        ends[i] = both[1];
        posix_spawn_file_actions_adddup2(&actions, both[1], i + 1);
    }
    auto_free char **environment = plain_environment();
    int failed = start(c, &actions, environment, &pid);
    posix_spawn_file_actions_destroy(&actions);
    for (int i = 0; i < 2; i++)
        if (ends[i] >= 0)
            close(ends[i]);
    if (!failed)
        collect(fds, texts);
    for (int i = 0; i < 2; i++)
        if (fds[i] >= 0)
            close(fds[i]);
    return failed ? 1 : wait_for(pid);
}

bool command_is_there(const char *program)
{
    const char *path = getenv("PATH") ?: "/usr/bin:/bin";

    if (strchr(program, '/'))
        return access(program, X_OK) == 0;
    while (*path) {
        size_t n = strcspn(path, ":");
        auto_free char *file = str_printf("%.*s/%s", (int)n, path, program);
        if (access(file, X_OK) == 0)
            return true;
        path += n + (path[n] == ':');
    }
    return false;
}
