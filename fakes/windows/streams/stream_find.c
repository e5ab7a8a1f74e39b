/* SPDX-License-Identifier: MIT */
/* FindFirstStreamW, FindNextStreamW (Learn: the pages of these names): the streams of a file or
 * directory, the unnamed one first. They are gathered when the search begins. */
#include "fakes/windows/streams/stream_find.h"

#include "emu/base/array.h"
#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/base/utf.h"
#include "fakes/windows/file_node.h"
#include "fakes/windows/fold.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/streams/side.h"

struct found_stream {
    char *name; /* without colons; "" is the unnamed one */
    int64_t size;
};

struct stream_find {
    struct object object;
    ARRAY(struct found_stream) found;
    size_t next;
};

static void stream_find_destroy(struct object *object)
{
    struct stream_find *find = (struct stream_find *)object;

    for (size_t i = 0; i < find->found.count; i++)
        free(find->found.items[i].name);
    array_free(&find->found);
    free(find);
}

const struct object_class stream_find_class = {
    .name = "stream search",
    .destroy = stream_find_destroy,
};

static int add(void *arg, const char *name, const struct stat *st)
{
    struct stream_find *find = arg;

    array_add(&find->found, ((struct found_stream){ mem_strdup(name), st->st_size }));
    return 0;
}

static int by_name(const void *a, const void *b)
{
    const struct found_stream *x = a, *y = b;

    return fold_compare(x->name, y->name);
}

static DWORD search(struct stream_find *find, LPCWSTR name)
{
    auto_path path;
    struct stat st;
    DWORD error = path_parse(name, 0, &path);

    if (!error)
        error = path_find_target(&path, &st);
    if (!error)
        error = file_node_check(&path, &st, 0);
    if (error)
        return error;
    if (!S_ISDIR(st.st_mode))
        add(find, "", &st);
    side_list_streams(&path, add, find);
    if (find->found.count)
        qsort(find->found.items, find->found.count, sizeof(struct found_stream), by_name);
    return find->found.count ? ERROR_SUCCESS : ERROR_HANDLE_EOF;
}

static void fill(const struct found_stream *found, WIN32_FIND_STREAM_DATA *ret_data)
{
    auto_free char *text = str_printf(":%s:$DATA", found->name);
    auto_free uint16_t *wide = utf16_from_utf8(text);

    *ret_data = (WIN32_FIND_STREAM_DATA){ .StreamSize.QuadPart = found->size };
    memcpy(ret_data->cStreamName, wide, (utf16_length(wide) + 1) * sizeof(WCHAR));
}

HANDLE WINAPI FindFirstStreamW(LPCWSTR name, STREAM_INFO_LEVELS level, LPVOID ret_data, DWORD flags)
{
    DWORD error = ERROR_INVALID_PARAMETER;
    struct stream_find *find = mem_new(struct stream_find);

    object_init(&find->object, &stream_find_class);
    if (level == FindStreamInfoStandard && ret_data && !flags)
        error = search(find, name);
    if (error) {
        object_unref(&find->object);
        SetLastError(error);
        return INVALID_HANDLE_VALUE;
    }
    fill(&find->found.items[find->next++], ret_data);
    return handle_new(&find->object, 0);
}

BOOL WINAPI FindNextStreamW(HANDLE handle, LPVOID ret_data)
{
    auto_object struct object *object = handle_get(handle, &stream_find_class, 0);
    struct stream_find *find = (struct stream_find *)object;

    if (!object)
        return FALSE;
    if (find->next >= find->found.count)
        return win_fail(ERROR_HANDLE_EOF);
    fill(&find->found.items[find->next++], ret_data);
    return TRUE;
}
