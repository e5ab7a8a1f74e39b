/* SPDX-License-Identifier: MIT */
/* Microsoft's C functions for files by name; implemented in fakes/windows/crt. Low-level
 * descriptors (_open, _read) are in crt_descriptors.h. Learn: "File handling", "Directory
 * control". */
#pragma once

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>

#define _SH_DENYRW 0x10
#define _SH_DENYWR 0x20
#define _SH_DENYRD 0x30
#define _SH_DENYNO 0x40

#define _S_IFMT   0xF000
#define _S_IFDIR  0x4000
#define _S_IFREG  0x8000
#define _S_IREAD  0x0100
#define _S_IWRITE 0x0080
#define _S_IEXEC  0x0040

/* st_atime and so on are macros of <sys/stat.h>, as in its own struct stat. */
struct _stat64 {
    unsigned st_dev;
    unsigned short st_ino, st_mode;
    short st_nlink, st_uid, st_gid;
    unsigned st_rdev;
    int64_t st_size;
    struct timespec st_atim, st_mtim, st_ctim;
};

/* One form serves for all: sizes and times of 64 bits. */
#define _stat       _stat64
#define _stati64    _stat64
#define _stat64i32  _stat64
#define _stat32i64  _stat64
#define _wstat      _wstat64
#define _wstati64   _wstat64
#define _wstat64i32 _wstat64
#define __stat64    _stat64

/* One form of times serves for all, too. */
struct _utimbuf {
    time_t actime, modtime;
};
#define __utimbuf64 _utimbuf
#define _utimbuf64  _utimbuf
#define _utime64    _utime
#define _wutime64   _wutime

#ifdef __cplusplus
extern "C" {
#endif
#define W16_(name) __asm__("w16_" #name)

FILE *_fsopen(const char *path, const char *mode, int sharing) W16_(_fsopen);
FILE *_wfsopen(const wchar_t *path, const wchar_t *mode, int sharing) W16_(_wfsopen);
int _wremove(const wchar_t *path) W16_(_wremove);
int _wunlink(const wchar_t *path) W16_(_wremove);
int _unlink(const char *path) W16_(remove);
int _wrename(const wchar_t *from, const wchar_t *to) W16_(_wrename);
int _wmkdir(const wchar_t *path) W16_(_wmkdir);
int _mkdir(const char *path) W16_(_mkdir);
int _wrmdir(const wchar_t *path) W16_(_wrmdir);
int _rmdir(const char *path) W16_(_rmdir);
int _waccess(const wchar_t *path, int mode) W16_(_waccess);
int _access(const char *path, int mode) W16_(_access);
int _wchmod(const wchar_t *path, int mode) W16_(_wchmod);
int _chmod(const char *path, int mode) W16_(_chmod);
int _wutime(const wchar_t *path, struct _utimbuf *times) W16_(_wutime);
int _utime(const char *path, struct _utimbuf *times) W16_(_utime);
int _wchdir(const wchar_t *path) W16_(_wchdir);
int _chdir(const char *path) W16_(_chdir);
int _wstat64(const wchar_t *path, struct _stat64 *ret_stat) W16_(_wstat64);
int _stat64(const char *path, struct _stat64 *ret_stat) W16_(_stat64);

#undef W16_
static inline errno_t _access_s(const char *path, int mode)
{
    return _access(path, mode) ? errno : 0;
}
static inline errno_t _waccess_s(const wchar_t *path, int mode)
{
    return _waccess(path, mode) ? errno : 0;
}
static inline int _fseeki64(FILE *stream, int64_t offset, int whence)
{
    return fseeko(stream, offset, whence);
}
static inline int64_t _ftelli64(FILE *stream)
{
    return ftello(stream);
}
#ifdef __cplusplus
}
#endif
