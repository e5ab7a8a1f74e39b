/* SPDX-License-Identifier: MIT */
/* See sim_files.h. */
#include "writer_sim/sim_files.h"

#include "emu/base/array.h"
#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/base/variables.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define CHUNK_SIZE (64u << 10)

/* ---- paths ---- */

char *sim_expand(const char *windows_path)
{
    struct str out = { 0 };

    for (const char *p = windows_path; *p;) {
        const char *close = *p == '%' ? strchr(p + 1, '%') : NULL;
        const char *value = close ? variable_usual_value(p + 1, (size_t)(close - p) - 1) : NULL;

        if (value) {
            str_add(&out, value);
            p = close + 1;
        } else {
            str_add_char(&out, *p++);
        }
    }
    return str_take(&out);
}

/* What follows the volume's name in the path, or NULL when it is another volume. */
static const char *behind_volume(const struct volume *volume, const char *path)
{
    size_t length = strlen(volume->guid_name);

    if (length && strncasecmp(path, volume->guid_name, length) == 0)
        return path + length;
    if (str_starts_with(path, "\\\\?\\"))
        path += 4;
    if (volume->letter && path[0] && path[1] == ':' && (path[0] | 0x20) == (volume->letter | 0x20))
        return path + 2;
    return NULL;
}

/* Slashes the other way round, single, none at the ends; "." left out. ".." stays: the port
 * refuses. */
static char *port_path(const char *path)
{
    struct str out = { 0 };

    while (*path) {
        size_t length = strcspn(path, "\\/");

        if (length && !(length == 1 && *path == '.')) {
            if (out.length)
                str_add_char(&out, '/');
            str_add_bytes(&out, path, length);
        }
        path += length + (path[length] != '\0');
    }
    return str_take(&out);
}

bool sim_locate(struct world_ports *ports, const char *windows_path, struct volume **ret_volume,
                char **ret_path)
{
    auto_free char *expanded = sim_expand(windows_path);

    for (size_t i = 0; i < ports->n_volumes; i++) {
        const char *rest = behind_volume(ports->volumes[i], expanded);

        if (rest) {
            *ret_volume = ports->volumes[i];
            *ret_path = port_path(rest);
            return true;
        }
    }
    return false;
}

char *sim_windows_path(const struct volume *volume, const char *path)
{
    char *text = volume->letter ? str_printf("%c:\\%s", volume->letter, path)
                                : str_printf("%s%s", volume->guid_name, path);

    for (char *p = text; *p; p++) {
        if (*p == '/')
            *p = '\\';
    }
    return text;
}

struct same_name {
    const char *wanted;
    char *found;
};

static int compare_name(void *arg, const char *name, const struct stat *st)
{
    struct same_name *search = arg;

    (void)st;
    if (strcasecmp(name, search->wanted) != 0)
        return 0;
    search->found = mem_strdup(name);
    return 1;
}

char *sim_real_path(struct volume *volume, unsigned view, const char *path)
{
    struct stat st;
    struct str real = { 0 };

    if (volume->ops->stat(volume, view, path, &st) == 0)
        return mem_strdup(path);
    while (*path) {
        size_t length = strcspn(path, "/");
        auto_free char *element = str_printf("%.*s", (int)length, path);
        struct same_name search = { .wanted = element };

        volume->ops->list(volume, view, real.text ? real.text : "", compare_name, &search);
        if (real.length)
            str_add_char(&real, '/');
        str_add(&real, search.found ? search.found : element);
        free(search.found);
        path += length + (path[length] != '\0');
    }
    return str_take(&real);
}

/* ---- walking ---- */

struct entry {
    char *name;
    struct stat st;
};

struct entries {
    struct entry *items;
    size_t count, capacity;
};

static int remember_entry(void *arg, const char *name, const struct stat *st)
{
    array_add((struct entries *)arg, ((struct entry){ mem_strdup(name), *st }));
    return 0;
}

struct walk {
    struct volume *volume;
    unsigned view;
    const char *pattern;
    bool recursive;
    sim_each_file *each;
    void *arg;
};

static int walk_directory(const struct walk *walk, const char *directory);

static int walk_entry(const struct walk *walk, const char *directory, const struct entry *entry)
{
    auto_free char *path =
        *directory ? str_printf("%s/%s", directory, entry->name) : mem_strdup(entry->name);

    if (S_ISREG(entry->st.st_mode) && str_matches(entry->name, walk->pattern))
        return walk->each(walk->arg, path, &entry->st);
    if (S_ISDIR(entry->st.st_mode) && walk->recursive &&
        !(!*directory && (str_is_equal_nocase(entry->name, "System Volume Information") ||
                          str_is_equal(entry->name, VOLUME_SIDE_FOLDER))))
        return walk_directory(walk, path);
    return 0;
}

/* Entries are listed first: each() may change the directory. */
static int walk_directory(const struct walk *walk, const char *directory)
{
    struct entries entries = { 0 };
    int r = walk->volume->ops->list(walk->volume, walk->view, directory, remember_entry, &entries);

    if (r == -ENOENT || r == -ENOTDIR)
        r = 0;
    for (size_t i = 0; i < entries.count; i++) {
        if (r == 0)
            r = walk_entry(walk, directory, &entries.items[i]);
        free(entries.items[i].name);
    }
    array_free(&entries);
    return r;
}

int sim_walk(struct volume *volume, unsigned view, const char *directory, const char *pattern,
             bool recursive, sim_each_file *each, void *arg)
{
    struct walk walk = { volume, view, pattern, recursive, each, arg };
    auto_free char *real = sim_real_path(volume, view, directory);

    return walk_directory(&walk, real);
}

/* ---- contents ---- */

int sim_make_directories(struct volume *volume, const char *path)
{
    auto_free char *part = mem_strdup(path);

    for (char *p = part; *p; p++) {
        if (p[1] == '/' || p[1] == '\0') {
            char kept = p[1];
            int r;

            p[1] = '\0';
            r = volume->ops->mkdir(volume, VOLUME_ORIGIN, part, 0777);
            if (r < 0 && r != -EEXIST)
                return r;
            p[1] = kept;
        }
    }
    return 0;
}

static int copy_content(struct volume *from, struct volume_file *source, struct volume *to,
                        struct volume_file *target)
{
    auto_free char *buffer = mem_alloc(CHUNK_SIZE);

    for (off_t offset = 0;;) {
        ssize_t n = from->ops->read(source, buffer, CHUNK_SIZE, offset);
        ssize_t written = 0;

        if (n <= 0)
            return (int)n;
        while (written < n) {
            ssize_t w =
                to->ops->write(target, buffer + written, (size_t)(n - written), offset + written);

            if (w <= 0)
                return w < 0 ? (int)w : -EIO;
            written += w;
        }
        offset += n;
    }
}

int sim_copy_file(struct volume *from, unsigned view, const char *from_path, struct volume *to,
                  const char *to_path)
{
    struct volume_file *source, *target;
    int r = from->ops->open(from, view, from_path, O_RDONLY, 0, &source);

    if (r < 0)
        return r;
    r = to->ops->open(to, VOLUME_ORIGIN, to_path, O_WRONLY | O_CREAT | O_TRUNC, 0666, &target);
    if (r == 0) {
        r = copy_content(from, source, to, target);
        to->ops->close(target);
    }
    from->ops->close(source);
    return r;
}

static uint64_t mix(uint64_t hash, const void *bytes, size_t size)
{
    const unsigned char *p = bytes;

    for (size_t i = 0; i < size; i++)
        hash = (hash ^ p[i]) * UINT64_C(0x100000001b3);
    return hash;
}

/* Bytes beyond the end of the file do not count; a shorter file has another fingerprint. */
static int mix_range(struct volume *volume, struct volume_file *file, uint64_t offset,
                     uint64_t length, uint64_t *hash)
{
    auto_free char *buffer = mem_alloc(CHUNK_SIZE);

    while (length) {
        size_t wanted = length < CHUNK_SIZE ? (size_t)length : CHUNK_SIZE;
        ssize_t n = volume->ops->read(file, buffer, wanted, (off_t)offset);

        if (n < 0)
            return (int)n;
        if (n == 0)
            break;
        *hash = mix(*hash, buffer, (size_t)n);
        offset += (uint64_t)n;
        length -= (uint64_t)n;
    }
    *hash = mix(*hash, &offset, sizeof(offset));
    return 0;
}

int sim_fingerprint(struct volume *volume, unsigned view, const char *path, const char *ranges,
                    uint64_t *ret_fingerprint)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    struct volume_file *file;
    int r = volume->ops->open(volume, view, path, O_RDONLY, 0, &file);

    if (r < 0)
        return r;
    if (!ranges)
        r = mix_range(volume, file, 0, INT64_MAX, &hash);
    while (ranges && *ranges && r == 0) {
        char *end;
        uint64_t offset = strtoull(ranges, &end, 0), length;

        length = *end == ':' ? strtoull(end + 1, &end, 0) : 0;
        r = mix_range(volume, file, offset, length, &hash);
        ranges = end + strspn(end, ", ");
        if (ranges == end && *end)
            break;
    }
    volume->ops->close(file);
    *ret_fingerprint = hash;
    return r;
}
