/* SPDX-License-Identifier: MIT */
/* Reading and writing the session's documents (betest_documents.h). What is in them only VSS
 * judges: here a file is text, and the file of the writers is cut at its elements. */
#include "fakes/requester/betest_documents.h"

#include "emu/base/str.h"
#include "fakes/requester/betest_files.h"

#include <string.h>

static const char root_begin[] = "<BETestWriters", root_end[] = "</BETestWriters>";
static const char writer_begin[] = "<WRITER_METADATA", writer_end[] = "</WRITER_METADATA>";

void documents_free(struct documents *documents)
{
    for (size_t i = 0; i < documents->texts.count; i++)
        free(documents->texts.items[i]);
    array_free(&documents->texts);
    free(documents->store);
    free(documents->previous);
    *documents = (struct documents){ 0 };
}

char *documents_writers_path(const char *document)
{
    const char *suffix = strrchr(document, '.');

    if (!suffix || strpbrk(suffix, "/\\"))
        suffix = document + strlen(document);
    return str_printf("%.*s.writers%s", (int)(suffix - document), document,
                      *suffix ? suffix : ".xml");
}

static bool can_be_saved(const char *path, struct betest_report *report)
{
    if (files_can_be_written(path))
        return true;
    report_failure(report, BETEST_FILE_FAILED,
                   "%s is no plain file and would be replaced; nothing was done, give another name",
                   path);
    return false;
}

bool documents_can_be_saved(const char *document, struct betest_report *report)
{
    auto_free char *writers = documents_writers_path(document);

    return can_be_saved(document, report) && can_be_saved(writers, report);
}

static bool write_document(const char *path, const char *text, struct betest_report *report)
{
    uint32_t error = files_write(path, text, strlen(text));
    auto_free char *words = error ? report_windows_error(error) : NULL;

    if (error)
        report_failure(report, BETEST_FILE_FAILED, "cannot write %s: %s", path, words);
    return error == 0;
}

bool documents_save_components(IVssBackupComponents *backup, const char *path,
                               struct betest_report *report)
{
    BSTR xml = NULL;
    HRESULT hr = IVssBackupComponents_SaveAsXML(backup, &xml);

    if (FAILED(hr)) {
        report_call_failed(report, "SaveAsXML of the backup components document", hr);
        return false;
    }
    auto_free char *text = betest_take_bstr(xml);
    return write_document(path, text, report);
}

/* Without the declaration, which may stand only at the very beginning of a file. */
static const char *without_declaration(const char *text)
{
    const char *end = str_starts_with(text, "<?xml") ? strstr(text, "?>") : NULL;

    return end ? end + 2 : text;
}

static const struct {
    const char *character, *escaped;
} escapes[] = { { "&", "&amp;" }, { "<", "&lt;" }, { ">", "&gt;" }, { "\"", "&quot;" } };
#define N_ESCAPES (sizeof(escapes) / sizeof(*escapes))

static void add_attribute(struct str *s, const char *name, const char *value)
{
    if (!value)
        return;
    str_addf(s, " %s=\"", name);
    for (const char *c = value; *c; c++) {
        size_t i = 0;

        while (i < N_ESCAPES && *c != escapes[i].character[0])
            i++;
        if (i < N_ESCAPES)
            str_add(s, escapes[i].escaped);
        else
            str_add_char(s, *c);
    }
    str_add_char(s, '"');
}

/* The value of an attribute in the text of a tag; NULL if it has none. The caller frees. */
static char *get_attribute(const char *tag, const char *tag_end, const char *name)
{
    auto_free char *begin = str_printf(" %s=\"", name);
    const char *at = strstr(tag, begin);
    auto_str struct str value = { 0 };

    if (!at || at >= tag_end)
        return NULL;
    at += strlen(begin);
    while (at < tag_end && *at != '"') {
        size_t i = 0;

        while (i < N_ESCAPES && !str_starts_with(at, escapes[i].escaped))
            i++;
        str_add_char(&value, i < N_ESCAPES ? escapes[i].character[0] : *at);
        at += i < N_ESCAPES ? strlen(escapes[i].escaped) : 1;
    }
    return str_take(&value);
}

bool documents_save_writers(const struct documents *writers, const char *document,
                            struct betest_report *report)
{
    auto_free char *path = documents_writers_path(document);
    auto_str struct str text = { 0 };

    str_add(&text, root_begin);
    add_attribute(&text, "type", betest_type_word(writers->type));
    add_attribute(&text, "store", writers->store);
    add_attribute(&text, "previous", writers->previous);
    str_add(&text, ">\n");
    for (size_t i = 0; i < writers->texts.count; i++)
        str_addf(&text, "%s\n", without_declaration(writers->texts.items[i]));
    str_addf(&text, "%s\n", root_end);
    return write_document(path, text.text, report);
}

static bool read_document(const char *path, char **ret_text, size_t *ret_size,
                          struct betest_report *report)
{
    uint32_t error = files_read(path, ret_text, ret_size);
    auto_free char *words = error ? report_windows_error(error) : NULL;

    if (error)
        report_failure(report, BETEST_FILE_FAILED, "cannot read %s: %s", path, words);
    return error == 0;
}

BSTR documents_load_components(const char *path, struct betest_report *report)
{
    auto_free char *text = NULL;
    size_t size = 0;

    if (!read_document(path, &text, &size, report))
        return NULL;
    BSTR document = size ? betest_bstr_from_bytes(text, size) : NULL;
    if (!document)
        report_failure(report, BETEST_FILE_FAILED, "%s is empty", path);
    return document;
}

/* The elements behind the root's tag; false when one is not closed or the root is not. */
static bool cut_elements(const char *at, struct documents *ret_writers)
{
    if (!strstr(at, root_end))
        return false;
    while ((at = strstr(at, writer_begin)) != NULL) {
        const char *close = strstr(at, writer_end);

        if (!close)
            return false;
        close += strlen(writer_end);
        array_add(&ret_writers->texts, str_printf("%.*s", (int)(close - at), at));
        at = close;
    }
    return true;
}

/* Takes a path as it was given to the backup. What has moved since is looked for beside the
 * document. */
static char *find_moved(const char *document, char *take_path)
{
    const char *end = strrchr(document, '/');
    const char *name = take_path ? strrchr(take_path, '/') : NULL;

    if (!take_path || files_exists(take_path))
        return take_path;
    char *beside = str_printf("%.*s%s", end ? (int)(end - document) + 1 : 0, document,
                              name ? name + 1 : take_path);
    if (files_exists(beside)) {
        free(take_path);
        return beside;
    }
    free(beside);
    return take_path;
}

/* A file without a type is that of a full backup. */
static bool read_attributes(const char *document, const char *tag, const char *tag_end,
                            struct documents *ret_writers)
{
    auto_free char *type = get_attribute(tag, tag_end, "type");

    ret_writers->store = find_moved(document, get_attribute(tag, tag_end, "store"));
    ret_writers->previous = find_moved(document, get_attribute(tag, tag_end, "previous"));
    return !type || betest_type_of_word(type, &ret_writers->type);
}

bool documents_load_writers(const char *document, struct documents *ret_writers,
                            struct betest_report *report)
{
    auto_free char *path = documents_writers_path(document);
    auto_free char *text = NULL;
    size_t size = 0;

    if (!read_document(path, &text, &size, report))
        return false;
    const char *tag = strstr(text, root_begin);
    const char *tag_end = tag ? strchr(tag, '>') : NULL;
    if (tag_end && read_attributes(document, tag, tag_end, ret_writers) &&
        cut_elements(tag_end, ret_writers))
        return true;
    report_failure(report, BETEST_FILE_FAILED,
                   "%s is damaged: it must begin with %s> and end with %s", path, root_begin,
                   root_end);
    return false;
}
