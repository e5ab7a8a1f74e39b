/* SPDX-License-Identifier: MIT */
/* From file sets to files, and from one place to another, through the Windows file functions
 * alone: a path with a drive letter or \\?\ is the world's, any other the host's. Paths are UTF-8.
 * Errors are Windows error numbers. */
#pragma once

#include "emu/base/array.h"
#include "emu/doc/component.h"
#include "emu/doc/filespec.h"
#include "fakes/requester/betest_ranges.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct betest_file {
    char *original; /* where it belongs: "C:\docs\a.txt" */
    char *source;   /* where its data is read: on the snapshot, or an alternate place */
    bool is_directory;
    uint64_t write_time; /* FILETIME; of a file that was listed */
    uint64_t size;       /* the same */
    char *ranges;        /* a list of ranges: only these count. NULL: the whole file */
};

struct file_list {
    ARRAY(struct betest_file) files;
    size_t n_links;  /* reparse points, which cannot be followed in a snapshot */
    size_t n_failed; /* directories that could not be listed */
};

/* A volume and where it is read now. */
struct volume_place {
    char *volume; /* "C:\", as GetVolumePathNameW gives it */
    char *device; /* "\\?\GLOBALROOT\...", without a separator at its end */
};
struct volume_places {
    struct volume_place *items;
    size_t count;
    size_t capacity;
};
void volume_places_free(struct volume_places *places);
/* The path on the device if its volume is among the places, else the path itself. Caller frees. */
char *volume_places_translate(const struct volume_places *places, const char *path);

/* Variables replaced, no separator at the end ("C:" for a root). The caller frees. */
char *files_directory(const char *path);

/* The volume's root that a path lies on, "C:\"; NULL and *ret_error when it lies nowhere. */
char *files_volume_of(const char *path, uint32_t *ret_error);

/* Who listens while sets are expanded. */
struct files_listener {
    /* A directory that cannot be listed. */
    void (*failed)(void *arg, const char *path, uint32_t error);
    /* A file named without wildcards that is not there. May be NULL. */
    void (*missing)(void *arg, const char *path);
    void *arg;
};

/* Adds every file of the sets but the excluded ones (NULL: none); of a recursive set the
 * directories as well, because empty ones come back, too. Exclusions are compared with the place a
 * file belongs to. A directory that is not there holds nothing. */
void files_expand(struct file_list *list, const struct filespecs *sets,
                  const struct filespecs *excluded, const struct volume_places *places,
                  const struct files_listener *listener);

/* A path as a key of a text_index: the case of ASCII letters does not count. Caller frees. */
char *files_key(const char *path);
/* Sorts by the place a file belongs to and drops what is there twice. */
void files_sort(struct file_list *list);
void files_free(struct file_list *list);

/* Whether a file belongs to a set: directory, recursion and pattern; a directory: without the
 * pattern. */
bool files_is_in_set(const struct betest_file *file, const struct filespec *set);
/* File sets by their directory, so that the set of a file is found among thousands. Zeroed is
 * empty; the sets stay the caller's. */
struct set_index {
    const struct filespecs *sets;
    struct text_index by_directory; /* to a place in first */
    size_t *first;                  /* set of that directory */
    size_t n_directories;
    size_t *next; /* of each set: the next one of its directory, or SIZE_MAX */
};
void set_index_add(struct set_index *index, const struct filespecs *sets); /* once */
void set_index_free(struct set_index *index);
/* The set that a file belongs to, the innermost directory's first; NULL: none. */
const struct filespec *set_index_find(const struct set_index *index,
                                      const struct betest_file *file);
/* Where the file goes when its set's directory becomes `directory`; the caller frees. */
char *files_rebased(const char *original, const struct filespec *set, const char *directory);

/* Adds what is not there yet; takes the strings. */
void files_add(struct file_list *list, const struct betest_file *file);

/* Copies parts of a file into the same or other parts (to NULL: the same) of another, which is made
 * if it is not there, and whose other bytes stay. Ranges behind the end of the source hold
 * nothing. 0 or the error. */
uint32_t files_copy_ranges(const char *from, const struct ranges *from_ranges, const char *to,
                           const struct ranges *to_ranges, uint64_t *ret_bytes);
/* Size and time of a file; false when it is not there. */
bool files_stat(const char *path, uint64_t *ret_size, uint64_t *ret_write_time);

/* Copies data, times and attributes; makes the directories on the way; replaces what is there.
 * 0 or the error; *ret_bytes gets the size. A copy that fails is deleted if it is new. */
uint32_t files_copy(const char *from, const char *to, uint64_t *ret_bytes);
bool files_exists(const char *path);
/* Whether restore could write it: not there, or it can be opened for writing with nobody else
 * writing it. */
uint32_t files_can_replace(const char *path);
uint32_t files_make_directories(const char *path);
/* Puts a file beside its place and lets the system move it there when it starts next (Learn:
 * "MoveFileExW", MOVEFILE_DELAY_UNTIL_REBOOT). 0 or the error. */
uint32_t files_copy_at_reboot(const char *from, const char *to, uint64_t *ret_bytes);
bool files_is_directory(const char *path);
/* Whether files_write may replace what is there: nothing, or a plain file (or a link to one). A
 * device, a pipe or a directory it would put out of the way. */
bool files_can_be_written(const char *path);
/* Whether a directory is not there or holds nothing. */
bool files_directory_is_empty(const char *path);

/* A whole file; the buffer has a zero behind its end and is the caller's. */
uint32_t files_read(const char *path, char **ret_bytes, size_t *ret_size);
/* Replaces the file only once everything is written, so that an old one is never lost. */
uint32_t files_write(const char *path, const char *bytes, size_t size);
