/* SPDX-License-Identifier: MIT */
/* Microsoft's descriptors and its search by name; implemented in fakes/windows/crt. Descriptors are
 * their own: 0 to 2 are the standard handles, the others have nothing to do with the system's.
 * Learn: "Low-Level I/O", "Filename search functions". */
#pragma once

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>

#define _A_NORMAL 0x00
#define _A_RDONLY 0x01
#define _A_HIDDEN 0x02
#define _A_SYSTEM 0x04
#define _A_SUBDIR 0x10
#define _A_ARCH   0x20

/* One form serves for all: sizes and times of 64 bits. */
struct _finddata_t {
    unsigned attrib;
    int64_t time_create, time_access, time_write;
    int64_t size;
    char name[260];
};
struct _wfinddata_t {
    unsigned attrib;
    int64_t time_create, time_access, time_write;
    int64_t size;
    wchar_t name[260];
};
#define _finddatai64_t    _finddata_t
#define _finddata64_t     _finddata_t
#define _finddata64i32_t  _finddata_t
#define __finddata64_t    _finddata_t
#define _wfinddatai64_t   _wfinddata_t
#define _wfinddata64_t    _wfinddata_t
#define _wfinddata64i32_t _wfinddata_t
#define __wfinddata64_t   _wfinddata_t
#define _findfirsti64     _findfirst
#define _findfirst64      _findfirst
#define _findfirst64i32   _findfirst
#define _findnexti64      _findnext
#define _findnext64       _findnext
#define _findnext64i32    _findnext
#define _wfindfirsti64    _wfindfirst
#define _wfindfirst64     _wfindfirst
#define _wfindfirst64i32  _wfindfirst
#define _wfindnexti64     _wfindnext
#define _wfindnext64      _wfindnext
#define _wfindnext64i32   _wfindnext

#ifdef __cplusplus
extern "C" {
#endif
#define W16_(name) __asm__("w16_" #name)

/* The last parameter is read with _O_CREAT only. */
int _open(const char *path, int flags, ...) W16_(_open);
int _wopen(const wchar_t *path, int flags, ...) W16_(_wopen);
int _sopen(const char *path, int flags, int sharing, ...) W16_(_sopen);
int _wsopen(const wchar_t *path, int flags, int sharing, ...) W16_(_wsopen);
int _sopen_s(int *ret_fd, const char *path, int flags, int sharing, int mode) W16_(_sopen_s);
int _wsopen_s(int *ret_fd, const wchar_t *path, int flags, int sharing, int mode) W16_(_wsopen_s);
int _creat(const char *path, int mode) W16_(_creat);
int _wcreat(const wchar_t *path, int mode) W16_(_wcreat);
int _close(int fd) W16_(_close);
int _read(int fd, void *buffer, unsigned size) W16_(_read);
int _write(int fd, const void *buffer, unsigned size) W16_(_write);
int64_t _lseeki64(int fd, int64_t offset, int whence) W16_(_lseeki64);
int _lseek(int fd, int offset, int whence) W16_(_lseek);
int64_t _telli64(int fd) W16_(_telli64);
int64_t _filelengthi64(int fd) W16_(_filelengthi64);
int _filelength(int fd) W16_(_filelength);
int _eof(int fd) W16_(_eof);
int _chsize_s(int fd, int64_t size) W16_(_chsize_s);
int _chsize(int fd, int size) W16_(_chsize);
int _commit(int fd) W16_(_commit);
int _dup(int fd) W16_(_dup);
intptr_t _get_osfhandle(int fd) W16_(_get_osfhandle);
int _open_osfhandle(intptr_t handle, int flags) W16_(_open_osfhandle);

intptr_t _findfirst(const char *pattern, struct _finddata_t *ret_data) W16_(_findfirst);
int _findnext(intptr_t search, struct _finddata_t *ret_data) W16_(_findnext);
intptr_t _wfindfirst(const wchar_t *pattern, struct _wfinddata_t *ret_data) W16_(_wfindfirst);
int _wfindnext(intptr_t search, struct _wfinddata_t *ret_data) W16_(_wfindnext);
int _findclose(intptr_t search) W16_(_findclose);

#undef W16_
#ifdef __cplusplus
}
#endif
