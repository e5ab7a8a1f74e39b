/* SPDX-License-Identifier: MIT */
#include "emu/cli/fuzz_found.h"

#include "emu/base/cleanup.h"
#include "emu/base/hash.h"
#include "emu/base/str.h"
#include "emu/cli/fuzz_repeat.h"
#include "emu/scenario/scenario_read.h"

#include <ctype.h>
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define FILE_LIMIT (16u << 20)

int found_open(struct found *found, const char *directory)
{
    *found = (struct found){ 0 };
    if (mkdir(directory, 0777) < 0 && errno != EEXIST)
        return -errno;
    found->directory = mem_strdup(directory);
    return 0;
}

void found_close(struct found *found)
{
    free(found->directory);
    scenario_texts_free(&found->names);
}

char *found_name(const char *rule, const char *what)
{
    auto_str struct str plain = { 0 };

    for (; *what; what++) {
        if (!isdigit((unsigned char)*what))
            str_add_char(&plain, *what);
    }
    return str_printf("%s-%06x", rule,
                      (unsigned)(hash_text(plain.text ? plain.text : "") & 0xffffff));
}

bool found_has(const struct found *found, const char *name)
{
    for (size_t i = 0; i < found->names.count; i++) {
        if (strcmp(found->names.items[i], name) == 0)
            return true;
    }
    return false;
}

static int write_file(const char *directory, const char *name, const char *extension,
                      const char *text)
{
    auto_free char *path = str_printf("%s/%s%s", directory, name, extension);
    FILE *file = fopen(path, "we");

    if (!file)
        return -errno;
    fputs(text, file);
    int error = ferror(file) ? -EIO : 0;

    return fclose(file) != 0 && !error ? -errno : error;
}

static char *read_file(const char *directory, const char *name, const char *extension)
{
    auto_free char *path = str_printf("%s/%s%s", directory, name, extension);
    FILE *file = fopen(path, "re");
    struct str text = { 0 };
    char buffer[4096];
    size_t n;

    if (!file)
        return NULL;
    while (text.length < FILE_LIMIT && (n = fread(buffer, 1, sizeof(buffer), file)) > 0)
        str_add_bytes(&text, buffer, n);
    fclose(file);
    return str_take(&text);
}

int found_add(struct found *found, const char *name, const struct scenario *scenario,
              const char *timeline)
{
    auto_str struct str yaml = { 0 };

    scenario_write(scenario, &yaml);
    int error = write_file(found->directory, name, ".yaml", yaml.text);

    if (!found_has(found, name))
        scenario_texts_add(&found->names, name);
    return error ? error : write_file(found->directory, name, ".txt", timeline);
}

int found_finish(struct found *found, const struct coverage *coverage)
{
    auto_str struct str text = { 0 };
    json_t *names = json_array();
    unsigned met, possible;

    coverage_count(coverage, &met, &possible);
    for (size_t i = 0; i < found->names.count; i++)
        json_array_append_new(names, json_string(found->names.items[i]));
    json_t *summary = json_pack("{s:I, s:o, s:i, s:i, s:i, s:f}", "runs", (json_int_t)found->n_runs,
                                "failures", names, "met", (int)met, "possible", (int)possible,
                                "met_late", (int)found->n_late, "seconds", found->seconds);
    auto_free char *json = json_dumps(summary, JSON_INDENT(2) | JSON_REAL_PRECISION(6));

    json_decref(summary);
    str_addf(&text, "%s\n", json);
    auto_str struct str cells = { 0 };

    coverage_write(coverage, &cells);
    int error = write_file(found->directory, "coverage", ".txt", cells.text ? cells.text : "");

    /* Last: a folder that has a summary is whole. */
    return error ? error : write_file(found->directory, "summary", ".json", text.text);
}

bool found_doubts(const struct found *found, const char *name)
{
    auto_free char *yaml =
        found_has(found, name) ? read_file(found->directory, name, ".yaml") : NULL;

    return yaml && strstr(yaml, FUZZ_REPEATS_NOT);
}

/* ---- joining ---- */

/* One that repeats before one that does not. */
static bool is_better(const char *ours, const char *theirs)
{
    bool doubts_ours = strstr(ours, FUZZ_REPEATS_NOT),
         doubts_theirs = strstr(theirs, FUZZ_REPEATS_NOT);

    return doubts_ours == doubts_theirs ? strlen(ours) <= strlen(theirs) : doubts_theirs;
}

/* The shorter of two files of one failure stays. */
static int take_failure(struct found *found, const char *directory, const char *name)
{
    auto_free char *theirs = read_file(directory, name, ".yaml");
    auto_free char *ours =
        found_has(found, name) ? read_file(found->directory, name, ".yaml") : NULL;
    auto_free char *timeline = read_file(directory, name, ".txt");

    if (!theirs)
        return -ENOENT;
    if (!found_has(found, name))
        scenario_texts_add(&found->names, name);
    if (ours && is_better(ours, theirs))
        return 0;
    int error = write_file(found->directory, name, ".yaml", theirs);

    return error ? error : write_file(found->directory, name, ".txt", timeline ? timeline : "");
}

static bool is_plain_name(const char *name)
{
    return name && *name && !strchr(name, '/') && *name != '.';
}

static bool take_failures(struct found *found, const char *directory, const json_t *summary,
                          char **ret_error)
{
    const json_t *item;
    size_t i;

    json_array_foreach(json_object_get(summary, "failures"), i, item)
    {
        const char *name = json_string_value(item);
        int error = is_plain_name(name) ? take_failure(found, directory, name) : -EINVAL;

        if (error) {
            *ret_error =
                str_printf("%s/%s.yaml: %s", directory, name ? name : "?", strerror(-error));
            return false;
        }
    }
    return true;
}

bool found_merge(struct found *found, struct coverage *coverage, const char *directory,
                 char **ret_error)
{
    auto_free char *text = read_file(directory, "summary", ".json");
    auto_free char *cells = read_file(directory, "coverage", ".txt");
    json_error_t error;
    json_t *summary = text ? json_loads(text, 0, &error) : NULL;

    if (!summary || !cells) {
        *ret_error =
            text && !summary
                ? str_printf("%s/summary.json, line %d: %s", directory, error.line, error.text)
                : str_printf("%s holds no search: summary.json or coverage.txt is missing",
                             directory);
        json_decref(summary);
        return false;
    }
    bool is_good = take_failures(found, directory, summary, ret_error);

    found->n_runs += (uint64_t)json_integer_value(json_object_get(summary, "runs"));
    found->n_late += (unsigned)json_integer_value(json_object_get(summary, "met_late"));
    found->seconds += json_number_value(json_object_get(summary, "seconds"));
    json_decref(summary);
    if (!is_good || coverage_add_text(coverage, cells, ret_error))
        return is_good;
    char *why = *ret_error;

    *ret_error = str_printf("%s/coverage.txt: %s", directory, why);
    free(why);
    return false;
}
