/* SPDX-License-Identifier: MIT */
/* See say.h. A message is one write, so that it is not mixed with what the program says. */
#include "emu/cli/say.h"

#include "emu/base/str.h"

#include <errno.h>
#include <stdarg.h>
#include <unistd.h>

void say(const char *format, ...)
{
    auto_str struct str line = { 0 };
    int saved_errno = errno;
    va_list args;

    str_add(&line, "vssemu: ");
    va_start(args, format);
    str_vaddf(&line, format, args);
    va_end(args);
    str_add_char(&line, '\n');
    if (write(STDERR_FILENO, line.text, line.length) < 0) {
        /* Nobody listens, and there is nobody else to tell. */
    }
    errno = saved_errno;
}
