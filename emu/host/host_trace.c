/* SPDX-License-Identifier: MIT */
#include "emu/host/host_trace.h"

#include "emu/base/cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define PIECE 65536

static bool read_all(int fd, struct str *text)
{
    ssize_t n;

    do {
        str_reserve(text, PIECE);
        n = read(fd, text->text + text->length, PIECE);
        if (n > 0)
            text->length += (size_t)n;
    } while (n > 0 || (n < 0 && errno == EINTR));
    text->text[text->length] = 0;
    return n == 0;
}

bool host_trace_text(const char *path, struct str *ret_text, char **ret_error)
{
    bool is_stdin = str_is_equal(path, "-");
    auto_close int fd = is_stdin ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);

    *ret_text = (struct str){ 0 };
    if (fd >= 0 && read_all(fd, ret_text))
        return true;
    *ret_error = str_printf("%s: %s", path, strerror(errno));
    str_free(ret_text);
    return false;
}

bool host_trace_load(const char *path, unsigned flags, struct trace_file *ret, char **ret_error)
{
    bool is_stdin = str_is_equal(path, "-");
    struct str text;

    if (!host_trace_text(path, &text, ret_error))
        return false;
    return trace_file_take(text.text, text.length, is_stdin ? "standard input" : path, flags, ret,
                           ret_error);
}
