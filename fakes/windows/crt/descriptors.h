/* SPDX-License-Identifier: MIT */
/* The functions of include/vssemu/crt_descriptors.h under their symbols. */
#pragma once

#include "fakes/windows/crt/wide.h"

#include <stdint.h>
#include <stdio.h>

int w16__open(const char *path, int flags, ...);
int w16__wopen(const wchar_t *path, int flags, ...);
int w16__sopen(const char *path, int flags, int sharing, ...);
int w16__wsopen(const wchar_t *path, int flags, int sharing, ...);
int w16__sopen_s(int *ret_fd, const char *path, int flags, int sharing, int mode);
int w16__wsopen_s(int *ret_fd, const wchar_t *path, int flags, int sharing, int mode);
int w16__creat(const char *path, int mode);
int w16__wcreat(const wchar_t *path, int mode);
int w16__close(int fd);
int w16__read(int fd, void *buffer, unsigned size);
int w16__write(int fd, const void *buffer, unsigned size);
int64_t w16__lseeki64(int fd, int64_t offset, int whence);
int w16__lseek(int fd, int offset, int whence);
int64_t w16__telli64(int fd);
int64_t w16__filelengthi64(int fd);
int w16__filelength(int fd);
int w16__eof(int fd);
int w16__chsize_s(int fd, int64_t size);
int w16__chsize(int fd, int size);
int w16__commit(int fd);
int w16__dup(int fd);
intptr_t w16__get_osfhandle(int fd);
int w16__open_osfhandle(intptr_t handle, int flags);

struct crt_found {
    unsigned attrib;
    int64_t time_create, time_access, time_write;
    int64_t size;
    char name[260];
};
struct crt_wide_found {
    unsigned attrib;
    int64_t time_create, time_access, time_write;
    int64_t size;
    wchar_t name[260];
};
intptr_t w16__findfirst(const char *pattern, struct crt_found *ret_data);
int w16__findnext(intptr_t search, struct crt_found *ret_data);
intptr_t w16__wfindfirst(const wchar_t *pattern, struct crt_wide_found *ret_data);
int w16__wfindnext(intptr_t search, struct crt_wide_found *ret_data);
int w16__findclose(intptr_t search);
