/* SPDX-License-Identifier: MIT */
/* What a child gets of its parent's handles. An environment variable tells it, in a list separated
 * by '|' that the child's library takes away before its code can see it:
 *
 *     self=N               its process in the memory of the run (shared/segment.h)
 *     std=A,B,C            values of its standard handles, 0: not handles of the parent's
 *     V=o,ACCESS,KIND,N    an event, semaphore, mutex or process of the run
 *     V=f,ACCESS,FD,INODE,SHARE,FLAGS,BITS,PATH   a file or pipe: a descriptor
 *     V=m,ACCESS,FD,INODE,SIZE,PROTECTION         a section without a file
 *     V=n,WHAT             what cannot be handed down
 *
 * V is the value of the handle. A program of Linux has the descriptors and needs the list not; what
 * it starts may still read it, so the inodes tell whether a descriptor is what was meant. */
#pragma once

#include "emu/base/array.h"
#include "emu/base/str.h"
#include "fakes/windows/file.h"

#define HERITAGE_VARIABLE "VSSEMU_HANDLES"
#define HERITAGE_FIRST_FD 4 /* in the child: 3 is its program */

struct heritage {
    struct str text;
    ARRAY(int) fds;         /* owned; in the child from HERITAGE_FIRST_FD on */
    ARRAY(uint32_t) shared; /* numbers in the run that the child will ask for */
};

/* Which handles. */
struct heritage_wish {
    bool inherits;         /* those that are inheritable; else only streams are told of */
    const HANDLE *streams; /* three, the child's descriptors 0 to 2; NULL: it has the parent's */
    const HANDLE *list;    /* of these alone; NULL: of all */
    size_t n_list;
};

/* ERROR_INVALID_PARAMETER: the list names a handle that is not inheritable. Always to be freed. */
DWORD heritage_collect(const struct heritage_wish *wish, struct heritage *ret);
void heritage_fini(struct heritage *heritage);
/* The place of a descriptor in the child, which now has a duplicate of it; -1: there is none. */
int heritage_add_fd(struct heritage *heritage, int fd);

/* The run that children share objects with: one of this process's own, if it is in none. False:
 * there is none, as for worlds of tests on a virtual clock. Without a lock. */
bool heritage_run(void);

/* ---- files (heritage_file.c) ---- */

/* The host's descriptor of an open file, the file's own; -1: it has none. */
int file_descriptor(const struct file *file);

/* Adds it as what the child's descriptor fd will be; fd -1: as a new one. False: a file that only
 * this process can reach; nothing is added. With the lock of objects held. */
bool heritage_add_file(struct heritage *heritage, HANDLE handle, DWORD access, struct file *file,
                       int fd);
/* The same in the child, from what stands behind "f,ACCESS,"; NULL: it has no such descriptor. */
struct object *heritage_file(const char *text, DWORD access);
/* A descriptor of that inode, which no program started from here gets. */
bool heritage_is_fd(int fd, uint64_t inode);

/* ---- in the child ---- */

/* Takes what the variable says, and the variable out of the environment. Before main(). */
void heritage_take(void);
