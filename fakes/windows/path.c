/* SPDX-License-Identifier: MIT */
/* See path.h. Rules: Learn: "Naming Files, Paths, and Namespaces". */
#include "fakes/windows/path.h"

#include "emu/base/array.h"
#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/base/utf.h"
#include "emu/com/bstr.h"
#include "emu/port/volume_device.h"
#include "emu/port/world.h"
#include "fakes/windows/streams/path_stream.h"

#include <ctype.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_ELEMENT 255

static pthread_mutex_t directory_lock = PTHREAD_MUTEX_INITIALIZER;
static char *current_directory; /* of the world, "C:\dir"; NULL: the host's */

void path_free(struct win_path *path)
{
    free(path->text);
    free(path->prefix);
    free(path->stream);
    *path = (struct win_path){ 0 };
}

struct win_path path_copy(const struct win_path *path)
{
    struct win_path copy = *path;

    copy.text = mem_strdup(path->text);
    copy.prefix = mem_strdup(path->prefix);
    copy.stream = mem_strdup(path->stream);
    return copy;
}

struct volume *path_volume_of_letter(int letter)
{
    struct world_ports *world = world_current();

    for (size_t i = 0; i < world->n_volumes; i++) {
        if (world->volumes[i]->letter && toupper(world->volumes[i]->letter) == toupper(letter))
            return world->volumes[i];
    }
    return NULL;
}

/* One that was given up still has its device, of which nothing can be read. */
struct volume *path_volume_of_snapshot(unsigned number, unsigned *ret_view)
{
    struct world_ports *world = world_current();
    struct volume *lost = NULL;
    struct stat st;

    *ret_view = number;
    for (size_t i = 0; number && i < world->n_volumes; i++) {
        struct volume *volume = world->volumes[i];
        unsigned view = volume_view_of(volume, number);
        int error = view ? volume->ops->stat(volume, view, "", &st) : -ENOENT;

        if (!error) {
            *ret_view = view;
            return volume;
        }
        if (error == -ENXIO && !lost) {
            *ret_view = view;
            lost = volume;
        }
    }
    return lost;
}

size_t path_volume_index(const struct volume *volume)
{
    struct world_ports *world = world_current();
    size_t i = 0;

    while (i < world->n_volumes && world->volumes[i] != volume)
        i++;
    return i;
}

static bool is_slash(char c)
{
    return c == '\\' || c == '/';
}

/* ---- elements ---- */

static bool is_element_valid(const char *element, size_t length, bool wildcards)
{
    size_t n_units = 0;

    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)element[i];

        if (c < 32 || strchr(wildcards ? ":|/\\" : "<>:\"|?*/\\", c))
            return false;
        n_units += (c & 0xC0) != 0x80;
        n_units += c >= 0xF0; /* a surrogate pair */
    }
    return n_units <= MAX_ELEMENT;
}

/* How much of an element stays: Windows drops dots and blanks at the end of a name. */
static size_t trimmed_length(const char *element, size_t length, bool is_last)
{
    if (!is_last)
        return length > 1 && element[length - 1] == '.' && element[length - 2] != '.' ? length - 1
                                                                                      : length;
    while (length && (element[length - 1] == '.' || element[length - 1] == ' '))
        length--;
    return length;
}

static void drop_last_element(struct str *out)
{
    while (out->length && out->text[out->length - 1] != '/')
        out->length--;
    if (out->length)
        out->length--;
    if (out->text)
        out->text[out->length] = 0;
}

static bool is_dots(const char *element, size_t length)
{
    return (length == 1 || length == 2) && element[0] == '.' && element[length - 1] == '.';
}

/* Adds one element to a relative path. `verbatim`: behind \\?\, where nothing is interpreted. */
static DWORD add_element(struct str *out, const char *element, size_t length, bool is_last,
                         bool verbatim, unsigned flags)
{
    bool wildcards = is_last && flags & PATH_WILDCARDS;

    if (is_dots(element, length)) {
        if (verbatim)
            return ERROR_INVALID_NAME;
        if (length == 2)
            drop_last_element(out);
        return ERROR_SUCCESS;
    }
    bool keeps_dot =
        wildcards && length > 1 && element[length - 1] == '.' && element[length - 2] == '*';
    if (!verbatim && !keeps_dot)
        length = trimmed_length(element, length, is_last);
    if (!length)
        return verbatim ? ERROR_INVALID_NAME : ERROR_SUCCESS;
    if (!is_element_valid(element, length, wildcards))
        return ERROR_INVALID_NAME;
    if (out->length)
        str_add_char(out, '/');
    str_add_bytes(out, element, length);
    return ERROR_SUCCESS;
}

/* `rest` (behind "C:\" or the like) becomes the port's relative path. */
static DWORD add_elements(const char *rest, bool verbatim, unsigned flags, struct str *out,
                          bool *ret_trailing)
{
    const char *end = rest + strlen(rest);

    *ret_trailing = end > rest && is_slash(end[-1]);
    while (end > rest && is_slash(end[-1]))
        end--;
    while (rest < end) {
        const char *stop = rest;
        while (stop < end && !(verbatim ? *stop == '\\' : is_slash(*stop)))
            stop++;
        if (stop > rest) {
            DWORD error =
                add_element(out, rest, (size_t)(stop - rest), stop == end, verbatim, flags);
            if (error)
                return error;
        }
        rest = stop < end ? stop + 1 : end;
    }
    return ERROR_SUCCESS;
}

/* ---- what stands before the elements ---- */

static bool skip_prefix(const char **text, const char *prefix)
{
    const char *s = *text;

    for (; *prefix; prefix++, s++) {
        if (is_slash(*prefix) ? !is_slash(*s) : toupper((unsigned char)*s) != toupper(*prefix))
            return false;
    }
    *text = s;
    return true;
}

static bool is_drive(const char *text)
{
    return isalpha((unsigned char)text[0]) && text[1] == ':';
}

/* "\\?\Volume{...}": without the slash at its end, which a device has not. */
static struct volume *skip_guid_name(const char **text)
{
    struct world_ports *world = world_current();

    for (size_t i = 0; i < world->n_volumes; i++) {
        const char *name = world->volumes[i]->guid_name + 4; /* behind \\?\ */
        size_t length = strcspn(name, "\\");

        if (length && strncasecmp(*text, name, length) == 0) {
            *text += length;
            return world->volumes[i];
        }
    }
    return NULL;
}

/* "HarddiskVolumeShadowCopy7" or "HarddiskVolume1", behind \Device\. */
static struct volume *skip_device(const char **text, unsigned *ret_view)
{
    struct world_ports *world = world_current();
    bool is_snapshot = skip_prefix(text, "HarddiskVolumeShadowCopy");
    char *end = NULL;

    if (!is_snapshot && !skip_prefix(text, "HarddiskVolume"))
        return NULL;
    unsigned long number = isdigit((unsigned char)**text) ? strtoul(*text, &end, 10) : 0;
    if (!number || number > 0x7FFFFFFF)
        return NULL;
    *text = end;
    if (is_snapshot)
        return path_volume_of_snapshot((unsigned)number, ret_view);
    return number <= world->n_volumes ? world->volumes[number - 1] : NULL;
}

/* "GLOBALROOT\Device\Name" and what else leads to a name of DefineDosDevice.
 * Deviation: below \Device on Windows are only the devices of drivers; here a provider without one
 * may name its copies so, too. */
static bool skip_defined(const char **text, struct win_path *path)
{
    const char *rest = *text;

    if (!skip_prefix(&rest, "GLOBALROOT\\Device\\") && !skip_prefix(&rest, "GLOBALROOT\\??\\"))
        skip_prefix(&rest, "GLOBALROOT\\GLOBAL??\\");
    if (!path_exposed_device(&rest, path))
        return false;
    *text = rest;
    return true;
}

/* Text behind \\?\ or \\.\: finds the volume and moves behind its name. */
static DWORD skip_volume(const char **text, struct win_path *path)
{
    if (is_drive(*text)) {
        path->volume = path_volume_of_letter(**text);
        if (!path->volume)
            path_exposed_drive(**text, path);
        *text += 2;
    } else if (skip_defined(text, path)) {
        return ERROR_SUCCESS; /* what follows is a slash, or nothing */
    } else if (skip_prefix(text, "GLOBALROOT\\Device\\")) {
        path->volume = skip_device(text, &path->view);
        /* A device that is not there, or no more, is a missing name; what lies on it, a missing
         * path. Windows: seen when a snapshot had gone. */
        if (!path->volume)
            return strpbrk(*text, "\\/") ? ERROR_PATH_NOT_FOUND : ERROR_FILE_NOT_FOUND;
    } else if (skip_prefix(text, "UNC\\")) {
        return ERROR_BAD_NETPATH;
    } else {
        const char *start = *text;
        path->volume = skip_guid_name(text);
        if (!path->volume && !skip_prefix(&start, "Volume{")) {
            path->volume = skip_device(text, &path->view); /* \\.\HarddiskVolume1 */
            if (!path->volume)
                return ERROR_FILE_NOT_FOUND;
        }
    }
    if (!path->volume)
        return ERROR_PATH_NOT_FOUND;
    return **text && !is_slash(**text) ? ERROR_FILE_NOT_FOUND : ERROR_SUCCESS;
}

/* What was named begins at a root below that of the volume, which path->text has by now; no ".."
 * climbs out of it, and it is not shown. */
static void put_below_root(struct win_path *path, char *take_below)
{
    char *root = path->text;

    path->text = take_below;
    if (root && *root) {
        path->hidden = strlen(root) + (*take_below != 0);
        path->text = str_printf("%s%s%s", root, *take_below ? "/" : "", take_below);
        free(take_below);
    }
    free(root);
}

static DWORD parse_volume_path(const char *whole, const char *behind_prefix, bool verbatim,
                               unsigned flags, struct win_path *path)
{
    struct str out = { 0 };
    const char *rest = behind_prefix;

    DWORD error = skip_volume(&rest, path);
    if (error)
        return error;
    if (!*rest && !(path->text && *path->text)) {
        path->kind = PATH_DEVICE;
        free(path->text);
        path->prefix = mem_strdup(whole);
        path->text = mem_strdup("");
        return ERROR_SUCCESS;
    }
    path->kind = PATH_FILE;
    path->prefix = str_printf("%.*s\\", (int)(rest - whole), whole);
    error = add_elements(rest, verbatim, flags, &out, &path->has_trailing_slash);
    put_below_root(path, str_take(&out));
    return error;
}

static DWORD parse_drive_path(const char *text, unsigned flags, struct win_path *path)
{
    struct str out = { 0 };

    path->kind = PATH_FILE;
    path->volume = path_volume_of_letter(text[0]);
    path->prefix = str_printf("%c:\\", text[0]);
    if (!path->volume && !path_exposed_drive(text[0], path))
        return ERROR_PATH_NOT_FOUND;
    DWORD error = add_elements(text + 2, false, flags, &out, &path->has_trailing_slash);
    put_below_root(path, str_take(&out));
    /* Learn: "Maximum Path Length Limitation" */
    if (!error && strlen(path->text) + 3 >= MAX_PATH) {
        auto_free WCHAR *wide = (WCHAR *)utf16_from_utf8(path->text);
        if (utf16_length((const uint16_t *)wide) + 3 >= MAX_PATH)
            return ERROR_PATH_NOT_FOUND;
    }
    return error;
}

/* rest: behind the two slashes of "\\MACHINE\share\dir"; no ".." climbs out of the share. */
static DWORD parse_share_path(const char *rest, bool verbatim, unsigned flags,
                              struct win_path *path)
{
    struct str out = { 0 };
    const char *start = rest;

    DWORD error = path_exposed_share(&rest, path);
    if (error)
        return error;
    path->kind = PATH_FILE;
    path->prefix = str_printf("\\\\%.*s\\", (int)(rest - start), start);
    error = add_elements(rest, verbatim, flags, &out, &path->has_trailing_slash);
    put_below_root(path, str_take(&out));
    return error;
}

/* ---- the host's paths ---- */

static DWORD parse_host_path(const char *text, struct win_path *path)
{
    path->kind = PATH_HOST;
    path->text = mem_strdup(text);
    for (char *c = path->text; *c; c++) {
        if (*c == '\\')
            *c = '/';
    }
    size_t length = strlen(path->text);
    path->has_trailing_slash = length > 1 && path->text[length - 1] == '/';
    while (length > 1 && path->text[length - 1] == '/')
        path->text[--length] = 0;
    return ERROR_SUCCESS;
}

char *path_current_directory(void)
{
    pthread_mutex_lock(&directory_lock);
    char *copy = mem_strdup(current_directory);
    pthread_mutex_unlock(&directory_lock);
    return copy;
}

void path_set_current_directory(const struct win_path *path)
{
    char *fresh = path->kind == PATH_FILE ? path_to_text(path) : NULL;
    size_t length = fresh ? strlen(fresh) : 0;

    if (length > 3 && fresh[1] == ':' && fresh[length - 1] == '\\') /* of a mounted folder */
        fresh[length - 1] = 0;

    pthread_mutex_lock(&directory_lock);
    free(current_directory);
    current_directory = fresh;
    pthread_mutex_unlock(&directory_lock);
}

static DWORD parse_text(const char *text, unsigned flags, struct win_path *path)
{
    const char *rest = text;

    if (!*text)
        return ERROR_PATH_NOT_FOUND;
    if (path_reserved_name(text, path) || path_disk_name(text, path))
        return ERROR_SUCCESS;
    if (skip_prefix(&rest, "\\\\?\\UNC\\") && text[0] == '\\')
        return parse_share_path(rest, true, flags, path);
    if (skip_prefix(&rest, "\\\\?\\") && text[0] == '\\')
        return parse_volume_path(text, rest, true, flags, path);
    if (skip_prefix(&rest, "\\\\.\\") && text[0] == '\\')
        return parse_volume_path(text, rest, false, flags, path);
    if (is_drive(text))
        return parse_drive_path(text, flags, path);
    if (text[0] == '\\' && text[1] == '\\')
        return parse_share_path(text + 2, false, flags, path);
    return parse_host_path(text, path);
}

DWORD path_parse_utf8(const char *text, unsigned flags, struct win_path *path)
{
    DWORD error = parse_text(text, flags, path);

    if (!error)
        path_enter_exposed_folder(path);
    return error;
}

static DWORD parse_from_current(const char *utf8, unsigned flags, struct win_path *ret_path)
{
    auto_free char *current = path_current_directory();

    if (!current || !*utf8 || is_drive(utf8) || utf8[0] == '/' ||
        (utf8[0] == '\\' && utf8[1] == '\\'))
        return path_parse_utf8(utf8, flags, ret_path);
    auto_free char *whole = is_slash(utf8[0]) ? str_printf("%.2s%s", current, utf8)
                                              : str_printf("%s\\%s", current, utf8);
    return path_parse_utf8(whole, flags, ret_path);
}

DWORD path_parse(const WCHAR *text, unsigned flags, struct win_path *ret_path)
{
    auto_free char *utf8 = utf8_from_wide(text), *stream = NULL;
    auto_free char *file = mem_strdup(utf8);
    bool is_cut = false;

    *ret_path = (struct win_path){ 0 };
    if (!utf8)
        return ERROR_INVALID_PARAMETER;
    DWORD error = flags & PATH_STREAMS ? path_cut_stream(file, &stream, &is_cut) : ERROR_SUCCESS;
    if (error || !is_cut)
        return error ? error : parse_from_current(utf8, flags, ret_path);
    error = parse_from_current(file, flags, ret_path);
    if (!error && ret_path->kind != PATH_FILE) { /* the host's names may have colons */
        path_free(ret_path);
        return parse_from_current(utf8, flags, ret_path);
    }
    if (!error && ret_path->has_trailing_slash && *ret_path->text)
        return ERROR_INVALID_NAME;
    if (!error) {
        ret_path->has_trailing_slash = false;
        ret_path->stream = take_ptr(&stream);
    }
    return error;
}

char *path_to_text(const struct win_path *path)
{
    struct str out = { 0 };

    if (path->kind == PATH_NULL)
        return mem_strdup("\\\\.\\NUL");
    if (path->kind == PATH_HOST || path->kind == PATH_CONSOLE || path->kind == PATH_NO_DEVICE)
        return mem_strdup(path->text);
    str_add(&out, path->prefix);
    /* Another case of the hidden part may be shorter. */
    for (const char *c = path->text + strnlen(path->text, path->hidden); *c; c++)
        str_add_char(&out, *c == '/' ? '\\' : *c);
    if (path->stream)
        str_addf(&out, ":%s", path->stream);
    return str_take(&out);
}
