/* SPDX-License-Identifier: MIT */
/* The main of programs that have a wmain: turns the arguments into 16-bit characters. Linked from
 * an archive, so programs with a main of their own do without. A C++ wmain has a symbol that
 * depends on how its parameters are declared; the usual ways are all here, each a weak
 * reference. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

typedef int wmain_function(int argc, wchar_t **argv, wchar_t **environment);

#define WMAIN(name, symbol) extern wmain_function name __asm__(symbol) __attribute__((weak))
WMAIN(wmain_c, "wmain");
WMAIN(wmain_none, "_Z5wmainv");
WMAIN(wmain_plain, "_Z5wmainiPPw");
WMAIN(wmain_const_text, "_Z5wmainiPPKw");
WMAIN(wmain_const_array, "_Z5wmainiPKPw");
WMAIN(wmain_all_const, "_Z5wmainiPKPKw");
WMAIN(wmain_environment, "_Z5wmainiPPwS0_");

/* Decodes UTF-8; a byte that does not belong becomes U+FFFD. Answers the number of units. */
static size_t widen(const char *text, wchar_t *to)
{
    const unsigned char *s = (const unsigned char *)text;
    wchar_t *start = to;

    while (*s) {
        unsigned length = *s < 0x80 ? 1 : *s >= 0xf0 ? 4 : *s >= 0xe0 ? 3 : *s >= 0xc0 ? 2 : 0;
        uint32_t code = length < 2 ? *s : *s & (0x7fu >> length);
        unsigned i = 1;
        while (i < length && (s[i] & 0xc0) == 0x80)
            code = code << 6 | (s[i++] & 0x3f);
        if (!length || i < length)
            code = 0xfffd;
        s += i;
        if (code > 0xffff) {
            *to++ = (wchar_t)(0xd7c0 + (code >> 10));
            code = 0xdc00 | (code & 0x3ff);
        }
        *to++ = (wchar_t)code;
    }
    *to = 0;
    return (size_t)(to - start);
}

/* One block: the pointers, then the texts. */
static wchar_t **widen_all(int n, char **texts)
{
    size_t size = ((size_t)n + 1) * sizeof(wchar_t *);
    for (int i = 0; i < n; i++)
        size += (strlen(texts[i]) + 1) * sizeof(wchar_t);
    wchar_t **all = calloc(1, size);
    if (!all)
        abort();
    wchar_t *next = (wchar_t *)(all + n + 1);
    for (int i = 0; i < n; i++) {
        all[i] = next;
        next += widen(texts[i], next) + 1;
    }
    return all;
}

int main(int argc, char **argv, char **environment)
{
    wmain_function *const forms[] = { wmain_c,           wmain_plain,     wmain_const_text,
                                      wmain_const_array, wmain_all_const, wmain_environment,
                                      wmain_none };
    wmain_function *chosen = NULL;
    int n_environment = 0;

    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]) && !chosen; i++)
        chosen = forms[i];
    if (!chosen) {
        fprintf(stderr, "%s: this program has neither main nor wmain\n", argv[0]);
        return 127;
    }
    while (environment[n_environment])
        n_environment++;
    wchar_t **wide_argv = widen_all(argc, argv);
    wchar_t **wide_environment = widen_all(n_environment, environment);
    int status = chosen(argc, wide_argv, wide_environment);
    free(wide_argv);
    free(wide_environment);
    return status;
}
