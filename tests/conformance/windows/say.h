/* SPDX-License-Identifier: MIT */
/* How a conformance program of the fakes says what happened: one line for each call, the same for
 * this project's Windows and for every other. Numbers are decimal, codes hexadecimal where Learn
 * writes them so; the last error stands only where a call failed, because a success leaves it
 * undefined; handles and pointers are said to be there, never which. Compiles with vssemu-cc,
 * vssemu-c++ and mingw. Every macro prints the call as it is written and answers its result. */
#pragma once

#include <windows.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SAY_UNTOUCHED 0xdead /* the last error before each call */

/* A line of one's own: the printf formats of C without any length but ll. */
static inline void say(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    putchar('\n');
    fflush(stdout);
}

static inline void say_error_(const char *call, const char *result)
{
    say("%s: %s, error %u", call, result, (unsigned)GetLastError());
}

static inline BOOL say_bool_(const char *call, BOOL result)
{
    if (result)
        say("%s: TRUE", call);
    else
        say_error_(call, "FALSE");
    return result;
}

static inline long long say_number_(const char *call, long long result)
{
    say("%s: %lld", call, result);
    return result;
}

static inline long long say_count_(const char *call, long long result, long long failure)
{
    char text[32];

    sprintf(text, "%lld", result);
    if (result == failure)
        say_error_(call, text);
    else
        say("%s: %s", call, text);
    return result;
}

static inline unsigned say_code_(const char *call, unsigned result)
{
    say("%s: 0x%08x", call, result);
    return result;
}

static inline HANDLE say_handle_(const char *call, HANDLE result)
{
    if (!result)
        say_error_(call, "NULL");
    else if (result == INVALID_HANDLE_VALUE)
        say_error_(call, "INVALID_HANDLE_VALUE");
    else
        say("%s: handle", call);
    return result;
}

static inline void *say_pointer_(const char *call, const void *result)
{
    say("%s: %s", call, result ? "pointer" : "NULL");
    return (void *)(UINT_PTR)result;
}

/* A text in quotes, in ASCII: everything else as \xNN (narrow) or \uNNNN (wide). */
static inline void say_narrow_n_(const char *call, const char *text, size_t n)
{
    printf("%s: \"", call);
    for (size_t i = 0; i < n; i++) {
        unsigned c = (unsigned char)text[i];
        if (c == '"' || c == '\\')
            printf("\\%c", (int)c);
        else if (c < 0x20 || c > 0x7e)
            printf("\\x%02x", c);
        else
            putchar((int)c);
    }
    say("\"");
}

static inline void say_wide_n_(const char *call, const WCHAR *text, size_t n)
{
    printf("%s: L\"", call);
    for (size_t i = 0; i < n; i++) {
        unsigned c = text[i];
        if (c == '"' || c == '\\')
            printf("\\%c", (int)c);
        else if (c < 0x20 || c > 0x7e)
            printf("\\u%04x", c);
        else
            putchar((int)c);
    }
    say("\"");
}

static inline const char *say_narrow_(const char *call, const char *text)
{
    if (text)
        say_narrow_n_(call, text, strlen(text));
    else
        say("%s: NULL", call);
    return text;
}

static inline const WCHAR *say_wide_(const char *call, const WCHAR *text)
{
    size_t n = 0;

    while (text && text[n])
        n++;
    if (text)
        say_wide_n_(call, text, n);
    else
        say("%s: NULL", call);
    return text;
}

static inline void say_bytes_(const char *call, const void *bytes, size_t n)
{
    printf("%s:", call);
    for (size_t i = 0; i < n; i++)
        printf(" %02x", ((const unsigned char *)bytes)[i]);
    say("");
}

/* The answer of a wait by its name. */
static inline DWORD say_wait_(const char *call, DWORD result)
{
    if (result == WAIT_FAILED)
        say_error_(call, "WAIT_FAILED");
    else if (result == WAIT_TIMEOUT)
        say("%s: WAIT_TIMEOUT", call);
    else if (result == WAIT_IO_COMPLETION)
        say("%s: WAIT_IO_COMPLETION", call);
    else if (result >= WAIT_ABANDONED_0 && result < WAIT_ABANDONED_0 + MAXIMUM_WAIT_OBJECTS)
        say("%s: WAIT_ABANDONED_0 + %u", call, (unsigned)(result - WAIT_ABANDONED_0));
    else
        say("%s: WAIT_OBJECT_0 + %u", call, (unsigned)result);
    return result;
}

/* The last error is set before, so that a call which fails without setting it is seen. */
#define SAY_BOOL(call)   (SetLastError(SAY_UNTOUCHED), say_bool_(#call, (call)))
#define SAY_NUMBER(call) (SetLastError(SAY_UNTOUCHED), say_number_(#call, (long long)(call)))
/* A count, a size, an id: the last error when it is the value that means failure. */
#define SAY_COUNT(call, failure) \
    (SetLastError(SAY_UNTOUCHED), say_count_(#call, (long long)(call), (long long)(failure)))
/* An HRESULT, a set of flags. For LSTATUS, errno_t and RPC_STATUS use SAY_NUMBER. */
#define SAY_CODE(call)        (SetLastError(SAY_UNTOUCHED), say_code_(#call, (unsigned)(call)))
#define SAY_HANDLE(call)      (SetLastError(SAY_UNTOUCHED), say_handle_(#call, (call)))
#define SAY_WAIT(call)        (SetLastError(SAY_UNTOUCHED), say_wait_(#call, (call)))
#define SAY_POINTER(call)     (SetLastError(SAY_UNTOUCHED), say_pointer_(#call, (call)))
#define SAY_NARROW(text)      say_narrow_(#text, (text))
#define SAY_WIDE(text)        say_wide_(#text, (text))
#define SAY_NARROW_N(text, n) say_narrow_n_(#text, (text), (n))
#define SAY_WIDE_N(text, n)   say_wide_n_(#text, (text), (n))
#define SAY_BYTES(bytes, n)   say_bytes_(#bytes, (bytes), (n))
/* The last error by itself, for functions whose page says that success sets it too. */
#define SAY_LAST_ERROR() say("GetLastError(): %u", (unsigned)GetLastError())
