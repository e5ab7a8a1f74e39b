/* SPDX-License-Identifier: MIT */
/* See volume_entry.h. */
#include "emu/cli/volume_entry.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/base/utf.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* ---- JSON ---- */

static bool is_plain(unsigned char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           (c && strchr("-._~/", c));
}

static char *percent_of(const char *bytes)
{
    size_t size = 3 * strlen(bytes) + 1;
    char *text = mem_alloc(size), *to = text;

    for (const unsigned char *at = (const unsigned char *)bytes; *at; at++) {
        if (is_plain(*at))
            *to++ = (char)*at;
        else
            to += snprintf(to, (size_t)(text + size - to), "%%%02X", *at);
    }
    *to = 0;
    return text;
}

void json_set_name(json_t *object, const char *key, const char *bytes)
{
    auto_free char *shown = bytes ? utf8_shown(bytes) : NULL;

    json_object_set_new(object, key, bytes ? json_string(shown) : json_null());
    if (!bytes || utf8_is_valid(bytes))
        return;
    auto_free char *bytes_key = str_printf("%s_bytes", key);
    auto_free char *percent = percent_of(bytes);

    json_object_set_new(object, bytes_key, json_string(percent));
}

void json_print(json_t *take_json)
{
    json_dumpf(take_json, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(take_json);
}

static const char *type_of(mode_t mode)
{
    return S_ISREG(mode)    ? "file"
           : S_ISDIR(mode)  ? "directory"
           : S_ISLNK(mode)  ? "link"
           : S_ISFIFO(mode) ? "fifo"
           : S_ISSOCK(mode) ? "socket"
           : S_ISBLK(mode)  ? "block"
                            : "character";
}

static json_t *entry_json(const struct stat *st, const char *name)
{
    char mode[8], time[64];
    json_t *object = json_object();
    struct tm tm;

    gmtime_r(&st->st_mtim.tv_sec, &tm);
    size_t length = strftime(time, sizeof(time), "%Y-%m-%dT%H:%M:%S", &tm);
    snprintf(time + length, sizeof(time) - length, ".%09ldZ", st->st_mtim.tv_nsec);
    snprintf(mode, sizeof(mode), "%04o", (unsigned)st->st_mode & 07777);
    json_set_name(object, "name", name);
    json_object_set_new(object, "type", json_string(type_of(st->st_mode)));
    json_object_set_new(object, "size", json_integer(st->st_size));
    json_object_set_new(object, "mode", json_string(mode));
    json_object_set_new(object, "uid", json_integer(st->st_uid));
    json_object_set_new(object, "gid", json_integer(st->st_gid));
    json_object_set_new(object, "links", json_integer((json_int_t)st->st_nlink));
    json_object_set_new(object, "mtime", json_string(time));
    return object;
}

void volume_entry_print_json(const struct stat *st, const char *path)
{
    const char *slash = strrchr(path, '/');

    json_print(entry_json(st, slash ? slash + 1 : path));
}

/* ---- lines ---- */

static void print_escaped(unsigned char c)
{
    static const char letters[] = "abtnvfr"; /* from 7 on */

    if (c >= 7 && c <= 13)
        printf("\\%c", letters[c - 7]);
    else
        printf("\\%03o", c);
}

void volume_name_print(const char *name)
{
    if (!isatty(STDOUT_FILENO)) {
        fputs(name, stdout);
        return;
    }
    for (const unsigned char *at = (const unsigned char *)name; *at;) {
        size_t n = utf8_character(at);
        bool is_control = *at < 0x20 || *at == 0x7F || (n == 2 && *at == 0xC2 && at[1] < 0xA0);

        if (*at == '\\')
            fputs("\\\\", stdout);
        else if (n && !is_control)
            fwrite(at, 1, n, stdout);
        for (size_t i = 0; (!n || is_control) && i < (n ? n : 1); i++)
            print_escaped(at[i]);
        at += n ? n : 1;
    }
}

static char letter_of(mode_t mode)
{
    return S_ISDIR(mode) ? 'd' : S_ISLNK(mode) ? 'l' : S_ISREG(mode) ? '-' : '?';
}

static void print_line(const struct stat *st, const char *name, const char *target)
{
    struct tm tm;
    char time[32];

    strftime(time, sizeof(time), "%Y-%m-%d %H:%M:%S", localtime_r(&st->st_mtim.tv_sec, &tm));
    printf("%c%04o %12" PRId64 "  %s  ", letter_of(st->st_mode), (unsigned)st->st_mode & 07777,
           (int64_t)st->st_size, time);
    volume_name_print(name);
    if (*target) {
        fputs(" -> ", stdout);
        volume_name_print(target);
    }
    putchar('\n');
}

/* ---- both ---- */

void volume_listing_begin(struct volume_listing *listing, bool is_json)
{
    *listing =
        (struct volume_listing){ .is_json = is_json, .entries = is_json ? json_array() : NULL };
}

void volume_listing_add(struct volume_listing *listing, const struct stat *st, const char *name,
                        const char *target)
{
    if (!listing->is_json) {
        print_line(st, name, target);
        return;
    }
    json_t *entry = entry_json(st, name);

    if (S_ISLNK(st->st_mode))
        json_set_name(entry, "target", target);
    json_array_append_new(listing->entries, entry);
}

void volume_listing_end(struct volume_listing *listing, bool is_right)
{
    if (listing->is_json && is_right)
        json_print(json_incref(listing->entries));
    json_decref(listing->entries);
    listing->entries = NULL;
}
