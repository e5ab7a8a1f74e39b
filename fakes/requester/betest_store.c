/* SPDX-License-Identifier: MIT */
/* Names in the store and back (betest_store.h). */
#include "fakes/requester/betest_store.h"
#include "fakes/requester/betest_com.h"

#include "emu/base/str.h"

#include <string.h>

static const char guid_volume_prefix[] = "\\\\?\\";

static void add_escaped(struct str *s, const char *name)
{
    for (const char *c = name; *c; c++) {
        bool is_plain =
            (unsigned char)*c >= ' ' && !strchr("\\/:*?\"<>|%", *c) && !(c == name && *c == '.');

        if (is_plain)
            str_add_char(s, *c);
        else
            str_addf(s, "%%%02X", (unsigned char)*c);
    }
}

char *store_folder(const char *store, const struct wmd *wmd, const struct wmd_component *component)
{
    auto_str struct str folder = { 0 };

    str_addf(&folder, "%s/", store);
    add_escaped(&folder, wmd->name);
    str_addf(&folder, "-%.8s/", BETEST_GUID(&wmd->writer_id));
    if (component->logical_path[0]) {
        add_escaped(&folder, component->logical_path);
        str_add(&folder, "%5C");
    }
    add_escaped(&folder, component->name);
    return str_take(&folder);
}

char *store_parts_folder(const char *folder)
{
    return str_printf("%s%%parts", folder); /* a % of a name is escaped */
}

char *store_place(const char *folder, const char *original)
{
    auto_str struct str place = { 0 };

    str_addf(&place, "%s/", folder);
    if (str_starts_with(original, guid_volume_prefix)) {
        original += strlen(guid_volume_prefix);
    } else if (original[0] && original[1] == ':') {
        str_add_char(&place, original[0]);
        original += 2;
    }
    size_t start = place.length;
    str_add(&place, original);
    for (size_t i = start; i < place.length; i++)
        if (place.text[i] == '\\')
            place.text[i] = '/';
    return str_take(&place);
}

static uint32_t list_below(const char *directory, const char *original, struct file_list *list)
{
    auto_free char *pattern = str_printf("%s/*", directory);
    auto_wide WCHAR *wide_pattern = wide(pattern);
    WIN32_FIND_DATAW found;
    HANDLE find = FindFirstFileW(wide_pattern, &found);
    uint32_t error = 0;
    bool is_empty = true;

    if (find == INVALID_HANDLE_VALUE) {
        error = GetLastError();
        return error == ERROR_FILE_NOT_FOUND || error == ERROR_PATH_NOT_FOUND ? 0 : error;
    }
    do {
        auto_free char *name = utf8_from_utf16(found.cFileName);
        bool is_letter = name[0] && !name[1];
        if (str_is_equal(name, ".") || str_is_equal(name, ".."))
            continue;
        is_empty = false;
        /* The first level names volumes. */
        auto_free char *below = *original
                                    ? str_printf("%s\\%s", original, name)
                                    : str_printf("%s%s%s", is_letter ? "" : guid_volume_prefix,
                                                 name, is_letter ? ":" : "");
        auto_free char *source = str_printf("%s/%s", directory, name);
        if (found.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY)
            error = list_below(source, below, list);
        else
            *array_push(&list->files) =
                (struct betest_file){ .original = take_ptr(&below), .source = take_ptr(&source) };
    } while (!error && FindNextFileW(find, &found));
    if (!error && GetLastError() != ERROR_NO_MORE_FILES)
        error = GetLastError();
    FindClose(find);
    /* Others come back with what is in them. */
    if (!error && is_empty && *original)
        *array_push(&list->files) = (struct betest_file){ .original = mem_strdup(original),
                                                          .source = mem_strdup(directory),
                                                          .is_directory = true };
    return error;
}

uint32_t store_list(const char *folder, struct file_list *list)
{
    return list_below(folder, "", list);
}

uint32_t store_list_all(const char *folder, struct file_list *list)
{
    auto_free char *parts = store_parts_folder(folder);
    uint32_t error = store_list(folder, list);
    size_t n_whole = list->files.count;

    if (!error)
        error = store_list(parts, list);
    for (size_t i = n_whole; i < list->files.count; i++)
        if (!list->files.items[i].is_directory)
            list->files.items[i].ranges = mem_strdup("");
    return error;
}
