/* SPDX-License-Identifier: MIT */
/* The console of Microsoft's C library.
 * Deviation: characters come from standard input when their line is complete, and no key is ever
 * waiting. */
#pragma once

#include <stdio.h>
#include <wchar.h>

static inline int _getch(void)
{
    return getchar();
}
static inline int _getche(void)
{
    return getchar();
}
static inline wint_t _getwch(void)
{
    return getwchar();
}
static inline int _putch(int c)
{
    return putchar(c);
}
static inline int _kbhit(void)
{
    return 0;
}
#define getch     _getch
#define getche    _getche
#define putch     _putch
#define kbhit     _kbhit
#define _cprintf  printf
#define _cwprintf wprintf
