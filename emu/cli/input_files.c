/* SPDX-License-Identifier: MIT */
/* See input_files.h. */
#include "emu/cli/input_files.h"

#include "emu/base/cleanup.h"
#include "emu/base/reg_text.h"
#include "emu/base/str.h"
#include "emu/cli/say.h"
#include "emu/doc/betest_config.h"
#include "emu/doc/test_writer_config.h"
#include "emu/doc/xml.h"
#include "emu/proto/choices.h"
#include "fakes/world/fault.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define LARGEST_FILE (16u << 20) /* a configuration is a page or two */

char *input_absolute_path(const char *path)
{
    return realpath(path, NULL);
}

/* The whole file; says what is wrong if that cannot be read. The caller frees. */
static char *read_file(const char *path, size_t limit, size_t *ret_size)
{
    auto_free char *error = NULL;
    char *text;

    if (xml_load_file(path, limit, &text, ret_size, &error) == 0)
        return text;
    say("%s", error);
    return NULL;
}

bool input_is_test_writer(const char *path)
{
    size_t size;
    auto_free char *text = read_file(path, LARGEST_FILE, &size);
    auto_free char *error = NULL;
    struct test_writer_config *config;

    if (!text)
        return false;
    if (FAILED(test_writer_config_parse(text, size, path, &config, &error))) {
        say("%s", error ? error : "the file is no Test Writer configuration");
        return false;
    }
    test_writer_config_free(config);
    return true;
}

bool input_is_betest(const char *path)
{
    size_t size;
    auto_free char *text = read_file(path, LARGEST_FILE, &size);
    auto_free char *error = NULL;
    struct betest_config *config;

    if (!text)
        return false;
    if (FAILED(betest_config_from_xml(text, size, path, &config, &error))) {
        say("%s", error ? error : "the file is no BETest configuration");
        return false;
    }
    betest_config_free(config);
    return true;
}

bool input_is_registry(const char *path)
{
    size_t size;
    auto_free char *text = read_file(path, LARGEST_FILE, &size);
    auto_free char *error = NULL;

    if (!text)
        return false;
    if (reg_text_read(text, size, path, NULL, NULL, &error))
        return true;
    say("%s", error);
    return false;
}

char *input_new_file(const char *path)
{
    const char *slash = strrchr(path, '/');
    auto_free char *directory =
        slash ? str_printf("%.*s", (int)(slash - path) + 1, path) : mem_strdup("./");
    auto_free char *absolute = realpath(directory, NULL);
    const char *name = slash ? slash + 1 : path;
    struct stat about;

    if (!absolute) {
        say("%s cannot be written: the directory %s: %s", path, directory, strerror(errno));
        return NULL;
    }
    if (!*name || (stat(path, &about) == 0 && !S_ISREG(about.st_mode) && !S_ISCHR(about.st_mode))) {
        say("%s cannot be written: name a plain file", path);
        return NULL;
    }
    return str_printf("%s/%s", absolute, name);
}

bool input_is_writer_metadata(const char *path)
{
    size_t size;
    auto_free char *text = read_file(path, XML_SIZE_LIMIT, &size);
    auto_free char *error = NULL;
    struct wmds wmds;

    if (!text)
        return false;
    if (wmds_from_xml(text, size, &wmds, &error) != S_OK) {
        say("%s, %s", path, error ? error : "the file is no Writer Metadata Document");
        return false;
    }
    wmds_free(&wmds);
    return true;
}

char *input_fault(const char *text)
{
    struct fault fault;
    auto_free char *error = NULL;

    if (!fault_parse(text, &fault, &error)) {
        say("--fault: %s", error);
        return NULL;
    }
    char *normal = fault_text(&fault);

    fault_fini(&fault);
    return normal;
}

bool input_is_choice(const char *value)
{
    struct choices choices;

    choices_init(&choices);
    if (!choices_set_pair(&choices, value)) {
        auto_free char *name = mem_strdup(value);
        name[strcspn(name, "=")] = 0;
        auto_free char *values = choice_values_text(name);

        if (values && !strchr(value, '='))
            say("--choice %s lacks a value: --choice %s=VALUE; the values of %s are %s", value,
                name, name, values);
        else if (values)
            say("--choice %s: the values of %s are %s", value, name, values);
        else
            say("--choice takes NAME=VALUE; there is no choice %s; `vssemu states choices` lists "
                "them",
                name);
        return false;
    }
    return true;
}

char *input_temporary(const char *parent, const char *name)
{
    if (!parent)
        parent = getenv("TMPDIR");
    return str_printf("%s/vssemu-%s-XXXXXX", parent && *parent ? parent : "/tmp", name);
}
