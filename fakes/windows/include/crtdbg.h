/* SPDX-License-Identifier: MIT */
/* The debug heap and the assertions of Microsoft's C library (Learn: "CRT debugging techniques").
 * Valgrind and the sanitizers look after the heap here, so its switches do nothing; assertions are
 * assert's where _DEBUG is defined, as Microsoft's are. */
#pragma once

#include <assert.h>
#include <malloc.h>
#include <stdlib.h>

#define _CRT_WARN   0
#define _CRT_ERROR  1
#define _CRT_ASSERT 2

#define _CRTDBG_MODE_FILE   0x1
#define _CRTDBG_MODE_DEBUG  0x2
#define _CRTDBG_MODE_WNDW   0x4
#define _CRTDBG_REPORT_MODE (-1)
#define _CRTDBG_FILE_STDOUT ((void *)-4)
#define _CRTDBG_FILE_STDERR ((void *)-5)

#define _CRTDBG_ALLOC_MEM_DF      0x01
#define _CRTDBG_DELAY_FREE_MEM_DF 0x02
#define _CRTDBG_CHECK_ALWAYS_DF   0x04
#define _CRTDBG_CHECK_CRT_DF      0x10
#define _CRTDBG_LEAK_CHECK_DF     0x20
#define _CRTDBG_REPORT_FLAG       (-1)

#define _NORMAL_BLOCK 1
#define _CLIENT_BLOCK 4

#define _CrtSetReportMode(type, mode)          ((void)(type), (void)(mode), 0)
#define _CrtSetReportFile(type, file)          ((void)(type), (void)(file), (void *)0)
#define _CrtSetDbgFlag(flag)                   ((void)(flag), 0)
#define _CrtSetBreakAlloc(number)              ((void)(number), -1L)
#define _CrtCheckMemory()                      1
#define _CrtDumpMemoryLeaks()                  0
#define _malloc_dbg(n, type, file, line)       malloc(n)
#define _calloc_dbg(n, size, type, file, line) calloc(n, size)
#define _free_dbg(memory, type)                free(memory)

#ifdef _DEBUG
#ifndef _ASSERT
#define _ASSERT(condition) assert(condition)
#endif
#ifndef _ASSERTE
#define _ASSERTE(condition) assert(condition)
#endif
#ifndef _ASSERT_EXPR
#define _ASSERT_EXPR(condition, text) assert(condition)
#endif
#else
#ifndef _ASSERT
#define _ASSERT(condition) ((void)0)
#endif
#ifndef _ASSERTE
#define _ASSERTE(condition) ((void)0)
#endif
#ifndef _ASSERT_EXPR
#define _ASSERT_EXPR(condition, text) ((void)0)
#endif
#endif
#define _RPT0(type, text)      ((void)0)
#define _RPT1(type, text, a)   ((void)0)
#define _RPTF0(type, text)     ((void)0)
#define _RPTF1(type, text, a)  ((void)0)
#define _RPTN(type, text, ...) ((void)0)
