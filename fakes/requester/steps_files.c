/* SPDX-License-Identifier: MIT */
/* Files of the world: copied from a snapshot, changed, and looked at (steps_i.h). */
#include "fakes/requester/steps_i.h"

#include "emu/base/cleanup.h"
#include "emu/base/str.h"

#include <string.h>

#define PLAY(name) \
    HRESULT step_##name(struct steps_session *s, const struct step *step, IVssAsync **ret_async)

/* ---- the copy ---- */

struct copying {
    struct steps_session *s;
    struct steps_component *component;
    size_t n_files, n_bad;
};

static void could_not_list(void *arg, const char *path, uint32_t error)
{
    struct copying *copying = arg;

    copying->component->has_failed = true;
    copying->n_bad++;
    steps_note(copying->s, "copy", "%s: error %u", path, (unsigned)error);
}

static void read_set(struct copying *copying, const struct filespecs *sets, const struct wmd *wmd)
{
    struct files_listener listener = { .failed = could_not_list, .arg = copying };
    struct file_list list = { 0 };

    files_expand(&list, sets, &wmd->exclude_files, &copying->s->places, &listener);
    for (size_t i = 0; i < list.files.count; i++) {
        const struct betest_file *file = &list.files.items[i];
        auto_free char *bytes = NULL;
        size_t size;
        uint32_t error = file->is_directory ? 0 : files_read(file->source, &bytes, &size);

        if (error)
            could_not_list(copying, file->original, error);
        copying->n_files += !error && !file->is_directory;
    }
    files_free(&list);
}

static void read_component(struct copying *copying, const struct wmd *wmd,
                           const struct wmd_component *c)
{
    read_set(copying, &c->files, wmd);
    read_set(copying, &c->database_files, wmd);
    read_set(copying, &c->log_files, wmd);
}

/* Every file of the components that were added, and of those below them. */
PLAY(Copy)
{
    struct copying copying = { .s = s };
    HRESULT hr = steps_find_places(s);

    (void)step;
    (void)ret_async;
    if (hr != S_OK) /* S_FALSE: a fault kept it from asking where they are */
        return FAILED(hr) ? hr : S_OK;
    for (size_t i = 0; i < s->chosen.count; i++) {
        const struct wmd *wmd = s->writers.items[s->chosen.items[i].writer];
        const struct wmd_component *top = &wmd->components.items[s->chosen.items[i].component];

        copying.component = &s->chosen.items[i];
        for (size_t c = 0; c < wmd->components.count; c++) {
            const struct wmd_component *component = &wmd->components.items[c];
            bool is_below = top->selectable && component_is_below(component->logical_path,
                                                                  top->logical_path, top->name);

            if (component == top || is_below)
                read_component(&copying, wmd, component);
        }
    }
    steps_note(s, "copied", "%zu files, %zu could not be read", copying.n_files, copying.n_bad);
    return S_OK;
}

/* ---- single files ---- */

PLAY(Write)
{
    const char *path = step_argument(step, 0), *text = step_argument(step, 1);
    auto_wide WCHAR *wide_path = wide(path);
    DWORD n_written = 0;

    (void)s;
    (void)ret_async;
    for (WCHAR *p = wide_path; *p; p++) {
        if (*p != '\\' || p - wide_path < 3)
            continue;
        *p = 0;
        CreateDirectoryW(wide_path, NULL);
        *p = '\\';
    }
    HANDLE file = CreateFileW(wide_path, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    if (file == INVALID_HANDLE_VALUE)
        return HRESULT_FROM_WIN32(GetLastError());
    WINBOOL is_good = WriteFile(file, text, (DWORD)strlen(text), &n_written, NULL);
    HRESULT hr = is_good ? S_OK : HRESULT_FROM_WIN32(GetLastError());

    CloseHandle(file);
    return hr;
}

PLAY(Delete)
{
    auto_wide WCHAR *path = wide(step_argument(step, 0));

    (void)s;
    (void)ret_async;
    return DeleteFileW(path) ? S_OK : HRESULT_FROM_WIN32(GetLastError());
}

static HRESULT read_file(struct steps_session *s, const char *path, const char *expected)
{
    auto_free char *bytes = NULL;
    size_t size = 0;
    uint32_t error = files_read(path, &bytes, &size);

    if (error)
        return HRESULT_FROM_WIN32(error);
    if (expected && (strlen(expected) != size || memcmp(bytes, expected, size) != 0))
        return steps_explain(s, "%s holds \"%.60s\"; expected \"%s\"", path, bytes, expected);
    return S_OK;
}

PLAY(Read)
{
    (void)ret_async;
    return read_file(s, step_argument(step, 0), step_argument(step, 1));
}

PLAY(ReadCopy)
{
    HRESULT hr = s->vss ? steps_find_places(s) : S_OK;

    (void)ret_async;
    if (hr != S_OK)
        return FAILED(hr) ? hr : S_OK;
    auto_free char *path = volume_places_translate(&s->places, step_argument(step, 0));

    return read_file(s, path, step_argument(step, 1));
}

/* Whether there is such a path at all. */
PLAY(Attributes)
{
    auto_wide WCHAR *path = wide(step_argument(step, 0));

    (void)s;
    (void)ret_async;
    return GetFileAttributesW(path) == INVALID_FILE_ATTRIBUTES ? HRESULT_FROM_WIN32(GetLastError())
                                                               : S_OK;
}
