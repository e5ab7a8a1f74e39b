/* SPDX-License-Identifier: MIT */
/* vssemu writers: the catalogue of the writers that come with Windows, as a list, as JSON, or one
 * of them as the document that it gives. */
#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/cli/command.h"
#include "emu/cli/say.h"
#include "emu/doc/writer_catalog.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

struct writers_options {
    bool is_json;
};

static bool set_json(void *target, const char *value)
{
    (void)value;
    ((struct writers_options *)target)->is_json = true;
    return true;
}

static const struct option_row writers_rows[] = {
    { "json", NULL, "print JSON", set_json },
    { NULL, NULL, NULL, NULL },
};

static const char *word(const struct enum_word *words, int value)
{
    const struct enum_word *found = enum_word_of_value(words, value);

    return found ? found->word : "";
}

static size_t count_components(const struct catalog_writer *writer)
{
    size_t n = 0;

    while (writer->components && writer->components[n].name)
        n++;
    return n;
}

/* ---- for people ---- */

static void print_list(void)
{
    printf("%-25s %-34s %-36s %-22s %2s  %-10s %-10s %-10s %s\n", "key", "name", "class id",
           "usage", "n", "identity", "usage", "components", "files");
    for (size_t i = 0; i < writer_catalog_count(); i++) {
        const struct catalog_writer *w = writer_catalog_get(i);

        printf("%-25s %-34s %-36s %-22s %2zu%c %-10s %-10s %-10s %s\n", w->key, w->name,
               w->writer_id, word(usage_words, (int)w->usage), count_components(w),
               w->is_in_idle_set ? '*' : ' ', catalog_evidence_name(w->identity),
               catalog_evidence_name(w->usage_and_method),
               catalog_evidence_name(w->components_from), catalog_evidence_name(w->files_from));
    }
    printf("\nn: components. *: on an idle machine (--simulate " WRITER_CATALOG_IDLE "). The last "
           "four columns: where identity, usage\nand restore method, components, and file sets "
           "come from.\n");
}

/* ---- for programs ---- */

static void set(json_t *object, const char *key, const char *value)
{
    json_object_set_new(object, key, value && *value ? json_string(value) : json_null());
}

static json_t *files_json(const struct filespecs *files)
{
    json_t *list = json_array();

    for (size_t i = 0; i < files->count; i++) {
        json_t *row = json_object();

        set(row, "path", files->items[i].path);
        set(row, "filespec", files->items[i].filespec);
        json_object_set_new(row, "recursive", json_boolean(files->items[i].recursive));
        json_array_append_new(list, row);
    }
    return list;
}

static json_t *component_json(const struct wmd_component *component)
{
    json_t *row = json_object();

    set(row, "type", word(component_type_words, (int)component->type));
    set(row, "logical_path", component->logical_path);
    set(row, "name", component->name);
    json_object_set_new(row, "selectable", json_boolean(component->selectable));
    json_object_set_new(row, "flags", json_integer(component->flags));
    json_object_set_new(row, "files",
                        files_json(component->type == VSS_CT_DATABASE ? &component->database_files
                                                                      : &component->files));
    json_object_set_new(row, "log_files", files_json(&component->log_files));
    return row;
}

static json_t *writer_json(const struct catalog_writer *w)
{
    json_t *row = json_object(), *components = json_array(), *evidence = json_object();
    struct wmd *wmd = writer_catalog_document(w);

    set(row, "key", w->key);
    set(row, "name", w->name);
    set(row, "writer_id", w->writer_id);
    set(row, "instance_name", w->instance_name);
    set(row, "usage", word(usage_words, (int)w->usage));
    set(row, "source", word(source_words, (int)w->source));
    json_object_set_new(row, "backup_schema", json_integer(w->backup_schema));
    if (wmd->has_restore_method) {
        set(row, "restore_method", word(restore_method_words, (int)w->method));
        set(row, "writer_restore", word(writer_restore_words, (int)w->writer_restore));
        json_object_set_new(row, "reboot_required", json_boolean(w->reboot));
    }
    json_object_set_new(row, "is_in_idle_set", json_boolean(w->is_in_idle_set));
    for (size_t i = 0; i < wmd->components.count; i++)
        json_array_append_new(components, component_json(&wmd->components.items[i]));
    json_object_set_new(row, "components", components);
    json_object_set_new(row, "excluded", files_json(&wmd->exclude_files));
    json_object_set_new(row, "excluded_from_snapshot",
                        files_json(&wmd->exclude_files_from_snapshot));
    set(evidence, "identity", catalog_evidence_name(w->identity));
    set(evidence, "usage_and_method", catalog_evidence_name(w->usage_and_method));
    set(evidence, "components", catalog_evidence_name(w->components_from));
    set(evidence, "files", catalog_evidence_name(w->files_from));
    json_object_set_new(row, "evidence", evidence);
    wmd_free(wmd);
    return row;
}

static void print_json(json_t *take)
{
    char *text = json_dumps(take, JSON_INDENT(2));

    puts(text);
    free(text);
    json_decref(take);
}

/* ---- the command ---- */

static int run_list(bool is_json)
{
    json_t *list;

    if (!is_json) {
        print_list();
        return 0;
    }
    list = json_array();
    for (size_t i = 0; i < writer_catalog_count(); i++)
        json_array_append_new(list, writer_json(writer_catalog_get(i)));
    print_json(list);
    return 0;
}

static int run_one(const char *name, bool is_json)
{
    const struct catalog_writer *writer = writer_catalog_find(name);
    struct wmd *wmd;

    if (!writer) {
        say("no writer is called %s; `vssemu writers` lists them", name);
        return EXIT_BAD_USAGE;
    }
    if (is_json) {
        print_json(writer_json(writer));
        return 0;
    }
    wmd = writer_catalog_document(writer);
    auto_free char *text = wmd_to_xml(wmd);

    puts(text);
    wmd_free(wmd);
    return 0;
}

static int run(const struct command *command, int argc, char **argv)
{
    struct writers_options options = { 0 };
    int first = command_parse(command, argc, argv, &options);

    if (first < 0)
        return EXIT_BAD_USAGE;
    if (argc - first > 1) {
        say("one writer at a time; a name with blanks needs quotation marks");
        return EXIT_BAD_USAGE;
    }
    return first == argc ? run_list(options.is_json) : run_one(argv[first], options.is_json);
}

const struct command cmd_writers = {
    .name = "writers",
    .summary = "lists the writers of Windows that can be simulated",
    .usage = "[--json] [NAME]",
    .options = writers_rows,
    .more = "NAME is a key or a name of the list: prints the Writer Metadata Document that it "
            "gives, a\n"
            "file for --writer-metadata that can be changed first.\n"
            "\n"
            "Examples:\n"
            "  vssemu writers \"Registry Writer\" > registry.xml\n"
            "  vssemu run --simulate windows -- betest /B /S saved.xml /D out\n",
    .run = run,
};
