/* SPDX-License-Identifier: MIT */
/* CreateProcess: a program of the host or of a volume as a child of this process (Learn:
 * "CreateProcessW"). The child has standard streams, directory and environment as asked for, and
 * of this process what it inherits (heritage.h). VSSEMU_WORLD tells a child that is a program like
 * this one of the volumes; VSSEMU_MOUNT_C and the like tell programs of Linux where mounted ones
 * are. */
#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/base/utf.h"
#include "emu/port/world.h"
#include "fakes/windows/file.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/processes/attribute_list.h"
#include "fakes/windows/processes/spawn.h"

#include <stdio.h>
#include <string.h>

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

/* ---- the start ---- */

static DWORD check_flags(DWORD flags)
{
    const DWORD refused = CREATE_SUSPENDED | DEBUG_PROCESS | DEBUG_ONLY_THIS_PROCESS;

    if (!(flags & refused))
        return ERROR_SUCCESS;
    fprintf(stderr, "vssemu: CreateProcess: %s is not supported; start the program without it\n",
            flags & CREATE_SUSPENDED ? "CREATE_SUSPENDED" : "debugging a child");
    return ERROR_NOT_SUPPORTED;
}

static BOOL create(struct making *making, const SECURITY_ATTRIBUTES *process_security,
                   const SECURITY_ATTRIBUTES *thread_security, PROCESS_INFORMATION *ret)
{
    struct program program = { .fd = -1 };
    auto_free char *directory = NULL;
    struct process *child = NULL;
    DWORD error = check_flags(making->flags);

    if (!error)
        error = program_find_for(making->application, making->line, &program);
    if (!error && making->directory)
        error = host_directory(making->directory, &directory);
    if (!error)
        error = spawn(making, &program, directory, &child);
    if (!error) {
        ret->dwProcessId = child->object.state->id;
        ret->dwThreadId = ret->dwProcessId + 2;
        ret->hThread =
            handle_new_for(object_ref(&child->object), PROCESS_ALL_ACCESS, thread_security);
        ret->hProcess = handle_new_for(&child->object, PROCESS_ALL_ACCESS, process_security);
    }
    program_fini(&program);
    making_fini(making);
    return error ? win_fail(error) : TRUE;
}

/* Both structures are alike but for texts that matter to desktops. Without streams of its own a
 * child that inherits has those of SetStdHandle. */
static void take_startup(struct making *making, const STARTUPINFOW *startup)
{
    making->has_streams = startup->dwFlags & STARTF_USESTDHANDLES;
    making->streams[0] = startup->hStdInput;
    making->streams[1] = startup->hStdOutput;
    making->streams[2] = startup->hStdError;
    if (making->has_streams || !making->inherits)
        return;
    making->has_streams = true;
    making->streams[0] = GetStdHandle(STD_INPUT_HANDLE);
    making->streams[1] = GetStdHandle(STD_OUTPUT_HANDLE);
    making->streams[2] = GetStdHandle(STD_ERROR_HANDLE);
}

static void take_attributes(struct making *making, const STARTUPINFOW *startup)
{
    SIZE_T size = 0;

    if (!(making->flags & EXTENDED_STARTUPINFO_PRESENT) || startup->cb < sizeof(STARTUPINFOEXW))
        return;
    making->handles = attribute_list_value(((const STARTUPINFOEXW *)startup)->lpAttributeList,
                                           PROC_THREAD_ATTRIBUTE_HANDLE_LIST, &size);
    making->n_handles = size / sizeof(HANDLE);
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
                             .inherits = inherits,
                             .flags = flags };

    if (!startup || !ret)
        return win_fail(ERROR_INVALID_PARAMETER);
    take_startup(&making, startup);
    take_attributes(&making, startup);
    making_take_environment(&making, environment, flags & CREATE_UNICODE_ENVIRONMENT);
    return create(&making, process_security, thread_security, ret);
}

BOOL WINAPI CreateProcessA(LPCSTR application, LPSTR line, LPSECURITY_ATTRIBUTES process_security,
                           LPSECURITY_ATTRIBUTES thread_security, BOOL inherits, DWORD flags,
                           LPVOID environment, LPCSTR directory, LPSTARTUPINFOA startup,
                           LPPROCESS_INFORMATION ret)
{
    struct making making = { .application = application,
                             .line = line,
                             .directory = directory,
                             .inherits = inherits,
                             .flags = flags };

    if (!startup || !ret)
        return win_fail(ERROR_INVALID_PARAMETER);
    take_startup(&making, (const STARTUPINFOW *)startup);
    take_attributes(&making, (const STARTUPINFOW *)startup);
    making_take_environment(&making, environment, flags & CREATE_UNICODE_ENVIRONMENT);
    return create(&making, process_security, thread_security, ret);
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
