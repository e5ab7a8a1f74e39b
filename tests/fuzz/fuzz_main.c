/* SPDX-License-Identifier: MIT */
/* Runs a fuzzer over files and directories once: the corpus as a regression test. */
#include "tests/fuzz/fuzz.h"

#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/doc/xml.h"

#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>

static unsigned n_run;

static bool run_file(const char *path)
{
    auto_free char *text = NULL, *error = NULL;
    size_t size;

    if (xml_load_file(path, SIZE_MAX / 2, &text, &size, &error) < 0) {
        fprintf(stderr, "%s\n", error);
        return false;
    }
    fprintf(stderr, "%s\n", path);
    LLVMFuzzerTestOneInput((const uint8_t *)text, size);
    n_run++;
    return true;
}

static bool run_directory(const char *path)
{
    DIR *directory = opendir(path);
    struct dirent *entry;
    bool is_good = true;

    while (directory && (entry = readdir(directory))) {
        auto_free char *file = str_printf("%s/%s", path, entry->d_name);

        if (entry->d_name[0] != '.')
            is_good = run_file(file) && is_good;
    }
    if (directory)
        closedir(directory);
    return is_good;
}

int main(int argc, char **argv)
{
    bool is_good = true;

    for (int i = 1; i < argc; i++) {
        struct stat st;

        if (stat(argv[i], &st) == 0 && S_ISDIR(st.st_mode))
            is_good = run_directory(argv[i]) && is_good;
        else
            is_good = run_file(argv[i]) && is_good;
    }
    printf("%u inputs\n", n_run);
    return is_good && n_run ? 0 : 1;
}
