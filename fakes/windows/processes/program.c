/* SPDX-License-Identifier: MIT */
/* See program.h. A program is one of the host, by a host path or through PATH, or a file of a
 * volume, which is copied into memory and started from there, so that it makes no difference where
 * the volume is (Learn: "CreateProcessW": where it looks). */
#include "fakes/windows/processes/program.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/base/utf.h"
#include "fakes/windows/file.h"
#include "fakes/windows/processes/command_line.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

void program_fini(struct program *program)
{
    free(program->image);
    if (program->fd >= 0)
        close(program->fd);
}

static bool is_batch(const char *name)
{
    size_t n = strlen(name);

    return n > 4 &&
           (str_is_equal_nocase(name + n - 4, ".cmd") || str_is_equal_nocase(name + n - 4, ".bat"));
}

/* "cmd", "cmd.exe" and what ends like that. */
static bool is_shell(const char *name)
{
    const char *slash = strrchr(name, '\\');
    const char *base = slash ? slash + 1 : name;

    return str_is_equal_nocase(base, "cmd") || str_is_equal_nocase(base, "cmd.exe");
}

/* ---- one name ---- */

static bool is_world_path(const char *name)
{
    return (name[0] && name[1] == ':') || str_starts_with(name, "\\\\");
}

/* A file of a volume, copied into memory. */
static int open_from_world(const char *name)
{
    auto_free uint16_t *wide = utf16_from_utf8(name);
    const struct file_request request = { .access = GENERIC_READ | GENERIC_EXECUTE,
                                          .share = FILE_SHARE_READ,
                                          .disposition = OPEN_EXISTING };
    struct file *file = NULL;
    char buffer[65536];
    off_t at = 0;
    ssize_t n;

    if (file_open((LPCWSTR)wide, &request, &file, NULL))
        return -ENOENT;
    int fd = file->is_directory ? -1 : memfd_create("program", 0);
    while (fd >= 0 && (n = storage_read(&file->storage, buffer, sizeof(buffer), at)) > 0) {
        if (write(fd, buffer, (size_t)n) != n)
            break;
        at += n;
    }
    object_unref(&file->object);
    return fd < 0 ? -EACCES : fd;
}

static int open_on_host(const char *name)
{
    struct stat about;

    if (stat(name, &about) != 0 || !S_ISREG(about.st_mode))
        return -ENOENT;
    if (access(name, X_OK) != 0)
        return -EACCES;
    int fd = open(name, O_RDONLY);
    return fd < 0 ? open(name, O_PATH) : fd;
}

/* True: found, or (fd negative) found and of no use. */
static bool try_name(const char *name, struct program *ret)
{
    int fd = is_world_path(name) ? open_from_world(name) : open_on_host(name);

    if (fd == -ENOENT)
        return false;
    ret->image = mem_strdup(name);
    ret->fd = fd;
    return true;
}

/* As it is, with ".exe", and without: programs of Linux have no such ending. */
static bool try_endings(const char *name, struct program *ret)
{
    size_t n = strlen(name);
    bool has_exe = n > 4 && str_is_equal_nocase(name + n - 4, ".exe");

    if (!*name)
        return false;
    if (try_name(name, ret))
        return true;
    auto_free char *other =
        has_exe ? str_printf("%.*s", (int)n - 4, name) : str_printf("%s.exe", name);
    return try_name(other, ret);
}

/* ---- where it looks ---- */

static char *slashed(const char *name)
{
    char *copy = mem_strdup(name);

    for (char *c = copy; *c; c++)
        *c = *c == '\\' ? '/' : *c;
    return copy;
}

static bool try_folder(const char *folder, size_t length, const char *name, struct program *ret)
{
    auto_free char *path = str_printf("%.*s/%s", (int)length, folder, name);

    return try_endings(path, ret);
}

/* A relative name: beside this program, in the current directory, along PATH. */
static bool search(const char *name, struct program *ret)
{
    auto_free char *host_name = slashed(name);
    char own[4096];
    ssize_t n = readlink("/proc/self/exe", own, sizeof(own) - 1);
    const char *path = getenv("PATH");

    own[n > 0 ? n : 0] = 0;
    char *slash = strrchr(own, '/');
    if (!strchr(host_name, '/') && slash && try_folder(own, (size_t)(slash - own), host_name, ret))
        return true;
    if (try_endings(host_name, ret))
        return true;
    while (path && *path && !strchr(host_name, '/')) {
        size_t length = strcspn(path, ":");
        if (length && try_folder(path, length, host_name, ret))
            return true;
        path += length + (path[length] == ':');
    }
    return false;
}

static bool find(const char *name, bool searches, struct program *ret)
{
    if (is_world_path(name) || *name == '/')
        return searches ? try_endings(name, ret) : try_name(name, ret);
    if (searches)
        return search(name, ret);
    auto_free char *host_name = slashed(name);
    return try_name(host_name, ret);
}

/* Learn: "CreateProcessW": an unquoted name with blanks is tried up to each blank in turn. */
static bool find_in_line(const char *line, struct program *ret)
{
    const char *rest;
    auto_free char *first = command_line_program(line, &rest);

    if (find(first, true, ret))
        return true;
    if (*line == '"')
        return false;
    for (const char *at = rest; *at;) {
        at += strspn(at, " \t");
        at += strcspn(at, " \t");
        auto_free char *longer = str_printf("%.*s", (int)(at - line), line);
        if (find(longer, true, ret))
            return true;
    }
    return false;
}

static DWORD refuse_batch(const char *name)
{
    fprintf(stderr,
            "vssemu: CreateProcess: %s: there is no cmd.exe here to run batch files; name a "
            "program, or a script of Linux\n",
            name);
    return ERROR_BAD_EXE_FORMAT;
}

DWORD program_find_for(const char *application, const char *line, struct program *ret)
{
    const char *rest;
    auto_free char *first = line ? command_line_program(line, &rest) : NULL;
    const char *name = application ? application : first;

    *ret = (struct program){ .fd = -1 };
    if (!name || !*name)
        return ERROR_INVALID_PARAMETER;
    if (is_batch(name) || is_shell(name))
        return refuse_batch(name);
    bool is_found = application ? find(application, false, ret) : find_in_line(line, ret);
    if (!is_found)
        return ERROR_FILE_NOT_FOUND;
    return ret->fd < 0 ? ERROR_ACCESS_DENIED : ERROR_SUCCESS;
}
