/* SPDX-License-Identifier: MIT */
#include "emu/cli/fuzz_repeat.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/cli/fork_client.h"
#include "emu/cli/input_files.h"
#include "emu/cli/program_path.h"
#include "emu/scenario/scenario_read.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define N_RUNS   3
#define LIMIT_MS 20000 /* of real time; the run of the search was over in less */

/* ---- the command ---- */

static void add_word(struct str *out, const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "%+,-./:=@_";

    str_add_char(out, ' ');
    if (*word && !word[strspn(word, plain)]) {
        str_add(out, word);
        return;
    }
    str_add_char(out, '\'');
    for (; *word; word++) {
        if (*word == '\'')
            str_add(out, "'\\''");
        else
            str_add_char(out, *word);
    }
    str_add_char(out, '\'');
}

void fuzz_repeat_command(char *const *argv, const char *name, struct str *out)
{
    str_addf(out, "; vssemu run --world %s.yaml", name);
    if (argv)
        str_add(out, " --");
    for (size_t i = 0; argv && argv[i]; i++)
        add_word(out, argv[i]);
}

/* ---- a run ---- */

static char **run_words(char *vssemu, char *path, char *const *argv)
{
    static char run[] = "run", world[] = "--world", end[] = "--";
    size_t n = 0, at = 0;

    while (argv[n])
        n++;
    char **words = mem_alloc((n + 6) * sizeof(*words));

    words[at++] = vssemu;
    words[at++] = run;
    words[at++] = world;
    words[at++] = path;
    words[at++] = end;
    for (size_t i = 0; i < n; i++)
        words[at++] = argv[i];
    return words;
}

/* A sanitizer's report ends it as in the search. */
static _Noreturn void become(const char *path, char *const *words, pid_t parent)
{
    int nothing = open("/dev/null", O_RDWR);

    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent)
        _exit(EXIT_FAILURE);
    for (int i = 0; nothing >= 0 && i <= STDERR_FILENO; i++)
        dup2(nothing, i);
    signal(SIGINT, SIG_DFL);
    signal(SIGPIPE, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    fork_client_let_sanitizers_abort();
    execv(path, words);
    _exit(EXIT_FAILURE);
}

/* Its code as a shell says it; -1: it was not over in time, or cannot run. */
static int run_once(const char *path, char *const *words)
{
    pid_t parent = getpid(), pid = fork();
    int status = 0;

    if (pid == 0)
        become(path, words, parent);
    if (pid < 0)
        return -1;
    setpgid(pid, pid); /* as the child does: whoever comes first */
    struct pollfd ends = { .fd = (int)syscall(SYS_pidfd_open, pid, 0), .events = POLLIN };
    int n;

    do
        n = poll(&ends, 1, LIMIT_MS);
    while (n < 0 && errno == EINTR);
    if (n == 0)
        kill(-pid, SIGKILL);
    if (ends.fd >= 0)
        close(ends.fd);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return n == 0 || !WIFEXITED(status) ? -1 : WEXITSTATUS(status);
}

/* As the search says it (emu/search/trial.c). */
static char *words_of(int code)
{
    const char *signal = code > 128 ? sigabbrev_np(code - 128) : NULL;

    if (code < 0)
        return mem_strdup("no end");
    return signal ? str_printf("SIG%s", signal) : str_printf("code %d", code);
}

static bool ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), n_end = strlen(end);

    return n >= n_end && strcmp(text + n - n_end, end) == 0 &&
           (n == n_end || text[n - n_end - 1] == ' ');
}

static bool write_scenario(const struct scenario *scenario, char *path)
{
    auto_str struct str yaml = { 0 };
    auto_close int fd = mkstemp(path);

    scenario_write(scenario, &yaml);
    return fd >= 0 && write(fd, yaml.text, yaml.length) == (ssize_t)yaml.length;
}

bool fuzz_can_repeat(const struct seek_verdict *verdict)
{
    return str_is_equal(verdict->rule, "crash") || str_is_equal(verdict->rule, "exit-code");
}

bool fuzz_repeats(char *const *argv, const struct scenario *scenario,
                  const struct seek_verdict *verdict, char **ret_how)
{
    auto_free char *directory = program_own_directory();
    auto_free char *vssemu = str_printf("%s/vssemu", directory);
    auto_free char *path = input_temporary(NULL, "found");
    auto_free char **words = run_words(vssemu, path, argv);
    bool repeats = true;

    *ret_how = NULL;
    if (!write_scenario(scenario, path))
        return true; /* nobody knows, and nobody is accused of it */
    for (unsigned i = 0; repeats && i < N_RUNS; i++) {
        auto_free char *how = words_of(run_once(vssemu, words));

        repeats = ends_with(verdict->what, how);
        if (!repeats)
            *ret_how = mem_strdup(how);
    }
    unlink(path);
    return repeats;
}
