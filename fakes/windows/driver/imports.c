/* SPDX-License-Identifier: MIT */
#include "fakes/windows/driver/imports.h"

#include "emu/base/cleanup.h"
#include "emu/base/name_list.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *read_whole(const char *path)
{
    FILE *file = fopen(path, "rb");
    struct str text = { 0 };
    char buffer[16384];
    size_t n;

    if (!file)
        return NULL;
    while ((n = fread(buffer, 1, sizeof(buffer), file)) > 0)
        str_add_bytes(&text, buffer, n);
    fclose(file);
    return str_take(&text);
}

/* The texts in quotes behind each word `import` up to the semicolon, and those of #include. A
 * comment that looks like one names a file too many, which does no harm. */
static void find_names(const char *text, struct name_list *names)
{
    const char *at = text;

    while ((at = strpbrk(at, "i")) != NULL) {
        bool is_import = str_starts_with(at, "import") && !str_starts_with(at, "importlib");
        bool is_include = str_starts_with(at, "include");
        at++;
        if (!is_import && !is_include)
            continue;
        const char *end = at + strcspn(at, is_import ? ";" : "\n");
        const char *open = at;
        while ((open = memchr(open, '"', (size_t)(end - open)))) {
            const char *close = memchr(open + 1, '"', (size_t)(end - open - 1));
            if (!close)
                break;
            auto_free char *name = str_printf("%.*s", (int)(close - open - 1), open + 1);
            name_list_add(names, name);
            open = close + 1;
        }
        at = end;
    }
}

/* The file and the user's files it imports, each once; links is NULL or where to put links for
 * other spellings. */
static void walk(struct search *s, const char *first, struct str *content, const char *links)
{
    struct name_list files = { 0 };

    name_list_add(&files, first);
    for (size_t i = 0; i < files.names.count; i++) {
        const char *path = files.names.items[i];
        auto_free char *text = read_whole(path), *beside = search_folder_of(path);
        struct name_list imported = { 0 };
        str_add(content, text);
        find_names(text ?: "", &imported);
        for (size_t k = 0; k < imported.names.count; k++) {
            const char *name = imported.names.items[k];
            struct search_result found = search_find(s, name, true, beside);
            auto_free char *file = found.path;
            char real[PATH_MAX];
            if (file && !found.is_exact && links && !strchr(name, '/') && realpath(file, real)) {
                auto_free char *link = str_printf("%s/%s", links, name);
                if (symlink(real, link))
                    continue; /* it is there already */
            }
            bool is_known = !file || (found.folder && found.folder->kind == SEARCH_OURS);
            for (size_t n = 0; n < files.names.count && !is_known; n++)
                is_known = strcmp(files.names.items[n], file) == 0;
            if (!is_known)
                name_list_add(&files, file);
        }
        name_list_free(&imported);
    }
    name_list_free(&files);
}

void imports_add_content(struct search *s, const char *path, struct str *content)
{
    walk(s, path, content, NULL);
}

void imports_link(struct search *s, const char *path, const char *folder)
{
    auto_str struct str unused = { 0 };

    walk(s, path, &unused, folder);
}

void imports_remove_folder(const char *folder)
{
    DIR *listing = opendir(folder);

    for (struct dirent *entry; listing && (entry = readdir(listing));) {
        auto_free char *path = str_printf("%s/%s", folder, entry->d_name);
        unlink(path);
    }
    if (listing)
        closedir(listing);
    rmdir(folder);
}
