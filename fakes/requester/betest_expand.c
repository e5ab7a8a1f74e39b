/* SPDX-License-Identifier: MIT */
/* From file sets to a list of files (betest_files.h): variables, wildcards, recursion, exclusions.
 * A directory is listed once for each set; of the exclusions only those that can apply to a
 * directory are asked for its files. */
#include "fakes/requester/betest_com.h"
#include "fakes/requester/betest_files.h"

#include "emu/base/str.h"

#include <string.h>
#include <strings.h>

struct expansion {
    struct file_list *list;
    const struct filespec *set;
    const struct filespecs *excluded;
    char **excluded_directories; /* of each exclusion, as files_directory gives it */
    const struct files_listener *listener;
    size_t n_matches; /* of the set, excluded files included */
};

void volume_places_free(struct volume_places *places)
{
    for (size_t i = 0; i < places->count; i++) {
        free(places->items[i].volume);
        free(places->items[i].device);
    }
    array_free(places);
}

static bool starts_with_nocase(const char *text, const char *prefix, size_t length)
{
    return strnlen(text, length) == length && strncasecmp(text, prefix, length) == 0;
}

char *volume_places_translate(const struct volume_places *places, const char *path)
{
    for (size_t i = 0; i < places->count; i++) {
        const struct volume_place *place = &places->items[i];
        size_t length = strlen(place->volume) - 1; /* without its separator */

        if (starts_with_nocase(path, place->volume, length) &&
            (path[length] == '\\' || path[length] == 0))
            return str_printf("%s%s", place->device, path + length);
    }
    return mem_strdup(path);
}

char *files_directory(const char *path)
{
    auto_wide WCHAR *plain = wide(path);
    DWORD size = ExpandEnvironmentStringsW(plain, NULL, 0);
    auto_free WCHAR *expanded = mem_alloc((size + 1) * sizeof(*expanded));
    bool is_expanded = size > 0 && ExpandEnvironmentStringsW(plain, expanded, size) > 0;
    char *directory = utf8_from_utf16(is_expanded ? expanded : plain);
    size_t length = strlen(directory);

    while (length > 1 && directory[length - 1] == '\\')
        directory[--length] = 0;
    return directory;
}

char *files_volume_of(const char *path, uint32_t *ret_error)
{
    auto_free char *directory = str_printf("%s\\", path);
    auto_wide WCHAR *name = wide(directory);
    WCHAR volume[MAX_PATH + 1] = { 0 };

    if (!GetVolumePathNameW(name, volume, MAX_PATH)) {
        *ret_error = GetLastError();
        return NULL;
    }
    return utf8_from_utf16(volume);
}

/* Whether `directory` is that of the set, or below it where the set is recursive. */
static bool directory_is_in(const char *directory, const char *set_directory, bool recursive)
{
    size_t length = strlen(set_directory);

    if (!starts_with_nocase(directory, set_directory, length))
        return false;
    return directory[length] == 0 || (recursive && directory[length] == '\\');
}

bool files_is_in_set(const struct betest_file *file, const struct filespec *set)
{
    const char *name = strrchr(file->original, '\\');
    auto_free char *set_directory = files_directory(set->path);

    if (file->is_directory)
        return directory_is_in(file->original, set_directory, set->recursive);
    if (!name || !str_matches(name + 1, set->filespec))
        return false;
    auto_free char *directory = mem_strdup(file->original);
    directory[name - file->original] = 0;
    return directory_is_in(directory, set_directory, set->recursive);
}

void set_index_add(struct set_index *index, const struct filespecs *sets)
{
    index->sets = sets;
    index->next = mem_alloc(sets->count * sizeof(*index->next));
    /* From the last to the first, so that the first of a directory is found first. */
    for (size_t i = sets->count; i-- > 0;) {
        auto_free char *directory = files_directory(sets->items[i].path);
        auto_free char *key = files_key(directory);
        size_t place;

        index->next[i] = SIZE_MAX;
        if (text_index_find(&index->by_directory, key, &place)) {
            index->next[i] = index->first[place];
            index->first[place] = i;
            continue;
        }
        text_index_add(&index->by_directory, key, index->n_directories);
        index->first =
            mem_realloc(index->first, (index->n_directories + 1) * sizeof(*index->first));
        index->first[index->n_directories++] = i;
    }
}

void set_index_free(struct set_index *index)
{
    text_index_free(&index->by_directory);
    free(index->first);
    free(index->next);
    *index = (struct set_index){ 0 };
}

const struct filespec *set_index_find(const struct set_index *index, const struct betest_file *file)
{
    auto_free char *directory = files_key(file->original);
    char *end = file->is_directory ? directory + strlen(directory) : strrchr(directory, '\\');
    size_t place;

    /* Its own directory, then those above it. */
    for (; end && index->sets; end = strrchr(directory, '\\')) {
        *end = 0;
        if (!text_index_find(&index->by_directory, directory, &place))
            continue;
        for (size_t i = index->first[place]; i != SIZE_MAX; i = index->next[i])
            if (files_is_in_set(file, &index->sets->items[i]))
                return &index->sets->items[i];
    }
    return NULL;
}

char *files_key(const char *path)
{
    char *key = mem_strdup(path);

    for (char *c = key; *c; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c + 'a' - 'A');
    return key;
}

char *files_rebased(const char *original, const struct filespec *set, const char *directory)
{
    auto_free char *set_directory = files_directory(set->path);

    return str_printf("%s%s", directory, original + strlen(set_directory));
}

static bool is_excluded(const struct expansion *e, const char *directory, const char *name)
{
    for (size_t i = 0; e->excluded && i < e->excluded->count; i++)
        if (str_matches(name, e->excluded->items[i].filespec) &&
            directory_is_in(directory, e->excluded_directories[i], e->excluded->items[i].recursive))
            return true;
    return false;
}

static bool is_dots(const char *name)
{
    return str_is_equal(name, ".") || str_is_equal(name, "..");
}

static void expand_directory(struct expansion *e, const char *directory, const char *source);

static void expand_entry(struct expansion *e, const char *directory, const char *source,
                         const WIN32_FIND_DATAW *found)
{
    auto_free char *name = utf8_from_utf16(found->cFileName);

    if (is_dots(name))
        return;
    bool is_directory = found->dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY;
    if (found->dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) {
        e->list->n_links++;
        return;
    }
    if (is_directory) {
        /* The system's own folder at the root holds the diff area. */
        if (!e->set->recursive ||
            (!strchr(directory, '\\') && str_is_equal_nocase(name, "System Volume Information")))
            return;
        auto_free char *below = str_printf("%s\\%s", directory, name);
        auto_free char *source_below = str_printf("%s\\%s", source, name);
        expand_directory(e, below, source_below);
        return;
    }
    if (!str_matches(name, e->set->filespec))
        return;
    e->n_matches++;
    if (is_excluded(e, directory, name))
        return;
    *array_push(&e->list->files) = (struct betest_file){
        .original = str_printf("%s\\%s", directory, name),
        .source = str_printf("%s\\%s", source, name),
        .size = (uint64_t)found->nFileSizeHigh << 32 | found->nFileSizeLow,
        .write_time = (uint64_t)found->ftLastWriteTime.dwHighDateTime << 32 |
                      found->ftLastWriteTime.dwLowDateTime,
    };
}

static bool is_nothing_there(DWORD error)
{
    return error == ERROR_FILE_NOT_FOUND || error == ERROR_PATH_NOT_FOUND;
}

/* directory: where the files belong; source: where they are read. */
static void expand_directory(struct expansion *e, const char *directory, const char *source)
{
    auto_free char *pattern =
        str_printf("%s\\%s", source, e->set->recursive ? "*" : e->set->filespec);
    auto_wide WCHAR *name = wide(pattern);
    WIN32_FIND_DATAW found;
    HANDLE find = FindFirstFileW(name, &found);

    if (find == INVALID_HANDLE_VALUE) {
        DWORD error = GetLastError();

        if (!is_nothing_there(error) && error != ERROR_NO_MORE_FILES) {
            e->list->n_failed++;
            e->listener->failed(e->listener->arg, source, error);
        }
        return;
    }
    if (e->set->recursive)
        *array_push(&e->list->files) = (struct betest_file){ .original = mem_strdup(directory),
                                                             .source = mem_strdup(source),
                                                             .is_directory = true };
    do
        expand_entry(e, directory, source, &found);
    while (FindNextFileW(find, &found));
    DWORD error = GetLastError();
    if (error != ERROR_NO_MORE_FILES) {
        e->list->n_failed++;
        e->listener->failed(e->listener->arg, source, error);
    }
    FindClose(find);
}

static void expand_set(struct expansion *e, const struct volume_places *places)
{
    auto_free char *directory = files_directory(e->set->path);
    /* Data of a set with an alternate place is read there and belongs to the path all the same
     * (requester-notes: 15). */
    auto_free char *alternate =
        e->set->alternate_path ? files_directory(e->set->alternate_path) : NULL;
    auto_free char *source = volume_places_translate(places, alternate ? alternate : directory);

    e->n_matches = 0;
    expand_directory(e, directory, source);
    /* Learn: "Definition of Components by Writers": a file that is named must be there. */
    if (e->n_matches == 0 && !strpbrk(e->set->filespec, "*?") && e->listener->missing) {
        auto_free char *path = str_printf("%s\\%s", directory, e->set->filespec);

        e->listener->missing(e->listener->arg, path);
    }
}

void files_expand(struct file_list *list, const struct filespecs *sets,
                  const struct filespecs *excluded, const struct volume_places *places,
                  const struct files_listener *listener)
{
    size_t n_excluded = excluded ? excluded->count : 0;
    auto_free char **excluded_directories = mem_alloc(n_excluded * sizeof(*excluded_directories));
    struct expansion e = { .list = list,
                           .excluded = excluded,
                           .listener = listener,
                           .excluded_directories = excluded_directories };

    for (size_t i = 0; i < n_excluded; i++)
        excluded_directories[i] = files_directory(excluded->items[i].path);
    for (size_t i = 0; i < sets->count; i++) {
        e.set = &sets->items[i];
        expand_set(&e, places);
    }
    for (size_t i = 0; i < n_excluded; i++)
        free(excluded_directories[i]);
}

void files_add(struct file_list *list, const struct betest_file *file)
{
    array_add(&list->files, *file);
}

static void file_fini(struct betest_file *file)
{
    free(file->original);
    free(file->source);
    free(file->ranges);
}

static int compare_files(const void *a, const void *b)
{
    const struct betest_file *one = a, *other = b;

    return strcmp(one->original, other->original);
}

void files_sort(struct file_list *list)
{
    size_t kept = 0;

    if (list->files.count == 0)
        return;
    qsort(list->files.items, list->files.count, sizeof(*list->files.items), compare_files);
    for (size_t i = 1; i < list->files.count; i++) {
        if (str_is_equal(list->files.items[i].original, list->files.items[kept].original)) {
            file_fini(&list->files.items[i]);
        } else {
            list->files.items[++kept] = list->files.items[i];
        }
    }
    list->files.count = kept + 1;
}

void files_free(struct file_list *list)
{
    for (size_t i = 0; i < list->files.count; i++)
        file_fini(&list->files.items[i]);
    array_free(&list->files);
}
