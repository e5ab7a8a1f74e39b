/* SPDX-License-Identifier: MIT */
/* A target for other fuzzers: one input is one run of a cast, a schedule and faults
 * (docs/search.md). With libFuzzer:
 *
 *   clang -fsanitize=fuzzer fuzz_target.c -lvssapi -o fuzz-libfuzzer && ./fuzz-libfuzzer corpus
 *
 * With AFL++, whose persistent loop makes thousands of runs in one process:
 *
 *   afl-clang-fast -DWITH_AFL fuzz_target.c -lvssapi -o fuzz-afl
 *   afl-fuzz -i corpus -o findings ./fuzz-afl
 *
 * A requester of one's own is such a target as well; its wmain (or main) gets another name, and the
 * drivers build it with the fuzzer's compiler:
 *
 *   export VSSEMU_CC=clang           or afl-clang-fast, with -DWITH_AFL and without -fsanitize
 *   vssemu-cc -fsanitize=fuzzer -DREQUESTER=requester_main -Dwmain=requester_main \
 *       fuzz_target.c my_requester.c -o fuzz-libfuzzer
 *
 * Without either it runs the files that it is given, so that a crash can be looked at. An input is
 * read by `vssemu scenario from-bytes FILE`. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* As vssemu.h has it; that header wants Windows' types, which a fuzzer's compiler need not know. */
int vssemu_fuzz_one(const uint8_t *data, size_t size);
int vssemu_fuzz_requester(const uint8_t *data, size_t size, int (*requester)(void *arg), void *arg);

#ifdef REQUESTER
int REQUESTER(void);

static int run_requester(void *arg)
{
    (void)arg;
    return REQUESTER();
}

static int run_one(const uint8_t *data, size_t size)
{
    return vssemu_fuzz_requester(data, size, run_requester, NULL);
}
#else
static int run_one(const uint8_t *data, size_t size)
{
    return vssemu_fuzz_one(data, size);
}
#endif

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return run_one(data, size);
}

#ifdef WITH_AFL
__AFL_FUZZ_INIT();

int main(void)
{
    unsigned char *input = __AFL_FUZZ_TESTCASE_BUF;

    while (__AFL_LOOP(10000))
        run_one(input, (size_t)__AFL_FUZZ_TESTCASE_LEN);
    return 0;
}
#elif defined(WITHOUT_FUZZER)
int main(int argc, char **argv)
{
    static uint8_t data[1 << 16];

    for (int i = 1; i < argc; i++) {
        FILE *file = fopen(argv[i], "rb");

        if (!file) {
            perror(argv[i]);
            return 120;
        }
        run_one(data, fread(data, 1, sizeof(data), file));
        fclose(file);
    }
    printf("%d inputs\n", argc - 1);
    return 0;
}
#endif
