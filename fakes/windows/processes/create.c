/* SPDX-License-Identifier: MIT */
/* CreateProcess: a program of the host or of a volume as a child of this process (Learn:
 * "CreateProcessW"). The child has standard streams, directory and environment as asked for, and
 * nothing else of this process; VSSEMU_WORLD is not for it (each process has a world of its own),
 * but VSSEMU_MOUNT_C and the like tell it where mounted volumes are. */
#include "emu/base/array.h"
#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/base/utf.h"
#include "emu/port/world.h"
#include "fakes/windows/file.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/process.h"
#include "fakes/windows/processes/command_line.h"
#include "fakes/windows/processes/program.h"
#include "fakes/windows/shared/segment.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROGRAM_FD  3 /* where the child finds its program */
#define DESCRIPTION "VSSEMU_WORLD="

struct making {
    const char *application, *line, *directory;
    ARRAY(char *) environment; /* owned */
    HANDLE streams[3];
    bool has_streams;
    DWORD flags;
};

/* ---- environment ---- */

static void add_variable(struct making *making, char *take_entry)
{
    if (str_starts_with(take_entry, DESCRIPTION) ||
        str_starts_with(take_entry, SHARED_VARIABLE "=") || *take_entry == '=')
        free(take_entry); /* "=C:=C:\dir": Windows' own */
    else
        array_add(&making->environment, take_entry);
}

static void take_environment(struct making *making, const void *block, bool is_wide)
{
    if (!block) {
        for (char **entry = environ; entry && *entry; entry++)
            add_variable(making, mem_strdup(*entry));
    } else if (is_wide) {
        for (const uint16_t *at = block; *at; at += utf16_length(at) + 1)
            add_variable(making, utf8_from_utf16(at));
    } else {
        for (const char *at = block; *at; at += strlen(at) + 1)
            add_variable(making, mem_strdup(at));
    }
    struct world_ports *world = world_current();
    for (size_t i = 0; i < world->n_volumes; i++) {
        const struct volume *volume = world->volumes[i];
        if (volume->mount_path && volume->letter)
            array_add(&making->environment,
                      str_printf("VSSEMU_MOUNT_%c=%s", volume->letter, volume->mount_path));
    }
    if (shared_path()) /* the names of objects are common to both */
        array_add(&making->environment, str_printf(SHARED_VARIABLE "=%s", shared_path()));
    array_add(&making->environment, (char *)NULL);
}

static void making_fini(struct making *making)
{
    for (size_t i = 0; i < making->environment.count; i++)
        free(making->environment.items[i]);
    array_free(&making->environment);
}

/* ---- directory ---- */

/* The host's path of a directory, which a volume has only when it is mounted. The caller frees. */
static DWORD host_directory(const char *directory, char **ret_path)
{
    auto_free uint16_t *wide = utf16_from_utf8(directory);
    struct stat st;
    auto_path path = { 0 };
    DWORD error = path_parse((LPCWSTR)wide, 0, &path);

    if (!error)
        error = path_find_target(&path, &st);
    if (error || !S_ISDIR(st.st_mode))
        return ERROR_DIRECTORY;
    if (path.kind == PATH_HOST) {
        *ret_path = mem_strdup(path.text);
        return ERROR_SUCCESS;
    }
    if (!path.volume->mount_path || path.view != VOLUME_ORIGIN) {
        fprintf(stderr,
                "vssemu: CreateProcess: a program cannot stand in %s, which Linux does not see; "
                "mount the volume (vssemu run --mount)\n",
                directory);
        return ERROR_DIRECTORY;
    }
    *ret_path = str_printf("%s/%s", path.volume->mount_path, path.text);
    return ERROR_SUCCESS;
}

/* ---- streams ---- */

/* A descriptor of our own for the child's stream; -1: it gets none. */
static DWORD stream_fd(HANDLE handle, int *ret_fd)
{
    *ret_fd = -1;
    if (!handle || handle == INVALID_HANDLE_VALUE)
        return ERROR_SUCCESS;
    auto_object struct object *object = handle_get(handle, &file_class, 0);
    if (!object)
        return ERROR_INVALID_HANDLE;
    const struct file *file = (struct file *)object;
    if (file->storage.volume) {
        fprintf(stderr, "vssemu: CreateProcess: a file of a volume cannot be a child's standard "
                        "stream; use a pipe, or a file of the host\n");
        return ERROR_NOT_SUPPORTED;
    }
    *ret_fd = fcntl(file->storage.fd, F_DUPFD_CLOEXEC, 16);
    return ERROR_SUCCESS;
}

static DWORD add_streams(const struct making *making, posix_spawn_file_actions_t *actions,
                         int fds[3])
{
    for (int i = 0; making->has_streams && i < 3; i++) {
        DWORD error = stream_fd(making->streams[i], &fds[i]);
        if (error)
            return error;
        if (fds[i] >= 0)
            posix_spawn_file_actions_adddup2(actions, fds[i], i);
        else
            posix_spawn_file_actions_addopen(actions, i, "/dev/null", O_RDWR, 0);
    }
    return ERROR_SUCCESS;
}

/* ---- the start ---- */

static DWORD spawn(const struct making *making, const struct program *program,
                   const char *directory, pid_t *ret_pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    struct words words = command_line_split(making->line ? making->line : program->image);
    int fds[3] = { -1, -1, -1 };
    auto_free char *path = str_printf("/proc/self/fd/%d", PROGRAM_FD);
    sigset_t none, all;

    sigemptyset(&none);
    sigfillset(&all);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    DWORD error = add_streams(making, &actions, fds);
    auto_close int high = fcntl(program->fd, F_DUPFD_CLOEXEC, 16);
    posix_spawn_file_actions_adddup2(&actions, high, PROGRAM_FD);
    posix_spawn_file_actions_addclosefrom_np(&actions, PROGRAM_FD + 1);
    if (directory)
        posix_spawn_file_actions_addchdir_np(&actions, directory);
    if (!error) {
        int result = posix_spawn(ret_pid, path, &actions, &attributes, words.items,
                                 making->environment.items);
        error = !result             ? ERROR_SUCCESS
                : result == ENOEXEC ? ERROR_BAD_EXE_FORMAT
                                    : win_error_from_errno(result);
    }
    for (int i = 0; i < 3; i++) {
        if (fds[i] >= 0)
            close(fds[i]);
    }
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    command_line_free(&words);
    return error;
}

static DWORD check_flags(DWORD flags)
{
    const DWORD refused = CREATE_SUSPENDED | DEBUG_PROCESS | DEBUG_ONLY_THIS_PROCESS;

    if (!(flags & refused))
        return ERROR_SUCCESS;
    fprintf(stderr, "vssemu: CreateProcess: %s is not supported; start the program without it\n",
            flags & CREATE_SUSPENDED ? "CREATE_SUSPENDED" : "debugging a child");
    return ERROR_NOT_SUPPORTED;
}

static BOOL create(struct making *making, PROCESS_INFORMATION *ret)
{
    struct program program = { .fd = -1 };
    auto_free char *directory = NULL;
    pid_t pid = 0;
    DWORD error = check_flags(making->flags);

    if (!error)
        error = program_find_for(making->application, making->line, &program);
    if (!error && making->directory)
        error = host_directory(making->directory, &directory);
    if (!error)
        error = spawn(making, &program, directory, &pid);
    if (!error) {
        int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
        struct process *child = process_new_child(pid, pidfd, program.image);

        ret->dwProcessId = child->id;
        ret->dwThreadId = child->id + 2;
        ret->hThread = handle_new(object_ref(&child->object), PROCESS_ALL_ACCESS);
        ret->hProcess = handle_new(&child->object, PROCESS_ALL_ACCESS);
    }
    program_fini(&program);
    making_fini(making);
    return error ? win_fail(error) : TRUE;
}

/* Both structures are alike but for texts that matter to desktops. */
static void take_startup(struct making *making, const STARTUPINFOW *startup)
{
    making->has_streams = startup->dwFlags & STARTF_USESTDHANDLES;
    making->streams[0] = startup->hStdInput;
    making->streams[1] = startup->hStdOutput;
    making->streams[2] = startup->hStdError;
}

BOOL WINAPI CreateProcessW(LPCWSTR application, LPWSTR line, LPSECURITY_ATTRIBUTES process_security,
                           LPSECURITY_ATTRIBUTES thread_security, BOOL inherits, DWORD flags,
                           LPVOID environment, LPCWSTR directory, LPSTARTUPINFOW startup,
                           LPPROCESS_INFORMATION ret)
{
    auto_free char *utf8_application = utf8_from_utf16((const uint16_t *)application);
    auto_free char *utf8_line = utf8_from_utf16((const uint16_t *)line);
    auto_free char *utf8_directory = utf8_from_utf16((const uint16_t *)directory);
    struct making making = { .application = utf8_application,
                             .line = utf8_line,
                             .directory = utf8_directory,
                             .flags = flags };

    (void)process_security;
    (void)thread_security;
    (void)
        inherits; /* streams are named by STARTF_USESTDHANDLES; other handles are this process's */
    if (!startup || !ret)
        return win_fail(ERROR_INVALID_PARAMETER);
    take_startup(&making, startup);
    take_environment(&making, environment, flags & CREATE_UNICODE_ENVIRONMENT);
    return create(&making, ret);
}

BOOL WINAPI CreateProcessA(LPCSTR application, LPSTR line, LPSECURITY_ATTRIBUTES process_security,
                           LPSECURITY_ATTRIBUTES thread_security, BOOL inherits, DWORD flags,
                           LPVOID environment, LPCSTR directory, LPSTARTUPINFOA startup,
                           LPPROCESS_INFORMATION ret)
{
    struct making making = {
        .application = application, .line = line, .directory = directory, .flags = flags
    };

    (void)process_security;
    (void)thread_security;
    (void)inherits;
    if (!startup || !ret)
        return win_fail(ERROR_INVALID_PARAMETER);
    take_startup(&making, (const STARTUPINFOW *)startup);
    take_environment(&making, environment, flags & CREATE_UNICODE_ENVIRONMENT);
    return create(&making, ret);
}

/* ---- what this process was started with ---- */

VOID WINAPI GetStartupInfoW(LPSTARTUPINFOW ret)
{
    *ret = (STARTUPINFOW){ .cb = sizeof(*ret),
                           .dwFlags = STARTF_USESTDHANDLES,
                           .hStdInput = GetStdHandle(STD_INPUT_HANDLE),
                           .hStdOutput = GetStdHandle(STD_OUTPUT_HANDLE),
                           .hStdError = GetStdHandle(STD_ERROR_HANDLE) };
}

VOID WINAPI GetStartupInfoA(LPSTARTUPINFOA ret)
{
    GetStartupInfoW((LPSTARTUPINFOW)ret);
}

DWORD WINAPI WaitForInputIdle(HANDLE process, DWORD timeout_ms)
{
    (void)timeout_ms;
    return GetProcessId(process) ? 0
                                 : WAIT_FAILED; /* Learn: at once for a program without windows */
}
