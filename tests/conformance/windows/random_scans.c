/* SPDX-License-Identifier: MIT */
/* run: alone random */
/* sscanf and swscanf with texts and formats made at random from a seed (the variable SAY_SEED, or
 * 1). Learn: "Format specification fields: scanf and wscanf functions". Left out is where Wine does
 * not do what that page says: the end of the text behind a suppressed field, and numbers of %f that
 * are cut off behind sign, 0x, point or exponent. */
#include "say.h"

#include <wchar.h>

static unsigned long long state = 1;

static unsigned roll(unsigned n)
{
    state = state * 6364136223846793005ull + 1442695040888963407ull;
    return (unsigned)(state >> 33) % n;
}

#define ONE_OF(words) (words)[roll(sizeof(words) / sizeof((words)[0]))]

static const char *const fields[] = {
    "%d", "%u",  "%x", "%i",  "%o",     "%3d",   "%2x",        "%I64d", "%hd", "%lld",
    "%s", "%3s", "%c", "%3c", "%[a-z]", "%[^,]", "%4[0-9a-f]", "%n",    "%%",
};
static const char *const between[] = { "", "", " ", ",", " , ", "y", "-" };
static const char *const texts[] = {
    "12",  "0",   "-7", "+3", "0x1f", "017", "abc",        "qrs9",         "99999",
    "1.5", "2e3", "ff", "%",  "a,b",  "zz",  "4294967297", "123456789012", "-0",
};
static const char *const separators[] = { " ", ",", "  ", "y", "-", "" };

static void one(void)
{
    char format[64] = "", text[96] = "";
    wchar_t wide_format[64], wide_text[96];
    unsigned char to[4][64];
    unsigned n_fields = 1 + roll(4);

    memset(to, 0, sizeof(to));
    for (unsigned i = 0; i < n_fields; i++) {
        strcat(format, ONE_OF(fields));
        strcat(format, ONE_OF(between));
    }
    for (unsigned i = 0, n = 1 + roll(4); i < n; i++) {
        strcat(text, ONE_OF(texts));
        strcat(text, ONE_OF(separators));
    }
    int n = sscanf(text, format, to[0], to[1], to[2], to[3]);
    say("\"%s\" \"%s\": %d", text, format, n);
    for (unsigned i = 0; i < 4; i++)
        SAY_BYTES(to[i], 12);
    for (unsigned i = 0; i < 64; i++)
        wide_format[i] = (wchar_t)format[i];
    for (unsigned i = 0; i < 96; i++)
        wide_text[i] = (wchar_t)text[i];
    memset(to, 0, sizeof(to));
    say("wide: %d", swscanf(wide_text, wide_format, to[0], to[1], to[2], to[3]));
    for (unsigned i = 0; i < 4; i++)
        SAY_BYTES(to[i], 12);
}

int wmain(void)
{
    const char *seed = getenv("SAY_SEED");

    state = seed ? (unsigned)atoi(seed) : 1;
    for (int i = 0; i < 80; i++)
        one();
    return 0;
}
