/* SPDX-License-Identifier: MIT */
/* Microsoft's C functions for files and directories by name, under their symbols; what they do is
 * on the pages of the functions without the prefix. They work through the Windows functions, so
 * that a path means to them what it means to CreateFile. */
#pragma once

#include "fakes/windows/crt/wide.h"

#include "emu/include/vssemu_types.h"

#include <time.h>

/* The errno of a Windows error. Learn: "errno, _doserrno, _sys_errlist, and _sys_nerr". */
int files_errno(DWORD error);

#define FILES_SECURE (-1) /* the sharing of fopen_s */

FILE *w16_fopen(const char *path, const char *mode);
FILE *w16__wfsopen(const wchar_t *path, const wchar_t *mode, int sharing);
FILE *w16__fsopen(const char *path, const char *mode, int sharing);

int w16__wremove(const wchar_t *path);
int w16_remove(const char *path);
int w16__wrename(const wchar_t *from, const wchar_t *to);
int w16_rename(const char *from, const char *to);
int w16__wmkdir(const wchar_t *path);
int w16__mkdir(const char *path);
int w16__wrmdir(const wchar_t *path);
int w16__rmdir(const char *path);
int w16__waccess(const wchar_t *path, int mode);
int w16__access(const char *path, int mode);
int w16__wchmod(const wchar_t *path, int mode);
int w16__chmod(const char *path, int mode);
int w16__wchdir(const wchar_t *path);
int w16__chdir(const char *path);

/* struct _stat64 of include/vssemu/crt_files.h. */
struct files_stat {
    unsigned st_dev;
    unsigned short st_ino, st_mode;
    short st_nlink, st_uid, st_gid;
    unsigned st_rdev;
    int64_t st_size;
    struct timespec access_time, write_time, creation_time;
};
int w16__wstat64(const wchar_t *path, struct files_stat *ret_stat);
int w16__stat64(const char *path, struct files_stat *ret_stat);
