/* SPDX-License-Identifier: MIT */
#include "fakes/windows/driver/marks.h"
#include "fakes/windows/driver/command.h"

#include "emu/base/cleanup.h"
#include "emu/base/str.h"

#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MARK      "vssemu_link_this_program_with_vssemu_cc_or_vssemu_cxx"
#define AR_HEADER 60 /* bytes; name 16, ..., size 10 at 48, end 2 */

static bool read_whole(const char *path, struct str *text)
{
    FILE *file = fopen(path, "rb");
    char buffer[65536];
    size_t n;

    if (!file)
        return false;
    while ((n = fread(buffer, 1, sizeof(buffer), file)) > 0)
        str_add_bytes(text, buffer, n);
    fclose(file);
    return text->length > 0;
}

static bool contains(const char *bytes, size_t n, const char *text)
{
    return memmem(bytes, n, text, strlen(text)) != NULL;
}

/* Whether these bytes are an object file that a compiler made without a driver. */
static bool is_foreign(const char *bytes, size_t n)
{
    if (n < sizeof(Elf64_Ehdr) || memcmp(bytes, ELFMAG, SELFMAG) != 0 ||
        ((const Elf64_Ehdr *)(const void *)bytes)->e_type != ET_REL)
        return false;
    /* What compilers write into .comment. */
    if (!contains(bytes, n, "GCC: (") && !contains(bytes, n, "clang version"))
        return false;
    return !contains(bytes, n, MARK);
}

static void say_foreign(const char *what)
{
    driver_say("%s was not compiled by vssemu-cc or vssemu-c++: its wchar_t has 32 bits and its "
               "headers are not Windows's. Compile it with the driver (or say --foreign-objects "
               "if it has to do with neither).",
               what);
}

/* Walks an archive; answers false when a member is foreign. Names longer than 15 bytes are "/N": an
 * offset into the member "//". The members of a thin archive are files of their own. */
static bool archive_is_fine(const char *path, const struct str *text)
{
    bool is_thin = str_starts_with(text->text, "!<thin>\n"), all = true;
    const char *long_names = NULL;

    for (size_t at = 8; at + AR_HEADER <= text->length;) {
        const char *header = text->text + at, *name = header;
        size_t size = strtoul(header + 48, NULL, 10), length = strcspn(name, "/ ");
        bool is_table = name[0] == '/' && !(name[1] >= '0' && name[1] <= '9');
        at += AR_HEADER;
        if (name[0] == '/' && name[1] == '/')
            long_names = text->text + at;
        if (!is_table && name[0] == '/' && long_names) {
            name = long_names + strtoul(name + 1, NULL, 10);
            length = strcspn(name, "\n");
            length -= length && name[length - 1] == '/';
        }
        if (!is_table && !is_thin && at + size <= text->length &&
            is_foreign(text->text + at, size)) {
            auto_free char *what = str_printf("%s(%.*s)", path, (int)length, name);
            say_foreign(what);
            all = false;
        }
        if (!is_table && is_thin) {
            const char *slash = name[0] == '/' ? NULL : strrchr(path, '/');
            auto_free char *file = str_printf("%.*s%.*s", slash ? (int)(slash - path + 1) : 0, path,
                                              (int)length, name);
            auto_str struct str member = { 0 };
            if (read_whole(file, &member) && is_foreign(member.text, member.length)) {
                say_foreign(file);
                all = false;
            }
        }
        if (is_table || !is_thin)
            at += size + (size & 1);
    }
    return all;
}

static bool file_is_fine(const char *path)
{
    auto_str struct str text = { 0 };

    if (!read_whole(path, &text))
        return true; /* the linker says it better */
    if (str_starts_with(text.text, "!<arch>\n") || str_starts_with(text.text, "!<thin>\n"))
        return archive_is_fine(path, &text);
    if (!is_foreign(text.text, text.length))
        return true;
    say_foreign(path);
    return false;
}

/* A library that -lname finds in a folder of -L before there is a shared one. The caller frees. */
static char *find_archive(const struct driver_arguments *a, const char *name)
{
    for (size_t i = 0; i < a->link.count; i++) {
        const char *word = a->link.items[i];
        if (!str_starts_with(word, "-L"))
            continue;
        const char *folder = word[2] ? word + 2 : i + 1 < a->link.count ? a->link.items[i + 1] : "";
        auto_free char *shared = str_printf("%s/lib%s.so", folder, name);
        char *archive = str_printf("%s/lib%s.a", folder, name);
        if (access(shared, F_OK) == 0 || str_starts_with(folder, "/usr/")) {
            free(archive);
            return NULL;
        }
        if (access(archive, F_OK) == 0)
            return archive;
        free(archive);
    }
    return NULL;
}

bool marks_are_there(const struct driver_arguments *a)
{
    bool all = true;

    if (a->takes_foreign)
        return true;
    for (size_t i = 0; i < a->link.count; i++) {
        const char *word = a->link.items[i];
        if (str_starts_with(word, "-l") && word[2]) {
            auto_free char *archive = find_archive(a, word + 2);
            all &= !archive || file_is_fine(archive);
        } else if (word[0] != '-' && !str_starts_with(word, "/usr/")) {
            bool is_object = driver_has_suffix(word, ".o") || driver_has_suffix(word, ".obj") ||
                             driver_has_suffix(word, ".a");
            all &= !is_object || file_is_fine(word);
        }
    }
    return all;
}
