/* SPDX-License-Identifier: MIT */
/* The multi-byte code page of Microsoft's C library: none is in use, and narrow text counts in
 * bytes. Learn: "_getmbcp" (0: a single-byte code page), "_setmbcp". */
#pragma once

#define _MB_CP_SBCS   0
#define _MB_CP_OEM    (-2)
#define _MB_CP_ANSI   (-3)
#define _MB_CP_LOCALE (-4)

static inline int _getmbcp(void)
{
    return 0;
}
static inline int _setmbcp(int page)
{
    return page == 0 || (page <= _MB_CP_OEM && page >= _MB_CP_LOCALE) ? 0 : -1;
}
static inline int _ismbblead(unsigned c)
{
    (void)c;
    return 0;
}
static inline int _ismbbtrail(unsigned c)
{
    (void)c;
    return 0;
}
