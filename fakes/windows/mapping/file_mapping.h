/* SPDX-License-Identifier: MIT */
/* Sections: the memory behind CreateFileMapping (Learn: "File Mapping"). The memory is an anonymous
 * file of the host, so that all views of one section are the same bytes. Of a file of the world it
 * is a copy: what a view covers is read when the view is made, and what was changed in it is
 * written when it is flushed or unmapped. */
#pragma once

#include "emu/base/array.h"
#include "fakes/windows/handle.h"
#include "fakes/windows/storage.h"

#define MAPPING_CHUNK 65536 /* also the granularity of a view's offset */

struct file_mapping {
    struct object object;
    DWORD protection; /* PAGE_READONLY, PAGE_READWRITE, PAGE_WRITECOPY */
    int64_t size;
    int memory;                  /* the descriptor of the memory */
    bool has_file;               /* else it is the paging file's */
    struct storage_file storage; /* of its own: the caller may close his handle */
    pthread_mutex_t lock;
    /* What each chunk looked like when it was read or last written; NULL: not read yet. */
    ARRAY(char *) chunks;
};

extern const struct object_class file_mapping_class;

/* A section of that memory, which another process has made; takes the descriptor. Count 1. */
struct object *file_mapping_inherited(int memory, int64_t size, DWORD protection);

/* Reads what is not there yet; writes back what differs. Negative errno. */
int file_mapping_load(struct file_mapping *mapping, int64_t offset, int64_t length);
int file_mapping_flush(struct file_mapping *mapping, int64_t offset, int64_t length);
