/* SPDX-License-Identifier: MIT */
/* run: alone */
/* FormatMessage from strings: inserts, their formats, escapes, widths, sizes, errors; and that the
 * system has a text for the codes a backup program meets. Learn: "FormatMessageW". */
#include "say.h"

static WCHAR wide[200];
static char narrow[200];

static void say_message(const char *call, DWORD n)
{
    if (n)
        printf("%u ", (unsigned)n);
    if (n)
        say_wide_(call, wide);
    else
        say("%s: 0, error %u", call, (unsigned)GetLastError());
}

static DWORD from_string(DWORD flags, const WCHAR *text, ...)
{
    va_list args;

    va_start(args, text);
    DWORD n = FormatMessageW(FORMAT_MESSAGE_FROM_STRING | flags, text, 0, 0, wide, 200, &args);
    va_end(args);
    return n;
}

#define SAY_TEXT(...)                        \
    do {                                     \
        wmemset(wide, L'#', 200);            \
        SetLastError(SAY_UNTOUCHED);         \
        DWORD n_ = from_string(__VA_ARGS__); \
        say_message(#__VA_ARGS__, n_);       \
    } while (0)

static void inserts(void)
{
    SAY_TEXT(0, L"plain");
    SAY_TEXT(0, L"%1 and %2", L"one", L"two");
    SAY_TEXT(0, L"%2 and %1 and %2", L"one", L"two");
    SAY_TEXT(0, L"%1!d! %2!u! %3!x! %4!X!", -5, 7, 255, 0x80042301);
    SAY_TEXT(0, L"%1!08lx!|%2!5d!|%3!-5d!|", 0x42301, 42, 42);
    SAY_TEXT(0, L"%1!I64d!|%2!lld!|%3!I64x!", 1234567890123ll, -1ll, 255ll);
    SAY_TEXT(0, L"%1!s!|%2!10s!|%3!-10s!|%4!.2s!|", L"one", L"two", L"three", L"four");
    SAY_TEXT(0, L"%1!S!|%2!hs!|%3!ls!|", "one", "two", L"three");
    SAY_TEXT(0, L"%1!c!%2!C!", L'x', 'y');
    SAY_TEXT(0, L"%1!*d!", 6, 42);
    SAY_TEXT(0, L"%1", NULL);
    SAY_TEXT(0, L"%1!p!", (void *)0x1234);
    SAY_TEXT(0, L"100%% %. %! %b% |%r|%t|%n|");
    SAY_TEXT(0, L"cut%0 off");
    SAY_TEXT(0, L"line\nnext\r\nlast");
    SAY_TEXT(0, L"%%1!d!");
    SAY_TEXT(0, L"%10", L"1", L"2", L"3", L"4", L"5", L"6", L"7", L"8", L"9", L"ten");
    SAY_TEXT(0, L"");
    SAY_TEXT(0, L"%");
    SAY_TEXT(0, L"%1!d", 5);
    SAY_TEXT(FORMAT_MESSAGE_IGNORE_INSERTS, L"%1 %2!d! %% %n|%t|%0 more");
}

static void widths(void)
{
    SAY_TEXT(FORMAT_MESSAGE_MAX_WIDTH_MASK, L"one\r\ntwo\nthree%nfour");
    SAY_TEXT(FORMAT_MESSAGE_MAX_WIDTH_MASK, L"ends here\r\n");
    SAY_TEXT(10, L"these words are longer than ten");
    SAY_TEXT(10, L"one\ntwo");
}

static void arrays_and_sizes(void)
{
    DWORD_PTR array[] = { (DWORD_PTR)L"first", 42, (DWORD_PTR) "narrow" };
    const DWORD flags = FORMAT_MESSAGE_FROM_STRING | FORMAT_MESSAGE_ARGUMENT_ARRAY;
    WCHAR *allocated = NULL;

    say_message("array",
                FormatMessageW(flags, L"%1 %2!d! %3!hs!", 0, 0, wide, 200, (va_list *)array));
    SAY_COUNT(FormatMessageW(flags, L"12345", 0, 0, wide, 5, NULL), 0);
    SAY_COUNT(FormatMessageW(flags, L"12345", 0, 0, wide, 6, NULL), 0);
    SAY_COUNT(FormatMessageW(FORMAT_MESSAGE_FROM_STRING, L"%1", 0, 0, wide, 200, NULL), 0);
    SAY_COUNT(FormatMessageW(0, NULL, 5, 0, wide, 200, NULL), 0);
    SAY_COUNT(FormatMessageW(flags | FORMAT_MESSAGE_ALLOCATE_BUFFER, L"made %1", 0, 0,
                             (WCHAR *)&allocated, 0, (va_list *)array),
              0);
    SAY_WIDE(allocated);
    SAY_POINTER(LocalFree(allocated));
    SAY_COUNT(FormatMessageA(flags, "%1!ls! %2!d! %3", 0, 0, narrow, 200, (va_list *)array), 0);
    SAY_NARROW(narrow);
    SAY_COUNT(FormatMessageA(flags, "12345", 0, 0, narrow, 5, NULL), 0);
}

static void system_texts(void)
{
    static const DWORD codes[] = {
        0,    1,          2,          3,          5,          6,          8,          13,   14,
        15,   18,         19,         20,         21,         32,         33,         38,   39,
        50,   53,         80,         87,         109,        111,        112,        122,  123,
        126,  127,        131,        145,        170,        183,        193,        206,  230,
        231,  232,        233,        234,        259,        267,        995,        996,  997,
        998,  1004,       1005,       1053,       1056,       1058,       1060,       1062, 1067,
        1072, 1073,       1117,       1167,       1168,       1223,       1314,       1392, 1450,
        1722, 0x80004001, 0x80004005, 0x80070005, 0x80070006, 0x8007000e, 0x80070057,

    };

    for (unsigned i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
        DWORD n = FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, NULL,
                                 codes[i], 0, wide, 200, NULL);
        say("0x%08x: %s", (unsigned)codes[i],
            n > 2 && wide[n - 2] == '\r' && wide[n - 1] == '\n' ? "a text with a line end"
                                                                : "no text");
    }
    SAY_COUNT(FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM, NULL, 0x0fffffff, 0, wide, 200, NULL), 0);
}

int wmain(void)
{
    inserts();
    widths();
    arrays_and_sizes();
    system_texts();
    return 0;
}
