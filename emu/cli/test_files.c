/* SPDX-License-Identifier: MIT */
/* See test_files.h. */
#include "emu/cli/test_files.h"

#include "emu/base/cleanup.h"
#include "emu/base/name_list.h"
#include "emu/cli/say.h"
#include "emu/scenario/scenario_read.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

#define MAX_DEPTH 16

static char *name_of(const char *path, const struct scenario *s)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    size_t n = strlen(name);

    if (s->name)
        return mem_strdup(s->name);
    return str_printf("%.*s", (int)(n > 5 ? n - 5 : n), name);
}

static void add_file(struct test_files *files, const char *path)
{
    struct test_file *file = array_push(files);
    auto_free char *error = NULL;

    *file = (struct test_file){ .path = mem_strdup(path) };
    if (!scenario_read_file(path, &file->scenario, &error)) {
        file->scenario = (struct scenario){ 0 };
        file->result = TEST_NO_SENSE;
        str_addf(&file->report, "%s\n", error);
    }
    file->name = name_of(path, &file->scenario);
}

static bool is_scenario(const char *name)
{
    size_t n = strlen(name);

    return *name != '.' && n > 5 && strcmp(name + n - 5, ".yaml") == 0;
}

static void add_directory(struct test_files *files, const char *path, unsigned depth)
{
    struct name_list names = { 0 };
    DIR *directory = opendir(path);
    const struct dirent *entry;
    struct stat st;

    while (directory && (entry = readdir(directory)))
        name_list_add(&names, entry->d_name);
    if (directory)
        closedir(directory);
    name_list_sort(&names);
    for (size_t i = 0; i < names.names.count; i++) {
        const char *name = names.names.items[i];
        auto_free char *full = str_printf("%s/%s", path, name);

        if (*name == '.' || lstat(full, &st) != 0)
            continue;
        if (S_ISDIR(st.st_mode) && depth < MAX_DEPTH)
            add_directory(files, full, depth + 1);
        else if (is_scenario(name))
            add_file(files, full);
    }
    name_list_free(&names);
}

bool test_files_add(struct test_files *files, const char *path)
{
    struct stat st;

    if (stat(path, &st) != 0) {
        say("%s: there is no such file or directory", path);
        return false;
    }
    if (!S_ISDIR(st.st_mode)) {
        add_file(files, path);
        return true;
    }
    auto_free char *plain = mem_strdup(path);
    size_t n = strlen(plain);

    while (n > 1 && plain[n - 1] == '/')
        plain[--n] = 0;
    add_directory(files, plain, 0);
    return true;
}

static int compare(const void *a, const void *b)
{
    return strcmp(((const struct test_file *)a)->path, ((const struct test_file *)b)->path);
}

void test_files_sort(struct test_files *files)
{
    if (files->count)
        qsort(files->items, files->count, sizeof(*files->items), compare);
}

static void file_fini(struct test_file *file)
{
    scenario_fini(&file->scenario);
    str_free(&file->report);
    str_free(&file->timeline);
    free(file->name);
    free(file->path);
}

static bool is_meant(const struct test_file *file, const struct scenario_texts *patterns)
{
    for (size_t i = 0; i < patterns->count; i++) {
        if (str_matches(file->name, patterns->items[i]) ||
            str_matches(file->path, patterns->items[i]))
            return true;
    }
    return !patterns->count;
}

void test_files_filter(struct test_files *files, const struct scenario_texts *patterns)
{
    size_t n = 0;

    for (size_t i = 0; i < files->count; i++) {
        if (is_meant(&files->items[i], patterns))
            files->items[n++] = files->items[i];
        else
            file_fini(&files->items[i]);
    }
    files->count = n;
}

void test_files_free(struct test_files *files)
{
    for (size_t i = 0; i < files->count; i++)
        file_fini(&files->items[i]);
    array_free(files);
}
